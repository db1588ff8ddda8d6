/* tests/compat/test-compat.c: rmi-codegen --compat, each rule in both directions
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * $RMI_CODEGEN is the program, $G_TEST_SRCDIR this folder: rules.txt has the rules, and says how it is read. That they are
 * true of programs is what test-evolution shows.
 */
#include "config.h"

#include <string.h>
#include <sys/wait.h>

#include <glib/gstdio.h>

#include "tools/codegen/codegen-compat.h"

typedef struct
{
  char *name;
  char *one, *other;           /* descriptions */
  char *forward, *backward;    /* what is found when the one becomes the other, and the other way round */
} Rule;

static char *directory;        /* where descriptions are written; the current one when tests run */

static void
rule_free (gpointer data)
{
  Rule *rule = data;

  g_free (rule->name);
  g_free (rule->one);
  g_free (rule->other);
  g_free (rule->forward);
  g_free (rule->backward);
  g_free (rule);
}

/* The text up to @mark, which is a line; @cursor moves behind it. */
static char *
take_until (char       **cursor,
            const char  *mark)
{
  char *end = strstr (*cursor, mark);
  char *text;

  if (end == NULL)
    g_error ("rules.txt: no \"%s\" after: %.80s", mark, *cursor);
  text = g_strndup (*cursor, end - *cursor);
  *cursor = end + strlen (mark);
  return text;
}

static char *
wrap (const char *inside)
{
  return g_strdup_printf ("<node namespace=\"org.x\">\n%s\n</node>\n", inside);
}

static Rule *
parse_rule (char *section)
{
  Rule *rule = g_new0 (Rule, 1);
  g_autofree char *one = NULL;
  g_autofree char *other = NULL;

  rule->name = take_until (&section, "\n");
  one = take_until (&section, "\n--\n");
  other = take_until (&section, "\n->\n");
  rule->one = wrap (one);
  rule->other = wrap (other);
  rule->forward = take_until (&section, "<-\n");
  rule->backward = g_strdup (section);
  return rule;
}

static void
write_file (const char *name,
            const char *text)
{
  g_autofree char *path = g_build_filename (directory, name, NULL);
  g_autoptr(GError) error = NULL;

  g_file_set_contents (path, text, -1, &error);
  g_assert_no_error (error);
}

static void
expect (const char *old,
        const char *new,
        const char *findings)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(RmiDescription) was = rmi_description_new_for_file (old, &error);
  g_autoptr(RmiDescription) is = was != NULL ? rmi_description_new_for_file (new, &error) : NULL;
  g_autoptr(GPtrArray) lines = NULL;
  g_autofree char *text = NULL;

  g_assert_no_error (error);
  lines = codegen_compare (was, is);
  g_ptr_array_add (lines, g_strdup (""));
  g_ptr_array_add (lines, NULL);
  text = g_strjoinv ("\n", (char **) lines->pdata);
  g_assert_cmpstr (text, ==, findings);
}

static void
test_rule (gconstpointer data)
{
  const Rule *rule = data;

  write_file ("one.xml", rule->one);
  write_file ("other.xml", rule->other);
  expect ("one.xml", "other.xml", rule->forward);
  expect ("other.xml", "one.xml", rule->backward);
  expect ("one.xml", "one.xml", "");
}

/* ---- the program ---- */

static int
run (const char  *old,
     const char  *new,
     char       **output,
     char       **errors)
{
  const char *argv[] = { g_getenv ("RMI_CODEGEN"), "--compat", old, new, NULL };
  g_autoptr(GError) error = NULL;
  int wait_status = 0;

  g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, output, errors, &wait_status, &error);
  g_assert_no_error (error);
  g_assert_true (WIFEXITED (wait_status));
  return WEXITSTATUS (wait_status);
}

static void
test_says_and_exits (void)
{
  g_autofree char *silence = NULL;
  g_autofree char *findings = NULL;
  g_autofree char *no_errors = NULL;
  g_autofree char *still_no_errors = NULL;

  write_file ("one.xml", "<node><interface name='org.x.A'/>\n<interface name='org.x.B'/></node>");
  write_file ("other.xml", "<node><interface name='org.x.C'/></node>");
  g_assert_cmpint (run ("one.xml", "one.xml", &silence, &no_errors), ==, 0);
  g_assert_cmpstr (silence, ==, "");
  g_assert_cmpstr (no_errors, ==, "");
  g_assert_cmpint (run ("one.xml", "other.xml", &findings, &still_no_errors), ==, 1);
  g_assert_cmpstr (findings, ==, "one.xml:1:7: interface org.x.A is removed: old peers use it\n"
                                 "one.xml:2:1: interface org.x.B is removed: old peers use it\n");
  g_assert_cmpstr (still_no_errors, ==, "");
}

static void
expect_failure (const char *old,
                const char *new,
                const char *message)
{
  g_autofree char *output = NULL;
  g_autofree char *errors = NULL;

  g_assert_cmpint (run (old, new, &output, &errors), ==, 1);
  g_assert_cmpstr (output, ==, "");
  g_assert_true (g_str_has_prefix (errors, message));
}

static void
test_files_that_cannot_be_read (void)
{
  write_file ("good.xml", "<node/>");
  write_file ("bad.xml", "<node>\n<method/></node>");
  expect_failure ("bad.xml", "good.xml", "bad.xml:2:1: ");
  expect_failure ("good.xml", "bad.xml", "bad.xml:2:1: ");
  expect_failure ("good.xml", "missing.xml", "missing.xml: ");
  expect_failure ("missing.xml", "good.xml", "missing.xml: ");
}

static void
test_command_line (void)
{
  static const char *const with[][2] = {
    { "--header", NULL }, { "--body", NULL }, { "--check", NULL }, { "--generate-c-code=x", NULL }, { NULL, NULL },
  };

  write_file ("good.xml", "<node/>");
  for (guint i = 0; i < G_N_ELEMENTS (with); i++)
    {
      const char *argv[] = { g_getenv ("RMI_CODEGEN"), "--compat", "good.xml", with[i][0], with[i][0] ? "good.xml" : NULL, NULL };
      int wait_status = 0;

      g_assert_true (g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL, NULL, NULL,
                                   &wait_status, NULL));
      g_assert_cmpint (WEXITSTATUS (wait_status), ==, 2);
    }
}

/* ---- the tests there are ---- */

static char *
read_source (const char *name)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, name, NULL);
  g_autoptr(GError) error = NULL;
  char *text = NULL;

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  return text;
}

static void
copy_imports (void)
{
  static const char *const names[] = { "one-import.xml", "other-import.xml", "moved-import.xml", "foreign-import.xml" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *text = read_source (names[i]);

      write_file (names[i], text);
    }
}

static void
add_rules (void)
{
  g_autofree char *text = read_source ("rules.txt");
  g_auto(GStrv) sections = g_strsplit (text, "\n== ", -1);

  g_assert_cmpuint (g_strv_length (sections), >, 70);
  for (guint i = 1; sections[i] != NULL; i++)
    {
      Rule *rule = parse_rule (sections[i]);
      g_autofree char *path = g_strconcat ("/rmi/compat/", rule->name, NULL);

      g_test_add_data_func_full (path, rule, test_rule, rule_free);
    }
}

static void
remove_directory (void)
{
  g_autoptr(GDir) dir = g_dir_open (directory, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (directory, name, NULL);

      g_remove (path);
    }
  g_rmdir (directory);
}

int
main (int    argc,
      char **argv)
{
  g_autoptr(GError) error = NULL;
  int status;

  g_test_init (&argc, &argv, NULL);
  directory = g_dir_make_tmp ("rmi-compat-XXXXXX", &error);
  g_assert_no_error (error);
  copy_imports ();
  add_rules ();
  g_assert_cmpint (g_chdir (directory), ==, 0);
  g_test_add_func ("/rmi/compat/says-what-it-found-and-exits", test_says_and_exits);
  g_test_add_func ("/rmi/compat/files-that-cannot-be-read-are-errors", test_files_that_cannot_be_read);
  g_test_add_func ("/rmi/compat/goes-with-no-other-option", test_command_line);
  status = g_test_run ();
  remove_directory ();
  g_free (directory);
  return status;
}
