/* stubs/rmi-dynamic-stub-private.h: what the dynamic stub's files share
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "stubs/rmi-dynamic-stub.h"
#include "stubs/rmi-stub-private.h"

G_BEGIN_DECLS

/* ---- descriptions ---- */

/* The descriptions of the object's interfaces, if they are known: (element-type RmiInterfaceInfo) (transfer full), or NULL. */
GPtrArray *rmi_dynamic_stub_find_infos  (RmiDynamicStub *self);
RmiCall   *rmi_dynamic_stub_begin_introspect (RmiDynamicStub *self);
/* Reads the answer to rpc.introspect; from now on the descriptions are known. */
GPtrArray *rmi_dynamic_stub_take_infos  (RmiDynamicStub *self, RmiCall *call, GError **error);
/* Whether such objects have something to tell to stubs that exist. */
gboolean   rmi_dynamic_stub_infos_want_events (GPtrArray *infos);
/* @name is `<Name>` or `<interface>.<Name>`; NULL if none of @infos has it. @found is the interface. */
const RmiMethodInfo   *rmi_dynamic_stub_find_method   (GPtrArray *infos, const char *name, RmiInterfaceInfo **found);
const RmiPropertyInfo *rmi_dynamic_stub_find_property (GPtrArray *infos, const char *name, RmiInterfaceInfo **found);

/* ---- what the object tells; in the owner, runs user code ---- */

void       rmi_dynamic_stub_take_signal (RmiDynamicStub *self, const RmiTarget *target, RmiReader *reader);
/* Takes {"<name>": value, …} into the cache, whole or not at all; names unknown are ignored. Any thread. */
void       rmi_dynamic_stub_take_values (RmiDynamicStub *self, RmiReader *reader);

/* ---- one access to a member: introspects first if need be ---- */

typedef enum
{
  RMI_ACCESS_INTROSPECT,
  RMI_ACCESS_CALL,
  RMI_ACCESS_GET,
  RMI_ACCESS_SET,
} RmiAccessKind;

typedef struct
{
  RmiAccessKind  kind;
  char          *name;           /* of the member; NULL for INTROSPECT */
  GVariant      *value;          /* the tuple of arguments, or the value to set; nullable */
  GPtrArray     *objects;        /* nullable */
  GPtrArray     *infos;          /* once they are known */
  GPtrArray     *out_objects;    /* of the result */
} RmiAccess;

/* Takes over @value, which may be floating or NULL. */
RmiAccess *rmi_access_new    (RmiAccessKind kind, const char *name, GVariant *value, GPtrArray *objects);
void       rmi_access_free   (RmiAccess *self);
/* The result (transfer full): an empty tuple where there is none. */
GVariant  *rmi_access_run    (RmiAccess *self, RmiDynamicStub *stub, GCancellable *cancellable, GError **error);
/* Takes over @self. */
void       rmi_access_start  (RmiAccess *self, RmiDynamicStub *stub, gpointer source_tag, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
/* The access is the task's. */
GVariant  *rmi_access_finish (RmiDynamicStub *stub, GAsyncResult *result, RmiAccess **access, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RmiAccess, rmi_access_free)

G_END_DECLS
