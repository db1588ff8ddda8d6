/* rmi/rmi-text.c: UTF-8, checked, and made fit for a terminal
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

guint
rmi_text_match_control (const char *p,
                        const char *end,
                        guint      *code)
{
  guchar first = p[0];

  /* C1 is two bytes in UTF-8. */
  if (first == 0xc2 && p + 1 < end && (guchar) p[1] < 0xa0)
    {
      *code = (guchar) p[1];
      return 2;
    }
  *code = first;
  return first < 0x20 || first == 0x7f ? 1 : 0;
}

void
rmi_text_append_shown (GString    *out,
                       const char *text,
                       gsize       length)
{
  const char *end = text + length;
  guint code, taken;

  for (const char *p = text; p < end; p += MAX (taken, 1))
    {
      taken = rmi_text_match_control (p, end, &code);
      if (taken == 0 || code == '\n' || code == '\t')
        g_string_append_len (out, p, MAX (taken, 1));
      else
        g_string_append_printf (out, "\\u%04x", code);
    }
}

void
rmi_text_show (char **text)
{
  gsize length = strlen (*text);
  GString *shown = g_string_sized_new (length + 1);

  rmi_text_append_shown (shown, *text, length);
  g_free (*text);
  *text = g_string_free (shown, FALSE);
}
