/* node/rmi-worker-private.h: a node in a thread of its own
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "node/rmi-node.h"

G_BEGIN_DECLS

typedef struct _RmiWorker RmiWorker;

/* Runs when this returns: nobody else ever owns its context until it is over. @name: of the thread. */
RmiWorker *rmi_worker_new      (const char *name);
RmiNode   *rmi_worker_get_node (RmiWorker *self);
/* Any thread: runs @func there and waits for it. Once its thread is over, it runs here. */
void       rmi_worker_run      (RmiWorker *self, GFunc func, gpointer data);
gboolean   rmi_worker_is_here  (RmiWorker *self);
/* Any thread: closes its node and ends its loop as soon as what runs there lets it. Does not wait. */
void       rmi_worker_end      (RmiWorker *self);
/* Any thread but its own: until it is over. */
void       rmi_worker_wait     (RmiWorker *self);
/* It ends by itself. */
void       rmi_worker_free     (RmiWorker *self);

G_END_DECLS
