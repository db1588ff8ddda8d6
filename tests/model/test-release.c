/* tests/model/test-release.c: references are counted, whatever crosses on the way
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "config.h"
#include "tests/model/between.h"

#define ROUNDS 10000
#define FRAME 65536

/* ---- a release and the same reference, on their way at once ---- */

static void
kept_cb (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  ScenarioParty **other = user_data;
  g_autoptr(GError) error = NULL;

  scenario_party_kept_finish (SCENARIO_PARTY (object), result, other, &error);
  g_assert_no_error (error);
}

/* Gets it once more, and lets go of what there was before, in any order on the wire. */
static void
get_again (World          *world,
           Peer           *peer,
           ScenarioParty **held)
{
  ScenarioParty *other = NULL;
  gboolean is_early = g_test_rand_bit ();

  if (is_early)
    g_clear_object (held);
  scenario_party_kept_async (peer->party, NULL, kept_cb, &other);
  if (g_test_rand_bit ())
    rmi_node_flush (world->node);
  if (!is_early && g_test_rand_bit ())
    g_clear_object (held);
  TURN_UNTIL (other != NULL);
  g_clear_object (held);
  *held = other;
}

static void
test_race (World         *world,
           gconstpointer  data)
{
  Peer *peer = world_add_peer (world, NULL);
  guint before = peer_count_alive (peer);
  g_autoptr(ScenarioParty) held = party_make (peer->party);

  party_keep (peer->party, held);
  for (guint i = 0; i < ROUNDS; i++)
    {
      get_again (world, peer, &held);
      g_assert_false (rmi_stub_is_broken (RMI_STUB (held)));
      party_check (held);
    }
  /* None was counted too often either. */
  g_assert_cmpuint (peer_count_alive (peer), ==, before + 1);
  party_keep (peer->party, NULL);
  party_check (held);
  g_clear_object (&held);
  peer_await_alive (peer, before);
  peer_end (peer);
}

/* ---- the same, with ours, many under way ---- */

static void
kept_there_cb (GObject      *object,
               GAsyncResult *result,
               gpointer      user_data)
{
  guint *n_running = user_data;
  g_autoptr(GError) error = NULL;

  scenario_party_keep_finish (SCENARIO_PARTY (object), result, &error);
  g_assert_no_error (error);
  (*n_running)--;
}

static void
unreferenced_cb (RmiNode *node,
                 GObject *object,
                 guint   *n_unreferenced)
{
  (*n_unreferenced)++;
}

static void
test_race_with_ours (World         *world,
                     gconstpointer  data)
{
  Peer *peer = world_add_peer (world, NULL);
  Guest *passed = guest_new (world->node);
  guint n_running = 0;
  guint n_unreferenced = 0;

  g_object_add_weak_pointer (G_OBJECT (passed), (gpointer *) &passed);
  g_signal_connect (world->node, "unreferenced", G_CALLBACK (unreferenced_cb), &n_unreferenced);
  for (guint i = 0; i < ROUNDS; i++)
    {
      n_running += 2;
      scenario_party_keep_async (peer->party, SCENARIO_PARTY (passed), NULL, kept_there_cb, &n_running);
      if (g_test_rand_bit ())
        rmi_node_flush (world->node);
      scenario_party_keep_async (peer->party, NULL, NULL, kept_there_cb, &n_running);
      TURN_UNTIL (n_running < 20);
    }
  party_keep (peer->party, SCENARIO_PARTY (passed));
  TURN_UNTIL (n_running == 0);
  g_assert_cmpuint (n_unreferenced, <=, ROUNDS);
  n_unreferenced = 0;
  g_object_unref (passed);
  peer_settle (peer);
  g_assert_nonnull (passed);
  g_assert_cmpuint (n_unreferenced, ==, 0);
  party_keep (peer->party, NULL);
  TURN_UNTIL (passed == NULL);
  g_assert_cmpuint (n_unreferenced, ==, 1);
}

/* ---- what could not be said ---- */

static void
limit_frames (World *world)
{
  g_object_set (world->node, "limit-frame-bytes", (guint64) FRAME, "local-limit-frame-bytes", (guint64) FRAME, NULL);
}

static void
test_unsent_arguments (World         *world,
                       gconstpointer  data)
{
  g_autoptr(GBytes) bytes = g_bytes_new_take (g_malloc0 (2 * FRAME), 2 * FRAME);
  Guest *passed = guest_new (world->node);
  g_autoptr(GError) error = NULL;
  Peer *peer;

  limit_frames (world);
  peer = world_add_peer (world, NULL);
  g_object_add_weak_pointer (G_OBJECT (passed), (gpointer *) &passed);
  g_assert_false (scenario_party_hand_over (peer->party, SCENARIO_PARTY (passed), bytes, NULL, &error));
  g_assert_error (error, RMI_ERROR, RMI_ERROR_LIMIT);
  g_assert_cmpint (rmi_error_get_ran (error), ==, RMI_RAN_NO);
  g_object_unref (passed);
  g_assert_null (passed);

  /* What the peer had before stays its own. */
  passed = guest_new (world->node);
  g_object_add_weak_pointer (G_OBJECT (passed), (gpointer *) &passed);
  party_keep (peer->party, SCENARIO_PARTY (passed));
  g_clear_error (&error);
  g_assert_false (scenario_party_hand_over (peer->party, SCENARIO_PARTY (passed), bytes, NULL, &error));
  g_assert_error (error, RMI_ERROR, RMI_ERROR_LIMIT);
  g_object_unref (passed);
  peer_settle (peer);
  g_assert_nonnull (passed);
  party_keep (peer->party, NULL);
  TURN_UNTIL (passed == NULL);
}

static void
test_unsent_results (World         *world,
                     gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  Peer *peer;
  guint before;

  limit_frames (world);
  peer = world_add_peer (world, NULL);
  before = peer_count_alive (peer);
  for (guint i = 0; i < 20; i++)
    {
      g_autoptr(ScenarioParty) made = NULL;
      g_autoptr(GBytes) bytes = NULL;

      g_clear_error (&error);
      g_assert_false (scenario_party_make_much (peer->party, 2 * FRAME, &made, &bytes, NULL, &error));
      g_assert_error (error, RMI_ERROR, RMI_ERROR_BAD_REPLY);
      g_assert_null (made);
    }
  g_assert_cmpuint (peer_count_alive (peer), ==, before);
  peer_end (peer);
}

/* ---- what never arrived ---- */

/* Cut before any byte of the answer: the call may have run, and nobody holds what it made. */
static void
test_lost_results (World         *world,
                   gconstpointer  data)
{
  Peer *peer = world_spawn (world, NULL, NULL);
  g_autoptr(Chaos) chaos = chaos_between (peer);
  guint n_lost = 0;
  guint before;

  peer_look_up (peer, world);
  before = peer_count_alive (peer);
  for (guint k = 0; k < 160; k += 4)
    {
      g_autoptr(ScenarioParty) made = NULL;
      g_autoptr(GError) error = NULL;

      party_check (peer->party);
      chaos_do (chaos, "cut down %u", k);
      made = scenario_party_make (peer->party, NULL, &error);
      chaos_do (chaos, "cut down -1");
      g_assert_true ((made == NULL) == (error != NULL));
      if (error != NULL)
        n_lost++;
      if (error != NULL)
        g_assert_cmpint (rmi_error_get_ran (error), ==, RMI_RAN_MAYBE);
      else
        party_check (made);
    }
  g_assert_cmpuint (n_lost, >, 10);
  g_assert_cmpuint (n_lost, <, 40);
  peer_await_alive (peer, before);
}

/* Who dies with many answers under way holds nothing of them. */
static void
test_dead_client (World         *world,
                  gconstpointer  data)
{
  Peer *server = world_add_peer (world, "limit-lease-s=10 local-limit-lease-s=10");
  guint before = peer_count_alive (server);

  for (guint i = 0; i < 3; i++)
    {
      Peer *client = world_add_peer (world, NULL);
      g_autoptr(GError) error = NULL;

      scenario_party_dial (client->party, server->party_uri, NULL, &error);
      g_assert_no_error (error);
      scenario_party_load (client->party, 50, NULL, &error);
      g_assert_no_error (error);
      while (peer_count_alive (server) < before + 10)
        ;
      peer_kill (client);
    }
  peer_await_alive (server, before);
  peer_end (server);
}

int
main (int   argc,
      char *argv[])
{
  world_init (&argc, &argv);
  ADD ("model/a-release-crosses-the-reference", test_race);
  ADD ("model/a-release-crosses-a-reference-of-ours", test_race_with_ours);
  ADD ("model/arguments-that-could-not-be-sent-hold-nothing", test_unsent_arguments);
  ADD ("model/results-that-could-not-be-sent-hold-nothing", test_unsent_results);
  ADD ("model/results-lost-at-any-byte-hold-nothing", test_lost_results);
  ADD ("model/results-to-a-dead-client-hold-nothing", test_dead_client);
  return g_test_run ();
}
