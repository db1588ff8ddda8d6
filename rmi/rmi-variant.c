/* rmi/rmi-variant.c: GVariant out of a reader
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * By type, as the table of values in doc/protocol.md says. The recursion is as deep as the GVariant
 * that is made, 64 levels at most; GVariant itself has an end at 128.
 */
#include "config.h"
#include "rmi/rmi-reader-private.h"

#define MAX_DEPTH       64
#define SIGNATURE_BYTES 255
#define VARIANT_BYTES   96      /* of one GVariant, with its place in its container */

static GVariant *read_variant (RmiReader *self, const GVariantType *type, guint depth);

static gboolean
enter (RmiReader *self,
       guint      depth)
{
  if (depth > MAX_DEPTH)
    rmi_reader_fail_at (self, self->cursor, RMI_ERROR_LIMIT, "a variant may not be deeper than %d", MAX_DEPTH);
  else
    rmi_reader_charge (self, VARIANT_BYTES);
  return self->error == NULL;
}

static GPtrArray *
new_children (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) g_variant_unref);
}

static void
add_child (GPtrArray *children,
           GVariant  *child)
{
  if (child != NULL)
    g_ptr_array_add (children, g_variant_ref_sink (child));
}

static GVariant *
new_array (const GVariantType *element,
           GPtrArray          *children)
{
  return g_variant_new_array (element, (GVariant *const *) children->pdata, children->len);
}

static GVariant *
read_string (RmiReader *self,
             char       type)
{
  g_autofree char *text = NULL;

  text = type == 'o' ? rmi_reader_get_object_path (self) :
         type == 'g' ? rmi_reader_get_signature (self) : rmi_reader_get_string (self);
  if (text == NULL)
    return NULL;
  return type == 'o' ? g_variant_new_object_path (text) :
         type == 'g' ? g_variant_new_signature (text) : g_variant_new_take_string (g_steal_pointer (&text));
}

static GVariant *
read_basic (RmiReader *self,
            char       type)
{
  switch (type)
    {
    case 'b':
      return g_variant_new_boolean (rmi_reader_get_boolean (self));
    case 'y':
      return g_variant_new_byte (rmi_reader_get_byte (self));
    case 'n':
      return g_variant_new_int16 (rmi_reader_get_int16 (self));
    case 'q':
      return g_variant_new_uint16 (rmi_reader_get_uint16 (self));
    case 'i':
      return g_variant_new_int32 (rmi_reader_get_int32 (self));
    case 'u':
      return g_variant_new_uint32 (rmi_reader_get_uint32 (self));
    case 'x':
      return g_variant_new_int64 (rmi_reader_get_int64 (self));
    case 't':
      return g_variant_new_uint64 (rmi_reader_get_uint64 (self));
    case 'd':
      return g_variant_new_double (rmi_reader_get_double (self));
    case 's':
    case 'o':
    case 'g':
      return read_string (self, type);
    default:
      rmi_reader_fail_at (self, self->cursor, RMI_ERROR_NOT_SUPPORTED,
                          "a value of type \"%c\" cannot be passed", type);
      return NULL;
    }
}

static GVariant *
read_bytes (RmiReader *self)
{
  g_autoptr(GBytes) bytes = rmi_reader_get_bytes (self);

  if (bytes == NULL)
    return NULL;
  return g_variant_new_from_bytes (G_VARIANT_TYPE_BYTESTRING, bytes, TRUE);
}

/* The bytes of a value as they are in an array of @type, or 0 if these are better kept as
   children. */
static gsize
read_fixed (RmiReader *self,
            char       type,
            guint64   *buffer)
{
  switch (type)
    {
    case 'b':
      *(guint8 *) buffer = rmi_reader_get_boolean (self);
      return sizeof (guint8);
    case 'n':
      *(gint16 *) buffer = rmi_reader_get_int16 (self);
      return sizeof (gint16);
    case 'q':
      *(guint16 *) buffer = rmi_reader_get_uint16 (self);
      return sizeof (guint16);
    case 'i':
      *(gint32 *) buffer = rmi_reader_get_int32 (self);
      return sizeof (gint32);
    case 'u':
      *(guint32 *) buffer = rmi_reader_get_uint32 (self);
      return sizeof (guint32);
    case 'x':
      *(gint64 *) buffer = rmi_reader_get_int64 (self);
      return sizeof (gint64);
    case 't':
      *buffer = rmi_reader_get_uint64 (self);
      return sizeof (guint64);
    case 'd':
      *(double *) buffer = rmi_reader_get_double (self);
      return sizeof (double);
    default:
      return 0;
    }
}

/* Numbers lie side by side: no GVariant for each. */
static GVariant *
read_fixed_array (RmiReader          *self,
                  const GVariantType *element)
{
  g_autoptr(GByteArray) bytes = g_byte_array_new ();
  gsize size = 1;
  guint64 buffer;

  rmi_reader_begin_array (self);
  while (rmi_reader_next_element (self))
    {
      size = read_fixed (self, *g_variant_type_peek_string (element), &buffer);
      if (rmi_reader_charge (self, 2 * size))
        g_byte_array_append (bytes, (const guint8 *) &buffer, size);
    }
  if (self->error != NULL)
    return NULL;
  if (bytes->len == 0)
    return g_variant_new_array (element, NULL, 0);
  return g_variant_new_fixed_array (element, bytes->data, bytes->len / size, size);
}

static GVariant *
read_key (RmiReader *self,
          char       type)
{
  const char *position;
  g_autofree char *key = rmi_reader_next_key (self);

  if (key == NULL)
    return NULL;
  position = self->cursor;
  if ((type == 'o' && !g_variant_is_object_path (key)) || (type == 'g' && !g_variant_is_signature (key)))
    {
      rmi_reader_fail_at (self, position, self->code, "the key is no %s", type == 'o' ? "object path" : "signature");
      return NULL;
    }
  return type == 'o' ? g_variant_new_object_path (key) :
         type == 'g' ? g_variant_new_signature (key) : g_variant_new_take_string (g_steal_pointer (&key));
}

/* `$ref` and `$$ref` are one key, and the only way that valid JSON has one twice. */
static gboolean
is_there_twice (GPtrArray *entries,
                GVariant  *key)
{
  static const char *const reserved[] = { "$ref", "$home", "$same", "$type", NULL };

  if (!g_strv_contains (reserved, g_variant_get_string (key, NULL)))
    return FALSE;
  for (guint i = 0; i < entries->len; i++)
    {
      g_autoptr(GVariant) other = g_variant_get_child_value (entries->pdata[i], 0);

      if (g_variant_equal (key, other))
        return TRUE;
    }
  return FALSE;
}

/* A dict whose key is a string: an object. */
static GVariant *
read_dict (RmiReader          *self,
           const GVariantType *entry,
           guint               depth)
{
  const GVariantType *key_type = g_variant_type_key (entry);
  g_autoptr(GPtrArray) children = new_children ();

  rmi_reader_begin_object (self);
  while (self->error == NULL)
    {
      g_autoptr(GVariant) key = read_key (self, *g_variant_type_peek_string (key_type));
      GVariant *value = NULL;

      if (key == NULL)
        break;
      if (is_there_twice (children, key))
        rmi_reader_fail_at (self, self->cursor, self->code, "the key \"%s\" is there twice", g_variant_get_string (key, NULL));
      if (enter (self, depth + 1))
        value = read_variant (self, g_variant_type_value (entry), depth + 2);
      if (value != NULL)
        add_child (children, g_variant_new_dict_entry (g_steal_pointer (&key), value));
    }
  return self->error == NULL ? new_array (entry, children) : NULL;
}

static gboolean
has_string_key (const GVariantType *entry)
{
  return strchr ("sog", *g_variant_type_peek_string (g_variant_type_key (entry))) != NULL;
}

static GVariant *
read_array (RmiReader          *self,
            const GVariantType *type,
            guint               depth)
{
  const GVariantType *element = g_variant_type_element (type);
  g_autoptr(GPtrArray) children = NULL;

  if (g_variant_type_equal (element, G_VARIANT_TYPE_BYTE))
    return read_bytes (self);
  if (strchr ("bnqiuxtd", *g_variant_type_peek_string (element)) != NULL)
    return read_fixed_array (self, element);
  if (g_variant_type_is_dict_entry (element) && has_string_key (element))
    return read_dict (self, element, depth);

  children = new_children ();
  rmi_reader_begin_array (self);
  while (rmi_reader_next_element (self))
    add_child (children, read_variant (self, element, depth + 1));
  return self->error == NULL ? new_array (element, children) : NULL;
}

/* A tuple, or a dict entry whose key is no string. */
static GVariant *
read_tuple (RmiReader          *self,
            const GVariantType *type,
            guint               depth)
{
  g_autoptr(GPtrArray) children = new_children ();
  const GVariantType *item = g_variant_type_first (type);
  GVariant **items;

  rmi_reader_begin_array (self);
  for (; item != NULL && rmi_reader_next_element (self); item = g_variant_type_next (item))
    add_child (children, read_variant (self, item, depth + 1));
  if (item == NULL && rmi_reader_next_element (self))
    rmi_reader_fail_at (self, self->cursor, self->code, "expected %" G_GSIZE_FORMAT " items, not more",
                        g_variant_type_n_items (type));
  if (item != NULL)
    rmi_reader_fail_at (self, self->cursor, self->code, "expected %" G_GSIZE_FORMAT " items, not %u",
                        g_variant_type_n_items (type), children->len);
  if (self->error != NULL)
    return NULL;

  items = (GVariant **) children->pdata;
  if (g_variant_type_is_dict_entry (type))
    return g_variant_new_dict_entry (items[0], items[1]);
  return g_variant_new_tuple (items, children->len);
}

static GVariant *
read_maybe (RmiReader          *self,
            const GVariantType *type,
            guint               depth)
{
  const GVariantType *element = g_variant_type_element (type);
  GVariant *value;

  if (g_variant_type_is_maybe (element))
    {
      rmi_reader_fail_at (self, self->cursor, RMI_ERROR_NOT_SUPPORTED, "a maybe inside a maybe cannot be passed");
      return NULL;
    }
  if (rmi_reader_take_null (self))
    return g_variant_new_maybe (element, NULL);
  value = read_variant (self, element, depth + 1);
  return value != NULL ? g_variant_new_maybe (element, value) : NULL;
}

/* Whether the object at the cursor is {"type":…,"data":…} and nothing else. */
static gboolean
find_typed (RmiReader *self,
            RmiSlice  *type,
            RmiSlice  *data)
{
  const char *text = self->cursor + 1;
  RmiSlice key, value;

  *type = *data = (RmiSlice) RMI_SLICE_INIT;
  while (rmi_json_next_member (&text, self->end, &key, &value))
    {
      if (rmi_json_string_equals (key, "type") && *value.data == '"')
        *type = value;
      else if (rmi_json_string_equals (key, "data"))
        *data = value;
      else
        return FALSE;
    }
  return type->data != NULL && data->data != NULL;
}

static GVariant *
read_typed (RmiReader *self,
            RmiSlice   type,
            RmiSlice   data,
            guint      depth)
{
  const char *end = rmi_json_value_end (self->cursor, self->end);
  char signature[SIGNATURE_BYTES + 1];
  GVariant *value;

  if (type.length - 2 > SIGNATURE_BYTES)
    type.length = 2;
  type.length = rmi_json_unescape (signature, type.data + 1, type.length - 2);
  signature[type.length] = '\0';
  if (strlen (signature) != type.length || !g_variant_type_string_is_valid (signature) ||
      !g_variant_type_is_definite ((const GVariantType *) signature))
    {
      rmi_reader_fail_at (self, type.data, self->code, "expected the signature of one type, at most %d bytes",
                          SIGNATURE_BYTES);
      return NULL;
    }

  self->cursor = data.data;
  value = read_variant (self, (const GVariantType *) signature, depth);
  if (self->error == NULL)
    self->cursor = end;
  return value;
}

/* What a plain client sends for a variant: any JSON but null. */
static GVariant *
read_bare (RmiReader *self,
           guint      depth)
{
  gboolean is_integer;

  switch (rmi_reader_peek (self))
    {
    case '"':
      return read_string (self, 's');
    case 't':
    case 'f':
      return read_basic (self, 'b');
    case '0':
      rmi_reader_peek_number (self, &is_integer);
      return read_basic (self, is_integer ? 'x' : 'd');
    case '[':
      return read_variant (self, G_VARIANT_TYPE ("av"), depth);
    case '{':
      return read_variant (self, G_VARIANT_TYPE_VARDICT, depth);
    default:
      rmi_reader_fail_type (self, "a variant");
      return NULL;
    }
}

static GVariant *
read_boxed (RmiReader *self,
            guint      depth)
{
  RmiSlice type, data;
  GVariant *value;

  if (rmi_reader_next_char (self) == '{' && find_typed (self, &type, &data))
    value = read_typed (self, type, data, depth + 1);
  else
    value = read_bare (self, depth + 1);
  return value != NULL ? g_variant_new_variant (value) : NULL;
}

/* Floating; NULL if an error stuck. */
static GVariant *
read_variant (RmiReader          *self,
              const GVariantType *type,
              guint               depth)
{
  GVariant *value;

  if (!enter (self, depth))
    return NULL;

  switch (*g_variant_type_peek_string (type))
    {
    case 'a':
      value = read_array (self, type, depth);
      break;
    case '(':
    case '{':
      value = read_tuple (self, type, depth);
      break;
    case 'm':
      value = read_maybe (self, type, depth);
      break;
    case 'v':
      value = read_boxed (self, depth);
      break;
    default:
      value = read_basic (self, *g_variant_type_peek_string (type));
    }

  if (self->error != NULL && value != NULL)
    g_clear_pointer (&value, g_variant_unref);
  return value;
}

/**
 * rmi_reader_get_variant:
 * @self: a reader
 * @type_string: the definite type to read
 *
 * Reads a value of any type that the table of values has.
 *
 * Returns: (transfer full) (nullable): the next value, or %NULL if an error stuck
 *
 * Since: 1.0
 */
GVariant *
rmi_reader_get_variant (RmiReader  *self,
                        const char *type_string)
{
  GVariant *value;

  g_return_val_if_fail (g_variant_type_string_is_valid (type_string), NULL);
  g_return_val_if_fail (g_variant_type_is_definite ((const GVariantType *) type_string), NULL);

  value = read_variant (self, (const GVariantType *) type_string, 1);
  return value != NULL ? g_variant_ref_sink (value) : NULL;
}
