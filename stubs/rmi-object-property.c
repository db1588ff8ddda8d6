/* stubs/rmi-object-property.c: properties of objects, wherever they live
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A checked round trip on stubs, plain access on local objects.
 */
#include "config.h"
#include "stubs/rmi-stub-private.h"

static GParamSpec *
find_pspec (gpointer     object,
            const char  *name,
            GParamFlags  access,
            GError     **error)
{
  GParamSpec *pspec = g_object_class_find_property (G_OBJECT_GET_CLASS (object), name);

  if (pspec == NULL)
    g_set_error (error, RMI_ERROR, RMI_ERROR_NO_SUCH_METHOD, "%s has no property %s",
                 G_OBJECT_TYPE_NAME (object), name);
  else if ((pspec->flags & access) == 0)
    g_set_error (error, RMI_ERROR, RMI_ERROR_ACCESS_DENIED, "The property %s cannot be %s", name,
                 access == G_PARAM_READABLE ? "read" : "set");
  else
    return pspec;
  return NULL;
}

/* A call of @member with the property's name; NULL with @error if @stub has none of it. */
static RmiCall *
begin_call (RmiStub                 *stub,
            const char              *member,
            const char              *name,
            const RmiPropertyEntry **property,
            GError                 **error)
{
  const RmiInterfaceEntry *interface = NULL;
  g_autofree char *qualified = NULL;
  RmiCall *call;

  *property = rmi_stub_find_property (stub, name, &interface);
  if (*property == NULL)
    {
      g_set_error (error, RMI_ERROR, RMI_ERROR_NO_SUCH_METHOD, "%s has no property %s",
                   G_OBJECT_TYPE_NAME (stub), name);
      return NULL;
    }

  call = rmi_stub_begin_named_call (stub, NULL, member, 0);
  if (rmi_stub_get_private (stub)->is_qualified)
    qualified = g_strconcat (interface->name, ".", (*property)->name, NULL);
  rmi_writer_add_string (rmi_call_get_writer (call),
                         qualified != NULL ? qualified : (*property)->name);
  return call;
}

static gboolean
end_get (RmiStub                 *stub,
         RmiCall                 *call,
         const RmiPropertyEntry  *property,
         GValue                  *value,
         GError                 **error)
{
  GParamSpec *pspec =
      g_object_class_find_property (G_OBJECT_GET_CLASS (stub), property->property_name);
  g_auto(GValue) read = G_VALUE_INIT;

  g_value_init (&read, pspec->value_type);
  property->read (rmi_call_get_reader (call), &read);
  if (!rmi_call_end (call, error))
    return FALSE;
  if (!G_IS_VALUE (value))
    g_value_init (value, pspec->value_type);
  if (g_value_transform (&read, value))
    return TRUE;

  g_set_error (error, RMI_ERROR, RMI_ERROR_INVALID_ARGUMENTS,
               "The property %s is a %s, and cannot become a %s", pspec->name,
               g_type_name (pspec->value_type), G_VALUE_TYPE_NAME (value));
  return FALSE;
}

/**
 * rmi_object_get_property:
 * @object: (type GObject): a stub, or a local object
 * @name: the GObject property's name
 * @value: (out caller-allocates): return location; zero-filled, or initialised with a type to
 * transform to
 * @cancellable: (nullable): to give up
 * @error: return location for an error
 *
 * Asks the object itself, not a stub's cache. Blocks on a stub.
 *
 * Returns: %FALSE with %RMI_ERROR_NO_SUCH_METHOD, %RMI_ERROR_ACCESS_DENIED, or what calls fail with
 *
 * Since: 1.0
 */
gboolean
rmi_object_get_property (gpointer       object,
                         const char    *name,
                         GValue        *value,
                         GCancellable  *cancellable,
                         GError       **error)
{
  const RmiPropertyEntry *property;
  g_autoptr(RmiCall) call = NULL;
  GParamSpec *pspec;

  g_return_val_if_fail (G_IS_OBJECT (object), FALSE);
  g_return_val_if_fail (name != NULL && value != NULL, FALSE);

  if (RMI_IS_STUB (object))
    {
      call = begin_call (object, "rpc.get", name, &property, error);
      return call != NULL && rmi_call_run (call, cancellable, error) != NULL
             && end_get (object, call, property, value, error);
    }

  pspec = find_pspec (object, name, G_PARAM_READABLE, error);
  if (pspec == NULL)
    return FALSE;
  if (!G_IS_VALUE (value))
    g_value_init (value, pspec->value_type);
  g_object_get_property (object, name, value);
  return TRUE;
}

typedef struct
{
  const RmiPropertyEntry *property;
  RmiCall                *call;     /* answered */
} PendingGet;

static void
pending_get_free (gpointer data)
{
  PendingGet *pending = data;

  g_clear_pointer (&pending->call, rmi_call_free);
  g_free (pending);
}

static void
got_cb (GObject      *object,
        GAsyncResult *result,
        gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  PendingGet *pending = g_task_get_task_data (task);
  GError *error = NULL;

  pending->call = rmi_call_finish (object, result, &error);
  if (pending->call != NULL)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/**
 * rmi_object_get_property_async:
 * @object: (type GObject): a stub, or a local object
 * @name: the GObject property's name
 * @cancellable: (nullable): to give up
 * @callback: called in the thread-default main context
 * @user_data: for @callback
 *
 * Asks the object itself, not a stub's cache.
 *
 * Since: 1.0
 */
void
rmi_object_get_property_async (gpointer             object,
                               const char          *name,
                               GCancellable        *cancellable,
                               GAsyncReadyCallback  callback,
                               gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  PendingGet *pending;
  GError *error = NULL;
  RmiCall *call;

  g_return_if_fail (G_IS_OBJECT (object));
  g_return_if_fail (name != NULL);

  task = g_task_new (object, cancellable, callback, user_data);
  g_task_set_source_tag (task, rmi_object_get_property_async);
  pending = g_new0 (PendingGet, 1);
  g_task_set_task_data (task, pending, pending_get_free);
  g_task_set_name (task, name);

  if (RMI_IS_STUB (object))
    {
      call = begin_call (object, "rpc.get", name, &pending->property, &error);
      if (call != NULL)
        rmi_call_start (call, object, cancellable, got_cb, g_steal_pointer (&task));
    }
  else if (find_pspec (object, name, G_PARAM_READABLE, &error) != NULL)
    {
      g_task_return_boolean (task, TRUE);
    }
  if (error != NULL)
    g_task_return_error (task, error);
}

/**
 * rmi_object_get_property_finish:
 * @object: (type GObject): what it was started on
 * @result: what the callback got
 * @value: (out caller-allocates): return location; zero-filled, or initialised with a type to
 * transform to
 * @error: return location for an error
 *
 * Returns: %FALSE with %RMI_ERROR_NO_SUCH_METHOD, %RMI_ERROR_ACCESS_DENIED, or what calls fail with
 *
 * Since: 1.0
 */
gboolean
rmi_object_get_property_finish (gpointer       object,
                                GAsyncResult  *result,
                                GValue        *value,
                                GError       **error)
{
  PendingGet *pending;

  g_return_val_if_fail (g_task_is_valid (result, object), FALSE);
  g_return_val_if_fail (value != NULL, FALSE);

  pending = g_task_get_task_data (G_TASK (result));
  if (!g_task_propagate_boolean (G_TASK (result), error))
    return FALSE;
  if (pending->call != NULL)
    return end_get (object, pending->call, pending->property, value, error);
  return rmi_object_get_property (object, g_task_get_name (G_TASK (result)), value, NULL, error);
}

/* ---- setting ---- */

/* A call with both arguments; NULL with @error if @value does not fit. */
static RmiCall *
begin_set (RmiStub       *stub,
           const char    *name,
           const GValue  *value,
           GError       **error)
{
  const RmiPropertyEntry *property;
  RmiCall *call = begin_call (stub, "rpc.set", name, &property, error);
  g_auto(GValue) fitting = G_VALUE_INIT;
  GParamSpec *pspec;

  if (call == NULL)
    return NULL;

  pspec = g_object_class_find_property (G_OBJECT_GET_CLASS (stub), name);
  g_value_init (&fitting, pspec->value_type);
  if (g_value_transform (value, &fitting))
    property->write (rmi_call_get_writer (call), &fitting);
  else
    rmi_writer_fail (rmi_call_get_writer (call),
                     g_error_new (RMI_ERROR, RMI_ERROR_INVALID_ARGUMENTS,
                                  "The property %s is a %s, not a %s", name,
                                  g_type_name (pspec->value_type), G_VALUE_TYPE_NAME (value)));
  return call;
}

static gboolean
set_local (gpointer       object,
           const char    *name,
           const GValue  *value,
           GError       **error)
{
  GParamSpec *pspec = find_pspec (object, name, G_PARAM_WRITABLE, error);

  if (pspec == NULL)
    return FALSE;
  if (!g_value_type_transformable (G_VALUE_TYPE (value), pspec->value_type))
    {
      g_set_error (error, RMI_ERROR, RMI_ERROR_INVALID_ARGUMENTS,
                   "The property %s is a %s, not a %s", name, g_type_name (pspec->value_type),
                   G_VALUE_TYPE_NAME (value));
      return FALSE;
    }
  g_object_set_property (object, name, value);
  return TRUE;
}

/**
 * rmi_object_set_property:
 * @object: (type GObject): a stub, or a local object
 * @name: the GObject property's name
 * @value: what to set
 * @cancellable: (nullable): to give up
 * @error: return location for an error
 *
 * Sets a property, and says whether it worked. Blocks on a stub, whose cache changes when the
 * object tells of the change.
 *
 * Returns: %FALSE with %RMI_ERROR_NO_SUCH_METHOD, %RMI_ERROR_ACCESS_DENIED,
 * %RMI_ERROR_INVALID_ARGUMENTS, or what calls fail with
 *
 * Since: 1.0
 */
gboolean
rmi_object_set_property (gpointer       object,
                         const char    *name,
                         const GValue  *value,
                         GCancellable  *cancellable,
                         GError       **error)
{
  g_autoptr(RmiCall) call = NULL;

  g_return_val_if_fail (G_IS_OBJECT (object), FALSE);
  g_return_val_if_fail (name != NULL && G_IS_VALUE (value), FALSE);

  if (!RMI_IS_STUB (object))
    return set_local (object, name, value, error);

  call = begin_set (object, name, value, error);
  return call != NULL && rmi_call_run (call, cancellable, error) != NULL;
}

static void
was_set_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  GError *error = NULL;
  g_autoptr(RmiCall) call = rmi_call_finish (object, result, &error);

  if (call != NULL)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/**
 * rmi_object_set_property_async:
 * @object: (type GObject): a stub, or a local object
 * @name: the GObject property's name
 * @value: what to set
 * @cancellable: (nullable): to give up
 * @callback: called in the thread-default main context
 * @user_data: for @callback
 *
 * Sets a property, and says whether it worked.
 *
 * Since: 1.0
 */
void
rmi_object_set_property_async (gpointer             object,
                               const char          *name,
                               const GValue        *value,
                               GCancellable        *cancellable,
                               GAsyncReadyCallback  callback,
                               gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  GError *error = NULL;
  RmiCall *call;

  g_return_if_fail (G_IS_OBJECT (object));
  g_return_if_fail (name != NULL && G_IS_VALUE (value));

  task = g_task_new (object, cancellable, callback, user_data);
  g_task_set_source_tag (task, rmi_object_set_property_async);
  if (RMI_IS_STUB (object))
    {
      call = begin_set (object, name, value, &error);
      if (call != NULL)
        rmi_call_start (call, object, cancellable, was_set_cb, g_steal_pointer (&task));
    }
  else if (set_local (object, name, value, &error))
    {
      g_task_return_boolean (task, TRUE);
    }
  if (error != NULL)
    g_task_return_error (task, error);
}

/**
 * rmi_object_set_property_finish:
 * @object: (type GObject): what it was started on
 * @result: what the callback got
 * @error: return location for an error
 *
 * Returns: %FALSE with what rmi_object_set_property() fails with
 *
 * Since: 1.0
 */
gboolean
rmi_object_set_property_finish (gpointer       object,
                                GAsyncResult  *result,
                                GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, object), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
