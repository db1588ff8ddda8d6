/* naming/rmi-binder-private.h: the names that a node has at one registry
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * One for each node and registry, kept by the node: names live as long as the node is connected,
 * whoever bound them. When the registry was away, they are bound again. Belongs to the node's main
 * context.
 */
#pragma once

#include "naming/rmi-names.h"
#include "node/rmi-node.h"

G_BEGIN_DECLS

#define RMI_TYPE_BINDER (rmi_binder_get_type ())
G_DECLARE_FINAL_TYPE (RmiBinder, rmi_binder, RMI, BINDER, GObject)

/* The binder of @node at the registry @uri (borrowed), or NULL. */
RmiBinder        *rmi_binder_find         (RmiNode *node, const char *uri);
/* The same, made with @registry, a stub or the service itself, if it is not there yet. */
RmiBinder *rmi_binder_ensure (RmiNode *node, const char *uri, RmiNamesRegistry *registry);
RmiNamesRegistry *rmi_binder_get_registry (RmiBinder *self);
/* The object (transfer full) that this node bound to @name at @path, or NULL. */
GObject          *rmi_binder_dup_object   (RmiBinder *self, const char *name, const char *path);

/* Binding is asking the registry between begin and end. */
typedef struct
{
  char             *name;
  GObject          *object;
  GObject          *displaced;     /* was exported at @path before (nullable) */
  char             *path;
  RmiNamesProvider *provider;
  gboolean          replace;
} RmiBindRequest;

/* Exports @object and makes the node listen, if need be. */
RmiBindRequest *rmi_binder_begin (RmiBinder *self,
                                  RmiNode *node,
                                  const char *name,
                                  GObject *object,
                                  gboolean replace,
                                  GError **error);
/* Keeps the name, or takes back what begin did. Frees @request. */
void rmi_binder_end (RmiBinder *self, RmiNode *node, RmiBindRequest *request, gboolean is_bound);
/* The name is no longer ours: also takes its export back, if bind exported. FALSE if it was not
 * ours. */
gboolean          rmi_binder_forget       (RmiBinder *self, RmiNode *node, const char *name);

G_END_DECLS
