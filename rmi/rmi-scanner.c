/* rmi/rmi-scanner.c: the strict check of a whole JSON text
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Open arrays and objects are frames in an array of fixed size, the member names of all open objects one stack of keys. Both
 * are on the C stack for ordinary texts, and bounded by the limits for all others.
 */
#include "config.h"

#include "rmi/rmi-scanner-internal.h"

#include "rmi/rmi-double-internal.h"
#include "rmi/rmi-error.h"
#include "rmi/rmi-json-text-private.h"
#include "rmi/rmi-siphash-internal.h"
#include "rmi/rmi-text-internal.h"

#define PAIRWISE_MAX 16       /* members compared with each other; more go through a hash */
#define INLINE_KEYS 64

/* A member's name, unescaped. */
typedef struct
{
  const char *data;
  guint32     length;
  guint32     tag;            /* differs if the names are likely to */
} Key;

typedef struct
{
  guint    first_key;
  gboolean is_object;
} Frame;

typedef struct
{
  const char      *start;
  const char      *end;
  const char      *cursor;
  const RmiLimits *limits;
  guint            n_values;
  guint            depth;
  guint            max_depth;
  guint            n_keys;
  guint            n_allocated;
  Key             *keys;
  Key             *heap_keys;           /* nullable: keys, once they are many */
  guint32         *table;               /* nullable: scratch of check_keys() */
  guint            table_size;
  GStringChunk    *unescaped;           /* nullable: names that had escapes */
  RmiScannerFunc   top;
  gpointer         user_data;
  const char      *top_value;           /* where the value in the outermost container began */
  GError         **error;
  Key              inline_keys[INLINE_KEYS];
  Frame            frames[RMI_LIMITS_MAX_DEPTH];
} Scanner;

static gboolean G_GNUC_PRINTF (3, 4)
fail (Scanner    *self,
      const char *where,
      const char *format,
      ...)
{
  g_autofree char *text = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error (self->error, RMI_ERROR, RMI_ERROR_PARSE, "Byte %" G_GSIZE_FORMAT ": %s",
               (gsize) (where - self->start), text);
  return FALSE;
}

static gboolean
fail_limit (Scanner    *self,
            const char *where,
            const char *what,
            guint       limit,
            const char *name)
{
  g_set_error (self->error, RMI_ERROR, RMI_ERROR_LIMIT, "Byte %" G_GSIZE_FORMAT ": %s exceeds the limit of %u (%s)",
               (gsize) (where - self->start), what, limit, name);
  return FALSE;
}

static gboolean
fail_expected (Scanner    *self,
               const char *what)
{
  const char *p = self->cursor;

  if (p == self->end)
    return fail (self, p, "%s expected, but the text ends", what);
  if ((guchar) *p > 0x20 && (guchar) *p < 0x7f)
    return fail (self, p, "%s expected, not '%c'", what, *p);
  return fail (self, p, "%s expected, not the byte 0x%02x", what, (guchar) *p);
}

static inline void
skip_space (Scanner *self)
{
  const char *p = self->cursor;

  while (p < self->end && (*p == ' ' || *p == '\n' || *p == '\r' || *p == '\t'))
    p++;
  self->cursor = p;
}

static gboolean
read_hex4 (Scanner    *self,
           const char *p,
           guint      *value)
{
  *value = 0;
  for (int i = 0; i < 4; i++)
    {
      if (p + i >= self->end || !g_ascii_isxdigit (p[i]))
        return fail (self, MIN (p + i, self->end), "four hexadecimal digits expected after \\u");
      *value = *value << 4 | g_ascii_xdigit_value (p[i]);
    }
  return TRUE;
}

/* @p is at the backslash. Returns the end of the escape (of both, where two make a character), or NULL. */
static const char *
scan_escape (Scanner    *self,
             const char *p)
{
  guint first, second;

  if (p + 1 == self->end || p[1] == '\0' || strchr ("\"\\/bfnrtu", p[1]) == NULL)
    {
      fail (self, p, "unknown escape");
      return NULL;
    }
  if (p[1] != 'u')
    return p + 2;
  if (!read_hex4 (self, p + 2, &first))
    return NULL;
  if (first < 0xd800 || first > 0xdfff)
    return p + 6;
  if (first <= 0xdbff && self->end - p >= 8 && p[6] == '\\' && p[7] == 'u')
    {
      if (!read_hex4 (self, p + 8, &second))
        return NULL;
      if (second >= 0xdc00 && second <= 0xdfff)
        return p + 12;
    }
  fail (self, p, "lone surrogate");
  return NULL;
}

/* What a string has beyond plain bytes: from @p on to its closing quote, or NULL. */
static const char *
scan_special (Scanner    *self,
              const char *p,
              gboolean   *has_escapes)
{
  const char *next;

  for (;;)
    {
      p = rmi_text_skip_plain (p, self->end);
      if (p == self->end)
        {
          fail (self, p, "string not closed");
          return NULL;
        }
      if (*p == '"')
        return p;
      if (*p == '\\')
        {
          *has_escapes = TRUE;
          next = scan_escape (self, p);
          if (next == NULL)
            return NULL;
        }
      else
        {
          next = (guchar) *p >= 0x80 ? rmi_text_next_utf8 (p, self->end) : NULL;
          if (next == NULL)
            {
              fail (self, p, (guchar) *p >= 0x80 ? "invalid UTF-8" : "control byte in a string");
              return NULL;
            }
        }
      p = next;
    }
}

/* The cursor is behind the opening quote, and goes behind the closing one. */
static inline gboolean
scan_string (Scanner  *self,
             gboolean *has_escapes)
{
  const char *p = rmi_text_skip_plain (self->cursor, self->end);

  if (G_UNLIKELY (p == self->end || *p != '"'))
    p = scan_special (self, p, has_escapes);
  if (p == NULL)
    return FALSE;
  self->cursor = p + 1;
  return TRUE;
}

static inline const char *
skip_digits (const char *p,
             const char *end)
{
  while (p < end && (guchar) (*p - '0') < 10)
    p++;
  return p;
}

static gboolean
scan_digits (Scanner     *self,
             const char **p)
{
  const char *digits = *p;

  *p = skip_digits (digits, self->end);
  if (*p > digits)
    return TRUE;
  self->cursor = digits;
  return fail_expected (self, "a digit");
}

/* At most 256 digits are no danger to a double's range; only an exponent is. */
static gboolean
check_range (Scanner    *self,
             const char *end)
{
  double value;

  if (!rmi_double_parse ((RmiSlice) { self->cursor, end - self->cursor }, &value))
    return fail (self, self->cursor, "number beyond the range of a double");
  return TRUE;
}

static gboolean
scan_number (Scanner *self)
{
  const char *start = self->cursor;
  const char *p = start + (*start == '-');
  gboolean is_large = FALSE;

  if (p < self->end && *p == '0')
    p++;
  else if (!scan_digits (self, &p))
    return FALSE;
  if (p < self->end && *p == '.')
    {
      p++;
      if (!scan_digits (self, &p))
        return FALSE;
    }
  if (p < self->end && (*p == 'e' || *p == 'E'))
    {
      is_large = TRUE;
      p++;
      if (p < self->end && (*p == '+' || *p == '-'))
        p++;
      if (!scan_digits (self, &p))
        return FALSE;
    }
  if (p - start > (gssize) self->limits->number_chars)
    return fail_limit (self, start, "number's length", self->limits->number_chars, "number_chars");
  if ((is_large || p - start > 300) && !check_range (self, p))
    return FALSE;
  self->cursor = p;
  return TRUE;
}

static gboolean
scan_literal (Scanner    *self,
              const char *literal,
              gsize       length)
{
  if (self->end - self->cursor < (gssize) length || memcmp (self->cursor, literal, length) != 0)
    return fail_expected (self, "a value");
  self->cursor += length;
  return TRUE;
}

static void
reserve_key (Scanner *self)
{
  if (self->n_keys < self->n_allocated)
    return;
  self->n_allocated *= 2;
  self->heap_keys = g_renew (Key, self->heap_keys, self->n_allocated);
  if (self->keys == self->inline_keys)
    memcpy (self->heap_keys, self->inline_keys, sizeof self->inline_keys);
  self->keys = self->heap_keys;
}

static Key
make_key (Scanner    *self,
          const char *text,
          gsize       length,
          gboolean    has_escapes)
{
  const guchar *bytes;

  if (G_UNLIKELY (has_escapes))
    {
      g_autofree char *buffer = g_malloc (length);

      length = rmi_json_unescape (buffer, text, length);
      if (self->unescaped == NULL)
        self->unescaped = g_string_chunk_new (1024);
      text = g_string_chunk_insert_len (self->unescaped, buffer, length);
    }
  bytes = (const guchar *) text;
  return (Key) {
    text, MIN (length, G_MAXUINT32),
    length == 0 ? 0 : (guint32) bytes[0] | bytes[length / 2] << 8 | bytes[length - 1] << 16,
  };
}

static inline gboolean
keys_equal (const Key *a,
            const Key *b)
{
  return a->tag == b->tag && a->length == b->length && memcmp (a->data, b->data, a->length) == 0;
}

static gboolean
fail_duplicate (Scanner    *self,
                const char *where,
                const Key  *key)
{
  return fail (self, where, "duplicate member \"%.*s\"", (int) key->length, key->data);
}

/* A member's name and the colon. The cursor is where the name should begin. */
static gboolean
scan_key (Scanner *self)
{
  const Frame *frame = &self->frames[self->depth - 1];
  guint n_members = self->n_keys - frame->first_key;
  gboolean has_escapes = FALSE;
  const char *start;
  Key key;

  skip_space (self);
  if (self->cursor == self->end || *self->cursor != '"')
    return fail_expected (self, "a member's name");
  start = ++self->cursor;
  if (!scan_string (self, &has_escapes))
    return FALSE;
  key = make_key (self, start, self->cursor - 1 - start, has_escapes);
  if (key.length > self->limits->key_bytes)
    return fail_limit (self, start - 1, "length of a member's name", self->limits->key_bytes, "key_bytes");
  if (n_members >= self->limits->members)
    return fail_limit (self, start - 1, "number of members", self->limits->members, "members");
  if (n_members < PAIRWISE_MAX)
    for (guint i = frame->first_key; i < self->n_keys; i++)
      if (keys_equal (&self->keys[i], &key))
        return fail_duplicate (self, start - 1, &key);
  reserve_key (self);
  self->keys[self->n_keys++] = key;

  skip_space (self);
  if (self->cursor == self->end || *self->cursor != ':')
    return fail_expected (self, "':'");
  self->cursor++;
  return TRUE;
}

/* The members of a large object, all at once when it ends: open addressing under a hash that the peer cannot foresee. */
static gboolean
check_keys (Scanner *self,
            guint    first,
            guint    n)
{
  guint size = PAIRWISE_MAX * 4;

  while (size < 2 * n)
    size *= 2;
  if (size > self->table_size)
    {
      g_free (self->table);
      self->table = g_new (guint32, size);
      self->table_size = size;
    }
  memset (self->table, 0, size * sizeof *self->table);
  for (guint i = 0; i < n; i++)
    {
      Key *key = &self->keys[first + i];
      guint slot;

      key->tag = rmi_siphash (key->data, key->length);
      for (slot = key->tag & (size - 1); self->table[slot] != 0; slot = (slot + 1) & (size - 1))
        if (keys_equal (&self->keys[first + self->table[slot] - 1], key))
          return fail_duplicate (self, self->cursor, key);
      self->table[slot] = i + 1;
    }
  return TRUE;
}

static inline gboolean
open_container (Scanner  *self,
                gboolean  is_object)
{
  if (self->depth >= self->max_depth)
    return fail_limit (self, self->cursor, "depth", self->max_depth, "depth");
  self->frames[self->depth++] = (Frame) { self->n_keys, is_object };
  self->cursor++;
  return TRUE;
}

/* The cursor is at the bracket. */
static inline gboolean
close_container (Scanner *self)
{
  const Frame *frame = &self->frames[self->depth - 1];
  guint n_members = self->n_keys - frame->first_key;

  if (n_members > PAIRWISE_MAX && !check_keys (self, frame->first_key, n_members))
    return FALSE;
  self->n_keys = frame->first_key;
  self->depth--;
  self->cursor++;
  return TRUE;
}

/* Begins the value at the cursor; a scalar and an empty container are then complete. */
static gboolean
begin_value (Scanner  *self,
             gboolean *is_complete)
{
  gboolean has_escapes;
  gboolean is_object;

  skip_space (self);
  if (self->cursor == self->end)
    return fail_expected (self, "a value");
  if (++self->n_values > self->limits->values)
    return fail_limit (self, self->cursor, "number of values", self->limits->values, "values");
  if (self->depth == 1)
    self->top_value = self->cursor;

  *is_complete = TRUE;
  switch (*self->cursor)
    {
    case '"':
      self->cursor++;
      return scan_string (self, &has_escapes);
    case '0': case '1': case '2': case '3': case '4':
    case '5': case '6': case '7': case '8': case '9': case '-':
      return scan_number (self);
    case '{':
    case '[':
      is_object = *self->cursor == '{';
      if (!open_container (self, is_object))
        return FALSE;
      skip_space (self);
      if (self->cursor < self->end && *self->cursor == (is_object ? '}' : ']'))
        return close_container (self);
      *is_complete = FALSE;
      return !is_object || scan_key (self);
    case 't':
      return scan_literal (self, "true", 4);
    case 'f':
      return scan_literal (self, "false", 5);
    case 'n':
      return scan_literal (self, "null", 4);
    default:
      return fail_expected (self, "a value");
    }
}

static void
report_top (Scanner *self)
{
  RmiSlice value = { self->top_value, self->cursor - self->top_value };
  RmiSlice name = RMI_SLICE_INIT;

  if (self->frames[0].is_object)
    {
      const Key *key = &self->keys[self->n_keys - 1];

      name = (RmiSlice) { key->data, key->length };
    }
  self->top (name, value, self->user_data);
}

/* After a value: closes what ends here, up to the next value or the end of the outermost one. */
static gboolean
end_value (Scanner *self)
{
  while (self->depth > 0)
    {
      gboolean is_object = self->frames[self->depth - 1].is_object;

      if (self->depth == 1 && self->top != NULL)
        report_top (self);
      skip_space (self);
      if (self->cursor == self->end)
        return fail_expected (self, is_object ? "',' or '}'" : "',' or ']'");
      if (*self->cursor == ',')
        {
          self->cursor++;
          return !is_object || scan_key (self);
        }
      if (*self->cursor != (is_object ? '}' : ']'))
        return fail_expected (self, is_object ? "',' or '}'" : "',' or ']'");
      if (!close_container (self))
        return FALSE;
    }
  return TRUE;
}

static gboolean
scan (Scanner *self)
{
  gboolean is_complete = FALSE;

  do
    {
      if (!begin_value (self, &is_complete))
        return FALSE;
      if (is_complete && !end_value (self))
        return FALSE;
    }
  while (self->depth > 0);

  skip_space (self);
  return self->cursor == self->end || fail_expected (self, "the end of the text");
}

gboolean
rmi_scanner_check (RmiSlice          text,
                   const RmiLimits  *limits,
                   RmiScannerFunc    top,
                   gpointer          user_data,
                   GError          **error)
{
  Scanner self;               /* mostly left as it is: clearing it would cost more than a small text */
  gboolean is_valid;

  memset (&self, 0, G_STRUCT_OFFSET (Scanner, inline_keys));
  self.start = self.cursor = text.data;
  self.end = text.data + text.length;
  self.limits = limits;
  self.max_depth = MIN (limits->depth, RMI_LIMITS_MAX_DEPTH);
  self.keys = self.inline_keys;
  self.n_allocated = INLINE_KEYS;
  self.top = top;
  self.user_data = user_data;
  self.error = error;

  is_valid = scan (&self);

  g_free (self.heap_keys);
  g_free (self.table);
  if (self.unescaped != NULL)
    g_string_chunk_free (self.unescaped);
  return is_valid;
}
