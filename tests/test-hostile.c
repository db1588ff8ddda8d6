/* tests/test-hostile.c: what a peer does that wants us to hang, to grow or to fall over
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The peer is this file, as in test-connection.c; the objects are faked. Bounds on time are generous:
 * what they catch took minutes.
 */
#include "config.h"

#include <errno.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "node/rmi-node.h"
#include "rmi/rmi-runtime-internal.h"
#include "tests/fake-doors.h"
#include "tests/wire.h"

#define CALLBACK "{\"jsonrpc\":\"2.0\",\"id\":%u,\"method\":\"/a#Callback\",\"meta\":{\"chain\":\"abcdefghijk/1\"}}"
#define MANY_SECONDS 20

typedef struct
{
  RmiPoller     *poller;
  RmiRuntime    *runtime;
  FakeExporter  *exporter;
  FakeImporter  *importer;
  RmiConnection *connection;
  int            fd;             /* the peer's end */
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  g_autoptr(GSocket) socket = NULL;
  int fds[2];

  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), ==, 0);
  fixture->fd = fds[1];
  fixture->poller = rmi_poller_new (NULL, NULL);
  fixture->exporter = fake_exporter_new ();
  fixture->importer = fake_importer_new ();
  fixture->runtime = rmi_runtime_new (fixture->poller, RMI_EXPORTER (fixture->exporter),
                                      RMI_IMPORTER (fixture->importer));
  socket = g_socket_new_from_fd (fds[0], NULL);
  fixture->connection = rmi_connection_new_accepted (fixture->runtime, socket);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  close (fixture->fd);
  rmi_connection_shut_down (fixture->connection);
  rmi_poller_flush (fixture->poller);
  rmi_poller_close (fixture->poller);
  g_assert_finalize_object (fixture->connection);
  rmi_runtime_unref (fixture->runtime);
  rmi_poller_unref (fixture->poller);
  g_assert_finalize_object (fixture->exporter);
  g_assert_finalize_object (fixture->importer);
}

/* ---- the peer ---- */

static void
put (GString    *bytes,
     const char *format,
     ...) G_GNUC_PRINTF (2, 3);

static void
put (GString    *bytes,
     const char *format,
     ...)
{
  g_autofree char *json = NULL;
  g_autofree char *framed = NULL;
  va_list arguments;

  va_start (arguments, format);
  json = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  framed = wire_frame (json);
  g_string_append (bytes, framed);
}

/* As a thread: the other side blocks meanwhile. */
static gpointer
say_thread (gpointer data)
{
  Fixture *fixture = ((gpointer *) data)[0];
  GString *bytes = ((gpointer *) data)[1];

  for (gsize sent = 0; sent < bytes->len;)
    {
      gssize n = send (fixture->fd, bytes->str + sent, bytes->len - sent, MSG_NOSIGNAL);

      if (n < 0)
        break;
      sent += (gsize) n;
    }
  g_atomic_int_set ((int *) ((gpointer *) data)[2], TRUE);
  return NULL;
}

/* Says @bytes while the main loop runs, until all were received and dealt with. */
static void
say (Fixture *fixture,
     GString *bytes)
{
  int is_said = FALSE;
  gpointer data[] = { fixture, bytes, &is_said };
  GThread *thread = g_thread_new ("peer", say_thread, data);
  gint64 quiet_since_us = g_get_monotonic_time ();

  while (!g_atomic_int_get (&is_said) || g_get_monotonic_time () - quiet_since_us < G_USEC_PER_SEC / 5)
    if (g_main_context_iteration (NULL, FALSE))
      quiet_since_us = g_get_monotonic_time ();
  g_thread_join (thread);
}

/* Everything that was said to the peer until now. */
static char *
hear_all (Fixture *fixture)
{
  GString *heard = g_string_new (NULL);
  char bytes[65536];
  gssize n;

  do
    {
      while (g_main_context_iteration (NULL, FALSE))
        ;
      n = recv (fixture->fd, bytes, sizeof bytes, MSG_DONTWAIT);
      if (n > 0)
        g_string_append_len (heard, bytes, n);
    }
  while (n > 0);
  return g_string_free (heard, FALSE);
}

static guint
count (const char *text,
       const char *part)
{
  const char *end = text + strlen (text);       /* a strstr() that checks the rest each time takes minutes */
  guint n = 0;

  for (const char *at = text; (at = memmem (at, end - at, part, strlen (part))) != NULL; at += strlen (part))
    n++;
  return n;
}

/* ---- many messages that wait ---- */

/* It asks for much, reads nothing, and goes on asking; then it cancels what nobody asked for. */
static void
test_never_reads (Fixture       *fixture,
                  gconstpointer  data)
{
  g_autoptr(GString) bytes = g_string_new (NULL);
  g_autofree char *text = g_strnfill (1024 * 1024, 'x');
  gint64 start_us = g_get_monotonic_time ();

  for (guint i = 1; i <= 3; i++)
    put (bytes, "{\"jsonrpc\":\"2.0\",\"id\":%u,\"method\":\"/a#Echo\",\"params\":[\"%s\"]}", i, text);
  for (guint i = 0; i < 100000; i++)
    put (bytes, "{\"jsonrpc\":\"2.0\",\"id\":%u,\"method\":\"/a#Echo\",\"params\":[\"x\"]}", 10 + i);
  for (guint i = 0; i < 5000; i++)
    put (bytes, "{\"jsonrpc\":\"2.0\",\"method\":\"rpc.cancel\",\"params\":[%u]}", 1000000 + i);
  say (fixture, bytes);
  g_assert_cmpint (g_get_monotonic_time () - start_us, <, MANY_SECONDS * G_USEC_PER_SEC);
  g_assert_cmpuint (fixture->exporter->n_dispatched, <=, 3);
  g_assert_false (rmi_connection_is_closed (fixture->connection));
}

/* What the connection answers itself waits for its reader, too: it would be hung up on else. */
static void
test_pings_unread (Fixture       *fixture,
                   gconstpointer  data)
{
  g_autoptr(GString) bytes = g_string_new (NULL);
  g_autofree char *text = g_strnfill (1024 * 1024, 'x');
  g_autofree char *heard = NULL;

  fixture->runtime->local.frame_bytes = fixture->runtime->local.write_hard_bytes = 4 * 1024 * 1024;
  for (guint i = 1; i <= 3; i++)
    put (bytes, "{\"jsonrpc\":\"2.0\",\"id\":%u,\"method\":\"/a#Echo\",\"params\":[\"%s\"]}", i, text);
  for (guint i = 0; i < 100000; i++)
    put (bytes, "{\"jsonrpc\":\"2.0\",\"id\":%u,\"method\":\"rpc.ping\"}", 10 + i);
  say (fixture, bytes);
  g_assert_false (rmi_connection_is_closed (fixture->connection));
  heard = hear_all (fixture);
  g_assert_cmpuint (count (heard, "\"result\":null"), ==, 100000);
}

/* It reads after all, and what it asked for meanwhile would run in one go: another peer is served in between. */
static void
test_turns_after_congestion (Fixture       *fixture,
                             gconstpointer  data)
{
  g_autoptr(GString) bytes = g_string_new (NULL);
  g_autoptr(GString) other_bytes = g_string_new (NULL);
  g_autofree char *text = g_strnfill (1024 * 1024, 'x');
  g_autofree char *heard = NULL;
  g_autoptr(GSocket) socket = NULL;
  RmiConnection *other;
  int fds[2];

  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), ==, 0);
  socket = g_socket_new_from_fd (fds[0], NULL);
  other = rmi_connection_new_accepted (fixture->runtime, socket);
  for (guint i = 1; i <= 3; i++)
    put (bytes, "{\"jsonrpc\":\"2.0\",\"id\":%u,\"method\":\"/a#Echo\",\"params\":[\"%s\"]}", i, text);
  for (guint i = 0; i < 5000; i++)
    put (bytes, "{\"jsonrpc\":\"2.0\",\"id\":%u,\"method\":\"/a#Echo\",\"params\":[\"x\"]}", 10 + i);
  put (other_bytes, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"/a#Fail\"}");
  say (fixture, bytes);
  g_assert_cmpuint (fixture->exporter->n_dispatched, <=, 3);

  while (fixture->exporter->n_dispatched <= 3)
    {
      g_assert_cmpint (recv (fixture->fd, text, 1024 * 1024, MSG_DONTWAIT), !=, 0);
      g_main_context_iteration (NULL, FALSE);
    }
  g_assert_cmpint (send (fds[1], other_bytes->str, other_bytes->len, MSG_NOSIGNAL), ==, (gssize) other_bytes->len);
  heard = hear_all (fixture);
  g_assert_cmpuint (fixture->exporter->n_dispatched, ==, 3 + 5000 + 1);
  g_assert_cmpuint (count (strstr (fixture->exporter->log->str, "Fail"), "Echo"), >, 4000);

  close (fds[1]);
  rmi_connection_shut_down (other);
  g_assert_finalize_object (other);
}

/* A release is kept, but not any number of them. */
static void
test_releases_in_a_wait (Fixture       *fixture,
                         gconstpointer  data)
{
  g_autoptr(GString) bytes = g_string_new (NULL);
  g_autofree char *padding = g_strnfill (1000, ' ');

  fixture->runtime->local.held_bytes = 16 * 1024;
  put (bytes, CALLBACK, 2);
  for (guint i = 0; i < 1000; i++)
    put (bytes, "{\"jsonrpc\":\"2.0\",\"method\":\"rpc.release\",\"params\":{\"/~/fake\":1}%s}", padding);
  put (bytes, "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":\"done\"}");
  say (fixture, bytes);
  g_assert_cmpuint (fixture->exporter->n_released, >, 0);
  g_assert_cmpuint (fixture->exporter->n_released, <=, 32);
}

static void
test_endless_timeout (Fixture       *fixture,
                      gconstpointer  data)
{
  g_autoptr(GString) bytes = g_string_new (NULL);
  g_autofree char *heard = NULL;

  put (bytes, CALLBACK, 2);
  put (bytes, "{\"jsonrpc\":\"2.0\",\"id\":3,\"method\":\"/a#Echo\",\"params\":[\"ran\"],"
              "\"meta\":{\"timeout\":%" G_GINT64_FORMAT "}}", G_MAXINT64);
  put (bytes, "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":\"done\"}");
  say (fixture, bytes);
  heard = hear_all (fixture);
  g_assert_nonnull (strstr (heard, "{\"jsonrpc\":\"2.0\",\"id\":3,\"result\":\"ran\"}"));
}

/* ---- depth ---- */

/* Each call makes us wait for a call back, and says that it is the first of its chain. */
static void
test_lies_of_depth (Fixture       *fixture,
                    gconstpointer  data)
{
  g_autoptr(GString) bytes = g_string_new (NULL);
  g_autofree char *heard = NULL;

  for (guint i = 0; i < 500; i++)
    put (bytes, CALLBACK, 1000 + i);
  for (guint i = 0; i < 500; i++)
    put (bytes, "{\"jsonrpc\":\"2.0\",\"id\":%u,\"result\":\"done\"}", 1 + i);
  say (fixture, bytes);
  heard = hear_all (fixture);
  g_assert_cmpuint (fixture->exporter->n_dispatched, ==, fixture->runtime->local.chain_depth + 1);
  g_assert_cmpuint (count (heard, "\"code\":-32006"), ==, 500 - fixture->exporter->n_dispatched);
  g_assert_cmpuint (count (heard, "\"result\":\"done\""), ==, fixture->exporter->n_dispatched);
}

/* ---- descriptors ---- */

static int
dial (const char *path)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  int fd = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

  g_assert_cmpint (fd, >=, 0);
  g_strlcpy (address.sun_path, path, sizeof address.sun_path);
  g_assert_cmpint (connect (fd, (struct sockaddr *) &address, sizeof address), ==, 0);
  return fd;
}

static gboolean
set_cb (gpointer data)
{
  *(gboolean *) data = TRUE;
  return G_SOURCE_REMOVE;
}

/* The turns of the main loop in a fifth of a second. */
static guint
count_turns (void)
{
  gboolean is_over = FALSE;
  guint n_turns = 0;

  g_timeout_add (200, set_cb, &is_over);
  for (; !is_over; n_turns++)
    g_main_context_iteration (NULL, TRUE);
  return n_turns;
}

static void
test_no_descriptors (void)
{
  g_autofree char *folder = g_dir_make_tmp ("rmi-hostile-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "socket", NULL);
  g_autofree char *escaped = g_uri_escape_string (path, NULL, FALSE);
  g_autofree char *uri = g_strconcat ("rmi+unix://", escaped, NULL);
  g_autofree char *address = NULL;
  g_autoptr(RmiNode) node = rmi_node_new ();
  g_autoptr(GError) error = NULL;
  g_autoptr(GArray) fillers = g_array_new (FALSE, FALSE, sizeof (int));
  struct rlimit before, few;
  char answer[1024] = "";
  int waiting, filler;

  address = rmi_node_listen (node, uri, NULL, &error);
  g_assert_no_error (error);
  count_turns ();
  waiting = dial (path);
  g_assert_cmpint (getrlimit (RLIMIT_NOFILE, &before), ==, 0);
  few = (struct rlimit) { (rlim_t) waiting + 1, before.rlim_max };
  g_assert_cmpint (setrlimit (RLIMIT_NOFILE, &few), ==, 0);
  while ((filler = dup (waiting)) >= 0)
    g_array_append_val (fillers, filler);
  g_assert_cmpuint (count_turns (), <, 20);

  g_assert_cmpint (setrlimit (RLIMIT_NOFILE, &before), ==, 0);
  for (guint i = 0; i < fillers->len; i++)
    close (g_array_index (fillers, int, i));
  g_assert_cmpint (send (waiting, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"rpc.ping\"}\n", 46, 0), >, 0);
  while (recv (waiting, answer, sizeof answer - 1, MSG_DONTWAIT) <= 0)
    g_main_context_iteration (NULL, FALSE);
  g_assert_cmpstr (answer, ==, "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":null}\n");

  close (waiting);
  rmi_node_close (node);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

#define ADD(path, func) g_test_add ("/rmi/hostile/" path, Fixture, NULL, set_up, func, tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("a-peer-that-never-reads-costs-little", test_never_reads);
  ADD ("pings-wait-for-who-does-not-read", test_pings_unread);
  ADD ("who-reads-late-lets-others-have-their-turn", test_turns_after_congestion);
  ADD ("releases-in-a-wait-are-bounded", test_releases_in_a_wait);
  ADD ("takes-a-timeout-without-end", test_endless_timeout);
  ADD ("bounds-the-depth-of-waits-whatever-is-said", test_lies_of_depth);
  g_test_add_func ("/rmi/hostile/rests-while-there-are-no-descriptors", test_no_descriptors);
  return g_test_run ();
}
