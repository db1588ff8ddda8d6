/* rmi/rmi-connection.h: one session with one peer
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "rmi/rmi-types.h"

G_BEGIN_DECLS

/**
 * RmiConnection:
 *
 * One session with one peer, shared by all stubs of its objects, over one byte stream after another. Both ends call and are
 * called.
 *
 * Since: 1.0
 */
#define RMI_TYPE_CONNECTION (rmi_connection_get_type ())
RMI_AVAILABLE_IN_1_0
G_DECLARE_FINAL_TYPE (RmiConnection, rmi_connection, RMI, CONNECTION, GObject)

/* Signal `closed` (const GError *error): once each time the connection is lost or closed; error NULL if orderly. */

RMI_AVAILABLE_IN_1_0
gboolean      rmi_connection_is_closed          (RmiConnection *self);
RMI_AVAILABLE_IN_1_0
GCredentials *rmi_connection_get_credentials    (RmiConnection *self);
RMI_AVAILABLE_IN_1_0
const char   *rmi_connection_get_uri            (RmiConnection *self);
RMI_AVAILABLE_IN_1_0
char         *rmi_connection_dup_remote_address (RmiConnection *self);
RMI_AVAILABLE_IN_1_0
char         *rmi_connection_dup_peer_node      (RmiConnection *self);

RMI_AVAILABLE_IN_1_0
void          rmi_connection_close              (RmiConnection *self);

G_END_DECLS
