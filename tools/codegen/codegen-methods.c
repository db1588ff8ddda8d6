/* tools/codegen/codegen-methods.c: the C shape of a method
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Nothing returned: gboolean. One pointer that is never NULL: returned. Else gboolean and out arguments.
 */
#include "config.h"
#include "tools/codegen/codegen-parts.h"

CodegenParameters *
codegen_method_get_parameters (const CodegenInterface *interface,
                               const CodegenMethod    *method,
                               CodegenForm             form,
                               gboolean                is_body)
{
  CodegenParameters *parameters = codegen_parameters_new ();
  g_autofree char *self_type = g_strconcat (interface->name->camel, " *", NULL);

  codegen_parameters_add (parameters, self_type, "self");
  for (guint i = 0; i < method->in->len && form != CODEGEN_FINISH; i++)
    {
      const CodegenValue *value = method->in->pdata[i];

      codegen_parameters_add (parameters, value->type->borrowed, is_body ? value->local : value->name);
    }
  if (form == CODEGEN_FINISH)
    codegen_parameters_add (parameters, "GAsyncResult *", "result");
  for (guint i = 0; i < method->out->len && form != CODEGEN_ASYNC && !method->returns_pointer; i++)
    {
      const CodegenValue *value = method->out->pdata[i];

      codegen_parameters_add_out (parameters, value->type->owned, is_body ? value->local : value->name);
    }
  if (form != CODEGEN_FINISH)
    codegen_parameters_add (parameters, "GCancellable *", "cancellable");
  if (form == CODEGEN_ASYNC)
    {
      codegen_parameters_add (parameters, "GAsyncReadyCallback ", "callback");
      codegen_parameters_add (parameters, "gpointer ", "user_data");
    }
  else
    codegen_parameters_add (parameters, "GError **", "error");
  return parameters;
}

const char *
codegen_method_get_result (const CodegenMethod *method,
                           CodegenForm          form)
{
  if (form == CODEGEN_ASYNC)
    return "void ";
  if (method->returns_pointer)
    return ((CodegenValue *) method->out->pdata[0])->type->owned;
  return "gboolean ";
}

const char *
codegen_method_get_failure (const CodegenMethod *method)
{
  return method->returns_pointer ? "NULL" : "FALSE";
}

void
codegen_set_method (CodegenOutput       *out,
                    const CodegenMethod *method)
{
  codegen_set (out, "name", method->name);
  codegen_set (out, "slot", method->slot);
  codegen_set (out, "UPPER", method->upper);
  codegen_set (out, "Member", method->info->name);
  codegen_set (out, "failure", codegen_method_get_failure (method));
}
