/* tests/life/test-patience.c: programs that say nothing for a while
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Time is what these promises are about, so here it passes.
 */
#include "config.h"
#include "tests/scenarios-world.h"

#define ASLEEP_S 95

typedef struct
{
  Peer          *peer;
  ScenarioParty *made;       /* breaks if the connection is lost */
  guint          n_closed;
  guint          n_gaps;
  guint          n_ticks;
} Contact;

static void
count_cb (guint *n)
{
  (*n)++;
}

static void
check_echo (ScenarioParty *party)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *echo = scenario_party_echo (party, "are you there?", NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (echo, ==, "are you there?");
}

static void
contact_begin (Contact    *self,
               World      *world,
               const char *uri)
{
  g_autoptr(GError) error = NULL;

  self->peer = world_spawn (world, uri, NULL);
  peer_look_up (self->peer, world);
  self->made = scenario_party_make (self->peer->party, NULL, &error);
  g_assert_no_error (error);
  g_signal_connect_swapped (rmi_stub_get_connection (RMI_STUB (self->made)), "closed", G_CALLBACK (count_cb),
                            &self->n_closed);
  g_signal_connect_swapped (self->peer->party, "rmi-gap", G_CALLBACK (count_cb), &self->n_gaps);
  g_signal_connect_swapped (self->peer->party, "ticked", G_CALLBACK (count_cb), &self->n_ticks);
}

/* Its answer, and three signals before it, come while we are asleep. */
static void
ticked_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  World *world = user_data;
  g_autoptr(GError) error = NULL;

  scenario_party_tick_finish (SCENARIO_PARTY (object), result, &error);
  g_assert_no_error (error);
  world->n_done++;
}

static void
contact_end (Contact *self,
             World   *world)
{
  check_echo (self->made);
  check_echo (self->peer->party);
  g_assert_false (rmi_stub_is_broken (RMI_STUB (self->made)));
  TURN_UNTIL (self->n_ticks == 3);
  g_assert_cmpuint (self->n_closed, ==, 0);
  g_assert_cmpuint (self->n_gaps, ==, 0);
  g_signal_handlers_disconnect_by_data (rmi_stub_get_connection (RMI_STUB (self->made)), &self->n_closed);
  g_clear_object (&self->made);
}

/* A program without a loop, which sleeps between its blocking calls: on a Unix socket and over TCP at once. */
static void
test_asleep (World         *world,
             gconstpointer  data)
{
  Contact contacts[2] = { { 0 } };

  alarm (0);
  contact_begin (&contacts[0], world, NULL);
  contact_begin (&contacts[1], world, "rmi://127.0.0.1:0");
  for (guint i = 0; i < 2; i++)
    scenario_party_tick_async (contacts[i].peer->party, 3, NULL, ticked_cb, world);
  rmi_node_flush (world->node);

  g_usleep (ASLEEP_S * G_USEC_PER_SEC);

  alarm (60);
  for (guint i = 0; i < 2; i++)
    contact_end (&contacts[i], world);
  TURN_UNTIL (world->n_done == 2);
}

/* ---- a connection that nobody needs ---- */

static void
closed_cb (RmiConnection *connection,
           const GError  *error,
           guint         *n)
{
  g_assert_no_error (error);
  (*n)++;
}

static RmiStub *
get_plain (World *world,
           Peer  *peer)
{
  g_autoptr(GError) error = NULL;
  RmiStub *stub = rmi_node_get_object (world->node, peer->party_uri, RMI_TYPE_STUB, NULL, &error);

  g_assert_no_error (error);
  return stub;
}

static void
call_plain (RmiStub *stub)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) arguments = json_from_string ("[\"?\"]", NULL);
  g_autoptr(JsonNode) echo = rmi_stub_call_json (stub, "Echo", arguments, NULL, &error);

  g_assert_no_error (error);
}

static void
test_idle (World         *world,
           gconstpointer  data)
{
  Peer *peer = world_spawn (world, NULL, NULL);
  Peer *held = world_spawn (world, NULL, NULL);
  g_autoptr(ScenarioParty) made = NULL;
  g_autoptr(RmiStub) stub = NULL;
  g_autoptr(GError) error = NULL;
  RmiConnection *connection;
  guint n_closed = 0;

  g_object_set (world->node, "limit-idle_s", (guint64) 1, "local-limit-idle_s", (guint64) 1, NULL);
  peer_look_up (held, world);
  made = scenario_party_make (held->party, NULL, &error);
  g_assert_no_error (error);
  stub = get_plain (world, peer);
  connection = rmi_stub_get_connection (stub);
  g_signal_connect (connection, "closed", G_CALLBACK (closed_cb), &n_closed);

  TURN_UNTIL (n_closed == 1);
  g_assert_true (rmi_connection_is_closed (connection));
  g_assert_false (rmi_connection_is_closed (rmi_stub_get_connection (RMI_STUB (made))));
  call_plain (stub);
  g_assert_false (rmi_connection_is_closed (connection));
  g_signal_handlers_disconnect_by_data (connection, &n_closed);
}

/* The time is over, but nobody looked: the call comes first. */
static void
test_asleep_idle (World         *world,
                  gconstpointer  data)
{
  Peer *peer = world_spawn (world, NULL, NULL);
  g_autoptr(RmiStub) stub = NULL;

  g_object_set (world->node, "limit-idle_s", (guint64) 1, "local-limit-idle_s", (guint64) 1, NULL);
  stub = get_plain (world, peer);
  for (guint i = 0; i < 2; i++)
    {
      g_usleep (2500 * 1000);
      call_plain (stub);
    }
}

int
main (int   argc,
      char *argv[])
{
  world_init (&argc, &argv);

  g_test_add ("/rmi/scenarios/both/a-program-asleep-for-ninety-seconds-is-not-dropped", World, "unix", world_set_up,
              test_asleep, world_tear_down);
  ADD ("a-connection-that-nobody-needs-is-closed-and-dialled-again", test_idle);
  ADD ("a-program-asleep-beyond-the-idle-time-just-calls", test_asleep_idle);

  return g_test_run ();
}
