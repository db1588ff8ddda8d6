/* rmi/rmi-connection-route.c: frames in: who gets them, now or later
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Inside a blocking wait (the poller has a gate) user code runs only for calls of a chain that is being waited for. Everything else
 * that would run some is held, and so are requests while the peer does not read our answers: see rmi-connection-held.c.
 */
#include "config.h"
#include "rmi/rmi-connection-private.h"

#include "rmi/rmi-error-internal.h"

#define RETRY_AFTER_MS 1000

/* ---- answers to our calls ---- */

static void
take_answer (RmiConnection    *self,
             RmiChunk         *chunk,
             const RmiMessage *message)
{
  RmiCall *call = message->serial != 0 ? rmi_pending_table_lookup (&self->pending, message->serial) : NULL;

  if (call == NULL)
    {
      /* Cancelled, expired, or never asked for. */
      rmi_reader_discard (message->result, &self->codec);
      rmi_reader_discard (message->error, &self->codec);
      return;
    }

  if (message->kind == RMI_MESSAGE_RESULT)
    {
      rmi_call_answer (call, chunk, message->result, NULL);
    }
  else
    {
      RmiReader reader;
      GError *error;

      rmi_reader_init (&reader, message->error, self->limits, NULL, RMI_ERROR_BAD_REPLY, "error");
      error = rmi_error_read (&reader);
      rmi_reader_finish (&reader, NULL);
      if (call->is_forwarded)
        {
          rmi_call_answer (call, chunk, message->error, error);
          return;
        }
      rmi_call_answer (call, NULL, (RmiSlice) RMI_SLICE_INIT, error);
      rmi_reader_discard (message->error, &self->codec);
    }
}

/* ---- calls and events ---- */

/* A node id is a claim; where the kernel knows the processes at the other ends, they must be one. */
static gboolean
is_same_peer (RmiConnection *self,
              RmiConnection *other)
{
  if (self == other)
    return self->peer_node != NULL;
  if (self->peer_node == NULL || other->peer_node == NULL || strcmp (self->peer_node, other->peer_node) != 0)
    return FALSE;
  if (self->credentials == NULL || other->credentials == NULL)
    return self->credentials == other->credentials;

  return g_credentials_get_unix_pid (self->credentials, NULL) == g_credentials_get_unix_pid (other->credentials, NULL);
}

static gboolean
is_of_waiting_chain (RmiConnection    *self,
                     const RmiMessage *message)
{
  RmiPoller *poller = self->runtime->poller;
  gpointer innermost = rmi_poller_get_gate (poller);

  if (message->chain.length < RMI_CHAIN_LENGTH)
    return FALSE;

  for (gpointer gate = innermost; gate != NULL; gate = rmi_poller_get_outer_gate (poller, gate))
    {
      const RmiCall *waiting = gate;

      if (rmi_poller_is_shut (poller, gate))
        continue;
      if (waiting->context.chain[0] != '\0' && memcmp (waiting->context.chain, message->chain.data, RMI_CHAIN_LENGTH) == 0)
        return TRUE;
      /* Two programs that call each other at once: the smaller id serves the other. */
      if (self->runtime == waiting->connection->runtime && is_same_peer (self, waiting->connection) && strcmp (self->runtime->node_id, self->peer_node) < 0)
        return TRUE;
    }
  return FALSE;
}

static gboolean
must_wait (RmiConnection    *self,
           const RmiMessage *message,
           const RmiTarget  *target)
{
  gboolean must_be_read_first = message->kind == RMI_MESSAGE_REQUEST && rmi_connection_is_congested (self);

  if (target->kind == RMI_TARGET_SYSTEM && !rmi_connection_is_ordered_system (target->member))
    return must_be_read_first;
  if (rmi_poller_get_gate (self->runtime->poller) != NULL)
    return target->kind != RMI_TARGET_METHOD || !is_of_waiting_chain (self, message);

  return self->held.length > 0 || must_be_read_first;
}

/* How deep waits lie in each other. A peer may lie about the depth of its chain: this is what it costs us. */
static guint
count_waits (RmiPoller *poller)
{
  guint n_waits = 0;

  for (gpointer gate = rmi_poller_get_gate (poller); gate != NULL; gate = rmi_poller_get_outer_gate (poller, gate))
    n_waits++;
  return n_waits;
}

/* What is refused is answered, if it can be, and its references go back. */
static void
refuse (RmiConnection    *self,
        const RmiMessage *message,
        RmiBatch         *batch,
        GError           *error)
{
  g_autoptr(GError) owned = error;

  if (message->kind == RMI_MESSAGE_REQUEST)
    rmi_connection_answer_error (self, message->id, error, batch);
  else
    g_debug ("Dropped %.*s: %s", (int) MIN (message->method.length, 100), message->method.data, error->message);
  rmi_reader_discard (message->params, &self->codec);
}

static void
take_event (RmiConnection   *self,
            RmiMessage      *message,
            const RmiTarget *target,
            RmiBatch        *batch)
{
  RmiReader reader;

  if (message->kind == RMI_MESSAGE_REQUEST)
    {
      refuse (self, message, batch, g_error_new (RMI_ERROR, RMI_ERROR_INVALID_REQUEST, "An event is not a request"));
      return;
    }

  rmi_reader_init (&reader, message->params, self->limits, &self->codec, RMI_ERROR_INVALID_ARGUMENTS, "params");
  rmi_importer_event (self->runtime->importer, self, target, &reader);
  rmi_reader_finish (&reader, NULL);
}

static GError *
why_refused (RmiConnection    *self,
             const RmiMessage *message,
             gint64            arrival_us)
{
  gint64 timeout_ms = message->timeout_ms < 0 ? RMI_DEFAULT_TIMEOUT_MS : message->timeout_ms;
  gint64 now_us;

  if (self->state == RMI_CONNECTION_CLOSING)
    return g_error_new (RMI_ERROR, RMI_ERROR_CLOSING, "The peer is going away");
  if (self->incoming.length >= self->limits->calls_in_flight)
    return rmi_error_new_limit (RETRY_AFTER_MS, "More than %u calls in flight on one connection",
                                self->limits->calls_in_flight);
  if (count_waits (self->runtime->poller) > self->limits->chain_depth)
    return rmi_error_new_limit (RETRY_AFTER_MS, "More than %u calls wait inside of each other", self->limits->chain_depth);
  if (timeout_ms == 0 || message->kind != RMI_MESSAGE_REQUEST)
    return NULL;

  now_us = g_get_monotonic_time ();
  if ((now_us - arrival_us) / 1000 >= timeout_ms)
    return g_error_new (RMI_ERROR, RMI_ERROR_TIMED_OUT, "The deadline passed before it could run");
  return NULL;
}

static void
dispatch (RmiConnection   *self,
          RmiChunk        *chunk,
          RmiMessage      *message,
          const RmiTarget *target,
          RmiBatch        *batch,
          gint64           arrival_us)
{
  g_autoptr(RmiIncoming) incoming = NULL;
  GError *error;

  if (target->kind == RMI_TARGET_SIGNAL)
    {
      take_event (self, message, target, batch);
      return;
    }

  error = target->kind == RMI_TARGET_METHOD ? why_refused (self, message, arrival_us) : NULL;
  if (error != NULL)
    {
      refuse (self, message, batch, error);
      return;
    }

  incoming = rmi_incoming_new (self, chunk, message, target, batch, arrival_us);
  if (rmi_incoming_get_context (incoming)->depth > self->limits->chain_depth)
    {
      g_autoptr(GError) deep = rmi_error_new_limit (0, "The chain of calls is deeper than %u", self->limits->chain_depth);

      rmi_incoming_return_error (incoming, deep);
    }
  else if (target->kind == RMI_TARGET_SYSTEM)
    {
      rmi_connection_take_system (self, incoming);
    }
  else
    {
      rmi_exporter_dispatch (self->runtime->exporter, incoming);
    }
}

typedef struct
{
  RmiReferenceCodec codec;
  guint             n_references;
} ReferenceCounter;

static void
count_reference (RmiReferenceCodec      *codec,
                 const RmiWireReference *reference)
{
  ((ReferenceCounter *) codec)->n_references++;
}

/* What a peer said before it was gone still counts, unless it is about the connection, or about objects that went with it. */
static gboolean
is_void (RmiConnection    *self,
         const RmiHeld    *held,
         const RmiMessage *message,
         const RmiTarget  *target)
{
  ReferenceCounter counter = { .codec.discard = count_reference };

  if (message->kind == RMI_MESSAGE_REQUEST || target->kind == RMI_TARGET_SYSTEM
      || (target->member.length >= 4 && memcmp (target->member.data, "rpc.", 4) == 0))
    return TRUE;
  if (held->epoch == self->codec.epoch)
    return FALSE;
  rmi_reader_discard (message->params, &counter.codec);
  return counter.n_references > 0;
}

static void
refuse_to_hold (RmiConnection    *self,
                const RmiMessage *message,
                const RmiTarget  *target)
{
  if (target->kind == RMI_TARGET_SIGNAL)
    {
      rmi_importer_lost (self->runtime->importer, self, target->path);
      rmi_connection_note_lost_events (self);
    }
  refuse (self, message, NULL,
          rmi_error_new_limit (RETRY_AFTER_MS, "More than %" G_GSIZE_FORMAT " bytes of messages wait for this program",
                               self->limits->held_bytes));
}

static void
note_accepted (RmiConnection    *self,
               const RmiMessage *message)
{
  if (message->kind == RMI_MESSAGE_REQUEST && message->serial > self->last_accepted)
    self->last_accepted = message->serial;
}

static void
take_call (RmiConnection *self,
           RmiChunk      *chunk,
           RmiSlice       text,
           RmiMessage    *message,
           RmiBatch      *batch,
           const RmiHeld *held)
{
  g_autoptr(GError) error = NULL;
  RmiTarget target;

  if (!rmi_target_parse (&target, message->method, &error))
    {
      refuse (self, message, batch, g_steal_pointer (&error));
      return;
    }

  if (held != NULL && held->is_orphan && is_void (self, held, message, &target))
    return;
  note_accepted (self, message);
  if (held == NULL && batch == NULL && must_wait (self, message, &target))
    {
      /* Releases have as much room again: without one, a count would be wrong for ever. */
      gsize room = self->limits->held_bytes * (target.kind == RMI_TARGET_SYSTEM ? 2 : 1);

      if (self->held_bytes + text.length <= room)
        rmi_connection_hold (self, text, message->id, message->kind == RMI_MESSAGE_REQUEST);
      else
        refuse_to_hold (self, message, &target);
      return;
    }
  dispatch (self, chunk, message, &target, batch, held != NULL ? held->arrival_us : self->arrival_us);
}

/* Broken, but it may say whose it is. */
static void
take_invalid (RmiConnection    *self,
              const RmiMessage *message,
              RmiSlice          text,
              RmiBatch         *batch,
              const GError     *error)
{
  RmiCall *call = message->is_answer ? rmi_pending_table_lookup (&self->pending, message->serial) : NULL;

  if (call != NULL)
    rmi_call_answer (call, NULL, (RmiSlice) RMI_SLICE_INIT,
                     g_error_new (RMI_ERROR, RMI_ERROR_BAD_REPLY, "The answer cannot be read: %s", error->message));
  else if (!message->is_answer)
    rmi_connection_answer_error (self, message->id, error, batch);
  /* It is JSON at least. */
  if (g_error_matches (error, RMI_ERROR, RMI_ERROR_INVALID_REQUEST))
    rmi_reader_discard (text, &self->codec);
}

static void
take_message (RmiConnection *self,
              RmiChunk      *chunk,
              RmiSlice       text,
              RmiBatch      *batch,
              const RmiHeld *held)
{
  gboolean is_late = held != NULL && held->is_orphan;
  g_autoptr(GError) error = NULL;
  RmiMessage message = { 0 };
  gboolean is_valid = rmi_message_parse (&message, text, self->limits, &error);

  if (is_valid && message.kind != RMI_MESSAGE_RESULT && message.kind != RMI_MESSAGE_ERROR)
    take_call (self, chunk, text, &message, batch, held);
  else if (is_valid && !is_late)
    take_answer (self, chunk, &message);
  else if (!is_late)
    take_invalid (self, &message, text, batch, error);
  rmi_message_clear (&message);
}

static void
take_batch (RmiConnection *self,
            RmiChunk      *chunk,
            RmiSlice       text,
            const RmiHeld *held)
{
  g_autoptr(RmiStream) stream = self->stream != NULL ? rmi_stream_ref (self->stream) : NULL;
  RmiHeld late = { .is_orphan = TRUE, .epoch = self->codec.epoch };
  g_autoptr(GArray) elements = g_array_new (FALSE, FALSE, sizeof (RmiSlice));
  g_autoptr(RmiBatch) batch = NULL;
  g_autoptr(GError) error = NULL;

  if (!rmi_message_split_batch (text, self->limits, elements, &error))
    {
      rmi_connection_answer_error (self, (RmiSlice) RMI_SLICE_INIT, error, NULL);
      return;
    }

  batch = rmi_batch_new (self, elements->len);
  for (guint i = 0; i < elements->len; i++)
    take_message (self, chunk, g_array_index (elements, RmiSlice, i), batch, self->stream == stream ? held : &late);
  if (self->stream != stream)
    rmi_batch_orphan (batch);
}

void
rmi_connection_take_held (RmiConnection *self,
                          RmiHeld       *held)
{
  if (rmi_message_is_batch (held->frame))
    take_batch (self, held->chunk, held->frame, held);
  else
    take_message (self, held->chunk, held->frame, NULL, held);
}

/* Batches come from plain peers alone: they are no part of any chain, and wait whole. */
static gboolean
must_batch_wait (RmiConnection *self)
{
  return rmi_poller_get_gate (self->runtime->poller) != NULL || self->held.length > 0 || rmi_connection_is_congested (self);
}

static void
refuse_batch (RmiConnection *self,
              RmiSlice       text)
{
  g_autoptr(GError) error = rmi_error_new_limit (RETRY_AFTER_MS, "Too many messages wait for this program");

  rmi_connection_answer_error (self, (RmiSlice) RMI_SLICE_INIT, error, NULL);
  rmi_reader_discard (text, &self->codec);
}

void
rmi_connection_take_frame (RmiConnection *self,
                           RmiChunk      *chunk,
                           RmiSlice       frame)
{
  g_autoptr(RmiConnection) kept = g_object_ref (self);
  RmiHeld late = { .is_orphan = TRUE, .epoch = self->codec.epoch };
  const RmiHeld *held = NULL;

  if (self->held.length > 0 && rmi_poller_get_gate (self->runtime->poller) == NULL && !rmi_connection_run_held_first (self))
    held = &late;

  if (!rmi_message_is_batch (frame))
    take_message (self, chunk, frame, NULL, held);
  else if (held != NULL || !must_batch_wait (self))
    take_batch (self, chunk, frame, held);
  else if (self->held_bytes + frame.length <= self->limits->held_bytes)
    rmi_connection_hold (self, frame, (RmiSlice) RMI_SLICE_INIT, TRUE);
  else
    refuse_batch (self, frame);
}
