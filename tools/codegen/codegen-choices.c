/* tools/codegen/codegen-choices.c: enums, flags and the error domain
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "config.h"
#include "tools/codegen/codegen-parts.h"

void
codegen_add_choice_body (CodegenOutput        *out,
                         const CodegenName    *name,
                         const RmiDeclaration *declaration)
{
  gboolean is_flags = declaration->kind == RMI_DECLARATION_FLAGS;

  codegen_set_type (out, name);
  codegen_set (out, "Kind", is_flags ? "Flags" : "Enum");
  codegen_set (out, "kind", is_flags ? "flags" : "enum");
  codegen_add (out,
    "static const G${Kind}Value ${type}_values[] = {\n");
  for (guint i = 0; i < declaration->values->len; i++)
    {
      const RmiEnumValueInfo *value = declaration->values->pdata[i];
      g_autofree char *upper = codegen_to_upper (value->name);

      codegen_add (out, "  { ${TYPE}_%s, \"${TYPE}_%s\", \"%s\" },\n", upper, upper, value->name);
    }
  codegen_add (out,
    "  { 0, NULL, NULL },\n"
    "};\n"
    "\n"
    "GType\n"
    "${type}_get_type (void)\n"
    "{\n"
    "  static gsize type = 0;\n"
    "\n"
    "  if (g_once_init_enter (&type))\n"
    "    g_once_init_leave (&type, g_${kind}_register_static (\"${Type}\", ${type}_values));\n"
    "  return (GType) type;\n"
    "}\n"
    "\n"
    "const G${Kind}Value *\n"
    "${type}_rmi_values (void)\n"
    "{\n"
    "  return ${type}_values;\n"
    "}\n"
    "\n");
}

void
codegen_add_error_body (CodegenOutput *out,
                        CodegenModel  *model)
{
  g_autofree char *quark = codegen_to_hyphens (model->options->c_namespace);

  codegen_set_type (out, model->error);
  codegen_add (out,
    "GQuark\n"
    "${type}_quark (void)\n"
    "{\n"
    "  static const RmiErrorName names[] = {\n");
  for (guint i = 0; i < model->description->errors->len; i++)
    {
      const RmiErrorInfo *info = model->description->errors->pdata[i];
      g_autofree char *upper = codegen_to_upper (info->name);

      codegen_add (out, "    { ${TYPE}_%s, \"%s\" },\n", upper, info->name);
    }
  codegen_add (out,
    "  };\n"
    "  static gsize quark = 0;\n"
    "\n"
    "  if (g_once_init_enter (&quark))\n"
    "    {\n"
    "      GQuark domain = g_quark_from_static_string (\"%s-error-quark\");\n"
    "\n"
    "      rmi_error_register_domain (domain, \"%s\", names, G_N_ELEMENTS (names));\n"
    "      g_once_init_leave (&quark, domain);\n"
    "    }\n"
    "  return (GQuark) quark;\n"
    "}\n"
    "\n",
    quark, model->description->namespace);
}
