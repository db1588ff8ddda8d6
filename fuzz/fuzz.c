/* fuzz/fuzz.c: what all targets begin with
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "config.h"
#include "fuzz/fuzz.h"

#include <stdlib.h>

/* Bytes must not make the library warn: that is for mistakes of the program. libFuzzer knows abort(), not GLib's breakpoint. */
static GLogWriterOutput
write_log (GLogLevelFlags   level,
           const GLogField *fields,
           gsize            n_fields,
           gpointer         user_data)
{
  if ((level & (G_LOG_LEVEL_ERROR | G_LOG_LEVEL_CRITICAL | G_LOG_LEVEL_WARNING)) == 0)
    return G_LOG_WRITER_HANDLED;

  g_log_writer_standard_streams (level, fields, n_fields, NULL);
  abort ();
}

int
LLVMFuzzerInitialize (int    *argc,
                      char ***argv)
{
  g_log_set_writer_func (write_log, NULL, NULL);
  return 0;
}

guint8
fuzz_take_byte (const guint8 **data,
                gsize         *size)
{
  guint8 byte = 0;

  if (*size > 0)
    {
      byte = **data;
      (*data)++;
      (*size)--;
    }
  return byte;
}
