/* tools/codegen/codegen-main.c: rmi-codegen, from a description file to C
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "config.h"
#include "tools/codegen/codegen-parts.h"

#include <locale.h>
#include <stdlib.h>

#include "rmi/rmi-error.h"
#include "tools/codegen/codegen-compat.h"

typedef struct
{
  char     *c_namespace;
  char     *interface_prefix;
  char     *generate_c_code;
  char     *output_directory;
  char     *output;
  char     *compat;
  char    **import_namespaces;
  gboolean  header, body, check, version;
} Arguments;

/* Options of gdbus-codegen that change nothing here. */
static gboolean ignored_flag;
static char *ignored_string;

static GHashTable *
parse_import_namespaces (char   **pairs,
                         GError **error)
{
  g_autoptr(GHashTable) namespaces = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  for (guint i = 0; pairs != NULL && pairs[i] != NULL; i++)
    {
      const char *equals = strchr (pairs[i], '=');

      if (equals == NULL || equals == pairs[i] || equals[1] == '\0')
        {
          g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                       "--import-c-namespace wants Alias=Namespace, not \"%s\"", pairs[i]);
          return NULL;
        }
      g_hash_table_insert (namespaces, g_strndup (pairs[i], equals - pairs[i]), g_strdup (equals + 1));
    }
  return g_steal_pointer (&namespaces);
}

/* Writes @text, or with --check compares it to what is there. */
static gboolean
put (const Arguments  *arguments,
     const char       *path,
     const char       *text,
     GError          **error)
{
  g_autofree char *there = NULL;

  if (g_str_equal (path, "-"))
    {
      g_print ("%s", text);
      return TRUE;
    }
  if (!arguments->check)
    return g_file_set_contents (path, text, -1, error);
  if (!g_file_get_contents (path, &there, NULL, error))
    return FALSE;
  if (g_str_equal (there, text))
    return TRUE;
  g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_FAILED, "%s is stale: run rmi-codegen again", path);
  return FALSE;
}

static gboolean
put_both (const Arguments  *arguments,
          CodegenModel     *model,
          GError          **error)
{
  g_autofree char *basename = g_path_get_basename (arguments->generate_c_code);
  g_autofree char *header_name = g_strconcat (basename, ".h", NULL);
  const char *directory = arguments->output_directory;
  g_autofree char *stem = directory != NULL ? g_build_filename (directory, arguments->generate_c_code, NULL)
                                            : g_strdup (arguments->generate_c_code);
  g_autofree char *header_path = g_strconcat (stem, ".h", NULL);
  g_autofree char *body_path = g_strconcat (stem, ".c", NULL);
  g_autofree char *header = codegen_write_header (model);
  g_autofree char *body = codegen_write_body (model, header_name);

  return put (arguments, header_path, header, error) && put (arguments, body_path, body, error);
}

/* --header or --body with --output. */
static gboolean
put_one (const Arguments  *arguments,
         CodegenModel     *model,
         GError          **error)
{
  const char *directory = arguments->output_directory;
  g_autofree char *path = directory != NULL ? g_build_filename (directory, arguments->output, NULL)
                                            : g_strdup (arguments->output);
  g_autofree char *header_name = g_path_get_basename (arguments->output);
  g_autofree char *include = NULL;
  g_autofree char *text = NULL;

  if (strrchr (header_name, '.') != NULL)
    *strrchr (header_name, '.') = '\0';
  include = g_strconcat (header_name, ".h", NULL);
  text = arguments->header ? codegen_write_header (model) : codegen_write_body (model, include);
  return put (arguments, path, text, error);
}

static gboolean
generate (const Arguments  *arguments,
          const char       *filename,
          GError          **error)
{
  g_autoptr(GHashTable) import_namespaces = parse_import_namespaces (arguments->import_namespaces, error);
  g_autoptr(RmiDescription) description = NULL;
  g_autoptr(CodegenModel) model = NULL;
  g_autofree char *basename = g_path_get_basename (filename);
  CodegenOptions options = {
    .basename = basename,
    .c_namespace = arguments->c_namespace != NULL ? arguments->c_namespace : "",
    .interface_prefix = arguments->interface_prefix,
    .import_namespaces = import_namespaces,
  };

  if (import_namespaces == NULL)
    return FALSE;
  description = rmi_description_new_for_file (filename, error);
  if (description == NULL)
    return FALSE;
  model = codegen_model_new (description, &options, error);
  if (model == NULL)
    return FALSE;
  for (guint i = 0; i < model->warnings->len; i++)
    g_printerr ("%s\n", (const char *) model->warnings->pdata[i]);
  return arguments->generate_c_code != NULL ? put_both (arguments, model, error)
                                            : put_one (arguments, model, error);
}

/* Prints what would break a peer that was built from the old file; FALSE without @error if that is something. */
static gboolean
compare (const Arguments  *arguments,
         const char       *filename,
         GError          **error)
{
  g_autoptr(RmiDescription) old = rmi_description_new_for_file (arguments->compat, error);
  g_autoptr(RmiDescription) new = old != NULL ? rmi_description_new_for_file (filename, error) : NULL;
  g_autoptr(GPtrArray) findings = new != NULL ? codegen_compare (old, new) : NULL;

  for (guint i = 0; findings != NULL && i < findings->len; i++)
    g_print ("%s\n", (const char *) findings->pdata[i]);
  return findings != NULL && findings->len == 0;
}

/* What is wrong with the command line, or NULL. */
static const char *
find_mistake (const Arguments *arguments,
              int              argc)
{
  if (argc != 2)
    return "exactly one description file is wanted";
  if (arguments->compat != NULL)
    return arguments->generate_c_code != NULL || arguments->header || arguments->body || arguments->check
             ? "--compat writes nothing, so it goes without --generate-c-code, --header, --body and --check"
             : NULL;
  if (arguments->generate_c_code != NULL)
    return arguments->header || arguments->body || arguments->output != NULL
             ? "--generate-c-code goes without --header, --body and --output"
             : NULL;
  if (arguments->header == arguments->body)
    return "say --generate-c-code BASENAME, or one of --header and --body";
  if (arguments->output == NULL)
    return "--header and --body want --output FILE";
  return NULL;
}

static gboolean
parse (Arguments   *arguments,
       int         *argc,
       char      ***argv,
       GError     **error)
{
  const GOptionEntry entries[] = {
    { "c-namespace", 0, 0, G_OPTION_ARG_STRING, &arguments->c_namespace,
      "The namespace of the C names", "Shop" },
    { "interface-prefix", 0, 0, G_OPTION_ARG_STRING, &arguments->interface_prefix,
      "What to strip from interface names (default: the file's namespace)", "org.example.shop." },
    { "import-c-namespace", 0, 0, G_OPTION_ARG_STRING_ARRAY, &arguments->import_namespaces,
      "The C namespace of an import (default: its alias); may be repeated", "Alias=Bank" },
    { "generate-c-code", 0, 0, G_OPTION_ARG_FILENAME, &arguments->generate_c_code,
      "Write BASENAME.h and BASENAME.c", "BASENAME" },
    { "header", 0, 0, G_OPTION_ARG_NONE, &arguments->header, "Write only the header", NULL },
    { "body", 0, 0, G_OPTION_ARG_NONE, &arguments->body, "Write only the .c file", NULL },
    { "output", 0, 0, G_OPTION_ARG_FILENAME, &arguments->output, "Where to, or - for standard output", "FILE" },
    { "output-directory", 0, 0, G_OPTION_ARG_FILENAME, &arguments->output_directory,
      "Where the output goes", "DIRECTORY" },
    { "check", 0, 0, G_OPTION_ARG_NONE, &arguments->check,
      "Write nothing; fail if the output that is there is stale", NULL },
    { "compat", 0, 0, G_OPTION_ARG_FILENAME, &arguments->compat,
      "Write nothing; report what of FILE would break a peer that was built from OLD", "OLD" },
    { "version", 0, 0, G_OPTION_ARG_NONE, &arguments->version, "Print the version", NULL },
    { "pragma-once", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_NONE, &ignored_flag, NULL, NULL },
    { "c-generate-autocleanup", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_STRING, &ignored_string, NULL, NULL },
    { "glib-min-required", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_STRING, &ignored_string, NULL, NULL },
    { "glib-max-allowed", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_STRING, &ignored_string, NULL, NULL },
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr(GOptionContext) context = g_option_context_new ("FILE");
  const char *mistake;

  g_option_context_set_summary (context, "Writes the C of the interfaces and types that FILE describes.");
  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, argc, argv, error))
    return FALSE;
  mistake = arguments->version ? NULL : find_mistake (arguments, *argc);
  if (mistake != NULL)
    g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED, mistake);
  return mistake == NULL;
}

static void
clear (Arguments *arguments)
{
  g_free (arguments->c_namespace);
  g_free (arguments->interface_prefix);
  g_free (arguments->generate_c_code);
  g_free (arguments->output_directory);
  g_free (arguments->output);
  g_free (arguments->compat);
  g_strfreev (arguments->import_namespaces);
  g_free (ignored_string);
}

int
main (int    argc,
      char **argv)
{
  Arguments arguments = { 0 };
  g_autoptr(GError) error = NULL;
  int status = EXIT_SUCCESS;

  setlocale (LC_ALL, "");
  if (!parse (&arguments, &argc, &argv, &error))
    {
      g_printerr ("rmi-codegen: %s\nTry \"rmi-codegen --help\".\n", error->message);
      status = 2;
    }
  else if (arguments.version)
    g_print ("rmi-codegen %s\n", RMI_VERSION);
  else if (arguments.compat != NULL ? !compare (&arguments, argv[1], &error) : !generate (&arguments, argv[1], &error))
    {
      if (error != NULL)
        g_printerr ("%s%s\n", error->domain == RMI_ERROR ? "" : "rmi-codegen: ", error->message);
      status = EXIT_FAILURE;
    }
  clear (&arguments);
  return status;
}
