/* tests/chaos/chaos.h: a relay between a test and whom it calls
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The program of chaos-relay.c, which says what it can do. CHAOS_RELAY names it; CHAOS_SEED, if set, is its seed.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _Chaos Chaos;

/* Passes connections on to the endpoint of @uri; the same transport on both sides. */
Chaos      *chaos_start      (const char *uri);
/* @uri, as one says it who goes through the relay. */
const char *chaos_get_uri    (Chaos *self);
/* Gives a command, waits until it is in force, and returns the number that it was answered by. */
guint64     chaos_do         (Chaos *self, const char *format, ...) G_GNUC_PRINTF (2, 3);
/* The same in two steps: for a storm, during which the test goes on. */
void        chaos_begin      (Chaos *self, const char *format, ...) G_GNUC_PRINTF (2, 3);
gboolean    chaos_has_answer (Chaos *self);
guint64     chaos_end        (Chaos *self);
void        chaos_stop       (Chaos *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Chaos, chaos_stop)

G_END_DECLS
