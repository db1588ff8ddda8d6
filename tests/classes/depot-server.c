/* tests/classes/depot-server.c: a depot for other processes
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * usage: classes-depot URI [crate]: prints a line when it listens, and serves until its standard input ends. With "crate" it
 * knows crates.
 */
#include "config.h"
#include "tests/classes/depot.h"

#include <glib-unix.h>

static gboolean
quit_cb (int          fd,
         GIOCondition condition,
         gpointer     user_data)
{
  g_main_loop_quit (user_data);
  return G_SOURCE_REMOVE;
}

int
main (int    argc,
      char **argv)
{
  g_autoptr(GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr(RmiNode) node = rmi_node_new ();
  g_autoptr(GObject) depot = test_depot_new ();
  g_autoptr(GError) error = NULL;
  g_autofree char *uri = rmi_node_listen (node, argv[1], NULL, &error);

  g_assert_no_error (error);
  if (argc > 2)
    test_register_crate ();
  rmi_node_export (node, "/depot", depot, &error);
  g_assert_no_error (error);
  g_print ("ready\n");
  g_unix_fd_add (0, G_IO_HUP | G_IO_IN, quit_cb, loop);
  g_main_loop_run (loop);
  rmi_node_close (node);
  return 0;
}
