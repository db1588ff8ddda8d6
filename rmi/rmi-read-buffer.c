/* rmi/rmi-read-buffer.c: bytes received and not yet understood
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What others hold of a chunk stays as it is: new bytes go behind it, so that many small messages
 * which are kept share a chunk. Only the unfinished frame moves, to a chunk with room for more of it.
 */
#include "config.h"
#include "rmi/rmi-read-buffer-private.h"

#include <errno.h>
#include <sys/socket.h>

#define MIN_ROOM_BYTES (4 * 1024)     /* less is not worth a recv() */
#define TURN_BYTES (256 * 1024)       /* after as many small messages others have a turn */

/* There is room for more, or for all that the frame still lacks. */
static gboolean
rmi_read_buffer_has_room (RmiReadBuffer *self)
{
  gsize have = self->chunk->used - self->start;

  if (self->chunk->size - self->chunk->used >= MIN_ROOM_BYTES)
    return TRUE;

  return self->framer.body_offset > 0 &&
         have < self->wanted && self->chunk->size - self->start >= self->wanted;
}

/* Moves the unfinished frame to where it can go on. Grows by what arrived, never by what was
 * promised. */
static void
rmi_read_buffer_move (RmiReadBuffer *self)
{
  g_autoptr(RmiChunk) old = g_steal_pointer (&self->chunk);
  gsize have = old != NULL ? old->used - self->start : 0;
  gboolean is_length_known = self->framer.body_offset > 0 && self->wanted > have;
  gsize size = MAX (RMI_CHUNK_BYTES, is_length_known ? MIN (self->wanted, 2 * have) : 2 * have);

  if (old != NULL && rmi_chunk_is_private (old) && (old->size >= size || self->start == 0))
    self->chunk = rmi_chunk_grow (g_steal_pointer (&old), size);
  else
    self->chunk = rmi_chunk_new (size);

  if (old != NULL || self->start > 0)
    memmove (self->chunk->data, (old != NULL ? old : self->chunk)->data + self->start, have);
  self->chunk->used = have;
  self->start = 0;
}

void
rmi_read_buffer_init (RmiReadBuffer *self)
{
  *self = (RmiReadBuffer) { .chunk = NULL };
  rmi_framer_init (&self->framer);
}

void
rmi_read_buffer_drop (RmiReadBuffer *self,
                      RmiPoller     *poller)
{
  if (self->chunk != NULL)
    rmi_poller_give_spare (poller, g_steal_pointer (&self->chunk));
  self->start = 0;
  self->wanted = 0;
}

ssize_t
rmi_read_buffer_receive (RmiReadBuffer *self,
                         RmiPoller     *poller,
                         int            fd)
{
  ssize_t n_bytes = 0;
  gsize room = 0;

  if (self->chunk == NULL)
    {
      self->chunk = rmi_poller_take_spare (poller);
      self->start = self->chunk != NULL ? self->chunk->used : 0;
    }
  if (self->chunk != NULL && rmi_read_buffer_is_empty (self) && rmi_chunk_is_private (self->chunk))
    self->start = self->chunk->used = 0;
  if (self->chunk == NULL || !rmi_read_buffer_has_room (self))
    rmi_read_buffer_move (self);

  room = MIN (self->chunk->size - self->chunk->used, MAX (self->wanted, TURN_BYTES));
  do
    n_bytes = recv (fd, self->chunk->data + self->chunk->used, room, 0);
  while (n_bytes < 0 && errno == EINTR);

  if (n_bytes > 0)
    {
      self->chunk->used += (gsize) n_bytes;
      self->n_received += (guint64) n_bytes;
    }

  return n_bytes;
}

RmiFramerStatus
rmi_read_buffer_next_frame (RmiReadBuffer    *self,
                            const RmiLimits  *limits,
                            gboolean          is_at_end,
                            RmiSlice         *frame,
                            GError          **error)
{
  const char *data = NULL;
  gsize length = 0;
  gsize consumed = 0;
  RmiFramerStatus status;

  if (self->chunk == NULL)
    return RMI_FRAMER_MORE;

  data = self->chunk->data + self->start;
  length = self->chunk->used - self->start;
  status = rmi_framer_next (&self->framer, data, length, limits,
                            frame, &consumed, &self->wanted, error);
  self->start += consumed;
  if (status != RMI_FRAMER_MORE || !is_at_end)
    return status;
  if (!rmi_framer_finish (&self->framer, data + consumed, length - consumed, frame))
    return RMI_FRAMER_MORE;

  self->start = self->chunk->used;

  return RMI_FRAMER_FRAME;
}
