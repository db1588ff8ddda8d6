/* rmi/rmi-marshaller-read.c: GVariant out of the wire, by description
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The recursion is as deep as the GVariant that is made, which has a limit: a GVariant deeper than
 * 128 loses what is in it when it is put in bytes.
 */
#include "config.h"
#include "rmi/rmi-marshaller-private.h"

#include "rmi/rmi-declaration-private.h"
#include "rmi/rmi-message-internal.h"
#include "rmi/rmi-shared-private.h"
#include "rmi/rmi-unknown-part-private.h"

#define MAX_DEPTH     64
#define RECORD_DEPTH  3          /* a{sv}: array, entry, variant */
#define VARIANT_BYTES 96         /* of one GVariant, with its place in its container */

static GVariant *read_value (const RmiTypeInfo *type, RmiReader *reader, guint depth);

static gboolean
enter (RmiReader *reader,
       guint      depth)
{
  if (depth > MAX_DEPTH)
    rmi_reader_fail_at (reader, reader->cursor, RMI_ERROR_LIMIT,
                        "a variant may not be deeper than %d", MAX_DEPTH);
  else
    rmi_reader_charge (reader, VARIANT_BYTES);
  return reader->error == NULL;
}

/* ---- what is a string ---- */

static GVariant *
read_handle (const RmiDeclaration *declaration,
             RmiReader            *reader)
{
  g_autofree char *types = g_strconcat ("[\"", declaration->name, "\"]", NULL);
  gpointer object;

  reader->types = (RmiSlice) { types, strlen (types) };
  object = rmi_reader_get_object (reader, G_TYPE_OBJECT);
  reader->types = (RmiSlice) { NULL, 0 };
  if (object == NULL)
    return NULL;
  g_ptr_array_add (reader->objects, object);
  return g_variant_new_handle (reader->objects->len - 1);
}

/* Only its path: it will not become a stub, so the count that came with it goes back when reading
 * ends. */
static GVariant *
read_path (RmiReader *reader)
{
  g_autofree char *path = NULL;
  RmiWireReference reference;
  const char *position;

  rmi_reader_next_char (reader);
  position = reader->cursor;
  path = rmi_reader_take_reference (reader, &reference);
  if (path == NULL)
    return NULL;
  if (strlen (path) != reference.path.length || !rmi_path_is_valid (path))
    {
      rmi_reader_fail_at (reader, position, reader->code, "expected a reference to an object");
      return NULL;
    }
  return g_variant_new_take_string (g_steal_pointer (&path));
}

static GVariant *
read_json (RmiReader *reader)
{
  g_autoptr(GString) json = NULL;
  RmiSlice text;

  if (rmi_reader_next_char (reader) == '\0')
    {
      rmi_reader_fail_type (reader, "a value");
      return NULL;
    }
  text.data = reader->cursor;
  text.length = rmi_json_value_end (text.data, reader->end) - text.data;
  if (!rmi_reader_charge (reader, rmi_reader_block_size (text.length + 1)))
    return NULL;

  reader->cursor += text.length;
  json = g_string_sized_new (text.length);
  rmi_json_copy_unguarded (json, text);
  return g_variant_new_take_string (g_string_free (g_steal_pointer (&json), FALSE));
}

static GVariant *
read_nick (const RmiDeclaration *declaration,
           RmiReader            *reader)
{
  const RmiEnumValueInfo *value;
  g_autofree char *owned = NULL;
  const char *position;
  RmiSlice nick;

  rmi_reader_next_char (reader);
  position = reader->cursor;
  if (!rmi_reader_take_text (reader, "the nick of a value", &nick, &owned))
    return NULL;

  value = rmi_declaration_find_value (declaration, nick.data, nick.length);
  if (value == NULL)
    {
      rmi_reader_fail_at (reader, position, reader->code, "\"%.*s\" is no value of %s",
                          (int) MIN (nick.length, 64), nick.data, declaration->name);
      return NULL;
    }
  return g_variant_new_string (value->name);
}

/* ---- containers ---- */

static GPtrArray *
new_children (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) g_variant_unref);
}

/* Takes over @child. */
static void
add_child (GPtrArray *children,
           GVariant  *child)
{
  if (child != NULL)
    g_ptr_array_add (children, g_variant_take_ref (child));
}

/* An array of @type, or NULL if an error stuck. */
static GVariant *
new_array (const GVariantType *type,
           GPtrArray          *children,
           RmiReader          *reader)
{
  if (reader->error != NULL)
    return NULL;
  return g_variant_new_array (g_variant_type_element (type), (GVariant *const *) children->pdata,
                              children->len);
}

static GVariant *
read_flags (const RmiDeclaration *declaration,
            RmiReader            *reader)
{
  g_autoptr(GPtrArray) children = new_children ();

  rmi_reader_begin_array (reader);
  while (rmi_reader_next_element (reader))
    if (rmi_reader_charge (reader, VARIANT_BYTES))
      add_child (children, read_nick (declaration, reader));
  return new_array (G_VARIANT_TYPE_STRING_ARRAY, children, reader);
}

static GVariant *
read_array (const RmiTypeInfo *type,
            RmiReader         *reader,
            guint              depth)
{
  g_autoptr(GVariantType) variant_type = rmi_type_info_to_variant_type (type, reader->objects != NULL);
  g_autoptr(GPtrArray) children = new_children ();

  rmi_reader_begin_array (reader);
  while (rmi_reader_next_element (reader))
    add_child (children, read_value (type->element, reader, depth + 1));
  return new_array (variant_type, children, reader);
}

static GVariant *
new_key (char       type,
         char      *key,
         RmiReader *reader)
{
  g_autofree char *owned = key;

  if ((type == 'o' && !g_variant_is_object_path (key)) ||
      (type == 'g' && !g_variant_is_signature (key)))
    {
      rmi_reader_fail_at (reader, reader->cursor, reader->code, "the key is no %s",
                          type == 'o' ? "object path" : "signature");
      return NULL;
    }
  return type == 'o' ? g_variant_new_object_path (key) :
         type == 'g' ? g_variant_new_signature (key) :
                       g_variant_new_take_string (g_steal_pointer (&owned));
}

/* Takes over @key and @value. */
static void
add_entry (GPtrArray *children,
           GVariant  *key,
           GVariant  *value)
{
  g_autoptr(GVariant) owned_key = key != NULL ? g_variant_take_ref (key) : NULL;
  g_autoptr(GVariant) owned_value = value != NULL ? g_variant_take_ref (value) : NULL;

  if (key != NULL && value != NULL)
    add_child (children, g_variant_new_dict_entry (key, value));
}

static GVariant *
read_dict (const RmiTypeInfo *type,
           RmiReader         *reader,
           guint              depth)
{
  g_autoptr(GVariantType) variant_type = rmi_type_info_to_variant_type (type, reader->objects != NULL);
  g_autoptr(GPtrArray) children = new_children ();
  char *name;

  rmi_reader_begin_object (reader);
  while ((name = rmi_reader_next_key (reader)) != NULL)
    {
      GVariant *key = new_key (type->key, name, reader);
      GVariant *value =
          enter (reader, depth + 1) ? read_value (type->element, reader, depth + 2) : NULL;

      add_entry (children, key, value);
    }
  return new_array (variant_type, children, reader);
}

/* A dict whose key is no string: an array of pairs. */
static GVariant *
read_pairs (const RmiTypeInfo *type,
            RmiReader         *reader,
            guint              depth)
{
  g_autoptr(GVariantType) variant_type = rmi_type_info_to_variant_type (type, reader->objects != NULL);
  g_autoptr(GPtrArray) children = new_children ();
  const char key_type[] = { type->key, '\0' };

  rmi_reader_begin_array (reader);
  while (rmi_reader_next_element (reader))
    {
      GVariant *key = NULL, *value = NULL;
      const char *position;

      rmi_reader_next_char (reader);
      position = reader->cursor;
      rmi_reader_begin_array (reader);
      if (enter (reader, depth + 1) && rmi_reader_next_element (reader))
        key = rmi_reader_get_variant (reader, key_type);
      if (key != NULL && rmi_reader_next_element (reader))
        value = read_value (type->element, reader, depth + 2);
      if (reader->error == NULL && (value == NULL || rmi_reader_next_element (reader)))
        rmi_reader_fail_at (reader, position, reader->code, "expected a key and a value");
      add_entry (children, key, value);
    }
  return new_array (variant_type, children, reader);
}

static GVariant *
read_maybe (const RmiTypeInfo *type,
            RmiReader         *reader,
            guint              depth)
{
  g_autoptr(GVariantType) element = NULL;
  g_autoptr(GVariant) value = NULL;

  if (rmi_reader_take_null (reader))
    {
      element = rmi_type_info_to_variant_type (type->element, reader->objects != NULL);
      return g_variant_new_maybe (element, NULL);
    }
  value = read_value (type->element, reader, depth + 1);
  return value != NULL ? g_variant_new_maybe (NULL, value) : NULL;
}

/* ---- structs and classes ---- */

/* The cursor is behind the `{` of a class, or behind what it said of its type; of a struct, before it. */
static void
read_by_name (GPtrArray *fields,
              gboolean   is_struct,
              RmiReader *reader,
              GVariant **values,
              guint      depth)
{
  g_autofree const char **names = g_new0 (const char *, fields->len + 1);
  RmiReaderFlags flags = is_struct ? RMI_READER_STRICT : RMI_READER_INSTANCE;
  guint n;
  int i;

  for (n = 0; n < fields->len; n++)
    names[n] = ((RmiFieldInfo *) fields->pdata[n])->name;

  if (is_struct)
    rmi_reader_begin_object (reader);
  for (i = -1; (i = rmi_reader_next_member (reader, names, i, flags)) >= 0;)
    values[i] = read_value (((RmiFieldInfo *) fields->pdata[i])->type, reader, depth);
}

static void
read_by_position (GPtrArray *fields,
                  RmiReader *reader,
                  GVariant **values,
                  guint      depth)
{
  guint i;

  rmi_reader_begin_array (reader);
  for (i = 0; rmi_reader_next_element (reader); i++)
    if (i < fields->len)
      values[i] = read_value (((RmiFieldInfo *) fields->pdata[i])->type, reader, depth);
    else
      rmi_reader_fail_at (reader, reader->cursor, reader->code, "expected %u fields, not more",
                          fields->len);
}

/* Takes over @record. Charged as the bytes it becomes: a tree of small GVariants would take
 * tenfold. */
static GVariant *
pack (GVariant  *record,
      RmiReader *reader)
{
  g_autoptr(GVariant) owned = g_variant_take_ref (record);

  if (!rmi_reader_charge (reader, g_variant_get_size (record)))
    return NULL;
  g_variant_get_data (record);
  return g_steal_pointer (&owned);
}

/* What a class lacks is left out: it has its default there. */
static void
read_fields (const RmiDeclaration *declaration,
             RmiReader            *reader,
             GPtrArray            *children,
             guint                 depth)
{
  gboolean is_struct = declaration->kind == RMI_DECLARATION_STRUCT;
  g_autoptr(GPtrArray) fields = rmi_declaration_get_fields (declaration);
  g_autofree GVariant **values = g_new0 (GVariant *, fields->len + 1);
  guint i;

  /* The peer's description says how many fields there are, and `{}` may stand for all of them. */
  if (!rmi_reader_charge (reader, fields->len * sizeof (GVariant *)))
    return;
  if (is_struct && rmi_reader_peek (reader) == '[')
    read_by_position (fields, reader, values, depth + RECORD_DEPTH);
  else
    read_by_name (fields, is_struct, reader, values, depth + RECORD_DEPTH);

  for (i = 0; i < fields->len; i++)
    {
      const RmiFieldInfo *field = fields->pdata[i];

      if (values[i] != NULL)
        {
          add_entry (children, g_variant_new_string (field->name),
                     g_variant_new_variant (values[i]));
          g_variant_unref (values[i]);
        }
      else if (is_struct && reader->error == NULL)
        rmi_reader_fail_missing (reader, field->name);
    }
}

static GVariant *
read_struct (const RmiDeclaration *declaration,
             RmiReader            *reader,
             guint                 depth)
{
  g_autoptr(GPtrArray) children = new_children ();
  GVariant *record;

  read_fields (declaration, reader, children, depth);
  record = new_array (G_VARIANT_TYPE_VARDICT, children, reader);
  return record != NULL ? pack (record, reader) : NULL;
}

/* The names in "$type"; @declaration becomes the first class that is known. */
static void
read_type (const RmiDeclaration **declaration,
           RmiReader             *reader,
           GPtrArray             *known,
           RmiUnknownPart       **unknown)
{
  const RmiDeclaration *declared = *declaration;
  g_autoptr(GVariant) names = rmi_reader_get_variant (reader, "as");
  const char *name;
  GVariantIter iter;

  if (names == NULL)
    return;
  g_variant_iter_init (&iter, names);
  while (g_variant_iter_next (&iter, "&s", &name))
    {
      const RmiDeclaration *found = known->len == 0 ? rmi_declaration_find_class (declared, name) : NULL;

      if (found != NULL && !rmi_declaration_is_a (found, declared))
        rmi_reader_fail_at (reader, reader->cursor, reader->code, "a %s is no %s", found->name, declared->name);
      else if (found != NULL)
        *declaration = found;
      if (found != NULL || known->len > 0)
        g_ptr_array_add (known, g_strdup (name));
      else
        rmi_reader_add_unknown_name (reader, unknown, (RmiSlice) { name, strlen (name) });
    }
}

/* In front of the members: its class, and what is not known of it. */
static void
add_special (GPtrArray      *children,
             GPtrArray      *known,
             RmiUnknownPart *unknown)
{
  g_autoptr(GPtrArray) names = g_ptr_array_new ();
  g_autofree char *members = NULL;

  if (unknown != NULL && !unknown->is_lost)
    {
      members = g_strdup_printf ("{%s}", unknown->members->str);
      g_ptr_array_extend (names, unknown->names, NULL, NULL);
    }
  g_ptr_array_extend (names, known, NULL, NULL);
  if (names->len > 0)
    add_entry (children, g_variant_new_string ("$type"),
               g_variant_new_variant (g_variant_new_strv ((const char *const *) names->pdata, names->len)));
  if (members != NULL && unknown->members->len > 0)
    add_entry (children, g_variant_new_string ("$unknown"), g_variant_new_variant (g_variant_new_string (members)));
}

/* GVariants are trees: what is the same is there twice, and counts twice. */
static GVariant *
read_same (const RmiDeclaration *declaration,
           RmiReader            *reader,
           const char           *position)
{
  const RmiShared *same = rmi_reader_take_same (reader, position);

  if (same == NULL)
    return NULL;
  if (same->value == NULL)
    rmi_reader_fail_at (reader, position, reader->code, "the object contains itself");
  else if (!rmi_declaration_is_a (same->tag, declaration))
    rmi_reader_fail_at (reader, position, reader->code, "\"$same\" is a %s and no %s",
                        ((const RmiDeclaration *) same->tag)->name, declaration->name);
  else if (rmi_reader_charge (reader, g_variant_get_size (same->value)))
    return g_variant_ref (same->value);
  return NULL;
}

/* The cursor is behind the `{` or at the value of "$type". */
static GVariant *
read_members (const RmiDeclaration *declaration,
              RmiReader            *reader,
              gboolean              has_type,
              guint                 depth)
{
  g_autoptr(GPtrArray) known = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(GPtrArray) children = new_children ();
  g_autoptr(GPtrArray) members = new_children ();
  g_autoptr(RmiUnknownPart) unknown = NULL;
  RmiUnknownPart *outer = reader->unknown;
  GVariant *record;

  if (has_type)
    read_type (&declaration, reader, known, &unknown);
  reader->unknown = unknown;
  if (reader->error == NULL)
    read_fields (declaration, reader, members, depth);
  reader->unknown = outer;
  add_special (children, known, unknown);
  g_ptr_array_extend_and_steal (children, g_steal_pointer (&members));
  record = new_array (G_VARIANT_TYPE_VARDICT, children, reader);
  return record != NULL ? pack (record, reader) : NULL;
}

/* Not floating. */
static GVariant *
read_class (const RmiDeclaration *declaration,
            RmiReader            *reader,
            guint                 depth)
{
  g_autoptr(GVariant) record = NULL;
  const char *position;
  RmiSpecial special;

  if (!rmi_reader_enter_instance (reader, (GDestroyNotify) g_variant_unref, &position, &special))
    return NULL;
  if (special == RMI_SPECIAL_SAME)
    return read_same (declaration, reader, position);

  rmi_reader_open_shared (reader, position, NULL, declaration);
  record = read_members (declaration, reader, special == RMI_SPECIAL_TYPE, depth);
  if (record == NULL)
    return NULL;
  if (reader->shared != NULL)
    rmi_reader_close_shared (reader, position, g_variant_ref (record));
  return g_steal_pointer (&record);
}

static GVariant *
read_declared (const RmiDeclaration *declaration,
               RmiReader            *reader,
               guint                 depth)
{
  switch (declaration->kind)
    {
    case RMI_DECLARATION_ENUM:
      return read_nick (declaration, reader);
    case RMI_DECLARATION_FLAGS:
      return read_flags (declaration, reader);
    case RMI_DECLARATION_INTERFACE:
      return reader->objects != NULL ? read_handle (declaration, reader) : read_path (reader);
    case RMI_DECLARATION_CLASS:
      return read_class (declaration, reader, depth);
    case RMI_DECLARATION_STRUCT:
    default:
      return read_struct (declaration, reader, depth);
    }
}

/* Of a type that GVariant does not know as it is. */
static GVariant *
read_by_kind (const RmiTypeInfo *type,
              RmiReader         *reader,
              guint              depth)
{
  switch (type->kind)
    {
    case RMI_TYPE_KIND_ARRAY:
      return read_array (type, reader, depth);
    case RMI_TYPE_KIND_DICT:
      if (strchr ("sog", type->key) != NULL)
        return read_dict (type, reader, depth);
      return read_pairs (type, reader, depth);
    case RMI_TYPE_KIND_MAYBE:
      return read_maybe (type, reader, depth);
    case RMI_TYPE_KIND_NAMED:
      return read_declared (type->declaration, reader, depth);
    case RMI_TYPE_KIND_JSON:
      return read_json (reader);
    case RMI_TYPE_KIND_BASIC:
    case RMI_TYPE_KIND_VARIANT:
    case RMI_TYPE_KIND_BYTES:
    case RMI_TYPE_KIND_TUPLE:
    default:
      g_assert_not_reached ();
    }
}

/* (transfer full), not floating; NULL if an error stuck. */
static GVariant *
read_value (const RmiTypeInfo *type,
            RmiReader         *reader,
            guint              depth)
{
  GVariant *value;

  if (rmi_type_info_is_plain (type))
    return rmi_reader_get_variant (reader, type->signature);
  if (!enter (reader, depth))
    return NULL;

  value = read_by_kind (type, reader, depth);
  return value != NULL ? g_variant_take_ref (value) : NULL;
}

/**
 * rmi_type_info_read_variant: (skip)
 * @type: a declared type
 * @objects: (nullable) (element-type GObject): where the objects of handles are added; %NULL:
 * references are read as paths, and released
 * @reader: a reader
 *
 * Returns: (transfer full) (nullable): the next value, or %NULL if an error stuck
 */
GVariant *
rmi_type_info_read_variant (const RmiTypeInfo *type,
                            GPtrArray         *objects,
                            RmiReader         *reader)
{
  GVariant *value;

  reader->objects = objects;
  value = read_value (type, reader, 1);
  reader->objects = NULL;
  return value;
}
