/* rmi/rmi-double-parse.c: decimal text as the nearest double
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Three ways, each exact where it gives an answer: one division or multiplication of exact doubles
 * (Clinger); the product with a 128-bit power of ten (Eisel and Lemire, "Number parsing at a gigabyte
 * per second"); the C library.
 */
#include "config.h"

#include "rmi/rmi-double-internal.h"

#include <float.h>
#include <math.h>

#include "rmi/rmi-decimal-internal.h"
#include "rmi/rmi-powers-internal.h"

#define MANTISSA_DIGITS 19              /* fit 64 bits */
#define EXPONENT_CAP 1000000000         /* further digits make no difference */
#define FRACTION_BITS (DBL_MANT_DIG - 1)
#define FRACTION_MASK ((G_GUINT64_CONSTANT (1) << FRACTION_BITS) - 1)

/* mantissa · 10^exponent */
typedef struct
{
  guint64  mantissa;
  gint64   exponent;
  gboolean is_truncated;                /* digits that are not all zero were left out */
} Number;

static inline gboolean
is_digit (const char *p,
          const char *end)
{
  return p < end && (guchar) (*p - '0') < 10;
}

/* These append the digits at @p to @mantissa, whatever does not fit being lost, and return where they end.
 * Whole parts have few digits, and often as many as the one before: going one by one is as good as a guess. */
static inline const char *
read_whole (const char *p,
            const char *end,
            guint64    *mantissa)
{
  for (; is_digit (p, end); p++)
    *mantissa = *mantissa * 10 + (guchar) (*p - '0');
  return p;
}

static inline const char *
read_fraction (const char *p,
               const char *end,
               guint64    *mantissa)
{
  static const guint32 tens[] = { 1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000 };
  guint n = 8;

  while (n == 8 && end - p >= 8)
    {
      guint64 digits = rmi_decimal_load (p);

      n = rmi_decimal_count (digits);
      if (n > 0)
        *mantissa = *mantissa * tens[n] + rmi_decimal_gather (digits << (64 - 8 * n));
      p += n;
    }
  return n == 8 ? read_whole (p, end, mantissa) : p;
}

/* Of more digits than a mantissa holds, the first ones. */
static Number G_GNUC_NO_INLINE
truncate_digits (const char *p,
                 const char *end,
                 gint64      exponent)
{
  Number number = { .exponent = exponent };
  int n = 0;

  for (; p < end; p++)
    if (*p == '.')
      continue;
    else if (n < MANTISSA_DIGITS)
      {
        number.mantissa = number.mantissa * 10 + (*p - '0');
        n += number.mantissa != 0;
      }
    else
      {
        number.exponent++;
        number.is_truncated |= *p != '0';
      }
  return number;
}

static const char * G_GNUC_NO_INLINE
read_exponent (const char *p,
               const char *end,
               gint64     *exponent)
{
  gboolean is_negative = p < end && *p == '-';

  if (p < end && (*p == '-' || *p == '+'))
    p++;
  if (!is_digit (p, end))
    return NULL;
  for (; is_digit (p, end); p++)
    if (*exponent < EXPONENT_CAP)
      *exponent = *exponent * 10 + (*p - '0');
  if (is_negative)
    *exponent = -*exponent;
  return p;
}

/* The number without a sign at @whole, by the grammar of JSON. Returns where it ends, or NULL. */
static inline const char *
read_number (Number     *number,
             const char *whole,
             const char *end)
{
  const char *p = read_whole (whole, end, &number->mantissa);

  if (p == whole || (*whole == '0' && p - whole > 1))
    return NULL;
  if (p < end && *p == '.')
    {
      const char *fraction = p + 1;

      p = read_fraction (fraction, end, &number->mantissa);
      if (p == fraction)
        return NULL;
      number->exponent = fraction - p;
    }
  if (G_UNLIKELY (p - whole > MANTISSA_DIGITS))
    *number = truncate_digits (whole, p, number->exponent);
  if (p < end && (*p == 'e' || *p == 'E'))
    {
      gint64 exponent = 0;

      p = read_exponent (p + 1, end, &exponent);
      number->exponent += exponent;
    }
  return p;
}

static inline gboolean
clinger (Number  number,
         double *value)
{
  static const double powers[] = {
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11,
    1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
  };

  if (FLT_EVAL_METHOD != 0 || number.is_truncated
      || number.mantissa > G_GUINT64_CONSTANT (1) << DBL_MANT_DIG
      || number.exponent < -22 || number.exponent > 22)
    return FALSE;
  *value = (gint64) number.mantissa;   /* signed: one instruction */
  if (number.exponent < 0)
    *value /= powers[-number.exponent];
  else
    *value *= powers[number.exponent];
  return TRUE;
}

/* FALSE where 128 bits do not decide, or the result is no normal double. */
static gboolean
eisel_lemire (guint64  mantissa,
              gint64   exponent,
              double  *value)
{
  RmiUint128 power, product;
  guint64 bits, significand, biased;
  guint zeros, top;

  if (mantissa == 0 || exponent < RMI_POWERS_MIN || exponent > RMI_POWERS_MAX)
    return FALSE;
  power = rmi_powers_get ()[exponent];
  zeros = __builtin_clzll (mantissa);
  mantissa <<= zeros;
  biased = (guint64) ((217706 * exponent >> 16) + 64 + 1023) - zeros;

  product = rmi_powers_multiply (mantissa, power.high);
  if ((product.high & 0x1ff) == 0x1ff && product.low + mantissa < mantissa)
    {
      RmiUint128 more = rmi_powers_multiply (mantissa, power.low);

      product.low += more.high;
      product.high += product.low < more.high;
      if ((product.high & 0x1ff) == 0x1ff && product.low + 1 == 0 && more.low + mantissa < mantissa)
        return FALSE;
    }

  top = product.high >> 63;
  significand = product.high >> (top + 9);
  biased -= 1 ^ top;
  if (product.low == 0 && (product.high & 0x1ff) == 0 && (significand & 3) == 1)
    return FALSE;                       /* half way, or not: the lost bits would tell */
  significand = (significand + (significand & 1)) >> 1;
  if (significand >> DBL_MANT_DIG != 0)
    {
      significand >>= 1;
      biased++;
    }
  if (biased - 1 >= 0x7ff - 1)
    return FALSE;
  bits = biased << FRACTION_BITS | (significand & FRACTION_MASK);
  memcpy (value, &bits, sizeof bits);
  return TRUE;
}

static double G_GNUC_NO_INLINE
parse_by_library (const char *text,
                  const char *end)
{
  g_autofree char *copy = g_strndup (text, end - text);

  return g_ascii_strtod (copy, NULL);
}

/* Of a number with more digits than the mantissa holds, the digits left out must not matter. */
static gboolean G_GNUC_NO_INLINE
multiply (Number  number,
          double *value)
{
  double above;

  if (!eisel_lemire (number.mantissa, number.exponent, value))
    return FALSE;
  return !number.is_truncated
         || (eisel_lemire (number.mantissa + 1, number.exponent, &above) && above == *value);
}

const char *
rmi_double_parse (const char *text,
                  const char *end,
                  double     *value)
{
  gboolean is_negative = text < end && *text == '-';
  const char *whole = text + is_negative;
  Number number = { 0 };
  double result = 0;

  end = read_number (&number, whole, end);
  if (end == NULL)
    return NULL;
  if (number.mantissa != 0 && !clinger (number, &result) && !multiply (number, &result))
    result = parse_by_library (whole, end);
  if (isinf (result))
    return NULL;
  *value = is_negative ? -result : result;
  return end;
}
