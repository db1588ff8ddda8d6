/* rmi/rmi-exporter-internal.h: the door to the object's side
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A connection knows objects only through this. All calls come from the owner of the node.
 */
#pragma once

#include <glib-object.h>

#include "rmi/rmi-incoming-internal.h"

G_BEGIN_DECLS

#define RMI_TYPE_EXPORTER (rmi_exporter_get_type ())
G_DECLARE_INTERFACE (RmiExporter, rmi_exporter, RMI, EXPORTER, GObject)

struct _RmiExporterInterface
{
  GTypeInterface parent_iface;

  /* Takes a call or notification to an object: finds it, calls it, sees that it is answered. Runs user code. */
  void        (*dispatch)    (RmiExporter *self, RmiIncoming *incoming);
  /* The path under which @connection's peer may call @object, exported implicitly if need be, its count for that peer one higher
   * (implicit ones only; named paths are not counted). @types: (out) (nullable) (transfer full) a JSON array of interface names,
   * if they differ from just @declared. NULL with @error if the object has no described interface or does not conform to @declared. */
  const char *(*hold)        (RmiExporter *self, RmiConnection *connection, GObject *object, GType declared, char **types, GError **error);
  /* Takes @count back (rpc.release, or a message not sent). Drops the object when nobody holds it. More than held is clamped. */
  void        (*release)     (RmiExporter *self, RmiConnection *connection, const char *path, guint64 count);
  /* The object at @path that @connection may name (borrowed), or NULL. An implicit one only if it was sent to that peer; without a
   * @connection any one: to know the id is enough. */
  GObject    *(*find)        (RmiExporter *self, RmiConnection *connection, const char *path);
  /* The stream is gone, the session may stay: subscriptions go. What was sent over it is stale until the peer says that it holds
   * it. Runs no user code. */
  void        (*suspended)   (RmiExporter *self, RmiConnection *connection);
  /* Of what is stale at @path, the peer holds @count references. */
  void        (*held)        (RmiExporter *self, RmiConnection *connection, const char *path, guint64 count);
  /* What is stale is dropped: the peer said all that it holds, or is gone. Runs user code. */
  void        (*disconnected) (RmiExporter *self, RmiConnection *connection);
  /* @connection's peer reads again: it is told which events it lost. Runs user code. */
  void        (*drained)     (RmiExporter *self, RmiConnection *connection);
  /* "This node exports something": others may call it back. */
  gboolean    (*is_exporting) (RmiExporter *self);
  /* How many references @connection's peer holds, and subscriptions: while there are any, the connection is not idle. */
  guint       (*count)       (RmiExporter *self, RmiConnection *connection);
  /* Events of the object at @path go to @connection's peer from now on; one that tells its properties is the first. Nothing if
   * it may not name such an object. Runs user code: getters. */
  void        (*subscribe)   (RmiExporter *self, RmiConnection *connection, const char *path);
  gpointer padding[5];
};

void        rmi_exporter_dispatch     (RmiExporter *self, RmiIncoming *incoming);
const char *rmi_exporter_hold         (RmiExporter *self, RmiConnection *connection, GObject *object, GType declared, char **types, GError **error);
void        rmi_exporter_release      (RmiExporter *self, RmiConnection *connection, const char *path, guint64 count);
GObject    *rmi_exporter_find         (RmiExporter *self, RmiConnection *connection, const char *path);
void        rmi_exporter_suspended    (RmiExporter *self, RmiConnection *connection);
void        rmi_exporter_held         (RmiExporter *self, RmiConnection *connection, const char *path, guint64 count);
void        rmi_exporter_disconnected (RmiExporter *self, RmiConnection *connection);
void        rmi_exporter_drained      (RmiExporter *self, RmiConnection *connection);
void        rmi_exporter_subscribe    (RmiExporter *self, RmiConnection *connection, const char *path);
gboolean    rmi_exporter_is_exporting (RmiExporter *self);
guint       rmi_exporter_count        (RmiExporter *self, RmiConnection *connection);

G_END_DECLS
