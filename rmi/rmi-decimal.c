/* rmi/rmi-decimal.c: unsigned integers as decimal digits
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "config.h"

#include "rmi/rmi-decimal-internal.h"

guint
rmi_decimal_write (char    *text,
                   guint64  value)
{
  guint n;

  if (value < RMI_DECIMAL_EIGHT)
    return rmi_decimal_write_digits (text, rmi_decimal_spread (value));

  n = rmi_decimal_write (text, value / RMI_DECIMAL_EIGHT);
  rmi_decimal_store (text + n, rmi_decimal_spread (value % RMI_DECIMAL_EIGHT));
  return n + 8;
}
