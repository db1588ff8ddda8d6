/* node/rmi-connection-pool-private.h: the connections of a node
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Accepted ones until they and their sessions end, counted against the limits of the node that accepted them; dialled ones by endpoint, one a peer,
 * as long as somebody uses them. Belongs to the owner of the node.
 */
#pragma once

#include "rmi/rmi-address-internal.h"
#include "rmi/rmi-runtime-internal.h"

G_BEGIN_DECLS

typedef struct _RmiConnectionPool RmiConnectionPool;

RmiConnectionPool *rmi_connection_pool_new    (RmiRuntime *runtime);
void               rmi_connection_pool_free   (RmiConnectionPool *self);
/* Takes in who connected, or says which limit forbids it and hangs up. */
void               rmi_connection_pool_accept (RmiConnectionPool *self, GSocket *socket);
/* From now on, what @self accepts is served by @servers, each time by the one with the fewest. Before anybody is accepted; they may be other
 * threads', and must not go before @self accepts no more. */
void               rmi_connection_pool_distribute (RmiConnectionPool *self, RmiConnectionPool **servers, guint n_servers);
/* The connection to @endpoint (transfer none): dialled by the first call on it. */
RmiConnection     *rmi_connection_pool_dial   (RmiConnectionPool *self, const RmiEndpoint *endpoint);
/* Shuts every connection down. */
void               rmi_connection_pool_close  (RmiConnectionPool *self);

G_END_DECLS
