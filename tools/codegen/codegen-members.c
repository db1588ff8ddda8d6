/* tools/codegen/codegen-members.c: signals and properties
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "config.h"
#include "tools/codegen/codegen-parts.h"

static void
add_emit (CodegenOutput       *out,
          const CodegenSignal *signal)
{
  g_autoptr(GPtrArray) arguments = g_ptr_array_new ();

  codegen_add (out,
    "static void\n"
    "${type}_rmi_emit_${name} (gpointer object, RmiReader *reader)\n"
    "{\n");
  codegen_add_names (out, "  static const char *const names[] = ", NULL, signal->arguments);
  g_ptr_array_add (arguments, (char *) "object");
  g_ptr_array_add (arguments, (char *) "id");
  g_ptr_array_add (arguments, (char *) "0");
  for (guint i = 0; i < signal->arguments->len; i++)
    {
      const CodegenValue *value = signal->arguments->pdata[i];

      codegen_add_local (out, value);
      g_ptr_array_add (arguments, value->local);
    }
  codegen_add (out, "  guint id = ${type}_rmi_signal_ids[${TYPE}_RMI_SIGNAL_${UPPER}];\n\n");
  codegen_add_read_arguments (out, signal->arguments);
  codegen_add (out,
    "  rmi_reader_end_arguments (reader);\n"
    "  if (!rmi_reader_has_failed (reader))\n");
  codegen_add_call (out, "    g_signal_emit", arguments, ";\n}\n\n");
}

static void
add_forward (CodegenOutput       *out,
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
  codegen_add_definition (out, "static void", "${type}_rmi_forward_${name}", parameters);
  codegen_add (out,
    "{\n"
    "  const RmiSignalEntry *signal = &${type}_rmi_signals[${TYPE}_RMI_SIGNAL_${UPPER}];\n"
    "  RmiWriter *writer;\n"
    "\n"
    "  (void) object;\n"
    "  for (writer = rmi_skeleton_begin_signal (skeleton, signal); writer != NULL;\n"
    "       writer = rmi_skeleton_next_signal (skeleton, writer))\n"
    "    {\n");
  for (guint i = 0; i < signal->arguments->len; i++)
    {
      const CodegenValue *value = signal->arguments->pdata[i];

      codegen_add_write (out, "      ", value->type, value->local, value->info->name);
    }
  codegen_add (out,
    "    }\n"
    "}\n"
    "\n");
}

CodegenParameters *
codegen_signal_get_parameters (const CodegenInterface *interface,
                               const CodegenSignal    *signal)
{
  CodegenParameters *parameters = codegen_parameters_new ();
  g_autofree char *self_type = g_strconcat (interface->name->camel, " *", NULL);

  codegen_parameters_add (parameters, self_type, "self");
  for (guint i = 0; i < signal->arguments->len; i++)
    {
      const CodegenValue *value = signal->arguments->pdata[i];

      codegen_parameters_add (parameters, value->type->gvalue_c, value->local);
    }
  return parameters;
}

/* The public function that emits it. */
static void
add_emitter (CodegenOutput          *out,
             const CodegenInterface *interface,
             const CodegenSignal    *signal)
{
  g_autoptr(CodegenParameters) parameters = codegen_signal_get_parameters (interface, signal);
  g_autoptr(GPtrArray) arguments = g_ptr_array_new_with_free_func (g_free);
  gboolean is_scriptable = TRUE;

  g_ptr_array_add (arguments, g_strdup ("self"));
  g_ptr_array_add (arguments, g_strdup ("id"));
  g_ptr_array_add (arguments, g_strdup ("0"));
  codegen_append_arguments (arguments, signal->arguments, "");
  for (guint i = 0; i < signal->arguments->len; i++)
    is_scriptable = is_scriptable &&
                    !codegen_type_holds_structs (((CodegenValue *) signal->arguments->pdata[i])->type);
  codegen_add (out, "/**\n * ${type}_emit_${name}:%s\n * @self: the object\n", is_scriptable ? "" : " (skip)");
  for (guint i = 0; i < signal->arguments->len; i++)
    {
      const CodegenValue *value = signal->arguments->pdata[i];
      g_autofree char *annotation = codegen_doc_get_annotation (value->type, FALSE, FALSE);

      codegen_doc_parameter (out, value->local, annotation,
                             value->info->doc != NULL ? value->info->doc : value->info->name);
    }
  codegen_add (out, " *\n * Emits the signal `%s`, also where the object is used from elsewhere.\n",
               signal->signal_name);
  codegen_doc_text (out, signal->info->doc);
  codegen_doc_end (out, signal->info->since, signal->info->is_deprecated);
  codegen_add_definition (out, "void", "${type}_emit_${name}", parameters);
  codegen_add (out,
    "{\n"
    "  guint id = ${type}_rmi_signal_ids[${TYPE}_RMI_SIGNAL_${UPPER}];\n"
    "\n"
    "  g_return_if_fail (${SPACE}_IS_${REST} (self));\n"
    "\n");
  codegen_add_call (out, "  g_signal_emit", arguments, ";\n}\n\n");
}

void
codegen_add_signal_body (CodegenOutput          *out,
                         const CodegenInterface *interface,
                         const CodegenSignal    *signal)
{
  codegen_set_type (out, interface->name);
  codegen_set (out, "name", signal->name);
  codegen_set (out, "UPPER", signal->upper);
  if (signal->has_emitter)
    add_emitter (out, interface, signal);
  add_emit (out, signal);
  add_forward (out, signal);
}

static void
add_marshalling (CodegenOutput         *out,
                 const CodegenProperty *property)
{
  const CodegenType *type = property->type;
  g_autofree char *get = codegen_substitute (type->getter, "value");

  codegen_add (out,
    "static void\n"
    "${type}_rmi_write_${name} (RmiWriter *writer, const GValue *value)\n"
    "{\n");
  if (codegen_type_is_pointer (type))
    codegen_add (out, "  %scontent = %s;\n\n", type->borrowed, get);
  codegen_add_write_property (out, "  ", type, codegen_type_is_pointer (type) ? "content" : get,
                              property->info->name);
  codegen_add (out,
    "}\n"
    "\n"
    "static void\n"
    "${type}_rmi_read_${name} (RmiReader *reader, GValue *value)\n"
    "{\n");
  if (type->is_nullable)
    codegen_add (out,
      "  if (rmi_reader_take_null (reader))\n"
      "    %s (value, NULL);\n"
      "  else\n"
      "    %s (value, %s);\n", type->setter, type->taker, type->read);
  else
    codegen_add (out, "  %s (value, %s);\n", type->taker, type->read);
  codegen_add (out,
    "}\n"
    "\n");
}

static void
add_getter (CodegenOutput         *out,
            const CodegenProperty *property)
{
  const CodegenType *type = property->type;
  const char *c_type = codegen_type_is_pointer (type) ? type->owned : type->gvalue_c;
  g_autofree char *annotation = codegen_doc_get_annotation (type, FALSE, TRUE);
  g_autofree char *result = g_strchomp (g_strdup (c_type));

  codegen_add (out,
    "/**\n"
    " * ${type}_${verb}_${name}:\n"
    " * @self: the object, here or elsewhere\n"
    " *\n"
    " * Reads the property `%s`: of an object that is elsewhere, as it was last heard.\n",
    property->property_name);
  codegen_doc_text (out, property->info->doc);
  codegen_doc_returns (out, annotation, "its value");
  codegen_doc_end (out, property->info->since, property->info->is_deprecated);
  codegen_add (out,
    "%s\n"
    "${type}_${verb}_${name} (${Type} *self)\n"
    "{\n"
    "  %svalue = %s;\n"
    "\n"
    "  g_return_val_if_fail (${SPACE}_IS_${REST} (self), %s);\n"
    "\n"
    "  g_object_get (self, \"%s\", &value, NULL);\n"
    "  return value;\n"
    "}\n"
    "\n",
    result, c_type, type->zero, type->zero, property->property_name);
}

static void
add_setter (CodegenOutput         *out,
            const CodegenProperty *property)
{
  g_autofree char *annotation = codegen_doc_get_annotation (property->type, FALSE, FALSE);

  codegen_add (out,
    "/**\n"
    " * ${type}_set_${name}:\n"
    " * @self: the object, here or elsewhere\n");
  codegen_doc_parameter (out, "value", annotation, property->info->doc);
  codegen_add (out,
    " *\n"
    " * Sets the property `%s`; of an object that is elsewhere, it changes when that object says so.\n",
    property->property_name);
  codegen_doc_end (out, property->info->since, property->info->is_deprecated);
  codegen_add (out,
    "void\n"
    "${type}_set_${name} (${Type} *self, %svalue)\n"
    "{\n"
    "  g_return_if_fail (${SPACE}_IS_${REST} (self));\n"
    "\n"
    "  g_object_set (self, \"%s\", value, NULL);\n"
    "}\n"
    "\n",
    property->type->gvalue_c, property->property_name);
}

/* ${type} is set. */
void
codegen_add_property_body (CodegenOutput         *out,
                           const CodegenProperty *property)
{
  codegen_set (out, "name", property->name);
  codegen_set (out, "verb", codegen_type_is_pointer (property->type) ? "dup" : "get");
  if (property->has_getter)
    add_getter (out, property);
  if (property->has_setter)
    add_setter (out, property);
  add_marshalling (out, property);
}
