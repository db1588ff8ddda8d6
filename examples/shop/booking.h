/* examples/shop/booking.h: goods kept aside for one order
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "store.h"

#define MY_TYPE_BOOKING (booking_get_type ())
G_DECLARE_FINAL_TYPE (Booking, booking, MY, BOOKING, GObject)

/* Implements ShopReservation; @goods are off the shelves already. */
Booking *booking_new (Store *store, Goods *goods);
