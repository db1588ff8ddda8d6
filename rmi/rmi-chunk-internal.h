/* rmi/rmi-chunk-internal.h: received bytes, shared
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Whoever keeps a message keeps its chunk. A chunk that somebody besides its stream holds is never moved or overwritten.
 * The count is atomic: replies may be read in other threads.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define RMI_CHUNK_BYTES (64 * 1024 - 64)      /* of one for ordinary messages; with the allocator's part, below 64 KiB */

typedef struct
{
  gatomicrefcount ref_count;
  gsize           size;       /* of data */
  gsize           used;       /* bytes received */
  char            data[];
} RmiChunk;

RmiChunk *rmi_chunk_new        (gsize size);
RmiChunk *rmi_chunk_ref        (RmiChunk *self);
void      rmi_chunk_unref      (RmiChunk *self);
/* With room for @size bytes at least, perhaps elsewhere; it must be private (transfer full, both). */
RmiChunk *rmi_chunk_grow       (RmiChunk *self, gsize size);
/* Nobody else holds it. */
gboolean  rmi_chunk_is_private (RmiChunk *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RmiChunk, rmi_chunk_unref)

G_END_DECLS
