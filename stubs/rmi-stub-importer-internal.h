/* stubs/rmi-stub-importer-internal.h: the stubs of this process
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Implements RmiImporter: per connection, path → entry (count received, one weak stub per stub class). One a node.
 */
#pragma once

#include "rmi/rmi-importer-internal.h"
#include "stubs/rmi-stub.h"

G_BEGIN_DECLS

#define RMI_TYPE_STUB_IMPORTER (rmi_stub_importer_get_type ())
G_DECLARE_FINAL_TYPE (RmiStubImporter, rmi_stub_importer, RMI, STUB_IMPORTER, GObject)

RmiStubImporter *rmi_stub_importer_new      (RmiPoller *poller);
/* The stub (transfer full) of the named path @path at @connection, for rmi_node_get_object(): made without a round trip. @interface_type may be
 * RMI_TYPE_STUB: a plain stub, for dynamic calls. RMI_ERROR_NOT_SUPPORTED if the type has no stub. */
gpointer         rmi_stub_importer_get_stub (RmiStubImporter *self, RmiConnection *connection, const char *path, GType interface_type, GError **error);
/* @other is of the same object as @self, by another connection: so are all stubs of @self's object from now on. In the owner. */
void             rmi_stub_move              (RmiStub *self, RmiStub *other);
/* Subscribes @stub and fills its properties: one round trip (#rpc.subscribe [interface]); also the check that the object is there. A plain RmiStub asks #rpc.introspect
 * instead. Does nothing if the stub is filled already. */
gboolean         rmi_stub_fill              (RmiStub *stub, GCancellable *cancellable, GError **error);
void             rmi_stub_fill_async        (RmiStub *stub, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
gboolean         rmi_stub_fill_finish       (RmiStub *stub, GAsyncResult *result, GError **error);

G_END_DECLS
