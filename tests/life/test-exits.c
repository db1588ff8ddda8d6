/* tests/life/test-exits.c: programs that end by themselves, with something left to say
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "config.h"
#include "tests/scenarios-world.h"

#include <gio/gunixsocketaddress.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>

/* Runs a program that says @text here, and ends as @how says. Its exit status, or the signal that ended it. */
static int
speak (World      *world,
       const char *text,
       const char *how)
{
  const char *argv[] = { g_getenv ("SCENARIOS_PEER"), "say", world->party_uri, text, how, NULL };
  g_autoptr(GError) error = NULL;
  int status = 0;
  GPid pid;

  g_spawn_async (NULL, (char **) argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, &pid, &error);
  g_assert_no_error (error);
  while (waitpid (pid, &status, WNOHANG) != pid)
    g_main_context_iteration (NULL, FALSE);
  g_spawn_close_pid (pid);
  return status;
}

static void
test_oneway_before_end (World         *world,
                        gconstpointer  data)
{
  static const char *const ways[] = { "unref", "close", "flush" };

  world_listen (world);
  for (guint i = 0; i < G_N_ELEMENTS (ways); i++)
    {
      guest_clear_notes (world->guest);
      g_assert_cmpint (speak (world, "farewell", ways[i]), ==, 0);
      TURN_UNTIL (*guest_get_notes (world->guest) != '\0');
      g_assert_cmpstr (guest_get_notes (world->guest), ==, "farewell");
    }
}

/* It may have been said or not, and does no harm. */
static void
test_oneway_before_kill (World         *world,
                         gconstpointer  data)
{
  world_listen (world);
  guest_clear_notes (world->guest);
  g_assert_true (WIFSIGNALED (speak (world, "unsaid", "kill")));
  g_assert_cmpint (speak (world, "said", "unref"), ==, 0);
  TURN_UNTIL (g_str_has_suffix (guest_get_notes (world->guest), "said"));
}

typedef struct
{
  guint n_ended;
} Count;

static void
gone_cb (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  Count *count = user_data;
  g_autoptr(GError) error = NULL;

  g_assert_false (scenario_party_wait_finish (SCENARIO_PARTY (object), result, &error));
  g_assert_error (error, RMI_ERROR, RMI_ERROR_DISCONNECTED);
  g_assert_cmpint (rmi_error_get_ran (error), ==, RMI_RAN_MAYBE);
  count->n_ended++;
}

static void
test_exit_in_handler (World         *world,
                      gconstpointer  data)
{
  Peer *peer = world_add_peer (world, NULL);
  g_autoptr(GError) error = NULL;
  g_autofree char *echo = NULL;
  Count count = { 0 };

  for (guint i = 0; i < 5; i++)
    scenario_party_wait_async (peer->party, NULL, gone_cb, &count);
  g_assert_false (scenario_party_fail (peer->party, "exit", NULL, &error));
  g_assert_error (error, RMI_ERROR, RMI_ERROR_DISCONNECTED);
  g_assert_cmpint (rmi_error_get_ran (error), ==, RMI_RAN_MAYBE);
  TURN_UNTIL (count.n_ended == 5);

  peer_kill (peer);
  peer_restart (peer);
  /* We dialled again by ourselves: perhaps somebody who was about to exit. */
  do
    {
      g_clear_error (&error);
      echo = scenario_party_echo (peer->party, "again", NULL, &error);
    }
  while (g_error_matches (error, RMI_ERROR, RMI_ERROR_UNREACHABLE));
  g_assert_no_error (error);
}

/* ---- a batch, half answered ---- */

static GSocketConnection *
connect_plainly (Peer *peer)
{
  g_autoptr(GSocketClient) client = g_socket_client_new ();
  g_autoptr(GSocketConnectable) address = NULL;
  g_autoptr(GError) error = NULL;
  GSocketConnection *connection;

  if (g_str_has_prefix (peer->uri, "rmi+unix://"))
    {
      g_autofree char *path = g_uri_unescape_string (peer->uri + strlen ("rmi+unix://"), NULL);

      address = G_SOCKET_CONNECTABLE (g_unix_socket_address_new (path));
    }
  else
    {
      address = g_network_address_parse (peer->uri + strlen ("rmi://"), 0, NULL);
    }
  connection = g_socket_client_connect (client, address, NULL, &error);
  g_assert_no_error (error);
  return connection;
}

static guint
count_notes (ScenarioParty *party,
             const char    *text)
{
  g_autoptr(GError) error = NULL;
  g_auto(GStrv) notes = scenario_party_history (party, NULL, &error);
  guint count = 0;

  g_assert_no_error (error);
  for (guint i = 0; notes[i] != NULL; i++)
    count += g_str_equal (notes[i], text);
  return count;
}

#define BATCH "[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"/party#Wait\"}," \
              "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"/party#Echo\",\"params\":[\"x\"]}," \
              "{\"jsonrpc\":\"2.0\",\"id\":3,\"method\":\"/party#Wait\"}]\n"

/* Its end is a reset, as of a program that is killed with bytes unread. */
static void
test_end_in_batch (World         *world,
                   gconstpointer  data)
{
  Peer *peer = world_add_peer (world, NULL);

  for (guint i = 1; i <= 10; i++)
    {
      g_autoptr(GSocketConnection) connection = connect_plainly (peer);
      struct linger reset = { 1, 0 };

      setsockopt (g_socket_get_fd (g_socket_connection_get_socket (connection)), SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
      g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (connection)), BATCH, strlen (BATCH), NULL, NULL,
                                 NULL);
      while (count_notes (peer->party, "waits") != 2 * i)
        ;
      g_io_stream_close (G_IO_STREAM (connection), NULL, NULL);
      while (count_notes (peer->party, "cancelled") != 2 * i)
        ;
    }
}

int
main (int   argc,
      char *argv[])
{
  world_init (&argc, &argv);

  ADD ("a-oneway-call-before-a-clean-end-arrives", test_oneway_before_end);
  ADD ("a-oneway-call-before-a-kill-does-no-harm", test_oneway_before_kill);
  ADD ("a-handler-that-exits-ends-all-calls", test_exit_in_handler);
  ADD ("a-batch-whose-client-is-gone-is-cancelled", test_end_in_batch);

  return g_test_run ();
}
