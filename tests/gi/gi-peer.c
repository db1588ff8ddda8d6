/* tests/gi/gi-peer.c: another program, that exports objects by their typelibs
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * usage: gi-peer URI: exports a sampler, a list and a group of actions, prints where, and serves until it is killed, or the program
 * that started it is gone.
 */
#include "config.h"
#include "gi/rmi-gi.h"
#include "tests/gi/sampler.h"

#include <girepository.h>
#include <signal.h>
#include <sys/prctl.h>

static void
export (RmiNode    *node,
        const char *path,
        gpointer    object)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(RmiDynamicSkeleton) skeleton = rmi_gi_skeleton_new (object, &error);
  g_autoptr(RmiDynamicSkeleton) again = NULL;

  g_assert_no_error (error);
  again = rmi_gi_skeleton_new (object, &error);
  g_assert_true (again == skeleton);
  rmi_node_export (node, path, G_OBJECT (skeleton), &error);
  g_assert_no_error (error);
}

static void
load (const char *namespace,
      const char *version)
{
  g_autoptr(GError) error = NULL;

  g_irepository_require (NULL, namespace, version, 0, &error);
  g_assert_no_error (error);
}

int
main (int   argc,
      char *argv[])
{
  g_autoptr(GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr(RmiNode) node = rmi_node_new ();
  g_autoptr(SamplerSampler) sampler = sampler_sampler_new ();
  g_autoptr(GListStore) store = g_list_store_new (G_TYPE_OBJECT);
  g_autoptr(GSimpleActionGroup) group = g_simple_action_group_new ();
  g_autoptr(GSimpleAction) action = g_simple_action_new_stateful ("mute", NULL, g_variant_new_boolean (FALSE));
  g_autofree char *uri = NULL;
  g_autoptr(GError) error = NULL;

  prctl (PR_SET_PDEATHSIG, SIGKILL);
  load ("Gio", "2.0");
  load ("Sampler", "1.0");
  g_action_map_add_action (G_ACTION_MAP (group), G_ACTION (action));
  uri = rmi_node_listen (node, argv[1], NULL, &error);
  g_assert_no_error (error);
  export (node, "/sampler", sampler);
  export (node, "/store", store);
  export (node, "/group", group);
  g_print ("%s\n", uri);
  g_main_loop_run (loop);
  return 0;
}
