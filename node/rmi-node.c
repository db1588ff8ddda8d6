/* node/rmi-node.c: a process's presence: listens, dials, exports, imports
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Ties the rooms below together. Public functions may be called in any thread: whoever has acquired the context does the work.
 */
#include "config.h"
#include "node/rmi-node.h"

#include "node/rmi-connection-pool-private.h"
#include "node/rmi-listener-private.h"
#include "node/rmi-node-limits-private.h"
#include "rmi/rmi-connection-internal.h"
#include "rmi/rmi-error.h"
#include "rmi/rmi-runtime-internal.h"
#include "skeletons/rmi-object-exporter-internal.h"
#include "stubs/rmi-stub-importer-internal.h"

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
struct _RmiNode
{
  GObject parent_instance;

  RmiPoller         *poller;
  RmiRuntime        *runtime;
  RmiObjectExporter *exporter;
  RmiStubImporter   *importer;
  GPtrArray         *listeners;
  RmiConnectionPool *connections;
};

G_DEFINE_FINAL_TYPE (RmiNode, rmi_node, G_TYPE_OBJECT)

enum
{
  UNREFERENCED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
accept_cb (GSocket  *socket,
           gpointer  user_data)
{
  rmi_connection_pool_accept (RMI_NODE (user_data)->connections, socket);
}

/* ---- listening ---- */

/* One piece of work for the owner. */
typedef struct
{
  RmiNode            *self;
  const char         *text;         /* a URI or a path */
  const RmiEndpoint  *endpoint;
  GObject            *object;
  GType               type;
  gpointer            result;
  gboolean            succeeded;
  GError             *error;
} Job;

static gboolean
run_job (Job     *job,
         GFunc    func,
         GError **error)
{
  rmi_poller_run_in_owner (job->self->poller, func, job);
  if (job->error != NULL)
    g_propagate_error (error, job->error);
  return job->succeeded;
}

static void
listen_cb (gpointer data,
           gpointer unused)
{
  Job *job = data;
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
  Job job = { .self = self };
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
  return run_job (&job, listen_cb, error) ? job.result : NULL;
}

static void
list_endpoints_cb (gpointer data,
                   gpointer unused)
{
  Job *job = data;
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
  Job job = { .self = self };

  g_return_val_if_fail (RMI_IS_NODE (self), NULL);

  run_job (&job, list_endpoints_cb, NULL);
  return job.result;
}

/* ---- exporting ---- */

static void
export_cb (gpointer data,
           gpointer unused)
{
  Job *job = data;

  job->succeeded = rmi_object_exporter_export (job->self->exporter, job->text, job->object, &job->error);
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
 * Returns: %FALSE with %RMI_ERROR_INVALID_ARGUMENTS if the path is none or taken, or the object has nothing to publish
 *
 * Since: 1.0
 */
gboolean
rmi_node_export (RmiNode     *self,
                 const char  *path,
                 GObject     *object,
                 GError     **error)
{
  Job job = { .self = self, .text = path, .object = object };

  g_return_val_if_fail (RMI_IS_NODE (self), FALSE);
  g_return_val_if_fail (path != NULL, FALSE);
  g_return_val_if_fail (G_IS_OBJECT (object), FALSE);

  return run_job (&job, export_cb, error);
}

static void
unexport_cb (gpointer data,
             gpointer unused)
{
  Job *job = data;

  job->succeeded = rmi_object_exporter_unexport (job->self->exporter, job->text);
}

/**
 * rmi_node_unexport:
 * @self: a node
 * @path: where an object was exported
 *
 * Takes the object back: running calls finish, later ones fail with %RMI_ERROR_NO_SUCH_OBJECT.
 *
 * Returns: %FALSE if nothing was exported there
 *
 * Since: 1.0
 */
gboolean
rmi_node_unexport (RmiNode    *self,
                   const char *path)
{
  Job job = { .self = self, .text = path };

  g_return_val_if_fail (RMI_IS_NODE (self), FALSE);
  g_return_val_if_fail (path != NULL, FALSE);

  return run_job (&job, unexport_cb, NULL);
}

static void
dup_export_path_cb (gpointer data,
                    gpointer unused)
{
  Job *job = data;

  job->result = g_strdup (rmi_object_exporter_get_path (job->self->exporter, job->object));
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
  Job job = { .self = self, .object = object };

  g_return_val_if_fail (RMI_IS_NODE (self), NULL);
  g_return_val_if_fail (G_IS_OBJECT (object), NULL);

  run_job (&job, dup_export_path_cb, NULL);
  return job.result;
}

/* ---- dialling ---- */

static void
get_connection_cb (gpointer data,
                   gpointer unused)
{
  Job *job = data;

  job->result = g_object_ref (rmi_connection_pool_dial (job->self->connections, job->endpoint));
}

static RmiEndpoint *
parse_remote (const char  *uri,
              char       **path,
              GError     **error)
{
  g_autoptr(RmiEndpoint) endpoint = rmi_endpoint_parse (uri, path, error);

  if (endpoint == NULL)
    return NULL;
  if (endpoint->transport == RMI_TRANSPORT_TCP || endpoint->transport == RMI_TRANSPORT_UNIX)
    return g_steal_pointer (&endpoint);

  g_set_error (error, RMI_ERROR, RMI_ERROR_NOT_SUPPORTED, "%s: only rmi:// and rmi+unix:// can be dialled", uri);
  return NULL;
}

/**
 * rmi_node_get_connection:
 * @self: a node
 * @uri: an endpoint, or an object at one
 * @error: return location for an error
 *
 * The connection that all stubs of objects at this endpoint share. Does not dial: the first call does.
 *
 * Returns: (transfer full): the connection, or %NULL with %RMI_ERROR_INVALID_ARGUMENTS
 *
 * Since: 1.0
 */
RmiConnection *
rmi_node_get_connection (RmiNode     *self,
                         const char  *uri,
                         GError     **error)
{
  Job job = { .self = self };
  g_autoptr(RmiEndpoint) endpoint = NULL;

  g_return_val_if_fail (RMI_IS_NODE (self), NULL);
  g_return_val_if_fail (uri != NULL, NULL);

  endpoint = parse_remote (uri, NULL, error);
  if (endpoint == NULL)
    return NULL;

  job.endpoint = endpoint;
  run_job (&job, get_connection_cb, error);
  return job.result;
}

static gboolean
is_own_endpoint (RmiNode           *self,
                 const RmiEndpoint *endpoint)
{
  g_autofree char *uri = rmi_endpoint_to_uri (endpoint);

  for (guint i = 0; i < self->listeners->len; i++)
    if (g_str_equal (uri, rmi_listener_get_uri (self->listeners->pdata[i])))
      return TRUE;
  return FALSE;
}

/* The object itself, or a stub that may have to be filled. */
static void
find_object_cb (gpointer data,
                gpointer unused)
{
  Job *job = data;
  RmiNode *self = job->self;
  GObject *local;

  if (!is_own_endpoint (self, job->endpoint))
    {
      job->result = rmi_stub_importer_get_stub (self->importer, rmi_connection_pool_dial (self->connections, job->endpoint), job->text, job->type,
                                                &job->error);
      job->succeeded = job->result != NULL;
      return;
    }

  local = rmi_object_exporter_find (self->exporter, job->text);
  if (local == NULL)
    g_set_error (&job->error, RMI_ERROR, RMI_ERROR_NO_SUCH_OBJECT, "No object is exported at %s", job->text);
  else if (job->type != RMI_TYPE_STUB && !g_type_is_a (G_OBJECT_TYPE (local), job->type))
    g_set_error (&job->error, RMI_ERROR, RMI_ERROR_NO_SUCH_OBJECT, "The object at %s is no %s", job->text,
                 g_type_name (job->type));
  else
    job->result = g_object_ref (local);
  job->succeeded = job->result != NULL;
}

static gpointer
find_object (RmiNode     *self,
             const char  *uri,
             GType        interface_type,
             GError     **error)
{
  Job job = { .self = self, .type = interface_type };
  g_autoptr(RmiEndpoint) endpoint = NULL;
  g_autofree char *path = NULL;

  endpoint = parse_remote (uri, &path, error);
  if (endpoint == NULL)
    return NULL;

  job.endpoint = endpoint;
  job.text = path;
  return run_job (&job, find_object_cb, error) ? job.result : NULL;
}

/**
 * rmi_node_get_object:
 * @self: a node
 * @uri: where the object is
 * @interface_type: its interface; %RMI_TYPE_STUB for dynamic calls
 * @cancellable: (nullable): to give up
 * @error: return location for an error
 *
 * An object of @interface_type that is the one at @uri: the object itself if this node exports it, else a stub. The same object
 * is the same stub, as long as somebody holds it. Blocks for one round trip, which fills the stub's properties.
 *
 * Returns: (transfer full) (type GObject): the object, or %NULL with %RMI_ERROR_UNREACHABLE, %RMI_ERROR_NO_SUCH_OBJECT
 *   or another error of a call
 *
 * Since: 1.0
 */
gpointer
rmi_node_get_object (RmiNode       *self,
                     const char    *uri,
                     GType          interface_type,
                     GCancellable  *cancellable,
                     GError       **error)
{
  g_autoptr(GObject) object = NULL;

  g_return_val_if_fail (RMI_IS_NODE (self), NULL);
  g_return_val_if_fail (uri != NULL, NULL);

  object = find_object (self, uri, interface_type, error);
  if (object == NULL)
    return NULL;
  if (RMI_IS_STUB (object) && !rmi_stub_fill (RMI_STUB (object), cancellable, error))
    return NULL;
  return g_steal_pointer (&object);
}

static void
filled_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  GError *error = NULL;

  if (rmi_stub_fill_finish (RMI_STUB (object), result, &error))
    g_task_return_pointer (task, g_object_ref (object), g_object_unref);
  else
    g_task_return_error (task, error);
}

/**
 * rmi_node_get_object_async:
 * @self: a node
 * @uri: where the object is
 * @interface_type: its interface; %RMI_TYPE_STUB for dynamic calls
 * @cancellable: (nullable): to give up
 * @callback: called when it is there
 * @user_data: for @callback
 *
 * The asynchronous form of rmi_node_get_object().
 *
 * Since: 1.0
 */
void
rmi_node_get_object_async (RmiNode             *self,
                           const char          *uri,
                           GType                interface_type,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  g_autoptr(GObject) object = NULL;
  GError *error = NULL;

  g_return_if_fail (RMI_IS_NODE (self));
  g_return_if_fail (uri != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, rmi_node_get_object_async);
  object = find_object (self, uri, interface_type, &error);
  if (object == NULL)
    g_task_return_error (task, error);
  else if (RMI_IS_STUB (object))
    rmi_stub_fill_async (RMI_STUB (object), cancellable, filled_cb, g_steal_pointer (&task));
  else
    g_task_return_pointer (task, g_steal_pointer (&object), g_object_unref);
}

/**
 * rmi_node_get_object_finish:
 * @self: a node
 * @result: what the callback got
 * @error: return location for an error
 *
 * Returns: (transfer full) (type GObject): the object, or %NULL with @error
 *
 * Since: 1.0
 */
gpointer
rmi_node_get_object_finish (RmiNode       *self,
                            GAsyncResult  *result,
                            GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  g_return_val_if_fail (g_task_get_source_tag (G_TASK (result)) == rmi_node_get_object_async, NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
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

static void
unreferenced_cb (RmiObjectExporter *exporter,
                 GObject           *object,
                 gpointer           user_data)
{
  g_signal_emit (user_data, signals[UNREFERENCED], 0, object);
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
  self->connections = rmi_connection_pool_new (self->runtime);
  g_signal_connect (self->exporter, "unreferenced", G_CALLBACK (unreferenced_cb), self);
}

static void
rmi_node_dispose (GObject *object)
{
  RmiNode *self = RMI_NODE (object);

  if (self->poller != NULL)
    {
      rmi_node_close (self);
      g_signal_handlers_disconnect_by_data (self->exporter, self);
      rmi_poller_close (self->poller);
    }
  g_clear_pointer (&self->connections, rmi_connection_pool_free);
  g_clear_object (&self->exporter);
  g_clear_object (&self->importer);
  g_clear_pointer (&self->runtime, rmi_runtime_unref);
  g_clear_pointer (&self->poller, rmi_poller_unref);
  G_OBJECT_CLASS (rmi_node_parent_class)->dispose (object);
}

static void
rmi_node_finalize (GObject *object)
{
  RmiNode *self = RMI_NODE (object);

  g_clear_pointer (&self->listeners, g_ptr_array_unref);
  G_OBJECT_CLASS (rmi_node_parent_class)->finalize (object);
}

static void
rmi_node_get_property (GObject    *object,
                       guint       property_id,
                       GValue     *value,
                       GParamSpec *pspec)
{
  RmiRuntime *runtime = RMI_NODE (object)->runtime;

  rmi_node_limits_get (&runtime->network, &runtime->local, property_id, value);
}

static void
rmi_node_set_property (GObject      *object,
                       guint         property_id,
                       const GValue *value,
                       GParamSpec   *pspec)
{
  RmiRuntime *runtime = RMI_NODE (object)->runtime;

  rmi_node_limits_set (&runtime->network, &runtime->local, property_id, value);
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
   * RmiNode::unreferenced:
   * @self: the node
   * @object: an object of this process
   *
   * The last peer that held a reference to @object let go of it, or is gone. Emitted once each time. The node itself drops
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
