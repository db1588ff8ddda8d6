/* skeletons/rmi-system-methods-private.h: what every object answers: `#rpc.…`
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "rmi/rmi-incoming-internal.h"
#include "skeletons/rmi-export-private.h"

G_BEGIN_DECLS

gboolean rmi_system_method_is  (RmiSlice member);
/* Answers @incoming. Runs user code: getters and setters. */
void     rmi_system_method_run (RmiExport *export, RmiIncoming *incoming);
/* The peer reads again: `!rpc.gap` for each subscription that lost events. Runs user code: getters. */
void     rmi_system_method_tell_gaps (RmiConnection *connection);

G_END_DECLS
