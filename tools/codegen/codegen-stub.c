/* tools/codegen/codegen-stub.c: the caller's side
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A method is begun (arguments written) and ended (result read) the same way, blocking or not.
 */
#include "config.h"
#include "tools/codegen/codegen-parts.h"

static void
add_begin (CodegenOutput          *out,
           const CodegenInterface *interface,
           const CodegenMethod    *method)
{
  g_autoptr(CodegenParameters) parameters = codegen_parameters_new ();
  g_autofree char *self_type = g_strconcat (interface->name->camel, " *", NULL);

  codegen_parameters_add (parameters, self_type, "self");
  for (guint i = 0; i < method->in->len; i++)
    {
      const CodegenValue *value = method->in->pdata[i];

      codegen_parameters_add (parameters, value->type->borrowed, value->local);
    }
  codegen_add_definition (out, "static RmiCall *", "${type}_rmi_begin_${name}", parameters);
  codegen_add (out,
    "{\n"
    "  RmiCall *call = rmi_stub_begin_call (RMI_STUB (self),\n"
    "                                       &${type}_rmi_methods[${TYPE}_RMI_METHOD_${UPPER}]);\n");
  if (method->in->len > 0)
    codegen_add (out, "  RmiWriter *writer = rmi_call_get_writer (call);\n");
  codegen_add (out, "\n");
  for (guint i = 0; i < method->in->len; i++)
    {
      const CodegenValue *value = method->in->pdata[i];

      codegen_add_write (out, "  ", value->type, value->local, value->info->name);
    }
  codegen_add (out,
    "  return call;\n"
    "}\n"
    "\n");
}

/* Several out values: an object by name. */
static void
add_read_outs (CodegenOutput       *out,
               const CodegenMethod *method)
{
  codegen_add (out,
    "  rmi_reader_begin_object (reader);\n"
    "  while ((i = rmi_reader_next_member (reader, names, i, RMI_READER_ALLOW_UNKNOWN)) >= 0)\n"
    "    {\n"
    "      seen[i] = TRUE;\n"
    "      switch (i)\n"
    "        {\n");
  for (guint i = 0; i < method->out->len; i++)
    {
      const CodegenValue *value = method->out->pdata[i];

      codegen_add (out, i + 1 < method->out->len ? "        case %u:\n" : "        default:\n", i);
      codegen_add_read (out, "          ", value->type, value->local);
      codegen_add (out, "          break;\n");
    }
  codegen_add (out,
    "        }\n"
    "    }\n"
    "  check_seen (reader, names, seen);\n");
}

static CodegenParameters *
get_end_parameters (const CodegenMethod *method)
{
  CodegenParameters *parameters = codegen_parameters_new ();

  codegen_parameters_add (parameters, "RmiCall *", "call");
  for (guint i = 0; i < method->out->len && !method->returns_pointer; i++)
    {
      const CodegenValue *value = method->out->pdata[i];
      g_autofree char *name = g_strconcat ("to_", value->local, NULL);

      codegen_parameters_add_out (parameters, value->type->owned, name);
    }
  codegen_parameters_add (parameters, "GError **", "error");
  return parameters;
}

/* The names of several out values; they, and what else the reading of a result works with, as locals. */
static void
add_result_locals (CodegenOutput       *out,
                   const CodegenMethod *method)
{
  if (method->out->len > 1)
    {
      codegen_add_names (out, "  static const char *const names[] = ", NULL, method->out);
      codegen_add_seen (out, method->out, TRUE);
      codegen_add (out, "  int i = -1;\n");
    }
  for (guint i = 0; i < method->out->len; i++)
    codegen_add_local (out, method->out->pdata[i]);
}

static void
add_read_result (CodegenOutput       *out,
                 const CodegenMethod *method)
{
  if (method->out->len > 1)
    add_read_outs (out, method);
  else if (method->out->len == 1)
    codegen_add_read (out, "  ", ((CodegenValue *) method->out->pdata[0])->type, ((CodegenValue *) method->out->pdata[0])->local);
  else
    codegen_add (out, "  rmi_reader_skip (reader);\n");
}

/* Reads a result and keeps nothing of it. */
static void
add_check (CodegenOutput       *out,
           const CodegenMethod *method)
{
  codegen_add (out,
    "static void\n"
    "${type}_rmi_check_${name} (RmiReader *reader)\n"
    "{\n");
  add_result_locals (out, method);
  codegen_add (out, "\n");
  add_read_result (out, method);
  for (guint i = 0; i < method->out->len; i++)
    codegen_add (out, "  (void) %s;\n", ((CodegenValue *) method->out->pdata[i])->local);
  codegen_add (out,
    "}\n"
    "\n");
}

static void
add_end (CodegenOutput       *out,
         const CodegenMethod *method)
{
  g_autoptr(CodegenParameters) parameters = get_end_parameters (method);
  g_autofree char *result = g_strconcat ("static ", codegen_method_get_result (method, CODEGEN_SYNC), NULL);
  gboolean has_values = codegen_values_have_values (method->out);
  const CodegenValue *only = method->out->len == 1 ? method->out->pdata[0] : NULL;

  if (has_values)
    add_check (out, method);
  codegen_add_definition (out, result, "${type}_rmi_end_${name}", parameters);
  codegen_add (out, "{\n");
  add_result_locals (out, method);
  codegen_add (out, "  RmiReader *reader%s;\n\n", has_values ? " = rmi_call_begin_check (call)" : " = rmi_call_get_reader (call)");
  if (has_values)
    codegen_add (out,
      "  if (reader != NULL)\n"
      "    {\n"
      "      ${type}_rmi_check_${name} (reader);\n"
      "      rmi_call_end_check (call);\n"
      "    }\n"
      "  reader = rmi_call_get_reader (call);\n");
  add_read_result (out, method);
  codegen_add (out,
    "  if (!rmi_call_end (call, error))\n"
    "    return ${failure};\n");
  if (method->returns_pointer)
    codegen_add (out, "  return g_steal_pointer (&%s);\n}\n\n", only->local);
  for (guint i = 0; i < method->out->len && !method->returns_pointer; i++)
    {
      const CodegenValue *value = method->out->pdata[i];
      g_autofree char *stolen = codegen_get_stolen (value->type, value->local);

      codegen_add (out, "  *to_%s = %s;\n", value->local, stolen);
    }
  if (!method->returns_pointer)
    codegen_add (out, "  return TRUE;\n}\n\n");
}

static void
add_oneway (CodegenOutput          *out,
            const CodegenInterface *interface,
            const CodegenMethod    *method)
{
  g_autoptr(CodegenParameters) parameters = codegen_method_get_parameters (interface, method, CODEGEN_SYNC, TRUE);
  g_autoptr(GPtrArray) arguments = g_ptr_array_new_with_free_func (g_free);

  codegen_add_definition (out, "static gboolean", "${type}_rmi_stub_${name}", parameters);
  codegen_add (out,
    "{\n"
    "  RmiCall *call;\n"
    "\n"
    "  if (g_cancellable_set_error_if_cancelled (cancellable, error))\n"
    "    return FALSE;\n");
  g_ptr_array_add (arguments, g_strdup ("self"));
  codegen_append_arguments (arguments, method->in, "");
  codegen_add_call (out, "  call = ${type}_rmi_begin_${name}", arguments,
                    ";\n  return rmi_call_send (call, error);\n}\n\n");
}

static void
add_method (CodegenOutput          *out,
            const CodegenInterface *interface,
            const CodegenMethod    *method)
{
  static const CodegenForm forms[] = { CODEGEN_SYNC, CODEGEN_ASYNC, CODEGEN_FINISH };
  static const char *const names[] = {
    "${type}_rmi_stub_${name}", "${type}_rmi_stub_${name}_async", "${type}_rmi_stub_${name}_finish",
  };
  g_autoptr(GPtrArray) begin = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(GPtrArray) end = g_ptr_array_new_with_free_func (g_free);

  g_ptr_array_add (begin, g_strdup ("self"));
  codegen_append_arguments (begin, method->in, "");
  g_ptr_array_add (end, g_strdup ("call"));
  if (!method->returns_pointer)
    codegen_append_arguments (end, method->out, "");
  g_ptr_array_add (end, g_strdup ("error"));
  for (guint i = 0; i < G_N_ELEMENTS (forms); i++)
    {
      g_autoptr(CodegenParameters) parameters = codegen_method_get_parameters (interface, method, forms[i], TRUE);
      g_autofree char *result = g_strconcat ("static ", codegen_method_get_result (method, forms[i]), NULL);

      codegen_add_definition (out, result, names[i], parameters);
      codegen_add (out, "{\n");
      if (forms[i] == CODEGEN_FINISH)
        codegen_add (out,
          "  g_autoptr(RmiCall) call = rmi_call_finish (self, result, error);\n"
          "\n"
          "  if (call == NULL)\n"
          "    return ${failure};\n");
      else if (forms[i] == CODEGEN_SYNC)
        codegen_add_call (out, "  g_autoptr(RmiCall) call = ${type}_rmi_begin_${name}", begin,
          ";\n"
          "\n"
          "  if (rmi_call_run (call, cancellable, error) == NULL)\n"
          "    return ${failure};\n");
      else
        codegen_add_call (out, "  RmiCall *call = ${type}_rmi_begin_${name}", begin,
          ";\n"
          "\n"
          "  rmi_call_start (call, self, cancellable, callback, user_data);\n"
          "}\n\n");
      if (forms[i] != CODEGEN_ASYNC)
        codegen_add_call (out, "  return ${type}_rmi_end_${name}", end, ";\n}\n\n");
    }
}

static void
add_type (CodegenOutput          *out,
          const CodegenInterface *interface)
{
  codegen_add (out,
    "static void\n"
    "${type}_stub_interface_init (${Type}Interface *iface)\n"
    "{\n");
  for (guint i = 0; i < interface->methods->len; i++)
    {
      const CodegenMethod *method = interface->methods->pdata[i];

      codegen_set_method (out, method);
      codegen_add (out, "  iface->${slot} = ${type}_rmi_stub_${name};\n");
      if (!method->info->is_oneway)
        codegen_add (out,
          "  iface->${name}_async = ${type}_rmi_stub_${name}_async;\n"
          "  iface->${name}_finish = ${type}_rmi_stub_${name}_finish;\n");
    }
  if (interface->methods->len == 0)
    codegen_add (out, "  (void) iface;\n");
  codegen_add (out,
    "}\n"
    "\n"
    "G_DEFINE_TYPE_WITH_CODE (${Type}Stub, ${type}_stub, %s%s,\n"
    "                         G_IMPLEMENT_INTERFACE (${GTYPE}, ${type}_stub_interface_init))\n"
    "\n"
    "static void\n"
    "${type}_stub_class_init (${Type}StubClass *klass)\n"
    "{\n"
    "  rmi_stub_class_install (RMI_STUB_CLASS (klass), &${type}_rmi_entry);\n"
    "}\n"
    "\n"
    "static void\n"
    "${type}_stub_init (${Type}Stub *self)\n"
    "{\n"
    "  (void) self;\n"
    "}\n"
    "\n",
    interface->base != NULL ? interface->base->type_macro : "RMI_TYPE",
    "_STUB");
}

void
codegen_add_stub_body (CodegenOutput          *out,
                       const CodegenInterface *interface)
{
  codegen_set_type (out, interface->name);
  for (guint i = 0; i < interface->methods->len; i++)
    {
      const CodegenMethod *method = interface->methods->pdata[i];

      codegen_set_method (out, method);
      add_begin (out, interface, method);
      if (method->info->is_oneway)
        {
          add_oneway (out, interface, method);
          continue;
        }
      add_end (out, method);
      add_method (out, interface, method);
    }
  add_type (out, interface);
}
