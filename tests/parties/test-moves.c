/* tests/parties/test-moves.c: stubs whose object is reached by another connection from now on
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "config.h"
#include "tests/objects-fixture.h"

#include <sys/socket.h>

static gpointer
unref_in_thread (gpointer object)
{
  g_object_unref (object);
  return NULL;
}

/* The last stub of it goes elsewhere, and nobody but the stub had the connection. */
static void
test_finalized_elsewhere (Fixture       *fixture,
                          gconstpointer  data)
{
  g_autoptr(GSocket) socket = NULL;
  g_autoptr(GSocket) peer = NULL;
  RmiConnection *direct;
  TestBell *stub, *other;
  int fds[2];

  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), ==, 0);
  socket = g_socket_new_from_fd (fds[0], NULL);
  peer = g_socket_new_from_fd (fds[1], NULL);
  direct = rmi_connection_new_accepted (fixture->runtime, socket);
  stub = rmi_stub_importer_get_stub (fixture->importer, fixture->near, "/moved", TEST_TYPE_BELL, NULL);
  other = rmi_stub_importer_get_stub (fixture->importer, direct, "/moved", TEST_TYPE_BELL, NULL);
  rmi_stub_move (RMI_STUB (stub), RMI_STUB (other));
  g_assert_true (rmi_stub_get_connection (RMI_STUB (stub)) == direct);
  rmi_connection_shut_down (direct);
  g_object_unref (other);
  for (guint i = 0; i < 8; i++)
    turn (fixture);
  g_object_add_weak_pointer (G_OBJECT (direct), (gpointer *) &direct);
  g_object_unref (direct);

  g_assert_true (rmi_poller_acquire (fixture->poller));
  g_thread_join (g_thread_new ("unref", unref_in_thread, stub));
  g_assert_nonnull (direct);
  rmi_poller_release (fixture->poller);
  settle (fixture);
  g_assert_null (direct);
}

static void
filled_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GError) error = NULL;

  rmi_stub_fill_finish (RMI_STUB (object), result, &error);
  g_assert_no_error (error);
  *(gboolean *) user_data = TRUE;
}

/* It moves when the answer is there, and hears everything once. */
static void
test_while_filled (Fixture       *fixture,
                   gconstpointer  data)
{
  g_autoptr(TestBell) other = rmi_stub_importer_get_stub (fixture->importer, fixture->far, "/bell", TEST_TYPE_BELL, NULL);
  RmiStub *stub = RMI_STUB (fixture->stub);
  gboolean is_filled = FALSE;
  guint n_rung = 0;

  rmi_stub_fill_async (stub, NULL, filled_cb, &is_filled);
  rmi_stub_move (stub, RMI_STUB (other));
  g_assert_true (rmi_stub_get_connection (stub) == fixture->near);
  TURN_UNTIL (fixture, is_filled);
  g_assert_true (rmi_stub_get_connection (stub) == fixture->far);

  settle (fixture);
  g_signal_connect (stub, "rung", G_CALLBACK (count_cb), &n_rung);
  g_signal_emit_by_name (fixture->bell, "rung", 1u);
  settle (fixture);
  g_assert_cmpuint (n_rung, ==, 1);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/rmi/moves/the-last-of-a-connection-goes-in-any-thread", Fixture, NULL, fixture_set_up, test_finalized_elsewhere,
              fixture_tear_down);
  g_test_add ("/rmi/moves/not-before-what-is-asked-is-answered", Fixture, NULL, fixture_set_up, test_while_filled, fixture_tear_down);

  return g_test_run ();
}
