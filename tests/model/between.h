/* tests/model/between.h: what these scenarios say to a peer, and a relay on the way to it
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "tests/chaos/chaos.h"
#include "tests/scenarios-world.h"

G_BEGIN_DECLS

/* From now on @peer is called through a relay; before it is looked up. */
Chaos         *chaos_between (Peer *peer);

/* These must succeed. */
ScenarioParty *party_make    (ScenarioParty *party);
void           party_keep    (ScenarioParty *party, ScenarioParty *other);
ScenarioParty *party_kept    (ScenarioParty *party);
void           party_check   (ScenarioParty *party);
/* @party is gone, and its caller is told so. */
void           party_check_gone (ScenarioParty *party);

/* Turns the loop until @peer has @count parties. */
void           peer_await_alive (Peer *peer, guint count);
/* Lets it exit by itself, which has to succeed: under AddressSanitizer, without leaks. */
void           peer_end      (Peer *peer);

G_END_DECLS
