/* bench/sample.h: what is sent to and fro, the same for every peer
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* W2, W5, W6: 100 bytes */
#define SAMPLE_TEXT "The quick brown fox jumps over the lazy dog, and 0123456789 times more; " \
                    "then it rests for a while. A"

/* W3: an order of 20 lines */
#define SAMPLE_ORDER_ID G_GINT64_CONSTANT (9007199254)
#define SAMPLE_LINES    20
#define SAMPLE_STATUS   "ACCEPTED"
#define SAMPLE_NAME     "Alice Example"
#define SAMPLE_EMAIL    "alice@example.org"
#define SAMPLE_STREET   "12 Long Street"
#define SAMPLE_CITY     "Cape Town"
#define SAMPLE_ZIP      "8001"
#define SAMPLE_COUNTRY  "South Africa"

#define SAMPLE_SKU_SIZE 13            /* with its NUL */

/* W4: many numbers */
#define SAMPLE_NUMBERS  10000

static inline void
sample_get_sku (guint i,
                char  sku[SAMPLE_SKU_SIZE])
{
  guint number = 10000000 + i * 7919;

  for (guint digit = SAMPLE_SKU_SIZE - 2; digit >= 4; digit--, number /= 10)
    sku[digit] = '0' + number % 10;
  sku[0] = 'S';
  sku[1] = 'K';
  sku[2] = 'U';
  sku[3] = '-';
  sku[SAMPLE_SKU_SIZE - 1] = '\0';
}

static inline int
sample_get_quantity (guint i)
{
  return 1 + i % 5;
}

static inline double
sample_get_price (guint i)
{
  return (999 + 125 * i) / 100.0;
}

static inline double
sample_get_total (void)
{
  double total = 0;

  for (guint i = 0; i < SAMPLE_LINES; i++)
    total += sample_get_quantity (i) * sample_get_price (i);
  return total;
}

/* Exact in binary, and so is every sum of them. */
static inline double
sample_get_number (guint i)
{
  return 0.5 * i + 0.125;
}

static inline double
sample_get_sum (void)
{
  return 0.5 * SAMPLE_NUMBERS * (SAMPLE_NUMBERS - 1) / 2 + 0.125 * SAMPLE_NUMBERS;
}

G_END_DECLS
