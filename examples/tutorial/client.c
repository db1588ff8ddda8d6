/* examples/tutorial/client.c: calls the object named "hello", wherever it is
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <stdio.h>
#include "hello.h"

int
main (int argc, char *argv[])
{
  g_autoptr(GError) error = NULL;
  g_autoptr(RmiNode) node = rmi_node_new ();
  g_autoptr(RmiNaming) naming = rmi_naming_open (node, NULL, NULL, &error);
  g_autoptr(HelloGreeter) greeter = NULL;
  g_autofree char *text = NULL;

  if (naming)
    greeter = rmi_naming_lookup (naming, "hello", HELLO_TYPE_GREETER, NULL, &error);
  if (greeter)
    text = hello_greeter_greet (greeter, argc > 1 ? argv[1] : "World", NULL, &error);
  puts (text ? text : error->message);
  return text ? 0 : 1;
}
