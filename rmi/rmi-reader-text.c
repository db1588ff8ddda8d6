/* rmi/rmi-reader-text.c: strings, and what travels as one
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * One allocation for what is kept, none for what is only looked at, unless it has escapes.
 */
#include "config.h"
#include "rmi/rmi-reader-private.h"

gboolean
rmi_reader_take_string (RmiReader  *self,
                        const char *expected,
                        RmiSlice   *inside,
                        gboolean   *is_escaped)
{
  const char *close;

  if (rmi_reader_next_char (self) != '"')
    {
      rmi_reader_fail_type (self, expected);
      return FALSE;
    }
  inside->data = self->cursor + 1;
  close = rmi_json_string_end (inside->data, self->end, is_escaped);
  inside->length = close - inside->data;
  self->cursor = close + 1;
  return TRUE;
}

gboolean
rmi_reader_take_text (RmiReader  *self,
                      const char *expected,
                      RmiSlice   *text,
                      char      **owned)
{
  gboolean is_escaped;

  if (!rmi_reader_take_string (self, expected, text, &is_escaped))
    return FALSE;
  if (is_escaped)
    {
      *owned = g_malloc (text->length);
      text->length = rmi_json_unescape (*owned, text->data, text->length);
      text->data = *owned;
    }
  return TRUE;
}

RmiSlice
rmi_reader_get_slice (RmiReader *self,
                      GString   *scratch)
{
  RmiSlice text = RMI_SLICE_INIT;
  gboolean is_escaped;

  if (rmi_reader_take_string (self, "a string", &text, &is_escaped) && is_escaped)
    {
      g_string_set_size (scratch, text.length);
      g_string_truncate (scratch, rmi_json_unescape (scratch->str, text.data, text.length));
      text = (RmiSlice) { scratch->str, scratch->len };
    }
  return text;
}

static char *
get_string (RmiReader  *self,
            const char *expected)
{
  g_autofree char *result = NULL;
  gboolean is_escaped;
  RmiSlice inside;

  if (!rmi_reader_take_string (self, expected, &inside, &is_escaped) ||
      !rmi_reader_charge (self, rmi_reader_block_size (inside.length + 1)))
    return NULL;

  result = g_malloc (inside.length + 1);
  if (!is_escaped)
    memcpy (result, inside.data, inside.length);
  else
    {
      gsize length = rmi_json_unescape (result, inside.data, inside.length);

      if (memchr (result, '\0', length) != NULL)
        {
          rmi_reader_fail_at (self, inside.data - 1, self->code, "U+0000 cannot be in a string");
          return NULL;
        }
      inside.length = length;
    }
  result[inside.length] = '\0';
  return g_steal_pointer (&result);
}

/**
 * rmi_reader_get_string:
 * @self: a reader
 *
 * Reads a string without U+0000.
 *
 * Returns: (transfer full) (nullable): the next value, or %NULL if an error stuck
 *
 * Since: 1.0
 */
char *
rmi_reader_get_string (RmiReader *self)
{
  return get_string (self, "a string");
}

static char *
get_checked (RmiReader  *self,
             gboolean  (*is_valid) (const char *text),
             const char *expected)
{
  const char *position = (rmi_reader_next_char (self), self->cursor);
  g_autofree char *result = get_string (self, expected);

  if (result == NULL)
    return NULL;
  if (!is_valid (result))
    {
      rmi_reader_fail_at (self, position, self->code, "expected %s, not \"%.64s\"", expected, result);
      return NULL;
    }
  return g_steal_pointer (&result);
}

/**
 * rmi_reader_get_object_path:
 * @self: a reader
 *
 * Reads a D-Bus object path.
 *
 * Returns: (transfer full) (nullable): the next value, or %NULL if an error stuck
 *
 * Since: 1.0
 */
char *
rmi_reader_get_object_path (RmiReader *self)
{
  return get_checked (self, g_variant_is_object_path, "an object path");
}

/**
 * rmi_reader_get_signature:
 * @self: a reader
 *
 * Reads a D-Bus type signature.
 *
 * Returns: (transfer full) (nullable): the next value, or %NULL if an error stuck
 *
 * Since: 1.0
 */
char *
rmi_reader_get_signature (RmiReader *self)
{
  return get_checked (self, g_variant_is_signature, "a signature");
}

/**
 * rmi_reader_get_strv:
 * @self: a reader
 *
 * Reads an array of strings.
 *
 * Returns: (transfer full) (nullable): the next value, or %NULL if an error stuck
 *
 * Since: 1.0
 */
GStrv
rmi_reader_get_strv (RmiReader *self)
{
  g_autoptr(GPtrArray) strings = g_ptr_array_new_with_free_func (g_free);
  char *string;

  rmi_reader_begin_array (self);
  while (rmi_reader_next_element (self))
    {
      string = rmi_reader_charge (self, sizeof (char *)) ? rmi_reader_get_string (self) : NULL;
      if (string != NULL)
        g_ptr_array_add (strings, string);
    }
  if (self->error != NULL)
    return NULL;

  g_ptr_array_add (strings, NULL);
  return (GStrv) g_ptr_array_steal (strings, NULL);
}

/* The 6 bits of a base64 digit, or -1. */
static inline int
base64_bits (char digit)
{
  if (digit >= 'A' && digit <= 'Z')
    return digit - 'A';
  if (digit >= 'a' && digit <= 'z')
    return digit - 'a' + 26;
  if (digit >= '0' && digit <= '9')
    return digit - '0' + 52;
  return digit == '+' ? 62 : digit == '/' ? 63 : -1;
}

/* The one text that bytes have in base64: padded, nothing in between, no stray bits. */
static gboolean
base64_decode (RmiSlice  text,
               guint8   *bytes,
               gsize    *length)
{
  gsize padding = 0, i, n = 0;

  if (text.length % 4 != 0)
    return FALSE;
  while (padding < 2 && padding < text.length && text.data[text.length - 1 - padding] == '=')
    padding++;

  for (i = 0; i < text.length; i += 4)
    {
      gsize n_padding = i + 4 == text.length ? padding : 0;
      int a = base64_bits (text.data[i]);
      int b = base64_bits (text.data[i + 1]);
      int c = n_padding >= 2 ? 0 : base64_bits (text.data[i + 2]);
      int d = n_padding >= 1 ? 0 : base64_bits (text.data[i + 3]);

      if ((a | b | c | d) < 0 ||
          (n_padding == 2 && (b & 0xF) != 0) || (n_padding == 1 && (c & 0x3) != 0))
        return FALSE;
      bytes[n++] = a << 2 | b >> 4;
      if (n_padding < 2)
        bytes[n++] = (b & 0xF) << 4 | c >> 2;
      if (n_padding < 1)
        bytes[n++] = (c & 0x3) << 6 | d;
    }
  *length = n;
  return TRUE;
}

/**
 * rmi_reader_get_bytes:
 * @self: a reader
 *
 * Reads base64.
 *
 * Returns: (transfer full) (nullable): the next value, or %NULL if an error stuck
 *
 * Since: 1.0
 */
GBytes *
rmi_reader_get_bytes (RmiReader *self)
{
  g_autofree char *owned = NULL;
  g_autofree guint8 *bytes = NULL;
  const char *position;
  gsize length = 0;
  RmiSlice text;

  rmi_reader_next_char (self);
  position = self->cursor;
  if (!rmi_reader_take_text (self, "bytes in base64", &text, &owned) ||
      !rmi_reader_charge (self, rmi_reader_block_size (text.length / 4 * 3) + 64))
    return NULL;

  bytes = g_malloc (text.length / 4 * 3 + 1);
  if (!base64_decode (text, bytes, &length))
    {
      rmi_reader_fail_at (self, position, self->code, "expected bytes in base64");
      return NULL;
    }
  return g_bytes_new_take (g_steal_pointer (&bytes), length);
}

/**
 * rmi_reader_get_enum:
 * @self: a reader
 * @values: (array): the values, ended by one without a nick
 *
 * Reads a nick.
 *
 * Returns: the next value, or 0 if an error stuck
 *
 * Since: 1.0
 */
int
rmi_reader_get_enum (RmiReader        *self,
                     const GEnumValue *values)
{
  g_autofree char *owned = NULL;
  const char *position;
  RmiSlice nick;

  rmi_reader_next_char (self);
  position = self->cursor;
  if (!rmi_reader_take_text (self, "the nick of an enum value", &nick, &owned))
    return 0;

  for (; values->value_nick != NULL; values++)
    if (rmi_slice_equals (nick, values->value_nick, strlen (values->value_nick)))
      return values->value;

  rmi_reader_fail_at (self, position, self->code, "\"%.*s\" is no value of this enum",
                      (int) MIN (nick.length, 64), nick.data);
  return 0;
}

static guint
get_flag (RmiReader         *self,
          const GFlagsValue *values)
{
  g_autofree char *owned = NULL;
  const char *position;
  RmiSlice nick;

  rmi_reader_next_char (self);
  position = self->cursor;
  if (!rmi_reader_take_text (self, "the nick of a flag", &nick, &owned))
    return 0;

  for (; values->value_nick != NULL; values++)
    if (rmi_slice_equals (nick, values->value_nick, strlen (values->value_nick)))
      return values->value;

  rmi_reader_fail_at (self, position, self->code, "\"%.*s\" is none of these flags",
                      (int) MIN (nick.length, 64), nick.data);
  return 0;
}

/**
 * rmi_reader_get_flags:
 * @self: a reader
 * @values: (array): the values, ended by one without a nick
 *
 * Reads an array of nicks.
 *
 * Returns: the next value, or 0 if an error stuck
 *
 * Since: 1.0
 */
guint
rmi_reader_get_flags (RmiReader         *self,
                      const GFlagsValue *values)
{
  guint flags = 0;

  rmi_reader_begin_array (self);
  while (rmi_reader_next_element (self))
    flags |= get_flag (self, values);
  return self->error == NULL ? flags : 0;
}
