/* examples/shop/bank.h: takes money from cards
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "shop.h"

#define MY_TYPE_BANK (bank_get_type ())
G_DECLARE_FINAL_TYPE (Bank, bank, MY, BANK, GObject)

Bank *bank_new (void);
