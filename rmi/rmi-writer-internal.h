/* rmi/rmi-writer-internal.h: the writer's owner's side
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * One message, encoded whole before a byte of it is sent. There are RMI_WRITER_HEADROOM free bytes before the text, so
 * that the frame header goes in front of it without a copy.
 */
#pragma once

#include "rmi/rmi-limits-internal.h"
#include "rmi/rmi-reference-codec-internal.h"
#include "rmi/rmi-writer.h"

G_BEGIN_DECLS

#define RMI_WRITER_HEADROOM 96

/* @codec is borrowed, may be NULL. Depth and frame size are checked against @limits (NULL: none). */
RmiWriter  *rmi_writer_new            (const RmiLimits   *limits,
                                       RmiReferenceCodec *codec);
/* Retracts the references it noted unless rmi_writer_take_references() was called. */
void        rmi_writer_free           (RmiWriter         *self);
/* Empty again, same limits and memory: for reuse. Retracts as free does; keeps the memory if it is not huge. */
void        rmi_writer_reset          (RmiWriter         *self,
                                       const RmiLimits   *limits,
                                       RmiReferenceCodec *codec);
/* Its memory is too much for a writer that nobody uses. */
gboolean    rmi_writer_is_large       (RmiWriter         *self);
/* Raw JSON, the caller's promise that it is valid here; a comma is set before it if one is due. */
void        rmi_writer_add_raw        (RmiWriter *self, const char *json, gsize length);
/* Raw `"name":value,…`, maybe none, in an open object. */
void        rmi_writer_add_raw_members (RmiWriter *self, const char *members, gsize length);
/* Bytes without any comma logic (message envelopes). */
void        rmi_writer_append         (RmiWriter *self, const char *text, gsize length);
/* "text" escaped as the inside of a JSON string, no quotes, no comma (a path inside a method string). */
void        rmi_writer_append_escaped (RmiWriter *self, const char *text, gsize length);
/* Opens and closes a string value whose inside is written with rmi_writer_append_escaped(). */
void        rmi_writer_begin_string   (RmiWriter *self);
void        rmi_writer_end_string     (RmiWriter *self);
/* What was written is for this peer alone: it has references, or an instance that another peer is sent otherwise. */
gboolean    rmi_writer_is_personal    (RmiWriter *self);
/* It has `$same`, which plain peers do not know. */
gboolean    rmi_writer_has_same       (RmiWriter *self);
void        rmi_writer_note_reference (RmiWriter *self, const char *path);
/* Appends the text of @message, which is finished, as a value; its references are noted in here from now on. */
void        rmi_writer_add_message (RmiWriter *self, RmiWriter *message);
/* References were noted for a stream that is gone: the message must not be sent. */
gboolean    rmi_writer_has_void_references (RmiWriter *self);
/* The message was handed to the peer: its references are the peer's now. */
void        rmi_writer_take_references (RmiWriter *self);
/* The text so far; not NUL-terminated. FALSE with @error if an error stuck. */
gboolean    rmi_writer_finish         (RmiWriter *self, RmiSlice *text, GError **error);
/* The text grows at its front (the id of a request is known last); it and the header share the headroom. */
void        rmi_writer_push_front     (RmiWriter *self, const char *text, gsize length);
/* Puts @header directly in front of the text and returns both as one. The text stays as it is: may be done again, for another peer. */
RmiSlice    rmi_writer_prepend        (RmiWriter *self, const char *header, gsize length);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RmiWriter, rmi_writer_free)

G_END_DECLS
