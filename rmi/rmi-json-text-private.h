/* rmi/rmi-json-text-private.h: walking over JSON text that is known to be valid
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Flat: no recursion, no state, no allocation. The text must have passed rmi_scanner_check().
 */
#pragma once

#include "rmi/rmi-slice-internal.h"
#include "rmi/rmi-text-internal.h"

G_BEGIN_DECLS

static inline const char *
rmi_json_skip_space (const char *text,
                     const char *end)
{
  if (G_LIKELY (text < end && (guchar) *text > ' '))
    return text;
  while (text < end && (*text == ' ' || *text == '\n' || *text == '\r' || *text == '\t'))
    text++;
  return text;
}

/* The closing quote of the string whose inside starts at @inside. */
static inline const char *
rmi_json_string_end (const char *inside,
                     const char *end,
                     gboolean   *is_escaped)
{
  const char *p = rmi_text_find_quote (inside, end);

  *is_escaped = *p == '\\';
  while (G_UNLIKELY (*p == '\\'))
    p = rmi_text_find_quote (p + 2, end);
  return p;
}

/* The first byte after the value at @text (no white space before it). */
const char *rmi_json_value_end     (const char *text,
                                    const char *end);
/* Unescapes the inside of a string into @buffer, at least @length bytes; the length it has then. */
gsize       rmi_json_unescape      (char       *buffer,
                                    const char *inside,
                                    gsize       length);
/* Whether the inside of a string says @text, escaped or not. */
gboolean    rmi_json_string_equals (RmiSlice    inside,
                                    const char *text);

/* Whether there may be a `$` in the values of the text, which can only be written as itself or as \u0024. */
gboolean    rmi_json_may_have_dollar (const char *text,
                                      const char *end);

/* Steps over the members of an object: start with @cursor behind its `{`. FALSE at its `}`, where
   @cursor stays. @key is the
 * inside of the key; @value has no white space around it. */
gboolean    rmi_json_next_member   (const char **cursor,
                                    const char  *end,
                                    RmiSlice    *key,
                                    RmiSlice    *value);

G_END_DECLS
