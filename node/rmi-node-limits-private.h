/* node/rmi-node-limits-private.h: a node's limits, as its properties
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <gio/gio.h>

#include "rmi/rmi-limits-internal.h"

G_BEGIN_DECLS

/* Two properties for each limit: `limit-frame-bytes` for peers on the network, `local-limit-frame-bytes` for this user's own. */
void rmi_node_limits_install (GObjectClass *klass);
void rmi_node_limits_get     (const RmiLimits *network, const RmiLimits *local, guint property_id, GValue *value);
void rmi_node_limits_set     (RmiLimits *network, RmiLimits *local, guint property_id, const GValue *value);

G_END_DECLS
