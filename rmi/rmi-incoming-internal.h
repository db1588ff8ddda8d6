/* rmi/rmi-incoming-internal.h: one call or notification received
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Answered exactly once; dropping the last ref unanswered answers INTERNAL. Holds the frame it came in. Belongs to the owner of the node;
 * rmi_incoming_begin_result() … end_result() and return_error() may be called from any thread.
 */
#pragma once

#include "rmi/rmi-message-internal.h"
#include "rmi/rmi-connection-internal.h"
#include "rmi/rmi-reader-internal.h"

G_BEGIN_DECLS

typedef struct _RmiIncoming RmiIncoming;

RmiIncoming     *rmi_incoming_ref             (RmiIncoming *self);
void             rmi_incoming_unref           (RmiIncoming *self);
RmiConnection   *rmi_incoming_get_connection  (RmiIncoming *self);
const RmiTarget *rmi_incoming_get_target      (RmiIncoming *self);
/* Positioned at params. */
RmiReader       *rmi_incoming_get_reader      (RmiIncoming *self);
gboolean         rmi_incoming_is_notification (RmiIncoming *self);
gboolean         rmi_incoming_is_answered     (RmiIncoming *self);
gint64           rmi_incoming_get_deadline    (RmiIncoming *self);   /* monotonic µs */
/* Fires on the caller's cancel, on expiry and on disconnect; carries the call context for nested calls. */
GCancellable    *rmi_incoming_get_cancellable (RmiIncoming *self);
/* The handler returned without an answer: from now on it is asynchronous (deadline timer, notifications take a slot). */
void             rmi_incoming_set_asynchronous (RmiIncoming *self);
/* A writer for the one result value. */
RmiWriter       *rmi_incoming_begin_result    (RmiIncoming *self);
/* The same for the error object, as text. */
RmiWriter       *rmi_incoming_begin_error     (RmiIncoming *self);
/* Sends it; what cannot be encoded is answered with BAD_REPLY. Nothing goes out for notifications. FALSE: it was answered already. */
gboolean         rmi_incoming_end_result      (RmiIncoming *self, RmiWriter *writer);
/* @error borrowed. FALSE: it was answered already. */
gboolean         rmi_incoming_return_error    (RmiIncoming *self, const GError *error);
/* Makes @self the current call of this thread (nested calls inherit its context); pop in reverse order. */
void             rmi_incoming_push_current    (RmiIncoming *self);
void             rmi_incoming_pop_current     (RmiIncoming *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RmiIncoming, rmi_incoming_unref)

G_END_DECLS
