/* rmi/rmi-writer-values.c: JSON text, scalars, strings and bytes
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Each function reserves what its value may need at most, and writes it in place.
 */
#include "config.h"

#include "rmi/rmi-writer-private.h"

#include <math.h>

#include "rmi/rmi-decimal-internal.h"
#include "rmi/rmi-double-internal.h"
#include "rmi/rmi-error.h"
#include "rmi/rmi-text-internal.h"

#define SAFE_INTEGER_MAX ((G_GINT64_CONSTANT (1) << 53) - 1)    /* what every JSON parser reads exactly */
#define ESCAPE_SLACK 24       /* one escape, and the overhang of a vector store */

/* Copies bytes up to the first that is not plain, and up to 15 more of any kind. Returns how many are
 * plain. */
static inline gsize
copy_plain (char       *out,
            const char *text,
            gsize       length)
{
  gsize n = 0;
  guint64 bytes;

#ifdef __SSE2__
  for (; length - n >= 16; n += 16)
    {
      __m128i chunk = _mm_loadu_si128 ((const __m128i *) (text + n));
      guint special = rmi_text_find_special (chunk);

      _mm_storeu_si128 ((__m128i *) (out + n), chunk);
      if (special != 0)
        return n + __builtin_ctz (special);
    }
#endif
  for (; length - n >= 8; n += 8)
    {
      memcpy (&bytes, text + n, 8);
      if (!rmi_text_are_plain (bytes))
        break;
      memcpy (out + n, &bytes, 8);
    }
  if (length - n < 8 && length >= 8)
    {
      memcpy (&bytes, text + length - 8, 8);      /* some of them once more */
      if (rmi_text_are_plain (bytes))
        {
          memcpy (out + length - 8, &bytes, 8);
          return length;
        }
    }
  for (; n < length && rmi_text_is_plain (text[n]); n++)
    out[n] = text[n];
  return n;
}

static char *
write_escape (char *out,
              char  c)
{
  static const char letters[32] = {
    ['\b'] = 'b', ['\f'] = 'f', ['\n'] = 'n', ['\r'] = 'r', ['\t'] = 't',
  };
  char letter = (guchar) c < 0x20 ? letters[(guchar) c] : c;

  *out++ = '\\';
  if (letter != '\0')
    {
      *out++ = letter;
      return out;
    }
  memcpy (out, "u00", 3);
  out[3] = "01"[c >> 4];
  out[4] = "0123456789abcdef"[c & 15];
  return out + 5;
}

/* Copies the characters beyond ASCII at @p, for which there is room. */
static const char *
copy_utf8 (RmiWriter  *self,
           const char *p,
           const char *end)
{
  while (p < end && (guchar) *p >= 0x80)
    {
      const char *next = rmi_text_next_utf8 (p, end);

      if (next == NULL)
        return NULL;
      while (p < next)
        *self->cursor++ = *p++;
    }
  return p;
}

void
rmi_writer_escape (RmiWriter  *self,
                   const char *text,
                   gsize       length)
{
  const char *end = text + length;
  const char *p = text;

  while (p < end && rmi_writer_reserve (self, end - p + ESCAPE_SLACK))
    {
      gsize n = copy_plain (self->cursor, p, end - p);
      const char *next;

      self->cursor += n;
      p += n;
      if (p == end)
        break;
      if ((guchar) *p < 0x80)
        {
          self->cursor = write_escape (self->cursor, *p++);
          continue;
        }
      next = copy_utf8 (self, p, end);
      if (next == NULL)
        {
          rmi_writer_fail (self, g_error_new (RMI_ERROR, RMI_ERROR_INVALID_ARGUMENTS,
                                              "A string of %" G_GSIZE_FORMAT " bytes is not valid UTF-8",
                                              length));
          return;
        }
      p = next;
    }
}

/* A string value that needs no escaping. */
static inline void
add_plain (RmiWriter  *self,
           const char *text,
           gsize       length)
{
  char *p = rmi_writer_open (self, length + 2);

  if (p == NULL)
    return;
  *p++ = '"';
  memcpy (p, text, length);
  p[length] = '"';
  self->cursor = p + length + 1;
}

/**
 * rmi_writer_add_null:
 * @self: a writer
 *
 * Writes `null`.
 *
 * Since: 1.0
 */
void
rmi_writer_add_null (RmiWriter *self)
{
  g_return_if_fail (self != NULL);

  rmi_writer_add_raw (self, "null", 4);
}

/**
 * rmi_writer_add_boolean:
 * @self: a writer
 * @value: a boolean
 *
 * Writes `true` or `false`.
 *
 * Since: 1.0
 */
void
rmi_writer_add_boolean (RmiWriter *self,
                        gboolean   value)
{
  g_return_if_fail (self != NULL);

  if (value)
    rmi_writer_add_raw (self, "true", 4);
  else
    rmi_writer_add_raw (self, "false", 5);
}

/* A number, or beyond what every parser reads exactly, a string of it. */
static inline void
add_integer (RmiWriter *self,
             guint64    magnitude,
             gboolean   is_negative)
{
  gboolean is_string = magnitude > SAFE_INTEGER_MAX;
  char *p;

  g_return_if_fail (self != NULL);

  p = rmi_writer_open (self, RMI_DECIMAL_DIGITS + 3);
  if (p == NULL)
    return;
  if (is_string)
    *p++ = '"';
  if (is_negative)
    *p++ = '-';
  p += rmi_decimal_write (p, magnitude);
  if (is_string)
    *p++ = '"';
  self->cursor = p;
}

/**
 * rmi_writer_add_int32:
 * @self: a writer
 * @value: an integer, also one of the types `y`, `n` and `q`
 *
 * Writes a number.
 *
 * Since: 1.0
 */
void
rmi_writer_add_int32 (RmiWriter *self,
                      gint32     value)
{
  rmi_writer_add_int64 (self, value);
}

/**
 * rmi_writer_add_uint32:
 * @self: a writer
 * @value: an integer
 *
 * Writes a number.
 *
 * Since: 1.0
 */
void
rmi_writer_add_uint32 (RmiWriter *self,
                       guint32    value)
{
  add_integer (self, value, FALSE);
}

/**
 * rmi_writer_add_int64:
 * @self: a writer
 * @value: an integer
 *
 * Writes a number, or beyond ±(2^53 - 1) a decimal string, which no peer rounds.
 *
 * Since: 1.0
 */
void
rmi_writer_add_int64 (RmiWriter *self,
                      gint64     value)
{
  add_integer (self, value < 0 ? -(guint64) value : (guint64) value, value < 0);
}

/**
 * rmi_writer_add_uint64:
 * @self: a writer
 * @value: an integer
 *
 * Writes a number, or beyond 2^53 - 1 a decimal string, which no peer rounds.
 *
 * Since: 1.0
 */
void
rmi_writer_add_uint64 (RmiWriter *self,
                       guint64    value)
{
  add_integer (self, value, FALSE);
}

/**
 * rmi_writer_add_double:
 * @self: a writer
 * @value: a number
 *
 * Writes the shortest number that reads back the same, in every locale; infinities and NaN as strings.
 *
 * Since: 1.0
 */
void
rmi_writer_add_double (RmiWriter *self,
                       double     value)
{
  char *p;

  g_return_if_fail (self != NULL);

  if (isnan (value))
    add_plain (self, "NaN", 3);
  else if (isinf (value))
    rmi_writer_add_string (self, value > 0 ? "Infinity" : "-Infinity");
  else
    {
      p = rmi_writer_open (self, RMI_DOUBLE_CHARS);
      if (p != NULL)
        self->cursor = p + rmi_double_format (p, value);
    }
}

/**
 * rmi_writer_add_double_array:
 * @self: a writer
 * @values: (nullable) (element-type double): numbers; %NULL is none
 *
 * Writes an array of numbers, each as rmi_writer_add_double() does.
 *
 * Since: 1.0
 */
void
rmi_writer_add_double_array (RmiWriter *self,
                             GArray    *values)
{
  rmi_writer_begin_array (self);
  for (guint i = 0; values != NULL && i < values->len; i++)
    rmi_writer_add_double (self, g_array_index (values, double, i));
  rmi_writer_end_array (self);
}

/**
 * rmi_writer_add_string:
 * @self: a writer
 * @value: UTF-8 text
 *
 * Writes a string. Text that is not valid UTF-8 is an error that sticks.
 *
 * Since: 1.0
 */
void
rmi_writer_add_string (RmiWriter  *self,
                       const char *value)
{
  if (G_UNLIKELY (value == NULL))
    {
      g_return_if_fail_warning (G_LOG_DOMAIN, G_STRFUNC, "value != NULL");
      value = "";             /* nothing at all would not be JSON */
    }
  rmi_writer_add_string_n (self, value, strlen (value));
}

/**
 * rmi_writer_add_string_n:
 * @self: a writer
 * @value: (array length=length): UTF-8 text, which may hold U+0000
 * @length: how many bytes
 *
 * Writes a string. Text that is not valid UTF-8 is an error that sticks.
 *
 * Since: 1.0
 */
void
rmi_writer_add_string_n (RmiWriter  *self,
                         const char *value,
                         gsize       length)
{
  char *p;

  g_return_if_fail (self != NULL);
  g_return_if_fail (value != NULL || length == 0);

  p = rmi_writer_open (self, length + 2 + ESCAPE_SLACK);
  if (p == NULL)
    return;
  *p = '"';
  self->cursor = p + 1;
  rmi_writer_escape (self, value, length);
  if (rmi_writer_reserve (self, 1))
    *self->cursor++ = '"';
}

/* `$ref` and its like, with any number of dollars. */
static gboolean
is_reserved_key (const char *key)
{
  if (key[0] != '$')
    return FALSE;
  key += strspn (key, "$");
  return strcmp (key, "ref") == 0 || strcmp (key, "home") == 0
         || strcmp (key, "same") == 0 || strcmp (key, "type") == 0;
}

/**
 * rmi_writer_add_key:
 * @self: a writer
 * @key: any UTF-8 text
 *
 * Writes the key of a dict's entry; its value comes next. A key such as `$ref` gets one more `$`, which
 * the reader takes away: so a peer can tell data from references without knowing types.
 *
 * Since: 1.0
 */
void
rmi_writer_add_key (RmiWriter  *self,
                    const char *key)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (key != NULL);

  rmi_writer_begin_string (self);
  if (is_reserved_key (key))
    rmi_writer_append (self, "$", 1);
  rmi_writer_escape (self, key, strlen (key));
  rmi_writer_append (self, "\":", 2);
}

/**
 * rmi_writer_add_strv:
 * @self: a writer
 * @value: (nullable) (array zero-terminated=1): strings; %NULL is none
 *
 * Writes an array of strings.
 *
 * Since: 1.0
 */
void
rmi_writer_add_strv (RmiWriter         *self,
                     const char *const *value)
{
  rmi_writer_begin_array (self);
  for (gsize i = 0; value != NULL && value[i] != NULL; i++)
    rmi_writer_add_string (self, value[i]);
  rmi_writer_end_array (self);
}

/**
 * rmi_writer_add_bytes:
 * @self: a writer
 * @value: bytes
 *
 * Writes bytes as a base64 string.
 *
 * Since: 1.0
 */
void
rmi_writer_add_bytes (RmiWriter *self,
                      GBytes    *value)
{
  int state = 0;
  int save = 0;
  gsize length;
  const guint8 *bytes;
  char *p;

  g_return_if_fail (self != NULL);
  g_return_if_fail (value != NULL);

  bytes = g_bytes_get_data (value, &length);
  p = rmi_writer_open (self, (length / 3 + 1) * 4 + 8);
  if (p == NULL)
    return;
  *p++ = '"';
  p += g_base64_encode_step (bytes, length, FALSE, p, &state, &save);
  p += g_base64_encode_close (FALSE, p, &state, &save);
  *p = '"';
  self->cursor = p + 1;
}

/**
 * rmi_writer_add_enum:
 * @self: a writer
 * @values: (array): the enumeration's values, up to one without a nick
 * @value: one of them
 *
 * Writes the nick of @value. A number that is none of @values is an error that sticks.
 *
 * Since: 1.0
 */
void
rmi_writer_add_enum (RmiWriter        *self,
                     const GEnumValue *values,
                     int               value)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (values != NULL);

  for (; values->value_nick != NULL; values++)
    if (values->value == value)
      {
        rmi_writer_add_string (self, values->value_nick);
        return;
      }
  rmi_writer_fail (self, g_error_new (RMI_ERROR, RMI_ERROR_INVALID_ARGUMENTS,
                                      "%d is not a value of the enumeration", value));
}

/**
 * rmi_writer_add_flags:
 * @self: a writer
 * @values: (array): the flags, up to one without a nick
 * @value: a combination of them
 *
 * Writes an array of nicks. A bit that is in none of @values is an error that sticks.
 *
 * Since: 1.0
 */
void
rmi_writer_add_flags (RmiWriter         *self,
                      const GFlagsValue *values,
                      guint              value)
{
  guint left = value;

  g_return_if_fail (self != NULL);
  g_return_if_fail (values != NULL);

  rmi_writer_begin_array (self);
  for (; values->value_nick != NULL; values++)
    if ((left & values->value) != 0 && (value & values->value) == values->value)
      {
        rmi_writer_add_string (self, values->value_nick);
        left &= ~values->value;
      }
  rmi_writer_end_array (self);
  if (left != 0)
    rmi_writer_fail (self, g_error_new (RMI_ERROR, RMI_ERROR_INVALID_ARGUMENTS,
                                        "Bits 0x%x are in none of the flags", left));
}

/**
 * rmi_writer_add_object:
 * @self: a writer
 * @object: (type GObject.Object): a local object of @interface_type, or a stub
 * @interface_type: the declared interface
 *
 * Writes a reference to @object. An object that cannot be passed, and %NULL, are errors that stick:
 * where null is allowed the caller writes it.
 *
 * Since: 1.0
 */
void
rmi_writer_add_object (RmiWriter *self,
                       gpointer   object,
                       GType      interface_type)
{
  GError *error = NULL;

  g_return_if_fail (self != NULL);

  if (self->error != NULL)
    return;
  self->is_personal = TRUE;
  if (object == NULL)
    g_set_error (&error, RMI_ERROR, RMI_ERROR_INVALID_ARGUMENTS,
                 "An object of type %s must not be NULL", g_type_name (interface_type));
  else if (self->codec == NULL)
    g_set_error (&error, RMI_ERROR, RMI_ERROR_NOT_SUPPORTED,
                 "A reference to an object cannot be written here");
  else
    self->codec->write (self->codec, self, object, interface_type, &error);
  if (error != NULL)
    rmi_writer_fail (self, error);
}
