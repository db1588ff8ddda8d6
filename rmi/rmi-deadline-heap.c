/* rmi/rmi-deadline-heap.c: timers by the time they are due
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "config.h"
#include "rmi/rmi-deadline-heap-private.h"

#define MIN_SIZE 16

static gboolean
is_before (RmiTimer *a,
           RmiTimer *b)
{
  if (a->due_us != b->due_us)
    return a->due_us < b->due_us;

  return (int) (a->serial - b->serial) < 0;      /* serials wrap around */
}

static void
put (RmiDeadlineHeap *self,
     RmiTimer        *timer,
     guint            position)
{
  self->timers[position] = timer;
  timer->position = position;
}

static void
sift_up (RmiDeadlineHeap *self,
         RmiTimer        *timer)
{
  guint position = timer->position;

  for (; position > 1 && is_before (timer, self->timers[position / 2]); position /= 2)
    put (self, self->timers[position / 2], position);

  put (self, timer, position);
}

static void
sift_down (RmiDeadlineHeap *self,
           RmiTimer        *timer)
{
  guint position = timer->position;
  guint child = 0;

  while ((child = position * 2) <= self->length)
    {
      if (child < self->length && is_before (self->timers[child + 1], self->timers[child]))
        child++;
      if (!is_before (self->timers[child], timer))
        break;
      put (self, self->timers[child], position);
      position = child;
    }

  put (self, timer, position);
}

static void
resize (RmiDeadlineHeap *self,
        guint            size)
{
  self->timers = g_renew (RmiTimer *, self->timers, (gsize) size + 1);
  self->size = size;
}

void
rmi_deadline_heap_clear (RmiDeadlineHeap *self)
{
  for (guint i = 1; i <= self->length; i++)
    self->timers[i]->position = 0;

  g_clear_pointer (&self->timers, g_free);
  self->length = self->size = 0;
}

void
rmi_deadline_heap_add (RmiDeadlineHeap *self,
                       RmiTimer        *timer,
                       gint64           due_us)
{
  if (timer->position == 0)
    {
      if (self->length == self->size)
        resize (self, MAX (MIN_SIZE, self->size * 2));
      put (self, timer, ++self->length);
    }

  timer->due_us = due_us;
  timer->serial = self->serial++;
  sift_up (self, timer);
  sift_down (self, timer);
}

void
rmi_deadline_heap_remove (RmiDeadlineHeap *self,
                          RmiTimer        *timer)
{
  RmiTimer *last = NULL;

  if (timer->position == 0)
    return;

  last = self->timers[self->length--];
  if (last != timer)
    {
      put (self, last, timer->position);
      sift_up (self, last);
      sift_down (self, last);
    }
  timer->position = 0;

  if (self->size > MIN_SIZE && self->length < self->size / 4)
    resize (self, self->size / 2);
}

RmiTimer *
rmi_deadline_heap_peek (RmiDeadlineHeap *self)
{
  return self->length > 0 ? self->timers[1] : NULL;
}
