/* examples/shop/desk.h: takes orders
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "shop.h"

#define MY_TYPE_DESK (desk_get_type ())
G_DECLARE_FINAL_TYPE (Desk, desk, MY, DESK, GObject)

/* Implements ShopOrders. It makes no difference whether the two are in this process. */
Desk *desk_new (ShopWarehouse *warehouse, ShopPayment *payment);
