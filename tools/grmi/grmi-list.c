/* tools/grmi/grmi-list.c: grmi list
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Asks the registry as any other object, page by page, without generated code. What it lists is
 * printed page by page, too: it may have more than fits into memory.
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
/* Ten times what a registry takes: one that lists more does not come to an end. */
#define MAX_NAMES 1000000

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

  rmi_text_append_shown (out, names, strlen (names));
  g_string_append (out, "  ");
  if (endpoints[0] != NULL)
    rmi_text_append_shown (out, endpoints[0], strlen (endpoints[0]));
  if (path != NULL)
    rmi_text_append_shown (out, path, strlen (path));
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
      g_autoptr(GString) shown = g_string_new (NULL);

      rmi_text_append_shown (shown, name, strlen (name));
      g_string_append_printf (out, "%-*s  ", NAME_COLUMN, shown->str);
      append_provider (out, rmi_json_lookup (entry, "provider"));
    }
  else
    rmi_text_append_shown (out, name, strlen (name));
}

typedef struct
{
  GString *out;                   /* of one page */
  char    *after;                 /* the last name so far */
  guint    n_names;
} Listing;

static void
listing_clear (Listing *self)
{
  g_string_free (self->out, TRUE);
  g_free (self->after);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Listing, listing_clear)

/* Takes @name (transfer full, nullable) if it can be the next one. */
static gboolean
go_on_with (Listing    *self,
            char       *name,
            RmiReader  *reader)
{
  g_autofree char *next = name;

  if (g_strcmp0 (next, self->after) > 0 && self->n_names < MAX_NAMES)
    {
      self->n_names++;
      g_free (self->after);
      self->after = g_steal_pointer (&next);
      return TRUE;
    }
  rmi_reader_fail (reader, g_error_new (RMI_ERROR, RMI_ERROR_BAD_REPLY,
                                        "The registry lists names out of order, or too many"));
  return FALSE;
}

/* FALSE with @error if the registry does not get on. */
static gboolean
print_page (GrmiSession *session,
            Listing     *listing,
            RmiSlice     page,
            gboolean     more,
            GError     **error)
{
  guint n_before = listing->n_names;
  RmiReader reader;

  rmi_reader_init (&reader, rmi_json_lookup (page, "entries"), NULL, NULL, RMI_ERROR_BAD_REPLY,
                   "entries");
  rmi_reader_begin_array (&reader);
  while (rmi_reader_next_element (&reader))
    {
      RmiSlice entry = rmi_reader_get_raw (&reader);

      if (!go_on_with (listing, dup_member (entry, "name"), &reader))
        break;
      if (session->json && listing->n_names > 1)
        g_string_append_c (listing->out, ',');
      append_entry (listing->out, entry, listing->after, session->json);
      if (!session->json)
        g_string_append_c (listing->out, '\n');
    }
  if (!rmi_reader_finish (&reader, error))
    return FALSE;
  if (more && listing->n_names == n_before)
    {
      g_set_error (error, RMI_ERROR, RMI_ERROR_BAD_REPLY,
                   "The registry says there are more names, and lists none");
      return FALSE;
    }
  grmi_flush (listing->out);
  return TRUE;
}

static gboolean
print_pages (GrmiSession *session,
             RmiStub     *registry,
             const char  *prefix,
             GError     **error)
{
  g_auto(Listing) listing = { g_string_new (session->json ? "[" : NULL), g_strdup (""), 0 };
  gboolean more = TRUE;

  while (more)
    {
      g_autoptr(RmiCall) call = grmi_session_begin_call (session, registry, NULL, "List");
      RmiSlice page;

      rmi_writer_add_string (rmi_call_get_writer (call), prefix);
      rmi_writer_add_string (rmi_call_get_writer (call), listing.after);
      if (!grmi_session_run_call (session, call, &page, error))
        return FALSE;
      more = rmi_slice_equals (rmi_json_lookup (page, "more"), "true", 4);
      if (!print_page (session, &listing, page, more, error))
        return FALSE;
    }
  if (session->json)
    g_string_append (listing.out, "]\n");
  grmi_flush (listing.out);
  return TRUE;
}

static gboolean
run_list (GrmiSession       *session,
          const char *const *arguments,
          GError           **error)
{
  g_autoptr(RmiStub) registry = grmi_session_get_registry (session, error);

  if (registry == NULL)
    return FALSE;
  if (print_pages (session, registry, arguments[0] != NULL ? arguments[0] : "", error))
    return TRUE;
  g_prefix_error (error, "%s: ", rmi_naming_get_uri (session->naming));
  return FALSE;
}

const GrmiCommand grmi_list_command = {
  .name = "list", .usage = "[PREFIX]", .summary = "list the names that are bound",
  .n_min = 0, .n_max = 1, .run = run_list, .options = options,
};
