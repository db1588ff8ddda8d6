/* skeletons/rmi-object-exporter-internal.h: what this node's peers may call
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Implements RmiExporter: paths and ids → objects and their skeletons, and who holds what. One a node.
 */
#pragma once

#include "rmi/rmi-exporter-internal.h"

G_BEGIN_DECLS

#define RMI_TYPE_OBJECT_EXPORTER (rmi_object_exporter_get_type ())
G_DECLARE_FINAL_TYPE (RmiObjectExporter, rmi_object_exporter, RMI, OBJECT_EXPORTER, GObject)

RmiObjectExporter *rmi_object_exporter_new       (RmiPoller *poller);
/* Publishes every described interface of @object at @path, until unexported. RMI_ERROR_INVALID_ARGUMENTS: bad path (implicit or /rpc), path taken, or no described interface. */
gboolean           rmi_object_exporter_export    (RmiObjectExporter *self, const char *path, GObject *object, GError **error);
/* FALSE if nothing is there. Later calls get NO_SUCH_OBJECT. */
gboolean           rmi_object_exporter_unexport  (RmiObjectExporter *self, const char *path);
/* All of @object's paths, its id and whoever holds it, who is told. FALSE if it is not exported. */
gboolean           rmi_object_exporter_unexport_object (RmiObjectExporter *self, GObject *object);
/* A path of @object's, named ones first; NULL if not exported. */
const char        *rmi_object_exporter_get_path  (RmiObjectExporter *self, GObject *object);
/* Takes @object back from all paths and all peers, which are told; later calls get NO_SUCH_OBJECT. FALSE if it is not exported. */
gboolean           rmi_object_exporter_unexport_object (RmiObjectExporter *self, GObject *object);
/* An event of @object's for its subscribers, and the next of them; NULL after the last. See rmi-emission-private.h. */
RmiWriter         *rmi_object_exporter_begin_emission (RmiObjectExporter *self, GObject *object, const char *interface, const char *member,
                                                       gboolean has_references);
RmiWriter         *rmi_object_exporter_next_emission  (RmiWriter *writer);
/* The event @member for one subscriber, which tells the values of @object's properties; it misses nothing that is emitted after. NULL if it
 * is not subscribed. */
RmiWriter         *rmi_object_exporter_begin_values   (RmiObjectExporter *self, GObject *object, RmiConnection *connection, const char *path,
                                                       const char *member);
/* FALSE: it was not queued, so there is a gap now. */
gboolean           rmi_object_exporter_end_values     (RmiObjectExporter *self, GObject *object, RmiConnection *connection, const char *path,
                                                       RmiWriter *writer);
void               rmi_object_exporter_unsubscribe    (RmiObjectExporter *self, GObject *object, RmiConnection *connection, const char *path);
GObject           *rmi_object_exporter_find      (RmiObjectExporter *self, const char *path);
void               rmi_object_exporter_close     (RmiObjectExporter *self);
/* Signal `unreferenced` (GObject *object): the last peer that held it let go. */

G_END_DECLS
