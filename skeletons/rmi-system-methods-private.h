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

G_END_DECLS
