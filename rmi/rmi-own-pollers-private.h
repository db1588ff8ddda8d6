/* rmi/rmi-own-pollers-private.h: the pollers that a thread owns
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "rmi/rmi-poller-internal.h"

G_BEGIN_DECLS

/* From when it is open until it is closed, which is before its last reference goes. */
void       rmi_own_pollers_add    (RmiPoller *poller);
void       rmi_own_pollers_remove (RmiPoller *poller);
/* Those whose owner this thread is, referenced; the newest first. */
GPtrArray *rmi_own_pollers_list   (void);

G_END_DECLS
