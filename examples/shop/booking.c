/* examples/shop/booking.c: goods kept aside for one order
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Nobody in this process keeps a booking: it lives as long as a peer holds a reference to it. When
 * the last one lets go, or its process dies, an open booking gives its goods back.
 */
#include "booking.h"

struct _Booking
{
  GObject  parent_instance;
  Store   *store;
  Goods   *goods;              /* NULL once confirmed or cancelled */
};

static void booking_implement (ShopReservationInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (Booking, booking, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (SHOP_TYPE_RESERVATION, booking_implement))

static gboolean
check_open (Booking  *self,
            GError  **error)
{
  if (self->goods == NULL)
    g_set_error (error, SHOP_ERROR, SHOP_ERROR_NOT_OPEN,
                 "This reservation was confirmed or cancelled already");
  return self->goods != NULL;
}

static void
give_back (Booking *self)
{
  g_autoptr(GHashTable) goods = g_steal_pointer (&self->goods);

  if (goods != NULL)
    store_put_back (self->store, goods);
}

static char *
booking_confirm (ShopReservation  *reservation,
                 ShopAddress      *address,
                 ShopShipping      shipping,
                 GCancellable     *cancellable,
                 GError          **error)
{
  Booking *self = MY_BOOKING (reservation);

  if (!check_open (self, error))
    return NULL;
  g_clear_pointer (&self->goods, g_hash_table_unref);
  return store_send (self->store, address, shipping);
}

static gboolean
booking_cancel (ShopReservation  *reservation,
                GCancellable     *cancellable,
                GError          **error)
{
  Booking *self = MY_BOOKING (reservation);

  if (!check_open (self, error))
    return FALSE;
  give_back (self);
  return TRUE;
}

static void
booking_implement (ShopReservationInterface *iface)
{
  iface->confirm = booking_confirm;
  iface->cancel = booking_cancel;
}

static void
booking_dispose (GObject *object)
{
  Booking *self = MY_BOOKING (object);

  give_back (self);
  g_clear_object (&self->store);

  G_OBJECT_CLASS (booking_parent_class)->dispose (object);
}

static void
booking_class_init (BookingClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = booking_dispose;
}

static void
booking_init (Booking *self)
{
}

Booking *
booking_new (Store *store,
             Goods *goods)
{
  Booking *self = g_object_new (MY_TYPE_BOOKING, NULL);

  self->store = g_object_ref (store);
  self->goods = g_hash_table_ref (goods);
  return self;
}
