/* tests/scenarios-peer.c: the other program of the scenarios
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * usage: scenarios-peer URI [LIMIT=NUMBER…]: exports a party at /party, prints where, and serves until it is killed, or the
 * program that started it is gone. One thread.
 */
#include "config.h"
#include "tests/scenarios-guest.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>

static void
allow_many_files (void)
{
  struct rlimit limit;

  getrlimit (RLIMIT_NOFILE, &limit);
  limit.rlim_cur = MIN (limit.rlim_max, 4096);
  setrlimit (RLIMIT_NOFILE, &limit);
}

static void
set_limit (RmiNode    *node,
           const char *setting)
{
  g_auto(GStrv) parts = g_strsplit (setting, "=", 2);

  g_object_set (node, parts[0], g_ascii_strtoull (parts[1], NULL, 10), NULL);
}

int
main (int   argc,
      char *argv[])
{
  g_autoptr(GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr(RmiNode) node = rmi_node_new ();
  g_autoptr(Guest) guest = guest_new (node);
  g_autoptr(GError) error = NULL;
  g_autofree char *uri = NULL;

  prctl (PR_SET_PDEATHSIG, SIGKILL);
  allow_many_files ();
  for (int i = 2; i < argc; i++)
    set_limit (node, argv[i]);
  uri = rmi_node_listen (node, argv[1], NULL, &error);
  if (uri == NULL || !rmi_node_export (node, "/party", G_OBJECT (guest), &error))
    {
      g_printerr ("%s\n", error->message);
      return 1;
    }

  g_print ("%s\n", uri);
  g_main_loop_run (loop);
  return 0;
}
