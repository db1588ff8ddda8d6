/* rmi/rmi-poller-private.h: a node's one place of waiting, as its two files share it
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "rmi/rmi-poller-internal.h"

#include <sys/epoll.h>

#include "rmi/rmi-deadline-heap-private.h"
#include "rmi/rmi-hand-over-private.h"
#include "rmi/rmi-poll-set-private.h"

G_BEGIN_DECLS

#define RMI_POLLER_EVENTS 64

/* Events fetched and not yet delivered; on the C stack of a turn. */
typedef struct _RmiPollerBatch RmiPollerBatch;
struct _RmiPollerBatch
{
  RmiPollerBatch     *outer;
  struct epoll_event  events[RMI_POLLER_EVENTS];
  int                 n_events;
};

/* Who waits; on the C stack. A dispatch from the main loop has one without a gate. */
typedef struct _RmiPollerLevel RmiPollerLevel;
struct _RmiPollerLevel
{
  RmiPollerLevel *outer;
  gpointer        gate;
};

struct _RmiPoller
{
  gatomicrefcount  ref_count;
  GMainContext    *context;
  GSource         *source;    /* NULL once closed */
  RmiPollSet       poll_set;
  RmiHandOver      hand_over;
  RmiWatch         wake_watch;
  RmiDeadlineHeap  timers;
  RmiFlush        *dirty_head;
  RmiFlush        *dirty_tail;
  RmiPollerBatch  *batches;   /* innermost first */
  RmiPollerLevel  *levels;    /* innermost first */
  RmiChunk        *spare;
  RmiTimer         spare_timer; /* runs while the spare is large */
  gboolean       (*idle_work) (gpointer data);
  gpointer         idle_data;
  guint            n_idle_wakes;
  gboolean         is_idle_pending;
};

/* Milliseconds until the first timer, rounded up; 0 if there is something to do now, -1 for ever. */
int  rmi_poller_get_timeout (RmiPoller *self, gint64 deadline_us);
/* Everything of a turn but idle work. @batch: its events, fetched. */
void rmi_poller_turn        (RmiPoller *self, RmiPollerBatch *batch);

G_END_DECLS
