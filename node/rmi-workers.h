/* node/rmi-workers.h: several nodes behind one address, each in a thread of its own
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "node/rmi-node.h"

G_BEGIN_DECLS

#define RMI_TYPE_WORKERS (rmi_workers_get_type ())
RMI_AVAILABLE_IN_1_0
G_DECLARE_FINAL_TYPE (RmiWorkers, rmi_workers, RMI, WORKERS, GObject)

/**
 * RmiWorkerFactory:
 * @node: the node of a worker, which is to have the object
 * @user_data: what rmi_workers_export_with_factory() was given
 * @error: return location for an error
 *
 * Makes the object of one worker. Runs in the worker's thread, whose thread-default main context is the worker's.
 *
 * Returns: (transfer full) (nullable): the object, or %NULL with @error
 *
 * Since: 1.0
 */
typedef GObject *(*RmiWorkerFactory) (RmiNode *node, gpointer user_data, GError **error);

RMI_AVAILABLE_IN_1_0
RmiWorkers *rmi_workers_new                 (guint n_workers);
RMI_AVAILABLE_IN_1_0
guint       rmi_workers_get_n_workers       (RmiWorkers *self);
RMI_AVAILABLE_IN_1_0
char       *rmi_workers_listen              (RmiWorkers *self, const char *uri, GCancellable *cancellable, GError **error);
RMI_AVAILABLE_IN_1_0
char      **rmi_workers_list_endpoints      (RmiWorkers *self);
RMI_AVAILABLE_IN_1_0
gboolean    rmi_workers_export              (RmiWorkers *self, const char *path, GObject *object, GError **error);
RMI_AVAILABLE_IN_1_0
gboolean    rmi_workers_export_with_factory (RmiWorkers        *self,
                                             const char        *path,
                                             RmiWorkerFactory   factory,
                                             gpointer           user_data,
                                             GError           **error);
RMI_AVAILABLE_IN_1_0
gboolean    rmi_workers_unexport            (RmiWorkers *self, const char *path);
RMI_AVAILABLE_IN_1_0
void        rmi_workers_close               (RmiWorkers *self);

G_END_DECLS
