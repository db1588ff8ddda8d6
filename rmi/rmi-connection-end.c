/* rmi/rmi-connection-end.c: how a connection ends: lost, drained or shut down
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Losing the stream fails the calls in flight and ends the subscriptions. What else hung on it goes with the session: see
 * rmi-connection-session.c.
 */
#include "config.h"
#include "rmi/rmi-connection-private.h"

#include "rmi/rmi-error.h"

/* ---- lost ---- */

static GError *
why_call_ended (RmiCall      *call,
                const GError *error)
{
  gboolean is_protocol = error != NULL && g_error_matches (error, RMI_ERROR, RMI_ERROR_PROTOCOL);
  const char *reason = error != NULL ? error->message : "The peer closed the connection";

  if (!rmi_call_is_sent (call))
    return g_error_new (RMI_ERROR, RMI_ERROR_UNREACHABLE, "The connection ended before the call was sent: %s", reason);

  return g_error_new (RMI_ERROR, is_protocol ? RMI_ERROR_PROTOCOL : RMI_ERROR_DISCONNECTED,
                      "The connection ended before the answer, the call may have run: %s", reason);
}

/* A call that ended with the stream. */
typedef struct
{
  gint64  serial;
  GError *error;
} Loss;

static void
loss_clear (gpointer data)
{
  Loss *loss = data;

  g_clear_error (&loss->error);
}

/* While the stream is there to say what it sent. */
static GArray *
list_losses (RmiConnection *self,
             const GError  *error)
{
  g_autoptr(GArray) serials = rmi_pending_table_list_serials (&self->pending);
  GArray *losses = g_array_sized_new (FALSE, FALSE, sizeof (Loss), serials->len);

  g_array_set_clear_func (losses, loss_clear);
  for (guint i = 0; i < serials->len; i++)
    {
      gint64 serial = g_array_index (serials, gint64, i);
      Loss loss = { serial, why_call_ended (rmi_pending_table_lookup (&self->pending, serial), error) };

      g_array_append_val (losses, loss);
    }
  return losses;
}

/* No table but the queue knows them. Their callers block: no user code runs. */
static void
fail_notifications (RmiConnection *self,
                    const GError  *error)
{
  GList *next;

  for (GList *link = self->unsent.head; link != NULL; link = next)
    {
      RmiCall *call = link->data;

      next = link->next;
      if (call->serial == 0)
        rmi_call_answer (call, NULL, (RmiSlice) RMI_SLICE_INIT, why_call_ended (call, error));
    }
}

/* User code runs between, which may end others of these calls, dial again and make new ones. */
static void
fail_calls (RmiConnection *self,
            GArray        *losses)
{
  for (guint i = 0; i < losses->len; i++)
    {
      Loss *loss = &g_array_index (losses, Loss, i);
      RmiCall *call = rmi_pending_table_lookup (&self->pending, loss->serial);

      if (call != NULL)
        rmi_call_answer (call, NULL, (RmiSlice) RMI_SLICE_INIT, g_steal_pointer (&loss->error));
    }
}

/* What hung on the stream. Handlers of cancellables run in here: a stream dialled by them would be taken for the lost one. */
static void
forget_stream (RmiConnection *self)
{
  GList *link;

  self->is_forgetting = TRUE;
  g_atomic_int_inc (&self->codec.generation);
  while ((link = self->incoming.head) != NULL)
    rmi_incoming_disconnect (link->data);
  rmi_exporter_suspended (self->runtime->exporter, self);
  rmi_importer_suspended (self->runtime->importer, self);
  self->is_forgetting = FALSE;
}

static void
raise_backoff (RmiConnection *self)
{
  gboolean is_unix = self->endpoint->transport == RMI_TRANSPORT_UNIX;
  guint first_ms = is_unix ? 100 : 1000;
  guint last_ms = is_unix ? 5000 : 120000;

  self->backoff_ms = self->backoff_ms == 0 ? first_ms : MIN (self->backoff_ms * 8 / 5, last_ms);
  self->redial_us = g_get_monotonic_time () + (gint64) (self->backoff_ms * g_random_double_range (0.8, 1.2) * 1000);
  /* A call that comes first may try at once. */
  if (!self->is_redialling)
    self->backoff_until_us = self->redial_us;
}

/* In which state it waits, if anybody does. */
static RmiConnectionState
choose_state (RmiConnection *self,
              const GError  *error)
{
  if (rmi_connection_may_suspend (self, error))
    return RMI_CONNECTION_SUSPENDED;
  return self->endpoint != NULL ? RMI_CONNECTION_IDLE : RMI_CONNECTION_CLOSED;
}

/* Before a peer that answers no hello is dialled again, there is a pause. */
static void
plan_next_stream (RmiConnection *self,
                  const GError  *error)
{
  if (self->endpoint == NULL || g_error_matches (error, RMI_ERROR, RMI_ERROR_CLOSING))
    return;
  if (self->peer_kind != RMI_PEER_RMI)
    raise_backoff (self);
  else
    rmi_connection_plan_redial (self);
  self->is_redialling = FALSE;
}

/* What the peer's side of it was. */
static void
drop_stream (RmiConnection *self)
{
  g_clear_pointer (&self->stream, rmi_stream_unref);
  self->peer_kind = self->endpoint != NULL ? RMI_PEER_UNKNOWN : self->peer_kind;
  self->peer_frame_bytes = G_MAXSIZE;
  self->is_greeting = FALSE;
  self->is_resuming = FALSE;
  rmi_connection_orphan_held (self);
}

/* The stream is gone or never came. Calls fail last: those who made them may call again at once. */
void
rmi_connection_lose (RmiConnection *self,
                     const GError  *error)
{
  g_autoptr(RmiConnection) kept = g_object_ref (self);
  g_autoptr(GArray) losses = NULL;
  gboolean was_open = self->stream != NULL;

  if (self->stream == NULL && self->state != RMI_CONNECTION_DIALLING)
    return;

  rmi_connection_set_state (self, choose_state (self, error));
  plan_next_stream (self, error);
  rmi_poller_stop_timer (self->runtime->poller, &self->timer);
  rmi_connection_drop_releases (self);
  losses = list_losses (self, error);
  fail_notifications (self, error);
  drop_stream (self);
  if (was_open)
    forget_stream (self);
  if (self->state == RMI_CONNECTION_SUSPENDED)
    rmi_connection_suspend (self);
  else if (was_open || self->session != NULL)
    rmi_connection_end_session (self);

  fail_calls (self, losses);
  if (was_open)
    rmi_connection_tell_closed (self, error);
  if (!g_error_matches (error, RMI_ERROR, RMI_ERROR_CLOSING))
    rmi_connection_start_waiting (self);
}

/* ---- closing ---- */

static void
drain_expired (RmiTimer *timer)
{
  RmiConnection *self = (RmiConnection *) ((char *) timer - G_STRUCT_OFFSET (RmiConnection, timer));
  g_autoptr(GError) error = g_error_new (RMI_ERROR, RMI_ERROR_TIMED_OUT, "The calls in flight did not end in %u s",
                                         self->limits->drain_s);

  rmi_stream_close (self->stream, TRUE);
  rmi_connection_lose (self, error);
}

void
rmi_connection_check_drained (RmiConnection *self)
{
  gboolean is_over = self->state == RMI_CONNECTION_CLOSING || (self->state == RMI_CONNECTION_ENDING && self->held.length == 0);

  if (!is_over || self->incoming.length > 0 || self->n_batches > 0 || self->pending.n_calls > 0)
    return;

  rmi_stream_close (self->stream, FALSE);
  rmi_connection_lose (self, NULL);
}

static void
start_drain (RmiConnection      *self,
             RmiConnectionState  state)
{
  rmi_connection_set_state (self, state);
  self->timer.expired = drain_expired;
  rmi_poller_start_timer (self->runtime->poller, &self->timer,
                          g_get_monotonic_time () + (gint64) self->limits->drain_s * G_USEC_PER_SEC);
}

void
rmi_connection_hear_out (RmiConnection *self)
{
  g_autoptr(RmiConnection) kept = g_object_ref (self);
  g_autoptr(GArray) losses = list_losses (self, NULL);

  if (self->state == RMI_CONNECTION_OPEN)
    start_drain (self, RMI_CONNECTION_ENDING);
  /* Whatever we ask will not be answered. */
  fail_calls (self, losses);
  rmi_connection_check_drained (self);
}

void
rmi_connection_begin_drain (RmiConnection *self)
{
  if (self->state != RMI_CONNECTION_OPEN)
    return;

  start_drain (self, RMI_CONNECTION_CLOSING);
  rmi_connection_say_close (self, "going away");
  rmi_connection_check_drained (self);
}

/* Says so, if it can; then nothing is left of the stream and of the session. */
static void
end (RmiConnection *self,
     const char    *reason)
{
  g_autoptr(GError) error = g_error_new (RMI_ERROR, RMI_ERROR_CLOSING, "This program closed the connection: %s", reason);

  if (self->dialling != NULL)
    g_cancellable_cancel (self->dialling);
  g_clear_object (&self->dialling);
  if (self->state == RMI_CONNECTION_OPEN)
    rmi_connection_say_close (self, reason);
  if (self->stream != NULL)
    rmi_stream_close (self->stream, FALSE);
  rmi_connection_lose (self, error);
  rmi_connection_end_suspension (self);
}

void
rmi_connection_shut_down (RmiConnection *self)
{
  g_autoptr(RmiConnection) kept = g_object_ref (self);

  if (self->state != RMI_CONNECTION_CLOSED)
    end (self, "its node was closed");
  rmi_poller_stop_timer (self->runtime->poller, &self->timer);
  if (self->state != RMI_CONNECTION_CLOSED)
    rmi_connection_set_state (self, RMI_CONNECTION_CLOSED);
  rmi_connection_drop_held (self);
  rmi_connection_tell_ended (self);
}

static void
close_cb (gpointer data,
          gpointer unused)
{
  RmiConnection *self = data;

  if (self->state != RMI_CONNECTION_CLOSED)
    end (self, "closed");
  rmi_poller_stop_timer (self->runtime->poller, &self->timer);
}

/**
 * rmi_connection_close:
 * @self: a connection
 *
 * Ends it, for both sides: calls in flight fail, references of both sides are released, stubs of the peer's implicit objects
 * break. What was sent before still goes out. A connection that was dialled is dialled again by the next call; the peer
 * of one that was accepted has to connect again. Any thread; also in a method that the peer called, whose answer goes nowhere then.
 *
 * Since: 1.0
 */
void
rmi_connection_close (RmiConnection *self)
{
  g_autoptr(RmiConnection) kept = NULL;

  g_return_if_fail (RMI_IS_CONNECTION (self));

  kept = g_object_ref (self);
  rmi_poller_run_in_owner (self->runtime->poller, close_cb, self);
}
