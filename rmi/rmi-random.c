/* rmi/rmi-random.c: secrets
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "config.h"
#include "rmi/rmi-random-internal.h"

#include <errno.h>
#include <sys/random.h>

#define MAX_BYTES 64

void
rmi_random_token_into (char  *buffer,
                       gsize  n_bytes)
{
  static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  guint8 bytes[MAX_BYTES];
  gsize have = 0;
  guint32 bits = 0;
  guint n_bits = 0;
  gsize out = 0;

  g_assert (n_bytes <= MAX_BYTES);

  while (have < n_bytes)
    {
      gssize got = getrandom (bytes + have, n_bytes - have, 0);

      /* Without randomness every object would be open to everybody: there is nothing to fall back on. */
      if (got < 0 && errno != EINTR)
        g_error ("getrandom: %s", g_strerror (errno));
      have += MAX (got, 0);
    }

  for (gsize i = 0; i < n_bytes; i++)
    {
      bits = (bits << 8) | bytes[i];
      for (n_bits += 8; n_bits >= 6; n_bits -= 6)
        buffer[out++] = alphabet[(bits >> (n_bits - 6)) & 63];
    }
  if (n_bits > 0)
    buffer[out++] = alphabet[(bits << (6 - n_bits)) & 63];
  buffer[out] = '\0';
}

char *
rmi_random_token (gsize n_bytes)
{
  char *token = g_malloc (n_bytes * 4 / 3 + 3);

  rmi_random_token_into (token, n_bytes);
  return token;
}
