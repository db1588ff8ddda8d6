/* naming/rmi-registry-service-private.h: the registry itself
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Implements org.rmi_glib.Registry (naming/registry.xml): the rmi-registry daemon exports one, and
 * "rmi-memory:" calls one in place. A name belongs to the connection whose call bound it; those
 * bound by local calls belong to this process.
 */
#pragma once

#include "naming/rmi-names.h"

G_BEGIN_DECLS

/* Where registries have it. */
#define RMI_REGISTRY_PATH "/registry"

#define RMI_REGISTRY_MAX_NAMES            100000
#define RMI_REGISTRY_MAX_OWNER_NAMES      10000
#define RMI_REGISTRY_MAX_BYTES            (64 * 1024 * 1024)
#define RMI_REGISTRY_MAX_PROVIDER_BYTES   4096
#define RMI_REGISTRY_PAGE_NAMES           1000
#define RMI_REGISTRY_PAGE_BYTES           (256 * 1024)

#define RMI_TYPE_REGISTRY_SERVICE (rmi_registry_service_get_type ())
G_DECLARE_FINAL_TYPE (RmiRegistryService, rmi_registry_service, RMI, REGISTRY_SERVICE, GObject)

RmiRegistryService *rmi_registry_service_new (void);

G_END_DECLS
