/* examples/shop/shop-payment.c: the process that takes the money
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "bank.h"
#include "server.h"

int
main (int   argc,
      char *argv[])
{
  g_autoptr(GError) error = NULL;
  g_autoptr(Server) server = server_new (&argc, &argv, NULL, &error);
  g_autoptr(Bank) bank = bank_new ();

  if (server != NULL && server_run (server, "shop/payment", G_OBJECT (bank), &error))
    return 0;
  g_printerr ("shop-payment: %s\n", error->message);
  return 1;
}
