/* rmi/rmi-call-private.h: a call, as the connection sees it
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "rmi/rmi-call-internal.h"
#include "rmi/rmi-call-context-internal.h"
#include "rmi/rmi-chunk-internal.h"
#include "rmi/rmi-message-internal.h"
#include "rmi/rmi-reader-internal.h"
#include "rmi/rmi-writer-internal.h"

G_BEGIN_DECLS

typedef enum
{
  RMI_CALL_BUILDING,          /* the caller writes its arguments */
  RMI_CALL_UNSENT,            /* sealed, waiting for the connection to open */
  RMI_CALL_PENDING,           /* in the write queue or out */
  RMI_CALL_DONE,              /* answered, or failed */
} RmiCallState;

struct _RmiCall
{
  RmiConnection  *connection;
  RmiWriter      *writer;             /* until it is queued */
  int             state;              /* RmiCallState; atomic: waiters in other threads look at it */
  gboolean        is_oneway;
  gboolean        is_system;          /* done() runs no user code: never held back. Nobody's: no deadline, no meta */
  gboolean        is_by_name;         /* params is one object, written whole */
  gboolean        is_forwarded;       /* done() is given the peer's error as text, too */
  guint           timeout_ms;         /* 0: default; G_MAXUINT: none */
  RmiCallContext  context;            /* what goes into meta, and the deadline */
  gint64          serial;
  guint64         start;              /* where in the stream's bytes it begins */
  RmiTimer        timer;              /* asynchronous calls */
  RmiCall        *next;               /* in the pending table's bucket */
  GList           link;               /* in the connection's queue of unsent calls */

  /* who waits for it */
  GTask          *task;
  GCancellable   *cancellable;
  gulong          cancelled_id;
  void          (*done) (RmiCall *self, gpointer user_data);   /* internal calls, instead of a task */
  gpointer        done_data;

  /* the answer */
  RmiChunk       *chunk;
  RmiReader       reader;
  RmiReader      *check;           /* of the same result, for a while; nullable */
  GError         *error;
};

/* Ends it (owner only): exactly one of a result (in @chunk) or @error (transfer full). Takes it out of the connection's tables before. */
void     rmi_call_answer     (RmiCall *self, RmiChunk *chunk, RmiSlice result, GError *error);
/* In the caller's thread: what it inherits. FALSE with @error if it cannot go out. */
gboolean rmi_call_prepare    (RmiCall *self, GCancellable *cancellable, GError **error);
/* Sends it, or queues it, and listens to its cancellable. */
void     rmi_call_start_in_owner (RmiCall *self);
/* Seals it and gives it to the open stream. */
void     rmi_call_transmit   (RmiCall *self);
/* Before it is sealed: how large its message will be at most. */
gsize    rmi_call_get_size   (RmiCall *self);
/* Whether the frame's first byte went out. */
gboolean rmi_call_is_sent    (RmiCall *self);
/* Starts a system call whose answer goes to @done, in the owner; (transfer full). */
void     rmi_call_start_internal (RmiCall *self, void (*done) (RmiCall *, gpointer), gpointer user_data);

G_END_DECLS
