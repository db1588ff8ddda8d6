/* tests/life/test-gaps.c: who loses events hears of it, and nobody else loses any
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "config.h"
#include "tests/life/subscriber.h"
#include "tests/scenarios-world.h"

/* Far more than sockets and queues hold: TCP of one machine takes up to ten megabytes. */
#define ROUNDS 2500

static void
test_slow_reader (World         *world,
                  gconstpointer  data)
{
  Peer *peer = world_spawn (world, NULL, SMALL);
  Subscriber slow, other;
  guint n_before_gap;

  subscriber_begin (&slow, peer->party_uri);
  subscriber_begin (&other, peer->party_uri);
  for (guint i = 0; i < ROUNDS; i++)
    {
      subscriber_tick (&other);
      subscriber_turn (&other);
    }
  subscriber_set_level (&other, 42);

  while (slow.n_gaps == 0)
    g_main_context_iteration (slow.context, TRUE);
  n_before_gap = slow.n_ticks;
  g_assert_cmpint (slow.level_at_gap, ==, 42);
  g_assert_cmpuint (n_before_gap, >, 0);
  g_assert_cmpuint (n_before_gap, <, ROUNDS * TICKS);

  /* From there on it loses nothing more. */
  subscriber_tick (&slow);
  while (slow.n_ticks < n_before_gap + TICKS || other.n_ticks < (ROUNDS + 1) * TICKS)
    {
      subscriber_turn (&slow);
      subscriber_turn (&other);
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

  subscriber_begin (&busy, peer->party_uri);
  subscriber_begin (&other, peer->party_uri);
  g_object_set (busy.node, "limit-held_bytes", (guint64) 8192, "local-limit-held_bytes", (guint64) 8192, NULL);
  subscriber_tick (&busy);
  subscriber_tick (&busy);
  subscriber_set_level (&busy, 43);
  g_assert_cmpuint (busy.n_ticks, ==, 0);

  while (busy.n_gaps == 0)
    g_main_context_iteration (busy.context, TRUE);
  g_assert_cmpint (busy.level_at_gap, ==, 43);
  g_assert_cmpuint (busy.n_ticks, >, 0);
  g_assert_cmpuint (busy.n_ticks, <, 2 * TICKS);

  busy.n_ticks = 0;
  subscriber_tick (&other);
  while (busy.n_ticks < TICKS || other.n_ticks < 3 * TICKS)
    {
      subscriber_turn (&busy);
      subscriber_turn (&other);
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
