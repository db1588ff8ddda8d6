/* rmi/rmi-importer-internal.h: the door to the caller's side
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * All calls come from the owner of the node.
 */
#pragma once

#include <glib-object.h>

#include "rmi/rmi-connection-internal.h"
#include "rmi/rmi-message-internal.h"
#include "rmi/rmi-reader-internal.h"

G_BEGIN_DECLS

#define RMI_TYPE_IMPORTER (rmi_importer_get_type ())
G_DECLARE_INTERFACE (RmiImporter, rmi_importer, RMI, IMPORTER, GObject)

struct _RmiImporterInterface
{
  GTypeInterface parent_iface;

  /* The stub (transfer full) for @path of @connection's peer: the one that is there, or a new one of the most derived known interface of
   * the types in @reference (there may be none) that conforms to @declared. Counts one received. NULL with @error: then the count is
   * released. */
  gpointer  (*import)       (RmiImporter *self, RmiConnection *connection, const char *path, GType declared, const RmiWireReference *reference,
                             GError **error);
  /* "Is this object one of yours?" Its connection and path (borrowed), if so. */
  gboolean  (*describe)     (RmiImporter *self, GObject *object, RmiConnection **connection, const char **path);
  /* One received reference that nobody wants: counted, and released. Runs no user code. */
  void      (*discard)      (RmiImporter *self, RmiConnection *connection, const char *path);
  /* An event of the peer's object. Runs user code. Unknown paths are ignored. */
  void      (*event)        (RmiImporter *self, RmiConnection *connection, const RmiTarget *target, RmiReader *arguments);
  /* The session is over: stubs of implicit ids break; stubs of paths wait. Runs user code. */
  void      (*disconnected) (RmiImporter *self, RmiConnection *connection);
  /* An event of the peer's object at @path was dropped, since there was no room to keep it. Runs no user code. */
  void      (*lost)         (RmiImporter *self, RmiConnection *connection, const char *path);
  /* The connection is there again, or there is room again after events were dropped: stubs subscribe again. */
  void      (*connected)    (RmiImporter *self, RmiConnection *connection);
  /* How many stubs of implicit ids or subscriptions keep this connection from being idle. */
  guint     (*count)        (RmiImporter *self, RmiConnection *connection);
  /* The same as import(), for a reference to what is gone: not counted, and a stub of an implicit id is born broken. */
  gpointer  (*import_void)  (RmiImporter *self, RmiConnection *connection, const char *path, GType declared, const RmiWireReference *reference,
                             GError **error);
  /* What is known of @stub's object: a JSON array of its interfaces, NULL if there is but @declared, and "<node id><path>" where it
   * lives, NULL if that is not known; both (transfer full). */
  void      (*identify)     (RmiImporter *self, GObject *stub, GType declared, char **types, char **owner);
  /* The stream is gone, the session is not: subscriptions are, but nothing breaks. Runs no user code. */
  void      (*suspended)    (RmiImporter *self, RmiConnection *connection);
  /* All of the peer's implicit objects that are held, with the number of references received: (transfer container)
   * path → guint64 *, borrowed until something changes. References received so far are not counted from now on. */
  GHashTable *(*list_held)  (RmiImporter *self, RmiConnection *connection);
  gpointer padding[4];
};

gpointer rmi_importer_import       (RmiImporter *self, RmiConnection *connection, const char *path, GType declared, const RmiWireReference *reference,
                                    GError **error);
gpointer rmi_importer_import_void  (RmiImporter *self, RmiConnection *connection, const char *path, GType declared, const RmiWireReference *reference,
                                    GError **error);
gboolean rmi_importer_describe     (RmiImporter *self, GObject *object, RmiConnection **connection, const char **path);
void     rmi_importer_discard      (RmiImporter *self, RmiConnection *connection, const char *path);
void     rmi_importer_event        (RmiImporter *self, RmiConnection *connection, const RmiTarget *target, RmiReader *arguments);
void     rmi_importer_lost         (RmiImporter *self, RmiConnection *connection, const char *path);
void     rmi_importer_suspended    (RmiImporter *self, RmiConnection *connection);
GHashTable *rmi_importer_list_held (RmiImporter *self, RmiConnection *connection);
void     rmi_importer_disconnected (RmiImporter *self, RmiConnection *connection);
void     rmi_importer_connected    (RmiImporter *self, RmiConnection *connection);
guint    rmi_importer_count        (RmiImporter *self, RmiConnection *connection);
void     rmi_importer_identify     (RmiImporter *self, GObject *stub, GType declared, char **types, char **owner);

G_END_DECLS
