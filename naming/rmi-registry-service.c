/* naming/rmi-registry-service.c: the registry itself
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Owns the sorted names, and who has which: an owner is a connection, or NULL for this process. An
 * entry is in the tree and in its owner's queue, or gone. Signals are emitted last, when the tables
 * agree again.
 */
#include "config.h"
#include "naming/rmi-registry-service-private.h"

#include "naming/rmi-name-private.h"
#include "naming/rmi-provider-private.h"
#include "rmi/rmi-connection.h"
#include "rmi/rmi-error.h"
#include "skeletons/rmi-invocation.h"

#include <string.h>

typedef struct
{
  RmiRegistryService *service;
  RmiConnection      *connection;
  gulong              closed_id;
  GQueue              entries;
} Owner;

typedef struct
{
  char             *name;
  RmiNamesProvider *provider;
  gsize             bytes;
  Owner            *owner;
  GList             link;               /* in the owner's queue */
} Entry;

struct _RmiRegistryService
{
  GObject     parent_instance;

  GTree *names; /* name → Entry; a tree, because List is in order and no peer can make it slow */
  GHashTable *owners;                   /* RmiConnection or NULL → Owner */
  gsize       bytes;
};

static void rmi_registry_service_implement (RmiNamesRegistryInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (RmiRegistryService,
                               rmi_registry_service,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (RMI_NAMES_TYPE_REGISTRY,
                                                      rmi_registry_service_implement))

static int
compare_names (gconstpointer a,
               gconstpointer b,
               gpointer      user_data)
{
  return strcmp (a, b);
}

/* ---- entries and their owners ---- */

static void
entry_free (gpointer data)
{
  Entry *entry = data;

  g_queue_unlink (&entry->owner->entries, &entry->link);
  g_free (entry->name);
  g_object_unref (entry->provider);
  g_free (entry);
}

static void
owner_free (gpointer data)
{
  Owner *owner = data;

  g_assert (owner->entries.length == 0);
  if (owner->connection != NULL)
    g_clear_signal_handler (&owner->closed_id, owner->connection);
  g_clear_object (&owner->connection);
  g_free (owner);
}

static void
remove_entry (RmiRegistryService *self,
              Entry              *entry)
{
  self->bytes -= entry->bytes;
  g_tree_remove (self->names, entry->name);
}

static void
owner_closed_cb (RmiConnection *connection,
                 const GError  *error,
                 gpointer       user_data)
{
  Owner *owner = user_data;
  g_autoptr(RmiRegistryService) self = g_object_ref (owner->service);
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func (g_free);

  while (owner->entries.length > 0)
    {
      Entry *entry = owner->entries.head->data;

      g_ptr_array_add (names, g_strdup (entry->name));
      remove_entry (self, entry);
    }
  g_hash_table_remove (self->owners, connection);
  for (guint i = 0; i < names->len; i++)
    g_signal_emit_by_name (self, "unbound", g_ptr_array_index (names, i));
}

static Owner *
ensure_owner (RmiRegistryService *self,
              RmiConnection      *connection)
{
  Owner *owner = g_hash_table_lookup (self->owners, connection);

  if (owner != NULL)
    return owner;
  owner = g_new0 (Owner, 1);
  owner->service = self;
  g_set_object (&owner->connection, connection);
  if (connection != NULL)
    owner->closed_id = g_signal_connect (connection, "closed", G_CALLBACK (owner_closed_cb), owner);
  g_hash_table_insert (self->owners, connection, owner);
  return owner;
}

/* Whose call this is: an invocation on the stack may be of another object, which calls this one
 * locally. */
static RmiConnection *
find_caller (RmiRegistryService *self)
{
  RmiInvocation *invocation = rmi_invocation_get_current ();

  if (invocation == NULL || rmi_invocation_get_object (invocation) != (gpointer) self)
    return NULL;
  return rmi_invocation_get_connection (invocation);
}

/* ---- checks ---- */

static gboolean
check_name (const char *name,
            GError    **error)
{
  const char *fault = rmi_name_find_fault (name);

  if (fault == NULL)
    return TRUE;
  g_set_error (error, RMI_NAMES_ERROR, RMI_NAMES_ERROR_INVALID_NAME, "“%.*s” is not a name: %s",
               RMI_NAME_MAX_BYTES, name, fault);
  return FALSE;
}

static Entry *
find_entry (RmiRegistryService *self,
            const char         *name,
            GError            **error)
{
  Entry *entry;

  if (!check_name (name, error))
    return NULL;
  entry = g_tree_lookup (self->names, name);
  if (entry == NULL)
    g_set_error (error, RMI_NAMES_ERROR, RMI_NAMES_ERROR_NOT_FOUND, "Nothing is bound to “%s”",
                 name);
  return entry;
}

/* A process that came back on a new connection, before the old one was seen to be dead, finds its
 * own names. */
static gboolean
is_same_process_elsewhere (Entry            *entry,
                           RmiConnection    *caller,
                           RmiNamesProvider *provider)
{
  const char *node = rmi_names_provider_get_node (provider);

  return entry->owner->connection != caller && node != NULL && node[0] != '\0'
         && g_strcmp0 (node, rmi_names_provider_get_node (entry->provider)) == 0;
}

static gboolean
check_room (RmiRegistryService *self,
            Entry              *replaced,
            RmiConnection      *caller,
            gsize               bytes,
            GError            **error)
{
  Owner *owner = g_hash_table_lookup (self->owners, caller);
  guint n_names = g_tree_nnodes (self->names) - (replaced != NULL);
  gsize n_bytes = self->bytes - (replaced != NULL ? replaced->bytes : 0);

  if (n_names >= RMI_REGISTRY_MAX_NAMES || n_bytes + bytes > RMI_REGISTRY_MAX_BYTES)
    g_set_error_literal (error, RMI_ERROR, RMI_ERROR_LIMIT, "The registry is full");
  else if (owner != NULL && owner->entries.length >= RMI_REGISTRY_MAX_OWNER_NAMES
           && (replaced == NULL || replaced->owner != owner))
    g_set_error (error, RMI_ERROR, RMI_ERROR_LIMIT, "One process may bind %u names",
                 RMI_REGISTRY_MAX_OWNER_NAMES);
  else if (caller != NULL && rmi_connection_is_closed (caller))
    g_set_error_literal (error, RMI_ERROR, RMI_ERROR_CLOSING, "The caller is gone");
  else
    return TRUE;
  return FALSE;
}

/* ---- org.rmi_glib.Registry ---- */

static void
put_entry (RmiRegistryService *self,
           Entry              *replaced,
           RmiConnection      *caller,
           const char         *name,
           RmiNamesProvider   *provider)
{
  Entry *entry = g_new0 (Entry, 1);

  if (replaced != NULL)
    remove_entry (self, replaced);
  entry->name = g_strdup (name);
  entry->provider = g_object_ref (provider);
  entry->bytes = sizeof (Entry) + strlen (name) + rmi_provider_get_bytes (provider);
  entry->owner = ensure_owner (self, caller);
  entry->link.data = entry;
  g_queue_push_tail_link (&entry->owner->entries, &entry->link);
  self->bytes += entry->bytes;
  g_tree_insert (self->names, entry->name, entry);
}

static gboolean
rmi_registry_service_bind (RmiNamesRegistry *registry,
                           const char       *name,
                           RmiNamesProvider *provider,
                           gboolean          replace,
                           GCancellable     *cancellable,
                           GError          **error)
{
  RmiRegistryService *self = RMI_REGISTRY_SERVICE (registry);
  RmiConnection *caller = find_caller (self);
  g_autoptr(RmiNamesProvider) completed = NULL;
  Entry *replaced;

  if (!check_name (name, error))
    return FALSE;
  replaced = g_tree_lookup (self->names, name);
  if (replaced != NULL && !replace && !is_same_process_elsewhere (replaced, caller, provider))
    {
      g_set_error (error, RMI_NAMES_ERROR, RMI_NAMES_ERROR_TAKEN, "“%s” is taken", name);
      return FALSE;
    }
  completed = rmi_provider_complete (provider, caller, error);
  if (completed == NULL
      || !check_room (self, replaced, caller, rmi_provider_get_bytes (completed), error))
    return FALSE;
  put_entry (self, replaced, caller, name, completed);
  g_signal_emit_by_name (self, "bound", name, completed);
  return TRUE;
}

static gboolean
rmi_registry_service_unbind (RmiNamesRegistry *registry,
                             const char       *name,
                             GCancellable     *cancellable,
                             GError          **error)
{
  RmiRegistryService *self = RMI_REGISTRY_SERVICE (registry);
  Entry *entry = find_entry (self, name, error);

  if (entry == NULL)
    return FALSE;
  if (entry->owner->connection != find_caller (self))
    {
      g_set_error (error, RMI_NAMES_ERROR, RMI_NAMES_ERROR_NOT_OWNER,
                   "“%s” was bound by another process", name);
      return FALSE;
    }
  remove_entry (self, entry);
  g_signal_emit_by_name (self, "unbound", name);
  return TRUE;
}

static RmiNamesProvider *
rmi_registry_service_lookup (RmiNamesRegistry *registry,
                             const char       *name,
                             GCancellable     *cancellable,
                             GError          **error)
{
  Entry *entry = find_entry (RMI_REGISTRY_SERVICE (registry), name, error);

  return entry != NULL ? g_object_ref (entry->provider) : NULL;
}

static gboolean
rmi_registry_service_list (RmiNamesRegistry *registry,
                           const char       *prefix,
                           const char       *after,
                           GPtrArray       **entries,
                           gboolean         *more,
                           GCancellable     *cancellable,
                           GError          **error)
{
  RmiRegistryService *self = RMI_REGISTRY_SERVICE (registry);
  GPtrArray *page = g_ptr_array_new_with_free_func (g_object_unref);
  GTreeNode *node;
  gsize bytes = 0;

  if (strcmp (after, prefix) < 0)
    node = g_tree_lower_bound (self->names, prefix);
  else
    node = after[0] != '\0' ? g_tree_upper_bound (self->names, after) :
                              g_tree_node_first (self->names);
  for (; node != NULL && g_str_has_prefix (g_tree_node_key (node), prefix)
         && page->len < RMI_REGISTRY_PAGE_NAMES && bytes < RMI_REGISTRY_PAGE_BYTES;
       node = g_tree_node_next (node))
    {
      Entry *entry = g_tree_node_value (node);

      g_ptr_array_add (page, g_object_new (RMI_NAMES_TYPE_ENTRY, "name", entry->name,
                                           "provider", entry->provider, NULL));
      bytes += entry->bytes;
    }
  *more = node != NULL && g_str_has_prefix (g_tree_node_key (node), prefix);
  *entries = page;
  return TRUE;
}

static void
rmi_registry_service_implement (RmiNamesRegistryInterface *iface)
{
  iface->bind = rmi_registry_service_bind;
  iface->unbind = rmi_registry_service_unbind;
  iface->lookup = rmi_registry_service_lookup;
  iface->list = rmi_registry_service_list;
}

/* ---- the object ---- */

static void
rmi_registry_service_finalize (GObject *object)
{
  RmiRegistryService *self = RMI_REGISTRY_SERVICE (object);

  g_tree_unref (self->names);
  g_hash_table_unref (self->owners);
  G_OBJECT_CLASS (rmi_registry_service_parent_class)->finalize (object);
}

static void
rmi_registry_service_class_init (RmiRegistryServiceClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = rmi_registry_service_finalize;
}

static void
rmi_registry_service_init (RmiRegistryService *self)
{
  self->names = g_tree_new_full (compare_names, NULL, NULL, entry_free);
  self->owners = g_hash_table_new_full (NULL, NULL, NULL, owner_free);
}

RmiRegistryService *
rmi_registry_service_new (void)
{
  return g_object_new (RMI_TYPE_REGISTRY_SERVICE, NULL);
}
