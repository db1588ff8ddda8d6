/* stubs/rmi-stub-tap-internal.h: what a relay needs of a stub
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * All in the owner of the node.
 */
#pragma once

#include "rmi/rmi-call-internal.h"
#include "rmi/rmi-message-internal.h"
#include "rmi/rmi-reader-internal.h"
#include "stubs/rmi-stub.h"

G_BEGIN_DECLS

/* An event, as it came. @is_gap: events were lost before it. */
typedef void (*RmiStubTapFunc) (const RmiTarget *target, gboolean is_gap, RmiReader *arguments, gpointer user_data);

/* One pointer for all stubs of one remote object, while one of them is there. */
gpointer rmi_stub_get_identity  (RmiStub *self);
/* A plain stub (transfer full) of the same object, whose events go to @func as they come. Calls of it have no timeout of their own. */
RmiStub *rmi_stub_new_tapped    (RmiStub *self, RmiStubTapFunc func, gpointer user_data);
/* Whether its events are wanted. That the peer sends them is up to who asks for it by `rpc.subscribe`, … */
void     rmi_stub_tap_listen    (RmiStub *self, gboolean is_wanted);
/* … and says here that it did. */
void     rmi_stub_tap_subscribed (RmiStub *self);
/* An event is about to be decoded once more, by @again. */
void     rmi_stub_tap_repeat    (RmiStub *self, RmiReader *again);
/* A call of `<member>`, or `<interface>.<member>`; the caller writes the params whole. */
RmiCall *rmi_stub_tap_begin_call (RmiStub *self, const char *member);

G_END_DECLS
