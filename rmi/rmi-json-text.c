/* rmi/rmi-json-text.c: walking over JSON text that is known to be valid
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "config.h"
#include "rmi/rmi-json-text-private.h"
#include "rmi/rmi-reader-internal.h"

#define ESCAPED_DOLLAR "\\u0024"

static const char *
scalar_end (const char *text,
            const char *end)
{
  while (text < end && (g_ascii_isalnum (*text) || *text == '-' || *text == '+' || *text == '.'))
    text++;
  return text;
}

const char *
rmi_json_value_end (const char *text,
                    const char *end)
{
  gsize depth = 0;
  gboolean is_escaped;

  do
    {
      switch (*text)
        {
        case '"':
          text = rmi_json_string_end (text + 1, end, &is_escaped) + 1;
          break;
        case '{':
        case '[':
          depth++;
          text++;
          break;
        case '}':
        case ']':
          depth--;
          text++;
          break;
        case ',':
        case ':':
        case ' ':
        case '\n':
        case '\r':
        case '\t':
          text++;
          break;
        default:
          text = scalar_end (text, end);
        }
    }
  while (depth > 0);

  return text;
}

static gunichar
hex4 (const char *digits)
{
  return g_ascii_xdigit_value (digits[0]) << 12 | g_ascii_xdigit_value (digits[1]) << 8 |
         g_ascii_xdigit_value (digits[2]) << 4 | g_ascii_xdigit_value (digits[3]);
}

/* Decodes the escape behind a backslash at *@text and moves past it. */
static gunichar
take_escape (const char **text)
{
  static const char plain[] = "b\bf\fn\nr\rt\t";
  const char *p = *text;
  gunichar unit, low;
  int i;

  if (*p != 'u')
    {
      *text = p + 1;
      for (i = 0; plain[i] != '\0'; i += 2)
        if (plain[i] == *p)
          return plain[i + 1];
      return *p;
    }

  unit = hex4 (p + 1);
  *text = p + 5;
  if (unit < 0xD800 || unit > 0xDBFF)
    return unit;
  low = hex4 (p + 7);
  *text = p + 11;
  return 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
}

gsize
rmi_json_unescape (char       *buffer,
                   const char *inside,
                   gsize       length)
{
  const char *end;
  char *out = buffer;

  if (length == 0)            /* also of what is absent */
    return 0;

  end = inside + length;
  while (inside < end)
    {
      const char *backslash = memchr (inside, '\\', end - inside);
      gsize run = (backslash != NULL ? backslash : end) - inside;

      memcpy (out, inside, run);
      out += run;
      inside += run;
      if (backslash == NULL)
        break;
      inside++;
      out += g_unichar_to_utf8 (take_escape (&inside), out);
    }

  return out - buffer;
}

gboolean
rmi_json_string_equals (RmiSlice    inside,
                        const char *text)
{
  g_autofree char *plain = NULL;

  if (memchr (inside.data, '\\', inside.length) == NULL)
    return rmi_slice_equals (inside, text, strlen (text));

  plain = g_malloc (inside.length);
  inside.length = rmi_json_unescape (plain, inside.data, inside.length);
  inside.data = plain;
  return rmi_slice_equals (inside, text, strlen (text));
}

gboolean
rmi_json_may_have_dollar (const char *text,
                          const char *end)
{
  const char *backslash;

  if (memchr (text, '$', end - text) != NULL)
    return TRUE;
  backslash = memchr (text, '\\', end - text);       /* far faster than memmem(), and hardly ever there */
  return backslash != NULL &&
         memmem (backslash, end - backslash, ESCAPED_DOLLAR, strlen (ESCAPED_DOLLAR)) != NULL;
}

gboolean
rmi_json_next_member (const char **cursor,
                      const char  *end,
                      RmiSlice    *key,
                      RmiSlice    *value)
{
  const char *p = rmi_json_skip_space (*cursor, end);
  gboolean is_escaped;

  if (*p == ',')
    p = rmi_json_skip_space (p + 1, end);
  *cursor = p;
  if (*p == '}')
    return FALSE;

  key->data = p + 1;
  p = rmi_json_string_end (key->data, end, &is_escaped);
  key->length = p - key->data;
  p = rmi_json_skip_space (p + 1, end);
  p = rmi_json_skip_space (p + 1, end);
  value->data = p;
  *cursor = rmi_json_value_end (p, end);
  value->length = *cursor - p;
  return TRUE;
}

RmiSlice
rmi_json_lookup (RmiSlice    object,
                 const char *name)
{
  const char *cursor, *end;
  RmiSlice key, value;

  if (object.data == NULL)
    return (RmiSlice) RMI_SLICE_INIT;
  end = object.data + object.length;
  cursor = rmi_json_skip_space (object.data, end);
  if (cursor == end || *cursor != '{')
    return (RmiSlice) RMI_SLICE_INIT;

  cursor++;
  while (rmi_json_next_member (&cursor, end, &key, &value))
    if (rmi_json_string_equals (key, name))
      return value;
  return (RmiSlice) RMI_SLICE_INIT;
}
