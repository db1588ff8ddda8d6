/* rmi/rmi-write-queue-private.h: bytes on their way to a socket
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * One contiguous buffer, so that all that is queued leaves in one send(); a small one stays while it is empty. Plain data,
 * embedded in the stream.
 */
#pragma once

#include "rmi/rmi-slice-internal.h"

G_BEGIN_DECLS

typedef struct
{
  char   *data;
  gsize   size;
  gsize   start;              /* the bytes before are sent */
  gsize   end;
} RmiWriteQueue;

void     rmi_write_queue_clear   (RmiWriteQueue *self);
void     rmi_write_queue_append  (RmiWriteQueue *self, const char *data, gsize length);
/* Drops @length bytes in front: they are sent. */
void     rmi_write_queue_consume (RmiWriteQueue *self, gsize length);

static inline RmiSlice
rmi_write_queue_peek (const RmiWriteQueue *self)
{
  if (self->data == NULL)
    return (RmiSlice) RMI_SLICE_INIT;

  return (RmiSlice) { self->data + self->start, self->end - self->start };
}

static inline gsize
rmi_write_queue_get_length (const RmiWriteQueue *self)
{
  return self->end - self->start;
}

G_END_DECLS
