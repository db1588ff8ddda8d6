/* rmi/rmi-double.c: doubles as the shortest decimal text
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Prices and measurements are decimals of a few digits: scaled to an integer and divided back they
 * give the same double, and a decimal of up to fifteen digits that does so is the only one. All others
 * take Schubfach (Raffaello Giulietti, "The Schubfach way to render doubles"), exact for every double.
 */
#include "config.h"

#include "rmi/rmi-double-internal.h"

#include <float.h>
#include <math.h>

#include "rmi/rmi-decimal-internal.h"
#include "rmi/rmi-powers-internal.h"

#define FRACTION_BITS 52
#define HIDDEN_BIT (G_GUINT64_CONSTANT (1) << FRACTION_BITS)
#define EXPONENT_BIAS 1075              /* of the significand as an integer */

#define SCALE RMI_DECIMAL_EIGHT
#define SCALED_MIN 100.0                /* less has an exponent */
#define SCALED_MAX 1e15                 /* more digits may not be the only ones */
#define INTEGER_MAX 9007199254740992.0  /* 2^53: from here on, integers are rounded */

/* digits · 10^exponent */
typedef struct
{
  guint64 digits;
  int     exponent;
} Decimal;

/* The upper 64 bits of power · factor / 2^64, the lowest bit telling of anything below. */
static inline guint64
round_to_odd (RmiUint128 power,
              guint64    factor)
{
  RmiUint128 low = rmi_powers_multiply (power.low, factor);
  RmiUint128 high = rmi_powers_multiply (power.high, factor);
  guint64 middle = high.low + low.high;

  high.high += middle < high.low;
  return high.high | (middle > 1);
}

/* Names as in the paper: v is the value, l and r the bounds of what rounds to it, all times four. */
static Decimal
shortest_decimal (guint64  significand,
                  int      q,
                  gboolean is_lower_closer)
{
  int k = (q * 1262611 - (is_lower_closer ? 524031 : 0)) >> 22;
  int h = q + ((-k * 1741647) >> 19) + 1;
  RmiUint128 power = rmi_powers_get ()[-k];
  gboolean is_odd = significand & 1;
  guint64 cb = 4 * significand;
  guint64 v, lower, upper, s, tens;

  if (-k < 0 || -k > RMI_POWERS_EXACT_MAX)
    power.high += ++power.low == 0;
  v = round_to_odd (power, cb << h);
  lower = round_to_odd (power, (cb - 2 + is_lower_closer) << h) + is_odd;
  upper = round_to_odd (power, (cb + 2) << h) - is_odd;

  s = v / 4;
  tens = s / 10 * 40;
  if (s >= 10 && (lower <= tens) != (tens + 40 <= upper))
    return (Decimal) { s / 10 + (tens + 40 <= upper), k + 1 };
  if ((lower <= 4 * s) != (4 * s + 4 <= upper))
    return (Decimal) { s + (4 * s + 4 <= upper), k };
  return (Decimal) { s + (v > 4 * s + 2 || (v == 4 * s + 2 && (s & 1) != 0)), k };
}

/* As JavaScript prints numbers: plain from 1e-6 up to 1e21, else with an exponent. */
static guint
write_decimal (char    *buffer,
               Decimal  decimal)
{
  char digits[RMI_DECIMAL_DIGITS];
  int n = rmi_decimal_write (digits, decimal.digits);
  int point = n + decimal.exponent;
  char *p = buffer;

  if (point > 0 && point <= 21)
    {
      int whole = MIN (point, n);

      p = (char *) memcpy (p, digits, whole) + whole;
      for (int i = n; i < point; i++)
        *p++ = '0';
      *p++ = '.';
      if (whole == n)
        *p++ = '0';
      p = (char *) memcpy (p, digits + whole, n - whole) + (n - whole);
    }
  else if (point > -6 && point <= 0)
    {
      *p++ = '0';
      *p++ = '.';
      for (int i = point; i < 0; i++)
        *p++ = '0';
      p = (char *) memcpy (p, digits, n) + n;
    }
  else
    {
      *p++ = digits[0];
      if (n > 1)
        *p++ = '.';
      p = (char *) memcpy (p, digits + 1, n - 1) + (n - 1);
      *p++ = 'e';
      if (point < 1)
        *p++ = '-';
      p += rmi_decimal_write (p, ABS (point - 1));
    }
  return p - buffer;
}

/* @scaled / SCALE, with one digit or more behind the point. */
static inline guint
write_scaled (char    *buffer,
              guint64  scaled)
{
  guint64 whole, fraction;
  guint n;

  rmi_decimal_spread_two (scaled / SCALE, scaled % SCALE, &whole, &fraction);
  n = rmi_decimal_write_digits (buffer, whole);
  buffer[n] = '.';
  rmi_decimal_store (buffer + n + 1, fraction);
  return n + 1 + 8 - __builtin_clzll (fraction | 1) / 8;
}

static guint
write_integer (char    *buffer,
               guint64  value)
{
  guint n = rmi_decimal_write (buffer, value);

  memcpy (buffer + n, ".0", 2);
  return n + 2;
}

static guint G_GNUC_NO_INLINE
write_shortest (char   *buffer,
                double  value)
{
  guint64 bits, fraction;
  Decimal decimal;
  int exponent;

  g_assert (isfinite (value));

  memcpy (&bits, &value, sizeof bits);
  fraction = bits & (HIDDEN_BIT - 1);
  exponent = bits >> FRACTION_BITS;
  if (exponent == 0)
    decimal = shortest_decimal (fraction, 1 - EXPONENT_BIAS, FALSE);
  else
    decimal = shortest_decimal (fraction | HIDDEN_BIT, exponent - EXPONENT_BIAS, fraction == 0 && exponent > 1);
  for (; decimal.digits % 10 == 0; decimal.digits /= 10)
    decimal.exponent++;
  return write_decimal (buffer, decimal);
}

guint
rmi_double_format (char   *buffer,
                   double  value)
{
  double magnitude = fabs (value);
  double scaled = magnitude * SCALE;
  guint sign = signbit (value) != 0;

  buffer[0] = '-';
  buffer += sign;
  if (FLT_EVAL_METHOD == 0 && scaled >= SCALED_MIN && scaled < SCALED_MAX)
    {
      gint64 rounded = (gint64) (scaled + 0.5);       /* signed: one instruction */

      if ((double) rounded / SCALE == magnitude)
        return sign + write_scaled (buffer, rounded);
    }
  if (magnitude < INTEGER_MAX && (double) (gint64) magnitude == magnitude)
    return sign + write_integer (buffer, magnitude);
  return sign + write_shortest (buffer, magnitude);
}
