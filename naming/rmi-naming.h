/* naming/rmi-naming.h: names → objects
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "node/rmi-node.h"

G_BEGIN_DECLS

#define RMI_TYPE_NAMING (rmi_naming_get_type ())
RMI_AVAILABLE_IN_1_0
G_DECLARE_FINAL_TYPE (RmiNaming, rmi_naming, RMI, NAMING, GObject)

#define RMI_NAMING_ERROR (rmi_naming_error_quark ())

/**
 * RmiNamingError:
 * @RMI_NAMING_ERROR_NOT_FOUND: nothing is bound to this name
 * @RMI_NAMING_ERROR_TAKEN: somebody else has this name
 * @RMI_NAMING_ERROR_INVALID_NAME: not a name
 * @RMI_NAMING_ERROR_NOT_OWNER: the name is another process's
 * @RMI_NAMING_ERROR_UNAVAILABLE: no registry answers
 *
 * Errors of the naming service.
 *
 * Since: 1.0
 */
typedef enum
{
  RMI_NAMING_ERROR_NOT_FOUND,
  RMI_NAMING_ERROR_TAKEN,
  RMI_NAMING_ERROR_INVALID_NAME,
  RMI_NAMING_ERROR_NOT_OWNER,
  RMI_NAMING_ERROR_UNAVAILABLE,
} RmiNamingError;

RMI_AVAILABLE_IN_1_0
GQuark     rmi_naming_error_quark (void);
/* @uri NULL: $RMI_REGISTRY, else the user's own registry; "rmi-memory:" one of this process. */
RMI_AVAILABLE_IN_1_0
RmiNaming *rmi_naming_open        (RmiNode *node, const char *uri, GCancellable *cancellable, GError **error);
/* Also exports @object at "/" + @name, unless it is exported already; makes @node listen privately if it does not listen at all. */
RMI_AVAILABLE_IN_1_0
gboolean   rmi_naming_bind        (RmiNaming *self, const char *name, GObject *object, GCancellable *cancellable, GError **error);
RMI_AVAILABLE_IN_1_0
gboolean   rmi_naming_rebind      (RmiNaming *self, const char *name, GObject *object, GCancellable *cancellable, GError **error);
RMI_AVAILABLE_IN_1_0
gboolean   rmi_naming_unbind      (RmiNaming *self, const char *name, GCancellable *cancellable, GError **error);
RMI_AVAILABLE_IN_1_0
gpointer   rmi_naming_lookup      (RmiNaming *self, const char *name, GType interface_type, GCancellable *cancellable, GError **error);
RMI_AVAILABLE_IN_1_0
char     **rmi_naming_list        (RmiNaming *self, const char *prefix, GCancellable *cancellable, GError **error);
/* each with _async and _finish */

G_END_DECLS
