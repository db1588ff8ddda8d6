/* tests/parties/crate.h: a box
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "box.h"

#include <rmi-glib/rmi-glib.h>

G_BEGIN_DECLS

#define CRATE_TYPE (crate_get_type ())
G_DECLARE_FINAL_TYPE (Crate, crate, PARTIES, CRATE, GObject)

/* @node is borrowed, and outlives it. */
Crate *crate_new    (RmiNode *node);
/* Takes out what is in it. */
void   crate_empty  (Crate *self);
/* How many there are in this process. */
guint  crate_count  (void);

G_END_DECLS
