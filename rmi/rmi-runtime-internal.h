/* rmi/rmi-runtime-internal.h: what all connections of one node share
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Made by the node, belongs to the owner of its poller (only the count is atomic).
 */
#pragma once

#include "rmi/rmi-call-context-internal.h"
#include "rmi/rmi-exporter-internal.h"
#include "rmi/rmi-importer-internal.h"
#include "rmi/rmi-limits-internal.h"
#include "rmi/rmi-poller-internal.h"

G_BEGIN_DECLS

#define RMI_RUNTIME_SPARE_WRITERS 8

struct _RmiRuntime
{
  gatomicrefcount     ref_count;
  RmiPoller          *poller;
  RmiExporter        *exporter;
  RmiImporter        *importer;
  char               *node_id;           /* 128 random bits, base64url */
  /* Set by the node, which is @introducer: */
  gpointer            introducer;
  /* The RmiForwarder (transfer full) that stands for @stub, which is of this node. @at: a JSON array of the endpoints of its object's node
   * that @receiver may know (transfer full), or NULL. NULL with NO_SUCH_OBJECT if the object is gone. */
  GObject          *(*introduce) (RmiRuntime *self, GObject *stub, RmiConnection *receiver, char **at, GError **error);
  /* @stub is of a relay: looks for a way to @owner ("<node id><path>") itself, by the endpoints @at (JSON). */
  void              (*approach)  (RmiRuntime *self, GObject *stub, const char *at, const char *owner);
  RmiLimits           network;           /* of peers on the network, or of other users */
  RmiLimits           local;             /* of this user's processes on this machine */
  GHashTable         *sessions;          /* token → RmiConnection, accepted and borrowed */
  gint64              lease_unit_us;     /* a second; tests have shorter ones */
  GQueue              backlog;           /* connections with messages held, oldest first; each holds a ref */
  RmiWriter          *spare_writers[RMI_RUNTIME_SPARE_WRITERS];
  guint               n_spare_writers;
  RmiTimer            spare_timer;       /* runs while one of them is large */
  RmiCallCancellable *spare_cancellable; /* of the last call, if nobody kept it */
  guint               cancelled_signal;  /* of GCancellable */
};

RmiRuntime *rmi_runtime_new             (RmiPoller *poller, RmiExporter *exporter, RmiImporter *importer);
RmiRuntime *rmi_runtime_ref             (RmiRuntime *self);
void        rmi_runtime_unref           (RmiRuntime *self);

/* The limits of a peer with these credentials, or without any. */
const RmiLimits *rmi_runtime_get_limits (RmiRuntime *self, GCredentials *credentials);

/* The poller's idle work: messages that waited. In rmi-connection-held.c. */
gboolean    rmi_runtime_run_backlog     (gpointer runtime);

/* A clean writer, used ones first; any thread. */
RmiWriter  *rmi_runtime_take_writer     (RmiRuntime *self, const RmiLimits *limits, RmiReferenceCodec *codec);
/* Gives it back, or frees it (where this thread does not own the poller). Retracts as free does. */
void        rmi_runtime_give_writer     (RmiRuntime *self, RmiWriter *writer);

RmiCallCancellable *rmi_runtime_take_cancellable (RmiRuntime *self);
/* (transfer full); kept for the next call if nobody else holds it. */
void        rmi_runtime_give_cancellable (RmiRuntime *self, RmiCallCancellable *cancellable);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RmiRuntime, rmi_runtime_unref)

G_END_DECLS
