/* tests/generated-fixture.h: an object in one node, a stub of it in another
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The object lives in a thread of its own with its own context, node and loop; the caller is the test. Between them is a real
 * socket.
 */
#pragma once

#include <rmi-glib/rmi-glib.h>

#include "tests/generated-every.h"

G_BEGIN_DECLS

typedef struct
{
  GThread      *thread;
  GMainContext *context;       /* of the thread */
  GMainLoop    *loop;
  Every        *object;        /* the thread's */
  GMutex        lock;
  GCond         is_up;
  char         *uri;
  RmiNode      *node;          /* the test's */
  TortureEvery *every;         /* a stub */
} Fixture;

void fixture_set_up    (Fixture *fixture, gconstpointer data);
void fixture_tear_down (Fixture *fixture, gconstpointer data);

#define ADD_TEST(path, function) \
  g_test_add ("/rmi/generated/" path, Fixture, NULL, fixture_set_up, function, fixture_tear_down)

G_END_DECLS
