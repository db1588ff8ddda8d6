/* node/rmi-approach-private.h: the way to a third party's object itself
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "node/rmi-node-private.h"

G_BEGIN_DECLS

/* A JSON array of the endpoints of @stub's peer that @receiver may know by the node's `direct-dial` (transfer full); NULL if there is none. */
char *rmi_approach_list_ways (RmiNode *self, RmiStub *stub, RmiConnection *receiver);
/* Dials the first endpoint of @at (JSON) that `direct-dial` has, and if that is the node which @owner ("<node id><path>") names, holds the
 * object there, moves @stub to it, and so lets go of the relay. Nothing changes if any of that fails. */
void  rmi_approach_start     (RmiNode *self, RmiStub *stub, const char *at, const char *owner);

G_END_DECLS
