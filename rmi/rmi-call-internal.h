/* rmi/rmi-call-internal.h: making calls
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "rmi/rmi-call.h"
#include "rmi/rmi-connection-internal.h"

G_BEGIN_DECLS

/* A call of `<path>#<interface>.<member>` (@interface nullable) of the peer's object. @timeout_ms: 0 for the default (25 s), G_MAXUINT for none. */
RmiCall *rmi_call_new (RmiConnection *connection,
                       const char    *path,
                       const char    *interface,
                       const char    *member,
                       guint          timeout_ms);
/* The same, but the caller writes the params whole: an object of the arguments by name. */
RmiCall *rmi_call_new_by_name (RmiConnection *connection, const char *path, const char *member, guint timeout_ms);
/* Passes a call of somebody else's on, in the owner: @self (transfer full), made with rmi_call_new_by_name(). What it inherits, and its end
 * when nobody waits any more, come from @cancellable (nullable). @done is called once, possibly at once, and runs no user code. */
void     rmi_call_forward (RmiCall *self, GCancellable *cancellable, gboolean is_oneway, void (*done) (RmiCall *, gpointer), gpointer user_data);
/* In @done: why it failed, or NULL. */
const GError *rmi_call_get_error (RmiCall *self);
/* In @done: whether it is the peer's word, result or error, which the call's reader is at. */
gboolean rmi_call_has_answer (RmiCall *self);
/* A system call, "rpc.hello": the caller writes the params as one array or object. Not for plain peers. */
RmiCall *rmi_call_new_system (RmiConnection *connection, const char *method);

G_END_DECLS
