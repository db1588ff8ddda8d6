/* rmi/rmi-reader-internal.h: the reader's owner's side
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "rmi/rmi-error.h"
#include "rmi/rmi-limits-internal.h"
#include "rmi/rmi-reader.h"
#include "rmi/rmi-reference-codec-internal.h"

G_BEGIN_DECLS

typedef struct _RmiSharedTable RmiSharedTable;
typedef struct _RmiUnknownPart RmiUnknownPart;

/* Small and on its owner's stack or inside its owner; the text is borrowed and outlives it. */
struct _RmiReader
{
  const char        *start;
  const char        *end;
  const char        *cursor;
  const char        *claimed;      /* references before this have an owner; those behind it are released in the end */
  RmiReferenceCodec *codec;        /* nullable */
  guint              epoch;        /* of the codec when the text arrived */
  GPtrArray         *objects;      /* borrowed: of references read as handles; else NULL */
  RmiSlice           types;        /* "$type" of references that have none, or absent */
  GError            *error;
  RmiError           code;         /* of type errors: INVALID_ARGUMENTS (default) or BAD_REPLY */
  gsize              budget;       /* bytes that decoding may still allocate */
  const char        *root;         /* how error texts call the text: "params", "result" */
  char              *temporary;    /* of rmi_reader_next_raw_key() */
  gboolean           has_instances;
  gboolean           is_checking;  /* nothing is made that anybody could notice */
  gboolean           is_checked;   /* …and all fits */
  RmiUnknownPart    *unknown;      /* of the object by value that is being read; nullable */
  GPtrArray         *whole;        /* of GObject: who is told when all are whole, inner ones first; nullable */
  RmiSharedTable    *shared;       /* what `$same` may stand for; nullable */
  /* arguments */
  const char *const *names;
  int                n_taken;
  int                style;
  char              *positional;   /* arguments by name, put in order: the text then */
};

/* @text is one validated JSON value; absent text reads as null. */
void     rmi_reader_init           (RmiReader         *self,
                                    RmiSlice           text,
                                    const RmiLimits   *limits,     /* nullable: no budget */
                                    RmiReferenceCodec *codec,
                                    RmiError           code,
                                    const char        *root);
/* Ends reading: releases the references that were not claimed, then FALSE with @error if one
   stuck. May be called twice. */
gboolean rmi_reader_finish         (RmiReader *self, GError **error);
/* All values were read: if none failed, objects that want to know are told. Comes before code that works with them; twice is once. FALSE
   if an error stuck. */
gboolean rmi_reader_complete       (RmiReader         *self);
/* FALSE if what @self reads may be read at once. Else @check is a reader of the same, to be read first. */
gboolean rmi_reader_begin_check    (const RmiReader   *self,
                                    RmiReader         *check);
/* FALSE with @error if it does not fit. */
gboolean rmi_reader_end_check      (RmiReader         *check,
                                    GError           **error);
/* Releases every reference of @text: for messages that are refused or dropped. Quick if there is
   none. */
void     rmi_reader_discard        (RmiSlice text, RmiReferenceCodec *codec);

/* References in it are worth nothing any more. */
static inline gboolean
rmi_reader_is_void (const RmiReader *self)
{
  return self->codec != NULL && self->epoch != self->codec->epoch;
}

/* Consumes one value and returns its text, references in it being the caller's business. */
RmiSlice rmi_reader_get_raw        (RmiReader *self);
/* In an object: the next key as a slice, unescaped into @scratch if need be (nullable: then
   escaped keys are copied to a
 * temporary that lives until the next call). data is NULL at the end. No `$` unescaping. */
RmiSlice rmi_reader_next_raw_key   (RmiReader *self, GString *scratch);
/* A string without copying if it has no escapes, else unescaped into @scratch. */
RmiSlice rmi_reader_get_slice      (RmiReader *self, GString *scratch);
/* Looks up @name in the object @object (validated text); absent if not there. */
RmiSlice rmi_json_lookup           (RmiSlice object, const char *name);

G_END_DECLS
