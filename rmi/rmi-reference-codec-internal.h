/* rmi/rmi-reference-codec-internal.h: how a message's references become objects and back
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Writers and readers know nothing of connections. Whoever owns the tables lends them this.
 * A writer or reader without one refuses references with RMI_ERROR_NOT_SUPPORTED.
 */
#pragma once

#include <glib-object.h>

#include "rmi/rmi-slice-internal.h"
#include "rmi/rmi-types.h"

G_BEGIN_DECLS

/* A reference as it stands on the wire. */
typedef struct
{
  gboolean is_home;           /* "$home": an object of the receiver; else "$ref": of the sender */
  RmiSlice written;           /* where the path stands in the text */
  RmiSlice path;              /* "/~/…" or a plain client's own path; unescaped */
  RmiSlice types;             /* the "$type" value as JSON (string or array of strings), or absent */
  guint    epoch;             /* of the codec when its message arrived */
  RmiSlice of;                /* of a relay: "<node id><path>" where the object lives, unescaped; or absent or empty. A claim */
  RmiSlice at;                /* of a relay: the "at" value as JSON, endpoints of that node; or absent */
} RmiWireReference;

typedef struct _RmiReferenceCodec RmiReferenceCodec;

struct _RmiReferenceCodec
{
  /* Raised when references received so far are worth nothing any more: readers remember the one they began in. */
  guint     epoch;
  /* Raised when references sent so far, or written to be sent, are counted no more as sent. Atomic. */
  int       generation;
  /* Writes @object as one JSON value. Adds to the message's count whatever the peer will have to release
   * (rmi_writer_note_reference()). FALSE with @error if it cannot be passed. */
  gboolean  (*write)   (RmiReferenceCodec       *self,
                        RmiWriter               *writer,
                        GObject                 *object,
                        GType                    declared,
                        GError                 **error);
  /* The object of @reference: (transfer full), an instance of @declared; NULL with @error. Owns the
   * reference in any case: what it does not turn into a stub it releases. */
  gpointer  (*read)    (RmiReferenceCodec       *self,
                        const RmiWireReference  *reference,
                        GType                    declared,
                        GError                 **error);
  /* A reference received and not wanted. Runs no user code. */
  void      (*discard) (RmiReferenceCodec       *self,
                        const RmiWireReference  *reference);
  /* A reference counted by write(), in a message that was never sent. Runs no user code. */
  void      (*retract) (RmiReferenceCodec       *self,
                        const char              *path);
  /* Whether the other side knows `$same`; as long as nobody can tell, yes. NULL: it does not. */
  gboolean  (*takes_same) (RmiReferenceCodec      *self);
};

G_END_DECLS
