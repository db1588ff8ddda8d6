/* rmi/rmi-double-internal.h: doubles to and from decimal text, exactly
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * No locale, no allocation for ordinary numbers. What rmi_double_format() writes,
 * rmi_double_parse() and every other correct parser read back bit by bit.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define RMI_DOUBLE_CHARS 32

/* Writes the shortest text that reads back as the finite @value into @buffer (RMI_DOUBLE_CHARS bytes,
 * not NUL-terminated), and returns its length. There is always a point or an exponent (`5.0`,
 * `-0.0`, `1e22`): a double stays one where no type is declared. */
guint       rmi_double_format (char *buffer, double value);

/* Reads the JSON number at @text, correctly rounded. Returns where it ends, at @end at the latest; NULL
 * if there is none or it is beyond a double. */
const char *rmi_double_parse  (const char *text, const char *end, double *value);

G_END_DECLS
