/* rmi/rmi-reader.h: values out of JSON text, in place
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * For generated code. Reads text that was validated whole before (rmi-scanner), so that only types can be wrong.
 * Errors stick: after the first one getters return 0 or NULL and loops end; whoever owns the reader reports it.
 * What a getter returns is the caller's, and it must be freed also when the reader failed later.
 */
#pragma once

#include <json-glib/json-glib.h>

#include "rmi/rmi-types.h"

G_BEGIN_DECLS

RMI_AVAILABLE_IN_1_0
gboolean  rmi_reader_has_failed   (RmiReader *self);
/* Makes @error (transfer full) stick, unless one does already. */
RMI_AVAILABLE_IN_1_0
void      rmi_reader_fail         (RmiReader *self, GError *error);

/* Consumes null and returns TRUE, or does nothing. */
RMI_AVAILABLE_IN_1_0
gboolean  rmi_reader_take_null    (RmiReader *self);
RMI_AVAILABLE_IN_1_0
gboolean  rmi_reader_get_boolean  (RmiReader *self);
RMI_AVAILABLE_IN_1_0
guint8    rmi_reader_get_byte     (RmiReader *self);
RMI_AVAILABLE_IN_1_0
gint16    rmi_reader_get_int16    (RmiReader *self);
RMI_AVAILABLE_IN_1_0
guint16   rmi_reader_get_uint16   (RmiReader *self);
RMI_AVAILABLE_IN_1_0
gint32    rmi_reader_get_int32    (RmiReader *self);
RMI_AVAILABLE_IN_1_0
guint32   rmi_reader_get_uint32   (RmiReader *self);
RMI_AVAILABLE_IN_1_0
gint64    rmi_reader_get_int64    (RmiReader *self);
RMI_AVAILABLE_IN_1_0
guint64   rmi_reader_get_uint64   (RmiReader *self);
RMI_AVAILABLE_IN_1_0
double    rmi_reader_get_double   (RmiReader *self);
RMI_AVAILABLE_IN_1_0
GArray   *rmi_reader_get_double_array (RmiReader *self);
RMI_AVAILABLE_IN_1_0
char     *rmi_reader_get_string   (RmiReader *self);               /* U+0000 is an error */
RMI_AVAILABLE_IN_1_0
char     *rmi_reader_get_object_path (RmiReader *self);            /* 'o': checked as D-Bus does */
RMI_AVAILABLE_IN_1_0
char     *rmi_reader_get_signature (RmiReader *self);              /* 'g' */
RMI_AVAILABLE_IN_1_0
GStrv     rmi_reader_get_strv     (RmiReader *self);
RMI_AVAILABLE_IN_1_0
GBytes   *rmi_reader_get_bytes    (RmiReader *self);
RMI_AVAILABLE_IN_1_0
int       rmi_reader_get_enum     (RmiReader *self, const GEnumValue *values);
RMI_AVAILABLE_IN_1_0
guint     rmi_reader_get_flags    (RmiReader *self, const GFlagsValue *values);
RMI_AVAILABLE_IN_1_0
GVariant *rmi_reader_get_variant  (RmiReader *self, const char *type_string);      /* not floating */
RMI_AVAILABLE_IN_1_0
JsonNode *rmi_reader_get_json     (RmiReader *self);
RMI_AVAILABLE_IN_1_0
gpointer  rmi_reader_get_object   (RmiReader *self, GType interface_type);         /* a reference */
/* An object by value, of the class @declared or one derived from it; @entry as for writers. */
RMI_AVAILABLE_IN_1_0
gpointer  rmi_reader_get_instance (RmiReader *self, GType declared, const RmiClassEntry *entry);

/* for (rmi_reader_begin_array (r); rmi_reader_next_element (r);) … */
RMI_AVAILABLE_IN_1_0
void      rmi_reader_begin_array  (RmiReader *self);
RMI_AVAILABLE_IN_1_0
gboolean  rmi_reader_next_element (RmiReader *self);

/* rmi_reader_begin_object (r);
 * for (int i = -1; (i = rmi_reader_next_member (r, names, i, flags)) >= 0;) switch (i) …
 * @names is NULL-terminated; the declared order is the fast path. Members not in @names are skipped (their references
 * released) with RMI_READER_ALLOW_UNKNOWN, else an error. */
/**
 * RmiReaderFlags:
 * @RMI_READER_STRICT: a member that is not declared is an error
 * @RMI_READER_ALLOW_UNKNOWN: it is skipped, and the references in it are released
 *
 * What rmi_reader_next_member() does with members that it was not told of.
 *
 * Since: 1.0
 */
typedef enum
{
  RMI_READER_STRICT = 0,
  RMI_READER_ALLOW_UNKNOWN = 1 << 0,
} RmiReaderFlags;

RMI_AVAILABLE_IN_1_0
void      rmi_reader_begin_object (RmiReader *self);
RMI_AVAILABLE_IN_1_0
int       rmi_reader_next_member  (RmiReader *self, const char *const *names, int previous, RmiReaderFlags flags);
/* The next key of a dict (transfer full), its `$$ref` unescaped; NULL at the end. */
RMI_AVAILABLE_IN_1_0
char     *rmi_reader_next_key     (RmiReader *self);
/* An empty table (transfer full) of strings for such keys, under a hash that peers cannot steer. */
RMI_AVAILABLE_IN_1_0
GHashTable *rmi_reader_new_table  (RmiReader *self, GDestroyNotify value_free);
/* Looks at the next value without consuming: one of { [ " t f n 0 (a number), or 0 at the end. */
RMI_AVAILABLE_IN_1_0
char      rmi_reader_peek         (RmiReader *self);
/* Skips one value, and releases the references in it. */
RMI_AVAILABLE_IN_1_0
void      rmi_reader_skip         (RmiReader *self);
/* Charges @bytes of memory about to be allocated for what is decoded; the error is RMI_ERROR_LIMIT. Getters charge for what they
 * return themselves; generated code charges for the structs and objects it makes. */
RMI_AVAILABLE_IN_1_0
gboolean  rmi_reader_charge       (RmiReader *self, gsize bytes);

/* The arguments of a call, by position or by name: begin, then next for each declared one in order, then end.
 * @names is NULL-terminated. With one name, an object without a member of that name is itself the argument. */
RMI_AVAILABLE_IN_1_0
void      rmi_reader_begin_arguments (RmiReader *self, const char *const *names);
/* Moves to the next argument. If it is absent: FALSE, and an error sticks unless @is_nullable. */
RMI_AVAILABLE_IN_1_0
gboolean  rmi_reader_next_argument   (RmiReader *self, gboolean is_nullable);
/* An argument too many, or a name unknown, is an error that sticks. */
RMI_AVAILABLE_IN_1_0
void      rmi_reader_end_arguments   (RmiReader *self);
/* A required member or out value was not there: an error naming it sticks. */
RMI_AVAILABLE_IN_1_0
void      rmi_reader_fail_missing    (RmiReader *self, const char *name);

G_END_DECLS
