/* rmi/rmi-random-internal.h: secrets
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* @n_bytes (at most 64) from getrandom(), as base64url without padding (RFC 4648, section 5); transfer full. */
char *rmi_random_token      (gsize n_bytes);
/* The same into @buffer, which has room for n_bytes * 4 / 3 + 2. */
void  rmi_random_token_into (char *buffer, gsize n_bytes);

G_END_DECLS
