/* examples/shop/tally.c: what became of the orders
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "tally.h"

static const char *const names[] = {
  [OUTCOME_ACCEPTED] = "accepted",
  [OUTCOME_OUT_OF_STOCK] = "out-of-stock",
  [OUTCOME_DECLINED] = "declined",
  [OUTCOME_FAILED] = "failed",
};

Tally *
tally_new (GPtrArray *orders)
{
  Tally *self = g_new0 (Tally, 1);

  self->orders = g_ptr_array_ref (orders);
  self->details = g_new0 (char *, orders->len);
  self->units_in_stock = -1;
  self->open_reservations = -1;
  self->turnover = -1;
  return self;
}

void
tally_free (Tally *self)
{
  for (guint i = 0; i < self->orders->len; i++)
    g_free (self->details[i]);
  g_free (self->details);
  g_ptr_array_unref (self->orders);
  g_clear_error (&self->failure);
  g_free (self);
}

static guint
count_units (ShopOrder *order)
{
  GPtrArray *lines = shop_order_get_lines (order);
  guint units = 0;

  for (guint i = 0; i < lines->len; i++)
    units += shop_line_get_quantity (lines->pdata[i]);
  return units;
}

static Outcome
classify (const GError *error)
{
  if (error == NULL)
    return OUTCOME_ACCEPTED;
  if (g_error_matches (error, SHOP_ERROR, SHOP_ERROR_OUT_OF_STOCK))
    return OUTCOME_OUT_OF_STOCK;
  if (g_error_matches (error, SHOP_ERROR, SHOP_ERROR_CARD_DECLINED))
    return OUTCOME_DECLINED;
  return OUTCOME_FAILED;
}

/* An order as one text, to compare; NULL if the other side sent half a one. */
static char *
describe (ShopOrder *order)
{
  ShopCustomer *customer = order != NULL ? shop_order_get_customer (order) : NULL;
  ShopAddress *address = customer != NULL ? shop_customer_get_address (customer) : NULL;
  const char *email, *note;
  GPtrArray *lines;
  GString *text;

  if (address == NULL)
    return NULL;
  email = shop_customer_get_email (customer);
  note = shop_order_get_note (order);
  lines = shop_order_get_lines (order);
  text = g_string_new (NULL);
  g_string_append_printf (text, "%s: %s <%s>, %s, %s %s, %s; “%s”", shop_order_get_number (order),
                          shop_customer_get_name (customer), email != NULL ? email : "nothing",
                          shop_address_get_street (address), shop_address_get_postcode (address),
                          shop_address_get_city (address), shop_address_get_country (address),
                          note != NULL ? note : "nothing");
  for (guint i = 0; i < lines->len; i++)
    g_string_append_printf (text, ", %u × %s", shop_line_get_quantity (lines->pdata[i]),
                            shop_line_get_sku (lines->pdata[i]));
  return g_string_free (text, FALSE);
}

/* The receipt has been in two processes: it must still say what was ordered, to the letter. */
static GError *
check_receipt (ShopReceipt *receipt,
               ShopOrder   *order)
{
  g_autofree char *ordered = describe (order);
  g_autofree char *sold = describe (shop_receipt_get_order (receipt));

  if (g_strcmp0 (ordered, sold) == 0 && shop_receipt_get_charge (receipt) != NULL)
    return NULL;
  return g_error_new (SHOP_ERROR, SHOP_ERROR_INVALID_ORDER, "The receipt is for: %s",
                      sold != NULL ? sold : "nothing");
}

void
tally_add (Tally       *self,
           guint        index,
           ShopReceipt *receipt,
           GError      *error)
{
  ShopOrder *order = self->orders->pdata[index];
  g_autoptr(GError) failure = receipt != NULL ? check_receipt (receipt, order) : error;
  Outcome outcome = classify (failure);
  guint units = count_units (order);
  guint64 cents = 0;

  if (outcome == OUTCOME_ACCEPTED)
    cents = shop_charge_get_amount (shop_receipt_get_charge (receipt));
  self->totals[outcome].orders++;
  self->totals[outcome].units += units;
  self->totals[outcome].cents += cents;
  self->details[index] =
    g_strdup_printf ("%s %s %u %" G_GUINT64_FORMAT "\n", shop_order_get_number (order),
                     names[outcome], units, cents);
  if (outcome == OUTCOME_FAILED && self->failure == NULL)
    {
      self->failure = g_steal_pointer (&failure);
      g_prefix_error (&self->failure, "Order %s: ", shop_order_get_number (order));
    }
}

guint
tally_count (Tally *self)
{
  guint count = 0;

  for (Outcome i = 0; i < N_OUTCOMES; i++)
    count += self->totals[i].orders;
  return count;
}

void
tally_print (Tally *self)
{
  g_print ("  %-14s %7s %8s %14s\n", "", "orders", "units", "charged");
  for (Outcome i = 0; i < N_OUTCOMES; i++)
    g_print ("  %-14s %7u %8u %14.2f\n", names[i], self->totals[i].orders, self->totals[i].units,
             self->totals[i].cents / 100.0);
  g_print ("  %u stock signals seen, %" G_GINT64_FORMAT " units in stock, "
           "%" G_GINT64_FORMAT " reservations open\n",
           self->stock_signals, self->units_in_stock, self->open_reservations);
  if (self->failure != NULL)
    g_print ("  The first failure: %s\n", self->failure->message);
}

gboolean
tally_write_report (Tally       *self,
                    const char  *filename,
                    GError     **error)
{
  g_autoptr(GString) report = g_string_new (NULL);

  for (guint i = 0; i < self->orders->len; i++)
    g_string_append (report, self->details[i] != NULL ? self->details[i] : "");
  for (Outcome i = 0; i < N_OUTCOMES; i++)
    g_string_append_printf (report, "total %s %u %u %" G_GUINT64_FORMAT "\n", names[i],
                            self->totals[i].orders, self->totals[i].units, self->totals[i].cents);
  g_string_append_printf (report, "stock-signals %u\n", self->stock_signals);
  g_string_append_printf (report, "units-in-stock %" G_GINT64_FORMAT "\n", self->units_in_stock);
  g_string_append_printf (report, "open-reservations %" G_GINT64_FORMAT "\n",
                          self->open_reservations);
  g_string_append_printf (report, "turnover %" G_GINT64_FORMAT "\n", self->turnover);
  return g_file_set_contents (filename, report->str, report->len, error);
}
