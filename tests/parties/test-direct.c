/* tests/parties/test-direct.c: third parties' objects, called where they live
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "config.h"
#include "tests/parties/three.h"

static const char *
get_uri (ScenarioParty *party)
{
  return rmi_connection_get_uri (rmi_stub_get_connection (RMI_STUB (party)));
}

static void
allow (World      *world,
       const char *host)
{
  g_object_set (world->node, "direct-dial", (const char *[]) { "other.example", host, NULL }, NULL);
}

static void
test_direct (World         *world,
             gconstpointer  data)
{
  Peer *c = world_add_peer (world, NULL);
  Peer *b = three_add_forwarder (world, c, " direct-dial=local");
  guint alive = three_count_alive (c->party);
  g_autoptr(ScenarioParty) made = NULL;
  g_autoptr(ScenarioParty) patient = NULL;
  g_autoptr(ScenarioParty) home = NULL;
  g_autoptr(GError) error = NULL;
  guint hash, n = 0;

  allow (world, "local");
  made = three_make (b->party);
  patient = rmi_stub_with_timeout (RMI_STUB (made), 60000);
  hash = rmi_object_hash (made);
  TURN_UNTIL (three_get_level (made) == 7);
  /* Nobody dials before it is called. */
  g_assert_cmpstr (get_uri (made), ==, b->uri);
  three_check_echo (made, "first");
  TURN_UNTIL (g_str_equal (get_uri (made), c->uri));
  g_assert_true (rmi_same_object (made, patient));
  g_assert_cmpuint (rmi_object_hash (made), ==, hash);
  g_assert_cmpuint (three_count_alive (c->party), ==, alive + 1);

  peer_kill (b);
  three_check_echo (made, "directly");
  three_check_echo (patient, "directly");
  g_assert_false (rmi_stub_is_broken (RMI_STUB (made)));
  g_signal_connect (made, "ticked", G_CALLBACK (three_count_tick_cb), &n);
  scenario_party_tick (made, 10, NULL, &error);
  g_assert_no_error (error);
  TURN_UNTIL (n == 10);
  three_keep (c->party, made);
  home = three_get_kept (c->party);
  g_assert_true (rmi_same_object (home, made));
  three_keep (c->party, NULL);

  g_clear_object (&home);
  g_clear_object (&patient);
  g_clear_object (&made);
  three_wait_for_alive (c->party, alive);
}

/* One of the two does not want it. */
static void
check_stays (World      *world,
             const char *policy)
{
  Peer *c = world_add_peer (world, NULL);
  Peer *b = three_add_forwarder (world, c, policy);
  g_autoptr(ScenarioParty) made = three_make (b->party);

  for (guint i = 0; i < 5; i++)
    {
      three_check_echo (made, "by relay");
      peer_settle (b);
      peer_settle (c);
    }
  g_assert_cmpstr (get_uri (made), ==, b->uri);
}

static void
test_not_told (World         *world,
               gconstpointer  data)
{
  allow (world, "local");
  check_stays (world, NULL);
}

static void
test_not_allowed (World         *world,
                  gconstpointer  data)
{
  check_stays (world, " direct-dial=local");
  allow (world, "127.0.0.2");
  check_stays (world, " direct-dial=local");
}

/* The introducer passes it on itself, and stays what it is for those. */
static void
test_passed_on (World         *world,
                gconstpointer  data)
{
  Peer *c = world_add_peer (world, NULL);
  Peer *b = three_add_forwarder (world, c, " direct-dial=local");
  Peer *d = world_add_peer (world, NULL);
  g_autoptr(ScenarioParty) made = three_make (b->party);

  allow (world, "local");
  three_keep (d->party, made);
  three_check_ask_kept (d->party, "relayed");
  three_check_echo (made, "first");
  for (guint i = 0; i < 3; i++)
    {
      three_check_ask_kept (d->party, "still relayed");
      peer_settle (c);
    }
}

int
main (int   argc,
      char *argv[])
{
  world_init (&argc, &argv);

  ADD ("an-introducer-may-go-where-the-policy-lets-us-dial", test_direct);
  ADD ("who-is-not-told-where-does-not-dial", test_not_told);
  ADD ("who-is-not-allowed-to-does-not-dial", test_not_allowed);
  ADD ("what-is-passed-on-stays-relayed", test_passed_on);

  return g_test_run ();
}
