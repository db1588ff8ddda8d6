/* bench/server.h: the object that rmi-bench calls
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "bench-interface.h"

G_BEGIN_DECLS

#define SERVER_PATH "/peer"

#define MY_TYPE_SERVER (server_get_type ())
G_DECLARE_FINAL_TYPE (Server, server, MY, SERVER, GObject)

G_END_DECLS
