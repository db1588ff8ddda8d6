/* tools/codegen/codegen-body.c: the .c file of the output
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "config.h"
#include "tools/codegen/codegen-parts.h"

/* Static functions that every part may call; written if one does. */
typedef struct
{
  const char *call;
  const char *text;
} Helper;

static const Helper helpers[] = {
  { "check_value (",
    "/* Whether @value is there; NULL where none may be is an error that names it. */\n"
    "static gboolean\n"
    "check_value (RmiWriter *writer, gconstpointer value, const char *what)\n"
    "{\n"
    "  if (value == NULL)\n"
    "    rmi_writer_fail (writer, g_error_new (RMI_ERROR, RMI_ERROR_INVALID_ARGUMENTS,\n"
    "                                          \"'%s' is NULL, and may not be\", what));\n"
    "  return value != NULL;\n"
    "}\n\n" },
  { "check_class (",
    "/* Objects travel by value as exactly what was declared. */\n"
    "static gboolean\n"
    "check_class (RmiWriter *writer, gpointer object, GType type)\n"
    "{\n"
    "  if (G_OBJECT_TYPE (object) == type)\n"
    "    return TRUE;\n"
    "  rmi_writer_fail (writer, g_error_new (RMI_ERROR, RMI_ERROR_TYPE_NOT_ALLOWED,\n"
    "                                        \"A %s is passed where the exact class %s is declared\",\n"
    "                                        G_OBJECT_TYPE_NAME (object), g_type_name (type)));\n"
    "  return FALSE;\n"
    "}\n\n" },
  { "check_seen (",
    "/* The first of @names that was not @seen is missing. */\n"
    "static void\n"
    "check_seen (RmiReader *reader, const char *const *names, const gboolean *seen)\n"
    "{\n"
    "  for (guint i = 0; names[i] != NULL; i++)\n"
    "    if (!seen[i] && !rmi_reader_has_failed (reader))\n"
    "      rmi_reader_fail_missing (reader, names[i]);\n"
    "}\n\n" },
  { "write_variant (",
    "static void\n"
    "write_variant (RmiWriter *writer, GVariant *value, const char *type)\n"
    "{\n"
    "  if (g_variant_is_of_type (value, G_VARIANT_TYPE (type)))\n"
    "    rmi_writer_add_variant (writer, value);\n"
    "  else\n"
    "    rmi_writer_fail (writer, g_error_new (RMI_ERROR, RMI_ERROR_INVALID_ARGUMENTS,\n"
    "                                          \"A GVariant of type '%s' is passed where '%s' is declared\",\n"
    "                                          g_variant_get_type_string (value), type));\n"
    "}\n\n" },
  { "write_handle (",
    "static void\n"
    "write_handle (RmiWriter *writer, int value)\n"
    "{\n"
    "  (void) value;\n"
    "  rmi_writer_fail (writer, g_error_new_literal (RMI_ERROR, RMI_ERROR_NOT_SUPPORTED,\n"
    "                                                \"File descriptors cannot be passed\"));\n"
    "}\n\n" },
  { "read_handle (",
    "static int\n"
    "read_handle (RmiReader *reader)\n"
    "{\n"
    "  rmi_reader_fail (reader, g_error_new_literal (RMI_ERROR, RMI_ERROR_NOT_SUPPORTED,\n"
    "                                                \"File descriptors cannot be passed\"));\n"
    "  return -1;\n"
    "}\n\n" },
  { "set_not_implemented (",
    "/* The end of a method that the object's class does not implement. */\n"
    "static void\n"
    "set_not_implemented (GError **error, gpointer object, const char *method)\n"
    "{\n"
    "  g_set_error (error, RMI_ERROR, RMI_ERROR_NOT_SUPPORTED,\n"
    "               \"%s does not implement %s (as a blocking method)\", G_OBJECT_TYPE_NAME (object), method);\n"
    "}\n\n" },
  { "fail_task (",
    "/* The end of a task whose method failed, perhaps without saying why. */\n"
    "static void\n"
    "fail_task (GTask *task, GError *failure)\n"
    "{\n"
    "  if (failure != NULL)\n"
    "    g_task_return_error (task, failure);\n"
    "  else\n"
    "    g_task_return_new_error (task, RMI_ERROR, RMI_ERROR_INTERNAL,\n"
    "                             \"The method failed without saying why\");\n"
    "}\n\n" },
  { "warn_about_error (",
    "/* An implementation that succeeded must not set an error. */\n"
    "static void\n"
    "warn_about_error (const char *method, const GError *error)\n"
    "{\n"
    "  if (error != NULL)\n"
    "    g_warning (\"%s succeeded, and set an error nevertheless: %s\", method, error->message);\n"
    "}\n\n" },
};

static void
add_parts (CodegenOutput *out,
           CodegenModel  *model)
{
  for (guint i = 0; i < model->choices->len; i++)
    {
      RmiDeclaration *declaration = model->choices->pdata[i];

      codegen_add_choice_body (out, codegen_model_get_name (model, declaration), declaration);
    }
  if (model->description->errors->len > 0)
    codegen_add_error_body (out, model);
  for (guint i = 0; i < model->containers->len; i++)
    codegen_add_container_body (out, model->containers->pdata[i]);
  for (guint i = 0; i < model->records->len; i++)
    {
      const CodegenRecord *record = model->records->pdata[i];

      if (record->declaration->kind == RMI_DECLARATION_STRUCT)
        codegen_add_struct_body (out, record);
      else
        codegen_add_class_body (out, record);
    }
  for (guint i = 0; i < model->interfaces->len; i++)
    codegen_add_interface_body (out, model, model->interfaces->pdata[i]);
}

char *
codegen_write_body (CodegenModel *model,
                    const char   *header_name)
{
  g_autoptr(CodegenOutput) out = codegen_output_new ();
  g_autoptr(CodegenOutput) parts = codegen_output_new ();
  g_autofree char *text = NULL;

  add_parts (parts, model);
  codegen_add (out,
    "/* Generated by rmi-codegen from %s: do not edit. */\n"
    "#include \"%s\"\n"
    "\n"
    "#include <rmi-glib/rmi-generated.h>\n"
    "\n",
    model->options->basename, header_name);
  for (guint i = 0; i < G_N_ELEMENTS (helpers); i++)
    if (codegen_output_holds (parts, helpers[i].call))
      codegen_add_text (out, helpers[i].text);
  text = codegen_output_steal (g_steal_pointer (&parts));
  codegen_add_text (out, g_strchomp (text));
  codegen_add_text (out, "\n");
  return codegen_output_steal (g_steal_pointer (&out));
}
