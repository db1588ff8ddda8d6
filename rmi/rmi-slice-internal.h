/* rmi/rmi-slice-internal.h: some bytes of somebody else's memory
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <string.h>

#include <glib.h>

G_BEGIN_DECLS

/* Not NUL-terminated; data is NULL if absent. */
typedef struct
{
  const char *data;
  gsize       length;
} RmiSlice;

#define RMI_SLICE_INIT { NULL, 0 }
#define RMI_SLICE_LITERAL(text) ((RmiSlice) { (text), sizeof (text) - 1 })

static inline gboolean
rmi_slice_equals (RmiSlice    slice,
                  const char *text,
                  gsize       length)
{
  return slice.length == length && memcmp (slice.data, text, length) == 0;
}

G_END_DECLS
