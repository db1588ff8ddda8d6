/* naming/rmi-naming-lookup.c: finding objects by name, and names by prefix
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The registry says where an object is, the resolver goes there.
 */
#include "config.h"
#include "naming/rmi-naming-private.h"

#include "naming/rmi-name-list-private.h"
#include "naming/rmi-resolver-private.h"

/* ---- lookup ---- */

static RmiResolver *
new_resolver (RmiNaming        *self,
              const char       *name,
              RmiNamesProvider *provider,
              GType             interface_type)
{
  GObject *local = NULL;

  if (g_strcmp0 (rmi_names_provider_get_node (provider), rmi_node_get_id (self->node)) == 0)
    local = rmi_binder_dup_object (self->binder, name, rmi_names_provider_get_path (provider));
  return rmi_resolver_new (self->node, name, provider, local, interface_type);
}

/**
 * rmi_naming_lookup:
 * @self: a naming service
 * @name: a name
 * @interface_type: what the object is to be: the #GType of a described interface, or %RMI_TYPE_DYNAMIC_STUB
 * for dynamic calls
 * @cancellable: (nullable): a #GCancellable
 * @error: return location for an error
 *
 * Finds the object of a name: itself if this node bound it, else a stub. Of the places where its
 * process says to be, the first eight are tried.
 *
 * Fails with %RMI_NAMING_ERROR_NOT_FOUND, with %RMI_NAMING_ERROR_WRONG_TYPE if the object is no
 * @interface_type, and with %RMI_ERROR_UNREACHABLE if its process does not answer.
 *
 * Returns: (transfer full) (type GObject.Object): the object
 *
 * Since: 1.0
 */
gpointer
rmi_naming_lookup (RmiNaming    *self,
                   const char   *name,
                   GType         interface_type,
                   GCancellable *cancellable,
                   GError      **error)
{
  g_autoptr(RmiNamesProvider) provider = NULL;
  g_autoptr(RmiResolver) resolver = NULL;
  GError *failure = NULL;

  g_return_val_if_fail (RMI_IS_NAMING (self), NULL);
  g_return_val_if_fail (name != NULL, NULL);

  if (!rmi_naming_check_name (name, error))
    return NULL;
  provider = rmi_names_registry_lookup (self->registry, name, cancellable, &failure);
  if (provider == NULL)
    {
      g_propagate_error (error, rmi_naming_translate_error (failure, self->uri));
      return NULL;
    }
  resolver = new_resolver (self, name, provider, interface_type);
  return rmi_resolver_run (resolver, cancellable, error);
}

typedef struct
{
  char  *name;
  GType  interface_type;
} Lookup;

static void
lookup_free (gpointer data)
{
  Lookup *lookup = data;

  g_free (lookup->name);
  g_free (lookup);
}

static void
looked_up_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  RmiNaming *self = g_task_get_source_object (task);
  Lookup *lookup = g_task_get_task_data (task);
  g_autoptr(RmiNamesProvider) provider = NULL;
  GError *error = NULL;

  provider = rmi_names_registry_lookup_finish (RMI_NAMES_REGISTRY (object), result, &error);
  if (provider == NULL)
    g_task_return_error (task, rmi_naming_translate_error (error, self->uri));
  else
    rmi_resolver_start (new_resolver (self, lookup->name, provider, lookup->interface_type),
                        g_steal_pointer (&task));
}

/**
 * rmi_naming_lookup_async:
 * @self: a naming service
 * @name: a name
 * @interface_type: what the object is to be, as for rmi_naming_lookup()
 * @cancellable: (nullable): a #GCancellable
 * @callback: called when it is found, or is not
 * @user_data: for @callback
 *
 * Finds the object of a name, as rmi_naming_lookup() does, without blocking.
 *
 * Since: 1.0
 */
void
rmi_naming_lookup_async (RmiNaming           *self,
                         const char          *name,
                         GType                interface_type,
                         GCancellable        *cancellable,
                         GAsyncReadyCallback  callback,
                         gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  Lookup *lookup;
  GError *error = NULL;

  g_return_if_fail (RMI_IS_NAMING (self));
  g_return_if_fail (name != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, rmi_naming_lookup_async);
  lookup = g_new0 (Lookup, 1);
  lookup->name = g_strdup (name);
  lookup->interface_type = interface_type;
  g_task_set_task_data (task, lookup, lookup_free);
  if (!rmi_naming_check_name (name, &error))
    g_task_return_error (task, error);
  else
    rmi_names_registry_lookup_async (self->registry, name, cancellable, looked_up_cb,
                                     g_steal_pointer (&task));
}

/**
 * rmi_naming_lookup_finish:
 * @self: a naming service
 * @result: what the callback got
 * @error: return location for an error
 *
 * Ends rmi_naming_lookup_async().
 *
 * Returns: (transfer full) (type GObject.Object): the object
 *
 * Since: 1.0
 */
gpointer
rmi_naming_lookup_finish (RmiNaming    *self,
                          GAsyncResult *result,
                          GError      **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/* ---- list ---- */

/**
 * rmi_naming_list:
 * @self: a naming service
 * @prefix: (nullable): how the names begin, `shop/`; %NULL or "" for all
 * @cancellable: (nullable): a #GCancellable
 * @error: return location for an error
 *
 * Lists the names that are bound now, by whomever, in order of their bytes.
 *
 * Returns: (transfer full) (array zero-terminated=1): the names
 *
 * Since: 1.0
 */
char **
rmi_naming_list (RmiNaming    *self,
                 const char   *prefix,
                 GCancellable *cancellable,
                 GError      **error)
{
  g_autoptr(RmiNameList) list = NULL;
  GError *failure = NULL;

  g_return_val_if_fail (RMI_IS_NAMING (self), NULL);

  list = rmi_name_list_new (prefix);
  while (!list->is_complete && failure == NULL)
    {
      g_autoptr(GPtrArray) entries = NULL;
      gboolean more = FALSE;

      if (rmi_names_registry_list (self->registry, list->prefix, rmi_name_list_get_last (list),
                                   &entries, &more, cancellable, &failure))
        rmi_name_list_add_page (list, entries, more, &failure);
    }
  if (failure != NULL)
    {
      g_propagate_error (error, rmi_naming_translate_error (failure, self->uri));
      return NULL;
    }
  return rmi_name_list_steal (list);
}

static void listed_cb (GObject *object, GAsyncResult *result, gpointer user_data);

static void
ask_for_page (RmiNaming *self,
              GTask     *task)
{
  RmiNameList *list = g_task_get_task_data (task);

  rmi_names_registry_list_async (self->registry, list->prefix, rmi_name_list_get_last (list),
                                 g_task_get_cancellable (task), listed_cb, task);
}

static void
listed_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  RmiNaming *self = g_task_get_source_object (task);
  RmiNameList *list = g_task_get_task_data (task);
  g_autoptr(GPtrArray) entries = NULL;
  gboolean more = FALSE;
  GError *error = NULL;

  if (!rmi_names_registry_list_finish (RMI_NAMES_REGISTRY (object), result, &entries, &more, &error)
      || !rmi_name_list_add_page (list, entries, more, &error))
    g_task_return_error (task, rmi_naming_translate_error (error, self->uri));
  else if (list->is_complete)
    g_task_return_pointer (task, rmi_name_list_steal (list), (GDestroyNotify) g_strfreev);
  else
    ask_for_page (self, g_steal_pointer (&task));
}

/**
 * rmi_naming_list_async:
 * @self: a naming service
 * @prefix: (nullable): how the names begin; %NULL or "" for all
 * @cancellable: (nullable): a #GCancellable
 * @callback: called when they are there
 * @user_data: for @callback
 *
 * Lists names, as rmi_naming_list() does, without blocking.
 *
 * Since: 1.0
 */
void
rmi_naming_list_async (RmiNaming           *self,
                       const char          *prefix,
                       GCancellable        *cancellable,
                       GAsyncReadyCallback  callback,
                       gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;

  g_return_if_fail (RMI_IS_NAMING (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, rmi_naming_list_async);
  g_task_set_task_data (task, rmi_name_list_new (prefix), (GDestroyNotify) rmi_name_list_free);
  ask_for_page (self, g_steal_pointer (&task));
}

/**
 * rmi_naming_list_finish:
 * @self: a naming service
 * @result: what the callback got
 * @error: return location for an error
 *
 * Ends rmi_naming_list_async().
 *
 * Returns: (transfer full) (array zero-terminated=1): the names
 *
 * Since: 1.0
 */
char **
rmi_naming_list_finish (RmiNaming    *self,
                        GAsyncResult *result,
                        GError      **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
