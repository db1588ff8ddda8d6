/* tests/parties/test-claims.c: what a peer may claim of third parties
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The peer is this test itself, over a bare socket.
 */
#include "config.h"
#include "tests/parties/crate.h"
#include "tests/scenarios-world.h"
#include "tests/wire.h"

#include <string.h>

typedef struct
{
  World              world;
  Peer              *peer;
  GSocketConnection *stream;
  GString           *received;
  guint              last_id;
  char              *node;      /* of the program */
} Fixture;

static void
send_text (Fixture    *fixture,
           const char *json)
{
  g_autofree char *frame = wire_frame (json);
  g_autoptr(GError) error = NULL;

  g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (fixture->stream)), frame, strlen (frame), NULL, NULL,
                             &error);
  g_assert_no_error (error);
}

static JsonNode *
receive (Fixture *fixture)
{
  g_autofree char *text = NULL;
  g_autoptr(GError) error = NULL;
  JsonNode *node;

  while ((text = wire_take_message (fixture->received)) == NULL)
    {
      char buffer[4096];
      gssize length = g_input_stream_read (g_io_stream_get_input_stream (G_IO_STREAM (fixture->stream)), buffer, sizeof buffer,
                                           NULL, &error);

      g_assert_no_error (error);
      g_assert_cmpint (length, >, 0);
      g_string_append_len (fixture->received, buffer, length);
    }
  node = json_from_string (text, &error);
  g_assert_no_error (error);
  return node;
}

/* Sends a request; its answer. What comes before is appended to @others, as text. */
static JsonObject *
call (Fixture    *fixture,
      const char *method,
      const char *params,
      GString    *others)
{
  g_autofree char *request = g_strdup_printf ("{\"jsonrpc\":\"2.0\",\"id\":%u,\"method\":\"%s\",\"params\":%s}", ++fixture->last_id,
                                              method, params);

  send_text (fixture, request);
  for (;;)
    {
      g_autoptr(JsonNode) node = receive (fixture);
      JsonObject *object = json_node_get_object (node);

      if (json_object_has_member (object, "id") && json_object_get_int_member (object, "id") == fixture->last_id)
        return json_object_ref (object);
      if (others != NULL)
        {
          g_autofree char *text = json_to_string (node, FALSE);

          g_string_append (others, text);
        }
    }
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  g_autoptr(GSocketClient) client = g_socket_client_new ();
  g_autoptr(JsonObject) hello = NULL;
  g_autoptr(GError) error = NULL;

  world_set_up (&fixture->world, "tcp");
  fixture->peer = world_spawn (&fixture->world, NULL, data);
  fixture->stream = g_socket_client_connect_to_host (client, fixture->peer->uri + strlen ("rmi://"), 7640, NULL, &error);
  g_assert_no_error (error);
  fixture->received = g_string_new (NULL);
  hello = call (fixture, "rpc.hello", "{\"version\":1,\"node\":\"stranger\",\"limits\":{},\"features\":[]}", NULL);
  fixture->node = g_strdup (json_object_get_string_member (json_object_get_object_member (hello, "result"), "node"));
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  g_object_unref (fixture->stream);
  g_string_free (fixture->received, TRUE);
  g_free (fixture->node);
  world_tear_down (&fixture->world, "tcp");
}

/* Stows @reference at the box; 0, or the code of the error. */
static int
stow (Fixture    *fixture,
      const char *reference,
      GString    *others)
{
  g_autofree char *params = g_strdup_printf ("[[%s],{},null,null,null]", reference);
  g_autoptr(JsonObject) answer = call (fixture, "/box#Stow", params, others);

  if (!json_object_has_member (answer, "error"))
    return 0;
  return (int) json_object_get_int_member (json_object_get_object_member (answer, "error"), "code");
}

static gint64
count_self (Fixture *fixture,
            GString *others)
{
  g_autoptr(JsonObject) answer = call (fixture, "/box#CountSelf", "[]", others);

  return json_object_get_int_member (answer, "result");
}

static void
check_released (GString    *others,
                const char *path)
{
  g_autofree char *entry = g_strdup_printf ("\"%s\":1", path);

  g_assert_nonnull (strstr (others->str, "rpc.release"));
  g_assert_nonnull (strstr (others->str, entry));
}

/* Who introduces a program to itself: the object is itself, and the relay is given back at once. */
static void
test_oneself (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr(GString) others = g_string_new (NULL);
  g_autofree char *reference = g_strdup_printf ("{\"$ref\":\"/~/mine\",\"of\":\"%s/box\"}", fixture->node);

  g_assert_cmpint (stow (fixture, reference, others), ==, 0);
  g_assert_cmpint (count_self (fixture, others), ==, 1);
  check_released (others, "/~/mine");
}

static void
test_not_there (Fixture       *fixture,
                gconstpointer  data)
{
  g_autoptr(GString) others = g_string_new (NULL);
  g_autofree char *secret = g_strdup_printf ("{\"$ref\":\"/~/mine\",\"of\":\"%s/~/AAAAAAAAAAAAAAAAAAAAAA\"}", fixture->node);
  g_autofree char *wrong = g_strdup_printf ("{\"$ref\":\"/~/other\",\"of\":\"%s/party\"}", fixture->node);

  g_assert_cmpint (stow (fixture, secret, others), ==, -32001);
  g_assert_cmpint (stow (fixture, wrong, others), ==, -32602);
  count_self (fixture, others);
  check_released (others, "/~/mine");
  check_released (others, "/~/other");
}

static void
test_malformed (Fixture       *fixture,
                gconstpointer  data)
{
  static const char *const owners[] = {
    "x", "/x", "n/", "n/..", "n/a b", "n//", "n/\\u0000",
    "nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn/x",
  };
  g_autoptr(GString) others = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (owners); i++)
    {
      g_autofree char *path = g_strdup_printf ("/~/r%u", i);
      g_autofree char *reference = g_strdup_printf ("{\"$ref\":\"%s\",\"of\":\"%s\"}", path, owners[i]);

      if (g_str_equal (owners[i], "n/"))
        {
          g_assert_cmpint (stow (fixture, reference, others), ==, 0);
          continue;
        }
      g_assert_cmpint (stow (fixture, reference, others), ==, -32602);
      count_self (fixture, others);
      check_released (others, path);
    }
  /* What is no text is not there. */
  g_assert_cmpint (stow (fixture, "{\"$ref\":\"/~/x\",\"of\":5,\"at\":7}", others), ==, 0);
}

static GSocket *
listen_anywhere (guint16 *port)
{
  g_autoptr(GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr(GSocketAddress) any = g_inet_socket_address_new (loopback, 0);
  g_autoptr(GSocketAddress) address = NULL;
  g_autoptr(GError) error = NULL;
  GSocket *socket = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, &error);

  g_assert_no_error (error);
  g_socket_bind (socket, any, TRUE, &error);
  g_assert_no_error (error);
  g_socket_listen (socket, &error);
  g_assert_no_error (error);
  address = g_socket_get_local_address (socket, &error);
  g_assert_no_error (error);
  *port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (address));
  return socket;
}

/* It is told of a place where somebody listens, and does not go there. */
static void
test_decoding (Fixture       *fixture,
               gconstpointer  data)
{
  guint16 port;
  g_autoptr(GSocket) socket = listen_anywhere (&port);
  g_autofree char *reference = NULL;

  reference = g_strdup_printf ("{\"$ref\":\"/~/mine\",\"of\":\"elsewhere/~/x\",\"at\":[\"rmi://127.0.0.1:%u\",\"rmi://no.such.host.invalid\"]}",
                               port);
  for (guint i = 0; i < 3; i++)
    {
      g_assert_cmpint (stow (fixture, reference, NULL), ==, 0);
      count_self (fixture, NULL);
    }
  g_assert_cmpint (g_socket_condition_check (socket, G_IO_IN), ==, 0);
}

/* ---- a liar that is dialled ---- */

static void
send_over (GSocket    *socket,
           const char *json)
{
  g_autofree char *frame = wire_frame (json);
  g_autoptr(GError) error = NULL;

  g_socket_send (socket, frame, strlen (frame), NULL, &error);
  g_assert_no_error (error);
}

/* The next message from @socket, in @received. */
static char *
receive_over (GSocket *socket,
              GString *received)
{
  g_autoptr(GError) error = NULL;
  char *text;

  while ((text = wire_take_message (received)) == NULL)
    {
      char buffer[4096];
      gssize length = g_socket_receive (socket, buffer, sizeof buffer, NULL, &error);

      g_assert_no_error (error);
      if (length <= 0)
        return NULL;
      g_string_append_len (received, buffer, length);
    }
  return text;
}

/* Passes our relay of something at @port, and has it called, which we answer. */
static void
introduce (Fixture *fixture,
           guint16  port)
{
  g_autofree char *params = g_strdup_printf ("[{\"$ref\":\"/~/mine\",\"of\":\"elsewhere/~/secret\",\"at\":[\"rmi://127.0.0.1:%u\"]}]",
                                             port);
  g_autoptr(JsonObject) kept = call (fixture, "/party#Keep", params, NULL);
  g_autofree char *text = NULL;

  g_assert_true (json_object_has_member (kept, "result"));
  send_text (fixture, "{\"jsonrpc\":\"2.0\",\"id\":900,\"method\":\"/party#AskKept\",\"params\":[\"x\"]}");
  while (text == NULL || strstr (text, "Echo") == NULL)
    {
      g_autoptr(JsonNode) node = receive (fixture);

      g_free (text);
      text = json_to_string (node, FALSE);
    }
  g_assert_nonnull (strstr (text, "/~/mine#"));
  send_text (fixture, "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":\"x\"}");
}

/* Where the way leads is somebody who is not that node: it never learns the id. */
static void
test_liar (Fixture       *fixture,
           gconstpointer  data)
{
  guint16 port;
  g_autoptr(GSocket) listening = listen_anywhere (&port);
  g_autoptr(GSocket) socket = NULL;
  g_autoptr(GString) received = g_string_new (NULL);
  g_autoptr(GString) all = g_string_new (NULL);
  g_autoptr(GError) error = NULL;
  gboolean has_pinged = FALSE;

  introduce (fixture, port);
  socket = g_socket_accept (listening, NULL, &error);
  g_assert_no_error (error);
  while (!has_pinged)
    {
      g_autofree char *text = receive_over (socket, received);
      g_autofree char *answer = NULL;
      g_autoptr(JsonNode) node = NULL;
      gint64 id;

      g_assert_nonnull (text);
      g_string_append (all, text);
      node = json_from_string (text, &error);
      g_assert_no_error (error);
      id = json_object_get_int_member (json_node_get_object (node), "id");
      has_pinged = strstr (text, "rpc.ping") != NULL;
      answer = g_strdup_printf (has_pinged ? "{\"jsonrpc\":\"2.0\",\"id\":%" G_GINT64_FORMAT ",\"result\":null}"
                                  : "{\"jsonrpc\":\"2.0\",\"id\":%" G_GINT64_FORMAT
                                    ",\"result\":{\"version\":1,\"node\":\"liar\",\"limits\":{},\"features\":[],\"resumed\":false}}", id);
      send_over (socket, answer);
    }

  /* It is told nothing more, and we are still the way. */
  for (guint i = 0; i < 3; i++)
    count_self (fixture, NULL);
  g_assert_null (strstr (all->str, "secret"));
  g_assert_cmpint (g_socket_condition_check (socket, G_IO_IN), ==, 0);
}

/* Public paths never break, and ids that nobody has are nobody's. */
static void
test_broken_claims (Fixture       *fixture,
                    gconstpointer  data)
{
  g_assert_cmpint (stow (fixture, "{\"$ref\":\"/public\"},{\"$ref\":\"/~/secret\"}", NULL), ==, 0);
  send_text (fixture, "{\"jsonrpc\":\"2.0\",\"method\":\"/public!rpc.broken\",\"params\":[]}");
  send_text (fixture, "{\"jsonrpc\":\"2.0\",\"method\":\"/~/secret!rpc.broken\"}");
  send_text (fixture, "{\"jsonrpc\":\"2.0\",\"method\":\"/~/secret!rpc.broken\",\"params\":{\"a\":[1]}}");
  send_text (fixture, "{\"jsonrpc\":\"2.0\",\"method\":\"/~/other!rpc.broken\",\"params\":[{\"$ref\":\"/~/x\"}]}");
  g_assert_cmpint (count_self (fixture, NULL), ==, 0);
  g_assert_cmpint (stow (fixture, "{\"$home\":\"/box\"}", NULL), ==, 0);
  g_assert_cmpint (count_self (fixture, NULL), ==, 1);
}

int
main (int   argc,
      char *argv[])
{
  world_init (&argc, &argv);

  g_test_add ("/rmi/claims/an-introduction-of-oneself-is-oneself", Fixture, NULL, set_up, test_oneself, tear_down);
  g_test_add ("/rmi/claims/what-is-not-there-is-refused-and-released", Fixture, NULL, set_up, test_not_there, tear_down);
  g_test_add ("/rmi/claims/what-is-no-owner-is-refused-and-released", Fixture, NULL, set_up, test_malformed, tear_down);
  g_test_add ("/rmi/claims/decoding-does-not-dial", Fixture, "direct-dial=local", set_up, test_decoding, tear_down);
  g_test_add ("/rmi/claims/who-is-not-the-owner-learns-no-id", Fixture, "direct-dial=local", set_up, test_liar, tear_down);
  g_test_add ("/rmi/claims/only-what-is-held-can-break", Fixture, NULL, set_up, test_broken_claims, tear_down);

  return g_test_run ();
}
