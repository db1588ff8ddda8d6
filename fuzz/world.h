/* fuzz/world.h: a connection with real objects behind it, and the peer's end of its socket
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Made for one input and torn down after it. Both sides live in this thread: what the peer says fits the socket.
 */
#pragma once

#include "rmi/rmi-connection-internal.h"
#include "rmi/rmi-framer-internal.h"
#include "rmi/rmi-runtime-internal.h"
#include "skeletons/rmi-object-exporter-internal.h"
#include "stubs/rmi-stub-importer-internal.h"
#include "tests/generated-every.h"
#include "tests/hostile/real-caller.h"

G_BEGIN_DECLS

typedef struct
{
  RmiPoller         *poller;
  RmiRuntime        *runtime;
  RmiObjectExporter *exporter;
  RmiStubImporter   *importer;
  RealCaller        *caller;       /* exported at /caller */
  Every             *every;        /* exported at /every */
  RmiConnection     *connection;   /* set by world_accept() or world_dial() */
  GPtrArray         *lost;         /* those before it: their sessions may go on in it */
  int                fd;           /* the peer's end */
  GString           *heard;        /* by the peer, not yet a whole message */
  RmiFramer          framer;       /* of that */
} World;

void world_init    (World *self);
/* A peer dials us. */
void world_accept  (World *self);
/* It hangs up, and dials again. */
void world_accept_again (World *self);
/* We dial a peer, who has said nothing yet. */
void world_dial    (World *self);
/* How the input says it: see fuzz-server.c. Returns whether it was said at once. */
gboolean world_is_said_at_once (guint8 mode);
/* The peer says all of @data as @mode wants it. Unless it is said at once, we react meanwhile. */
void world_say     (World *self, guint8 mode, const char *data, gsize size);
/* We react to all that was said. What we say must be messages. */
void world_settle  (World *self);
/* The peer hangs up, and nothing is left. */
void world_clear   (World *self);

G_END_DECLS
