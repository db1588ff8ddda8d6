/* rmi/rmi-error-internal.h: errors on the wire
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "rmi/rmi-error.h"
#include "rmi/rmi-reader-internal.h"
#include "rmi/rmi-writer-internal.h"

G_BEGIN_DECLS

/* The JSON-RPC code of @code; local errors (UNREACHABLE…) have -32603. */
int         rmi_error_to_json_rpc   (RmiError code);

/* An RMI_ERROR_LIMIT that says when to try again. */
GError     *rmi_error_new_limit     (guint retry_after_ms, const char *format, ...) G_GNUC_PRINTF (2, 3);

/* Writes {"code":…,"message":…,"data":{…}}: exactly these members, `data` only where it says something
 * (domain, name, code of an application's error; retry_after). Invalid UTF-8 in the message is replaced.
 * A GError of an unregistered domain is REMOTE with its text; its domain's quark name goes to data.domain.
 * G_IO_ERROR_CANCELLED is CANCELLED. */
void        rmi_error_write         (const GError *error, RmiWriter *writer);

/* Reads such an object at @reader (validated JSON), whatever its members' order; anything odd still gives an error:
 * unknown codes become REMOTE, with the peer's text. Never NULL. REMOTE errors of a domain registered
 * with rmi_error_register_domain() come back as that domain's GError. */
GError     *rmi_error_read          (RmiReader *reader);

/* What the caller of a method is told when its implementation fails with @error. An RMI_ERROR of a call that the implementation made itself becomes
 * REMOTE: its code would lie to the caller, whose own call did run, did reach the peer, and named an object that is there. */
GError     *rmi_error_new_answer    (const GError *error);
/* @error, an RMI_ERROR, is about a call that this process made, as if a peer had sent it. */
void        rmi_error_mark_nested   (GError *error);

G_END_DECLS
