/* tools/codegen/codegen-class.c: GObject classes that travel by value
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * May grow: unknown members are skipped, missing ones stay at their default. A class that extends another reads and writes
 * the inherited members through functions of its base, which may be in another file.
 */
#include "config.h"
#include "tools/codegen/codegen-parts.h"

/* What an object costs a decoder: the instance, its private part, GObject's data. */
#define OBJECT_BYTES 200

/* Whether it, or a class that it extends, may contain itself. */
static gboolean
allows_cycles (const RmiDeclaration *declaration)
{
  for (; declaration != NULL; declaration = declaration->base)
    if (declaration->allows_cycles)
      return TRUE;
  return FALSE;
}

static void
add_entry (CodegenOutput       *out,
           const CodegenRecord *record)
{
  codegen_add_names (out, "static const char *const ${type}_rmi_names[] = ", record->base_values, record->values);
  codegen_add (out,
    "\n"
    "static const RmiClassEntry ${type}_rmi_entry = {\n"
    "  \"%s\",\n"
    "  ${type}_rmi_names,\n"
    "  %u,\n"
    "  %s,\n"
    "  ${type}_rmi_write_members,\n"
    "  ${type}_rmi_read_member,\n"
    "  ${type}_rmi_complete,\n"
    "  NULL,\n"
    "  NULL,\n"
    "  NULL,\n"
    "  { NULL, NULL, NULL },\n"
    "};\n"
    "\n",
    record->declaration->name,
    (guint) (OBJECT_BYTES + 8 * (record->values->len + record->base_values->len)),
    allows_cycles (record->declaration) ? "RMI_CLASS_ALLOWS_CYCLES" : "RMI_CLASS_FLAGS_NONE");
}

static void
add_definition (CodegenOutput       *out,
                const CodegenRecord *record)
{
  codegen_add (out, "typedef struct\n{\n");
  for (guint i = 0; i < record->values->len; i++)
    {
      const CodegenValue *value = record->values->pdata[i];

      codegen_add (out, "  %s%s;\n", value->type->owned, value->name);
    }
  if (record->values->len == 0)
    codegen_add (out, "  gpointer reserved;\n");
  codegen_add (out,
    "} ${Type}Private;\n"
    "\n");
  add_entry (out, record);
  codegen_add (out,
    "G_DEFINE_TYPE_WITH_CODE (${Type}, ${type}, %s,\n"
    "                         G_ADD_PRIVATE (${Type})\n"
    "                         rmi_class_register_entry (g_define_type_id, &${type}_rmi_entry, NULL);)\n"
    "\n",
    record->base != NULL ? record->base->type_macro : "G_TYPE_OBJECT");
  if (record->values->len == 0)
    return;
  codegen_add (out, "enum\n{\n");
  for (guint i = 0; i < record->values->len; i++)
    {
      const CodegenValue *value = record->values->pdata[i];
      g_autofree char *upper = codegen_to_upper (value->info->name);

      codegen_add (out, "  ${TYPE}_PROP_%s%s,\n", upper, i == 0 ? " = 1" : "");
    }
  codegen_add (out,
    "  ${TYPE}_N_PROPS,\n"
    "};\n"
    "\n"
    "static GParamSpec *${type}_properties[${TYPE}_N_PROPS];\n"
    "\n");
}

static gboolean
has_pointers (const CodegenRecord *record)
{
  for (guint i = 0; i < record->values->len; i++)
    if (codegen_type_is_pointer (((CodegenValue *) record->values->pdata[i])->type))
      return TRUE;
  return FALSE;
}

static void
add_finalize (CodegenOutput       *out,
              const CodegenRecord *record)
{
  if (!has_pointers (record))
    return;
  codegen_add (out,
    "static void\n"
    "${type}_finalize (GObject *object)\n"
    "{\n"
    "  ${Type}Private *priv = (${Type}Private *) ${type}_get_instance_private (${TYPE} (object));\n"
    "\n");
  for (guint i = 0; i < record->values->len; i++)
    {
      const CodegenValue *value = record->values->pdata[i];

      if (codegen_type_is_pointer (value->type))
        codegen_add (out, "  g_clear_pointer (&priv->%s, %s);\n", value->name, value->type->free);
    }
  codegen_add (out,
    "\n"
    "  G_OBJECT_CLASS (${type}_parent_class)->finalize (object);\n"
    "}\n"
    "\n");
}

/* "get" or "set": the switch over properties. */
static void
add_property_switch (CodegenOutput       *out,
                     const CodegenRecord *record,
                     gboolean             is_set)
{
  codegen_add (out,
    "static void\n"
    "${type}_%s_property (GObject *object, guint property_id, %sGValue *value, GParamSpec *pspec)\n"
    "{\n"
    "  ${Type}Private *priv = (${Type}Private *) ${type}_get_instance_private (${TYPE} (object));\n"
    "\n"
    "  switch (property_id)\n"
    "    {\n",
    is_set ? "set" : "get", is_set ? "const " : "");
  for (guint i = 0; i < record->values->len; i++)
    {
      const CodegenValue *value = record->values->pdata[i];
      g_autofree char *upper = codegen_to_upper (value->info->name);
      g_autofree char *get = codegen_substitute (value->type->getter, "value");

      codegen_add (out, "    case ${TYPE}_PROP_%s:\n", upper);
      if (!is_set)
        codegen_add (out, "      %s (value, priv->%s);\n", value->type->setter, value->name);
      else if (!codegen_type_is_pointer (value->type))
        codegen_add (out, "      priv->%s = %s;\n", value->name, get);
      else
        {
          g_autofree char *copy = codegen_get_copy (value->type, get);

          codegen_add (out,
            "      g_clear_pointer (&priv->%s, %s);\n"
            "      priv->%s = %s;\n",
            value->name, value->type->free, value->name, copy);
        }
      codegen_add (out, "      break;\n");
    }
  codegen_add (out,
    "    default:\n"
    "      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);\n"
    "    }\n"
    "}\n"
    "\n");
}

static void
add_class_init (CodegenOutput       *out,
                const CodegenRecord *record)
{
  codegen_add (out,
    "static void\n"
    "${type}_class_init (${Type}Class *klass)\n"
    "{\n");
  if (record->values->len > 0)
    codegen_add (out, "  GObjectClass *object_class = G_OBJECT_CLASS (klass);\n\n");
  else
    codegen_add (out, "  (void) klass;\n");
  if (has_pointers (record))
    codegen_add (out, "  object_class->finalize = ${type}_finalize;\n");
  if (record->values->len > 0)
    codegen_add (out,
      "  object_class->get_property = ${type}_get_property;\n"
      "  object_class->set_property = ${type}_set_property;\n"
      "\n");
  for (guint i = 0; i < record->values->len; i++)
    {
      const CodegenValue *value = record->values->pdata[i];
      g_autofree char *upper = codegen_to_upper (value->info->name);
      g_autofree char *spec = codegen_type_get_param_spec (value->type, value->property_name,
                                                           "G_PARAM_READWRITE");

      codegen_add (out, "  ${type}_properties[${TYPE}_PROP_%s] =\n    %s;\n", upper, spec);
    }
  if (record->values->len > 0)
    codegen_add (out,
      "  g_object_class_install_properties (object_class, ${TYPE}_N_PROPS, ${type}_properties);\n");
  codegen_add (out,
    "}\n"
    "\n"
    "static void\n"
    "${type}_init (${Type} *self)\n"
    "{\n"
    "  (void) self;\n"
    "}\n"
    "\n");
}

/* Own values are put in place, inherited ones go through their properties. */
static void
add_new (CodegenOutput       *out,
         const CodegenRecord *record)
{
  g_autoptr(CodegenParameters) parameters = codegen_parameters_new ();
  g_autoptr(GPtrArray) arguments = g_ptr_array_new_with_free_func (g_free);

  codegen_add (out, "/**\n * ${type}_new:\n");
  g_ptr_array_add (arguments, g_strdup (record->name->type_macro));
  for (guint i = 0; i < record->base_values->len + record->values->len; i++)
    {
      gboolean is_own = i >= record->base_values->len;
      const CodegenValue *value = is_own ? record->values->pdata[i - record->base_values->len]
                                         : record->base_values->pdata[i];
      g_autofree char *annotation = codegen_doc_get_annotation (value->type, FALSE, FALSE);

      codegen_parameters_add (parameters, value->type->borrowed, value->local);
      codegen_doc_parameter (out, value->local, annotation,
                             value->info->doc != NULL ? value->info->doc : value->info->name);
      if (!is_own)
        g_ptr_array_add (arguments, g_strdup_printf ("\"%s\", %s", value->property_name, value->local));
    }
  g_ptr_array_add (arguments, g_strdup ("NULL"));
  codegen_doc_returns (out, "(transfer full)", "a new object");
  codegen_doc_end (out, record->declaration->since, record->declaration->is_deprecated);
  codegen_add_definition (out, "${Type} *", "${type}_new", parameters);
  codegen_add (out, "{\n");
  codegen_add_call (out, "  ${Type} *self = (${Type} *) g_object_new", arguments, ";\n");
  if (record->values->len > 0)
    codegen_add (out,
      "  ${Type}Private *priv = (${Type}Private *) ${type}_get_instance_private (self);\n"
      "\n");
  for (guint i = 0; i < record->values->len; i++)
    {
      const CodegenValue *value = record->values->pdata[i];
      g_autofree char *copy = codegen_get_copy (value->type, value->local);

      codegen_add (out, "  priv->%s = %s;\n", value->name, copy);
    }
  codegen_add (out,
    "  return self;\n"
    "}\n"
    "\n");
}

static void
add_getter (CodegenOutput      *out,
            const CodegenValue *value)
{
  g_autofree char *annotation = codegen_doc_get_annotation (value->type, FALSE, FALSE);
  g_autofree char *transfer = g_strconcat (codegen_type_is_pointer (value->type) ? "(transfer none)" : "",
                                           *annotation != '\0' ? " " : "", annotation, NULL);

  codegen_add (out,
    "/**\n"
    " * ${type}_get_${name}:\n"
    " * @self: a #${Type}\n");
  codegen_doc_returns (out, transfer, value->info->doc != NULL ? value->info->doc : "its value");
  codegen_doc_end (out, NULL, FALSE);
  codegen_add (out,
    "${borrowed}\n"
    "${type}_get_${name} (${Type} *self)\n"
    "{\n"
    "  ${Type}Private *priv = (${Type}Private *) ${type}_get_instance_private (self);\n"
    "\n"
    "  g_return_val_if_fail (${SPACE}_IS_${REST} (self), %s);\n"
    "\n",
    value->type->zero);
  if (value->type->shape == CODEGEN_SHAPE_STRV)
    codegen_add (out, "  return (const char *const *) priv->%s;\n", value->name);
  else
    codegen_add (out, "  return priv->%s;\n", value->name);
  codegen_add (out,
    "}\n"
    "\n");
}

static void
add_setter (CodegenOutput      *out,
            const CodegenValue *value)
{
  g_autofree char *annotation = codegen_doc_get_annotation (value->type, FALSE, FALSE);
  g_autofree char *copy = codegen_get_copy (value->type, "value");
  g_autofree char *upper = codegen_to_upper (value->info->name);

  codegen_add (out,
    "/**\n"
    " * ${type}_set_${name}:\n"
    " * @self: a #${Type}\n");
  codegen_doc_parameter (out, "value", annotation,
                             value->info->doc != NULL ? value->info->doc : value->info->name);
  codegen_doc_end (out, NULL, FALSE);
  codegen_add (out,
    "void\n"
    "${type}_set_${name} (${Type} *self, ${parameter}value)\n"
    "{\n"
    "  ${Type}Private *priv = (${Type}Private *) ${type}_get_instance_private (self);\n");
  if (codegen_type_is_pointer (value->type))
    codegen_add (out,
      "  %sold = priv->%s;\n"
      "\n"
      "  g_return_if_fail (${SPACE}_IS_${REST} (self));\n"
      "\n"
      "  priv->%s = %s;\n"
      "  g_clear_pointer (&old, %s);\n",
      value->type->owned, value->name, value->name, copy, value->type->free);
  else
    codegen_add (out,
      "\n"
      "  g_return_if_fail (${SPACE}_IS_${REST} (self));\n"
      "\n"
      "  if (priv->%s == value)\n"
      "    return;\n"
      "  priv->%s = value;\n",
      value->name, value->name);
  codegen_add (out,
    "  g_object_notify_by_pspec (G_OBJECT (self), ${type}_properties[${TYPE}_PROP_%s]);\n"
    "}\n"
    "\n", upper);
}

static void
add_accessors (CodegenOutput       *out,
               const CodegenRecord *record)
{
  for (guint i = 0; i < record->values->len; i++)
    {
      const CodegenValue *value = record->values->pdata[i];
      g_autofree char *name = codegen_to_lower (value->info->name);
      g_autofree char *result = g_strchomp (g_strdup (value->type->borrowed));

      codegen_set (out, "name", name);
      codegen_set (out, "borrowed", result);
      codegen_set (out, "parameter", value->type->borrowed);
      if (value->has_getter)
        add_getter (out, value);
      if (value->has_setter)
        add_setter (out, value);
    }
}

/* The private part of the object that a function was given, if it needs it. */
static void
add_private (CodegenOutput       *out,
             const CodegenRecord *record)
{
  if (record->values->len > 0)
    codegen_add (out,
      "  ${Type}Private *priv = (${Type}Private *) ${type}_get_instance_private ((${Type} *) object);\n"
      "\n");
  else
    codegen_add (out, "  (void) object;\n");
  codegen_add (out, "  (void) user_data;\n");
}

static void
add_write_members (CodegenOutput       *out,
                   const CodegenRecord *record)
{
  codegen_add (out,
    "/**\n"
    " * ${type}_rmi_write_members: (skip)\n"
    " */\n"
    "void\n"
    "${type}_rmi_write_members (RmiWriter *writer, gpointer object, gpointer user_data)\n"
    "{\n");
  add_private (out, record);
  if (record->base != NULL)
    codegen_add (out, "  %s_rmi_write_members (writer, object, user_data);\n", record->base->lower);
  else if (record->values->len == 0)
    codegen_add (out, "  (void) writer;\n");
  for (guint i = 0; i < record->values->len; i++)
    {
      const CodegenValue *value = record->values->pdata[i];
      g_autofree char *member = g_strdup_printf ("priv->%s", value->name);

      codegen_add (out, "  rmi_writer_add_member (writer, \"%s\");\n", value->info->name);
      codegen_add_write_property (out, "  ", value->type, member, value->info->name);
    }
  codegen_add (out,
    "}\n"
    "\n");
}

static void
add_read_member (CodegenOutput       *out,
                 const CodegenRecord *record)
{
  guint n_base = record->base_values->len;

  codegen_add (out,
    "/**\n"
    " * ${type}_rmi_read_member: (skip)\n"
    " */\n"
    "void\n"
    "${type}_rmi_read_member (RmiReader *reader, gpointer object, int index, gpointer user_data)\n"
    "{\n");
  add_private (out, record);
  codegen_add (out,
    "  switch (index)\n"
    "    {\n");
  for (guint i = 0; i < record->values->len; i++)
    {
      const CodegenValue *value = record->values->pdata[i];
      g_autofree char *member = g_strdup_printf ("priv->%s", value->name);

      codegen_add (out, "    case %u:\n", n_base + i);
      codegen_add_read (out, "      ", value->type, member);
      codegen_add (out, "      break;\n");
    }
  codegen_add (out, "    default:\n");
  if (record->base != NULL)
    codegen_add (out, "      %s_rmi_read_member (reader, object, index, user_data);\n", record->base->lower);
  else
    codegen_add (out, "      rmi_reader_skip (reader);\n");
  codegen_add (out,
    "      break;\n"
    "    }\n"
    "}\n"
    "\n");
}

/* Texts and containers are never NULL after reading, unless they may be. */
static void
add_complete (CodegenOutput       *out,
              const CodegenRecord *record)
{
  codegen_add (out,
    "/**\n"
    " * ${type}_rmi_complete: (skip)\n"
    " */\n"
    "void\n"
    "${type}_rmi_complete (gpointer object, gpointer user_data)\n"
    "{\n");
  add_private (out, record);
  if (record->values->len > 0)
    codegen_add (out, "  (void) priv;\n");
  if (record->base != NULL)
    codegen_add (out, "  %s_rmi_complete (object, user_data);\n", record->base->lower);
  for (guint i = 0; i < record->values->len; i++)
    {
      const CodegenValue *value = record->values->pdata[i];

      if (value->type->empty != NULL && !value->type->is_nullable)
        codegen_add (out,
          "  if (priv->%s == NULL)\n"
          "    priv->%s = %s;\n",
          value->name, value->name, value->type->empty);
    }
  codegen_add (out,
    "}\n"
    "\n");
}

static void
add_write_and_read (CodegenOutput *out)
{
  codegen_add (out,
    "/**\n"
    " * ${type}_rmi_write: (skip)\n"
    " */\n"
    "void\n"
    "${type}_rmi_write (RmiWriter *writer, ${Type} *self)\n"
    "{\n"
    "  rmi_writer_add_instance (writer, self, ${GTYPE}, &${type}_rmi_entry);\n"
    "}\n"
    "\n"
    "/**\n"
    " * ${type}_rmi_read: (skip)\n"
    " */\n"
    "${Type} *\n"
    "${type}_rmi_read (RmiReader *reader)\n"
    "{\n"
    "  return (${Type} *) rmi_reader_get_instance (reader, ${GTYPE}, &${type}_rmi_entry);\n"
    "}\n"
    "\n");
}

/* What it has to travel is known to the library alone. */
static void
add_external (CodegenOutput       *out,
              const CodegenRecord *record)
{
  gboolean has_list = record->values->len > 0;

  if (has_list)
    {
      codegen_add_names (out, "static const char *const ${type}_rmi_names[] = ", NULL, record->values);
      codegen_add (out, "\n");
    }
  codegen_add (out,
    "/**\n"
    " * ${type}_rmi_register: (skip)\n"
    " */\n"
    "void\n"
    "${type}_rmi_register (void)\n"
    "{\n"
    "  g_autoptr(GError) error = NULL;\n"
    "\n"
    "  if (rmi_class_lookup (${GTYPE}) == NULL &&\n"
    "      !rmi_class_register (${GTYPE}, \"%s\", %s, &error))\n"
    "    g_critical (\"%%s\", error->message);\n"
    "}\n"
    "\n"
    "/**\n"
    " * ${type}_rmi_write: (skip)\n"
    " */\n"
    "void\n"
    "${type}_rmi_write (RmiWriter *writer, ${Type} *self)\n"
    "{\n"
    "  ${type}_rmi_register ();\n"
    "  rmi_writer_add_instance (writer, self, ${GTYPE}, NULL);\n"
    "}\n"
    "\n"
    "/**\n"
    " * ${type}_rmi_read: (skip)\n"
    " */\n"
    "${Type} *\n"
    "${type}_rmi_read (RmiReader *reader)\n"
    "{\n"
    "  ${type}_rmi_register ();\n"
    "  return (${Type} *) rmi_reader_get_instance (reader, ${GTYPE}, NULL);\n"
    "}\n"
    "\n",
    record->declaration->name, has_list ? "${type}_rmi_names" : "NULL");
}

void
codegen_add_class_body (CodegenOutput       *out,
                        const CodegenRecord *record)
{
  codegen_set_type (out, record->name);
  if (record->declaration->external != NULL)
    {
      add_external (out, record);
      return;
    }
  add_definition (out, record);
  add_finalize (out, record);
  if (record->values->len > 0)
    {
      add_property_switch (out, record, FALSE);
      add_property_switch (out, record, TRUE);
    }
  add_class_init (out, record);
  add_new (out, record);
  add_accessors (out, record);
  add_write_members (out, record);
  add_read_member (out, record);
  add_complete (out, record);
  add_write_and_read (out);
}
