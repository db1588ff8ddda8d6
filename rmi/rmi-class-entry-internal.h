/* rmi/rmi-class-entry-internal.h: what the library asks of all classes that travel by value
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "rmi/rmi-class-entry.h"

G_BEGIN_DECLS

/* Whether one was registered whose functions run code of the application. Never becomes false again. */
gboolean rmi_class_runs_code (void);

G_END_DECLS
