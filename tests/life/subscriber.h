/* tests/life/subscriber.h: who hears the ticks of a party, and what of them is lost
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "tests/scenarios-guest.h"

G_BEGIN_DECLS

#define TICKS 100            /* in one call: below the soft limit */
/* Limits of a program that is to lose events soon. */
#define SMALL "limit-frame_bytes=65536 local-limit-frame_bytes=65536 " \
              "limit-write_soft_bytes=16384 local-limit-write_soft_bytes=16384 " \
              "limit-write_hard_bytes=131072 local-limit-write_hard_bytes=131072"

/* With a main context of its own: it reads when that is turned, or when it blocks. */
typedef struct
{
  GMainContext  *context;
  RmiNode       *node;
  ScenarioParty *party;
  RmiConnection *connection;
  guint          n_ticks;
  guint          n_out_of_order;
  guint          last;
  guint          n_gaps;
  guint          n_closed;
  int            level_at_gap;
} Subscriber;

void subscriber_begin     (Subscriber *self, const char *uri);
/* Nothing came twice, or in another order, and the connection was never lost. */
void subscriber_end       (Subscriber *self);
void subscriber_turn      (Subscriber *self);
/* Has its party tick TICKS times. */
void subscriber_tick      (Subscriber *self);
void subscriber_set_level (Subscriber *self, int level);

G_END_DECLS
