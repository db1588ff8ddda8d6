/* fuzz/fuzz-server.c: a peer that dialled says anything to a program with objects
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The first byte says how: bit 0, at once and then it hangs up, so that calls back may block; else so many bytes
 * at a time as bits 2 to 7 say. Bit 1: each line of the rest gets a header; else the rest is the stream as it is. Where it has
 * a record separator, the peer hangs up and dials again.
 */
#include "config.h"
#include "fuzz/fuzz.h"
#include "fuzz/world.h"

#include <string.h>

#define STREAM_END 0x1e
#define MOST_STREAMS 4

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  guint8 mode = fuzz_take_byte (&data, &size);
  const guint8 *end;
  World world;

  world_init (&world);
  world_accept (&world);
  world.caller->may_block = world_is_said_at_once (mode);
  for (guint i = 1; i < MOST_STREAMS && (end = memchr (data, STREAM_END, size)) != NULL; i++)
    {
      world_say (&world, mode, (const char *) data, (gsize) (end - data));
      world_accept_again (&world);
      size -= (gsize) (end + 1 - data);
      data = end + 1;
    }
  world_say (&world, mode, (const char *) data, size);
  world_clear (&world);
  return 0;
}
