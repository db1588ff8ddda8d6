/* examples/shop/order-file.h: orders.csv as objects
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "shop.h"

/* Returns: (transfer full) (element-type ShopOrder) */
GPtrArray *order_file_load (const char *filename, GError **error);
