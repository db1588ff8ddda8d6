/* examples/shop/shop-warehouse.c: the process that has the goods
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "server.h"
#include "store.h"

int
main (int   argc,
      char *argv[])
{
  g_autoptr(GError) error = NULL;
  g_autoptr(Server) server = server_new (&argc, &argv, "STOCK.CSV", &error);
  g_autoptr(Store) store = server != NULL ? store_new_for_file (argv[1], &error) : NULL;

  if (store != NULL && server_run (server, "shop/warehouse", G_OBJECT (store), &error))
    return 0;
  g_printerr ("shop-warehouse: %s\n", error->message);
  return 1;
}
