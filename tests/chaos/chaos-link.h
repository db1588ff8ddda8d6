/* tests/chaos/chaos-link.h: one connection through the relay, and what is done to it
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <glib.h>
#include <poll.h>

G_BEGIN_DECLS

/* Up: from who dialled the relay (the near end) to its target (the far end). */
typedef enum
{
  CHAOS_UP,
  CHAOS_DOWN,
  N_CHAOS_WAYS
} ChaosWay;

/* What is done to all links. */
typedef struct
{
  guint    delay_ms;                   /* each byte is that late */
  gsize    chop;                       /* bytes of one write at most; 0: any number */
  gboolean is_stalled[N_CHAOS_WAYS];   /* nothing is read or written that way */
  gint64   cut[N_CHAOS_WAYS];          /* so many bytes go that way yet; where the next is due the link ends; -1: never */
  guint64  bytes[N_CHAOS_WAYS];        /* that went */
  guint64  messages[N_CHAOS_WAYS];     /* whose header went */
} ChaosWeather;

typedef struct _ChaosLink ChaosLink;

ChaosLink *chaos_link_new    (int near, int far);
/* Closes both ends, unless they are closed. */
void       chaos_link_free   (ChaosLink *self);
/* Both ends are told by a reset: TCP, or a Unix socket with bytes that were not read. */
void       chaos_link_reset  (ChaosLink *self);
/* @way up: the far end is closed, and the near one is left open and hears nothing any more; down: the reverse. */
void       chaos_link_orphan (ChaosLink *self, ChaosWay way);
/* Nothing goes through any more, and nobody is told. */
void       chaos_link_mute   (ChaosLink *self);
gboolean   chaos_link_is_mute (ChaosLink *self);
/* Fills in two for poll(); returns the milliseconds until it wants to run in any case, or -1. */
int        chaos_link_poll   (ChaosLink *self, const ChaosWeather *weather, struct pollfd polls[2]);
/* FALSE: it is over. */
gboolean   chaos_link_run    (ChaosLink *self, ChaosWeather *weather, const struct pollfd polls[2]);

G_END_DECLS
