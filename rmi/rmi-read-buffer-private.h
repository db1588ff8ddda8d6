/* rmi/rmi-read-buffer-private.h: bytes received and not yet understood
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A chunk and where we are in it. There is none while nothing waits for the rest of its frame.
 * Plain data, embedded in the stream.
 */
#pragma once

#include <sys/types.h>

#include "rmi/rmi-chunk-internal.h"
#include "rmi/rmi-framer-internal.h"
#include "rmi/rmi-poller-internal.h"

G_BEGIN_DECLS

typedef struct
{
  RmiFramer framer;
  RmiChunk *chunk;
  gsize     start;            /* in the chunk: the first byte not consumed */
  gsize     wanted;           /* of the frame that begins there, see rmi_framer_next() */
  guint64   n_received;       /* bytes, since the stream began */
} RmiReadBuffer;

void            rmi_read_buffer_init       (RmiReadBuffer *self);
/* Gives the chunk back to @poller. */
void            rmi_read_buffer_drop       (RmiReadBuffer *self, RmiPoller *poller);
/* One recv(), into the chunk or one of @poller; returns what recv() does. */
ssize_t         rmi_read_buffer_receive    (RmiReadBuffer *self, RmiPoller *poller, int fd);
/* Takes the next frame, which lies in the chunk. @is_at_end: nothing more comes, so that a last line
 * is a frame without its newline. */
RmiFramerStatus rmi_read_buffer_next_frame (RmiReadBuffer    *self,
                                            const RmiLimits  *limits,
                                            gboolean          is_at_end,
                                            RmiSlice         *frame,
                                            GError          **error);

static inline gboolean
rmi_read_buffer_is_empty (const RmiReadBuffer *self)
{
  return self->chunk == NULL || self->start == self->chunk->used;
}

G_END_DECLS
