/* tests/test-scenarios-failures.c: programs that die, stop, give up or fail
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "config.h"
#include "tests/scenarios-world.h"

#include <signal.h>
#include <string.h>
#include <sys/wait.h>

#define ROUNDS 50
#define PROMPTLY_US (5 * G_USEC_PER_SEC)

static gboolean
has_noted (ScenarioParty *party,
           const char    *text)
{
  g_autoptr(GError) error = NULL;
  g_auto(GStrv) notes = scenario_party_history (party, NULL, &error);

  g_assert_no_error (error);
  return g_strv_contains ((const char *const *) notes, text);
}

static void
dial (Peer       *from,
      const char *uri)
{
  g_autoptr(GError) error = NULL;

  scenario_party_dial (from->party, uri, NULL, &error);
  g_assert_no_error (error);
}

static void
assert_gone (const GError *error)
{
  g_assert_nonnull (error);
  if (g_error_matches (error, RMI_ERROR, RMI_ERROR_UNREACHABLE))
    {
      g_assert_cmpint (rmi_error_get_ran (error), ==, RMI_RAN_NO);
      return;
    }
  g_assert_error (error, RMI_ERROR, RMI_ERROR_DISCONNECTED);
  g_assert_cmpint (rmi_error_get_ran (error), ==, RMI_RAN_MAYBE);
}

/* A stub by name works again when somebody answers there; until then it fails as gone. */
static void
echo_until_it_works (ScenarioParty *party)
{
  for (;;)
    {
      g_autoptr(GError) error = NULL;
      g_autofree char *echo = scenario_party_echo (party, "again", NULL, &error);

      if (error == NULL)
        break;
      assert_gone (error);
    }
}

/* ---- SIGKILL ---- */

typedef struct
{
  World *world;
  guint  n_ends;
  guint  n_failures;       /* of the round */
} Round;

static void
end_call (Round  *round,
          GError *error)
{
  if (error != NULL)
    {
      assert_gone (error);
      round->n_failures++;
      g_error_free (error);
    }
  round->n_ends++;
}

static void
echoed_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  GError *error = NULL;
  g_autofree char *echo = scenario_party_echo_finish (SCENARIO_PARTY (object), result, &error);

  end_call (user_data, error);
}

static void
made_cb (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  GError *error = NULL;
  g_autoptr(ScenarioParty) made = scenario_party_make_finish (SCENARIO_PARTY (object), result, &error);

  end_call (user_data, error);
}

static void
waited_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  GError *error = NULL;

  g_assert_false (scenario_party_wait_finish (SCENARIO_PARTY (object), result, &error));
  end_call (user_data, error);
}

/* Who is dead is waited for as shortly as may be. */
static void
forget_soon (World *world)
{
  g_object_set (world->node, "limit-lease-s", (guint64) 10, "local-limit-lease-s", (guint64) 10, NULL);
}

#define N_EACH 20

static void
start_calls (ScenarioParty *party,
             Round         *round)
{
  for (guint i = 0; i < N_EACH; i++)
    {
      scenario_party_echo_async (party, "load", NULL, echoed_cb, round);
      scenario_party_make_async (party, NULL, made_cb, round);
      scenario_party_wait_async (party, NULL, waited_cb, round);
    }
}

static void
test_server_dies (World         *world,
                  gconstpointer  data)
{
  Peer *peer;

  forget_soon (world);
  peer = world_add_peer (world, NULL);
  for (guint i = 0; i < ROUNDS; i++)
    {
      Round round = { world };
      guint n_before = (guint) g_test_rand_int_range (0, 2 * N_EACH + 1);
      Guest *passed = guest_new (world->node);
      gint64 killed_us;

      g_object_add_weak_pointer (G_OBJECT (passed), (gpointer *) &passed);
      echo_until_it_works (peer->party);
      g_assert_true (scenario_party_keep (peer->party, SCENARIO_PARTY (passed), NULL, NULL));
      g_object_unref (passed);

      start_calls (peer->party, &round);
      TURN_UNTIL (round.n_ends >= n_before);
      peer_kill (peer);
      killed_us = g_get_monotonic_time ();
      TURN_UNTIL (round.n_ends == 3 * N_EACH && passed == NULL);
      g_assert_cmpint (g_get_monotonic_time () - killed_us, <, PROMPTLY_US);
      g_assert_cmpuint (round.n_failures, >=, N_EACH);

      peer_restart (peer);
    }
  echo_until_it_works (peer->party);
}

static void
count_gap_cb (guint *n_gaps)
{
  (*n_gaps)++;
}

static void
test_gap (World         *world,
          gconstpointer  data)
{
  Peer *peer = world_add_peer (world, NULL);
  guint n_gaps = 0;
  gulong handler;

  handler = g_signal_connect_swapped (peer->party, "rmi-gap", G_CALLBACK (count_gap_cb), &n_gaps);
  echo_until_it_works (peer->party);
  g_assert_cmpuint (n_gaps, ==, 0);
  for (guint i = 1; i <= 3; i++)
    {
      peer_kill (peer);
      peer_restart (peer);
      echo_until_it_works (peer->party);
      TURN_UNTIL (n_gaps == i);
      echo_until_it_works (peer->party);
      g_assert_cmpuint (n_gaps, ==, i);
    }
  g_signal_handler_disconnect (peer->party, handler);
}

static gpointer
kill_in_thread (gpointer user_data)
{
  g_usleep ((gulong) g_random_int_range (0, 3000));
  kill (*(GPid *) user_data, SIGKILL);
  return NULL;
}

static void
test_server_dies_while_we_block (World         *world,
                                 gconstpointer  data)
{
  Peer *peer = world_add_peer (world, NULL);

  for (guint i = 0; i < ROUNDS; i++)
    {
      GThread *killer;
      g_autoptr(GError) error = NULL;

      echo_until_it_works (peer->party);
      killer = g_thread_new ("killer", kill_in_thread, &peer->pid);
      while (error == NULL)
        {
          guint reached;

          scenario_party_nest (peer->party, 5, SCENARIO_PARTY (world->guest), &reached, NULL, &error);
        }
      assert_gone (error);
      g_thread_join (killer);
      peer_kill (peer);
      peer_restart (peer);
    }
  echo_until_it_works (peer->party);
}

static void
test_client_dies (World         *world,
                  gconstpointer  data)
{
  Peer *witness;

  forget_soon (world);
  witness = world_add_peer (world, NULL);
  world_listen (world);
  dial (witness, world->party_uri);
  for (guint i = 0; i < ROUNDS; i++)
    {
      Peer *peer = world_add_peer (world, NULL);
      guint n_notes = (guint) g_test_rand_int_range (1, 10);
      g_autoptr(GError) error = NULL;
      guint passed = 0;

      dial (peer, world->party_uri);
      scenario_party_load (peer->party, N_EACH, NULL, &error);
      g_assert_no_error (error);
      while (guest_count () < 1 + n_notes)
        g_main_context_iteration (NULL, TRUE);
      g_clear_object (&peer->party);
      peer_kill (peer);
      TURN_UNTIL (guest_count () == 1);

      scenario_party_around (witness->party, 1, &passed, NULL, &error);
      g_assert_no_error (error);
    }
}

static void
test_caller_dies (World         *world,
                  gconstpointer  data)
{
  Peer *peer = world_add_peer (world, NULL);
  Round round = { world };

  world_listen (world);
  dial (peer, world->party_uri);
  scenario_party_wait_next_async (peer->party, NULL, NULL, &round);
  TURN_UNTIL (g_str_equal (guest_get_notes (world->guest), "waits"));
  peer_kill (peer);
  TURN_UNTIL (g_str_equal (guest_get_notes (world->guest), "waits cancelled"));
}

/* ---- SIGSTOP ---- */

static void
test_server_stops (World         *world,
                   gconstpointer  data)
{
  Peer *peer = world_add_peer (world, NULL);
  g_autoptr(ScenarioParty) hasty = rmi_stub_with_timeout (RMI_STUB (peer->party), 200);

  for (guint i = 0; i < 3; i++)
    {
      g_autoptr(GError) error = NULL;
      gint64 started_us = g_get_monotonic_time ();

      kill (peer->pid, SIGSTOP);
      waitpid (peer->pid, NULL, WUNTRACED);
      g_assert_null (scenario_party_echo (hasty, "?", NULL, &error));
      g_assert_error (error, RMI_ERROR, RMI_ERROR_TIMED_OUT);
      g_assert_cmpint (rmi_error_get_ran (error), ==, RMI_RAN_MAYBE);
      g_assert_cmpint (g_get_monotonic_time () - started_us, >=, 199 * 1000);
      g_assert_cmpint (g_get_monotonic_time () - started_us, <, PROMPTLY_US);

      kill (peer->pid, SIGCONT);
      peer_settle (peer);
    }
}

/* ---- cancellation ---- */

static void
cancelled_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  World *world = user_data;
  g_autoptr(GError) error = NULL;

  g_assert_false (scenario_party_wait_finish (SCENARIO_PARTY (object), result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (rmi_error_get_ran (error), ==, RMI_RAN_MAYBE);
  world->n_done++;
}

static void
test_cancel_async (World         *world,
                   gconstpointer  data)
{
  Peer *peer = world_add_peer (world, NULL);
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();

  scenario_party_wait_async (peer->party, cancellable, cancelled_cb, world);
  while (!has_noted (peer->party, "waits"))
    ;
  g_assert_false (has_noted (peer->party, "cancelled"));
  g_cancellable_cancel (cancellable);
  TURN_UNTIL (world->n_done == 1);
  while (!has_noted (peer->party, "cancelled"))
    ;
}

typedef struct
{
  ScenarioParty *watched;
  GCancellable  *cancellable;
} Canceller;

static gpointer
cancel_in_thread (gpointer user_data)
{
  Canceller *canceller = user_data;

  while (!has_noted (canceller->watched, "waits"))
    ;
  g_cancellable_cancel (canceller->cancellable);
  return NULL;
}

static void
test_cancel_blocking (World         *world,
                      gconstpointer  data)
{
  Peer *peer = world_add_peer (world, NULL);
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  Canceller canceller = { peer->party, cancellable };
  GThread *thread = g_thread_new ("canceller", cancel_in_thread, &canceller);
  g_autoptr(GError) error = NULL;

  g_assert_false (scenario_party_wait (peer->party, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_thread_join (thread);
  while (!has_noted (peer->party, "cancelled"))
    ;

  g_clear_error (&error);
  g_assert_null (scenario_party_echo (peer->party, "cancelled before", cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_cancel_nested (World         *world,
                    gconstpointer  data)
{
  Peer *a = world_add_peer (world, NULL);
  Peer *b = world_add_peer (world, NULL);
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  Canceller canceller = { b->party, cancellable };
  g_autoptr(GError) error = NULL;
  GThread *thread;

  dial (a, b->party_uri);
  thread = g_thread_new ("canceller", cancel_in_thread, &canceller);
  g_assert_false (scenario_party_wait_next (a->party, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_thread_join (thread);
  while (!has_noted (b->party, "cancelled"))
    ;
  peer_settle (a);
}

/* ---- deadlines ---- */

static gint64
get_remaining (ScenarioParty *party)
{
  g_autoptr(GError) error = NULL;
  gint64 milliseconds = 0;

  scenario_party_remaining (party, &milliseconds, NULL, &error);
  g_assert_no_error (error);
  return milliseconds;
}

static void
test_deadline_inherited (World         *world,
                         gconstpointer  data)
{
  Peer *a = world_add_peer (world, NULL);
  Peer *b = world_add_peer (world, NULL);
  g_autoptr(ScenarioParty) limited = rmi_stub_with_timeout (RMI_STUB (a->party), 15000);
  g_autoptr(GError) error = NULL;
  gint64 milliseconds = 0;

  g_assert_cmpint (get_remaining (a->party), <=, 25000);
  g_assert_cmpint (get_remaining (a->party), >, 15000);
  g_assert_cmpint (get_remaining (limited), <=, 15000);
  g_assert_cmpint (get_remaining (limited), >, 10000);

  dial (a, b->party_uri);
  scenario_party_remaining_next (limited, 300, &milliseconds, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (milliseconds, <=, 14700);
  g_assert_cmpint (milliseconds, >, 5000);
}

static void
test_deadline_passes (World         *world,
                      gconstpointer  data)
{
  Peer *a = world_add_peer (world, NULL);
  Peer *b = world_add_peer (world, NULL);
  g_autoptr(ScenarioParty) limited = rmi_stub_with_timeout (RMI_STUB (a->party), 300);
  g_autoptr(GError) error = NULL;

  g_assert_false (scenario_party_wait (limited, NULL, &error));
  g_assert_error (error, RMI_ERROR, RMI_ERROR_TIMED_OUT);
  while (!has_noted (a->party, "cancelled"))
    ;

  g_clear_error (&error);
  dial (a, b->party_uri);
  g_assert_false (scenario_party_wait_next (limited, NULL, &error));
  g_assert_error (error, RMI_ERROR, RMI_ERROR_TIMED_OUT);
  while (!has_noted (b->party, "cancelled"))
    ;
}

/* ---- calls that wait until somebody is done ---- */

static void
wait_next_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  World *world = user_data;
  g_autoptr(GError) error = NULL;

  g_assert_false (scenario_party_wait_next_finish (SCENARIO_PARTY (object), result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  world->n_done++;
}

/* Until @cancellable is cancelled the program of the party serves nobody: it blocks in a call to another one. */
static Peer *
add_blocked_peer (World        *world,
                  GCancellable *cancellable)
{
  Peer *peer = world_add_peer (world, NULL);
  Peer *other = world_add_peer (world, NULL);

  dial (peer, other->party_uri);
  scenario_party_wait_next_async (peer->party, cancellable, wait_next_cb, world);
  rmi_node_flush (world->node);
  while (!has_noted (other->party, "waits"))
    ;
  return peer;
}

static void
check_kept_nothing (World        *world,
                    Peer         *peer,
                    GCancellable *cancellable)
{
  g_autoptr(ScenarioParty) kept = NULL;
  g_autoptr(GError) error = NULL;

  g_cancellable_cancel (cancellable);
  TURN_UNTIL (world->n_done == 1);
  scenario_party_kept (peer->party, &kept, NULL, &error);
  g_assert_no_error (error);
  g_assert_null (kept);
}

static void
test_expired_unrun (World         *world,
                    gconstpointer  data)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  Peer *peer = add_blocked_peer (world, cancellable);
  g_autoptr(ScenarioParty) hasty = rmi_stub_with_timeout (RMI_STUB (peer->party), 200);
  g_autoptr(GError) error = NULL;
  Guest *passed = guest_new (world->node);

  g_object_add_weak_pointer (G_OBJECT (passed), (gpointer *) &passed);
  g_assert_false (scenario_party_keep (hasty, SCENARIO_PARTY (passed), NULL, &error));
  g_assert_error (error, RMI_ERROR, RMI_ERROR_TIMED_OUT);
  g_object_unref (passed);
  check_kept_nothing (world, peer, cancellable);
  TURN_UNTIL (passed == NULL);
}

static void
keep_cancelled_cb (GObject      *object,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  gboolean *has_ended = user_data;
  g_autoptr(GError) error = NULL;

  g_assert_false (scenario_party_keep_finish (SCENARIO_PARTY (object), result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  *has_ended = TRUE;
}

static void
test_cancelled_unrun (World         *world,
                      gconstpointer  data)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GCancellable) of_keep = g_cancellable_new ();
  Peer *peer = add_blocked_peer (world, cancellable);
  Guest *passed = guest_new (world->node);
  gboolean has_ended = FALSE;

  g_object_add_weak_pointer (G_OBJECT (passed), (gpointer *) &passed);
  scenario_party_keep_async (peer->party, SCENARIO_PARTY (passed), of_keep, keep_cancelled_cb, &has_ended);
  rmi_node_flush (world->node);
  g_cancellable_cancel (of_keep);
  TURN_UNTIL (has_ended);
  g_object_unref (passed);
  /* It is taken back, and its reference returned, while the program still blocks. */
  TURN_UNTIL (passed == NULL);
  check_kept_nothing (world, peer, cancellable);
}

/* ---- errors and answers ---- */

static GError *
fail (Peer       *peer,
      const char *how)
{
  GError *error = NULL;

  g_assert_false (scenario_party_fail (peer->party, how, NULL, &error));
  g_assert_nonnull (error);
  return error;
}

static void
test_errors (World         *world,
             gconstpointer  data)
{
  Peer *peer = world_add_peer (world, NULL);
  g_autoptr(GError) application = fail (peer, "application");
  g_autoptr(GError) foreign = fail (peer, "foreign");
  g_autoptr(GError) silent = fail (peer, "silent");

  g_assert_error (application, SCENARIO_ERROR, SCENARIO_ERROR_TIRED);
  g_assert_cmpstr (application->message, ==, "Too late for äpfel");
  g_assert_cmpint (rmi_error_get_ran (application), ==, RMI_RAN_YES);

  g_assert_error (foreign, RMI_ERROR, RMI_ERROR_REMOTE);
  g_assert_cmpstr (foreign->message, ==, "The disk is full");
  g_assert_cmpint (rmi_error_get_remote_code (foreign), ==, G_FILE_ERROR_NOSPC);
  g_assert_cmpint (rmi_error_get_ran (foreign), ==, RMI_RAN_YES);

  g_assert_error (silent, RMI_ERROR, RMI_ERROR_INTERNAL);
  g_assert_cmpint (rmi_error_get_ran (silent), ==, RMI_RAN_MAYBE);
}

static void
test_later (World         *world,
            gconstpointer  data)
{
  static const char *const ways[] = { "idle", "thread", "twice" };
  Peer *peer = world_add_peer (world, NULL);
  g_autoptr(GError) error = NULL;

  for (guint i = 0; i < 5 * G_N_ELEMENTS (ways); i++)
    {
      g_autofree char *text = scenario_party_later (peer->party, ways[i % G_N_ELEMENTS (ways)], NULL, &error);

      g_assert_no_error (error);
      g_assert_cmpstr (text, ==, "later");
    }
  g_assert_null (scenario_party_later (peer->party, "never", NULL, &error));
  g_assert_error (error, RMI_ERROR, RMI_ERROR_INTERNAL);
  peer_settle (peer);
}

int
main (int   argc,
      char *argv[])
{
  world_init (&argc, &argv);

  ADD ("calls-to-a-program-that-is-killed-fail-once", test_server_dies);
  ADD ("signals-lost-with-a-program-are-told-of-once", test_gap);
  ADD ("a-blocking-call-to-a-program-that-is-killed-fails", test_server_dies_while_we_block);
  ADD ("a-program-that-is-killed-releases-what-it-held", test_client_dies);
  ADD ("a-killed-callers-call-is-cancelled", test_caller_dies);
  ADD ("a-stopped-program-costs-no-more-than-the-deadline", test_server_stops);
  ADD ("cancelling-reaches-the-callee", test_cancel_async);
  ADD ("cancelling-ends-a-blocking-call", test_cancel_blocking);
  ADD ("cancelling-reaches-nested-calls", test_cancel_nested);
  ADD ("nested-calls-inherit-the-rest-of-the-deadline", test_deadline_inherited);
  ADD ("a-passing-deadline-cancels-the-callee", test_deadline_passes);
  ADD ("what-expires-while-it-waits-does-not-run", test_expired_unrun);
  ADD ("what-is-cancelled-while-it-waits-does-not-run", test_cancelled_unrun);
  ADD ("errors-arrive-as-what-they-are", test_errors);
  ADD ("an-answer-may-come-later-but-once", test_later);

  return g_test_run ();
}
