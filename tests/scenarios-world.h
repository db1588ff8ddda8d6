/* tests/scenarios-world.h: this program's node, and other programs
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "tests/scenarios-guest.h"

G_BEGIN_DECLS

/* Leases are short: of a second only 5 ms are left. */
#define WORLD_LEASE_UNIT_US 5000

/* A program of its own, with one thread and a main loop; see scenarios-peer.c. */
typedef struct
{
  GPid           pid;
  char          *uri;          /* of its node */
  char          *party_uri;
  char          *limits;
  const char    *program;      /* borrowed */
  ScenarioParty *party;        /* our stub of its party; NULL until it is looked up */
} Peer;

typedef struct
{
  const char *transport;       /* "unix" or "tcp" */
  char       *directory;       /* of the sockets */
  RmiNode    *node;
  Guest      *guest;           /* exported at /party */
  char       *party_uri;       /* of `guest` for others; NULL until world_listen() */
  GPtrArray  *peers;
  guint       n_done;          /* asynchronous calls that ended */
} World;

void  world_set_up    (World *world, gconstpointer transport);
void  world_tear_down (World *world, gconstpointer transport);
/* (transfer full): of a node that is to be reached in the way of this test. */
char *world_make_uri  (World *world);
/* Makes ours reachable for new connections. */
void  world_listen    (World *world);
/* Starts a program and gets its party. @limits: (nullable): "limit-depth=10 …" */
Peer *world_add_peer  (World *world, const char *limits);
/* The same without looking up its party; on @uri, or anywhere if that is NULL. */
Peer *world_spawn     (World *world, const char *uri, const char *limits);
/* Another program, which takes the same arguments. @program is borrowed. */
Peer *world_spawn_program (World *world, const char *program, const char *uri, const char *limits);
void  peer_look_up    (Peer *peer, World *world);
void  peer_kill       (Peer *peer);
/* Another program in the place of one that was killed. */
void  peer_restart    (Peer *peer);
/* All that was sent so far has been taken in, there and here. */
void  peer_settle     (Peer *peer);
guint peer_count_alive (Peer *peer);

/* Turns the main loop until @condition. The watchdog ends it if that never comes. */
#define TURN_UNTIL(condition) \
  G_STMT_START { while (!(condition)) g_main_context_iteration (NULL, TRUE); } G_STMT_END

/* Each test runs over Unix sockets and over TCP. */
#define ADD(name, func) \
  G_STMT_START \
  { \
    g_test_add ("/rmi/scenarios/unix/" name, World, "unix", world_set_up, func, world_tear_down); \
    g_test_add ("/rmi/scenarios/tcp/" name, World, "tcp", world_set_up, func, world_tear_down); \
  } G_STMT_END

void  world_init      (int *argc, char ***argv);

G_END_DECLS
