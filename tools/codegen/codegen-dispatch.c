/* tools/codegen/codegen-dispatch.c: the object's side: an incoming call to the vfunc, and its answer
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "config.h"
#include "tools/codegen/codegen-parts.h"

/* A call of a vfunc: @arguments are what goes before the out values. */
static void
add_vfunc_call (CodegenOutput       *out,
                const CodegenMethod *method,
                const char          *function,
                GPtrArray           *arguments,
                gboolean             has_cancellable)
{
  const CodegenValue *only = method->returns_pointer ? method->out->pdata[0] : NULL;
  g_autofree char *head = g_strdup_printf ("  %s = %s", only != NULL ? only->local : "is_success", function);

  if (only == NULL)
    codegen_append_arguments (arguments, method->out, "&");
  if (has_cancellable)
    g_ptr_array_add (arguments, g_strdup ("cancellable"));
  g_ptr_array_add (arguments, g_strdup ("&error"));
  codegen_add_call (out, head, arguments, ";\n");
}

static void
add_out_locals (CodegenOutput       *out,
                const CodegenMethod *method)
{
  for (guint i = 0; i < method->out->len; i++)
    codegen_add_local (out, method->out->pdata[i]);
  codegen_add (out,
    "  g_autoptr(GError) error = NULL;\n"
    "  gboolean is_success;\n"
    "\n");
}

/* What a vfunc gave back, as the answer. */
static void
add_answer (CodegenOutput       *out,
            const CodegenMethod *method)
{
  g_autoptr(GPtrArray) arguments = g_ptr_array_new_with_free_func (g_free);

  if (method->returns_pointer)
    codegen_add (out, "  is_success = %s != NULL;\n", ((CodegenValue *) method->out->pdata[0])->local);
  for (guint i = 0; i < method->out->len; i++)
    {
      const CodegenValue *value = method->out->pdata[i];

      /* Of an implementation in a script. */
      if (codegen_type_needs_twin (value->type))
        codegen_add (out,
          "  if (%s != NULL)\n"
          "    g_ptr_array_set_free_func (%s, g_object_unref);\n", value->local, value->local);
    }
  codegen_add (out,
    "  if (rmi_invocation_is_taken (invocation))\n"
    "    return;\n"
    "\n"
    "  if (!is_success)\n"
    "    {\n"
    "      rmi_invocation_take_error (invocation, g_steal_pointer (&error));\n"
    "      return;\n"
    "    }\n"
    "  warn_about_error (\"${Member}\", error);\n");
  g_ptr_array_add (arguments, g_strdup ("invocation"));
  codegen_append_borrowed (arguments, method->out);
  codegen_add_call (out, "  ${type}_return_${name}", arguments, ";\n}\n\n");
}

static void
add_done_cb (CodegenOutput          *out,
             const CodegenInterface *interface,
             const CodegenMethod    *method)
{
  g_autoptr(GPtrArray) arguments = g_ptr_array_new_with_free_func (g_free);

  codegen_add (out,
    "static void\n"
    "${type}_rmi_${name}_cb (GObject *object, GAsyncResult *result, gpointer user_data)\n"
    "{\n"
    "  g_autoptr(RmiInvocation) invocation = (RmiInvocation *) user_data;\n"
    "  ${Type}Interface *iface = ${TYPE}_GET_IFACE (object);\n");
  add_out_locals (out, method);
  g_ptr_array_add (arguments, g_strdup_printf ("%s (object)", interface->name->upper));
  g_ptr_array_add (arguments, g_strdup ("result"));
  add_vfunc_call (out, method, "iface->${name}_finish", arguments, FALSE);
  add_answer (out, method);
}

static void
add_dispatch (CodegenOutput          *out,
              const CodegenInterface *interface,
              const CodegenMethod    *method)
{
  g_autoptr(GPtrArray) arguments = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(GPtrArray) async_arguments = g_ptr_array_new_with_free_func (g_free);

  codegen_add (out,
    "static void\n"
    "${type}_rmi_dispatch_${name} (RmiInvocation *invocation, RmiReader *reader)\n"
    "{\n");
  codegen_add_names (out, "  static const char *const names[] = ", NULL, method->in);
  codegen_add (out,
    "  ${Type} *object = ${TYPE} (rmi_invocation_get_object (invocation));\n"
    "  ${Type}Interface *iface = ${TYPE}_GET_IFACE (object);\n"
    "  GCancellable *cancellable = rmi_invocation_get_cancellable (invocation);\n");
  for (guint i = 0; i < method->in->len; i++)
    codegen_add_local (out, method->in->pdata[i]);
  add_out_locals (out, method);
  codegen_add_read_arguments (out, method->in);
  codegen_add (out,
    "  if (!rmi_invocation_end_arguments (invocation, reader))\n"
    "    return;\n"
    "\n");
  g_ptr_array_add (async_arguments, g_strdup ("object"));
  codegen_append_borrowed (async_arguments, method->in);
  g_ptr_array_add (async_arguments, g_strdup ("cancellable"));
  g_ptr_array_add (async_arguments, g_strdup_printf ("%s_rmi_%s_cb", interface->name->lower, method->name));
  g_ptr_array_add (async_arguments, g_strdup ("g_object_ref (invocation)"));
  if (!method->info->is_oneway)
    {
      codegen_add (out,
        "  if (iface->${name}_async != ${type}_rmi_default_${name}_async)\n"
        "    {\n");
      codegen_add_call (out, "      iface->${name}_async", async_arguments, ";\n      return;\n    }\n");
    }
  g_ptr_array_add (arguments, g_strdup ("object"));
  codegen_append_borrowed (arguments, method->in);
  add_vfunc_call (out, method, "iface->${slot}", arguments, TRUE);
  add_answer (out, method);
}

static void
add_return (CodegenOutput          *out,
            const CodegenMethod    *method)
{
  g_autoptr(CodegenParameters) parameters = codegen_parameters_new ();
  const CodegenValue *only = method->out->len == 1 ? method->out->pdata[0] : NULL;

  codegen_add (out, "/**\n * ${type}_return_${name}:%s\n", method->is_scriptable ? "" : " (skip)");
  codegen_doc_parameter (out, "invocation", "", "a call that was deferred");
  codegen_parameters_add (parameters, "RmiInvocation *", "invocation");
  for (guint i = 0; i < method->out->len; i++)
    {
      const CodegenValue *value = method->out->pdata[i];
      g_autofree char *annotation = codegen_doc_get_annotation (value->type, FALSE, FALSE);

      codegen_parameters_add (parameters, value->type->borrowed, value->local);
      codegen_doc_parameter (out, value->local, annotation,
                             value->info->doc != NULL ? value->info->doc : value->info->name);
    }
  codegen_add (out,
    " *\n"
    " * Answers a call of ${Member} that succeeded.\n");
  codegen_doc_end (out, method->info->since, FALSE);
  codegen_add_definition (out, "void", "${type}_return_${name}", parameters);
  codegen_add (out,
    "{\n"
    "  RmiWriter *writer;\n"
    "\n"
    "  g_return_if_fail (RMI_IS_INVOCATION (invocation));\n"
    "\n"
    "  writer = rmi_invocation_begin_result (invocation);\n");
  if (method->out->len == 0)
    codegen_add (out, "  rmi_writer_add_null (writer);\n");
  else if (only != NULL)
    codegen_add_write (out, "  ", only->type, only->local, only->info->name);
  else
    codegen_add (out, "  rmi_writer_begin_object (writer);\n");
  for (guint i = 0; i < method->out->len && only == NULL; i++)
    {
      const CodegenValue *value = method->out->pdata[i];

      codegen_add (out, "  rmi_writer_add_member (writer, \"%s\");\n", value->info->name);
      codegen_add_write (out, "  ", value->type, value->local, value->info->name);
    }
  if (method->out->len > 1)
    codegen_add (out, "  rmi_writer_end_object (writer);\n");
  codegen_add (out,
    "  rmi_invocation_end_result (invocation, writer);\n"
    "}\n"
    "\n");
}

void
codegen_add_dispatch_body (CodegenOutput          *out,
                           const CodegenInterface *interface,
                           const CodegenMethod    *method)
{
  codegen_set_type (out, interface->name);
  codegen_set_method (out, method);
  add_return (out, method);
  if (!method->info->is_oneway)
    add_done_cb (out, interface, method);
  add_dispatch (out, interface, method);
}
