/* tests/test-redial.c: a connection that was lost is dialled again
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The peer is a thread that hangs up on its first connection when it is called, and answers calls on the second. Before it hangs
 * up, it may say things of its own.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>

#include "rmi/rmi-address-internal.h"
#include "rmi/rmi-call-internal.h"
#include "rmi/rmi-error.h"
#include "rmi/rmi-runtime-internal.h"
#include "rmi/rmi-writer-internal.h"
#include "tests/fake-doors.h"
#include "tests/wire.h"

#define N_CALLS 3

typedef struct
{
  char          *folder;
  char          *path;
  GSocket       *listener;
  GThread       *peer;
  RmiPoller     *poller;
  RmiRuntime    *runtime;
  FakeExporter  *exporter;
  FakeImporter  *importer;
  RmiConnection *connection;
  guint          n_failed;
  const char *const *words;      /* what the peer says on its first connection, or NULL */
  GString       *heard;          /* by the peer, on its second one */
} Fixture;

static void
say (GSocket    *socket,
     const char *json)
{
  g_autofree char *frame = wire_frame (json);

  g_assert_cmpint (g_socket_send (socket, frame, strlen (frame), NULL, NULL), ==, (gssize) strlen (frame));
}

/* FALSE: hang up. */
static gboolean
answer (Fixture    *fixture,
        GSocket    *socket,
        const char *request,
        gboolean    is_patient)
{
  const char *id = strstr (request, "\"id\":");
  gboolean is_hello = strstr (request, "rpc.hello") != NULL;
  g_autofree char *json = NULL;

  if (is_patient)
    g_string_append (fixture->heard, request);
  if (id == NULL || strstr (request, "\"method\"") == NULL)
    return TRUE;
  if (!is_hello && !is_patient)
    return FALSE;

  json = g_strdup_printf ("{\"jsonrpc\":\"2.0\",\"id\":%d,\"result\":%s}", atoi (id + 5),
                          is_hello ? "{\"version\":1,\"node\":\"peer\"}" : "7");
  say (socket, json);
  for (guint i = 0; !is_patient && fixture->words != NULL && fixture->words[i] != NULL; i++)
    say (socket, fixture->words[i]);
  return TRUE;
}

static void
serve (Fixture  *fixture,
       GSocket  *socket,
       gboolean  is_patient)
{
  g_autoptr(GString) received = g_string_new (NULL);
  char bytes[4096];
  gssize got;

  while ((got = g_socket_receive (socket, bytes, sizeof bytes, NULL, NULL)) > 0)
    {
      char *message;
      gboolean goes_on = TRUE;

      g_string_append_len (received, bytes, got);
      while (goes_on && (message = wire_take_message (received)) != NULL)
        {
          goes_on = answer (fixture, socket, message, is_patient);
          g_free (message);
        }
      if (!goes_on)
        break;
    }
  g_socket_close (socket, NULL);
}

static gpointer
peer_thread (gpointer data)
{
  for (guint i = 0; i < 2; i++)
    {
      Fixture *fixture = data;
      g_autoptr(GSocket) socket = g_socket_accept (fixture->listener, NULL, NULL);

      g_assert_nonnull (socket);
      serve (fixture, socket, i > 0);
    }
  return NULL;
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  g_autoptr(GSocketAddress) address = NULL;
  RmiEndpoint endpoint = { RMI_TRANSPORT_UNIX, NULL, 0, NULL };
  g_autofree char *uri = NULL;
  GError *error = NULL;

  fixture->folder = g_dir_make_tmp ("rmi-redial-XXXXXX", NULL);
  fixture->path = g_build_filename (fixture->folder, "peer.sock", NULL);
  address = g_unix_socket_address_new (fixture->path);
  fixture->listener = g_socket_new (G_SOCKET_FAMILY_UNIX, G_SOCKET_TYPE_STREAM,
                                    G_SOCKET_PROTOCOL_DEFAULT, NULL);
  g_assert_true (g_socket_bind (fixture->listener, address, FALSE, NULL));
  g_assert_true (g_socket_listen (fixture->listener, NULL));
  fixture->words = data;
  fixture->heard = g_string_new (NULL);
  fixture->peer = g_thread_new ("peer", peer_thread, fixture);

  fixture->poller = rmi_poller_new (g_main_context_default (), NULL);
  fixture->exporter = fake_exporter_new ();
  fixture->importer = fake_importer_new ();
  fixture->runtime = rmi_runtime_new (fixture->poller, RMI_EXPORTER (fixture->exporter),
                                      RMI_IMPORTER (fixture->importer));
  endpoint.socket_path = fixture->path;
  uri = rmi_endpoint_to_uri (&endpoint);
  fixture->connection = rmi_connection_new_dialled (fixture->runtime,
                                                    rmi_endpoint_parse (uri, NULL, &error));
  g_assert_no_error (error);
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
  g_object_unref (fixture->exporter);
  g_object_unref (fixture->importer);
  g_thread_join (fixture->peer);
  g_assert_null (strstr (fixture->heard->str, "late"));
  g_string_free (fixture->heard, TRUE);
  g_object_unref (fixture->listener);
  g_unlink (fixture->path);
  g_rmdir (fixture->folder);
  g_free (fixture->path);
  g_free (fixture->folder);
}

static void
call_once (Fixture *fixture)
{
  g_autoptr(RmiCall) call = rmi_call_new (fixture->connection, "/peer", NULL, "Ask", 0);
  g_autoptr(GError) error = NULL;
  RmiReader *reader = rmi_call_run (call, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpint (rmi_reader_get_int64 (reader), ==, 7);
  g_assert_true (rmi_call_end (call, NULL));
}

/* What many do: try again at once, blocking. */
static void
failed_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  Fixture *fixture = user_data;
  g_autoptr(GError) error = NULL;

  g_assert_null (rmi_call_finish (NULL, result, &error));
  g_assert_error (error, RMI_ERROR, RMI_ERROR_DISCONNECTED);
  call_once (fixture);
  fixture->n_failed++;
}

static void
test_retry_in_callback (Fixture       *fixture,
                        gconstpointer  data)
{
  for (guint i = 0; i < N_CALLS; i++)
    rmi_call_start (rmi_call_new (fixture->connection, "/peer", NULL, "Ask", 0), NULL, NULL,
                    failed_cb, fixture);
  while (fixture->n_failed < N_CALLS)
    g_main_context_iteration (NULL, TRUE);

  g_assert_false (rmi_connection_is_closed (fixture->connection));
  call_once (fixture);
}

static void
call_while_forgotten (RmiConnection *connection,
                      gpointer       data)
{
  Fixture *fixture = data;
  g_autoptr(RmiCall) call = rmi_call_new (connection, "/peer", NULL, "Ask", 0);
  g_autoptr(GError) error = NULL;

  g_assert_null (rmi_call_run (call, NULL, &error));
  g_assert_error (error, RMI_ERROR, RMI_ERROR_UNREACHABLE);
  fixture->n_failed++;
}

static void
test_call_while_forgotten (Fixture       *fixture,
                           gconstpointer  data)
{
  g_autoptr(RmiCall) call = rmi_call_new (fixture->connection, "/peer", NULL, "Ask", 0);
  g_autoptr(GError) error = NULL;

  fixture->importer->on_disconnected = call_while_forgotten;
  fixture->importer->data = fixture;
  g_assert_null (rmi_call_run (call, NULL, &error));
  g_assert_error (error, RMI_ERROR, RMI_ERROR_DISCONNECTED);
  g_assert_cmpuint (fixture->n_failed, ==, 1);
  fixture->importer->on_disconnected = NULL;
  call_once (fixture);
}

/* ---- what came before the end ---- */

#define REQUEST "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"/x#Later\"}"
#define BATCH "[{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"/x#Echo\",\"params\":[\"late\"]},{\"jsonrpc\":\"2.0\",\"id\":3," \
              "\"method\":\"/x#Later\"}]"
#define ONE_WAY "{\"jsonrpc\":\"2.0\",\"method\":\"/x#Echo\",\"params\":[\"x\"]}"
#define ONE_WAY_WITH_ITS_OBJECT "{\"jsonrpc\":\"2.0\",\"method\":\"/x#Echo\",\"params\":[{\"$ref\":\"/~/gone\"}]}"
#define SUBSCRIPTION "{\"jsonrpc\":\"2.0\",\"method\":\"/x#rpc.subscribe\"}"

static void
lost_cb (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  Fixture *fixture = user_data;
  g_autoptr(GError) error = NULL;

  g_assert_null (rmi_call_finish (NULL, result, &error));
  g_assert_error (error, RMI_ERROR, RMI_ERROR_DISCONNECTED);
  fixture->n_failed++;
}

/* Its id is that of another call there. The second connection hears nothing of it: see tear_down(). */
static void
test_late_answer (Fixture       *fixture,
                  gconstpointer  data)
{
  rmi_call_start (rmi_call_new (fixture->connection, "/peer", NULL, "Ask", 0), NULL, NULL, lost_cb, fixture);
  while (fixture->n_failed == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_nonnull (fixture->exporter->later);
  call_once (fixture);
  fake_exporter_answer (fixture->exporter, "late");
  call_once (fixture);
}

/* This program blocked when they came. */
static void
test_last_words (Fixture       *fixture,
                 gconstpointer  data)
{
  g_autoptr(RmiCall) call = rmi_call_new (fixture->connection, "/peer", NULL, "Ask", 0);
  g_autoptr(GError) error = NULL;

  g_assert_null (rmi_call_run (call, NULL, &error));
  g_assert_error (error, RMI_ERROR, RMI_ERROR_DISCONNECTED);
  call_once (fixture);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpstr (fixture->exporter->log->str, ==, "Echo ");
}

static const char *const request_words[] = { REQUEST, NULL };
static const char *const batch_words[] = { BATCH, NULL };
static const char *const all_words[] = { REQUEST, BATCH, ONE_WAY_WITH_ITS_OBJECT, ONE_WAY, SUBSCRIPTION, NULL };

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/rmi/redial/a-callback-that-calls-again-gets-a-new-connection", Fixture, NULL,
              set_up, test_retry_in_callback, tear_down);
  g_test_add ("/rmi/redial/nobody-dials-while-the-lost-stream-is-cleared-away", Fixture, NULL, set_up,
              test_call_while_forgotten, tear_down);
  g_test_add ("/rmi/redial/a-late-answer-is-not-for-the-new-connection", Fixture, request_words, set_up, test_late_answer,
              tear_down);
  g_test_add ("/rmi/redial/late-answers-to-a-batch-are-not-for-the-new-connection", Fixture, batch_words, set_up,
              test_late_answer, tear_down);
  g_test_add ("/rmi/redial/last-words-count-but-ask-nothing", Fixture, all_words, set_up, test_last_words, tear_down);
  return g_test_run ();
}
