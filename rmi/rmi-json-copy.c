/* rmi/rmi-json-copy.c: JSON text from and to places where references may be
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Byte by byte, without taking it apart: numbers and escapes stay as they were written.
 */
#include "config.h"
#include "rmi/rmi-json-text-private.h"
#include "rmi/rmi-marshaller-private.h"

#define ESCAPED_DOLLAR "\\u0024"

/* The dollars in front of ref, home, same or type; 0 for any other key. */
static gsize
count_dollars (RmiSlice inside)
{
  static const char *const reserved[] = { "ref", "home", "same", "type", NULL };
  g_autofree char *key = NULL;
  gsize n_dollars;

  if (inside.length == 0 || (*inside.data != '$' && *inside.data != '\\'))
    return 0;
  key = g_malloc (inside.length + 1);
  key[rmi_json_unescape (key, inside.data, inside.length)] = '\0';
  n_dollars = strspn (key, "$");
  return g_strv_contains (reserved, key + n_dollars) ? n_dollars : 0;
}

static void
copy_key (GString  *out,
          RmiSlice  inside,
          gboolean  is_guarding)
{
  gsize n_dollars = count_dollars (inside);

  g_string_append_c (out, '"');
  if (is_guarding && n_dollars > 0)
    g_string_append_c (out, '$');
  if (!is_guarding && n_dollars > 1)
    {
      gsize first = *inside.data == '$' ? 1 : strlen (ESCAPED_DOLLAR);

      inside.data += first;
      inside.length -= first;
    }
  g_string_append_len (out, inside.data, inside.length);
  g_string_append_c (out, '"');
}

static void
copy (GString  *out,
      RmiSlice  text,
      gboolean  is_guarding)
{
  const char *p = text.data;
  const char *end = text.data + text.length;
  gboolean is_escaped;

  while ((p = rmi_json_skip_space (p, end)) < end)
    {
      RmiSlice inside = { p + 1, 0 };
      const char *after;

      if (*p != '"')
        {
          g_string_append_c (out, *p++);
          continue;
        }
      p = rmi_json_string_end (inside.data, end, &is_escaped) + 1;
      inside.length = p - 1 - inside.data;
      after = rmi_json_skip_space (p, end);
      if (after < end && *after == ':')
        copy_key (out, inside, is_guarding);
      else
        g_string_append_len (out, inside.data - 1, inside.length + 2);
    }
}

void
rmi_json_copy_guarded (GString  *out,
                       RmiSlice  text)
{
  copy (out, text, TRUE);
}

void
rmi_json_copy_unguarded (GString  *out,
                         RmiSlice  text)
{
  copy (out, text, FALSE);
}
