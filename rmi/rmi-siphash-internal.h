/* rmi/rmi-siphash-internal.h: a hash that a peer cannot steer
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * SipHash-1-3 under a key that each process draws at random. For tables whose keys come from the
 * other side.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

guint64 rmi_siphash       (const void *data, gsize length);
/* A GHashFunc for NUL-terminated strings, beside g_str_equal(). */
guint   rmi_siphash_str   (gconstpointer string);
/* The function itself, under a key of one's own. */
guint64 rmi_siphash_keyed (const guint64 key[2], const void *data, gsize length);

G_END_DECLS
