/* tests/life/test-gaps.c: who loses events hears of it, and nobody else loses any
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "config.h"
#include "tests/scenarios-world.h"

#define TICKS 100            /* in one call: below the soft limit */
#define SMALL "limit-frame_bytes=65536 local-limit-frame_bytes=65536 " \
              "limit-write_soft_bytes=16384 local-limit-write_soft_bytes=16384 " \
              "limit-write_hard_bytes=131072 local-limit-write_hard_bytes=131072"

/* A subscriber with a main context of its own: it reads when that is turned, or when it blocks. */
typedef struct
{
  GMainContext  *context;
  RmiNode       *node;
  ScenarioParty *party;
  RmiConnection *connection;
  guint          n_ticks;
  guint          n_out_of_order;
  guint          last;
  guint          n_gaps;
  guint          n_closed;
  int            level_at_gap;
} Subscriber;

static void
ticked_cb (ScenarioParty *party,
           guint          number,
           Subscriber    *self)
{
  self->n_ticks++;
  self->n_out_of_order += number != self->last % TICKS + 1;
  self->last = number;
}

static void
gap_cb (ScenarioParty *party,
        Subscriber    *self)
{
  self->n_gaps++;
  self->last = 0;
  g_object_get (party, "level", &self->level_at_gap, NULL);
}

static void
closed_cb (RmiConnection *connection,
           const GError  *error,
           Subscriber    *self)
{
  self->n_closed++;
}

static void
subscriber_begin (Subscriber *self,
                  Peer       *peer)
{
  g_autoptr(GError) error = NULL;

  *self = (Subscriber) { .context = g_main_context_new () };
  g_main_context_push_thread_default (self->context);
  self->node = rmi_node_new ();
  g_main_context_pop_thread_default (self->context);
  self->party = rmi_node_get_object (self->node, peer->party_uri, SCENARIO_TYPE_PARTY, NULL, &error);
  g_assert_no_error (error);
  self->connection = g_object_ref (rmi_stub_get_connection (RMI_STUB (self->party)));
  g_signal_connect (self->party, "ticked", G_CALLBACK (ticked_cb), self);
  g_signal_connect (self->party, "rmi-gap", G_CALLBACK (gap_cb), self);
  g_signal_connect (self->connection, "closed", G_CALLBACK (closed_cb), self);
}

static void
subscriber_end (Subscriber *self)
{
  g_assert_cmpuint (self->n_closed, ==, 0);
  g_assert_cmpuint (self->n_out_of_order, ==, 0);
  g_signal_handlers_disconnect_by_data (self->connection, self);
  g_assert_finalize_object (self->party);
  rmi_node_close (self->node);
  g_clear_object (&self->connection);
  g_assert_finalize_object (self->node);
  g_main_context_unref (self->context);
}

static void
turn (Subscriber *self)
{
  while (g_main_context_iteration (self->context, FALSE))
    ;
}

static void
tick (Subscriber *self)
{
  g_autoptr(GError) error = NULL;

  scenario_party_tick (self->party, TICKS, NULL, &error);
  g_assert_no_error (error);
}

static void
set_level (Subscriber *self,
           int         level)
{
  g_autoptr(GError) error = NULL;
  g_auto(GValue) value = G_VALUE_INIT;

  g_value_init (&value, G_TYPE_INT);
  g_value_set_int (&value, level);
  rmi_object_set_property (self->party, "level", &value, NULL, &error);
  g_assert_no_error (error);
}

/* Far more than sockets and queues hold: TCP of one machine takes up to ten megabytes. */
#define ROUNDS 2500

static void
test_slow_reader (World         *world,
                  gconstpointer  data)
{
  Peer *peer = world_spawn (world, NULL, SMALL);
  Subscriber slow, other;
  guint n_before_gap;

  subscriber_begin (&slow, peer);
  subscriber_begin (&other, peer);
  for (guint i = 0; i < ROUNDS; i++)
    {
      tick (&other);
      turn (&other);
    }
  set_level (&other, 42);

  while (slow.n_gaps == 0)
    g_main_context_iteration (slow.context, TRUE);
  n_before_gap = slow.n_ticks;
  g_assert_cmpint (slow.level_at_gap, ==, 42);
  g_assert_cmpuint (n_before_gap, >, 0);
  g_assert_cmpuint (n_before_gap, <, ROUNDS * TICKS);

  /* From there on it loses nothing more. */
  tick (&slow);
  while (slow.n_ticks < n_before_gap + TICKS || other.n_ticks < (ROUNDS + 1) * TICKS)
    {
      turn (&slow);
      turn (&other);
    }
  g_assert_cmpuint (slow.n_gaps, ==, 1);
  g_assert_cmpuint (other.n_gaps, ==, 0);
  subscriber_end (&slow);
  subscriber_end (&other);
}

/* It reads, but it blocks, and there is no room to keep so many. */
static void
test_busy_reader (World         *world,
                  gconstpointer  data)
{
  Peer *peer = world_spawn (world, NULL, NULL);
  Subscriber busy, other;

  subscriber_begin (&busy, peer);
  subscriber_begin (&other, peer);
  g_object_set (busy.node, "limit-held_bytes", (guint64) 8192, "local-limit-held_bytes", (guint64) 8192, NULL);
  tick (&busy);
  tick (&busy);
  set_level (&busy, 43);
  g_assert_cmpuint (busy.n_ticks, ==, 0);

  while (busy.n_gaps == 0)
    g_main_context_iteration (busy.context, TRUE);
  g_assert_cmpint (busy.level_at_gap, ==, 43);
  g_assert_cmpuint (busy.n_ticks, >, 0);
  g_assert_cmpuint (busy.n_ticks, <, 2 * TICKS);

  busy.n_ticks = 0;
  tick (&other);
  while (busy.n_ticks < TICKS || other.n_ticks < 3 * TICKS)
    {
      turn (&busy);
      turn (&other);
    }
  g_assert_cmpuint (busy.n_gaps, ==, 1);
  g_assert_cmpuint (other.n_gaps, ==, 0);
  subscriber_end (&busy);
  subscriber_end (&other);
}

int
main (int   argc,
      char *argv[])
{
  world_init (&argc, &argv);

  ADD ("a-subscriber-that-does-not-read-is-told-of-the-gap", test_slow_reader);
  ADD ("a-subscriber-that-blocks-for-too-much-is-told-of-the-gap", test_busy_reader);

  return g_test_run ();
}
