/* tests/codegen/test-codegen.c: rmi-codegen as a program
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * $RMI_CODEGEN is the program, $G_TEST_SRCDIR this folder. bad/NAME.xml are descriptions that have no C; bad/NAME.err is what the
 * program says to each.
 */
#include <string.h>

#include <glib/gstdio.h>

typedef struct
{
  int   status;
  char *output;
  char *errors;
} Run;

static void
run_clear (Run *run)
{
  g_free (run->output);
  g_free (run->errors);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Run, run_clear)

/* Runs rmi-codegen with @arguments in @directory. */
static Run
run_codegen (const char        *directory,
             const char *const *arguments)
{
  g_autoptr(GPtrArray) argv = g_ptr_array_new ();
  g_autoptr(GError) error = NULL;
  Run run = { 0 };
  int wait_status;

  g_ptr_array_add (argv, (char *) g_getenv ("RMI_CODEGEN"));
  for (guint i = 0; arguments[i] != NULL; i++)
    g_ptr_array_add (argv, (char *) arguments[i]);
  g_ptr_array_add (argv, NULL);
  g_spawn_sync (directory, (char **) argv->pdata, NULL, G_SPAWN_DEFAULT, NULL, NULL, &run.output, &run.errors,
                &wait_status, &error);
  g_assert_no_error (error);
  g_assert_true (WIFEXITED (wait_status));
  run.status = WEXITSTATUS (wait_status);
  return run;
}

static char *
get_header (const char *file)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, file, NULL);
  const char *const arguments[] = { "--c-namespace", "Test", "--header", "--output", "-", path, NULL };
  g_auto(Run) run = run_codegen (NULL, arguments);

  g_assert_cmpint (run.status, ==, 0);
  return g_steal_pointer (&run.output);
}

static void
test_same_input_same_output (void)
{
  g_autofree char *one = get_header ("torture.xml");
  g_autofree char *other = get_header ("torture.xml");

  g_assert_cmpstr (one, ==, other);
  g_assert_true (g_str_has_suffix (one, "\n"));
  g_assert_null (strstr (one, " \n"));
}

static void
test_standard_dbus_file (void)
{
  g_autofree char *header = get_header ("dbus.xml");

  g_assert_nonnull (strstr (header, "test_org_freedesktop_dbus_properties_get "));
  g_assert_nonnull (strstr (header, "test_org_freedesktop_dbus_object_manager_get_managed_objects "));
}

static void
test_check_tells_stale_from_fresh (void)
{
  g_autofree char *directory = g_dir_make_tmp ("rmi-codegen-XXXXXX", NULL);
  g_autofree char *source = g_test_build_filename (G_TEST_DIST, "base.xml", NULL);
  g_autofree char *header = g_build_filename (directory, "base.h", NULL);
  g_autofree char *body = g_build_filename (directory, "base.c", NULL);
  const char *const write[] = { "--c-namespace", "Base", "--generate-c-code", "base", source, NULL };
  const char *const check[] = { "--check", "--c-namespace", "Base", "--generate-c-code", "base", source, NULL };
  g_auto(Run) missing = run_codegen (directory, check);
  g_auto(Run) written = run_codegen (directory, write);
  g_auto(Run) fresh = run_codegen (directory, check);
  g_auto(Run) stale = { 0 };

  g_assert_cmpint (missing.status, ==, 1);
  g_assert_cmpint (written.status, ==, 0);
  g_assert_cmpstr (written.errors, ==, "");
  g_assert_cmpint (fresh.status, ==, 0);
  g_assert_true (g_file_set_contents (body, "old\n", -1, NULL));
  stale = run_codegen (directory, check);
  g_assert_cmpint (stale.status, ==, 1);
  g_assert_nonnull (strstr (stale.errors, "base.c is stale"));

  g_remove (header);
  g_remove (body);
  g_rmdir (directory);
}

static void
test_accessor_gives_way_to_method (void)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "torture.xml", NULL);
  const char *const arguments[] = { "--c-namespace", "Test", "--header", "--output", "-", path, NULL };
  g_auto(Run) run = run_codegen (NULL, arguments);

  g_assert_nonnull (strstr (run.errors, "warning: test_awkward_set_state() is left out"));
  g_assert_nonnull (strstr (run.output, "gboolean test_awkward_set_state ("));
  g_assert_nonnull (strstr (run.output, "TestState test_awkward_get_state ("));
}

static void
test_command_line_mistakes (void)
{
  const char *const none[] = { NULL };
  const char *const no_output[] = { "--header", "x.xml", NULL };
  const char *const both[] = { "--header", "--body", "--output", "-", "x.xml", NULL };
  const char *const pair[] = { "--import-c-namespace", "Bank", "--header", "--output", "-", "x.xml", NULL };
  g_auto(Run) run_none = run_codegen (NULL, none);
  g_auto(Run) run_no_output = run_codegen (NULL, no_output);
  g_auto(Run) run_both = run_codegen (NULL, both);
  g_auto(Run) run_pair = run_codegen (NULL, pair);

  g_assert_cmpint (run_none.status, ==, 2);
  g_assert_cmpint (run_no_output.status, ==, 2);
  g_assert_cmpint (run_both.status, ==, 2);
  g_assert_cmpint (run_pair.status, ==, 1);
  g_assert_nonnull (strstr (run_pair.errors, "Alias=Namespace"));
}

/* @data: "NAME.xml" in bad/. The program runs there, so that the golden text has no folder. */
static void
test_bad (gconstpointer data)
{
  const char *file = data;
  g_autofree char *directory = g_test_build_filename (G_TEST_DIST, "bad", NULL);
  g_autofree char *path = g_build_filename (directory, file, NULL);
  g_autofree char *expected = NULL;
  const char *const arguments[] = { "--c-namespace", "Bad", "--header", "--output", "-", file, NULL };
  g_auto(Run) run = run_codegen (directory, arguments);
  g_autoptr(GError) error = NULL;

  strcpy (strrchr (path, '.'), ".err");
  g_file_get_contents (path, &expected, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (run.status, ==, 1);
  g_assert_cmpstr (run.output, ==, "");
  g_assert_cmpstr (run.errors, ==, expected);
}

static void
add_bad_files (void)
{
  g_autofree char *directory = g_test_build_filename (G_TEST_DIST, "bad", NULL);
  g_autoptr(GDir) dir = g_dir_open (directory, 0, NULL);
  const char *name;

  g_assert_nonnull (dir);
  while ((name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_suffix (name, ".xml"))
      {
        g_autofree char *stem = g_strndup (name, strlen (name) - 4);
        g_autofree char *path = g_strconcat ("/rmi/codegen/refuses/", stem, NULL);

        g_test_add_data_func_full (path, g_strdup (name), test_bad, g_free);
      }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/rmi/codegen/same-input-gives-same-output", test_same_input_same_output);
  g_test_add_func ("/rmi/codegen/reads-standard-dbus-interfaces", test_standard_dbus_file);
  g_test_add_func ("/rmi/codegen/check-tells-stale-from-fresh", test_check_tells_stale_from_fresh);
  g_test_add_func ("/rmi/codegen/accessor-gives-way-to-method", test_accessor_gives_way_to_method);
  g_test_add_func ("/rmi/codegen/says-what-is-wrong-with-the-command-line", test_command_line_mistakes);
  add_bad_files ();
  return g_test_run ();
}
