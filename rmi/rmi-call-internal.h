/* rmi/rmi-call-internal.h: making calls
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "rmi/rmi-call.h"
#include "rmi/rmi-connection-internal.h"

G_BEGIN_DECLS

/* A call of `<path>#<interface>.<member>` (@interface nullable) of the peer's object. @timeout_ms: 0 for the default (25 s), G_MAXUINT for none. */
RmiCall *rmi_call_new (RmiConnection *connection,
                       const char    *path,
                       const char    *interface,
                       const char    *member,
                       guint          timeout_ms);
/* The same, but the caller writes the params whole: an object of the arguments by name. */
RmiCall *rmi_call_new_by_name (RmiConnection *connection, const char *path, const char *member, guint timeout_ms);
/* A system call, "rpc.hello": the caller writes the params as one array or object. Not for plain peers. */
RmiCall *rmi_call_new_system (RmiConnection *connection, const char *method);

G_END_DECLS
