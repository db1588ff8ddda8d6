/* tests/parties/forwarder.c: a program that passes on what it knows nothing of
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * usage: forwarder URI to=TARGET [SETTING=VALUE…]: exports the object at TARGET at /party, prints where, and serves until it is killed, or
 * the program that started it is gone. It has no generated code.
 */
#include "config.h"

#include <rmi-glib/rmi-glib.h>

#include <signal.h>
#include <sys/prctl.h>

#include "node/rmi-node-private.h"

static void
apply (RmiNode     *node,
       const char  *setting,
       char       **target)
{
  g_auto(GStrv) parts = g_strsplit (setting, "=", 2);

  if (g_str_equal (parts[0], "to"))
    *target = g_strdup (parts[1]);
  else if (g_str_equal (parts[0], "direct-dial"))
    g_object_set (node, parts[0], (const char *[]) { parts[1], NULL }, NULL);
  else if (g_str_equal (parts[0], "lease-unit-us"))
    rmi_node_set_lease_unit (node, g_ascii_strtoll (parts[1], NULL, 10));
  else
    g_object_set (node, parts[0], g_ascii_strtoull (parts[1], NULL, 10), NULL);
}

static gboolean
serve (int      argc,
       char    *argv[],
       GError **error)
{
  g_autoptr(GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr(RmiNode) node = rmi_node_new ();
  g_autoptr(RmiStub) stub = NULL;
  g_autofree char *target = NULL;
  g_autofree char *uri = NULL;

  for (int i = 2; i < argc; i++)
    apply (node, argv[i], &target);
  uri = rmi_node_listen (node, argv[1], NULL, error);
  if (uri == NULL)
    return FALSE;
  stub = rmi_node_get_object (node, target, RMI_TYPE_STUB, NULL, error);
  if (stub == NULL || !rmi_node_export (node, "/party", G_OBJECT (stub), error))
    return FALSE;

  g_print ("%s\n", uri);
  g_main_loop_run (loop);
  return TRUE;
}

int
main (int   argc,
      char *argv[])
{
  g_autoptr(GError) error = NULL;

  prctl (PR_SET_PDEATHSIG, SIGKILL);
  if (serve (argc, argv, &error))
    return 0;

  g_printerr ("%s\n", error->message);
  return 1;
}
