/* node/rmi-worker.c: a node in a thread of its own
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Two hold it: who made it, and its thread, which may outlive the other if that lets go in a method that the thread runs. Its context is
 * owned by the thread from the beginning to the end, so that all that others want of the node is done there.
 */
#include "config.h"
#include "node/rmi-worker-private.h"

#include "node/rmi-node-private.h"

/* Callbacks of what ended with the node run; but a source that is always ready does not keep the thread. */
#define LAST_TURNS 100

struct _RmiWorker
{
  gatomicrefcount  ref_count;
  GMainContext    *context;
  GMainLoop       *loop;
  RmiNode         *node;
  GThread         *thread;
  int              is_joined;     /* atomic */
  int              is_over;       /* atomic */
};

/* On the stack of who waits for the thread to begin. */
typedef struct
{
  RmiWorker *worker;
  GMutex     mutex;
  GCond      changed;
  gboolean   is_running;          /* under the mutex */
} Start;

static void
unref (RmiWorker *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_object_unref (self->node);
  g_main_loop_unref (self->loop);
  g_main_context_unref (self->context);
  g_free (self);
}

static gboolean
running_cb (gpointer data)
{
  Start *start = data;

  g_mutex_lock (&start->mutex);
  start->is_running = TRUE;
  g_cond_signal (&start->changed);
  g_mutex_unlock (&start->mutex);
  return G_SOURCE_REMOVE;
}

static gpointer
thread_run (gpointer data)
{
  Start *start = data;
  RmiWorker *self = start->worker;
  g_autoptr(GSource) source = g_idle_source_new ();

  g_main_context_push_thread_default (self->context);
  g_source_set_callback (source, running_cb, g_steal_pointer (&start), NULL);
  g_source_attach (source, self->context);
  g_main_loop_run (self->loop);

  rmi_node_close (self->node);
  for (guint i = 0; i < LAST_TURNS && g_main_context_iteration (self->context, FALSE); i++)
    ;
  g_atomic_int_set (&self->is_over, TRUE);
  g_main_context_pop_thread_default (self->context);
  rmi_poller_wake_waiters (self->node->poller);
  unref (self);
  return NULL;
}

RmiWorker *
rmi_worker_new (const char *name)
{
  RmiWorker *self = g_new0 (RmiWorker, 1);
  Start start = { .worker = self };

  g_atomic_ref_count_init (&self->ref_count);
  g_atomic_ref_count_inc (&self->ref_count);
  self->context = g_main_context_new ();
  self->loop = g_main_loop_new (self->context, FALSE);
  g_main_context_push_thread_default (self->context);
  self->node = rmi_node_new ();
  g_main_context_pop_thread_default (self->context);

  g_mutex_init (&start.mutex);
  g_cond_init (&start.changed);
  g_mutex_lock (&start.mutex);
  self->thread = g_thread_new (name, thread_run, &start);
  while (!start.is_running)
    g_cond_wait (&start.changed, &start.mutex);
  g_mutex_unlock (&start.mutex);
  g_cond_clear (&start.changed);
  g_mutex_clear (&start.mutex);
  return self;
}

RmiNode *
rmi_worker_get_node (RmiWorker *self)
{
  return self->node;
}

void
rmi_worker_run (RmiWorker *self,
                GFunc      func,
                gpointer   data)
{
  rmi_poller_run_in_owner (self->node->poller, func, data);
}

gboolean
rmi_worker_is_here (RmiWorker *self)
{
  return self->thread == g_thread_self ();
}

void
rmi_worker_end (RmiWorker *self)
{
  rmi_node_close_soon (self->node);
  g_main_loop_quit (self->loop);
}

static gboolean
is_over (gpointer data)
{
  return g_atomic_int_get (&((RmiWorker *) data)->is_over);
}

void
rmi_worker_wait (RmiWorker *self)
{
  rmi_poller_wait (self->node->poller, is_over, self, -1, NULL, RMI_POLLER_SHUT);
  if (g_atomic_int_compare_and_exchange (&self->is_joined, FALSE, TRUE))
    g_thread_join (self->thread);
}

void
rmi_worker_free (RmiWorker *self)
{
  if (g_atomic_int_compare_and_exchange (&self->is_joined, FALSE, TRUE))
    g_thread_unref (self->thread);
  unref (self);
}
