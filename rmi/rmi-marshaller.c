/* rmi/rmi-marshaller.c: GVariant to the wire, by description
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What generated code does in straight lines, for callers without generated code, byte for byte.
 * GVariants are the program's own, so the recursion is no peer's to drive.
 */
#include "config.h"
#include "rmi/rmi-marshaller-private.h"

#include "rmi/rmi-declaration-private.h"
#include "rmi/rmi-message-internal.h"
#include "rmi/rmi-scanner-internal.h"
#include "rmi/rmi-siphash-internal.h"
#include "rmi/rmi-writer-private.h"

static void write_value (const RmiTypeInfo *type, GVariant *value, RmiWriter *writer);

static void G_GNUC_PRINTF (2, 3)
fail (RmiWriter  *writer,
      const char *format,
      ...)
{
  va_list arguments;

  va_start (arguments, format);
  rmi_writer_fail (writer,
                   g_error_new_valist (RMI_ERROR, RMI_ERROR_INVALID_ARGUMENTS, format, arguments));
  va_end (arguments);
}

/* ---- types ---- */

gboolean
rmi_type_info_is_plain (const RmiTypeInfo *self)
{
  for (; self->element != NULL; self = self->element)
    ;
  return self->kind != RMI_TYPE_KIND_NAMED && self->kind != RMI_TYPE_KIND_JSON;
}

static const GVariantType *
get_declared_type (const RmiDeclaration *declaration,
                   gboolean              has_handles)
{
  switch (declaration->kind)
    {
    case RMI_DECLARATION_FLAGS:
      return G_VARIANT_TYPE_STRING_ARRAY;
    case RMI_DECLARATION_STRUCT:
    case RMI_DECLARATION_CLASS:
      return G_VARIANT_TYPE_VARDICT;
    case RMI_DECLARATION_INTERFACE:
      return has_handles ? G_VARIANT_TYPE_HANDLE : G_VARIANT_TYPE_STRING;
    case RMI_DECLARATION_ENUM:
    default:
      return G_VARIANT_TYPE_STRING;
    }
}

/**
 * rmi_type_info_to_variant_type: (skip)
 * @type: a type
 * @has_handles: whether references are handles, not paths
 *
 * Returns: (transfer full): the type of the GVariants that stand for its values
 */
GVariantType *
rmi_type_info_to_variant_type (const RmiTypeInfo *type,
                               gboolean           has_handles)
{
  g_autoptr(GVariantType) element = NULL;
  g_autoptr(GVariantType) entry = NULL;
  char key[] = { type->key, '\0' };

  switch (type->kind)
    {
    case RMI_TYPE_KIND_ARRAY:
      element = rmi_type_info_to_variant_type (type->element, has_handles);
      return g_variant_type_new_array (element);
    case RMI_TYPE_KIND_MAYBE:
      element = rmi_type_info_to_variant_type (type->element, has_handles);
      return g_variant_type_new_maybe (element);
    case RMI_TYPE_KIND_DICT:
      element = rmi_type_info_to_variant_type (type->element, has_handles);
      entry = g_variant_type_new_dict_entry (G_VARIANT_TYPE (key), element);
      return g_variant_type_new_array (entry);
    case RMI_TYPE_KIND_NAMED:
      return g_variant_type_copy (get_declared_type (type->declaration, has_handles));
    case RMI_TYPE_KIND_JSON:
      return g_variant_type_copy (G_VARIANT_TYPE_STRING);
    case RMI_TYPE_KIND_BASIC:
    case RMI_TYPE_KIND_VARIANT:
    case RMI_TYPE_KIND_BYTES:
    case RMI_TYPE_KIND_TUPLE:
    default:
      return g_variant_type_new (type->signature);
    }
}

/* ---- declared types ---- */

/* There are at most a few dozen bases: descriptions are checked for that. */
static void
add_fields (const RmiDeclaration *declaration,
            GPtrArray            *fields)
{
  if (declaration->base != NULL)
    add_fields (declaration->base, fields);
  g_ptr_array_extend (fields, declaration->fields, NULL, NULL);
}

GPtrArray *
rmi_declaration_get_fields (const RmiDeclaration *self)
{
  GPtrArray *fields = g_ptr_array_new ();

  add_fields (self, fields);
  return fields;
}

const RmiEnumValueInfo *
rmi_declaration_find_value (const RmiDeclaration *self,
                            const char           *name,
                            gsize                 length)
{
  guint i;

  for (i = 0; i < self->values->len; i++)
    {
      const RmiEnumValueInfo *value = self->values->pdata[i];

      if (strlen (value->name) == length && memcmp (value->name, name, length) == 0)
        return value;
    }
  return NULL;
}

static const RmiEnumValueInfo *
find_value (const RmiDeclaration *declaration,
            const char           *name,
            RmiWriter            *writer)
{
  const RmiEnumValueInfo *value = rmi_declaration_find_value (declaration, name, strlen (name));

  if (value == NULL)
    fail (writer, "\"%.64s\" is no value of %s", name, declaration->name);
  return value;
}

/* In declared order, as generated code does from the bits. */
static void
write_flags (const RmiDeclaration *declaration,
             GVariant             *value,
             RmiWriter            *writer)
{
  g_autofree const char **names = g_variant_get_strv (value, NULL);
  guint64 bits = 0, left;
  guint i;

  for (i = 0; names[i] != NULL; i++)
    {
      const RmiEnumValueInfo *flag = find_value (declaration, names[i], writer);

      bits |= flag != NULL ? (guint64) flag->value : 0;
    }

  left = bits;
  rmi_writer_begin_array (writer);
  for (i = 0; i < declaration->values->len; i++)
    {
      const RmiEnumValueInfo *flag = declaration->values->pdata[i];
      guint64 mask = (guint64) flag->value;

      if ((left & mask) != 0 && (bits & mask) == mask)
        {
          rmi_writer_add_string (writer, flag->name);
          left &= ~mask;
        }
    }
  rmi_writer_end_array (writer);
}

static void
write_handle (const RmiDeclaration *declaration,
              gint32                handle,
              RmiWriter            *writer)
{
  GPtrArray *objects = writer->objects;

  if (handle < 0 || (guint) handle >= objects->len)
    fail (writer, "There is no object %d for a %s: there are %u", handle, declaration->name, objects->len);
  else if (!G_IS_OBJECT (objects->pdata[handle]))
    fail (writer, "Object %d, a %s, is none", handle, declaration->name);
  else
    rmi_writer_add_object (writer, objects->pdata[handle], G_TYPE_OBJECT);
}

static void
write_reference (const RmiDeclaration *declaration,
                 GVariant             *value,
                 RmiWriter            *writer)
{
  const char *path;

  if (writer->objects != NULL)
    {
      write_handle (declaration, g_variant_get_handle (value), writer);
      return;
    }

  path = g_variant_get_string (value, NULL);
  if (!rmi_path_is_valid (path))
    {
      fail (writer, "\"%.200s\" is no path of a %s", path, declaration->name);
      return;
    }
  rmi_writer_begin_object (writer);
  rmi_writer_add_member (writer, "$home");
  rmi_writer_add_string (writer, path);
  rmi_writer_end_object (writer);
}

/* ---- structs and classes ---- */

/* Name → value of an a{sv}. A name twice, or one that is no field, is an error that sticks. */
static GHashTable *
get_members (const RmiDeclaration *declaration,
             GPtrArray            *fields,
             GVariant             *value,
             RmiWriter            *writer)
{
  g_autoptr(GHashTable) names = g_hash_table_new (rmi_siphash_str, g_str_equal);
  GHashTable *members =
      g_hash_table_new_full (rmi_siphash_str, g_str_equal, NULL, (GDestroyNotify) g_variant_unref);
  const char *name;
  GVariantIter iter;
  GVariant *member;
  guint i;

  for (i = 0; i < fields->len; i++)
    g_hash_table_add (names, ((RmiFieldInfo *) fields->pdata[i])->name);
  if (declaration->kind == RMI_DECLARATION_CLASS)
    {
      g_hash_table_add (names, "$type");
      g_hash_table_add (names, "$unknown");
    }

  g_variant_iter_init (&iter, value);
  while (g_variant_iter_next (&iter, "{&sv}", &name, &member))
    {
      const char *known = g_hash_table_lookup (names, name);

      if (known == NULL)
        fail (writer, "%s has no member \"%.64s\"", declaration->name, name);
      else if (g_hash_table_contains (members, known))
        fail (writer, "%s has the member \"%s\" twice", declaration->name, known);
      else
        {
          g_hash_table_insert (members, (gpointer) known, member);
          continue;
        }
      g_variant_unref (member);
    }
  return members;
}

/* The GVariant for a nullable value may also be of the type without the `m`: bindings have no good
 * word for a maybe. */
static void
write_checked (const RmiTypeInfo *type,
               GVariant          *value,
               const char        *owner,
               const char        *name,
               RmiWriter         *writer)
{
  g_autoptr(GVariantType) wanted = rmi_type_info_to_variant_type (type, writer->objects != NULL);

  if (g_variant_is_of_type (value, wanted))
    write_value (type, value, writer);
  else if (type->kind == RMI_TYPE_KIND_MAYBE &&
           g_variant_is_of_type (value, g_variant_type_element (wanted)))
    write_value (type->element, value, writer);
  else
    fail (writer, "%s%s%s (%s) must be a GVariant of type %.*s, not %.64s", owner,
          *owner != '\0' ? "." : "", name, type->signature,
          (int) g_variant_type_get_string_length (wanted), (const char *) wanted,
          g_variant_get_type_string (value));
}

/* The first class that is known of those in the member "$type" of @value; @declared if there is none. */
static const RmiDeclaration *
get_class (const RmiDeclaration *declared,
           GVariant             *value,
           RmiWriter            *writer)
{
  g_autofree const char **names = NULL;
  guint i;

  if (declared->kind != RMI_DECLARATION_CLASS || !g_variant_lookup (value, "$type", "^a&s", &names))
    return declared;
  for (i = 0; names[i] != NULL; i++)
    {
      const RmiDeclaration *declaration = rmi_declaration_find_class (declared, names[i]);

      if (declaration != NULL && !rmi_declaration_is_a (declaration, declared))
        fail (writer, "a %s is no %s", declaration->name, declared->name);
      else if (declaration != NULL)
        return declaration;
    }
  return declared;
}

static void
write_type (GHashTable *members,
            RmiWriter  *writer)
{
  GVariant *names = g_hash_table_lookup (members, "$type");

  if (names == NULL)
    return;
  if (!g_variant_is_of_type (names, G_VARIANT_TYPE_STRING_ARRAY))
    fail (writer, "$type must be a GVariant of type as, not %.64s", g_variant_get_type_string (names));
  rmi_writer_add_member (writer, "$type");
  rmi_writer_add_variant (writer, names);
}

/* The members that the description does not know, as the text of an object. */
static void
write_unknown (GHashTable *members,
               RmiWriter  *writer)
{
  GVariant *value = g_hash_table_lookup (members, "$unknown");
  g_autofree char *json = NULL;
  g_autoptr(GError) error = NULL;
  RmiLimits limits;
  RmiSlice text;

  if (value == NULL)
    return;
  rmi_limits_init_local (&limits);
  if (!g_variant_is_of_type (value, G_VARIANT_TYPE_STRING))
    fail (writer, "$unknown must be a GVariant of type s, not %.64s", g_variant_get_type_string (value));
  if (rmi_writer_has_failed (writer))
    return;
  json = g_strstrip (g_variant_dup_string (value, NULL));
  text = (RmiSlice) { json, strlen (json) };
  if (!rmi_scanner_check (text, &limits, NULL, NULL, &error))
    fail (writer, "$unknown is no JSON: %s", error->message);
  else if (*json != '{')
    fail (writer, "$unknown is no object");
  else
    {
      json[strlen (json) - 1] = '\0';
      g_strstrip (json + 1);
      rmi_writer_add_raw_members (writer, json + 1, strlen (json + 1));
    }
}

static void
write_record (const RmiDeclaration *declared,
              GVariant             *value,
              RmiWriter            *writer)
{
  const RmiDeclaration *declaration = get_class (declared, value, writer);
  gboolean is_struct = declaration->kind == RMI_DECLARATION_STRUCT;
  gboolean is_compact = is_struct && declaration->compact;
  g_autoptr(GPtrArray) fields = rmi_declaration_get_fields (declaration);
  g_autoptr(GHashTable) members = get_members (declaration, fields, value, writer);
  guint i;

  if (is_compact)
    rmi_writer_begin_array (writer);
  else
    rmi_writer_begin_object (writer);
  write_type (members, writer);
  for (i = 0; i < fields->len && !rmi_writer_has_failed (writer); i++)
    {
      const RmiFieldInfo *field = fields->pdata[i];
      GVariant *member = g_hash_table_lookup (members, field->name);

      if (member == NULL && is_struct)
        fail (writer, "%s needs the member \"%s\"", declaration->name, field->name);
      if (member == NULL)
        continue;
      if (!is_compact)
        rmi_writer_add_member (writer, field->name);
      write_checked (field->type, member, declaration->name, field->name, writer);
    }
  write_unknown (members, writer);
  if (is_compact)
    rmi_writer_end_array (writer);
  else
    rmi_writer_end_object (writer);
}

static void
write_declared (const RmiDeclaration *declaration,
                GVariant             *value,
                RmiWriter            *writer)
{
  const RmiEnumValueInfo *nick;

  switch (declaration->kind)
    {
    case RMI_DECLARATION_ENUM:
      nick = find_value (declaration, g_variant_get_string (value, NULL), writer);
      if (nick != NULL)
        rmi_writer_add_string (writer, nick->name);
      break;
    case RMI_DECLARATION_FLAGS:
      write_flags (declaration, value, writer);
      break;
    case RMI_DECLARATION_INTERFACE:
      write_reference (declaration, value, writer);
      break;
    case RMI_DECLARATION_STRUCT:
    case RMI_DECLARATION_CLASS:
    default:
      write_record (declaration, value, writer);
      break;
    }
}

/* ---- containers and JSON ---- */

static void
write_array (const RmiTypeInfo *type,
             GVariant          *value,
             RmiWriter         *writer)
{
  gsize i, n_children = g_variant_n_children (value);

  rmi_writer_begin_array (writer);
  for (i = 0; i < n_children && !rmi_writer_has_failed (writer); i++)
    {
      g_autoptr(GVariant) child = g_variant_get_child_value (value, i);

      write_value (type->element, child, writer);
    }
  rmi_writer_end_array (writer);
}

/* A GVariant may hold a key twice, JSON may not. */
static void
write_dict (const RmiTypeInfo *type,
            GVariant          *value,
            RmiWriter         *writer)
{
  g_autoptr(GHashTable) seen = g_hash_table_new_full (rmi_siphash_str, g_str_equal, g_free, NULL);
  gsize i, n_children = g_variant_n_children (value);

  rmi_writer_begin_object (writer);
  for (i = 0; i < n_children && !rmi_writer_has_failed (writer); i++)
    {
      g_autoptr(GVariant) entry = g_variant_get_child_value (value, i);
      g_autoptr(GVariant) key = g_variant_get_child_value (entry, 0);
      g_autoptr(GVariant) child = g_variant_get_child_value (entry, 1);
      const char *text = g_variant_get_string (key, NULL);

      if (!g_hash_table_add (seen, g_strdup (text)))
        fail (writer, "A dict has the key \"%.64s\" twice", text);
      rmi_writer_add_key (writer, text);
      write_value (type->element, child, writer);
    }
  rmi_writer_end_object (writer);
}

/* A dict whose key is no string. */
static void
write_pairs (const RmiTypeInfo *type,
             GVariant          *value,
             RmiWriter         *writer)
{
  gsize i, n_children = g_variant_n_children (value);

  rmi_writer_begin_array (writer);
  for (i = 0; i < n_children && !rmi_writer_has_failed (writer); i++)
    {
      g_autoptr(GVariant) entry = g_variant_get_child_value (value, i);
      g_autoptr(GVariant) key = g_variant_get_child_value (entry, 0);
      g_autoptr(GVariant) child = g_variant_get_child_value (entry, 1);

      rmi_writer_begin_array (writer);
      rmi_writer_add_variant (writer, key);
      write_value (type->element, child, writer);
      rmi_writer_end_array (writer);
    }
  rmi_writer_end_array (writer);
}

static void
write_maybe (const RmiTypeInfo *type,
             GVariant          *value,
             RmiWriter         *writer)
{
  g_autoptr(GVariant) child = g_variant_get_maybe (value);

  if (child != NULL)
    write_value (type->element, child, writer);
  else
    rmi_writer_add_null (writer);
}

static void
write_json (GVariant  *value,
            RmiWriter *writer)
{
  g_autoptr(GString) json = g_string_new (NULL);
  g_autoptr(GError) error = NULL;
  RmiLimits limits;
  RmiSlice text;

  if (rmi_writer_has_failed (writer))
    return;
  rmi_limits_init_local (&limits);
  limits.depth = writer->max_depth - writer->depth;
  text.data = g_variant_get_string (value, &text.length);
  if (!rmi_scanner_check (text, &limits, NULL, NULL, &error))
    {
      fail (writer, "The text is no JSON: %s", error->message);
      return;
    }
  rmi_json_copy_guarded (json, text);
  rmi_writer_add_raw (writer, json->str, json->len);
}

/* @value is of the type that stands for @type. */
static void
write_value (const RmiTypeInfo *type,
             GVariant          *value,
             RmiWriter         *writer)
{
  if (rmi_type_info_is_plain (type))
    {
      rmi_writer_add_variant (writer, value);
      return;
    }

  switch (type->kind)
    {
    case RMI_TYPE_KIND_ARRAY:
      write_array (type, value, writer);
      break;
    case RMI_TYPE_KIND_DICT:
      if (strchr ("sog", type->key) != NULL)
        write_dict (type, value, writer);
      else
        write_pairs (type, value, writer);
      break;
    case RMI_TYPE_KIND_MAYBE:
      write_maybe (type, value, writer);
      break;
    case RMI_TYPE_KIND_NAMED:
      write_declared (type->declaration, value, writer);
      break;
    case RMI_TYPE_KIND_JSON:
      write_json (value, writer);
      break;
    case RMI_TYPE_KIND_BASIC:
    case RMI_TYPE_KIND_VARIANT:
    case RMI_TYPE_KIND_BYTES:
    case RMI_TYPE_KIND_TUPLE:
    default:
      g_assert_not_reached ();
    }
}

/**
 * rmi_type_info_write_variant: (skip)
 * @type: a declared type
 * @value: what to write; a floating reference is left to the caller
 * @objects: (nullable) (element-type GObject): what the handles in @value mean; %NULL: references
 * are paths
 * @writer: a writer
 *
 * A value of another type, or one that the description does not allow, is
 * %RMI_ERROR_INVALID_ARGUMENTS that sticks.
 */
void
rmi_type_info_write_variant (const RmiTypeInfo *type,
                             GVariant          *value,
                             GPtrArray         *objects,
                             RmiWriter         *writer)
{
  writer->objects = objects;
  write_checked (type, value, "", "The value", writer);
  writer->objects = NULL;
}
