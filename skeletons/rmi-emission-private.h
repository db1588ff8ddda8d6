/* skeletons/rmi-emission-private.h: one event on its way to its subscribers
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * for (writer = rmi_emission_begin (…); writer != NULL; writer = rmi_emission_next (writer))
 *   write the arguments
 *
 * Encoded once for all who subscribed by the same path, unless it holds references, which are counted for each. Encoding
 * may run user code that emits again: emissions are a stack.
 */
#pragma once

#include "skeletons/rmi-export-private.h"

G_BEGIN_DECLS

RmiWriter *rmi_emission_begin (RmiExport *export, const char *interface, const char *member, gboolean has_references);
RmiWriter *rmi_emission_next  (RmiWriter *writer);
/* `<path>!rpc.broken`: what @path, an id, named is gone for good. */
void       rmi_emission_tell_broken (RmiConnection *connection, const char *path);

G_END_DECLS
