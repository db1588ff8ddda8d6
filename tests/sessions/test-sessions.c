/* tests/sessions/test-sessions.c: what outlives a connection, between programs
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "config.h"
#include "tests/sessions/storm.h"

#include <signal.h>

/* ---- streams that end ---- */

static void
test_references (Storm         *storm,
                 gconstpointer  data)
{
  static const char *const faults[] = { "drop", "reset", "half-open far" };
  g_autoptr(ScenarioParty) made = storm_make (storm);
  guint n_broken = 0;

  g_signal_connect_swapped (made, "rmi-broken", G_CALLBACK (storm_count), &n_broken);
  for (guint i = 0; i < G_N_ELEMENTS (faults); i++)
    {
      storm_break (storm, faults[i]);
      storm_assert_works (made);
      g_assert_cmpuint (storm_count_alive (storm), ==, 2);
    }
  g_assert_cmpuint (n_broken, ==, 0);
  g_clear_object (&made);
  storm_await_alive (storm, 1);
}

/* What only we hold on to, and what is given up meanwhile. */
static void
test_given_up_meanwhile (Storm         *storm,
                         gconstpointer  data)
{
  g_autoptr(ScenarioParty) kept = storm_make (storm);
  ScenarioParty *given_up = storm_make (storm);

  chaos_do (storm->chaos, "refuse");
  storm_break (storm, "drop");
  g_object_unref (given_up);
  g_assert_cmpuint (storm_count_alive (storm), ==, 3);
  chaos_do (storm->chaos, "accept");
  storm_await_alive (storm, 2);
  storm_assert_works (kept);
}

static void
test_exports (Storm         *storm,
              gconstpointer  data)
{
  storm_let_keep (storm);
  for (guint i = 0; i < 3; i++)
    {
      storm_break (storm, i == 1 ? "half-open far" : "drop");
      g_assert_true (storm_ask_kept (storm, NULL));
      g_assert_cmpuint (storm->n_unreferenced, ==, 0);
    }
  storm_let_forget (storm);
  TURN_UNTIL (storm->n_unreferenced > 0);
  storm_settle (storm);
  g_assert_cmpuint (storm->n_unreferenced, ==, 1);
}

/* Nobody calls: a program that only listens. */
static void
test_subscriptions (Storm         *storm,
                    gconstpointer  data)
{
  g_autoptr(ScenarioParty) made = storm_make (storm);
  guint n_gaps = 0;

  storm_settle (storm);
  g_signal_connect_swapped (made, "rmi-gap", G_CALLBACK (storm_count), &n_gaps);
  for (guint i = 1; i <= 3; i++)
    {
      chaos_do (storm->chaos, i == 2 ? "reset" : "drop");
      TURN_UNTIL (storm->n_gaps == i && n_gaps == i);
    }
  storm_settle (storm);
  g_assert_cmpuint (storm->n_gaps, ==, 3);
  g_assert_cmpuint (n_gaps, ==, 3);
}

static void
test_properties (Storm         *storm,
                 gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  int level = 0;

  chaos_do (storm->chaos, "refuse");
  storm_break (storm, "drop");
  g_object_set (storm->direct, "level", 42, NULL);
  TURN_UNTIL ((g_object_get (storm->direct, "level", &level, NULL), level == 42));
  chaos_do (storm->chaos, "accept");
  TURN_UNTIL (storm->n_gaps == 1);
  g_object_get (storm->party, "level", &level, NULL);
  g_assert_cmpint (level, ==, 42);
}

/* ---- calls meanwhile ---- */

static void
test_calls_meanwhile (Storm         *storm,
                      gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) remote = NULL;
  g_autoptr(ScenarioParty) made = storm_make (storm);
  g_autofree char *echo = NULL;

  storm_let_keep (storm);
  chaos_do (storm->chaos, "refuse");
  storm_break (storm, "drop");
  echo = scenario_party_echo (made, "?", NULL, &error);
  g_assert_null (echo);
  g_assert_error (error, RMI_ERROR, RMI_ERROR_UNREACHABLE);
  g_assert_cmpint (rmi_error_get_ran (error), ==, RMI_RAN_NO);
  /* The peer may learn of it a moment later than we. */
  do
    {
      g_clear_error (&remote);
      g_assert_false (storm_ask_kept (storm, &remote));
    }
  while (strstr (remote->message, "The connection ended") != NULL);
  g_assert_nonnull (strstr (remote->message, "only it can connect again"));

  chaos_do (storm->chaos, "accept");
  TURN_UNTIL (storm->n_gaps == 1);
  storm_assert_works (made);
  g_assert_true (storm_ask_kept (storm, NULL));
}

static void
waited_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  GError **error = user_data;

  g_assert_false (scenario_party_wait_finish (SCENARIO_PARTY (object), result, error));
}

static void
test_calls_in_flight (Storm         *storm,
                      gconstpointer  data)
{
  g_autoptr(ScenarioParty) made = storm_make (storm);
  g_autoptr(GError) error = NULL;

  scenario_party_wait_async (made, NULL, waited_cb, &error);
  storm_settle (storm);
  storm_break (storm, "reset");
  TURN_UNTIL (error != NULL);
  g_assert_error (error, RMI_ERROR, RMI_ERROR_DISCONNECTED);
  g_assert_cmpint (rmi_error_get_ran (error), ==, RMI_RAN_MAYBE);
  storm_assert_works (made);
}

/* ---- sessions that end ---- */

static void
test_restarted (Storm         *storm,
                gconstpointer  data)
{
  g_autoptr(ScenarioParty) made = storm_make (storm);
  guint n_broken = 0;

  g_signal_connect_swapped (made, "rmi-broken", G_CALLBACK (storm_count), &n_broken);
  storm_let_keep (storm);
  peer_kill (storm->peer);
  peer_restart (storm->peer);
  TURN_UNTIL (storm->n_gaps == 1);
  g_assert_cmpuint (n_broken, ==, 1);
  g_assert_true (rmi_stub_is_broken (RMI_STUB (made)));
  g_assert_cmpuint (storm->n_unreferenced, ==, 1);
  storm_assert_works (storm->party);
}

/* Its lease is over, ours is not. */
static void
test_peer_gave_up (Storm         *storm,
                   gconstpointer  data)
{
  g_autoptr(ScenarioParty) made = storm_make (storm);
  guint n_broken = 0;

  g_signal_connect_swapped (made, "rmi-broken", G_CALLBACK (storm_count), &n_broken);
  storm_let_keep (storm);
  chaos_do (storm->chaos, "refuse");
  storm_break (storm, "drop");
  storm_await_alive (storm, 1);
  g_assert_cmpuint (n_broken, ==, 0);
  chaos_do (storm->chaos, "accept");
  TURN_UNTIL (storm->n_gaps == 1);
  g_assert_cmpuint (n_broken, ==, 1);
  g_assert_cmpuint (storm->n_unreferenced, ==, 1);
  storm_assert_works (storm->party);
}

/* Ours is over, nobody listens any more. */
static void
test_we_gave_up (Storm         *storm,
                 gconstpointer  data)
{
  g_autoptr(ScenarioParty) made = storm_make (storm);
  guint n_broken = 0;

  g_signal_connect_swapped (made, "rmi-broken", G_CALLBACK (storm_count), &n_broken);
  storm_let_keep (storm);
  chaos_do (storm->chaos, "refuse");
  storm_break (storm, "drop");
  TURN_UNTIL (n_broken == 1 && storm->n_unreferenced == 1);
  chaos_do (storm->chaos, "accept");
  TURN_UNTIL (storm->n_gaps == 1);
  storm_assert_works (storm->party);
}

static void
test_closed (Storm         *storm,
             gconstpointer  data)
{
  g_autoptr(ScenarioParty) made = storm_make (storm);

  storm_let_keep (storm);
  rmi_connection_close (storm->connection);
  g_assert_true (rmi_connection_is_closed (storm->connection));
  g_assert_true (rmi_stub_is_broken (RMI_STUB (made)));
  g_assert_cmpuint (storm->n_unreferenced, ==, 1);
  storm_await_alive (storm, 1);
  storm_assert_works (storm->party);
}

/* A program that is gone holds nothing longer than a lease; one that says goodbye not even that. */
static void
test_seats (Storm         *storm,
            gconstpointer  data)
{
  g_autoptr(ScenarioParty) made = storm_make (storm);
  g_autoptr(GError) error = NULL;
  g_autoptr(GObject) other = NULL;
  g_autoptr(RmiNode) node = rmi_node_new ();

  chaos_do (storm->chaos, "refuse");
  storm_break (storm, "drop");
  /* The direct one and the suspended one are all that may be. */
  other = rmi_node_get_object (node, storm->peer->party_uri, SCENARIO_TYPE_PARTY, NULL, &error);
  g_assert_null (other);
  g_assert_nonnull (error);
  storm_await_alive (storm, 1);
  while (other == NULL)
    {
      g_clear_error (&error);
      other = rmi_node_get_object (node, storm->peer->party_uri, SCENARIO_TYPE_PARTY, NULL, &error);
    }
  rmi_node_close (node);
}

/* ---- what it costs ---- */

static void
test_thousand (Storm         *storm,
               gconstpointer  data)
{
  g_autoptr(GPtrArray) made = storm_make_many (storm, 1000);
  guint64 before;

  storm_settle (storm);
  before = chaos_do (storm->chaos, "messages up");
  storm_break (storm, "drop");
  TURN_UNTIL (storm->n_gaps == 1);
  /* rpc.hello, rpc.held, rpc.subscribe, perhaps cut once more. */
  g_assert_cmpuint (chaos_do (storm->chaos, "messages up") - before, <=, 5);
  for (guint i = 0; i < made->len; i += 99)
    storm_assert_works (made->pdata[i]);
  g_assert_cmpuint (storm_count_alive (storm), ==, 1001);
  g_ptr_array_set_size (made, 500);
  storm_await_alive (storm, 501);
}

static void
test_ten_thousand (Storm         *storm,
                   gconstpointer  data)
{
  guint64 before = chaos_do (storm->chaos, "messages up");
  g_autoptr(GPtrArray) made = storm_make_many (storm, 10000);

  storm_settle (storm);
  /* The calls; and the announcement of the stubs that each turn brought. */
  g_assert_cmpuint (chaos_do (storm->chaos, "messages up") - before, <, 14000);
  before = chaos_do (storm->chaos, "messages up");
  storm_break (storm, "reset");
  TURN_UNTIL (storm->n_gaps == 1);
  g_assert_cmpuint (chaos_do (storm->chaos, "messages up") - before, <=, 30);
  storm_assert_works (made->pdata[0]);
  storm_assert_works (made->pdata[9999]);
  g_ptr_array_set_size (made, 0);
  storm_await_alive (storm, 1);
}

static gboolean
set_cb (gpointer data)
{
  *(gboolean *) data = TRUE;
  return G_SOURCE_REMOVE;
}

/* Several leases long, nothing is said. */
static void
test_nothing_renews (Storm         *storm,
                     gconstpointer  data)
{
  g_autoptr(GPtrArray) made = storm_make_many (storm, 100);
  guint64 up, down;
  gboolean is_over = FALSE;

  storm_settle (storm);
  up = chaos_do (storm->chaos, "messages up");
  down = chaos_do (storm->chaos, "messages down");
  g_timeout_add (3 * SHORT_LEASE_MS, set_cb, &is_over);
  TURN_UNTIL (is_over);
  g_assert_cmpuint (chaos_do (storm->chaos, "messages up"), ==, up);
  g_assert_cmpuint (chaos_do (storm->chaos, "messages down"), ==, down);
  storm_assert_works (made->pdata[99]);
}

int
main (int   argc,
      char *argv[])
{
  static const StormSettings plain = { NULL, 0, 0 };
  static const StormSettings short_peer = { NULL, SHORT_LEASE_MS, 0 };
  static const StormSettings short_own = { NULL, 0, SHORT_LEASE_MS };
  static const StormSettings short_both = { NULL, SHORT_LEASE_MS, SHORT_LEASE_MS };
  static const StormSettings few = { "local-limit-connections=2 limit-connections=2", SHORT_LEASE_MS, 0 };
  static const StormSettings many = { "local-limit-references=20000 limit-references=20000", 0, 0 };

  world_init (&argc, &argv);
  ADD_STORM ("references-go-on", plain, test_references);
  ADD_STORM ("what-is-given-up-meanwhile-is-released", plain, test_given_up_meanwhile);
  ADD_STORM ("exports-go-on-and-are-unreferenced-once", plain, test_exports);
  ADD_STORM ("subscriptions-go-on-without-a-call-one-gap-each", plain, test_subscriptions);
  ADD_STORM ("properties-are-those-of-now", plain, test_properties);
  ADD_STORM ("calls-meanwhile-did-not-run-in-both-directions", plain, test_calls_meanwhile);
  ADD_STORM ("calls-in-flight-may-have-run-and-are-not-repeated", plain, test_calls_in_flight);
  ADD_STORM ("another-process-knows-nothing", plain, test_restarted);
  ADD_STORM ("lease-ends-on-the-other-side", short_peer, test_peer_gave_up);
  ADD_STORM ("lease-ends-on-this-side", short_own, test_we_gave_up);
  ADD_STORM ("closing-ends-it-at-once", plain, test_closed);
  ADD_STORM ("suspended-ones-keep-their-seat-for-a-lease", few, test_seats);
  ADD_STORM ("a-thousand-references-in-a-handful-of-messages", plain, test_thousand);
  ADD_STORM ("ten-thousand-references", many, test_ten_thousand);
  ADD_STORM ("keeping-a-lease-costs-nothing", short_both, test_nothing_renews);
  return g_test_run ();
}
