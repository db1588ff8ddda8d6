/* rmi/rmi-pending-table-private.h: calls sent and not yet answered
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Keyed by our own serials, so nobody can choose collisions. Links through RmiCall.next: no allocation per call.
 */
#pragma once

#include "rmi/rmi-call-private.h"

G_BEGIN_DECLS

typedef struct
{
  RmiCall **buckets;
  guint     n_buckets;        /* a power of two, or 0 */
  guint     n_calls;
} RmiPendingTable;

void     rmi_pending_table_clear  (RmiPendingTable *self);
void     rmi_pending_table_add    (RmiPendingTable *self, RmiCall *call);
RmiCall *rmi_pending_table_lookup (RmiPendingTable *self, gint64 serial);
gboolean rmi_pending_table_remove (RmiPendingTable *self, RmiCall *call);
/* What is pending now, in rising order; (transfer full). To be looked up one by one: answering a call
 * runs user code, which may end others. */
GArray  *rmi_pending_table_list_serials (RmiPendingTable *self);

G_END_DECLS
