/* tests/test-scenarios-objects.c: objects go between programs: by reference, with signals and properties
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "config.h"
#include "tests/scenarios-world.h"

#include "strangers.h"

#include <string.h>

static void
keep (Peer          *peer,
      ScenarioParty *party)
{
  g_autoptr(GError) error = NULL;

  scenario_party_keep (peer->party, party, NULL, &error);
  g_assert_no_error (error);
}

static ScenarioParty *
get_kept (Peer *peer)
{
  g_autoptr(GError) error = NULL;
  ScenarioParty *party = NULL;

  scenario_party_kept (peer->party, &party, NULL, &error);
  g_assert_no_error (error);
  return party;
}

static ScenarioParty *
make (Peer *peer)
{
  g_autoptr(GError) error = NULL;
  ScenarioParty *party = scenario_party_make (peer->party, NULL, &error);

  g_assert_no_error (error);
  return party;
}

static void
check_ask_kept (Peer *peer)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *echo = scenario_party_ask_kept (peer->party, "back", NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (echo, ==, "back");
}

/* ---- callbacks and references ---- */

static void
test_callback (World         *world,
               gconstpointer  data)
{
  Peer *peer = world_add_peer (world, NULL);
  g_autoptr(GError) error = NULL;
  guint reached = 0;

  scenario_party_nest (peer->party, 1, SCENARIO_PARTY (world->guest), &reached, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (reached, ==, 1);

  keep (peer, SCENARIO_PARTY (world->guest));
  for (guint i = 0; i < 3; i++)
    {
      peer_settle (peer);
      check_ask_kept (peer);
    }
}

static void
test_release (World         *world,
              gconstpointer  data)
{
  Peer *peer = world_add_peer (world, NULL);
  Guest *passed = guest_new (world->node);

  g_object_add_weak_pointer (G_OBJECT (passed), (gpointer *) &passed);
  keep (peer, SCENARIO_PARTY (passed));
  g_object_unref (passed);
  peer_settle (peer);
  g_assert_nonnull (passed);
  check_ask_kept (peer);

  keep (peer, NULL);
  TURN_UNTIL (passed == NULL);
}

static void
test_release_unkept (World         *world,
                     gconstpointer  data)
{
  Peer *peer = world_add_peer (world, NULL);
  guint before = peer_count_alive (peer);

  for (guint i = 0; i < 100; i++)
    {
      g_autoptr(ScenarioParty) made = make (peer);
      g_autoptr(GError) error = NULL;
      gboolean is_self = TRUE;

      scenario_party_is_self (made, made, &is_self, NULL, &error);
      g_assert_no_error (error);
      g_assert_true (is_self);
    }
  while (peer_count_alive (peer) != before)
    peer_settle (peer);
}

static void
test_home (World         *world,
           gconstpointer  data)
{
  Peer *peer = world_add_peer (world, NULL);
  g_autoptr(ScenarioParty) home = NULL;
  g_autoptr(GError) error = NULL;
  gboolean is_self = FALSE;

  keep (peer, SCENARIO_PARTY (world->guest));
  home = get_kept (peer);
  g_assert_true (home == SCENARIO_PARTY (world->guest));

  scenario_party_is_self (peer->party, peer->party, &is_self, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (is_self);
}

static void
test_same_stub (World         *world,
                gconstpointer  data)
{
  Peer *peer = world_add_peer (world, NULL);
  g_autoptr(ScenarioParty) made = make (peer);
  g_autoptr(ScenarioParty) again = NULL;
  g_autoptr(ScenarioParty) other = make (peer);
  g_autoptr(GError) error = NULL;
  gboolean is_kept = FALSE;

  keep (peer, made);
  again = get_kept (peer);
  g_assert_true (again == made);
  g_assert_true (rmi_same_object (again, made));
  g_assert_true (other != made);
  g_assert_false (rmi_same_object (other, made));

  keep (peer, SCENARIO_PARTY (world->guest));
  scenario_party_is_kept (peer->party, SCENARIO_PARTY (world->guest), &is_kept, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (is_kept);
}

/* What another node of this program has is not ours to pass on. */
static void
test_other_nodes_stub (World         *world,
                       gconstpointer  data)
{
  Peer *a = world_add_peer (world, NULL);
  Peer *b = world_add_peer (world, NULL);
  g_autoptr(RmiNode) other = rmi_node_new ();
  g_autoptr(ScenarioParty) of_a = NULL;
  g_autoptr(GError) error = NULL;

  of_a = rmi_node_get_object (other, a->party_uri, SCENARIO_TYPE_PARTY, NULL, &error);
  g_assert_no_error (error);
  g_assert_false (scenario_party_keep (b->party, of_a, NULL, &error));
  g_assert_error (error, RMI_ERROR, RMI_ERROR_NOT_SUPPORTED);
  g_assert_cmpint (rmi_error_get_ran (error), ==, RMI_RAN_NO);
  g_assert_null (get_kept (b));
  g_clear_object (&of_a);
  rmi_node_close (other);
}

/* ---- refused messages ---- */

#define STRANGER_TYPE_GUEST (stranger_guest_get_type ())
G_DECLARE_FINAL_TYPE (StrangerGuest, stranger_guest, STRANGER, GUEST, GObject)

struct _StrangerGuest
{
  GObject parent_instance;
};

static void
stranger_guest_implement (StrangerPartyInterface *iface)
{
}

G_DEFINE_FINAL_TYPE_WITH_CODE (StrangerGuest, stranger_guest, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (STRANGER_TYPE_PARTY, stranger_guest_implement))

static void
stranger_guest_class_init (StrangerGuestClass *klass)
{
}

static void
stranger_guest_init (StrangerGuest *self)
{
}

typedef gboolean (*StrangeCall) (StrangerParty *self, StrangerParty *party, GCancellable *cancellable, GError **error);

/* Passes an object that only the call holds, to a method that refuses it. */
static void
check_refused (StrangerParty *party,
               StrangeCall    call,
               RmiError       code)
{
  StrangerGuest *passed = g_object_new (STRANGER_TYPE_GUEST, NULL);
  g_autoptr(GError) error = NULL;

  g_object_add_weak_pointer (G_OBJECT (passed), (gpointer *) &passed);
  g_assert_false (call (party, STRANGER_PARTY (passed), NULL, &error));
  g_assert_error (error, RMI_ERROR, (int) code);
  g_assert_cmpint (rmi_error_get_ran (error), ==, RMI_RAN_NO);
  g_object_unref (passed);
  TURN_UNTIL (passed == NULL);
}

static void
test_refused (World         *world,
              gconstpointer  data)
{
  Peer *peer = world_spawn (world, NULL, NULL);
  g_autoptr(StrangerParty) party = NULL;
  g_autoptr(GError) error = NULL;

  party = rmi_node_get_object (world->node, peer->party_uri, STRANGER_TYPE_PARTY, NULL, &error);
  g_assert_no_error (error);
  check_refused (party, stranger_party_unknown, RMI_ERROR_NO_SUCH_METHOD);
  check_refused (party, stranger_party_echo, RMI_ERROR_INVALID_ARGUMENTS);

  /* Somebody else takes its place, where there is no party. */
  peer_kill (peer);
  world_spawn (world, peer->uri, "path=/elsewhere");
  do
    {
      g_clear_error (&error);
      stranger_party_unknown (party, NULL, NULL, &error);
    }
  while (!g_error_matches (error, RMI_ERROR, RMI_ERROR_NO_SUCH_OBJECT));
  check_refused (party, stranger_party_unknown, RMI_ERROR_NO_SUCH_OBJECT);
  check_refused (party, stranger_party_echo, RMI_ERROR_NO_SUCH_OBJECT);
}

/* What a reply brings for a call that was given up goes back, too. */
static void
ignored_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  World *world = user_data;
  g_autoptr(ScenarioParty) made = scenario_party_make_finish (SCENARIO_PARTY (object), result, NULL);

  world->n_done++;
}

static void
test_given_up (World         *world,
               gconstpointer  data)
{
  Peer *peer = world_add_peer (world, NULL);
  guint before = peer_count_alive (peer);

  for (guint i = 0; i < 50; i++)
    {
      g_autoptr(GCancellable) cancellable = g_cancellable_new ();

      scenario_party_make_async (peer->party, cancellable, ignored_cb, world);
      rmi_node_flush (world->node);
      g_cancellable_cancel (cancellable);
    }
  TURN_UNTIL (world->n_done == 50);
  while (peer_count_alive (peer) != before)
    peer_settle (peer);
}

/* ---- properties ---- */

static int
get_level (ScenarioParty *party)
{
  int level = 0;

  g_object_get (party, "level", &level, NULL);
  return level;
}

/* Whoever sets a property on a stub is not told of it before the object has taken it. */
static void
count_changes_cb (ScenarioParty *party,
                  GParamSpec    *pspec,
                  guint         *n)
{
  g_assert_cmpint (get_level (party), ==, 8);
  (*n)++;
}

static void
test_properties (World         *world,
                 gconstpointer  data)
{
  Peer *peer = world_add_peer (world, NULL);
  g_autoptr(RmiNode) other_node = rmi_node_new ();
  g_autoptr(ScenarioParty) other = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *label = NULL;
  guint n = 0, n_other = 0;

  g_object_get (peer->party, "label", &label, NULL);
  g_assert_cmpstr (label, ==, "guest");
  g_assert_cmpint (get_level (peer->party), ==, 7);
  other = rmi_node_get_object (other_node, peer->party_uri, SCENARIO_TYPE_PARTY, NULL, &error);
  g_assert_no_error (error);
  g_signal_connect (peer->party, "notify::level", G_CALLBACK (count_changes_cb), &n);
  g_signal_connect (other, "notify::level", G_CALLBACK (count_changes_cb), &n_other);

  /* The cache changes when the object says so, at everybody. */
  g_object_set (peer->party, "level", 8, NULL);
  g_assert_cmpint (get_level (peer->party), ==, 7);
  TURN_UNTIL (n == 1 && n_other == 1);
  g_assert_cmpint (get_level (peer->party), ==, 8);
  g_assert_cmpint (get_level (other), ==, 8);

  g_clear_object (&other);
  rmi_node_close (other_node);
}

static void
test_checked_properties (World         *world,
                         gconstpointer  data)
{
  Peer *peer = world_add_peer (world, NULL);
  g_autoptr(GError) error = NULL;
  g_auto(GValue) value = G_VALUE_INIT;
  g_auto(GValue) text = G_VALUE_INIT;

  g_value_init (&value, G_TYPE_INT);
  g_value_set_int (&value, -3);
  rmi_object_set_property (peer->party, "level", &value, NULL, &error);
  g_assert_no_error (error);
  g_value_set_int (&value, 0);
  g_value_unset (&value);
  rmi_object_get_property (peer->party, "level", &value, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (g_value_get_int (&value), ==, -3);

  g_value_init (&text, G_TYPE_STRING);
  g_value_set_static_string (&text, "mine");
  g_assert_false (rmi_object_set_property (peer->party, "label", &text, NULL, &error));
  g_assert_nonnull (error);
  g_assert_nonnull (strstr (error->message, "abel"));
  g_clear_error (&error);
  g_value_unset (&text);
  rmi_object_get_property (peer->party, "label", &text, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (g_value_get_string (&text), ==, "guest");
}

/* ---- signals ---- */

static void
count_tick_cb (ScenarioParty *party,
               guint          number,
               guint         *n)
{
  *n += 1;
  g_assert_cmpuint (number, ==, *n);
}

static void
tick (Peer  *peer,
      guint  count)
{
  g_autoptr(GError) error = NULL;

  scenario_party_tick (peer->party, count, NULL, &error);
  g_assert_no_error (error);
}

static void
test_subscribers (World         *world,
                  gconstpointer  data)
{
  Peer *peer = world_add_peer (world, NULL);
  RmiNode *nodes[3];
  ScenarioParty *stubs[3];
  guint n[4] = { 0 };

  g_signal_connect (peer->party, "ticked", G_CALLBACK (count_tick_cb), &n[3]);
  for (guint i = 0; i < 3; i++)
    {
      g_autoptr(GError) error = NULL;

      nodes[i] = rmi_node_new ();
      stubs[i] = rmi_node_get_object (nodes[i], peer->party_uri, SCENARIO_TYPE_PARTY, NULL, &error);
      g_assert_no_error (error);
      g_signal_connect (stubs[i], "ticked", G_CALLBACK (count_tick_cb), &n[i]);
    }

  tick (peer, 100);
  TURN_UNTIL (n[0] == 100 && n[1] == 100 && n[2] == 100 && n[3] == 100);

  for (guint i = 0; i < 3; i++)
    {
      g_assert_finalize_object (stubs[i]);
      rmi_node_close (nodes[i]);
      g_assert_finalize_object (nodes[i]);
    }
  n[3] = 0;
  tick (peer, 10);
  TURN_UNTIL (n[3] == 10);
}

static gboolean
is_heard (Guest *guest)
{
  return g_signal_has_handler_pending (guest, g_signal_lookup ("ticked", SCENARIO_TYPE_PARTY), 0, TRUE);
}

/* The stub of the other program ends, and so does its subscription. */
static void
test_unsubscribe (World         *world,
                  gconstpointer  data)
{
  Peer *peer = world_add_peer (world, NULL);
  Guest *passed = guest_new (world->node);

  keep (peer, SCENARIO_PARTY (passed));
  g_assert_true (rmi_node_export (world->node, "/passed", G_OBJECT (passed), NULL));
  TURN_UNTIL (is_heard (passed));
  keep (peer, NULL);
  TURN_UNTIL (!is_heard (passed));

  keep (peer, SCENARIO_PARTY (passed));
  TURN_UNTIL (is_heard (passed));
  peer_kill (peer);
  TURN_UNTIL (!is_heard (passed));
  rmi_node_unexport (world->node, "/passed");
  g_assert_finalize_object (passed);
}

/* ---- one way ---- */

static void
test_oneway_before_exit (World         *world,
                         gconstpointer  data)
{
  world_listen (world);
  for (guint i = 0; i < 10; i++)
    {
      const char *argv[] = { g_getenv ("SCENARIOS_PEER"), "say", world->party_uri, "farewell", NULL };
      g_autoptr(GError) error = NULL;

      guest_clear_notes (world->guest);
      g_spawn_async (NULL, (char **) argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, NULL, &error);
      g_assert_no_error (error);
      TURN_UNTIL (*guest_get_notes (world->guest) != '\0');
      g_assert_cmpstr (guest_get_notes (world->guest), ==, "farewell");
    }
}

int
main (int   argc,
      char *argv[])
{
  world_init (&argc, &argv);

  ADD ("a-passed-object-is-called-back-now-and-later", test_callback);
  ADD ("what-the-peer-drops-is-released", test_release);
  ADD ("what-we-drop-is-finalized-there", test_release_unkept);
  ADD ("a-reference-sent-home-is-the-object", test_home);
  ADD ("the-same-object-is-the-same-stub", test_same_stub);
  ADD ("another-nodes-stub-is-a-clear-error", test_other_nodes_stub);
  ADD ("references-in-refused-calls-are-released", test_refused);
  ADD ("references-in-replies-to-nobody-are-released", test_given_up);
  ADD ("properties-are-cached-and-notified-everywhere", test_properties);
  ADD ("properties-are-checked-on-request", test_checked_properties);
  ADD ("every-subscriber-hears-every-signal", test_subscribers);
  ADD ("a-subscription-ends-with-its-stub-or-its-program", test_unsubscribe);
  ADD ("a-oneway-call-before-exit-arrives", test_oneway_before_exit);

  return g_test_run ();
}
