/* tests/test-objects.c: stubs and skeletons, over a real socket
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "config.h"

#include <string.h>
#include <sys/socket.h>

#include "tests/objects-fixture.h"

static void
count_plain_cb (gpointer source,
                guint   *n)
{
  (*n)++;
}

/* A new object of the far side, by reference. */
static TestBell *
make (Fixture *fixture)
{
  g_autoptr(GError) error = NULL;
  TestBell *made = test_bell_make (fixture->stub, &error);

  g_assert_no_error (error);
  g_assert_true (RMI_IS_STUB (made));
  return made;
}

/* ---- references ---- */

static void
test_same_object (Fixture       *fixture,
                  gconstpointer  data)
{
  g_autoptr(TestBell) made = make (fixture);
  g_autoptr(TestBell) again = test_bell_last (fixture->stub, NULL);
  g_autoptr(TestBell) patient = rmi_stub_with_timeout (RMI_STUB (made), 60000);

  g_assert_true (made == again);
  g_assert_false (made == patient);
  g_assert_true (rmi_same_object (made, patient));
  g_assert_false (rmi_same_object (made, fixture->stub));
  g_assert_true (g_str_has_prefix (rmi_stub_get_path (RMI_STUB (made)), "/~/"));
  g_assert_cmpuint (strlen (rmi_stub_get_path (RMI_STUB (made))), ==, 3 + 22);
}

static void
test_comes_home (Fixture       *fixture,
                 gconstpointer  data)
{
  g_autoptr(RealBell) mine = g_object_new (REAL_TYPE_BELL, NULL);
  g_autoptr(TestBell) made = make (fixture);
  g_autoptr(TestBell) back = NULL;
  g_autoptr(TestBell) sent = NULL;
  GError *error = NULL;

  back = test_bell_same (fixture->stub, TEST_BELL (mine), &error);
  g_assert_no_error (error);
  g_assert_true (back == TEST_BELL (mine));

  sent = test_bell_same (fixture->stub, made, &error);
  g_assert_no_error (error);
  g_assert_true (sent == made);
  g_assert_true (fixture->bell->last_given == fixture->bell->last);
}

static void
test_release (Fixture       *fixture,
              gconstpointer  data)
{
  TestBell *made = make (fixture);
  TestBell *again = test_bell_last (fixture->stub, NULL);

  g_assert_cmpuint (G_OBJECT (fixture->bell->last)->ref_count, >, 1);
  g_object_unref (again);
  settle (fixture);
  g_assert_cmpuint (fixture->n_unreferenced, ==, 0);
  g_object_unref (made);
  settle (fixture);
  g_assert_cmpuint (fixture->n_unreferenced, ==, 1);
  g_assert_cmpuint (G_OBJECT (fixture->bell->last)->ref_count, ==, 1);

  made = test_bell_last (fixture->stub, NULL);
  g_object_unref (made);
  settle (fixture);
  g_assert_cmpuint (fixture->n_unreferenced, ==, 2);
}

/* More at once than the peer takes in a message. */
static void
test_release_many (Fixture       *fixture,
                   gconstpointer  data)
{
  g_autoptr(GPtrArray) made = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < 100; i++)
    g_ptr_array_add (made, make (fixture));
  fixture->near->peer_frame_bytes = RMI_LEAST_FRAME_BYTES;
  g_ptr_array_set_size (made, 0);
  settle (fixture);
  g_assert_cmpuint (fixture->n_unreferenced, ==, 100);
}

/* The last stub goes while the same reference is on its way. */
static void
test_release_race (Fixture       *fixture,
                   gconstpointer  data)
{
  TestBell *made = make (fixture);
  g_autoptr(TestBell) again = NULL;
  GError *error = NULL;

  test_bell_start_last (fixture->stub);
  g_object_unref (made);
  settle (fixture);
  again = test_bell_last (fixture->stub, NULL);
  g_assert_true (test_bell_echo (again, "still there", &error));
  g_assert_no_error (error);
  g_clear_object (&again);
  settle (fixture);
  g_assert_cmpuint (G_OBJECT (fixture->bell->last)->ref_count, ==, 1);
}

static void
test_release_refused (Fixture       *fixture,
                      gconstpointer  data)
{
  g_autoptr(RealBell) mine = g_object_new (REAL_TYPE_BELL, NULL);
  GError *error = NULL;

  /* Echo takes text. */
  test_bell_call_wrongly (fixture->stub, TEST_BELL (mine), &error);
  g_assert_error (error, RMI_ERROR, RMI_ERROR_INVALID_ARGUMENTS);
  g_clear_error (&error);
  settle (fixture);
  g_assert_cmpuint (G_OBJECT (mine)->ref_count, ==, 1);
  g_assert_cmpuint (fixture->n_unreferenced, ==, 1);
}

static void
test_disconnect (Fixture       *fixture,
                 gconstpointer  data)
{
  g_autoptr(TestBell) made = make (fixture);
  g_autoptr(GError) error = NULL;
  guint n_broken = 0;

  g_signal_connect (made, "rmi-broken", G_CALLBACK (count_plain_cb), &n_broken);
  rmi_connection_shut_down (fixture->far);
  TURN_UNTIL (fixture, n_broken == 1);
  g_assert_cmpuint (fixture->n_unreferenced, ==, 1);
  g_assert_true (rmi_stub_is_broken (RMI_STUB (made)));
  g_assert_false (rmi_stub_is_broken (RMI_STUB (fixture->stub)));
  g_assert_false (test_bell_echo (made, "?", &error));
  g_assert_error (error, RMI_ERROR, RMI_ERROR_NO_SUCH_OBJECT);
}

static void
test_foreign_id (Fixture       *fixture,
                 gconstpointer  data)
{
  g_autoptr(TestBell) made = make (fixture);
  const char *path = rmi_stub_get_path (RMI_STUB (made));
  g_autoptr(TestBell) foreign =
      rmi_stub_importer_get_stub (fixture->importer, fixture->far, path, TEST_TYPE_BELL, NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) unknown_error = NULL;
  g_autoptr(TestBell) unknown = rmi_stub_importer_get_stub (
      fixture->importer, fixture->far, "/~/AAAAAAAAAAAAAAAAAAAAAA", TEST_TYPE_BELL, NULL);

  g_assert_false (test_bell_echo (foreign, "?", &error));
  g_assert_error (error, RMI_ERROR, RMI_ERROR_NO_SUCH_OBJECT);
  g_assert_false (test_bell_echo (unknown, "?", &unknown_error));
  g_assert_cmpstr (error->message, ==, unknown_error->message);
  g_assert_null (strstr (error->message, path));
}

static gpointer
unref_in_thread (gpointer object)
{
  g_object_unref (object);
  return NULL;
}

static void
test_finalize_elsewhere (Fixture       *fixture,
                         gconstpointer  data)
{
  TestBell *made = make (fixture);

  g_assert_true (rmi_poller_acquire (fixture->poller));
  g_thread_join (g_thread_new ("unref", unref_in_thread, made));
  rmi_poller_release (fixture->poller);
  settle (fixture);
  g_assert_cmpuint (fixture->n_unreferenced, ==, 1);
}

/* ---- calls ---- */

static void
test_deferred (Fixture       *fixture,
               gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  g_assert_true (test_bell_call (fixture->stub, "Later", &error));
  g_assert_no_error (error);
  g_thread_join (fixture->bell->answering);
  settle (fixture);
}

static void
test_dropped (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  g_test_expect_message ("Rmi", G_LOG_LEVEL_WARNING, "*Bell.Drop dropped its invocation*");
  g_assert_false (test_bell_call (fixture->stub, "Drop", &error));
  g_test_assert_expected_messages ();
  g_assert_error (error, RMI_ERROR, RMI_ERROR_INTERNAL);
}

static void
test_twice (Fixture       *fixture,
            gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  g_test_expect_message ("Rmi", G_LOG_LEVEL_CRITICAL, "*Bell.Twice answered its invocation twice*");
  g_assert_true (test_bell_call (fixture->stub, "Twice", &error));
  g_test_assert_expected_messages ();
  g_assert_no_error (error);
}

static void
test_unknown (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr(TestBell) nowhere = rmi_stub_importer_get_stub (fixture->importer, fixture->near,
                                                             "/nowhere", TEST_TYPE_BELL, NULL);
  GError *error = NULL;

  g_assert_false (test_bell_call (fixture->stub, "Nothing", &error));
  g_assert_error (error, RMI_ERROR, RMI_ERROR_NO_SUCH_METHOD);
  g_clear_error (&error);
  g_assert_false (test_bell_call (nowhere, "Later", &error));
  g_assert_error (error, RMI_ERROR, RMI_ERROR_NO_SUCH_OBJECT);
  g_clear_error (&error);
  g_assert_false (rmi_stub_fill (RMI_STUB (nowhere), NULL, &error));
  g_assert_error (error, RMI_ERROR, RMI_ERROR_NO_SUCH_OBJECT);
  g_clear_error (&error);
}

/* ---- signals and properties ---- */

static void
rung_cb (TestBell *bell,
         guint     times,
         GString  *log)
{
  guint loudness;

  g_object_get (bell, "loudness", &loudness, NULL);
  g_string_append_printf (log, "%u@%u ", times, loudness);
}

static void
test_signals (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr(GString) log = g_string_new (NULL);
  GError *error = NULL;

  g_assert_true (rmi_stub_fill (RMI_STUB (fixture->stub), NULL, &error));
  g_assert_no_error (error);
  g_signal_connect (fixture->stub, "rung", G_CALLBACK (rung_cb), log);
  g_signal_emit_by_name (fixture->bell, "rung", 1u);
  g_object_set (fixture->bell, "loudness", 11u, NULL);
  g_signal_emit_by_name (fixture->bell, "rung", 2u);
  g_object_set (fixture->bell, "loudness", 12u, NULL);
  settle (fixture);
  g_assert_cmpstr (log->str, ==, "1@3 2@11 ");

  g_assert_true (rmi_object_exporter_unexport (fixture->exporter, "/bell"));
  g_signal_emit_by_name (fixture->bell, "rung", 3u);
  settle (fixture);
  g_assert_cmpstr (log->str, ==, "1@3 2@11 ");
}

#define MANY_RINGS RMI_LIMITS_HANDED_OVER     /* as many as may wait */
static gpointer
ring_in_thread (gpointer bell)
{
  for (guint i = 0; i < MANY_RINGS; i++)
    g_signal_emit_by_name (bell, "rung", i);
  return NULL;
}

static void
test_signals_elsewhere (Fixture       *fixture,
                        gconstpointer  data)
{
  g_autoptr(GString) log = g_string_new (NULL);
  g_autoptr(GString) wanted = g_string_new (NULL);

  g_assert_true (rmi_stub_fill (RMI_STUB (fixture->stub), NULL, NULL));
  g_signal_connect (fixture->stub, "rung", G_CALLBACK (rung_cb), log);
  g_assert_true (rmi_poller_acquire (fixture->poller));
  g_thread_join (g_thread_new ("ring", ring_in_thread, fixture->bell));
  rmi_poller_release (fixture->poller);
  for (guint i = 0; i < MANY_RINGS; i++)
    g_string_append_printf (wanted, "%u@3 ", i);
  TURN_UNTIL (fixture, log->len >= wanted->len);
  g_assert_cmpstr (log->str, ==, wanted->str);
}

/* A stub that came in a message announces itself, and learns the values. */
static void
test_announces (Fixture       *fixture,
                gconstpointer  data)
{
  g_autoptr(TestBell) made = make (fixture);
  guint loudness = 0, n_notified = 0;

  g_signal_connect (made, "notify::loudness", G_CALLBACK (count_cb), &n_notified);
  settle (fixture);
  g_object_get (made, "loudness", &loudness, NULL);
  g_assert_cmpuint (loudness, ==, 3);
  g_assert_cmpuint (n_notified, ==, 1);
}

static void
test_properties (Fixture       *fixture,
                 gconstpointer  data)
{
  g_auto(GValue) value = G_VALUE_INIT;
  guint loudness = 0, n_notified = 0;
  GError *error = NULL;

  g_assert_true (rmi_stub_fill (RMI_STUB (fixture->stub), NULL, NULL));
  g_signal_connect (fixture->stub, "notify::loudness", G_CALLBACK (count_cb), &n_notified);
  g_object_set (fixture->stub, "loudness", 7u, NULL);
  g_assert_cmpuint (n_notified, ==, 0);
  settle (fixture);
  g_assert_cmpuint (n_notified, ==, 1);
  g_object_get (fixture->bell, "loudness", &loudness, NULL);
  g_assert_cmpuint (loudness, ==, 7);
  g_object_get (fixture->stub, "loudness", &loudness, NULL);
  g_assert_cmpuint (loudness, ==, 7);

  g_assert_true (rmi_object_get_property (fixture->stub, "loudness", &value, NULL, &error));
  g_assert_cmpuint (g_value_get_uint (&value), ==, 7);
  g_value_set_uint (&value, 101);
  g_assert_false (rmi_object_set_property (fixture->stub, "loudness", &value, NULL, &error));
  g_assert_error (error, RMI_ERROR, RMI_ERROR_INVALID_ARGUMENTS);
  g_clear_error (&error);
  g_assert_false (rmi_object_set_property (fixture->stub, "weight", &value, NULL, &error));
  g_assert_error (error, RMI_ERROR, RMI_ERROR_ACCESS_DENIED);
  g_clear_error (&error);
  g_assert_false (rmi_object_get_property (fixture->stub, "colour", &value, NULL, &error));
  g_assert_error (error, RMI_ERROR, RMI_ERROR_NO_SUCH_METHOD);
  g_clear_error (&error);
}

/* ---- without generated code ---- */

static char *
call_json (RmiStub    *stub,
           const char *method,
           const char *arguments)
{
  g_autoptr(JsonNode) node = arguments != NULL ? json_from_string (arguments, NULL) : NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) result = rmi_stub_call_json (stub, method, node, NULL, &error);

  if (result == NULL)
    return g_strdup_printf ("%s %d", g_quark_to_string (error->domain), error->code);
  return json_to_string (result, FALSE);
}

static void
assert_json (RmiStub    *stub,
             const char *method,
             const char *arguments,
             const char *expected)
{
  g_autofree char *result = call_json (stub, method, arguments);

  g_assert_cmpstr (result, ==, expected);
}

static void
test_json (Fixture       *fixture,
           gconstpointer  data)
{
  g_autoptr(RmiStub) stub = rmi_stub_as (RMI_STUB (fixture->stub), RMI_TYPE_STUB);

  assert_json (stub, "Echo", "[\"a\"]", "\"a\"");
  assert_json (stub, "org.example.Bell.Echo", "[\"a\"]", "\"a\"");
  assert_json (stub, "Echo", "{\"text\":\"b\"}", "\"b\"");
  assert_json (stub, "rpc.get", "[\"Loudness\"]", "3");
  assert_json (stub, "rpc.get", "[\"org.example.Bell.Loudness\"]", "3");
  assert_json (stub, "rpc.get_all", NULL, "{\"Loudness\":3,\"Weight\":40}");
  assert_json (stub, "rpc.set", "[\"Loudness\",5]", "null");
  assert_json (stub, "rpc.subscribe", "[\"org.example.Bell\"]", "{\"Loudness\":5,\"Weight\":40}");
  assert_json (stub, "rpc.unsubscribe", NULL, "null");
  assert_json (stub, "rpc.get", "[\"Colour\"]", "RmiError 2");
  assert_json (stub, "rpc.set", "[\"Weight\",5]", "RmiError 7");
  assert_json (stub, "rpc.set", "[\"Loudness\",-5]", "RmiError 3");
  assert_json (stub, "rpc.get_all", "[\"org.example.Horn\"]", "RmiError 6");
  assert_json (stub, "rpc.nothing", NULL, "RmiError 2");
  assert_json (stub, "Echo#", NULL, "RmiError 3");
}

static void
event_cb (RmiStub    *stub,
          const char *member,
          JsonNode   *arguments,
          GString    *log)
{
  g_autofree char *text = json_to_string (arguments, FALSE);

  g_string_append_printf (log, "%s%s ", member, text);
}

static void
changed_cb (RmiStub  *stub,
            JsonNode *properties,
            GString  *log)
{
  g_autofree char *text = json_to_string (properties, FALSE);

  g_string_append_printf (log, "%s ", text);
}

static void
test_plain_events (Fixture       *fixture,
                   gconstpointer  data)
{
  g_autoptr(RmiStub) stub = rmi_stub_as (RMI_STUB (fixture->stub), RMI_TYPE_STUB);
  g_autoptr(GString) log = g_string_new (NULL);
  g_autofree char *values = call_json (stub, "rpc.subscribe", NULL);

  settle (fixture);
  g_signal_connect (stub, "rmi-event", G_CALLBACK (event_cb), log);
  g_signal_connect (stub, "rmi-changed", G_CALLBACK (changed_cb), log);
  g_signal_emit_by_name (fixture->bell, "rung", 1u);
  g_object_set (fixture->bell, "loudness", 9u, NULL);
  settle (fixture);
  g_assert_cmpstr (log->str, ==, "Rung[1] {\"Loudness\":9} ");
}

/* ---- several listeners, and others ---- */

static void
moved_cb (TestBell  *bell,
          TestBell  *to,
          GPtrArray *seen)
{
  g_ptr_array_add (seen, g_object_ref (to));
}

/* Two views decode one event, and count its reference once. */
static void
test_references_in_events (Fixture       *fixture,
                           gconstpointer  data)
{
  g_autoptr(RealBell) tower = g_object_new (REAL_TYPE_BELL, NULL);
  g_autoptr(GPtrArray) seen = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(TestBell) view = rmi_stub_with_timeout (RMI_STUB (fixture->stub), 1000);

  g_assert_true (rmi_stub_fill (RMI_STUB (fixture->stub), NULL, NULL));
  g_signal_connect (fixture->stub, "moved", G_CALLBACK (moved_cb), seen);
  g_signal_connect (view, "moved", G_CALLBACK (moved_cb), seen);
  g_signal_emit_by_name (fixture->bell, "moved", tower);
  settle (fixture);
  g_assert_cmpuint (seen->len, ==, 2);
  g_assert_true (seen->pdata[0] == seen->pdata[1]);
  g_ptr_array_set_size (seen, 0);
  settle (fixture);
  g_assert_cmpuint (fixture->n_unreferenced, ==, 1);
  g_assert_cmpuint (G_OBJECT (tower)->ref_count, ==, 1);
}

/* The first view decodes it, and keeps nothing; the second keeps it. */
static void
test_kept_by_another (Fixture       *fixture,
                      gconstpointer  data)
{
  g_autoptr(RealBell) tower = g_object_new (REAL_TYPE_BELL, NULL);
  g_autoptr(GPtrArray) seen = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(TestBell) view = rmi_stub_with_timeout (RMI_STUB (fixture->stub), 1000);

  g_assert_true (rmi_stub_fill (RMI_STUB (fixture->stub), NULL, NULL));
  g_signal_connect (view, "moved", G_CALLBACK (moved_cb), seen);
  g_signal_emit_by_name (fixture->bell, "moved", tower);
  settle (fixture);
  g_assert_cmpuint (fixture->n_unreferenced, ==, 0);
  g_assert_true (test_bell_echo (seen->pdata[0], "still there", NULL));
  g_ptr_array_set_size (seen, 0);
  settle (fixture);
  g_assert_cmpuint (fixture->n_unreferenced, ==, 1);
}

static void
heard_cb (TestBell *bell,
          guint     times,
          guint    *sum)
{
  *sum += times;
}

/* Both ends subscribe: one encoding, two peers. */
static void
test_two_subscribers (Fixture       *fixture,
                      gconstpointer  data)
{
  g_autoptr(TestBell) other =
      rmi_stub_importer_get_stub (fixture->importer, fixture->far, "/bell", TEST_TYPE_BELL, NULL);
  guint sum = 0;

  g_assert_true (rmi_stub_fill (RMI_STUB (fixture->stub), NULL, NULL));
  g_assert_true (rmi_stub_fill (RMI_STUB (other), NULL, NULL));
  g_signal_connect (fixture->stub, "rung", G_CALLBACK (heard_cb), &sum);
  g_signal_connect (other, "rung", G_CALLBACK (heard_cb), &sum);
  g_signal_emit_by_name (fixture->bell, "rung", 21u);
  settle (fixture);
  g_assert_cmpuint (sum, ==, 42);

  g_clear_object (&other);
  settle (fixture);
  g_signal_emit_by_name (fixture->bell, "rung", 1u);
  settle (fixture);
  g_assert_cmpuint (sum, ==, 43);
}

static void
plain_says (Fixture    *fixture,
            GSocket    *plain,
            const char *message,
            const char *expected)
{
  char answer[512];
  gssize length = 0;

  g_assert_cmpint (g_socket_send (plain, message, strlen (message), NULL, NULL), ==,
                   strlen (message));
  while (length == 0 || answer[length - 1] != '\n')
    {
      gssize n = g_socket_receive (plain, answer + length, sizeof answer - 1 - length, NULL, NULL);

      length += MAX (n, 0);
      turn (fixture);
    }
  answer[length] = '\0';
  g_assert_cmpstr (answer, ==, expected);
}

/* A plain client chooses the paths of its objects; it hears no `rpc.`, except for what it
 * subscribed to. */
static void
test_plain_peer (Fixture       *fixture,
                 gconstpointer  data)
{
  g_autoptr(GSocket) socket = NULL;
  g_autoptr(GSocket) plain = NULL;
  g_autoptr(RmiConnection) connection = NULL;
  int fds[2];

  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), ==, 0);
  socket = g_socket_new_from_fd (fds[0], NULL);
  plain = g_socket_new_from_fd (fds[1], NULL);
  g_socket_set_blocking (plain, FALSE);
  connection = rmi_connection_new_accepted (fixture->runtime, socket);

  plain_says (fixture, plain,
              "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"/bell#Same\",\"params\":[{\"$ref\":\"/cb/"
              "1\"}]}\n",
              "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"$home\":\"/cb/1\"}}\n");
  plain_says (
      fixture, plain,
      "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"bell.Echo\",\"params\":{\"text\":\"x\"}}\n",
      "{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":\"x\"}\n");
  plain_says (fixture, plain, "{\"jsonrpc\":\"2.0\",\"id\":3,\"method\":\"/bell#rpc.subscribe\"}\n",
              "{\"jsonrpc\":\"2.0\",\"id\":3,\"result\":{\"Loudness\":3,\"Weight\":40}}\n");
  g_object_set (fixture->bell, "loudness", 4u, NULL);
  plain_says (
      fixture, plain, "",
      "{\"jsonrpc\":\"2.0\",\"method\":\"/bell!rpc.changed\",\"params\":[{\"Loudness\":4}]}\n");
  rmi_connection_shut_down (connection);
  turn (fixture);
  g_signal_emit_by_name (fixture->bell, "rung", 1u);
}

/* Who subscribes under one path hears nothing of the other, and each ends for itself. */
static void
test_two_paths (Fixture       *fixture,
                gconstpointer  data)
{
  g_autoptr(GSocket) socket = NULL;
  g_autoptr(GSocket) plain = NULL;
  g_autoptr(RmiConnection) connection = NULL;
  int fds[2];

  g_assert_true (rmi_object_exporter_export (fixture->exporter, "/again", G_OBJECT (fixture->bell), NULL));
  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), ==, 0);
  socket = g_socket_new_from_fd (fds[0], NULL);
  plain = g_socket_new_from_fd (fds[1], NULL);
  g_socket_set_blocking (plain, FALSE);
  connection = rmi_connection_new_accepted (fixture->runtime, socket);

  plain_says (fixture, plain, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"/bell#rpc.subscribe\"}\n",
              "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"Loudness\":3,\"Weight\":40}}\n");
  plain_says (fixture, plain, "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"/again#rpc.subscribe\"}\n",
              "{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":{\"Loudness\":3,\"Weight\":40}}\n");
  g_object_set (fixture->bell, "loudness", 4u, NULL);
  plain_says (fixture, plain, "",
              "{\"jsonrpc\":\"2.0\",\"method\":\"/again!rpc.changed\",\"params\":[{\"Loudness\":4}]}\n"
              "{\"jsonrpc\":\"2.0\",\"method\":\"/bell!rpc.changed\",\"params\":[{\"Loudness\":4}]}\n");

  plain_says (fixture, plain, "{\"jsonrpc\":\"2.0\",\"id\":3,\"method\":\"/bell#rpc.unsubscribe\"}\n",
              "{\"jsonrpc\":\"2.0\",\"id\":3,\"result\":null}\n");
  g_object_set (fixture->bell, "loudness", 5u, NULL);
  plain_says (fixture, plain, "",
              "{\"jsonrpc\":\"2.0\",\"method\":\"/again!rpc.changed\",\"params\":[{\"Loudness\":5}]}\n");
  g_assert_true (rmi_object_exporter_unexport (fixture->exporter, "/again"));
  g_object_set (fixture->bell, "loudness", 6u, NULL);
  plain_says (fixture, plain, "{\"jsonrpc\":\"2.0\",\"id\":4,\"method\":\"rpc.ping\"}\n",
              "{\"jsonrpc\":\"2.0\",\"id\":4,\"result\":null}\n");
  rmi_connection_shut_down (connection);
  turn (fixture);
}

static void
test_export_refused (Fixture       *fixture,
                     gconstpointer  data)
{
  g_autoptr(GObject) plain = g_object_new (G_TYPE_OBJECT, NULL);
  const char *paths[] = { "/~/x", "/rpc", "/rpc/x", "x", "/a/../b", "/bell", "/a b" };
  g_autoptr(GError) no_interface = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_false (rmi_object_exporter_export (fixture->exporter, paths[i],
                                                  G_OBJECT (fixture->bell), &error));
      g_assert_error (error, RMI_ERROR, RMI_ERROR_INVALID_ARGUMENTS);
    }
  g_assert_false (rmi_object_exporter_export (fixture->exporter, "/plain", plain, &no_interface));
  g_assert_error (no_interface, RMI_ERROR, RMI_ERROR_INVALID_ARGUMENTS);
  g_assert_false (rmi_object_exporter_unexport (fixture->exporter, "/plain"));
}

#define ADD(path, test)                                                                            \
  g_test_add ("/rmi/objects/" path, Fixture, NULL, fixture_set_up, test, fixture_tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("same-object-same-stub", test_same_object);
  ADD ("reference-home-is-the-original", test_comes_home);
  ADD ("released-when-no-stub-is-left", test_release);
  ADD ("released-in-messages-that-the-peer-takes", test_release_many);
  ADD ("reference-under-way-outlives-release", test_release_race);
  ADD ("refused-references-are-released", test_release_refused);
  ADD ("disconnect-releases-and-breaks", test_disconnect);
  ADD ("foreign-id-is-like-an-unknown-one", test_foreign_id);
  ADD ("stub-finalized-in-another-thread", test_finalize_elsewhere);
  ADD ("deferred-call-is-answered", test_deferred);
  ADD ("dropped-invocation-is-internal", test_dropped);
  ADD ("second-answer-is-ignored", test_twice);
  ADD ("unknown-object-and-method", test_unknown);
  ADD ("signals-and-properties-in-order", test_signals);
  ADD ("signals-of-another-thread-in-order", test_signals_elsewhere);
  ADD ("received-stub-announces-itself", test_announces);
  ADD ("properties-round-trip", test_properties);
  ADD ("json-calls-and-system-methods", test_json);
  ADD ("plain-stub-hears-events", test_plain_events);
  ADD ("references-in-events-count-once", test_references_in_events);
  ADD ("what-one-view-keeps-of-an-event-is-held", test_kept_by_another);
  ADD ("two-subscribers", test_two_subscribers);
  ADD ("plain-peer-is-called-back", test_plain_peer);
  ADD ("each-path-has-its-own-subscription", test_two_paths);
  ADD ("bad-exports-are-refused", test_export_refused);

  return g_test_run ();
}
