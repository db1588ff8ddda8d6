/* tools/codegen/codegen-struct.c: boxed structs
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Frozen: on the wire they have exactly their fields, by name or by position.
 */
#include "config.h"
#include "tools/codegen/codegen-parts.h"

static void
add_new (CodegenOutput       *out,
         const CodegenRecord *record)
{
  g_autoptr(CodegenParameters) parameters = codegen_parameters_new ();

  codegen_add (out, "/**\n * ${type}_new:\n");
  for (guint i = 0; i < record->values->len; i++)
    {
      const CodegenValue *value = record->values->pdata[i];
      g_autofree char *annotation = codegen_doc_get_annotation (value->type, FALSE, FALSE);

      codegen_parameters_add (parameters, value->type->borrowed, value->local);
      codegen_doc_parameter (out, value->local, annotation,
                             value->info->doc != NULL ? value->info->doc : value->info->name);
    }
  codegen_doc_returns (out, "(transfer full)", "copies of the arguments");
  codegen_doc_end (out, record->declaration->since, record->declaration->is_deprecated);
  codegen_add_definition (out, "${Type} *", "${type}_new", parameters);
  codegen_add (out,
    "{\n"
    "  ${Type} *self = g_new (${Type}, 1);\n"
    "\n");
  for (guint i = 0; i < record->values->len; i++)
    {
      const CodegenValue *value = record->values->pdata[i];
      g_autofree char *copy = codegen_get_copy (value->type, value->local);

      codegen_add (out, "  self->%s = %s;\n", value->name, copy);
    }
  codegen_add (out,
    "  return self;\n"
    "}\n"
    "\n");
}

static void
add_copy (CodegenOutput       *out,
          const CodegenRecord *record)
{
  codegen_add (out,
    "/**\n"
    " * ${type}_copy:\n"
    " * @self: a #${Type}\n"
    " *\n"
    " * Returns: (transfer full): a copy\n"
    " */\n"
    "${Type} *\n"
    "${type}_copy (const ${Type} *self)\n"
    "{\n"
    "  ${Type} *copy;\n"
    "\n"
    "  g_return_val_if_fail (self != NULL, NULL);\n"
    "\n"
    "  copy = g_new (${Type}, 1);\n");
  for (guint i = 0; i < record->values->len; i++)
    {
      const CodegenValue *value = record->values->pdata[i];
      g_autofree char *member = g_strdup_printf ("self->%s", value->name);
      g_autofree char *copy = codegen_get_copy (value->type, member);

      codegen_add (out, "  copy->%s = %s;\n", value->name, copy);
    }
  codegen_add (out,
    "  return copy;\n"
    "}\n"
    "\n");
}

static void
add_free (CodegenOutput       *out,
          const CodegenRecord *record)
{
  codegen_add (out,
    "/**\n"
    " * ${type}_free:\n"
    " * @self: (transfer full) (nullable): a #${Type}\n"
    " */\n"
    "void\n"
    "${type}_free (${Type} *self)\n"
    "{\n"
    "  if (self == NULL)\n"
    "    return;\n"
    "\n");
  for (guint i = 0; i < record->values->len; i++)
    {
      const CodegenValue *value = record->values->pdata[i];

      if (codegen_type_is_pointer (value->type))
        codegen_add (out, "  g_clear_pointer (&self->%s, %s);\n", value->name, value->type->free);
    }
  codegen_add (out,
    "  g_free (self);\n"
    "}\n"
    "\n");
}

/* Once a value failed, nothing more is written: so pointers that run in a circle end at the writer's depth limit. */
static void
add_write (CodegenOutput       *out,
           const CodegenRecord *record)
{
  gboolean is_compact = record->declaration->compact;

  codegen_add (out,
    "/**\n"
    " * ${type}_rmi_write: (skip)\n"
    " */\n"
    "void\n"
    "${type}_rmi_write (RmiWriter *writer, const ${Type} *self)\n"
    "{\n"
    "  if (rmi_writer_has_failed (writer))\n"
    "    return;\n"
    "\n"
    "  rmi_writer_begin_%s (writer);\n",
    is_compact ? "array" : "object");
  for (guint i = 0; i < record->values->len; i++)
    {
      const CodegenValue *value = record->values->pdata[i];
      g_autofree char *member = g_strdup_printf ("self->%s", value->name);

      if (!is_compact)
        codegen_add (out, "  rmi_writer_add_member (writer, \"%s\");\n", value->info->name);
      codegen_add_write (out, "  ", value->type, member, value->info->name);
    }
  codegen_add (out,
    "  rmi_writer_end_%s (writer);\n"
    "}\n"
    "\n",
    is_compact ? "array" : "object");
}

static void
add_read_field (CodegenOutput       *out,
                const CodegenRecord *record)
{
  codegen_add (out,
    "static void\n"
    "${type}_read_field (${Type} *self, RmiReader *reader, int index)\n"
    "{\n"
    "  switch (index)\n"
    "    {\n");
  for (guint i = 0; i < record->values->len; i++)
    {
      const CodegenValue *value = record->values->pdata[i];
      g_autofree char *member = g_strdup_printf ("self->%s", value->name);

      codegen_add (out, "    case %u:\n", i);
      codegen_add_read (out, "      ", value->type, member);
      codegen_add (out, "      break;\n");
    }
  codegen_add (out,
    "    default:\n"
    "      rmi_reader_fail (reader, g_error_new (RMI_ERROR, RMI_ERROR_INVALID_ARGUMENTS,\n"
    "                                            \"A %%s has %u fields, not more\", \"%s\"));\n"
    "      break;\n"
    "    }\n"
    "}\n"
    "\n",
    record->values->len, record->declaration->name);
}

static void
add_read (CodegenOutput       *out,
          const CodegenRecord *record)
{
  codegen_add (out,
    "/**\n"
    " * ${type}_rmi_read: (skip)\n"
    " */\n"
    "${Type} *\n"
    "${type}_rmi_read (RmiReader *reader)\n"
    "{\n");
  codegen_add_names (out, "  static const char *const names[] = ", NULL, record->values);
  codegen_add_seen (out, record->values, FALSE);
  codegen_add (out,
    "  g_autoptr(${Type}) self = NULL;\n"
    "  int i = 0;\n"
    "\n"
    "  if (!rmi_reader_charge (reader, sizeof (${Type})))\n"
    "    return NULL;\n"
    "\n"
    "  self = (${Type} *) memset (g_new (${Type}, 1), 0, sizeof (${Type}));\n"
    "  if (rmi_reader_peek (reader) == '[')\n"
    "    for (rmi_reader_begin_array (reader); rmi_reader_next_element (reader); i++)\n"
    "      {\n"
    "        ${type}_read_field (self, reader, i);\n"
    "        if (!rmi_reader_has_failed (reader))\n"
    "          seen[i] = TRUE;\n"
    "      }\n"
    "  else\n"
    "    for (i = -1, rmi_reader_begin_object (reader);\n"
    "         (i = rmi_reader_next_member (reader, names, i, RMI_READER_STRICT)) >= 0;)\n"
    "      {\n"
    "        ${type}_read_field (self, reader, i);\n"
    "        seen[i] = TRUE;\n"
    "      }\n"
    "  check_seen (reader, names, seen);\n"
    "  if (rmi_reader_has_failed (reader))\n"
    "    return NULL;\n"
    "  return g_steal_pointer (&self);\n"
    "}\n"
    "\n");
}

/* With what classes need that are registered by their properties, and have this for one. */
static void
add_definition (CodegenOutput *out)
{
  codegen_add (out,
    "static void\n"
    "${type}_rmi_write_boxed (RmiWriter *writer, gconstpointer boxed)\n"
    "{\n"
    "  ${type}_rmi_write (writer, (const ${Type} *) boxed);\n"
    "}\n"
    "\n"
    "static gpointer\n"
    "${type}_rmi_read_boxed (RmiReader *reader)\n"
    "{\n"
    "  return ${type}_rmi_read (reader);\n"
    "}\n"
    "\n"
    "static const RmiStructEntry ${type}_rmi_entry = {\n"
    "  ${type}_rmi_write_boxed,\n"
    "  ${type}_rmi_read_boxed,\n"
    "  { NULL, NULL },\n"
    "};\n"
    "\n"
    "G_DEFINE_BOXED_TYPE_WITH_CODE (${Type}, ${type}, ${type}_copy, ${type}_free,\n"
    "                               rmi_struct_register_entry (g_define_type_id, &${type}_rmi_entry))\n"
    "\n");
}

void
codegen_add_struct_body (CodegenOutput       *out,
                         const CodegenRecord *record)
{
  codegen_set_type (out, record->name);
  add_definition (out);
  add_new (out, record);
  add_copy (out, record);
  add_free (out, record);
  add_write (out, record);
  add_read_field (out, record);
  add_read (out, record);
}
