/* skeletons/rmi-skeleton.h: adapts one GObject to calls of one interface
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "rmi/rmi-types.h"

G_BEGIN_DECLS

#define RMI_TYPE_SKELETON (rmi_skeleton_get_type ())
RMI_AVAILABLE_IN_1_0
G_DECLARE_FINAL_TYPE (RmiSkeleton, rmi_skeleton, RMI, SKELETON, GObject)

#ifndef __GI_SCANNER__
/* ---- for generated code: the loop of a forwarded signal ----
 * for (writer = rmi_skeleton_begin_signal (skeleton, &signal); writer != NULL; writer = rmi_skeleton_next_signal (skeleton, writer))
 *   { write the arguments }
 * begin returns NULL if nobody subscribed. Any thread. */
RMI_AVAILABLE_IN_1_0
RmiWriter *rmi_skeleton_begin_signal (RmiSkeleton *self, const RmiSignalEntry *signal);
RMI_AVAILABLE_IN_1_0
RmiWriter *rmi_skeleton_next_signal  (RmiSkeleton *self, RmiWriter *writer);

#endif /* __GI_SCANNER__ */

G_END_DECLS
