/* rmi/rmi-stream-internal.h: one socket: read chunks, write queue, back-pressure
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Bytes become frames here and nothing else. recv() once a turn into a chunk that idle streams do not keep (the poller's
 * streams share a spare one); frames are delivered in place. Writes are queued and sent once, when the turn ends; or at once.
 */
#pragma once

#include "rmi/rmi-chunk-internal.h"
#include "rmi/rmi-framer-internal.h"
#include "rmi/rmi-poller-internal.h"

G_BEGIN_DECLS

typedef struct _RmiStream RmiStream;

typedef struct
{
  /* One frame; @frame lies in @chunk (take a ref to keep it). May close, or unref, the stream. */
  void (*frame)  (RmiStream *stream, RmiChunk *chunk, RmiSlice frame, gpointer user_data);
  /* The end, once: @error is NULL after an orderly end of file, RMI_ERROR_PROTOCOL or _LIMIT after broken framing, else a GIOError.
   * Frames that came before the end were delivered first. Never from inside rmi_stream_send(): from the next turn or wait. */
  void (*closed) (RmiStream *stream, const GError *error, gpointer user_data);
  /* A peer that speaks lines said all it has to say, once: it may go on listening. closed() comes later, if it does not. */
  void (*heard_out) (RmiStream *stream, gpointer user_data);
  /* The queue fell below the soft limit again. */
  void (*drained) (RmiStream *stream, gpointer user_data);
} RmiStreamEvents;

/* Takes a connected GSocket (non-blocking is set; TCP_NODELAY, keepalive 30 s, 10 s x 3, TCP_USER_TIMEOUT 60 s on TCP). @limits is borrowed
 * and outlives the stream. */
RmiStream  *rmi_stream_new            (RmiPoller             *poller,
                                       GSocket               *socket,
                                       const RmiLimits       *limits,
                                       const RmiStreamEvents *events,
                                       gpointer               user_data);
RmiStream  *rmi_stream_ref            (RmiStream *self);
void        rmi_stream_unref          (RmiStream *self);
/* Whom its events go to from now on. */
void        rmi_stream_set_user_data  (RmiStream *self, gpointer user_data);
GSocket    *rmi_stream_get_socket     (RmiStream *self);
/* Our side of the framing: HEADERS when we dialled; else what the peer speaks. */
void        rmi_stream_set_framing    (RmiStream *self, RmiFraming framing);

/* Queues one message (its header or newline is added), to go out when the turn ends. FALSE with RMI_ERROR_LIMIT beyond the hard limit (the stream
 * is closed then, and tells closed() later; one frame of the largest size always fits), RMI_ERROR_DISCONNECTED, or the error that stuck in @writer,
 * which harms nobody. @writer may be reset after. */
gboolean    rmi_stream_send           (RmiStream *self, RmiWriter *writer, GError **error);
/* Bytes queued in all and bytes the kernel took, since the stream began: a message is out as soon as sent > its start. */
guint64     rmi_stream_get_queued     (RmiStream *self);
guint64     rmi_stream_get_sent       (RmiStream *self);
gboolean    rmi_stream_is_congested   (RmiStream *self);      /* above the soft limit; drained() will be called */
gboolean    rmi_stream_is_clogged     (RmiStream *self);      /* congested, and one frame more may exceed the hard limit */
/* When the last bytes came. */
gint64      rmi_stream_get_arrival    (RmiStream *self);
/* After what is queued went out (or at once if @abort), and no frame is delivered any more. closed() is not called. */
void        rmi_stream_close          (RmiStream *self, gboolean abort);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RmiStream, rmi_stream_unref)

G_END_DECLS
