/* rmi/rmi-hand-over-private.h: work that other threads give to the owner
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The one place of the core with a lock. An eventfd wakes the owner; it is written only when the queue was empty.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  GMutex   mutex;
  GCond    changed;           /* something ran, or the owner let go */
  GQueue   items;
  guint    n_items;           /* of items, atomic: for a look without the lock */
  guint    n_waiting;         /* threads in rmi_hand_over_wait(), atomic */
  gboolean is_closed;
  int      fd;                /* the eventfd */
} RmiHandOver;

gboolean rmi_hand_over_init    (RmiHandOver *self, GError **error);
void     rmi_hand_over_clear   (RmiHandOver *self);
/* Destroys what did not run; from now on all is destroyed at once. */
void     rmi_hand_over_close   (RmiHandOver *self);

gboolean rmi_hand_over_is_empty (RmiHandOver *self);
/* Any thread. @wake: the caller is not the owner. */
void     rmi_hand_over_push    (RmiHandOver *self, GFunc func, gpointer data, GDestroyNotify destroy, gboolean wake);
void     rmi_hand_over_wake    (RmiHandOver *self);

/* The owner: takes the wake-ups off the eventfd. */
void     rmi_hand_over_acknowledge (RmiHandOver *self);
/* The owner: runs what is queued now, in order. */
void     rmi_hand_over_run     (RmiHandOver *self);

/* Any thread: pushes @func and waits until it ran (or was destroyed). Calls @acquire (data) now and then: if it says TRUE this thread is the owner and
 * runs the queue itself, then calls @release (data). */
void     rmi_hand_over_call    (RmiHandOver *self,
                                GFunc        func,
                                gpointer     func_data,
                                gboolean   (*acquire) (gpointer data),
                                void       (*release) (gpointer data),
                                gpointer     data);
/* The owner let go: somebody who waits may take over. */
void     rmi_hand_over_released (RmiHandOver *self);

/* Waits for a broadcast, the deadline or 50 ms, whatever is first; returns is_done (data), which is called under the mutex. */
gboolean rmi_hand_over_wait         (RmiHandOver *self, gboolean (*is_done) (gpointer data), gpointer data, gint64 deadline_us);

G_END_DECLS
