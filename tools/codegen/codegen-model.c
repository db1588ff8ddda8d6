/* tools/codegen/codegen-model.c: a description as the C that will be written of it
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "config.h"
#include "tools/codegen/codegen-model.h"

#include <string.h>

#include "rmi/rmi-error.h"
#include "tools/codegen/codegen-symbols.h"

/* Parameters that every method has, and variables of the functions we write: an argument may bear the first nowhere,
 * the second in its public prototype only. */
static const char *const parameter_names[] = {
  "self", "cancellable", "error", "callback", "user_data", "result", "invocation", "twin_result",
  NULL,
};
static const char *const local_names[] = {
  "call", "content", "failure", "i", "id", "iface", "is_success", "names", "object", "reader", "seen", "signal",
  "skeleton", "task", "values", "writer", NULL,
};

static void
value_free (CodegenValue *self)
{
  g_clear_pointer (&self->type, codegen_type_free);
  g_free (self->name);
  g_free (self->local);
  g_free (self->property_name);
  g_free (self);
}

static void
record_free (CodegenRecord *self)
{
  g_ptr_array_unref (self->values);
  g_ptr_array_unref (self->base_values);
  g_free (self);
}

static void
method_free (CodegenMethod *self)
{
  g_free (self->name);
  g_free (self->slot);
  g_free (self->upper);
  g_ptr_array_unref (self->in);
  g_ptr_array_unref (self->out);
  g_free (self);
}

static void
signal_free (CodegenSignal *self)
{
  g_free (self->name);
  g_free (self->upper);
  g_free (self->signal_name);
  g_ptr_array_unref (self->arguments);
  g_free (self);
}

static void
property_free (CodegenProperty *self)
{
  g_clear_pointer (&self->type, codegen_type_free);
  g_free (self->name);
  g_free (self->property_name);
  g_free (self);
}

static void
interface_free (CodegenInterface *self)
{
  codegen_name_free (self->name);
  g_ptr_array_unref (self->methods);
  g_ptr_array_unref (self->signals);
  g_ptr_array_unref (self->properties);
  g_free (self);
}

const char *
codegen_model_get_import_namespace (CodegenModel               *self,
                                    const RmiDescriptionImport *import)
{
  const char *c_namespace = g_hash_table_lookup (self->options->import_namespaces, import->alias);

  return c_namespace != NULL ? c_namespace : import->alias;
}

/* The C namespace of the file that something was declared in; imports may be behind imports. */
static const char *
find_c_namespace (CodegenModel         *self,
                  const RmiDescription *description,
                  gconstpointer         file)
{
  for (guint i = 0; i < description->imports->len; i++)
    {
      const RmiDescriptionImport *import = description->imports->pdata[i];
      const char *found;

      if (import->description == file)
        return codegen_model_get_import_namespace (self, import);
      found = find_c_namespace (self, import->description, file);
      if (found != NULL)
        return found;
    }
  return NULL;
}

/* "org.example.shop.Warehouse" without its prefix: "Warehouse". */
static const char *
strip_prefix (const char *name,
              const char *prefix)
{
  gsize length = strlen (prefix);

  if (length == 0 || !g_str_has_prefix (name, prefix))
    return name;
  if (prefix[length - 1] != '.' && name[length] != '.')
    return name;
  return name + length + (name[length] == '.' ? 1 : 0);
}

static CodegenName *
new_interface_name (CodegenModel         *self,
                    const RmiDescription *description,
                    const char           *c_namespace,
                    const char           *name,
                    const char           *c_name)
{
  const char *prefix = self->options->interface_prefix;

  if (c_name != NULL)
    return codegen_name_new (c_namespace, c_name);
  if (prefix != NULL && strip_prefix (name, prefix) != name)
    return codegen_name_new (c_namespace, strip_prefix (name, prefix));
  return codegen_name_new (c_namespace, strip_prefix (name, description->namespace));
}

/* Of "GtkAdjustment", which may be of any namespace: its first word. */
static CodegenName *
new_whole_name (const char *c_name)
{
  g_autofree char *lower = codegen_to_lower (c_name);
  g_autofree char *c_namespace = g_strndup (c_name, strcspn (lower, "_"));

  return codegen_name_new (c_namespace, c_name + strlen (c_namespace));
}

const CodegenName *
codegen_model_get_name (CodegenModel   *self,
                        RmiDeclaration *declaration)
{
  CodegenName *name = g_hash_table_lookup (self->names, declaration);
  const RmiDescription *file = declaration->file != NULL ? declaration->file : self->description;
  const char *c_namespace = self->options->c_namespace;

  if (name != NULL)
    return name;
  if (file != self->description)
    c_namespace = find_c_namespace (self, self->description, file);
  g_assert (c_namespace != NULL);
  if (declaration->kind == RMI_DECLARATION_INTERFACE)
    name = new_interface_name (self, file, c_namespace, declaration->name, declaration->c_name);
  else if (declaration->external != NULL && declaration->c_name != NULL)
    name = new_whole_name (declaration->c_name);
  else if (declaration->c_name != NULL)
    name = codegen_name_new (c_namespace, declaration->c_name);
  else
    name = codegen_name_new (c_namespace, strip_prefix (declaration->name, file->namespace));
  g_hash_table_insert (self->names, declaration, name);
  return name;
}

static const CodegenName *
get_name_cb (RmiDeclaration *declaration,
             gpointer        user_data)
{
  return codegen_model_get_name (user_data, declaration);
}

static RmiDeclaration *
find_declaration (const RmiDescription *description,
                  const char           *alias)
{
  const char *dot = strchr (alias, '.');

  for (guint i = 0; dot != NULL && i < description->imports->len; i++)
    {
      const RmiDescriptionImport *import = description->imports->pdata[i];

      if (strlen (import->alias) == (gsize) (dot - alias) && g_str_has_prefix (alias, import->alias))
        return find_declaration (import->description, dot + 1);
    }
  for (guint i = 0; i < description->declarations->len; i++)
    {
      RmiDeclaration *declaration = description->declarations->pdata[i];

      if (g_str_equal (declaration->alias, alias))
        return declaration;
    }
  return NULL;
}

/* Remembers the first type of each helper. */
static void
note_container (CodegenModel *self,
                CodegenType  *type)
{
  if (type->helper == NULL || type->shape == CODEGEN_SHAPE_VARIANT)
    return;
  for (guint i = 0; i < self->containers->len; i++)
    {
      const CodegenType *known = self->containers->pdata[i];

      if (g_str_equal (known->helper, type->helper))
        return;
    }
  g_ptr_array_add (self->containers, type);
}

static CodegenType *
new_type (CodegenModel       *self,
          const RmiTypeInfo  *info,
          RmiLocation         location,
          const char         *name,
          GError            **error)
{
  CodegenType *type = codegen_type_new (info, get_name_cb, self, error);

  if (type == NULL)
    g_prefix_error (error, "%s:%d:%d: '%s': ", self->description->filename, location.line, location.column,
                    name);
  return type;
}

static gboolean
is_taken (GPtrArray  *values,
          const char *name,
          gboolean    is_local)
{
  if (g_strv_contains (parameter_names, name) || (is_local && g_strv_contains (local_names, name)))
    return TRUE;
  for (guint i = 0; i < values->len; i++)
    {
      const CodegenValue *value = values->pdata[i];

      if (g_strcmp0 (is_local ? value->local : value->name, name) == 0)
        return TRUE;
    }
  return FALSE;
}

static char *
find_free_name (GPtrArray  *values,
                const char *name,
                gboolean    is_local)
{
  g_autofree char *free_name = g_strdup (name);

  while (is_taken (values, free_name, is_local))
    {
      char *longer = g_strconcat (free_name, "_", NULL);

      g_free (free_name);
      free_name = longer;
    }
  return g_steal_pointer (&free_name);
}

/* The values of @fields; @prefix stands before the names of out arguments. */
static GPtrArray *
new_values (CodegenModel     *self,
            const GPtrArray  *fields,
            const char       *prefix,
            gboolean          is_local_file,
            GError          **error)
{
  g_autoptr(GPtrArray) values = g_ptr_array_new_with_free_func ((GDestroyNotify) value_free);

  for (guint i = 0; i < fields->len; i++)
    {
      const RmiFieldInfo *field = fields->pdata[i];
      g_autoptr(CodegenType) type = new_type (self, field->type, field->location, field->name, error);
      g_autofree char *identifier = NULL;
      CodegenValue *value;

      if (type == NULL)
        return NULL;
      if (is_local_file)
        note_container (self, type);
      identifier = *prefix != '\0' ? codegen_to_lower (field->name) : codegen_to_identifier (field->name);
      value = g_new0 (CodegenValue, 1);
      value->info = field;
      value->type = g_steal_pointer (&type);
      value->property_name = codegen_to_hyphens (field->name);
      g_ptr_array_add (values, value);
      {
        g_autofree char *whole = g_strconcat (prefix, identifier, NULL);

        value->name = find_free_name (values, whole, FALSE);
        value->local = find_free_name (values, whole, TRUE);
      }
    }
  return g_steal_pointer (&values);
}

static gboolean
add_record (CodegenModel    *self,
            RmiDeclaration  *declaration,
            GError         **error);

static void
append_values (GPtrArray *to,
               GPtrArray *from)
{
  g_ptr_array_extend_and_steal (to, from);
}

/* The values of @declaration's bases, the oldest first. */
static gboolean
add_base_values (CodegenModel    *self,
                 RmiDeclaration  *declaration,
                 GPtrArray       *values,
                 GError         **error)
{
  const RmiDescription *file = declaration->file != NULL ? declaration->file : self->description;
  RmiDeclaration *base;
  GPtrArray *own;

  if (declaration->extends == NULL)
    return TRUE;
  base = find_declaration (file, declaration->extends);
  g_assert (base != NULL);
  if (!add_base_values (self, base, values, error))
    return FALSE;
  own = new_values (self, base->fields, "", FALSE, error);
  if (own == NULL)
    return FALSE;
  append_values (values, own);
  return TRUE;
}

static gboolean
has_record (CodegenModel   *self,
            RmiDeclaration *declaration)
{
  for (guint i = 0; i < self->records->len; i++)
    {
      const CodegenRecord *record = self->records->pdata[i];

      if (record->declaration == declaration)
        return TRUE;
    }
  return FALSE;
}

static gboolean
add_record (CodegenModel    *self,
            RmiDeclaration  *declaration,
            GError         **error)
{
  CodegenRecord *record;
  const CodegenName *base_name = NULL;
  g_autoptr(GPtrArray) base_values = g_ptr_array_new_with_free_func ((GDestroyNotify) value_free);
  g_autoptr(GPtrArray) values = NULL;

  if (has_record (self, declaration))
    return TRUE;
  if (declaration->extends != NULL)
    {
      RmiDeclaration *base = find_declaration (self->description, declaration->extends);

      g_assert (base != NULL);
      base_name = codegen_model_get_name (self, base);
      if (strchr (declaration->extends, '.') == NULL && !add_record (self, base, error))
        return FALSE;
    }
  if (!add_base_values (self, declaration, base_values, error))
    return FALSE;
  values = new_values (self, declaration->fields, "", TRUE, error);
  if (values == NULL)
    return FALSE;
  record = g_new0 (CodegenRecord, 1);
  record->declaration = declaration;
  record->name = codegen_model_get_name (self, declaration);
  record->base = base_name;
  record->values = g_steal_pointer (&values);
  record->base_values = g_steal_pointer (&base_values);
  g_ptr_array_add (self->records, record);
  return TRUE;
}

static CodegenMethod *
new_method (CodegenModel         *self,
            const RmiMethodInfo  *info,
            GError              **error)
{
  g_autoptr(GPtrArray) in = new_values (self, info->in, "", TRUE, error);
  g_autoptr(GPtrArray) out = NULL;
  const char *name = info->c_name != NULL ? info->c_name : info->name;
  CodegenMethod *method;

  if (in == NULL)
    return NULL;
  out = new_values (self, info->out, "out_", TRUE, error);
  if (out == NULL)
    return NULL;
  method = g_new0 (CodegenMethod, 1);
  method->info = info;
  method->name = codegen_to_lower (name);
  method->slot = codegen_to_identifier (name);
  method->upper = codegen_to_upper (name);
  method->is_scriptable = TRUE;
  for (guint i = 0; i < in->len + out->len; i++)
    {
      const CodegenValue *value = i < in->len ? in->pdata[i] : out->pdata[i - in->len];

      method->is_scriptable = method->is_scriptable && !codegen_type_holds_structs (value->type);
      method->needs_twin = method->needs_twin || (i >= in->len && codegen_type_needs_twin (value->type));
    }
  method->needs_twin = method->needs_twin && method->is_scriptable;
  if (out->len == 1)
    {
      const CodegenType *type = ((CodegenValue *) out->pdata[0])->type;

      method->returns_pointer = codegen_type_is_pointer (type) && !type->is_nullable;
    }
  method->in = g_steal_pointer (&in);
  method->out = g_steal_pointer (&out);
  return method;
}

static CodegenSignal *
new_signal (CodegenModel         *self,
            const RmiSignalInfo  *info,
            GError              **error)
{
  g_autoptr(GPtrArray) arguments = new_values (self, info->arguments, "", TRUE, error);
  const char *name = info->c_name != NULL ? info->c_name : info->name;
  CodegenSignal *signal;

  if (arguments == NULL)
    return NULL;
  signal = g_new0 (CodegenSignal, 1);
  signal->info = info;
  signal->name = codegen_to_lower (name);
  signal->upper = codegen_to_upper (name);
  signal->signal_name = codegen_to_hyphens (name);
  signal->arguments = g_steal_pointer (&arguments);
  return signal;
}

static CodegenProperty *
new_property (CodegenModel           *self,
              const RmiPropertyInfo  *info,
              GError                **error)
{
  CodegenType *type = new_type (self, info->type, info->location, info->name, error);
  const char *name = info->c_name != NULL ? info->c_name : info->name;
  CodegenProperty *property;

  if (type == NULL)
    return NULL;
  note_container (self, type);
  property = g_new0 (CodegenProperty, 1);
  property->info = info;
  property->type = type;
  property->name = codegen_to_lower (name);
  property->property_name = codegen_to_hyphens (name);
  return property;
}

static gboolean
add_members (CodegenModel      *self,
             CodegenInterface  *interface,
             GError           **error)
{
  const RmiInterfaceInfo *info = interface->info;

  for (guint i = 0; i < info->methods->len; i++)
    {
      CodegenMethod *method = new_method (self, info->methods->pdata[i], error);

      if (method == NULL)
        return FALSE;
      g_ptr_array_add (interface->methods, method);
    }
  for (guint i = 0; i < info->signals->len; i++)
    {
      CodegenSignal *signal = new_signal (self, info->signals->pdata[i], error);

      if (signal == NULL)
        return FALSE;
      g_ptr_array_add (interface->signals, signal);
    }
  for (guint i = 0; i < info->properties->len; i++)
    {
      CodegenProperty *property = new_property (self, info->properties->pdata[i], error);

      if (property == NULL)
        return FALSE;
      g_ptr_array_add (interface->properties, property);
    }
  return TRUE;
}

static gboolean
add_interface (CodegenModel      *self,
               RmiInterfaceInfo  *info,
               GError           **error)
{
  CodegenInterface *interface;

  for (guint i = 0; i < self->interfaces->len; i++)
    if (((CodegenInterface *) self->interfaces->pdata[i])->info == info)
      return TRUE;
  interface = g_new0 (CodegenInterface, 1);
  if (info->extends != NULL)
    {
      RmiDeclaration *base = find_declaration (self->description, info->extends);

      g_assert (base != NULL);
      interface->base = codegen_model_get_name (self, base);
      for (guint i = 0; i < self->description->interfaces->len; i++)
        {
          RmiInterfaceInfo *other = self->description->interfaces->pdata[i];

          if (g_str_equal (other->name, base->name) && !add_interface (self, other, error))
            {
              g_free (interface);
              return FALSE;
            }
        }
    }
  interface->info = info;
  interface->name = new_interface_name (self, self->description, self->options->c_namespace, info->name,
                                        info->c_name);
  interface->methods = g_ptr_array_new_with_free_func ((GDestroyNotify) method_free);
  interface->signals = g_ptr_array_new_with_free_func ((GDestroyNotify) signal_free);
  interface->properties = g_ptr_array_new_with_free_func ((GDestroyNotify) property_free);
  g_ptr_array_add (self->interfaces, interface);
  return add_members (self, interface, error);
}

static gboolean
fill (CodegenModel  *self,
      GError       **error)
{
  for (guint i = 0; i < self->description->declarations->len; i++)
    {
      RmiDeclaration *declaration = self->description->declarations->pdata[i];

      if (declaration->kind == RMI_DECLARATION_ENUM || declaration->kind == RMI_DECLARATION_FLAGS)
        g_ptr_array_add (self->choices, declaration);
      else if (declaration->kind != RMI_DECLARATION_INTERFACE && !add_record (self, declaration, error))
        return FALSE;
    }
  for (guint i = 0; i < self->description->interfaces->len; i++)
    if (!add_interface (self, self->description->interfaces->pdata[i], error))
      return FALSE;
  return codegen_symbols_take (self, error);
}

CodegenModel *
codegen_model_new (RmiDescription        *description,
                   const CodegenOptions  *options,
                   GError               **error)
{
  g_autoptr(CodegenModel) self = g_new0 (CodegenModel, 1);

  self->options = options;
  self->description = description;
  self->error = codegen_name_new (options->c_namespace, "Error");
  self->choices = g_ptr_array_new ();
  self->records = g_ptr_array_new_with_free_func ((GDestroyNotify) record_free);
  self->interfaces = g_ptr_array_new_with_free_func ((GDestroyNotify) interface_free);
  self->containers = g_ptr_array_new ();
  self->warnings = g_ptr_array_new_with_free_func (g_free);
  self->names = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) codegen_name_free);
  self->symbols = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  if (!fill (self, error))
    return NULL;
  return g_steal_pointer (&self);
}

void
codegen_model_free (CodegenModel *self)
{
  codegen_name_free (self->error);
  g_ptr_array_unref (self->choices);
  g_ptr_array_unref (self->records);
  g_ptr_array_unref (self->interfaces);
  g_ptr_array_unref (self->containers);
  g_ptr_array_unref (self->warnings);
  g_hash_table_unref (self->names);
  g_hash_table_unref (self->symbols);
  g_free (self);
}
