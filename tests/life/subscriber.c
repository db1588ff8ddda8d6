/* tests/life/subscriber.c: who hears the ticks of a party, and what of them is lost
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "config.h"
#include "tests/life/subscriber.h"

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

void
subscriber_begin (Subscriber *self,
                  const char *uri)
{
  g_autoptr(GError) error = NULL;

  *self = (Subscriber) { .context = g_main_context_new () };
  g_main_context_push_thread_default (self->context);
  self->node = rmi_node_new ();
  g_main_context_pop_thread_default (self->context);
  self->party = rmi_node_get_object (self->node, uri, SCENARIO_TYPE_PARTY, NULL, &error);
  g_assert_no_error (error);
  self->connection = g_object_ref (rmi_stub_get_connection (RMI_STUB (self->party)));
  g_signal_connect (self->party, "ticked", G_CALLBACK (ticked_cb), self);
  g_signal_connect (self->party, "rmi-gap", G_CALLBACK (gap_cb), self);
  g_signal_connect (self->connection, "closed", G_CALLBACK (closed_cb), self);
}

void
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

void
subscriber_turn (Subscriber *self)
{
  while (g_main_context_iteration (self->context, FALSE))
    ;
}

void
subscriber_tick (Subscriber *self)
{
  g_autoptr(GError) error = NULL;

  scenario_party_tick (self->party, TICKS, NULL, &error);
  g_assert_no_error (error);
}

void
subscriber_set_level (Subscriber *self,
                      int         level)
{
  g_autoptr(GError) error = NULL;
  g_auto(GValue) value = G_VALUE_INIT;

  g_value_init (&value, G_TYPE_INT);
  g_value_set_int (&value, level);
  rmi_object_set_property (self->party, "level", &value, NULL, &error);
  g_assert_no_error (error);
}
