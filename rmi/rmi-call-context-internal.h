/* rmi/rmi-call-context-internal.h: what a call hands down to the calls it makes
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Deadline, chain and trace. They travel in the GCancellable that a skeleton passes to the implementation; a nested call
 * inherits from the cancellable it is given, else from the call this thread is serving.
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define RMI_CHAIN_LENGTH 11              /* 64 random bits as base64url */

typedef struct
{
  gint64 deadline_us;                    /* monotonic; G_MAXINT64: none */
  char   chain[RMI_CHAIN_LENGTH + 1];    /* "": no caller upstream blocks */
  guint  depth;                          /* of the chain: 1 for the first call */
  char  *trace;                          /* traceparent (W3C Trace Context), or NULL */
} RmiCallContext;

#define RMI_CALL_CONTEXT_INIT { G_MAXINT64, "", 0, NULL }

void rmi_call_context_clear (RmiCallContext *self);

#define RMI_TYPE_CALL_CANCELLABLE (rmi_call_cancellable_get_type ())
G_DECLARE_FINAL_TYPE (RmiCallCancellable, rmi_call_cancellable, RMI, CALL_CANCELLABLE, GCancellable)

RmiCallCancellable   *rmi_call_cancellable_new         (void);
/* Written before the cancellable is shown to user code, read-only after: so any thread may read it. */
RmiCallContext       *rmi_call_cancellable_get_context (RmiCallCancellable *self);
/* What a call made now with @cancellable (nullable) inherits, or NULL. */
const RmiCallContext *rmi_call_context_find            (GCancellable *cancellable);

/* The cancellable of the call that this thread is serving, or NULL. Returns the one before, to be set again after. */
GCancellable         *rmi_call_context_set_current     (GCancellable *cancellable);
GCancellable         *rmi_call_context_get_current     (void);

G_END_DECLS
