/* tools/codegen/codegen-defaults.c: what a class gets for the methods that it does not implement
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Blocking: NOT_SUPPORTED. Asynchronous: the blocking one, at once; its end is told later.
 */
#include "config.h"
#include "tools/codegen/codegen-parts.h"

static void
add_sync (CodegenOutput          *out,
          const CodegenInterface *interface,
          const CodegenMethod    *method)
{
  g_autoptr(CodegenParameters) parameters = codegen_method_get_parameters (interface, method, CODEGEN_SYNC, TRUE);
  g_autofree char *result = g_strconcat ("static ", codegen_method_get_result (method, CODEGEN_SYNC), NULL);

  codegen_add_definition (out, result, "${type}_rmi_default_${name}", parameters);
  codegen_add (out, "{\n");
  for (guint i = 0; i < method->in->len; i++)
    codegen_add (out, "  (void) %s;\n", ((CodegenValue *) method->in->pdata[i])->local);
  for (guint i = 0; i < method->out->len && !method->returns_pointer; i++)
    codegen_add (out, "  (void) %s;\n", ((CodegenValue *) method->out->pdata[i])->local);
  codegen_add (out,
    "  (void) cancellable;\n"
    "  set_not_implemented (error, self, \"%s.${Member}\");\n"
    "  return ${failure};\n"
    "}\n"
    "\n", interface->info->name);
}

/* The values that a GTask carries where there is more than a pointer. */
static void
add_values (CodegenOutput       *out,
            const CodegenMethod *method)
{
  codegen_add (out, "typedef struct\n{\n");
  for (guint i = 0; i < method->out->len; i++)
    {
      const CodegenValue *value = method->out->pdata[i];

      codegen_add (out, "  %s%s;\n", value->type->owned, value->local);
    }
  codegen_add (out,
    "} ${Type}Rmi${Camel}Values;\n"
    "\n"
    "static void\n"
    "${type}_rmi_${name}_values_free (gpointer data)\n"
    "{\n"
    "  ${Type}Rmi${Camel}Values *values = (${Type}Rmi${Camel}Values *) data;\n"
    "\n");
  for (guint i = 0; i < method->out->len; i++)
    {
      const CodegenValue *value = method->out->pdata[i];

      if (codegen_type_is_pointer (value->type))
        codegen_add (out, "  g_clear_pointer (&values->%s, %s);\n", value->local, value->type->free);
    }
  codegen_add (out,
    "  g_free (values);\n"
    "}\n"
    "\n");
}

static void
add_async (CodegenOutput          *out,
           const CodegenInterface *interface,
           const CodegenMethod    *method)
{
  g_autoptr(CodegenParameters) parameters = codegen_method_get_parameters (interface, method, CODEGEN_ASYNC, TRUE);
  g_autoptr(GPtrArray) arguments = g_ptr_array_new_with_free_func (g_free);
  gboolean has_values = method->out->len > 0 && !method->returns_pointer;

  codegen_add_definition (out, "static void", "${type}_rmi_default_${name}_async", parameters);
  codegen_add (out,
    "{\n"
    "  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);\n"
    "  GError *failure = NULL;\n");
  g_ptr_array_add (arguments, g_strdup ("self"));
  for (guint i = 0; i < method->in->len; i++)
    g_ptr_array_add (arguments, g_strdup (((CodegenValue *) method->in->pdata[i])->local));
  for (guint i = 0; i < method->out->len && has_values; i++)
    g_ptr_array_add (arguments, g_strconcat ("&values->", ((CodegenValue *) method->out->pdata[i])->local, NULL));
  g_ptr_array_add (arguments, g_strdup ("cancellable"));
  g_ptr_array_add (arguments, g_strdup ("&failure"));
  if (method->returns_pointer)
    {
      const CodegenValue *value = method->out->pdata[0];

      g_autofree char *head = g_strdup_printf ("  %s = ${TYPE}_GET_IFACE (self)->${slot}", value->local);

      codegen_add (out, "  %s%s = NULL;\n", value->type->owned, value->local);
      codegen_add (out, "\n  g_task_set_check_cancellable (task, FALSE);\n");
      codegen_add_call (out, head, arguments, ";\n");
      codegen_add (out,
        "  if (%s == NULL)\n"
        "    fail_task (task, failure);\n"
        "  else\n"
        "    g_task_return_pointer (task, %s, (GDestroyNotify) %s);\n"
        "}\n\n", value->local, value->local, value->type->free);
      return;
    }
  if (has_values)
    codegen_add (out, "  ${Type}Rmi${Camel}Values *values = g_new0 (${Type}Rmi${Camel}Values, 1);\n");
  codegen_add (out, "\n  g_task_set_check_cancellable (task, FALSE);\n");
  codegen_add_call (out, "  if (${TYPE}_GET_IFACE (self)->${slot}", arguments, ")\n");
  if (has_values)
    codegen_add (out,
      "    g_task_return_pointer (task, values, ${type}_rmi_${name}_values_free);\n"
      "  else\n"
      "    {\n"
      "      ${type}_rmi_${name}_values_free (values);\n"
      "      fail_task (task, failure);\n"
      "    }\n"
      "}\n\n");
  else
    codegen_add (out,
      "    g_task_return_boolean (task, TRUE);\n"
      "  else\n"
      "    fail_task (task, failure);\n"
      "}\n\n");
}

static void
add_finish (CodegenOutput          *out,
            const CodegenInterface *interface,
            const CodegenMethod    *method)
{
  g_autoptr(CodegenParameters) parameters = codegen_method_get_parameters (interface, method, CODEGEN_FINISH,
                                                                           TRUE);
  g_autofree char *c_result = g_strconcat ("static ", codegen_method_get_result (method, CODEGEN_FINISH), NULL);

  codegen_add_definition (out, c_result, "${type}_rmi_default_${name}_finish", parameters);
  codegen_add (out, "{\n");
  if (method->out->len > 0 && !method->returns_pointer)
    codegen_add (out, "  ${Type}Rmi${Camel}Values *values;\n\n");
  codegen_add (out, "  g_return_val_if_fail (g_task_is_valid (result, self), ${failure});\n\n");
  if (method->returns_pointer)
    codegen_add (out, "  return (%s) g_task_propagate_pointer (G_TASK (result), error);\n}\n\n",
                 ((CodegenValue *) method->out->pdata[0])->type->owned);
  else if (method->out->len == 0)
    codegen_add (out, "  return g_task_propagate_boolean (G_TASK (result), error);\n}\n\n");
  if (method->out->len == 0 || method->returns_pointer)
    return;
  codegen_add (out,
    "  values = (${Type}Rmi${Camel}Values *) g_task_propagate_pointer (G_TASK (result), error);\n"
    "  if (values == NULL)\n"
    "    return FALSE;\n");
  for (guint i = 0; i < method->out->len; i++)
    {
      const CodegenValue *value = method->out->pdata[i];
      g_autofree char *member = g_strconcat ("values->", value->local, NULL);
      g_autofree char *stolen = codegen_get_stolen (value->type, member);

      codegen_add (out, "  *%s = %s;\n", value->local, stolen);
    }
  codegen_add (out,
    "  ${type}_rmi_${name}_values_free (values);\n"
    "  return TRUE;\n"
    "}\n\n");
}

void
codegen_add_default_body (CodegenOutput          *out,
                          const CodegenInterface *interface,
                          const CodegenMethod    *method)
{
  g_autofree char *camel = codegen_to_camel (method->name);

  codegen_set_method (out, method);
  codegen_set (out, "Camel", camel);
  add_sync (out, interface, method);
  if (method->info->is_oneway)
    return;
  if (method->out->len > 0 && !method->returns_pointer)
    add_values (out, method);
  add_async (out, interface, method);
  add_finish (out, interface, method);
}
