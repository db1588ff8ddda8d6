/* fuzz/world.c: a connection with real objects behind it, and the peer's end of its socket
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "config.h"
#include "fuzz/world.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "rmi/rmi-connection-private.h"
#include "rmi/rmi-scanner-internal.h"
#include "rmi/rmi-siphash-internal.h"

#define MOST_TURNS 100000     /* of the main loop, for one input: more is a loop without end */

/* ---- what an input's first byte says ---- */

#define MODE_AT_ONCE 1        /* else a few bytes at a time */
#define MODE_FRAMED  2        /* each line of the input gets a header; else it is the stream as it is */
#define MOST_PIECES  64       /* many inputs find more than many pieces */
#define MODE_STEP(mode) (1 + (gsize) (mode >> 2))

gboolean
world_is_said_at_once (guint8 mode)
{
  return (mode & MODE_AT_ONCE) != 0;
}

static GString *
frame_lines (const char *data,
             gsize       size)
{
  GString *stream = g_string_new (NULL);
  char header[40];

  while (size > 0)
    {
      const char *newline = memchr (data, '\n', size);
      gsize length = newline != NULL ? (gsize) (newline - data) : size;

      if (length > 0)
        {
          g_string_append_len (stream, header, (gssize) rmi_framer_header (header, length));
          g_string_append_len (stream, data, (gssize) length);
        }
      length = MIN (length + 1, size);
      data += length;
      size -= length;
    }
  return stream;
}

/* ---- both sides ---- */

static guint8 n_secrets;

/* In front of the C library's: secrets that an input can know, counted from 1 in each world, which is the node's id. */
ssize_t
getrandom (void         *buffer,
           size_t        size,
           unsigned int  flags)
{
  guint8 *bytes = buffer;

  if (size == 0)
    return 0;
  memset (bytes, 0, size);
  bytes[size - 1] = ++n_secrets;
  return (ssize_t) size;
}

void
world_init (World *self)
{
  gboolean succeeded;

  /* Its key is the process's, made now. */
  rmi_siphash_str ("");
  n_secrets = 0;
  *self = (World) { .fd = -1, .heard = g_string_new (NULL) };
  rmi_framer_init (&self->framer);
  self->lost = g_ptr_array_new ();
  self->poller = rmi_poller_new (NULL, NULL);
  self->exporter = rmi_object_exporter_new (self->poller);
  self->importer = rmi_stub_importer_new (self->poller);
  self->runtime = rmi_runtime_new (self->poller, RMI_EXPORTER (self->exporter), RMI_IMPORTER (self->importer));
  self->caller = real_caller_new ();
  self->every = every_new ();
  succeeded = rmi_object_exporter_export (self->exporter, "/caller", G_OBJECT (self->caller), NULL);
  succeeded = succeeded && rmi_object_exporter_export (self->exporter, "/every", G_OBJECT (self->every), NULL);
  g_assert_true (succeeded);
}

void
world_accept (World *self)
{
  g_autoptr(GSocket) socket = NULL;
  int fds[2];

  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), ==, 0);
  self->fd = fds[1];
  socket = g_socket_new_from_fd (fds[0], NULL);
  self->connection = rmi_connection_new_accepted (self->runtime, socket);
}

void
world_dial (World *self)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  g_autofree char *escaped = NULL;
  g_autofree char *uri = NULL;
  int listener = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

  g_snprintf (address.sun_path, sizeof address.sun_path, "%s/rmi-fuzz-%d", g_get_tmp_dir (), (int) getpid ());
  escaped = g_uri_escape_string (address.sun_path, NULL, FALSE);
  uri = g_strconcat ("rmi+unix://", escaped, NULL);
  unlink (address.sun_path);
  g_assert_cmpint (bind (listener, (struct sockaddr *) &address, sizeof address), ==, 0);
  g_assert_cmpint (listen (listener, 1), ==, 0);

  self->connection = rmi_connection_new_dialled (self->runtime, rmi_endpoint_parse (uri, NULL, NULL));
  g_assert_true (rmi_connection_ensure_open (self->connection, NULL));
  while (rmi_connection_is_closed (self->connection))
    g_main_context_iteration (NULL, TRUE);
  self->fd = accept4 (listener, NULL, NULL, SOCK_CLOEXEC);
  g_assert_cmpint (self->fd, >=, 0);
  /* Once: nobody is there when a lost connection is dialled again. */
  close (listener);
  unlink (address.sun_path);
}

/* Everything we say is a frame of JSON. */
static void
check_heard (World *self)
{
  RmiFramerStatus status = RMI_FRAMER_FRAME;
  RmiLimits limits;

  rmi_limits_init_local (&limits);
  while (status == RMI_FRAMER_FRAME)
    {
      g_autoptr(GError) error = NULL;
      RmiSlice frame = RMI_SLICE_INIT;
      gsize consumed = 0, wanted = 0;

      status = rmi_framer_next (&self->framer, self->heard->str, self->heard->len, &limits, &frame, &consumed, &wanted,
                                &error);
      g_assert_no_error (error);
      if (status == RMI_FRAMER_FRAME && !rmi_scanner_check (frame, &limits, NULL, NULL, &error))
        g_error ("said %.*s: %s", (int) frame.length, frame.data, error->message);
      g_string_erase (self->heard, 0, (gssize) consumed);
    }
}

static gboolean
hear (World *self)
{
  static char bytes[65536];
  gssize n = recv (self->fd, bytes, sizeof bytes, MSG_DONTWAIT);

  if (n <= 0)
    return FALSE;
  g_string_append_len (self->heard, bytes, n);
  check_heard (self);
  return TRUE;
}

void
world_settle (World *self)
{
  guint n_turns = 0;

  do
    {
      while (g_main_context_iteration (NULL, FALSE))
        g_assert_cmpuint (n_turns++, <, MOST_TURNS);
      rmi_poller_flush (self->poller);
    }
  while (hear (self));
}

static void
say_bytes (World      *self,
           const char *data,
           gsize       size)
{
  while (size > 0)
    {
      gssize n = send (self->fd, data, size, MSG_NOSIGNAL | MSG_DONTWAIT);

      if (n < 0 && errno != EAGAIN)
        return;
      if (n < 0)
        world_settle (self);
      data += MAX (n, 0);
      size -= (gsize) MAX (n, 0);
    }
}

void
world_say (World      *self,
           guint8      mode,
           const char *data,
           gsize       size)
{
  g_autoptr(GString) stream = (mode & MODE_FRAMED) != 0 ? frame_lines (data, size) : g_string_new_len (data, (gssize) size);
  gsize step = world_is_said_at_once (mode) ? MAX (stream->len, 1) : MAX (MODE_STEP (mode), stream->len / MOST_PIECES);

  for (gsize at = 0; at < stream->len; at += step)
    {
      say_bytes (self, stream->str + at, MIN (step, stream->len - at));
      if (!world_is_said_at_once (mode))
        world_settle (self);
    }
  if (world_is_said_at_once (mode))
    shutdown (self->fd, SHUT_WR);
}

/* A session may have gone on in any of them. */
static void
hang_up (World *self)
{
  guint n_turns = 0;

  world_settle (self);
  close (self->fd);
  g_ptr_array_add (self->lost, g_steal_pointer (&self->connection));
  for (guint i = 0; i < self->lost->len; i++)
    while (!rmi_connection_is_closed (self->lost->pdata[i]))
      {
        g_main_context_iteration (NULL, FALSE);
        g_assert_cmpuint (n_turns++, <, MOST_TURNS);
      }
}

void
world_accept_again (World *self)
{
  hang_up (self);
  g_string_truncate (self->heard, 0);
  rmi_framer_init (&self->framer);
  world_accept (self);
}

void
world_clear (World *self)
{
  hang_up (self);
  for (guint i = 0; i < self->lost->len; i++)
    rmi_connection_shut_down (self->lost->pdata[i]);
  rmi_poller_flush (self->poller);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  rmi_object_exporter_close (self->exporter);
  rmi_poller_close (self->poller);
  real_caller_drop_later (self->caller);
  g_clear_object (&self->caller->kept);
  g_assert_finalize_object (self->caller);
  g_assert_finalize_object (self->every);
  for (guint i = 0; i < self->lost->len; i++)
    g_assert_finalize_object (G_OBJECT (self->lost->pdata[i]));
  g_ptr_array_unref (self->lost);
  rmi_runtime_unref (self->runtime);
  rmi_poller_unref (self->poller);
  g_assert_finalize_object (self->exporter);
  g_assert_finalize_object (self->importer);
  g_assert_cmpuint (real_caller_n_alive (), ==, 0);
  g_string_free (self->heard, TRUE);
}
