/* bench/floor.c: what the same bytes cost on bare sockets
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * No protocol and no coding: blocking read() and write(), one server thread for each connection. A message is two numbers, its
 * own payload's length and that of the reply it wants, and a payload as long as the JSON of rmi-bench would be.
 */
#include "harness.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define BUFFER_BYTES (512 * 1024)
#define BACKLOG 1024

typedef struct
{
  guint32 payload;
  guint32 wanted;
} Head;

typedef struct
{
  int          fd;
  HarnessSlot *slots[HARNESS_IN_FLIGHT];   /* a ring: replies come in order */
  guint        first, in_flight, unsent;
  gsize        received;                   /* bytes of the reply to the first one */
  char         buffer[BUFFER_BYTES];
} Connection;

static const Head null_head = { 90, 40 };
static const Head echo_head = { 190, 140 };
static const Head place_head = { 1600, 1500 };
static const Head sum_head = { 80000, 40 };      /* doubles as they are in memory */

static void
write_all (int         fd,
           const char *bytes,
           gsize       length)
{
  while (length > 0)
    {
      gssize written = write (fd, bytes, length);

      if (written <= 0)
        harness_die ("write: %s", g_strerror (errno));
      bytes += written;
      length -= written;
    }
}

static gsize
read_some (int    fd,
           char  *buffer,
           gsize  size)
{
  gssize count = read (fd, buffer, size);

  return count > 0 ? count : 0;
}

/* ---- the server ---- */

/* Answers every whole message in @in; how many bytes these are. */
static gsize
answer (int         fd,
        const char *in,
        gsize       length,
        char       *out)
{
  gsize done = 0;
  gsize filled = 0;
  Head head;

  while (length - done >= sizeof head)
    {
      memcpy (&head, in + done, sizeof head);
      if (length - done < sizeof head + head.payload)
        break;
      done += sizeof head + head.payload;
      memset (out + filled, 'r', sizeof head + head.wanted);
      filled += sizeof head + head.wanted;
    }
  write_all (fd, out, filled);
  return done;
}

static gpointer
serve_connection_cb (gpointer user_data)
{
  int fd = GPOINTER_TO_INT (user_data);
  g_autofree char *in = g_malloc (BUFFER_BYTES);
  g_autofree char *out = g_malloc (BUFFER_BYTES);
  gsize length = 0;
  gsize count;

  while ((count = read_some (fd, in + length, BUFFER_BYTES - length)) > 0)
    {
      gsize done = answer (fd, in, length + count, out);

      length += count - done;
      memmove (in, in + done, length);
    }
  close (fd);
  return NULL;
}

static int
make_socket (int family)
{
  int fd = socket (family, SOCK_STREAM | SOCK_CLOEXEC, 0);

  if (fd < 0)
    harness_die ("socket: %s", g_strerror (errno));
  return fd;
}

static void
set_no_delay (int fd)
{
  int yes = 1;

  setsockopt (fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);      /* fails on Unix sockets, which do not need it */
}

static int
listen_unix (const char *path)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  int fd = make_socket (AF_UNIX);

  g_strlcpy (address.sun_path, path, sizeof address.sun_path);
  if (bind (fd, (struct sockaddr *) &address, sizeof address) != 0 || listen (fd, BACKLOG) != 0)
    harness_die ("%s: %s", path, g_strerror (errno));
  harness_announce (path);
  return fd;
}

static int
listen_tcp (void)
{
  struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
  socklen_t length = sizeof address;
  int fd = make_socket (AF_INET);
  g_autofree char *port = NULL;

  if (bind (fd, (struct sockaddr *) &address, sizeof address) != 0 || listen (fd, BACKLOG) != 0 ||
      getsockname (fd, (struct sockaddr *) &address, &length) != 0)
    harness_die ("listen: %s", g_strerror (errno));
  port = g_strdup_printf ("%u", ntohs (address.sin_port));
  harness_announce (port);
  return fd;
}

static void
serve (const char *transport,
       const char *socket_path)
{
  int listener = g_str_equal (transport, "unix") ? listen_unix (socket_path) : listen_tcp ();

  for (;;)
    {
      int fd = accept (listener, NULL, NULL);

      if (fd < 0)
        harness_die ("accept: %s", g_strerror (errno));
      set_no_delay (fd);
      g_thread_unref (g_thread_new ("connection", serve_connection_cb, GINT_TO_POINTER (fd)));
    }
}

/* ---- the client ---- */

static gpointer
dial (Harness *harness)
{
  Connection *self = g_new0 (Connection, 1);
  struct sockaddr_un unix_address = { .sun_family = AF_UNIX };
  struct sockaddr_in tcp_address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
  gboolean is_unix = g_str_equal (harness_get_transport (harness), "unix");
  struct sockaddr *address = is_unix ? (struct sockaddr *) &unix_address : (struct sockaddr *) &tcp_address;

  g_strlcpy (unix_address.sun_path, harness_get_address (harness), sizeof unix_address.sun_path);
  tcp_address.sin_port = htons (g_ascii_strtoull (harness_get_address (harness), NULL, 10));
  self->fd = make_socket (address->sa_family);
  if (connect (self->fd, address, is_unix ? sizeof unix_address : sizeof tcp_address) != 0)
    harness_die ("connect: %s", g_strerror (errno));
  set_no_delay (self->fd);
  return self;
}

static void
hang_up (gpointer connection)
{
  Connection *self = connection;

  close (self->fd);
  g_free (self);
}

static void
call (Connection *self,
      Head        head)
{
  gsize missing = sizeof head + head.wanted;

  memcpy (self->buffer, &head, sizeof head);
  write_all (self->fd, self->buffer, sizeof head + head.payload);
  while (missing > 0)
    {
      gsize count = read_some (self->fd, self->buffer, missing);

      harness_check (count > 0, "the end of the stream");
      missing -= count;
    }
}

static void
null (gpointer connection)
{
  call (connection, null_head);
}

static void
echo (gpointer connection)
{
  call (connection, echo_head);
}

static void
place (gpointer connection)
{
  call (connection, place_head);
}

static void
sum (gpointer connection)
{
  call (connection, sum_head);
}

static void
begin_echo (gpointer     connection,
            HarnessSlot *slot)
{
  Connection *self = connection;

  self->slots[(self->first + self->in_flight++) % HARNESS_IN_FLIGHT] = slot;
  self->unsent++;
}

/* One write for all that is to be sent, one read for all that has come. */
static void
iterate (gpointer connection)
{
  Connection *self = connection;
  gsize size = sizeof echo_head + echo_head.payload;
  gsize reply_size = sizeof echo_head + echo_head.wanted;
  gsize count;

  for (guint i = 0; i < self->unsent; i++)
    memcpy (self->buffer + i * size, &echo_head, sizeof echo_head);
  write_all (self->fd, self->buffer, self->unsent * size);
  self->unsent = 0;

  count = read_some (self->fd, self->buffer, BUFFER_BYTES);
  harness_check (count > 0, "the end of the stream");
  for (self->received += count; self->received >= reply_size; self->received -= reply_size)
    {
      HarnessSlot *slot = self->slots[self->first];

      self->first = (self->first + 1) % HARNESS_IN_FLIGHT;
      self->in_flight--;
      harness_slot_done (slot);
    }
}

int
main (int    argc,
      char **argv)
{
  static const HarnessPeer peer = {
    .name = "floor", .serve = serve, .dial = dial, .hang_up = hang_up,
    .null = null, .echo = echo, .place = place, .sum = sum,
    .begin_echo = begin_echo, .iterate = iterate,
  };

  return harness_main (argc, argv, &peer);
}
