/* tests/life/kill-points.c: makes a program kill itself at any system call of its sockets
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Linked into a program, these functions stand in front of the C library's, for GLib in it, too. With KILL_AT=k in the
 * environment the k-th point is the end: each call is one before and one after, and send() has a third one half way. The first
 * is before a connection is accepted. So k = 1, 2, 3 … visits every state that other programs can see.
 */
#include "config.h"

#include <errno.h>
#include <glib.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#define EXPORTED __attribute__ ((visibility ("default")))

static int has_begun;

static void
pass_point (void)
{
  static int n_passed;
  const char *kill_at = g_getenv ("KILL_AT");

  if (kill_at == NULL || !g_atomic_int_get (&has_begun))
    return;
  if (g_atomic_int_add (&n_passed, 1) + 1 == g_ascii_strtoll (kill_at, NULL, 10))
    {
      kill (getpid (), SIGKILL);
      for (;;)
        pause ();
    }
}

EXPORTED ssize_t
send (int         fd,
      const void *bytes,
      size_t      length,
      int         flags)
{
  long sent = 0;

  pass_point ();
  if (g_getenv ("KILL_AT") != NULL && length > 1)
    {
      sent = syscall (SYS_sendto, fd, bytes, length / 2, flags, NULL, 0);
      pass_point ();
      if (sent < (long) length / 2)
        return sent;
    }
  length -= (size_t) sent;
  length = (size_t) syscall (SYS_sendto, fd, (const char *) bytes + sent, length, flags, NULL, 0);
  pass_point ();
  /* What went out in the first half is the answer if the second half did not go. */
  return (long) length >= 0 ? sent + (long) length : sent > 0 ? sent : -1;
}

EXPORTED ssize_t
recv (int     fd,
      void   *bytes,
      size_t  length,
      int     flags)
{
  long received;

  pass_point ();
  received = syscall (SYS_recvfrom, fd, bytes, length, flags, NULL, NULL);
  pass_point ();
  return received;
}

EXPORTED int
accept4 (int              fd,
         struct sockaddr *address,
         socklen_t       *length,
         int              flags)
{
  int accepted;

  g_atomic_int_set (&has_begun, TRUE);
  pass_point ();
  accepted = (int) syscall (SYS_accept4, fd, address, length, flags);
  pass_point ();
  return accepted;
}

EXPORTED int
accept (int              fd,
        struct sockaddr *address,
        socklen_t       *length)
{
  return accept4 (fd, address, length, 0);
}

EXPORTED int
connect (int                    fd,
         const struct sockaddr *address,
         socklen_t              length)
{
  int result;

  pass_point ();
  result = (int) syscall (SYS_connect, fd, address, length);
  pass_point ();
  return result;
}

EXPORTED int
shutdown (int fd,
          int how)
{
  int result;

  pass_point ();
  result = (int) syscall (SYS_shutdown, fd, how);
  pass_point ();
  return result;
}
