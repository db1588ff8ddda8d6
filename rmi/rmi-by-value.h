/* rmi/rmi-by-value.h: objects by value that are told when they are whole
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "rmi/rmi-types.h"

G_BEGIN_DECLS

#define RMI_TYPE_BY_VALUE (rmi_by_value_get_type ())
RMI_AVAILABLE_IN_1_0
G_DECLARE_INTERFACE (RmiByValue, rmi_by_value, RMI, BY_VALUE, GObject)

/**
 * RmiByValueInterface:
 * @decoded: called once, when all properties of the object and of all others in its message are set
 *
 * Since: 1.0
 */
struct _RmiByValueInterface
{
  GTypeInterface parent_iface;

  void (*decoded) (RmiByValue *self);

  /*< private >*/
  gpointer reserved[3];
};

RMI_AVAILABLE_IN_1_0
void rmi_by_value_decoded (RmiByValue *self);

G_END_DECLS
