/* fuzz/fuzz.h: what libFuzzer calls, for every target
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A target leaves nothing behind: what it says of an input depends on that input alone. It aborts if the library breaks a promise;
 * the sanitizers abort for the rest.
 */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

int LLVMFuzzerInitialize   (int *argc, char ***argv);
int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

/* How an input starts: bytes that say how to use the rest. 0 if there is none left. */
guint8 fuzz_take_byte      (const guint8 **data, gsize *size);

G_END_DECLS
