/* rmi/rmi-framer-internal.h: where messages begin and end in a stream of bytes
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * No I/O and no copies: it looks at the bytes received and not yet consumed, and remembers how far it looked, so that bytes
 * which arrive one at a time are looked at once each.
 */
#pragma once

#include "rmi/rmi-limits-internal.h"
#include "rmi/rmi-slice-internal.h"
#include "rmi/rmi-types.h"

G_BEGIN_DECLS

typedef enum
{
  RMI_FRAMING_UNKNOWN,        /* the first byte decides */
  RMI_FRAMING_HEADERS,        /* Content-Length */
  RMI_FRAMING_LINES,          /* newline-delimited */
} RmiFraming;

typedef struct
{
  RmiFraming framing;
  gsize      scanned;         /* of the bytes given, known to hold no end */
  gsize      line_offset;     /* where the header line being read starts */
  gsize      body_offset;     /* headers read: where the body starts, else 0 */
  gsize      body_length;     /* 0 until Content-Length was read */
} RmiFramer;

typedef enum
{
  RMI_FRAMER_FRAME,
  RMI_FRAMER_MORE,
  RMI_FRAMER_ERROR,           /* PROTOCOL, or LIMIT if the frame is too large: close */
} RmiFramerStatus;

void            rmi_framer_init   (RmiFramer *self);
/* @data is everything not yet consumed, always from the same position until something was. @consumed is what to drop in front
 * before the next call. On FRAME: @frame is the body, inside of what is dropped, and the framer is ready for the next.
 * On MORE: @wanted is how many bytes in all the rest will need (at least one more than there are); the caller grows by what
 * arrives, never by what was promised. Only empty lines, which are skipped, are consumed then. */
RmiFramerStatus rmi_framer_next   (RmiFramer        *self,
                                   const char       *data,
                                   gsize             length,
                                   const RmiLimits  *limits,
                                   RmiSlice         *frame,
                                   gsize            *consumed,
                                   gsize            *wanted,
                                   GError          **error);
/* At the end of file, after MORE: TRUE if what is left is a frame nevertheless, a last line without its newline. */
gboolean        rmi_framer_finish (RmiFramer *self, const char *data, gsize length, RmiSlice *frame);
/* Writes "Content-Length: N\r\n\r\n" to @buffer (at least 40 bytes); returns its length. */
gsize           rmi_framer_header (char *buffer, gsize body_length);

G_END_DECLS
