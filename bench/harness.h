/* bench/harness.h: measures calls between two processes
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * One program for each peer, with two roles. Without arguments it is the client: for each transport it starts itself once
 * more as the server, measures the workloads, and prints one JSON line for each. doc/performance.md tells the workloads.
 *
 * These are read from the environment:
 * - DURATION: seconds of each measurement, 2 if it is not set
 * - WORKLOADS, TRANSPORTS: comma-separated; all if it is not set
 * - IDLE: how many idle connections there are in W1i and W2i, comma-separated and ascending
 * - CALLS: W1 to W4 make so many calls without a warm-up, however long that takes; for who counts something else than time
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define HARNESS_IN_FLIGHT   64       /* W5 */
#define HARNESS_THREADS     8        /* W6 */
#define HARNESS_CONNECTIONS 500      /* W7 */
#define HARNESS_IDLE        "1,100,1000,5000"

typedef struct _Harness Harness;     /* a server process, and what is measured against it */
typedef struct _HarnessSlot HarnessSlot;

/* Makes a call and checks what comes back; dies if it is wrong. */
typedef void (*HarnessCall) (gpointer connection);

/* What differs between peers. Calls that are NULL are not measured. */
typedef struct
{
  const char  *name;
  /* The server's role: calls harness_announce(), and does not return. */
  void       (*serve)         (const char *transport, const char *socket_path);
  /* The same, for W6; NULL: serve() has a thread for each connection anyway, or can have one only. */
  void       (*serve_threads) (const char *transport, const char *socket_path);
  /* A connection, for calls from this thread. */
  gpointer   (*dial)          (Harness *harness);
  void       (*hang_up)       (gpointer connection);
  HarnessCall  null;                 /* W1, W1i */
  HarnessCall  echo;                 /* W2, W2i, W6 */
  HarnessCall  place;                /* W3 */
  HarnessCall  place_objects;        /* W3c */
  HarnessCall  sum;                  /* W4 */
  /* W5: starts an echo; harness_slot_done() from iterate() when it is back. */
  void       (*begin_echo)    (gpointer connection, HarnessSlot *slot);
  void       (*iterate)       (gpointer connection);
  guint        most_idle;            /* W1i, W2i: with more connections it would not come to an end; 0: any number */
} HarnessPeer;

int         harness_main          (int argc, char **argv, const HarnessPeer *peer);

const char *harness_get_transport (Harness *self);           /* "unix" or "tcp" */
const char *harness_get_address   (Harness *self);           /* what the server announced */
/* CPU seconds of both processes. */
double      harness_get_cpu_s     (Harness *self);
gsize       harness_get_server_bytes (Harness *self);        /* resident */
double      harness_get_duration_s (Harness *self);
guint64     harness_get_calls     (Harness *self);           /* of one measurement; 0 if its duration counts */
const HarnessPeer *harness_get_peer (Harness *self);
/* Whether the comma-separated list in the environment's @variable, if there is one, has @word. */
gboolean    harness_wants         (const char *variable, const char *word);

void        harness_announce      (const char *address);
void        harness_slot_done     (HarnessSlot *slot);
/* Something is wrong beyond repair. */
void        harness_die           (const char *format, ...) G_GNUC_PRINTF (1, 2) G_GNUC_NORETURN;
void        harness_check         (gboolean is_right, const char *what);

G_END_DECLS
