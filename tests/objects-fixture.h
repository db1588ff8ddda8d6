/* tests/objects-fixture.h: two ends of a connection, and a bell
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Both ends live in one runtime: `near` dialled, `far` accepted.
 */
#pragma once

#include "rmi/rmi-connection-private.h"
#include "rmi/rmi-error.h"
#include "skeletons/rmi-object-exporter-internal.h"
#include "stubs/rmi-stub-importer-internal.h"
#include "tests/objects-bell.h"

G_BEGIN_DECLS

typedef struct
{
  RmiPoller         *poller;
  RmiRuntime        *runtime;
  RmiObjectExporter *exporter;
  RmiStubImporter   *importer;
  RmiConnection     *near, *far;
  RealBell          *bell;          /* exported at /bell */
  TestBell          *stub;          /* of it, at near */
  guint              n_unreferenced;
} Fixture;

void fixture_set_up    (Fixture *fixture, gconstpointer data);
void fixture_tear_down (Fixture *fixture, gconstpointer data);
/* One turn of the main loop. */
void turn              (Fixture *fixture);
/* All that was sent has arrived, and was answered. */
void settle            (Fixture *fixture);
/* A signal handler. */
void count_cb          (gpointer source, gpointer argument, guint *n);

#define TURN_UNTIL(fixture, condition) \
  G_STMT_START { while (!(condition)) turn (fixture); } G_STMT_END

G_END_DECLS
