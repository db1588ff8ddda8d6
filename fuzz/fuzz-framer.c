/* fuzz/fuzz-framer.c: a stream has the same messages, however it arrives
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The first byte: how many bytes arrive at a time. The rest: the stream.
 */
#include "config.h"
#include "fuzz/fuzz.h"

#include <string.h>

#include "rmi/rmi-error.h"
#include "rmi/rmi-framer-internal.h"

#define FRAME_BYTES 64        /* small, so that inputs reach it */

typedef struct
{
  GString *frames;            /* each with its length in front */
  int      code;              /* of the error that ended it; -1: none */
} Outcome;

static void
note_frame (Outcome  *outcome,
            RmiSlice  frame)
{
  g_assert_cmpuint (frame.length, >, 0);
  g_assert_cmpuint (frame.length, <=, FRAME_BYTES);
  g_string_append_printf (outcome->frames, "%" G_GSIZE_FORMAT ":", frame.length);
  g_string_append_len (outcome->frames, frame.data, (gssize) frame.length);
}

/* Takes all frames of what has arrived: @arrived bytes, the first *@start of which are dropped. */
static gboolean
take_frames (RmiFramer       *framer,
             const RmiLimits *limits,
             const char      *data,
             gsize            arrived,
             gsize           *start,
             Outcome         *outcome)
{
  for (;;)
    {
      /* A copy without room around it: nothing but what arrived may be looked at. */
      g_autofree char *rest = g_memdup2 (data + *start, arrived - *start);
      g_autoptr(GError) error = NULL;
      RmiSlice frame = RMI_SLICE_INIT;
      gsize consumed = 0, wanted = 0;
      RmiFramerStatus status = rmi_framer_next (framer, rest, arrived - *start, limits, &frame, &consumed, &wanted, &error);

      g_assert_cmpuint (consumed, <=, arrived - *start);
      *start += consumed;
      if (status == RMI_FRAMER_ERROR)
        {
          g_assert_true (error->domain == RMI_ERROR);
          g_assert_true (error->code == RMI_ERROR_PROTOCOL || error->code == RMI_ERROR_LIMIT);
          outcome->code = error->code;
          return FALSE;
        }
      g_assert_no_error (error);
      if (status == RMI_FRAMER_MORE)
        {
          g_assert_cmpuint (wanted, >, arrived - *start);
          return TRUE;
        }
      g_assert_cmpuint (consumed, >=, frame.length);
      g_assert_true (frame.data >= rest && frame.data + frame.length <= rest + consumed);
      note_frame (outcome, frame);
    }
}

static Outcome
receive (const char *data,
         gsize       size,
         gsize       step)
{
  Outcome outcome = { g_string_new (NULL), -1 };
  RmiFramer framer;
  RmiLimits limits;
  RmiSlice frame = RMI_SLICE_INIT;
  gsize arrived = 0, start = 0;

  rmi_limits_init_network (&limits);
  limits.frame_bytes = FRAME_BYTES;
  rmi_framer_init (&framer);
  while (arrived < size)
    {
      arrived += MIN (step, size - arrived);
      if (!take_frames (&framer, &limits, data, arrived, &start, &outcome))
        return outcome;
    }
  if (rmi_framer_finish (&framer, data + start, size - start, &frame))
    note_frame (&outcome, frame);
  return outcome;
}

/* Whatever we frame ourselves comes out again. */
static void
check_own_frame (const char *data,
                 gsize       size)
{
  g_autoptr(GString) stream = g_string_new (NULL);
  g_autoptr(GString) expected = g_string_new (NULL);
  char header[40];
  gsize length = CLAMP (size, 1, FRAME_BYTES);
  Outcome outcome;

  if (size == 0)
    return;

  g_string_append_len (stream, header, (gssize) rmi_framer_header (header, length));
  g_string_append_len (stream, data, (gssize) length);
  g_string_append_printf (expected, "%" G_GSIZE_FORMAT ":", length);
  g_string_append_len (expected, data, (gssize) length);
  outcome = receive (stream->str, stream->len, 7);
  g_assert_cmpint (outcome.code, ==, -1);
  g_assert_true (g_string_equal (outcome.frames, expected));
  g_string_free (outcome.frames, TRUE);
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  gsize step = 1 + fuzz_take_byte (&data, &size) % 16;
  Outcome whole = receive ((const char *) data, size, MAX (size, 1));
  Outcome chopped = receive ((const char *) data, size, step);

  g_assert_true (g_string_equal (whole.frames, chopped.frames));
  g_assert_cmpint (whole.code, ==, chopped.code);
  g_string_free (whole.frames, TRUE);
  g_string_free (chopped.frames, TRUE);
  check_own_frame ((const char *) data, size);
  return 0;
}
