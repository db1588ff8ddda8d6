/* tests/test-threads.c: calls from every thread there is
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The peer is a thread that answers each request with its own id, over a socketpair. Nothing here sleeps to order things.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "rmi/rmi-call-internal.h"
#include "rmi/rmi-error.h"
#include "rmi/rmi-hand-over-private.h"
#include "rmi/rmi-runtime-internal.h"
#include "rmi/rmi-writer-internal.h"
#include "tests/fake-doors.h"
#include "tests/wire.h"

#define CALLS 200

typedef struct
{
  GMainContext  *context;
  RmiPoller     *poller;
  RmiRuntime    *runtime;
  FakeExporter  *exporter;
  FakeImporter  *importer;
  RmiConnection *connection;
  int            fd;
  GThread       *peer;
} Fixture;

static void
answer (int         fd,
        const char *request)
{
  const char *id = strstr (request, "\"id\":");
  g_autofree char *json = NULL;
  g_autofree char *frame = NULL;

  if (id == NULL)
    return;
  json = g_strdup_printf ("{\"jsonrpc\":\"2.0\",\"id\":%1$d,\"result\":%1$d}", atoi (id + 5));
  frame = wire_frame (json);
  g_assert_cmpint (send (fd, frame, strlen (frame), MSG_NOSIGNAL), ==, (gssize) strlen (frame));
}

/* Answers requests (one of ours is far below a kilobyte) until the end of the stream. */
static gpointer
peer_thread (gpointer data)
{
  int fd = GPOINTER_TO_INT (data);
  g_autoptr(GString) received = g_string_new (NULL);
  char bytes[4096];
  gssize got;

  while ((got = recv (fd, bytes, sizeof bytes, 0)) > 0)
    {
      char *message;

      g_string_append_len (received, bytes, got);
      while ((message = wire_take_message (received)) != NULL)
        {
          answer (fd, message);
          g_free (message);
        }
    }
  return NULL;
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  g_autoptr(GSocket) socket = NULL;
  int fds[2];

  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), ==, 0);
  fixture->fd = fds[1];
  fixture->peer = g_thread_new ("peer", peer_thread, GINT_TO_POINTER (fds[1]));
  fixture->context = g_main_context_new ();
  fixture->poller = rmi_poller_new (fixture->context, NULL);
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
  rmi_connection_shut_down (fixture->connection);
  rmi_poller_close (fixture->poller);
  g_assert_finalize_object (fixture->connection);
  rmi_runtime_unref (fixture->runtime);
  rmi_poller_unref (fixture->poller);
  g_main_context_unref (fixture->context);
  g_object_unref (fixture->exporter);
  g_object_unref (fixture->importer);
  shutdown (fixture->fd, SHUT_RDWR);
  g_thread_join (fixture->peer);
  close (fixture->fd);
}

static void
call_once (Fixture *fixture)
{
  g_autoptr(RmiCall) call = rmi_call_new (fixture->connection, "/peer", NULL, "Ask", 0);
  g_autoptr(GError) error = NULL;
  RmiReader *reader = rmi_call_run (call, NULL, &error);

  g_assert_no_error (error);
  g_assert_nonnull (reader);
  g_assert_cmpint (rmi_reader_get_int64 (reader), >, 0);
  g_assert_true (rmi_call_end (call, NULL));
}

static gpointer
calling_thread (gpointer data)
{
  for (guint i = 0; i < CALLS; i++)
    call_once (data);
  return NULL;
}

static void
test_no_loop (Fixture       *fixture,
              gconstpointer  data)
{
  calling_thread (fixture);
}

static void
test_no_loop_many_threads (Fixture       *fixture,
                           gconstpointer  data)
{
  GThread *threads[4];

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("caller", calling_thread, fixture);
  calling_thread (fixture);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
}

static gpointer
quitting_thread (gpointer data)
{
  Fixture *fixture = ((gpointer *) data)[0];

  calling_thread (fixture);
  g_main_loop_quit (((gpointer *) data)[1]);
  g_main_context_wakeup (fixture->context);
  return NULL;
}

static void
test_loop_elsewhere (Fixture       *fixture,
                     gconstpointer  data)
{
  g_autoptr(GMainLoop) loop = g_main_loop_new (fixture->context, FALSE);
  gpointer both[] = { fixture, loop };
  g_autoptr(GThread) thread = g_thread_new ("caller", quitting_thread, both);

  g_main_loop_run (loop);
  g_thread_join (g_steal_pointer (&thread));
}

/* The loop stops while others wait for it: they take over. */
static void
test_owner_lets_go (Fixture       *fixture,
                    gconstpointer  data)
{
  GThread *threads[3];

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("caller", calling_thread, fixture);
  for (guint i = 0; i < 20; i++)
    g_main_context_iteration (fixture->context, FALSE);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
}

typedef struct
{
  Fixture      *fixture;
  GMainContext *context;
  GMainLoop    *loop;
  guint         n_left;
} Async;

static void
async_cb (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  Async *async = user_data;
  g_autoptr(RmiCall) call = rmi_call_finish (NULL, result, NULL);

  g_assert_nonnull (call);
  g_assert_true (g_main_context_is_owner (async->context));
  if (--async->n_left == 0)
    g_main_loop_quit (async->loop);
}

static gpointer
async_thread (gpointer data)
{
  Fixture *fixture = ((gpointer *) data)[0];
  Async async = { fixture, g_main_context_new (), NULL, CALLS };

  g_main_context_push_thread_default (async.context);
  async.loop = g_main_loop_new (async.context, FALSE);
  for (guint i = 0; i < CALLS; i++)
    rmi_call_start (rmi_call_new (fixture->connection, "/peer", NULL, "Ask", 0), NULL, NULL, async_cb, &async);
  g_main_loop_run (async.loop);
  g_main_loop_unref (async.loop);
  g_main_context_pop_thread_default (async.context);
  g_main_context_unref (async.context);
  g_main_loop_quit (((gpointer *) data)[1]);
  return NULL;
}

/* Completed in the caller's context, not in the owner's. */
static void
test_async_elsewhere (Fixture       *fixture,
                      gconstpointer  data)
{
  g_autoptr(GMainLoop) loop = g_main_loop_new (fixture->context, FALSE);
  gpointer both[] = { fixture, loop };
  g_autoptr(GThread) thread = g_thread_new ("caller", async_thread, both);

  g_main_loop_run (loop);
  g_thread_join (g_steal_pointer (&thread));
}

static gpointer
cancelling_thread (gpointer data)
{
  g_cancellable_cancel (data);
  return NULL;
}

static void
test_cancel_elsewhere (Fixture       *fixture,
                       gconstpointer  data)
{
  for (guint i = 0; i < CALLS; i++)
    {
      g_autoptr(GCancellable) cancellable = g_cancellable_new ();
      g_autoptr(RmiCall) call = rmi_call_new (fixture->connection, "/peer", NULL, "Ask", 0);
      g_autoptr(GThread) thread = g_thread_new ("canceller", cancelling_thread, cancellable);
      g_autoptr(GError) error = NULL;

      /* Whichever comes first. */
      if (rmi_call_run (call, cancellable, &error) == NULL)
        g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      g_thread_join (g_steal_pointer (&thread));
    }
  call_once (fixture);
}

/* ---- much that was handed over ---- */

#define ITEMS (10 * RMI_HAND_OVER_TURN)

typedef struct
{
  RmiWatch    watch;          /* of an eventfd that the first item writes */
  RmiPoller  *poller;
  guint       n_run;
  guint       n_run_before;
} Much;

static void
item_run (gpointer data,
          gpointer unused)
{
  Much *self = data;

  if (self->n_run++ == 0 && self->watch.poller != NULL)
    g_assert_cmpint (eventfd_write (self->watch.fd, 1), ==, 0);
}

static gpointer
much_thread (gpointer data)
{
  Much *self = data;

  for (guint i = 0; i < ITEMS; i++)
    rmi_poller_hand_over (self->poller, item_run, self, NULL);
  return NULL;
}

static void
watch_ready (RmiWatch *watch,
             guint32   events)
{
  Much *self = (Much *) watch;

  self->n_run_before = self->n_run;
  rmi_poller_remove_watch (watch);
}

static void
look (gpointer data,
      gpointer unused)
{
  Much *self = data;

  self->n_run_before = self->n_run;
}

static gboolean
all_ran (gpointer data)
{
  return ((Much *) data)->n_run == ITEMS;
}

/* @data: what the owner does, "loop" or "wait". Descriptors get their turn, and nobody sleeps before all of it ran. */
static void
test_much_in_turns (Fixture       *fixture,
                    gconstpointer  data)
{
  Much much = { { .ready = watch_ready }, fixture->poller, 0, 0 };
  int fd = eventfd (0, EFD_CLOEXEC | EFD_NONBLOCK);

  g_assert_true (rmi_poller_add_watch (fixture->poller, &much.watch, fd, EPOLLIN, NULL));
  g_thread_join (g_thread_new ("much", much_thread, &much));
  g_assert_cmpuint (rmi_poller_count_handed_over (fixture->poller), ==, ITEMS);
  if (g_str_equal (data, "wait"))
    g_assert_true (rmi_poller_wait (fixture->poller, all_ran, &much, -1, NULL, NULL));
  while (!all_ran (&much))
    g_main_context_iteration (fixture->context, TRUE);
  g_assert_cmpuint (much.n_run_before, ==, RMI_HAND_OVER_TURN);
  g_assert_cmpuint (rmi_poller_count_handed_over (fixture->poller), ==, 0);
  close (fd);
}

static void
test_much_before (Fixture       *fixture,
                  gconstpointer  data)
{
  Much much = { .poller = fixture->poller };

  g_thread_join (g_thread_new ("much", much_thread, &much));
  rmi_poller_run_in_owner (fixture->poller, look, &much);
  g_assert_cmpuint (much.n_run_before, ==, ITEMS);
}

#define ADD(path, func) g_test_add ("/rmi/threads/" path, Fixture, NULL, set_up, func, tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("a-program-without-a-loop-calls", test_no_loop);
  ADD ("threads-without-a-loop-take-turns", test_no_loop_many_threads);
  ADD ("a-thread-calls-while-the-loop-runs-elsewhere", test_loop_elsewhere);
  ADD ("callers-take-over-when-the-owner-lets-go", test_owner_lets_go);
  ADD ("answers-come-in-the-callers-context", test_async_elsewhere);
  ADD ("a-cancel-from-another-thread-ends-the-wait", test_cancel_elsewhere);
  g_test_add ("/rmi/threads/a-loop-runs-much-in-turns", Fixture, "loop", set_up, test_much_in_turns, tear_down);
  g_test_add ("/rmi/threads/a-wait-runs-much-in-turns", Fixture, "wait", set_up, test_much_in_turns, tear_down);
  ADD ("who-comes-after-much-runs-after-all-of-it", test_much_before);
  return g_test_run ();
}
