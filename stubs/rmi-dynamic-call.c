/* stubs/rmi-dynamic-call.c: calls without generated code
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "config.h"
#include "stubs/rmi-dynamic-stub-private.h"

static gboolean
check_arguments (GVariant *arguments)
{
  return arguments == NULL || g_variant_is_of_type (arguments, G_VARIANT_TYPE_TUPLE);
}

/* Gives away what came with the result. */
static GVariant *
give (GVariant   *result,
      RmiAccess  *access,
      GPtrArray **out_objects)
{
  if (result != NULL && out_objects != NULL)
    *out_objects = g_ptr_array_ref (access->out_objects);
  return result;
}

/**
 * rmi_dynamic_stub_call:
 * @self: a stub
 * @method: the method's name, with or without its interface in front: `Reserve`
 * @arguments: (nullable): a tuple of the arguments; floating ones are consumed
 * @objects: (nullable) (element-type GObject): what the handles in @arguments mean
 * @out_objects: (out) (optional) (transfer container) (element-type GObject): what the handles in the
 * result mean
 * @cancellable: (nullable): to give up
 * @error: return location for an error
 *
 * Calls a method by its description. Blocks. A struct or an object by value is `a{sv}`, an enum
 * `s`, flags `as`, JSON `s`; a reference is `h`, the index of its object: a stub, or an object of
 * this process. Objects of other processes arrive as #RmiDynamicStub.
 *
 * Returns: (transfer full): a tuple of the results, or %NULL with %RMI_ERROR_NO_SUCH_METHOD,
 * %RMI_ERROR_INVALID_ARGUMENTS, or what calls fail with
 *
 * Since: 1.0
 */
GVariant *
rmi_dynamic_stub_call (RmiDynamicStub  *self,
                       const char      *method,
                       GVariant        *arguments,
                       GPtrArray       *objects,
                       GPtrArray      **out_objects,
                       GCancellable    *cancellable,
                       GError         **error)
{
  g_autoptr(RmiAccess) access = NULL;

  g_return_val_if_fail (RMI_IS_DYNAMIC_STUB (self), NULL);
  g_return_val_if_fail (method != NULL && check_arguments (arguments), NULL);

  access = rmi_access_new (RMI_ACCESS_CALL, method, arguments, objects);
  return give (rmi_access_run (access, self, cancellable, error), access, out_objects);
}

/**
 * rmi_dynamic_stub_call_async:
 * @self: a stub
 * @method: the method's name, with or without its interface in front: `Reserve`
 * @arguments: (nullable): a tuple of the arguments; floating ones are consumed
 * @objects: (nullable) (element-type GObject): what the handles in @arguments mean; not to be
 * changed until it is over
 * @cancellable: (nullable): to give up
 * @callback: called in the thread-default main context
 * @user_data: for @callback
 *
 * Starts what rmi_dynamic_stub_call() does.
 *
 * Since: 1.0
 */
void
rmi_dynamic_stub_call_async (RmiDynamicStub      *self,
                             const char          *method,
                             GVariant            *arguments,
                             GPtrArray           *objects,
                             GCancellable        *cancellable,
                             GAsyncReadyCallback  callback,
                             gpointer             user_data)
{
  g_return_if_fail (RMI_IS_DYNAMIC_STUB (self));
  g_return_if_fail (method != NULL && check_arguments (arguments));

  rmi_access_start (rmi_access_new (RMI_ACCESS_CALL, method, arguments, objects), self, rmi_dynamic_stub_call_async,
                    cancellable, callback, user_data);
}

/**
 * rmi_dynamic_stub_call_finish:
 * @self: a stub
 * @result: what the callback got
 * @out_objects: (out) (optional) (transfer container) (element-type GObject): what the handles in the
 * result mean
 * @error: return location for an error
 *
 * Returns: (transfer full): a tuple of the results, or %NULL with what rmi_dynamic_stub_call()
 * fails with
 *
 * Since: 1.0
 */
GVariant *
rmi_dynamic_stub_call_finish (RmiDynamicStub  *self,
                              GAsyncResult    *result,
                              GPtrArray      **out_objects,
                              GError         **error)
{
  RmiAccess *access;
  GVariant *value;

  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  value = rmi_access_finish (self, result, &access, error);
  return give (value, access, out_objects);
}

/* ---- properties ---- */

/**
 * rmi_dynamic_stub_get_value:
 * @self: a stub
 * @property: the property's name, with or without its interface in front: `Capacity`
 * @objects: (out) (optional) (transfer container) (element-type GObject): what the handles in the value
 * mean
 * @cancellable: (nullable): to give up
 * @error: return location for an error
 *
 * Asks the object itself, not the stub's cache. Blocks.
 *
 * Returns: (transfer full): the value, or %NULL with %RMI_ERROR_NO_SUCH_METHOD,
 * %RMI_ERROR_ACCESS_DENIED, or what calls fail with
 *
 * Since: 1.0
 */
GVariant *
rmi_dynamic_stub_get_value (RmiDynamicStub  *self,
                            const char      *property,
                            GPtrArray      **objects,
                            GCancellable    *cancellable,
                            GError         **error)
{
  g_autoptr(RmiAccess) access = NULL;

  g_return_val_if_fail (RMI_IS_DYNAMIC_STUB (self), NULL);
  g_return_val_if_fail (property != NULL, NULL);

  access = rmi_access_new (RMI_ACCESS_GET, property, NULL, NULL);
  return give (rmi_access_run (access, self, cancellable, error), access, objects);
}

/**
 * rmi_dynamic_stub_get_value_async:
 * @self: a stub
 * @property: the property's name, with or without its interface in front: `Capacity`
 * @cancellable: (nullable): to give up
 * @callback: called in the thread-default main context
 * @user_data: for @callback
 *
 * Starts what rmi_dynamic_stub_get_value() does.
 *
 * Since: 1.0
 */
void
rmi_dynamic_stub_get_value_async (RmiDynamicStub      *self,
                                  const char          *property,
                                  GCancellable        *cancellable,
                                  GAsyncReadyCallback  callback,
                                  gpointer             user_data)
{
  g_return_if_fail (RMI_IS_DYNAMIC_STUB (self));
  g_return_if_fail (property != NULL);

  rmi_access_start (rmi_access_new (RMI_ACCESS_GET, property, NULL, NULL), self, rmi_dynamic_stub_get_value_async,
                    cancellable, callback, user_data);
}

/**
 * rmi_dynamic_stub_get_value_finish:
 * @self: a stub
 * @result: what the callback got
 * @objects: (out) (optional) (transfer container) (element-type GObject): what the handles in the value
 * mean
 * @error: return location for an error
 *
 * Returns: (transfer full): the value, or %NULL with what rmi_dynamic_stub_get_value() fails with
 *
 * Since: 1.0
 */
GVariant *
rmi_dynamic_stub_get_value_finish (RmiDynamicStub  *self,
                                   GAsyncResult    *result,
                                   GPtrArray      **objects,
                                   GError         **error)
{
  RmiAccess *access;
  GVariant *value;

  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  value = rmi_access_finish (self, result, &access, error);
  return give (value, access, objects);
}

/**
 * rmi_dynamic_stub_set_value:
 * @self: a stub
 * @property: the property's name, with or without its interface in front: `Capacity`
 * @value: what to set; a floating one is consumed
 * @objects: (nullable) (element-type GObject): what the handles in @value mean
 * @cancellable: (nullable): to give up
 * @error: return location for an error
 *
 * Sets a property, and says whether it worked. Blocks. The cache changes when the object tells of
 * the change.
 *
 * Returns: %FALSE with %RMI_ERROR_NO_SUCH_METHOD, %RMI_ERROR_ACCESS_DENIED,
 * %RMI_ERROR_INVALID_ARGUMENTS, or what calls fail with
 *
 * Since: 1.0
 */
gboolean
rmi_dynamic_stub_set_value (RmiDynamicStub  *self,
                            const char      *property,
                            GVariant        *value,
                            GPtrArray       *objects,
                            GCancellable    *cancellable,
                            GError         **error)
{
  g_autoptr(RmiAccess) access = NULL;
  g_autoptr(GVariant) nothing = NULL;

  g_return_val_if_fail (RMI_IS_DYNAMIC_STUB (self), FALSE);
  g_return_val_if_fail (property != NULL && value != NULL, FALSE);

  access = rmi_access_new (RMI_ACCESS_SET, property, value, objects);
  nothing = rmi_access_run (access, self, cancellable, error);
  return nothing != NULL;
}

/**
 * rmi_dynamic_stub_set_value_async:
 * @self: a stub
 * @property: the property's name, with or without its interface in front: `Capacity`
 * @value: what to set; a floating one is consumed
 * @objects: (nullable) (element-type GObject): what the handles in @value mean; not to be changed
 * until it is over
 * @cancellable: (nullable): to give up
 * @callback: called in the thread-default main context
 * @user_data: for @callback
 *
 * Starts what rmi_dynamic_stub_set_value() does.
 *
 * Since: 1.0
 */
void
rmi_dynamic_stub_set_value_async (RmiDynamicStub      *self,
                                  const char          *property,
                                  GVariant            *value,
                                  GPtrArray           *objects,
                                  GCancellable        *cancellable,
                                  GAsyncReadyCallback  callback,
                                  gpointer             user_data)
{
  g_return_if_fail (RMI_IS_DYNAMIC_STUB (self));
  g_return_if_fail (property != NULL && value != NULL);

  rmi_access_start (rmi_access_new (RMI_ACCESS_SET, property, value, objects), self, rmi_dynamic_stub_set_value_async,
                    cancellable, callback, user_data);
}

/**
 * rmi_dynamic_stub_set_value_finish:
 * @self: a stub
 * @result: what the callback got
 * @error: return location for an error
 *
 * Returns: %FALSE with what rmi_dynamic_stub_set_value() fails with
 *
 * Since: 1.0
 */
gboolean
rmi_dynamic_stub_set_value_finish (RmiDynamicStub  *self,
                                   GAsyncResult    *result,
                                   GError         **error)
{
  g_autoptr(GVariant) nothing = NULL;
  RmiAccess *access;

  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  nothing = rmi_access_finish (self, result, &access, error);
  return nothing != NULL;
}
