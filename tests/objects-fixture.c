/* tests/objects-fixture.c: two ends of a connection, and a bell
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "config.h"
#include "tests/objects-fixture.h"

#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>

#include "rmi/rmi-writer-internal.h"

void
count_cb (gpointer source,
          gpointer argument,
          guint   *n)
{
  (*n)++;
}

void
turn (Fixture *fixture)
{
  GMainContext *context = rmi_poller_get_context (fixture->poller);

  rmi_poller_flush (fixture->poller);
  g_main_context_iteration (context, FALSE);
}

/* All that was sent has arrived: each end answers a ping that was sent after it. */
void
settle (Fixture *fixture)
{
  RmiConnection *ends[] = { fixture->near, fixture->far };

  for (guint i = 0; i < 2; i++)
    {
      g_autoptr(RmiCall) call = rmi_call_new_system (ends[i], "rpc.ping");
      g_autoptr(GError) error = NULL;

      rmi_writer_begin_array (rmi_call_get_writer (call));
      rmi_writer_end_array (rmi_call_get_writer (call));
      rmi_call_run (call, NULL, &error);
      g_assert_no_error (error);
    }
  for (guint i = 0; i < 8; i++)
    turn (fixture);
}

static void
connect_ends (Fixture *fixture)
{
  g_autofree char *directory = g_dir_make_tmp ("rmi-test-XXXXXX", NULL);
  g_autofree char *file = g_build_filename (directory, "socket", NULL);
  g_autofree char *escaped = g_uri_escape_string (file, NULL, FALSE);
  g_autofree char *uri = g_strdup_printf ("rmi+unix://%s/", escaped);
  g_autoptr(GSocketAddress) address = g_unix_socket_address_new (file);
  g_autoptr(GSocket) listener = g_socket_new (G_SOCKET_FAMILY_UNIX, G_SOCKET_TYPE_STREAM, 0, NULL);
  g_autoptr(GSocket) accepted = NULL;
  g_autofree char *path = NULL;
  GError *error = NULL;
  RmiEndpoint *endpoint;

  g_socket_bind (listener, address, TRUE, &error);
  g_assert_no_error (error);
  g_socket_listen (listener, &error);
  g_assert_no_error (error);
  endpoint = rmi_endpoint_parse (uri, &path, &error);
  g_assert_no_error (error);
  fixture->near = rmi_connection_new_dialled (fixture->runtime, endpoint);
  rmi_connection_ensure_open (fixture->near, &error);
  g_assert_no_error (error);
  TURN_UNTIL (fixture, !rmi_connection_is_closed (fixture->near));
  accepted = g_socket_accept (listener, NULL, &error);
  g_assert_no_error (error);
  fixture->far = rmi_connection_new_accepted (fixture->runtime, accepted);
  g_unlink (file);
  g_rmdir (directory);
}

void
fixture_set_up (Fixture       *fixture,
                gconstpointer  data)
{
  GError *error = NULL;

  fixture->poller = rmi_poller_new (NULL, NULL);
  fixture->exporter = rmi_object_exporter_new (fixture->poller);
  fixture->importer = rmi_stub_importer_new (fixture->poller);
  fixture->runtime = rmi_runtime_new (fixture->poller, RMI_EXPORTER (fixture->exporter),
                                      RMI_IMPORTER (fixture->importer));
  g_signal_connect (fixture->exporter, "unreferenced", G_CALLBACK (count_cb),
                    &fixture->n_unreferenced);
  connect_ends (fixture);

  fixture->bell = g_object_new (REAL_TYPE_BELL, NULL);
  g_assert_true (
      rmi_object_exporter_export (fixture->exporter, "/bell", G_OBJECT (fixture->bell), &error));
  fixture->stub = rmi_stub_importer_get_stub (fixture->importer, fixture->near, "/bell",
                                              TEST_TYPE_BELL, &error);
  g_assert_no_error (error);
}

void
fixture_tear_down (Fixture       *fixture,
                   gconstpointer  data)
{
  g_clear_object (&fixture->stub);
  rmi_connection_shut_down (fixture->near);
  rmi_connection_shut_down (fixture->far);
  rmi_poller_flush (fixture->poller);
  rmi_object_exporter_close (fixture->exporter);
  rmi_poller_close (fixture->poller);
  g_assert_finalize_object (fixture->bell);
  g_assert_finalize_object (fixture->near);
  g_assert_finalize_object (fixture->far);
  rmi_runtime_unref (fixture->runtime);
  rmi_poller_unref (fixture->poller);
  g_assert_finalize_object (fixture->exporter);
  g_assert_finalize_object (fixture->importer);
}
