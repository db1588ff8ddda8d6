/* fuzz/fuzz-server.c: a peer that dialled says anything to a program with objects
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The first byte says how: bit 0, at once and then it hangs up, so that calls back may block; else so many bytes
 * at a time as bits 2 to 7 say. Bit 1: each line of the rest gets a header; else the rest is the stream as it is.
 */
#include "config.h"
#include "fuzz/fuzz.h"
#include "fuzz/world.h"

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  guint8 mode = fuzz_take_byte (&data, &size);
  World world;

  world_init (&world);
  world_accept (&world);
  world.caller->may_block = world_is_said_at_once (mode);
  world_say (&world, mode, (const char *) data, size);
  world_clear (&world);
  return 0;
}
