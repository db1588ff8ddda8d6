/* rmi/rmi-connection.c: one session with one peer: its life
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A connection that was dialled outlives its stream: the next call dials again, and so does a timer while anything needs it.
 */
#include "config.h"
#include "rmi/rmi-connection-private.h"

#include "rmi/rmi-dial-private.h"
#include "rmi/rmi-error.h"

G_DEFINE_FINAL_TYPE (RmiConnection, rmi_connection, G_TYPE_OBJECT)

enum
{
  CLOSED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* Row: from; column: to. Unused where assertions are off. */
static const gboolean edges[7][7] G_GNUC_UNUSED = {
  [RMI_CONNECTION_IDLE] = { [RMI_CONNECTION_DIALLING] = 1, [RMI_CONNECTION_OPEN] = 1, [RMI_CONNECTION_CLOSED] = 1 },
  [RMI_CONNECTION_DIALLING] = {
    [RMI_CONNECTION_IDLE] = 1, [RMI_CONNECTION_OPEN] = 1, [RMI_CONNECTION_SUSPENDED] = 1, [RMI_CONNECTION_CLOSED] = 1,
  },
  [RMI_CONNECTION_OPEN] = {
    [RMI_CONNECTION_IDLE] = 1, [RMI_CONNECTION_CLOSING] = 1, [RMI_CONNECTION_ENDING] = 1, [RMI_CONNECTION_SUSPENDED] = 1,
    [RMI_CONNECTION_CLOSED] = 1,
  },
  [RMI_CONNECTION_CLOSING] = { [RMI_CONNECTION_IDLE] = 1, [RMI_CONNECTION_CLOSED] = 1 },
  [RMI_CONNECTION_ENDING] = { [RMI_CONNECTION_CLOSED] = 1 },
  [RMI_CONNECTION_SUSPENDED] = {
    [RMI_CONNECTION_IDLE] = 1, [RMI_CONNECTION_DIALLING] = 1, [RMI_CONNECTION_OPEN] = 1, [RMI_CONNECTION_CLOSED] = 1,
  },
};

void
rmi_connection_set_state (RmiConnection      *self,
                          RmiConnectionState  state)
{
  static const char *const names[] = { "idle", "dialling", "open", "closing", "ending", "suspended", "closed" };

  g_assert (edges[self->state][state]);
  g_debug ("connection %p: %s → %s", self, names[self->state], names[state]);
  self->state = state;
}

void
rmi_connection_emit_closed (RmiConnection *self,
                            const GError  *error)
{
  g_signal_emit (self, signals[CLOSED], 0, error);
  if (self->state == RMI_CONNECTION_CLOSED)
    rmi_connection_tell_ended (self);
}

/* ---- the stream ---- */

static void
stream_frame (RmiStream *stream,
              RmiChunk  *chunk,
              RmiSlice   frame,
              gpointer   user_data)
{
  RmiConnection *self = user_data;

  self->active_us = 0;
  self->arrival_us = rmi_stream_get_arrival (stream);
  rmi_connection_take_frame (self, chunk, frame);
}

static void
stream_closed (RmiStream    *stream,
               const GError *error,
               gpointer      user_data)
{
  rmi_connection_lose (user_data, error);
}

static void
stream_heard_out (RmiStream *stream,
                  gpointer   user_data)
{
  rmi_connection_hear_out (user_data);
}

static void
stream_drained (RmiStream *stream,
                gpointer   user_data)
{
  RmiConnection *self = user_data;

  rmi_connection_wake_held (self);
  rmi_exporter_drained (self->runtime->exporter, self);
}

static const RmiStreamEvents stream_events = { stream_frame, stream_closed, stream_heard_out, stream_drained };

static void
set_limits (RmiConnection *self,
            GSocket       *socket)
{
  g_clear_object (&self->credentials);
  if (g_socket_get_family (socket) == G_SOCKET_FAMILY_UNIX)
    self->credentials = g_socket_get_credentials (socket, NULL);
  self->limits = rmi_runtime_get_limits (self->runtime, self->credentials);
}

static void
idle_expired (RmiTimer *timer)
{
  RmiConnection *self = (RmiConnection *) ((char *) timer - G_STRUCT_OFFSET (RmiConnection, timer));
  gboolean is_idle = self->active_us != 0 && self->pending.n_calls == 0 && self->incoming.length == 0
                     && rmi_importer_count (self->runtime->importer, self) == 0
                     && rmi_exporter_count (self->runtime->exporter, self) == 0;

  if (!is_idle)
    rmi_connection_start_idle_timer (self);
  else
    rmi_connection_begin_drain (self);
}

/* Looks again after the idle time: a message meanwhile sets active_us back to 0. */
void
rmi_connection_start_idle_timer (RmiConnection *self)
{
  gint64 now_us = g_get_monotonic_time ();

  self->active_us = now_us;
  self->timer.expired = idle_expired;
  rmi_poller_start_timer (self->runtime->poller, &self->timer, now_us + (gint64) self->limits->idle_s * G_USEC_PER_SEC);
}

static void
set_socket (RmiConnection *self,
            GSocket       *socket)
{
  set_limits (self, socket);
  self->stream = rmi_stream_new (self->runtime->poller, socket, self->limits, &stream_events, self);
  rmi_connection_set_state (self, RMI_CONNECTION_OPEN);
}

/* ---- dialling ---- */

/* Who closes on messages that are too large closes on the calls of others, too: what might be is not sent before the peer has
 * said what it takes; nor is what plain peers do not know. */
static gboolean
waits_for_hello (RmiConnection *self,
                 RmiCall       *call)
{
  return self->is_greeting && !call->is_system
         && (rmi_writer_has_same (call->writer) || rmi_call_get_size (call) > RMI_LEAST_FRAME_BYTES);
}

/* Nothing overtakes what waits. */
gboolean
rmi_connection_must_queue (RmiConnection *self,
                           RmiCall       *call)
{
  if (self->state == RMI_CONNECTION_DIALLING)
    return TRUE;

  return (self->is_greeting && !call->is_system && (self->is_resuming || self->unsent.length > 0))
         || waits_for_hello (self, call);
}

void
rmi_connection_send_unsent (RmiConnection *self)
{
  GList *link;

  while (self->state == RMI_CONNECTION_OPEN && !self->is_resuming && (link = self->unsent.head) != NULL
         && !waits_for_hello (self, link->data))
    {
      g_queue_unlink (&self->unsent, link);
      rmi_call_transmit (link->data);
    }
}

static void
dialled_cb (GSocket      *socket,
            const GError *error,
            gpointer      user_data)
{
  RmiConnection *self = user_data;
  g_autoptr(GError) unreachable = NULL;

  if (self->state != RMI_CONNECTION_DIALLING)
    return;
  g_clear_object (&self->dialling);

  if (socket == NULL)
    {
      unreachable = g_error_new (RMI_ERROR, RMI_ERROR_UNREACHABLE, "Cannot reach %s: %s", self->uri, error->message);
      rmi_connection_lose (self, unreachable);
      return;
    }

  set_socket (self, socket);
  rmi_stream_set_framing (self->stream, RMI_FRAMING_HEADERS);
  rmi_connection_say_hello (self);
  if (self->is_resuming)
    return;

  /* Subscriptions first: the calls that waited may cause the very signals that somebody waits for. */
  rmi_importer_connected (self->runtime->importer, self);
  rmi_poller_flush (self->runtime->poller);
  rmi_connection_send_unsent (self);
}

void
rmi_connection_open (RmiConnection *self)
{
  rmi_connection_set_state (self, RMI_CONNECTION_DIALLING);
  self->dialling = g_cancellable_new ();
  rmi_dial (self->runtime->poller, self->endpoint, self->dialling, dialled_cb, g_object_ref (self), g_object_unref);
}

gboolean
rmi_connection_ensure_open (RmiConnection  *self,
                            GError        **error)
{
  gint64 wait_us;

  switch (self->state)
    {
    case RMI_CONNECTION_OPEN:
    case RMI_CONNECTION_DIALLING:
      return TRUE;

    case RMI_CONNECTION_SUSPENDED:
    case RMI_CONNECTION_IDLE:
      if (self->endpoint == NULL)
        {
          g_set_error (error, RMI_ERROR, RMI_ERROR_UNREACHABLE, "The peer is away; only it can connect again");
          return FALSE;
        }
      if (self->is_forgetting)
        {
          g_set_error (error, RMI_ERROR, RMI_ERROR_UNREACHABLE, "The connection to %s was lost just now", self->uri);
          return FALSE;
        }
      wait_us = self->backoff_until_us - g_get_monotonic_time ();
      if (wait_us > 0)
        {
          g_set_error (error, RMI_ERROR, RMI_ERROR_UNREACHABLE, "%s was not reachable; trying again in %d ms", self->uri,
                       (int) (wait_us / 1000) + 1);
          return FALSE;
        }
      rmi_connection_open (self);
      return TRUE;

    case RMI_CONNECTION_CLOSING:
      g_set_error (error, RMI_ERROR, RMI_ERROR_CLOSING, "The connection is closing");
      return FALSE;

    case RMI_CONNECTION_ENDING:
      g_set_error (error, RMI_ERROR, RMI_ERROR_UNREACHABLE, "The peer says no more, it could not answer");
      return FALSE;

    case RMI_CONNECTION_CLOSED:
    default:
      g_set_error (error, RMI_ERROR, RMI_ERROR_UNREACHABLE, "The connection is closed; %s",
                   self->endpoint != NULL ? "its node was closed" : "only the peer can open a new one");
      return FALSE;
    }
}

/* ---- the object ---- */

static void
rmi_connection_dispose (GObject *object)
{
  RmiConnection *self = RMI_CONNECTION (object);

  if (self->stream != NULL)
    rmi_stream_close (self->stream, FALSE);
  if (self->runtime != NULL)
    {
      if (self->session != NULL && self->endpoint == NULL)
        g_hash_table_remove (self->runtime->sessions, self->session);
      rmi_poller_stop_timer (self->runtime->poller, &self->timer);
      rmi_connection_drop_releases (self);
      rmi_connection_drop_held (self);
    }
  if (self->import_data != NULL && self->import_destroy != NULL)
    self->import_destroy (g_steal_pointer (&self->import_data));
  if (self->export_data != NULL && self->export_destroy != NULL)
    self->export_destroy (g_steal_pointer (&self->export_data));
  g_clear_pointer (&self->stream, rmi_stream_unref);
  g_clear_object (&self->credentials);
  g_clear_object (&self->dialling);
  G_OBJECT_CLASS (rmi_connection_parent_class)->dispose (object);
}

static void
rmi_connection_finalize (GObject *object)
{
  RmiConnection *self = RMI_CONNECTION (object);

  rmi_pending_table_clear (&self->pending);
  g_clear_pointer (&self->endpoint, rmi_endpoint_free);
  g_free (self->uri);
  g_free (self->peer_node);
  g_free (self->session);
  g_clear_pointer (&self->runtime, rmi_runtime_unref);
  G_OBJECT_CLASS (rmi_connection_parent_class)->finalize (object);
}

static void
rmi_connection_class_init (RmiConnectionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = rmi_connection_dispose;
  object_class->finalize = rmi_connection_finalize;

  /**
   * RmiConnection::closed:
   * @self: the connection
   * @error: (nullable): why, or %NULL after an orderly end
   *
   * The connection was lost or closed: calls in flight have failed. Emitted once each time. A connection that was dialled is
   * dialled again, by the next call or by itself; if that happens soon enough, references of both sides go on, else stubs break.
   *
   * Since: 1.0
   */
  signals[CLOSED] = g_signal_new ("closed", RMI_TYPE_CONNECTION, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                  G_TYPE_ERROR);
}

static void
rmi_connection_init (RmiConnection *self)
{
  g_queue_init (&self->unsent);
  g_queue_init (&self->incoming);
  g_queue_init (&self->held);
  self->peer_frame_bytes = G_MAXSIZE;
  rmi_connection_init_codec (self);
}

RmiConnection *
rmi_connection_new_accepted (RmiRuntime *runtime,
                             GSocket    *socket)
{
  RmiConnection *self = g_object_new (RMI_TYPE_CONNECTION, NULL);

  self->runtime = rmi_runtime_ref (runtime);
  self->peer_kind = RMI_PEER_PLAIN;
  set_socket (self, socket);
  return self;
}

RmiConnection *
rmi_connection_new_dialled (RmiRuntime  *runtime,
                            RmiEndpoint *endpoint)
{
  RmiConnection *self = g_object_new (RMI_TYPE_CONNECTION, NULL);

  self->runtime = rmi_runtime_ref (runtime);
  self->endpoint = endpoint;
  self->uri = rmi_endpoint_to_uri (endpoint);
  self->limits = endpoint->transport == RMI_TRANSPORT_UNIX ? &runtime->local : &runtime->network;
  return self;
}

gboolean
rmi_connection_is_ready (RmiConnection *self)
{
  return self->stream != NULL && !self->is_resuming;
}

gboolean
rmi_connection_is_plain (RmiConnection *self)
{
  return self->peer_kind == RMI_PEER_PLAIN;
}

RmiPoller *
rmi_connection_get_poller (RmiConnection *self)
{
  return self->runtime->poller;
}

const RmiLimits *
rmi_connection_get_limits (RmiConnection *self)
{
  return self->limits;
}

gpointer
rmi_connection_get_import_data (RmiConnection *self)
{
  return self->import_data;
}

void
rmi_connection_set_import_data (RmiConnection  *self,
                                gpointer        data,
                                GDestroyNotify  destroy)
{
  self->import_data = data;
  self->import_destroy = destroy;
}

gpointer
rmi_connection_get_export_data (RmiConnection *self)
{
  return self->export_data;
}

void
rmi_connection_set_export_data (RmiConnection  *self,
                                gpointer        data,
                                GDestroyNotify  destroy)
{
  self->export_data = data;
  self->export_destroy = destroy;
}

RmiRuntime *
rmi_connection_get_runtime (RmiConnection *self)
{
  return self->runtime;
}

gboolean
rmi_connection_is_on_this_machine (RmiConnection *self)
{
  g_autoptr(GSocketAddress) address = NULL;

  if (self->stream != NULL)
    address = g_socket_get_remote_address (rmi_stream_get_socket (self->stream), NULL);
  if (address == NULL)
    return FALSE;
  return !G_IS_INET_SOCKET_ADDRESS (address)
         || g_inet_address_get_is_loopback (g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (address)));
}

const char *
rmi_connection_get_peer_node (RmiConnection *self)
{
  return self->peer_node;
}

/**
 * rmi_connection_is_closed:
 * @self: a connection
 *
 * Returns: %TRUE if there is no open connection now; one that was dialled opens again with the next call
 *
 * Since: 1.0
 */
gboolean
rmi_connection_is_closed (RmiConnection *self)
{
  g_return_val_if_fail (RMI_IS_CONNECTION (self), TRUE);

  return self->stream == NULL;
}

/**
 * rmi_connection_get_credentials:
 * @self: a connection
 *
 * Who the peer is, as the kernel says: known for Unix sockets only. Call it in the thread that owns the node, for instance
 * in the implementation of a method.
 *
 * Returns: (transfer none) (nullable): the credentials
 *
 * Since: 1.0
 */
GCredentials *
rmi_connection_get_credentials (RmiConnection *self)
{
  g_return_val_if_fail (RMI_IS_CONNECTION (self), NULL);

  return self->credentials;
}

/**
 * rmi_connection_get_uri:
 * @self: a connection
 *
 * Returns: (nullable): the endpoint that was dialled; %NULL if the peer dialled us
 *
 * Since: 1.0
 */
const char *
rmi_connection_get_uri (RmiConnection *self)
{
  g_return_val_if_fail (RMI_IS_CONNECTION (self), NULL);

  return self->uri;
}

/* What other threads may ask for: the owner looks. */
typedef struct
{
  RmiConnection *connection;
  char          *text;
} Question;

static char *
ask (RmiConnection *self,
     GFunc          func)
{
  Question question = { self, NULL };

  rmi_poller_run_in_owner (self->runtime->poller, func, &question);
  return question.text;
}

static void
dup_remote_address_cb (gpointer data,
                       gpointer unused)
{
  Question *question = data;
  RmiStream *stream = question->connection->stream;
  g_autoptr(GSocketAddress) address = NULL;

  if (stream != NULL)
    address = g_socket_get_remote_address (rmi_stream_get_socket (stream), NULL);
  if (address != NULL && G_IS_INET_SOCKET_ADDRESS (address))
    question->text = g_socket_connectable_to_string (G_SOCKET_CONNECTABLE (address));
}

/**
 * rmi_connection_dup_remote_address:
 * @self: a connection
 *
 * Returns: (transfer full) (nullable): the peer's network address, such as `127.0.0.1:40312`; %NULL for Unix sockets and
 *   closed connections
 *
 * Since: 1.0
 */
char *
rmi_connection_dup_remote_address (RmiConnection *self)
{
  g_return_val_if_fail (RMI_IS_CONNECTION (self), NULL);

  return ask (self, dup_remote_address_cb);
}

static void
dup_peer_node_cb (gpointer data,
                  gpointer unused)
{
  Question *question = data;

  question->text = g_strdup (question->connection->peer_node);
}

/**
 * rmi_connection_dup_peer_node:
 * @self: a connection
 *
 * What the peer calls itself. It is a claim, not a proof.
 *
 * Returns: (transfer full) (nullable): the id of the peer's node, once it said hello; %NULL for plain JSON-RPC peers
 *
 * Since: 1.0
 */
char *
rmi_connection_dup_peer_node (RmiConnection *self)
{
  g_return_val_if_fail (RMI_IS_CONNECTION (self), NULL);

  return ask (self, dup_peer_node_cb);
}
