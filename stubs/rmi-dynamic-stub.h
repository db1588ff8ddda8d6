/* stubs/rmi-dynamic-stub.h: an object of another process, without generated code
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "stubs/rmi-stub.h"

G_BEGIN_DECLS

#define RMI_TYPE_DYNAMIC_STUB (rmi_dynamic_stub_get_type ())
RMI_AVAILABLE_IN_1_0
G_DECLARE_FINAL_TYPE (RmiDynamicStub, rmi_dynamic_stub, RMI, DYNAMIC_STUB, RmiStub)

/* Signals `rmi-signal::Member` (const char *member, GVariant *arguments, GPtrArray *objects): the remote object emitted a signal, and
 * `rmi-value-changed::Property` (const char *property): a property has another value. */

/* What the object can do: (element-type RmiInterfaceInfo) (transfer container). It is asked once. */
RMI_AVAILABLE_IN_1_0
GPtrArray *rmi_dynamic_stub_introspect        (RmiDynamicStub *self, GCancellable *cancellable, GError **error);
RMI_AVAILABLE_IN_1_0
void       rmi_dynamic_stub_introspect_async  (RmiDynamicStub *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
RMI_AVAILABLE_IN_1_0
GPtrArray *rmi_dynamic_stub_introspect_finish (RmiDynamicStub *self, GAsyncResult *result, GError **error);

/* A reference is a handle ('h'): the index of its object in @objects, both ways. */
RMI_AVAILABLE_IN_1_0
GVariant  *rmi_dynamic_stub_call              (RmiDynamicStub *self, const char *method, GVariant *arguments, GPtrArray *objects, GPtrArray **out_objects,
                                               GCancellable *cancellable, GError **error);
RMI_AVAILABLE_IN_1_0
void       rmi_dynamic_stub_call_async        (RmiDynamicStub *self, const char *method, GVariant *arguments, GPtrArray *objects,
                                               GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
RMI_AVAILABLE_IN_1_0
GVariant  *rmi_dynamic_stub_call_finish       (RmiDynamicStub *self, GAsyncResult *result, GPtrArray **out_objects, GError **error);

/* The value that the object told last, without I/O; NULL if it told none yet. */
RMI_AVAILABLE_IN_1_0
GVariant  *rmi_dynamic_stub_get_cached_value  (RmiDynamicStub *self, const char *property, GPtrArray **objects);
/* Asks the object itself. */
RMI_AVAILABLE_IN_1_0
GVariant  *rmi_dynamic_stub_get_value         (RmiDynamicStub *self, const char *property, GPtrArray **objects, GCancellable *cancellable, GError **error);
RMI_AVAILABLE_IN_1_0
void       rmi_dynamic_stub_get_value_async   (RmiDynamicStub *self, const char *property, GCancellable *cancellable, GAsyncReadyCallback callback,
                                               gpointer user_data);
RMI_AVAILABLE_IN_1_0
GVariant  *rmi_dynamic_stub_get_value_finish  (RmiDynamicStub *self, GAsyncResult *result, GPtrArray **objects, GError **error);
RMI_AVAILABLE_IN_1_0
gboolean   rmi_dynamic_stub_set_value         (RmiDynamicStub *self, const char *property, GVariant *value, GPtrArray *objects, GCancellable *cancellable,
                                               GError **error);
RMI_AVAILABLE_IN_1_0
void       rmi_dynamic_stub_set_value_async   (RmiDynamicStub *self, const char *property, GVariant *value, GPtrArray *objects, GCancellable *cancellable,
                                               GAsyncReadyCallback callback, gpointer user_data);
RMI_AVAILABLE_IN_1_0
gboolean   rmi_dynamic_stub_set_value_finish  (RmiDynamicStub *self, GAsyncResult *result, GError **error);

G_END_DECLS
