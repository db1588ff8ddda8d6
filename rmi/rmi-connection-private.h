/* rmi/rmi-connection-private.h: the connection's state, for the files that make up its behaviour
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * rmi-connection.c          its life: states, dialling
 * rmi-connection-end.c      lost, drained, shut down
 * rmi-connection-route.c    frames in: who gets them, now or later
 * rmi-connection-held.c     what waits its turn
 * rmi-connection-send.c     messages out
 * rmi-connection-system.c   rpc.*
 * rmi-connection-refs.c     objects in messages
 * rmi-connection-release.c  lists of objects: references given back, subscriptions
 * rmi-connection-session.c  what outlives a stream
 * rmi-call.c, rmi-incoming.c   the two kinds of calls
 */
#pragma once

#include "rmi/rmi-address-internal.h"
#include "rmi/rmi-call-private.h"
#include "rmi/rmi-connection-internal.h"
#include "rmi/rmi-incoming-internal.h"
#include "rmi/rmi-pending-table-private.h"
#include "rmi/rmi-runtime-internal.h"
#include "rmi/rmi-stream-internal.h"

G_BEGIN_DECLS

#define RMI_DEFAULT_TIMEOUT_MS 25000
#define RMI_LEAST_FRAME_BYTES 1024     /* every peer takes as much: errors fit in */

typedef enum
{
  RMI_CONNECTION_IDLE,        /* no stream; the next call dials */
  RMI_CONNECTION_DIALLING,
  RMI_CONNECTION_OPEN,
  RMI_CONNECTION_CLOSING,     /* one side said rpc.close: accepted calls finish */
  RMI_CONNECTION_ENDING,      /* the peer says no more: what it asked for is still answered */
  RMI_CONNECTION_SUSPENDED,   /* no stream, but a session, for as long as its lease says */
  RMI_CONNECTION_CLOSED,      /* for good */
} RmiConnectionState;

typedef enum
{
  RMI_PEER_UNKNOWN,           /* dialled, hello not yet answered: taken for one of ours */
  RMI_PEER_PLAIN,
  RMI_PEER_RMI,
} RmiPeerKind;

/* What the peer says in rpc.hello, or in the answer. */
typedef struct
{
  char     *node;
  char     *session;          /* or NULL */
  guint64   frame_bytes;
  guint     lease_s;          /* 0: its sessions end with their streams */
  gboolean  is_resumed;
} RmiHello;

/* A message that must wait its turn. */
typedef struct
{
  RmiChunk *chunk;
  RmiSlice  frame;
  RmiSlice  id;               /* in the frame; none: not a single request */
  gint64    arrival_us;
  gboolean  is_request;       /* waits for room in the write queue too */
  gboolean  is_orphan;        /* the stream that it came by is gone */
  guint     epoch;            /* of the codec when it came */
  RmiCall  *answered;         /* or: a call to complete */
  GError   *closed;           /* or: say that the connection was lost; with an error that may be NULL */
  gboolean  is_closed;
} RmiHeld;

struct _RmiConnection
{
  GObject              parent_instance;

  RmiRuntime          *runtime;
  const RmiLimits     *limits;
  RmiReferenceCodec    codec;
  RmiConnectionState   state;
  RmiPeerKind          peer_kind;
  char                *peer_node;
  gsize                peer_frame_bytes;  /* the largest message it takes, as far as it said */

  /* dialling */
  RmiEndpoint         *endpoint;          /* NULL if accepted */
  char                *uri;
  GCancellable        *dialling;
  gboolean             is_forgetting;     /* the lost stream is being cleared away: nobody dials from in there */
  gint64               backoff_until_us;
  guint                backoff_ms;        /* 0: none */
  gint64               hello_serial;      /* of the last rpc.hello */
  gboolean             is_greeting;       /* rpc.hello is not answered yet: what the peer takes is not known */
  GQueue               unsent;            /* of RmiCall.link: waits for the stream, or for the answer to rpc.hello */

  /* the session */
  char                *session;           /* its token, a secret; NULL: none, so it ends with the stream */
  guint                lease_s;           /* how long it outlives a stream */
  gint64               lease_until_us;    /* 0: not suspended */
  gint64               redial_us;         /* we dial again by ourselves; not before */
  gint64               redialled_us;      /* when we did */
  gboolean             is_redialling;     /* not for a call */
  gboolean             is_resuming;       /* rpc.hello asks for it and is not answered: nothing is said before */
  void               (*ended) (RmiConnection *self, gpointer data);   /* nullable; once */
  gpointer             ended_data;

  /* the stream */
  RmiStream           *stream;
  GCredentials        *credentials;
  RmiTimer             timer;             /* hello, idle, or drain; without a stream: lease and redial */
  gint64               active_us;         /* 0: a message came or went since the idle timer looked */
  gint64               arrival_us;        /* of the message being taken */

  /* calls */
  gint64               last_serial;
  gint64               last_accepted;     /* the highest integer id we took a request of */
  RmiPendingTable      pending;
  GQueue               incoming;          /* of RmiIncoming.link: taken, not answered */
  guint                n_batches;         /* of which answers are due */

  /* messages waiting */
  GQueue               held;              /* of RmiHeld */
  GHashTable          *held_by_id;        /* requests: RmiHeld, by its id → link; NULL: none yet */
  guint                n_held_answers;    /* of them, those that are no message */
  gsize                held_bytes;
  gboolean             is_in_backlog;
  gboolean             has_lost_events;   /* dropped for lack of room: the importer asks again when there is some */

  /* references */
  GHashTable          *releases;          /* path → guint64 *, until the turn ends; or NULL */
  RmiFlush             release_flush;
  gpointer             import_data, export_data;
  GDestroyNotify       import_destroy, export_destroy;
};

/* ---- rmi-connection.c ---- */
void           rmi_connection_open          (RmiConnection *self);
/* Whether a call can go out or be queued; FALSE with UNREACHABLE or CLOSING. Dials if need be. */
gboolean       rmi_connection_ensure_open   (RmiConnection *self, GError **error);
void           rmi_connection_set_state     (RmiConnection *self, RmiConnectionState state);
/* From now on it is closed when nobody needs it. */
void           rmi_connection_start_idle_timer (RmiConnection *self);

/* ---- rmi-connection-session.c ---- */
/* All that hung on it goes, and whatever hangs on a session's streams before the last loss. Runs user code. */
void           rmi_connection_end_session   (RmiConnection *self);
/* Whether the stream can go, for this reason (nullable), and the session stay. */
gboolean       rmi_connection_may_suspend   (RmiConnection *self, const GError *error);
/* The lease begins, if it did not. Ends the session if it holds nothing. */
void           rmi_connection_suspend       (RmiConnection *self);
/* The session, if it is suspended, is over. Runs user code. */
void           rmi_connection_end_suspension (RmiConnection *self);
/* Without a stream: for the end of the lease, and to dial again as long as something needs it. */
void           rmi_connection_start_waiting (RmiConnection *self);
void           rmi_connection_plan_redial   (RmiConnection *self);
/* The accepting side: the suspended session that @fresh's peer asks for, (transfer full), or NULL. Runs user code. */
RmiConnection *rmi_connection_find_session  (RmiConnection *fresh, const RmiHello *hello);
/* Goes on with @fresh's stream, where the answer to rpc.hello is under way; @fresh ends. */
void           rmi_connection_adopt         (RmiConnection *self, RmiConnection *fresh);
void           rmi_connection_offer_session (RmiConnection *self, const RmiHello *hello);
/* The dialling side: what the answer offers. */
void           rmi_connection_accept_session (RmiConnection *self, const RmiHello *hello, gboolean is_same_node);
void           rmi_connection_tell_ended    (RmiConnection *self);

/* ---- rmi-connection-end.c ---- */
/* The stream is gone, or never came. */
void           rmi_connection_lose          (RmiConnection *self, const GError *error);
/* Whether @call has to wait in `unsent`. */
gboolean       rmi_connection_must_queue    (RmiConnection *self, RmiCall *call);
/* Sends of `unsent`, in order, what does not have to wait. */
void           rmi_connection_send_unsent   (RmiConnection *self);
void           rmi_connection_begin_drain   (RmiConnection *self);
/* The peer says no more, and may be listening. */
void           rmi_connection_hear_out      (RmiConnection *self);
/* After something ended: closes a drained connection. */
void           rmi_connection_check_drained (RmiConnection *self);

/* ---- rmi-connection-route.c ---- */
void           rmi_connection_take_frame    (RmiConnection *self, RmiChunk *chunk, RmiSlice frame);
/* A message whose turn has come. */
void           rmi_connection_take_held     (RmiConnection *self, RmiHeld *held);

/* ---- rmi-connection-held.c ---- */
/* The peer does not read what we answer. */
gboolean       rmi_connection_is_congested  (RmiConnection *self);
/* @id: a slice of @text, or none. */
void           rmi_connection_hold          (RmiConnection *self, RmiSlice text, RmiSlice id, gboolean is_request);
/* One message, before a new one is taken: so what waits does not become more. FALSE if what ran took until the stream was gone. */
gboolean       rmi_connection_run_held_first (RmiConnection *self);
/* There was no room to keep events: asks again when there is. */
void           rmi_connection_note_lost_events (RmiConnection *self);
/* Completes @call (transfer full) now, or after what is held. */
void           rmi_connection_complete      (RmiConnection *self, RmiCall *call);
/* Emits `closed`, now or after what is held. @error (nullable) is copied. */
void           rmi_connection_tell_closed   (RmiConnection *self, const GError *error);
/* The write queue has room again. */
void           rmi_connection_wake_held     (RmiConnection *self);
void           rmi_connection_emit_closed   (RmiConnection *self, const GError *error);
void           rmi_connection_drop_held     (RmiConnection *self);
/* The stream is gone: requests of it are nobody's any more. */
void           rmi_connection_orphan_held   (RmiConnection *self);
/* Takes the held request with this id out and answers CANCELLED; FALSE if there is none. */
gboolean       rmi_connection_cancel_held   (RmiConnection *self, RmiSlice id);

/* ---- rmi-connection-send.c ---- */
/* Queues the message to the stream and gives the writer back. */
gboolean       rmi_connection_send          (RmiConnection *self, RmiWriter *writer, GError **error);

/* ---- rmi-connection-system.c ---- */
void           rmi_connection_say_hello     (RmiConnection *self);
void           rmi_connection_say_close     (RmiConnection *self, const char *reason);
/* Takes a system request or notification. */
void           rmi_connection_take_system   (RmiConnection *self, RmiIncoming *incoming);
/* This system member may run user code (finalisers), so it keeps its place among the messages. */
gboolean       rmi_connection_is_ordered_system (RmiSlice member);

/* ---- rmi-connection-refs.c ---- */
void           rmi_connection_init_codec    (RmiConnection *self);

/* ---- rmi-connection-release.c ---- */
void           rmi_connection_drop_releases (RmiConnection *self);
/* Tells the peer all that we hold of its objects. */
void           rmi_connection_say_held      (RmiConnection *self);

/* ---- rmi-incoming.c ---- */
typedef struct _RmiBatch RmiBatch;

/* Takes @message's memory. @batch is nullable; the incoming takes a ref. */
RmiIncoming   *rmi_incoming_new             (RmiConnection *connection, RmiChunk *chunk, RmiMessage *message, const RmiTarget *target, RmiBatch *batch, gint64 arrival_us);
void           rmi_incoming_cancel          (RmiIncoming *self);
RmiIncoming   *rmi_incoming_find            (RmiConnection *connection, RmiSlice id);
/* The stream is gone: cancels, and answers go nowhere, even if there is a new one by then. */
void           rmi_incoming_disconnect      (RmiIncoming *self);
const RmiCallContext *rmi_incoming_get_context (RmiIncoming *self);
/* An error answer without an incoming: @id may be absent (null). */
void           rmi_connection_answer_error  (RmiConnection *self, RmiSlice id, const GError *error, RmiBatch *batch);

/* ---- rmi-batch.c ---- */
/* @n_messages: how many it has; each gets one answer at most. */
RmiBatch      *rmi_batch_new                (RmiConnection *connection, guint n_messages);
RmiBatch      *rmi_batch_ref                (RmiBatch *self);
/* The last unref sends the answers, if there are any. Owner only. */
void           rmi_batch_unref              (RmiBatch *self);
/* The stream is gone: nobody gets the answers. */
void           rmi_batch_orphan             (RmiBatch *self);
/* FALSE with LIMIT if there is no room for it; a short error will have some. */
gboolean       rmi_batch_add                (RmiBatch *self, RmiWriter *answer, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RmiBatch, rmi_batch_unref)

G_END_DECLS
