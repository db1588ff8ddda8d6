/* rmi/rmi-by-value.c: objects by value that are told when they are whole
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "config.h"
#include "rmi/rmi-by-value.h"

/**
 * RmiByValue:
 *
 * For classes that travel by value and have something to do when they arrive: to connect what belongs together, to compute what does
 * not travel. A class that is derived by hand, or one that the program registers, implements it.
 *
 * Since: 1.0
 */
G_DEFINE_INTERFACE (RmiByValue, rmi_by_value, G_TYPE_OBJECT)

static void
rmi_by_value_default_init (RmiByValueInterface *iface)
{
}

/**
 * rmi_by_value_decoded:
 * @self: an object by value that has just been received
 *
 * Tells it that it is whole. The library does, once, when all objects of the message have their properties and before anybody else sees
 * them: those inside before those around them.
 *
 * Since: 1.0
 */
void
rmi_by_value_decoded (RmiByValue *self)
{
  RmiByValueInterface *iface;

  g_return_if_fail (RMI_IS_BY_VALUE (self));

  iface = RMI_BY_VALUE_GET_IFACE (self);
  if (iface->decoded != NULL)
    iface->decoded (self);
}
