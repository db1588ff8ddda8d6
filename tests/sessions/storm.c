/* tests/sessions/storm.c: another program, and a relay on the way to it
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "config.h"
#include "tests/sessions/storm.h"

#include "node/rmi-node-private.h"

#define BATCH 100
#define LEASE_S 60

void
storm_count (guint *n)
{
  (*n)++;
}

static gint64
lease_unit (guint lease_ms)
{
  return lease_ms > 0 ? lease_ms * G_TIME_SPAN_MILLISECOND / LEASE_S : G_USEC_PER_SEC;
}

static void
set_up (Storm               *self,
        const StormSettings *settings,
        const char          *transport)
{
  g_autofree char *limits = NULL;
  g_autofree char *party_uri = NULL;
  g_autoptr(GError) error = NULL;

  world_set_up (&self->world, transport);
  rmi_node_set_lease_unit (self->world.node, lease_unit (settings->own_lease_ms));
  limits = g_strdup_printf ("%s%slease-unit-us=%" G_GINT64_FORMAT, settings->limits != NULL ? settings->limits : "",
                            settings->limits != NULL ? " " : "", lease_unit (settings->peer_lease_ms));
  self->peer = world_add_peer (&self->world, limits);
  self->direct = self->peer->party;
  self->n_alive_before = peer_count_alive (self->peer);
  self->chaos = chaos_start (self->peer->uri);
  party_uri = g_strconcat (chaos_get_uri (self->chaos), "/party", NULL);
  self->party = rmi_node_get_object (self->world.node, party_uri, SCENARIO_TYPE_PARTY, NULL, &error);
  g_assert_no_error (error);
  self->connection = rmi_stub_get_connection (RMI_STUB (self->party));
  g_signal_connect_swapped (self->connection, "closed", G_CALLBACK (storm_count), &self->n_closed);
  g_signal_connect_swapped (self->party, "rmi-gap", G_CALLBACK (storm_count), &self->n_gaps);
  g_signal_connect_swapped (self->world.node, "unreferenced", G_CALLBACK (storm_count), &self->n_unreferenced);
}

void
storm_set_up_unix (Storm         *self,
                   gconstpointer  settings)
{
  set_up (self, settings, "unix");
}

void
storm_set_up_tcp (Storm         *self,
                  gconstpointer  settings)
{
  set_up (self, settings, "tcp");
}

void
storm_tear_down (Storm         *self,
                 gconstpointer  data)
{
  g_signal_handlers_disconnect_by_data (self->connection, &self->n_closed);
  g_clear_object (&self->party);
  chaos_stop (self->chaos);
  world_tear_down (&self->world, NULL);
}

void
storm_break (Storm      *self,
             const char *fault)
{
  guint n_before = self->n_closed;

  /* It may have been lost just now: then there is nothing to break yet. */
  TURN_UNTIL (!rmi_connection_is_closed (self->connection));
  chaos_do (self->chaos, "%s", fault);
  TURN_UNTIL (self->n_closed > n_before);
}

ScenarioParty *
storm_make (Storm *self)
{
  g_autoptr(GError) error = NULL;
  ScenarioParty *made = scenario_party_make (self->party, NULL, &error);

  g_assert_no_error (error);
  return made;
}

static void
made_cb (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(GError) error = NULL;

  g_ptr_array_add (user_data, scenario_party_make_finish (SCENARIO_PARTY (object), result, &error));
  g_assert_no_error (error);
}

GPtrArray *
storm_make_many (Storm *self,
                 guint  n)
{
  GPtrArray *made = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < n; i += BATCH)
    {
      for (guint j = 0; j < BATCH; j++)
        scenario_party_make_async (self->party, NULL, made_cb, made);
      TURN_UNTIL (made->len == i + BATCH);
    }
  return made;
}

static gboolean
is_of_connection (const GError *error)
{
  return g_error_matches (error, RMI_ERROR, RMI_ERROR_UNREACHABLE) || g_error_matches (error, RMI_ERROR, RMI_ERROR_DISCONNECTED);
}

void
storm_assert_works (ScenarioParty *party)
{
  for (;;)
    {
      g_autoptr(GError) error = NULL;
      g_autofree char *echo = scenario_party_echo (party, "works", NULL, &error);

      if (echo != NULL)
        break;
      if (!is_of_connection (error))
        g_assert_no_error (error);
      while (g_main_context_iteration (NULL, FALSE))
        ;
    }
}

void
storm_let_keep (Storm *self)
{
  g_autoptr(Guest) guest = guest_new (self->world.node);
  g_autoptr(GError) error = NULL;

  scenario_party_keep (self->party, SCENARIO_PARTY (guest), NULL, &error);
  g_assert_no_error (error);
}

gboolean
storm_ask_kept (Storm   *self,
                GError **error)
{
  for (;;)
    {
      g_autoptr(GError) local_error = NULL;
      g_autofree char *echo = scenario_party_ask_kept (self->direct, "kept", NULL, &local_error);

      if (echo != NULL)
        return g_str_equal (echo, "kept");
      if (error != NULL)
        {
          g_propagate_error (error, g_steal_pointer (&local_error));
          return FALSE;
        }
      g_assert_null (strstr (local_error->message, "gone"));
      while (g_main_context_iteration (NULL, FALSE))
        ;
    }
}

void
storm_let_forget (Storm *self)
{
  g_autoptr(GError) error = NULL;

  scenario_party_keep (self->direct, NULL, NULL, &error);
  g_assert_no_error (error);
}

guint
storm_count_alive (Storm *self)
{
  return peer_count_alive (self->peer) - self->n_alive_before + 1;
}

void
storm_await_alive (Storm *self,
                   guint  n)
{
  while (storm_count_alive (self) != n)
    while (g_main_context_iteration (NULL, FALSE))
      ;
}

void
storm_settle (Storm *self)
{
  for (guint i = 0; i < 2; i++)
    {
      storm_assert_works (self->party);
      while (g_main_context_iteration (NULL, FALSE))
        ;
    }
}
