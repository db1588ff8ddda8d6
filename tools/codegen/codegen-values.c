/* tools/codegen/codegen-values.c: statements that read and write values
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "config.h"
#include "tools/codegen/codegen-parts.h"

#include <string.h>

void
codegen_add_write (CodegenOutput     *out,
                   const char        *indent,
                   const CodegenType *type,
                   const char        *expression,
                   const char        *what)
{
  g_autofree char *write = codegen_substitute (type->write, expression);

  if (!codegen_type_is_pointer (type))
    codegen_add (out, "%s%s;\n", indent, write);
  else if (type->is_nullable)
    codegen_add (out,
                 "%s" "if (%s == NULL)\n"
                 "%s" "  rmi_writer_add_null (writer);\n"
                 "%s" "else\n"
                 "%s" "  %s;\n",
                 indent, expression, indent, indent, indent, write);
  else
    codegen_add (out,
                 "%s" "if (check_value (writer, %s, \"%s\"))\n"
                 "%s" "  %s;\n",
                 indent, expression, what, indent, write);
}

/* Properties of objects start as NULL: a text or a container that was not set yet is an empty one. */
void
codegen_add_write_property (CodegenOutput     *out,
                            const char        *indent,
                            const CodegenType *type,
                            const char        *expression,
                            const char        *what)
{
  g_autofree char *write = codegen_substitute (type->write, expression);

  if (type->is_nullable)
    codegen_add_write (out, indent, type, expression, what);
  else if (type->shape == CODEGEN_SHAPE_STRING)
    codegen_add (out, "%srmi_writer_add_string (writer, %s != NULL ? %s : \"%s\");\n", indent, expression,
                 expression, type->info->basic == 'o' ? "/" : "");
  else if (type->shape == CODEGEN_SHAPE_BYTES)
    codegen_add (out,
                 "%s" "if (%s != NULL)\n"
                 "%s" "  %s;\n"
                 "%s" "else\n"
                 "%s" "  rmi_writer_add_string (writer, \"\");\n",
                 indent, expression, indent, write, indent, indent);
  else if (type->shape == CODEGEN_SHAPE_JSON || type->shape == CODEGEN_SHAPE_STRV ||
           type->element != NULL)
    codegen_add (out, "%s%s;\n", indent, write);
  else
    codegen_add_write (out, indent, type, expression, what);
}

void
codegen_add_read (CodegenOutput     *out,
                  const char        *indent,
                  const CodegenType *type,
                  const char        *variable)
{
  if (type->is_nullable)
    codegen_add (out,
                 "%s" "if (!rmi_reader_take_null (reader))\n"
                 "%s" "  %s = %s;\n",
                 indent, indent, variable, type->read);
  else
    codegen_add (out, "%s%s = %s;\n", indent, variable, type->read);
}

void
codegen_add_local (CodegenOutput      *out,
                   const CodegenValue *value)
{
  codegen_add (out, "  %s%s = %s;\n", value->type->cleanup, value->local, value->type->zero);
}

char *
codegen_get_copy (const CodegenType *type,
                  const char        *expression)
{
  g_autofree char *copy = codegen_substitute (type->copy, expression);

  if (type->shape == CODEGEN_SHAPE_SCALAR || g_str_has_prefix (copy, "g_strdup"))
    return g_steal_pointer (&copy);
  return g_strdup_printf ("%s != NULL ? %s : NULL", expression, copy);
}

char *
codegen_get_stolen (const CodegenType *type,
                    const char        *variable)
{
  if (!codegen_type_is_pointer (type))
    return g_strdup (variable);
  return g_strdup_printf ("g_steal_pointer (&%s)", variable);
}

void
codegen_append_arguments (GPtrArray       *arguments,
                          const GPtrArray *values,
                          const char      *prefix)
{
  for (guint i = 0; i < values->len; i++)
    {
      const CodegenValue *value = values->pdata[i];

      g_ptr_array_add (arguments, g_strconcat (prefix, value->local, NULL));
    }
}

void
codegen_append_borrowed (GPtrArray       *arguments,
                         const GPtrArray *values)
{
  for (guint i = 0; i < values->len; i++)
    {
      const CodegenValue *value = values->pdata[i];
      gboolean is_strv = value->type->shape == CODEGEN_SHAPE_STRV;

      g_ptr_array_add (arguments, g_strconcat (is_strv ? "(const char *const *) " : "", value->local, NULL));
    }
}

/* "{ a, b, c };" on as many lines as it needs. */
static void
add_initializer (CodegenOutput *out,
                 const char    *head,
                 GPtrArray     *items)
{
  gsize column = strlen (head) + 2;

  codegen_add (out, "%s{ ", head);
  for (guint i = 0; i < items->len; i++)
    {
      const char *item = items->pdata[i];

      if (i > 0 && column + strlen (item) + 4 > CODEGEN_COLUMNS)
        {
          codegen_add (out, ",\n    ");
          column = 4;
        }
      else if (i > 0)
        {
          codegen_add (out, ", ");
          column += 2;
        }
      codegen_add (out, "%s", item);
      column += strlen (item);
    }
  codegen_add (out, " };\n");
}

void
codegen_add_names (CodegenOutput   *out,
                   const char      *head,
                   const GPtrArray *base_values,
                   const GPtrArray *values)
{
  g_autoptr(GPtrArray) items = g_ptr_array_new_with_free_func (g_free);
  guint n_base = base_values != NULL ? base_values->len : 0;

  for (guint i = 0; i < n_base + values->len; i++)
    {
      const CodegenValue *value = i < n_base ? base_values->pdata[i] : values->pdata[i - n_base];

      g_ptr_array_add (items, g_strdup_printf ("\"%s\"", value->info->name));
    }
  g_ptr_array_add (items, g_strdup ("NULL"));
  add_initializer (out, head, items);
}

void
codegen_add_seen (CodegenOutput   *out,
                  const GPtrArray *values,
                  gboolean         nullable_may_lack)
{
  g_autoptr(GPtrArray) items = g_ptr_array_new ();

  for (guint i = 0; i < values->len; i++)
    {
      const CodegenValue *value = values->pdata[i];

      g_ptr_array_add (items, nullable_may_lack && value->type->is_nullable ? "TRUE" : "FALSE");
    }
  if (values->len == 0)
    g_ptr_array_add (items, (char *) "TRUE");
  add_initializer (out, "  gboolean seen[] = ", items);
}

void
codegen_add_read_arguments (CodegenOutput   *out,
                            const GPtrArray *values)
{
  codegen_add (out, "  rmi_reader_begin_arguments (reader, names);\n");
  for (guint i = 0; i < values->len; i++)
    {
      const CodegenValue *value = values->pdata[i];

      codegen_add (out, "  if (rmi_reader_next_argument (reader, %s))\n",
                   value->type->is_nullable ? "TRUE" : "FALSE");
      if (value->type->is_nullable)
        codegen_add (out, "    {\n");
      codegen_add_read (out, value->type->is_nullable ? "      " : "    ", value->type, value->local);
      if (value->type->is_nullable)
        codegen_add (out, "    }\n");
    }
}

gboolean
codegen_values_have_values (const GPtrArray *values)
{
  for (guint i = 0; i < values->len; i++)
    if (((CodegenValue *) values->pdata[i])->type->has_values)
      return TRUE;
  return FALSE;
}

void
codegen_set_type (CodegenOutput     *out,
                  const CodegenName *name)
{
  codegen_set (out, "Type", name->camel);
  codegen_set (out, "type", name->lower);
  codegen_set (out, "TYPE", name->upper);
  codegen_set (out, "GTYPE", name->type_macro);
  codegen_set (out, "SPACE", name->space);
  codegen_set (out, "REST", name->rest);
}
