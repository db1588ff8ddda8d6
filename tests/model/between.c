/* tests/model/between.c: what these scenarios say to a peer, and a relay on the way to it
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "config.h"
#include "tests/model/between.h"

#include <sys/wait.h>

Chaos *
chaos_between (Peer *peer)
{
  Chaos *chaos = chaos_start (peer->party_uri);

  g_assert_null (peer->party);
  g_free (peer->party_uri);
  peer->party_uri = g_strdup (chaos_get_uri (chaos));
  return chaos;
}

ScenarioParty *
party_make (ScenarioParty *party)
{
  g_autoptr(GError) error = NULL;
  ScenarioParty *made = scenario_party_make (party, NULL, &error);

  g_assert_no_error (error);
  return made;
}

void
party_keep (ScenarioParty *party,
            ScenarioParty *other)
{
  g_autoptr(GError) error = NULL;

  scenario_party_keep (party, other, NULL, &error);
  g_assert_no_error (error);
}

ScenarioParty *
party_kept (ScenarioParty *party)
{
  g_autoptr(GError) error = NULL;
  ScenarioParty *other = NULL;

  scenario_party_kept (party, &other, NULL, &error);
  g_assert_no_error (error);
  return other;
}

void
party_check (ScenarioParty *party)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *echo = scenario_party_echo (party, "still here", NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (echo, ==, "still here");
}

void
party_check_gone (ScenarioParty *party)
{
  g_autoptr(GError) error = NULL;

  g_assert_null (scenario_party_echo (party, "still here?", NULL, &error));
  g_assert_error (error, RMI_ERROR, RMI_ERROR_NO_SUCH_OBJECT);
  g_assert_cmpint (rmi_error_get_ran (error), ==, RMI_RAN_NO);
}

void
peer_await_alive (Peer  *peer,
                  guint  count)
{
  while (peer_count_alive (peer) != count)
    peer_settle (peer);
}

static void
exited_cb (GPid     pid,
           int      status,
           gpointer user_data)
{
  Peer *peer = user_data;

  g_assert_true (WIFEXITED (status));
  g_assert_cmpint (WEXITSTATUS (status), ==, 0);
  g_spawn_close_pid (pid);
  peer->pid = 0;
}

void
peer_end (Peer *peer)
{
  g_autoptr(GError) error = NULL;

  g_child_watch_add (peer->pid, exited_cb, peer);
  g_assert_false (scenario_party_fail (peer->party, "exit", NULL, &error));
  TURN_UNTIL (peer->pid == 0);
}
