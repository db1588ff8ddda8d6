/* naming/rmi-binder.c: the names that a node has at one registry
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Owns the bindings, and the exports made for them. Does not hold the node, which holds it. After a
 * lost connection all names are bound again one after another, with back-off while the registry is
 * away; a name whose object is no longer exported is forgotten.
 */
#include "config.h"
#include "naming/rmi-binder-private.h"

#include "naming/rmi-registry-address-private.h"
#include "rmi/rmi-connection-internal.h"
#include "rmi/rmi-error.h"
#include "rmi/rmi-interface-entry.h"
#include "stubs/rmi-stub.h"

#include <string.h>

#define RETRY_FIRST_MS 1000
#define RETRY_LAST_MS 30000

typedef struct
{
  GWeakRef          object;
  char             *path;
  RmiNamesProvider *elsewhere;          /* of an object that is not ours; or NULL */
} Binding;

struct _RmiBinder
{
  GObject           parent_instance;

  GWeakRef          node;
  char             *uri;
  RmiNamesRegistry *registry;
  RmiConnection    *connection;         /* of the registry; NULL: in this process */
  gulong            closed_id;
  GHashTable       *bindings;           /* name → Binding */
  GHashTable       *exports;            /* paths exported for bindings → how many use it */

  GCancellable     *cancellable;        /* of binding again */
  GPtrArray        *waiting;            /* names to bind again; NULL: not at it */
  GSource          *retry;
  guint             retry_ms;
};

static void rebind_next (RmiBinder *self);

G_DEFINE_FINAL_TYPE (RmiBinder, rmi_binder, G_TYPE_OBJECT)

static void
binding_free (gpointer data)
{
  Binding *binding = data;

  g_weak_ref_clear (&binding->object);
  g_clear_object (&binding->elsewhere);
  g_free (binding->path);
  g_free (binding);
}

/* ---- exports made for names ---- */

static guint
count_export (RmiBinder  *self,
              const char *path)
{
  return GPOINTER_TO_UINT (g_hash_table_lookup (self->exports, path));
}

static void
set_export_count (RmiBinder  *self,
                  const char *path,
                  guint       count)
{
  if (count > 0)
    g_hash_table_replace (self->exports, g_strdup (path), GUINT_TO_POINTER (count));
  else
    g_hash_table_remove (self->exports, path);
}

static gboolean
is_implicit (const char *path)
{
  return g_str_has_prefix (path, "/~/");
}

/* What answers there: workers of one address have one id, and a number each behind a dot. */
static char *
dup_peer_node (RmiConnection *connection)
{
  g_autofree char *id = rmi_connection_dup_peer_node (connection);

  return id != NULL ? g_strndup (id, strcspn (id, ".")) : g_strdup ("");
}

static char **
list_endpoint (RmiConnection *connection)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();

  g_strv_builder_add (builder, rmi_connection_get_uri (connection));
  return g_strv_builder_end (builder);
}

static RmiNamesProvider *
make_provider (RmiBinder  *self,
               RmiNode    *node,
               GObject    *object,
               const char *path)
{
  RmiConnection *peer = RMI_IS_STUB (object) ? rmi_stub_get_connection (RMI_STUB (object)) : NULL;
  g_auto(GStrv) endpoints = peer != NULL ? list_endpoint (peer) : rmi_node_list_endpoints (node);
  g_autofree char *id = peer != NULL ? dup_peer_node (peer) : g_strdup (rmi_node_get_id (node));
  g_autoptr(GPtrArray) names = g_ptr_array_new ();
  g_autoptr(GPtrArray) entries = rmi_object_list_entries (object);

  for (guint i = 0; i < entries->len; i++)
    g_ptr_array_add (names, (gpointer) ((const RmiInterfaceEntry *) g_ptr_array_index (entries, i))->name);
  g_ptr_array_add (names, NULL);
  return g_object_new (RMI_NAMES_TYPE_PROVIDER,
                       "endpoints", endpoints,
                       "path", path,
                       "interfaces", names->pdata,
                       "node", id,
                       NULL);
}

/* Whether others can dial this node, which they need not in memory. */
static gboolean
ensure_listening (RmiBinder *self,
                  RmiNode   *node,
                  GError   **error)
{
  g_auto(GStrv) endpoints = rmi_node_list_endpoints (node);
  g_autofree char *uri = NULL;

  if (self->connection == NULL || (endpoints != NULL && endpoints[0] != NULL))
    return TRUE;
  uri = rmi_node_listen (node, NULL, NULL, error);
  return uri != NULL;
}

/* The object that a rebind puts another one in the place of. */
static GObject *
dup_displaced (RmiBinder  *self,
               const char *name,
               const char *path,
               gboolean    replace)
{
  Binding *binding = g_hash_table_lookup (self->bindings, name);

  if (!replace || binding == NULL || binding->elsewhere != NULL || !g_str_equal (binding->path, path) ||
      count_export (self, path) != 1)
    return NULL;
  return g_weak_ref_get (&binding->object);
}

/* Where a stub leads to stays as it is. */
static gboolean
check_stub (RmiBindRequest  *request,
            GError         **error)
{
  const char *path = rmi_stub_get_path (RMI_STUB (request->object));

  if (is_implicit (path) || rmi_connection_get_uri (rmi_stub_get_connection (RMI_STUB (request->object))) == NULL)
    {
      g_set_error (error, RMI_ERROR, RMI_ERROR_NOT_SUPPORTED,
                   "“%s”: the object is another process’s, and nobody else can reach it", request->name);
      return FALSE;
    }
  request->path = g_strdup (path);
  return TRUE;
}

static gboolean
export_for (RmiBinder      *self,
            RmiNode        *node,
            RmiBindRequest *request,
            GError        **error)
{
  g_autofree char *path = rmi_node_dup_export_path (node, request->object);

  if (path != NULL && !is_implicit (path))
    {
      if (count_export (self, path) > 0)
        set_export_count (self, path, count_export (self, path) + 1);
      request->path = g_steal_pointer (&path);
      return TRUE;
    }
  request->path = g_strconcat ("/", request->name, NULL);
  request->displaced = dup_displaced (self, request->name, request->path, request->replace);
  if (request->displaced != NULL)
    rmi_node_unexport (node, request->path);
  if (rmi_node_export (node, request->path, request->object, error))
    {
      set_export_count (self, request->path, count_export (self, request->path) + 1);
      return TRUE;
    }
  if (request->displaced != NULL)
    rmi_node_export (node, request->path, request->displaced, NULL);
  return FALSE;
}

/* One use less of @path. */
static void
drop_export (RmiBinder  *self,
             RmiNode    *node,
             const char *path)
{
  guint count = count_export (self, path);

  if (count == 0)
    return;
  set_export_count (self, path, count - 1);
  if (count == 1 && node != NULL)
    rmi_node_unexport (node, path);
}

/* ---- binding ---- */

static void
request_free (RmiBindRequest *request)
{
  g_free (request->name);
  g_free (request->path);
  g_clear_object (&request->object);
  g_clear_object (&request->displaced);
  g_clear_object (&request->provider);
  g_free (request);
}

RmiBindRequest *
rmi_binder_begin (RmiBinder  *self,
                  RmiNode    *node,
                  const char *name,
                  GObject    *object,
                  gboolean    replace,
                  GError    **error)
{
  RmiBindRequest *request;

  if (!RMI_IS_STUB (object) && !ensure_listening (self, node, error))
    return NULL;
  request = g_new0 (RmiBindRequest, 1);
  request->name = g_strdup (name);
  request->object = g_object_ref (object);
  request->replace = replace;
  if (RMI_IS_STUB (object) ? !check_stub (request, error) : !export_for (self, node, request, error))
    {
      request_free (request);
      return NULL;
    }
  request->provider = make_provider (self, node, object, request->path);
  return request;
}

static void
keep (RmiBinder      *self,
      RmiNode        *node,
      RmiBindRequest *request)
{
  Binding *binding = g_new0 (Binding, 1);

  /* The export of a displaced object is the new one's now; its use is counted twice. */
  rmi_binder_forget (self, node, request->name);
  g_weak_ref_init (&binding->object, request->object);
  binding->path = g_strdup (request->path);
  if (RMI_IS_STUB (request->object))
    binding->elsewhere = g_object_ref (request->provider);
  g_hash_table_insert (self->bindings, g_strdup (request->name), binding);
}

void
rmi_binder_end (RmiBinder      *self,
                RmiNode        *node,
                RmiBindRequest *request,
                gboolean        is_bound)
{
  if (is_bound)
    keep (self, node, request);
  else if (request->displaced != NULL)
    {
      set_export_count (self, request->path, count_export (self, request->path) - 1);
      rmi_node_unexport (node, request->path);
      rmi_node_export (node, request->path, request->displaced, NULL);
    }
  else if (!RMI_IS_STUB (request->object))
    drop_export (self, node, request->path);
  request_free (request);
}

gboolean
rmi_binder_forget (RmiBinder  *self,
                   RmiNode    *node,
                   const char *name)
{
  Binding *binding = g_hash_table_lookup (self->bindings, name);

  if (binding == NULL)
    return FALSE;
  if (binding->elsewhere == NULL)
    drop_export (self, node, binding->path);
  g_hash_table_remove (self->bindings, name);
  return TRUE;
}

GObject *
rmi_binder_dup_object (RmiBinder  *self,
                       const char *name,
                       const char *path)
{
  Binding *binding = g_hash_table_lookup (self->bindings, name);

  if (binding == NULL || g_strcmp0 (binding->path, path) != 0)
    return NULL;
  return g_weak_ref_get (&binding->object);
}

/* ---- binding again ---- */

static gboolean
retry_cb (gpointer user_data)
{
  RmiBinder *self = user_data;
  GHashTableIter iter;
  gpointer name;

  g_clear_pointer (&self->retry, g_source_unref);
  self->waiting = g_ptr_array_new_with_free_func (g_free);
  g_hash_table_iter_init (&iter, self->bindings);
  while (g_hash_table_iter_next (&iter, &name, NULL))
    g_ptr_array_add (self->waiting, g_strdup (name));
  rebind_next (self);
  return G_SOURCE_REMOVE;
}

static void
schedule_retry (RmiBinder *self,
                guint      delay_ms)
{
  GMainContext *context = rmi_poller_get_context (rmi_connection_get_poller (self->connection));

  g_assert (self->retry == NULL);
  self->retry_ms = delay_ms;
  self->retry = g_timeout_source_new (delay_ms);
  g_source_set_static_name (self->retry, "[rmi] bind again");
  g_source_set_callback (self->retry, retry_cb, self, NULL);
  g_source_attach (self->retry, context);
}

static void
connection_closed_cb (RmiConnection *connection,
                      const GError  *error,
                      gpointer       user_data)
{
  RmiBinder *self = user_data;

  if (self->retry == NULL && self->waiting == NULL && g_hash_table_size (self->bindings) > 0)
    schedule_retry (self, RETRY_FIRST_MS);
}

/* The provider of @name as it is now; NULL if its object is ours and not exported any more. */
static RmiNamesProvider *
renew_provider (RmiBinder  *self,
                RmiNode    *node,
                const char *name)
{
  Binding *binding = g_hash_table_lookup (self->bindings, name);
  g_autoptr(GObject) object = NULL;
  g_autofree char *path = NULL;

  if (binding == NULL)
    return NULL;
  if (binding->elsewhere != NULL)
    return g_object_ref (binding->elsewhere);
  object = g_weak_ref_get (&binding->object);
  if (object != NULL)
    path = rmi_node_dup_export_path (node, object);
  if (g_strcmp0 (path, binding->path) != 0)
    return NULL;
  return make_provider (self, node, object, binding->path);
}

/* Whether trying again may help. */
static gboolean
is_passing (const GError *error)
{
  return error->domain == RMI_ERROR
         && (error->code == RMI_ERROR_UNREACHABLE || error->code == RMI_ERROR_DISCONNECTED
             || error->code == RMI_ERROR_TIMED_OUT || error->code == RMI_ERROR_CLOSING
             || error->code == RMI_ERROR_LIMIT || error->code == RMI_ERROR_NO_SUCH_OBJECT);
}

static void
rebound_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(RmiBinder) self = user_data;
  g_autoptr(RmiNode) node = g_weak_ref_get (&self->node);
  g_autoptr(GError) error = NULL;
  g_autofree char *name = NULL;

  rmi_names_registry_bind_finish (RMI_NAMES_REGISTRY (object), result, &error);
  if (node == NULL || g_cancellable_is_cancelled (self->cancellable))
    return;
  if (error != NULL && is_passing (error))
    {
      g_clear_pointer (&self->waiting, g_ptr_array_unref);
      schedule_retry (self, MIN (self->retry_ms * 8 / 5, RETRY_LAST_MS));
      return;
    }
  name = g_ptr_array_steal_index_fast (self->waiting, self->waiting->len - 1);
  if (error != NULL)
    {
      g_debug ("“%s” is lost: %s", name, error->message);
      rmi_binder_forget (self, node, name);
    }
  rebind_next (self);
}

/* The last of the waiting names is the one that is asked for. */
static void
rebind_next (RmiBinder *self)
{
  g_autoptr(RmiNode) node = g_weak_ref_get (&self->node);

  while (node != NULL && self->waiting->len > 0)
    {
      const char *name = g_ptr_array_index (self->waiting, self->waiting->len - 1);
      g_autoptr(RmiNamesProvider) provider = renew_provider (self, node, name);

      if (provider != NULL)
        {
          rmi_names_registry_bind_async (self->registry, name, provider, FALSE, self->cancellable,
                                         rebound_cb, g_object_ref (self));
          return;
        }
      rmi_binder_forget (self, node, name);
      g_ptr_array_set_size (self->waiting, self->waiting->len - 1);
    }
  g_clear_pointer (&self->waiting, g_ptr_array_unref);
}

/* ---- the object ---- */

static void
rmi_binder_dispose (GObject *object)
{
  RmiBinder *self = RMI_BINDER (object);

  g_cancellable_cancel (self->cancellable);
  if (self->retry != NULL)
    g_source_destroy (self->retry);
  g_clear_pointer (&self->retry, g_source_unref);
  if (self->connection != NULL)
    g_clear_signal_handler (&self->closed_id, self->connection);
  g_clear_object (&self->connection);
  g_clear_object (&self->registry);
  G_OBJECT_CLASS (rmi_binder_parent_class)->dispose (object);
}

static void
rmi_binder_finalize (GObject *object)
{
  RmiBinder *self = RMI_BINDER (object);

  g_weak_ref_clear (&self->node);
  g_clear_pointer (&self->waiting, g_ptr_array_unref);
  g_hash_table_unref (self->bindings);
  g_hash_table_unref (self->exports);
  g_object_unref (self->cancellable);
  g_free (self->uri);
  G_OBJECT_CLASS (rmi_binder_parent_class)->finalize (object);
}

static void
rmi_binder_class_init (RmiBinderClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = rmi_binder_dispose;
  object_class->finalize = rmi_binder_finalize;
}

static void
rmi_binder_init (RmiBinder *self)
{
  g_weak_ref_init (&self->node, NULL);
  self->bindings = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, binding_free);
  self->exports = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->cancellable = g_cancellable_new ();
}

static GQuark
binders_quark (void)
{
  return g_quark_from_static_string ("rmi-binders");
}

RmiBinder *
rmi_binder_find (RmiNode    *node,
                 const char *uri)
{
  GHashTable *binders = g_object_get_qdata (G_OBJECT (node), binders_quark ());

  return binders != NULL ? g_hash_table_lookup (binders, uri) : NULL;
}

RmiBinder *
rmi_binder_ensure (RmiNode          *node,
                   const char       *uri,
                   RmiNamesRegistry *registry)
{
  GHashTable *binders = g_object_get_qdata (G_OBJECT (node), binders_quark ());
  RmiBinder *self = rmi_binder_find (node, uri);

  if (self != NULL)
    return self;
  if (binders == NULL)
    {
      binders = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_object_unref);
      g_object_set_qdata_full (G_OBJECT (node), binders_quark (), binders,
                               (GDestroyNotify) g_hash_table_unref);
    }
  self = g_object_new (RMI_TYPE_BINDER, NULL);
  g_weak_ref_set (&self->node, node);
  self->uri = g_strdup (uri);
  self->registry = g_object_ref (registry);
  if (RMI_IS_STUB (registry))
    {
      self->connection = g_object_ref (rmi_stub_get_connection (RMI_STUB (registry)));
      self->closed_id =
          g_signal_connect (self->connection, "closed", G_CALLBACK (connection_closed_cb), self);
    }
  g_hash_table_insert (binders, self->uri, self);
  return self;
}

RmiNamesRegistry *
rmi_binder_get_registry (RmiBinder *self)
{
  return self->registry;
}
