/* skeletons/rmi-dynamic-skeleton.h: an object that peers may call, without generated code
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "rmi/rmi-interface-info.h"
#include "skeletons/rmi-invocation.h"

G_BEGIN_DECLS

#define RMI_TYPE_DYNAMIC_SKELETON (rmi_dynamic_skeleton_get_type ())
RMI_AVAILABLE_IN_1_0
G_DECLARE_DERIVABLE_TYPE (RmiDynamicSkeleton, rmi_dynamic_skeleton, RMI, DYNAMIC_SKELETON, GObject)

/**
 * RmiDynamicCallFunc:
 * @self: the called object
 * @method: the method's name, `Reserve`
 * @arguments: a tuple, of the types of the description
 * @objects: (element-type GObject): what the handles in @arguments mean
 * @invocation: to be answered, now or later, by rmi_invocation_return_values() or
 * rmi_invocation_return_error()
 * @user_data: what was given with the function
 *
 * Serves one call.
 *
 * Since: 1.0
 */
typedef void (*RmiDynamicCallFunc) (RmiDynamicSkeleton *self, const char *method, GVariant *arguments, GPtrArray *objects,
                                    RmiInvocation *invocation, gpointer user_data);

/**
 * RmiDynamicSkeletonClass:
 * @call: serves a call; by default the function given to rmi_dynamic_skeleton_new() does
 * @get_value: tells the value of a property; by default the one that was set last
 * @set_value: sets a property, for a peer too; by default keeps the value, and tells it
 * @listen: somebody hears of the object from now on, or nobody does any more
 *
 * What a subclass may do itself.
 *
 * Since: 1.0
 */
struct _RmiDynamicSkeletonClass
{
  GObjectClass parent_class;

  void       (*call)      (RmiDynamicSkeleton *self, const char *method, GVariant *arguments, GPtrArray *objects, RmiInvocation *invocation);
  GVariant  *(*get_value) (RmiDynamicSkeleton *self, const char *property, GPtrArray **objects);
  gboolean   (*set_value) (RmiDynamicSkeleton *self, const char *property, GVariant *value, GPtrArray *objects, GError **error);
  void       (*listen)    (RmiDynamicSkeleton *self, gboolean is_wanted);

  /*< private >*/
  gpointer padding[8];
};

RMI_AVAILABLE_IN_1_0
RmiDynamicSkeleton *rmi_dynamic_skeleton_new           (RmiInterfaceInfo *info, RmiDynamicCallFunc call, gpointer user_data, GDestroyNotify destroy);
/* Another interface; before it is exported. */
RMI_AVAILABLE_IN_1_0
void                rmi_dynamic_skeleton_add_interface (RmiDynamicSkeleton *self, RmiInterfaceInfo *info);
/* What a property is from now on; tells who subscribed. */
RMI_AVAILABLE_IN_1_0
gboolean            rmi_dynamic_skeleton_set_value     (RmiDynamicSkeleton *self, const char *property, GVariant *value, GPtrArray *objects, GError **error);
/* The value of a property. */
RMI_AVAILABLE_IN_1_0
GVariant           *rmi_dynamic_skeleton_get_value     (RmiDynamicSkeleton *self, const char *property, GPtrArray **objects);
/* For subclasses that have the values elsewhere: it is another one now. */
RMI_AVAILABLE_IN_1_0
void                rmi_dynamic_skeleton_tell_value    (RmiDynamicSkeleton *self, const char *property);
/* Any thread: emits a signal of the description to who subscribed. */
RMI_AVAILABLE_IN_1_0
void                rmi_dynamic_skeleton_emit_signal   (RmiDynamicSkeleton *self, const char *signal, GVariant *arguments, GPtrArray *objects);

G_END_DECLS
