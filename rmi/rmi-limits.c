/* rmi/rmi-limits.c: the one home of every limit a peer can run into
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "config.h"

#include "rmi/rmi-limits-internal.h"

#define KIB ((gsize) 1024)
#define MIB (1024 * KIB)

static const RmiLimits network_limits = {
  .frame_bytes = 4 * MIB,
  .depth = 64,
  .values = 128 * KIB,
  .members = 4096,
  .key_bytes = 256,
  .number_chars = 256,
  .decode_factor = 10,
  .decode_bytes = MIB,
  .calls_in_flight = 128,
  .batch = 32,
  .held_bytes = 16 * MIB,
  .write_soft_bytes = MIB,
  .write_hard_bytes = 8 * MIB,
  .references = 10000,
  .open_frame_s = 30,
  .open_frame_bytes = 16 * KIB,
  .chain_depth = 64,
  .hello_s = 20,
  .drain_s = 30,
  .lease_s = 60,
  .idle_s = 300,
  .connections = 1024,
  .connections_per_host = 256,
};

/* For peers from anywhere. */
void
rmi_limits_init_network (RmiLimits *limits)
{
  *limits = network_limits;
}

/* For Unix sockets whose other end is the same user, who could as well attach a debugger. */
void
rmi_limits_init_local (RmiLimits *limits)
{
  *limits = network_limits;
  limits->frame_bytes = 64 * MIB;
  limits->values = 4 * MIB;
  limits->held_bytes = 2 * limits->frame_bytes;
  limits->write_hard_bytes = 2 * limits->frame_bytes;   /* one frame must fit */
  limits->calls_in_flight = 1024;
}
