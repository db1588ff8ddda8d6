/* rmi/rmi-poller-wait.c: who owns a poller, and how others wait for it
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A thread that waits for another one serves the nodes of its own meanwhile: that one may be waiting for them.
 */
#include "config.h"
#include "rmi/rmi-poller-private.h"

#include "rmi/rmi-own-pollers-private.h"

#define RETRY_US (50 * G_TIME_SPAN_MILLISECOND)      /* GLib tells nobody that a context is free */

gboolean
rmi_poller_acquire (RmiPoller *self)
{
  return g_main_context_acquire (self->context);
}

void
rmi_poller_release (RmiPoller *self)
{
  g_main_context_release (self->context);
  rmi_hand_over_released (&self->hand_over);
}

gboolean
rmi_poller_is_owner (RmiPoller *self)
{
  return g_main_context_is_owner (self->context);
}

void
rmi_poller_hand_over (RmiPoller      *self,
                      GFunc           func,
                      gpointer        data,
                      GDestroyNotify  destroy)
{
  rmi_hand_over_push (&self->hand_over, func, data, destroy, !rmi_poller_is_owner (self));
}

guint
rmi_poller_count_handed_over (RmiPoller *self)
{
  return rmi_hand_over_get_length (&self->hand_over);
}

/* A piece of work that another thread waits for. */
typedef struct
{
  RmiPoller *poller;
  GFunc      func;
  gpointer   data;
  int        is_done;         /* atomic */
} Awaited;

static void
awaited_run (gpointer data,
             gpointer unused)
{
  Awaited *self = data;

  self->func (self->data, NULL);
}

static void
awaited_done (gpointer data)
{
  Awaited *self = data;
  RmiPoller *poller = self->poller;

  g_atomic_int_set (&self->is_done, TRUE);
  rmi_poller_wake_waiters (poller);
}

static gboolean
awaited_is_done (gpointer data)
{
  return g_atomic_int_get (&((Awaited *) data)->is_done);
}

void
rmi_poller_run_in_owner (RmiPoller *self,
                         GFunc      func,
                         gpointer   data)
{
  Awaited awaited = { self, func, data, FALSE };

  if (!rmi_poller_acquire (self))
    {
      rmi_hand_over_push (&self->hand_over, awaited_run, &awaited, awaited_done, TRUE);
      rmi_poller_wait (self, awaited_is_done, &awaited, -1, NULL, RMI_POLLER_SHUT);
      return;
    }

  if (!rmi_hand_over_is_empty (&self->hand_over))
    rmi_hand_over_run_all (&self->hand_over);
  func (data, NULL);
  rmi_poller_release (self);
}

static void
cancelled_cb (GCancellable *cancellable,
              gpointer      user_data)
{
  RmiPoller *self = user_data;

  /* Also from this very thread, out of a callback of the wait's turn: rare, and worth one write. */
  rmi_hand_over_wake (&self->hand_over);
  rmi_poller_wake_waiters (self);
}

static gboolean
rmi_poller_wait_loop (RmiPoller     *self,
                      gboolean     (*is_done) (gpointer data),
                      gpointer       data,
                      gint64         deadline_us,
                      GCancellable  *cancellable)
{
  gboolean was_last_turn = FALSE;

  rmi_poller_flush (self);
  while (!is_done (data))
    {
      RmiPollerBatch batch;
      int timeout_ms = 0;

      if (was_last_turn || self->source == NULL || g_cancellable_is_cancelled (cancellable))
        return FALSE;

      /* After the deadline there is one more turn: what arrived in time counts. */
      was_last_turn = deadline_us >= 0 && g_get_monotonic_time () >= deadline_us;
      timeout_ms = was_last_turn ? 0 : rmi_poller_get_timeout (self, deadline_us);
      batch.n_events = rmi_poll_set_wait (&self->poll_set, batch.events, RMI_POLLER_EVENTS, timeout_ms);
      rmi_poller_turn (self, &batch);
    }

  return TRUE;
}

static void
rmi_poller_enter (RmiPoller      *self,
                  RmiPollerLevel *level,
                  gpointer        gate)
{
  level->outer = self->levels;
  level->gate = gate == RMI_POLLER_SHUT ? level : gate;
  self->levels = level;
}

static gboolean
rmi_poller_wait_as_owner (RmiPoller     *self,
                          gboolean     (*is_done) (gpointer data),
                          gpointer       data,
                          gint64         deadline_us,
                          GCancellable  *cancellable,
                          gpointer       gate)
{
  RmiPollerLevel level;
  gboolean done = FALSE;

  rmi_poller_enter (self, &level, gate);
  done = rmi_poller_wait_loop (self, is_done, data, deadline_us, cancellable);
  self->levels = level.outer;

  return done;
}

/* One turn of another node of this thread. */
static void
rmi_poller_serve (RmiPoller *self,
                  gint64     until_us,
                  gpointer   gate)
{
  RmiPollerLevel level;
  RmiPollerBatch batch;

  rmi_poller_enter (self, &level, gate);
  rmi_poller_flush (self);
  batch.n_events = rmi_poll_set_wait (&self->poll_set, batch.events, RMI_POLLER_EVENTS, rmi_poller_get_timeout (self, until_us));
  rmi_poller_turn (self, &batch);
  self->levels = level.outer;
}

/* While another thread is the owner. TRUE if this thread has acquired @self; FALSE if it is done, or gives up. Who waits serves the
 * nodes of its own, for the owner may wait for one of them; it sleeps in the first. */
static gboolean
rmi_poller_wait_for_owner (RmiPoller     *self,
                           gboolean     (*is_done) (gpointer data),
                           gpointer       data,
                           gint64         deadline_us,
                           GCancellable  *cancellable,
                           gpointer       gate)
{
  g_autoptr(GPtrArray) own = rmi_own_pollers_list ();
  RmiHandOver *own_hand_over = own->len > 0 ? &((RmiPoller *) own->pdata[0])->hand_over : NULL;
  gboolean is_owner = FALSE;

  rmi_hand_over_begin_wait (&self->hand_over, own_hand_over);
  while (!is_done (data) && !(is_owner = rmi_poller_acquire (self)))
    {
      gint64 now_us = g_get_monotonic_time ();
      gint64 until_us = now_us + RETRY_US;

      if (g_cancellable_is_cancelled (cancellable) || (deadline_us >= 0 && now_us >= deadline_us))
        break;
      if (deadline_us >= 0)
        until_us = MIN (until_us, deadline_us);
      if (own->len == 0)
        rmi_hand_over_wait (&self->hand_over, is_done, data, until_us);
      for (guint i = own->len; i > 0 && !is_done (data); i--)
        rmi_poller_serve (own->pdata[i - 1], i == 1 ? until_us : 0, gate);
    }
  rmi_hand_over_end_wait (&self->hand_over, own_hand_over);

  return is_owner;
}

gboolean
rmi_poller_wait (RmiPoller     *self,
                 gboolean     (*is_done) (gpointer data),
                 gpointer       data,
                 gint64         deadline_us,
                 GCancellable  *cancellable,
                 gpointer       gate)
{
  gulong handler_id = 0;
  gboolean done = FALSE;

  rmi_poller_ref (self);
  if (cancellable != NULL)
    handler_id = g_cancellable_connect (cancellable, G_CALLBACK (cancelled_cb), self, NULL);

  if (rmi_poller_acquire (self) ||
      rmi_poller_wait_for_owner (self, is_done, data, deadline_us, cancellable, gate))
    {
      done = rmi_poller_wait_as_owner (self, is_done, data, deadline_us, cancellable, gate);
      rmi_poller_release (self);
    }
  else
    {
      done = is_done (data);
    }

  g_cancellable_disconnect (cancellable, handler_id);
  rmi_poller_unref (self);

  return done;
}

void
rmi_poller_wake_waiters (RmiPoller *self)
{
  rmi_hand_over_released (&self->hand_over);
}

gpointer
rmi_poller_get_gate (RmiPoller *self)
{
  return self->levels != NULL ? self->levels->gate : NULL;
}

gpointer
rmi_poller_get_outer_gate (RmiPoller *self,
                           gpointer   gate)
{
  RmiPollerLevel *level = self->levels;

  while (level != NULL && level->gate != gate)
    level = level->outer;
  if (level != NULL)
    level = level->outer;
  while (level != NULL && level->gate == NULL)       /* a main loop that runs inside of the wait */
    level = level->outer;

  return level != NULL ? level->gate : NULL;
}

gboolean
rmi_poller_is_shut (RmiPoller *self,
                    gpointer   gate)
{
  RmiPollerLevel *level = self->levels;

  while (level != NULL && gate != level)
    level = level->outer;

  return level != NULL;
}
