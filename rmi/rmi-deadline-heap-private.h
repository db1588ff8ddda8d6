/* rmi/rmi-deadline-heap-private.h: timers by the time they are due
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A binary heap of borrowed timers; those of the same time come in the order they were started.
 */
#pragma once

#include "rmi/rmi-poller-internal.h"

G_BEGIN_DECLS

typedef struct
{
  RmiTimer **timers;          /* from 1 */
  guint      length;
  guint      size;            /* places allocated, without the unused first */
  guint      serial;
} RmiDeadlineHeap;

void      rmi_deadline_heap_clear  (RmiDeadlineHeap *self);
/* Moves it if it is there already. */
void      rmi_deadline_heap_add    (RmiDeadlineHeap *self, RmiTimer *timer, gint64 due_us);
void      rmi_deadline_heap_remove (RmiDeadlineHeap *self, RmiTimer *timer);
/* The one due first, or NULL. */
RmiTimer *rmi_deadline_heap_peek   (RmiDeadlineHeap *self);

G_END_DECLS
