/* tests/dynamic/dynamic-peer.c: another program, whose party is served by one function
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * usage: dynamic-peer URI: exports a party at /party, prints where, and serves until it is killed, or the program that started it
 * is gone.
 */
#include "config.h"
#include "scenarios.h"

#include "rmi/rmi-interface-entry.h"

#include <rmi-glib/rmi-glib.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>

static RmiDynamicSkeleton *kept;
static guint n_alive;

static RmiDynamicSkeleton *party_new (void);

static void
return_object (RmiInvocation *invocation,
               gboolean       is_nullable,
               gpointer       object)
{
  g_autoptr(GPtrArray) objects = g_ptr_array_new ();
  GVariant *result = g_variant_new_handle (0);

  if (is_nullable)
    result = g_variant_new_maybe (G_VARIANT_TYPE_HANDLE, object != NULL ? result : NULL);
  if (object != NULL)
    g_ptr_array_add (objects, object);
  rmi_invocation_return_values (invocation, g_variant_new_tuple (&result, 1), objects);
}

static gboolean
answer_cb (gpointer invocation)
{
  rmi_invocation_return_values (invocation, g_variant_new ("(s)", "later"), NULL);
  return G_SOURCE_REMOVE;
}

static void
fail (RmiInvocation *invocation,
      const char    *how)
{
  g_autoptr(GError) error = g_error_new (G_IO_ERROR, G_IO_ERROR_BUSY, "So it is");

  if (g_str_equal (how, "error"))
    rmi_invocation_return_error (invocation, error);
  else if (g_str_equal (how, "shape"))
    rmi_invocation_return_values (invocation, g_variant_new ("(s)", "one too many"), NULL);
  else if (g_str_equal (how, "twice"))
    for (guint i = 0; i < 2; i++)
      rmi_invocation_return_values (invocation, NULL, NULL);
  /* "silent": no answer at all */
}

static void
take_object (RmiDynamicSkeleton *self,
             const char         *method,
             GVariant           *arguments,
             GPtrArray          *objects,
             RmiInvocation      *invocation)
{
  if (g_str_equal (method, "IsSelf"))
    {
      rmi_invocation_return_values (invocation, g_variant_new ("(b)", objects->pdata[0] == (gpointer) self), NULL);
      return;
    }
  g_clear_object (&kept);
  if (objects->len > 0)
    kept = g_object_ref (objects->pdata[0]);
  rmi_invocation_return_values (invocation, NULL, NULL);
}

static void
call (RmiDynamicSkeleton *self,
      const char         *method,
      GVariant           *arguments,
      GPtrArray          *objects,
      RmiInvocation      *invocation,
      gpointer            unused)
{
  g_autoptr(RmiDynamicSkeleton) made = NULL;
  const char *text = NULL;
  guint count;

  if (g_variant_is_of_type (arguments, G_VARIANT_TYPE ("(s)")))
    g_variant_get (arguments, "(&s)", &text);
  if (g_str_equal (method, "Echo"))
    rmi_invocation_return_values (invocation, arguments, NULL);
  else if (g_str_equal (method, "IsSelf") || g_str_equal (method, "Keep"))
    take_object (self, method, arguments, objects, invocation);
  else if (g_str_equal (method, "Kept"))
    return_object (invocation, TRUE, kept);
  else if (g_str_equal (method, "Make"))
    return_object (invocation, FALSE, made = party_new ());
  else if (g_str_equal (method, "Alive"))
    rmi_invocation_return_values (invocation, g_variant_new ("(u)", n_alive), NULL);
  else if (g_str_equal (method, "Fail"))
    fail (invocation, text);
  else if (g_str_equal (method, "Later"))
    g_idle_add_full (G_PRIORITY_DEFAULT, answer_cb, g_object_ref (invocation), g_object_unref);
  else if (g_str_equal (method, "Take"))
    rmi_invocation_return_values (invocation, g_variant_new_parsed ("(@u 7,)"), NULL);
  else if (g_str_equal (method, "Give"))
    rmi_invocation_return_values (invocation, g_variant_new_parsed ("('no bytes',)"), NULL);
  else if (g_str_equal (method, "Tick"))
    {
      g_variant_get (arguments, "(u)", &count);
      for (guint i = 1; i <= count; i++)
        rmi_dynamic_skeleton_emit_signal (self, "Ticked", g_variant_new ("(u)", i), NULL);
      rmi_invocation_return_values (invocation, NULL, NULL);
    }
}

static void
died_cb (gpointer unused)
{
  n_alive--;
}

static RmiDynamicSkeleton *
party_new (void)
{
  RmiDynamicSkeleton *self = rmi_dynamic_skeleton_new (rmi_interface_get_info (SCENARIO_TYPE_PARTY), call, NULL, died_cb);

  n_alive++;
  rmi_dynamic_skeleton_set_value (self, "Level", g_variant_new_int32 (1), NULL, NULL);
  return self;
}

int
main (int   argc,
      char *argv[])
{
  g_autoptr(GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr(RmiNode) node = rmi_node_new ();
  g_autoptr(RmiDynamicSkeleton) party = party_new ();
  g_autofree char *uri = NULL;
  g_autoptr(GError) error = NULL;

  prctl (PR_SET_PDEATHSIG, SIGKILL);
  uri = rmi_node_listen (node, argv[1], NULL, &error);
  if (uri == NULL || !rmi_node_export (node, "/party", G_OBJECT (party), &error))
    {
      g_printerr ("%s\n", error->message);
      return 1;
    }
  g_print ("%s\n", uri);
  g_main_loop_run (loop);
  return 0;
}
