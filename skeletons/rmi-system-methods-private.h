/* skeletons/rmi-system-methods-private.h: what every object answers: `#rpc.…`
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "rmi/rmi-incoming-internal.h"
#include "skeletons/rmi-export-private.h"

G_BEGIN_DECLS

gboolean rmi_system_method_is  (RmiSlice member);
/* It is about what a peer has of an export, not about the object. */
gboolean rmi_system_method_is_of_hold (RmiSlice member);
/* Answers @incoming. Runs user code: getters and setters. */
void     rmi_system_method_run (RmiExport *export, RmiIncoming *incoming);
/* @connection's peer hears of @export's events at @path, and of its values first. Runs user code: getters. */
void     rmi_system_method_subscribe (RmiExport *export, RmiConnection *connection, const char *path);
/* `!rpc.gap` for each of @gaps (transfer full) whose peer reads. Runs user code: getters. */
void     rmi_system_method_tell_gaps (GArray *gaps);
/* The same for all of @export, but not now: who emits may hold locks that getters take. */
void     rmi_system_method_tell_gaps_soon (RmiExport *export);

G_END_DECLS
