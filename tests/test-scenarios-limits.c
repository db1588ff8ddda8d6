/* tests/test-scenarios-limits.c: programs that ask for too much
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "config.h"
#include "tests/scenarios-world.h"
#include "tests/wire.h"

#include <gio/gunixsocketaddress.h>
#include <string.h>

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

/* Who is of this user does not use up what the network may, nor the other way round. */
static void
test_connections_of_own_user (World         *world,
                              gconstpointer  data)
{
  Peer *peer = world_add_peer (world, g_str_equal (data, "unix") ? "limit-connections=1 local-limit-connections=3"
                                                                 : "limit-connections=3 local-limit-connections=1");
  g_autoptr(GSocketConnection) second = connect_plainly (world, peer);
  g_autoptr(GSocketConnection) third = connect_plainly (world, peer);
  g_autofree char *pong = ask_plainly (third, PING);

  g_assert_nonnull (pong);
  g_assert_nonnull (strstr (pong, "\"result\""));
  g_assert_false (is_served (world, peer));
  peer_settle (peer);
}

int
main (int   argc,
      char *argv[])
{
  world_init (&argc, &argv);

  ADD ("too-large-an-argument-is-not-sent", test_large_argument);
  ADD ("too-large-an-argument-for-the-peer-is-refused", test_large_argument_there);
  ADD ("too-large-a-reply-is-said-to-be", test_large_reply);
  ADD ("too-large-a-reply-of-a-small-peer-is-said-to-be", test_large_reply_there);
  ADD ("too-many-calls-in-flight-are-refused", test_calls_in_flight);
  ADD ("one-connection-too-many-is-told-why", test_too_many_connections);
  ADD ("connections-of-the-same-user-have-a-limit-of-their-own", test_connections_of_own_user);

  return g_test_run ();
}
