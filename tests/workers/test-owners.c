/* tests/workers/test-owners.c: threads that own a poller each, and want something of the other's
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "config.h"
#include "node/rmi-node.h"
#include "rmi/rmi-poller-internal.h"

enum { N_RUNS = 500 };

typedef struct
{
  RmiPoller *own;
  RmiPoller *other;
  int       *n_waiting;       /* atomic: of the two */
  guint      n_runs;
  guint      n_shut;          /* how often its gate was seen shut */
} Owner;

static void
owner_is_asked (gpointer data,
                gpointer unused)
{
  Owner *asked = data;
  gpointer gate = rmi_poller_get_gate (asked->own);

  g_assert_true (rmi_poller_is_owner (asked->own));
  asked->n_shut += gate != NULL && rmi_poller_is_shut (asked->own, gate);
}

/* Neither asks before both own, and neither lets go before both were answered. */
static gpointer
owner_thread (gpointer data)
{
  Owner *self = ((Owner **) data)[0];
  Owner *other = ((Owner **) data)[1];

  g_assert_true (rmi_poller_acquire (self->own));
  g_atomic_int_inc (self->n_waiting);
  while (g_atomic_int_get (self->n_waiting) < 2)
    g_thread_yield ();
  while (self->n_runs++ < N_RUNS)
    rmi_poller_run_in_owner (self->other, owner_is_asked, other);
  g_atomic_int_inc (self->n_waiting);
  rmi_poller_run_in_owner (self->other, owner_is_asked, other);
  rmi_poller_release (self->own);
  return NULL;
}

static void
test_want_each_other (void)
{
  g_autoptr(GMainContext) one = g_main_context_new ();
  g_autoptr(GMainContext) two = g_main_context_new ();
  RmiPoller *first = rmi_poller_new (one, NULL);
  RmiPoller *second = rmi_poller_new (two, NULL);
  int n_waiting = 0;
  Owner a = { first, second, &n_waiting };
  Owner b = { second, first, &n_waiting };
  Owner *pairs[][2] = { { &a, &b }, { &b, &a } };
  GThread *thread = g_thread_new ("owner", owner_thread, pairs[0]);

  owner_thread (pairs[1]);
  g_thread_join (thread);
  g_assert_cmpuint (a.n_shut + b.n_shut, >, 0);
  rmi_poller_close (first);
  rmi_poller_close (second);
  rmi_poller_unref (first);
  rmi_poller_unref (second);
}

typedef struct
{
  RmiNode *node;
  GThread *freed_in;          /* who finalized its connection */
  int      is_dropped;        /* atomic */
} Drop;

static void
connection_freed (gpointer  data,
                  GObject  *unused)
{
  ((Drop *) data)->freed_in = g_thread_self ();
}

static gpointer
drop_thread (gpointer data)
{
  Drop *drop = data;

  g_assert_finalize_object (drop->node);
  g_atomic_int_set (&drop->is_dropped, TRUE);
  return NULL;
}

/* What hangs on a node has no locks: it goes where the owner is, in a turn or not. */
static void
test_last_reference_elsewhere (void)
{
  g_autoptr(GMainContext) context = g_main_context_new ();
  g_autoptr(GError) error = NULL;
  Drop drop = { NULL };
  RmiConnection *connection;
  GThread *thread;

  g_main_context_push_thread_default (context);
  drop.node = rmi_node_new ();
  connection = rmi_node_get_connection (drop.node, "rmi://127.0.0.1:1", &error);
  g_assert_no_error (error);
  g_object_weak_ref (G_OBJECT (connection), connection_freed, &drop);
  g_object_unref (connection);

  thread = g_thread_new ("drop", drop_thread, &drop);
  while (!g_atomic_int_get (&drop.is_dropped))
    g_main_context_iteration (context, FALSE);
  g_thread_join (thread);
  g_main_context_pop_thread_default (context);
  g_assert_true (drop.freed_in == g_thread_self ());
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/rmi/poller/owners-that-wait-for-each-other-go-on", test_want_each_other);
  g_test_add_func ("/rmi/node/the-last-reference-may-go-in-another-thread", test_last_reference_elsewhere);

  return g_test_run ();
}
