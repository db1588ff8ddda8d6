/* rmi/rmi-limits-internal.h: the one home of every limit a peer can run into
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A node has two profiles: one for the network, one for Unix sockets of the same user.
 * Plain data, copied at will. See "Limits" in doc/protocol.md.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  /* one message */
  gsize frame_bytes;          /* 4 MiB; local 64 MiB */
  guint depth;                /* 64; at most RMI_LIMITS_MAX_DEPTH */
  guint values;               /* 131,072; local 4 Mi */
  guint members;              /* of one object: 4,096 */
  guint key_bytes;            /* 256 */
  guint number_chars;         /* 256 */
  guint decode_factor;        /* typed decoding may allocate 10 x the frame … */
  gsize decode_bytes;         /* … + 1 MiB */
  /* one connection */
  guint calls_in_flight;      /* 128; local 1,024: incoming, not yet answered */
  guint batch;                /* 32 */
  gsize held_bytes;           /* 16 MiB of requests not yet dispatched */
  gsize write_soft_bytes;     /* 1 MiB: stop dispatching that peer */
  gsize write_hard_bytes;     /* 8 MiB: close */
  guint references;           /* 10,000 a session */
  guint open_frame_s;         /* 30: a frame must make 16 KiB of progress in this time */
  guint open_frame_bytes;     /* 16 KiB */
  guint chain_depth;          /* 64 */
  guint hello_s;              /* 20: who was dialled answers rpc.hello; less than a call waits, so that callers hear why */
  guint drain_s;              /* 30 */
  guint lease_s;              /* 60: how long a session outlives its stream */
  guint idle_s;               /* 300: the dialling side closes */
  /* one node */
  guint connections;          /* 1,024 */
  guint connections_per_host; /* 256 */
} RmiLimits;

#define RMI_LIMITS_MAX_DEPTH 512

/* Signals of one object that other threads emitted and the node's has not sent: what a busy thread emits while a handler takes a
 * few milliseconds; half a megabyte, without what the arguments hold. */
#define RMI_LIMITS_HANDED_OVER 4096
/* What other threads gave to one node and it has not run, from which on no signals are added: so that seven objects that
 * emit too much leave room for the others. */
#define RMI_LIMITS_HANDED_OVER_TO_NODE (8 * RMI_LIMITS_HANDED_OVER)

void rmi_limits_init_network (RmiLimits *limits);
void rmi_limits_init_local   (RmiLimits *limits);

G_END_DECLS
