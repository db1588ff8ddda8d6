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
 * @RMI_NAMING_ERROR_TAKEN: somebody has this name
 * @RMI_NAMING_ERROR_INVALID_NAME: not a name
 * @RMI_NAMING_ERROR_NOT_OWNER: the name is another process's
 * @RMI_NAMING_ERROR_UNAVAILABLE: no registry answers
 * @RMI_NAMING_ERROR_WRONG_TYPE: the object of this name does not have the interface
 *
 * Errors of the naming service. Those of the connection to the registry or to an object are of the %RMI_ERROR domain.
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
  RMI_NAMING_ERROR_WRONG_TYPE,
} RmiNamingError;

RMI_AVAILABLE_IN_1_0
GQuark      rmi_naming_error_quark   (void);

RMI_AVAILABLE_IN_1_0
RmiNaming  *rmi_naming_open          (RmiNode             *node,
                                      const char          *uri,
                                      GCancellable        *cancellable,
                                      GError             **error);
RMI_AVAILABLE_IN_1_0
void        rmi_naming_open_async    (RmiNode             *node,
                                      const char          *uri,
                                      GCancellable        *cancellable,
                                      GAsyncReadyCallback  callback,
                                      gpointer             user_data);
RMI_AVAILABLE_IN_1_0
RmiNaming  *rmi_naming_open_finish   (GAsyncResult        *result,
                                      GError             **error);
RMI_AVAILABLE_IN_1_0
const char *rmi_naming_get_uri       (RmiNaming           *self);

RMI_AVAILABLE_IN_1_0
gboolean    rmi_naming_bind          (RmiNaming           *self,
                                      const char          *name,
                                      GObject             *object,
                                      GCancellable        *cancellable,
                                      GError             **error);
RMI_AVAILABLE_IN_1_0
void        rmi_naming_bind_async    (RmiNaming           *self,
                                      const char          *name,
                                      GObject             *object,
                                      GCancellable        *cancellable,
                                      GAsyncReadyCallback  callback,
                                      gpointer             user_data);
RMI_AVAILABLE_IN_1_0
gboolean    rmi_naming_bind_finish   (RmiNaming           *self,
                                      GAsyncResult        *result,
                                      GError             **error);
RMI_AVAILABLE_IN_1_0
gboolean    rmi_naming_rebind        (RmiNaming           *self,
                                      const char          *name,
                                      GObject             *object,
                                      GCancellable        *cancellable,
                                      GError             **error);
RMI_AVAILABLE_IN_1_0
void        rmi_naming_rebind_async  (RmiNaming           *self,
                                      const char          *name,
                                      GObject             *object,
                                      GCancellable        *cancellable,
                                      GAsyncReadyCallback  callback,
                                      gpointer             user_data);
RMI_AVAILABLE_IN_1_0
gboolean    rmi_naming_rebind_finish (RmiNaming           *self,
                                      GAsyncResult        *result,
                                      GError             **error);
RMI_AVAILABLE_IN_1_0
gboolean    rmi_naming_unbind        (RmiNaming           *self,
                                      const char          *name,
                                      GCancellable        *cancellable,
                                      GError             **error);
RMI_AVAILABLE_IN_1_0
void        rmi_naming_unbind_async  (RmiNaming           *self,
                                      const char          *name,
                                      GCancellable        *cancellable,
                                      GAsyncReadyCallback  callback,
                                      gpointer             user_data);
RMI_AVAILABLE_IN_1_0
gboolean    rmi_naming_unbind_finish (RmiNaming           *self,
                                      GAsyncResult        *result,
                                      GError             **error);
RMI_AVAILABLE_IN_1_0
gpointer    rmi_naming_lookup        (RmiNaming           *self,
                                      const char          *name,
                                      GType                interface_type,
                                      GCancellable        *cancellable,
                                      GError             **error);
RMI_AVAILABLE_IN_1_0
void        rmi_naming_lookup_async  (RmiNaming           *self,
                                      const char          *name,
                                      GType                interface_type,
                                      GCancellable        *cancellable,
                                      GAsyncReadyCallback  callback,
                                      gpointer             user_data);
RMI_AVAILABLE_IN_1_0
gpointer    rmi_naming_lookup_finish (RmiNaming           *self,
                                      GAsyncResult        *result,
                                      GError             **error);
RMI_AVAILABLE_IN_1_0
char      **rmi_naming_list          (RmiNaming           *self,
                                      const char          *prefix,
                                      GCancellable        *cancellable,
                                      GError             **error);
RMI_AVAILABLE_IN_1_0
void        rmi_naming_list_async    (RmiNaming           *self,
                                      const char          *prefix,
                                      GCancellable        *cancellable,
                                      GAsyncReadyCallback  callback,
                                      gpointer             user_data);
RMI_AVAILABLE_IN_1_0
char      **rmi_naming_list_finish   (RmiNaming           *self,
                                      GAsyncResult        *result,
                                      GError             **error);

G_END_DECLS
