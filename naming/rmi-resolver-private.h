/* naming/rmi-resolver-private.h: from a provider to its object
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "naming/rmi-names.h"
#include "node/rmi-node.h"

G_BEGIN_DECLS

typedef struct _RmiResolver RmiResolver;

/* For the object of @name, which is @local (transfer full) (nullable) if this node bound it. */
RmiResolver *rmi_resolver_new (RmiNode *node,
                               const char *name,
                               RmiNamesProvider *provider,
                               GObject *local,
                               GType interface_type);
void         rmi_resolver_free   (RmiResolver *self);
/* Tries the endpoints in order. The object (transfer full), or NULL with @error. */
gpointer     rmi_resolver_run    (RmiResolver *self, GCancellable *cancellable, GError **error);
/* The same, returning @task (transfer full), which has the cancellable; takes @self. */
void         rmi_resolver_start  (RmiResolver *self, GTask *task);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RmiResolver, rmi_resolver_free)

G_END_DECLS
