/* rmi/rmi-siphash.c: a hash that a peer cannot steer
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * SipHash by Aumasson and Bernstein, with one round a word and three at the end.
 */
#include "config.h"

#include "rmi/rmi-siphash-internal.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>

static inline guint64
rotate (guint64 x,
        guint   bits)
{
  return x << bits | x >> (64 - bits);
}

static inline void
mix (guint64 v[4])
{
  v[0] += v[1];
  v[2] += v[3];
  v[1] = rotate (v[1], 13) ^ v[0];
  v[3] = rotate (v[3], 16) ^ v[2];
  v[0] = rotate (v[0], 32);
  v[2] += v[1];
  v[0] += v[3];
  v[1] = rotate (v[1], 17) ^ v[2];
  v[3] = rotate (v[3], 21) ^ v[0];
  v[2] = rotate (v[2], 32);
}

static inline void
absorb (guint64 v[4],
        guint64 word)
{
  v[3] ^= word;
  mix (v);
  v[0] ^= word;
}

static inline guint64
load (const guint8 *bytes,
      gsize         n)
{
  guint64 word = 0;

  memcpy (&word, bytes, n);
  return GUINT64_FROM_LE (word);
}

static const guint64 *
process_key (void)
{
  static guint64 key[2];
  static gsize is_drawn = 0;

  if (g_once_init_enter (&is_drawn))
    {
      while (getrandom (key, sizeof key, 0) != sizeof key)
        if (errno != EINTR)
          g_error ("No random numbers: %s", g_strerror (errno));
      g_once_init_leave (&is_drawn, 1);
    }
  return key;
}

guint64
rmi_siphash_keyed (const guint64  key[2],
                   const void    *data,
                   gsize          length)
{
  const guint8 *bytes = data;
  guint64 v[4] = {
    key[0] ^ G_GUINT64_CONSTANT (0x736f6d6570736575),
    key[1] ^ G_GUINT64_CONSTANT (0x646f72616e646f6d),
    key[0] ^ G_GUINT64_CONSTANT (0x6c7967656e657261),
    key[1] ^ G_GUINT64_CONSTANT (0x7465646279746573),
  };
  gsize left;

  for (left = length; left >= 8; left -= 8, bytes += 8)
    absorb (v, load (bytes, 8));
  absorb (v, (guint64) length << 56 | (left > 0 ? load (bytes, left) : 0));
  v[2] ^= 0xff;
  mix (v);
  mix (v);
  mix (v);
  return v[0] ^ v[1] ^ v[2] ^ v[3];
}

guint64
rmi_siphash (const void *data,
             gsize       length)
{
  return rmi_siphash_keyed (process_key (), data, length);
}

guint
rmi_siphash_str (gconstpointer string)
{
  return (guint) rmi_siphash (string, strlen (string));
}
