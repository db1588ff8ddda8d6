/* tests/model/test-promises.c: programs that break theirs
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Implementations that answer badly, and callbacks that let go of everything the library works with.
 */
#include "config.h"
#include "tests/model/between.h"

#define RACES 100

/* ---- implementations ---- */

/* How often the peer warned so far. */
static guint
count_warnings (Peer *peer)
{
  g_autoptr(GError) error = NULL;
  g_auto(GStrv) notes = NULL;
  guint count = 0;

  peer_settle (peer);
  notes = scenario_party_history (peer->party, NULL, &error);
  g_assert_no_error (error);
  for (guint i = 0; notes[i] != NULL; i++)
    count += g_str_equal (notes[i], "warned");
  return count;
}

static void
test_fails_without_error (World         *world,
                          gconstpointer  data)
{
  Peer *peer = world_add_peer (world, NULL);
  g_autoptr(GError) error = NULL;

  g_assert_false (scenario_party_fail (peer->party, "silent", NULL, &error));
  g_assert_error (error, RMI_ERROR, RMI_ERROR_INTERNAL);
  g_assert_cmpuint (count_warnings (peer), ==, 1);
  peer_end (peer);
}

/* What it returns counts. */
static void
test_succeeds_with_error (World         *world,
                          gconstpointer  data)
{
  Peer *peer = world_add_peer (world, NULL);
  g_autoptr(GError) error = NULL;

  g_assert_true (scenario_party_fail (peer->party, "only says so", NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (count_warnings (peer), ==, 1);
  peer_end (peer);
}

static void
check_later (Peer       *peer,
             const char *how)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *text = scenario_party_later (peer->party, how, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (text, ==, "later");
}

static void
test_answers_twice (World         *world,
                    gconstpointer  data)
{
  Peer *peer = world_add_peer (world, NULL);

  check_later (peer, "twice");
  g_assert_cmpuint (count_warnings (peer), ==, 1);
  peer_end (peer);
}

/* One of them wins, the other one is told; the connection does not notice. */
static void
test_answers_in_a_race (World         *world,
                        gconstpointer  data)
{
  Peer *peer = world_add_peer (world, NULL);

  for (guint i = 0; i < RACES; i++)
    check_later (peer, "race");
  while (count_warnings (peer) < RACES)
    ;
  g_assert_cmpuint (count_warnings (peer), ==, RACES);
  peer_end (peer);
}

static void
test_drops_its_invocation (World         *world,
                           gconstpointer  data)
{
  Peer *peer = world_add_peer (world, NULL);
  g_autoptr(GError) error = NULL;

  g_assert_null (scenario_party_later (peer->party, "never", NULL, &error));
  g_assert_error (error, RMI_ERROR, RMI_ERROR_INTERNAL);
  g_assert_cmpuint (count_warnings (peer), ==, 1);
  peer_end (peer);
}

/* That is no broken promise. */
static void
test_answers_from_a_thread (World         *world,
                            gconstpointer  data)
{
  Peer *peer = world_add_peer (world, NULL);

  for (guint i = 0; i < RACES; i++)
    check_later (peer, "thread");
  g_assert_cmpuint (count_warnings (peer), ==, 0);
  peer_end (peer);
}

/* Its answer is lost, as the call may have run; what the connection held is let go of, and the next call dials. */
static void
test_closes_its_connection (World         *world,
                            gconstpointer  data)
{
  Peer *peer = world_add_peer (world, NULL);
  guint before = peer_count_alive (peer);
  g_autoptr(ScenarioParty) made = party_make (peer->party);
  g_autoptr(GError) error = NULL;

  g_assert_false (scenario_party_fail (peer->party, "close", NULL, &error));
  g_assert_error (error, RMI_ERROR, RMI_ERROR_DISCONNECTED);
  g_assert_cmpint (rmi_error_get_ran (error), ==, RMI_RAN_MAYBE);
  party_check (peer->party);
  party_check_gone (made);
  peer_await_alive (peer, before);
  peer_end (peer);
}

/* ---- callbacks that let go of everything ---- */

/* A node of its own, and what it has: one callback drops all of it, at once or after it closed the connection. */
typedef struct
{
  gboolean       closes;
  Peer          *peer;
  Chaos         *chaos;        /* between them */
  RmiNode       *node;
  gboolean       is_node_there;
  Guest         *guest;
  ScenarioParty *party;
  ScenarioParty *made;
  guint          n_calls;
} Everything;

static void
node_gone_cb (gpointer  user_data,
              GObject  *where_it_was)
{
  Everything *self = user_data;

  self->is_node_there = FALSE;
}

static void
everything_init (Everything *self,
                 World      *world,
                 gboolean    closes)
{
  g_autoptr(GError) error = NULL;

  *self = (Everything) { closes, world_add_peer (world, NULL) };
  self->chaos = chaos_start (self->peer->party_uri);
  self->node = rmi_node_new ();
  self->is_node_there = TRUE;
  g_object_weak_ref (G_OBJECT (self->node), node_gone_cb, self);
  self->guest = guest_new (self->node);
  self->party = rmi_node_get_object (self->node, chaos_get_uri (self->chaos), SCENARIO_TYPE_PARTY, NULL, &error);
  g_assert_no_error (error);
  self->made = party_make (self->party);
}

static void
let_go (Everything *self)
{
  self->n_calls++;
  if (self->closes)
    rmi_connection_close (rmi_stub_get_connection (RMI_STUB (self->party)));
  g_clear_object (&self->made);
  g_clear_object (&self->party);
  g_clear_object (&self->guest);
  g_clear_object (&self->node);
}

/* The callback came, once; nothing is left, and the peer is well. */
static void
everything_check (Everything *self)
{
  TURN_UNTIL (self->n_calls > 0 && !self->is_node_there);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpuint (self->n_calls, ==, 1);
  peer_settle (self->peer);
  chaos_stop (self->chaos);
  peer_await_alive (self->peer, 1);
}

/* A scenario of @func, in both ways. */
#define IN_CALLBACK(func) \
  static void \
  test_ ## func (World         *world, \
                 gconstpointer  data) \
  { \
    for (guint way = 0; way < 2; way++) \
      { \
        Everything all; \
\
        everything_init (&all, world, way == 1); \
        func (&all); \
      } \
  }

static void
ticked_cb (ScenarioParty *party,
           guint          number,
           Everything    *all)
{
  let_go (all);
}

static void
in_signal (Everything *all)
{
  g_autoptr(GError) error = NULL;

  g_signal_connect (all->party, "ticked", G_CALLBACK (ticked_cb), all);
  scenario_party_tick (all->peer->party, 3, NULL, &error);
  g_assert_no_error (error);
  everything_check (all);
}

IN_CALLBACK (in_signal)

static void
notify_cb (GObject    *object,
           GParamSpec *pspec,
           Everything *all)
{
  let_go (all);
}

static void
in_notify (Everything *all)
{
  g_signal_connect (all->party, "notify::level", G_CALLBACK (notify_cb), all);
  g_object_set (all->peer->party, "level", 11, NULL);
  everything_check (all);
}

IN_CALLBACK (in_notify)

static void
object_cb (GObject    *object,
           Everything *all)
{
  let_go (all);
}

static void
in_broken (Everything *all)
{
  g_autoptr(GError) error = NULL;

  g_signal_connect (all->made, "rmi-broken", G_CALLBACK (object_cb), all);
  g_assert_true (scenario_party_fail (all->made, "retire", NULL, &error));
  everything_check (all);
}

IN_CALLBACK (in_broken)

static void
in_gap (Everything *all)
{
  g_signal_connect (all->party, "rmi-gap", G_CALLBACK (object_cb), all);
  chaos_do (all->chaos, "drop");
  while (all->party != NULL)
    {
      g_autoptr(ScenarioParty) party = g_object_ref (all->party);
      g_autofree char *echo = scenario_party_echo (party, "dial", NULL, NULL);

      if (echo != NULL)
        break;
    }
  everything_check (all);
}

IN_CALLBACK (in_gap)

static void
closed_cb (RmiConnection *connection,
           const GError  *error,
           Everything    *all)
{
  let_go (all);
}

static void
in_closed (Everything *all)
{
  g_signal_connect (rmi_stub_get_connection (RMI_STUB (all->party)), "closed", G_CALLBACK (closed_cb), all);
  chaos_do (all->chaos, "drop");
  everything_check (all);
}

IN_CALLBACK (in_closed)

static void
unreferenced_cb (RmiNode    *node,
                 GObject    *object,
                 Everything *all)
{
  let_go (all);
}

static void
in_unreferenced (Everything *all)
{
  g_signal_connect (all->node, "unreferenced", G_CALLBACK (unreferenced_cb), all);
  party_keep (all->party, SCENARIO_PARTY (all->guest));
  party_keep (all->peer->party, NULL);
  everything_check (all);
}

IN_CALLBACK (in_unreferenced)

static void
async_cb (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  let_go (user_data);
}

/* Of two, whose answers may come in one piece. */
static void
in_async_callback (Everything *all)
{
  scenario_party_echo_async (all->party, "first", NULL, async_cb, all);
  scenario_party_echo_async (all->made, "second", NULL, NULL, NULL);
  everything_check (all);
}

IN_CALLBACK (in_async_callback)

static void
in_lookup_callback (Everything *all)
{
  rmi_node_get_object_async (all->node, all->peer->party_uri, SCENARIO_TYPE_PARTY, NULL, async_cb, all);
  everything_check (all);
}

IN_CALLBACK (in_lookup_callback)

static void
hook (gpointer object,
      gpointer user_data)
{
  let_go (user_data);
}

static void
failed_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  gboolean *has_failed = user_data;
  g_autoptr(GError) error = NULL;
  g_autofree char *echo = scenario_party_ask_kept_finish (SCENARIO_PARTY (object), result, &error);

  *has_failed = echo == NULL;
}

static void
in_method (Everything *all)
{
  gboolean has_failed = FALSE;

  guest_set_hook (all->guest, hook, all);
  party_keep (all->party, SCENARIO_PARTY (all->guest));
  scenario_party_ask_kept_async (all->party, "back", NULL, failed_cb, &has_failed);
  everything_check (all);
  TURN_UNTIL (has_failed);
}

IN_CALLBACK (in_method)

/* The same while the program is blocked in the call that made the peer call it. */
static void
in_nested_method (Everything *all)
{
  g_autoptr(GError) error = NULL;

  guest_set_hook (all->guest, hook, all);
  party_keep (all->party, SCENARIO_PARTY (all->guest));
  g_assert_null (scenario_party_ask_kept (all->party, "back", NULL, &error));
  g_assert_nonnull (error);
  everything_check (all);
}

IN_CALLBACK (in_nested_method)

int
main (int   argc,
      char *argv[])
{
  world_init (&argc, &argv);
  ADD ("model/a-method-fails-without-error", test_fails_without_error);
  ADD ("model/a-method-succeeds-with-an-error", test_succeeds_with_error);
  ADD ("model/a-method-answers-twice", test_answers_twice);
  ADD ("model/a-method-answers-from-two-threads-at-once", test_answers_in_a_race);
  ADD ("model/a-method-drops-its-invocation", test_drops_its_invocation);
  ADD ("model/a-method-answers-from-another-thread", test_answers_from_a_thread);
  ADD ("model/a-method-closes-its-connection", test_closes_its_connection);
  ADD ("model/a-signal-handler-lets-go-of-everything", test_in_signal);
  ADD ("model/a-notify-handler-lets-go-of-everything", test_in_notify);
  ADD ("model/a-broken-handler-lets-go-of-everything", test_in_broken);
  ADD ("model/a-gap-handler-lets-go-of-everything", test_in_gap);
  ADD ("model/a-closed-handler-lets-go-of-everything", test_in_closed);
  ADD ("model/an-unreferenced-handler-lets-go-of-everything", test_in_unreferenced);
  ADD ("model/a-callback-lets-go-of-everything", test_in_async_callback);
  ADD ("model/a-lookup-callback-lets-go-of-everything", test_in_lookup_callback);
  ADD ("model/a-method-lets-go-of-everything", test_in_method);
  ADD ("model/a-method-inside-a-call-lets-go-of-everything", test_in_nested_method);
  return g_test_run ();
}
