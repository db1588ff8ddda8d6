/* rmi/rmi-dial-private.h: from an endpoint to a connected socket
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Unix sockets connect in place; the rest (names, several addresses) is GSocketClient's, in a thread of GLib's pool, so that
 * a program that only ever blocks in calls can dial, too.
 */
#pragma once

#include "rmi/rmi-address-internal.h"
#include "rmi/rmi-poller-internal.h"

G_BEGIN_DECLS

/* @socket (borrowed), or @error. */
typedef void (*RmiDialFunc) (GSocket *socket, const GError *error, gpointer user_data);

/* Calls @func once in the owner of @poller, from its loop or blocking wait, never before it returns; not at all if the poller closes. */
void rmi_dial (RmiPoller *poller, const RmiEndpoint *endpoint, GCancellable *cancellable, RmiDialFunc func, gpointer user_data, GDestroyNotify destroy);

G_END_DECLS
