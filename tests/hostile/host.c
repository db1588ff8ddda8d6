/* tests/hostile/host.c: a program with objects, which hostile peers talk to, and another one that uses it meanwhile
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "config.h"
#include "tests/hostile/host.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "tests/wire.h"

#define PATIENCE_S 120

/* ---- the host ---- */

static char *
unix_uri (const char *socket_path)
{
  g_autofree char *escaped = g_uri_escape_string (socket_path, NULL, FALSE);

  return g_strconcat ("rmi+unix://", escaped, NULL);
}

static gpointer
serve (gpointer data)
{
  Host *self = data;
  g_autoptr(RealCaller) caller = NULL;
  g_autoptr(Every) every = every_new ();
  g_autoptr(GError) error = NULL;
  g_autofree char *uri = unix_uri (self->socket_path);
  g_autofree char *local = NULL;
  g_autofree char *network = NULL;

  g_main_context_push_thread_default (self->context);
  caller = real_caller_new ();
  caller->may_block = TRUE;
  caller->level = 7;
  local = rmi_node_listen (self->node, uri, NULL, &error);
  g_assert_no_error (error);
  network = rmi_node_listen (self->node, "rmi://127.0.0.1:0", NULL, &error);
  g_assert_no_error (error);
  rmi_node_export (self->node, "/caller", G_OBJECT (caller), &error);
  rmi_node_export (self->node, "/every", G_OBJECT (every), &error);
  g_assert_no_error (error);

  g_mutex_lock (&self->lock);
  self->port = (guint16) g_ascii_strtoull (strrchr (network, ':') + 1, NULL, 10);
  g_cond_signal (&self->is_up);
  g_mutex_unlock (&self->lock);
  g_main_loop_run (self->loop);
  rmi_node_close (self->node);
  real_caller_drop_later (caller);
  while (g_main_context_iteration (self->context, FALSE))
    ;
  g_main_context_pop_thread_default (self->context);
  return NULL;
}

void
host_start (Host       *self,
            const char *limit,
            guint64     value)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *uri = NULL;
  g_autofree char *object_uri = NULL;

  *self = (Host) { .context = g_main_context_new () };
  self->loop = g_main_loop_new (self->context, FALSE);
  self->folder = g_dir_make_tmp ("rmi-host-XXXXXX", NULL);
  self->socket_path = g_build_filename (self->folder, "socket", NULL);
  g_mutex_init (&self->lock);
  g_cond_init (&self->is_up);
  g_main_context_push_thread_default (self->context);
  self->node = rmi_node_new ();
  g_main_context_pop_thread_default (self->context);
  if (limit != NULL)
    g_object_set (self->node, limit, value, NULL);
  self->thread = g_thread_new ("host", serve, self);
  g_mutex_lock (&self->lock);
  while (self->port == 0)
    g_cond_wait (&self->is_up, &self->lock);
  g_mutex_unlock (&self->lock);

  self->other_node = rmi_node_new ();
  uri = unix_uri (self->socket_path);
  object_uri = g_strconcat (uri, "/caller", NULL);
  self->other = rmi_node_get_object (self->other_node, object_uri, HOSTILE_TYPE_CALLER, NULL, &error);
  g_assert_no_error (error);
}

static gboolean
quit_cb (gpointer loop)
{
  g_main_loop_quit (loop);
  return G_SOURCE_REMOVE;
}

void
host_stop (Host *self)
{
  host_check_others (self);
  g_clear_object (&self->other);
  rmi_node_close (self->other_node);
  g_assert_finalize_object (self->other_node);
  g_main_context_invoke (self->context, quit_cb, self->loop);
  g_thread_join (self->thread);
  g_assert_finalize_object (self->node);
  g_assert_cmpuint (real_caller_n_alive (), ==, 0);
  g_main_loop_unref (self->loop);
  g_main_context_unref (self->context);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->is_up);
  g_assert_cmpint (g_rmdir (self->folder), ==, 0);
  g_free (self->folder);
  g_free (self->socket_path);
}

void
host_check_others (Host *self)
{
  do
    {
      g_autoptr(GError) error = NULL;
      g_autofree char *echo = hostile_caller_echo (self->other, "still there", NULL, &error);

      g_assert_no_error (error);
      g_assert_cmpstr (echo, ==, "still there");
    }
  while (real_caller_n_alive () != 1);         /* the host has not seen yet who hung up */
}

/* ---- the peer ---- */

void
stranger_dial (Stranger      *self,
           Host      *host,
           StrangerFlags  flags)
{
  struct sockaddr_un local = { .sun_family = AF_UNIX };
  struct sockaddr_in network = { .sin_family = AF_INET, .sin_port = htons (host->port),
                                 .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
  struct timeval patience = { .tv_sec = PATIENCE_S };
  gboolean is_tcp = (flags & STRANGER_TCP) != 0;

  g_strlcpy (local.sun_path, host->socket_path, sizeof local.sun_path);
  self->fd = socket (is_tcp ? AF_INET : AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  self->flags = flags;
  self->received = g_string_new (NULL);
  g_assert_cmpint (setsockopt (self->fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience), ==, 0);
  g_assert_cmpint (setsockopt (self->fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience), ==, 0);
  /* Or many small pieces wait for the acknowledgement of the one before. */
  if (is_tcp)
    g_assert_cmpint (setsockopt (self->fd, IPPROTO_TCP, TCP_NODELAY, &(int) { 1 }, sizeof (int)), ==, 0);
  if (is_tcp)
    g_assert_cmpint (connect (self->fd, (struct sockaddr *) &network, sizeof network), ==, 0);
  else
    g_assert_cmpint (connect (self->fd, (struct sockaddr *) &local, sizeof local), ==, 0);
}

void
stranger_hang_up (Stranger *self)
{
  close (self->fd);
  g_string_free (self->received, TRUE);
}

char *
stranger_frame (Stranger       *self,
            const char *json)
{
  return (self->flags & STRANGER_LINES) != 0 ? g_strconcat (json, "\n", NULL) : wire_frame (json);
}

gboolean
stranger_say_bytes (Stranger       *self,
                const char *bytes,
                gsize       length)
{
  while (length > 0)
    {
      gssize n = send (self->fd, bytes, length, MSG_NOSIGNAL);

      if (n < 0)
        {
          g_assert_true (errno == EPIPE || errno == ECONNRESET);
          return FALSE;
        }
      bytes += n;
      length -= (gsize) n;
    }
  return TRUE;
}

void
stranger_say (Stranger       *self,
          const char *json)
{
  g_autofree char *framed = stranger_frame (self, json);

  stranger_say_bytes (self, framed, strlen (framed));
}

char *
stranger_hear (Stranger *self)
{
  char bytes[65536];
  char *message;
  gssize n;

  while ((message = wire_take_message (self->received)) == NULL)
    {
      n = recv (self->fd, bytes, sizeof bytes, 0);
      if (n < 0)
        g_assert_cmpint (errno, ==, ECONNRESET);
      if (n <= 0)
        return NULL;
      g_string_append_len (self->received, bytes, n);
    }
  return message;
}

void
stranger_expect (Stranger       *self,
             const char *pattern)
{
  g_autoptr(GString) heard = g_string_new (NULL);
  char *message;

  while ((message = stranger_hear (self)) != NULL)
    {
      gboolean is_it = g_pattern_match_simple (pattern, message);

      g_string_append_printf (heard, "\n%.400s", message);
      g_free (message);
      if (is_it)
        return;
    }
  g_error ("Nothing like %s, but:%s", pattern, heard->str);
}

void
stranger_expect_end (Stranger *self)
{
  g_autofree char *message = stranger_hear (self);

  g_assert_cmpstr (message, ==, NULL);
}
