/* examples/shop/tally.h: what became of the orders
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "shop.h"

typedef enum
{
  OUTCOME_ACCEPTED,
  OUTCOME_OUT_OF_STOCK,
  OUTCOME_DECLINED,
  OUTCOME_FAILED,              /* neither: a service was away, or something is broken */
  N_OUTCOMES,
} Outcome;

typedef struct
{
  guint   orders;
  guint   units;
  guint64 cents;               /* charged */
} Totals;

typedef struct
{
  GPtrArray *orders;           /* of ShopOrder */
  char     **details;          /* the report's line for each order; NULL: not answered yet */
  Totals     totals[N_OUTCOMES];
  guint      stock_signals;
  GError    *failure;          /* the first one */

  /* what the services say at the end; -1: they do not answer */
  gint64     units_in_stock;
  gint64     open_reservations;
  gint64     turnover;
} Tally;

Tally    *tally_new          (GPtrArray *orders);
void      tally_free         (Tally *self);
/* The order of that index was answered with exactly one of @receipt and @error (transfer full). */
void      tally_add          (Tally *self, guint index, ShopReceipt *receipt, GError *error);
guint     tally_count        (Tally *self);
void      tally_print        (Tally *self);
/* For programs to compare: each order, then the totals; amounts in cents. */
gboolean  tally_write_report (Tally *self, const char *filename, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Tally, tally_free)
