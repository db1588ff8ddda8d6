/* examples/shop/run.h: placing every order of a file
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "tally.h"

typedef struct _Run Run;

Run      *run_new        (RmiNaming *naming, GPtrArray *orders, GError **error);
void      run_free       (Run *self);
/* Places the next @count orders, each after the one before has been answered. */
void      run_one_by_one (Run *self, guint count);
/* Places the rest, so many at once. */
void      run_at_once    (Run *self, guint at_once);
/* Asks the services what they have left and taken. */
gboolean  run_audit      (Run *self, GError **error);
Tally    *run_get_tally  (Run *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Run, run_free)
