/* rmi/rmi-writer-private.h: the writer's buffer
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * There is no stack of states: whether a comma is due follows from the last byte written. Where an
 * error sticks the buffer has no room left, so every function notices it in the one comparison that it
 * makes anyway.
 */
#pragma once

#include "rmi/rmi-instances-private.h"
#include "rmi/rmi-writer-internal.h"

G_BEGIN_DECLS

/* An object by value whose members are being written; on the stack of who does. */
typedef struct _RmiOpenInstance RmiOpenInstance;

struct _RmiOpenInstance
{
  gpointer         object;
  RmiOpenInstance *outer;
};

struct _RmiWriter
{
  char              *memory;
  char              *text;          /* RMI_WRITER_HEADROOM behind memory, less what was pushed there */
  char              *cursor;
  char              *limit;         /* end of the memory; the cursor where an error sticks */
  gsize              size;          /* of the memory */
  gsize              frame_bytes;
  guint              depth;
  guint              max_depth;
  RmiReferenceCodec *codec;         /* nullable */
  GPtrArray         *objects;       /* borrowed: what handles mean; else NULL */
  GPtrArray         *references;    /* paths noted; nullable */
  int                generation;    /* of the codec when the first one was */
  GError            *error;
  guint32            n_objects;     /* `{` so far, of params or of the result */
  gboolean           is_personal;
  gboolean           has_same;
  RmiInstanceTable   instances;
  RmiOpenInstance   *open;          /* the innermost; nullable */
};

/* The slow side of rmi_writer_reserve(). */
gboolean rmi_writer_grow   (RmiWriter  *self,
                            gsize       length);
/* Writes the inside of a string. */
void     rmi_writer_escape (RmiWriter  *self,
                            const char *text,
                            gsize       length);

/* Room for @length bytes at the cursor; FALSE if an error sticks. Callers ask for at most RMI_WRITER_SLACK
 * bytes more than they will surely write. */
#define RMI_WRITER_SLACK 64

static inline gboolean
rmi_writer_reserve (RmiWriter *self,
                    gsize      length)
{
  return G_LIKELY ((gsize) (self->limit - self->cursor) >= length) || rmi_writer_grow (self, length);
}

/* After these bytes no comma is due. In front of the first value stands a colon, in the headroom. */
static inline gboolean
rmi_writer_is_open (char last)
{
  static const guint8 opens[256] = { ['['] = 1, ['{'] = 1, [':'] = 1, [','] = 1 };

  return opens[(guchar) last];
}

/* Room for a value or member of @length bytes, a comma set if one is due: where to write, or NULL if an
 * error sticks. The writer moves on when its cursor is set behind what was written. */
static inline char *
rmi_writer_open (RmiWriter *self,
                 gsize      length)
{
  char *p;

  if (!rmi_writer_reserve (self, length + 1))
    return NULL;
  p = self->cursor;
  if (!rmi_writer_is_open (p[-1]))
    *p++ = ',';
  return p;
}

G_END_DECLS
