/* tests/sessions/test-resumes.c: sessions that are resumed in bad weather, or by somebody else
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "config.h"
#include "tests/sessions/storm.h"

#include "rmi/rmi-connection-private.h"
#include "tests/wire.h"

/* ---- cut off while it resumes ---- */


/* Where the next byte of all that one resume says is due, the link ends. */
static void
cut_each (Storm      *storm,
          const char *way)
{
  g_autoptr(ScenarioParty) made = storm_make (storm);
  g_autofree char *bytes = g_strdup_printf ("bytes %s", way);
  guint n_broken = 0;
  guint64 before, n_bytes;

  g_signal_connect_swapped (made, "rmi-broken", G_CALLBACK (storm_count), &n_broken);
  storm_let_keep (storm);
  storm_settle (storm);
  before = chaos_do (storm->chaos, "%s", bytes);
  storm_break (storm, "drop");
  TURN_UNTIL (storm->n_gaps == 1);
  n_bytes = chaos_do (storm->chaos, "%s", bytes) - before;
  g_assert_cmpuint (n_bytes, >, 150);

  for (guint64 k = 0; k < n_bytes; k++)
    {
      storm_settle (storm);
      chaos_do (storm->chaos, "cut %s %" G_GUINT64_FORMAT, way, k);
      storm_break (storm, "drop");
      storm_assert_works (made);
    }
  g_assert_true (storm_ask_kept (storm, NULL));
  g_assert_cmpuint (n_broken, ==, 0);
  g_assert_cmpuint (storm->n_unreferenced, ==, 0);

  storm_let_forget (storm);
  TURN_UNTIL (storm->n_unreferenced == 1);
  g_clear_object (&made);
  storm_await_alive (storm, 1);
}

static void
test_cut_up (Storm         *storm,
             gconstpointer  data)
{
  cut_each (storm, "up");
}

static void
test_cut_down (Storm         *storm,
               gconstpointer  data)
{
  cut_each (storm, "down");
}

/* ---- storms ---- */

#define N_FAULTS 25
#define N_TICKS 20

typedef struct
{
  guint last;
  guint n_descents;
} Order;

static void
ticked_cb (ScenarioParty *party,
           guint          number,
           Order         *order)
{
  order->n_descents += number <= order->last;
  order->last = number;
}

/* One that goes at once, and one that stays, if they came. */
static void
make_two (Storm     *storm,
          GPtrArray *kept)
{
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(ScenarioParty) made = scenario_party_make (storm->party, NULL, &error);

      if (made != NULL && i == 0)
        g_ptr_array_add (kept, g_steal_pointer (&made));
    }
}

static void
test_storm (Storm         *storm,
            gconstpointer  data)
{
  g_autoptr(GPtrArray) kept = g_ptr_array_new_with_free_func (g_object_unref);
  Order order = { 0, 0 };
  guint n_rounds = 0;

  rmi_stub_set_timeout (RMI_STUB (storm->party), 1000);
  g_signal_connect (storm->party, "ticked", G_CALLBACK (ticked_cb), &order);
  chaos_begin (storm->chaos, "storm %u", N_FAULTS);
  while (!chaos_has_answer (storm->chaos))
    {
      g_autoptr(GError) error = NULL;

      scenario_party_tick (storm->direct, N_TICKS, NULL, &error);
      g_assert_no_error (error);
      n_rounds++;
      make_two (storm, kept);
      while (g_main_context_iteration (NULL, FALSE))
        ;
    }
  chaos_end (storm->chaos);
  chaos_do (storm->chaos, "go");
  chaos_do (storm->chaos, "accept");
  chaos_do (storm->chaos, "reset");

  storm_settle (storm);
  /* No event twice, and none before another that was emitted earlier. */
  g_assert_cmpuint (order.n_descents, <=, n_rounds);
  for (guint i = 0; i < kept->len; i++)
    {
      g_assert_false (rmi_stub_is_broken (kept->pdata[i]));
      storm_assert_works (kept->pdata[i]);
    }
  storm_await_alive (storm, 1 + kept->len);
  g_ptr_array_set_size (kept, 0);
  storm_await_alive (storm, 1);
}

/* ---- who is not the peer ---- */

static GSocket *
dial (Storm *storm)
{
  g_autoptr(RmiEndpoint) endpoint = rmi_endpoint_parse (storm->peer->party_uri, NULL, NULL);
  g_autoptr(GSocketConnectable) connectable = rmi_endpoint_get_connectable (endpoint);
  g_autoptr(GSocketClient) client = g_socket_client_new ();
  g_autoptr(GError) error = NULL;
  g_autoptr(GSocketConnection) connection = g_socket_client_connect (client, connectable, NULL, &error);

  g_assert_no_error (error);
  return g_object_ref (g_socket_connection_get_socket (connection));
}

/* The first answer to @json. */
static char *
ask (GSocket    *socket,
     const char *json)
{
  g_autofree char *frame = wire_frame (json);
  g_autoptr(GString) received = g_string_new (NULL);
  char bytes[4096];
  char *message;

  g_socket_set_blocking (socket, TRUE);
  g_assert_cmpint (g_socket_send (socket, frame, strlen (frame), NULL, NULL), ==, (gssize) strlen (frame));
  while ((message = wire_take_message (received)) == NULL)
    {
      gssize n = g_socket_receive (socket, bytes, sizeof bytes, NULL, NULL);

      g_assert_cmpint (n, >, 0);
      g_string_append_len (received, bytes, n);
    }
  return message;
}

static char *
hello (const char *node,
       const char *session)
{
  return g_strdup_printf ("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"rpc.hello\",\"params\":"
                          "{\"version\":1,\"node\":\"%s\",\"session\":\"%s\",\"lease\":60}}", node, session);
}

static gboolean
is_resumed (GSocket    *socket,
            const char *node,
            const char *session)
{
  g_autofree char *question = hello (node, session);
  g_autofree char *answer = ask (socket, question);

  g_assert_nonnull (strstr (answer, "\"resumed\":"));
  return strstr (answer, "\"resumed\":true") != NULL;
}

static void
test_strangers (Storm         *storm,
                gconstpointer  data)
{
  g_autoptr(ScenarioParty) made = storm_make (storm);
  const char *session = storm->connection->session;
  const char *node = storm->connection->runtime->node_id;
  g_autofree char *ping = NULL;
  g_autoptr(GSocket) other_node = dial (storm);
  g_autoptr(GSocket) no_token = dial (storm);
  g_autoptr(GSocket) late = dial (storm);

  g_assert_false (is_resumed (other_node, "somebody", session));
  g_assert_false (is_resumed (no_token, node, "AAAAAAAAAAAAAAAAAAAAAA"));
  ping = ask (late, "{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"/party#Make\"}");
  g_assert_nonnull (strstr (ping, "$ref"));
  g_assert_false (is_resumed (late, node, session));

  storm_settle (storm);
  g_assert_cmpuint (storm->n_closed, ==, 0);
  storm_assert_works (made);
}

/* The token is a bearer secret; who lost the session by it comes back with it. */
static void
test_bearer (Storm         *storm,
             gconstpointer  data)
{
  g_autoptr(ScenarioParty) made = storm_make (storm);
  g_autoptr(GSocket) thief = dial (storm);

  g_assert_true (is_resumed (thief, storm->connection->runtime->node_id, storm->connection->session));
  TURN_UNTIL (storm->n_closed == 1);
  TURN_UNTIL (storm->n_gaps == 1);
  storm_assert_works (made);
}

/* What is said of references that were never sent adds nothing. */
static void
test_held_too_much (Storm         *storm,
                    gconstpointer  data)
{
  ScenarioParty *made = storm_make (storm);
  g_autofree char *id = g_strdup (rmi_stub_get_path (RMI_STUB (made)));
  g_autofree char *held = NULL;
  g_autofree char *answer = NULL;
  g_autoptr(GSocket) liar = dial (storm);

  g_assert_true (is_resumed (liar, storm->connection->runtime->node_id, storm->connection->session));
  held = g_strdup_printf ("{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"rpc.held\",\"params\":{\"counts\":"
                          "{\"%s\":18446744073709551615,\"/~/unknown\":5,\"/party\":9},\"more\":false}}", id);
  answer = ask (liar, held);
  TURN_UNTIL (storm->n_gaps == 1);
  storm_assert_works (made);
  g_assert_cmpuint (storm_count_alive (storm), ==, 2);
  g_object_unref (made);
  storm_await_alive (storm, 1);
}

int
main (int   argc,
      char *argv[])
{
  static const StormSettings plain = { NULL, 0, 0 };

  world_init (&argc, &argv);
  ADD_STORM_OVER (unix, "cut-at-each-byte-that-a-resume-says", plain, test_cut_up);
  ADD_STORM_OVER (unix, "cut-at-each-byte-that-a-resume-is-told", plain, test_cut_down);
  ADD_STORM ("storms", plain, test_storm);
  ADD_STORM ("strangers-get-a-session-of-their-own", plain, test_strangers);
  ADD_STORM ("who-has-the-token-has-the-session", plain, test_bearer);
  ADD_STORM ("nobody-holds-more-than-was-sent", plain, test_held_too_much);
  return g_test_run ();
}
