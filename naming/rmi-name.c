/* naming/rmi-name.c: what a name is
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * 1–255 bytes of [A-Za-z0-9._/-] in segments divided by "/". A name is also the path its object
 * gets: so no segment is empty, "." or "..".
 */
#include "config.h"
#include "naming/rmi-name-private.h"

#include <string.h>

static gboolean
is_name_byte (char c)
{
  return g_ascii_isalnum (c) || c == '.' || c == '_' || c == '-' || c == '/';
}

static gboolean
is_bad_segment (const char *start,
                gsize       length)
{
  return length == 0 || (length == 1 && start[0] == '.')
         || (length == 2 && start[0] == '.' && start[1] == '.');
}

const char *
rmi_name_find_fault (const char *name)
{
  const char *segment = name;
  const char *p;

  if (name[0] == '\0')
    return "it is empty";
  for (p = name; *p != '\0'; p++)
    if (!is_name_byte (*p))
      return "only letters, digits and \"._-/\" are allowed";
    else if (p - name == RMI_NAME_MAX_BYTES)
      return "it is longer than 255 bytes";
  for (p = name;; p++)
    if (*p == '/' || *p == '\0')
      {
        if (is_bad_segment (segment, p - segment))
          return "no part between slashes may be empty, \".\" or \"..\"";
        if (*p == '\0')
          return NULL;
        segment = p + 1;
      }
}
