/* rmi/rmi-writer.h: JSON text, value by value
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * For generated code. Errors stick: after the first one every function does nothing, and whoever
 * finishes the message reports it. So marshalling code has no error paths.
 */
#pragma once

#include <string.h>

#include <json-glib/json-glib.h>

#include "rmi/rmi-types.h"

G_BEGIN_DECLS

RMI_AVAILABLE_IN_1_0
void rmi_writer_begin_array  (RmiWriter *self);
RMI_AVAILABLE_IN_1_0
void rmi_writer_end_array    (RmiWriter *self);
RMI_AVAILABLE_IN_1_0
void rmi_writer_begin_object (RmiWriter *self);
RMI_AVAILABLE_IN_1_0
void rmi_writer_end_object   (RmiWriter *self);
/* A member name that needs no escaping (a declared one): the caller's promise. */
RMI_AVAILABLE_IN_1_0
void rmi_writer_add_member   (RmiWriter *self, const char *name);
RMI_AVAILABLE_IN_1_0
void rmi_writer_add_member_n (RmiWriter *self, const char *name, gsize length);
#ifdef __OPTIMIZE__
/* The compiler knows how long a literal is. Anything else is evaluated once only. */
#define rmi_writer_add_member(self, name) \
  (__builtin_constant_p (strlen (name)) ? rmi_writer_add_member_n (self, name, strlen (name)) : (rmi_writer_add_member) (self, name))
#endif
/* Any text as a dict's key: escaped, and `$ref`-like keys get one more `$`. */
RMI_AVAILABLE_IN_1_0
void rmi_writer_add_key      (RmiWriter *self, const char *key);

RMI_AVAILABLE_IN_1_0
void rmi_writer_add_null     (RmiWriter *self);
RMI_AVAILABLE_IN_1_0
void rmi_writer_add_boolean  (RmiWriter *self, gboolean value);
RMI_AVAILABLE_IN_1_0
void rmi_writer_add_int32    (RmiWriter *self, gint32 value);      /* also for y, n, q */
RMI_AVAILABLE_IN_1_0
void rmi_writer_add_uint32   (RmiWriter *self, guint32 value);
RMI_AVAILABLE_IN_1_0
void rmi_writer_add_int64    (RmiWriter *self, gint64 value);      /* a decimal string beyond ±(2^53-1) */
RMI_AVAILABLE_IN_1_0
void rmi_writer_add_uint64   (RmiWriter *self, guint64 value);
RMI_AVAILABLE_IN_1_0
void rmi_writer_add_double   (RmiWriter *self, double value);      /* "NaN", "Infinity", "-Infinity" as strings */
RMI_AVAILABLE_IN_1_0
void rmi_writer_add_double_array (RmiWriter *self, GArray *values);                /* NULL is [] */
/* NULL is written as "" (as GVariant does in g_variant_new_string it is a caller's bug: g_return).
 * Invalid UTF-8 is an error that sticks. */
RMI_AVAILABLE_IN_1_0
void rmi_writer_add_string   (RmiWriter *self, const char *value);
RMI_AVAILABLE_IN_1_0
void rmi_writer_add_string_n (RmiWriter *self, const char *value, gsize length);   /* may hold U+0000 */
RMI_AVAILABLE_IN_1_0
void rmi_writer_add_strv     (RmiWriter *self, const char *const *value);          /* NULL is [] */
RMI_AVAILABLE_IN_1_0
void rmi_writer_add_bytes    (RmiWriter *self, GBytes *value);                     /* base64 */
RMI_AVAILABLE_IN_1_0
void rmi_writer_add_enum     (RmiWriter *self, const GEnumValue *values, int value);   /* values end with a NULL nick */
RMI_AVAILABLE_IN_1_0
void rmi_writer_add_flags    (RmiWriter *self, const GFlagsValue *values, guint value);
/* Any GVariant of a type that the table of doc/protocol.md has; @type is its type string. The type 'v' writes
 * {"type":…,"data":…}. */
RMI_AVAILABLE_IN_1_0
void rmi_writer_add_variant  (RmiWriter *self, GVariant *value);
RMI_AVAILABLE_IN_1_0
void rmi_writer_add_json     (RmiWriter *self, JsonNode *value);                   /* NULL is null */
/* A reference. @object is a local object of @interface_type or a stub; NULL is an error that sticks (write
 * null yourself where the type is nullable). */
RMI_AVAILABLE_IN_1_0
void rmi_writer_add_object   (RmiWriter *self, gpointer object, GType interface_type);
/* An object by value, of the class @declared or one derived from it; @entry is the one of @declared, or NULL: whichever it has. */
RMI_AVAILABLE_IN_1_0
void rmi_writer_add_instance (RmiWriter *self, gpointer object, GType declared, const RmiClassEntry *entry);
/* For checks of generated code: makes @error (transfer full) stick, unless one does already. */
RMI_AVAILABLE_IN_1_0
void rmi_writer_fail         (RmiWriter *self, GError *error);
RMI_AVAILABLE_IN_1_0
gboolean rmi_writer_has_failed (RmiWriter *self);

G_END_DECLS
