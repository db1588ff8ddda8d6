/* tests/losses/town.c: a node that the main thread owns, and peers that read when they like
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "config.h"
#include "tests/losses/town.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "node/rmi-node-private.h"
#include "tests/wire.h"

void
town_set_up (Town          *self,
             gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *escaped = NULL;
  g_autofree char *uri = NULL;
  g_autofree char *local = NULL;
  g_autofree char *network = NULL;

  g_assert_true (g_main_context_acquire (NULL));
  self->folder = g_dir_make_tmp ("rmi-town-XXXXXX", NULL);
  self->socket_path = g_build_filename (self->folder, "socket", NULL);
  escaped = g_uri_escape_string (self->socket_path, NULL, FALSE);
  uri = g_strconcat ("rmi+unix://", escaped, NULL);
  self->node = rmi_node_new ();
  self->poller = rmi_poller_ref (self->node->poller);
  local = rmi_node_listen (self->node, uri, NULL, &error);
  g_assert_no_error (error);
  network = rmi_node_listen (self->node, "rmi://127.0.0.1:0", NULL, &error);
  g_assert_no_error (error);
  self->port = (guint16) g_ascii_strtoull (strrchr (network, ':') + 1, NULL, 10);
  for (guint i = 0; i < TOWN_CRIERS; i++)
    {
      g_autofree char *path = g_strdup_printf ("/crier/%u", i);

      self->criers[i] = real_crier_new ();
      rmi_node_export (self->node, path, G_OBJECT (self->criers[i]), &error);
      g_assert_no_error (error);
    }
}

void
town_tear_down (Town          *self,
                gconstpointer  data)
{
  rmi_node_close (self->node);
  g_assert_cmpuint (rmi_poller_count_handed_over (self->poller), ==, 0);
  g_assert_finalize_object (self->node);
  rmi_poller_unref (self->poller);
  for (guint i = 0; i < TOWN_CRIERS; i++)
    g_assert_finalize_object (self->criers[i]);
  g_assert_cmpint (g_rmdir (self->folder), ==, 0);
  g_free (self->folder);
  g_free (self->socket_path);
  g_main_context_release (NULL);
}

/* ---- listeners ---- */

void
listener_dial (Listener     *self,
               Town         *town,
               ListenerKind  kind,
               gsize         frame_bytes)
{
  struct sockaddr_un local = { .sun_family = AF_UNIX };
  struct sockaddr_in network = { .sin_family = AF_INET, .sin_port = htons (town->port),
                                 .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
  g_autofree char *hello = NULL;

  g_strlcpy (local.sun_path, town->socket_path, sizeof local.sun_path);
  self->town = town;
  self->received = g_string_new (NULL);
  self->fd = socket (kind == LISTENER_TCP ? AF_INET : AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (kind == LISTENER_TCP)
    g_assert_cmpint (connect (self->fd, (struct sockaddr *) &network, sizeof network), ==, 0);
  else
    g_assert_cmpint (connect (self->fd, (struct sockaddr *) &local, sizeof local), ==, 0);
  if (frame_bytes == 0)
    return;

  hello = g_strdup_printf ("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"rpc.hello\",\"params\":{\"version\":1,"
                           "\"node\":\"listener\",\"limits\":{\"frame\":%" G_GSIZE_FORMAT "}}}",
                           frame_bytes);
  listener_say (self, hello);
  listener_expect (self, "*\"id\":1,\"result\":*");
}

void
listener_hang_up (Listener *self)
{
  close (self->fd);
  g_string_free (self->received, TRUE);
}

void
listener_say (Listener   *self,
              const char *json)
{
  g_autofree char *framed = wire_frame (json);

  g_assert_cmpint (send (self->fd, framed, strlen (framed), MSG_NOSIGNAL), ==, (gssize) strlen (framed));
}

char *
listener_hear (Listener *self)
{
  char bytes[4096];
  char *message;

  while ((message = wire_take_message (self->received)) == NULL)
    {
      gssize n = recv (self->fd, bytes, sizeof bytes, MSG_DONTWAIT);

      if (n > 0)
        {
          g_string_append_len (self->received, bytes, n);
          continue;
        }
      g_assert_cmpint (n, ==, -1);
      g_assert_cmpint (errno, ==, EAGAIN);
      g_main_context_iteration (NULL, FALSE);
    }
  return message;
}

void
listener_expect (Listener   *self,
                 const char *pattern)
{
  gboolean is_there = FALSE;

  while (!is_there)
    {
      g_autofree char *message = listener_hear (self);

      is_there = g_pattern_match_simple (pattern, message);
    }
}

void
listener_hears (Listener   *self,
                const char *json)
{
  g_autofree char *message = listener_hear (self);

  g_assert_cmpstr (message, ==, json);
}

void
listener_subscribe (Listener *self,
                    guint     crier)
{
  g_autofree char *json =
      g_strdup_printf ("{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"/crier/%u#rpc.subscribe\"}", crier);

  listener_say (self, json);
  listener_expect (self, "*\"id\":2,*");
}

void
listener_ping (Listener *self)
{
  listener_say (self, "{\"jsonrpc\":\"2.0\",\"id\":3,\"method\":\"rpc.ping\"}");
  listener_hears (self, "{\"jsonrpc\":\"2.0\",\"id\":3,\"result\":null}");
}

/* ---- ears ---- */

void
ear_take (Ear        *self,
          const char *event)
{
  const char *gap = strstr (event, "!rpc.gap\"");
  const char *cried = strstr (event, "!Cried\"");
  guint number;

  if (gap != NULL)
    {
      g_assert_cmpint (sscanf (gap, "!rpc.gap\",\"params\":[{\"Count\":%u,", &self->count), ==, 1);
      g_assert_cmpuint (self->count, >, self->last);
      self->n_gaps++;
      self->is_after_gap = TRUE;
      return;
    }

  g_assert_nonnull (cried);
  g_assert_cmpint (sscanf (cried, "!Cried\",\"params\":[%u]", &number), ==, 1);
  if (self->is_after_gap)
    {
      g_assert_cmpuint (number, >, self->last);
      g_assert_cmpuint (number, <=, self->count + 1);
    }
  else
    {
      g_assert_cmpuint (number, ==, self->last + 1);
    }
  self->last = number;
  self->n_heard++;
  self->is_after_gap = FALSE;
}

gboolean
ear_knows (const Ear *self,
           guint      count)
{
  return self->last >= count || (self->n_gaps > 0 && self->count >= count);
}
