/* tests/test-connection.c: a connection, seen from the wire
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The peer is this file, speaking bytes through a socketpair; objects are faked.
 */
#include "config.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "rmi/rmi-call-internal.h"
#include "rmi/rmi-error.h"
#include "rmi/rmi-runtime-internal.h"
#include "rmi/rmi-writer-internal.h"
#include "tests/fake-doors.h"
#include "tests/wire.h"

typedef struct
{
  RmiPoller     *poller;
  RmiRuntime    *runtime;
  FakeExporter  *exporter;
  FakeImporter  *importer;
  RmiConnection *connection;
  int            fd;             /* the peer's end */
  GString       *received;       /* by the peer, not yet taken */
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  g_autoptr(GSocket) socket = NULL;
  int fds[2];

  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), ==, 0);
  fixture->fd = fds[1];
  fixture->received = g_string_new (NULL);
  fixture->poller = rmi_poller_new (NULL, NULL);
  fixture->exporter = fake_exporter_new ();
  fixture->importer = fake_importer_new ();
  fixture->runtime = rmi_runtime_new (fixture->poller, RMI_EXPORTER (fixture->exporter), RMI_IMPORTER (fixture->importer));
  socket = g_socket_new_from_fd (fds[0], NULL);
  fixture->connection = rmi_connection_new_accepted (fixture->runtime, socket);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  g_clear_pointer (&fixture->exporter->later, rmi_incoming_unref);
  rmi_connection_shut_down (fixture->connection);
  rmi_poller_flush (fixture->poller);
  rmi_poller_close (fixture->poller);
  g_assert_finalize_object (fixture->connection);
  rmi_runtime_unref (fixture->runtime);
  rmi_poller_unref (fixture->poller);
  g_assert_finalize_object (fixture->exporter);
  g_assert_finalize_object (fixture->importer);
  g_string_free (fixture->received, TRUE);
  if (fixture->fd >= 0)
    close (fixture->fd);
}

/* ---- the peer ---- */

static void
say_bytes (Fixture    *fixture,
           const char *bytes,
           gsize       length)
{
  while (length > 0)
    {
      gssize written = send (fixture->fd, bytes, length, MSG_NOSIGNAL | MSG_DONTWAIT);

      if (written < 0)
        {
          g_assert_cmpint (errno, ==, EAGAIN);
          g_main_context_iteration (NULL, FALSE);
          continue;
        }
      bytes += written;
      length -= (gsize) written;
    }
}

static void
say (Fixture    *fixture,
     const char *json)
{
  g_autofree char *message = wire_frame (json);

  say_bytes (fixture, message, strlen (message));
}

/* The next message, or NULL at the end of the stream. Runs the main loop meanwhile. */
static char *
hear (Fixture *fixture)
{
  for (;;)
    {
      char *message = wire_take_message (fixture->received);
      char bytes[65536];
      gssize got;

      if (message != NULL)
        return message;
      while (g_main_context_iteration (NULL, FALSE))
        ;
      got = recv (fixture->fd, bytes, sizeof bytes, MSG_DONTWAIT);
      if (got == 0)
        return NULL;
      if (got < 0 && errno == ECONNRESET)
        return NULL;
      if (got > 0)
        g_string_append_len (fixture->received, bytes, got);
      else
        g_main_context_iteration (NULL, TRUE);
    }
}

/* hear() waits for the loop's sources: this ends the wait when the peer's end has something. */
static gboolean
nothing_cb (gpointer data)
{
  return G_SOURCE_CONTINUE;
}

/* A call that took milliseconds to leave says what is left of the default deadline. */
static void
expect (Fixture    *fixture,
        const char *json)
{
  g_autoptr(GRegex) left = g_regex_new (",\"meta\":\\{\"timeout\":2[0-4][0-9]{3}\\}", 0, 0, NULL);
  guint tick = g_timeout_add (5, nothing_cb, NULL);
  g_autofree char *said = hear (fixture);
  g_autofree char *heard = g_regex_replace_literal (left, said, -1, 0, "", 0, NULL);

  g_source_remove (tick);
  g_assert_cmpstr (heard, ==, json);
}

static void
expect_like (Fixture    *fixture,
             const char *pattern)
{
  guint tick = g_timeout_add (5, nothing_cb, NULL);
  g_autofree char *heard = hear (fixture);

  g_source_remove (tick);
  g_assert_nonnull (heard);
  if (!g_pattern_match_simple (pattern, heard))
    g_error ("%s is not like %s", heard, pattern);
}

static void
expect_end (Fixture *fixture)
{
  guint tick = g_timeout_add (5, nothing_cb, NULL);
  g_autofree char *heard = hear (fixture);

  g_source_remove (tick);
  g_assert_null (heard);
}

/* ---- requests ---- */

static void
test_call (Fixture       *fixture,
           gconstpointer  data)
{
  say (fixture, "{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"/a#Echo\",\"params\":[\"héllo\"]}");
  expect (fixture, "{\"jsonrpc\":\"2.0\",\"id\":0,\"result\":\"héllo\"}");
  say (fixture, "{\"id\":\"a\\u0062\",\"params\":{\"text\":\"x\"},\"method\":\"a.Echo\",\"jsonrpc\":\"2.0\"}");
  expect (fixture, "{\"jsonrpc\":\"2.0\",\"id\":\"a\\u0062\",\"result\":\"x\"}");
  say (fixture, "{\"jsonrpc\":\"2.0\",\"id\":-7,\"method\":\"Fail\"}");
  expect (fixture, "{\"jsonrpc\":\"2.0\",\"id\":-7,\"error\":{\"code\":-32002,\"message\":\"not for you\"}}");
  say (fixture, "{\"jsonrpc\":\"2.0\",\"id\":8,\"method\":\"/a#Echo\",\"params\":[5]}");
  expect_like (fixture, "{\"jsonrpc\":\"2.0\",\"id\":8,\"error\":{\"code\":-32602,\"message\":\"*params[0]*\"}}");
}

static void
test_lines (Fixture       *fixture,
            gconstpointer  data)
{
  static const char lines[] = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"/a#Echo\",\"params\":[\"x\"]}\n\n"
                              "[{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"/a#Echo\",\"params\":[\"y\"]},"
                              "{\"jsonrpc\":\"2.0\",\"method\":\"/a#Echo\",\"params\":[\"n\"]},"
                              "{\"jsonrpc\":\"2.0\",\"id\":3,\"method\":\"/a#Fail\"},1]\r\n";

  say_bytes (fixture, lines, strlen (lines));
  expect (fixture, "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":\"x\"}");
  expect_like (fixture, "[{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":\"y\"},"
                        "{\"jsonrpc\":\"2.0\",\"id\":3,\"error\":{\"code\":-32002,*}},"
                        "{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32600,*}}]");
}

/* Section 7 of the specification, as far as no method of theirs is needed. */
static void
test_specification (Fixture       *fixture,
                    gconstpointer  data)
{
  say (fixture, "{\"jsonrpc\": \"2.0\", \"method\": \"foobar\", \"id\": \"1\"}");
  expect (fixture, "{\"jsonrpc\":\"2.0\",\"id\":\"1\",\"error\":{\"code\":-32601,\"message\":\"No such method\"}}");
  say (fixture, "{\"jsonrpc\": \"2.0\", \"method\": \"foobar, \"params\": \"bar\", \"baz]");
  expect_like (fixture, "{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32700,*}}");
  say (fixture, "{\"jsonrpc\": \"2.0\", \"method\": 1, \"params\": \"bar\"}");
  expect_like (fixture, "{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32600,*}}");
  say (fixture, "[{\"jsonrpc\": \"2.0\", \"method\": \"sum\", \"params\": [1,2,4], \"id\": \"1\"},{\"jsonrpc\": \"2.0\", \"method\"]");
  expect_like (fixture, "{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32700,*}}");
  say (fixture, "[]");
  expect_like (fixture, "{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32600,*}}");
  say (fixture, "[1,2,3]");
  expect_like (fixture, "[{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32600,*}},"
                        "{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32600,*}},"
                        "{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32600,*}}]");
  /* All notifications: no answer at all, so the next answer is the ping's. */
  say (fixture, "[{\"jsonrpc\": \"2.0\", \"method\": \"notify_sum\", \"params\": [1,2,4]},{\"jsonrpc\": \"2.0\", \"method\": \"notify_hello\"}]");
  say (fixture, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"rpc.ping\"}");
  expect (fixture, "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":null}");
}

static void
test_invalid_ids (Fixture       *fixture,
                  gconstpointer  data)
{
  static const char *const ids[] = { "1.5", "1e300", "null", "[]", "true", "9223372036854775808" };

  for (gsize i = 0; i < G_N_ELEMENTS (ids); i++)
    {
      g_autofree char *request = g_strdup_printf ("{\"jsonrpc\":\"2.0\",\"id\":%s,\"method\":\"/a#Echo\",\"params\":[\"x\"]}", ids[i]);

      say (fixture, request);
      expect_like (fixture, "{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32600,*}}");
    }
  g_assert_cmpuint (fixture->exporter->n_dispatched, ==, 0);
}

static void
test_hello (Fixture       *fixture,
            gconstpointer  data)
{
  g_autofree char *node = NULL;

  g_assert_true (rmi_connection_is_plain (fixture->connection));
  say (fixture, "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"rpc.hello\",\"params\":{\"version\":0}}");
  expect_like (fixture, "{\"jsonrpc\":\"2.0\",\"id\":2,\"error\":{\"code\":-32602,*}}");
  g_assert_true (rmi_connection_is_plain (fixture->connection));
  say (fixture, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"rpc.hello\",\"params\":{\"version\":1,\"node\":\"peer\",\"new\":{}}}");
  expect_like (fixture, "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"version\":1,\"node\":\"*\",\"resumed\":false,*}}");
  g_assert_false (rmi_connection_is_plain (fixture->connection));
  node = rmi_connection_dup_peer_node (fixture->connection);
  g_assert_cmpstr (node, ==, "peer");
  say (fixture, "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"rpc.hello\",\"params\":{\"version\":1,\"node\":\"other\"}}");
  expect_like (fixture, "{\"jsonrpc\":\"2.0\",\"id\":2,\"error\":{\"code\":-32600,*}}");
  say (fixture, "{\"jsonrpc\":\"2.0\",\"id\":3,\"method\":\"rpc.dance\"}");
  expect_like (fixture, "{\"jsonrpc\":\"2.0\",\"id\":3,\"error\":{\"code\":-32601,*}}");
}

static void
test_later_and_cancel (Fixture       *fixture,
                       gconstpointer  data)
{
  GCancellable *cancellable;

  say (fixture, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"/a#Later\",\"params\":[]}");
  say (fixture, "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"/a#Echo\",\"params\":[\"x\"]}");
  expect (fixture, "{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":\"x\"}");
  g_assert_nonnull (fixture->exporter->later);
  cancellable = rmi_incoming_get_cancellable (fixture->exporter->later);
  g_assert_false (g_cancellable_is_cancelled (cancellable));
  say (fixture, "{\"jsonrpc\":\"2.0\",\"method\":\"$/cancelRequest\",\"params\":{\"id\":1}}");
  say (fixture, "{\"jsonrpc\":\"2.0\",\"id\":3,\"method\":\"rpc.ping\",\"params\":null}");
  expect (fixture, "{\"jsonrpc\":\"2.0\",\"id\":3,\"result\":null}");
  g_assert_true (g_cancellable_is_cancelled (cancellable));
  fake_exporter_answer (fixture->exporter, "done all the same");
  expect (fixture, "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":\"done all the same\"}");
}

static void
test_dropped (Fixture       *fixture,
              gconstpointer  data)
{
  say (fixture, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"/a#Later\",\"params\":[]}");
  say (fixture, "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"rpc.ping\"}");
  expect (fixture, "{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":null}");
  g_clear_pointer (&fixture->exporter->later, rmi_incoming_unref);
  expect_like (fixture, "{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":-32603,*}}");
}

static void
test_in_flight_limit (Fixture       *fixture,
                      gconstpointer  data)
{
  fixture->runtime->local.calls_in_flight = 1;
  fixture->runtime->network.calls_in_flight = 1;
  say (fixture, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"/a#Later\",\"params\":[]}");
  say (fixture, "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"/a#Echo\",\"params\":[{\"$ref\":\"/~/x\"}]}");
  expect_like (fixture, "{\"jsonrpc\":\"2.0\",\"id\":2,\"error\":{\"code\":-32006,*\"retry_after\":*}}");
  g_assert_cmpstr (fixture->importer->discarded->str, ==, "/~/x ");
  fake_exporter_answer (fixture->exporter, "y");
  expect (fixture, "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":\"y\"}");
  say (fixture, "{\"jsonrpc\":\"2.0\",\"id\":3,\"method\":\"/a#Echo\",\"params\":[\"z\"]}");
  expect (fixture, "{\"jsonrpc\":\"2.0\",\"id\":3,\"result\":\"z\"}");
}

static void
test_expiry (Fixture       *fixture,
             gconstpointer  data)
{
  GCancellable *cancellable;

  say (fixture, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"/a#Later\",\"params\":[],\"meta\":{\"timeout\":20}}");
  while (fixture->exporter->later == NULL)
    g_main_context_iteration (NULL, TRUE);
  cancellable = rmi_incoming_get_cancellable (fixture->exporter->later);
  while (!g_cancellable_is_cancelled (cancellable))
    g_main_context_iteration (NULL, TRUE);
}

/* ---- calls of ours ---- */

static RmiCall *
make_call (Fixture *fixture,
           guint    timeout_ms)
{
  RmiCall *call = rmi_call_new (fixture->connection, "/peer", NULL, "Ask", timeout_ms);

  rmi_writer_add_int32 (rmi_call_get_writer (call), 42);
  return call;
}

/* The peer answers in a thread of its own while we block. */
typedef struct
{
  Fixture    *fixture;
  const char *expected;
  const char *answers;        /* separated by newlines */
  gboolean    hangs_up;
} Peer;

static gpointer
peer_thread (gpointer data)
{
  Peer *peer = data;
  g_autoptr(GString) received = g_string_new (NULL);
  g_auto(GStrv) answers = g_strsplit (peer->answers, "\n", 0);
  char *message;

  while ((message = wire_take_message (received)) == NULL)
    {
      char bytes[4096];
      gssize got = recv (peer->fixture->fd, bytes, sizeof bytes, 0);

      g_assert_cmpint (got, >, 0);
      g_string_append_len (received, bytes, got);
    }
  g_assert_cmpstr (message, ==, peer->expected);
  g_free (message);
  for (guint i = 0; answers[i] != NULL && *answers[i] != '\0'; i++)
    {
      g_autofree char *frame = wire_frame (answers[i]);

      g_assert_cmpint (send (peer->fixture->fd, frame, strlen (frame), MSG_NOSIGNAL), ==, (gssize) strlen (frame));
    }
  if (peer->hangs_up)
    shutdown (peer->fixture->fd, SHUT_RDWR);
  return NULL;
}

static void
test_blocking_call (Fixture       *fixture,
                    gconstpointer  data)
{
  Peer peer = { fixture, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"/peer#Ask\",\"params\":[42]}",
                "{\"jsonrpc\":\"2.0\",\"id\":99,\"result\":[{\"$ref\":\"/~/late\"}]}\n"
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":\"yes\"}", FALSE };
  g_autoptr(GThread) thread = g_thread_new ("peer", peer_thread, &peer);
  g_autoptr(RmiCall) call = make_call (fixture, 0);
  g_autoptr(GError) error = NULL;
  g_autofree char *text = NULL;
  RmiReader *reader = rmi_call_run (call, NULL, &error);

  g_assert_no_error (error);
  g_assert_nonnull (reader);
  text = rmi_reader_get_string (reader);
  g_assert_true (rmi_call_end (call, &error));
  g_assert_cmpstr (text, ==, "yes");
  g_assert_cmpstr (fixture->importer->discarded->str, ==, "/~/late ");
  g_thread_join (g_steal_pointer (&thread));
}

static void
test_error_answer (Fixture       *fixture,
                   gconstpointer  data)
{
  Peer peer = { fixture, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"/peer#Ask\",\"params\":[42]}",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":-32001,\"message\":\"gone\"}}", FALSE };
  g_autoptr(GThread) thread = g_thread_new ("peer", peer_thread, &peer);
  g_autoptr(RmiCall) call = make_call (fixture, 0);
  g_autoptr(GError) error = NULL;

  g_assert_null (rmi_call_run (call, NULL, &error));
  g_assert_error (error, RMI_ERROR, RMI_ERROR_NO_SUCH_OBJECT);
  g_assert_cmpint (rmi_error_get_ran (error), ==, RMI_RAN_NO);
  g_thread_join (g_steal_pointer (&thread));
}

static void
test_hang_up (Fixture       *fixture,
              gconstpointer  data)
{
  Peer peer = { fixture, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"/peer#Ask\",\"params\":[42]}", "", TRUE };
  g_autoptr(GThread) thread = g_thread_new ("peer", peer_thread, &peer);
  g_autoptr(RmiCall) call = make_call (fixture, 0);
  g_autoptr(RmiCall) later = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_null (rmi_call_run (call, NULL, &error));
  g_assert_error (error, RMI_ERROR, RMI_ERROR_DISCONNECTED);
  g_assert_cmpint (rmi_error_get_ran (error), ==, RMI_RAN_MAYBE);
  g_thread_join (g_steal_pointer (&thread));
  g_assert_cmpuint (fixture->exporter->n_disconnected, ==, 1);

  g_clear_error (&error);
  later = make_call (fixture, 0);
  g_assert_null (rmi_call_run (later, NULL, &error));
  g_assert_error (error, RMI_ERROR, RMI_ERROR_UNREACHABLE);
}

static void
test_deadline (Fixture       *fixture,
               gconstpointer  data)
{
  g_autoptr(RmiCall) call = make_call (fixture, 20);
  g_autoptr(GError) error = NULL;

  g_assert_null (rmi_call_run (call, NULL, &error));
  g_assert_error (error, RMI_ERROR, RMI_ERROR_TIMED_OUT);
  expect (fixture, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"/peer#Ask\",\"params\":[42]}");
  /* The answer that comes too late is nobody's. */
  say (fixture, "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"$ref\":\"/~/late\"}}");
  say (fixture, "{\"jsonrpc\":\"2.0\",\"id\":5,\"method\":\"rpc.ping\"}");
  expect (fixture, "{\"jsonrpc\":\"2.0\",\"id\":5,\"result\":null}");
  g_assert_cmpstr (fixture->importer->discarded->str, ==, "/~/late ");
}

static void
called_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  GAsyncResult **out = user_data;

  g_assert_null (*out);
  *out = g_object_ref (result);
}

static void
test_async_cancel (Fixture       *fixture,
                   gconstpointer  data)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  say (fixture, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"rpc.hello\",\"params\":{\"version\":1,\"node\":\"peer\"}}");
  expect_like (fixture, "*");
  rmi_call_start (make_call (fixture, 0), NULL, cancellable, called_cb, &result);
  expect (fixture, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"/peer#Ask\",\"params\":[42]}");
  g_assert_null (result);
  g_cancellable_cancel (cancellable);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_null (rmi_call_finish (NULL, result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  expect (fixture, "{\"jsonrpc\":\"2.0\",\"method\":\"rpc.cancel\",\"params\":[1]}");
}

static void
test_async_many (Fixture       *fixture,
                 gconstpointer  data)
{
  GAsyncResult *results[50] = { NULL };

  for (guint i = 0; i < G_N_ELEMENTS (results); i++)
    rmi_call_start (make_call (fixture, 0), NULL, NULL, called_cb, &results[i]);
  for (guint i = 0; i < G_N_ELEMENTS (results); i++)
    expect_like (fixture, "{*\"method\":\"/peer#Ask\",\"params\":[42]}");
  for (guint i = G_N_ELEMENTS (results); i > 0; i--)
    {
      g_autofree char *answer = g_strdup_printf ("{\"jsonrpc\":\"2.0\",\"result\":%u,\"id\":%u}", i * 10, i);

      say (fixture, answer);
    }
  for (guint i = 0; i < G_N_ELEMENTS (results); i++)
    {
      g_autoptr(RmiCall) call = NULL;

      while (results[i] == NULL)
        g_main_context_iteration (NULL, TRUE);
      call = rmi_call_finish (NULL, results[i], NULL);
      g_assert_cmpuint (rmi_reader_get_uint32 (rmi_call_get_reader (call)), ==, (i + 1) * 10);
      g_assert_true (rmi_call_end (call, NULL));
      g_clear_object (&results[i]);
    }
}

/* ---- what a blocking call serves ---- */

static void
test_chain (Fixture       *fixture,
            gconstpointer  data)
{
  fixture->exporter->is_exporting = TRUE;
  say (fixture, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"rpc.hello\",\"params\":{\"version\":1,\"node\":\"peer\"}}");
  expect_like (fixture, "*");
  say (fixture, "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"/a#Callback\",\"meta\":{\"chain\":\"abcdefghijk/3\",\"timeout\":5000}}");
  /* It blocks in there: what is not of its chain waits, and its own is served. All is said before it starts. */
  say (fixture, "{\"jsonrpc\":\"2.0\",\"id\":3,\"method\":\"/a#Echo\",\"params\":[\"waits\"]}");
  say (fixture, "{\"jsonrpc\":\"2.0\",\"method\":\"/peer!Event\",\"params\":[]}");
  say (fixture, "{\"jsonrpc\":\"2.0\",\"id\":4,\"method\":\"/a#Echo\",\"params\":[\"overtakes\"],\"meta\":{\"chain\":\"abcdefghijk/5\"}}");
  say (fixture, "{\"jsonrpc\":\"2.0\",\"id\":5,\"method\":\"rpc.ping\"}");
  say (fixture, "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":\"from the peer\"}");
  expect_like (fixture, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"/caller#Echo\",\"params\":[\"back\"],"
                        "\"meta\":{\"timeout\":*,\"chain\":\"abcdefghijk/4\"}}");
  expect (fixture, "{\"jsonrpc\":\"2.0\",\"id\":4,\"result\":\"overtakes\"}");
  expect (fixture, "{\"jsonrpc\":\"2.0\",\"id\":5,\"result\":null}");
  expect (fixture, "{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":\"from the peer\"}");
  expect (fixture, "{\"jsonrpc\":\"2.0\",\"id\":3,\"result\":\"waits\"}");
  g_assert_cmpstr (fixture->exporter->log->str, ==, "Callback Echo Echo ");
  g_assert_cmpstr (fixture->importer->events->str, ==, "/peer!Event ");
}

static void
test_chain_too_deep (Fixture       *fixture,
                     gconstpointer  data)
{
  say (fixture, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"/a#Echo\",\"params\":[\"x\"],\"meta\":{\"chain\":\"abcdefghijk/65\"}}");
  expect_like (fixture, "{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":-32006,*}}");
}

static void
test_cancel_held (Fixture       *fixture,
                  gconstpointer  data)
{
  say (fixture, "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"/a#Callback\",\"params\":[],\"meta\":{\"chain\":\"abcdefghijk/3\"}}");
  say (fixture, "{\"jsonrpc\":\"2.0\",\"id\":3,\"method\":\"/a#Echo\",\"params\":[\"never runs\"]}");
  say (fixture, "{\"jsonrpc\":\"2.0\",\"method\":\"rpc.cancel\",\"params\":[3]}");
  say (fixture, "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":\"ok\"}");
  expect_like (fixture, "*caller#Echo*");
  expect_like (fixture, "{\"jsonrpc\":\"2.0\",\"id\":3,\"error\":{\"code\":-32004,*}}");
  expect (fixture, "{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":\"ok\"}");
  g_assert_cmpstr (fixture->exporter->log->str, ==, "Callback ");
}

/* ---- the end ---- */

static void
closed_cb (RmiConnection *connection,
           const GError  *error,
           gpointer       user_data)
{
  guint *n = user_data;

  (*n)++;
}

static void
test_last_words (Fixture       *fixture,
                 gconstpointer  data)
{
  static const char words[] = "{\"jsonrpc\":\"2.0\",\"method\":\"/a#Echo\",\"params\":[\"x\"]}";
  guint n_closed = 0;

  g_signal_connect (fixture->connection, "closed", G_CALLBACK (closed_cb), &n_closed);
  say_bytes (fixture, words, strlen (words));
  shutdown (fixture->fd, SHUT_WR);
  expect_end (fixture);
  g_assert_cmpuint (n_closed, ==, 1);
  g_assert_cmpuint (fixture->exporter->n_disconnected, ==, 1);
  g_assert_cmpuint (fixture->exporter->n_dispatched, ==, 1);
}

static void
test_close (Fixture       *fixture,
            gconstpointer  data)
{
  say (fixture, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"rpc.hello\",\"params\":{\"version\":1,\"node\":\"peer\"}}");
  expect_like (fixture, "*");
  say (fixture, "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"/a#Later\"}");
  say (fixture, "{\"jsonrpc\":\"2.0\",\"method\":\"rpc.close\",\"params\":{\"last_id\":0,\"reason\":\"bye\"}}");
  say (fixture, "{\"jsonrpc\":\"2.0\",\"id\":3,\"method\":\"/a#Echo\",\"params\":[\"x\"]}");
  expect (fixture, "{\"jsonrpc\":\"2.0\",\"method\":\"rpc.close\",\"params\":[2,\"going away\"]}");
  expect_like (fixture, "{\"jsonrpc\":\"2.0\",\"id\":3,\"error\":{\"code\":-32007,*}}");
  fake_exporter_answer (fixture->exporter, "finished");
  expect (fixture, "{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":\"finished\"}");
  expect_end (fixture);
}

static void
test_error_to_nobody (Fixture       *fixture,
                      gconstpointer  data)
{
  say (fixture, "{\"jsonrpc\":\"2.0\",\"id\":77,\"error\":{\"code\":1,\"message\":\"\",\"data\":[{\"$ref\":\"/~/b\"}]}}");
  say (fixture, "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"/a#Echo\",\"params\":[\"x\"]}");
  expect_like (fixture, "*");
  g_assert_cmpstr (fixture->importer->discarded->str, ==, "/~/b ");
}

static void
test_garbage (Fixture       *fixture,
              gconstpointer  data)
{
  say_bytes (fixture, "POST / HTTP/1.1\r\n", 17);
  expect_end (fixture);
}

/* Every prefix of a session ends in an orderly way, and the next connection is fine. */
static void
test_cut_anywhere (void)
{
  static const char *const session[] = {
    "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"rpc.hello\",\"params\":{\"version\":1,\"node\":\"peer\"}}",
    "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"/a#Echo\",\"params\":[\"x\"],\"meta\":{\"timeout\":100}}",
    "{\"jsonrpc\":\"2.0\",\"id\":3,\"method\":\"/a#Later\",\"params\":[{\"$ref\":\"/~/a\"}]}",
    "{\"jsonrpc\":\"2.0\",\"method\":\"rpc.release\",\"params\":{\"/~/b\":3}}",
    "{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":5}",
  };
  g_autoptr(GString) bytes = g_string_new (NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (session); i++)
    g_string_append_printf (bytes, "Content-Length: %zu\r\n\r\n%s", strlen (session[i]), session[i]);

  for (gsize cut = 0; cut <= bytes->len; cut++)
    {
      Fixture fixture;

      set_up (&fixture, NULL);
      say_bytes (&fixture, bytes->str, cut);
      shutdown (fixture.fd, SHUT_WR);
      while (!rmi_connection_is_closed (fixture.connection))
        g_main_context_iteration (NULL, TRUE);
      g_assert_cmpuint (fixture.exporter->n_disconnected, ==, 1);
      tear_down (&fixture, NULL);
    }
}

static void
test_byte_by_byte (Fixture       *fixture,
                   gconstpointer  data)
{
  static const char json[] = "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"/a#Echo\",\"params\":[\"slow\"]}";
  g_autofree char *message = wire_frame (json);

  for (const char *c = message; *c != '\0'; c++)
    {
      say_bytes (fixture, c, 1);
      while (g_main_context_iteration (NULL, FALSE))
        ;
    }
  expect (fixture, "{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":\"slow\"}");
}

#define ADD(path, func) g_test_add ("/rmi/connection/" path, Fixture, NULL, set_up, func, tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("answers-calls-by-position-and-by-name", test_call);
  ADD ("speaks-lines-to-those-who-do", test_lines);
  ADD ("answers-as-the-specification-says", test_specification);
  ADD ("refuses-ids-that-are-none", test_invalid_ids);
  ADD ("says-hello-back", test_hello);
  ADD ("answers-later-and-after-a-cancel", test_later_and_cancel);
  ADD ("answers-for-a-dropped-call", test_dropped);
  ADD ("refuses-too-many-calls-and-releases-their-references", test_in_flight_limit);
  ADD ("cancels-an-expired-call", test_expiry);
  ADD ("blocks-until-the-answer", test_blocking_call);
  ADD ("brings-the-error-home", test_error_answer);
  ADD ("fails-calls-when-the-peer-hangs-up", test_hang_up);
  ADD ("gives-up-at-the-deadline", test_deadline);
  ADD ("tells-the-peer-of-a-cancel", test_async_cancel);
  ADD ("keeps-many-calls-apart", test_async_many);
  ADD ("serves-its-own-chain-while-it-blocks", test_chain);
  ADD ("ends-endless-chains", test_chain_too_deep);
  ADD ("cancels-what-waits", test_cancel_held);
  ADD ("hears-last-words", test_last_words);
  ADD ("finishes-accepted-calls-before-it-closes", test_close);
  ADD ("references-in-errors-to-nobody-are-released", test_error_to_nobody);
  ADD ("closes-on-garbage", test_garbage);
  g_test_add_func ("/rmi/connection/survives-a-cut-at-every-byte", test_cut_anywhere);
  ADD ("hears-byte-by-byte", test_byte_by_byte);
  return g_test_run ();
}
