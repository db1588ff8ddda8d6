/* tools/grmi/grmi-output.c: JSON for people, and for programs
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Goes over the text once, without a tree or recursion; a container is written in one line if it
 * fits.
 */
#include "config.h"
#include "tools/grmi/grmi-output.h"

#include "rmi/rmi-reader-internal.h"

#include <stdio.h>
#include <stdlib.h>

#define LINE_CHARS 88
#define INDENT 2

/* ---- strings ---- */

/* Behind the string that begins at @p. */
static const char *
skip_string (const char *p,
             const char *end)
{
  for (p++; p < end && *p != '"'; p++)
    if (*p == '\\')
      p++;
  return MIN (p + 1, end);
}

/* Copies the string at @p, and returns what is behind it. DEL and C1 are allowed raw in JSON. */
static const char *
append_string (GString    *out,
               const char *p,
               const char *end)
{
  const char *after = skip_string (p, end);
  guint code, taken;

  for (; p < after; p += MAX (taken, 1))
    {
      taken = rmi_text_match_control (p, after, &code);
      if (taken == 0)
        g_string_append_c (out, *p);
      else
        g_string_append_printf (out, "\\u%04x", code);
    }
  return after;
}

/* ---- one line ---- */

/* Appends a token of JSON in a line, @space after separators; returns what is behind it. */
static const char *
append_token (GString    *out,
              const char *p,
              const char *end,
              const char *space)
{
  if (*p == '"')
    return append_string (out, p, end);
  if (!g_ascii_isspace (*p))
    g_string_append_c (out, *p);
  if (*p == ',' || *p == ':')
    g_string_append (out, space);
  return p + 1;
}

void
grmi_append_json (GString  *out,
                  RmiSlice  json)
{
  const char *end = json.data + json.length;

  for (const char *p = json.data; p < end;)
    p = append_token (out, p, end, "");
}

/* ---- several lines ---- */

/* Behind the container that begins at @p, if it has at most @room bytes; else NULL. */
static const char *
find_end (const char *p,
          const char *end,
          gsize       room)
{
  const char *limit = (gsize) (end - p) > room ? p + room : end;
  guint depth = 0;

  while (p < limit)
    {
      if (*p == '"')
        {
          p = skip_string (p, end);
          continue;
        }
      if (*p == '{' || *p == '[')
        depth++;
      else if (*p == '}' || *p == ']')
        depth--;
      p++;
      if (depth == 0)
        return p;
    }
  return NULL;
}

static void
break_line (GString *out,
            guint    indent)
{
  g_string_append_printf (out, "\n%*s", (int) indent, "");
}

/* An opening bracket: either the whole container, or the beginning of many lines. */
static const char *
append_container (GString    *out,
                  const char *p,
                  const char *end,
                  guint      *indent)
{
  gsize room = *indent < LINE_CHARS ? LINE_CHARS - *indent : 0;
  const char *after = find_end (p, end, MAX (room, 2));

  while (after != NULL && p < after)
    p = append_token (out, p, after, " ");
  if (after != NULL)
    return after;
  g_string_append_c (out, *p);
  *indent += INDENT;
  break_line (out, *indent);
  return p + 1;
}

void
grmi_append_pretty (GString  *out,
                    RmiSlice  json,
                    guint     indent)
{
  const char *end = json.data + json.length;

  for (const char *p = json.data; p < end;)
    switch (*p)
      {
      case '{':
      case '[':
        p = append_container (out, p, end, &indent);
        break;
      case '}':
      case ']':
        indent -= INDENT;
        break_line (out, indent);
        g_string_append_c (out, *p++);
        break;
      case ',':
        g_string_append_c (out, *p++);
        break_line (out, indent);
        break;
      default:
        p = append_token (out, p, end, " ");
      }
}

void
grmi_append_value (GString  *out,
                   RmiSlice  json,
                   guint     indent)
{
  g_autoptr(GString) scratch = g_string_new (NULL);
  RmiReader reader;
  RmiSlice text;

  if (json.data[0] != '"')
    {
      grmi_append_pretty (out, json, indent);
      return;
    }
  rmi_reader_init (&reader, json, NULL, NULL, RMI_ERROR_BAD_REPLY, "value");
  text = rmi_reader_get_slice (&reader, scratch);
  rmi_text_append_shown (out, text.data, text.length);
  rmi_reader_finish (&reader, NULL);
}

void
grmi_flush (GString *out)
{
  if (fwrite (out->str, 1, out->len, stdout) < out->len || fflush (stdout) != 0)
    exit (EXIT_FAILURE);
  g_string_truncate (out, 0);
}
