/* rmi/rmi-poller-internal.h: a node's one place of waiting
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * One epoll descriptor for all sockets, listeners and the hand-over eventfd; one GSource that polls it; one deadline heap that
 * reaches GLib through prepare()'s timeout. A blocking wait runs the same. Whoever has acquired the GMainContext owns the
 * poller; only rmi_poller_hand_over(), _run_in_owner(), _wait() and _acquire() may be called from elsewhere. A thread that waits for another
 * one's poller serves its own ones meanwhile, as if it waited for one of them: so threads that wait for each other come to an end.
 */
#pragma once

#include "rmi/rmi-chunk-internal.h"
#include "rmi/rmi-types.h"

G_BEGIN_DECLS

typedef struct _RmiPoller RmiPoller;
typedef struct _RmiWatch RmiWatch;
typedef struct _RmiTimer RmiTimer;
typedef struct _RmiFlush RmiFlush;

/* A descriptor. Embedded in its owner. */
struct _RmiWatch
{
  int        fd;
  guint32    events;          /* EPOLLIN | EPOLLOUT | EPOLLRDHUP … as registered */
  void     (*ready) (RmiWatch *self, guint32 events);
  RmiPoller *poller;          /* NULL if not registered */
};

/* A deadline. Embedded in its owner. */
struct _RmiTimer
{
  gint64     due_us;          /* monotonic */
  void     (*expired) (RmiTimer *self);
  guint      position;        /* in the heap, from 1; 0 if not started */
  guint      serial;          /* the heap's: timers of the same time expire in the order they were started */
};

/* Bytes to send before the next wait. Embedded in its owner. */
struct _RmiFlush
{
  void     (*flush) (RmiFlush *self);
  RmiFlush  *next, *previous; /* in the dirty list; or both NULL */
  gboolean   is_queued;
};

/* A poller for @context (referenced). Its source is attached and may recurse; priority G_PRIORITY_DEFAULT. */
RmiPoller    *rmi_poller_new          (GMainContext *context, GError **error);
RmiPoller    *rmi_poller_ref          (RmiPoller *self);      /* atomic */
void          rmi_poller_unref        (RmiPoller *self);
/* Takes the source off; later calls do nothing. What is queued is flushed, timers still running expire now (whoever lingers on one lets go), and
 * hand-overs that did not run are destroyed. A wait that goes on returns FALSE. */
void          rmi_poller_close        (RmiPoller *self);
GMainContext *rmi_poller_get_context  (RmiPoller *self);

gboolean      rmi_poller_add_watch    (RmiPoller *self, RmiWatch *watch, int fd, guint32 events, GError **error);
void          rmi_poller_modify_watch (RmiWatch *watch, guint32 events);
/* Safe from inside any ready() callback: an event already fetched for it is dropped. */
void          rmi_poller_remove_watch (RmiWatch *watch);

void          rmi_poller_start_timer  (RmiPoller *self, RmiTimer *timer, gint64 due_us);    /* again: moves it */
void          rmi_poller_stop_timer   (RmiPoller *self, RmiTimer *timer);

void          rmi_poller_queue_flush  (RmiPoller *self, RmiFlush *flush);
void          rmi_poller_cancel_flush (RmiPoller *self, RmiFlush *flush);
/* Flushes all that is queued, now. */
void          rmi_poller_flush        (RmiPoller *self);

/* Work for the next turn of the main loop, never for a blocking wait (held messages, completions). There is one such function. */
void          rmi_poller_set_idle     (RmiPoller *self, gboolean (*work) (gpointer data), gpointer data);   /* returns TRUE if more is left */
void          rmi_poller_wake_idle    (RmiPoller *self);

/* How long memory for large messages waits for the next one, and how much of it does at most. */
#define RMI_POLLER_SPARE_US G_TIME_SPAN_SECOND
#define RMI_POLLER_SPARE_BYTES (2 * 1024 * 1024)
/* The chunk that streams receive into and leave here while they wait; what others hold of it stays in front of its used bytes. A large one is let
 * go after a moment. (transfer full), nullable. */
RmiChunk     *rmi_poller_take_spare   (RmiPoller *self);
void          rmi_poller_give_spare   (RmiPoller *self, RmiChunk *chunk);

/* ---- threads ---- */

/* TRUE if this thread owns the poller now (recursive); release once for each. */
gboolean      rmi_poller_acquire      (RmiPoller *self);
void          rmi_poller_release      (RmiPoller *self);
gboolean      rmi_poller_is_owner     (RmiPoller *self);
/* Any thread: @func (data) runs in the owner, from its loop or its blocking wait; runs no user code. @data is freed after with @destroy, also
 * if the poller closes first. Wakes the owner. */
void          rmi_poller_hand_over    (RmiPoller *self, GFunc func, gpointer data, GDestroyNotify destroy);
/* Any thread: how much of it waits. Of much, a part runs in each turn. */
guint         rmi_poller_count_handed_over (RmiPoller *self);
/* Any thread: runs @func in place if the poller can be acquired, else hands it over and waits until it ran. If the owner lets go meanwhile,
 * this thread takes over (a broadcast of rmi_poller_release(), and a look every 50 ms, since GLib tells nobody). While it waits, a gate is shut. */
void          rmi_poller_run_in_owner (RmiPoller *self, GFunc func, gpointer data);

/* The blocking wait: runs the poller's own I/O, timers and hand-overs until @is_done (data) or @deadline_us passed (-1: none). Nothing else of
 * the GMainContext runs. Flushes before it waits. TRUE if done. Any thread: one that cannot acquire the poller waits for its
 * owner, who calls rmi_poller_wake_waiters() (is_done() is called in this thread, so what it reads is atomic), and takes over when the owner lets go. A @cancellable (nullable) that fires ends the wait
 * (FALSE); it wakes through the hand-over eventfd. While waiting, rmi_poller_get_gate() returns @gate;
 * the gates of nested waits are a stack. Dispatch from the main loop runs with a NULL gate, also when a main loop runs inside a wait. */
gboolean      rmi_poller_wait         (RmiPoller     *self,
                                       gboolean     (*is_done) (gpointer data),
                                       gpointer       data,
                                       gint64         deadline_us,
                                       GCancellable  *cancellable,
                                       gpointer       gate);
/* Something that is_done() of a wait in another thread looks at has changed. */
void          rmi_poller_wake_waiters (RmiPoller *self);
/* NULL unless what runs now runs inside a blocking wait. */
gpointer      rmi_poller_get_gate     (RmiPoller *self);
/* A gate through which nothing comes: what runs inside such a wait, rmi_poller_is_shut() tells apart. */
#define RMI_POLLER_SHUT GINT_TO_POINTER (-1)
gboolean      rmi_poller_is_shut      (RmiPoller *self, gpointer gate);
/* The next outer gate of @gate, needed to look through the whole stack; NULL at the end. */
gpointer      rmi_poller_get_outer_gate (RmiPoller *self, gpointer gate);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RmiPoller, rmi_poller_unref)

G_END_DECLS
