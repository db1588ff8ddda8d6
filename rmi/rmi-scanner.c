/* rmi/rmi-scanner.c: the strict check of a whole JSON text
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Open arrays and objects are frames in an array of fixed size, the member names of all open objects
 * one stack of keys. Both are on the C stack for ordinary texts, and bounded by the limits for others.
 * Small objects are checked for duplicates name by name, large ones when they end. The names of an
 * object that ended stay behind the top of the stack: the next object in an array mostly has the same,
 * and a name that equals the one in its place needs no further look.
 */
#include "config.h"

#include "rmi/rmi-scanner-internal.h"

#include <float.h>

#include "rmi/rmi-double-internal.h"
#include "rmi/rmi-error.h"
#include "rmi/rmi-json-text-private.h"
#include "rmi/rmi-number-run-private.h"
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
  guint64  tags;              /* a bit for each tag, more or less: where it is clear the name is new */
  guint    first_key;
  gboolean is_object;
} Frame;

typedef struct
{
  const char      *start;
  const char      *end;
  const RmiLimits *limits;
  Frame           *frame;               /* the innermost open container; NULL outside of all */
  guint            n_values;
  guint            depth;
  guint            max_depth;
  guint            n_keys;
  guint            first_known;         /* where the object began that a name was noted of last… */
  guint            n_known;             /* …and n_keys then */
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

/* All of these return NULL, for the caller to return. */

static const char * G_GNUC_PRINTF (3, 4)
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
  return NULL;
}

static const char *
fail_limit (Scanner    *self,
            const char *where,
            const char *what,
            guint       limit,
            const char *name)
{
  g_set_error (self->error, RMI_ERROR, RMI_ERROR_LIMIT,
               "Byte %" G_GSIZE_FORMAT ": %s exceeds the limit of %u (%s)",
               (gsize) (where - self->start), what, limit, name);
  return NULL;
}

static const char *
fail_expected (Scanner    *self,
               const char *where,
               const char *what)
{
  if (where == self->end)
    return fail (self, where, "%s expected, but the text ends", what);
  if ((guchar) *where > 0x20 && (guchar) *where < 0x7f)
    return fail (self, where, "%s expected, not '%c'", what, *where);
  return fail (self, where, "%s expected, not the byte 0x%02x", what, (guchar) *where);
}

static inline const char *
skip_space (const char *p,
            const char *end)
{
  if (G_LIKELY (p < end && (guchar) *p > ' '))
    return p;
  while (p < end && (*p == ' ' || *p == '\n' || *p == '\r' || *p == '\t'))
    p++;
  return p;
}

/* The end of the four digits at @p, or NULL. */
static const char *
read_hex4 (Scanner    *self,
           const char *p,
           guint      *value)
{
  *value = 0;
  for (int i = 0; i < 4; i++, p++)
    {
      if (p >= self->end || !g_ascii_isxdigit (*p))
        return fail (self, MIN (p, self->end), "four hexadecimal digits expected after \\u");
      *value = *value << 4 | g_ascii_xdigit_value (*p);
    }
  return p;
}

/* @p is at the backslash. Returns the end of the escape (of both, where two make a character). */
static const char *
scan_escape (Scanner    *self,
             const char *p)
{
  guint first, second;

  if (p + 1 == self->end || p[1] == '\0' || strchr ("\"\\/bfnrtu", p[1]) == NULL)
    return fail (self, p, "unknown escape");
  if (p[1] != 'u')
    return p + 2;
  if (read_hex4 (self, p + 2, &first) == NULL)
    return NULL;
  if (first < 0xd800 || first > 0xdfff)
    return p + 6;
  if (first <= 0xdbff && self->end - p >= 8 && p[6] == '\\' && p[7] == 'u')
    {
      if (read_hex4 (self, p + 8, &second) == NULL)
        return NULL;
      if (second >= 0xdc00 && second <= 0xdfff)
        return p + 12;
    }
  return fail (self, p, "lone surrogate");
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
        return fail (self, p, "string not closed");
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
          if ((guchar) *p < 0x80)
            return fail (self, p, "control byte in a string");
          next = rmi_text_next_utf8 (p, self->end);
          if (next == NULL)
            return fail (self, p, "invalid UTF-8");
        }
      p = next;
    }
}

/* The rest of the functions take the place where something begins, and return where it ends. */

/* @p is behind the opening quote. */
static inline const char *
scan_string (Scanner    *self,
             const char *p,
             gboolean   *has_escapes)
{
  p = rmi_text_skip_plain (p, self->end);
  if (G_UNLIKELY (p == self->end || *p != '"'))
    p = scan_special (self, p, has_escapes);
  return p != NULL ? p + 1 : NULL;
}

static inline const char *
scan_digits (Scanner    *self,
             const char *p)
{
  const char *start = p;

  while (p < self->end && (guchar) (*p - '0') < 10)
    p++;
  return p > start ? p : fail_expected (self, p, "a digit");
}

/* What is behind the whole digits: fraction and exponent. */
static inline const char *
scan_fraction (Scanner    *self,
               const char *p,
               gboolean   *has_long_exponent)
{
  if (*p == '.')
    {
      p = scan_digits (self, p + 1);
      if (p == NULL)
        return NULL;
    }
  if (p < self->end && (*p == 'e' || *p == 'E'))
    {
      const char *exponent = p + 1;

      if (exponent < self->end && (*exponent == '+' || *exponent == '-'))
        exponent++;
      p = scan_digits (self, exponent);
      *has_long_exponent = p != NULL && p - exponent > 2;
    }
  return p;
}

static inline const char *
scan_number (Scanner    *self,
             const char *start)
{
  const char *p = start + (*start == '-');
  gboolean has_long_exponent = FALSE;
  double value;

  if (p < self->end && *p == '0')
    p++;
  else
    p = scan_digits (self, p);
  if (p != NULL && p < self->end)
    p = scan_fraction (self, p, &has_long_exponent);
  if (p == NULL)
    return NULL;
  if (p - start > (gssize) self->limits->number_chars)
    return fail_limit (self, start, "length of a number", self->limits->number_chars,
                       "number_chars");
  /* two hundred digits and an exponent of two are no danger to a double's range */
  if ((has_long_exponent || p - start > DBL_MAX_10_EXP - 99)
      && rmi_double_parse (start, p, &value) == NULL)
    return fail (self, start, "number beyond the range of a double");
  return p;
}

/* @p is at the comma before a number; so is the result. */
static const char *
skip_number_run (Scanner    *self,
                 const char *p)
{
  guint n_skipped = 0;

  if (self->limits->number_chars < RMI_NUMBER_RUN_CHARS)
    return p;
  p = rmi_number_run_skip (p + 1, self->end, self->limits->values - self->n_values, &n_skipped) - 1;
  self->n_values += n_skipped;
  return p;
}

/* A number, and those that follow it in an array. */
static inline const char *
scan_numbers (Scanner    *self,
              const char *p)
{
  gboolean is_array = self->depth > 1 && !self->frames[self->depth - 1].is_object;
  const char *run = p + RMI_NUMBER_RUN_BYTES;    /* where it is next worth to look for one */

  p = scan_number (self, p);
  while (is_array && p != NULL && self->end - p > 1 && *p == ','
         && ((guchar) (p[1] - '0') < 10 || p[1] == '-') && self->n_values < self->limits->values)
    {
      const char *end = NULL;

      if (p >= run)
        {
          p = skip_number_run (self, p);
          run = p + 2 * RMI_NUMBER_RUN_BYTES;
          continue;
        }
      if (self->limits->number_chars >= RMI_NUMBER_PLAIN_CHARS)
        end = rmi_number_skip_plain (p + 1, self->end);
      self->n_values++;
      p = end != NULL ? end : scan_number (self, p + 1);
    }
  return p;
}

static const char *
scan_literal (Scanner    *self,
              const char *p,
              const char *literal,
              gsize       length)
{
  if (self->end - p < (gssize) length || memcmp (p, literal, length) != 0)
    return fail_expected (self, p, "a value");
  return p + length;
}

static void
grow_keys (Scanner *self)
{
  self->n_allocated *= 2;
  self->heap_keys = g_renew (Key, self->heap_keys, self->n_allocated);
  if (self->keys == self->inline_keys)
    memcpy (self->heap_keys, self->inline_keys, sizeof self->inline_keys);
  self->keys = self->heap_keys;
}

/* Copies a name without its escapes. */
static const char *
unescape_key (Scanner    *self,
              const char *text,
              gsize      *length)
{
  g_autofree char *buffer = g_malloc (*length);

  *length = rmi_json_unescape (buffer, text, *length);
  if (self->unescaped == NULL)
    self->unescaped = g_string_chunk_new (1024);
  return g_string_chunk_insert_len (self->unescaped, buffer, *length);
}

static inline guint32
make_tag (const char *text,
          gsize       length)
{
  return length == 0 ? 0 : length << 16 | (guchar) text[0] << 8 | (guchar) text[length - 1];
}

static inline guint64
tag_bit (guint32 tag)
{
  return G_GUINT64_CONSTANT (1) << (tag * 0x9e3779b1u >> 26);
}

static gboolean
keys_equal (const Key *a,
            const Key *b)
{
  return a->tag == b->tag && a->length == b->length && memcmp (a->data, b->data, a->length) == 0;
}

static const char *
fail_duplicate (Scanner    *self,
                const char *where,
                const Key  *key)
{
  return fail (self, where, "duplicate member \"%.*s\"", (int) key->length, key->data);
}

/* Whether a small object has @key already. */
static gboolean
has_key (Scanner   *self,
         const Key *key)
{
  for (guint i = self->frame->first_key; i < self->n_keys; i++)
    if (keys_equal (&self->keys[i], key))
      return TRUE;
  return FALSE;
}

/* Notes the name of a member, which begins at @where. FALSE with the error set if it may not be. */
static inline gboolean
add_key (Scanner    *self,
         const char *where,
         const char *text,
         gsize       length)
{
  Frame *frame = self->frame;
  guint n_members = self->n_keys - frame->first_key;
  Key key = { text, MIN (length, G_MAXUINT32), make_tag (text, length) };
  guint64 bit = tag_bit (key.tag);

  if (G_UNLIKELY (length > self->limits->key_bytes))
    return fail_limit (self, where, "length of a member's name", self->limits->key_bytes,
                       "key_bytes") != NULL;
  if (G_UNLIKELY (n_members >= self->limits->members))
    return fail_limit (self, where, "number of members", self->limits->members, "members") != NULL;
  if (G_UNLIKELY ((frame->tags & bit) != 0) && n_members < PAIRWISE_MAX && has_key (self, &key))
    return fail_duplicate (self, where, &key) != NULL;

  frame->tags |= bit;
  if (G_UNLIKELY (self->n_keys == self->n_allocated))
    grow_keys (self);
  self->keys[self->n_keys++] = key;
  self->first_known = frame->first_key;
  self->n_known = self->n_keys;
  return TRUE;
}

/* Whether it had no escapes. */
static inline gboolean
is_as_written (Scanner   *self,
               const Key *key)
{
  return (guintptr) key->data - (guintptr) self->start < (guintptr) self->end - (guintptr) self->start;
}

/* The value behind a name that equals, up to the colon, the one that the object before had in its place;
 * else NULL. All names of this object so far were such, since nothing was noted in between. */
static inline const char *
repeat_key (Scanner    *self,
            const char *p)
{
  const Key *key = &self->keys[self->n_keys];
  const char *quote;

  if (self->frame->first_key != self->first_known || self->n_keys >= self->n_known)
    return NULL;
  if ((gsize) (self->end - p) < (gsize) key->length + 3 || !is_as_written (self, key))
    return NULL;
  quote = p + 1 + key->length;
  if (*p != '"' || memcmp (p + 1, key->data, key->length) != 0 || quote[0] != '"' || quote[1] != ':')
    return NULL;

  self->frame->tags |= tag_bit (key->tag);
  self->n_keys++;
  return quote + 2;
}

/* A member's name and the colon. */
static inline const char *
scan_key (Scanner    *self,
          const char *p)
{
  gboolean has_escapes = FALSE;
  const char *start, *text, *value;
  gsize length;

  value = repeat_key (self, p);
  if (value != NULL)
    return value;

  start = skip_space (p, self->end);
  if (G_UNLIKELY (start == self->end || *start != '"'))
    return fail_expected (self, start, "a member's name");
  p = scan_string (self, start + 1, &has_escapes);
  if (G_UNLIKELY (p == NULL))
    return NULL;

  text = start + 1;
  length = p - start - 2;
  if (G_UNLIKELY (has_escapes))
    text = unescape_key (self, text, &length);
  if (!add_key (self, start, text, length))
    return NULL;

  p = skip_space (p, self->end);
  if (G_UNLIKELY (p == self->end || *p != ':'))
    return fail_expected (self, p, "':'");
  return p + 1;
}

/* The members of a large object, all at once when it ends: open addressing under a hash that the peer
 * cannot foresee. */
static gboolean
check_keys (Scanner    *self,
            const char *where,
            guint       first,
            guint       n)
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

      key->tag = rmi_siphash (key->data, key->length);        /* its own one is lost */
      for (slot = key->tag & (size - 1); self->table[slot] != 0; slot = (slot + 1) & (size - 1))
        if (keys_equal (&self->keys[first + self->table[slot] - 1], key))
          return fail_duplicate (self, where, key) != NULL;
      self->table[slot] = i + 1;
    }
  return TRUE;
}

/* @p is at the closing bracket. */
static inline const char *
close_container (Scanner    *self,
                 const char *p)
{
  guint first = self->frame->first_key;
  guint n_members = self->n_keys - first;

  if (G_UNLIKELY (n_members > PAIRWISE_MAX))
    {
      if (!check_keys (self, p, first, n_members))
        return NULL;
      self->n_known = 0;
    }
  self->n_keys = first;
  self->depth--;
  self->frame = self->depth > 0 ? self->frame - 1 : NULL;
  return p + 1;
}

/* Up to the first element or member in the container, or to its end if it is empty. */
static inline const char *
open_container (Scanner    *self,
                const char *p,
                gboolean   *is_complete)
{
  gboolean is_object = *p == '{';

  if (G_UNLIKELY (self->depth >= self->max_depth))
    return fail_limit (self, p, "depth", self->max_depth, "depth");
  self->frame = &self->frames[self->depth++];
  *self->frame = (Frame) { 0, self->n_keys, is_object };
  p = skip_space (p + 1, self->end);
  if (p < self->end && *p == (is_object ? '}' : ']'))
    return close_container (self, p);
  *is_complete = FALSE;
  return p;
}

/* Begins the value at @p; a scalar and an empty container are then complete. */
static inline const char *
begin_value (Scanner    *self,
             const char *p,
             gboolean   *is_complete)
{
  gboolean has_escapes;

  p = skip_space (p, self->end);
  if (p == self->end)
    return fail_expected (self, p, "a value");
  if (G_UNLIKELY (++self->n_values > self->limits->values))
    return fail_limit (self, p, "number of values", self->limits->values, "values");
  if (self->depth == 1)
    self->top_value = p;

  *is_complete = TRUE;
  switch (*p)
    {
    case '"':
      return scan_string (self, p + 1, &has_escapes);
    case '0': case '1': case '2': case '3': case '4':
    case '5': case '6': case '7': case '8': case '9': case '-':
      return scan_numbers (self, p);
    case '{':
    case '[':
      return open_container (self, p, is_complete);
    case 't':
      return scan_literal (self, p, "true", 4);
    case 'f':
      return scan_literal (self, p, "false", 5);
    case 'n':
      return scan_literal (self, p, "null", 4);
    default:
      return fail_expected (self, p, "a value");
    }
}

static void
report_top (Scanner    *self,
            const char *end)
{
  RmiSlice value = { self->top_value, end - self->top_value };
  RmiSlice name = RMI_SLICE_INIT;

  if (self->frame->is_object)
    {
      const Key *key = &self->keys[self->n_keys - 1];

      name = (RmiSlice) { key->data, key->length };
    }
  self->top (name, value, self->user_data);
}

/* After a value: closes what ends here, up to where the next value or member begins, or to the end of the outermost one. */
static inline const char *
end_value (Scanner    *self,
           const char *p)
{
  while (p != NULL && self->frame != NULL)
    {
      gboolean is_object = self->frame->is_object;

      if (self->depth == 1 && self->top != NULL)
        report_top (self, p);
      p = skip_space (p, self->end);
      if (p < self->end && *p == ',')
        return p + 1;
      if (G_UNLIKELY (p == self->end || *p != (is_object ? '}' : ']')))
        return fail_expected (self, p, is_object ? "',' or '}'" : "',' or ']'");
      p = close_container (self, p);
    }
  return p;
}

static gboolean
scan (Scanner    *self,
      const char *p)
{
  gboolean is_complete;

  do
    {
      if (self->frame != NULL && self->frame->is_object)
        {
          p = scan_key (self, p);
          if (p == NULL)
            return FALSE;
        }
      is_complete = FALSE;
      p = begin_value (self, p, &is_complete);
      if (is_complete && p != NULL)
        p = end_value (self, p);
    }
  while (p != NULL && self->frame != NULL);

  if (p == NULL)
    return FALSE;
  p = skip_space (p, self->end);
  return p == self->end || fail_expected (self, p, "the end of the text") != NULL;
}

gboolean
rmi_scanner_check (RmiSlice          text,
                   const RmiLimits  *limits,
                   RmiScannerFunc    top,
                   gpointer          user_data,
                   GError          **error)
{
  Scanner self;               /* not cleared: it would cost more than scanning a small text */
  gboolean is_valid;

  memset (&self, 0, G_STRUCT_OFFSET (Scanner, inline_keys));
  self.start = text.data;
  self.end = text.data + text.length;
  self.limits = limits;
  self.max_depth = MIN (limits->depth, RMI_LIMITS_MAX_DEPTH);
  self.keys = self.inline_keys;
  self.n_allocated = INLINE_KEYS;
  self.top = top;
  self.user_data = user_data;
  self.error = error;

  is_valid = scan (&self, text.data);

  g_free (self.heap_keys);
  g_free (self.table);
  if (self.unescaped != NULL)
    g_string_chunk_free (self.unescaped);
  return is_valid;
}
