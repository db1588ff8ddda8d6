/* tools/codegen/codegen-wrappers.c: the public functions of methods, and what they do where a class implements nothing
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "config.h"
#include "tools/codegen/codegen-parts.h"

/* The C arguments of a call: (self, in…, out…, cancellable, error). */
static GPtrArray *
new_arguments (const CodegenMethod *method,
               CodegenForm          form,
               const char          *self)
{
  GPtrArray *arguments = g_ptr_array_new_with_free_func (g_free);

  g_ptr_array_add (arguments, g_strdup (self));
  for (guint i = 0; i < method->in->len && form != CODEGEN_FINISH; i++)
    {
      const CodegenValue *value = method->in->pdata[i];
      gboolean is_variant = value->type->shape == CODEGEN_SHAPE_VARIANT;

      g_ptr_array_add (arguments, g_strconcat (is_variant ? "sunk_" : "", value->name, NULL));
    }
  if (form == CODEGEN_FINISH)
    g_ptr_array_add (arguments, g_strdup ("result"));
  for (guint i = 0; i < method->out->len && form != CODEGEN_ASYNC && !method->returns_pointer; i++)
    g_ptr_array_add (arguments, g_strdup (((CodegenValue *) method->out->pdata[i])->name));
  if (form != CODEGEN_FINISH)
    g_ptr_array_add (arguments, g_strdup ("cancellable"));
  if (form == CODEGEN_ASYNC)
    {
      g_ptr_array_add (arguments, g_strdup ("callback"));
      g_ptr_array_add (arguments, g_strdup ("user_data"));
    }
  else
    g_ptr_array_add (arguments, g_strdup ("error"));
  return arguments;
}

static void
add_parameter_docs (CodegenOutput       *out,
                    const CodegenMethod *method,
                    CodegenForm          form)
{
  codegen_doc_parameter (out, "self", "", "the object, here or elsewhere");
  for (guint i = 0; i < method->in->len && form != CODEGEN_FINISH; i++)
    {
      const CodegenValue *value = method->in->pdata[i];
      g_autofree char *annotation = codegen_doc_get_annotation (value->type, FALSE, FALSE);

      codegen_doc_parameter (out, value->name, annotation,
                             value->info->doc != NULL ? value->info->doc : value->info->name);
    }
  if (form == CODEGEN_FINISH)
    codegen_doc_parameter (out, "result", "", "what the callback was given");
  for (guint i = 0; i < method->out->len && form != CODEGEN_ASYNC && !method->returns_pointer; i++)
    {
      const CodegenValue *value = method->out->pdata[i];
      g_autofree char *annotation = codegen_doc_get_annotation (value->type, TRUE, TRUE);

      codegen_doc_parameter (out, value->name, annotation,
                             value->info->doc != NULL ? value->info->doc : value->info->name);
    }
  if (form != CODEGEN_FINISH)
    codegen_doc_parameter (out, "cancellable", "(nullable)", "cancels the call");
  if (form == CODEGEN_ASYNC)
    {
      codegen_doc_parameter (out, "callback", "(nullable) (scope async)", "called when it is answered");
      codegen_doc_parameter (out, "user_data", "", "for @callback");
    }
  else
    codegen_doc_parameter (out, "error", "", "where to put why it failed");
}

static void
add_docs (CodegenOutput          *out,
          const CodegenInterface *interface,
          const CodegenMethod    *method,
          CodegenForm             form,
          const char             *suffix,
          const char             *annotation)
{
  g_autofree char *symbol = g_strdup_printf ("%s_%s%s", interface->name->lower, method->name, suffix);

  codegen_doc_begin (out, symbol, annotation);
  add_parameter_docs (out, method, form);
  if (form == CODEGEN_SYNC)
    codegen_doc_text (out, method->info->doc);
  if (form == CODEGEN_ASYNC)
    {
      g_autofree char *text = g_strdup_printf ("Starts %s_%s(); %s_%s_finish() has its end.",
                                               interface->name->lower, method->name,
                                               interface->name->lower, method->name);

      codegen_doc_text (out, text);
    }
  if (form != CODEGEN_ASYNC && method->returns_pointer)
    {
      const CodegenValue *value = method->out->pdata[0];
      g_autofree char *value_annotation = codegen_doc_get_annotation (value->type, FALSE, TRUE);

      codegen_doc_returns (out, value_annotation, value->info->doc != NULL ? value->info->doc : "the result");
    }
  else if (form != CODEGEN_ASYNC)
    codegen_doc_returns (out, "", "whether it succeeded");
  codegen_doc_end (out, method->info->since, method->info->is_deprecated);
}

/* Floating variants are the callee's: taken here, so that every implementation sees the same. */
static void
add_sunk_variants (CodegenOutput       *out,
                   const CodegenMethod *method)
{
  for (guint i = 0; i < method->in->len; i++)
    {
      const CodegenValue *value = method->in->pdata[i];

      if (value->type->shape == CODEGEN_SHAPE_VARIANT)
        codegen_add (out,
          "  g_autoptr(GVariant) sunk_%s = %s != NULL ? g_variant_ref_sink (%s) : NULL;\n",
          value->name, value->name, value->name);
    }
  codegen_add (out, "\n");
}

/* Whether add_sunk_variants() has any. */
static gboolean
has_variants (const CodegenMethod *method)
{
  for (guint i = 0; i < method->in->len; i++)
    if (((CodegenValue *) method->in->pdata[i])->type->shape == CODEGEN_SHAPE_VARIANT)
      return TRUE;
  return FALSE;
}

static void
add_wrapper (CodegenOutput          *out,
             const CodegenInterface *interface,
             const CodegenMethod    *method,
             CodegenForm             form,
             const char             *suffix)
{
  g_autoptr(CodegenParameters) parameters = codegen_method_get_parameters (interface, method, form, FALSE);
  g_autoptr(GPtrArray) arguments = new_arguments (method, form, "self");
  g_autofree char *name = g_strdup_printf ("${type}_${name}%s", suffix);
  g_autofree char *virtual = g_strdup_printf ("(virtual %s%s)", form == CODEGEN_SYNC ? method->slot : method->name,
                                              suffix);
  g_autofree char *call = g_strdup_printf ("  %s${TYPE}_GET_IFACE (self)->%s%s",
                                           form == CODEGEN_ASYNC ? "" : "return ",
                                           form == CODEGEN_SYNC ? method->slot : method->name, suffix);

  add_docs (out, interface, method, form, suffix, method->is_scriptable ? virtual : "(skip)");
  codegen_add_definition (out, codegen_method_get_result (method, form), name, parameters);
  codegen_add (out, "{\n");
  if (form != CODEGEN_FINISH && has_variants (method))
    add_sunk_variants (out, method);
  if (form == CODEGEN_ASYNC)
    codegen_add (out, "  g_return_if_fail (${SPACE}_IS_${REST} (self));\n\n");
  else
    codegen_add (out, "  g_return_val_if_fail (${SPACE}_IS_${REST} (self), ${failure});\n\n");
  codegen_add_call (out, call, arguments, ";\n}\n\n");
}

/* Bindings free the elements of an array themselves, and crash if its free function does, too. */
static void
add_twin (CodegenOutput          *out,
          const CodegenInterface *interface,
          const CodegenMethod    *method,
          CodegenForm             form,
          const char             *suffix)
{
  g_autoptr(CodegenParameters) parameters = codegen_method_get_parameters (interface, method, form, FALSE);
  g_autoptr(GPtrArray) arguments = new_arguments (method, form, "self");
  g_autofree char *name = g_strdup_printf ("${type}_${name}%s_introspected", suffix);
  g_autofree char *call = g_strdup_printf ("${TYPE}_GET_IFACE (self)->%s%s",
                                           form == CODEGEN_SYNC ? method->slot : method->name, suffix);
  g_autofree char *annotation = g_strdup_printf ("(rename-to %s_%s%s)", interface->name->lower, method->name,
                                                 suffix);
  g_autofree char *twin_suffix = g_strconcat (suffix, "_introspected", NULL);
  g_autofree char *head = NULL;

  add_docs (out, interface, method, form, twin_suffix, annotation);
  codegen_add_definition (out, codegen_method_get_result (method, form), name, parameters);
  codegen_add (out, "{\n");
  if (form != CODEGEN_FINISH && has_variants (method))
    add_sunk_variants (out, method);
  head = g_strdup_printf ("  %s = %s", method->returns_pointer ? "GPtrArray *twin_result" : "gboolean twin_result",
                          call);
  codegen_add_call (out, head, arguments, ";\n\n");
  if (method->returns_pointer)
    {
      codegen_add (out,
        "  if (twin_result != NULL)\n"
        "    g_ptr_array_set_free_func (twin_result, NULL);\n"
        "  return twin_result;\n"
        "}\n\n");
      return;
    }
  codegen_add (out, "  if (twin_result)\n    {\n");
  for (guint i = 0; i < method->out->len; i++)
    {
      const CodegenValue *value = method->out->pdata[i];

      if (codegen_type_needs_twin (value->type))
        codegen_add (out,
          "      if (*%s != NULL)\n"
          "        g_ptr_array_set_free_func (*%s, NULL);\n", value->name, value->name);
    }
  codegen_add (out,
    "    }\n"
    "  return twin_result;\n"
    "}\n\n");
}

void
codegen_add_wrapper_body (CodegenOutput          *out,
                          const CodegenInterface *interface,
                          const CodegenMethod    *method)
{
  codegen_set_method (out, method);
  add_wrapper (out, interface, method, CODEGEN_SYNC, "");
  if (!method->info->is_oneway)
    {
      add_wrapper (out, interface, method, CODEGEN_ASYNC, "_async");
      add_wrapper (out, interface, method, CODEGEN_FINISH, "_finish");
    }
  if (method->needs_twin)
    {
      add_twin (out, interface, method, CODEGEN_SYNC, "");
      add_twin (out, interface, method, CODEGEN_FINISH, "_finish");
    }
}
