/* rmi/rmi-call.h: one outgoing call, from its first argument to its last result
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * For generated code and dynamic callers. Made by rmi_stub_begin_call(); freed by rmi_call_free(), by rmi_call_start() and
 * rmi_call_send(), which take it.
 */
#pragma once

#include "rmi/rmi-types.h"

G_BEGIN_DECLS

/* The arguments go here, one value each. */
RMI_AVAILABLE_IN_1_0
RmiWriter *rmi_call_get_writer (RmiCall *self);
/* Blocks until the answer is there; any thread. The result to read from, owned by the call, or NULL with @error. */
RMI_AVAILABLE_IN_1_0
RmiReader *rmi_call_run        (RmiCall *self, GCancellable *cancellable, GError **error);
/* Sends it (transfer full) and completes a GTask of @source_object in the caller's thread-default context. */
RMI_AVAILABLE_IN_1_0
void       rmi_call_start      (RmiCall *self, gpointer source_object, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
/* The call back (transfer full), answered; or NULL with @error. */
RMI_AVAILABLE_IN_1_0
RmiCall   *rmi_call_finish     (gpointer source_object, GAsyncResult *result, GError **error);
RMI_AVAILABLE_IN_1_0
RmiReader *rmi_call_get_reader (RmiCall *self);
/* Where the result is read from once before, for nothing but to see whether it fits; NULL if that is of no use. */
RMI_AVAILABLE_IN_1_0
RmiReader *rmi_call_begin_check (RmiCall *self);
RMI_AVAILABLE_IN_1_0
void       rmi_call_end_check  (RmiCall *self);
/* After reading the result: FALSE with RMI_ERROR_BAD_REPLY if it did not fit. */
RMI_AVAILABLE_IN_1_0
gboolean   rmi_call_end        (RmiCall *self, GError **error);
/* Sends it as a notification (transfer full): nothing comes back. */
RMI_AVAILABLE_IN_1_0
gboolean   rmi_call_send       (RmiCall *self, GError **error);
RMI_AVAILABLE_IN_1_0
void       rmi_call_free       (RmiCall *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RmiCall, rmi_call_free)

G_END_DECLS
