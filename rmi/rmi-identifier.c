/* rmi/rmi-identifier.c: which names a description may give
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "config.h"
#include "rmi/rmi-identifier-private.h"

#include <string.h>

#include <gio/gio.h>

#define MAX_BYTES 255

#define DIGITS "0123456789"
#define UPPER  "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define LOWER  "abcdefghijklmnopqrstuvwxyz"

/* Whether the @length bytes at @name are one of @first and then only @rest. */
static gboolean
is_made_of (const char *name,
            gsize       length,
            const char *first,
            const char *rest)
{
  gsize i;

  if (length == 0 || length > MAX_BYTES || strchr (first, name[0]) == NULL)
    return FALSE;
  for (i = 1; i < length; i++)
    if (strchr (rest, name[i]) == NULL)
      return FALSE;
  return TRUE;
}

static gboolean
is_type (const char *name,
         gsize       length)
{
  return is_made_of (name, length, UPPER, UPPER LOWER DIGITS);
}

gboolean
rmi_identifier_is_type (const char *name)
{
  return is_type (name, strlen (name));
}

gboolean
rmi_identifier_is_alias (const char *name)
{
  const char *dot = strchr (name, '.');

  if (dot == NULL)
    return rmi_identifier_is_type (name);
  return strlen (name) <= MAX_BYTES && is_type (name,
                                                dot - name) && rmi_identifier_is_type (dot + 1);
}

gboolean
rmi_identifier_is_member (const char *name)
{
  return is_made_of (name, strlen (name), UPPER LOWER "_", UPPER LOWER DIGITS "_");
}

gboolean
rmi_identifier_is_field (const char *name)
{
  return is_made_of (name, strlen (name), UPPER LOWER "_", UPPER LOWER DIGITS "_-");
}

gboolean
rmi_identifier_is_nick (const char *name)
{
  return is_made_of (name, strlen (name), UPPER LOWER DIGITS "_", UPPER LOWER DIGITS "_-");
}

gboolean
rmi_identifier_is_namespace (const char *name)
{
  const char *dot;

  if (strlen (name) > MAX_BYTES)
    return FALSE;
  for (; (dot = strchr (name, '.')) != NULL; name = dot + 1)
    if (!is_made_of (name, dot - name, UPPER LOWER "_", UPPER LOWER DIGITS "_"))
      return FALSE;
  return rmi_identifier_is_member (name);
}

gboolean
rmi_identifier_is_interface (const char *name)
{
  return g_dbus_is_interface_name (name);
}
