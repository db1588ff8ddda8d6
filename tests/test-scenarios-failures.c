/* tests/test-scenarios-failures.c: programs that die, stop, give up, fail or ask for too much
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "config.h"
#include "tests/scenarios-world.h"
#include "tests/wire.h"

#include <gio/gunixsocketaddress.h>
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
  Peer *peer = world_add_peer (world, NULL);

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
  Peer *witness = world_add_peer (world, NULL);

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

/* ---- limits ---- */

#define MUCH (1024 * 1024)

static void
test_large_argument (World         *world,
                     gconstpointer  data)
{
  g_autoptr(GBytes) bytes = g_bytes_new_take (g_malloc0 (MUCH), MUCH);
  g_autoptr(GError) error = NULL;
  guint size = 0;
  Peer *peer;

  g_object_set (world->node, "limit-frame_bytes", (guint64) 65536, "local-limit-frame_bytes", (guint64) 65536, NULL);
  peer = world_add_peer (world, NULL);
  g_assert_false (scenario_party_take (peer->party, bytes, &size, NULL, &error));
  g_assert_error (error, RMI_ERROR, RMI_ERROR_LIMIT);
  g_assert_nonnull (strstr (error->message, "65536"));
  g_assert_cmpint (rmi_error_get_ran (error), ==, RMI_RAN_NO);
  peer_settle (peer);
}

static void
test_large_argument_there (World         *world,
                           gconstpointer  data)
{
  Peer *peer = world_add_peer (world, "limit-frame_bytes=65536 local-limit-frame_bytes=65536");
  g_autoptr(GBytes) bytes = g_bytes_new_take (g_malloc0 (MUCH), MUCH);
  g_autoptr(GError) error = NULL;
  guint size = 0;

  g_assert_false (scenario_party_take (peer->party, bytes, &size, NULL, &error));
  g_assert_error (error, RMI_ERROR, RMI_ERROR_LIMIT);
  g_assert_nonnull (strstr (error->message, "65536"));
  peer_settle (peer);
}

static void
test_large_reply (World         *world,
                  gconstpointer  data)
{
  Peer *peer;
  g_autoptr(GError) error = NULL;

  g_object_set (world->node, "limit-frame_bytes", (guint64) 65536, "local-limit-frame_bytes", (guint64) 65536, NULL);
  peer = world_add_peer (world, NULL);
  g_assert_null (scenario_party_give (peer->party, MUCH, NULL, &error));
  g_assert_error (error, RMI_ERROR, RMI_ERROR_BAD_REPLY);
  g_assert_nonnull (strstr (error->message, "65536"));
  g_assert_cmpint (rmi_error_get_ran (error), ==, RMI_RAN_YES);
  peer_settle (peer);
}

static void
test_large_reply_there (World         *world,
                        gconstpointer  data)
{
  Peer *peer = world_add_peer (world, "limit-frame_bytes=65536 local-limit-frame_bytes=65536");
  g_autoptr(GError) error = NULL;

  g_assert_null (scenario_party_give (peer->party, MUCH, NULL, &error));
  g_assert_error (error, RMI_ERROR, RMI_ERROR_BAD_REPLY);
  g_assert_nonnull (strstr (error->message, "65536"));
  peer_settle (peer);
}

static void
limited_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  World *world = user_data;
  g_autoptr(GError) error = NULL;

  scenario_party_wait_finish (SCENARIO_PARTY (object), result, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_assert_error (error, RMI_ERROR, RMI_ERROR_LIMIT);
  g_assert_cmpint (rmi_error_get_ran (error), ==, RMI_RAN_NO);
  g_assert_cmpuint (rmi_error_get_retry_after (error), >, 0);
  world->n_done++;
}

static void
test_calls_in_flight (World         *world,
                      gconstpointer  data)
{
  Peer *peer = world_add_peer (world, "limit-calls_in_flight=4 local-limit-calls_in_flight=4");
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();

  for (guint i = 0; i < 7; i++)
    scenario_party_wait_async (peer->party, cancellable, limited_cb, world);
  TURN_UNTIL (world->n_done == 3);
  g_cancellable_cancel (cancellable);
  peer_settle (peer);
}

/* A plain connection to @peer: the socket of a program without this library. */
static GSocketConnection *
connect_plainly (World *world,
                 Peer  *peer)
{
  g_autoptr(GSocketClient) client = g_socket_client_new ();
  g_autoptr(GSocketConnectable) address = NULL;
  g_autoptr(GError) error = NULL;
  GSocketConnection *connection;

  if (g_str_equal (world->transport, "unix"))
    {
      g_autofree char *path = g_uri_unescape_string (peer->uri + strlen ("rmi+unix://"), NULL);

      address = G_SOCKET_CONNECTABLE (g_unix_socket_address_new (path));
    }
  else
    {
      address = g_network_address_parse (peer->uri + strlen ("rmi://"), 0, &error);
      g_assert_no_error (error);
    }
  g_socket_client_set_timeout (client, 30);
  connection = g_socket_client_connect (client, address, NULL, &error);
  g_assert_no_error (error);
  return connection;
}

/* What @connection says, after @question; until its end, or a whole message. */
static char *
ask_plainly (GSocketConnection *connection,
             const char        *question)
{
  GInputStream *in = g_io_stream_get_input_stream (G_IO_STREAM (connection));
  GOutputStream *out = g_io_stream_get_output_stream (G_IO_STREAM (connection));
  g_autofree char *framed = wire_frame (question);
  g_autoptr(GString) received = g_string_new (NULL);
  char *message = NULL;
  char bytes[1024];
  gssize n;

  g_output_stream_write_all (out, framed, strlen (framed), NULL, NULL, NULL);
  while (message == NULL && (n = g_input_stream_read (in, bytes, sizeof bytes, NULL, NULL)) > 0)
    {
      g_string_append_len (received, bytes, n);
      message = wire_take_message (received);
    }
  return message;
}

#define PING "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"rpc.ping\",\"params\":[]}"

static gboolean
is_served (World *world,
           Peer  *peer)
{
  g_autoptr(GSocketConnection) connection = connect_plainly (world, peer);
  g_autofree char *answer = ask_plainly (connection, PING);

  return answer != NULL && strstr (answer, "\"result\"") != NULL;
}

static void
test_too_many_connections (World         *world,
                           gconstpointer  data)
{
  guint most = g_str_equal (data, "unix") ? 1024 : 256;
  g_autoptr(GPtrArray) connections = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(GSocketConnection) refused = NULL;
  g_autofree char *reason = NULL;
  g_autofree char *pong = NULL;
  Peer *peer = world_add_peer (world, NULL);

  while (connections->len < most - 1)     /* and ours */
    g_ptr_array_add (connections, connect_plainly (world, peer));
  pong = ask_plainly (connections->pdata[most - 2], PING);
  g_assert_nonnull (pong);
  g_assert_nonnull (strstr (pong, "\"result\""));

  refused = connect_plainly (world, peer);
  reason = ask_plainly (refused, PING);
  g_assert_nonnull (reason);
  g_assert_nonnull (strstr (reason, "limit of connections"));

  peer_settle (peer);
  g_ptr_array_set_size (connections, 0);
  while (!is_served (world, peer))
    ;
}

int
main (int   argc,
      char *argv[])
{
  world_init (&argc, &argv);

  ADD ("calls-to-a-program-that-is-killed-fail-once", test_server_dies);
  ADD ("a-blocking-call-to-a-program-that-is-killed-fails", test_server_dies_while_we_block);
  ADD ("a-program-that-is-killed-releases-what-it-held", test_client_dies);
  ADD ("a-killed-callers-call-is-cancelled", test_caller_dies);
  ADD ("a-stopped-program-costs-no-more-than-the-deadline", test_server_stops);
  ADD ("cancelling-reaches-the-callee", test_cancel_async);
  ADD ("cancelling-ends-a-blocking-call", test_cancel_blocking);
  ADD ("cancelling-reaches-nested-calls", test_cancel_nested);
  ADD ("nested-calls-inherit-the-rest-of-the-deadline", test_deadline_inherited);
  ADD ("a-passing-deadline-cancels-the-callee", test_deadline_passes);
  ADD ("errors-arrive-as-what-they-are", test_errors);
  ADD ("an-answer-may-come-later-but-once", test_later);
  ADD ("too-large-an-argument-is-not-sent", test_large_argument);
  ADD ("too-large-an-argument-for-the-peer-is-refused", test_large_argument_there);
  ADD ("too-large-a-reply-is-said-to-be", test_large_reply);
  ADD ("too-large-a-reply-of-a-small-peer-is-said-to-be", test_large_reply_there);
  ADD ("too-many-calls-in-flight-are-refused", test_calls_in_flight);
  ADD ("one-connection-too-many-is-told-why", test_too_many_connections);

  return g_test_run ();
}
