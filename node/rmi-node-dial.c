/* node/rmi-node-dial.c: what a node finds at other nodes
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "config.h"
#include "node/rmi-node-private.h"

#include "node/rmi-listener-private.h"
#include "rmi/rmi-call-internal.h"
#include "rmi/rmi-error.h"
#include "rmi/rmi-forwarder-internal.h"
#include "rmi/rmi-message-internal.h"
#include "rmi/rmi-reader.h"

static void
get_connection_cb (gpointer data,
                   gpointer unused)
{
  RmiNodeJob *job = data;

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
  RmiNodeJob job = { .self = self };
  g_autoptr(RmiEndpoint) endpoint = NULL;

  g_return_val_if_fail (RMI_IS_NODE (self), NULL);
  g_return_val_if_fail (uri != NULL, NULL);

  endpoint = parse_remote (uri, NULL, error);
  if (endpoint == NULL)
    return NULL;

  job.endpoint = endpoint;
  rmi_node_run_job (&job, get_connection_cb, error);
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

/* (transfer full): what is exported, or what a relay stands for. */
static GObject *
find_local (RmiNode    *self,
            const char *path,
            GType       type)
{
  GObject *local = rmi_object_exporter_find (self->exporter, path);

  if (local == NULL)
    return NULL;
  return RMI_IS_FORWARDER (local) ? rmi_forwarder_dup_target (RMI_FORWARDER (local), type) : g_object_ref (local);
}

/* The object itself, or a stub that may have to be filled; of an implicit id, the connection to ask. */
static void
find_object_cb (gpointer data,
                gpointer unused)
{
  RmiNodeJob *job = data;
  RmiNode *self = job->self;
  g_autoptr(GObject) local = NULL;

  if (!is_own_endpoint (self, job->endpoint))
    {
      RmiConnection *connection = rmi_connection_pool_dial (self->connections, job->endpoint);

      if (rmi_path_is_implicit (job->text))
        job->result = g_object_ref (connection);
      else
        job->result = rmi_stub_importer_get_stub (self->importer, connection, job->text, job->type, &job->error);
      job->succeeded = job->result != NULL;
      return;
    }

  local = find_local (self, job->text, job->type);
  if (local == NULL)
    g_set_error (&job->error, RMI_ERROR, RMI_ERROR_NO_SUCH_OBJECT, "No object is exported at %s", job->text);
  else if (!g_type_is_a (job->type, RMI_TYPE_STUB) && !g_type_is_a (G_OBJECT_TYPE (local), job->type))
    g_set_error (&job->error, RMI_ERROR, RMI_ERROR_NO_SUCH_OBJECT, "The object at %s is no %s", job->text,
                 g_type_name (job->type));
  else
    job->result = g_steal_pointer (&local);
  job->succeeded = job->result != NULL;
}

static gpointer
find_object (RmiNode     *self,
             const char  *uri,
             GType        interface_type,
             char       **path,
             GError     **error)
{
  RmiNodeJob job = { .self = self, .type = interface_type };
  g_autoptr(RmiEndpoint) endpoint = NULL;

  endpoint = parse_remote (uri, path, error);
  if (endpoint == NULL)
    return NULL;

  job.endpoint = endpoint;
  job.text = *path;
  return rmi_node_run_job (&job, find_object_cb, error) ? job.result : NULL;
}

static RmiCall *
begin_hold (RmiConnection *connection,
            const char    *path)
{
  return rmi_call_new (connection, path, NULL, "rpc.hold", 0);
}

/* The answer is a reference: from here on we hold the object. */
static gpointer
end_hold (RmiCall  *call,
          GType     interface_type,
          GError  **error)
{
  g_autoptr(GObject) object = rmi_reader_get_object (rmi_call_get_reader (call), interface_type);

  return rmi_call_end (call, error) ? g_steal_pointer (&object) : NULL;
}

static gpointer
hold_object (RmiConnection  *connection,
             const char     *path,
             GType           interface_type,
             GCancellable   *cancellable,
             GError        **error)
{
  g_autoptr(RmiCall) call = begin_hold (connection, path);

  return rmi_call_run (call, cancellable, error) != NULL ? end_hold (call, interface_type, error) : NULL;
}

/**
 * rmi_node_get_object:
 * @self: a node
 * @uri: where the object is
 * @interface_type: its interface; %RMI_TYPE_DYNAMIC_STUB without generated code
 * @cancellable: (nullable): to give up
 * @error: return location for an error
 *
 * An object of @interface_type that is the one at @uri: the object itself if this node exports it, else a stub. The same object
 * is the same stub, as long as somebody holds it. Blocks for one round trip, which fills the stub's properties; for two if the URI
 * has an implicit id, as of rmi_node_dup_uri(): the first one makes this node a holder of the object.
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
  g_autofree char *path = NULL;

  g_return_val_if_fail (RMI_IS_NODE (self), NULL);
  g_return_val_if_fail (uri != NULL, NULL);

  object = find_object (self, uri, interface_type, &path, error);
  if (object != NULL && RMI_IS_CONNECTION (object))
    {
      g_autoptr(RmiConnection) connection = RMI_CONNECTION (g_steal_pointer (&object));

      object = hold_object (connection, path, interface_type, cancellable, error);
    }
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

/* Takes @task and @object. */
static void
fill_object (GTask   *task,
             GObject *object)
{
  if (RMI_IS_STUB (object))
    {
      rmi_stub_fill_async (RMI_STUB (object), g_task_get_cancellable (task), filled_cb, task);
      g_object_unref (object);
    }
  else
    {
      g_task_return_pointer (task, object, g_object_unref);
      g_object_unref (task);
    }
}

static void
held_cb (GObject      *node,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  GError *error = NULL;
  g_autoptr(RmiCall) call = rmi_call_finish (node, result, &error);
  GObject *object = call != NULL ? end_hold (call, GPOINTER_TO_SIZE (g_task_get_task_data (task)), &error) : NULL;

  if (object != NULL)
    fill_object (g_steal_pointer (&task), object);
  else
    g_task_return_error (task, error);
}

/**
 * rmi_node_get_object_async:
 * @self: a node
 * @uri: where the object is
 * @interface_type: its interface; %RMI_TYPE_DYNAMIC_STUB without generated code
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
  g_autofree char *path = NULL;
  GError *error = NULL;

  g_return_if_fail (RMI_IS_NODE (self));
  g_return_if_fail (uri != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, rmi_node_get_object_async);
  g_task_set_task_data (task, GSIZE_TO_POINTER (interface_type), NULL);
  object = find_object (self, uri, interface_type, &path, &error);
  if (object == NULL)
    g_task_return_error (task, error);
  else if (RMI_IS_CONNECTION (object))
    rmi_call_start (begin_hold (RMI_CONNECTION (object), path), self, cancellable, held_cb, g_steal_pointer (&task));
  else
    fill_object (g_steal_pointer (&task), g_steal_pointer (&object));
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

static void
dup_uri_cb (gpointer data,
            gpointer unused)
{
  RmiNodeJob *job = data;
  RmiNode *self = job->self;
  const char *endpoint = NULL, *path;

  if (RMI_IS_STUB (job->object))
    {
      RmiConnection *connection = rmi_stub_get_connection (RMI_STUB (job->object));

      endpoint = connection != NULL ? rmi_connection_get_uri (connection) : NULL;
      path = rmi_stub_get_path (RMI_STUB (job->object));
    }
  else
    {
      if (self->listeners->len > 0)
        endpoint = rmi_listener_get_uri (self->listeners->pdata[0]);
      path = rmi_object_exporter_get_path (self->exporter, job->object);
    }
  if (endpoint != NULL && path != NULL)
    job->result = g_strconcat (endpoint, path, NULL);
}

/**
 * rmi_node_dup_uri:
 * @self: a node
 * @object: an object of this process, or a stub
 *
 * Where others find @object: text for rmi_node_get_object(). If it has no path, but an implicit id since it was passed to a peer,
 * the text is a secret: whoever has it may hold and call the object, and it is worth nothing any more once the last holder let go.
 *
 * Returns: (transfer full) (nullable): the URI; %NULL if @object is not exported, or its node cannot be dialled: this one listens
 *   nowhere, or the stub's peer has dialled us
 *
 * Since: 1.0
 */
char *
rmi_node_dup_uri (RmiNode *self,
                  GObject *object)
{
  RmiNodeJob job = { .self = self, .object = object };

  g_return_val_if_fail (RMI_IS_NODE (self), NULL);
  g_return_val_if_fail (G_IS_OBJECT (object), NULL);

  rmi_node_run_job (&job, dup_uri_cb, NULL);
  return job.result;
}
