/* examples/shop/desk.c: takes orders
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * An order is a chain of calls to two other services. The chain is asynchronous, so any number of
 * orders can be on their way:
 *
 *   reserve ─→ charge ─→ confirm ─→ receipt
 *     │          │          └ fails ─→ refund ┐
 *     │          └ fails ─→ cancel ───────────┤
 *     └ fails ────────────────────────────────┴─→ error
 */
#include "desk.h"

#define STANDARD_CENTS 490
#define EXPRESS_CENTS  1290

struct _Desk
{
  GObject        parent_instance;
  ShopWarehouse *warehouse;
  ShopPayment   *payment;
};

/* An order on its way; the data of its task. */
typedef struct
{
  ShopOrder       *order;
  ShopReservation *reservation;
  ShopCharge      *charge;
  GError          *error;          /* why it is being undone */
} Placement;

static void reserved_cb  (GObject *warehouse, GAsyncResult *result, gpointer user_data);
static void charged_cb   (GObject *payment, GAsyncResult *result, gpointer user_data);
static void confirmed_cb (GObject *reservation, GAsyncResult *result, gpointer user_data);
static void cancelled_cb (GObject *reservation, GAsyncResult *result, gpointer user_data);
static void refunded_cb  (GObject *payment, GAsyncResult *result, gpointer user_data);

static void desk_implement (ShopOrdersInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (Desk, desk, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (SHOP_TYPE_ORDERS, desk_implement))

static void
placement_free (Placement *placement)
{
  g_clear_object (&placement->order);
  g_clear_object (&placement->reservation);
  g_clear_object (&placement->charge);
  g_clear_error (&placement->error);
  g_free (placement);
}

/* The shop's own errors pass through as they are; that a service is away becomes one of them. */
static GError *
explain (GError     *error,
         const char *service)
{
  GError *explained;

  if (error->domain == SHOP_ERROR)
    return error;
  explained = g_error_new (SHOP_ERROR, SHOP_ERROR_UNAVAILABLE, "The %s does not answer: %s",
                           service, error->message);
  g_error_free (error);
  return explained;
}

static ShopAddress *
get_address (ShopOrder *order)
{
  ShopCustomer *customer = shop_order_get_customer (order);

  return customer != NULL ? shop_customer_get_address (customer) : NULL;
}

/* Anybody may send anything: what a class lacks on the wire is NULL here. */
static gboolean
is_complete (ShopOrder *order)
{
  return get_address (order) != NULL && shop_order_get_lines (order) != NULL &&
         shop_order_get_card (order) != NULL;
}

static void
desk_place_order_async (ShopOrders          *orders,
                        ShopOrder           *order,
                        GCancellable        *cancellable,
                        GAsyncReadyCallback  callback,
                        gpointer             user_data)
{
  Desk *self = MY_DESK (orders);
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);
  Placement *placement = g_new0 (Placement, 1);

  placement->order = g_object_ref (order);
  g_task_set_task_data (task, placement, (GDestroyNotify) placement_free);
  if (!is_complete (order))
    g_task_return_new_error (task, SHOP_ERROR, SHOP_ERROR_INVALID_ORDER,
                             "An order needs an address, lines and a card");
  else
    shop_warehouse_reserve_async (self->warehouse, shop_order_get_lines (order), cancellable,
                                  reserved_cb, g_steal_pointer (&task));
}

/* From here on an order is not cancelled half-way: all of it is done, or all of it undone. */
static void
reserved_cb (GObject      *warehouse,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  Desk *self = g_task_get_source_object (task);
  Placement *placement = g_task_get_task_data (task);
  guint64 amount;
  gboolean is_express;
  GError *error = NULL;

  if (!shop_warehouse_reserve_finish (SHOP_WAREHOUSE (warehouse), result,
                                      &placement->reservation, &amount, &error))
    {
      g_task_return_error (task, explain (error, "warehouse"));
      return;
    }
  is_express = shop_order_get_shipping (placement->order) == SHOP_SHIPPING_EXPRESS;
  amount += is_express ? EXPRESS_CENTS : STANDARD_CENTS;
  shop_payment_charge_async (self->payment, shop_order_get_card (placement->order), amount, NULL,
                             charged_cb, g_steal_pointer (&task));
}

static void
charged_cb (GObject      *payment,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  Placement *placement = g_task_get_task_data (task);
  ShopOrder *order = placement->order;

  placement->charge = shop_payment_charge_finish (SHOP_PAYMENT (payment), result,
                                                  &placement->error);
  if (placement->charge != NULL)
    shop_reservation_confirm_async (placement->reservation, get_address (order),
                                    shop_order_get_shipping (order), NULL,
                                    confirmed_cb, g_steal_pointer (&task));
  else
    {
      placement->error = explain (placement->error, "bank");
      shop_reservation_cancel_async (placement->reservation, NULL,
                                     cancelled_cb, g_steal_pointer (&task));
    }
}

static void
confirmed_cb (GObject      *reservation,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  Desk *self = g_task_get_source_object (task);
  Placement *placement = g_task_get_task_data (task);
  g_autofree char *parcel = NULL;

  parcel = shop_reservation_confirm_finish (SHOP_RESERVATION (reservation), result,
                                            &placement->error);
  if (parcel != NULL)
    g_task_return_pointer (task, shop_receipt_new (placement->order, placement->charge, parcel),
                           g_object_unref);
  else
    {
      placement->error = explain (placement->error, "warehouse");
      shop_payment_refund_async (self->payment, shop_charge_get_authorisation (placement->charge),
                                 NULL, refunded_cb, g_steal_pointer (&task));
    }
}

/* Whether or not it could be cancelled: the goods go back when the reservation is let go of. */
static void
cancelled_cb (GObject      *reservation,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  Placement *placement = g_task_get_task_data (task);

  shop_reservation_cancel_finish (SHOP_RESERVATION (reservation), result, NULL);
  g_task_return_error (task, g_steal_pointer (&placement->error));
}

static void
refunded_cb (GObject      *payment,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  Placement *placement = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;

  if (!shop_payment_refund_finish (SHOP_PAYMENT (payment), result, &error))
    g_warning ("Order %s: %s was charged for nothing: %s", shop_order_get_number (placement->order),
               shop_charge_get_authorisation (placement->charge), error->message);
  g_task_return_error (task, g_steal_pointer (&placement->error));
}

static ShopReceipt *
desk_place_order_finish (ShopOrders    *orders,
                         GAsyncResult  *result,
                         GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
desk_implement (ShopOrdersInterface *iface)
{
  iface->place_order_async = desk_place_order_async;
  iface->place_order_finish = desk_place_order_finish;
}

static void
desk_dispose (GObject *object)
{
  Desk *self = MY_DESK (object);

  g_clear_object (&self->warehouse);
  g_clear_object (&self->payment);

  G_OBJECT_CLASS (desk_parent_class)->dispose (object);
}

static void
desk_class_init (DeskClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = desk_dispose;
}

static void
desk_init (Desk *self)
{
}

Desk *
desk_new (ShopWarehouse *warehouse,
          ShopPayment   *payment)
{
  Desk *self = g_object_new (MY_TYPE_DESK, NULL);

  self->warehouse = g_object_ref (warehouse);
  self->payment = g_object_ref (payment);
  return self;
}
