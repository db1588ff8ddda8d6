/* bench/histogram.c: durations, counted in logarithmic buckets
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A bucket is the number's highest set bit and the five bits below it.
 */
#include "histogram.h"

#define FRACTION_BITS 5
#define FRACTIONS (1 << FRACTION_BITS)

static guint
get_bucket (guint64 duration_ns)
{
  guint shift;

  if (duration_ns < FRACTIONS)
    return duration_ns;
  shift = 63 - FRACTION_BITS - __builtin_clzll (duration_ns);
  return (shift + 1) * FRACTIONS + (duration_ns >> shift) % FRACTIONS;
}

static double
get_middle_ns (guint bucket)
{
  guint shift;

  if (bucket < FRACTIONS)
    return bucket;
  shift = bucket / FRACTIONS - 1;
  return (FRACTIONS + bucket % FRACTIONS + 0.5) * (G_GUINT64_CONSTANT (1) << shift);
}

void
histogram_add (Histogram *self,
               gint64     duration_ns)
{
  self->count++;
  self->buckets[get_bucket (MAX (duration_ns, 0))]++;
}

void
histogram_merge (Histogram       *self,
                 const Histogram *other)
{
  self->count += other->count;
  for (guint i = 0; i < G_N_ELEMENTS (self->buckets); i++)
    self->buckets[i] += other->buckets[i];
}

double
histogram_get_quantile (const Histogram *self,
                        double           share)
{
  guint64 seen = 0;

  for (guint i = 0; i < G_N_ELEMENTS (self->buckets); i++)
    {
      seen += self->buckets[i];
      if (seen > 0 && seen >= share * self->count)
        return get_middle_ns (i);
    }
  return 0;
}
