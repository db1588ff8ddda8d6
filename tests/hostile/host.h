/* tests/hostile/host.h: a program with objects, which hostile peers talk to, and another one that uses it meanwhile
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The host's node lives in a thread of its own and listens on a Unix socket and on TCP. The peer is the test: blocking sockets.
 */
#pragma once

#include <rmi-glib/rmi-glib.h>

#include "tests/generated-every.h"
#include "tests/hostile/real-caller.h"

G_BEGIN_DECLS

typedef struct
{
  GThread       *thread;
  GMainContext  *context;       /* of the thread, as all down to is_up */
  GMainLoop     *loop;
  RmiNode       *node;
  GMutex         lock;
  GCond          is_up;
  char          *folder;
  char          *socket_path;
  guint16        port;
  RmiNode       *other_node;    /* the test's own */
  HostileCaller *other;         /* its stub of /caller */
} Host;

/* @limit: (nullable): a property of the node to set to @value. */
void host_start        (Host *self, const char *limit, guint64 value);
void host_stop         (Host *self);
/* Another connection works, and nothing is left of the ones that are gone. */
void host_check_others (Host *self);

typedef enum
{
  STRANGER_UNIX  = 0,
  STRANGER_TCP   = 1 << 0,
  STRANGER_LINES = 1 << 1,          /* newline-delimited */
} StrangerFlags;

typedef struct
{
  int        fd;
  StrangerFlags  flags;
  GString   *received;
} Stranger;

void  stranger_dial      (Stranger *self, Host *host, StrangerFlags flags);
void  stranger_hang_up   (Stranger *self);
/* (transfer full): @json as this peer frames it */
char *stranger_frame     (Stranger *self, const char *json);
/* FALSE if the other side does not take it any more. */
gboolean stranger_say_bytes (Stranger *self, const char *bytes, gsize length);
void  stranger_say       (Stranger *self, const char *json);
/* (transfer full) (nullable): the next message; NULL at the end. */
char *stranger_hear      (Stranger *self);
/* Hears until there is one that @pattern matches. */
void  stranger_expect    (Stranger *self, const char *pattern);
void  stranger_expect_end (Stranger *self);

G_END_DECLS
