/* rmi/rmi-text.c: UTF-8, checked
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
