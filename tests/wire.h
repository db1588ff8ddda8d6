/* tests/wire.h: messages as a peer without this library sees them
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The first whole message of @received, taken out of it; with headers or as a line. NULL if there is none yet. */
char *wire_take_message (GString *received);
/* @json with its header in front. */
char *wire_frame        (const char *json);

G_END_DECLS
