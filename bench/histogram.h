/* bench/histogram.h: durations, counted in logarithmic buckets
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * 16 KiB for any number of durations, each kept to 3 %: so measuring hardly disturbs the caches of what is measured.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  guint64 count;
  guint64 buckets[2048];
} Histogram;

void    histogram_add          (Histogram *self, gint64 duration_ns);
void    histogram_merge        (Histogram *self, const Histogram *other);
/* The duration that @share (0…1) of all do not exceed; 0 if there is none. */
double  histogram_get_quantile (const Histogram *self, double share);

G_END_DECLS
