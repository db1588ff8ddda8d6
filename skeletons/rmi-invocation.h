/* skeletons/rmi-invocation.h: one incoming call, answered exactly once, now or later
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "rmi/rmi-types.h"

G_BEGIN_DECLS

#define RMI_TYPE_INVOCATION (rmi_invocation_get_type ())
RMI_AVAILABLE_IN_1_0
G_DECLARE_FINAL_TYPE (RmiInvocation, rmi_invocation, RMI, INVOCATION, GObject)

/* The call that this thread is serving, (transfer none), or NULL. */
RMI_AVAILABLE_IN_1_0
RmiInvocation *rmi_invocation_get_current     (void);
/* In a sync implementation: what it returns is ignored, the answer comes later by the generated …_return_… function or by return_error. (transfer full);
 * NULL when called locally, or from no invocation. */
RMI_AVAILABLE_IN_1_0
RmiInvocation *rmi_invocation_defer           (void);
RMI_AVAILABLE_IN_1_0
gpointer       rmi_invocation_get_object      (RmiInvocation *self);     /* (transfer none): the implementation */
RMI_AVAILABLE_IN_1_0
RmiConnection *rmi_invocation_get_connection  (RmiInvocation *self);     /* (transfer none) */
RMI_AVAILABLE_IN_1_0
GCredentials  *rmi_invocation_get_credentials (RmiInvocation *self);     /* (nullable) (transfer none): of the peer */
RMI_AVAILABLE_IN_1_0
GCancellable  *rmi_invocation_get_cancellable (RmiInvocation *self);     /* (transfer none): pass it on to nested calls */
RMI_AVAILABLE_IN_1_0
const char    *rmi_invocation_get_path        (RmiInvocation *self);
RMI_AVAILABLE_IN_1_0
const char    *rmi_invocation_get_method      (RmiInvocation *self);
RMI_AVAILABLE_IN_1_0
const char    *rmi_invocation_get_interface   (RmiInvocation *self);
RMI_AVAILABLE_IN_1_0
gint64         rmi_invocation_get_deadline    (RmiInvocation *self);     /* monotonic µs; G_MAXINT64: none */
/* Of an RmiDynamicSkeleton: @results is a tuple; @objects are what its handles mean. */
RMI_AVAILABLE_IN_1_0
void           rmi_invocation_return_values   (RmiInvocation *self, GVariant *results, GPtrArray *objects);
/* @error: borrowed */
RMI_AVAILABLE_IN_1_0
void           rmi_invocation_return_error    (RmiInvocation *self, const GError *error);

/* ---- for generated code ---- */
#ifndef __GI_SCANNER__

/* After the last argument: FALSE if they did not fit; then the call has been answered. */
RMI_AVAILABLE_IN_1_0
gboolean       rmi_invocation_end_arguments   (RmiInvocation *self, RmiReader *reader);
/* The implementation called rmi_invocation_defer(), or it is answered already: do not answer. */
RMI_AVAILABLE_IN_1_0
gboolean       rmi_invocation_is_taken        (RmiInvocation *self);
/* For the one result value: the value itself, or an object by name, or null. */
RMI_AVAILABLE_IN_1_0
RmiWriter     *rmi_invocation_begin_result    (RmiInvocation *self);
RMI_AVAILABLE_IN_1_0
void           rmi_invocation_end_result      (RmiInvocation *self, RmiWriter *writer);
/* The implementation failed; @error (transfer full) (nullable): without one it is INTERNAL. */
RMI_AVAILABLE_IN_1_0
void           rmi_invocation_take_error      (RmiInvocation *self, GError *error);

#endif /* __GI_SCANNER__ */

G_END_DECLS
