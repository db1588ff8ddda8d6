/* tools/grmi/grmi-output.h: JSON for people, and for programs
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Works on valid JSON text. What a peer sent cannot steer a terminal: control characters are shown
 * as escapes, in plain text by rmi_text_append_shown().
 */
#pragma once

#include "rmi/rmi-slice-internal.h"
#include "rmi/rmi-text-internal.h"

G_BEGIN_DECLS

/* One line, nothing but the JSON. */
void grmi_append_json       (GString *out, RmiSlice json);
/* Several lines where one would be long; those after the first begin with @indent spaces. */
void grmi_append_pretty     (GString *out, RmiSlice json, guint indent);
/* The same, but a string is its plain text. */
void grmi_append_value      (GString *out, RmiSlice json, guint indent);
/* Writes it out and empties it; the program ends if nobody reads. */
void grmi_flush             (GString *out);

G_END_DECLS
