/* tests/classes/parcel.h: classes that nobody generated
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* In it all that a property of a class by value may be. */
#define TEST_TYPE_PARCEL (test_parcel_get_type ())
G_DECLARE_DERIVABLE_TYPE (TestParcel, test_parcel, TEST, PARCEL, GObject)

struct _TestParcelClass
{
  GObjectClass parent_class;
};

/* The number of parcels that were made so far. */
guint test_parcel_count (void);

/* A parcel and one property more. */
#define TEST_TYPE_CRATE (test_crate_get_type ())
G_DECLARE_FINAL_TYPE (TestCrate, test_crate, TEST, CRATE, TestParcel)

/* It says by JsonSerializable what it is: its place as "x,y". */
#define TEST_TYPE_SPOT (test_spot_get_type ())
G_DECLARE_FINAL_TYPE (TestSpot, test_spot, TEST, SPOT, GObject)

G_END_DECLS
