/* tools/codegen/codegen-symbols.c: every C symbol of the output has one owner
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "config.h"
#include "tools/codegen/codegen-symbols.h"

#include "rmi/rmi-error.h"

static gboolean
take (CodegenModel  *model,
      RmiLocation    location,
      GError       **error,
      const char    *format,
      ...) G_GNUC_PRINTF (4, 5);

static gboolean
take (CodegenModel  *model,
      RmiLocation    location,
      GError       **error,
      const char    *format,
      ...)
{
  g_autofree char *symbol = NULL;
  const char *owner;
  va_list arguments;

  va_start (arguments, format);
  symbol = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  owner = g_hash_table_lookup (model->symbols, symbol);
  if (owner != NULL)
    {
      g_set_error (error, RMI_ERROR, RMI_ERROR_INVALID_ARGUMENTS,
                   "%s:%d:%d: the C name %s is taken by %s; give one of them another with an annotation "
                   "org.gtk.GDBus.C.Name",
                   model->description->filename, location.line, location.column, symbol, owner);
      return FALSE;
    }
  g_hash_table_insert (model->symbols, g_steal_pointer (&symbol),
                       g_strdup_printf ("line %d", location.line));
  return TRUE;
}

/* Functions of each kind of type: public ones, and static ones that GObject's macros and we make. */
static const char *const choice_suffixes[] = { "get_type", "rmi_values", "values", NULL };
static const char *const struct_suffixes[] = {
  "get_type", "new", "copy", "free", "read_field", "rmi_entry", NULL,
};
static const char *const class_suffixes[] = {
  "get_type", "new", "init", "class_init", "class_intern_init", "parent_class", "finalize", "get_property",
  "set_property", "properties", "get_instance_private", "rmi_names", "rmi_entry", NULL,
};
static const char *const interface_suffixes[] = { "get_type", "default_init", NULL };

static gboolean
take_type (CodegenModel       *model,
           const CodegenName  *name,
           RmiLocation         location,
           const char *const  *suffixes,
           GError            **error)
{
  if (!take (model, location, error, "%s", name->camel) ||
      !take (model, location, error, "%s", name->type_macro) ||
      !take (model, location, error, "%s", name->upper))
    return FALSE;
  for (guint i = 0; suffixes[i] != NULL; i++)
    if (!take (model, location, error, "%s_%s", name->lower, suffixes[i]))
      return FALSE;
  return TRUE;
}

static gboolean
take_choice (CodegenModel    *model,
             RmiDeclaration  *declaration,
             GError         **error)
{
  const CodegenName *name = codegen_model_get_name (model, declaration);

  if (!take_type (model, name, declaration->location, choice_suffixes, error))
    return FALSE;
  for (guint i = 0; i < declaration->values->len; i++)
    {
      const RmiEnumValueInfo *value = declaration->values->pdata[i];
      g_autofree char *upper = codegen_to_upper (value->name);

      if (!take (model, declaration->location, error, "%s_%s", name->upper, upper))
        return FALSE;
    }
  return TRUE;
}

static gboolean
take_error_domain (CodegenModel  *model,
                   GError       **error)
{
  const GPtrArray *errors = model->description->errors;

  if (errors->len == 0)
    return TRUE;
  for (guint i = 0; i < errors->len; i++)
    {
      const RmiErrorInfo *info = errors->pdata[i];
      g_autofree char *upper = codegen_to_upper (info->name);

      if (i == 0 && (!take (model, info->location, error, "%s", model->error->camel) ||
                     !take (model, info->location, error, "%s", model->error->upper) ||
                     !take (model, info->location, error, "%s_quark", model->error->lower)))
        return FALSE;
      if (!take (model, info->location, error, "%s_%s", model->error->upper, upper))
        return FALSE;
    }
  return TRUE;
}

/* Two members of one record that are the same in C. */
static gboolean
take_members (CodegenModel         *model,
              const CodegenRecord  *record,
              GError              **error)
{
  for (guint i = 0; i < record->values->len; i++)
    {
      const CodegenValue *value = record->values->pdata[i];

      if (!take (model, value->info->location, error, "%s.%s", record->name->camel, value->name))
        return FALSE;
      for (guint j = 0; j < record->base_values->len; j++)
        {
          const CodegenValue *inherited = record->base_values->pdata[j];

          if (g_str_equal (inherited->property_name, value->property_name))
            return take (model, value->info->location, error, "%s.%s", record->name->camel, value->name);
        }
    }
  return TRUE;
}

static gboolean
take_method (CodegenModel            *model,
             const CodegenInterface  *interface,
             const CodegenMethod     *method,
             GError                 **error)
{
  const char *lower = interface->name->lower;
  RmiLocation location = method->info->location;

  if (!take (model, location, error, "%s_%s", lower, method->name) ||
      !take (model, location, error, "%s_return_%s", lower, method->name))
    return FALSE;
  if (method->needs_twin && !take (model, location, error, "%s_%s_introspected", lower, method->name))
    return FALSE;
  if (method->info->is_oneway)
    return TRUE;
  if (method->needs_twin && !take (model, location, error, "%s_%s_finish_introspected", lower, method->name))
    return FALSE;
  return take (model, location, error, "%s_%s_async", lower, method->name) &&
         take (model, location, error, "%s_%s_finish", lower, method->name);
}

static gboolean
take_interface (CodegenModel      *model,
                CodegenInterface  *interface,
                GError           **error)
{
  RmiLocation location = interface->info->location;
  g_autofree char *stub_lower = g_strconcat (interface->name->lower, "_stub", NULL);

  if (!take_type (model, interface->name, location, interface_suffixes, error) ||
      !take (model, location, error, "%sInterface", interface->name->camel) ||
      !take (model, location, error, "%sStub", interface->name->camel) ||
      !take (model, location, error, "%s_get_type", stub_lower) ||
      !take (model, location, error, "%s_init", stub_lower) ||
      !take (model, location, error, "%s_class_init", stub_lower) ||
      !take (model, location, error, "%s_interface_init", stub_lower))
    return FALSE;
  for (guint i = 0; i < interface->methods->len; i++)
    if (!take_method (model, interface, interface->methods->pdata[i], error))
      return FALSE;
  for (guint i = 0; i < interface->signals->len; i++)
    {
      const CodegenSignal *signal = interface->signals->pdata[i];

      if (!take (model, signal->info->location, error, "%s::%s", interface->name->camel, signal->signal_name))
        return FALSE;
    }
  for (guint i = 0; i < interface->properties->len; i++)
    {
      const CodegenProperty *property = interface->properties->pdata[i];

      if (!take (model, property->info->location, error, "%s:%s", interface->name->camel,
                 property->property_name))
        return FALSE;
    }
  return TRUE;
}

/* Whether a property or a signal may have this function. */
static gboolean
take_accessor (CodegenModel *model,
               RmiLocation   location,
               const char   *lower,
               const char   *verb,
               const char   *name)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *symbol = g_strdup_printf ("%s_%s_%s", lower, verb, name);

  if (take (model, location, &error, "%s", symbol))
    return TRUE;
  g_ptr_array_add (model->warnings,
                   g_strdup_printf ("%s:%d:%d: warning: %s() is left out, %s has that name; "
                                    "use GObject's functions",
                                    model->description->filename, location.line, location.column, symbol,
                                    (const char *) g_hash_table_lookup (model->symbols, symbol)));
  return FALSE;
}

static void
give_accessors (CodegenModel *model)
{
  for (guint i = 0; i < model->records->len; i++)
    {
      CodegenRecord *record = model->records->pdata[i];

      for (guint j = 0; j < record->values->len && record->declaration->kind == RMI_DECLARATION_CLASS; j++)
        {
          CodegenValue *value = record->values->pdata[j];
          g_autofree char *name = codegen_to_lower (value->info->name);
          RmiLocation location = value->info->location;

          value->has_getter = take_accessor (model, location, record->name->lower, "get", name);
          value->has_setter = take_accessor (model, location, record->name->lower, "set", name);
        }
    }
  for (guint i = 0; i < model->interfaces->len; i++)
    {
      CodegenInterface *interface = model->interfaces->pdata[i];
      const char *lower = interface->name->lower;

      for (guint j = 0; j < interface->properties->len; j++)
        {
          CodegenProperty *property = interface->properties->pdata[j];
          const char *verb = codegen_type_is_pointer (property->type) ? "dup" : "get";
          RmiLocation location = property->info->location;

          property->has_getter = property->info->is_readable &&
                                 take_accessor (model, location, lower, verb, property->name);
          property->has_setter = property->info->is_writable &&
                                 take_accessor (model, location, lower, "set", property->name);
        }
      for (guint j = 0; j < interface->signals->len; j++)
        {
          CodegenSignal *signal = interface->signals->pdata[j];

          signal->has_emitter = take_accessor (model, signal->info->location, lower, "emit", signal->name);
        }
    }
}

gboolean
codegen_symbols_take (CodegenModel  *model,
                      GError       **error)
{
  for (guint i = 0; i < model->choices->len; i++)
    if (!take_choice (model, model->choices->pdata[i], error))
      return FALSE;
  if (!take_error_domain (model, error))
    return FALSE;
  for (guint i = 0; i < model->records->len; i++)
    {
      const CodegenRecord *record = model->records->pdata[i];
      gboolean is_struct = record->declaration->kind == RMI_DECLARATION_STRUCT;

      if (!take_type (model, record->name, record->declaration->location,
                      is_struct ? struct_suffixes : class_suffixes, error) ||
          !take_members (model, record, error))
        return FALSE;
    }
  for (guint i = 0; i < model->interfaces->len; i++)
    if (!take_interface (model, model->interfaces->pdata[i], error))
      return FALSE;
  give_accessors (model);
  return TRUE;
}
