/* rmi/rmi-number-run.c: many plain numbers of an array, checked at once
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The grammar of a number as operations on bits, one bit for each of 64 bytes: "a digit follows each
 * minus" is a shift and an and. Nothing branches on what the numbers are, which is what checking them
 * one after the other costs most of its time for. After G. Langdale and D. Lemire, "Parsing Gigabytes of
 * JSON per Second", The VLDB Journal 28 (2019).
 */
#include "config.h"
#include "rmi/rmi-number-run-private.h"

#ifdef __SSE2__

typedef struct
{
  guint64 digits;
  guint64 zeros;
  guint64 points;
  guint64 commas;
  guint64 minuses;
} Block;

/* What the end of a block leaves to the next one; each is 0 or 1. */
typedef struct
{
  guint64 digit;              /* the last byte was one… */
  guint64 point;
  guint64 comma;
  guint64 minus;
  guint64 leading_zero;
  guint64 fraction;           /* …or digits behind a point go on */
} Carry;

static inline guint64
equal (__m128i bytes,
       char    c)
{
  return (guint) _mm_movemask_epi8 (_mm_cmpeq_epi8 (bytes, _mm_set1_epi8 (c)));
}

static inline Block
classify (const char *p)
{
  const __m128i nine = _mm_set1_epi8 (9);
  Block block = { 0, 0, 0, 0, 0 };

  for (guint i = 0; i < RMI_NUMBER_RUN_BYTES; i += 16)
    {
      __m128i bytes = _mm_loadu_si128 ((const __m128i *) (p + i));
      __m128i values = _mm_sub_epi8 (bytes, _mm_set1_epi8 ('0'));

      block.digits |= (guint64) _mm_movemask_epi8 (_mm_cmpeq_epi8 (_mm_min_epu8 (values, nine), values)) << i;
      block.zeros |= equal (bytes, '0') << i;
      block.points |= equal (bytes, '.') << i;
      block.commas |= equal (bytes, ',') << i;
      block.minuses |= equal (bytes, '-') << i;
    }
  return block;
}

/* Those whose byte before is in @set. */
static inline guint64
behind (guint64  set,
        guint64 *carry)
{
  guint64 result = set << 1 | *carry;

  *carry = set >> 63;
  return result;
}

/* Whether digits that begin at @starts are followed by a point. */
static inline gboolean
have_second_point (const Block *block,
                   guint64      starts,
                   Carry       *carry)
{
  guint64 sum = 0;
  gboolean overflows = __builtin_add_overflow (block->digits, starts, &sum);

  /* a carry out of a run of digits marks what is behind it */
  overflows |= __builtin_add_overflow (sum, carry->fraction, &sum);
  carry->fraction = overflows;
  return (sum & block->points) != 0;
}

static inline gboolean
is_right (const Block *block,
          Carry       *carry)
{
  guint64 digits = block->digits;
  guint64 behind_digit = behind (digits, &carry->digit);
  guint64 behind_point = behind (block->points, &carry->point);
  guint64 behind_comma = behind (block->commas, &carry->comma);
  guint64 behind_minus = behind (block->minuses, &carry->minus);
  guint64 leading_zeros = block->zeros & (behind_comma | behind_minus);
  guint64 wrong = (behind_comma & ~(digits | block->minuses))
                  | ((behind_minus | behind_point) & ~digits)
                  | (block->minuses & ~behind_comma)
                  | ((block->points | block->commas) & ~behind_digit)
                  | (behind (leading_zeros, &carry->leading_zero) & digits);

  return wrong == 0 && !have_second_point (block, behind_point, carry);
}

#endif

const char *
rmi_number_run_skip (const char *p,
                     const char *end,
                     guint       max,
                     guint      *n)
{
  const char *behind_last = p;
#ifdef __SSE2__
  Carry carry = { .comma = 1 };
#endif

  *n = 0;
#ifdef __SSE2__
  for (; end - p >= RMI_NUMBER_RUN_BYTES; p += RMI_NUMBER_RUN_BYTES)
    {
      Block block = classify (p);
      guint n_commas = (guint) __builtin_popcountll (block.commas);

      if ((block.digits | block.points | block.commas | block.minuses) != G_MAXUINT64
          || n_commas == 0 || n_commas > max - *n || !is_right (&block, &carry))
        break;
      *n += n_commas;
      behind_last = p + 64 - __builtin_clzll (block.commas);
    }
#endif
  return behind_last;
}
