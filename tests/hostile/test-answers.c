/* tests/hostile/test-answers.c: a server that answers with anything, and hangs up at any byte
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The server is this file. The client is a node in the same thread: nothing of it may block.
 */
#include "config.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "tests/hostile/host.h"
#include "tests/wire.h"

/* Ids of the client's requests: 1 the subscription that fills the stub and waited for the connection, 2 rpc.hello, 3 to 7 calls. */
enum { STUB, ECHO, MAKE, KEPT, REFUSE, LAST, N_OUTCOMES };

typedef struct
{
  char          *folder;
  char          *socket_path;
  int            listener;
  int            fd;              /* the server's end */
  guint64        hello_s;         /* how long the client waits for hello; 0: as usual */
  RmiNode       *node;
  HostileCaller *stub;
  guint          n_started, n_ended, n_rung;
  char          *outcomes[N_OUTCOMES];
} Fixture;

/* ---- the client ---- */

static void
end (Fixture      *fixture,
     int           which,
     const char   *result,
     const GError *error)
{
  g_assert_null (fixture->outcomes[which]);
  g_assert_true (error == NULL || *error->message != '\0');
  fixture->outcomes[which] = error == NULL ? g_strdup (result != NULL ? result : "nothing")
                             : error->domain == RMI_ERROR ? g_strdup_printf ("error %d", error->code)
                             : g_strdup (g_quark_to_string (error->domain));
  fixture->n_ended++;
}

static void
echoed_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *text = hostile_caller_echo_finish (HOSTILE_CALLER (object), result, &error);

  end (user_data, ECHO, text, error);
}

static void
last_cb (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *text = hostile_caller_echo_finish (HOSTILE_CALLER (object), result, &error);

  end (user_data, LAST, text, error);
}

static void
made_cb (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(HostileCaller) made = hostile_caller_make_finish (HOSTILE_CALLER (object), result, &error);

  end (user_data, MAKE, made != NULL ? "a stub" : NULL, error);
}

static void
kept_cb (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(HostileCaller) kept = NULL;

  hostile_caller_kept_finish (HOSTILE_CALLER (object), result, &kept, &error);
  end (user_data, KEPT, kept != NULL ? "an object" : NULL, error);
}

static void
refused_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(GError) error = NULL;

  hostile_caller_refuse_finish (HOSTILE_CALLER (object), result, &error);
  end (user_data, REFUSE, NULL, error);
}

static void
rung_cb (HostileCaller *stub,
         const char    *text,
         HostileCaller *ringer,
         Fixture       *fixture)
{
  fixture->n_rung++;
}

static void
got_stub_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  Fixture *fixture = user_data;
  g_autoptr(GError) error = NULL;

  fixture->stub = rmi_node_get_object_finish (RMI_NODE (object), result, &error);
  g_assert_true ((fixture->stub != NULL) == (error == NULL));
  end (fixture, STUB, "a stub", error);
  if (fixture->stub == NULL)
    return;
  g_signal_connect (fixture->stub, "rung", G_CALLBACK (rung_cb), fixture);
  hostile_caller_echo_async (fixture->stub, "a", NULL, echoed_cb, fixture);
  hostile_caller_make_async (fixture->stub, NULL, made_cb, fixture);
  hostile_caller_kept_async (fixture->stub, NULL, kept_cb, fixture);
  hostile_caller_refuse_async (fixture->stub, NULL, refused_cb, fixture);
  hostile_caller_echo_async (fixture->stub, "z", NULL, last_cb, fixture);
  fixture->n_started += 5;
}

/* ---- the server ---- */

static void
open_server (Fixture *fixture)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX };

  *fixture = (Fixture) { .fd = -1 };
  fixture->folder = g_dir_make_tmp ("rmi-answers-XXXXXX", NULL);
  fixture->socket_path = g_build_filename (fixture->folder, "socket", NULL);
  g_strlcpy (address.sun_path, fixture->socket_path, sizeof address.sun_path);
  fixture->listener = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  g_assert_cmpint (bind (fixture->listener, (struct sockaddr *) &address, sizeof address), ==, 0);
  g_assert_cmpint (listen (fixture->listener, 8), ==, 0);
}

static void
close_server (Fixture *fixture)
{
  close (fixture->listener);
  g_assert_cmpint (g_unlink (fixture->socket_path), ==, 0);
  g_assert_cmpint (g_rmdir (fixture->folder), ==, 0);
  g_free (fixture->socket_path);
  g_free (fixture->folder);
}

/* A client that dials, and wants a stub. */
static void
start_client (Fixture *fixture)
{
  g_autofree char *escaped = g_uri_escape_string (fixture->socket_path, NULL, FALSE);
  g_autofree char *uri = g_strconcat ("rmi+unix://", escaped, "/caller", NULL);

  fixture->node = rmi_node_new ();
  if (fixture->hello_s > 0)
    g_object_set (fixture->node, "local-limit-hello_s", fixture->hello_s, NULL);
  fixture->n_started = 1;
  fixture->n_ended = fixture->n_rung = 0;
  rmi_node_get_object_async (fixture->node, uri, HOSTILE_TYPE_CALLER, NULL, got_stub_cb, fixture);
  do
    {
      g_main_context_iteration (NULL, FALSE);
      fixture->fd = accept4 (fixture->listener, NULL, NULL, SOCK_CLOEXEC);
    }
  while (fixture->fd < 0);
}

static void
say (Fixture    *fixture,
     const char *bytes,
     gsize       length,
     guint       n_ended)
{
  gssize n = send (fixture->fd, bytes, length, MSG_NOSIGNAL);

  if (n < 0)
    g_assert_true (errno == EPIPE || errno == ECONNRESET);
  while (fixture->n_ended < n_ended)
    g_main_context_iteration (NULL, FALSE);
}

/* Hangs up. Each call has ended then, once. */
static void
stop_client (Fixture *fixture)
{
  int redialled;

  if (fixture->fd >= 0)
    close (fixture->fd);
  while (fixture->n_ended < fixture->n_started)
    g_main_context_iteration (NULL, FALSE);
  g_clear_object (&fixture->stub);
  rmi_node_close (fixture->node);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpuint (fixture->n_ended, ==, fixture->n_started);
  g_assert_finalize_object (fixture->node);
  /* It may have dialled again. */
  while ((redialled = accept4 (fixture->listener, NULL, NULL, SOCK_CLOEXEC)) >= 0)
    close (redialled);
}

static void
clear_outcomes (Fixture *fixture)
{
  for (int i = 0; i < N_OUTCOMES; i++)
    g_clear_pointer (&fixture->outcomes[i], g_free);
}

/* ---- a good server that is cut off ---- */

#define ANSWER(id, rest) "{\"jsonrpc\":\"2.0\",\"id\":" id "," rest "}"
#define HELLO ANSWER ("2", "\"result\":{\"version\":1,\"node\":\"server\",\"resumed\":false,\"limits\":{\"frame\":4194304,\"calls\":128},\"features\":[]}")
#define FILLED ANSWER ("1", "\"result\":{\"Level\":3,\"Kept\":null}")

static const struct
{
  const char *say;
  int         ends;            /* the outcome it brings about, or -1 */
  const char *outcome;
} answers[] = {
  { HELLO, -1, NULL },
  { FILLED, STUB, "a stub" },
  { ANSWER ("3", "\"result\":\"a\""), ECHO, "a" },
  { "{\"jsonrpc\":\"2.0\",\"method\":\"/caller!Rung\",\"params\":[\"ding\",{\"$ref\":\"/~/abcdefghijklmnopqrstuv\"}]}", -1, NULL },
  { ANSWER ("4", "\"result\":{\"$ref\":\"/~/abcdefghijklmnopqrstuv\",\"$type\":[\"org.rmi_glib.hostile.Caller\"]}"), MAKE, "a stub" },
  { "{\"jsonrpc\":\"2.0\",\"id\":\"back\",\"method\":\"/nothing#Echo\",\"params\":[{\"$ref\":\"/~/bbcdefghijklmnopqrstuv\"}]}", -1, NULL },
  { ANSWER ("5", "\"result\":null"), KEPT, "nothing" },
  { "{\"jsonrpc\":\"2.0\",\"method\":\"/caller!rpc.changed\",\"params\":{\"Level\":4}}", -1, NULL },
  { ANSWER ("6", "\"error\":{\"code\":-32000,\"message\":\"No\",\"data\":{\"domain\":\"org.rmi_glib.hostile\",\"name\":\"Refused\",\"code\":0}}"),
    REFUSE, "hostile-error-quark" },
  { ANSWER ("7", "\"result\":\"z\""), LAST, "z" },
};

static gboolean
is_lost (const char *outcome)
{
  g_autofree char *disconnected = g_strdup_printf ("error %d", RMI_ERROR_DISCONNECTED);
  g_autofree char *protocol = g_strdup_printf ("error %d", RMI_ERROR_PROTOCOL);

  return g_str_equal (outcome, disconnected) || g_str_equal (outcome, protocol);
}

static void
check_outcomes (Fixture *fixture,
                gsize    n_whole)
{
  for (gsize i = 0; i < G_N_ELEMENTS (answers); i++)
    {
      const char *outcome = answers[i].ends >= 0 ? fixture->outcomes[answers[i].ends] : NULL;

      if (answers[i].ends < 0 || outcome == NULL)
        continue;
      if (i < n_whole)
        g_assert_cmpstr (outcome, ==, answers[i].outcome);
      else
        g_assert_true (is_lost (outcome));
    }
}

static void
test_cut (void)
{
  Fixture fixture;

  open_server (&fixture);
  for (gsize last = 0; last < G_N_ELEMENTS (answers); last++)
    {
      g_autofree char *bytes = wire_frame (answers[last].say);

      for (gsize length = 0; length < strlen (bytes); length++)
        {
          guint n_ended = 0;

          start_client (&fixture);
          for (gsize i = 0; i < last; i++)
            {
              g_autofree char *whole = wire_frame (answers[i].say);

              n_ended += answers[i].ends >= 0;
              say (&fixture, whole, strlen (whole), n_ended);
            }
          say (&fixture, bytes, length, n_ended);
          stop_client (&fixture);
          check_outcomes (&fixture, last);
          clear_outcomes (&fixture);
        }
    }
  close_server (&fixture);
}

static void
test_bytes (void)
{
  Fixture fixture;
  guint n_ended = 0;

  open_server (&fixture);
  start_client (&fixture);
  for (gsize i = 0; i < G_N_ELEMENTS (answers); i++)
    {
      g_autofree char *bytes = wire_frame (answers[i].say);
      gsize length = strlen (bytes);

      for (gsize at = 0; at < length; at++)
        {
          say (&fixture, bytes + at, 1, n_ended);
          g_main_context_iteration (NULL, FALSE);
        }
      n_ended += answers[i].ends >= 0;
      say (&fixture, "", 0, n_ended);
    }
  g_assert_cmpuint (fixture.n_rung, ==, 1);
  stop_client (&fixture);
  check_outcomes (&fixture, G_N_ELEMENTS (answers));
  clear_outcomes (&fixture);
  close_server (&fixture);
}

/* ---- a bad server ---- */

#define ECHO_IS(text) ANSWER ("3", "\"result\":\"" text "\"")

/* What Echo ends in after these. */
static const struct
{
  const char *what;
  const char *say[3];
  const char *outcome;
} replies[] = {
  { "somebody else's id", { ANSWER ("999", "\"result\":\"x\""), ECHO_IS ("a") }, "a" },
  { "an id of a call that ended", { ANSWER ("2", "\"result\":null"), ANSWER ("1", "\"result\":null"), ECHO_IS ("a") }, "a" },
  { "twice", { ECHO_IS ("a"), ECHO_IS ("b"), ANSWER ("3", "\"error\":{\"code\":1,\"message\":\"m\"}") }, "a" },
  { "an id that is a string", { ANSWER ("\"3\"", "\"result\":\"x\""), ECHO_IS ("a") }, "a" },
  { "an id that is a fraction", { ANSWER ("3.0", "\"result\":\"x\""), ECHO_IS ("a") }, "a" },
  { "an id that is an object", { ANSWER ("{\"a\":3}", "\"result\":\"x\""), ECHO_IS ("a") }, "a" },
  { "an id that is true", { ANSWER ("true", "\"result\":\"x\""), ECHO_IS ("a") }, "a" },
  { "an id beyond 64 bits", { ANSWER ("18446744073709551619", "\"result\":\"x\""), ECHO_IS ("a") }, "a" },
  { "no id", { "{\"jsonrpc\":\"2.0\",\"result\":\"x\"}", ECHO_IS ("a") }, "a" },
  { "result and error", { ANSWER ("3", "\"result\":\"a\",\"error\":{\"code\":1,\"message\":\"m\"}") }, "BAD_REPLY" },
  { "neither", { "{\"jsonrpc\":\"2.0\",\"id\":3}", ECHO_IS ("a") }, "a" },
  { "a result of another type", { ANSWER ("3", "\"result\":[1]") }, "BAD_REPLY" },
  { "U+0000", { ANSWER ("3", "\"result\":\"\\u0000\"") }, "BAD_REPLY" },
  { "a lone surrogate", { ANSWER ("3", "\"result\":\"\\ud800\"") }, "BAD_REPLY" },
  { "a number beyond doubles", { ANSWER ("3", "\"result\":1e999") }, "BAD_REPLY" },
  { "duplicate members", { ANSWER ("3", "\"result\":{\"a\":1,\"a\":2}") }, "BAD_REPLY" },
  { "an error that is none", { ANSWER ("3", "\"error\":[]") }, "REMOTE" },
  { "an error without a code", { ANSWER ("3", "\"error\":{\"message\":\"m\"}") }, "REMOTE" },
  { "a batch of answers", { "[" ECHO_IS ("a") "," ANSWER ("4", "\"result\":5") "]" }, "a" },
  { "a batch of nonsense", { "[[],{},null,3]", ECHO_IS ("a") }, "a" },
  { "a call of nothing", { "{\"jsonrpc\":\"2.0\",\"id\":3,\"method\":\"/nothing#Echo\"}", ECHO_IS ("a") }, "a" },
  { "hello of the side that was dialled", { "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"rpc.hello\",\"params\":{\"version\":1,\"node\":\"x\"}}",
                                              ECHO_IS ("a") }, "a" },
};

static const char *
name_of (const char *outcome)
{
  g_autofree char *bad_reply = g_strdup_printf ("error %d", RMI_ERROR_BAD_REPLY);
  g_autofree char *remote = g_strdup_printf ("error %d", RMI_ERROR_REMOTE);

  return g_str_equal (outcome, bad_reply) ? "BAD_REPLY" : g_str_equal (outcome, remote) ? "REMOTE" : outcome;
}

static void
test_replies (void)
{
  g_autofree char *hello = wire_frame (HELLO);
  g_autofree char *filled = wire_frame (FILLED);
  Fixture fixture;

  open_server (&fixture);
  for (gsize i = 0; i < G_N_ELEMENTS (replies); i++)
    {
      g_test_message ("%s", replies[i].what);
      start_client (&fixture);
      say (&fixture, hello, strlen (hello), 0);
      say (&fixture, filled, strlen (filled), 1);
      for (guint j = 0; j < G_N_ELEMENTS (replies[i].say) && replies[i].say[j] != NULL; j++)
        {
          g_autofree char *bytes = wire_frame (replies[i].say[j]);

          say (&fixture, bytes, strlen (bytes), 1);
        }
      while (fixture.outcomes[ECHO] == NULL)
        g_main_context_iteration (NULL, FALSE);
      g_assert_cmpstr (name_of (fixture.outcomes[ECHO]), ==, replies[i].outcome);
      stop_client (&fixture);
      clear_outcomes (&fixture);
    }
  close_server (&fixture);
}

/* ---- a server that has not said what it takes ---- */

/* Everything the client says up to now, that it can say. */
static char *
hear (Fixture *fixture)
{
  g_autoptr(GString) received = g_string_new (NULL);
  char bytes[4096];
  gssize n;

  for (guint i = 0; i < 20; i++)
    g_main_context_iteration (NULL, FALSE);
  while ((n = recv (fixture->fd, bytes, sizeof bytes, MSG_DONTWAIT)) > 0)
    g_string_append_len (received, bytes, n);
  return g_string_free (g_steal_pointer (&received), FALSE);
}

static void
larger_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *text = hostile_caller_echo_finish (HOSTILE_CALLER (object), result, &error);

  g_assert_null (text);
  *(GError **) user_data = g_steal_pointer (&error);
}

static void
behind_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GError) error = NULL;

  g_assert_null (hostile_caller_echo_finish (HOSTILE_CALLER (object), result, &error));
  g_assert_error (error, RMI_ERROR, RMI_ERROR_DISCONNECTED);
  (*(guint *) user_data)++;
}

/* What may be too large for the peer waits until it has said what it takes, and so does all behind it. */
static void
test_greeting (void)
{
  static const char hello[] = ANSWER ("2", "\"result\":{\"version\":1,\"node\":\"server\",\"limits\":{\"frame\":2048}}");
  g_autofree char *framed_hello = wire_frame (hello);
  g_autofree char *framed_filled = wire_frame (FILLED);
  g_autofree char *large = g_strnfill (1500, 'x');
  g_autofree char *larger = g_strnfill (3000, 'x');
  g_autofree char *early = NULL;
  g_autofree char *late = NULL;
  g_autoptr(GError) error = NULL;
  guint n_lost = 0;
  Fixture fixture;

  open_server (&fixture);
  start_client (&fixture);
  say (&fixture, framed_filled, strlen (framed_filled), 1);
  hostile_caller_echo_async (fixture.stub, larger, NULL, larger_cb, &error);
  hostile_caller_echo_async (fixture.stub, "behind", NULL, behind_cb, &n_lost);
  early = hear (&fixture);
  g_assert_nonnull (strstr (early, "rpc.hello"));
  g_assert_null (strstr (early, "xxx"));
  g_assert_null (strstr (early, "behind"));
  g_assert_no_error (error);

  say (&fixture, framed_hello, strlen (framed_hello), 1);
  hostile_caller_echo_async (fixture.stub, large, NULL, behind_cb, &n_lost);
  late = hear (&fixture);
  g_assert_error (error, RMI_ERROR, RMI_ERROR_LIMIT);
  g_assert_cmpint (rmi_error_get_ran (error), ==, RMI_RAN_NO);
  g_assert_null (strstr (late, larger));
  g_assert_nonnull (strstr (late, large));
  g_assert_true (strstr (late, "behind") < strstr (late, large));
  close (fixture.fd);
  fixture.fd = -1;
  while (n_lost < 2)
    g_main_context_iteration (NULL, FALSE);
  stop_client (&fixture);
  clear_outcomes (&fixture);
  close_server (&fixture);
}

/* What is small was sent, and may have run; what is large was not. */
static void
test_no_hello (void)
{
  g_autofree char *filled = wire_frame (FILLED);
  g_autofree char *large = g_strnfill (1500, 'x');
  g_autofree char *heard = NULL;
  g_autoptr(GError) error = NULL;
  Fixture fixture;

  open_server (&fixture);
  fixture.hello_s = 1;
  start_client (&fixture);
  say (&fixture, filled, strlen (filled), 1);
  hostile_caller_echo_async (fixture.stub, large, NULL, larger_cb, &error);
  while (error == NULL || fixture.n_ended < fixture.n_started)
    g_main_context_iteration (NULL, TRUE);
  g_assert_error (error, RMI_ERROR, RMI_ERROR_UNREACHABLE);
  g_assert_cmpint (rmi_error_get_ran (error), ==, RMI_RAN_NO);
  g_assert_nonnull (strstr (error->message, "did not answer rpc.hello within 1 s"));
  check_outcomes (&fixture, 2);
  g_assert_true (is_lost (fixture.outcomes[LAST]));
  g_assert_true (rmi_connection_is_closed (rmi_stub_get_connection (RMI_STUB (fixture.stub))));
  heard = hear (&fixture);
  g_assert_null (strstr (heard, "xxx"));
  stop_client (&fixture);
  clear_outcomes (&fixture);
  close_server (&fixture);
}

/* The clock that ran for hello is not still running: to see that, it has to be outlived. */
static void
test_late_hello (void)
{
  g_autofree char *hello = wire_frame (HELLO);
  gint64 begin_us;
  Fixture fixture;

  open_server (&fixture);
  fixture.hello_s = 2;
  start_client (&fixture);
  say (&fixture, hello, strlen (hello), 0);
  for (begin_us = g_get_monotonic_time (); g_get_monotonic_time () < begin_us + 3 * G_USEC_PER_SEC;)
    {
      g_main_context_iteration (NULL, FALSE);
      g_usleep (10000);
    }
  for (gsize i = 0, n_ended = 0; i < G_N_ELEMENTS (answers); i++)
    {
      g_autofree char *bytes = wire_frame (answers[i].say);

      n_ended += answers[i].ends >= 0;
      if (i > 0)
        say (&fixture, bytes, strlen (bytes), n_ended);
    }
  stop_client (&fixture);
  check_outcomes (&fixture, G_N_ELEMENTS (answers));
  clear_outcomes (&fixture);
  close_server (&fixture);
}

static void
count_cb (guint *n)
{
  (*n)++;
}

/* What is dropped of the first values after a lost connection comes again as a gap: still the same one. */
static void
test_gap (void)
{
  g_autofree char *hello = wire_frame (HELLO);
  g_autofree char *filled = wire_frame (FILLED);
  g_autofree char *gap = wire_frame ("{\"jsonrpc\":\"2.0\",\"method\":\"/caller!rpc.gap\",\"params\":{\"Level\":5}}");
  g_autofree char *changed = wire_frame ("{\"jsonrpc\":\"2.0\",\"method\":\"/caller!rpc.changed\",\"params\":{\"Level\":6}}");
  guint n_gaps = 0;
  int level = 0;
  Fixture fixture;

  open_server (&fixture);
  start_client (&fixture);
  say (&fixture, hello, strlen (hello), 0);
  say (&fixture, filled, strlen (filled), 1);
  g_signal_connect_swapped (fixture.stub, "rmi-gap", G_CALLBACK (count_cb), &n_gaps);
  close (fixture.fd);
  while (fixture.n_ended < fixture.n_started)
    g_main_context_iteration (NULL, FALSE);

  hostile_caller_echo_async (fixture.stub, "again", NULL, NULL, NULL);
  while ((fixture.fd = accept4 (fixture.listener, NULL, NULL, SOCK_CLOEXEC)) < 0)
    g_main_context_iteration (NULL, FALSE);
  say (&fixture, gap, strlen (gap), 0);
  say (&fixture, changed, strlen (changed), 0);
  for (; level != 6; g_object_get (fixture.stub, "level", &level, NULL))
    g_main_context_iteration (NULL, FALSE);
  g_assert_cmpuint (n_gaps, ==, 1);
  stop_client (&fixture);
  clear_outcomes (&fixture);
  close_server (&fixture);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/rmi/answers/one-byte-at-a-time", test_bytes);
  g_test_add_func ("/rmi/answers/cut-at-every-byte", test_cut);
  g_test_add_func ("/rmi/answers/that-answer-nothing", test_replies);
  g_test_add_func ("/rmi/answers/large-calls-wait-for-hello", test_greeting);
  g_test_add_func ("/rmi/answers/no-hello-ends-the-connection", test_no_hello);
  g_test_add_func ("/rmi/answers/hello-in-time-keeps-the-connection", test_late_hello);
  g_test_add_func ("/rmi/answers/a-gap-is-told-once", test_gap);
  return g_test_run ();
}
