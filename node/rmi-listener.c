/* node/rmi-listener.c: one place where a node takes connections
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "config.h"
#include "node/rmi-listener-private.h"

#include <errno.h>
#include <sys/epoll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>

#include "rmi/rmi-error.h"
#include "rmi/rmi-random-internal.h"

#define ACCEPTS_A_TURN 64
#define BACKLOG 1024
#define REST_US (100 * G_TIME_SPAN_MILLISECOND)

struct _RmiListener
{
  RmiPoller       *poller;
  GSocket         *socket;
  RmiWatch         watch;
  RmiTimer         rest;            /* runs while nothing can be accepted */
  char            *uri;
  char            *socket_path;     /* Unix: to be removed; or NULL */
  dev_t            device;          /* of the file as we made it: another's is not ours to remove */
  ino_t            inode;
  RmiListenerFunc  func;
  gpointer         user_data;
};

static void
rest_expired (RmiTimer *timer)
{
  RmiListener *self = (RmiListener *) ((char *) timer - G_STRUCT_OFFSET (RmiListener, rest));

  rmi_poller_modify_watch (&self->watch, EPOLLIN);
}

/* Mostly there is no descriptor left: whoever waits to be accepted still does, and would wake us again at once. */
static void
take_a_rest (RmiListener *self)
{
  rmi_poller_modify_watch (&self->watch, 0);
  rmi_poller_start_timer (self->poller, &self->rest, g_get_monotonic_time () + REST_US);
}

static void
watch_ready (RmiWatch *watch,
             guint32   events)
{
  RmiListener *self = (RmiListener *) ((char *) watch - G_STRUCT_OFFSET (RmiListener, watch));

  for (int i = 0; i < ACCEPTS_A_TURN; i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(GSocket) socket = NULL;

      if (self->watch.events == 0)
        return;
      socket = g_socket_accept (self->socket, NULL, &error);
      if (socket == NULL)
        {
          if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
            return;
          g_debug ("%s: %s", self->uri, error->message);
          take_a_rest (self);
          return;
        }
      self->func (socket, self->user_data);
    }
}

static GSocketAddress *
resolve (const RmiEndpoint  *endpoint,
         GError            **error)
{
  g_autoptr(GInetAddress) inet = NULL;

  if (endpoint->transport == RMI_TRANSPORT_UNIX)
    return g_unix_socket_address_new (endpoint->socket_path);
  if (endpoint->transport != RMI_TRANSPORT_TCP)
    {
      g_set_error (error, RMI_ERROR, RMI_ERROR_NOT_SUPPORTED, "Only rmi:// and rmi+unix:// can be listened on");
      return NULL;
    }

  if (g_str_equal (endpoint->host, "localhost"))
    inet = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  else
    inet = g_inet_address_new_from_string (endpoint->host);
  if (inet == NULL)
    {
      g_set_error (error, RMI_ERROR, RMI_ERROR_INVALID_ARGUMENTS, "\"%s\" is no address of this machine to listen on",
                   endpoint->host);
      return NULL;
    }
  if (!g_inet_address_get_is_loopback (inet))
    {
      g_set_error (error, RMI_ERROR, RMI_ERROR_INSECURE,
                   "Listening on %s would let anybody on the network call in clear text; only loopback is allowed without TLS",
                   endpoint->host);
      return NULL;
    }
  return g_inet_socket_address_new (inet, endpoint->port);
}

/* TRUE if @path is free now: there was nothing, or a socket on which nobody answers. */
static gboolean
make_room (const char  *path,
           GError     **error)
{
  g_autoptr(GSocketAddress) address = g_unix_socket_address_new (path);
  g_autoptr(GSocket) probe = NULL;
  g_autoptr(GError) refused = NULL;
  GStatBuf info;

  if (g_lstat (path, &info) != 0)
    return TRUE;
  if (!S_ISSOCK (info.st_mode))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS, "%s exists and is no socket", path);
      return FALSE;
    }

  probe = g_socket_new (G_SOCKET_FAMILY_UNIX, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_DEFAULT, error);
  if (probe == NULL)
    return FALSE;
  g_socket_set_blocking (probe, FALSE);
  if (!g_socket_connect (probe, address, NULL, &refused)
      && g_error_matches (refused, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED))
    {
      g_unlink (path);
      return TRUE;
    }
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE, "Another program listens on %s", path);
  return FALSE;
}

static gboolean
start (RmiListener        *self,
       const RmiEndpoint  *endpoint,
       GError            **error)
{
  g_autoptr(GSocketAddress) address = resolve (endpoint, error);

  if (address == NULL)
    return FALSE;
  if (endpoint->transport == RMI_TRANSPORT_UNIX && !make_room (endpoint->socket_path, error))
    return FALSE;

  self->socket = g_socket_new (g_socket_address_get_family (address), G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_DEFAULT, error);
  if (self->socket == NULL)
    return FALSE;
  g_socket_set_blocking (self->socket, FALSE);
  g_socket_set_listen_backlog (self->socket, BACKLOG);
  if (!g_socket_bind (self->socket, address, TRUE, error))
    {
      g_prefix_error (error, "%s: ", endpoint->transport == RMI_TRANSPORT_UNIX ? endpoint->socket_path : endpoint->host);
      return FALSE;
    }
  if (endpoint->transport == RMI_TRANSPORT_UNIX)
    {
      GStatBuf info;

      self->socket_path = g_strdup (endpoint->socket_path);
      if (g_lstat (self->socket_path, &info) == 0)
        {
          self->device = info.st_dev;
          self->inode = info.st_ino;
        }
    }
  return g_socket_listen (self->socket, error);
}

static char *
real_uri (RmiListener       *self,
          const RmiEndpoint *endpoint)
{
  RmiEndpoint real = *endpoint;
  g_autoptr(GSocketAddress) address = g_socket_get_local_address (self->socket, NULL);

  if (G_IS_INET_SOCKET_ADDRESS (address))
    real.port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (address));
  return rmi_endpoint_to_uri (&real);
}

RmiListener *
rmi_listener_new (RmiPoller          *poller,
                  const RmiEndpoint  *endpoint,
                  RmiListenerFunc     func,
                  gpointer            user_data,
                  GError            **error)
{
  g_autoptr(RmiListener) self = g_new0 (RmiListener, 1);

  self->poller = rmi_poller_ref (poller);
  self->func = func;
  self->user_data = user_data;
  self->watch.ready = watch_ready;
  self->rest.expired = rest_expired;
  if (!start (self, endpoint, error))
    return NULL;
  if (!rmi_poller_add_watch (poller, &self->watch, g_socket_get_fd (self->socket), EPOLLIN, error))
    return NULL;

  self->uri = real_uri (self, endpoint);
  return g_steal_pointer (&self);
}

void
rmi_listener_free (RmiListener *self)
{
  GStatBuf info;

  rmi_poller_remove_watch (&self->watch);
  rmi_poller_stop_timer (self->poller, &self->rest);
  if (self->socket_path != NULL && g_lstat (self->socket_path, &info) == 0 && info.st_dev == self->device
      && info.st_ino == self->inode)
    g_unlink (self->socket_path);
  g_clear_object (&self->socket);
  g_free (self->socket_path);
  g_free (self->uri);
  rmi_poller_unref (self->poller);
  g_free (self);
}

const char *
rmi_listener_get_uri (RmiListener *self)
{
  return self->uri;
}

char *
rmi_listener_make_private_uri (GError **error)
{
  g_autofree char *folder = g_build_filename (g_get_user_runtime_dir (), "rmi", NULL);
  g_autofree char *token = rmi_random_token (6);
  g_autofree char *name = g_strdup_printf ("%d-%s.sock", (int) getpid (), token);
  g_autofree char *path = g_build_filename (folder, name, NULL);
  RmiEndpoint endpoint = { RMI_TRANSPORT_UNIX, NULL, 0, path };

  if (g_mkdir_with_parents (folder, 0700) != 0)
    {
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "%s: %s", folder, g_strerror (errno));
      return NULL;
    }
  return rmi_endpoint_to_uri (&endpoint);
}
