/* skeletons/rmi-invocation-private.h: an invocation, as the exporter sees it
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "rmi/rmi-incoming-internal.h"
#include "rmi/rmi-interface-entry.h"
#include "skeletons/rmi-invocation.h"

G_BEGIN_DECLS

/* Calls @method of @object and sees that @incoming is answered, now or later. @spare is an invocation for reuse, or NULL, before
 * and after. Runs user code. */
void rmi_invocation_run (RmiInvocation **spare, RmiIncoming *incoming, GObject *object, const RmiMethodEntry *method);

/* What is called. */
const RmiMethodEntry *rmi_invocation_get_entry (RmiInvocation *self);

G_END_DECLS
