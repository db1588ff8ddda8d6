/* tests/workers/clerk.h: who sits at a desk, and may be asked by many threads
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "office.h"

#include <rmi-glib/rmi-glib.h>

G_BEGIN_DECLS

#define CLERK_TYPE (clerk_get_type ())
G_DECLARE_FINAL_TYPE (Clerk, clerk, OFFICE, CLERK, GObject)

Clerk      *clerk_new         (void);
/* @workers (transfer full): what its methods close, drop or export at. */
void        clerk_set_workers (Clerk *self, RmiWorkers *workers);
/* How many have to be in Meet at once. */
void        clerk_set_meeting (Clerk *self, guint n_meet);
/* Lets go of the visitors. */
void        clerk_forget      (Clerk *self);
/* (transfer full): who came last. */
OfficeDesk *clerk_dup_visitor (Clerk *self);
/* How many are in Meet. */
guint       clerk_get_meeting (Clerk *self);
/* How many calls of Wait run. */
guint       clerk_get_waiting (Clerk *self);
/* How many there are in this process. */
guint       clerk_count       (void);
/* The name of this thread, as Who tells it. */
char       *clerk_name_thread (void);

G_END_DECLS
