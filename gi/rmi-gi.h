/* gi/rmi-gi.h: any introspected GObject as an object that peers may call
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A library of its own, rmi-gi-1.0, for it needs libgirepository. The typelibs must be loaded: g_irepository_require().
 */
#pragma once

#include <rmi-glib/rmi-glib.h>

G_BEGIN_DECLS

#define RMI_TYPE_GI_SKELETON (rmi_gi_skeleton_get_type ())
RMI_AVAILABLE_IN_1_0
G_DECLARE_FINAL_TYPE (RmiGiSkeleton, rmi_gi_skeleton, RMI, GI_SKELETON, RmiDynamicSkeleton)

/* The skeleton of @object, to be exported or passed; an object has one. */
RMI_AVAILABLE_IN_1_0
RmiDynamicSkeleton *rmi_gi_skeleton_new        (GObject *object, GError **error);
RMI_AVAILABLE_IN_1_0
GObject            *rmi_gi_skeleton_get_object (RmiGiSkeleton *self);
/* What peers cannot call of such objects, each with the reason: "sort: compare_func is a callback". */
RMI_AVAILABLE_IN_1_0
char              **rmi_gi_list_left_out       (GType type, GError **error);

G_END_DECLS
