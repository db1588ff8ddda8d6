/* tests/classes/depot.h: an object that gets parcels, and gives them back
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "classes.h"

G_BEGIN_DECLS

GObject *test_depot_new (void);

/* What is in @parcel, as text; (transfer full). */
char    *test_describe  (TestParcel *parcel);

/* TestCrate is known by value from now on. */
void     test_register_crate (void);

G_END_DECLS
