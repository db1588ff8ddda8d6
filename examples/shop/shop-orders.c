/* examples/shop/shop-orders.c: the process that takes orders
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "desk.h"
#include "server.h"

int
main (int   argc,
      char *argv[])
{
  g_autoptr(GError) error = NULL;
  g_autoptr(Server) server = server_new (&argc, &argv, NULL, &error);
  g_autoptr(ShopWarehouse) warehouse = NULL;
  g_autoptr(ShopPayment) payment = NULL;
  g_autoptr(Desk) desk = NULL;

  if (server != NULL)
    warehouse = rmi_naming_lookup (server->naming, "shop/warehouse", SHOP_TYPE_WAREHOUSE,
                                   NULL, &error);
  if (warehouse != NULL)
    payment = rmi_naming_lookup (server->naming, "shop/payment", SHOP_TYPE_PAYMENT, NULL, &error);
  if (payment != NULL)
    desk = desk_new (warehouse, payment);

  if (desk != NULL && server_run (server, "shop/orders", G_OBJECT (desk), &error))
    return 0;
  g_printerr ("shop-orders: %s\n", error->message);
  return 1;
}
