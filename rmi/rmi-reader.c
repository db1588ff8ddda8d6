/* rmi/rmi-reader.c: values out of JSON text, in place
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A cursor over text that was checked before: syntax is trusted, types and ranges are not. Nothing
 * is kept for error texts; where an error is, is found out when it is made (rmi-reader-location.c).
 */
#include "config.h"
#include "rmi/rmi-reader-private.h"

#include <math.h>

#include "rmi/rmi-double-internal.h"
#include "rmi/rmi-text-internal.h"

void
rmi_reader_init (RmiReader         *self,
                 RmiSlice           text,
                 const RmiLimits   *limits,
                 RmiReferenceCodec *codec,
                 RmiError           code,
                 const char        *root)
{
  if (text.data == NULL)
    text = RMI_SLICE_LITERAL ("null");

  *self = (RmiReader) {
    .start = text.data,
    .end = text.data + text.length,
    .cursor = text.data,
    .claimed = text.data,
    .codec = codec,
    .epoch = codec != NULL ? codec->epoch : 0,
    .code = code,
    .budget = G_MAXSIZE,
    .root = root,
  };
  if (limits != NULL)
    self->budget = text.length * limits->decode_factor + limits->decode_bytes;
}

gboolean
rmi_reader_finish (RmiReader  *self,
                   GError    **error)
{
  rmi_reader_claim (self, self->end, self->end);
  g_clear_pointer (&self->shared, rmi_shared_table_free);
  self->start = self->end = self->cursor = self->claimed = "";
  g_clear_pointer (&self->positional, g_free);
  g_clear_pointer (&self->temporary, g_free);

  if (rmi_reader_complete (self))
    return TRUE;
  g_clear_pointer (&self->whole, g_ptr_array_unref);
  g_propagate_error (error, g_steal_pointer (&self->error));
  return FALSE;
}

/**
 * rmi_reader_has_failed:
 * @self: a reader
 *
 * Returns: whether an error stuck
 *
 * Since: 1.0
 */
gboolean
rmi_reader_has_failed (RmiReader *self)
{
  return self->error != NULL;
}

/**
 * rmi_reader_fail:
 * @self: a reader
 * @error: (transfer full): what is wrong
 *
 * Makes @error stick, unless one does already.
 *
 * Since: 1.0
 */
void
rmi_reader_fail (RmiReader *self,
                 GError    *error)
{
  g_return_if_fail (error != NULL);

  self->cursor = self->end;
  if (self->error != NULL)
    {
      g_error_free (error);
      return;
    }
  self->error = error;
  rmi_text_show (&error->message);
}

/**
 * rmi_reader_charge:
 * @self: a reader
 * @bytes: memory about to be allocated for what is decoded
 *
 * Counts @bytes against what decoding this message may take. The error that sticks is
 * %RMI_ERROR_LIMIT.
 *
 * Returns: whether the memory may be allocated
 *
 * Since: 1.0
 */
gboolean
rmi_reader_charge (RmiReader *self,
                   gsize      bytes)
{
  if (G_UNLIKELY (bytes > self->budget))
    {
      rmi_reader_fail_at (self, self->cursor, RMI_ERROR_LIMIT,
                          "decoding takes more memory than the limit for a message of this size");
      return FALSE;
    }
  self->budget -= bytes;
  return TRUE;
}

/**
 * rmi_reader_peek:
 * @self: a reader
 *
 * Looks at the next value and consumes nothing.
 *
 * Returns: how it begins: one of `{ [ " t f n`, `0` for any number; or 0 at the end
 *
 * Since: 1.0
 */
char
rmi_reader_peek (RmiReader *self)
{
  char next = rmi_reader_next_char (self);

  return next == '-' || g_ascii_isdigit (next) ? '0' : next;
}

/**
 * rmi_reader_take_null:
 * @self: a reader
 *
 * Consumes a null, or does nothing.
 *
 * Returns: whether there was a null
 *
 * Since: 1.0
 */
gboolean
rmi_reader_take_null (RmiReader *self)
{
  if (rmi_reader_next_char (self) != 'n')
    return FALSE;
  self->cursor += strlen ("null");
  return TRUE;
}

/**
 * rmi_reader_get_boolean:
 * @self: a reader
 *
 * Returns: the next value, or %FALSE if an error stuck
 *
 * Since: 1.0
 */
gboolean
rmi_reader_get_boolean (RmiReader *self)
{
  char next = rmi_reader_next_char (self);

  if (next == 't')
    self->cursor += strlen ("true");
  else if (next == 'f')
    self->cursor += strlen ("false");
  else
    rmi_reader_fail_type (self, "a boolean");
  return next == 't';
}

RmiSlice
rmi_reader_peek_number (RmiReader *self,
                        gboolean  *is_integer)
{
  RmiSlice number = { self->cursor, 0 };
  const char *p = self->cursor;

  *is_integer = TRUE;
  for (; p < self->end && (g_ascii_isalnum (*p) || *p == '+' || *p == '-' || *p == '.'); p++)
    if (*p == '.' || *p == 'e' || *p == 'E')
      *is_integer = FALSE;
  number.length = p - self->cursor;
  return number;
}

/* Reads digits from @text on. The first byte behind them, or NULL if their value is beyond 64
   bits. */
static inline const char *
parse_digits (const char *text,
              const char *end,
              guint64    *value)
{
  guint64 result = 0;

  for (; text < end; text++)
    {
      guint digit = (guchar) (*text - '0');

      if (digit > 9)
        break;
      if (__builtin_mul_overflow (result, 10, &result) ||
          __builtin_add_overflow (result, digit, &result))
        return NULL;
    }
  *value = result;
  return text;
}

static void
fail_integer (RmiReader  *self,
              const char *expected)
{
  gboolean is_integer;
  RmiSlice number = rmi_reader_peek_number (self, &is_integer);
  int shown = MIN (number.length, 40);

  if (is_integer)
    rmi_reader_fail_at (self, self->cursor, self->code, "%.*s is out of range for %s",
                        shown, number.data, expected);
  else
    rmi_reader_fail_at (self, self->cursor, self->code, "expected %s, not %.*s",
                        expected, shown, number.data);
}

/* An integer from -@lowest to @highest, in two's complement. */
static inline guint64
get_integer (RmiReader  *self,
             guint64     lowest,
             guint64     highest,
             const char *expected)
{
  char next = rmi_reader_next_char (self);
  gboolean is_negative = next == '-';
  const char *after;
  guint64 magnitude;

  if (!is_negative && !g_ascii_isdigit (next))
    {
      rmi_reader_fail_type (self, expected);
      return 0;
    }

  after = parse_digits (self->cursor + is_negative, self->end, &magnitude);
  if (after == NULL || magnitude > (is_negative ? lowest : highest) ||
      (after < self->end && (*after == '.' || *after == 'e' || *after == 'E')))
    {
      fail_integer (self, expected);
      return 0;
    }

  self->cursor = after;
  return is_negative ? -magnitude : magnitude;
}

/* x and t may come as a decimal string, because not every JSON parser has 64-bit integers. */
static guint64
get_wide_integer (RmiReader  *self,
                  guint64     lowest,
                  guint64     highest,
                  const char *expected)
{
  const char *position, *digits, *close;
  gboolean is_escaped, is_negative;
  guint64 magnitude = 0;
  RmiSlice inside;

  if (rmi_reader_next_char (self) != '"')
    return get_integer (self, lowest, highest, expected);

  position = self->cursor;
  rmi_reader_take_string (self, expected, &inside, &is_escaped);
  close = inside.data + inside.length;
  is_negative = *inside.data == '-';
  digits = inside.data + is_negative;
  if (digits == close || (*digits == '0' && close - digits > 1) ||
      parse_digits (digits, close, &magnitude) != close ||
      magnitude > (is_negative ? lowest : highest))
    {
      rmi_reader_fail_at (self, position, self->code, "expected %s, not the string \"%.*s\"",
                          expected, (int) MIN (inside.length, 40), inside.data);
      return 0;
    }
  return is_negative ? -magnitude : magnitude;
}

/**
 * rmi_reader_get_byte:
 * @self: a reader
 *
 * Returns: the next value, or 0 if an error stuck
 *
 * Since: 1.0
 */
guint8
rmi_reader_get_byte (RmiReader *self)
{
  return get_integer (self, 0, G_MAXUINT8, "a byte");
}

/**
 * rmi_reader_get_int16:
 * @self: a reader
 *
 * Returns: the next value, or 0 if an error stuck
 *
 * Since: 1.0
 */
gint16
rmi_reader_get_int16 (RmiReader *self)
{
  return get_integer (self, (guint64) G_MAXINT16 + 1, G_MAXINT16, "a 16-bit integer");
}

/**
 * rmi_reader_get_uint16:
 * @self: a reader
 *
 * Returns: the next value, or 0 if an error stuck
 *
 * Since: 1.0
 */
guint16
rmi_reader_get_uint16 (RmiReader *self)
{
  return get_integer (self, 0, G_MAXUINT16, "an unsigned 16-bit integer");
}

/**
 * rmi_reader_get_int32:
 * @self: a reader
 *
 * Returns: the next value, or 0 if an error stuck
 *
 * Since: 1.0
 */
gint32
rmi_reader_get_int32 (RmiReader *self)
{
  return get_integer (self, (guint64) G_MAXINT32 + 1, G_MAXINT32, "a 32-bit integer");
}

/**
 * rmi_reader_get_uint32:
 * @self: a reader
 *
 * Returns: the next value, or 0 if an error stuck
 *
 * Since: 1.0
 */
guint32
rmi_reader_get_uint32 (RmiReader *self)
{
  return get_integer (self, 0, G_MAXUINT32, "an unsigned 32-bit integer");
}

/**
 * rmi_reader_get_int64:
 * @self: a reader
 *
 * Reads a number or a string of decimal digits.
 *
 * Returns: the next value, or 0 if an error stuck
 *
 * Since: 1.0
 */
gint64
rmi_reader_get_int64 (RmiReader *self)
{
  return get_wide_integer (self, (guint64) G_MAXINT64 + 1, G_MAXINT64, "a 64-bit integer");
}

/**
 * rmi_reader_get_uint64:
 * @self: a reader
 *
 * Reads a number or a string of decimal digits.
 *
 * Returns: the next value, or 0 if an error stuck
 *
 * Since: 1.0
 */
guint64
rmi_reader_get_uint64 (RmiReader *self)
{
  return get_wide_integer (self, 0, G_MAXUINT64, "an unsigned 64-bit integer");
}

/**
 * rmi_reader_get_double:
 * @self: a reader
 *
 * Reads any number, or "NaN", "Infinity", "-Infinity".
 *
 * Returns: the next value, or 0 if an error stuck
 *
 * Since: 1.0
 */
double
rmi_reader_get_double (RmiReader *self)
{
  char next = rmi_reader_next_char (self);
  const char *position = self->cursor;
  double value = 0;
  gboolean ignored;
  RmiSlice text;

  if (next == '-' || g_ascii_isdigit (next))
    {
      const char *after = rmi_double_parse (position, self->end, &value);

      if (after == NULL)
        rmi_reader_fail_type (self, "a number that fits a double");
      else
        self->cursor = after;
      return value;
    }

  if (next != '"')
    rmi_reader_fail_type (self, "a number");
  else if (rmi_reader_take_string (self, "a number", &text, &ignored))
    {
      if (rmi_json_string_equals (text, "NaN"))
        return NAN;
      if (rmi_json_string_equals (text, "Infinity"))
        return INFINITY;
      if (rmi_json_string_equals (text, "-Infinity"))
        return -INFINITY;
      rmi_reader_fail_at (self, position, self->code, "expected a number, not a string");
    }
  return 0;
}

/**
 * rmi_reader_get_double_array:
 * @self: a reader
 *
 * Reads an array of numbers, each as rmi_reader_get_double() does.
 *
 * Returns: (transfer full) (nullable) (element-type double): the next value, or %NULL if an error stuck
 *
 * Since: 1.0
 */
GArray *
rmi_reader_get_double_array (RmiReader *self)
{
  g_autoptr(GArray) array = g_array_new (FALSE, FALSE, sizeof (double));
  double some[128];           /* which the array is given at once */
  guint n = 0;

  rmi_reader_charge (self, sizeof (GArray));
  for (rmi_reader_begin_array (self); rmi_reader_next_element (self);)
    {
      some[n++] = rmi_reader_get_double (self);
      if (n == G_N_ELEMENTS (some) && rmi_reader_charge (self, sizeof some))
        {
          g_array_append_vals (array, some, n);
          n = 0;
        }
    }
  if (!rmi_reader_charge (self, n * sizeof *some) || self->error != NULL)
    return NULL;
  g_array_append_vals (array, some, n);
  return g_steal_pointer (&array);
}
