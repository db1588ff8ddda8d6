/* naming/rmi-naming-bind.c: giving names, and taking them away
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Asks the registry between the two steps of the binder, which exports the object and keeps the
 * name.
 */
#include "config.h"
#include "naming/rmi-naming-private.h"

/* ---- bind, rebind ---- */

static RmiBindRequest *
begin_bind (RmiNaming  *self,
            const char *name,
            GObject    *object,
            gboolean    replace,
            GError    **error)
{
  if (!rmi_naming_check_name (name, error))
    return NULL;
  return rmi_binder_begin (self->binder, self->node, name, object, replace, error);
}

static gboolean
bind_now (RmiNaming    *self,
          const char   *name,
          GObject      *object,
          gboolean      replace,
          GCancellable *cancellable,
          GError      **error)
{
  RmiBindRequest *request = begin_bind (self, name, object, replace, error);
  GError *failure = NULL;
  gboolean is_bound;

  if (request == NULL)
    return FALSE;
  is_bound = rmi_names_registry_bind (self->registry, name, request->provider, replace, cancellable,
                                      &failure);
  rmi_binder_end (self->binder, self->node, request, is_bound);
  if (!is_bound)
    g_propagate_error (error, rmi_naming_translate_error (failure, self->uri));
  return is_bound;
}

static void
bound_cb (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  RmiNaming *self = g_task_get_source_object (task);
  GError *error = NULL;

  rmi_names_registry_bind_finish (RMI_NAMES_REGISTRY (object), result, &error);
  rmi_binder_end (self->binder, self->node, g_task_get_task_data (task), error == NULL);
  if (error != NULL)
    g_task_return_error (task, rmi_naming_translate_error (error, self->uri));
  else
    g_task_return_boolean (task, TRUE);
}

static void
bind_async (RmiNaming  *self,
            const char *name,
            GObject    *object,
            gboolean    replace,
            GTask      *task)
{
  g_autoptr(GTask) owned = task;
  GError *error = NULL;
  RmiBindRequest *request = begin_bind (self, name, object, replace, &error);

  if (request == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  g_task_set_task_data (task, request, NULL);      /* bound_cb ends it */
  rmi_names_registry_bind_async (self->registry, name, request->provider, replace,
                                 g_task_get_cancellable (task), bound_cb, g_steal_pointer (&owned));
}

/**
 * rmi_naming_bind:
 * @self: a naming service
 * @name: a name
 * @object: an object with a described interface
 * @cancellable: (nullable): a #GCancellable
 * @error: return location for an error
 *
 * Gives @object a name. Also exports it at `/`@name, unless it is exported already, and makes the
 * node listen on a private Unix socket if it does not listen at all.
 *
 * A stub gives the name to what it stands for: whoever looks it up dials the stub's address. So
 * #RmiWorkers get names. Such a name is this process's, and does not vanish with the object's. Fails
 * with %RMI_ERROR_NOT_SUPPORTED if only this process can reach the object: it has no path that it was
 * exported at, or no address.
 *
 * Fails with %RMI_NAMING_ERROR_TAKEN if anybody has the name, this process included, and with
 * %RMI_NAMING_ERROR_INVALID_NAME.
 *
 * Returns: %TRUE if it has the name
 *
 * Since: 1.0
 */
gboolean
rmi_naming_bind (RmiNaming    *self,
                 const char   *name,
                 GObject      *object,
                 GCancellable *cancellable,
                 GError      **error)
{
  g_return_val_if_fail (RMI_IS_NAMING (self), FALSE);
  g_return_val_if_fail (name != NULL, FALSE);
  g_return_val_if_fail (G_IS_OBJECT (object), FALSE);

  return bind_now (self, name, object, FALSE, cancellable, error);
}

/**
 * rmi_naming_bind_async:
 * @self: a naming service
 * @name: a name
 * @object: an object with a described interface
 * @cancellable: (nullable): a #GCancellable
 * @callback: called when it is done
 * @user_data: for @callback
 *
 * Gives @object a name, as rmi_naming_bind() does, without blocking.
 *
 * Since: 1.0
 */
void
rmi_naming_bind_async (RmiNaming           *self,
                       const char          *name,
                       GObject             *object,
                       GCancellable        *cancellable,
                       GAsyncReadyCallback  callback,
                       gpointer             user_data)
{
  GTask *task;

  g_return_if_fail (RMI_IS_NAMING (self));
  g_return_if_fail (name != NULL);
  g_return_if_fail (G_IS_OBJECT (object));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, rmi_naming_bind_async);
  bind_async (self, name, object, FALSE, task);
}

/**
 * rmi_naming_bind_finish:
 * @self: a naming service
 * @result: what the callback got
 * @error: return location for an error
 *
 * Ends rmi_naming_bind_async().
 *
 * Returns: %TRUE if the object has the name
 *
 * Since: 1.0
 */
gboolean
rmi_naming_bind_finish (RmiNaming    *self,
                        GAsyncResult *result,
                        GError      **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * rmi_naming_rebind:
 * @self: a naming service
 * @name: a name
 * @object: an object with a described interface
 * @cancellable: (nullable): a #GCancellable
 * @error: return location for an error
 *
 * Gives @object a name, as rmi_naming_bind() does, but takes it from whoever has it: at no moment
 * does the name stand for nothing.
 *
 * Returns: %TRUE if it has the name
 *
 * Since: 1.0
 */
gboolean
rmi_naming_rebind (RmiNaming    *self,
                   const char   *name,
                   GObject      *object,
                   GCancellable *cancellable,
                   GError      **error)
{
  g_return_val_if_fail (RMI_IS_NAMING (self), FALSE);
  g_return_val_if_fail (name != NULL, FALSE);
  g_return_val_if_fail (G_IS_OBJECT (object), FALSE);

  return bind_now (self, name, object, TRUE, cancellable, error);
}

/**
 * rmi_naming_rebind_async:
 * @self: a naming service
 * @name: a name
 * @object: an object with a described interface
 * @cancellable: (nullable): a #GCancellable
 * @callback: called when it is done
 * @user_data: for @callback
 *
 * Gives @object a name, as rmi_naming_rebind() does, without blocking.
 *
 * Since: 1.0
 */
void
rmi_naming_rebind_async (RmiNaming           *self,
                         const char          *name,
                         GObject             *object,
                         GCancellable        *cancellable,
                         GAsyncReadyCallback  callback,
                         gpointer             user_data)
{
  GTask *task;

  g_return_if_fail (RMI_IS_NAMING (self));
  g_return_if_fail (name != NULL);
  g_return_if_fail (G_IS_OBJECT (object));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, rmi_naming_rebind_async);
  bind_async (self, name, object, TRUE, task);
}

/**
 * rmi_naming_rebind_finish:
 * @self: a naming service
 * @result: what the callback got
 * @error: return location for an error
 *
 * Ends rmi_naming_rebind_async().
 *
 * Returns: %TRUE if the object has the name
 *
 * Since: 1.0
 */
gboolean
rmi_naming_rebind_finish (RmiNaming    *self,
                          GAsyncResult *result,
                          GError      **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/* ---- unbind ---- */

/* @error (transfer full) (nullable) is what the registry said. What it does not know of any more is
 * unbound all the same. */
static GError *
end_unbind (RmiNaming  *self,
            const char *name,
            GError     *error)
{
  gboolean was_ours = FALSE;

  if (error == NULL || error->domain == RMI_NAMES_ERROR)
    was_ours = rmi_binder_forget (self->binder, self->node, name);
  if (error != NULL && was_ours &&
      g_error_matches (error, RMI_NAMES_ERROR, RMI_NAMES_ERROR_NOT_FOUND))
    g_clear_error (&error);
  return error != NULL ? rmi_naming_translate_error (error, self->uri) : NULL;
}

/**
 * rmi_naming_unbind:
 * @self: a naming service
 * @name: a name that this process bound
 * @cancellable: (nullable): a #GCancellable
 * @error: return location for an error
 *
 * Takes the name away again, and the export that rmi_naming_bind() made. Fails with
 * %RMI_NAMING_ERROR_NOT_FOUND or %RMI_NAMING_ERROR_NOT_OWNER.
 *
 * Returns: %TRUE if the name is gone
 *
 * Since: 1.0
 */
gboolean
rmi_naming_unbind (RmiNaming    *self,
                   const char   *name,
                   GCancellable *cancellable,
                   GError      **error)
{
  GError *failure = NULL;

  g_return_val_if_fail (RMI_IS_NAMING (self), FALSE);
  g_return_val_if_fail (name != NULL, FALSE);

  if (!rmi_naming_check_name (name, error))
    return FALSE;
  rmi_names_registry_unbind (self->registry, name, cancellable, &failure);
  failure = end_unbind (self, name, failure);
  if (failure != NULL)
    g_propagate_error (error, failure);
  return failure == NULL;
}

static void
unbound_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  RmiNaming *self = g_task_get_source_object (task);
  GError *error = NULL;

  rmi_names_registry_unbind_finish (RMI_NAMES_REGISTRY (object), result, &error);
  error = end_unbind (self, g_task_get_task_data (task), error);
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
}

/**
 * rmi_naming_unbind_async:
 * @self: a naming service
 * @name: a name that this process bound
 * @cancellable: (nullable): a #GCancellable
 * @callback: called when it is done
 * @user_data: for @callback
 *
 * Takes the name away again, as rmi_naming_unbind() does, without blocking.
 *
 * Since: 1.0
 */
void
rmi_naming_unbind_async (RmiNaming           *self,
                         const char          *name,
                         GCancellable        *cancellable,
                         GAsyncReadyCallback  callback,
                         gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  GError *error = NULL;

  g_return_if_fail (RMI_IS_NAMING (self));
  g_return_if_fail (name != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, rmi_naming_unbind_async);
  g_task_set_task_data (task, g_strdup (name), g_free);
  if (!rmi_naming_check_name (name, &error))
    g_task_return_error (task, error);
  else
    rmi_names_registry_unbind_async (self->registry, name, cancellable, unbound_cb,
                                     g_steal_pointer (&task));
}

/**
 * rmi_naming_unbind_finish:
 * @self: a naming service
 * @result: what the callback got
 * @error: return location for an error
 *
 * Ends rmi_naming_unbind_async().
 *
 * Returns: %TRUE if the name is gone
 *
 * Since: 1.0
 */
gboolean
rmi_naming_unbind_finish (RmiNaming    *self,
                          GAsyncResult *result,
                          GError      **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
