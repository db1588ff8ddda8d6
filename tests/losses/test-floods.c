/* tests/losses/test-floods.c: threads that emit more than a node sends
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "config.h"
#include "tests/losses/town.h"

#include <stdio.h>

#include "rmi/rmi-limits-internal.h"

#define FLOOD (3 * RMI_LIMITS_HANDED_OVER)

static gpointer
cry_much (gpointer crier)
{
  for (guint i = 0; i < FLOOD; i++)
    real_crier_cry (crier);
  return NULL;
}

static gpointer
cry_once (gpointer crier)
{
  real_crier_cry (crier);
  return NULL;
}

/* Another thread does; the node's waits for it. */
static void
elsewhere (GThreadFunc  func,
           RealCrier   *crier)
{
  g_thread_join (g_thread_new ("elsewhere", func, crier));
}

static void
hear_until (Listener *listener,
            Ear      *ear,
            guint     count)
{
  while (!ear_knows (ear, count))
    {
      g_autofree char *event = listener_hear (listener);

      ear_take (ear, event);
    }
}

static void
test_one_gap (Town          *town,
              gconstpointer  data)
{
  Listener listener;
  Ear ear = { 0 };

  listener_dial (&listener, town, LISTENER_UNIX, 0);
  listener_subscribe (&listener, 0);
  elsewhere (cry_much, town->criers[0]);
  g_assert_cmpuint (rmi_poller_count_handed_over (town->poller), ==, RMI_LIMITS_HANDED_OVER + 1);

  hear_until (&listener, &ear, FLOOD);
  g_assert_cmpuint (ear.n_heard, ==, RMI_LIMITS_HANDED_OVER);
  g_assert_cmpuint (ear.last, ==, RMI_LIMITS_HANDED_OVER);
  g_assert_cmpuint (ear.n_gaps, ==, 1);
  g_assert_cmpuint (ear.count, ==, FLOOD);

  /* Nothing is lost after it: neither of this thread nor of another. */
  real_crier_cry (town->criers[0]);
  elsewhere (cry_once, town->criers[0]);
  hear_until (&listener, &ear, FLOOD + 2);
  g_assert_cmpuint (ear.last, ==, FLOOD + 2);
  g_assert_cmpuint (ear.n_gaps, ==, 1);
  listener_ping (&listener);
  listener_hang_up (&listener);
}

static void
test_own_thread (Town          *town,
                 gconstpointer  data)
{
  Listener listener;
  Ear ear = { 0 };

  listener_dial (&listener, town, LISTENER_UNIX, 0);
  listener_subscribe (&listener, 0);
  elsewhere (cry_much, town->criers[0]);
  real_crier_cry (town->criers[0]);
  hear_until (&listener, &ear, FLOOD + 1);
  g_assert_cmpuint (ear.n_heard, ==, RMI_LIMITS_HANDED_OVER);
  g_assert_cmpuint (ear.n_gaps, ==, 1);
  listener_ping (&listener);
  listener_hang_up (&listener);
}

static void
test_properties (Town          *town,
                 gconstpointer  data)
{
  Listener listener;

  listener_dial (&listener, town, LISTENER_UNIX, 0);
  listener_subscribe (&listener, 0);
  elsewhere (cry_much, town->criers[0]);
  g_object_set (town->criers[0], "text", "lost", NULL);
  g_object_set (town->criers[0], "text", "now", NULL);
  listener_expect (&listener, "*/crier/0!rpc.gap*[{\"Count\":*,\"Text\":\"now\"}]}");
  listener_ping (&listener);
  listener_hang_up (&listener);
}

static void
test_others (Town          *town,
             gconstpointer  data)
{
  Listener listener, other;
  Ear ear = { 0 };

  listener_dial (&listener, town, LISTENER_UNIX, 0);
  listener_subscribe (&listener, 1);
  listener_dial (&other, town, LISTENER_UNIX, 0);
  listener_subscribe (&other, 0);
  elsewhere (cry_much, town->criers[0]);
  for (guint i = 0; i < 10; i++)
    elsewhere (cry_once, town->criers[1]);
  hear_until (&listener, &ear, 10);
  g_assert_cmpuint (ear.n_heard, ==, 10);
  g_assert_cmpuint (ear.n_gaps, ==, 0);
  listener_ping (&listener);
  listener_expect (&other, "*!rpc.gap*");
  listener_hang_up (&other);
  listener_hang_up (&listener);
}

/* However many objects emit too much: what waits has a bound, and no loss is silent. */
static void
test_node (Town          *town,
           gconstpointer  data)
{
  Listener listener;
  Ear ears[TOWN_CRIERS] = { 0 };
  guint n_heard = 0;

  listener_dial (&listener, town, LISTENER_UNIX, 0);
  for (guint i = 0; i < TOWN_CRIERS; i++)
    listener_subscribe (&listener, i);
  for (guint i = 0; i < TOWN_CRIERS; i++)
    elsewhere (cry_much, town->criers[i]);
  g_assert_cmpuint (rmi_poller_count_handed_over (town->poller), <=,
                    RMI_LIMITS_HANDED_OVER_TO_NODE + TOWN_CRIERS);

  for (guint n_gaps = 0; n_gaps < TOWN_CRIERS;)
    {
      g_autofree char *event = listener_hear (&listener);
      guint crier;

      g_assert_cmpint (sscanf (event, "{\"jsonrpc\":\"2.0\",\"method\":\"/crier/%u!", &crier), ==, 1);
      ear_take (&ears[crier], event);
      n_gaps += ears[crier].is_after_gap;
    }
  for (guint i = 0; i < TOWN_CRIERS; i++)
    {
      g_assert_true (ear_knows (&ears[i], FLOOD));
      g_assert_cmpuint (ears[i].n_gaps, ==, 1);
      n_heard += ears[i].n_heard;
      real_crier_cry (town->criers[i]);
      hear_until (&listener, &ears[i], FLOOD + 1);
      g_assert_cmpuint (ears[i].last, ==, FLOOD + 1);
    }
  g_assert_cmpuint (ears[0].n_heard, ==, RMI_LIMITS_HANDED_OVER + 1);
  g_assert_cmpuint (n_heard, <=, RMI_LIMITS_HANDED_OVER_TO_NODE);
  listener_hang_up (&listener);
}

/* @data: whether the subscriber reads before the flood is over. */
static void
test_endless (Town          *town,
              gconstpointer  data)
{
  gboolean does_read = GPOINTER_TO_INT (data);
  Listener listener, caller;
  Flood flood;
  Ear ear = { 0 };
  guint count;

  g_object_set (town->node, "local-limit-frame_bytes", (guint64) 65536,
                "local-limit-write_soft_bytes", (guint64) 16384,
                "local-limit-write_hard_bytes", (guint64) 131072, NULL);
  listener_dial (&listener, town, LISTENER_UNIX, 0);
  listener_subscribe (&listener, 0);
  listener_dial (&caller, town, LISTENER_UNIX, 0);
  flood_begin (&flood, town->criers[0]);
  for (guint i = 0; i < 200; i++)
    {
      listener_ping (&caller);
      g_assert_cmpuint (rmi_poller_count_handed_over (town->poller), <=, RMI_LIMITS_HANDED_OVER + 2);
      for (guint j = 0; does_read && j < 100; j++)
        {
          g_autofree char *event = listener_hear (&listener);

          ear_take (&ear, event);
        }
    }
  while (!does_read && rmi_poller_count_handed_over (town->poller) <= RMI_LIMITS_HANDED_OVER)
    g_thread_yield ();
  flood_end (&flood);

  g_object_get (town->criers[0], "count", &count, NULL);
  hear_until (&listener, &ear, count);
  g_assert_cmpuint (ear.n_heard, >, 0);
  if (!does_read)
    g_assert_cmpuint (ear.n_gaps, >, 0);
  real_crier_cry (town->criers[0]);
  hear_until (&listener, &ear, count + 1);
  listener_hang_up (&caller);
  listener_hang_up (&listener);
}

typedef struct
{
  Town *town;
  int   is_over;                 /* atomic */
} Other;

static gpointer
export_and_close (gpointer data)
{
  Other *self = data;
  g_autoptr(GError) error = NULL;

  for (guint i = 0; i < 20; i++)
    {
      rmi_node_export (self->town->node, "/more", G_OBJECT (self->town->criers[1]), &error);
      g_assert_no_error (error);
      g_assert_true (rmi_node_unexport (self->town->node, "/more"));
    }
  rmi_node_close (self->town->node);
  g_atomic_int_set (&self->is_over, TRUE);
  return NULL;
}

static void
test_turns (Town          *town,
            gconstpointer  data)
{
  Listener listener;
  Flood flood;
  Other other = { town, FALSE };
  GThread *thread;

  listener_dial (&listener, town, LISTENER_UNIX, 0);
  listener_subscribe (&listener, 0);
  flood_begin (&flood, town->criers[0]);
  while (rmi_poller_count_handed_over (town->poller) <= RMI_LIMITS_HANDED_OVER)
    g_thread_yield ();
  thread = g_thread_new ("other", export_and_close, &other);
  while (!g_atomic_int_get (&other.is_over))
    g_main_context_iteration (NULL, FALSE);
  g_thread_join (thread);
  flood_end (&flood);
  listener_hang_up (&listener);
}

static void
cried_cb (LossesCrier *stub,
          guint        number,
          guint       *n_cries)
{
  (*n_cries)++;
}

static void
test_workers (void)
{
  g_autoptr(RmiWorkers) workers = rmi_workers_new (2);
  g_autoptr(RealCrier) crier = real_crier_new ();
  g_autoptr(RmiNode) node = rmi_node_new ();
  g_autoptr(GError) error = NULL;
  g_autofree char *uri = rmi_workers_listen (workers, "rmi://127.0.0.1:0", NULL, &error);
  g_autofree char *object_uri = g_strconcat (uri, "/crier", NULL);
  g_autoptr(LossesCrier) stub = NULL;
  Flood flood;
  guint n_cries = 0;

  rmi_workers_export (workers, "/crier", G_OBJECT (crier), &error);
  g_assert_no_error (error);
  stub = rmi_node_get_object (node, object_uri, LOSSES_TYPE_CRIER, NULL, &error);
  g_assert_no_error (error);
  g_signal_connect (stub, "cried", G_CALLBACK (cried_cb), &n_cries);
  flood_begin (&flood, crier);
  while (n_cries < 1000)
    {
      guint count;

      losses_crier_ask (stub, &count, NULL, &error);
      g_assert_no_error (error);
      g_main_context_iteration (NULL, TRUE);
    }
  rmi_workers_close (workers);
  flood_end (&flood);
  rmi_node_close (node);
}

#define ADD(name, data, func) g_test_add ("/rmi/floods/" name, Town, data, town_set_up, func, town_tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("a-thread-that-emits-too-much-costs-one-gap", NULL, test_one_gap);
  ADD ("the-own-thread-does-not-overtake-the-gap", NULL, test_own_thread);
  ADD ("a-gap-brings-the-properties-of-now", NULL, test_properties);
  ADD ("other-objects-lose-nothing", NULL, test_others);
  ADD ("a-node-has-a-bound-too", NULL, test_node);
  ADD ("an-endless-flood-starves-nobody", GINT_TO_POINTER (TRUE), test_endless);
  ADD ("an-endless-flood-beside-a-slow-reader", GINT_TO_POINTER (FALSE), test_endless);
  ADD ("threads-that-wait-for-the-node-come-to-their-turn", NULL, test_turns);
  g_test_add_func ("/rmi/floods/workers-answer-and-close", test_workers);
  return g_test_run ();
}
