/* node/rmi-relay-private.h: an exported object that stands for another peer's
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Forwards text: what is called, answered and emitted passes as it is, but for the references in it. So it needs no description of the
 * object, and keeps its errors. One for each remote object of a node, made when it is first passed on; it goes when nobody holds it.
 */
#pragma once

#include "rmi/rmi-runtime-internal.h"
#include "skeletons/rmi-object-exporter-internal.h"
#include "stubs/rmi-stub.h"

G_BEGIN_DECLS

typedef struct _RmiRelayTable RmiRelayTable;

RmiRelayTable *rmi_relay_table_new    (RmiObjectExporter *exporter);
RmiRelayTable *rmi_relay_table_ref    (RmiRelayTable *self);
void           rmi_relay_table_unref  (RmiRelayTable *self);
/* The relay (transfer full) that stands for the object of @stub, which is of the same node. NULL with NO_SUCH_OBJECT if that is gone. */
GObject       *rmi_relay_table_ensure (RmiRelayTable *self, RmiStub *stub, GError **error);
/* The same if there is one (borrowed), or NULL. */
GObject       *rmi_relay_table_lookup (RmiRelayTable *self, RmiStub *stub);

G_END_DECLS
