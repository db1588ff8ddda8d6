/* rmi/rmi-powers.c: powers of ten to 128 bits
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * 10^k is 5^k up to its exponent. The positive powers are multiplied out in full. The negative ones
 * are the integers floor (2^N / 5^k): dividing by five again and again gives them exactly, and N
 * leaves 128 bits and more of the last.
 */
#include "config.h"

#include "rmi/rmi-powers-internal.h"

#define N_WORDS 31            /* 5^348 has 809 bits; 2^991 / 5^348 has 182 */

/* Little-endian words of 32 bits. */
typedef struct
{
  guint32 words[N_WORDS];
} Big;

static void
big_multiply (Big     *self,
              guint32  factor)
{
  guint64 carry = 0;

  for (guint i = 0; i < N_WORDS; i++)
    {
      carry += (guint64) self->words[i] * factor;
      self->words[i] = (guint32) carry;
      carry >>= 32;
    }
}

static void
big_divide (Big     *self,
            guint32  divisor)
{
  guint64 rest = 0;

  for (guint i = N_WORDS; i-- > 0;)
    {
      rest = rest << 32 | self->words[i];
      self->words[i] = (guint32) (rest / divisor);
      rest %= divisor;
    }
}

static guint64
big_word (const Big *self,
          int        i)
{
  return i >= 0 ? self->words[i] : 0;
}

/* The 128 bits from the highest set one on, truncated. */
static RmiUint128
big_top (const Big *self)
{
  int top = N_WORDS - 1;
  RmiUint128 result;
  guint shift;

  while (self->words[top] == 0)
    top--;
  shift = g_bit_storage (self->words[top]);      /* 1…32 bits of the top word */
  result.high = big_word (self, top) << 32 | big_word (self, top - 1);
  result.low = big_word (self, top - 2) << 32 | big_word (self, top - 3);
  if (shift < 32)
    {
      guint missing = 32 - shift;

      result.high = result.high << missing | result.low >> (64 - missing);
      result.low = result.low << missing | big_word (self, top - 4) >> shift;
    }
  return result;
}

const RmiUint128 *
rmi_powers_get (void)
{
  static RmiUint128 powers[RMI_POWERS_MAX - RMI_POWERS_MIN + 1];
  static gsize is_computed = 0;

  if (g_once_init_enter (&is_computed))
    {
      Big positive = { { 1 } };
      Big negative = { { 0 } };

      negative.words[N_WORDS - 1] = (guint32) 1 << 31;
      for (int k = 0; k <= RMI_POWERS_MAX; k++, big_multiply (&positive, 5))
        powers[k - RMI_POWERS_MIN] = big_top (&positive);
      for (int k = -1; k >= RMI_POWERS_MIN; k--)
        {
          big_divide (&negative, 5);
          powers[k - RMI_POWERS_MIN] = big_top (&negative);
        }
      g_once_init_leave (&is_computed, 1);
    }
  return powers - RMI_POWERS_MIN;
}
