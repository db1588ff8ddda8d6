/* rmi/rmi-class-private.h: the two ways in which an existing class is written and read
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * By a list of its properties (rmi-class-properties.c), or as JsonSerializable says (rmi-class-json.c).
 */
#pragma once

#include "rmi/rmi-class-entry.h"

G_BEGIN_DECLS

/* The way in which the values of a property travel; NULL if they cannot. */
typedef struct _RmiClassForm RmiClassForm;

const RmiClassForm *rmi_class_form_find (const GParamSpec *pspec, GType owner);
void     rmi_class_form_write (const RmiClassForm *form, RmiWriter *writer, const GValue *value);
/* Sets @value, initialised with the type of @pspec, to the next value. */
void     rmi_class_form_read  (const RmiClassForm *form, RmiReader *reader, const GParamSpec *pspec, GValue *value);

/* FALSE with RMI_ERROR_TYPE_NOT_ALLOWED if no instance of @type can be made. */
gboolean rmi_class_check_type (GType type, GError **error);
/* Fills in how instances of @type, a JsonSerializable, are written and read; FALSE if they cannot be. */
gboolean rmi_class_json_fill (RmiClassEntry *entry, GType type, GError **error);

G_END_DECLS
