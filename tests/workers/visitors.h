/* tests/workers/visitors.h: workers under test, and clients of theirs
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "clerk.h"

G_BEGIN_DECLS

#define PATH "/office/desk"

#define ADD(name, n_workers, func) \
  g_test_add ("/rmi/workers/" name, Fixture, GUINT_TO_POINTER (n_workers), fixture_set_up, func, fixture_tear_down)

typedef struct
{
  RmiWorkers *workers;
  Clerk      *clerk;         /* exported at PATH of all workers */
  char       *uri;
} Fixture;

typedef struct
{
  RmiNode    *node;
  OfficeDesk *desk;
  Clerk      *self;          /* what it leaves at the desk */
  char       *thread;        /* who serves it */
  guint       number;        /* of Rang, the last one */
  guint       n_done;        /* asynchronous calls */
  GError     *error;         /* of the last one */
} Client;

#define TURN_UNTIL(condition) \
  G_STMT_START { while (!(condition)) g_main_context_iteration (NULL, TRUE); } G_STMT_END
/* The same where what changes the condition does not wake the main loop. */
#define WATCH_UNTIL(condition) \
  G_STMT_START { while (!(condition)) { g_main_context_iteration (NULL, FALSE); g_thread_yield (); } } G_STMT_END

/* g_test_init(), with a watchdog that ends tests that hang. */
void       visitors_init     (int *argc, char ***argv);

/* How many threads of workers there are. */
guint      count_workers     (void);

/* @data: how many workers, as a pointer. */
void       fixture_set_up    (Fixture *fixture, gconstpointer data);
void       fixture_tear_down (Fixture *fixture, gconstpointer data);

/* Has no thread if it is not let in. */
Client    *client_try        (Fixture *fixture);
Client    *client_new        (Fixture *fixture);
void       client_free       (Client *self);
GPtrArray *make_clients      (Fixture *fixture, guint n_clients);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Client, client_free)

G_END_DECLS
