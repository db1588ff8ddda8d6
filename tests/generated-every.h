/* tests/generated-every.h: an object that gives back whatever it gets
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "torture.h"

G_BEGIN_DECLS

/* Implements TortureEvery: each method returns its arguments. */
#define TYPE_EVERY (every_get_type ())
G_DECLARE_FINAL_TYPE (Every, every, TEST, EVERY, GObject)

Every *every_new (void);

/* Implements TortureOther with an empty method, asynchronously, and counts its calls. */
#define TYPE_PEER (peer_get_type ())
G_DECLARE_FINAL_TYPE (Peer, peer, TEST, PEER, GObject)

Peer *peer_new         (void);
guint peer_get_n_calls (Peer *self);

G_END_DECLS
