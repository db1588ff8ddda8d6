/* rmi/rmi-address.h: where a peer listens, and where an object is
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "rmi/rmi-types.h"

G_BEGIN_DECLS

#define RMI_DEFAULT_PORT 7640

#define RMI_TYPE_REFERENCE (rmi_reference_get_type ())

/**
 * RmiReference:
 *
 * Names an object wherever it is: endpoints, a path, and the interfaces it is known to have. Immutable.
 * Its text is a URI: `rmi://host[:port]/path` (TCP) or `rmi+unix://%2Frun%2Fshop.sock/path`.
 *
 * Since: 1.0
 */
typedef struct _RmiReference RmiReference;

RMI_AVAILABLE_IN_1_0
GType              rmi_reference_get_type       (void);
/* @endpoints: URIs without path, `rmi://host:port` or `rmi+unix://%2F…` */
RMI_AVAILABLE_IN_1_0
RmiReference      *rmi_reference_new            (const char *const *endpoints, const char *path, const char *const *interfaces, GError **error);
RMI_AVAILABLE_IN_1_0
RmiReference      *rmi_reference_new_for_uri    (const char *uri, GError **error);
RMI_AVAILABLE_IN_1_0
RmiReference      *rmi_reference_ref            (RmiReference *self);
RMI_AVAILABLE_IN_1_0
void               rmi_reference_unref          (RmiReference *self);
RMI_AVAILABLE_IN_1_0
const char *const *rmi_reference_get_endpoints  (RmiReference *self);
RMI_AVAILABLE_IN_1_0
const char        *rmi_reference_get_path       (RmiReference *self);
RMI_AVAILABLE_IN_1_0
const char *const *rmi_reference_get_interfaces (RmiReference *self);
RMI_AVAILABLE_IN_1_0
char              *rmi_reference_to_uri         (RmiReference *self);   /* with the first endpoint */

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RmiReference, rmi_reference_unref)

G_END_DECLS
