/* tests/compat/test-evolution.c: what may change between programs does no harm: old ones talk to new ones
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * $OLD_PEER and $NEW_PEER are built from before.xml and after.xml, $RMI_CODEGEN is the program.
 */
#include <string.h>
#include <unistd.h>
#include <sys/wait.h>

#include <gio/gio.h>
#include <glib/gstdio.h>

typedef struct
{
  const char *name;
  gboolean    is_client_new, is_server_new;
} Pair;

static const Pair pairs[] = {
  { "an-old-client-and-an-old-server", FALSE, FALSE },
  { "an-old-client-and-a-new-server", FALSE, TRUE },
  { "a-new-client-and-an-old-server", TRUE, FALSE },
  { "a-new-client-and-a-new-server", TRUE, TRUE },
};

static const char *
get_program (gboolean is_new)
{
  return g_getenv (is_new ? "NEW_PEER" : "OLD_PEER");
}

/* Waits until it listens. */
static GSubprocess *
start_server (gboolean    is_new,
              const char *endpoint)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GDataInputStream) output = NULL;
  g_autofree char *line = NULL;
  GSubprocess *server = g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error,
                                          get_program (is_new), "serve", endpoint, NULL);

  g_assert_no_error (error);
  output = g_data_input_stream_new (g_subprocess_get_stdout_pipe (server));
  g_filter_input_stream_set_close_base_stream (G_FILTER_INPUT_STREAM (output), FALSE);
  line = g_data_input_stream_read_line (output, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (line, ==, "ready");
  return server;
}

static void
test_pair (gconstpointer data)
{
  const Pair *pair = data;
  g_autofree char *directory = g_dir_make_tmp ("rmi-evolution-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (directory, "s", NULL);
  g_autofree char *escaped = g_uri_escape_string (path, NULL, FALSE);
  g_autofree char *endpoint = g_strconcat ("rmi+unix://", escaped, NULL);
  g_autofree char *uri = g_strconcat (endpoint, "/store", NULL);
  g_autoptr(GSubprocess) server = start_server (pair->is_server_new, endpoint);
  g_autoptr(GSubprocess) client = NULL;
  g_autoptr(GError) error = NULL;

  client = g_subprocess_new (G_SUBPROCESS_FLAGS_NONE, &error, get_program (pair->is_client_new), "call", uri,
                             pair->is_server_new ? "new" : "old", NULL);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_wait_check (client, NULL, &error));
  g_assert_no_error (error);

  g_assert_true (g_output_stream_close (g_subprocess_get_stdin_pipe (server), NULL, &error));
  g_assert_true (g_subprocess_wait_check (server, NULL, &error));
  g_assert_no_error (error);
  g_remove (path);
  g_rmdir (directory);
}

static void
test_compat_says_so (void)
{
  g_autofree char *before = g_test_build_filename (G_TEST_DIST, "before.xml", NULL);
  g_autofree char *after = g_test_build_filename (G_TEST_DIST, "after.xml", NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(GSubprocess) codegen = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_MERGE, &error,
                                                     g_getenv ("RMI_CODEGEN"), "--compat", before, after, NULL);
  g_autofree char *output = NULL;

  g_assert_no_error (error);
  g_assert_true (g_subprocess_communicate_utf8 (codegen, NULL, NULL, &output, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (output, ==, "");
  g_assert_cmpint (g_subprocess_get_exit_status (codegen), ==, 0);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/rmi/evolution/compat-finds-nothing", test_compat_says_so);
  for (guint i = 0; i < G_N_ELEMENTS (pairs); i++)
    {
      g_autofree char *path = g_strconcat ("/rmi/evolution/", pairs[i].name, NULL);

      g_test_add_data_func (path, &pairs[i], test_pair);
    }
  return g_test_run ();
}
