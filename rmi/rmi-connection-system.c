/* rmi/rmi-connection-system.c: rpc.*: what two connections say to each other
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * See "System methods" in doc/protocol.md. `$/cancelRequest` is what editors call rpc.cancel.
 */
#include "config.h"
#include "rmi/rmi-connection-private.h"

#include "rmi/rmi-error.h"

#define PROTOCOL_VERSION 1
#define TOKEN_BYTES 64

/* ---- hello ---- */

/* @resumed: (nullable): in the answer. @session: nullable. */
static void
write_hello (RmiConnection  *self,
             RmiWriter      *writer,
             const gboolean *resumed,
             const char     *session)
{
  rmi_writer_begin_object (writer);
  rmi_writer_add_member (writer, "version");
  rmi_writer_add_int32 (writer, PROTOCOL_VERSION);
  rmi_writer_add_member (writer, "node");
  rmi_writer_add_string (writer, self->runtime->node_id);
  if (resumed != NULL)
    {
      rmi_writer_add_member (writer, "resumed");
      rmi_writer_add_boolean (writer, *resumed);
    }
  if (session != NULL)
    {
      rmi_writer_add_member (writer, "session");
      rmi_writer_add_string (writer, session);
    }
  rmi_writer_add_member (writer, "lease");
  rmi_writer_add_uint32 (writer, self->limits->lease_s);
  rmi_writer_add_member (writer, "limits");
  rmi_writer_begin_object (writer);
  rmi_writer_add_member (writer, "frame");
  rmi_writer_add_uint64 (writer, self->limits->frame_bytes);
  rmi_writer_add_member (writer, "calls");
  rmi_writer_add_uint32 (writer, self->limits->calls_in_flight);
  rmi_writer_end_object (writer);
  rmi_writer_add_member (writer, "features");
  rmi_writer_begin_array (writer);
  rmi_writer_end_array (writer);
  rmi_writer_end_object (writer);
}

/* Its "limits". The rest of them is for the peer to keep. */
static guint64
read_limits (RmiReader *reader)
{
  static const char *const names[] = { "frame", NULL };
  guint64 frame_bytes = G_MAXSIZE;

  rmi_reader_begin_object (reader);
  for (int i = -1; (i = rmi_reader_next_member (reader, names, i, RMI_READER_ALLOW_UNKNOWN)) >= 0;)
    frame_bytes = rmi_reader_get_uint64 (reader);
  return frame_bytes;
}

static void
hello_clear (RmiHello *hello)
{
  g_free (hello->node);
  g_free (hello->session);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (RmiHello, hello_clear)

/* Either side's hello; members of a newer version are ignored. FALSE if it is none. */
static gboolean
read_hello (RmiReader *reader,
            RmiHello  *hello)
{
  static const char *const names[] = { "version", "node", "limits", "session", "lease", "resumed", NULL };
  guint version = 0;

  *hello = (RmiHello) { .frame_bytes = G_MAXSIZE };
  rmi_reader_begin_object (reader);
  for (int i = -1; (i = rmi_reader_next_member (reader, names, i, RMI_READER_ALLOW_UNKNOWN)) >= 0;)
    switch (i)
      {
      case 0:
        version = rmi_reader_get_uint32 (reader);
        break;

      case 1:
        hello->node = rmi_reader_get_string (reader);
        break;

      case 2:
        hello->frame_bytes = read_limits (reader);
        break;

      case 3:
        hello->session = rmi_reader_get_string (reader);
        break;

      case 4:
        hello->lease_s = rmi_reader_get_uint32 (reader);
        break;

      default:
        hello->is_resumed = rmi_reader_get_boolean (reader);
      }

  return !rmi_reader_has_failed (reader) && version >= PROTOCOL_VERSION
         && hello->node != NULL && rmi_node_id_is_valid ((RmiSlice) { hello->node, strlen (hello->node) })
         && (hello->session == NULL || strlen (hello->session) <= TOKEN_BYTES);
}

static void
take_peer (RmiConnection  *self,
           const RmiHello *hello)
{
  g_free (self->peer_node);
  self->peer_node = g_strdup (hello->node);
  self->peer_kind = RMI_PEER_RMI;
  self->peer_frame_bytes = MAX (hello->frame_bytes, RMI_LEAST_FRAME_BYTES);
  self->backoff_ms = 0;
  self->is_redialling = FALSE;
}

/* What hung on a session that cannot go on goes before anything else is said. */
static void
take_hello_answer (RmiConnection *self,
                   RmiReader     *reader)
{
  g_auto(RmiHello) hello = { 0 };
  gboolean is_hello = read_hello (reader, &hello);
  gboolean is_same_node = is_hello && g_strcmp0 (self->peer_node, hello.node) == 0;

  if (is_hello)
    take_peer (self, &hello);
  else
    self->peer_kind = RMI_PEER_PLAIN;
  rmi_connection_accept_session (self, &hello, is_same_node);
}

static void
hello_answered (RmiCall  *call,
                gpointer  user_data)
{
  g_autoptr(RmiConnection) self = g_object_ref (call->connection);

  /* Not if it ended with its stream; there may be another one by now. */
  if (call->serial != self->hello_serial || self->state != RMI_CONNECTION_OPEN)
    return;

  self->is_greeting = FALSE;
  self->is_resuming = FALSE;
  if (call->error == NULL)
    {
      take_hello_answer (self, &call->reader);
    }
  else
    {
      /* A plain JSON-RPC server does not know the method. */
      if (g_error_matches (call->error, RMI_ERROR, RMI_ERROR_NO_SUCH_METHOD))
        self->peer_kind = RMI_PEER_PLAIN;
      rmi_connection_accept_session (self, &(RmiHello) { 0 }, FALSE);
    }
  if (self->state == RMI_CONNECTION_OPEN)
    rmi_connection_start_idle_timer (self);
  rmi_poller_flush (self->runtime->poller);
  rmi_connection_send_unsent (self);
}

/* Who says nothing at all is no peer: what waits for its hello would wait in vain. */
static void
hello_expired (RmiTimer *timer)
{
  RmiConnection *self = (RmiConnection *) ((char *) timer - G_STRUCT_OFFSET (RmiConnection, timer));
  g_autoptr(GError) error = g_error_new (RMI_ERROR, RMI_ERROR_TIMED_OUT, "%s did not answer rpc.hello within %u s", self->uri,
                                         self->limits->hello_s);

  rmi_stream_close (self->stream, TRUE);
  rmi_connection_lose (self, error);
}

void
rmi_connection_say_hello (RmiConnection *self)
{
  RmiCall *call = rmi_call_new_system (self, "rpc.hello");

  write_hello (self, rmi_call_get_writer (call), NULL, self->session);
  self->is_greeting = TRUE;
  self->is_resuming = self->session != NULL;
  self->hello_serial = self->last_serial + 1;
  self->timer.expired = hello_expired;
  rmi_poller_start_timer (self->runtime->poller, &self->timer,
                          g_get_monotonic_time () + (gint64) self->limits->hello_s * G_USEC_PER_SEC);
  rmi_call_start_internal (call, hello_answered, NULL);
}

/* @self answers, @session is what it says. */
static void
answer_hello (RmiConnection *self,
              RmiIncoming   *incoming,
              RmiConnection *session,
              gboolean       is_resumed)
{
  RmiWriter *writer = rmi_incoming_begin_result (incoming);

  write_hello (self, writer, &is_resumed, session->session);
  rmi_incoming_end_result (incoming, writer);
}

static void
take_hello (RmiConnection *self,
            RmiIncoming   *incoming)
{
  g_autoptr(RmiConnection) suspended = NULL;
  g_autoptr(GError) error = NULL;
  g_auto(RmiHello) hello = { 0 };

  /* Once, by the side that dialled: nobody becomes somebody else on the way. */
  if (self->endpoint != NULL || self->peer_kind == RMI_PEER_RMI)
    error = g_error_new (RMI_ERROR, RMI_ERROR_INVALID_REQUEST, "rpc.hello is said once, by the side that dialled");
  else if (!read_hello (rmi_incoming_get_reader (incoming), &hello))
    error = g_error_new (RMI_ERROR, RMI_ERROR_INVALID_ARGUMENTS,
                         "rpc.hello needs a version of at least %d and a node id", PROTOCOL_VERSION);
  if (error != NULL)
    {
      rmi_incoming_return_error (incoming, error);
      return;
    }

  take_peer (self, &hello);
  suspended = rmi_connection_find_session (self, &hello);
  if (suspended == NULL)
    rmi_connection_offer_session (self, &hello);
  answer_hello (self, incoming, suspended != NULL ? suspended : self, suspended != NULL);
  if (suspended != NULL)
    rmi_connection_adopt (suspended, self);
}

/* ---- cancel, release, close ---- */

static void
return_null (RmiIncoming *incoming)
{
  RmiWriter *writer = rmi_incoming_begin_result (incoming);

  rmi_writer_add_null (writer);
  rmi_incoming_end_result (incoming, writer);
}

static void
take_cancel (RmiConnection *self,
             RmiIncoming   *incoming)
{
  static const char *const names[] = { "id", NULL };
  RmiReader *reader = rmi_incoming_get_reader (incoming);
  RmiSlice id = RMI_SLICE_INIT;
  RmiIncoming *running;

  rmi_reader_begin_arguments (reader, names);
  if (rmi_reader_next_argument (reader, FALSE))
    id = rmi_reader_get_raw (reader);
  if (id.data == NULL)
    return;

  running = rmi_incoming_find (self, id);
  if (running != NULL && running != incoming)
    rmi_incoming_cancel (running);
  else
    rmi_connection_cancel_held (self, id);
}

static void
take_release (RmiConnection *self,
              RmiIncoming   *incoming)
{
  RmiReader *reader = rmi_incoming_get_reader (incoming);
  char *path;

  rmi_reader_begin_object (reader);
  while ((path = rmi_reader_next_key (reader)) != NULL)
    {
      guint64 count = rmi_reader_get_uint64 (reader);

      if (!rmi_reader_has_failed (reader))
        rmi_exporter_release (self->runtime->exporter, self, path, count);
      g_free (path);
    }
}

static void
take_held (RmiConnection *self,
           RmiIncoming   *incoming)
{
  static const char *const names[] = { "counts", "more", NULL };
  RmiReader *reader = rmi_incoming_get_reader (incoming);
  gboolean has_more = FALSE;
  char *path;

  rmi_reader_begin_arguments (reader, names);
  if (!rmi_reader_next_argument (reader, FALSE))
    return;
  rmi_reader_begin_object (reader);
  while ((path = rmi_reader_next_key (reader)) != NULL)
    {
      guint64 count = rmi_reader_get_uint64 (reader);

      if (!rmi_reader_has_failed (reader))
        rmi_exporter_held (self->runtime->exporter, self, path, count);
      g_free (path);
    }
  if (rmi_reader_next_argument (reader, TRUE))
    has_more = rmi_reader_get_boolean (reader);
  if (!has_more && !rmi_reader_has_failed (reader))
    rmi_exporter_disconnected (self->runtime->exporter, self);
}

static void
take_subscribe (RmiConnection *self,
                RmiIncoming   *incoming)
{
  static const char *const names[] = { "paths", NULL };
  RmiReader *reader = rmi_incoming_get_reader (incoming);
  int generation = g_atomic_int_get (&self->codec.generation);

  rmi_incoming_push_current (incoming);
  rmi_reader_begin_arguments (reader, names);
  if (rmi_reader_next_argument (reader, FALSE))
    {
      rmi_reader_begin_array (reader);
      /* A getter may close the connection: who is gone subscribes to nothing. */
      while (g_atomic_int_get (&self->codec.generation) == generation && rmi_reader_next_element (reader))
        {
          g_autofree char *path = rmi_reader_get_string (reader);

          if (path != NULL)
            rmi_exporter_subscribe (self->runtime->exporter, self, path);
        }
    }
  rmi_incoming_pop_current (incoming);
}

static void
take_close (RmiConnection *self,
            RmiIncoming   *incoming)
{
  static const char *const names[] = { "last_id", "reason", NULL };
  RmiReader *reader = rmi_incoming_get_reader (incoming);
  g_autoptr(GArray) serials = rmi_pending_table_list_serials (&self->pending);
  gint64 last_id = G_MAXINT64;

  rmi_reader_begin_arguments (reader, names);
  if (rmi_reader_next_argument (reader, TRUE))
    last_id = rmi_reader_get_int64 (reader);

  for (guint i = 0; i < serials->len && !rmi_reader_has_failed (reader); i++)
    {
      gint64 serial = g_array_index (serials, gint64, i);
      RmiCall *call = serial > last_id ? rmi_pending_table_lookup (&self->pending, serial) : NULL;

      if (call != NULL)
        rmi_call_answer (call, NULL, (RmiSlice) RMI_SLICE_INIT,
                         g_error_new (RMI_ERROR, RMI_ERROR_CLOSING, "The peer went away before it took the call"));
    }
  rmi_connection_begin_drain (self);
}

void
rmi_connection_say_close (RmiConnection *self,
                          const char    *reason)
{
  RmiWriter *writer;

  /* Also before the answer to rpc.hello, if the peer keeps things for us. */
  if (self->peer_kind != RMI_PEER_RMI && self->session == NULL)
    return;

  writer = rmi_connection_begin_notification (self, NULL, "rpc.close");
  rmi_writer_add_int64 (writer, self->last_accepted);
  rmi_writer_add_string (writer, reason);
  rmi_connection_end_notification (self, writer);
}

/* ---- who takes what ---- */

typedef void (*SystemFunc) (RmiConnection *self, RmiIncoming *incoming);

static void
take_ping (RmiConnection *self,
           RmiIncoming   *incoming)
{
  return_null (incoming);
}

static const struct
{
  const char *name;
  SystemFunc  take;
  gboolean    is_ordered;
} system_members[] = {
  { "rpc.hello", take_hello, FALSE },
  { "rpc.ping", take_ping, FALSE },
  { "rpc.cancel", take_cancel, FALSE },
  { "$/cancelRequest", take_cancel, FALSE },
  { "rpc.release", take_release, TRUE },
  { "rpc.held", take_held, TRUE },
  { "rpc.subscribe", take_subscribe, TRUE },
  { "rpc.close", take_close, FALSE },
};

gboolean
rmi_connection_is_ordered_system (RmiSlice member)
{
  for (gsize i = 0; i < G_N_ELEMENTS (system_members); i++)
    if (rmi_slice_equals (member, system_members[i].name, strlen (system_members[i].name)))
      return system_members[i].is_ordered;
  return FALSE;
}

void
rmi_connection_take_system (RmiConnection *self,
                            RmiIncoming   *incoming)
{
  RmiSlice member = rmi_incoming_get_target (incoming)->member;
  g_autoptr(GError) error = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (system_members); i++)
    if (rmi_slice_equals (member, system_members[i].name, strlen (system_members[i].name)))
      {
        system_members[i].take (self, incoming);
        if (!rmi_incoming_is_answered (incoming))
          return_null (incoming);
        return;
      }

  error = g_error_new (RMI_ERROR, RMI_ERROR_NO_SUCH_METHOD, "No such method: %.*s", (int) MIN (member.length, 100), member.data);
  rmi_incoming_return_error (incoming, error);
}
