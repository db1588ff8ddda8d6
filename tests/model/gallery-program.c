/* tests/model/gallery-program.c: the gallery of tests/values in a program of its own
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In the place of tests/values/gallery.c: so the tests there are scenarios between programs. GALLERY_PEER names the program.
 */
#include "config.h"
#include "tests/values/gallery.h"

#include <glib/gstdio.h>
#include <sys/wait.h>
#include <unistd.h>

static GPid pid;
static int input;
static char *directory;

/* GALLERY_TRANSPORT is "unix" or "tcp". */
static char *
make_endpoint (void)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *path = NULL;
  g_autofree char *escaped = NULL;

  if (g_strcmp0 (g_getenv ("GALLERY_TRANSPORT"), "tcp") == 0)
    return g_strdup ("rmi://127.0.0.1:0");

  directory = g_dir_make_tmp ("gallery-XXXXXX", &error);
  g_assert_no_error (error);
  path = g_build_filename (directory, "socket", NULL);
  escaped = g_uri_escape_string (path, NULL, FALSE);
  return g_strconcat ("rmi+unix://", escaped, NULL);
}

static char *
read_line (int fd)
{
  GString *line = g_string_new (NULL);
  char c;

  while (read (fd, &c, 1) == 1 && c != '\n')
    g_string_append_c (line, c);
  close (fd);
  g_assert_cmpuint (line->len, >, 0);
  return g_string_free (line, FALSE);
}

void
gallery_set_up (Gallery       *self,
                gconstpointer  data)
{
  g_autofree char *endpoint = make_endpoint ();
  char *argv[] = { (char *) g_getenv ("GALLERY_PEER"), NULL };
  g_auto(GStrv) environment = g_environ_setenv (g_get_environ (), "GALLERY_ENDPOINT", endpoint, TRUE);
  g_autoptr(GError) error = NULL;
  int output;

  g_spawn_async_with_pipes (NULL, argv, environment, G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, &pid, &input, &output, NULL, &error);
  g_assert_no_error (error);
  self->object_uri = read_line (output);
  self->node = rmi_node_new ();
  self->gallery = rmi_node_get_object (self->node, self->object_uri, VALUES_TYPE_GALLERY, NULL, &error);
  g_assert_no_error (error);
}

/* It has to end well: under AddressSanitizer, without leaks. */
void
gallery_tear_down (Gallery       *self,
                   gconstpointer  data)
{
  int status;

  g_clear_object (&self->gallery);
  rmi_node_close (self->node);
  g_assert_finalize_object (g_steal_pointer (&self->node));
  close (input);
  g_assert_cmpint (waitpid (pid, &status, 0), ==, pid);
  g_assert_true (WIFEXITED (status));
  g_assert_cmpint (WEXITSTATUS (status), ==, 0);
  g_spawn_close_pid (pid);
  g_free (self->object_uri);
  if (directory != NULL)
    g_rmdir (directory);
  g_clear_pointer (&directory, g_free);
}
