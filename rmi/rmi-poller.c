/* rmi/rmi-poller.c: a node's one place of waiting
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Two ways in, one turn: the GSource dispatches from the main loop, rmi_poller_wait() from a blocking
 * call. Both flush, fetch events, call back, run what other threads handed over and what expired, and
 * flush again. Any of these may come back in here; so all that a turn remembers hangs on the poller, and
 * batches of events know about removed watches.
 */
#include "config.h"
#include "rmi/rmi-poller-private.h"

#include "rmi/rmi-own-pollers-private.h"

typedef struct
{
  GSource    source;
  RmiPoller *poller;          /* which outlives it */
} PollerSource;

int
rmi_poller_get_timeout (RmiPoller *self,
                        gint64     deadline_us)
{
  RmiTimer *timer = rmi_deadline_heap_peek (&self->timers);
  gint64 due_us = timer != NULL ? timer->due_us : -1;
  gint64 left_us = 0;

  if (!rmi_hand_over_is_empty (&self->hand_over))
    return 0;
  if (deadline_us >= 0 && (timer == NULL || deadline_us < due_us))
    due_us = deadline_us;
  else if (timer == NULL)
    return -1;

  left_us = due_us - g_get_monotonic_time ();

  return left_us <= 0 ? 0 : (int) MIN ((left_us + 999) / 1000, G_MAXINT);
}

static void
rmi_poller_expire_timers (RmiPoller *self)
{
  RmiTimer *timer = NULL;
  guint budget = self->timers.length;        /* one that starts itself again waits for the next turn */
  gint64 now_us = 0;

  if (budget == 0)
    return;

  now_us = g_get_monotonic_time ();
  while (budget-- > 0 &&
         (timer = rmi_deadline_heap_peek (&self->timers)) != NULL && timer->due_us <= now_us)
    {
      rmi_deadline_heap_remove (&self->timers, timer);
      timer->expired (timer);
    }
}

static void
rmi_poller_deliver_events (RmiPoller      *self,
                           RmiPollerBatch *batch)
{
  batch->outer = self->batches;
  self->batches = batch;

  for (int i = 0; i < batch->n_events; i++)
    {
      RmiWatch *watch = batch->events[i].data.ptr;

      batch->events[i].data.ptr = NULL;
      if (watch != NULL)
        watch->ready (watch, batch->events[i].events);
    }

  self->batches = batch->outer;
}

void
rmi_poller_turn (RmiPoller      *self,
                 RmiPollerBatch *batch)
{
  rmi_poller_deliver_events (self, batch);
  if (!rmi_hand_over_is_empty (&self->hand_over))
    rmi_hand_over_run (&self->hand_over);
  rmi_poller_expire_timers (self);
  rmi_poller_flush (self);
}

static void
rmi_poller_do_idle (RmiPoller *self)
{
  guint n_wakes = self->n_idle_wakes;

  /* It stays pending meanwhile: a main loop that runs inside of the work gets the rest of it. */
  if (!self->idle_work (self->idle_data) && n_wakes == self->n_idle_wakes)
    self->is_idle_pending = FALSE;
  rmi_poller_flush (self);
}

static void
wake_ready (RmiWatch *watch,
            guint32   events)
{
  rmi_hand_over_acknowledge (&watch->poller->hand_over);
}

static gboolean
poller_source_prepare (GSource *source,
                       int     *timeout_ms)
{
  RmiPoller *self = ((PollerSource *) source)->poller;

  rmi_poller_flush (self);
  *timeout_ms = self->is_idle_pending ? 0 : rmi_poller_get_timeout (self, -1);

  return *timeout_ms == 0;
}

static gboolean
poller_source_check (GSource *source)
{
  RmiPoller *self = ((PollerSource *) source)->poller;

  return rmi_poll_set_is_ready (&self->poll_set) ||
         self->is_idle_pending ||
         rmi_poller_get_timeout (self, -1) == 0;
}

static gboolean
poller_source_dispatch (GSource     *source,
                        GSourceFunc  callback,
                        gpointer     user_data)
{
  RmiPoller *self = ((PollerSource *) source)->poller;
  RmiPollerLevel level = { self->levels, NULL };
  RmiPollerBatch batch;

  rmi_poller_ref (self);
  self->levels = &level;

  batch.n_events = rmi_poll_set_fetch (&self->poll_set, batch.events, RMI_POLLER_EVENTS);
  rmi_poller_turn (self, &batch);
  if (self->is_idle_pending)
    rmi_poller_do_idle (self);

  self->levels = level.outer;
  rmi_poller_unref (self);

  return G_SOURCE_CONTINUE;
}

static GSourceFuncs poller_source_funcs = {
  .prepare = poller_source_prepare,
  .check = poller_source_check,
  .dispatch = poller_source_dispatch,
};

static void
rmi_poller_attach (RmiPoller *self)
{
  PollerSource *source = NULL;

  self->source = g_source_new (&poller_source_funcs, sizeof (PollerSource));
  source = (PollerSource *) self->source;
  source->poller = self;
  rmi_poll_set_init (&self->poll_set, self->source);
  g_source_set_static_name (self->source, "RmiPoller");
  /* One that may not recurse costs two writes and a read of the context's eventfd a dispatch. */
  g_source_set_can_recurse (self->source, TRUE);
  g_source_attach (self->source, self->context);
  rmi_own_pollers_add (self);
}

static void
rmi_poller_free (RmiPoller *self)
{
  rmi_poller_close (self);
  rmi_hand_over_clear (&self->hand_over);
  rmi_poll_set_clear (&self->poll_set);
  g_main_context_unref (self->context);
  g_free (self);
}

static void
spare_timer_expired (RmiTimer *timer)
{
  RmiPoller *self = (RmiPoller *) ((char *) timer - G_STRUCT_OFFSET (RmiPoller, spare_timer));

  g_clear_pointer (&self->spare, rmi_chunk_unref);
}

RmiPoller *
rmi_poller_new (GMainContext  *context,
                GError       **error)
{
  RmiPoller *self = NULL;

  self = g_new0 (RmiPoller, 1);
  g_atomic_ref_count_init (&self->ref_count);
  self->context = g_main_context_ref (context != NULL ? context : g_main_context_default ());
  self->wake_watch.ready = wake_ready;
  self->spare_timer.expired = spare_timer_expired;
  rmi_poll_set_init (&self->poll_set, NULL);

  if (rmi_hand_over_init (&self->hand_over, error))
    {
      rmi_poller_attach (self);
      if (rmi_poller_add_watch (self, &self->wake_watch, self->hand_over.fd, EPOLLIN, error))
        return self;
    }

  rmi_poller_free (self);

  return NULL;
}

RmiPoller *
rmi_poller_ref (RmiPoller *self)
{
  g_atomic_ref_count_inc (&self->ref_count);

  return self;
}

void
rmi_poller_unref (RmiPoller *self)
{
  if (g_atomic_ref_count_dec (&self->ref_count))
    rmi_poller_free (self);
}

void
rmi_poller_close (RmiPoller *self)
{
  g_autoptr(GSource) source = g_steal_pointer (&self->source);
  RmiTimer *timer = NULL;

  if (source == NULL)
    return;

  rmi_own_pollers_remove (self);
  rmi_poller_flush (self);
  rmi_poll_set_close (&self->poll_set);
  g_source_destroy (source);
  rmi_poller_remove_watch (&self->wake_watch);
  self->is_idle_pending = FALSE;
  g_clear_pointer (&self->spare, rmi_chunk_unref);

  while ((timer = rmi_deadline_heap_peek (&self->timers)) != NULL)
    {
      rmi_deadline_heap_remove (&self->timers, timer);
      timer->expired (timer);
    }
  rmi_deadline_heap_clear (&self->timers);
  rmi_hand_over_close (&self->hand_over);
}

GMainContext *
rmi_poller_get_context (RmiPoller *self)
{
  return self->context;
}

gboolean
rmi_poller_add_watch (RmiPoller  *self,
                      RmiWatch   *watch,
                      int         fd,
                      guint32     events,
                      GError    **error)
{
  g_assert (watch->poller == NULL);

  if (self->source == NULL)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CLOSED, "The node is closed");
      return FALSE;
    }

  watch->fd = fd;
  watch->events = events;
  if (!rmi_poll_set_add (&self->poll_set, watch, error))
    return FALSE;

  watch->poller = self;
  return TRUE;
}

void
rmi_poller_modify_watch (RmiWatch *watch,
                         guint32   events)
{
  if (watch->poller == NULL || watch->events == events)
    return;

  watch->events = events;
  rmi_poll_set_modify (&watch->poller->poll_set, watch);
}

void
rmi_poller_remove_watch (RmiWatch *watch)
{
  RmiPoller *self = g_steal_pointer (&watch->poller);

  if (self == NULL)
    return;

  rmi_poll_set_remove (&self->poll_set, watch);
  for (RmiPollerBatch *batch = self->batches; batch != NULL; batch = batch->outer)
    {
      for (int i = 0; i < batch->n_events; i++)
        {
          if (batch->events[i].data.ptr == watch)
            batch->events[i].data.ptr = NULL;
        }
    }
}

void
rmi_poller_start_timer (RmiPoller *self,
                        RmiTimer  *timer,
                        gint64     due_us)
{
  if (self->source != NULL)
    rmi_deadline_heap_add (&self->timers, timer, due_us);
}

void
rmi_poller_stop_timer (RmiPoller *self,
                       RmiTimer  *timer)
{
  rmi_deadline_heap_remove (&self->timers, timer);
}

void
rmi_poller_queue_flush (RmiPoller *self,
                        RmiFlush  *flush)
{
  if (flush->is_queued || self->source == NULL)
    return;

  flush->is_queued = TRUE;
  flush->next = NULL;
  flush->previous = self->dirty_tail;
  if (self->dirty_tail != NULL)
    self->dirty_tail->next = flush;
  else
    self->dirty_head = flush;
  self->dirty_tail = flush;
}

void
rmi_poller_cancel_flush (RmiPoller *self,
                         RmiFlush  *flush)
{
  if (!flush->is_queued)
    return;

  if (flush->previous != NULL)
    flush->previous->next = flush->next;
  else
    self->dirty_head = flush->next;
  if (flush->next != NULL)
    flush->next->previous = flush->previous;
  else
    self->dirty_tail = flush->previous;

  flush->next = flush->previous = NULL;
  flush->is_queued = FALSE;
}

void
rmi_poller_flush (RmiPoller *self)
{
  RmiFlush *flush = NULL;

  while ((flush = self->dirty_head) != NULL)
    {
      rmi_poller_cancel_flush (self, flush);
      flush->flush (flush);
    }
}

void
rmi_poller_set_idle (RmiPoller *self,
                     gboolean (*work) (gpointer data),
                     gpointer   data)
{
  self->idle_work = work;
  self->idle_data = data;
  if (work == NULL)
    self->is_idle_pending = FALSE;
}

void
rmi_poller_wake_idle (RmiPoller *self)
{
  self->n_idle_wakes++;
  self->is_idle_pending = self->idle_work != NULL && self->source != NULL;
}

RmiChunk *
rmi_poller_take_spare (RmiPoller *self)
{
  return g_steal_pointer (&self->spare);
}

void
rmi_poller_give_spare (RmiPoller *self,
                       RmiChunk  *chunk)
{
  if (self->spare != NULL || self->source == NULL || chunk->size > RMI_POLLER_SPARE_BYTES)
    {
      rmi_chunk_unref (chunk);
      return;
    }

  self->spare = chunk;
  if (chunk->size > RMI_CHUNK_BYTES && self->spare_timer.position == 0)
    rmi_poller_start_timer (self, &self->spare_timer, g_get_monotonic_time () + RMI_POLLER_SPARE_US);
}
