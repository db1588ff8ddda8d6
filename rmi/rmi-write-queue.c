/* rmi/rmi-write-queue.c: bytes on their way to a socket
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Sent bytes stay in front until moving the rest costs no more than what was sent: so each byte is
 * moved once on average.
 */
#include "config.h"
#include "rmi/rmi-write-queue-private.h"

#define MIN_SIZE 512
#define KEPT_SIZE 2048             /* what an empty queue may hold on to */

static void
rmi_write_queue_make_room (RmiWriteQueue *self,
                           gsize          length)
{
  gsize used = self->end - self->start;

  if (self->size - self->end >= length)
    return;

  if (self->start >= used && self->size - used >= length)
    {
      if (used > 0)
        memmove (self->data, self->data + self->start, used);
    }
  else
    {
      gsize size = MAX (MAX (MIN_SIZE, used * 2), used + length);
      char *data = g_malloc (size);

      if (used > 0)
        memcpy (data, self->data + self->start, used);
      g_free (self->data);
      self->data = data;
      self->size = size;
    }

  self->start = 0;
  self->end = used;
}

void
rmi_write_queue_clear (RmiWriteQueue *self)
{
  g_free (self->data);
  *self = (RmiWriteQueue) { NULL };
}

void
rmi_write_queue_append (RmiWriteQueue *self,
                        const char    *data,
                        gsize          length)
{
  if (length == 0)
    return;

  rmi_write_queue_make_room (self, length);
  memcpy (self->data + self->end, data, length);
  self->end += length;
}

void
rmi_write_queue_consume (RmiWriteQueue *self,
                         gsize          length)
{
  self->start += length;
  if (self->start < self->end)
    return;

  self->start = self->end = 0;
  if (self->size > KEPT_SIZE)
    rmi_write_queue_clear (self);
}
