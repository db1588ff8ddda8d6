/* tests/parties/test-relay.c: objects of a third party, called through who introduced them
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * "C" is where the object lives, "B" who introduces it, a program that knows no interface, and this program who is told of it; or this
 * program introduces the object of one to another.
 */
#include "config.h"
#include "tests/parties/three.h"

#include <string.h>

#define N_MANY 1000

/* ---- this program introduces ---- */

/* It does not listen: neither of the two could reach the other, or dial us. */
static void
test_introduced (World         *world,
                 gconstpointer  data)
{
  Peer *b = world_add_peer (world, NULL);
  Peer *c = world_add_peer (world, NULL);
  g_autoptr(ScenarioParty) of_c = three_make (c->party);
  g_autoptr(ScenarioParty) again = NULL;
  gboolean is_kept = FALSE;
  g_autoptr(GError) error = NULL;
  guint alive;

  three_keep (b->party, of_c);
  three_check_ask_kept (b->party, "over three");
  again = three_get_kept (b->party);
  g_assert_true (again == of_c);
  scenario_party_is_kept (b->party, of_c, &is_kept, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (is_kept);

  /* We hold it for the other, and let go of it when the other does. */
  alive = three_count_alive (c->party);
  g_clear_object (&again);
  g_clear_object (&of_c);
  three_check_ask_kept (b->party, "still");
  g_assert_cmpuint (three_count_alive (c->party), ==, alive);
  three_keep (b->party, NULL);
  three_wait_for_alive (c->party, alive - 1);
}

static void
test_public (World         *world,
             gconstpointer  data)
{
  Peer *b = world_add_peer (world, NULL);
  Peer *c = world_add_peer (world, NULL);
  g_autoptr(ScenarioParty) again = NULL;

  three_keep (b->party, c->party);
  three_check_ask_kept (b->party, "public");
  again = three_get_kept (b->party);
  g_assert_true (again == c->party);
}

/* Each call passes the caller's own party on: all of them go through us, there and back. */
static void
test_ping_pong (World         *world,
                gconstpointer  data)
{
  Peer *b = world_add_peer (world, NULL);
  Peer *c = world_add_peer (world, NULL);
  g_autoptr(GError) error = NULL;
  guint reached = 0;

  scenario_party_nest (b->party, 10, c->party, &reached, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (reached, ==, 10);
}

static void
noted_cb (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  World *world = user_data;
  g_autoptr(GError) error = NULL;

  scenario_party_tick_and_note_finish (SCENARIO_PARTY (object), result, &error);
  g_assert_no_error (error);
  world->n_done++;
}

/* One-way calls, made by the other for its own reasons: in order. */
static void
test_oneway (World         *world,
             gconstpointer  data)
{
  Peer *b = world_add_peer (world, NULL);
  Peer *c = world_add_peer (world, NULL);
  g_autoptr(GString) expected = g_string_new ("note1");
  g_autofree char *history = NULL;

  for (guint i = 2; i <= 200; i++)
    g_string_append_printf (expected, " note%u", i);
  three_keep (b->party, c->party);
  scenario_party_tick_and_note_async (b->party, 200, NULL, noted_cb, world);
  TURN_UNTIL (world->n_done == 1);
  do
    {
      while (g_main_context_iteration (NULL, FALSE))
        ;
      g_free (history);
      history = three_get_history (c->party);
    }
  while (strlen (history) < expected->len);
  g_assert_cmpstr (history, ==, expected->str);
}

static void
test_owner_killed (World         *world,
                   gconstpointer  data)
{
  Peer *b = world_add_peer (world, NULL);
  Peer *c = world_add_peer (world, NULL);
  g_autoptr(ScenarioParty) of_c = three_make (c->party);
  g_autoptr(GError) error = NULL;
  g_autofree char *echo = NULL;

  three_keep (b->party, of_c);
  peer_kill (c);
  peer_restart (c);
  TURN_UNTIL (rmi_stub_is_broken (RMI_STUB (of_c)));
  while ((echo = scenario_party_ask_kept (b->party, "x", NULL, &error)) != NULL)
    g_clear_pointer (&echo, g_free);
  g_assert_nonnull (error);
  /* What is left of it is no harm. */
  three_keep (b->party, NULL);
  three_check_echo (b->party, "on");
}

static void
test_receiver_killed (World         *world,
                      gconstpointer  data)
{
  Peer *b = world_add_peer (world, NULL);
  Peer *c = world_add_peer (world, NULL);
  g_autoptr(ScenarioParty) of_c = three_make (c->party);
  guint alive = three_count_alive (c->party);

  three_keep (b->party, of_c);
  three_check_ask_kept (b->party, "x");
  g_clear_object (&of_c);
  g_assert_cmpuint (three_count_alive (c->party), ==, alive);
  peer_kill (b);
  three_wait_for_alive (c->party, alive - 1);
}

/* ---- another introduces, which knows nothing ---- */

static void
test_blind (World         *world,
            gconstpointer  data)
{
  ThreePair pair = three_add_pair (world);
  g_autoptr(ScenarioParty) made = three_make (pair.b->party);
  g_autoptr(ScenarioParty) direct = NULL;
  g_autoptr(ScenarioParty) home = NULL;
  g_autoptr(GError) error = NULL;
  gboolean is_self = FALSE;
  guint reached = 0;

  three_check_echo (pair.b->party, "blind");
  three_check_echo (made, "made");
  scenario_party_is_self (made, made, &is_self, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (is_self);

  /* Ours goes there and comes home, and is called back. */
  three_keep (pair.b->party, SCENARIO_PARTY (world->guest));
  home = three_get_kept (pair.b->party);
  g_assert_true (home == SCENARIO_PARTY (world->guest));
  three_check_ask_kept (pair.b->party, "back");
  scenario_party_nest (pair.b->party, 8, SCENARIO_PARTY (world->guest), &reached, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (reached, ==, 8);

  /* It is one object, by whatever way we got it. */
  three_keep (pair.b->party, made);
  direct = three_get_kept (pair.c->party);
  g_assert_true (direct != made);
  g_assert_true (rmi_same_object (direct, made));
  g_assert_cmpuint (rmi_object_hash (direct), ==, rmi_object_hash (made));
  g_assert_false (rmi_same_object (pair.b->party, pair.c->party));
}

static void
test_errors (World         *world,
             gconstpointer  data)
{
  ThreePair pair = three_add_pair (world);
  g_autoptr(RmiStub) plain = rmi_stub_as (RMI_STUB (pair.b->party), RMI_TYPE_STUB);
  g_autoptr(JsonNode) node = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_false (scenario_party_fail (pair.b->party, "application", NULL, &error));
  g_assert_error (error, SCENARIO_ERROR, SCENARIO_ERROR_TIRED);
  g_assert_cmpstr (error->message, ==, "Too late for äpfel");
  g_clear_error (&error);
  g_assert_false (scenario_party_fail (pair.b->party, "foreign", NULL, &error));
  g_assert_error (error, RMI_ERROR, RMI_ERROR_REMOTE);
  g_assert_cmpstr (rmi_error_get_remote_domain (error), ==, "g-file-error-quark");
  g_assert_cmpstr (error->message, ==, "The disk is full");
  g_clear_error (&error);

  node = rmi_stub_call_json (plain, "Nonsense", NULL, NULL, &error);
  g_assert_null (node);
  g_assert_error (error, RMI_ERROR, RMI_ERROR_NO_SUCH_METHOD);
  g_assert_cmpint (rmi_error_get_ran (error), ==, RMI_RAN_NO);
  g_clear_error (&error);
  node = rmi_stub_call_json (plain, "Echo", NULL, NULL, &error);
  g_assert_null (node);
  g_assert_error (error, RMI_ERROR, RMI_ERROR_INVALID_ARGUMENTS);
  g_clear_error (&error);
  node = rmi_stub_call_json (plain, "rpc.nonsense", NULL, NULL, &error);
  g_assert_null (node);
  g_assert_error (error, RMI_ERROR, RMI_ERROR_NO_SUCH_METHOD);
}

static void
test_deadline (World         *world,
               gconstpointer  data)
{
  ThreePair pair = three_add_pair (world);
  g_autoptr(ScenarioParty) hasty = rmi_stub_with_timeout (RMI_STUB (pair.b->party), 1);
  g_autoptr(ScenarioParty) patient = rmi_stub_with_timeout (RMI_STUB (pair.b->party), 90000);
  g_autoptr(GError) error = NULL;
  gint64 remaining = 0;

  scenario_party_remaining (patient, &remaining, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (remaining, >, 30000);
  g_assert_cmpint (remaining, <=, 90000);

  g_assert_false (scenario_party_wait (hasty, NULL, &error));
  g_assert_error (error, RMI_ERROR, RMI_ERROR_TIMED_OUT);
}

static void
waited_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GError) error = NULL;

  g_assert_false (scenario_party_wait_finish (SCENARIO_PARTY (object), result, &error));
  g_propagate_error (user_data, g_steal_pointer (&error));
}

static void
wait_for_note (ScenarioParty *party,
               const char    *note)
{
  gboolean is_there = FALSE;

  while (!is_there)
    {
      g_autofree char *history = three_get_history (party);

      is_there = strstr (history, note) != NULL;
      while (g_main_context_iteration (NULL, FALSE))
        ;
    }
}

static void
test_cancelled (World         *world,
                gconstpointer  data)
{
  ThreePair pair = three_add_pair (world);
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GError) error = NULL;

  scenario_party_wait_async (pair.b->party, cancellable, waited_cb, &error);
  wait_for_note (pair.c->party, "waits");
  g_cancellable_cancel (cancellable);
  TURN_UNTIL (error != NULL);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  wait_for_note (pair.c->party, "cancelled");
}

/* A call that was under way may have run; one that finds nobody did not. */
static void
test_truth (World         *world,
            gconstpointer  data)
{
  ThreePair pair = three_add_pair (world);
  g_autoptr(GError) error = NULL;
  g_autofree char *echo = NULL;

  scenario_party_wait_async (pair.b->party, NULL, waited_cb, &error);
  wait_for_note (pair.c->party, "waits");
  peer_kill (pair.c);
  TURN_UNTIL (error != NULL);
  g_assert_error (error, RMI_ERROR, RMI_ERROR_DISCONNECTED);
  g_assert_cmpint (rmi_error_get_ran (error), ==, RMI_RAN_MAYBE);
  g_clear_error (&error);

  echo = scenario_party_echo (pair.b->party, "anybody", NULL, &error);
  g_assert_null (echo);
  g_assert_error (error, RMI_ERROR, RMI_ERROR_UNREACHABLE);
  g_assert_cmpint (rmi_error_get_ran (error), ==, RMI_RAN_NO);

  /* A path is whatever is there. */
  peer_restart (pair.c);
  do
    {
      g_clear_error (&error);
      echo = scenario_party_echo (pair.b->party, "again", NULL, &error);
    }
  while (g_error_matches (error, RMI_ERROR, RMI_ERROR_UNREACHABLE));
  g_assert_no_error (error);
  g_assert_cmpstr (echo, ==, "again");
}

/* ---- signals, properties ---- */

static void
test_properties (World         *world,
                 gconstpointer  data)
{
  ThreePair pair = three_add_pair (world);
  g_autoptr(ScenarioParty) made = three_make (pair.b->party);
  g_auto(GValue) value = G_VALUE_INIT;
  g_autoptr(GError) error = NULL;

  g_assert_cmpint (three_get_level (pair.b->party), ==, 7);
  g_object_set (pair.b->party, "level", 8, NULL);
  TURN_UNTIL (three_get_level (pair.b->party) == 8 && three_get_level (pair.c->party) == 8);

  /* One that came in a message is told its values after. */
  TURN_UNTIL (three_get_level (made) == 7);
  g_value_init (&value, G_TYPE_INT);
  g_value_set_int (&value, -3);
  rmi_object_set_property (made, "level", &value, NULL, &error);
  g_assert_no_error (error);
  TURN_UNTIL (three_get_level (made) == -3);
  g_value_unset (&value);
  rmi_object_get_property (made, "level", &value, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (g_value_get_int (&value), ==, -3);
}

static void
test_signals (World         *world,
              gconstpointer  data)
{
  ThreePair pair = three_add_pair (world);
  g_autoptr(RmiNode) other_node = rmi_node_new ();
  g_autoptr(ScenarioParty) other = NULL;
  g_autoptr(GError) error = NULL;
  guint n = 0, n_other = 0, n_direct = 0;

  other = rmi_node_get_object (other_node, pair.b->party_uri, SCENARIO_TYPE_PARTY, NULL, &error);
  g_assert_no_error (error);
  g_signal_connect (pair.b->party, "ticked", G_CALLBACK (three_count_tick_cb), &n);
  g_signal_connect (other, "ticked", G_CALLBACK (three_count_tick_cb), &n_other);
  g_signal_connect (pair.c->party, "ticked", G_CALLBACK (three_count_tick_cb), &n_direct);
  scenario_party_tick (pair.b->party, 100, NULL, &error);
  g_assert_no_error (error);
  TURN_UNTIL (n == 100 && n_other == 100 && n_direct == 100);

  /* The last listener ends what the relay listens to, and another begins it again. */
  g_clear_object (&pair.b->party);
  g_clear_object (&other);
  rmi_node_close (other_node);
  peer_look_up (pair.b, world);
  n = n_direct = 0;
  g_signal_connect (pair.b->party, "ticked", G_CALLBACK (three_count_tick_cb), &n);
  scenario_party_tick (pair.c->party, 10, NULL, &error);
  g_assert_no_error (error);
  TURN_UNTIL (n == 10 && n_direct == 10);
}

static void
test_gap (World         *world,
          gconstpointer  data)
{
  ThreePair pair = three_add_pair (world);
  g_autofree char *echo = NULL;
  guint n_gaps = 0, n = 0;
  g_autoptr(GError) error = NULL;

  g_signal_connect (pair.b->party, "rmi-gap", G_CALLBACK (three_count_cb), &n_gaps);
  g_object_set (pair.b->party, "level", 9, NULL);
  TURN_UNTIL (three_get_level (pair.b->party) == 9);
  peer_kill (pair.c);
  peer_restart (pair.c);
  do
    {
      g_clear_error (&error);
      g_clear_pointer (&echo, g_free);
      echo = scenario_party_echo (pair.b->party, "again", NULL, &error);
    }
  while (echo == NULL);
  TURN_UNTIL (n_gaps == 1);
  g_assert_cmpint (three_get_level (pair.b->party), ==, 7);

  g_signal_connect (pair.b->party, "ticked", G_CALLBACK (three_count_tick_cb), &n);
  scenario_party_tick (pair.b->party, 5, NULL, &error);
  g_assert_no_error (error);
  TURN_UNTIL (n == 5);
  g_assert_cmpuint (n_gaps, ==, 1);
}

/* ---- who dies ---- */

static void
test_broken (World         *world,
             gconstpointer  data)
{
  ThreePair pair = three_add_pair (world);
  g_autoptr(ScenarioParty) made = three_make (pair.b->party);
  g_autoptr(GError) error = NULL;
  g_autofree char *echo = NULL;
  guint n = 0;

  g_signal_connect (made, "rmi-broken", G_CALLBACK (three_count_cb), &n);
  peer_kill (pair.c);
  peer_restart (pair.c);
  TURN_UNTIL (n == 1);
  g_assert_true (rmi_stub_is_broken (RMI_STUB (made)));
  echo = scenario_party_echo (made, "gone", NULL, &error);
  g_assert_null (echo);
  g_assert_error (error, RMI_ERROR, RMI_ERROR_NO_SUCH_OBJECT);
}

static void
test_introducer_killed (World         *world,
                        gconstpointer  data)
{
  ThreePair pair = three_add_pair (world);
  guint alive = three_count_alive (pair.c->party);
  g_autoptr(ScenarioParty) made = three_make (pair.b->party);
  g_autoptr(GError) error = NULL;
  g_autofree char *echo = NULL;

  three_check_echo (made, "there");
  g_assert_cmpuint (three_count_alive (pair.c->party), ==, alive + 1);
  peer_kill (pair.b);
  echo = scenario_party_echo (made, "gone", NULL, &error);
  g_assert_null (echo);
  g_assert_nonnull (error);
}

static void
test_many (World         *world,
           gconstpointer  data)
{
  ThreePair pair = three_add_pair (world);
  guint alive = three_count_alive (pair.c->party);
  ScenarioParty *made[N_MANY];

  for (guint i = 0; i < N_MANY; i++)
    made[i] = three_make (pair.b->party);
  g_assert_cmpuint (three_count_alive (pair.c->party), ==, alive + N_MANY);
  three_check_echo (made[0], "first");
  three_check_echo (made[N_MANY - 1], "last");
  for (guint i = 0; i < N_MANY; i++)
    g_assert_finalize_object (made[i]);
  three_wait_for_alive (pair.c->party, alive);
}

/* ---- more of them ---- */

static void
test_chain (World         *world,
            gconstpointer  data)
{
  ThreePair pair = three_add_pair (world);
  Peer *d = three_add_forwarder (world, pair.b, NULL);
  g_autoptr(ScenarioParty) made = three_make (d->party);
  g_autoptr(ScenarioParty) home = NULL;
  g_autoptr(GError) error = NULL;
  guint alive = three_count_alive (pair.c->party);
  guint reached = 0, n = 0;

  three_check_echo (made, "far");
  g_assert_false (scenario_party_fail (made, "application", NULL, &error));
  g_assert_error (error, SCENARIO_ERROR, SCENARIO_ERROR_TIRED);
  g_clear_error (&error);
  three_keep (d->party, SCENARIO_PARTY (world->guest));
  home = three_get_kept (d->party);
  g_assert_true (home == SCENARIO_PARTY (world->guest));
  scenario_party_nest (made, 4, SCENARIO_PARTY (world->guest), &reached, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (reached, ==, 4);
  g_signal_connect (d->party, "ticked", G_CALLBACK (three_count_tick_cb), &n);
  scenario_party_tick (pair.c->party, 20, NULL, &error);
  g_assert_no_error (error);
  TURN_UNTIL (n == 20);
  g_clear_object (&made);
  three_wait_for_alive (pair.c->party, alive - 1);
}

int
main (int   argc,
      char *argv[])
{
  world_init (&argc, &argv);

  ADD ("a-third-partys-object-is-relayed", test_introduced);
  ADD ("a-third-partys-public-object-is-relayed", test_public);
  ADD ("objects-go-through-a-relay-both-ways", test_ping_pong);
  ADD ("oneway-calls-keep-their-order-in-a-relay", test_oneway);
  ADD ("a-relay-outlives-the-owner", test_owner_killed);
  ADD ("a-relay-outlives-the-receiver", test_receiver_killed);
  ADD ("who-knows-no-interface-passes-all-on", test_blind);
  ADD ("errors-pass-a-relay-as-they-are", test_errors);
  ADD ("deadlines-pass-a-relay", test_deadline);
  ADD ("cancelling-passes-a-relay", test_cancelled);
  ADD ("a-relay-tells-the-truth", test_truth);
  ADD ("properties-pass-a-relay", test_properties);
  ADD ("signals-pass-a-relay-to-every-subscriber", test_signals);
  ADD ("a-gap-passes-a-relay-once", test_gap);
  ADD ("a-relay-whose-object-is-gone-breaks", test_broken);
  ADD ("an-introducer-that-is-killed-is-noticed", test_introducer_killed);
  ADD ("a-thousand-objects-are-relayed-and-released", test_many);
  ADD ("a-chain-of-relays-is-as-one", test_chain);

  return g_test_run ();
}
