/* skeletons/rmi-skeleton-private.h: a skeleton, as its export sees it
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "rmi/rmi-reader-internal.h"
#include "skeletons/rmi-export-private.h"
#include "skeletons/rmi-skeleton.h"

G_BEGIN_DECLS

/* @entry lives as long as the object. */
RmiSkeleton             *rmi_skeleton_new                (RmiExport *export, const RmiInterfaceEntry *entry);
/* The export is gone. */
void                     rmi_skeleton_drop               (RmiSkeleton *self);
const RmiInterfaceEntry *rmi_skeleton_get_entry          (RmiSkeleton *self);
/* Somebody subscribed to the object; nobody does any more. */
void                     rmi_skeleton_listen             (RmiSkeleton *self, gboolean is_wanted);

/* NULL once it was dropped. */
GObject                 *rmi_skeleton_get_object         (RmiSkeleton *self);

/* ---- properties; not of one that was dropped ---- */

/* The object may lack what its interface has. */
gboolean                 rmi_skeleton_is_readable        (RmiSkeleton *self, const RmiPropertyEntry *property);
gboolean                 rmi_skeleton_is_writable        (RmiSkeleton *self, const RmiPropertyEntry *property);
/* Writes the property's value now. Runs user code. */
void                     rmi_skeleton_write_value        (RmiSkeleton *self, const RmiPropertyEntry *property, RmiWriter *writer);
/* The same as the member `<name>` or `<interface>.<name>`. */
void                     rmi_skeleton_write_property     (RmiSkeleton *self, const RmiPropertyEntry *property, gboolean is_qualified, RmiWriter *writer);
/* Reads the last argument of a call, the value, and sets it. Runs user code. */
gboolean                 rmi_skeleton_set_value          (RmiSkeleton *self, const RmiPropertyEntry *property, RmiReader *reader, GError **error);

G_END_DECLS
