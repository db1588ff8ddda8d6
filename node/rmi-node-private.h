/* node/rmi-node-private.h: a process's presence, as its files share it
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "node/rmi-connection-pool-private.h"
#include "node/rmi-node.h"
#include "node/rmi-relay-private.h"
#include "rmi/rmi-runtime-internal.h"
#include "skeletons/rmi-object-exporter-internal.h"
#include "stubs/rmi-stub-importer-internal.h"

G_BEGIN_DECLS

struct _RmiNode
{
  GObject parent_instance;

  RmiPoller         *poller;
  RmiRuntime        *runtime;
  RmiObjectExporter *exporter;
  RmiStubImporter   *importer;
  RmiRelayTable     *relays;
  GStrv              direct_dial;   /* nullable */
  GPtrArray         *listeners;
  RmiConnectionPool *connections;
};

/* One piece of work for the owner. */
typedef struct
{
  RmiNode            *self;
  const char         *text;         /* a URI or a path */
  const RmiEndpoint  *endpoint;
  GObject            *object;
  GType               type;
  gpointer            result;
  gboolean            succeeded;
  GError             *error;
} RmiNodeJob;

/* Runs @func, which says in the job how it went. */
gboolean rmi_node_run_job (RmiNodeJob *job, GFunc func, GError **error);

/* @id (transfer full): as a worker's; before it speaks to anybody. */
void rmi_node_set_id (RmiNode *self, char *id);
/* What @self accepts is served by @workers, each time by the one with the fewest connections. Before it listens; they live as long as it does. */
void rmi_node_set_workers (RmiNode *self, RmiNode *const *workers, guint n_workers);
/* How long the seconds of leases are. For tests. */
void rmi_node_set_lease_unit (RmiNode *self, gint64 unit_us);
/* rmi_node_close(), by the owner and as soon as it can; does not wait. */
void rmi_node_close_soon (RmiNode *self);

G_END_DECLS
