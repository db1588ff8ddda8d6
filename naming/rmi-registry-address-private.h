/* naming/rmi-registry-address-private.h: where registries are
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define RMI_REGISTRY_MEMORY_URI "rmi-memory:"

/* The endpoint of the user's own registry: a socket in $XDG_RUNTIME_DIR/rmi. */
char *rmi_registry_dup_user_endpoint (void);
/* @uri (NULL: $RMI_REGISTRY, else the user's own) as the canonical URI of the registry object, or
 * "rmi-memory:". */
char *rmi_registry_resolve_uri       (const char *uri, GError **error);

G_END_DECLS
