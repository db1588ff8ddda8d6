/* naming/rmi-naming.c: names → objects
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The object, and how it comes to its registry, which is a stub or, in memory, the service itself.
 */
#include "config.h"
#include "naming/rmi-naming-private.h"

#include "naming/rmi-name-private.h"
#include "naming/rmi-registry-address-private.h"
#include "naming/rmi-registry-service-private.h"
#include "rmi/rmi-error.h"

/**
 * RmiNaming:
 *
 * Gives objects names, and finds objects by them, at one registry.
 *
 * A name is 1–255 bytes of `[A-Za-z0-9._/-]` in segments divided by slashes: `shop/warehouse`. It
 * stands for one object. It lives as long as the connection of the node that bound it to the
 * registry does: not only until the #RmiNaming goes, but until rmi_naming_unbind(),
 * rmi_node_close(), or the process ends in any way. When the registry was away, names are bound
 * again while the main loop runs.
 *
 * It belongs to the main context of its node.
 *
 * Since: 1.0
 */
G_DEFINE_FINAL_TYPE (RmiNaming, rmi_naming, G_TYPE_OBJECT)
/**
 * rmi_naming_error_quark:
 *
 * Returns: the domain of #RmiNamingError
 *
 * Since: 1.0
 */
G_DEFINE_QUARK (rmi-naming-error-quark, rmi_naming_error)

/* The wire's codes are the first ones of ours. */
G_STATIC_ASSERT ((int) RMI_NAMING_ERROR_NOT_FOUND == (int) RMI_NAMES_ERROR_NOT_FOUND);
G_STATIC_ASSERT ((int) RMI_NAMING_ERROR_TAKEN == (int) RMI_NAMES_ERROR_TAKEN);
G_STATIC_ASSERT ((int) RMI_NAMING_ERROR_INVALID_NAME == (int) RMI_NAMES_ERROR_INVALID_NAME);
G_STATIC_ASSERT ((int) RMI_NAMING_ERROR_NOT_OWNER == (int) RMI_NAMES_ERROR_NOT_OWNER);

static void
rmi_naming_dispose (GObject *object)
{
  RmiNaming *self = RMI_NAMING (object);

  g_clear_object (&self->registry);
  g_clear_object (&self->binder);
  g_clear_object (&self->node);
  G_OBJECT_CLASS (rmi_naming_parent_class)->dispose (object);
}

static void
rmi_naming_finalize (GObject *object)
{
  RmiNaming *self = RMI_NAMING (object);

  g_free (self->uri);
  G_OBJECT_CLASS (rmi_naming_parent_class)->finalize (object);
}

static void
rmi_naming_class_init (RmiNamingClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = rmi_naming_dispose;
  object_class->finalize = rmi_naming_finalize;
}

static void
rmi_naming_init (RmiNaming *self)
{
}

/* ---- errors ---- */

GError *
rmi_naming_translate_error (GError     *error,
                            const char *uri)
{
  GError *unavailable;

  if (error->domain == RMI_NAMES_ERROR)
    error->domain = RMI_NAMING_ERROR;
  if (!g_error_matches (error, RMI_ERROR, RMI_ERROR_UNREACHABLE))
    {
      if (error->domain == RMI_ERROR)
        g_prefix_error (&error, "The registry at %s: ", uri);
      return error;
    }
  unavailable = g_error_new (RMI_NAMING_ERROR, RMI_NAMING_ERROR_UNAVAILABLE,
                             "No registry answers at %s: %s", uri, error->message);
  g_error_free (error);
  return unavailable;
}

gboolean
rmi_naming_check_name (const char *name,
                       GError    **error)
{
  const char *fault = rmi_name_find_fault (name);

  if (fault == NULL)
    return TRUE;
  g_set_error (error, RMI_NAMING_ERROR, RMI_NAMING_ERROR_INVALID_NAME,
               "“%s” is not a name: %s", name, fault);
  return FALSE;
}

/* ---- open ---- */

static RmiNaming *
new_for_binder (RmiNode    *node,
                const char *uri,
                RmiBinder  *binder)
{
  RmiNaming *self = g_object_new (RMI_TYPE_NAMING, NULL);

  self->node = g_object_ref (node);
  self->uri = g_strdup (uri);
  self->binder = g_object_ref (binder);
  self->registry = g_object_ref (rmi_binder_get_registry (binder));
  return self;
}

/* The binder that needs no connection first: one that is there, or in memory. */
static RmiBinder *
find_binder (RmiNode    *node,
             const char *uri)
{
  RmiBinder *binder = rmi_binder_find (node, uri);
  g_autoptr(RmiRegistryService) service = NULL;

  if (binder != NULL || !g_str_equal (uri, RMI_REGISTRY_MEMORY_URI))
    return binder;
  service = rmi_registry_service_new ();
  return rmi_binder_ensure (node, uri, RMI_NAMES_REGISTRY (service));
}

/**
 * rmi_naming_open:
 * @node: whose objects get names, and which dials for lookups
 * @uri: (nullable): where the registry is, `rmi://host[:port]` or `rmi+unix://%2F…`; `rmi-memory:`
 * for one inside this process, whose names only @node sees; %NULL for `$RMI_REGISTRY`, else the
 * user's own
 * @cancellable: (nullable): a #GCancellable
 * @error: return location for an error
 *
 * Opens the naming service at a registry. Fails with %RMI_NAMING_ERROR_UNAVAILABLE if none answers
 * there, and with %RMI_ERROR_INVALID_ARGUMENTS if @uri is none.
 *
 * Returns: (transfer full): the naming service
 *
 * Since: 1.0
 */
RmiNaming *
rmi_naming_open (RmiNode      *node,
                 const char   *uri,
                 GCancellable *cancellable,
                 GError      **error)
{
  g_autofree char *resolved = NULL;
  g_autoptr(RmiNamesRegistry) registry = NULL;
  RmiBinder *binder;
  GError *failure = NULL;

  g_return_val_if_fail (RMI_IS_NODE (node), NULL);

  resolved = rmi_registry_resolve_uri (uri, error);
  if (resolved == NULL)
    return NULL;
  binder = find_binder (node, resolved);
  if (binder == NULL)
    {
      registry =
          rmi_node_get_object (node, resolved, RMI_NAMES_TYPE_REGISTRY, cancellable, &failure);
      if (registry == NULL)
        {
          g_propagate_error (error, rmi_naming_translate_error (failure, resolved));
          return NULL;
        }
      binder = rmi_binder_ensure (node, resolved, registry);
    }
  return new_for_binder (node, resolved, binder);
}

static void
opened_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  RmiNode *node = RMI_NODE (object);
  const char *uri = g_task_get_task_data (task);
  g_autoptr(RmiNamesRegistry) registry = NULL;
  GError *error = NULL;

  registry = rmi_node_get_object_finish (node, result, &error);
  if (registry == NULL)
    g_task_return_error (task, rmi_naming_translate_error (error, uri));
  else
    g_task_return_pointer (
        task, new_for_binder (node, uri, rmi_binder_ensure (node, uri, registry)), g_object_unref);
}

/**
 * rmi_naming_open_async:
 * @node: whose objects get names, and which dials for lookups
 * @uri: (nullable): where the registry is, as for rmi_naming_open()
 * @cancellable: (nullable): a #GCancellable
 * @callback: called when it is open, or is not
 * @user_data: for @callback
 *
 * Opens the naming service at a registry without blocking.
 *
 * Since: 1.0
 */
void
rmi_naming_open_async (RmiNode             *node,
                       const char          *uri,
                       GCancellable        *cancellable,
                       GAsyncReadyCallback  callback,
                       gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  g_autofree char *resolved = NULL;
  RmiBinder *binder;
  GError *error = NULL;

  g_return_if_fail (RMI_IS_NODE (node));

  task = g_task_new (node, cancellable, callback, user_data);
  g_task_set_source_tag (task, rmi_naming_open_async);
  resolved = rmi_registry_resolve_uri (uri, &error);
  if (resolved == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  binder = find_binder (node, resolved);
  if (binder != NULL)
    {
      g_task_return_pointer (task, new_for_binder (node, resolved, binder), g_object_unref);
      return;
    }
  g_task_set_task_data (task, g_strdup (resolved), g_free);
  rmi_node_get_object_async (node, resolved, RMI_NAMES_TYPE_REGISTRY, cancellable, opened_cb,
                             g_steal_pointer (&task));
}

/**
 * rmi_naming_open_finish:
 * @result: what the callback got
 * @error: return location for an error
 *
 * Ends rmi_naming_open_async().
 *
 * Returns: (transfer full): the naming service
 *
 * Since: 1.0
 */
RmiNaming *
rmi_naming_open_finish (GAsyncResult *result,
                        GError      **error)
{
  g_return_val_if_fail (G_IS_TASK (result), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, rmi_naming_open_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * rmi_naming_get_uri:
 * @self: a naming service
 *
 * Where its registry is: the URI of the registry object, for rmi_node_get_object(), or
 * `rmi-memory:`.
 *
 * Returns: a URI
 *
 * Since: 1.0
 */
const char *
rmi_naming_get_uri (RmiNaming *self)
{
  g_return_val_if_fail (RMI_IS_NAMING (self), NULL);

  return self->uri;
}
