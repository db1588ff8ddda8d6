/* tests/model/gallery-peer.c: the gallery of tests/values as a program
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Prints where it is, and serves until its standard input ends.
 */
#include "config.h"
#include "tests/values/gallery.h"

#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <unistd.h>

int
main (int   argc,
      char *argv[])
{
  Gallery gallery = { 0 };
  char c;

  prctl (PR_SET_PDEATHSIG, SIGKILL);
  gallery_set_up (&gallery, NULL);
  g_print ("%s\n", gallery.object_uri);
  fflush (stdout);
  while (read (STDIN_FILENO, &c, 1) > 0)
    ;
  gallery_tear_down (&gallery, NULL);
  return 0;
}
