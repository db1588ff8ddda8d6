/* rmi/rmi-hand-over-private.h: work that other threads give to the owner
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The one lock on the way of a call, and only of one from another thread. An eventfd wakes the owner; it is written only when the
 * queue was empty.
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
  guint    n_waiting;         /* threads between begin and end of a wait, atomic */
  GSList  *busy;              /* of them, the queues of those that serve nodes of their own meanwhile: borrowed */
  gboolean is_closed;
  int      fd;                /* the eventfd */
} RmiHandOver;

gboolean rmi_hand_over_init    (RmiHandOver *self, GError **error);
void     rmi_hand_over_clear   (RmiHandOver *self);
/* Destroys what did not run; from now on all is destroyed at once. */
void     rmi_hand_over_close   (RmiHandOver *self);

gboolean rmi_hand_over_is_empty (RmiHandOver *self);
guint    rmi_hand_over_get_length (RmiHandOver *self);
/* Any thread. @wake: the caller is not the owner. */
void     rmi_hand_over_push    (RmiHandOver *self, GFunc func, gpointer data, GDestroyNotify destroy, gboolean wake);
void     rmi_hand_over_wake    (RmiHandOver *self);

/* The owner: takes the wake-ups off the eventfd. */
void     rmi_hand_over_acknowledge (RmiHandOver *self);
/* What runs in one turn, at a microsecond or so each, before the sockets get theirs. */
#define RMI_HAND_OVER_TURN 256
/* The owner: runs what is queued now, in order; of much, as much as a turn may. */
void     rmi_hand_over_run     (RmiHandOver *self);
/* All that is queued now: for who comes after it. */
void     rmi_hand_over_run_all (RmiHandOver *self);

/* Any thread that waits for the owner, or for something that the owner does: from begin to end, each _released() wakes it. @own (nullable)
 * is woken, too: a queue that the thread itself serves meanwhile. */
void     rmi_hand_over_begin_wait (RmiHandOver *self, RmiHandOver *own);
void     rmi_hand_over_end_wait   (RmiHandOver *self, RmiHandOver *own);
/* The same thread, if it has nothing to serve: sleeps until it is woken or @until_us, unless is_done (data), which is called under the mutex. */
void     rmi_hand_over_wait       (RmiHandOver *self, gboolean (*is_done) (gpointer data), gpointer data, gint64 until_us);
/* The owner let go, or did something that others wait for. */
void     rmi_hand_over_released   (RmiHandOver *self);

G_END_DECLS
