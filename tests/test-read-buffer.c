/* tests/test-read-buffer.c: frames in chunks, and the memory that they leave for the next
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "config.h"
#include "rmi/rmi-read-buffer-private.h"

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#include "rmi/rmi-runtime-internal.h"
#include "rmi/rmi-writer-internal.h"
#include "tests/fake-doors.h"

typedef struct
{
  GMainContext *context;
  RmiPoller    *poller;
  RmiLimits     limits;
  RmiReadBuffer buffer;
  int           fd;
  int           peer;
} Fixture;

static void
set_up (Fixture       *self,
        gconstpointer  data)
{
  int fds[2];

  self->context = g_main_context_new ();
  g_assert_true (g_main_context_acquire (self->context));
  self->poller = rmi_poller_new (self->context, NULL);
  rmi_limits_init_network (&self->limits);
  rmi_read_buffer_init (&self->buffer);
  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, fds), ==, 0);
  self->fd = fds[0];
  self->peer = fds[1];
}

static void
tear_down (Fixture       *self,
           gconstpointer  data)
{
  rmi_read_buffer_drop (&self->buffer, self->poller);
  rmi_poller_close (self->poller);
  rmi_poller_unref (self->poller);
  close (self->fd);
  close (self->peer);
  g_main_context_release (self->context);
  g_main_context_unref (self->context);
}

static RmiSlice
next_frame (Fixture *self)
{
  RmiSlice frame = RMI_SLICE_INIT;
  g_autoptr(GError) error = NULL;

  rmi_read_buffer_next_frame (&self->buffer, &self->limits, FALSE, &frame, &error);
  g_assert_no_error (error);
  return frame;
}

/* All that the peer says, which ends with a frame; that is the result. */
static RmiSlice
receive (Fixture    *self,
         const char *text,
         gsize       length)
{
  RmiSlice frame = RMI_SLICE_INIT;

  while (frame.data == NULL)
    {
      ssize_t n_bytes = send (self->peer, text, length, MSG_NOSIGNAL);

      g_assert_true (n_bytes >= 0 || errno == EAGAIN);
      text += MAX (n_bytes, 0);
      length -= MAX (n_bytes, 0);
      if (rmi_read_buffer_receive (&self->buffer, self->poller, self->fd) > 0)
        frame = next_frame (self);
    }
  g_assert_cmpuint (length, ==, 0);
  return frame;
}

/* "Content-Length: …", then numbers, a few digits each. */
static GString *
make_message (gsize length)
{
  GString *text = g_string_sized_new (length + 64);
  gsize header_length;

  g_string_printf (text, "Content-Length: %" G_GSIZE_FORMAT "\r\n\r\n", length);
  header_length = text->len;
  g_string_append_c (text, '[');
  for (guint i = 0; text->len < header_length + length; i++)
    g_string_append_printf (text, "%u.%u,", i, i % 7);
  g_string_truncate (text, header_length + length - 2);
  g_string_append (text, "1]");
  return text;
}

static void
assert_received (Fixture       *self,
                 const GString *message)
{
  RmiSlice frame = receive (self, message->str, message->len);

  g_assert_cmpmem (frame.data, frame.length, message->str + message->len - frame.length, frame.length);
  g_assert_cmpstr (strstr (message->str, "\r\n\r\n") + 4, ==, message->str + message->len - frame.length);
}

/* Wherever a number is cut, in front of and behind what a chunk takes. */
static void
test_frames_cut_at_the_end_of_a_chunk (Fixture       *self,
                                       gconstpointer  data)
{
  gboolean keeps_memory = data != NULL;

  for (gsize length = RMI_CHUNK_BYTES - 40; length < RMI_CHUNK_BYTES + 20; length++)
    {
      g_autoptr(GString) message = make_message (length);
      g_autoptr(GString) small = make_message (100);

      for (guint i = 0; i < 2; i++)
        {
          assert_received (self, small);
          assert_received (self, message);
          if (keeps_memory)
            rmi_read_buffer_drop (&self->buffer, self->poller);
          else
            g_clear_pointer (&self->buffer.chunk, rmi_chunk_unref);
        }
    }
}

/* The second of two that are received together. */
static void
test_growing_keeps_what_is_held (Fixture       *self,
                                 gconstpointer  data)
{
  g_autoptr(GString) first = make_message (1000);
  g_autoptr(GString) both = g_string_new_len (first->str, first->len);
  g_autoptr(GString) second = make_message (500000);
  g_autoptr(RmiChunk) held = NULL;
  RmiSlice frame;

  g_string_append_len (both, second->str, 10000);
  frame = receive (self, both->str, both->len);
  g_assert_cmpuint (frame.length, ==, 1000);
  held = rmi_chunk_ref (self->buffer.chunk);
  g_assert_null (next_frame (self).data);

  g_string_erase (second, 0, 10000);
  frame = receive (self, second->str, second->len);
  g_assert_cmpuint (frame.length, ==, 500000);
  g_assert_cmpmem (frame.data + frame.length - second->len, second->len, second->str, second->len);
  g_assert_true (self->buffer.chunk != held);
  g_assert_cmpmem (held->data, both->len, both->str, both->len);
}

/* What was promised and does not come takes no memory. */
static void
test_grows_by_what_arrived (Fixture       *self,
                            gconstpointer  data)
{
  g_autofree char *start = g_strdup_printf ("Content-Length: %" G_GSIZE_FORMAT "\r\n\r\n[1,2", self->limits.frame_bytes);
  gsize n_received = strlen (start);

  g_assert_cmpint (send (self->peer, start, n_received, 0), ==, n_received);
  g_assert_cmpint (rmi_read_buffer_receive (&self->buffer, self->poller, self->fd), ==, n_received);
  g_assert_null (next_frame (self).data);
  g_assert_cmpuint (self->buffer.chunk->size, ==, RMI_CHUNK_BYTES);
  while (n_received < 1000000)
    {
      char some[4096];
      ssize_t n_bytes;

      memset (some, ' ', sizeof some);
      send (self->peer, some, sizeof some, MSG_NOSIGNAL);
      n_bytes = rmi_read_buffer_receive (&self->buffer, self->poller, self->fd);
      n_received += MAX (n_bytes, 0);
      g_assert_null (next_frame (self).data);
      g_assert_cmpuint (self->buffer.chunk->size, <=, MAX (RMI_CHUNK_BYTES, 2 * n_received));
    }
}

/* The memory of a large frame serves the next one, and is let go when none comes. */
static void
test_large_chunk_waits_for_a_moment (Fixture       *self,
                                     gconstpointer  data)
{
  g_autoptr(GString) message = make_message (200000);
  RmiChunk *chunk = NULL;

  assert_received (self, message);
  chunk = self->buffer.chunk;
  g_assert_cmpuint (chunk->size, >=, 200000);
  for (guint i = 0; i < 3; i++)
    {
      rmi_read_buffer_drop (&self->buffer, self->poller);
      g_assert_null (self->buffer.chunk);
      assert_received (self, message);
      g_assert_true (self->buffer.chunk == chunk);
    }

  rmi_read_buffer_drop (&self->buffer, self->poller);
  while ((chunk = rmi_poller_take_spare (self->poller)) != NULL)
    {
      rmi_poller_give_spare (self->poller, chunk);
      g_main_context_iteration (self->context, TRUE);
    }
}

static void
test_huge_chunk_is_not_kept (Fixture       *self,
                             gconstpointer  data)
{
  rmi_poller_give_spare (self->poller, rmi_chunk_new (RMI_POLLER_SPARE_BYTES + 1));
  g_assert_null (rmi_poller_take_spare (self->poller));
}

static void
test_large_writers_wait_for_a_moment (Fixture       *self,
                                      gconstpointer  data)
{
  FakeExporter *exporter = fake_exporter_new ();
  FakeImporter *importer = fake_importer_new ();
  RmiRuntime *runtime = rmi_runtime_new (self->poller, RMI_EXPORTER (exporter), RMI_IMPORTER (importer));
  g_autofree char *text = g_strnfill (200000, 'x');
  RmiWriter *writer = rmi_runtime_take_writer (runtime, NULL, NULL);

  rmi_writer_append (writer, text, 200000);
  rmi_runtime_give_writer (runtime, writer);
  g_assert_true (rmi_runtime_take_writer (runtime, NULL, NULL) == writer);
  g_assert_true (rmi_writer_is_large (writer));
  rmi_runtime_give_writer (runtime, writer);
  while (runtime->n_spare_writers > 0)
    g_main_context_iteration (self->context, TRUE);

  writer = rmi_runtime_take_writer (runtime, NULL, NULL);
  g_assert_false (rmi_writer_is_large (writer));
  rmi_writer_append (writer, text, 200000);
  rmi_runtime_give_writer (runtime, writer);       /* and the runtime ends first */
  rmi_runtime_unref (runtime);
  g_assert_finalize_object (exporter);
  g_assert_finalize_object (importer);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, func, data) g_test_add ("/rmi/read-buffer/" name, Fixture, data, set_up, func, tear_down)
  ADD ("frames-cut-at-the-end-of-a-chunk", test_frames_cut_at_the_end_of_a_chunk, NULL);
  ADD ("frames-in-memory-of-frames-before", test_frames_cut_at_the_end_of_a_chunk, "keeps memory");
  ADD ("growing-keeps-what-is-held", test_growing_keeps_what_is_held, NULL);
  ADD ("grows-by-what-arrived", test_grows_by_what_arrived, NULL);
  ADD ("large-chunk-waits-for-a-moment", test_large_chunk_waits_for_a_moment, NULL);
  ADD ("huge-chunk-is-not-kept", test_huge_chunk_is_not_kept, NULL);
  ADD ("large-writers-wait-for-a-moment", test_large_writers_wait_for_a_moment, NULL);
#undef ADD

  return g_test_run ();
}
