/* skeletons/rmi-skeleton-private.h: a skeleton, as its export sees it
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "skeletons/rmi-export-private.h"
#include "skeletons/rmi-skeleton.h"

G_BEGIN_DECLS

RmiSkeleton             *rmi_skeleton_new                (RmiExport *export, GType interface_type);
/* The export is gone. */
void                     rmi_skeleton_drop               (RmiSkeleton *self);
const RmiInterfaceEntry *rmi_skeleton_get_entry          (RmiSkeleton *self);
GType                    rmi_skeleton_get_interface_type (RmiSkeleton *self);
/* Somebody subscribed to the object; nobody does any more. */
void                     rmi_skeleton_listen             (RmiSkeleton *self, gboolean is_wanted);

/* Writes the member `<name>` or `<interface>.<name>` with the property's value now. Runs user code. */
void                     rmi_skeleton_write_property     (RmiSkeleton *self, const RmiPropertyEntry *property, gboolean is_qualified, RmiWriter *writer);
GParamSpec              *rmi_skeleton_find_pspec         (RmiSkeleton *self, const RmiPropertyEntry *property);

G_END_DECLS
