/* tests/clients/test-jsonrpc-glib.c: jsonrpc-glib, GLib's own JSON-RPC library, at the other end
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * usage: test-jsonrpc-glib SERVER
 */
#include "config.h"

#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>
#include <jsonrpc-glib.h>

#include "arithmetic.h"

#define INTERFACE "/#org.rmi_glib.clients.Arithmetic."

static const char *server_program;

/* A server, and a client of jsonrpc-glib for it. */
typedef struct
{
  GSubprocess   *process;
  char          *folder;
  char          *uri;         /* of the transport under test */
  JsonrpcClient *client;
  GString       *heard;       /* notifications, each a line */
} World;

typedef void (*WorldFunc) (World *world);

static JsonrpcClient *
dial (World *world)
{
  g_autoptr(GSocketClient) dialler = g_socket_client_new ();
  g_autofree char *path = g_build_filename (world->folder, "s", NULL);
  g_autoptr(GSocketConnectable) place = NULL;
  g_autoptr(GSocketConnection) stream = NULL;
  g_autoptr(GError) error = NULL;
  JsonrpcClient *client;

  if (g_str_has_prefix (world->uri, "rmi://"))
    place = g_network_address_parse (world->uri + strlen ("rmi://"), 0, &error);
  else
    place = G_SOCKET_CONNECTABLE (g_unix_socket_address_new (path));
  g_assert_no_error (error);
  stream = g_socket_client_connect (dialler, place, NULL, &error);
  g_assert_no_error (error);
  client = jsonrpc_client_new (G_IO_STREAM (stream));
  jsonrpc_client_start_listening (client);
  return client;
}

static void
notified_cb (JsonrpcClient *client,
             const char    *method,
             GVariant      *params,
             World         *world)
{
  g_autofree char *text = g_variant_print (params, FALSE);

  g_string_append_printf (world->heard, "%s %s\n", method, text);
}

static void
world_begin (World      *world,
             const char *transport)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *path = NULL;
  g_autoptr(GDataInputStream) lines = NULL;

  world->folder = g_dir_make_tmp ("rmi-XXXXXX", &error);
  g_assert_no_error (error);
  path = g_build_filename (world->folder, "s", NULL);
  world->process = g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error,
                                     server_program, path, NULL);
  g_assert_no_error (error);
  lines = g_data_input_stream_new (g_subprocess_get_stdout_pipe (world->process));
  while (world->uri == NULL || !g_str_has_prefix (world->uri, transport))
    {
      g_free (world->uri);
      world->uri = g_data_input_stream_read_line_utf8 (lines, NULL, NULL, &error);
      g_assert_no_error (error);
      g_assert_nonnull (world->uri);
    }
  world->heard = g_string_new (NULL);
  world->client = dial (world);
  g_signal_connect (world->client, "notification", G_CALLBACK (notified_cb), world);
}

static void
finish (JsonrpcClient *client)
{
  jsonrpc_client_close (client, NULL, NULL);
  g_object_unref (client);
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

/* The server must end as it should: its sanitizers look at what is left then. */
static void
world_end (World *world)
{
  g_autoptr(GError) error = NULL;

  finish (world->client);
  g_output_stream_close (g_subprocess_get_stdin_pipe (world->process), NULL, &error);
  g_assert_no_error (error);
  g_subprocess_wait_check (world->process, NULL, &error);
  g_assert_no_error (error);
  g_rmdir (world->folder);
  g_object_unref (world->process);
  g_free (world->folder);
  g_free (world->uri);
  g_string_free (world->heard, TRUE);
}

static void
over_both (gconstpointer test)
{
  static const char *const transports[] = { "rmi://", "rmi+unix://" };

  for (guint i = 0; i < G_N_ELEMENTS (transports); i++)
    {
      World world = { NULL };

      world_begin (&world, transports[i]);
      ((WorldFunc) test) (&world);
      world_end (&world);
    }
}

/* Calls with @params (GVariant text, nullable); the result must print as @expected. */
static void
check_call (JsonrpcClient *client,
            const char    *method,
            const char    *params,
            const char    *expected)
{
  g_autoptr(GVariant) result = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *text = NULL;

  jsonrpc_client_call (client, method, params != NULL ? g_variant_new_parsed (params) : NULL, NULL, &result, &error);
  g_assert_no_error (error);
  text = result != NULL ? g_variant_print (result, FALSE) : g_strdup ("none");
  g_assert_cmpstr (text, ==, expected);
}

/* Its users see the whole error object, printed. */
static void
check_failure (JsonrpcClient *client,
               const char    *method,
               const char    *params,
               int            code,
               const char    *message)
{
  g_autofree char *expected = g_strdup_printf ("'code': <int64 %d>, 'message': <'%s", code, message);
  g_autoptr(GVariant) result = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_false (jsonrpc_client_call (client, method, g_variant_new_parsed (params), NULL, &result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_FAILED);
  if (strstr (error->message, expected) == NULL)
    g_error ("%s instead of %s", error->message, expected);
}

/* ---- calls ---- */

static void
test_by_position (World *world)
{
  check_call (world->client, "subtract", "(42, 23)", "19");
  check_call (world->client, "subtract", "[<23>, <42>]", "-19");
  check_call (world->client, "/party#Echo", "['Grüße 😀\\n\\\\']", "'Grüße 😀\\n\\\\'");
}

static void
test_by_name (World *world)
{
  check_call (world->client, "subtract", "{'subtrahend': <23>, 'minuend': <42>}", "19");
  check_call (world->client, "party.Echo", "{'text': <'by name'>}", "'by name'");
}

static void
test_without_params (World *world)
{
  check_call (world->client, "get_data", NULL, "[<'hello'>, <int64 5>]");
  check_call (world->client, "/party#Alive", NULL, "1");
}

static void
test_errors (World *world)
{
  check_failure (world->client, "/party#Fail", "['application']", -32000, "Too late for äpfel");
  check_failure (world->client, "/attic#Stock", "['x']", -32001, "There is no object at /attic");
  check_failure (world->client, "foobar", "[1]", JSONRPC_CLIENT_ERROR_METHOD_NOT_FOUND, "The object has no method foobar");
  check_failure (world->client, "subtract", "[<42>, <'x'>]", JSONRPC_CLIENT_ERROR_INVALID_PARAMS, "params[1]: ");
  check_call (world->client, "subtract", "(42, 23)", "19");
}

/* json-glib writes some control characters as they are, which is no JSON. Whoever asked is told. */
static void
test_control_characters (World *world)
{
  check_call (world->client, "/party#Echo", "['a\\u0001b']", "'a\\u0001b'");
  check_failure (world->client, "/party#Echo", "['a\\u001fb']", JSONRPC_CLIENT_ERROR_PARSE_ERROR, "");
  check_call (world->client, "/party#Echo", "['still here']", "'still here'");
}

typedef struct
{
  guint n_right;
  guint n_done;
} Tally;

typedef struct
{
  Tally *tally;
  gint64 number;
} Question;

static void
asked_cb (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autofree Question *question = user_data;
  g_autoptr(GVariant) difference = NULL;
  g_autoptr(GError) error = NULL;

  question->tally->n_done++;
  jsonrpc_client_call_finish (JSONRPC_CLIENT (object), result, &difference, &error);
  g_assert_no_error (error);
  if (g_variant_get_int64 (difference) == question->number - 1000)
    question->tally->n_right++;
}

static void
test_at_once (World *world)
{
  Tally tally = { 0 };

  for (int i = 0; i < 100; i++)
    {
      Question *question = g_new (Question, 1);

      *question = (Question) { &tally, i };
      jsonrpc_client_call_async (world->client, "subtract", g_variant_new ("(ii)", i, 1000), NULL, asked_cb, question);
    }
  while (tally.n_done < 100)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (tally.n_right, ==, 100);
}

static void
test_notifies (World *world)
{
  g_autoptr(GError) error = NULL;

  jsonrpc_client_send_notification (world->client, "update", g_variant_new_parsed ("[1, 2, 3, 4, 5]"), NULL, &error);
  g_assert_no_error (error);
  jsonrpc_client_send_notification (world->client, "foobar", NULL, NULL, &error);
  g_assert_no_error (error);
  check_call (world->client, "written", NULL, "[<'update 1 2 3 4 5'>]");
}

/* ---- signals, callbacks ---- */

static void
test_signals (World *world)
{
  check_call (world->client, "/party#rpc.subscribe", NULL, "{'Level': <int64 7>, 'Label': <'guest'>}");
  check_call (world->client, "/party#Tick", "[2]", "nothing");
  check_call (world->client, "/party#rpc.set", "[<'Level'>, <9>]", "nothing");
  check_call (world->client, "/party#rpc.unsubscribe", NULL, "nothing");
  check_call (world->client, "/party#Tick", "[1]", "nothing");
  check_call (world->client, "rpc.ping", NULL, "nothing");
  g_assert_cmpstr (world->heard->str, ==,
                   "/party!Ticked [<int64 1>]\n/party!Ticked [<int64 2>]\n/party!rpc.changed [<{'Level': <int64 9>}>]\n");
}

static gboolean
called_cb (JsonrpcClient *client,
           const char    *method,
           GVariant      *id,
           GVariant      *params,
           World         *world)
{
  g_autofree char *text = g_variant_print (params, FALSE);

  if (!g_str_equal (method, "/cb/1#Echo"))
    return FALSE;
  jsonrpc_client_reply_async (client, id, g_variant_new_string (text), NULL, NULL, NULL);
  return TRUE;
}

static void
test_called_back (World *world)
{
  g_signal_connect (world->client, "handle-call", G_CALLBACK (called_cb), world);
  check_call (world->client, "/party#Keep", "{'party': <{'$ref': <'/cb/1'>}>}", "nothing");
  check_call (world->client, "/party#AskKept", "['hä?']", "\"[<'hä?'>]\"");
  check_call (world->client, "/party#Keep", "{'party': <{'$ref': <'/cb/2'>}>}", "nothing");
  check_failure (world->client, "/party#AskKept", "['nobody']", -32000, "");
}

static void
test_leaves (World *world)
{
  JsonrpcClient *other = dial (world);
  g_autofree char *notes = g_strdup ("");

  jsonrpc_client_call_async (other, "/party#Wait", NULL, NULL, NULL, NULL);
  while (strstr (notes, "cancelled") == NULL)
    {
      g_autoptr(GVariant) result = NULL;

      g_assert_true (jsonrpc_client_call (world->client, "/party#History", NULL, NULL, &result, NULL));
      g_free (notes);
      notes = g_variant_print (result, FALSE);
      if (other != NULL && strstr (notes, "waits") != NULL)
        finish (g_steal_pointer (&other));
    }
}

/* ---- the other way round: a server of jsonrpc-glib ---- */

static gint64
get_number (GVariant *params,
            gsize     index)
{
  g_autoptr(GVariant) boxed = g_variant_get_child_value (params, index);
  g_autoptr(GVariant) number = g_variant_get_variant (boxed);

  return g_variant_get_int64 (number);
}

static void
subtract_cb (JsonrpcServer *server,
             JsonrpcClient *client,
             const char    *method,
             GVariant      *id,
             GVariant      *params,
             gpointer       user_data)
{
  jsonrpc_client_reply_async (client, id, g_variant_new_int64 (get_number (params, 0) - get_number (params, 1)), NULL, NULL,
                              NULL);
}

static void
sum_cb (JsonrpcServer *server,
        JsonrpcClient *client,
        const char    *method,
        GVariant      *id,
        GVariant      *params,
        gpointer       user_data)
{
  jsonrpc_client_reply_error_async (client, id, -4711, "I cannot count that far", NULL, NULL, NULL);
}

static gboolean
incoming_cb (GSocketService    *service,
             GSocketConnection *connection,
             GObject           *source,
             JsonrpcServer     *server)
{
  jsonrpc_server_accept_io_stream (server, G_IO_STREAM (connection));
  return FALSE;
}

static void
keep_result_cb (GObject      *object,
                GAsyncResult *result,
                gpointer      user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static GAsyncResult *
wait_for (GAsyncResult **result)
{
  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return *result;
}

/* Both sides run in this loop. */
static void
call_stranger (RmiNode    *node,
               const char *uri)
{
  g_autoptr(GAsyncResult) got = NULL, subtracted = NULL, summed = NULL;
  g_autoptr(ClientsArithmetic) arithmetic = NULL;
  g_autoptr(GError) error = NULL;
  int difference = 0;
  int total = 0;

  rmi_node_get_object_async (node, uri, CLIENTS_TYPE_ARITHMETIC, NULL, keep_result_cb, &got);
  arithmetic = rmi_node_get_object_finish (node, wait_for (&got), &error);
  g_assert_no_error (error);

  clients_arithmetic_subtract_async (arithmetic, 42, 23, NULL, keep_result_cb, &subtracted);
  clients_arithmetic_subtract_finish (arithmetic, wait_for (&subtracted), &difference, &error);
  g_assert_no_error (error);
  g_assert_cmpint (difference, ==, 19);

  clients_arithmetic_sum_async (arithmetic, 1, 2, 4, NULL, keep_result_cb, &summed);
  g_assert_false (clients_arithmetic_sum_finish (arithmetic, wait_for (&summed), &total, &error));
  g_assert_error (error, RMI_ERROR, RMI_ERROR_REMOTE);
  g_assert_cmpstr (error->message, ==, "I cannot count that far");
  g_assert_cmpint (rmi_error_get_remote_code (error), ==, -4711);
}

static void
test_as_server (void)
{
  g_autoptr(GSocketService) service = g_socket_service_new ();
  g_autoptr(JsonrpcServer) server = jsonrpc_server_new ();
  g_autoptr(RmiNode) node = rmi_node_new ();
  g_autoptr(GError) error = NULL;
  g_autofree char *uri = NULL;
  guint16 port = g_socket_listener_add_any_inet_port (G_SOCKET_LISTENER (service), NULL, &error);

  g_assert_no_error (error);
  g_signal_connect (service, "incoming", G_CALLBACK (incoming_cb), server);
  jsonrpc_server_add_handler (server, INTERFACE "subtract", subtract_cb, NULL, NULL);
  jsonrpc_server_add_handler (server, INTERFACE "sum", sum_cb, NULL, NULL);
  uri = g_strdup_printf ("rmi://127.0.0.1:%u/", port);
  call_stranger (node, uri);
  rmi_node_close (node);
  g_socket_service_stop (service);
  g_socket_listener_close (G_SOCKET_LISTENER (service));
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

#define ADD(name, test) g_test_add_data_func ("/rmi/clients/jsonrpc-glib/" name, (gconstpointer) test, over_both)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  server_program = argv[1];

  ADD ("calls-by-position", test_by_position);
  ADD ("calls-by-name", test_by_name);
  ADD ("calls-with-null-as-params", test_without_params);
  ADD ("errors-have-code-and-message", test_errors);
  ADD ("a-request-with-raw-control-characters-is-answered", test_control_characters);
  ADD ("a-hundred-calls-at-once-get-each-its-answer", test_at_once);
  ADD ("notifications-run", test_notifies);
  ADD ("signals-arrive-after-subscribing", test_signals);
  ADD ("the-server-calls-an-object-of-the-client", test_called_back);
  ADD ("a-client-that-leaves-cancels-what-it-asked-for", test_leaves);
  g_test_add_func ("/rmi/clients/jsonrpc-glib/its-server-is-called-with-a-generated-stub", test_as_server);

  return g_test_run ();
}
