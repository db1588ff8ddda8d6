/* naming/rmi-name-private.h: what a name is
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define RMI_NAME_MAX_BYTES 255

/* What is wrong with @name, as a sentence to follow it; NULL if it is a name. */
const char *rmi_name_find_fault (const char *name);

G_END_DECLS
