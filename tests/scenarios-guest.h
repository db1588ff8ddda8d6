/* tests/scenarios-guest.h: the party that every program of the scenarios has
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "scenarios.h"

#include <rmi-glib/rmi-glib.h>

G_BEGIN_DECLS

#define GUEST_TYPE (guest_get_type ())
G_DECLARE_FINAL_TYPE (Guest, guest, SCENARIO, GUEST, GObject)

Guest      *guest_new         (RmiNode *node);
/* Lets go of the parties it knows. */
void        guest_forget      (Guest *self);
/* Called inside of Echo. */
void        guest_set_hook    (Guest *self, GFunc hook, gpointer data);
/* What was noted, separated by blanks. */
const char *guest_get_notes   (Guest *self);
void        guest_note        (Guest *self, const char *text);
void        guest_clear_notes (Guest *self);
/* How many there are in this process. */
guint       guest_count       (void);

G_END_DECLS
