/* tools/codegen/codegen-header.c: the header of the output
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Types before functions, bases before what extends them.
 */
#include "config.h"
#include "tools/codegen/codegen-parts.h"

/* Each once: they go into @headers. */
static void
add_external_headers (CodegenOutput *out,
                      CodegenModel  *model,
                      GHashTable    *headers)
{
  for (guint i = 0; i < model->records->len; i++)
    {
      const CodegenRecord *record = model->records->pdata[i];
      char *header = record->declaration->external;

      if (header != NULL && g_hash_table_add (headers, header))
        codegen_add (out, "#include \"%s\"\n", header);
    }
}

static void
add_includes (CodegenOutput *out,
              CodegenModel  *model)
{
  g_autoptr(GHashTable) headers = g_hash_table_new (g_str_hash, g_str_equal);

  codegen_add (out, "#include <rmi-glib/rmi-glib.h>\n\n");
  for (guint i = 0; i < model->description->imports->len; i++)
    {
      const RmiDescriptionImport *import = model->description->imports->pdata[i];
      g_autofree char *basename = g_path_get_basename (import->filename);

      if (g_str_has_suffix (basename, ".xml"))
        basename[strlen (basename) - 4] = '\0';
      codegen_add (out, "#include \"%s.h\"\n", basename);
    }
  add_external_headers (out, model, headers);
  if (model->description->imports->len + g_hash_table_size (headers) > 0)
    codegen_add (out, "\n");
}

static void
add_choice (CodegenOutput        *out,
            const CodegenName    *name,
            const RmiDeclaration *declaration)
{
  gboolean is_flags = declaration->kind == RMI_DECLARATION_FLAGS;

  codegen_set_type (out, name);
  codegen_doc_begin (out, name->camel, "");
  for (guint i = 0; i < declaration->values->len; i++)
    {
      const RmiEnumValueInfo *value = declaration->values->pdata[i];
      g_autofree char *upper = codegen_to_upper (value->name);
      g_autofree char *symbol = g_strdup_printf ("%s_%s", name->upper, upper);

      codegen_doc_parameter (out, symbol, "", value->doc != NULL ? value->doc : value->name);
    }
  codegen_doc_text (out, declaration->doc);
  codegen_doc_end (out, declaration->since, declaration->is_deprecated);
  codegen_add (out, "typedef enum\n{\n");
  for (guint i = 0; i < declaration->values->len; i++)
    {
      const RmiEnumValueInfo *value = declaration->values->pdata[i];
      g_autofree char *upper = codegen_to_upper (value->name);

      codegen_add (out, is_flags ? "  ${TYPE}_%s = 0x%" G_GINT64_MODIFIER "x,\n"
                                 : "  ${TYPE}_%s = %" G_GINT64_FORMAT ",\n", upper, value->value);
    }
  codegen_add (out,
    "} ${Type};\n"
    "\n"
    "#define ${GTYPE} (${type}_get_type ())\n"
    "GType ${type}_get_type (void);\n"
    "const G%sValue *${type}_rmi_values (void);\n"
    "\n",
    is_flags ? "Flags" : "Enum");
}

static void
add_error_domain (CodegenOutput *out,
                  CodegenModel  *model)
{
  const GPtrArray *errors = model->description->errors;

  codegen_set_type (out, model->error);
  codegen_doc_begin (out, model->error->camel, "");
  for (guint i = 0; i < errors->len; i++)
    {
      const RmiErrorInfo *info = errors->pdata[i];
      g_autofree char *upper = codegen_to_upper (info->name);
      g_autofree char *symbol = g_strdup_printf ("%s_%s", model->error->upper, upper);

      codegen_doc_parameter (out, symbol, "", info->doc != NULL ? info->doc : info->name);
    }
  codegen_doc_end (out, NULL, FALSE);
  codegen_add (out, "typedef enum\n{\n");
  for (guint i = 0; i < errors->len; i++)
    {
      const RmiErrorInfo *info = errors->pdata[i];
      g_autofree char *upper = codegen_to_upper (info->name);

      codegen_add (out, "  ${TYPE}_%s,\n", upper);
    }
  codegen_add (out,
    "} ${Type};\n"
    "\n"
    "#define ${TYPE} (${type}_quark ())\n"
    "GQuark ${type}_quark (void);\n"
    "\n");
}

/* Types that refer to each other are all named before one of them is used. */
static void
add_type_names (CodegenOutput *out,
                CodegenModel  *model)
{
  for (guint i = 0; i < model->records->len; i++)
    {
      const CodegenRecord *record = model->records->pdata[i];

      if (record->declaration->external != NULL)
        continue;
      codegen_set_type (out, record->name);
      codegen_set (out, "Base", record->base != NULL ? record->base->camel : "GObject");
      codegen_add (out, "#define ${GTYPE} (${type}_get_type ())\n");
      if (record->declaration->kind == RMI_DECLARATION_STRUCT)
        codegen_add (out,
          "typedef struct _${Type} ${Type};\n"
          "GType ${type}_get_type (void);\n"
          "\n");
      else
        codegen_add (out,
          "G_DECLARE_DERIVABLE_TYPE (${Type}, ${type}, ${SPACE}, ${REST}, ${Base})\n"
          "\n");
    }
  for (guint i = 0; i < model->interfaces->len; i++)
    {
      const CodegenInterface *interface = model->interfaces->pdata[i];

      codegen_set_type (out, interface->name);
      codegen_set (out, "Base", interface->base != NULL ? interface->base->camel : "GObject");
      codegen_add (out,
        "#define ${GTYPE} (${type}_get_type ())\n"
        "G_DECLARE_INTERFACE (${Type}, ${type}, ${SPACE}, ${REST}, ${Base})\n"
        "\n");
    }
}

static CodegenParameters *
get_new_parameters (const CodegenRecord *record)
{
  CodegenParameters *parameters = codegen_parameters_new ();

  for (guint i = 0; i < record->base_values->len + record->values->len; i++)
    {
      const CodegenValue *value = i < record->base_values->len
                                    ? record->base_values->pdata[i]
                                    : record->values->pdata[i - record->base_values->len];

      codegen_parameters_add (parameters, value->type->borrowed, value->local);
    }
  return parameters;
}

static void
add_struct (CodegenOutput       *out,
            const CodegenRecord *record)
{
  g_autoptr(CodegenParameters) parameters = get_new_parameters (record);

  codegen_set_type (out, record->name);
  codegen_doc_begin (out, record->name->camel, "");
  for (guint i = 0; i < record->values->len; i++)
    {
      const CodegenValue *value = record->values->pdata[i];
      g_autofree char *annotation = codegen_doc_get_annotation (value->type, FALSE, FALSE);

      codegen_doc_parameter (out, value->name, annotation,
                             value->info->doc != NULL ? value->info->doc : value->info->name);
    }
  codegen_doc_text (out, record->declaration->doc);
  codegen_doc_end (out, record->declaration->since, record->declaration->is_deprecated);
  codegen_add (out, "struct _${Type}\n{\n");
  for (guint i = 0; i < record->values->len; i++)
    {
      const CodegenValue *value = record->values->pdata[i];

      codegen_add (out, "  %s%s;\n", value->type->owned, value->name);
    }
  codegen_add (out, "};\n\n");
  codegen_add_prototype (out, "${Type} *", "${type}_new", parameters, ";\n");
  codegen_add (out,
    "${Type} *${type}_copy (const ${Type} *self);\n"
    "void ${type}_free (${Type} *self);\n"
    "void ${type}_rmi_write (RmiWriter *writer, const ${Type} *self);\n"
    "${Type} *${type}_rmi_read (RmiReader *reader);\n"
    "\n"
    "G_DEFINE_AUTOPTR_CLEANUP_FUNC (${Type}, ${type}_free)\n"
    "\n");
}

static void
add_class (CodegenOutput       *out,
           const CodegenRecord *record)
{
  g_autoptr(CodegenParameters) parameters = get_new_parameters (record);

  codegen_set_type (out, record->name);
  codegen_set (out, "Base", record->base != NULL ? record->base->camel : "GObject");
  codegen_doc_begin (out, record->name->camel, "");
  codegen_doc_text (out, record->declaration->doc);
  codegen_doc_end (out, record->declaration->since, record->declaration->is_deprecated);
  codegen_add (out,
    "struct _${Type}Class\n"
    "{\n"
    "  ${Base}Class parent_class;\n"
    "};\n"
    "\n");
  codegen_add_prototype (out, "${Type} *", "${type}_new", parameters, ";\n");
  for (guint i = 0; i < record->values->len; i++)
    {
      const CodegenValue *value = record->values->pdata[i];
      g_autofree char *name = codegen_to_lower (value->info->name);

      if (value->has_getter)
        codegen_add (out, "%s${type}_get_%s (${Type} *self);\n", value->type->borrowed, name);
      if (value->has_setter)
        codegen_add (out, "void ${type}_set_%s (${Type} *self, %svalue);\n", name, value->type->borrowed);
    }
  codegen_add (out,
    "void ${type}_rmi_write (RmiWriter *writer, ${Type} *self);\n"
    "void ${type}_rmi_write_members (RmiWriter *writer, gpointer object, gpointer user_data);\n"
    "${Type} *${type}_rmi_read (RmiReader *reader);\n"
    "void ${type}_rmi_read_member (RmiReader *reader, gpointer object, int index, gpointer user_data);\n"
    "void ${type}_rmi_complete (gpointer object, gpointer user_data);\n"
    "\n");
}

/* It exists: how it is told to the library. */
static void
add_external_class (CodegenOutput       *out,
                    const CodegenRecord *record)
{
  codegen_set_type (out, record->name);
  codegen_add (out,
    "void ${type}_rmi_register (void);\n"
    "void ${type}_rmi_write (RmiWriter *writer, ${Type} *self);\n"
    "${Type} *${type}_rmi_read (RmiReader *reader);\n"
    "\n");
}

static void
add_slot (CodegenOutput          *out,
          const CodegenInterface *interface,
          const CodegenMethod    *method,
          CodegenForm             form)
{
  static const char *const suffixes[] = { "", "_async", "_finish" };
  g_autoptr(CodegenParameters) parameters = codegen_method_get_parameters (interface, method, form, FALSE);
  g_autofree char *result = g_strconcat ("  ", codegen_method_get_result (method, form), NULL);
  g_autofree char *name = g_strdup_printf ("(*%s%s)", form == CODEGEN_SYNC ? method->slot : method->name,
                                           suffixes[form]);

  codegen_add_prototype (out, result, name, parameters, ";\n");
}

static void
add_function (CodegenOutput          *out,
              const CodegenInterface *interface,
              const CodegenMethod    *method,
              CodegenForm             form,
              const char             *suffix)
{
  g_autoptr(CodegenParameters) parameters = codegen_method_get_parameters (interface, method, form, FALSE);
  g_autofree char *name = g_strdup_printf ("%s_%s%s", interface->name->lower, method->name, suffix);

  codegen_add_prototype (out, codegen_method_get_result (method, form), name, parameters,
                         method->info->is_deprecated ? " G_GNUC_DEPRECATED;\n" : ";\n");
}

static void
add_method (CodegenOutput          *out,
            const CodegenInterface *interface,
            const CodegenMethod    *method)
{
  g_autoptr(CodegenParameters) parameters = codegen_parameters_new ();

  add_function (out, interface, method, CODEGEN_SYNC, "");
  if (!method->info->is_oneway)
    {
      add_function (out, interface, method, CODEGEN_ASYNC, "_async");
      add_function (out, interface, method, CODEGEN_FINISH, "_finish");
    }
  if (method->needs_twin)
    {
      add_function (out, interface, method, CODEGEN_SYNC, "_introspected");
      add_function (out, interface, method, CODEGEN_FINISH, "_finish_introspected");
    }
  codegen_parameters_add (parameters, "RmiInvocation *", "invocation");
  for (guint i = 0; i < method->out->len; i++)
    {
      const CodegenValue *value = method->out->pdata[i];

      codegen_parameters_add (parameters, value->type->borrowed, value->name);
    }
  codegen_set (out, "name", method->name);
  codegen_add_prototype (out, "void ", "${type}_return_${name}", parameters, ";\n");
}

static void
add_interface (CodegenOutput          *out,
               const CodegenInterface *interface)
{
  const RmiInterfaceInfo *info = interface->info;

  codegen_set_type (out, interface->name);
  codegen_set (out, "BaseStub", interface->base != NULL ? interface->base->camel : "Rmi");
  codegen_doc_begin (out, interface->name->camel, "");
  codegen_doc_text (out, info->doc);
  codegen_doc_end (out, info->since, info->is_deprecated);
  codegen_add (out,
    "struct _${Type}Interface\n"
    "{\n"
    "  GTypeInterface parent_iface;\n"
    "\n");
  for (guint i = 0; i < interface->methods->len; i++)
    {
      const CodegenMethod *method = interface->methods->pdata[i];

      add_slot (out, interface, method, CODEGEN_SYNC);
      if (method->info->is_oneway)
        continue;
      add_slot (out, interface, method, CODEGEN_ASYNC);
      add_slot (out, interface, method, CODEGEN_FINISH);
    }
  codegen_add (out, "};\n\n");
  for (guint i = 0; i < interface->methods->len; i++)
    add_method (out, interface, interface->methods->pdata[i]);
  for (guint i = 0; i < interface->properties->len; i++)
    {
      const CodegenProperty *property = interface->properties->pdata[i];
      const CodegenType *type = property->type;

      if (property->has_getter)
        codegen_add (out, "%s${type}_%s_%s (${Type} *self);\n",
                     codegen_type_is_pointer (type) ? type->owned : type->gvalue_c,
                     codegen_type_is_pointer (type) ? "dup" : "get", property->name);
      if (property->has_setter)
        codegen_add (out, "void ${type}_set_%s (${Type} *self, %svalue);\n", property->name, type->gvalue_c);
    }
  for (guint i = 0; i < interface->signals->len; i++)
    {
      const CodegenSignal *signal = interface->signals->pdata[i];
      g_autoptr(CodegenParameters) parameters = codegen_signal_get_parameters (interface, signal);
      g_autofree char *name = g_strdup_printf ("${type}_emit_%s", signal->name);

      if (signal->has_emitter)
        codegen_add_prototype (out, "void ", name, parameters, ";\n");
    }
  codegen_add (out,
    "\n"
    "#define ${SPACE}_TYPE_${REST}_STUB (${type}_stub_get_type ())\n"
    "G_DECLARE_DERIVABLE_TYPE (${Type}Stub, ${type}_stub, ${SPACE}, ${REST}_STUB, ${BaseStub}Stub)\n"
    "\n"
    "struct _${Type}StubClass\n"
    "{\n"
    "  ${BaseStub}StubClass parent_class;\n"
    "};\n"
    "\n");
}

char *
codegen_write_header (CodegenModel *model)
{
  g_autoptr(CodegenOutput) out = codegen_output_new ();

  codegen_add (out,
    "/* Generated by rmi-codegen from %s: do not edit. */\n"
    "#pragma once\n"
    "\n",
    model->options->basename);
  add_includes (out, model);
  codegen_add (out, "G_BEGIN_DECLS\n\n");
  for (guint i = 0; i < model->choices->len; i++)
    {
      RmiDeclaration *declaration = model->choices->pdata[i];

      add_choice (out, codegen_model_get_name (model, declaration), declaration);
    }
  if (model->description->errors->len > 0)
    add_error_domain (out, model);
  add_type_names (out, model);
  for (guint i = 0; i < model->records->len; i++)
    {
      const CodegenRecord *record = model->records->pdata[i];

      if (record->declaration->kind == RMI_DECLARATION_STRUCT)
        add_struct (out, record);
      else if (record->declaration->external != NULL)
        add_external_class (out, record);
      else
        add_class (out, record);
    }
  for (guint i = 0; i < model->interfaces->len; i++)
    add_interface (out, model->interfaces->pdata[i]);
  codegen_add (out, "G_END_DECLS\n");
  return codegen_output_steal (g_steal_pointer (&out));
}
