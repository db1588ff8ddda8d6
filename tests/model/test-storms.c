/* tests/model/test-storms.c: references, exports and subscriptions outlive the connection
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "config.h"
#include "tests/model/between.h"

#include "node/rmi-node-private.h"

#include <signal.h>
#include <string.h>

#define FAULTS 40

/* A peer behind a relay; one of its parties that only we hold, and one of ours that only it holds. */
typedef struct
{
  World         *world;
  Peer          *peer;
  Chaos         *chaos;
  ScenarioParty *made;
  Guest         *passed;
  guint          n_broken;
  guint          n_unreferenced;
} Pair;

static void
broken_cb (GObject *object,
           Pair    *pair)
{
  pair->n_broken++;
}

static void
unreferenced_cb (RmiNode *node,
                 GObject *object,
                 Pair    *pair)
{
  pair->n_unreferenced++;
}

static void
pair_init (Pair  *self,
           World *world)
{
  /* No lease ends here. */
  rmi_node_set_lease_unit (world->node, G_USEC_PER_SEC);
  *self = (Pair) { world, world_spawn (world, NULL, "lease-unit-us=1000000") };
  self->chaos = chaos_between (self->peer);
  peer_look_up (self->peer, world);
  self->made = party_make (self->peer->party);
  g_signal_connect (self->made, "rmi-broken", G_CALLBACK (broken_cb), self);
  self->passed = guest_new (world->node);
  g_object_add_weak_pointer (G_OBJECT (self->passed), (gpointer *) &self->passed);
  g_signal_connect (world->node, "unreferenced", G_CALLBACK (unreferenced_cb), self);
  party_keep (self->peer->party, SCENARIO_PARTY (self->passed));
  g_object_unref (self->passed);
}

/* What may happen to a call when the connection ends; then it is made again. */
static gboolean
may_try_again (const GError *error)
{
  if (error == NULL)
    return FALSE;
  g_assert_true (g_error_matches (error, RMI_ERROR, RMI_ERROR_DISCONNECTED)
                 || g_error_matches (error, RMI_ERROR, RMI_ERROR_UNREACHABLE));
  g_main_context_iteration (NULL, FALSE);
  return TRUE;
}

/* Both are there and answer, as soon as the connection is; nobody was told that they are not. */
static void
pair_check (Pair *self)
{
  g_autofree char *echo = NULL;
  g_autofree char *back = NULL;
  g_autoptr(GError) error = NULL;

  do
    {
      g_clear_error (&error);
      echo = scenario_party_echo (self->made, "there", NULL, &error);
    }
  while (may_try_again (error));
  g_assert_cmpstr (echo, ==, "there");
  do
    {
      g_clear_error (&error);
      back = scenario_party_ask_kept (self->peer->party, "and back", NULL, &error);
    }
  while (may_try_again (error));
  g_assert_cmpstr (back, ==, "and back");
  g_assert_cmpuint (self->n_broken, ==, 0);
  g_assert_cmpuint (self->n_unreferenced, ==, 0);
  g_assert_false (rmi_stub_is_broken (RMI_STUB (self->made)));
}

/* And both are let go of as ever. */
static void
pair_clear (Pair *self)
{
  pair_check (self);
  g_clear_object (&self->made);
  party_keep (self->peer->party, NULL);
  TURN_UNTIL (self->passed == NULL);
  g_assert_cmpuint (self->n_unreferenced, ==, 1);
  peer_await_alive (self->peer, 1);
  g_assert_cmpuint (self->n_broken, ==, 0);
  chaos_stop (self->chaos);
}

/* ---- one fault ---- */

static void
test_ends (World         *world,
           gconstpointer  data)
{
  static const char *const ends[] = { "drop", "reset", "half-open far", "drop" };
  Pair pair;

  pair_init (&pair, world);
  for (guint i = 0; i < G_N_ELEMENTS (ends); i++)
    {
      chaos_do (pair.chaos, "%s", ends[i]);
      pair_check (&pair);
    }
  pair_clear (&pair);
}

/* The dialling side does not wait for a call. */
static void
test_dials_by_itself (World         *world,
                      gconstpointer  data)
{
  Pair pair;

  pair_init (&pair, world);
  chaos_do (pair.chaos, "drop");
  while (chaos_do (pair.chaos, "links") == 0)
    g_main_context_iteration (NULL, FALSE);
  pair_check (&pair);
  pair_clear (&pair);
}

/* Also when what both say first is lost at any byte, and said again. */
static void
cut_resume (World      *world,
            const char *way)
{
  Pair pair;

  pair_init (&pair, world);
  for (guint k = 1; k < 460; k += 51)
    {
      chaos_do (pair.chaos, "drop");
      chaos_do (pair.chaos, "cut %s %u", way, k);
      pair_check (&pair);
      chaos_do (pair.chaos, "cut %s -1", way);
    }
  pair_clear (&pair);
}

static void
test_cut_up (World         *world,
             gconstpointer  data)
{
  cut_resume (world, "up");
}

static void
test_cut_down (World         *world,
               gconstpointer  data)
{
  cut_resume (world, "down");
}

/* The old connection is still there for a program that slept. */
static void
test_stopped (World         *world,
              gconstpointer  data)
{
  Pair pair;

  pair_init (&pair, world);
  kill (pair.peer->pid, SIGSTOP);
  chaos_do (pair.chaos, "drop");
  while (chaos_do (pair.chaos, "links") == 0)
    g_main_context_iteration (NULL, FALSE);
  kill (pair.peer->pid, SIGCONT);
  pair_check (&pair);
  pair_clear (&pair);
}

/* ---- what is unexported meanwhile ---- */

/* Theirs and ours; both are told when they say what they hold. */
static void
test_unexported_meanwhile (World         *world,
                           gconstpointer  data)
{
  g_autoptr(RmiNode) node = rmi_node_new ();
  g_autoptr(ScenarioParty) direct = NULL;
  g_autoptr(ScenarioParty) theirs = NULL;
  g_autofree char *uri = NULL;
  g_autofree char *echo = NULL;
  g_autoptr(GError) error = NULL;
  Pair pair;

  pair_init (&pair, world);
  uri = g_strconcat (pair.peer->uri, "/party", NULL);
  direct = rmi_node_get_object (node, uri, SCENARIO_TYPE_PARTY, NULL, &error);
  g_assert_no_error (error);
  party_keep (pair.peer->party, pair.made);
  theirs = party_kept (direct);
  TURN_UNTIL (pair.passed == NULL);
  pair.passed = guest_new (world->node);
  party_keep (pair.peer->party, SCENARIO_PARTY (pair.passed));

  chaos_do (pair.chaos, "refuse");
  chaos_do (pair.chaos, "drop");
  TURN_UNTIL (rmi_connection_is_closed (rmi_stub_get_connection (RMI_STUB (pair.made))));
  pair.n_unreferenced = 0;
  g_assert_true (scenario_party_fail (theirs, "retire", NULL, &error));
  g_assert_true (rmi_node_unexport_object (world->node, G_OBJECT (pair.passed)));
  g_assert_cmpuint (pair.n_unreferenced, ==, 1);
  g_assert_finalize_object (pair.passed);
  chaos_do (pair.chaos, "accept");

  TURN_UNTIL (pair.n_broken > 0);
  g_assert_cmpuint (pair.n_broken, ==, 1);
  party_check_gone (pair.made);
  do
    {
      g_clear_error (&error);
      echo = scenario_party_ask_kept (pair.peer->party, "gone?", NULL, &error);
    }
  while (g_error_matches (error, RMI_ERROR, RMI_ERROR_UNREACHABLE) || g_error_matches (error, RMI_ERROR, RMI_ERROR_DISCONNECTED));
  g_assert_null (echo);
  g_assert_nonnull (strstr (error->message, "its owner took it back"));
  g_assert_cmpuint (pair.n_unreferenced, ==, 1);

  g_clear_object (&pair.made);
  g_clear_object (&theirs);
  g_clear_object (&direct);
  chaos_stop (pair.chaos);
}

/* ---- storms ---- */

typedef struct
{
  Pair  *pair;
  guint  n_running;
  guint  n_ended;
  guint  n_succeeded;
} Traffic;

static void
made_cb (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  Traffic *traffic = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(ScenarioParty) made = scenario_party_make_finish (SCENARIO_PARTY (object), result, &error);

  traffic->n_running--;
  traffic->n_ended++;
  traffic->n_succeeded += made != NULL;
  g_assert_true ((made != NULL) == (error == NULL));
}

static void
test_storm (World         *world,
            gconstpointer  data)
{
  Traffic traffic = { 0 };
  Pair pair;

  pair_init (&pair, world);
  traffic.pair = &pair;
  chaos_begin (pair.chaos, "storm %u", FAULTS);
  while (!chaos_has_answer (pair.chaos))
    {
      for (; traffic.n_running < 4; traffic.n_running++)
        scenario_party_make_async (pair.peer->party, NULL, made_cb, &traffic);
      g_main_context_iteration (NULL, FALSE);
      g_usleep (200);
    }
  chaos_end (pair.chaos);
  chaos_do (pair.chaos, "drop");
  TURN_UNTIL (traffic.n_running == 0);
  g_test_message ("%u of %u calls succeeded", traffic.n_succeeded, traffic.n_ended);
  pair_clear (&pair);
}

/* ---- signals ---- */

typedef struct
{
  guint last;
  guint n_ticks;
  guint n_gaps;
} Listener;

static void
ticked_cb (ScenarioParty *party,
           guint          number,
           Listener      *listener)
{
  g_assert_cmpuint (number, >, listener->last);
  listener->last = number;
  listener->n_ticks++;
}

static void
gap_cb (ScenarioParty *party,
        Listener      *listener)
{
  listener->n_gaps++;
}

static void
ticked_there_cb (GObject      *object,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  gboolean *is_done = user_data;

  scenario_party_tick_finish (SCENARIO_PARTY (object), result, NULL);
  *is_done = TRUE;
}

/* Every loss is told by one gap, behind what came before it and ahead of what comes after it; nothing comes twice. */
static void
test_signals (World         *world,
              gconstpointer  data)
{
  static const guint cuts[] = { 100, 5000, 20000, 1 };
  Pair pair;

  pair_init (&pair, world);
  for (guint i = 0; i < G_N_ELEMENTS (cuts); i++)
    {
      Listener listener = { 0 };
      gboolean is_done = FALSE;
      gulong handlers[2];

      handlers[0] = g_signal_connect (pair.made, "ticked", G_CALLBACK (ticked_cb), &listener);
      handlers[1] = g_signal_connect (pair.made, "rmi-gap", G_CALLBACK (gap_cb), &listener);
      chaos_do (pair.chaos, "cut down %u", cuts[i]);
      scenario_party_tick_async (pair.made, 500, NULL, ticked_there_cb, &is_done);
      TURN_UNTIL (is_done && listener.n_gaps > 0);
      listener.last = 0;
      pair_check (&pair);
      scenario_party_tick (pair.made, 3, NULL, NULL);
      TURN_UNTIL (listener.last == 3);
      g_assert_cmpuint (listener.n_gaps, ==, 1);
      g_signal_handler_disconnect (pair.made, handlers[0]);
      g_signal_handler_disconnect (pair.made, handlers[1]);
    }
  pair_clear (&pair);
}

int
main (int   argc,
      char *argv[])
{
  world_init (&argc, &argv);
  ADD ("model/references-outlive-the-connection", test_ends);
  ADD ("model/who-dialled-dials-again-by-itself", test_dials_by_itself);
  ADD ("model/a-resume-cut-upwards-at-any-byte-is-made-again", test_cut_up);
  ADD ("model/a-resume-cut-downwards-at-any-byte-is-made-again", test_cut_down);
  ADD ("model/a-stopped-program-takes-the-new-connection", test_stopped);
  ADD ("model/what-was-unexported-meanwhile-is-broken", test_unexported_meanwhile);
  ADD ("model/references-outlive-a-storm", test_storm);
  ADD ("model/signals-come-in-order-and-once-with-one-gap", test_signals);
  return g_test_run ();
}
