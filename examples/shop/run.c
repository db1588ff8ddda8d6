/* examples/shop/run.c: placing every order of a file
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "run.h"

#include <unistd.h>

#define PROGRESS_STEP 400

struct _Run
{
  ShopOrders    *desk;
  ShopWarehouse *warehouse;
  ShopPayment   *payment;
  GPtrArray     *orders;
  Tally         *tally;
  GMainLoop     *loop;
  guint          next;             /* the order to place next */
  guint          on_their_way;
};

/* An order on its way. */
typedef struct
{
  Run   *run;
  guint  index;
} Placing;

static void place_next (Run *self);

/* A signal from another process; there is nothing to it. */
static void
stock_changed_cb (ShopWarehouse *warehouse,
                  const char    *sku,
                  guint          count,
                  Run           *self)
{
  self->tally->stock_signals++;
}

Run *
run_new (RmiNaming  *naming,
         GPtrArray  *orders,
         GError    **error)
{
  g_autoptr(Run) self = g_new0 (Run, 1);

  self->orders = g_ptr_array_ref (orders);
  self->tally = tally_new (orders);
  self->loop = g_main_loop_new (NULL, FALSE);
  self->desk = rmi_naming_lookup (naming, "shop/orders", SHOP_TYPE_ORDERS, NULL, error);
  if (self->desk != NULL)
    self->warehouse = rmi_naming_lookup (naming, "shop/warehouse", SHOP_TYPE_WAREHOUSE,
                                         NULL, error);
  if (self->warehouse != NULL)
    self->payment = rmi_naming_lookup (naming, "shop/payment", SHOP_TYPE_PAYMENT, NULL, error);
  if (self->payment == NULL)
    return NULL;
  g_signal_connect (self->warehouse, "stock-changed", G_CALLBACK (stock_changed_cb), self);
  return g_steal_pointer (&self);
}

void
run_free (Run *self)
{
  if (self->warehouse != NULL)
    g_signal_handlers_disconnect_by_data (self->warehouse, self);
  g_clear_object (&self->desk);
  g_clear_object (&self->warehouse);
  g_clear_object (&self->payment);
  g_main_loop_unref (self->loop);
  tally_free (self->tally);
  g_ptr_array_unref (self->orders);
  g_free (self);
}

Tally *
run_get_tally (Run *self)
{
  return self->tally;
}

static void
add_answer (Run         *self,
            guint        index,
            ShopReceipt *receipt,
            GError      *error)
{
  guint count;

  tally_add (self->tally, index, receipt, error);
  count = tally_count (self->tally);
  if (count == self->orders->len)
    g_print ("  %u of %u orders\n", count, count);
  else if (count % PROGRESS_STEP == 0)
    g_print ("  %u of %u orders%c", count, self->orders->len, isatty (STDOUT_FILENO) ? '\r' : '\n');
}

void
run_one_by_one (Run   *self,
                guint  count)
{
  for (; self->next < self->orders->len && count > 0; count--)
    {
      guint index = self->next++;
      GError *error = NULL;
      g_autoptr(ShopReceipt) receipt = NULL;

      receipt = shop_orders_place_order (self->desk, self->orders->pdata[index], NULL, &error);
      add_answer (self, index, receipt, error);
    }
}

static void
placed_cb (GObject      *desk,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autofree Placing *placing = user_data;
  Run *self = placing->run;
  GError *error = NULL;
  g_autoptr(ShopReceipt) receipt = NULL;

  receipt = shop_orders_place_order_finish (SHOP_ORDERS (desk), result, &error);
  add_answer (self, placing->index, receipt, error);
  self->on_their_way--;
  if (self->next < self->orders->len)
    place_next (self);
  else if (self->on_their_way == 0)
    g_main_loop_quit (self->loop);
}

static void
place_next (Run *self)
{
  Placing *placing = g_new0 (Placing, 1);

  placing->run = self;
  placing->index = self->next++;
  self->on_their_way++;
  shop_orders_place_order_async (self->desk, self->orders->pdata[placing->index], NULL,
                                 placed_cb, placing);
}

void
run_at_once (Run   *self,
             guint  at_once)
{
  while (self->next < self->orders->len && self->on_their_way < at_once)
    place_next (self);
  if (self->on_their_way > 0)
    g_main_loop_run (self->loop);
}

static void
listed_cb (GObject      *warehouse,
           GAsyncResult *result,
           gpointer      user_data)
{
  Run *self = user_data;
  g_autoptr(GPtrArray) levels = NULL;

  levels = shop_warehouse_list_finish (SHOP_WAREHOUSE (warehouse), result, NULL);
  if (levels != NULL)
    self->tally->units_in_stock = 0;
  for (guint i = 0; levels != NULL && i < levels->len; i++)
    {
      const ShopStockLevel *level = levels->pdata[i];

      self->tally->units_in_stock += level->count;
    }
  g_main_loop_quit (self->loop);
}

gboolean
run_audit (Run     *self,
           GError **error)
{
  g_auto(GValue) open_reservations = G_VALUE_INIT;
  g_auto(GValue) turnover = G_VALUE_INIT;

  /* Signals and answers arrive in the order they were sent: with this one, every signal is there. */
  shop_warehouse_list_async (self->warehouse, NULL, listed_cb, self);
  g_main_loop_run (self->loop);

  /* A stub's property is a copy that follows the real one; this asks for it now. */
  if (!rmi_object_get_property (self->payment, "turnover", &turnover, NULL, error))
    return FALSE;
  self->tally->turnover = g_value_get_uint64 (&turnover);
  if (!rmi_object_get_property (self->warehouse, "open-reservations", &open_reservations,
                                NULL, error))
    return FALSE;
  self->tally->open_reservations = g_value_get_uint (&open_reservations);
  return TRUE;
}
