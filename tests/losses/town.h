/* tests/losses/town.h: a node that the main thread owns, and peers that read when they like
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A peer is a socket of the same thread: while a test does not hear, the node does not run.
 */
#pragma once

#include <rmi-glib/rmi-glib.h>

#include "rmi/rmi-poller-internal.h"
#include "tests/losses/real-crier.h"

G_BEGIN_DECLS

#define TOWN_CRIERS 10           /* exported at /crier/0 and so on */

typedef struct
{
  RmiNode   *node;
  RmiPoller *poller;
  RealCrier *criers[TOWN_CRIERS];
  char      *folder;
  char      *socket_path;
  guint16    port;
} Town;

void  town_set_up    (Town *self, gconstpointer data);
void  town_tear_down (Town *self, gconstpointer data);

typedef struct
{
  Town    *town;
  int      fd;
  GString *received;
} Listener;

typedef enum
{
  LISTENER_UNIX,
  LISTENER_TCP,
} ListenerKind;

/* A peer that takes messages of @frame_bytes; 0: of any size. */
void  listener_dial      (Listener *self, Town *town, ListenerKind kind, gsize frame_bytes);
void  listener_hang_up   (Listener *self);
void  listener_say       (Listener *self, const char *json);
/* (transfer full): the next message, while the main loop runs */
char *listener_hear      (Listener *self);
/* Hears until there is one that @pattern matches. */
void  listener_expect    (Listener *self, const char *pattern);
/* The next message is @json. */
void  listener_hears     (Listener *self, const char *json);
void  listener_subscribe (Listener *self, guint crier);
/* A call is answered, and nothing comes before the answer. */
void  listener_ping      (Listener *self);

/* What a subscriber knows of one crier. */
typedef struct
{
  guint    last;                 /* number heard */
  guint    n_heard;
  guint    n_gaps;
  guint    count;                /* of the last gap */
  gboolean is_after_gap;
} Ear;

/* Checks that @event comes in order, and that there is a gap wherever numbers are missing. */
void     ear_take  (Ear *self, const char *event);
/* Whether it heard the @count-th cry, or of the gap in which that was lost. */
gboolean ear_knows (const Ear *self, guint count);

G_END_DECLS
