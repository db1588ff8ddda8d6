/* tests/model/test-unexport.c: objects that are taken back, and their ids
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "config.h"
#include "tests/model/between.h"

#include <malloc.h>

#define ROUNDS 100000
#define ROUNDS_AFAR 2000
#define SLACK_BYTES (64 * 1024)

static void
count_cb (GObject *object,
          guint   *n_times)
{
  (*n_times)++;
}

static void
unreferenced_cb (RmiNode *node,
                 GObject *object,
                 guint   *n_times)
{
  (*n_times)++;
}

/* ---- calls that run meanwhile ---- */

static void
later_cb (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  char **text = user_data;
  g_autoptr(GError) error = NULL;

  *text = scenario_party_later_finish (SCENARIO_PARTY (object), result, &error);
  g_assert_no_error (error);
}

/* By a call of its own that answers at once, asynchronously, or later. */
static void
retire (ScenarioParty *party,
        const char    *how)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *text = NULL;
  gboolean is_done;

  if (g_str_equal (how, "at once"))
    is_done = scenario_party_fail (party, "retire", NULL, &error);
  else if (g_str_equal (how, "asynchronously"))
    is_done = scenario_party_retire (party, NULL, &error);
  else
    is_done = (text = scenario_party_later (party, "retire", NULL, &error)) != NULL;
  g_assert_no_error (error);
  g_assert_true (is_done);
}

/* Its holder is there all the time: nevertheless it is freed. */
static void
test_running_calls (World         *world,
                    gconstpointer  data)
{
  static const char *const ways[] = { "at once", "asynchronously", "later" };
  Peer *peer = world_add_peer (world, NULL);
  guint before = peer_count_alive (peer);

  for (guint i = 0; i < G_N_ELEMENTS (ways); i++)
    {
      g_autoptr(ScenarioParty) made = party_make (peer->party);
      g_autofree char *text = NULL;
      guint n_broken = 0;

      g_signal_connect (made, "rmi-broken", G_CALLBACK (count_cb), &n_broken);
      scenario_party_later_async (made, "when retired", NULL, later_cb, &text);
      retire (made, ways[i]);
      TURN_UNTIL (text != NULL);
      g_assert_cmpstr (text, ==, "later");
      TURN_UNTIL (n_broken > 0);
      g_assert_true (rmi_stub_is_broken (RMI_STUB (made)));
      party_check_gone (made);
      peer_await_alive (peer, before);
      g_assert_cmpuint (n_broken, ==, 1);
    }
  peer_end (peer);
}

/* Who does not know yet that it is gone is told by the answer. */
static void
test_later_calls (World         *world,
                  gconstpointer  data)
{
  Peer *peer = world_add_peer (world, NULL);
  g_autoptr(ScenarioParty) made = party_make (peer->party);
  g_autoptr(GError) error = NULL;

  retire (made, "at once");
  g_assert_null (scenario_party_echo (made, "too late", NULL, &error));
  g_assert_error (error, RMI_ERROR, RMI_ERROR_NO_SUCH_OBJECT);
  g_assert_cmpint (rmi_error_get_ran (error), ==, RMI_RAN_NO);
  party_check (peer->party);
}

/* ---- paths, ids and holders at once ---- */

static void
test_everything_goes (World         *world,
                      gconstpointer  data)
{
  Peer *peer = world_add_peer (world, NULL);
  Guest *passed = guest_new (world->node);
  g_autoptr(GError) error = NULL;
  guint n_unreferenced = 0;

  g_object_add_weak_pointer (G_OBJECT (passed), (gpointer *) &passed);
  g_signal_connect (world->node, "unreferenced", G_CALLBACK (unreferenced_cb), &n_unreferenced);
  g_assert_false (rmi_node_unexport_object (world->node, G_OBJECT (passed)));
  party_keep (peer->party, SCENARIO_PARTY (passed));
  g_assert_true (rmi_node_export (world->node, "/one", G_OBJECT (passed), NULL));
  g_assert_true (rmi_node_export (world->node, "/two", G_OBJECT (passed), NULL));

  g_assert_true (rmi_node_unexport_object (world->node, G_OBJECT (passed)));
  g_assert_cmpuint (n_unreferenced, ==, 1);
  g_assert_null (rmi_node_dup_export_path (world->node, G_OBJECT (passed)));
  g_assert_false (rmi_node_unexport (world->node, "/one"));
  g_assert_false (rmi_node_unexport (world->node, "/two"));
  g_assert_false (rmi_node_unexport_object (world->node, G_OBJECT (passed)));
  g_object_unref (passed);
  g_assert_null (passed);

  peer_settle (peer);
  g_assert_null (scenario_party_ask_kept (peer->party, "gone?", NULL, &error));
  g_assert_nonnull (error);
  party_keep (peer->party, NULL);
  peer_settle (peer);
  g_assert_cmpuint (n_unreferenced, ==, 1);
}

/* All who hold it are told, each once. */
static void
test_all_holders_are_told (World         *world,
                           gconstpointer  data)
{
  Peer *server = world_add_peer (world, NULL);
  g_autoptr(ScenarioParty) made = party_make (server->party);
  RmiNode *nodes[3];
  ScenarioParty *parties[3], *held[3];
  guint n_broken[3] = { 0 };

  party_keep (server->party, made);
  for (guint i = 0; i < 3; i++)
    {
      g_autoptr(GError) error = NULL;

      nodes[i] = rmi_node_new ();
      parties[i] = rmi_node_get_object (nodes[i], server->party_uri, SCENARIO_TYPE_PARTY, NULL, &error);
      g_assert_no_error (error);
      held[i] = party_kept (parties[i]);
      g_signal_connect (held[i], "rmi-broken", G_CALLBACK (count_cb), &n_broken[i]);
    }
  retire (made, "at once");
  for (guint i = 0; i < 3; i++)
    {
      TURN_UNTIL (n_broken[i] > 0);
      party_check_gone (held[i]);
      party_check (parties[i]);
      g_assert_cmpuint (n_broken[i], ==, 1);
      g_clear_object (&held[i]);
      g_clear_object (&parties[i]);
      g_assert_finalize_object (nodes[i]);
    }
}

/* A path is nobody's for ever: its stubs are not broken, and reach what is there next. */
static void
test_paths_do_not_break (World         *world,
                         gconstpointer  data)
{
  Peer *peer = world_add_peer (world, NULL);
  Guest *next = guest_new (world->node);
  g_autoptr(GError) error = NULL;
  g_autofree char *echo = NULL;

  g_assert_true (rmi_node_export (world->node, "/place", G_OBJECT (next), NULL));
  party_keep (peer->party, SCENARIO_PARTY (next));
  g_assert_true (rmi_node_unexport_object (world->node, G_OBJECT (next)));
  g_assert_null (scenario_party_ask_kept (peer->party, "gone?", NULL, &error));
  g_assert_error (error, RMI_ERROR, RMI_ERROR_REMOTE);
  g_clear_error (&error);

  g_assert_true (rmi_node_export (world->node, "/place", G_OBJECT (world->guest), NULL));
  echo = scenario_party_ask_kept (peer->party, "back", NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (echo, ==, "back");
  g_assert_finalize_object (next);
}

/* It may be passed again: as another one. */
static void
test_passed_again (World         *world,
                   gconstpointer  data)
{
  Peer *peer = world_add_peer (world, NULL);
  g_autoptr(ScenarioParty) made = party_make (peer->party);
  g_autoptr(ScenarioParty) again = NULL;

  party_keep (peer->party, made);
  retire (made, "at once");
  again = party_kept (peer->party);
  g_assert_true (again != made);
  g_assert_cmpstr (rmi_stub_get_path (RMI_STUB (again)), !=, rmi_stub_get_path (RMI_STUB (made)));
  party_check (again);
  party_check_gone (made);
  party_check (again);
}

/* ---- ids ---- */

static void
test_ids_are_new (World         *world,
                  gconstpointer  data)
{
  Peer *peer = world_add_peer (world, NULL);
  g_autoptr(GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  guint before = peer_count_alive (peer);

  for (guint i = 0; i < ROUNDS_AFAR; i++)
    {
      g_autoptr(ScenarioParty) made = party_make (peer->party);
      const char *path = rmi_stub_get_path (RMI_STUB (made));

      g_assert_true (g_str_has_prefix (path, "/~/"));
      g_assert_true (g_hash_table_add (seen, g_strdup (path)));
      if (i % 4 == 0)
        retire (made, "at once");
    }
  peer_await_alive (peer, before);
}

/* The new program is where the old one was, and has as many objects. */
static void
test_old_process (World         *world,
                  gconstpointer  data)
{
  Peer *peer = world_add_peer (world, NULL);
  g_autoptr(ScenarioParty) old = party_make (peer->party);
  g_autofree char *uri = g_strconcat (peer->uri, rmi_stub_get_path (RMI_STUB (old)), NULL);
  g_autoptr(ScenarioParty) made = NULL;
  g_autoptr(ScenarioParty) found = NULL;
  g_autoptr(GError) error = NULL;
  guint n_broken = 0;

  g_signal_connect (old, "rmi-broken", G_CALLBACK (count_cb), &n_broken);
  peer_kill (peer);
  peer_restart (peer);
  do
    {
      g_clear_error (&error);
      made = scenario_party_make (peer->party, NULL, &error);
    }
  while (made == NULL);
  party_check (made);
  TURN_UNTIL (n_broken > 0);
  party_check_gone (old);

  found = rmi_node_get_object (world->node, uri, SCENARIO_TYPE_PARTY, NULL, &error);
  if (found != NULL)
    party_check_gone (found);
  else
    g_assert_error (error, RMI_ERROR, RMI_ERROR_NO_SUCH_OBJECT);
  party_check (made);
}

/* ---- flat ---- */

extern gsize __sanitizer_get_current_allocated_bytes (void) __attribute__ ((weak));

static gsize
allocated_bytes (void)
{
  struct mallinfo2 info = mallinfo2 ();

  if (__sanitizer_get_current_allocated_bytes != NULL)
    return __sanitizer_get_current_allocated_bytes ();
  return info.uordblks + info.hblkhd;
}

static void
export_and_unexport (World *world,
                     guint  round)
{
  g_autofree char *path = g_strdup_printf ("/round/%u", round % 1000);
  Guest *guest = guest_new (world->node);
  g_autoptr(GError) error = NULL;

  rmi_node_export (world->node, path, G_OBJECT (guest), &error);
  g_assert_no_error (error);
  if (round % 2 == 0)
    g_assert_true (rmi_node_unexport (world->node, path));
  else
    g_assert_true (rmi_node_unexport_object (world->node, G_OBJECT (guest)));
  g_object_unref (guest);
}

/* Passed to the peer, and taken back. */
static void
pass_and_unexport (World *world,
                   Peer  *peer)
{
  Guest *guest = guest_new (world->node);

  party_keep (peer->party, SCENARIO_PARTY (guest));
  g_assert_true (rmi_node_unexport_object (world->node, G_OBJECT (guest)));
  g_object_unref (guest);
}

/* The peer's, taken back by the peer. */
static void
make_and_retire (Peer *peer)
{
  g_autoptr(ScenarioParty) made = party_make (peer->party);

  retire (made, "at once");
}

static void
go_round (World *world,
          Peer  *peer,
          guint  n_rounds,
          guint  n_afar)
{
  for (guint i = 0; i < n_rounds; i++)
    export_and_unexport (world, i);
  for (guint i = 0; i < n_afar; i++)
    {
      pass_and_unexport (world, peer);
      make_and_retire (peer);
    }
  party_keep (peer->party, NULL);
  peer_settle (peer);
}

static void
test_flat (World         *world,
           gconstpointer  data)
{
  Peer *peer = world_add_peer (world, NULL);
  guint alive_there = peer_count_alive (peer);
  gsize bytes;

  /* What waits while the program blocks is once as much as ever. */
  go_round (world, peer, 1000, ROUNDS_AFAR);
  bytes = allocated_bytes ();
  go_round (world, peer, ROUNDS, ROUNDS_AFAR);
  g_assert_cmpuint (guest_count (), ==, 1);
  peer_await_alive (peer, alive_there);
  g_assert_cmpuint (allocated_bytes (), <, bytes + SLACK_BYTES);
}

int
main (int   argc,
      char *argv[])
{
  world_init (&argc, &argv);
  ADD ("model/running-calls-of-what-is-unexported-answer", test_running_calls);
  ADD ("model/later-calls-of-what-is-unexported-find-nothing", test_later_calls);
  ADD ("model/paths-id-and-holders-go-at-once", test_everything_goes);
  ADD ("model/all-holders-of-what-is-unexported-are-told-once", test_all_holders_are_told);
  ADD ("model/stubs-of-a-path-reach-what-is-there-next", test_paths_do_not_break);
  ADD ("model/what-was-unexported-is-passed-as-another", test_passed_again);
  ADD ("model/ids-are-never-used-again", test_ids_are_new);
  ADD ("model/an-id-of-an-old-process-finds-nothing", test_old_process);
  ADD ("model/rounds-of-export-and-unexport-leave-nothing", test_flat);
  return g_test_run ();
}
