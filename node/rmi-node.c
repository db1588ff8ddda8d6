/* node/rmi-node.c: a process's presence: listens, dials, exports, imports
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Ties the rooms below together. Public functions may be called in any thread: whoever has acquired the context does the work.
 */
#include "config.h"
#include "node/rmi-node-private.h"

#include "node/rmi-approach-private.h"
#include "node/rmi-listener-private.h"
#include "node/rmi-node-limits-private.h"
#include "rmi/rmi-error.h"
#include "rmi/rmi-forwarder-internal.h"

/**
 * RmiNode:
 *
 * A process's presence: listens, dials, exports objects to peers and imports theirs. It belongs to the main context that was
 * the thread's default when it was made, is served while that runs and in blocking calls, and may be used from any thread.
 * A process may have several.
 *
 * Each limit of the protocol is a property: `limit-frame-bytes` and so on for the network, `local-limit-frame-bytes` for Unix
 * sockets of the same user.
 *
 * Since: 1.0
 */
G_DEFINE_FINAL_TYPE (RmiNode, rmi_node, G_TYPE_OBJECT)

enum
{
  UNREFERENCED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* Behind those of the limits. */
#define PROP_DIRECT_DIAL 1000

static void
accept_cb (GSocket  *socket,
           gpointer  user_data)
{
  rmi_connection_pool_accept (RMI_NODE (user_data)->connections, socket);
}

gboolean
rmi_node_run_job (RmiNodeJob  *job,
                  GFunc        func,
                  GError     **error)
{
  rmi_poller_run_in_owner (job->self->poller, func, job);
  if (job->error != NULL)
    g_propagate_error (error, job->error);
  return job->succeeded;
}

/* ---- listening ---- */

static void
listen_cb (gpointer data,
           gpointer unused)
{
  RmiNodeJob *job = data;
  RmiListener *listener;

  listener = rmi_listener_new (job->self->poller, job->endpoint, accept_cb, job->self, &job->error);
  if (listener == NULL)
    return;

  g_ptr_array_add (job->self->listeners, listener);
  job->result = g_strdup (rmi_listener_get_uri (listener));
  job->succeeded = TRUE;
}

/**
 * rmi_node_listen:
 * @self: a node
 * @uri: (nullable): where: `rmi://127.0.0.1:0` (TCP; port 0 means any) or `rmi+unix://%2Frun%2Fshop.sock`; %NULL for a Unix socket of this
 *   process in `$XDG_RUNTIME_DIR/rmi/`
 * @cancellable: (nullable): not used yet: listening does not block
 * @error: return location for an error
 *
 * Lets other processes connect. TCP beyond loopback is refused with %RMI_ERROR_INSECURE. May be called several times.
 *
 * Returns: (transfer full): the real URI, with the port that was chosen; or %NULL
 *
 * Since: 1.0
 */
char *
rmi_node_listen (RmiNode       *self,
                 const char    *uri,
                 GCancellable  *cancellable,
                 GError       **error)
{
  RmiNodeJob job = { .self = self };
  g_autofree char *private_uri = NULL;
  g_autoptr(RmiEndpoint) endpoint = NULL;

  g_return_val_if_fail (RMI_IS_NODE (self), NULL);

  if (uri == NULL)
    uri = private_uri = rmi_listener_make_private_uri (error);
  if (uri == NULL)
    return NULL;
  endpoint = rmi_endpoint_parse (uri, NULL, error);
  if (endpoint == NULL)
    return NULL;

  job.endpoint = endpoint;
  return rmi_node_run_job (&job, listen_cb, error) ? job.result : NULL;
}

static void
list_endpoints_cb (gpointer data,
                   gpointer unused)
{
  RmiNodeJob *job = data;
  g_autoptr(GPtrArray) uris = g_ptr_array_new ();

  for (guint i = 0; i < job->self->listeners->len; i++)
    g_ptr_array_add (uris, g_strdup (rmi_listener_get_uri (job->self->listeners->pdata[i])));
  g_ptr_array_add (uris, NULL);
  job->result = g_ptr_array_free (g_steal_pointer (&uris), FALSE);
}

/**
 * rmi_node_list_endpoints:
 * @self: a node
 *
 * Returns: (transfer full) (array zero-terminated=1): the URIs that @self listens on
 *
 * Since: 1.0
 */
char **
rmi_node_list_endpoints (RmiNode *self)
{
  RmiNodeJob job = { .self = self };

  g_return_val_if_fail (RMI_IS_NODE (self), NULL);

  rmi_node_run_job (&job, list_endpoints_cb, NULL);
  return job.result;
}

/* ---- exporting ---- */

/* A stub of another node's is called as any object is. */
static gboolean
is_own_stub (RmiNode *self,
             GObject *object)
{
  RmiConnection *connection = RMI_IS_STUB (object) ? rmi_stub_get_connection (RMI_STUB (object)) : NULL;

  return connection != NULL && rmi_connection_get_poller (connection) == self->poller;
}

/* What is exported for @object (borrowed), or NULL. */
static GObject *
find_exported (RmiNode *self,
               GObject *object)
{
  return is_own_stub (self, object) ? rmi_relay_table_lookup (self->relays, RMI_STUB (object)) : object;
}

static void
export_cb (gpointer data,
           gpointer unused)
{
  RmiNodeJob *job = data;
  RmiNode *self = job->self;
  g_autoptr(GObject) object = is_own_stub (self, job->object)
                                ? rmi_relay_table_ensure (self->relays, RMI_STUB (job->object), &job->error)
                                : g_object_ref (job->object);

  job->succeeded = object != NULL && rmi_object_exporter_export (self->exporter, job->text, object, &job->error);
}

/**
 * rmi_node_export:
 * @self: a node
 * @path: where, such as `/shop/warehouse`
 * @object: an object with at least one described interface
 * @error: return location for an error
 *
 * Publishes every described interface of @object. The node holds @object until it is unexported.
 *
 * If @object is a stub that @self has, what is called at @path is passed on to the remote object: calls, errors, references,
 * properties and signals, as they are. This program need not know the interfaces, so a plain RmiStub will do.
 *
 * Returns: %FALSE with %RMI_ERROR_INVALID_ARGUMENTS if the path is none or taken, or the object has nothing to publish, and with
 *   %RMI_ERROR_NO_SUCH_OBJECT if @object is a stub that is broken
 *
 * Since: 1.0
 */
gboolean
rmi_node_export (RmiNode     *self,
                 const char  *path,
                 GObject     *object,
                 GError     **error)
{
  RmiNodeJob job = { .self = self, .text = path, .object = object };

  g_return_val_if_fail (RMI_IS_NODE (self), FALSE);
  g_return_val_if_fail (path != NULL, FALSE);
  g_return_val_if_fail (G_IS_OBJECT (object), FALSE);

  return rmi_node_run_job (&job, export_cb, error);
}

static void
unexport_cb (gpointer data,
             gpointer unused)
{
  RmiNodeJob *job = data;

  job->succeeded = rmi_object_exporter_unexport (job->self->exporter, job->text);
}

/**
 * rmi_node_unexport:
 * @self: a node
 * @path: where an object was exported
 *
 * Takes the path back: running calls finish, later ones fail with %RMI_ERROR_NO_SUCH_OBJECT. Stubs of it stay, and call whatever
 * will be there. Peers that were passed the object while it had no path keep it: see rmi_node_unexport_object().
 *
 * Returns: %FALSE if nothing was exported there
 *
 * Since: 1.0
 */
gboolean
rmi_node_unexport (RmiNode    *self,
                   const char *path)
{
  RmiNodeJob job = { .self = self, .text = path };

  g_return_val_if_fail (RMI_IS_NODE (self), FALSE);
  g_return_val_if_fail (path != NULL, FALSE);

  return rmi_node_run_job (&job, unexport_cb, NULL);
}

static void
unexport_object_cb (gpointer data,
                    gpointer unused)
{
  RmiNodeJob *job = data;
  RmiNode *self = job->self;
  GObject *object = find_exported (self, job->object);

  job->succeeded = object != NULL && rmi_object_exporter_unexport_object (self->exporter, object);
}

/**
 * rmi_node_unexport_object:
 * @self: a node
 * @object: an object
 *
 * Takes @object back from everybody, whether it was exported at paths or passed to peers: running calls finish and answer, later ones
 * fail with %RMI_ERROR_NO_SUCH_OBJECT. Stubs that hold it are broken, and say so by #RmiStub::rmi-broken; #RmiNode::unreferenced is
 * emitted if there are any. The node holds @object no longer. It may be exported and passed again, which makes a new id.
 *
 * If @object is a stub that @self has, what is taken back is what @self passes on of the remote object; the stub stays as it is.
 *
 * Returns: %FALSE if it is not exported
 *
 * Since: 1.0
 */
gboolean
rmi_node_unexport_object (RmiNode *self,
                          GObject *object)
{
  RmiNodeJob job = { .self = self, .object = object };

  g_return_val_if_fail (RMI_IS_NODE (self), FALSE);
  g_return_val_if_fail (G_IS_OBJECT (object), FALSE);

  return rmi_node_run_job (&job, unexport_object_cb, NULL);
}

static void
dup_export_path_cb (gpointer data,
                    gpointer unused)
{
  RmiNodeJob *job = data;
  RmiNode *self = job->self;
  GObject *object = find_exported (self, job->object);

  if (object != NULL)
    job->result = g_strdup (rmi_object_exporter_get_path (self->exporter, object));
}

/**
 * rmi_node_dup_export_path:
 * @self: a node
 * @object: an object
 *
 * Returns: (transfer full) (nullable): a path that @object is exported at, named ones first; %NULL if it is not exported
 *
 * Since: 1.0
 */
char *
rmi_node_dup_export_path (RmiNode *self,
                          GObject *object)
{
  RmiNodeJob job = { .self = self, .object = object };

  g_return_val_if_fail (RMI_IS_NODE (self), NULL);
  g_return_val_if_fail (G_IS_OBJECT (object), NULL);

  rmi_node_run_job (&job, dup_export_path_cb, NULL);
  return job.result;
}

/* ---- its own life ---- */

/**
 * rmi_node_get_id:
 * @self: a node
 *
 * Returns: what @self calls itself to its peers: 128 random bits, new for each node
 *
 * Since: 1.0
 */
const char *
rmi_node_get_id (RmiNode *self)
{
  g_return_val_if_fail (RMI_IS_NODE (self), NULL);

  return self->runtime->node_id;
}

static void
flush_cb (gpointer data,
          gpointer unused)
{
  rmi_poller_flush (data);
}

/**
 * rmi_node_flush:
 * @self: a node
 *
 * Sends now what would be sent when this turn of the main loop ends, as far as the sockets take it.
 *
 * Since: 1.0
 */
void
rmi_node_flush (RmiNode *self)
{
  g_return_if_fail (RMI_IS_NODE (self));

  rmi_poller_run_in_owner (self->poller, flush_cb, self->poller);
}

static void
close_cb (gpointer data,
          gpointer unused)
{
  RmiNode *self = RMI_NODE (data);

  g_ptr_array_set_size (self->listeners, 0);
  rmi_poller_flush (self->poller);
  rmi_connection_pool_close (self->connections);
  rmi_object_exporter_close (self->exporter);
}

/**
 * rmi_node_close:
 * @self: a node
 *
 * Stops listening, sends what is queued, closes every connection, and drops every export. Calls in flight fail. Dropping the last
 * reference to a node does the same.
 *
 * Since: 1.0
 */
void
rmi_node_close (RmiNode *self)
{
  g_return_if_fail (RMI_IS_NODE (self));

  rmi_poller_run_in_owner (self->poller, close_cb, self);
}

void
rmi_node_close_soon (RmiNode *self)
{
  rmi_poller_hand_over (self->poller, close_cb, g_object_ref (self), g_object_unref);
}

void
rmi_node_set_lease_unit (RmiNode *self,
                         gint64   unit_us)
{
  self->runtime->lease_unit_us = unit_us;
}

void
rmi_node_set_id (RmiNode *self,
                 char    *id)
{
  g_free (self->runtime->node_id);
  self->runtime->node_id = id;
}

void
rmi_node_set_workers (RmiNode        *self,
                      RmiNode *const *workers,
                      guint           n_workers)
{
  g_autofree RmiConnectionPool **pools = g_new (RmiConnectionPool *, n_workers);

  for (guint i = 0; i < n_workers; i++)
    pools[i] = workers[i]->connections;
  rmi_connection_pool_distribute (self->connections, pools, n_workers);
}

static void
unreferenced_cb (RmiObjectExporter *exporter,
                 GObject           *object,
                 gpointer           user_data)
{
  /* Of other peers' objects, the program did not pass on any of its own. */
  if (!RMI_IS_FORWARDER (object))
    g_signal_emit (user_data, signals[UNREFERENCED], 0, object);
}

static GObject *
introduce (RmiRuntime     *runtime,
           GObject        *stub,
           RmiConnection  *receiver,
           char          **at,
           GError        **error)
{
  RmiNode *self = runtime->introducer;

  *at = rmi_approach_list_ways (self, RMI_STUB (stub), receiver);
  return rmi_relay_table_ensure (self->relays, RMI_STUB (stub), error);
}

static void
approach (RmiRuntime *runtime,
          GObject    *stub,
          const char *at,
          const char *owner)
{
  rmi_approach_start (runtime->introducer, RMI_STUB (stub), at, owner);
}

static void
rmi_node_constructed (GObject *object)
{
  RmiNode *self = RMI_NODE (object);
  g_autoptr(GMainContext) context = g_main_context_ref_thread_default ();
  g_autoptr(GError) error = NULL;

  G_OBJECT_CLASS (rmi_node_parent_class)->constructed (object);

  self->poller = rmi_poller_new (context, &error);
  /* Like memory, descriptors for one poller are taken for granted. */
  if (self->poller == NULL)
    g_error ("Cannot make a node: %s", error->message);
  self->exporter = rmi_object_exporter_new (self->poller);
  self->importer = rmi_stub_importer_new (self->poller);
  self->runtime = rmi_runtime_new (self->poller, RMI_EXPORTER (self->exporter), RMI_IMPORTER (self->importer));
  self->relays = rmi_relay_table_new (self->exporter);
  self->runtime->introducer = self;
  self->runtime->introduce = introduce;
  self->runtime->approach = approach;
  self->connections = rmi_connection_pool_new (self->runtime);
  g_signal_connect (self->exporter, "unreferenced", G_CALLBACK (unreferenced_cb), self);
}

/* The last reference may go in any thread, while the owner is in a turn. */
static void
dispose_cb (gpointer data,
            gpointer unused)
{
  RmiNode *self = RMI_NODE (data);

  close_cb (self, NULL);
  g_signal_handlers_disconnect_by_data (self->exporter, self);
  rmi_poller_close (self->poller);
  self->runtime->introduce = NULL;
  self->runtime->approach = NULL;
  g_clear_pointer (&self->connections, rmi_connection_pool_free);
  g_clear_object (&self->exporter);
  g_clear_object (&self->importer);
  g_clear_pointer (&self->relays, rmi_relay_table_unref);
  g_clear_pointer (&self->runtime, rmi_runtime_unref);
}

static void
rmi_node_dispose (GObject *object)
{
  RmiNode *self = RMI_NODE (object);

  if (self->poller != NULL)
    rmi_poller_run_in_owner (self->poller, dispose_cb, self);
  g_clear_pointer (&self->poller, rmi_poller_unref);
  G_OBJECT_CLASS (rmi_node_parent_class)->dispose (object);
}

static void
rmi_node_finalize (GObject *object)
{
  RmiNode *self = RMI_NODE (object);

  g_clear_pointer (&self->listeners, g_ptr_array_unref);
  g_strfreev (self->direct_dial);
  G_OBJECT_CLASS (rmi_node_parent_class)->finalize (object);
}

/* A property and its value, for the owner. */
typedef struct
{
  RmiNode      *self;
  RmiRuntime   *runtime;
  guint         property_id;
  GValue       *value;
  const GValue *new_value;
} PropertyJob;

static void
get_property_cb (gpointer data,
              gpointer unused)
{
  PropertyJob *job = data;

  if (job->property_id == PROP_DIRECT_DIAL)
    g_value_set_boxed (job->value, job->self->direct_dial);
  else
    rmi_node_limits_get (&job->runtime->network, &job->runtime->local, job->property_id, job->value);
}

static void
set_property_cb (gpointer data,
              gpointer unused)
{
  PropertyJob *job = data;

  if (job->property_id == PROP_DIRECT_DIAL)
    {
      g_strfreev (job->self->direct_dial);
      job->self->direct_dial = g_value_dup_boxed (job->new_value);
    }
  else
    rmi_node_limits_set (&job->runtime->network, &job->runtime->local, job->property_id, job->new_value);
}

static void
rmi_node_get_property (GObject    *object,
                       guint       property_id,
                       GValue     *value,
                       GParamSpec *pspec)
{
  RmiNode *self = RMI_NODE (object);
  PropertyJob job = { self, self->runtime, property_id, .value = value };

  rmi_poller_run_in_owner (self->poller, get_property_cb, &job);
}

static void
rmi_node_set_property (GObject      *object,
                       guint         property_id,
                       const GValue *value,
                       GParamSpec   *pspec)
{
  RmiNode *self = RMI_NODE (object);
  PropertyJob job = { self, self->runtime, property_id, .new_value = value };

  rmi_poller_run_in_owner (self->poller, set_property_cb, &job);
}

static void
rmi_node_class_init (RmiNodeClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->constructed = rmi_node_constructed;
  object_class->dispose = rmi_node_dispose;
  object_class->finalize = rmi_node_finalize;
  object_class->get_property = rmi_node_get_property;
  object_class->set_property = rmi_node_set_property;
  rmi_node_limits_install (object_class);

  /**
   * RmiNode:direct-dial:
   *
   * To reach objects of third parties: host names or addresses, with a port or without, and `local` for endpoints on the same
   * machine. Where this node passes on an object of a peer that it dialled at one of these, it says where; and where it is told so, it
   * dials, if the endpoint is one of these, and calls the object directly from then on: so who introduced it may go. By default
   * there are none, and such objects are called through who introduced them.
   *
   * Since: 1.0
   */
  g_object_class_install_property (object_class, PROP_DIRECT_DIAL,
                                   g_param_spec_boxed ("direct-dial", NULL, NULL, G_TYPE_STRV,
                                                       G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS));

  /**
   * RmiNode::unreferenced:
   * @self: the node
   * @object: an object of this process
   *
   * The last peer that held a reference to @object let go of it, or is gone, or it was taken back. Emitted once each time. The node itself drops
   * the object after, unless it is exported at a path.
   *
   * Since: 1.0
   */
  signals[UNREFERENCED] = g_signal_new ("unreferenced", RMI_TYPE_NODE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                        1, G_TYPE_OBJECT);
}

static void
rmi_node_init (RmiNode *self)
{
  self->listeners = g_ptr_array_new_with_free_func ((GDestroyNotify) rmi_listener_free);
}

/**
 * rmi_node_new:
 *
 * A node of the thread-default main context. It is served while that context's loop runs, and in blocking calls.
 *
 * Returns: (transfer full): the node
 *
 * Since: 1.0
 */
RmiNode *
rmi_node_new (void)
{
  return g_object_new (RMI_TYPE_NODE, NULL);
}
