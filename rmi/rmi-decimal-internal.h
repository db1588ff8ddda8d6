/* rmi/rmi-decimal-internal.h: unsigned integers as decimal digits
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <string.h>

#include <glib.h>

G_BEGIN_DECLS

#define RMI_DECIMAL_DIGITS 20

/* "00" "01" … "99" */
extern const char rmi_decimal_pairs[201];

static inline guint
rmi_decimal_count (guint64 value)
{
  guint n = 1;

  for (; value >= 10000; value /= 10000)
    n += 4;
  return n + (value >= 10) + (value >= 100) + (value >= 1000);
}

/* Writes the last @n digits of @value, zeros in front included. */
static inline void
rmi_decimal_write_n (char    *out,
                     guint64  value,
                     guint    n)
{
  for (; n >= 2; value /= 100)
    {
      n -= 2;
      memcpy (out + n, rmi_decimal_pairs + value % 100 * 2, 2);
    }
  if (n == 1)
    out[0] = '0' + value % 10;
}

/* Writes @value (at most RMI_DECIMAL_DIGITS bytes, no NUL) and returns how many digits it has. */
static inline guint
rmi_decimal_write (char    *out,
                   guint64  value)
{
  guint n = rmi_decimal_count (value);

  rmi_decimal_write_n (out, value, n);
  return n;
}

G_END_DECLS
