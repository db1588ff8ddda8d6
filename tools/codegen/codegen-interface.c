/* tools/codegen/codegen-interface.c: a GInterface and the tables that describe it
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "config.h"
#include "tools/codegen/codegen-parts.h"

#include <string.h>

/* An enum that names the places in a table of members. */
static void
add_indices (CodegenOutput *out,
             const char    *kind,
             GPtrArray     *members)
{
  if (members->len == 0)
    return;
  codegen_add (out, "enum\n{\n");
  for (guint i = 0; i < members->len; i++)
    codegen_add (out, "  ${TYPE}_RMI_%s_%s,\n", kind,
                 *kind == 'M' ? ((CodegenMethod *) members->pdata[i])->upper
                              : ((CodegenSignal *) members->pdata[i])->upper);
  codegen_add (out, "};\n\n");
}

static void
add_forward_prototype (CodegenOutput       *out,
                       const CodegenSignal *signal)
{
  g_autoptr(CodegenParameters) parameters = codegen_parameters_new ();

  codegen_parameters_add (parameters, "gpointer ", "object");
  for (guint i = 0; i < signal->arguments->len; i++)
    {
      const CodegenValue *value = signal->arguments->pdata[i];

      codegen_parameters_add (parameters, value->type->gvalue_c, value->local);
    }
  codegen_parameters_add (parameters, "RmiSkeleton *", "skeleton");
  codegen_add_prototype (out, "static void ", "${type}_rmi_forward_${name}", parameters, ";\n");
}

static void
add_prototypes (CodegenOutput          *out,
                const CodegenInterface *interface)
{
  for (guint i = 0; i < interface->methods->len; i++)
    {
      const CodegenMethod *method = interface->methods->pdata[i];

      codegen_add (out, "static void ${type}_rmi_dispatch_%s (RmiInvocation *invocation, RmiReader *reader);\n",
                   method->name);
    }
  for (guint i = 0; i < interface->signals->len; i++)
    {
      const CodegenSignal *signal = interface->signals->pdata[i];

      codegen_set (out, "name", signal->name);
      codegen_add (out, "static void ${type}_rmi_emit_${name} (gpointer object, RmiReader *reader);\n");
      add_forward_prototype (out, signal);
    }
  for (guint i = 0; i < interface->properties->len; i++)
    {
      const CodegenProperty *property = interface->properties->pdata[i];

      codegen_set (out, "name", property->name);
      codegen_add (out,
        "static void ${type}_rmi_write_${name} (RmiWriter *writer, const GValue *value);\n"
        "static void ${type}_rmi_read_${name} (RmiReader *reader, GValue *value);\n");
    }
  codegen_add (out, "\n");
}

/* The names that there are, as one value. */
static char *
join_flags (const char *const *names,
            guint              n_names)
{
  g_autoptr(GPtrArray) set = g_ptr_array_new ();
  g_autofree char *joined = NULL;

  for (guint i = 0; i < n_names; i++)
    if (names[i] != NULL)
      g_ptr_array_add (set, (gpointer) names[i]);
  if (set->len < 2)
    return g_strdup (set->len == 1 ? set->pdata[0] : "RMI_METHOD_FLAGS_NONE");
  g_ptr_array_add (set, NULL);
  joined = g_strjoinv (" | ", (char **) set->pdata);
  return g_strdup_printf ("(RmiMethodFlags) (%s)", joined);
}

static void
add_method_table (CodegenOutput          *out,
                  const CodegenInterface *interface)
{
  if (interface->methods->len == 0)
    return;
  codegen_add (out, "static const RmiMethodEntry ${type}_rmi_methods[] = {\n");
  for (guint i = 0; i < interface->methods->len; i++)
    {
      const CodegenMethod *method = interface->methods->pdata[i];
      const RmiMethodInfo *info = method->info;
      const char *names[] = { info->is_idempotent ? "RMI_METHOD_IDEMPOTENT" : NULL,
                              info->is_oneway ? "RMI_METHOD_ONEWAY" : NULL,
                              codegen_values_have_values (method->in) ? "RMI_METHOD_TAKES_VALUES" : NULL };
      g_autofree char *flags = join_flags (names, G_N_ELEMENTS (names));

      codegen_add (out,
        "  { \"%s\", \"%s\", %s, %u,\n"
        "    ${type}_rmi_dispatch_%s, { NULL, NULL } },\n",
        interface->info->name, info->name, flags, info->timeout_ms, method->name);
    }
  codegen_add (out, "};\n\n");
}

static gboolean
has_references (const CodegenSignal *signal)
{
  for (guint i = 0; i < signal->arguments->len; i++)
    if (((CodegenValue *) signal->arguments->pdata[i])->type->has_references)
      return TRUE;
  return FALSE;
}

static void
add_signal_table (CodegenOutput          *out,
                  const CodegenInterface *interface)
{
  if (interface->signals->len == 0)
    return;
  codegen_add (out, "static const RmiSignalEntry ${type}_rmi_signals[] = {\n");
  for (guint i = 0; i < interface->signals->len; i++)
    {
      const CodegenSignal *signal = interface->signals->pdata[i];

      codegen_add (out,
        "  { \"%s\", \"%s\", ${type}_rmi_emit_%s,\n"
        "    G_CALLBACK (${type}_rmi_forward_%s), %s, { NULL, NULL } },\n",
        signal->info->name, signal->signal_name, signal->name, signal->name,
        has_references (signal) ? "TRUE" : "FALSE");
    }
  codegen_add (out,
    "};\n"
    "\n"
    "static guint ${type}_rmi_signal_ids[%u];\n"
    "\n", interface->signals->len);
}

static void
add_property_table (CodegenOutput          *out,
                    const CodegenInterface *interface)
{
  if (interface->properties->len == 0)
    return;
  codegen_add (out, "static const RmiPropertyEntry ${type}_rmi_properties[] = {\n");
  for (guint i = 0; i < interface->properties->len; i++)
    {
      const CodegenProperty *property = interface->properties->pdata[i];

      codegen_add (out,
        "  { \"%s\", \"%s\",\n"
        "    ${type}_rmi_write_%s, ${type}_rmi_read_%s, { NULL, NULL } },\n",
        property->info->name, property->property_name, property->name, property->name);
    }
  codegen_add (out, "};\n\n");
}

static void
add_entry (CodegenOutput          *out,
           const CodegenInterface *interface)
{
  g_autofree char *json = rmi_interface_info_to_json (interface->info);

  codegen_add (out, "static const char ${type}_rmi_description[] =\n");
  codegen_add_literal (out, json, "  ");
  codegen_add (out,
    ";\n"
    "\n"
    "static const RmiInterfaceEntry ${type}_rmi_entry = {\n"
    "  \"%s\",\n"
    "  ${type}_rmi_description,\n",
    interface->info->name);
  codegen_add (out, interface->methods->len > 0 ? "  ${type}_rmi_methods,\n" : "  NULL,\n");
  codegen_add (out, interface->signals->len > 0 ? "  ${type}_rmi_signals,\n" : "  NULL,\n");
  codegen_add (out, interface->properties->len > 0 ? "  ${type}_rmi_properties,\n" : "  NULL,\n");
  codegen_add (out,
    "  %u, %u, %u,\n"
    "  %s,\n"
    "  ${type}_stub_get_type,\n"
    "  %s%s,\n"
    "  { NULL, NULL, NULL, NULL },\n"
    "};\n"
    "\n",
    interface->methods->len, interface->signals->len, interface->properties->len,
    interface->info->subscribes ? "TRUE" : "FALSE",
    interface->base != NULL ? interface->base->lower : "NULL",
    interface->base != NULL ? "_get_type" : "");
}

/* Error domains and classes come with the type, so that a caller who never names them gets them all the same. */
static void
add_type (CodegenOutput          *out,
          CodegenModel           *model,
          const CodegenInterface *interface)
{
  codegen_add (out,
    "G_DEFINE_INTERFACE_WITH_CODE (${Type}, ${type}, %s,\n"
    "                              rmi_interface_register (g_define_type_id, &${type}_rmi_entry);",
    interface->base != NULL ? interface->base->type_macro : "G_TYPE_OBJECT");
  if (model->description->errors->len > 0)
    codegen_add (out, "\n                              (void) %s;", model->error->upper);
  for (guint i = 0; i < model->description->imports->len; i++)
    {
      const RmiDescriptionImport *import = model->description->imports->pdata[i];
      g_autoptr(CodegenName) error = codegen_name_new (codegen_model_get_import_namespace (model, import),
                                                       "Error");

      if (import->description->errors->len > 0)
        codegen_add (out, "\n                              (void) %s;", error->upper);
    }
  for (guint i = 0; i < model->records->len; i++)
    {
      const CodegenRecord *record = model->records->pdata[i];

      if (record->declaration->kind == RMI_DECLARATION_CLASS && record->declaration->external == NULL)
        codegen_add (out, "\n                              g_type_ensure (%s);", record->name->type_macro);
    }
  codegen_add (out, ")\n\n");
}

static void
add_signal_new (CodegenOutput       *out,
                const CodegenSignal *signal)
{
  codegen_add (out,
    "  ${type}_rmi_signal_ids[${TYPE}_RMI_SIGNAL_%s] =\n"
    "    g_signal_new (\"%s\", G_TYPE_FROM_INTERFACE (iface), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,\n"
    "                  G_TYPE_NONE, %u",
    signal->upper, signal->signal_name, signal->arguments->len);
  for (guint i = 0; i < signal->arguments->len; i++)
    codegen_add (out, ", %s", ((CodegenValue *) signal->arguments->pdata[i])->type->gtype);
  codegen_add (out, ");\n");
}

/* A property has no "(element-type …)": its type says it all. */
static char *
get_property_annotation (const CodegenType *type)
{
  const char *element = strrchr (type->annotation, ' ');

  switch (type->shape)
    {
    case CODEGEN_SHAPE_SCALARS:
      return g_strdup_printf ("(type GLib.Array(%s)", element + 1);
    case CODEGEN_SHAPE_POINTERS:
      return g_strdup_printf ("(type GLib.PtrArray(%s)", element + 1);
    case CODEGEN_SHAPE_TABLE:
      return g_strdup_printf ("(type GLib.HashTable(utf8,%s)", element + 1);
    case CODEGEN_SHAPE_SCALAR:
    case CODEGEN_SHAPE_STRING:
    case CODEGEN_SHAPE_STRV:
    case CODEGEN_SHAPE_BYTES:
    case CODEGEN_SHAPE_VARIANT:
    case CODEGEN_SHAPE_JSON:
    case CODEGEN_SHAPE_STRUCT:
    case CODEGEN_SHAPE_OBJECT:
    default:
      return g_strdup ("");
    }
}

/* gtk-doc of what has no function of its own. */
static void
add_member_docs (CodegenOutput          *out,
                 const CodegenInterface *interface)
{
  for (guint i = 0; i < interface->properties->len; i++)
    {
      const CodegenProperty *property = interface->properties->pdata[i];
      const RmiPropertyInfo *info = property->info;
      g_autofree char *symbol = g_strdup_printf ("%s:%s", interface->name->camel, property->property_name);
      g_autofree char *annotation = get_property_annotation (property->type);

      codegen_doc_begin (out, symbol, annotation);
      codegen_doc_text (out, info->doc);
      codegen_doc_end (out, info->since, info->is_deprecated);
      codegen_add (out, "\n");
    }
  for (guint i = 0; i < interface->signals->len; i++)
    {
      const CodegenSignal *signal = interface->signals->pdata[i];
      const RmiSignalInfo *info = signal->info;
      g_autofree char *symbol = g_strdup_printf ("%s::%s", interface->name->camel, signal->signal_name);

      codegen_doc_begin (out, symbol, "");
      codegen_doc_parameter (out, "self", "", "the object");
      for (guint j = 0; j < signal->arguments->len; j++)
        {
          const CodegenValue *value = signal->arguments->pdata[j];
          g_autofree char *value_annotation = codegen_doc_get_annotation (value->type, FALSE, FALSE);

          codegen_doc_parameter (out, value->name, value_annotation,
                                 value->info->doc != NULL ? value->info->doc : value->info->name);
        }
      codegen_doc_text (out, info->doc);
      codegen_doc_end (out, info->since, info->is_deprecated);
      codegen_add (out, "\n");
    }
}

/* Not in get_type(): their class_init may ask for the type of this very interface. */
static void
add_external_classes (CodegenOutput *out,
                      CodegenModel  *model)
{
  for (guint i = 0; i < model->records->len; i++)
    {
      const CodegenRecord *record = model->records->pdata[i];

      if (record->declaration->external != NULL)
        codegen_add (out, "  %s_rmi_register ();\n", record->name->lower);
    }
}

static void
add_default_init (CodegenOutput          *out,
                  CodegenModel           *model,
                  const CodegenInterface *interface)
{
  codegen_add (out,
    "static void\n"
    "${type}_default_init (${Type}Interface *iface)\n"
    "{\n");
  add_external_classes (out, model);
  for (guint i = 0; i < interface->methods->len; i++)
    {
      const CodegenMethod *method = interface->methods->pdata[i];

      codegen_set_method (out, method);
      codegen_add (out, "  iface->${slot} = ${type}_rmi_default_${name};\n");
      if (!method->info->is_oneway)
        codegen_add (out,
          "  iface->${name}_async = ${type}_rmi_default_${name}_async;\n"
          "  iface->${name}_finish = ${type}_rmi_default_${name}_finish;\n");
    }
  for (guint i = 0; i < interface->properties->len; i++)
    {
      const CodegenProperty *property = interface->properties->pdata[i];
      const RmiPropertyInfo *info = property->info;
      const char *flags = !info->is_writable   ? "G_PARAM_READABLE"
                          : !info->is_readable ? "G_PARAM_WRITABLE"
                                               : "G_PARAM_READWRITE";
      g_autofree char *spec = codegen_type_get_param_spec (property->type, property->property_name, flags);

      codegen_add (out, "  g_object_interface_install_property (iface,\n    %s);\n", spec);
    }
  for (guint i = 0; i < interface->signals->len; i++)
    add_signal_new (out, interface->signals->pdata[i]);
  if (interface->methods->len + interface->properties->len + interface->signals->len == 0)
    codegen_add (out, "  (void) iface;\n");
  codegen_add (out,
    "}\n"
    "\n");
}

void
codegen_add_interface_body (CodegenOutput          *out,
                            CodegenModel           *model,
                            const CodegenInterface *interface)
{
  codegen_set_type (out, interface->name);
  codegen_add (out, "/* %s */\n\n", interface->info->name);
  add_prototypes (out, interface);
  add_indices (out, "METHOD", interface->methods);
  add_indices (out, "SIGNAL", interface->signals);
  add_method_table (out, interface);
  add_signal_table (out, interface);
  add_property_table (out, interface);
  add_entry (out, interface);
  add_type (out, model, interface);
  for (guint i = 0; i < interface->methods->len; i++)
    codegen_add_default_body (out, interface, interface->methods->pdata[i]);
  add_member_docs (out, interface);
  add_default_init (out, model, interface);
  for (guint i = 0; i < interface->methods->len; i++)
    codegen_add_wrapper_body (out, interface, interface->methods->pdata[i]);
  for (guint i = 0; i < interface->methods->len; i++)
    codegen_add_dispatch_body (out, interface, interface->methods->pdata[i]);
  for (guint i = 0; i < interface->signals->len; i++)
    codegen_add_signal_body (out, interface, interface->signals->pdata[i]);
  for (guint i = 0; i < interface->properties->len; i++)
    codegen_add_property_body (out, interface->properties->pdata[i]);
  codegen_add_stub_body (out, interface);
}
