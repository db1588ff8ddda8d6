/* rmi/rmi-text.c: the inside of JSON strings
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "config.h"

#include "rmi/rmi-text-internal.h"

static inline gboolean
is_continuation (char c)
{
  return ((guchar) c & 0xc0) == 0x80;
}

/* Table 3-7 of the Unicode standard: no overlong forms, no surrogates, nothing beyond U+10FFFF. */
const char *
rmi_text_next_utf8 (const char *p,
                    const char *end)
{
  guchar lead = p[0];
  guint length = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  guchar second;

  if (lead < 0xc2 || lead > 0xf4 || end - p < (gssize) length || !is_continuation (p[1]))
    return NULL;
  second = p[1];
  if ((lead == 0xe0 && second < 0xa0) || (lead == 0xed && second > 0x9f)
      || (lead == 0xf0 && second < 0x90) || (lead == 0xf4 && second > 0x8f))
    return NULL;
  if (length > 2 && !is_continuation (p[2]))
    return NULL;
  if (length > 3 && !is_continuation (p[3]))
    return NULL;
  return p + length;
}

static guint
read_hex4 (const char *digits)
{
  return g_ascii_xdigit_value (digits[0]) << 12 | g_ascii_xdigit_value (digits[1]) << 8
         | g_ascii_xdigit_value (digits[2]) << 4 | g_ascii_xdigit_value (digits[3]);
}

/* @p is behind the `\u`. Returns the end of the escape, of both where there is a pair. */
static const char *
read_code_point (const char *p,
                 gunichar   *c)
{
  *c = read_hex4 (p);
  if (*c < 0xd800 || *c > 0xdbff)
    return p + 4;
  *c = 0x10000 + ((*c - 0xd800) << 10) + (read_hex4 (p + 6) - 0xdc00);
  return p + 10;
}

static char
unescape_letter (char c)
{
  switch (c)
    {
    case 'b': return '\b';
    case 'f': return '\f';
    case 'n': return '\n';
    case 'r': return '\r';
    case 't': return '\t';
    default: return c;
    }
}

gsize
rmi_text_unescape (char       *out,
                   const char *text,
                   gsize       length)
{
  const char *end = text + length;
  const char *p = text;
  char *start = out;

  while (p < end)
    {
      const char *backslash = memchr (p, '\\', end - p);
      gsize clean = (backslash != NULL ? backslash : end) - p;
      gunichar c;

      memmove (out, p, clean);
      out += clean;
      p += clean;
      if (backslash == NULL)
        break;
      if (p[1] == 'u')
        {
          p = read_code_point (p + 2, &c);
          out += g_unichar_to_utf8 (c, out);
        }
      else
        {
          *out++ = unescape_letter (p[1]);
          p += 2;
        }
    }
  return out - start;
}
