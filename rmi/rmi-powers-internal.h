/* rmi/rmi-powers-internal.h: powers of ten to 128 bits
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * 10^k = (high·2^64 + low + ε)·2^(floor (log2 10^k) - 127) with 0 <= ε < 1 and the top bit of high
 * set; ε is 0 exactly for 0 <= k <= RMI_POWERS_EXACT_MAX. The table is computed when first asked for.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define RMI_POWERS_MIN -348
#define RMI_POWERS_MAX 347
#define RMI_POWERS_EXACT_MAX 55

typedef struct
{
  guint64 high;
  guint64 low;
} RmiUint128;

/* The entry of 10^0; those of 10^k lie @k entries behind it. */
const RmiUint128 *rmi_powers_get (void);

static inline RmiUint128
rmi_powers_multiply (guint64 a,
                     guint64 b)
{
#ifdef __SIZEOF_INT128__
  unsigned __int128 product = (unsigned __int128) a * b;

  return (RmiUint128) { product >> 64, product };
#else
  guint64 a_low = (guint32) a, a_high = a >> 32;
  guint64 b_low = (guint32) b, b_high = b >> 32;
  guint64 low = a_low * b_low;
  guint64 middle = a_high * b_low + (low >> 32);
  guint64 other = a_low * b_high + (guint32) middle;

  return (RmiUint128) {
    a_high * b_high + (middle >> 32) + (other >> 32),
    other << 32 | (guint32) low,
  };
#endif
}

G_END_DECLS
