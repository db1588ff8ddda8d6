/* stubs/rmi-stub.h: an object of another process, as a local GObject
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <json-glib/json-glib.h>

#include "rmi/rmi-types.h"

G_BEGIN_DECLS

#define RMI_TYPE_STUB (rmi_stub_get_type ())
RMI_AVAILABLE_IN_1_0
G_DECLARE_DERIVABLE_TYPE (RmiStub, rmi_stub, RMI, STUB, GObject)

/* Base of generated stubs. Properties and signals are named rmi-… so that they never hide the user's.
 * Signal `rmi-broken`: the object is gone for good (implicit references only).
 * Signal `rmi-gap`: signals were lost; properties have been asked for again.
 * Signals `rmi-event` (const char *member, JsonNode *arguments) and `rmi-changed` (JsonNode *properties): of a plain RmiStub, which has no signals of its own.
 * It does not subscribe by itself: call `rpc.subscribe`. */
struct _RmiStubClass
{
  GObjectClass parent_class;

  /*< private >*/
  const RmiInterfaceEntry *entry;      /* of the most derived interface; set by rmi_stub_class_install() */
  gpointer padding[12];
};

/* A call as the wire has it: @arguments is an array (by position) or an object (by name), or NULL. No description is needed; RmiDynamicStub has types. */
RMI_AVAILABLE_IN_1_0
JsonNode      *rmi_stub_call_json         (RmiStub *self, const char *method, JsonNode *arguments, GCancellable *cancellable, GError **error);
RMI_AVAILABLE_IN_1_0
void           rmi_stub_call_json_async   (RmiStub *self, const char *method, JsonNode *arguments, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
RMI_AVAILABLE_IN_1_0
JsonNode      *rmi_stub_call_json_finish  (RmiStub *self, GAsyncResult *result, GError **error);

RMI_AVAILABLE_IN_1_0
RmiConnection *rmi_stub_get_connection    (RmiStub *self);            /* (transfer none) */
RMI_AVAILABLE_IN_1_0
const char    *rmi_stub_get_path          (RmiStub *self);
RMI_AVAILABLE_IN_1_0
gboolean       rmi_stub_is_broken         (RmiStub *self);
RMI_AVAILABLE_IN_1_0
guint          rmi_stub_get_timeout       (RmiStub *self);
RMI_AVAILABLE_IN_1_0
void           rmi_stub_set_timeout       (RmiStub *self, guint timeout_ms);   /* 0: each method's own, else 25 s; G_MAXUINT: none */
/* Another stub (transfer full) of the same remote object, whose calls have this timeout. */
RMI_AVAILABLE_IN_1_0
gpointer       rmi_stub_with_timeout      (RmiStub *self, guint timeout_ms);
/* Another view of the same remote object (transfer full), without a round trip; NULL if @interface_type has no stub. */
RMI_AVAILABLE_IN_1_0
gpointer       rmi_stub_as                (RmiStub *self, GType interface_type);
/* Whether two objects, stubs or local ones, are the same object. */
RMI_AVAILABLE_IN_1_0
gboolean       rmi_same_object            (gpointer a, gpointer b);
RMI_AVAILABLE_IN_1_0
guint          rmi_object_hash            (gpointer object);

/* A checked round trip on stubs, plain access on local objects. */
RMI_AVAILABLE_IN_1_0
gboolean       rmi_object_get_property        (gpointer object, const char *name, GValue *value, GCancellable *cancellable, GError **error);
RMI_AVAILABLE_IN_1_0
void           rmi_object_get_property_async  (gpointer object, const char *name, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
RMI_AVAILABLE_IN_1_0
gboolean       rmi_object_get_property_finish (gpointer object, GAsyncResult *result, GValue *value, GError **error);
RMI_AVAILABLE_IN_1_0
gboolean       rmi_object_set_property        (gpointer object, const char *name, const GValue *value, GCancellable *cancellable, GError **error);
RMI_AVAILABLE_IN_1_0
void           rmi_object_set_property_async  (gpointer object, const char *name, const GValue *value, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
RMI_AVAILABLE_IN_1_0
gboolean       rmi_object_set_property_finish (gpointer object, GAsyncResult *result, GError **error);

/* ---- for generated code ---- */
#ifndef __GI_SCANNER__

/* In class_init: overrides the interface's properties and remembers @entry (static). Base interfaces of `extends` are covered too. */
RMI_AVAILABLE_IN_1_0
void           rmi_stub_class_install     (RmiStubClass *klass, const RmiInterfaceEntry *entry);
/* A call of @method (static) on the object: write the arguments, then run, start or send it. */
RMI_AVAILABLE_IN_1_0
RmiCall       *rmi_stub_begin_call        (RmiStub *self, const RmiMethodEntry *method);

#endif /* __GI_SCANNER__ */

G_END_DECLS
