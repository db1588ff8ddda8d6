/* tools/grmi/grmi-introspect.c: grmi introspect
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What an object can do, in a form to read, as XML, or as the JSON that was on the wire.
 */
#include "config.h"
#include "tools/grmi/grmi-commands.h"

#include "tools/grmi/grmi-output.h"

static gboolean as_xml;

static const GOptionEntry options[] = {
  { "xml", 'x', 0, G_OPTION_ARG_NONE, &as_xml, "Print XML, as description files have it", NULL },
  { NULL }
};

/* "sku: s, quantity: u" */
static void
append_fields (GString   *out,
               GPtrArray *fields)
{
  for (guint i = 0; i < fields->len; i++)
    {
      const RmiFieldInfo *field = g_ptr_array_index (fields, i);

      g_string_append_printf (out, "%s%s: %s", i > 0 ? ", " : "", field->name,
                              field->type->signature);
    }
}

/* Documentation, one comment line for each of its lines. */
static void
append_doc (GString    *out,
            const char *doc,
            const char *indent)
{
  g_auto(GStrv) lines = NULL;

  if (doc == NULL || doc[0] == '\0')
    return;
  lines = g_strsplit (doc, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    if (g_strstrip (lines[i])[0] != '\0')
      g_string_append_printf (out, "%s# %s\n", indent, lines[i]);
}

static void
append_method (GString             *out,
               const RmiMethodInfo *method)
{
  append_doc (out, method->doc, "    ");
  g_string_append_printf (out, "    %s (", method->name);
  append_fields (out, method->in);
  g_string_append_c (out, ')');
  if (method->out->len > 0)
    {
      g_string_append (out, " → (");
      append_fields (out, method->out);
      g_string_append_c (out, ')');
    }
  for (guint i = 0; i < method->throws->len; i++)
    g_string_append_printf (out, "%s%s", i == 0 ? " throws " : ", ",
                            (char *) g_ptr_array_index (method->throws, i));
  g_string_append_printf (out, "%s%s%s\n", method->is_idempotent ? " [idempotent]" : "",
                          method->is_oneway ? " [oneway]" : "",
                          method->is_deprecated ? " [deprecated]" : "");
}

static void
append_members (GString          *out,
                RmiInterfaceInfo *info)
{
  if (info->methods->len > 0)
    g_string_append (out, "  methods\n");
  for (guint i = 0; i < info->methods->len; i++)
    append_method (out, g_ptr_array_index (info->methods, i));
  if (info->signals->len > 0)
    g_string_append (out, "  signals\n");
  for (guint i = 0; i < info->signals->len; i++)
    {
      const RmiSignalInfo *signal = g_ptr_array_index (info->signals, i);

      append_doc (out, signal->doc, "    ");
      g_string_append_printf (out, "    %s (", signal->name);
      append_fields (out, signal->arguments);
      g_string_append (out, ")\n");
    }
  if (info->properties->len > 0)
    g_string_append (out, "  properties\n");
  for (guint i = 0; i < info->properties->len; i++)
    {
      const RmiPropertyInfo *property = g_ptr_array_index (info->properties, i);

      append_doc (out, property->doc, "    ");
      g_string_append_printf (out, "    %s: %s [%s%s%s]\n", property->name,
                              property->type->signature, property->is_readable ? "read" : "",
                              property->is_readable && property->is_writable ? ", " : "",
                              property->is_writable ? "write" : "");
    }
}

static const char *
get_keyword (RmiDeclarationKind kind)
{
  switch (kind)
    {
    case RMI_DECLARATION_ENUM: return "enum";
    case RMI_DECLARATION_FLAGS: return "flags";
    case RMI_DECLARATION_STRUCT: return "struct";
    case RMI_DECLARATION_CLASS: return "class";
    case RMI_DECLARATION_INTERFACE:
    default: return "interface";
    }
}

static void
append_type (GString              *out,
             const RmiDeclaration *declaration)
{
  append_doc (out, declaration->doc, "    ");
  g_string_append_printf (out, "    %s %s", get_keyword (declaration->kind), declaration->alias);
  if (declaration->extends != NULL)
    g_string_append_printf (out, " extends %s", declaration->extends);
  if (declaration->kind == RMI_DECLARATION_STRUCT || declaration->kind == RMI_DECLARATION_CLASS)
    {
      g_string_append (out, " { ");
      append_fields (out, declaration->fields);
      g_string_append (out, " }");
    }
  else if (declaration->kind == RMI_DECLARATION_INTERFACE)
    g_string_append_printf (out, " = %s", declaration->name);
  else
    for (guint i = 0; i < declaration->values->len; i++)
      g_string_append_printf (
          out, "%s%s%s", i == 0 ? " { " : ", ",
          ((RmiEnumValueInfo *) g_ptr_array_index (declaration->values, i))->name,
          i + 1 == declaration->values->len ? " }" : "");
  g_string_append_c (out, '\n');
}

static void
append_interface (GString          *out,
                  RmiInterfaceInfo *info)
{
  append_doc (out, info->doc, "");
  g_string_append_printf (out, "interface %s", info->name);
  if (info->extends != NULL)
    g_string_append_printf (out, " extends %s", info->extends);
  g_string_append_c (out, '\n');
  append_members (out, info);
  if (info->declarations->len > 0)
    g_string_append (out, "  types\n");
  for (guint i = 0; i < info->declarations->len; i++)
    append_type (out, g_ptr_array_index (info->declarations, i));
}

static void
append_info (GString          *out,
             RmiInterfaceInfo *info)
{
  g_autoptr(GString) raw = g_string_new (NULL);
  g_autofree char *xml = NULL;

  if (as_xml)
    {
      xml = rmi_interface_info_to_xml (info);
      g_string_append (raw, xml);
    }
  else
    append_interface (raw, info);
  rmi_text_append_shown (out, raw->str, raw->len);
  if (out->str[out->len - 1] != '\n')
    g_string_append_c (out, '\n');
}

static gboolean
run_introspect (GrmiSession       *session,
                const char *const *arguments,
                GError           **error)
{
  g_autoptr(RmiStub) stub = grmi_session_get_stub (session, arguments[0], error);
  g_autofree char *text = NULL;
  g_autoptr(GPtrArray) infos =
      stub != NULL ? grmi_session_introspect (session, stub, &text, error) : NULL;
  g_autoptr(GString) out = g_string_new (NULL);

  if (infos == NULL)
    return FALSE;
  if (session->json)
    {
      grmi_append_json (out, (RmiSlice) { text, strlen (text) });
      g_string_append_c (out, '\n');
    }
  for (guint i = 0; i < infos->len && !session->json; i++)
    {
      if (i > 0)
        g_string_append_c (out, '\n');
      append_info (out, g_ptr_array_index (infos, i));
    }
  grmi_flush (out);
  return TRUE;
}

const GrmiCommand grmi_introspect_command = {
  .name = "introspect", .usage = "TARGET", .summary = "show what an object can do",
  .n_min = 1, .n_max = 1, .run = run_introspect, .options = options,
};
