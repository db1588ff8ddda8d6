/* rmi/rmi-number-run-private.h: many plain numbers of an array, checked at once
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <glib.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

G_BEGIN_DECLS

#define RMI_NUMBER_PLAIN_CHARS 16     /* no number is as long that rmi_number_skip_plain() takes */
#define RMI_NUMBER_RUN_BYTES 64       /* are looked at together */
#define RMI_NUMBER_RUN_CHARS 128      /* no number of a run is as long */

/* @p: where a number begins in an array. Skips numbers without exponents that have commas between them and no space, @max at most:
 * behind the comma of the last one that is certainly right, or @p. What follows may be the rest of such a number, or anything else.
 * @n (out): how many were skipped. */
const char *rmi_number_run_skip (const char *p,
                                 const char *end,
                                 guint       max,
                                 guint      *n);

/* The end of a number in an array that is short and plain: digits, with a point between them at most. NULL if this does not tell. */
static inline const char *
rmi_number_skip_plain (const char *p,
                       const char *end)
{
#ifdef __SSE2__
  const __m128i zero = _mm_set1_epi8 ('0' - 128);       /* digits are to be the least of signed bytes */
  const __m128i nine = _mm_set1_epi8 (9 - 128);
  __m128i bytes;
  guint others, n;

  if (end - p <= 16)
    return NULL;
  bytes = _mm_sub_epi8 (_mm_loadu_si128 ((const __m128i *) p), zero);
  others = _mm_movemask_epi8 (_mm_cmpgt_epi8 (bytes, nine));
  n = __builtin_ctz (others | 1 << 16);
  if (p[n] == '.' && n > 0)
    {
      others &= others - 1;
      if ((others >> n & 2) != 0)
        return NULL;
      n = __builtin_ctz (others | 1 << 16);
    }
  if (n > 0 && n < 16 && (p[n] == ',' || p[n] == ']') && (p[0] != '0' || n == 1 || p[1] == '.'))
    return p + n;
#endif
  return NULL;
}

G_END_DECLS
