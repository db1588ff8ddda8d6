/* naming/rmi-provider-private.h: what a registry takes for a provider
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "naming/rmi-names.h"

G_BEGIN_DECLS

/* What it costs to keep. */
gsize             rmi_provider_get_bytes (RmiNamesProvider *provider);
/* A checked copy (transfer full) as consumers can use it: wildcard endpoints get the host that
 * @connection (NULL: this process) comes from. RMI_ERROR_INVALID_ARGUMENTS says what is wrong,
 * RMI_ERROR_LIMIT that it is too big. */
RmiNamesProvider *
rmi_provider_complete (RmiNamesProvider *provider, RmiConnection *connection, GError **error);

G_END_DECLS
