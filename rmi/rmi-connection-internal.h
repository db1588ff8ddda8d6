/* rmi/rmi-connection-internal.h: what stubs, skeletons and the node ask of a connection
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Routes and changes state, nothing else. Symmetric. Belongs to the owner of the node.
 */
#pragma once

#include "rmi/rmi-address-internal.h"
#include "rmi/rmi-connection.h"
#include "rmi/rmi-limits-internal.h"
#include "rmi/rmi-poller-internal.h"
#include "rmi/rmi-reference-codec-internal.h"
#include "rmi/rmi-slice-internal.h"

G_BEGIN_DECLS

typedef struct _RmiRuntime RmiRuntime;

/* For the node. */
RmiConnection *rmi_connection_new_accepted  (RmiRuntime *runtime, GSocket *socket);
RmiConnection *rmi_connection_new_dialled   (RmiRuntime *runtime, RmiEndpoint *endpoint /* transfer full */);
/* Once it is closed for good, and no session left: @ended. Accepted connections only. */
void           rmi_connection_set_ended_func (RmiConnection *self, void (*ended) (RmiConnection *self, gpointer data), gpointer data);
/* Something may go on, with another stream. */
gboolean       rmi_connection_has_session   (RmiConnection *self);
/* Closes for good: rpc.close, then the stream's end; pending calls fail. */
void           rmi_connection_shut_down     (RmiConnection *self);

/* There is a stream, and it may be spoken on. */
gboolean     rmi_connection_is_ready      (RmiConnection *self);
/* The peer is plain JSON-RPC (it never said hello), so it gets no meta, no rpc.*. */
gboolean     rmi_connection_is_plain      (RmiConnection *self);
RmiPoller   *rmi_connection_get_poller    (RmiConnection *self);
RmiRuntime  *rmi_connection_get_runtime   (RmiConnection *self);
/* The peer is on this machine, as the kernel says. */
gboolean     rmi_connection_is_on_this_machine (RmiConnection *self);
/* What the peer calls itself; NULL if it did not say. */
const char  *rmi_connection_get_peer_node (RmiConnection *self);
const RmiLimits *rmi_connection_get_limits (RmiConnection *self);
/* The peer gave up the reference @path received @count times: rpc.release, batched until the turn ends. Nothing to plain peers. */
void         rmi_connection_release       (RmiConnection *self, const char *path, guint64 count);
/* The peer's objects at @paths are to send their events: rpc.subscribe, in as few messages as it takes. */
void         rmi_connection_subscribe     (RmiConnection *self, GPtrArray *paths);
/* FALSE while the peer does not read and so much waits for it that an event more could cost the connection. */
gboolean     rmi_connection_takes_events  (RmiConnection *self);
/* Event `<path>!<member>` to this peer: arguments are written as values of the params array, then end
 * sends it, or returns FALSE: the event is lost, for it cannot be told or is more than the peer takes. @path of our object;
 * @interface nullable (qualifies). Without references in it, it may be sent to other connections too, with
 * rmi_connection_send_event_copy(), before it is ended. */
RmiWriter   *rmi_connection_begin_event   (RmiConnection *self, const char *path, const char *interface, const char *member);
gboolean     rmi_connection_end_event     (RmiConnection *self, RmiWriter *writer);
/* Sends a copy of @writer's message to @self, or returns FALSE as end does; call before the
 * rmi_connection_end_event() of its owner. */
gboolean     rmi_connection_send_event_copy (RmiConnection *self, RmiWriter *writer);
/* A notification `<path>#<member>` or "rpc.…" (path NULL) to the peer. */
RmiWriter   *rmi_connection_begin_notification (RmiConnection *self, const char *path, const char *member);
void         rmi_connection_end_notification   (RmiConnection *self, RmiWriter *writer);
/* For the hot tables of upper rooms. */
gpointer     rmi_connection_get_import_data (RmiConnection *self);
void         rmi_connection_set_import_data (RmiConnection *self, gpointer data, GDestroyNotify destroy);
gpointer     rmi_connection_get_export_data (RmiConnection *self);
void         rmi_connection_set_export_data (RmiConnection *self, gpointer data, GDestroyNotify destroy);

G_END_DECLS
