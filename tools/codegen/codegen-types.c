/* tools/codegen/codegen-types.c: a type on the wire as a type in C
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The one place that knows the table of C types. All else works on the facts collected here.
 */
#include "config.h"
#include "tools/codegen/codegen-types.h"

#include <string.h>

#include "rmi/rmi-error.h"

/* Types of one letter. */
typedef struct
{
  char         letter;
  const char  *c_type;
  const char  *gvalue_c;
  const char  *gtype;
  const char  *gvalue;        /* g_value_get_… */
  const char  *read;
  const char  *write;
  const char  *word;          /* in names of helpers */
  const char  *range;         /* of its GParamSpec, with the default */
} BasicFacts;

static const BasicFacts basics[] = {
  { 'b', "gboolean ", "gboolean ", "G_TYPE_BOOLEAN", "boolean", "rmi_reader_get_boolean (reader)",
    "rmi_writer_add_boolean (writer, $)", "boolean", "FALSE" },
  { 'y', "guint8 ", "guint8 ", "G_TYPE_UCHAR", "uchar", "rmi_reader_get_byte (reader)",
    "rmi_writer_add_int32 (writer, $)", "byte", "0, G_MAXUINT8, 0" },
  { 'n', "gint16 ", "int ", "G_TYPE_INT", "int", "rmi_reader_get_int16 (reader)",
    "rmi_writer_add_int32 (writer, $)", "int16", "G_MININT16, G_MAXINT16, 0" },
  { 'q', "guint16 ", "guint ", "G_TYPE_UINT", "uint", "rmi_reader_get_uint16 (reader)",
    "rmi_writer_add_int32 (writer, $)", "uint16", "0, G_MAXUINT16, 0" },
  { 'i', "int ", "int ", "G_TYPE_INT", "int", "rmi_reader_get_int32 (reader)",
    "rmi_writer_add_int32 (writer, $)", "int", "G_MININT, G_MAXINT, 0" },
  { 'u', "guint ", "guint ", "G_TYPE_UINT", "uint", "rmi_reader_get_uint32 (reader)",
    "rmi_writer_add_uint32 (writer, $)", "uint", "0, G_MAXUINT, 0" },
  { 'x', "gint64 ", "gint64 ", "G_TYPE_INT64", "int64", "rmi_reader_get_int64 (reader)",
    "rmi_writer_add_int64 (writer, $)", "int64", "G_MININT64, G_MAXINT64, 0" },
  { 't', "guint64 ", "guint64 ", "G_TYPE_UINT64", "uint64", "rmi_reader_get_uint64 (reader)",
    "rmi_writer_add_uint64 (writer, $)", "uint64", "0, G_MAXUINT64, 0" },
  { 'd', "double ", "double ", "G_TYPE_DOUBLE", "double", "rmi_reader_get_double (reader)",
    "rmi_writer_add_double (writer, $)", "double", "-G_MAXDOUBLE, G_MAXDOUBLE, 0" },
  { 'h', "int ", "int ", "G_TYPE_INT", "int", "read_handle (reader)", "write_handle (writer, $)",
    "handle", "-1, G_MAXINT, -1" },
  { 's', NULL, NULL, NULL, NULL, "rmi_reader_get_string (reader)", NULL, "string", NULL },
  { 'o', NULL, NULL, NULL, NULL, "rmi_reader_get_object_path (reader)", NULL, "object_path", NULL },
  { 'g', NULL, NULL, NULL, NULL, "rmi_reader_get_signature (reader)", NULL, "signature", NULL },
};

static const BasicFacts *
find_basic (char letter)
{
  for (guint i = 0; i < G_N_ELEMENTS (basics); i++)
    if (basics[i].letter == letter)
      return &basics[i];
  g_assert_not_reached ();
}

char *
codegen_substitute (const char *expression,
                    const char *value)
{
  g_auto(GStrv) pieces = g_strsplit (expression, "$", -1);

  return g_strjoinv (value, pieces);
}

gboolean
codegen_type_is_pointer (const CodegenType *self)
{
  return self->shape != CODEGEN_SHAPE_SCALAR;
}

gboolean
codegen_type_holds_structs (const CodegenType *self)
{
  return self->element != NULL && self->element->shape == CODEGEN_SHAPE_STRUCT;
}

gboolean
codegen_type_needs_twin (const CodegenType *self)
{
  return self->shape == CODEGEN_SHAPE_POINTERS && self->element->shape == CODEGEN_SHAPE_OBJECT;
}

/* Everything that is freed, and so can be NULL. */
static void
set_pointer (CodegenType *self,
             CodegenShape shape,
             const char  *owned,
             const char  *borrowed,
             const char  *free,
             const char  *copy)
{
  self->shape = shape;
  self->owned = g_strdup (owned);
  self->borrowed = g_strdup (borrowed);
  self->gvalue_c = g_strdup (borrowed);
  self->free = g_strdup (free);
  self->copy = g_strdup (copy);
  self->zero = g_strdup ("NULL");
}

/* GValue functions of a boxed type. */
static void
set_boxed (CodegenType *self,
           const char  *gtype)
{
  self->gtype = g_strdup (gtype);
  self->getter = g_strdup_printf ("(%s) g_value_get_boxed ($)", self->borrowed);
  self->setter = g_strdup ("g_value_set_boxed");
  self->taker = g_strdup ("g_value_take_boxed");
}

static void
set_autoptr (CodegenType *self,
             const char  *type)
{
  self->cleanup = g_strdup_printf ("g_autoptr(%s) ", type);
}

static void
set_basic (CodegenType *self,
           char         letter)
{
  const BasicFacts *facts = find_basic (letter);

  self->read = g_strdup (facts->read);
  if (facts->c_type == NULL)
    {
      set_pointer (self, CODEGEN_SHAPE_STRING, "char *", "const char *", "g_free", "g_strdup ($)");
      self->gtype = g_strdup ("G_TYPE_STRING");
      self->getter = g_strdup ("g_value_get_string ($)");
      self->setter = g_strdup ("g_value_set_string");
      self->taker = g_strdup ("g_value_take_string");
      self->cleanup = g_strdup ("g_autofree char *");
      self->write = g_strdup ("rmi_writer_add_string (writer, $)");
      self->empty = g_strdup (letter == 'o' ? "g_strdup (\"/\")" : "g_strdup (\"\")");
      return;
    }
  self->shape = CODEGEN_SHAPE_SCALAR;
  self->owned = g_strdup (facts->c_type);
  self->borrowed = g_strdup (facts->c_type);
  self->gvalue_c = g_strdup (facts->gvalue_c);
  self->gtype = g_strdup (facts->gtype);
  self->getter = g_strdup_printf ("g_value_get_%s ($)", facts->gvalue);
  self->setter = g_strdup_printf ("g_value_set_%s", facts->gvalue);
  self->taker = g_strdup (self->setter);
  self->cleanup = g_strdup (facts->c_type);
  self->copy = g_strdup ("$");
  self->write = g_strdup (facts->write);
  self->zero = g_strdup (letter == 'b' ? "FALSE" : "0");
}

/* Enums and flags. */
static void
set_choice (CodegenType *self,
            const char  *kind)
{
  self->shape = CODEGEN_SHAPE_SCALAR;
  self->owned = g_strdup_printf ("%s ", self->name->camel);
  self->borrowed = g_strdup (self->owned);
  self->gvalue_c = g_strdup (self->owned);
  self->gtype = g_strdup (self->name->type_macro);
  self->getter = g_strdup_printf ("(%s) g_value_get_%s ($)", self->name->camel, kind);
  self->setter = g_strdup_printf ("g_value_set_%s", kind);
  self->taker = g_strdup (self->setter);
  self->cleanup = g_strdup (self->owned);
  self->copy = g_strdup ("$");
  self->read = g_strdup_printf ("(%s) rmi_reader_get_%s (reader, %s_rmi_values ())", self->name->camel,
                                kind, self->name->lower);
  self->write = g_strdup_printf ("rmi_writer_add_%s (writer, %s_rmi_values (), $)", kind,
                                 self->name->lower);
  self->zero = g_strdup_printf ("(%s) 0", self->name->camel);
}

static void
set_record (CodegenType *self,
            gboolean     is_struct)
{
  g_autofree char *owned = g_strdup_printf ("%s *", self->name->camel);
  g_autofree char *borrowed = g_strdup_printf ("const %s *", self->name->camel);
  g_autofree char *free = g_strdup_printf ("%s_free", self->name->lower);
  g_autofree char *copy = g_strdup_printf ("%s_copy ($)", self->name->lower);
  g_autofree char *reference = g_strdup_printf ("(%s *) g_object_ref ($)", self->name->camel);

  if (is_struct)
    {
      set_pointer (self, CODEGEN_SHAPE_STRUCT, owned, borrowed, free, copy);
      set_boxed (self, self->name->type_macro);
    }
  else
    {
      set_pointer (self, CODEGEN_SHAPE_OBJECT, owned, owned, "g_object_unref", reference);
      self->gtype = g_strdup (self->name->type_macro);
      self->getter = g_strdup_printf ("(%s) g_value_get_object ($)", owned);
      self->setter = g_strdup ("g_value_set_object");
      self->taker = g_strdup ("g_value_take_object");
    }
  set_autoptr (self, self->name->camel);
  g_free (self->cleanup);
  self->cleanup = g_strdup_printf ("g_autoptr(%s) ", self->name->camel);
  self->read = g_strdup_printf ("%s_rmi_read (reader)", self->name->lower);
  self->write = g_strdup_printf ("%s_rmi_write (writer, $)", self->name->lower);
}

static void
set_interface (CodegenType *self)
{
  set_record (self, FALSE);
  g_free (self->read);
  g_free (self->write);
  self->read = g_strdup_printf ("(%s *) rmi_reader_get_object (reader, %s)", self->name->camel,
                                self->name->type_macro);
  self->write = g_strdup_printf ("rmi_writer_add_object (writer, $, %s)", self->name->type_macro);
  self->has_references = TRUE;
}

static gboolean
fields_have_references (RmiDeclaration *declaration,
                        GHashTable     *seen);

static gboolean
info_has_references (const RmiTypeInfo *info,
                     GHashTable        *seen)
{
  if (info->kind == RMI_TYPE_KIND_NAMED)
    return fields_have_references (info->declaration, seen);
  return info->element != NULL && info_has_references (info->element, seen);
}

/* @seen ends the recursion of trees. A base class of which we know nothing here may have some. */
static gboolean
fields_have_references (RmiDeclaration *declaration,
                        GHashTable     *seen)
{
  if (declaration->kind == RMI_DECLARATION_INTERFACE || declaration->extends != NULL)
    return TRUE;
  if (declaration->fields == NULL || !g_hash_table_add (seen, declaration))
    return FALSE;
  for (guint i = 0; i < declaration->fields->len; i++)
    {
      const RmiFieldInfo *field = declaration->fields->pdata[i];

      if (info_has_references (field->type, seen))
        return TRUE;
    }
  return FALSE;
}

/* Whether an object by value may be in a value of @info. @seen ends the recursion of structs. */
static gboolean
info_has_values (const RmiTypeInfo *info,
                 GHashTable        *seen)
{
  while (info->element != NULL)
    info = info->element;
  if (info->kind != RMI_TYPE_KIND_NAMED || info->declaration->kind != RMI_DECLARATION_STRUCT)
    return info->kind == RMI_TYPE_KIND_NAMED && info->declaration->kind == RMI_DECLARATION_CLASS;
  if (!g_hash_table_add (seen, info->declaration))
    return FALSE;
  for (guint i = 0; i < info->declaration->fields->len; i++)
    if (info_has_values (((RmiFieldInfo *) info->declaration->fields->pdata[i])->type, seen))
      return TRUE;
  return FALSE;
}

static void
set_named (CodegenType     *self,
           RmiDeclaration  *declaration,
           CodegenNameFunc  name,
           gpointer         user_data)
{
  g_autoptr(GHashTable) seen = g_hash_table_new (NULL, NULL);

  self->name = name (declaration, user_data);
  self->has_references = fields_have_references (declaration, seen);
  switch (declaration->kind)
    {
    case RMI_DECLARATION_ENUM:
      set_choice (self, "enum");
      break;
    case RMI_DECLARATION_FLAGS:
      set_choice (self, "flags");
      break;
    case RMI_DECLARATION_STRUCT:
      set_record (self, TRUE);
      break;
    case RMI_DECLARATION_CLASS:
      set_record (self, FALSE);
      break;
    case RMI_DECLARATION_INTERFACE:
    default:
      set_interface (self);
      break;
    }
}

static void
set_variant (CodegenType *self)
{
  set_pointer (self, CODEGEN_SHAPE_VARIANT, "GVariant *", "GVariant *", "g_variant_unref",
               "g_variant_ref_sink ($)");
  self->gtype = g_strdup ("G_TYPE_VARIANT");
  self->getter = g_strdup ("g_value_get_variant ($)");
  self->setter = g_strdup ("g_value_set_variant");
  self->taker = g_strdup ("g_value_take_variant");
  set_autoptr (self, "GVariant");
  self->read = g_strdup_printf ("rmi_reader_get_variant (reader, \"%s\")", self->info->signature);
  self->helper = g_strdup ("variant");
  self->write = g_strdup_printf ("write_variant (writer, $, \"%s\")", self->info->signature);
}

static void
set_strv (CodegenType *self)
{
  gboolean has_paths = g_str_equal (self->info->signature, "ao");

  set_pointer (self, CODEGEN_SHAPE_STRV, "char **", "const char *const *", "g_strfreev",
               "g_strdupv ((char **) $)");
  set_boxed (self, "G_TYPE_STRV");
  self->cleanup = g_strdup ("g_auto(GStrv) ");
  self->read = g_strdup (has_paths ? "read_object_path_array (reader)" : "rmi_reader_get_strv (reader)");
  self->write = g_strdup ("rmi_writer_add_strv (writer, (const char *const *) $)");
  self->empty = g_strdup ("g_new0 (char *, 1)");
  self->annotation = g_strdup ("(array zero-terminated=1)");
  if (has_paths)
    self->helper = g_strdup ("object_path_array");
}

/* GArray, GPtrArray, GHashTable. */
static void
set_container (CodegenType  *self,
               CodegenShape  shape,
               const char   *c_type,
               const char   *prefix,
               const char   *suffix)
{
  g_autofree char *pointer = g_strdup_printf ("%s *", c_type);
  g_autofree char *free = g_strdup_printf ("%s_unref", prefix);
  g_autofree char *copy = g_strdup_printf ("%s_ref ($)", prefix);
  g_autofree char *gtype = g_ascii_strup (prefix + 2, -1);
  g_autofree char *macro = g_strdup_printf ("G_TYPE_%s", gtype);
  const RmiTypeInfo *element = self->element->info;
  g_autofree char *word = NULL;
  g_autofree char *element_c = g_strdup (self->element->owned);

  word = self->element->name != NULL ? codegen_to_lower (element->declaration->alias)
                                     : g_strdup (find_basic (element->basic)->word);
  set_pointer (self, shape, pointer, pointer, free, copy);
  set_boxed (self, macro);
  set_autoptr (self, c_type);
  self->helper = g_strdup_printf ("%s_%s", word, suffix);
  self->read = g_strdup_printf ("read_%s (reader)", self->helper);
  self->write = g_strdup_printf ("write_%s (writer, $)", self->helper);
  self->has_references = self->element->has_references;
  if (shape == CODEGEN_SHAPE_TABLE)
    self->empty = g_strdup_printf ("g_hash_table_new_full (g_str_hash, g_str_equal, g_free, "
                                   "(GDestroyNotify) %s)", self->element->free);
  else if (shape == CODEGEN_SHAPE_POINTERS)
    self->empty = g_strdup_printf ("g_ptr_array_new_with_free_func ((GDestroyNotify) %s)",
                                   self->element->free);
  else
    self->empty = g_strdup_printf ("g_array_new (FALSE, FALSE, sizeof (%s))",
                                   g_strchomp (element_c));
  element_c[strcspn (element_c, " *")] = '\0';
  if (g_str_equal (element_c, "char"))
    g_strlcpy (element_c, "utf8", strlen (element_c) + 1);
  self->annotation = g_strdup_printf (shape == CODEGEN_SHAPE_TABLE ? "(element-type utf8 %s)"
                                                                   : "(element-type %s)", element_c);
}

/* Of doubles there may be very many: the core has the loops. */
static void
set_double_array (CodegenType *self)
{
  set_container (self, CODEGEN_SHAPE_SCALARS, "GArray", "g_array", "array");
  g_clear_pointer (&self->helper, g_free);
  g_free (self->read);
  g_free (self->write);
  self->read = g_strdup ("rmi_reader_get_double_array (reader)");
  self->write = g_strdup ("rmi_writer_add_double_array (writer, $)");
}

/* Whether all of it is known to GVariant. */
static gboolean
is_variant_type (const RmiTypeInfo *info)
{
  switch (info->kind)
    {
    case RMI_TYPE_KIND_NAMED:
    case RMI_TYPE_KIND_JSON:
      return FALSE;
    case RMI_TYPE_KIND_TUPLE:
      for (guint i = 0; i < info->members->len; i++)
        if (!is_variant_type (info->members->pdata[i]))
          return FALSE;
      return TRUE;
    case RMI_TYPE_KIND_BASIC:
    case RMI_TYPE_KIND_VARIANT:
    case RMI_TYPE_KIND_BYTES:
    case RMI_TYPE_KIND_ARRAY:
    case RMI_TYPE_KIND_DICT:
    case RMI_TYPE_KIND_MAYBE:
    default:
      return info->element == NULL || is_variant_type (info->element);
    }
}

/* An array or a dictionary of what has a C container; else it is a GVariant. */
static gboolean
set_collection (CodegenType      *self,
                CodegenNameFunc   name,
                gpointer          user_data,
                GError          **error)
{
  const RmiTypeInfo *info = self->info;
  const RmiTypeInfo *element = info->element;
  gboolean is_dict = info->kind == RMI_TYPE_KIND_DICT;
  gboolean is_plain = element->kind == RMI_TYPE_KIND_BASIC || element->kind == RMI_TYPE_KIND_NAMED;
  gboolean is_string = element->kind == RMI_TYPE_KIND_BASIC && element->basic == 's';

  if (g_str_equal (info->signature, "as") || g_str_equal (info->signature, "ao"))
    {
      set_strv (self);
      return TRUE;
    }
  if (is_plain && (!is_dict || info->key == 's'))
    {
      self->element = codegen_type_new (element, name, user_data, error);
      if (self->element == NULL)
        return FALSE;
      if (is_dict && (is_string || self->element->shape == CODEGEN_SHAPE_STRUCT ||
                      self->element->shape == CODEGEN_SHAPE_OBJECT))
        set_container (self, CODEGEN_SHAPE_TABLE, "GHashTable", "g_hash_table", "table");
      else if (!is_dict && element->kind == RMI_TYPE_KIND_NAMED && codegen_type_is_pointer (self->element))
        set_container (self, CODEGEN_SHAPE_POINTERS, "GPtrArray", "g_ptr_array", "array");
      else if (!is_dict && element->basic == 'd')
        set_double_array (self);
      else if (!is_dict && !codegen_type_is_pointer (self->element) && element->basic != 'h')
        set_container (self, CODEGEN_SHAPE_SCALARS, "GArray", "g_array", "array");
      if (self->owned != NULL)
        return TRUE;
      g_clear_pointer (&self->element, codegen_type_free);
    }
  if (is_variant_type (info))
    {
      set_variant (self);
      return TRUE;
    }
  g_set_error (error, RMI_ERROR, RMI_ERROR_NOT_SUPPORTED,
               "the type '%s' has no form in C: declared types and 'j' go into containers one level "
               "deep, as 'aName' or, unless they are enums, 'a{sName}'; declare a class that holds it",
               info->signature);
  return FALSE;
}

static gboolean
set_shape (CodegenType      *self,
           CodegenNameFunc   name,
           gpointer          user_data,
           GError          **error)
{
  switch (self->info->kind)
    {
    case RMI_TYPE_KIND_BASIC:
      set_basic (self, self->info->basic);
      return TRUE;
    case RMI_TYPE_KIND_BYTES:
      set_pointer (self, CODEGEN_SHAPE_BYTES, "GBytes *", "GBytes *", "g_bytes_unref", "g_bytes_ref ($)");
      set_boxed (self, "G_TYPE_BYTES");
      set_autoptr (self, "GBytes");
      self->read = g_strdup ("rmi_reader_get_bytes (reader)");
      self->write = g_strdup ("rmi_writer_add_bytes (writer, $)");
      self->empty = g_strdup ("g_bytes_new (NULL, 0)");
      return TRUE;
    case RMI_TYPE_KIND_JSON:
      set_pointer (self, CODEGEN_SHAPE_JSON, "JsonNode *", "JsonNode *", "json_node_unref", "json_node_ref ($)");
      set_boxed (self, "JSON_TYPE_NODE");
      set_autoptr (self, "JsonNode");
      self->read = g_strdup ("rmi_reader_get_json (reader)");
      self->write = g_strdup ("rmi_writer_add_json (writer, $)");
      return TRUE;
    case RMI_TYPE_KIND_NAMED:
      set_named (self, self->info->declaration, name, user_data);
      return TRUE;
    case RMI_TYPE_KIND_VARIANT:
    case RMI_TYPE_KIND_TUPLE:
    case RMI_TYPE_KIND_ARRAY:
    case RMI_TYPE_KIND_DICT:
    case RMI_TYPE_KIND_MAYBE:
    default:
      break;
    }
  if (self->info->kind == RMI_TYPE_KIND_ARRAY || self->info->kind == RMI_TYPE_KIND_DICT)
    return set_collection (self, name, user_data, error);
  if (self->info->kind != RMI_TYPE_KIND_MAYBE && is_variant_type (self->info))
    {
      set_variant (self);
      return TRUE;
    }
  g_set_error (error, RMI_ERROR, RMI_ERROR_NOT_SUPPORTED, "the type '%s' has no form in C",
               self->info->signature);
  return FALSE;
}

CodegenType *
codegen_type_new (const RmiTypeInfo  *info,
                  CodegenNameFunc     name,
                  gpointer            user_data,
                  GError            **error)
{
  g_autoptr(CodegenType) self = g_new0 (CodegenType, 1);
  g_autoptr(GHashTable) seen = g_hash_table_new (NULL, NULL);

  self->is_nullable = info->kind == RMI_TYPE_KIND_MAYBE;
  self->info = self->is_nullable ? info->element : info;
  self->has_values = info_has_values (info, seen);
  if (!set_shape (self, name, user_data, error))
    return NULL;
  if (self->is_nullable && !codegen_type_is_pointer (self))
    {
      g_set_error (error, RMI_ERROR, RMI_ERROR_NOT_SUPPORTED,
                   "the type '%s' has no form in C: 'm' goes before types that are pointers there",
                   info->signature);
      return NULL;
    }
  if (self->annotation == NULL)
    self->annotation = g_strdup ("");
  return g_steal_pointer (&self);
}

void
codegen_type_free (CodegenType *self)
{
  char **const strings[] = {
    &self->owned, &self->borrowed, &self->gvalue_c, &self->gtype, &self->getter, &self->setter,
    &self->taker, &self->cleanup, &self->free, &self->copy, &self->read, &self->write, &self->zero,
    &self->empty, &self->annotation, &self->helper,
  };

  for (guint i = 0; i < G_N_ELEMENTS (strings); i++)
    g_free (*strings[i]);
  g_clear_pointer (&self->element, codegen_type_free);
  g_free (self);
}

char *
codegen_type_get_param_spec (const CodegenType *self,
                             const char        *property_name,
                             const char        *flags)
{
  const char *function = strrchr (self->setter, '_') + 1;
  g_autofree char *middle = NULL;

  if (self->name != NULL && self->shape == CODEGEN_SHAPE_SCALAR)
    {
      gboolean is_flags = g_str_equal (function, "flags");
      const GPtrArray *values = self->info->declaration->values;
      const RmiEnumValueInfo *first = values->len > 0 ? values->pdata[0] : NULL;

      middle = g_strdup_printf ("%s, %" G_GINT64_FORMAT, self->gtype,
                                is_flags || first == NULL ? G_GINT64_CONSTANT (0) : first->value);
    }
  else if (self->shape == CODEGEN_SHAPE_SCALAR)
    middle = g_strdup (find_basic (self->info->basic)->range);
  else if (self->shape == CODEGEN_SHAPE_STRING)
    middle = g_strdup ("NULL");
  else if (self->shape == CODEGEN_SHAPE_VARIANT)
    middle = g_strdup_printf ("G_VARIANT_TYPE (\"%s\"), NULL", self->info->signature);
  else
    middle = g_strdup (self->gtype);
  return g_strdup_printf ("g_param_spec_%s (\"%s\", NULL, NULL, %s,\n"
                          "      (GParamFlags) (%s | G_PARAM_STATIC_STRINGS))",
                          function, property_name, middle, flags);
}
