/* tests/parties/three.c: what tests of three programs do
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "config.h"
#include "tests/parties/three.h"

/* The party of @c as the one of a program in between. */
Peer *
three_add_forwarder (World      *world,
                     Peer       *c,
                     const char *policy)
{
  g_autofree char *settings = g_strconcat ("to=", c->party_uri, policy, NULL);
  Peer *b = world_spawn_program (world, g_getenv ("FORWARDER"), NULL, settings);

  peer_look_up (b, world);
  return b;
}

ThreePair
three_add_pair (World *world)
{
  Peer *c = world_add_peer (world, NULL);
  ThreePair pair = { c, three_add_forwarder (world, c, NULL) };

  return pair;
}

ScenarioParty *
three_make (ScenarioParty *party)
{
  g_autoptr(GError) error = NULL;
  ScenarioParty *made = scenario_party_make (party, NULL, &error);

  g_assert_no_error (error);
  return made;
}

void
three_keep (ScenarioParty *party,
            ScenarioParty *kept)
{
  g_autoptr(GError) error = NULL;

  scenario_party_keep (party, kept, NULL, &error);
  g_assert_no_error (error);
}

ScenarioParty *
three_get_kept (ScenarioParty *party)
{
  g_autoptr(GError) error = NULL;
  ScenarioParty *kept = NULL;

  scenario_party_kept (party, &kept, NULL, &error);
  g_assert_no_error (error);
  return kept;
}

void
three_check_echo (ScenarioParty *party,
                  const char    *text)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *echo = scenario_party_echo (party, text, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (echo, ==, text);
}

void
three_check_ask_kept (ScenarioParty *party,
                      const char    *text)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *echo = scenario_party_ask_kept (party, text, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (echo, ==, text);
}

char *
three_get_history (ScenarioParty *party)
{
  g_autoptr(GError) error = NULL;
  g_auto(GStrv) notes = scenario_party_history (party, NULL, &error);

  g_assert_no_error (error);
  return g_strjoinv (" ", notes);
}

guint
three_count_alive (ScenarioParty *party)
{
  g_autoptr(GError) error = NULL;
  guint count = 0;

  scenario_party_alive (party, &count, NULL, &error);
  g_assert_no_error (error);
  return count;
}

void
three_wait_for_alive (ScenarioParty *party,
                      guint          count)
{
  while (three_count_alive (party) != count)
    while (g_main_context_iteration (NULL, FALSE))
      ;
}

void
three_count_cb (ScenarioParty *party,
                guint         *n)
{
  (*n)++;
}

int
three_get_level (ScenarioParty *party)
{
  int level = 0;

  g_object_get (party, "level", &level, NULL);
  return level;
}

void
three_count_tick_cb (ScenarioParty *party,
                     guint          number,
                     guint         *n)
{
  *n += 1;
  g_assert_cmpuint (number, ==, *n);
}
