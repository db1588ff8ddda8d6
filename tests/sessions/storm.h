/* tests/sessions/storm.h: another program, and a relay on the way to it
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "tests/chaos/chaos.h"
#include "tests/scenarios-world.h"

G_BEGIN_DECLS

#define SHORT_LEASE_MS 600

typedef struct
{
  const char *limits;          /* of the peer, or NULL */
  guint       peer_lease_ms;   /* 0: a minute */
  guint       own_lease_ms;
} StormSettings;

typedef struct
{
  World          world;
  Peer          *peer;
  Chaos         *chaos;
  ScenarioParty *party;          /* the peer's, through the relay */
  ScenarioParty *direct;         /* the same, not through the relay */
  RmiConnection *connection;     /* the one through the relay */
  guint          n_closed;       /* of it */
  guint          n_gaps;         /* of `party` */
  guint          n_unreferenced; /* objects of ours */
  guint          n_alive_before;
} Storm;

void           storm_tear_down   (Storm *self, gconstpointer data);
void           storm_count       (guint *n);
/* The connection ends by @fault, and we know it. */
void           storm_break       (Storm *self, const char *fault);
/* An object of the peer's that only we hold. */
ScenarioParty *storm_make        (Storm *self);
GPtrArray     *storm_make_many   (Storm *self, guint n);
/* Its object answers, as soon as it can be asked. */
void           storm_assert_works (ScenarioParty *party);
/* The peer keeps an object of ours that nobody else does, calls it, and gives it up. Without @error it tries until it can. */
void           storm_let_keep    (Storm *self);
gboolean       storm_ask_kept    (Storm *self, GError **error);
void           storm_let_forget  (Storm *self);
/* Objects of the peer's: its party is one. */
guint          storm_count_alive (Storm *self);
void           storm_await_alive (Storm *self, guint n);
/* All that was sent has been taken in. */
void           storm_settle      (Storm *self);

#define ADD_STORM_OVER(transport, name, settings, func) \
  G_STMT_START \
  { \
    g_test_add_vtable ("/rmi/sessions/" #transport "/" name, sizeof (Storm), &settings, \
                       (GTestFixtureFunc) (GCallback) storm_set_up_ ## transport, (GTestFixtureFunc) (GCallback) func, \
                       (GTestFixtureFunc) (GCallback) storm_tear_down); \
  } G_STMT_END

/* Each test runs over Unix sockets and over TCP. */
#define ADD_STORM(name, settings, func) \
  G_STMT_START \
  { \
    ADD_STORM_OVER (unix, name, settings, func); \
    ADD_STORM_OVER (tcp, name, settings, func); \
  } G_STMT_END

void           storm_set_up_unix (Storm *self, gconstpointer settings);
void           storm_set_up_tcp  (Storm *self, gconstpointer settings);

G_END_DECLS
