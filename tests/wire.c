/* tests/wire.c: messages as a peer without this library sees them
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "config.h"
#include "tests/wire.h"

#include <string.h>

char *
wire_take_message (GString *received)
{
  const char *body;
  gsize length;
  char *message;

  if (received->len > 0 && received->str[0] != 'C')
    {
      body = received->str;
      length = strcspn (body, "\n");
      if (body[length] != '\n')
        return NULL;
      message = g_strndup (body, length);
      g_string_erase (received, 0, (gssize) length + 1);
      return message;
    }

  body = strstr (received->str, "\r\n\r\n");
  if (body == NULL)
    return NULL;
  body += 4;
  length = (gsize) g_ascii_strtoull (received->str + strlen ("Content-Length: "), NULL, 10);
  if ((gsize) (received->str + received->len - body) < length)
    return NULL;
  message = g_strndup (body, length);
  g_string_erase (received, 0, body - received->str + (gssize) length);
  return message;
}

char *
wire_frame (const char *json)
{
  return g_strdup_printf ("Content-Length: %zu\r\n\r\n%s", strlen (json), json);
}
