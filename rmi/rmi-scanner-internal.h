/* rmi/rmi-scanner-internal.h: the strict check of a whole JSON text
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * One pass, no recursion, no allocation for ordinary texts. After it, readers trust the text.
 * RFC 8259 and I-JSON (RFC 7493): no duplicate members (compared unescaped; large objects through a keyed hash), UTF-8 without
 * lone surrogates (also as \u escapes), no control bytes, no BOM, nothing after the value, no number beyond a double.
 */
#pragma once

#include "rmi/rmi-limits-internal.h"
#include "rmi/rmi-slice-internal.h"
#include "rmi/rmi-types.h"

G_BEGIN_DECLS

/* Called for each member of the outermost object, and with an absent key for each element of an outermost array, as soon as
 * it has been checked whole: so what was seen before an error is known. @key is unescaped. */
typedef void (*RmiScannerFunc) (RmiSlice key, RmiSlice value, gpointer user_data);

/* FALSE with RMI_ERROR_PARSE (syntax; says at which byte) or RMI_ERROR_LIMIT (names the limit). @top is nullable.
 * White space around the value is allowed. */
gboolean rmi_scanner_check (RmiSlice          text,
                            const RmiLimits  *limits,
                            RmiScannerFunc    top,
                            gpointer          user_data,
                            GError          **error);

G_END_DECLS
