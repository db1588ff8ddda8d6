/* tools/grmi/grmi.c: the command line of rmi-glib
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * grmi [OPTION…] COMMAND [OPTION…] [ARGUMENT…]: finds the command, and turns errors into text and
 * exit codes.
 */
#include "config.h"
#include "tools/grmi/grmi-commands.h"

#include "rmi/rmi-text-internal.h"

#include <locale.h>

static const GrmiCommand *const commands[] = {
  &grmi_list_command, &grmi_introspect_command, &grmi_call_command,
  &grmi_get_command, &grmi_set_command, &grmi_monitor_command,
};

static gboolean print_version;

/* Options that stand before a command or behind it. */
static GOptionContext *
new_context (GrmiSession *session,
             const char  *parameters)
{
  const GOptionEntry common[] = {
    { "registry", 'r', 0, G_OPTION_ARG_STRING, &session->registry,
      "Where the registry is; default: $RMI_REGISTRY, or your own", "URI" },
    { "json", 'j', 0, G_OPTION_ARG_NONE, &session->json, "Print JSON, one document a line", NULL },
    { "timeout", 't', 0, G_OPTION_ARG_DOUBLE, &session->timeout_s,
      "Wait no longer; default: 25 for each call", "SECONDS" },
    { NULL }
  };
  GOptionContext *context = g_option_context_new (parameters);

  g_option_context_add_main_entries (context, common, NULL);
  return context;
}

static char *
describe_commands (void)
{
  g_autoptr(GString) text = g_string_new ("Commands:\n");

  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    {
      g_autofree char *head = g_strdup_printf ("%s %s", commands[i]->name, commands[i]->usage);
      int missing = 34 - (int) g_utf8_strlen (head, -1);

      g_string_append_printf (text, "  %s%*s %s\n", head, MAX (missing, 0), "",
                              commands[i]->summary);
    }
  g_string_append (text, "\nTARGET is a name (shop/warehouse) or a URI (rmi://host:port/path).\n"
                         "Arguments are plain text; JSON for lists and objects.");
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static gboolean
parse_global (GrmiSession *session,
              int         *argc,
              char      ***argv,
              GError     **error)
{
  static const GOptionEntry only_here[] = {
    { "version", 'V', 0, G_OPTION_ARG_NONE, &print_version, "Print the version and exit", NULL },
    { NULL }
  };
  g_autoptr(GOptionContext) context =
      new_context (session, "COMMAND – call GObjects of other processes");
  g_autofree char *description = describe_commands ();

  g_option_context_add_main_entries (context, only_here, NULL);
  g_option_context_set_strict_posix (context, TRUE);
  g_option_context_set_description (context, description);
  return g_option_context_parse (context, argc, argv, error);
}

static const GrmiCommand *
find_command (const char *name,
              GError    **error)
{
  for (guint i = 0; name != NULL && i < G_N_ELEMENTS (commands); i++)
    if (g_str_equal (commands[i]->name, name))
      return commands[i];
  if (name == NULL)
    g_set_error (error, GRMI_ERROR, GRMI_EXIT_USAGE, "which command? (grmi --help tells)");
  else
    g_set_error (error, GRMI_ERROR, GRMI_EXIT_USAGE, "%s: no such command (grmi --help tells)",
                 name);
  return NULL;
}

static gboolean
parse_command (GrmiSession       *session,
               const GrmiCommand *command,
               int               *argc,
               char            ***argv,
               GError           **error)
{
  g_autofree char *parameters = g_strdup_printf ("%s – %s", command->usage, command->summary);
  g_autofree char *program = g_strdup_printf ("grmi %s", command->name);
  g_autoptr(GOptionContext) context = new_context (session, parameters);
  guint n_arguments;

  if (command->options != NULL)
    g_option_context_add_main_entries (context, command->options, NULL);
  g_option_context_set_strict_posix (context, command->takes_any_text);
  g_set_prgname (program);
  if (!g_option_context_parse (context, argc, argv, error))
    return FALSE;
  n_arguments = *argc - 1;
  if (n_arguments >= command->n_min && n_arguments <= command->n_max && session->timeout_s >= 0)
    return TRUE;
  g_set_error (error, GRMI_ERROR, GRMI_EXIT_USAGE, "usage: %s %s", program, command->usage);
  return FALSE;
}

static gboolean
run (GrmiSession *session,
     int          argc,
     char       **argv,
     GError     **error)
{
  const GrmiCommand *command;

  if (!parse_global (session, &argc, &argv, error))
    return FALSE;
  if (print_version)
    {
      g_print ("grmi %s\n", RMI_VERSION);
      return TRUE;
    }
  command = find_command (argc > 1 ? argv[1] : NULL, error);
  if (command == NULL)
    return FALSE;
  argv++, argc--;
  if (!parse_command (session, command, &argc, &argv, error))
    return FALSE;
  grmi_session_start (session);
  return command->run (session, (const char *const *) argv + 1, error);
}

int
main (int   argc,
      char *argv[])
{
  g_auto(GrmiSession) session = { NULL };
  g_autoptr(GError) error = NULL;

  setlocale (LC_ALL, "");
  if (run (&session, argc, argv, &error))
    return GRMI_EXIT_OK;
  rmi_text_show (&error->message);
  if (error->domain == GRMI_ERROR || error->domain == G_OPTION_ERROR)
    g_printerr ("grmi: %s\n", error->message);
  else
    g_printerr ("grmi: %s%s\n", error->message, grmi_describe_ran (error));
  return grmi_exit_for_error (error);
}
