/* examples/shop/store.h: the warehouse's shelves
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "shop.h"

/* Goods taken off the shelves: which product, how many. */
typedef GHashTable Goods;

#define MY_TYPE_STORE (store_get_type ())
G_DECLARE_FINAL_TYPE (Store, store, MY, STORE, GObject)

/* From a CSV file with the columns sku, cents and count. */
Store *store_new_for_file (const char *filename, GError **error);
/* A reservation was confirmed: its goods leave the house. Returns the tracking number. */
char  *store_send         (Store *self, ShopAddress *address, ShopShipping shipping);
/* A reservation was cancelled or dropped: its goods go back. */
void   store_put_back     (Store *self, Goods *goods);
