/* rmi/rmi-class.h: existing classes by value
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "rmi/rmi-types.h"

G_BEGIN_DECLS

RMI_AVAILABLE_IN_1_0
gboolean rmi_class_register (GType type, const char *wire_name, const char *const *properties, GError **error);

G_END_DECLS
