/* node/rmi-listener-private.h: one place where a node takes connections
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "rmi/rmi-address-internal.h"
#include "rmi/rmi-poller-internal.h"

G_BEGIN_DECLS

typedef struct _RmiListener RmiListener;

/* A connection came in; @socket is borrowed. Runs in the owner. */
typedef void (*RmiListenerFunc) (GSocket *socket, gpointer user_data);

/* Listens on @endpoint; the port is filled in if it was 0. A Unix socket file that nobody answers on any more is replaced. Errors are
 * GIOErrors, or RMI_ERROR_INSECURE for TCP beyond loopback. */
RmiListener *rmi_listener_new     (RmiPoller *poller, const RmiEndpoint *endpoint, RmiListenerFunc func, gpointer user_data, GError **error);
/* Also removes its Unix socket file. */
void         rmi_listener_free    (RmiListener *self);
const char  *rmi_listener_get_uri (RmiListener *self);
/* A URI for a Unix socket that only this process uses: in $XDG_RUNTIME_DIR/rmi/, which is made, for the user alone. */
char        *rmi_listener_make_private_uri (GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RmiListener, rmi_listener_free)

G_END_DECLS
