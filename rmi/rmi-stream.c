/* rmi/rmi-stream.c: one socket: read chunks, write queue, back-pressure
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A callback may wait, and so come back in here for the frames that follow its own; it may close the
 * stream, or let it go. So where we are lies in the struct and is read again after each callback. What
 * must not happen inside of a caller (closed, drained) happens when
 * the service timer, due at once, expires.
 *
 * recv() and send() are called directly: a GSocket's own functions cost locks, allocations and a second
 * call to learn that there is nothing more. Level-triggered polling tells us that.
 */
#include "config.h"
#include "rmi/rmi-stream-internal.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include "rmi/rmi-error.h"
#include "rmi/rmi-read-buffer-private.h"
#include "rmi/rmi-write-queue-private.h"
#include "rmi/rmi-writer-internal.h"

#define LARGE_BYTES (32 * 1024)       /* costs more to copy than to send at once */
#define BATCH_BYTES 4096              /* worth a send() of their own: the peer begins with them while we go on */

typedef enum
{
  STREAM_OPEN,
  STREAM_FAILED,              /* closed() is due */
  STREAM_LINGERING,           /* closed by us, but the queue is not out; holds itself */
  STREAM_CLOSED,
} StreamState;

struct _RmiStream
{
  guint                  ref_count;
  StreamState            state;
  RmiPoller             *poller;
  GSocket               *socket;
  int                    fd;
  const RmiLimits       *limits;
  const RmiStreamEvents *events;
  gpointer               user_data;
  RmiWatch               watch;
  RmiTimer               service;
  RmiTimer               patience;    /* an open frame's, a lingering queue's */
  RmiFlush               flush;

  RmiReadBuffer          input;
  guint64                n_received_before;   /* when patience was last started */
  gint64                 arrival_us;
  guint64                n_frames;
  GError                *end_error;   /* what closed() will be told */
  gboolean               is_at_end;   /* nothing more comes */
  gboolean               is_heard_out;   /* … but it may be listening */

  RmiWriteQueue          queue;
  guint64                n_sent;
  gboolean               is_blocked;  /* the socket took less than it was given */
  gboolean               is_broken;   /* the socket takes nothing any more; end_error says why */
  gboolean               is_congested;
  gboolean               is_drained_due;
};

static void
rmi_stream_wake (RmiStream *self)
{
  if (self->service.position == 0)
    rmi_poller_start_timer (self->poller, &self->service, 0);
}

/* Makes the poller look for what we are ready for. For nothing at all it is asked only to learn of a hang-up, which it
 * would report again and again. */
static void
rmi_stream_update_watch (RmiStream *self)
{
  gboolean is_open = self->state == STREAM_OPEN;
  guint32 events = (is_open && !self->is_at_end ? EPOLLIN : 0) |
                   ((is_open || self->state == STREAM_LINGERING) && self->is_blocked ? EPOLLOUT : 0);

  if (events == 0 && !(is_open && self->is_heard_out))
    rmi_poller_remove_watch (&self->watch);
  else if (self->watch.poller != NULL)
    rmi_poller_modify_watch (&self->watch, events);
  else if (!rmi_poller_add_watch (self->poller, &self->watch, self->fd, events,
                                  self->end_error == NULL ? &self->end_error : NULL) && is_open)
    {
      self->state = STREAM_FAILED;
      rmi_stream_wake (self);
    }
}

static void
rmi_stream_start_patience (RmiStream *self)
{
  self->n_received_before = self->input.n_received;
  rmi_poller_start_timer (self->poller, &self->patience,
                          g_get_monotonic_time () +
                          (gint64) self->limits->open_frame_s * G_TIME_SPAN_SECOND);
}

/* Lets go of everything but memory. */
static void
rmi_stream_shut (RmiStream *self)
{
  self->state = STREAM_CLOSED;
  rmi_poller_remove_watch (&self->watch);
  rmi_poller_stop_timer (self->poller, &self->service);
  rmi_poller_stop_timer (self->poller, &self->patience);
  rmi_poller_cancel_flush (self->poller, &self->flush);
  rmi_write_queue_clear (&self->queue);
  rmi_read_buffer_drop (&self->input, self->poller);
  g_socket_close (self->socket, NULL);
}

/* Shuts so that the peer gets what the kernel took, and then the end. */
static void
rmi_stream_hang_up (RmiStream *self)
{
  char discarded[4096];

  /* Bytes that nobody read would turn the end into a reset, which overtakes what we sent. */
  for (int i = 0; i < 16 && recv (self->fd, discarded, sizeof (discarded), MSG_DONTWAIT) > 0; i++)
    ;
  g_socket_shutdown (self->socket, FALSE, TRUE, NULL);
  rmi_stream_shut (self);
}

/* The end: nothing more is delivered or sent, closed() is due. Takes @error; the first one counts. */
static void
rmi_stream_fail (RmiStream *self,
                 GError    *error)
{
  if (self->end_error == NULL)
    self->end_error = error;
  else
    g_clear_error (&error);

  /* Answers to what came before still go out, if the socket takes them. */
  if (rmi_write_queue_get_length (&self->queue) > 0 && !self->is_blocked && !self->is_broken)
    send (self->fd, rmi_write_queue_peek (&self->queue).data,
          rmi_write_queue_get_length (&self->queue), MSG_NOSIGNAL);

  self->state = STREAM_FAILED;
  self->is_blocked = FALSE;
  rmi_write_queue_clear (&self->queue);
  rmi_poller_cancel_flush (self->poller, &self->flush);
  rmi_poller_stop_timer (self->poller, &self->patience);
  rmi_stream_update_watch (self);
  rmi_stream_wake (self);
}

static void
rmi_stream_tell_closed (RmiStream *self)
{
  g_autoptr(GError) error = g_steal_pointer (&self->end_error);

  rmi_stream_hang_up (self);
  self->events->closed (self, error, self->user_data);
}

/* ---- reading ---- */

/* One recv(). FALSE if it brought nothing and there is more to come. */
static gboolean
rmi_stream_receive (RmiStream *self)
{
  ssize_t n_bytes = rmi_read_buffer_receive (&self->input, self->poller, self->fd);

  if (n_bytes > 0)
    {
      self->arrival_us = g_get_monotonic_time ();
      return TRUE;
    }
  if (n_bytes < 0 && (errno == EAGAIN || errno == EWOULDBLOCK) && !self->is_broken)
    return FALSE;

  if (n_bytes < 0 && self->end_error == NULL)
    {
      int saved_errno = errno;

      g_set_error (&self->end_error, G_IO_ERROR, g_io_error_from_errno (saved_errno),
                   "Cannot receive: %s", g_strerror (saved_errno));
    }
  else if (n_bytes == 0 && self->is_broken)
    g_clear_error (&self->end_error);            /* it hung up, which is why it took nothing */

  self->is_at_end = TRUE;
  rmi_stream_update_watch (self);

  return TRUE;
}

/* FALSE if there is no complete frame. Fails the stream if there never will be. */
static gboolean
rmi_stream_next_frame (RmiStream *self,
                       RmiSlice  *frame)
{
  GError *error = NULL;
  RmiFramerStatus status = rmi_read_buffer_next_frame (&self->input, self->limits, self->is_at_end,
                                                       frame, &error);

  if (status == RMI_FRAMER_ERROR)
    rmi_stream_fail (self, error);

  return status == RMI_FRAMER_FRAME;
}

/* `printf … | nc -N` ends what it says and waits for the answers. With headers the end is the end: a program that is gone
 * looks the same, and what it asked for must be cancelled. */
static gboolean
rmi_stream_may_be_listened_to (RmiStream *self)
{
  return self->input.framer.framing == RMI_FRAMING_LINES && rmi_read_buffer_is_empty (&self->input)
         && self->end_error == NULL && !self->is_broken;
}

static void
rmi_stream_hear_out (RmiStream *self)
{
  if (self->is_heard_out)
    return;

  self->is_heard_out = TRUE;
  rmi_read_buffer_drop (&self->input, self->poller);
  rmi_poller_stop_timer (self->poller, &self->patience);
  rmi_stream_update_watch (self);
  self->events->heard_out (self, self->user_data);
}

/* After delivery: what is left is part of a frame at most. */
static void
rmi_stream_settle (RmiStream *self,
                   gboolean   had_frame)
{
  gboolean is_partial = !rmi_read_buffer_is_empty (&self->input);

  if (self->is_at_end && rmi_stream_may_be_listened_to (self))
    rmi_stream_hear_out (self);
  else if (self->is_at_end)
    rmi_stream_fail (self, !is_partial || self->end_error != NULL ? NULL :
                     g_error_new_literal (RMI_ERROR, RMI_ERROR_DISCONNECTED,
                                          "The connection ended inside a message"));
  else if (!is_partial)
    {
      rmi_read_buffer_drop (&self->input, self->poller);
      rmi_poller_stop_timer (self->poller, &self->patience);
    }
  else if (had_frame || self->patience.position == 0)
    rmi_stream_start_patience (self);
}

/* Delivers all complete frames of the chunk. */
static void
rmi_stream_deliver (RmiStream *self)
{
  guint64 n_frames_before = self->n_frames;
  RmiSlice frame = RMI_SLICE_INIT;

  while (self->state == STREAM_OPEN && rmi_stream_next_frame (self, &frame))
    {
      g_autoptr(RmiChunk) chunk = rmi_chunk_ref (self->input.chunk);

      self->n_frames++;
      /* A wait inside of the callback finds what follows by this. */
      if (!rmi_read_buffer_is_empty (&self->input) || self->is_at_end)
        rmi_stream_wake (self);
      self->events->frame (self, chunk, frame, self->user_data);
    }

  if (self->state != STREAM_OPEN)
    return;

  if (!self->is_broken)
    rmi_poller_stop_timer (self->poller, &self->service);
  if (self->is_drained_due)
    rmi_stream_wake (self);
  rmi_stream_settle (self, self->n_frames != n_frames_before);
}

static void
rmi_stream_read (RmiStream *self)
{
  if (!rmi_stream_receive (self))
    return;

  rmi_stream_deliver (self);
  if (self->is_broken && self->state == STREAM_OPEN)
    rmi_stream_wake (self);
}

/* ---- writing ---- */

/* The socket takes nothing any more. What it still has for us is read first. */
static void
rmi_stream_break (RmiStream *self,
                  int        saved_errno)
{
  self->is_broken = TRUE;
  self->is_blocked = FALSE;
  rmi_write_queue_clear (&self->queue);
  if (self->end_error == NULL)
    g_set_error (&self->end_error, G_IO_ERROR, g_io_error_from_errno (saved_errno),
                 "Cannot send: %s", g_strerror (saved_errno));
  rmi_stream_wake (self);
}

/* One send(), with nothing queued before @bytes. Returns how many of them the socket took. */
static gsize
rmi_stream_push (RmiStream *self,
                 RmiSlice   bytes)
{
  ssize_t n_bytes = 0;
  gsize n_taken = 0;

  do
    n_bytes = send (self->fd, bytes.data, bytes.length, MSG_NOSIGNAL);
  while (n_bytes < 0 && errno == EINTR);

  if (n_bytes < 0 && errno != EAGAIN && errno != EWOULDBLOCK)
    rmi_stream_break (self, errno);
  else
    {
      n_taken = (gsize) MAX (n_bytes, 0);
      self->n_sent += n_taken;
      self->is_blocked = n_taken < bytes.length;
    }
  rmi_stream_update_watch (self);

  return n_taken;
}

/* One send() of all that is queued. */
static void
rmi_stream_write (RmiStream *self)
{
  RmiSlice bytes = rmi_write_queue_peek (&self->queue);

  if (bytes.length == 0 || self->is_blocked)
    return;

  rmi_write_queue_consume (&self->queue, rmi_stream_push (self, bytes));
  if (self->is_congested &&
      rmi_write_queue_get_length (&self->queue) < self->limits->write_soft_bytes / 2)
    {
      self->is_congested = FALSE;
      self->is_drained_due = TRUE;
      rmi_stream_wake (self);
    }
}

static void
rmi_stream_linger (RmiStream *self)
{
  rmi_stream_write (self);
  if (rmi_write_queue_get_length (&self->queue) > 0)
    return;

  rmi_stream_hang_up (self);
  rmi_stream_unref (self);
}

/* ---- called by the poller ---- */

static void
stream_ready (RmiWatch *watch,
              guint32   events)
{
  g_autoptr(RmiStream) self =
    rmi_stream_ref ((RmiStream *) ((char *) watch - G_STRUCT_OFFSET (RmiStream, watch)));

  if (self->is_blocked && (events & (EPOLLOUT | EPOLLERR | EPOLLHUP)) != 0)
    {
      self->is_blocked = FALSE;
      if (self->state == STREAM_LINGERING)
        rmi_stream_linger (self);
      else
        rmi_stream_write (self);
    }
  if (self->state == STREAM_OPEN && self->is_heard_out && (events & (EPOLLERR | EPOLLHUP)) != 0)
    rmi_stream_fail (self, NULL);
  else if (self->state == STREAM_OPEN && (events & (EPOLLIN | EPOLLERR | EPOLLHUP)) != 0)
    rmi_stream_read (self);
}

static void
stream_service (RmiTimer *timer)
{
  g_autoptr(RmiStream) self =
    rmi_stream_ref ((RmiStream *) ((char *) timer - G_STRUCT_OFFSET (RmiStream, service)));

  if (self->state == STREAM_OPEN && self->is_drained_due)
    {
      self->is_drained_due = FALSE;
      self->events->drained (self, self->user_data);
    }

  if (self->state == STREAM_OPEN)
    {
      rmi_stream_deliver (self);
      if (self->state == STREAM_OPEN && self->is_broken)
        rmi_stream_read (self);
    }

  if (self->state == STREAM_FAILED)
    rmi_stream_tell_closed (self);
}

static void
stream_out_of_patience (RmiTimer *timer)
{
  g_autoptr(RmiStream) self =
    rmi_stream_ref ((RmiStream *) ((char *) timer - G_STRUCT_OFFSET (RmiStream, patience)));

  if (self->state == STREAM_LINGERING)
    {
      rmi_stream_hang_up (self);
      rmi_stream_unref (self);
    }
  else if (self->state == STREAM_OPEN)
    {
      if (self->input.n_received - self->n_received_before >= self->limits->open_frame_bytes)
        rmi_stream_start_patience (self);
      else
        rmi_stream_fail (self, g_error_new (RMI_ERROR, RMI_ERROR_LIMIT,
                                            "A message did not advance by %u bytes in %u seconds",
                                            self->limits->open_frame_bytes,
                                            self->limits->open_frame_s));
    }
}

static void
stream_flush (RmiFlush *flush)
{
  RmiStream *self = (RmiStream *) ((char *) flush - G_STRUCT_OFFSET (RmiStream, flush));

  rmi_stream_write (self);
}

/* ---- from outside ---- */

static void
set_up_socket (GSocket *socket)
{
  GSocketFamily family = g_socket_get_family (socket);

  g_socket_set_blocking (socket, FALSE);
  if (family != G_SOCKET_FAMILY_IPV4 && family != G_SOCKET_FAMILY_IPV6)
    return;

  /* None of these is worth a connection. */
  g_socket_set_option (socket, IPPROTO_TCP, TCP_NODELAY, 1, NULL);
  g_socket_set_keepalive (socket, TRUE);
  g_socket_set_option (socket, IPPROTO_TCP, TCP_KEEPIDLE, 30, NULL);
  g_socket_set_option (socket, IPPROTO_TCP, TCP_KEEPINTVL, 10, NULL);
  g_socket_set_option (socket, IPPROTO_TCP, TCP_KEEPCNT, 3, NULL);
  g_socket_set_option (socket, IPPROTO_TCP, TCP_USER_TIMEOUT, 60000, NULL);
}

RmiStream *
rmi_stream_new (RmiPoller             *poller,
                GSocket               *socket,
                const RmiLimits       *limits,
                const RmiStreamEvents *events,
                gpointer               user_data)
{
  RmiStream *self = NULL;

  set_up_socket (socket);

  self = g_new0 (RmiStream, 1);
  self->ref_count = 1;
  self->poller = rmi_poller_ref (poller);
  self->socket = g_object_ref (socket);
  self->fd = g_socket_get_fd (socket);
  self->limits = limits;
  self->events = events;
  self->user_data = user_data;
  self->watch.ready = stream_ready;
  self->service.expired = stream_service;
  self->patience.expired = stream_out_of_patience;
  self->flush.flush = stream_flush;
  rmi_read_buffer_init (&self->input);
  rmi_stream_update_watch (self);

  return self;
}

RmiStream *
rmi_stream_ref (RmiStream *self)
{
  self->ref_count++;

  return self;
}

void
rmi_stream_unref (RmiStream *self)
{
  if (--self->ref_count > 0)
    return;

  if (self->state != STREAM_CLOSED)
    rmi_stream_shut (self);
  g_clear_error (&self->end_error);
  g_object_unref (self->socket);
  rmi_poller_unref (self->poller);
  g_free (self);
}

void
rmi_stream_set_user_data (RmiStream *self,
                          gpointer   user_data)
{
  self->user_data = user_data;
}

GSocket *
rmi_stream_get_socket (RmiStream *self)
{
  return self->socket;
}

void
rmi_stream_set_framing (RmiStream  *self,
                        RmiFraming  framing)
{
  self->input.framer.framing = framing;
}

static gsize
hard_limit (RmiStream *self)
{
  return MAX (self->limits->write_hard_bytes, self->limits->frame_bytes);
}

/* Sends or queues the message with what its framing puts around it. */
static gboolean
rmi_stream_append (RmiStream  *self,
                   RmiWriter  *writer,
                   GError    **error)
{
  RmiSlice message = RMI_SLICE_INIT;
  char header[RMI_WRITER_HEADROOM];
  gboolean is_line = self->input.framer.framing == RMI_FRAMING_LINES;
  gsize hard_bytes = hard_limit (self);
  gsize backlog = 0;

  if (!rmi_writer_finish (writer, &message, error))
    return FALSE;
  if (!is_line)
    message = rmi_writer_prepend (writer, header, rmi_framer_header (header, message.length));

  if (message.length >= LARGE_BYTES
      || rmi_write_queue_get_length (&self->queue) + message.length > self->limits->write_soft_bytes)
    rmi_stream_write (self);
  backlog = rmi_write_queue_get_length (&self->queue);
  if (backlog > 0 && backlog + message.length > hard_bytes)
    {
      g_set_error (error, RMI_ERROR, RMI_ERROR_LIMIT,
                   "The peer does not read: %" G_GSIZE_FORMAT " bytes wait to be sent, "
                   "the limit is %" G_GSIZE_FORMAT, backlog, hard_bytes);
      return FALSE;
    }

  if (message.length >= LARGE_BYTES && backlog == 0 && !self->is_broken)
    {
      gsize n_taken = rmi_stream_push (self, message);

      message.data += n_taken;
      message.length -= n_taken;
    }
  rmi_write_queue_append (&self->queue, message.data, message.length);
  if (is_line)
    rmi_write_queue_append (&self->queue, "\n", 1);

  return TRUE;
}

gboolean
rmi_stream_send (RmiStream  *self,
                 RmiWriter  *writer,
                 GError    **error)
{
  g_autoptr(GError) local_error = NULL;
  gboolean is_usable = self->state == STREAM_OPEN && !self->is_broken;

  if (is_usable && !rmi_stream_append (self, writer, &local_error))
    {
      /* A message that could not be encoded harms nobody. */
      if (!rmi_writer_has_failed (writer))
        rmi_stream_fail (self, g_error_copy (local_error));
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  if (!is_usable || self->is_broken)
    {
      g_set_error_literal (error, RMI_ERROR, RMI_ERROR_DISCONNECTED, "The connection is closed");
      return FALSE;
    }

  if (rmi_write_queue_get_length (&self->queue) >= BATCH_BYTES)
    rmi_stream_write (self);
  if (rmi_write_queue_get_length (&self->queue) > self->limits->write_soft_bytes)
    {
      self->is_congested = TRUE;
      self->is_drained_due = FALSE;
    }
  rmi_poller_queue_flush (self->poller, &self->flush);

  return TRUE;
}

guint64
rmi_stream_get_queued (RmiStream *self)
{
  return self->n_sent + rmi_write_queue_get_length (&self->queue);
}

guint64
rmi_stream_get_sent (RmiStream *self)
{
  return self->n_sent;
}

gboolean
rmi_stream_is_congested (RmiStream *self)
{
  return self->is_congested;
}

gboolean
rmi_stream_is_clogged (RmiStream *self)
{
  gsize message_bytes = self->limits->frame_bytes + RMI_WRITER_HEADROOM;
  gsize hard_bytes = hard_limit (self);

  return self->is_congested
         && rmi_write_queue_get_length (&self->queue) + message_bytes > hard_bytes;
}

gint64
rmi_stream_get_arrival (RmiStream *self)
{
  return self->arrival_us;
}

void
rmi_stream_close (RmiStream *self,
                  gboolean   abort)
{
  if (self->state == STREAM_LINGERING && abort)
    {
      rmi_stream_shut (self);
      rmi_stream_unref (self);
    }
  else if (self->state == STREAM_OPEN && !abort && !self->is_broken)
    {
      self->state = STREAM_LINGERING;
      rmi_stream_ref (self);
      rmi_poller_stop_timer (self->poller, &self->service);
      rmi_read_buffer_drop (&self->input, self->poller);
      rmi_stream_start_patience (self);
      rmi_stream_update_watch (self);
      rmi_stream_linger (self);
      /* Nobody will tell when it goes on if the poller is closed. */
      if (self->state == STREAM_LINGERING && self->patience.position == 0)
        rmi_stream_close (self, TRUE);
    }
  else if (self->state != STREAM_CLOSED && self->state != STREAM_LINGERING)
    rmi_stream_shut (self);
}
