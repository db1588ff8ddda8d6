/* rmi/rmi-interface-xml.c: the description of an interface as XML
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * For people. The types of the interface's own namespace stand before it; those of others, which a
 * file would import, in a node of their own behind it, which parsers ignore.
 */
#include "config.h"
#include "rmi/rmi-interface-info-private.h"

#include <string.h>

#include "rmi/rmi-declaration-private.h"
#include "rmi/rmi-siphash-internal.h"

typedef struct
{
  const RmiInterfaceInfo *info;
  GString                *text;
  RmiOutline             *outline;
  guint                   indent;
} Document;

static void
begin_line (Document *self)
{
  g_string_append_printf (self->text, "%*s", (int) self->indent, "");
}

static void
add_attribute (Document   *self,
               const char *name,
               const char *value)
{
  g_autofree char *escaped = NULL;

  if (value == NULL || *value == '\0')
    return;
  escaped = g_markup_escape_text (value, -1);
  g_string_append_printf (self->text, " %s=\"%s\"", name, escaped);
}

static void
add_flag (Document   *self,
          const char *name,
          gboolean    is_set)
{
  if (is_set)
    add_attribute (self, name, "true");
}

static void
add_type (Document          *self,
          const RmiTypeInfo *type)
{
  g_autofree char *signature = rmi_outline_get_signature (self->outline, type);

  add_attribute (self, "type", signature);
}

/* A comment may hold anything but "--". */
static void
add_doc (Document   *self,
         const char *doc)
{
  g_autoptr(GString) text = NULL;
  g_auto(GStrv) lines = NULL;
  guint i;

  if (doc == NULL || *doc == '\0')
    return;
  text = g_string_new (doc);
  while (strstr (text->str, "--") != NULL)
    g_string_replace (text, "--", "- -", 0);
  lines = g_strsplit (text->str, "\n", -1);
  for (i = 0; lines[i] != NULL; i++)
    {
      if (i == 0 || *lines[i] != '\0')
        begin_line (self);
      g_string_append_printf (self->text, "%s%s%s\n",
                              i == 0 ? "<!-- " : *lines[i] != '\0' ? "     " : "", lines[i],
                              lines[i + 1] == NULL ? " -->" : "");
    }
}

static void
begin_element (Document   *self,
               const char *name,
               const char *doc)
{
  add_doc (self, doc);
  begin_line (self);
  g_string_append_printf (self->text, "<%s", name);
}

/* What is inside comes next; @is_empty: nothing. */
static void
end_attributes (Document *self,
                gboolean  is_empty)
{
  g_string_append (self->text, is_empty ? "/>\n" : ">\n");
  if (!is_empty)
    self->indent += 2;
}

static void
end_element (Document   *self,
             const char *name)
{
  self->indent -= 2;
  begin_line (self);
  g_string_append_printf (self->text, "</%s>\n", name);
}

static void
add_fields (Document        *self,
            const char      *element,
            const GPtrArray *fields,
            const char      *direction)
{
  guint i;

  for (i = 0; i < fields->len; i++)
    {
      const RmiFieldInfo *field = fields->pdata[i];

      begin_element (self, element, field->doc);
      add_attribute (self, "name", field->name);
      add_type (self, field->type);
      add_attribute (self, "direction", direction);
      end_attributes (self, TRUE);
    }
}

static void
add_values (Document        *self,
            const GPtrArray *values)
{
  guint i;

  for (i = 0; i < values->len; i++)
    {
      const RmiEnumValueInfo *value = values->pdata[i];
      g_autofree char *number = g_strdup_printf ("%" G_GINT64_FORMAT, value->value);

      begin_element (self, "value", value->doc);
      add_attribute (self, "name", value->name);
      add_attribute (self, "value", number);
      end_attributes (self, TRUE);
    }
}

static void
add_declaration (Document             *self,
                 const RmiDeclaration *declaration)
{
  const char *kind = rmi_declaration_kind_to_string (declaration->kind);
  gboolean is_interface = declaration->kind == RMI_DECLARATION_INTERFACE;
  gboolean is_class = declaration->kind == RMI_DECLARATION_CLASS;

  begin_element (self, kind, is_interface ? NULL : declaration->doc);
  add_attribute (self, "name",
                 is_interface ? declaration->name : rmi_outline_get_alias (self->outline,
                                                                           declaration));
  if (is_class && declaration->base != NULL)
    add_attribute (self, "extends", rmi_outline_get_alias (self->outline, declaration->base));
  add_flag (self, "compact", declaration->compact);
  add_attribute (self, "cycles", declaration->allows_cycles ? "allow" : NULL);
  if (!is_interface)
    {
      add_attribute (self, "since", declaration->since);
      add_flag (self, "deprecated", declaration->is_deprecated);
    }
  if (is_interface || (is_class && declaration->fields->len == 0))
    {
      end_attributes (self, TRUE);
      return;
    }
  end_attributes (self, FALSE);
  if (declaration->fields != NULL)
    add_fields (self, is_class ? "property" : "field", declaration->fields, NULL);
  if (declaration->values != NULL)
    add_values (self, declaration->values);
  end_element (self, kind);
}

static char *
join_throws (const RmiMethodInfo *method)
{
  g_autoptr(GString) names = g_string_new (NULL);
  guint i;

  for (i = 0; i < method->throws->len; i++)
    g_string_append_printf (names, "%s%s", i > 0 ? " " : "", (char *) method->throws->pdata[i]);
  return g_string_free (g_steal_pointer (&names), FALSE);
}

static void
add_method (Document            *self,
            const RmiMethodInfo *method)
{
  gboolean is_empty = method->in->len + method->out->len == 0;
  g_autofree char *throws = join_throws (method);
  char timeout[16] = "";

  if (method->timeout_ms > 0)
    g_snprintf (timeout, sizeof timeout, "%u", method->timeout_ms);
  begin_element (self, "method", method->doc);
  add_attribute (self, "name", method->name);
  add_attribute (self, "throws", throws);
  add_flag (self, "idempotent", method->is_idempotent);
  add_flag (self, "oneway", method->is_oneway);
  add_attribute (self, "timeout", timeout);
  add_attribute (self, "since", method->since);
  add_flag (self, "deprecated", method->is_deprecated);
  end_attributes (self, is_empty);
  add_fields (self, "arg", method->in, "in");
  add_fields (self, "arg", method->out, "out");
  if (!is_empty)
    end_element (self, "method");
}

static void
add_signal (Document            *self,
            const RmiSignalInfo *signal)
{
  begin_element (self, "signal", signal->doc);
  add_attribute (self, "name", signal->name);
  add_attribute (self, "since", signal->since);
  add_flag (self, "deprecated", signal->is_deprecated);
  end_attributes (self, signal->arguments->len == 0);
  add_fields (self, "arg", signal->arguments, NULL);
  if (signal->arguments->len > 0)
    end_element (self, "signal");
}

static void
add_property (Document              *self,
              const RmiPropertyInfo *property)
{
  begin_element (self, "property", property->doc);
  add_attribute (self, "name", property->name);
  add_type (self, property->type);
  add_attribute (self, "access",
                 !property->is_writable ? "read" : property->is_readable ? "readwrite" : "write");
  add_attribute (self, "since", property->since);
  add_flag (self, "deprecated", property->is_deprecated);
  end_attributes (self, TRUE);
}

static void
add_interface (Document *self)
{
  const RmiInterfaceInfo *info = self->info;
  gboolean is_empty = info->methods->len + info->signals->len + info->properties->len == 0;
  guint i;

  begin_element (self, "interface", info->doc);
  add_attribute (self, "name", info->name);
  if (info->base != NULL)
    add_attribute (self, "extends", rmi_outline_get_alias (self->outline, info->base));
  if (!info->subscribes)
    add_attribute (self, "subscribe", "manual");
  add_attribute (self, "since", info->since);
  add_flag (self, "deprecated", info->is_deprecated);
  end_attributes (self, is_empty);
  for (i = 0; i < info->methods->len; i++)
    add_method (self, info->methods->pdata[i]);
  for (i = 0; i < info->signals->len; i++)
    add_signal (self, info->signals->pdata[i]);
  for (i = 0; i < info->properties->len; i++)
    add_property (self, info->properties->pdata[i]);
  if (!is_empty)
    end_element (self, "interface");
}

/* Whether a file with this interface would declare it: it is called by its last part there. Whole
 * names of types say their namespace. */
static gboolean
is_own (Document             *self,
        const RmiDeclaration *declaration)
{
  const char *alias = rmi_outline_get_alias (self->outline, declaration);
  const char *dot = strrchr (declaration->name, '.');

  if (dot == NULL || !g_str_equal (dot + 1, alias))
    return FALSE;
  return declaration->kind == RMI_DECLARATION_INTERFACE ||
         (strlen (self->info->namespace) == (gsize) (dot - declaration->name) &&
          g_str_has_prefix (declaration->name, self->info->namespace));
}

/* One import for each "Bank." that names of types begin with. */
static void
add_imports (Document *self)
{
  g_autoptr(GHashTable) seen = g_hash_table_new_full (rmi_siphash_str, g_str_equal, g_free, NULL);
  guint i;

  for (i = 0; i < self->outline->declarations->len; i++)
    {
      const RmiDeclaration *declaration = self->outline->declarations->pdata[i];
      const char *alias = rmi_outline_get_alias (self->outline, declaration);
      const char *dot = strchr (alias, '.');
      g_autofree char *import = NULL;
      g_autofree char *file = NULL;

      if (dot == NULL)
        continue;
      import = g_strndup (alias, dot - alias);
      if (!g_hash_table_add (seen, g_strdup (import)))
        continue;
      file = g_strdup_printf ("%.*s.xml", (int) (strlen (declaration->name) - strlen (dot)),
                              declaration->name);
      begin_element (self, "import", NULL);
      add_attribute (self, "file", file);
      add_attribute (self, "as", import);
      end_attributes (self, TRUE);
    }
}

static void
add_declarations (Document *self,
                  gboolean  is_own_wanted)
{
  guint i;

  for (i = 0; i < self->outline->declarations->len; i++)
    {
      const RmiDeclaration *declaration = self->outline->declarations->pdata[i];

      if (is_own (self, declaration) == is_own_wanted &&
          !g_str_equal (declaration->name, self->info->name))
        add_declaration (self, declaration);
    }
}

static gboolean
has_foreign (Document *self)
{
  guint i;

  for (i = 0; i < self->outline->declarations->len; i++)
    if (!is_own (self, self->outline->declarations->pdata[i]))
      return TRUE;
  return FALSE;
}

/* Errors that methods throw are declared, too. */
static void
add_errors (Document *self)
{
  g_autoptr(GHashTable) seen = g_hash_table_new (rmi_siphash_str, g_str_equal);
  guint i, j;

  for (i = 0; i < self->info->methods->len; i++)
    {
      const RmiMethodInfo *method = self->info->methods->pdata[i];

      for (j = 0; j < method->throws->len; j++)
        {
          const char *name = method->throws->pdata[j];

          if (strchr (name, '.') != NULL || !g_hash_table_add (seen, (gpointer) name))
            continue;
          begin_element (self, "error", NULL);
          add_attribute (self, "name", name);
          end_attributes (self, TRUE);
        }
    }
}

/**
 * rmi_interface_info_to_xml:
 * @self: a description
 *
 * The description as a file that people can read, and rmi-codegen too if no types of other files
 * are in it.
 *
 * Returns: (transfer full): XML text
 *
 * Since: 1.0
 */
char *
rmi_interface_info_to_xml (RmiInterfaceInfo *self)
{
  g_autoptr(GString) text = g_string_new (NULL);
  g_autoptr(RmiOutline) outline = NULL;
  Document document = { .text = text, .info = self };

  g_return_val_if_fail (self != NULL, NULL);

  outline = document.outline = rmi_outline_new (self);
  begin_element (&document, "node", NULL);
  add_attribute (&document, "namespace", self->namespace);
  end_attributes (&document, FALSE);
  add_imports (&document);
  add_errors (&document);
  add_declarations (&document, TRUE);
  add_interface (&document);

  if (has_foreign (&document))
    {
      begin_element (&document, "node", NULL);
      end_attributes (&document, FALSE);
      add_declarations (&document, FALSE);
      end_element (&document, "node");
    }
  end_element (&document, "node");
  return g_string_free (g_steal_pointer (&text), FALSE);
}
