/* rmi/rmi-call.c: one outgoing call, from its first argument to its last result
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Built in any thread, sent and answered by the owner of the node. A call leaves the connection's tables exactly once,
 * in rmi_call_answer(): by its reply, its deadline, its cancellation or the end of the connection.
 */
#include "config.h"
#include "rmi/rmi-call-private.h"

#include "rmi/rmi-connection-private.h"
#include "rmi/rmi-error-internal.h"
#include "rmi/rmi-decimal-internal.h"
#include "rmi/rmi-random-internal.h"

#define NO_TIMEOUT G_MAXUINT
#define ENVELOPE_BYTES 256    /* what seal() adds, and more */

static RmiCall *
call_new (RmiConnection *connection,
          guint          timeout_ms)
{
  RmiCall *self = g_new0 (RmiCall, 1);

  self->connection = g_object_ref (connection);
  self->timeout_ms = timeout_ms;
  self->context.deadline_us = G_MAXINT64;
  self->link.data = self;
  self->writer = rmi_runtime_take_writer (connection->runtime, connection->limits, &connection->codec);
  return self;
}

RmiCall *
rmi_call_new (RmiConnection *connection,
              const char    *path,
              const char    *interface,
              const char    *member,
              guint          timeout_ms)
{
  RmiCall *self = call_new (connection, timeout_ms);

  rmi_writer_append (self->writer, "\"method\":\"", 10);
  rmi_writer_append_escaped (self->writer, path, strlen (path));
  rmi_writer_append (self->writer, "#", 1);
  if (interface != NULL)
    {
      rmi_writer_append_escaped (self->writer, interface, strlen (interface));
      rmi_writer_append (self->writer, ".", 1);
    }
  rmi_writer_append_escaped (self->writer, member, strlen (member));
  rmi_writer_append (self->writer, "\",\"params\":[", 12);
  return self;
}

RmiCall *
rmi_call_new_by_name (RmiConnection *connection,
                      const char    *path,
                      const char    *member,
                      guint          timeout_ms)
{
  RmiCall *self = call_new (connection, timeout_ms);

  self->is_by_name = TRUE;
  rmi_writer_append (self->writer, "\"method\":\"", 10);
  rmi_writer_append_escaped (self->writer, path, strlen (path));
  rmi_writer_append (self->writer, "#", 1);
  rmi_writer_append_escaped (self->writer, member, strlen (member));
  rmi_writer_append (self->writer, "\",\"params\":", 11);
  return self;
}

RmiCall *
rmi_call_new_system (RmiConnection *connection,
                     const char    *method)
{
  RmiCall *self = call_new (connection, 0);

  self->is_system = TRUE;
  self->is_by_name = TRUE;
  rmi_writer_append (self->writer, "\"method\":\"", 10);
  rmi_writer_append (self->writer, method, strlen (method));
  rmi_writer_append (self->writer, "\",\"params\":", 11);
  return self;
}

/**
 * rmi_call_free:
 * @self: (transfer full): a call that was not started, or whose result was read
 *
 * Frees it. References in the result that nobody read are released.
 *
 * Since: 1.0
 */
void
rmi_call_free (RmiCall *self)
{
  if (self->writer != NULL)
    rmi_runtime_give_writer (self->connection->runtime, self->writer);
  if (self->chunk != NULL)
    rmi_reader_finish (&self->reader, NULL);
  g_clear_pointer (&self->chunk, rmi_chunk_unref);
  g_clear_error (&self->error);
  g_clear_object (&self->cancellable);
  rmi_call_context_clear (&self->context);
  g_clear_object (&self->connection);
  g_free (self);
}

/**
 * rmi_call_get_writer: (skip)
 * @self: a call that was not sent yet
 *
 * The arguments go here, one value each, in declared order.
 *
 * Returns: (transfer none): the writer
 *
 * Since: 1.0
 */
RmiWriter *
rmi_call_get_writer (RmiCall *self)
{
  return self->writer;
}

/**
 * rmi_call_get_reader: (skip)
 * @self: an answered call
 *
 * Returns: (transfer none): where the result is read from
 *
 * Since: 1.0
 */
RmiReader *
rmi_call_get_reader (RmiCall *self)
{
  return &self->reader;
}

/**
 * rmi_call_end: (skip)
 * @self: an answered call, its result read
 * @error: return location for an error
 *
 * Checks that the result was what the caller expected, and releases the references in it that were not read.
 *
 * Returns: %FALSE with %RMI_ERROR_BAD_REPLY if the result did not fit
 *
 * Since: 1.0
 */
gboolean
rmi_call_end (RmiCall  *self,
              GError  **error)
{
  return rmi_reader_finish (&self->reader, error);
}

gsize
rmi_call_get_size (RmiCall *self)
{
  RmiSlice text;

  return rmi_writer_finish (self->writer, &text, NULL) ? text.length + ENVELOPE_BYTES : 0;
}

gboolean
rmi_call_is_sent (RmiCall *self)
{
  return g_atomic_int_get (&self->state) == RMI_CALL_PENDING
         && self->connection->stream != NULL
         && rmi_stream_get_sent (self->connection->stream) > self->start;
}

/* ---- what it inherits and what it says in `meta` ---- */

/* In the caller's thread: the deadline, and the chain if a caller upstream blocks. */
gboolean
rmi_call_prepare (RmiCall       *self,
                  GCancellable  *cancellable,
                  GError       **error)
{
  const RmiCallContext *outer = rmi_call_context_find (cancellable);
  guint timeout_ms = self->timeout_ms != 0 ? self->timeout_ms : RMI_DEFAULT_TIMEOUT_MS;
  RmiSlice text;

  if (!rmi_writer_finish (self->writer, &text, error))
    return FALSE;
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return FALSE;

  if (timeout_ms != NO_TIMEOUT)
    self->context.deadline_us = g_get_monotonic_time () + (gint64) timeout_ms * 1000;
  if (outer != NULL)
    {
      self->context.deadline_us = MIN (self->context.deadline_us, outer->deadline_us);
      memcpy (self->context.chain, outer->chain, sizeof self->context.chain);
      self->context.depth = outer->chain[0] != '\0' ? outer->depth + 1 : 0;
      self->context.trace = g_strdup (outer->trace);
    }

  if (self->context.depth > self->connection->limits->chain_depth)
    {
      GError *deep = g_error_new (RMI_ERROR, RMI_ERROR_LIMIT, "The chain of calls is deeper than the limit of %u",
                                  self->connection->limits->chain_depth);

      rmi_error_mark_nested (deep);
      g_propagate_error (error, deep);
      return FALSE;
    }
  return TRUE;
}

static void
write_meta (RmiCall *self,
            gint64   now_us)
{
  RmiWriter *writer = self->writer;
  gint64 remaining_ms = self->context.deadline_us == G_MAXINT64
                          ? 0 : MAX (1, (self->context.deadline_us - now_us + 999) / 1000);
  gboolean says_timeout = remaining_ms != RMI_DEFAULT_TIMEOUT_MS && !self->is_oneway;

  if (self->is_system || self->connection->peer_kind == RMI_PEER_PLAIN)
    return;
  if (!says_timeout && self->context.chain[0] == '\0' && self->context.trace == NULL)
    return;

  rmi_writer_append (writer, ",\"meta\":{", 9);
  if (says_timeout)
    {
      rmi_writer_add_member (writer, "timeout");
      rmi_writer_add_int64 (writer, remaining_ms);
    }
  if (self->context.chain[0] != '\0')
    {
      char depth[16];

      rmi_writer_add_member (writer, "chain");
      rmi_writer_begin_string (writer);
      rmi_writer_append (writer, self->context.chain, RMI_CHAIN_LENGTH);
      g_snprintf (depth, sizeof depth, "/%u", self->context.depth);
      rmi_writer_append (writer, depth, strlen (depth));
      rmi_writer_end_string (writer);
    }
  if (self->context.trace != NULL)
    {
      rmi_writer_add_member (writer, "traceparent");
      rmi_writer_add_string (writer, self->context.trace);
    }
  rmi_writer_append (writer, "}", 1);
}

static void
seal (RmiCall *self)
{
  char front[64] = "{\"jsonrpc\":\"2.0\",";
  char *end = front + strlen (front);

  if (!self->is_by_name)
    rmi_writer_append (self->writer, "]", 1);
  write_meta (self, g_get_monotonic_time ());
  rmi_writer_append (self->writer, "}", 1);
  if (!self->is_oneway)
    {
      end = stpcpy (end, "\"id\":");
      end += rmi_decimal_write (end, self->serial);
      *end++ = ',';
    }
  rmi_writer_push_front (self->writer, front, end - front);
}

/* ---- sending, in the owner ---- */

static void timer_expired (RmiTimer *timer);

void
rmi_call_transmit (RmiCall *self)
{
  RmiConnection *connection = self->connection;
  g_autoptr(GError) error = NULL;

  seal (self);
  self->start = rmi_stream_get_queued (connection->stream);
  g_atomic_int_set (&self->state, RMI_CALL_PENDING);
  if (!rmi_connection_send (connection, g_steal_pointer (&self->writer), &error))
    rmi_call_answer (self, NULL, (RmiSlice) RMI_SLICE_INIT, g_steal_pointer (&error));
  else if (self->is_oneway)
    rmi_call_answer (self, NULL, (RmiSlice) RMI_SLICE_INIT, NULL);
}

static void
submit_cb (gpointer data,
           gpointer unused)
{
  RmiCall *self = data;
  RmiConnection *connection = self->connection;
  g_autoptr(GError) error = NULL;

  if (!rmi_connection_ensure_open (connection, &error))
    {
      rmi_call_answer (self, NULL, (RmiSlice) RMI_SLICE_INIT, g_steal_pointer (&error));
      return;
    }

  if (!self->is_oneway)
    {
      self->serial = ++connection->last_serial;
      rmi_pending_table_add (&connection->pending, self);
    }
  if ((self->task != NULL || self->done != NULL) && self->context.deadline_us != G_MAXINT64)
    {
      self->timer.expired = timer_expired;
      rmi_poller_start_timer (connection->runtime->poller, &self->timer, self->context.deadline_us);
    }

  if (rmi_connection_must_queue (connection, self))
    {
      g_atomic_int_set (&self->state, RMI_CALL_UNSENT);
      g_queue_push_tail_link (&connection->unsent, &self->link);
    }
  else
    {
      rmi_call_transmit (self);
    }
}

/* Blocking calls that nobody upstream waits for start a chain, if somebody could call us back. */
static void
submit_blocking_cb (gpointer data,
                    gpointer unused)
{
  RmiCall *self = data;
  RmiExporter *exporter = self->connection->runtime->exporter;

  if (self->context.chain[0] == '\0' && rmi_exporter_is_exporting (exporter))
    {
      rmi_random_token_into (self->context.chain, 8);
      self->context.depth = 1;
    }
  submit_cb (self, NULL);
}

void
rmi_call_answer (RmiCall  *self,
                 RmiChunk *chunk,
                 RmiSlice  result,
                 GError   *error)
{
  RmiConnection *connection = self->connection;

  if (g_atomic_int_get (&self->state) == RMI_CALL_UNSENT)
    g_queue_unlink (&connection->unsent, &self->link);
  if (self->serial != 0)
    rmi_pending_table_remove (&connection->pending, self);
  if (self->timer.position != 0)
    rmi_poller_stop_timer (connection->runtime->poller, &self->timer);
  if (self->writer != NULL)
    rmi_runtime_give_writer (connection->runtime, g_steal_pointer (&self->writer));

  self->error = error;
  if (chunk != NULL)
    {
      self->chunk = rmi_chunk_ref (chunk);
      rmi_reader_init (&self->reader, result, connection->limits, &connection->codec, RMI_ERROR_BAD_REPLY, "result");
    }

  if (self->task != NULL || self->done != NULL)
    {
      rmi_connection_complete (connection, self);
      return;
    }
  g_atomic_int_set (&self->state, RMI_CALL_DONE);
  rmi_poller_wake_waiters (connection->runtime->poller);
}

/* ---- giving up, in the owner ---- */

static void
tell_cancelled (RmiCall *self)
{
  RmiWriter *writer;

  if (self->connection->peer_kind == RMI_PEER_PLAIN || g_atomic_int_get (&self->state) != RMI_CALL_PENDING)
    return;

  writer = rmi_connection_begin_notification (self->connection, NULL, "rpc.cancel");
  rmi_writer_add_int64 (writer, self->serial);
  rmi_connection_end_notification (self->connection, writer);
}

static void
give_up (RmiCall *self,
         gboolean is_cancelled)
{
  GError *error = NULL;

  if (is_cancelled)
    {
      tell_cancelled (self);
      error = g_error_new (G_IO_ERROR, G_IO_ERROR_CANCELLED, "The call was cancelled; it may have run");
    }
  else if (g_atomic_int_get (&self->state) == RMI_CALL_UNSENT)
    {
      error = g_error_new (RMI_ERROR, RMI_ERROR_UNREACHABLE, "%s %s within the deadline of the call",
                           self->connection->is_greeting ? "No answer to rpc.hello from" : "No connection to",
                           self->connection->uri);
    }
  else
    {
      error = g_error_new (RMI_ERROR, RMI_ERROR_TIMED_OUT, "No answer within the deadline of the call; it may have run");
    }
  rmi_call_answer (self, NULL, (RmiSlice) RMI_SLICE_INIT, error);
}

static void
timer_expired (RmiTimer *timer)
{
  give_up ((RmiCall *) ((char *) timer - G_STRUCT_OFFSET (RmiCall, timer)), FALSE);
}

static void
abandon_cb (gpointer data,
            gpointer unused)
{
  RmiCall *self = data;

  if (g_atomic_int_get (&self->state) != RMI_CALL_DONE)
    give_up (self, self->cancellable != NULL && g_cancellable_is_cancelled (self->cancellable));
}

/* ---- blocking ---- */

static gboolean
is_done (gpointer data)
{
  RmiCall *self = data;

  return g_atomic_int_get (&self->state) == RMI_CALL_DONE;
}

static void
run_blocking (RmiCall *self,
              GFunc    submit)
{
  RmiPoller *poller = self->connection->runtime->poller;
  gint64 deadline_us = self->context.deadline_us == G_MAXINT64 ? -1 : self->context.deadline_us;

  rmi_poller_run_in_owner (poller, submit, self);
  if (!is_done (self) && !rmi_poller_wait (poller, is_done, self, deadline_us, self->cancellable, self))
    rmi_poller_run_in_owner (poller, abandon_cb, self);
}

/**
 * rmi_call_run: (skip)
 * @self: a call with all its arguments
 * @cancellable: (nullable): to give up; the callee's cancellable is cancelled, too
 * @error: return location for an error
 *
 * Sends the call and blocks until the answer is there. Any thread may; whoever owns the node's main context serves
 * the node's sockets meanwhile, and no other source of the context.
 *
 * Returns: (transfer none): the result to read from, or %NULL with @error
 *
 * Since: 1.0
 */
RmiReader *
rmi_call_run (RmiCall       *self,
              GCancellable  *cancellable,
              GError       **error)
{
  if (cancellable == NULL)
    cancellable = rmi_call_context_get_current ();
  if (!rmi_call_prepare (self, cancellable, error))
    return NULL;

  g_set_object (&self->cancellable, cancellable);
  run_blocking (self, submit_blocking_cb);
  if (self->error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&self->error));
      return NULL;
    }
  return &self->reader;
}

/**
 * rmi_call_send: (skip)
 * @self: (transfer full): a call with all its arguments
 * @error: return location for an error
 *
 * Sends the call as a notification: nothing comes back. Waits for the connection, if it has to be dialled.
 *
 * Returns: %TRUE if it was queued to be sent
 *
 * Since: 1.0
 */
gboolean
rmi_call_send (RmiCall  *self,
               GError  **error)
{
  g_autoptr(RmiCall) owned = self;
  GCancellable *cancellable = rmi_call_context_get_current ();

  self->is_oneway = TRUE;
  if (!rmi_call_prepare (self, cancellable, error))
    return FALSE;

  g_set_object (&self->cancellable, cancellable);
  run_blocking (self, submit_cb);
  if (self->error == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&self->error));
  return FALSE;
}

/* ---- asynchronous ---- */

typedef struct
{
  RmiConnection *connection;
  gint64         serial;
} CancelRequest;

static void
cancel_request_free (gpointer data)
{
  CancelRequest *request = data;

  g_object_unref (request->connection);
  g_free (request);
}

static void
cancel_in_owner_cb (gpointer data,
                    gpointer unused)
{
  CancelRequest *request = data;
  RmiCall *call = rmi_pending_table_lookup (&request->connection->pending, request->serial);

  if (call != NULL)
    give_up (call, TRUE);
}

/* Any thread, and possibly from inside the owner's own code: so never in place. */
static void
cancelled_cb (GCancellable *cancellable,
              gpointer      user_data)
{
  CancelRequest *request = user_data;
  CancelRequest *copy = g_new0 (CancelRequest, 1);

  copy->connection = g_object_ref (request->connection);
  copy->serial = request->serial;
  rmi_poller_hand_over (copy->connection->runtime->poller, cancel_in_owner_cb, copy, cancel_request_free);
}

void
rmi_call_start_in_owner (RmiCall *self)
{
  g_autoptr(GCancellable) cancellable = self->cancellable != NULL ? g_object_ref (self->cancellable) : NULL;
  RmiConnection *connection = self->connection;
  gint64 serial;
  CancelRequest *request;

  submit_cb (self, NULL);
  serial = connection->last_serial;
  /* It may have failed, and be gone, already. */
  if (cancellable == NULL || rmi_pending_table_lookup (&connection->pending, serial) != self)
    return;

  request = g_new0 (CancelRequest, 1);
  request->connection = g_object_ref (connection);
  request->serial = serial;
  self->cancelled_id = g_cancellable_connect (cancellable, G_CALLBACK (cancelled_cb), request, cancel_request_free);
}

/* From another thread; the task returns also if the poller closes first. */
typedef struct
{
  RmiCall *call;
} Start;

static void
start_handed_over_cb (gpointer data,
                      gpointer unused)
{
  Start *start = data;

  rmi_call_start_in_owner (g_steal_pointer (&start->call));
}

static void
start_free (gpointer data)
{
  Start *start = data;

  if (start->call != NULL)
    {
      g_task_return_new_error (start->call->task, RMI_ERROR, RMI_ERROR_UNREACHABLE, "The node is closed");
      g_clear_object (&start->call->task);
      rmi_call_free (start->call);
    }
  g_free (start);
}

/**
 * rmi_call_start: (skip)
 * @self: (transfer full): a call with all its arguments
 * @source_object: the object of the task
 * @cancellable: (nullable): to give up; the callee's cancellable is cancelled, too
 * @callback: called in the caller's thread-default main context, never before this function returns
 * @user_data: for @callback
 *
 * Sends the call when the turn of the main loop ends. Many calls started in one turn leave in one write.
 *
 * Since: 1.0
 */
void
rmi_call_start (RmiCall             *self,
                gpointer             source_object,
                GCancellable        *cancellable,
                GAsyncReadyCallback  callback,
                gpointer             user_data)
{
  RmiPoller *poller = self->connection->runtime->poller;
  g_autoptr(GTask) task = NULL;
  GError *error = NULL;

  if (cancellable == NULL)
    cancellable = rmi_call_context_get_current ();
  task = g_task_new (source_object, cancellable, callback, user_data);
  g_task_set_source_tag (task, rmi_call_start);
  g_task_set_check_cancellable (task, FALSE);

  if (!rmi_call_prepare (self, cancellable, &error))
    {
      g_task_return_error (task, error);
      rmi_call_free (self);
      return;
    }

  self->task = g_steal_pointer (&task);
  g_set_object (&self->cancellable, cancellable);
  if (rmi_poller_acquire (poller))
    {
      rmi_call_start_in_owner (self);
      rmi_poller_release (poller);
    }
  else
    {
      Start *start = g_new (Start, 1);

      start->call = self;
      rmi_poller_hand_over (poller, start_handed_over_cb, start, start_free);
    }
}

/**
 * rmi_call_finish: (skip)
 * @source_object: the object given to rmi_call_start()
 * @result: what the callback got
 * @error: return location for an error
 *
 * Returns: (transfer full): the answered call, or %NULL with @error
 *
 * Since: 1.0
 */
RmiCall *
rmi_call_finish (gpointer       source_object,
                 GAsyncResult  *result,
                 GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, source_object), NULL);
  g_return_val_if_fail (g_task_get_source_tag (G_TASK (result)) == rmi_call_start, NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

void
rmi_call_start_internal (RmiCall   *self,
                         void     (*done) (RmiCall *, gpointer),
                         gpointer   user_data)
{
  self->done = done;
  self->done_data = user_data;
  submit_cb (self, NULL);
}
