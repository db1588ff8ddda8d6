/* tests/test-scenarios-calls.c: whole programs call each other: from anywhere, in circles, in order
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "config.h"
#include "tests/scenarios-world.h"

#include <string.h>

static void
check_echo (ScenarioParty *party,
            const char    *text)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *echo = scenario_party_echo (party, text, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (echo, ==, text);
}

static void
dial (Peer       *from,
      const char *uri)
{
  g_autoptr(GError) error = NULL;

  scenario_party_dial (from->party, uri, NULL, &error);
  g_assert_no_error (error);
}

/* ---- from where one calls ---- */

static void
test_without_a_loop (World         *world,
                     gconstpointer  data)
{
  Peer *peer = world_add_peer (world, NULL);

  for (guint i = 0; i < 500; i++)
    check_echo (peer->party, "grüße");
}

static void
test_inside_a_call (World         *world,
                    gconstpointer  data)
{
  Peer *peer = world_add_peer (world, NULL);
  g_autoptr(GError) error = NULL;
  guint reached = 0;

  scenario_party_nest (peer->party, 2, SCENARIO_PARTY (world->guest), &reached, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (reached, ==, 2);
}

#define N_THREADS 4
#define N_CALLS 100

typedef struct
{
  ScenarioParty *party;
  int            n_running;
} Threads;

static gboolean
thread_ended_cb (gpointer user_data)
{
  ((Threads *) user_data)->n_running--;
  return G_SOURCE_REMOVE;
}

static gpointer
call_in_thread (gpointer user_data)
{
  Threads *threads = user_data;

  for (guint i = 0; i < N_CALLS; i++)
    {
      g_autofree char *text = g_strdup_printf ("%p %u", g_thread_self (), i);

      check_echo (threads->party, text);
    }
  g_idle_add (thread_ended_cb, threads);
  return NULL;
}

static void
start_threads (Threads *threads,
               GThread *started[N_THREADS])
{
  for (guint i = 0; i < N_THREADS; i++)
    started[i] = g_thread_new ("caller", call_in_thread, threads);
}

static void
test_threads_beside_a_loop (World         *world,
                            gconstpointer  data)
{
  Threads threads = { world_add_peer (world, NULL)->party, N_THREADS };
  GThread *started[N_THREADS];

  start_threads (&threads, started);
  TURN_UNTIL (threads.n_running == 0);
  for (guint i = 0; i < N_THREADS; i++)
    g_thread_join (started[i]);
}

static void
test_threads_without_a_loop (World         *world,
                             gconstpointer  data)
{
  Threads threads = { world_add_peer (world, NULL)->party, N_THREADS };
  GThread *started[N_THREADS];

  start_threads (&threads, started);
  for (guint i = 0; i < N_THREADS; i++)
    g_thread_join (started[i]);
  TURN_UNTIL (threads.n_running == 0);
}

/* The owner blocks in calls of its own meanwhile. */
static void
test_threads_beside_a_blocked_owner (World         *world,
                                     gconstpointer  data)
{
  Threads threads = { world_add_peer (world, NULL)->party, N_THREADS };
  GThread *started[N_THREADS];

  start_threads (&threads, started);
  for (guint i = 0; i < N_CALLS; i++)
    check_echo (threads.party, "owner");
  for (guint i = 0; i < N_THREADS; i++)
    g_thread_join (started[i]);
  TURN_UNTIL (threads.n_running == 0);
}

static void
quit_cb (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *echo = scenario_party_echo_finish (SCENARIO_PARTY (object), result, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (echo, ==, "from a thread");
  g_main_loop_quit (user_data);
}

static gpointer
call_async_in_thread (gpointer user_data)
{
  Threads *threads = user_data;
  g_autoptr(GMainContext) context = g_main_context_new ();
  g_autoptr(GMainLoop) loop = g_main_loop_new (context, FALSE);

  g_main_context_push_thread_default (context);
  scenario_party_echo_async (threads->party, "from a thread", NULL, quit_cb, loop);
  g_main_loop_run (loop);
  g_main_context_pop_thread_default (context);
  g_idle_add (thread_ended_cb, threads);
  return NULL;
}

static void
test_async_in_a_thread (World         *world,
                        gconstpointer  data)
{
  Threads threads = { world_add_peer (world, NULL)->party, 1 };
  GThread *thread = g_thread_new ("caller", call_async_in_thread, &threads);

  TURN_UNTIL (threads.n_running == 0);
  g_thread_join (thread);
}

/* ---- the order of things ---- */

static void
noted_cb (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  World *world = user_data;
  g_autoptr(GError) error = NULL;
  g_autofree char *echo = scenario_party_echo_finish (SCENARIO_PARTY (object), result, &error);

  g_assert_no_error (error);
  guest_note (world->guest, echo);
  world->n_done++;
}

static void
test_many_at_once (World         *world,
                   gconstpointer  data)
{
  Peer *peer = world_add_peer (world, "limit-calls_in_flight=1000");
  g_autoptr(GString) expected = g_string_new (NULL);

  for (guint i = 0; i < 500; i++)
    {
      g_autofree char *text = g_strdup_printf ("%u", i);

      g_string_append_printf (expected, "%s%u", i > 0 ? " " : "", i);
      scenario_party_echo_async (peer->party, text, NULL, noted_cb, world);
      g_assert_cmpuint (world->n_done, ==, 0);
    }
  TURN_UNTIL (world->n_done == 500);
  g_assert_cmpstr (guest_get_notes (world->guest), ==, expected->str);
}

static void
ticked_cb (ScenarioParty *party,
           guint          number,
           World         *world)
{
  g_autofree char *text = g_strdup_printf ("tick%u", number);

  guest_note (world->guest, text);
}

static void
tick_done_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  World *world = user_data;
  g_autoptr(GError) error = NULL;

  scenario_party_tick_finish (SCENARIO_PARTY (object), result, &error);
  g_assert_no_error (error);
  guest_note (world->guest, "done");
  world->n_done++;
}

static void
test_signals_before_async_reply (World         *world,
                                 gconstpointer  data)
{
  Peer *peer = world_add_peer (world, NULL);

  g_signal_connect (peer->party, "ticked", G_CALLBACK (ticked_cb), world);
  scenario_party_tick_async (peer->party, 2, NULL, tick_done_cb, world);
  scenario_party_tick_async (peer->party, 1, NULL, tick_done_cb, world);
  TURN_UNTIL (world->n_done == 2);
  g_assert_cmpstr (guest_get_notes (world->guest), ==, "tick1 tick2 done tick1 done");
}

static void
test_signals_after_blocking_call (World         *world,
                                  gconstpointer  data)
{
  Peer *peer = world_add_peer (world, NULL);
  g_autoptr(GError) error = NULL;

  g_signal_connect (peer->party, "ticked", G_CALLBACK (ticked_cb), world);
  scenario_party_tick (peer->party, 2, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (guest_get_notes (world->guest), ==, "");
  TURN_UNTIL (strlen (guest_get_notes (world->guest)) > 6);
  g_assert_cmpstr (guest_get_notes (world->guest), ==, "tick1 tick2");
}

static void
test_unrelated_waits (World         *world,
                      gconstpointer  data)
{
  Peer *peer = world_add_peer (world, NULL);
  g_autoptr(GError) error = NULL;

  g_signal_connect (peer->party, "ticked", G_CALLBACK (ticked_cb), world);
  scenario_party_keep (peer->party, SCENARIO_PARTY (world->guest), NULL, &error);
  g_assert_no_error (error);

  scenario_party_tick_and_note (peer->party, 3, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (guest_get_notes (world->guest), ==, "");

  peer_settle (peer);
  g_assert_cmpstr (guest_get_notes (world->guest), ==, "note1 tick1 note2 tick2 note3 tick3");
}

static void
count_cb (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  World *world = user_data;
  g_autoptr(GError) error = NULL;

  scenario_party_tick_and_note_finish (SCENARIO_PARTY (object), result, &error);
  g_assert_no_error (error);
  world->n_done++;
}

/* A chain overtakes what waits. */
static void
test_chain_overtakes (World         *world,
                      gconstpointer  data)
{
  Peer *peer = world_add_peer (world, NULL);
  g_autoptr(GError) error = NULL;
  g_autofree char *echo = NULL;

  scenario_party_keep (peer->party, SCENARIO_PARTY (world->guest), NULL, &error);
  g_assert_no_error (error);
  scenario_party_tick_and_note_async (peer->party, 2, NULL, count_cb, world);
  for (guint i = 0; i < 20; i++)
    {
      g_autofree char *again = scenario_party_ask_kept (peer->party, "back", NULL, &error);

      g_assert_no_error (error);
      g_assert_cmpstr (again, ==, "back");
    }
  g_assert_cmpstr (guest_get_notes (world->guest), ==, "");
  TURN_UNTIL (world->n_done == 1);
  g_assert_cmpstr (guest_get_notes (world->guest), ==, "note1 note2");
}

/* ---- in circles ---- */

static void
test_fifty_deep (World         *world,
                 gconstpointer  data)
{
  Peer *peer = world_add_peer (world, NULL);
  g_autoptr(GError) error = NULL;
  guint reached = 0;

  for (guint i = 0; i < 10; i++)
    {
      scenario_party_nest (peer->party, 50, SCENARIO_PARTY (world->guest), &reached, NULL, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (reached, ==, 50);
    }
}

static void
test_too_deep (World         *world,
               gconstpointer  data)
{
  Peer *peer = world_add_peer (world, NULL);
  g_autoptr(GError) error = NULL;
  guint reached = 0;

  scenario_party_nest (peer->party, 63, SCENARIO_PARTY (world->guest), &reached, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (reached, ==, 63);

  /* The innermost call hits the limit; the outermost did run, and failed because of it. */
  g_assert_false (scenario_party_nest (peer->party, 64, SCENARIO_PARTY (world->guest), &reached, NULL, &error));
  g_assert_nonnull (error);
  g_assert_nonnull (strstr (error->message, "chain of calls is deeper than"));
  g_assert_cmpint (rmi_error_get_ran (error), ==, RMI_RAN_YES);
  check_echo (peer->party, "still here");
}

/* The limit is a property of each node. */
static void
test_two_hundred_nested (World         *world,
                         gconstpointer  data)
{
  Peer *peer = world_add_peer (world, "limit-chain_depth=300 local-limit-chain_depth=300");
  g_autoptr(GError) error = NULL;
  guint reached = 0;

  g_object_set (world->node, "limit-chain_depth", (guint64) 300, "local-limit-chain_depth", (guint64) 300, NULL);
  scenario_party_nest (peer->party, 200, SCENARIO_PARTY (world->guest), &reached, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (reached, ==, 200);
}

static void
test_ring (World         *world,
           gconstpointer  data)
{
  Peer *a = world_add_peer (world, NULL);
  Peer *b = world_add_peer (world, NULL);
  Peer *c = world_add_peer (world, NULL);
  g_autoptr(GError) error = NULL;
  guint passed = 0;

  dial (a, b->party_uri);
  dial (b, c->party_uri);
  dial (c, a->party_uri);
  scenario_party_around (a->party, 45, &passed, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (passed, ==, 45);
}

static void
around_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  World *world = user_data;
  g_autoptr(GError) error = NULL;
  guint passed = 0;

  scenario_party_around_finish (SCENARIO_PARTY (object), result, &passed, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (passed, >, 0);
  world->n_done++;
}

static void
embrace (World *world,
         Peer  *a,
         Peer  *b,
         guint  depth,
         guint  n_each)
{
  world->n_done = 0;
  for (guint i = 0; i < n_each; i++)
    {
      scenario_party_around_async (a->party, depth, NULL, around_cb, world);
      scenario_party_around_async (b->party, depth, NULL, around_cb, world);
    }
  TURN_UNTIL (world->n_done == 2 * n_each);
}

static void
test_embrace (World         *world,
              gconstpointer  data)
{
  Peer *a = world_add_peer (world, NULL);
  Peer *b = world_add_peer (world, NULL);

  dial (a, b->party_uri);
  dial (b, a->party_uri);
  for (guint i = 0; i < 200; i++)
    embrace (world, a, b, 1, 1);
}

static void
test_deep_embrace (World         *world,
                   gconstpointer  data)
{
  Peer *a = world_add_peer (world, NULL);
  Peer *b = world_add_peer (world, NULL);

  dial (a, b->party_uri);
  dial (b, a->party_uri);
  for (guint i = 0; i < 20; i++)
    embrace (world, a, b, 10, 10);
}

/* Both ends of one connection: this program blocks, too. */
static void
test_embrace_on_one_connection (World         *world,
                                gconstpointer  data)
{
  Peer *peer = world_add_peer (world, NULL);
  g_autoptr(GError) error = NULL;

  world_listen (world);
  dial (peer, world->party_uri);
  for (guint i = 0; i < 200; i++)
    {
      world->n_done = 0;
      scenario_party_around_async (peer->party, 1, NULL, around_cb, world);
      rmi_node_flush (world->node);
      check_echo (peer->party, "at once");
      TURN_UNTIL (world->n_done == 1);
    }
}

/* ---- a loop inside a call ---- */

static void
looped_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  World *world = user_data;
  g_autoptr(GError) error = NULL;

  scenario_party_loop_inside_finish (SCENARIO_PARTY (object), result, &error);
  g_assert_no_error (error);
  world->n_done++;
}

static void
test_loop_inside (World         *world,
                  gconstpointer  data)
{
  Peer *peer = world_add_peer (world, NULL);
  g_autoptr(GError) error = NULL;

  scenario_party_loop_inside_async (peer->party, NULL, looped_cb, world);
  for (guint i = 0; i < 20; i++)
    check_echo (peer->party, "inside");
  g_assert_cmpuint (world->n_done, ==, 0);
  scenario_party_note (peer->party, "stop", NULL, &error);
  g_assert_no_error (error);
  TURN_UNTIL (world->n_done == 1);
  check_echo (peer->party, "after");
}

int
main (int   argc,
      char *argv[])
{
  world_init (&argc, &argv);

  ADD ("a-program-without-a-loop-calls", test_without_a_loop);
  ADD ("a-handler-calls-back", test_inside_a_call);
  ADD ("threads-call-while-the-loop-runs", test_threads_beside_a_loop);
  ADD ("threads-call-while-no-loop-runs", test_threads_without_a_loop);
  ADD ("threads-call-while-the-owner-blocks", test_threads_beside_a_blocked_owner);
  ADD ("a-thread-gets-its-answer-in-its-own-context", test_async_in_a_thread);
  ADD ("many-at-once-are-answered-in-order", test_many_at_once);
  ADD ("signals-come-before-the-asynchronous-reply", test_signals_before_async_reply);
  ADD ("signals-come-after-the-blocking-call", test_signals_after_blocking_call);
  ADD ("what-is-unrelated-waits-in-arrival-order", test_unrelated_waits);
  ADD ("a-chain-overtakes-what-waits", test_chain_overtakes);
  ADD ("two-programs-nest-fifty-calls", test_fifty_deep);
  ADD ("the-sixty-fifth-of-a-chain-is-refused", test_too_deep);
  ADD ("two-hundred-nested-calls-block", test_two_hundred_nested);
  ADD ("three-programs-call-in-a-ring", test_ring);
  ADD ("two-programs-call-each-other-at-once", test_embrace);
  ADD ("crossing-chains-all-end", test_deep_embrace);
  ADD ("both-ends-block-at-once", test_embrace_on_one_connection);
  ADD ("a-loop-inside-a-call-serves-all", test_loop_inside);

  return g_test_run ();
}
