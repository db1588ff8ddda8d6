/* tests/parties/three.h: what tests of three programs do
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * "C" is where the object lives, "B" who introduces it, a program that knows no interface, and this program who is told of it.
 */
#pragma once

#include "tests/scenarios-world.h"

G_BEGIN_DECLS

typedef struct
{
  Peer *c;
  Peer *b;
} ThreePair;

/* The party of @c as the one of a program in between. @policy: (nullable): " direct-dial=local". */
Peer          *three_add_forwarder  (World *world, Peer *c, const char *policy);
ThreePair      three_add_pair       (World *world);
ScenarioParty *three_make           (ScenarioParty *party);
void           three_keep           (ScenarioParty *party, ScenarioParty *kept);
ScenarioParty *three_get_kept       (ScenarioParty *party);
void           three_check_echo     (ScenarioParty *party, const char *text);
void           three_check_ask_kept (ScenarioParty *party, const char *text);
char          *three_get_history    (ScenarioParty *party);
guint          three_count_alive    (ScenarioParty *party);
void           three_wait_for_alive (ScenarioParty *party, guint count);
int            three_get_level      (ScenarioParty *party);
/* Handlers: the second counts signals of any kind, the first expects them numbered. */
void           three_count_tick_cb  (ScenarioParty *party, guint number, guint *n);
void           three_count_cb       (ScenarioParty *party, guint *n);

G_END_DECLS
