/* rmi/rmi-incoming.c: one call or notification received
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In the connection's queue from its arrival until it is answered: that is what the limit of calls in flight counts.
 */
#include "config.h"
#include "rmi/rmi-incoming-internal.h"

#include "rmi/rmi-connection-private.h"
#include "rmi/rmi-error-internal.h"

struct _RmiIncoming
{
  gatomicrefcount     ref_count;
  int                 is_answered;     /* atomic: answers may come from any thread, the first one counts */
  gboolean            is_notification;
  gboolean            is_orphan;       /* the stream it came by is gone; owner only */
  RmiConnection      *connection;
  RmiChunk           *chunk;
  RmiMessage          message;
  RmiSlice            id;              /* a copy that never moves: other threads read it when they answer */
  char                id_text[32];     /* its place, if it fits */
  RmiTarget           target;
  RmiReader           reader;
  RmiCallCancellable *cancellable;
  RmiTimer            timer;
  RmiBatch           *batch;
  GList               link;            /* in connection->incoming; data NULL when out */
  GCancellable       *outer;           /* current before push */
};

static void
parse_chain (RmiCallContext *context,
             RmiSlice        chain)
{
  const char *end = chain.data + chain.length;
  const char *digits = chain.data + RMI_CHAIN_LENGTH + 1;
  guint depth = 0;

  if (chain.length < RMI_CHAIN_LENGTH + 2 || chain.length > RMI_CHAIN_LENGTH + 6 || digits[-1] != '/')
    return;
  for (const char *c = digits; c < end; c++)
    {
      if (!g_ascii_isdigit (*c))
        return;
      depth = depth * 10 + (guint) (*c - '0');
    }
  memcpy (context->chain, chain.data, RMI_CHAIN_LENGTH);
  context->chain[RMI_CHAIN_LENGTH] = '\0';
  context->depth = depth;
}

static void
init_context (RmiIncoming *self,
              gint64       arrival_us)
{
  RmiCallContext *context = rmi_call_cancellable_get_context (self->cancellable);
  gint64 timeout_ms = self->message.timeout_ms < 0 ? RMI_DEFAULT_TIMEOUT_MS : self->message.timeout_ms;

  /* 0 says "no deadline"; a notification has none, nobody waits for it. */
  if (timeout_ms == 0 || self->is_notification)
    context->deadline_us = G_MAXINT64;
  else
    context->deadline_us = arrival_us + MIN (timeout_ms, (gint64) G_MAXINT32) * 1000;
  if (self->message.chain.data != NULL)
    parse_chain (context, self->message.chain);
  if (self->message.trace.data != NULL && self->message.trace.length <= 256)
    context->trace = g_strndup (self->message.trace.data, self->message.trace.length);
}

static void
keep_id (RmiIncoming *self)
{
  gsize length = self->message.id.length;
  char *text = length <= sizeof self->id_text ? self->id_text : g_malloc (length);

  self->id = (RmiSlice) RMI_SLICE_INIT;
  if (self->message.id.data == NULL)
    return;
  memcpy (text, self->message.id.data, length);
  self->id = (RmiSlice) { text, length };
}

RmiIncoming *
rmi_incoming_new (RmiConnection   *connection,
                  RmiChunk        *chunk,
                  RmiMessage      *message,
                  const RmiTarget *target,
                  RmiBatch        *batch,
                  gint64           arrival_us)
{
  RmiIncoming *self = g_new (RmiIncoming, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->is_answered = FALSE;
  self->is_orphan = FALSE;
  self->is_notification = message->kind == RMI_MESSAGE_NOTIFICATION;
  self->connection = g_object_ref (connection);
  self->chunk = rmi_chunk_ref (chunk);
  self->message = *message;
  *message = (RmiMessage) { 0 };
  keep_id (self);
  self->target = *target;
  self->batch = batch != NULL ? rmi_batch_ref (batch) : NULL;
  self->timer = (RmiTimer) { 0 };
  self->outer = NULL;
  self->cancellable = rmi_runtime_take_cancellable (connection->runtime);
  init_context (self, arrival_us);
  rmi_reader_init (&self->reader, self->message.params, connection->limits, &connection->codec,
                   RMI_ERROR_INVALID_ARGUMENTS, "params");
  self->link = (GList) { self, NULL, NULL };
  g_queue_push_tail_link (&connection->incoming, &self->link);
  return self;
}

RmiIncoming *
rmi_incoming_ref (RmiIncoming *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

/* In the owner. */
static void
incoming_free (RmiIncoming *self)
{
  rmi_reader_finish (&self->reader, NULL);
  rmi_message_clear (&self->message);
  if (self->id.length > sizeof self->id_text)
    g_free ((char *) self->id.data);
  rmi_chunk_unref (self->chunk);
  g_clear_pointer (&self->batch, rmi_batch_unref);
  rmi_runtime_give_cancellable (self->connection->runtime, self->cancellable);
  g_object_unref (self->connection);
  g_free (self);
}

static void
take_out (RmiIncoming *self)
{
  if (self->link.data == NULL)
    return;

  g_queue_unlink (&self->connection->incoming, &self->link);
  self->link.data = NULL;
  if (self->timer.position != 0)
    rmi_poller_stop_timer (self->connection->runtime->poller, &self->timer);
  rmi_connection_check_drained (self->connection);
}

static void
unref_in_owner (gpointer data)
{
  RmiIncoming *self = data;

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  if (!self->is_answered)
    {
      g_autoptr(GError) error = g_error_new (RMI_ERROR, RMI_ERROR_INTERNAL, "The method gave no answer");

      g_atomic_ref_count_init (&self->ref_count);
      rmi_incoming_return_error (self, error);
      if (!g_atomic_ref_count_dec (&self->ref_count))
        return;
    }
  take_out (self);
  incoming_free (self);
}

static void
nothing_cb (gpointer data,
            gpointer unused)
{
}

/* In other threads only the owner lets go, so that what is in the connection's queue is always alive. */
void
rmi_incoming_unref (RmiIncoming *self)
{
  RmiPoller *poller = self->connection->runtime->poller;

  if (rmi_poller_is_owner (poller))
    {
      unref_in_owner (self);
    }
  else if (rmi_poller_acquire (poller))
    {
      g_autoptr(RmiPoller) kept = rmi_poller_ref (poller);

      unref_in_owner (self);
      rmi_poller_release (kept);
    }
  else
    {
      /* As the end of an item, not as its work: so it also happens if the poller is closed. */
      rmi_poller_hand_over (poller, nothing_cb, self, unref_in_owner);
    }
}

RmiConnection *
rmi_incoming_get_connection (RmiIncoming *self)
{
  return self->connection;
}

const RmiTarget *
rmi_incoming_get_target (RmiIncoming *self)
{
  return &self->target;
}

RmiReader *
rmi_incoming_get_reader (RmiIncoming *self)
{
  return &self->reader;
}

gboolean
rmi_incoming_is_notification (RmiIncoming *self)
{
  return self->is_notification;
}

gboolean
rmi_incoming_is_answered (RmiIncoming *self)
{
  return g_atomic_int_get (&self->is_answered);
}

const RmiCallContext *
rmi_incoming_get_context (RmiIncoming *self)
{
  return rmi_call_cancellable_get_context (self->cancellable);
}

gint64
rmi_incoming_get_deadline (RmiIncoming *self)
{
  return rmi_incoming_get_context (self)->deadline_us;
}

GCancellable *
rmi_incoming_get_cancellable (RmiIncoming *self)
{
  return G_CANCELLABLE (self->cancellable);
}

RmiIncoming *
rmi_incoming_find (RmiConnection *connection,
                   RmiSlice       id)
{
  for (GList *link = connection->incoming.head; link != NULL; link = link->next)
    {
      RmiIncoming *self = link->data;

      if (self->id.data != NULL && rmi_slice_equals (id, self->id.data, self->id.length))
        return self;
    }
  return NULL;
}

void
rmi_incoming_cancel (RmiIncoming *self)
{
  g_autoptr(GCancellable) cancellable = g_object_ref (G_CANCELLABLE (self->cancellable));

  g_cancellable_cancel (cancellable);
}

void
rmi_incoming_disconnect (RmiIncoming *self)
{
  g_autoptr(RmiIncoming) kept = rmi_incoming_ref (self);

  self->is_orphan = TRUE;
  if (self->batch != NULL)
    rmi_batch_orphan (self->batch);
  take_out (self);
  if (!self->is_notification)
    rmi_incoming_cancel (self);
}

static void
timer_expired (RmiTimer *timer)
{
  rmi_incoming_cancel ((RmiIncoming *) ((char *) timer - G_STRUCT_OFFSET (RmiIncoming, timer)));
}

/* Its arguments were read: the method is all it still needs, so the bytes it came in can go. */
static void
leave_chunk (RmiIncoming *self)
{
  RmiMessage *message = &self->message;
  RmiChunk *own = rmi_chunk_new (message->method.length);

  rmi_reader_finish (&self->reader, NULL);
  memcpy (own->data, message->method.data, message->method.length);
  if (self->target.interface.data != NULL)
    self->target.interface.data = own->data + (self->target.interface.data - message->method.data);
  self->target.member.data = own->data + (self->target.member.data - message->method.data);
  message->method.data = own->data;
  message->id = message->params = message->chain = message->trace = (RmiSlice) RMI_SLICE_INIT;
  rmi_reader_init (&self->reader, message->params, self->connection->limits, NULL, RMI_ERROR_INVALID_ARGUMENTS, "params");
  rmi_chunk_unref (self->chunk);
  self->chunk = own;
}

void
rmi_incoming_set_asynchronous (RmiIncoming *self)
{
  gint64 deadline_us = rmi_incoming_get_deadline (self);

  leave_chunk (self);
  if (deadline_us == G_MAXINT64 || self->link.data == NULL)
    return;

  self->timer.expired = timer_expired;
  rmi_poller_start_timer (self->connection->runtime->poller, &self->timer, deadline_us);
}

void
rmi_incoming_push_current (RmiIncoming *self)
{
  self->outer = rmi_call_context_set_current (G_CANCELLABLE (self->cancellable));
}

void
rmi_incoming_pop_current (RmiIncoming *self)
{
  rmi_call_context_set_current (g_steal_pointer (&self->outer));
}

/* ---- answers ---- */

static RmiWriter *
begin_answer (RmiConnection *connection,
              RmiSlice       id)
{
  RmiWriter *writer = rmi_runtime_take_writer (connection->runtime, connection->limits, &connection->codec);

  rmi_writer_append (writer, "{\"jsonrpc\":\"2.0\",\"id\":", 22);
  if (id.data != NULL)
    rmi_writer_append (writer, id.data, id.length);
  else
    rmi_writer_append (writer, "null", 4);
  return writer;
}

static gboolean
send_answer (RmiConnection  *connection,
             RmiWriter      *writer,
             RmiBatch       *batch,
             GError        **error)
{
  gboolean was_added;

  if (batch == NULL)
    return rmi_connection_send (connection, writer, error);

  was_added = rmi_batch_add (batch, writer, error);
  rmi_runtime_give_writer (connection->runtime, writer);
  return was_added;
}

void
rmi_connection_answer_error (RmiConnection *self,
                             RmiSlice       id,
                             const GError  *error,
                             RmiBatch      *batch)
{
  RmiWriter *writer = begin_answer (self, id);

  rmi_writer_append (writer, ",\"error\":", 9);
  rmi_error_write (error, writer);
  rmi_writer_append (writer, "}", 1);
  /* A peer that is gone has no use for an answer. */
  send_answer (self, writer, batch, NULL);
}

typedef struct
{
  RmiIncoming *incoming;
  RmiWriter   *writer;
} Answer;

static GError *
new_bad_reply (const GError *error)
{
  return g_error_new (RMI_ERROR, RMI_ERROR_BAD_REPLY, "The result cannot be sent: %s", error->message);
}

static void
answer_cb (gpointer data,
           gpointer unused)
{
  Answer *answer = data;
  RmiIncoming *self = answer->incoming;
  g_autoptr(GError) error = NULL;

  if (self->is_notification || self->is_orphan)
    {
      rmi_runtime_give_writer (self->connection->runtime, g_steal_pointer (&answer->writer));
    }
  else if (!send_answer (self->connection, g_steal_pointer (&answer->writer), self->batch, &error)
           && g_error_matches (error, RMI_ERROR, RMI_ERROR_LIMIT))
    {
      g_autoptr(GError) bad_reply = new_bad_reply (error);

      rmi_connection_answer_error (self->connection, self->id, bad_reply, self->batch);
    }
  take_out (self);
}

static void
answer_free (gpointer data)
{
  Answer *answer = data;

  g_clear_pointer (&answer->writer, rmi_writer_free);
  rmi_incoming_unref (answer->incoming);
  g_free (answer);
}

/* Takes @writer, a whole message. */
static void
answer (RmiIncoming *self,
        RmiWriter   *writer)
{
  RmiPoller *poller = self->connection->runtime->poller;
  Answer in_place = { self, writer };
  Answer *handed_over;

  if (rmi_poller_acquire (poller))
    {
      answer_cb (&in_place, NULL);
      rmi_poller_release (poller);
      return;
    }

  handed_over = g_new (Answer, 1);
  handed_over->incoming = rmi_incoming_ref (self);
  handed_over->writer = writer;
  rmi_poller_hand_over (poller, answer_cb, handed_over, answer_free);
}

static gboolean
claim_answer (RmiIncoming *self)
{
  return g_atomic_int_compare_and_exchange (&self->is_answered, FALSE, TRUE);
}

static void
answer_error (RmiIncoming  *self,
              const GError *error)
{
  RmiWriter *writer = rmi_incoming_begin_error (self);

  rmi_error_write (error, writer);
  rmi_writer_append (writer, "}", 1);
  answer (self, writer);
}

RmiWriter *
rmi_incoming_begin_result (RmiIncoming *self)
{
  RmiWriter *writer = begin_answer (self->connection, self->id);

  rmi_writer_append (writer, ",\"result\":", 10);
  return writer;
}

RmiWriter *
rmi_incoming_begin_error (RmiIncoming *self)
{
  RmiWriter *writer = begin_answer (self->connection, self->id);

  rmi_writer_append (writer, ",\"error\":", 9);
  return writer;
}

gboolean
rmi_incoming_end_result (RmiIncoming *self,
                         RmiWriter   *writer)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) bad_reply = NULL;
  RmiSlice text;

  rmi_writer_append (writer, "}", 1);
  if (!claim_answer (self))
    {
      rmi_runtime_give_writer (self->connection->runtime, writer);
      return FALSE;
    }
  if (rmi_writer_finish (writer, &text, &error))
    {
      answer (self, writer);
      return TRUE;
    }

  rmi_runtime_give_writer (self->connection->runtime, writer);
  bad_reply = new_bad_reply (error);
  answer_error (self, bad_reply);
  return TRUE;
}

gboolean
rmi_incoming_return_error (RmiIncoming  *self,
                           const GError *error)
{
  if (!claim_answer (self))
    return FALSE;

  answer_error (self, error);
  return TRUE;
}
