/* node/rmi-node.h: a process's presence: listens, dials, exports, imports
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "rmi/rmi-address.h"
#include "rmi/rmi-types.h"

G_BEGIN_DECLS

#define RMI_TYPE_NODE (rmi_node_get_type ())
RMI_AVAILABLE_IN_1_0
G_DECLARE_FINAL_TYPE (RmiNode, rmi_node, RMI, NODE, GObject)

/* Belongs to the thread-default main context. */
RMI_AVAILABLE_IN_1_0
RmiNode     *rmi_node_new              (void);
/* @uri NULL: a Unix socket of the user, in $XDG_RUNTIME_DIR/rmi/. Returns the real URI (transfer full), port filled in. */
RMI_AVAILABLE_IN_1_0
char        *rmi_node_listen           (RmiNode *self, const char *uri, GCancellable *cancellable, GError **error);
/* Publishes every described interface of @object at @path ("/shop/warehouse"). */
RMI_AVAILABLE_IN_1_0
gboolean     rmi_node_export           (RmiNode *self, const char *path, GObject *object, GError **error);
RMI_AVAILABLE_IN_1_0
gboolean     rmi_node_unexport         (RmiNode *self, const char *path);
/* The same of all its paths, and of those who hold @object. */
RMI_AVAILABLE_IN_1_0
gboolean     rmi_node_unexport_object  (RmiNode *self, GObject *object);
/* The path @object is exported at (named ones first), or NULL. */
RMI_AVAILABLE_IN_1_0
char        *rmi_node_dup_export_path  (RmiNode *self, GObject *object);
/* The object at @uri, as an object of @interface_type (RMI_TYPE_DYNAMIC_STUB: without generated code); a local one if it is exported here. Dials if need be; (transfer full). */
RMI_AVAILABLE_IN_1_0
gpointer     rmi_node_get_object        (RmiNode *self, const char *uri, GType interface_type, GCancellable *cancellable, GError **error);
RMI_AVAILABLE_IN_1_0
void         rmi_node_get_object_async  (RmiNode *self, const char *uri, GType interface_type, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
RMI_AVAILABLE_IN_1_0
gpointer     rmi_node_get_object_finish (RmiNode *self, GAsyncResult *result, GError **error);
/* The URI of a local object or a stub (transfer full), or NULL if nobody could dial it. */
RMI_AVAILABLE_IN_1_0
char        *rmi_node_dup_uri           (RmiNode *self, GObject *object);
/* The connection to the endpoint of @uri (transfer full): the shared one, or a new one which is dialled by the first call. */
RMI_AVAILABLE_IN_1_0
RmiConnection *rmi_node_get_connection  (RmiNode *self, const char *uri, GError **error);
/* The URIs it listens on; NULL-terminated (transfer full). */
RMI_AVAILABLE_IN_1_0
char       **rmi_node_list_endpoints   (RmiNode *self);
RMI_AVAILABLE_IN_1_0
const char  *rmi_node_get_id           (RmiNode *self);
/* Sends what is queued now. */
RMI_AVAILABLE_IN_1_0
void         rmi_node_flush            (RmiNode *self);
/* Stops listening, closes every connection in order, drops every export. */
RMI_AVAILABLE_IN_1_0
void         rmi_node_close            (RmiNode *self);

G_END_DECLS
