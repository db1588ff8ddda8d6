/* tests/test-stream.c: one socket: read chunks, write queue, back-pressure
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "config.h"
#include "rmi/rmi-stream-internal.h"

#include <sys/socket.h>
#include <unistd.h>

#include "rmi/rmi-error.h"
#include "rmi/rmi-writer-internal.h"

/* A stream, and the bare other end of its socket. */
typedef struct _Fixture Fixture;
struct _Fixture
{
  GMainContext *context;
  RmiPoller    *poller;
  RmiLimits     limits;
  RmiStream    *stream;
  int           peer;
  GPtrArray    *frames;       /* texts */
  GPtrArray    *chunks;       /* kept, if keeps_chunks */
  gboolean      keeps_chunks;
  guint         n_heard_out;
  guint         n_closed;
  GError       *error;
  guint         n_drained;
  void        (*on_frame) (Fixture *self, const char *text);
};

static void
frame_cb (RmiStream *stream,
          RmiChunk  *chunk,
          RmiSlice   frame,
          gpointer   user_data)
{
  Fixture *self = user_data;
  char *text = g_strndup (frame.data, frame.length);

  g_assert_true (frame.data >= chunk->data && frame.data + frame.length <= chunk->data + chunk->used);
  g_assert_cmpuint (self->n_closed, ==, 0);
  g_ptr_array_add (self->frames, text);
  if (self->keeps_chunks)
    g_ptr_array_add (self->chunks, rmi_chunk_ref (chunk));
  if (self->on_frame != NULL)
    self->on_frame (self, text);
}

static void
closed_cb (RmiStream    *stream,
           const GError *error,
           gpointer      user_data)
{
  Fixture *self = user_data;

  self->n_closed++;
  self->error = error != NULL ? g_error_copy (error) : NULL;
}

static void
heard_out_cb (RmiStream *stream,
              gpointer   user_data)
{
  ((Fixture *) user_data)->n_heard_out++;
}

static void
drained_cb (RmiStream *stream,
            gpointer   user_data)
{
  ((Fixture *) user_data)->n_drained++;
}

static const RmiStreamEvents events = { frame_cb, closed_cb, heard_out_cb, drained_cb };

static void
set_up (Fixture       *self,
        gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GSocket) socket = NULL;
  int fds[2];

  self->context = g_main_context_new ();
  g_assert_true (g_main_context_acquire (self->context));
  self->poller = rmi_poller_new (self->context, &error);
  g_assert_no_error (error);
  rmi_limits_init_network (&self->limits);
  self->frames = g_ptr_array_new_with_free_func (g_free);
  self->chunks = g_ptr_array_new_with_free_func ((GDestroyNotify) rmi_chunk_unref);

  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), ==, 0);
  socket = g_socket_new_from_fd (fds[0], &error);
  g_assert_no_error (error);
  self->peer = fds[1];
  self->stream = rmi_stream_new (self->poller, socket, &self->limits, &events, self);
}

static void
tear_down (Fixture       *self,
           gconstpointer  data)
{
  g_clear_pointer (&self->stream, rmi_stream_unref);
  if (self->peer >= 0)
    close (self->peer);
  g_clear_error (&self->error);
  g_ptr_array_unref (self->frames);
  g_ptr_array_unref (self->chunks);
  rmi_poller_close (self->poller);
  rmi_poller_unref (self->poller);
  g_main_context_release (self->context);
  g_main_context_unref (self->context);
}

static void
peer_writes (Fixture    *self,
             const char *data,
             gsize       length)
{
  while (length > 0)
    {
      ssize_t n_bytes = send (self->peer, data, length, MSG_DONTWAIT | MSG_NOSIGNAL);

      if (n_bytes > 0)
        {
          data += n_bytes;
          length -= (gsize) n_bytes;
        }
      else
        g_main_context_iteration (self->context, TRUE);
    }
}

static void
peer_says (Fixture    *self,
           const char *text)
{
  peer_writes (self, text, strlen (text));
}

/* Reads until @length bytes or the end came, while the stream runs. */
static GString *
peer_reads (Fixture *self,
            gsize    length)
{
  GString *text = g_string_new (NULL);
  char buffer[65536];

  while (text->len < length)
    {
      ssize_t n_bytes = recv (self->peer, buffer, MIN (sizeof (buffer), length - text->len), MSG_DONTWAIT);

      if (n_bytes > 0)
        g_string_append_len (text, buffer, n_bytes);
      else if (n_bytes == 0)
        break;
      else
        g_main_context_iteration (self->context, FALSE);
    }

  return text;
}

static void
run_until_frames (Fixture *self,
                  guint    n_frames)
{
  while (self->frames->len < n_frames && self->n_closed == 0)
    g_main_context_iteration (self->context, TRUE);
  g_assert_cmpuint (self->frames->len, ==, n_frames);
}

static void
run_until_closed (Fixture *self)
{
  while (self->n_closed == 0)
    g_main_context_iteration (self->context, TRUE);
  while (g_main_context_iteration (self->context, FALSE))
    ;
  g_assert_cmpuint (self->n_closed, ==, 1);
}

static void
run_until_heard_out (Fixture *self)
{
  while (self->n_heard_out == 0)
    g_main_context_iteration (self->context, TRUE);
  while (g_main_context_iteration (self->context, FALSE))
    ;
  g_assert_cmpuint (self->n_heard_out, ==, 1);
  g_assert_cmpuint (self->n_closed, ==, 0);
}

static gboolean
stream_says (Fixture     *self,
             const char  *text,
             gsize        length,
             GError     **error)
{
  g_autoptr(RmiWriter) writer = rmi_writer_new (NULL, NULL);

  rmi_writer_append (writer, text, length);

  return rmi_stream_send (self->stream, writer, error);
}

static const char *
frame_at (Fixture *self,
          guint    index)
{
  return self->frames->pdata[index];
}

static void
test_delivers_in_order (Fixture       *self,
                        gconstpointer  data)
{
  const char *text = "Content-Length: 2\r\n\r\n{}Content-Length: 3\r\n\r\n[1]Content-Length: 3\r\n\r\n[2]";

  peer_says (self, text);
  run_until_frames (self, 3);
  g_assert_cmpstr (frame_at (self, 2), ==, "[2]");

  for (const char *byte = text; *byte != '\0'; byte++)
    {
      peer_writes (self, byte, 1);
      while (g_main_context_iteration (self->context, FALSE))
        ;
    }
  g_assert_cmpuint (self->frames->len, ==, 6);
  g_assert_cmpstr (frame_at (self, 4), ==, "[1]");
}

static void
test_answers_in_the_peers_framing (Fixture       *self,
                                   gconstpointer  data)
{
  g_autoptr(GString) answer = NULL;

  peer_says (self, "{}\n");
  run_until_frames (self, 1);
  g_assert_true (stream_says (self, "[1]", 3, NULL));
  g_assert_true (stream_says (self, "[2]", 3, NULL));
  g_assert_cmpuint (rmi_stream_get_queued (self->stream), ==, 8);
  g_assert_cmpuint (rmi_stream_get_sent (self->stream), ==, 0);
  answer = peer_reads (self, 8);
  g_assert_cmpstr (answer->str, ==, "[1]\n[2]\n");
  g_assert_cmpuint (rmi_stream_get_sent (self->stream), ==, 8);
}

static void
test_big_messages (Fixture       *self,
                   gconstpointer  data)
{
  gboolean lines = data != NULL;
  gsize length = 3000000;
  g_autofree char *body = g_malloc (length + 1);
  g_autofree char *header = g_strdup_printf ("Content-Length: %" G_GSIZE_FORMAT "\r\n\r\n", length);
  g_autoptr(GString) answer = NULL;

  for (gsize i = 0; i < length; i++)
    body[i] = (char) ('a' + i % 23);
  body[0] = '[';
  body[length] = '\0';

  for (guint i = 1; i <= 3; i++)
    {
      self->keeps_chunks = i == 2;
      peer_says (self, lines ? "" : header);
      peer_writes (self, body, length);
      peer_says (self, lines ? "\n[]\n" : "Content-Length: 2\r\n\r\n[]");
      run_until_frames (self, 2 * i);
      g_assert_true (memcmp (frame_at (self, 2 * i - 2), body, length + 1) == 0);
      g_assert_cmpstr (frame_at (self, 2 * i - 1), ==, "[]");
    }

  g_assert_true (stream_says (self, body, length, NULL));
  g_assert_true (rmi_stream_is_congested (self->stream));
  answer = peer_reads (self, length + (lines ? 1 : strlen (header)));
  g_assert_true (memcmp (answer->str + (lines ? 0 : strlen (header)), body, length) == 0);
  while (g_main_context_iteration (self->context, FALSE))
    ;
  g_assert_false (rmi_stream_is_congested (self->stream));
  g_assert_cmpuint (self->n_drained, ==, 1);
}

static void
test_kept_chunks_are_not_touched (Fixture       *self,
                                  gconstpointer  data)
{
  g_autoptr(GHashTable) distinct = g_hash_table_new (NULL, NULL);
  g_autoptr(GString) kept = g_string_new (NULL);
  RmiChunk *first = NULL;

  self->keeps_chunks = TRUE;
  for (guint i = 0; i < 2000; i++)
    {
      g_autofree char *text = g_strdup_printf ("[%u]\n", 10000 + i);

      peer_says (self, text);
      run_until_frames (self, i + 1);
      g_hash_table_add (distinct, self->chunks->pdata[i]);
    }

  first = self->chunks->pdata[0];
  for (guint i = 0; i < 2000; i++)
    g_string_append_printf (kept, "[%u]\n", 10000 + i);
  g_assert_cmpuint (first->used, ==, kept->len);
  g_assert_cmpmem (first->data, first->used, kept->str, kept->len);
  /* Small messages that are kept share a chunk. */
  g_assert_cmpuint (g_hash_table_size (distinct), ==, 1);
}

/* Small ones wait for each other, up to a number of bytes that is worth a send(). */
static void
test_many_leave_before_the_turn_ends (Fixture       *self,
                                      gconstpointer  data)
{
  g_autofree char *body = g_strnfill (1000, 'x');

  for (guint i = 0; i < 4; i++)
    {
      g_assert_cmpuint (rmi_stream_get_sent (self->stream), ==, 0);
      g_assert_true (stream_says (self, body, 1000, NULL));
    }
  g_assert_cmpuint (rmi_stream_get_sent (self->stream), ==, 4 * (strlen ("Content-Length: 1000\r\n\r\n") + 1000));
}

/* Large ones go out at once, but never before what was said earlier. */
static void
test_large_messages_keep_their_place (Fixture       *self,
                                      gconstpointer  data)
{
  g_autoptr(GString) expected = g_string_new (NULL);
  g_autoptr(GString) heard = NULL;
  gboolean lines = data != NULL;

  rmi_stream_set_framing (self->stream, lines ? RMI_FRAMING_LINES : RMI_FRAMING_HEADERS);
  for (guint i = 0; i < 60; i++)
    {
      gsize length = i % 3 == 1 ? 20 + i : 40000 + i * 500;
      g_autofree char *body = g_strnfill (length, (char) ('0' + i));

      if (!lines)
        g_string_append_printf (expected, "Content-Length: %" G_GSIZE_FORMAT "\r\n\r\n", length);
      g_string_append (expected, body);
      if (lines)
        g_string_append_c (expected, '\n');
      g_assert_true (stream_says (self, body, length, NULL));
      g_assert_cmpuint (rmi_stream_get_queued (self->stream), ==, expected->len);
      if (i == 0)
        g_assert_cmpuint (rmi_stream_get_sent (self->stream), ==, expected->len - (lines ? 1 : 0));
    }

  heard = peer_reads (self, expected->len);
  g_assert_cmpmem (heard->str, heard->len, expected->str, expected->len);
  g_assert_cmpuint (rmi_stream_get_sent (self->stream), ==, expected->len);
}

static void
test_large_message_to_a_peer_that_is_gone (Fixture       *self,
                                           gconstpointer  data)
{
  g_autofree char *body = g_strnfill (1000000, 'x');
  g_autoptr(GError) error = NULL;
  gboolean takes_some = data != NULL;

  if (takes_some)
    {
      g_assert_true (stream_says (self, body, 1000000, &error));
      g_assert_cmpuint (rmi_stream_get_sent (self->stream), <, rmi_stream_get_queued (self->stream));
    }
  close (self->peer);
  self->peer = -1;
  if (!takes_some)
    {
      g_assert_false (stream_says (self, body, 1000000, &error));
      g_assert_error (error, RMI_ERROR, RMI_ERROR_DISCONNECTED);
      g_assert_cmpuint (rmi_stream_get_sent (self->stream), ==, 0);
    }
  run_until_closed (self);
  g_assert_false (stream_says (self, body, 1000000, NULL));
}

static void
test_hard_limit_closes (Fixture       *self,
                        gconstpointer  data)
{
  g_autofree char *body = g_strnfill (100000, 'x');
  g_autoptr(GError) error = NULL;
  guint n_sent = 0;

  self->limits.frame_bytes = 100000;
  self->limits.write_soft_bytes = 200000;
  self->limits.write_hard_bytes = 1000000;
  while (stream_says (self, body, 100000, &error))
    n_sent++;
  g_assert_error (error, RMI_ERROR, RMI_ERROR_LIMIT);
  g_assert_cmpuint (n_sent, >=, 9);
  g_assert_cmpuint (n_sent, <, 40);              /* the kernel's buffer holds some */
  g_assert_cmpuint (self->n_closed, ==, 0);
  g_clear_error (&error);
  g_assert_false (stream_says (self, "[]", 2, &error));
  g_assert_error (error, RMI_ERROR, RMI_ERROR_DISCONNECTED);

  run_until_closed (self);
  g_assert_error (self->error, RMI_ERROR, RMI_ERROR_LIMIT);
}

static void
test_end_of_file (Fixture       *self,
                  gconstpointer  data)
{
  peer_says (self, "Content-Length: 2\r\n\r\n{}");
  close (self->peer);
  self->peer = -1;
  run_until_closed (self);
  g_assert_cmpuint (self->frames->len, ==, 1);
  g_assert_no_error (self->error);
}

static void
test_end_inside_a_message (Fixture       *self,
                           gconstpointer  data)
{
  peer_says (self, "Content-Length: 2\r\n\r\n{}Content-Length: 2\r\n\r\n{");
  shutdown (self->peer, SHUT_WR);
  run_until_closed (self);
  g_assert_cmpuint (self->frames->len, ==, 1);
  g_assert_error (self->error, RMI_ERROR, RMI_ERROR_DISCONNECTED);
}

static void
test_end_of_file_ends_a_line (Fixture       *self,
                              gconstpointer  data)
{
  peer_says (self, "{}\n[1]");
  shutdown (self->peer, SHUT_WR);
  run_until_heard_out (self);
  g_assert_cmpuint (self->frames->len, ==, 2);
  g_assert_cmpstr (frame_at (self, 1), ==, "[1]");
}

static void
answer_on_frame (Fixture    *self,
                 const char *text)
{
  g_assert_true (stream_says (self, "[\"answer\"]", 10, NULL));
}

static void
test_broken_framing (Fixture       *self,
                     gconstpointer  data)
{
  g_autoptr(GString) answer = NULL;

  self->on_frame = answer_on_frame;
  peer_says (self, "Content-Length: 2\r\n\r\n{}GET / HTTP/1.1\r\n\r\nand more");
  run_until_closed (self);
  g_assert_error (self->error, RMI_ERROR, RMI_ERROR_PROTOCOL);
  g_assert_cmpuint (self->frames->len, ==, 1);
  answer = peer_reads (self, G_MAXSIZE);
  g_assert_cmpstr (answer->str, ==, "Content-Length: 10\r\n\r\n[\"answer\"]");
}

static void
test_half_closed_peer_gets_answers (Fixture       *self,
                                    gconstpointer  data)
{
  g_autoptr(GString) answer = NULL;

  self->on_frame = answer_on_frame;
  peer_says (self, "{}");
  shutdown (self->peer, SHUT_WR);
  run_until_heard_out (self);
  g_assert_true (stream_says (self, "[\"later\"]", 9, NULL));
  rmi_stream_close (self->stream, FALSE);
  answer = peer_reads (self, G_MAXSIZE);
  g_assert_cmpstr (answer->str, ==, "[\"answer\"]\n[\"later\"]\n");
}

static void
test_half_closed_peer_goes (Fixture       *self,
                            gconstpointer  data)
{
  peer_says (self, "{}\n");
  shutdown (self->peer, SHUT_WR);
  run_until_heard_out (self);
  close (self->peer);
  self->peer = -1;
  run_until_closed (self);
  g_assert_no_error (self->error);
  g_assert_cmpuint (self->n_heard_out, ==, 1);
}

static void
test_half_closed_peer_with_headers (Fixture       *self,
                                    gconstpointer  data)
{
  g_autoptr(GString) answer = NULL;

  self->on_frame = answer_on_frame;
  peer_says (self, "Content-Length: 2\r\n\r\n{}");
  shutdown (self->peer, SHUT_WR);
  run_until_closed (self);
  g_assert_cmpuint (self->n_heard_out, ==, 0);
  answer = peer_reads (self, G_MAXSIZE);
  g_assert_cmpstr (answer->str, ==, "Content-Length: 10\r\n\r\n[\"answer\"]");
}

static void
test_last_words_after_broken_pipe (Fixture       *self,
                                   gconstpointer  data)
{
  /* It said something, then hung up; we notice by sending. */
  peer_says (self, "{}\n[1]\n");
  close (self->peer);
  self->peer = -1;
  g_assert_true (stream_says (self, "[]", 2, NULL));
  rmi_poller_flush (self->poller);
  g_assert_false (stream_says (self, "[]", 2, NULL));
  g_assert_cmpuint (self->frames->len + self->n_closed, ==, 0);
  run_until_closed (self);
  g_assert_cmpuint (self->frames->len, ==, 2);
  g_assert_no_error (self->error);
}

static void
close_on_frame (Fixture    *self,
                const char *text)
{
  rmi_stream_close (self->stream, TRUE);
  g_clear_pointer (&self->stream, rmi_stream_unref);
}

static void
test_close_inside_of_a_frame (Fixture       *self,
                              gconstpointer  data)
{
  self->on_frame = close_on_frame;
  peer_says (self, "{}\n[1]\n");
  run_until_frames (self, 1);
  while (g_main_context_iteration (self->context, FALSE))
    ;
  g_assert_cmpuint (self->frames->len, ==, 1);
  g_assert_cmpuint (self->n_closed, ==, 0);
}

static gboolean
has_next_frame (gpointer data)
{
  Fixture *self = data;
  const char *last = self->frames->pdata[self->frames->len - 1];

  return !g_str_equal (last, "{}");
}

static void
wait_on_frame (Fixture    *self,
               const char *text)
{
  if (!g_str_equal (text, "{}"))
    return;

  g_assert_true (rmi_poller_wait (self->poller, has_next_frame, self, -1, NULL, self));
  g_assert_cmpstr (text, ==, "{}");
}

static gpointer
write_later_thread (gpointer data)
{
  Fixture *self = data;

  g_assert_cmpint (write (self->peer, "{}\n[4", 5), ==, 5);
  g_assert_cmpint (write (self->peer, "]\n", 2), ==, 2);

  return NULL;
}

static void
test_wait_inside_of_a_frame (Fixture       *self,
                             gconstpointer  data)
{
  GThread *thread = NULL;

  self->on_frame = wait_on_frame;
  peer_says (self, "{}\n[1]\n{}\n[2]\n[3]\n");         /* received together */
  run_until_frames (self, 5);

  thread = g_thread_new ("peer", write_later_thread, self);
  run_until_frames (self, 7);
  g_thread_join (thread);
  for (guint i = 0; i < 7; i++)
    g_assert_cmpstr (frame_at (self, i), ==, ((const char *[]) { "{}", "[1]", "{}", "[2]", "[3]", "{}", "[4]" })[i]);
}

static gboolean
is_closed (gpointer data)
{
  return ((Fixture *) data)->n_closed > 0;
}

static void
wait_for_end_on_frame (Fixture    *self,
                       const char *text)
{
  if (self->frames->len == 1)
    g_assert_true (rmi_poller_wait (self->poller, is_closed, self, -1, NULL, self));
}

static void
test_end_arrives_in_a_wait (Fixture       *self,
                            gconstpointer  data)
{
  self->on_frame = wait_for_end_on_frame;
  peer_says (self, "{}\n[1]\n[2]");
  close (self->peer);
  self->peer = -1;
  run_until_closed (self);
  g_assert_cmpuint (self->frames->len, ==, 3);
  g_assert_no_error (self->error);
}

static void
test_close_sends_the_rest (Fixture       *self,
                           gconstpointer  data)
{
  gsize length = 2000000;
  g_autofree char *body = g_strnfill (length, 'x');
  g_autoptr(GString) text = NULL;

  peer_says (self, "{}\n{}\n");                  /* which nobody reads */
  g_assert_true (stream_says (self, body, length, NULL));
  rmi_stream_close (self->stream, FALSE);
  g_clear_pointer (&self->stream, rmi_stream_unref);
  text = peer_reads (self, G_MAXSIZE);
  g_assert_cmpuint (text->len, ==, length + strlen ("Content-Length: 2000000\r\n\r\n"));
  g_assert_cmpuint (self->frames->len + self->n_closed, ==, 0);
}

static void
test_lingering_ends_with_the_poller (Fixture       *self,
                                     gconstpointer  data)
{
  gsize length = 2000000;
  g_autofree char *body = g_strnfill (length, 'x');

  g_assert_true (stream_says (self, body, length, NULL));
  rmi_stream_close (self->stream, FALSE);
  g_clear_pointer (&self->stream, rmi_stream_unref);
  rmi_poller_close (self->poller);               /* LeakSanitizer and tear_down() see the rest */
}

static void
test_open_frame_must_advance (Fixture       *self,
                              gconstpointer  data)
{
  self->limits.open_frame_s = 0;
  peer_says (self, "Content-Length: 200\r\n\r\n{");
  run_until_closed (self);
  g_assert_error (self->error, RMI_ERROR, RMI_ERROR_LIMIT);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, func, data) g_test_add ("/rmi/stream/" name, Fixture, data, set_up, func, tear_down)
  ADD ("delivers-in-order", test_delivers_in_order, NULL);
  ADD ("answers-in-the-peers-framing", test_answers_in_the_peers_framing, NULL);
  ADD ("big-messages", test_big_messages, NULL);
  ADD ("big-lines", test_big_messages, "lines");
  ADD ("kept-chunks-are-not-touched", test_kept_chunks_are_not_touched, NULL);
  ADD ("many-small-ones-leave-before-the-turn-ends", test_many_leave_before_the_turn_ends, NULL);
  ADD ("large-messages-keep-their-place", test_large_messages_keep_their_place, NULL);
  ADD ("large-lines-keep-their-place", test_large_messages_keep_their_place, "lines");
  ADD ("large-message-to-a-peer-that-is-gone", test_large_message_to_a_peer_that_is_gone, NULL);
  ADD ("large-message-to-a-peer-that-goes", test_large_message_to_a_peer_that_is_gone, "takes some");
  ADD ("hard-limit-closes", test_hard_limit_closes, NULL);
  ADD ("end-of-file", test_end_of_file, NULL);
  ADD ("end-inside-a-message", test_end_inside_a_message, NULL);
  ADD ("end-of-file-ends-a-line", test_end_of_file_ends_a_line, NULL);
  ADD ("broken-framing-closes-after-the-answers", test_broken_framing, NULL);
  ADD ("half-closed-peer-gets-answers", test_half_closed_peer_gets_answers, NULL);
  ADD ("half-closed-peer-goes", test_half_closed_peer_goes, NULL);
  ADD ("half-closed-peer-with-headers-is-gone", test_half_closed_peer_with_headers, NULL);
  ADD ("last-words-are-heard-after-a-broken-pipe", test_last_words_after_broken_pipe, NULL);
  ADD ("close-inside-of-a-frame", test_close_inside_of_a_frame, NULL);
  ADD ("wait-inside-of-a-frame-gets-the-next", test_wait_inside_of_a_frame, NULL);
  ADD ("end-arrives-in-a-wait", test_end_arrives_in_a_wait, NULL);
  ADD ("close-sends-the-rest", test_close_sends_the_rest, NULL);
  ADD ("lingering-ends-with-the-poller", test_lingering_ends_with_the_poller, NULL);
  ADD ("open-frame-must-advance", test_open_frame_must_advance, NULL);
#undef ADD

  return g_test_run ();
}
