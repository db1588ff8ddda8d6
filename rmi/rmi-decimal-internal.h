/* rmi/rmi-decimal-internal.h: unsigned integers as decimal digits
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Eight digits at a time: the bytes of a 64-bit integer, the first digit in the lowest, where the
 * same operation on all of them is one instruction or two.
 */
#pragma once

#include <string.h>

#include <glib.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

G_BEGIN_DECLS

#define RMI_DECIMAL_DIGITS 20
#define RMI_DECIMAL_EIGHT 100000000     /* numbers below have at most eight digits */
#define RMI_DECIMAL_ONES (G_MAXUINT64 / 255)

/* The eight bytes at @text less '0': digits, if they are. */
static inline guint64
rmi_decimal_load (const char *text)
{
  guint64 bytes;

  memcpy (&bytes, text, 8);
  return GUINT64_FROM_LE (bytes) ^ RMI_DECIMAL_ONES * '0';
}

static inline void
rmi_decimal_store (char    *text,
                   guint64  digits)
{
  guint64 bytes = GUINT64_TO_LE (digits | RMI_DECIMAL_ONES * '0');

  memcpy (text, &bytes, 8);
}

/* How many of eight bytes are digits, up to the first that is none. */
static inline guint
rmi_decimal_count (guint64 digits)
{
  guint64 others = (digits | (digits + RMI_DECIMAL_ONES * (0x80 - 10))) & RMI_DECIMAL_ONES * 0x80;

  return others == 0 ? 8 : __builtin_ctzll (others) / 8;
}

/* The number that eight digits are. */
static inline guint
rmi_decimal_gather (guint64 digits)
{
  digits = digits * 10 + (digits >> 8);
  return ((digits & 0xff000000ff) * (100 + (G_GUINT64_CONSTANT (1000000) << 32))
          + (digits >> 16 & 0xff000000ff) * (1 + (G_GUINT64_CONSTANT (10000) << 32))) >> 32;
}

/* The eight digits of @value. */
static inline guint64
rmi_decimal_spread (guint value)
{
  guint64 halves = value / 10000 | (guint64) (value % 10000) << 32;
  guint64 hundreds = (halves * 10486 >> 20) & 0x7f0000007f;
  guint64 pairs = hundreds | (halves - hundreds * 100) << 16;
  guint64 tens = (pairs * 103 >> 10) & 0xf000f000f000f;

  return tens | (pairs - tens * 10) << 8;
}

/* The same of two numbers, for hardly more than one costs. */
static inline void
rmi_decimal_spread_two (guint    first,
                        guint    second,
                        guint64 *first_digits,
                        guint64 *second_digits)
{
#ifdef __SSE2__
  __m128i values = _mm_set_epi64x (second, first);
  __m128i upper = _mm_srli_epi64 (_mm_mul_epu32 (values, _mm_set1_epi64x (0xd1b71759)), 45);
  __m128i lower = _mm_sub_epi64 (values, _mm_mul_epu32 (upper, _mm_set1_epi64x (10000)));
  __m128i halves = _mm_or_si128 (upper, _mm_slli_epi64 (lower, 32));
  __m128i hundreds = _mm_srli_epi16 (_mm_mulhi_epu16 (halves, _mm_set1_epi16 (5243)), 3);
  __m128i rest = _mm_sub_epi16 (halves, _mm_mullo_epi16 (hundreds, _mm_set1_epi16 (100)));
  __m128i pairs = _mm_or_si128 (hundreds, _mm_slli_epi32 (rest, 16));
  __m128i tens = _mm_mulhi_epu16 (pairs, _mm_set1_epi16 (6554));
  __m128i ones = _mm_sub_epi16 (pairs, _mm_mullo_epi16 (tens, _mm_set1_epi16 (10)));
  __m128i digits = _mm_or_si128 (tens, _mm_slli_epi16 (ones, 8));

  _mm_storel_epi64 ((__m128i *) first_digits, digits);
  _mm_storel_epi64 ((__m128i *) second_digits, _mm_unpackhi_epi64 (digits, digits));
#else
  *first_digits = rmi_decimal_spread (first);
  *second_digits = rmi_decimal_spread (second);
#endif
}

/* Writes eight digits without the zeros in front, and returns how many there are left. Eight bytes are
 * written. */
static inline guint
rmi_decimal_write_digits (char    *text,
                          guint64  digits)
{
  guint n_zeros = __builtin_ctzll (digits | G_GUINT64_CONSTANT (1) << 56) / 8;

  rmi_decimal_store (text, digits >> n_zeros * 8);
  return 8 - n_zeros;
}

/* Writes @value into RMI_DECIMAL_DIGITS bytes, no NUL, and returns how many digits it has. */
guint rmi_decimal_write (char *text, guint64 value);

G_END_DECLS
