/* rmi/rmi-chunk.c: received bytes, shared
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "config.h"
#include "rmi/rmi-chunk-internal.h"

RmiChunk *
rmi_chunk_new (gsize size)
{
  RmiChunk *self = NULL;

  self = g_malloc (sizeof (RmiChunk) + size);
  g_atomic_ref_count_init (&self->ref_count);
  self->size = size;
  self->used = 0;

  return self;
}

RmiChunk *
rmi_chunk_ref (RmiChunk *self)
{
  g_atomic_ref_count_inc (&self->ref_count);

  return self;
}

void
rmi_chunk_unref (RmiChunk *self)
{
  if (g_atomic_ref_count_dec (&self->ref_count))
    g_free (self);
}

RmiChunk *
rmi_chunk_grow (RmiChunk *self,
                gsize     size)
{
  g_assert (rmi_chunk_is_private (self));

  if (size > self->size)
    {
      self = g_realloc (self, sizeof (RmiChunk) + size);
      self->size = size;
    }

  return self;
}

gboolean
rmi_chunk_is_private (RmiChunk *self)
{
  return g_atomic_ref_count_compare (&self->ref_count, 1);
}
