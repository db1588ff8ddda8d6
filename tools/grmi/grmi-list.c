/* tools/grmi/grmi-list.c: grmi list
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Asks the registry as any other object, page by page, without generated code.
 */
#include "config.h"
#include "tools/grmi/grmi-commands.h"

#include "tools/grmi/grmi-output.h"

static gboolean is_long;

static const GOptionEntry options[] = { { "long", 'l', 0, G_OPTION_ARG_NONE, &is_long,
                                          "Also where the objects are, and what they are", NULL },
                                        { NULL } };

/* Names with --long: the widest first column that still lines up. */
#define NAME_COLUMN 32

static char *
dup_member (RmiSlice    object,
            const char *member)
{
  RmiSlice value = rmi_json_lookup (object, member);
  RmiReader reader;
  char *text;

  rmi_reader_init (&reader, value, NULL, NULL, RMI_ERROR_BAD_REPLY, member);
  text = rmi_reader_get_string (&reader);
  rmi_reader_finish (&reader, NULL);
  return text;
}

static GStrv
dup_strings (RmiSlice    object,
             const char *member)
{
  RmiReader reader;
  GStrv strings;

  rmi_reader_init (&reader, rmi_json_lookup (object, member), NULL, NULL, RMI_ERROR_BAD_REPLY,
                   member);
  strings = rmi_reader_get_strv (&reader);
  rmi_reader_finish (&reader, NULL);
  return strings != NULL ? strings : g_new0 (char *, 1);
}

static void
append_provider (GString  *out,
                 RmiSlice  provider)
{
  g_autofree char *path = dup_member (provider, "path");
  g_auto(GStrv) endpoints = dup_strings (provider, "endpoints");
  g_auto(GStrv) interfaces = dup_strings (provider, "interfaces");
  g_autofree char *names = g_strjoinv (", ", interfaces);

  grmi_append_text (out, names, strlen (names));
  g_string_append (out, "  ");
  if (endpoints[0] != NULL)
    grmi_append_text (out, endpoints[0], strlen (endpoints[0]));
  if (path != NULL)
    grmi_append_text (out, path, strlen (path));
}

static void
append_entry (GString    *out,
              RmiSlice    entry,
              const char *name,
              gboolean    json)
{
  if (json && is_long)
    grmi_append_json (out, entry);
  else if (json)
    grmi_append_json (out, rmi_json_lookup (entry, "name"));
  else if (is_long)
    {
      g_string_append_printf (out, "%-*s  ", NAME_COLUMN, name);
      append_provider (out, rmi_json_lookup (entry, "provider"));
    }
  else
    grmi_append_text (out, name, strlen (name));
}

/* Appends a page, and moves @after to its last name. FALSE with @error if the registry does not get
 * on. */
static gboolean
append_page (GrmiSession *session,
             GString     *out,
             RmiSlice     entries,
             char       **after,
             GError     **error)
{
  RmiReader reader;

  rmi_reader_init (&reader, entries, NULL, NULL, RMI_ERROR_BAD_REPLY, "entries");
  rmi_reader_begin_array (&reader);
  while (rmi_reader_next_element (&reader))
    {
      RmiSlice entry = rmi_reader_get_raw (&reader);
      g_autofree char *name = dup_member (entry, "name");

      if (g_strcmp0 (name, *after) <= 0)
        {
          rmi_reader_fail (&reader, g_error_new (RMI_ERROR, RMI_ERROR_BAD_REPLY,
                                                 "The registry lists names out of order"));
          break;
        }
      if (session->json && out->len > 1)
        g_string_append_c (out, ',');
      append_entry (out, entry, name, session->json);
      if (!session->json)
        g_string_append_c (out, '\n');
      g_free (*after);
      *after = g_steal_pointer (&name);
    }
  return rmi_reader_finish (&reader, error);
}

static gboolean
run_list (GrmiSession       *session,
          const char *const *arguments,
          GError           **error)
{
  g_autoptr(RmiStub) registry = grmi_session_get_registry (session, error);
  g_autoptr(GString) out = g_string_new (session->json ? "[" : NULL);
  g_autofree char *after = g_strdup ("");
  gboolean more = registry != NULL;

  if (registry == NULL)
    return FALSE;
  while (more)
    {
      g_autoptr(RmiCall) call = grmi_session_begin_call (session, registry, NULL, "List");
      RmiSlice page;

      rmi_writer_add_string (rmi_call_get_writer (call), arguments[0] != NULL ? arguments[0] : "");
      rmi_writer_add_string (rmi_call_get_writer (call), after);
      if (!grmi_session_run_call (session, call, &page, error)
          || !append_page (session, out, rmi_json_lookup (page, "entries"), &after, error))
        return FALSE;
      more = rmi_slice_equals (rmi_json_lookup (page, "more"), "true", 4);
    }
  if (session->json)
    g_string_append (out, "]\n");
  grmi_flush (out);
  return TRUE;
}

const GrmiCommand grmi_list_command = {
  .name = "list", .usage = "[PREFIX]", .summary = "list the names that are bound",
  .n_min = 0, .n_max = 1, .run = run_list, .options = options,
};
