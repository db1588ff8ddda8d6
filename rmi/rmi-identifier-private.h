/* rmi/rmi-identifier-private.h: which names a description may give
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * All are ASCII, at most 255 bytes, and need no escaping in JSON or XML.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef gboolean (*RmiIdentifierFunc) (const char *name);

/* A declared type, an error, an import: [A-Z][A-Za-z0-9]* */
gboolean rmi_identifier_is_type      (const char *name);
/* The same, or two of them: Bank.Account */
gboolean rmi_identifier_is_alias     (const char *name);
/* A method or signal, as in D-Bus: [A-Za-z_][A-Za-z0-9_]* */
gboolean rmi_identifier_is_member    (const char *name);
/* A property, argument or field: a member that may have hyphens, as real D-Bus files have */
gboolean rmi_identifier_is_field     (const char *name);
/* A value of an enum: a field that may begin with a digit */
gboolean rmi_identifier_is_nick      (const char *name);
/* Members with dots between them; one will do */
gboolean rmi_identifier_is_namespace (const char *name);
/* The same, two at least */
gboolean rmi_identifier_is_interface (const char *name);

G_END_DECLS
