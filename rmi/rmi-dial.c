/* rmi/rmi-dial.c: from an endpoint to a connected socket
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "config.h"
#include "rmi/rmi-dial-private.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include <gio/gunixsocketaddress.h>

#include "rmi/rmi-error.h"

#define CONNECT_TIMEOUT_S 30

typedef struct
{
  RmiPoller          *poller;
  GSocketConnectable *connectable;
  RmiDialFunc         func;
  gpointer            user_data;
  GDestroyNotify      destroy;
  GSocket            *socket;
  GError             *error;
} Dial;

/* In the owner, also if the poller closed first. */
static void
dial_free (gpointer data)
{
  Dial *self = data;

  self->destroy (self->user_data);
  g_clear_object (&self->connectable);
  g_clear_object (&self->socket);
  g_clear_error (&self->error);
  rmi_poller_unref (self->poller);
  g_free (self);
}

static void
deliver_cb (gpointer data,
            gpointer unused)
{
  Dial *self = data;

  self->func (self->socket, self->error, self->user_data);
}

static void
deliver (Dial *self)
{
  g_autoptr(RmiPoller) poller = rmi_poller_ref (self->poller);

  rmi_poller_hand_over (poller, deliver_cb, self, dial_free);
}

/* A GSocketConnection closes its socket when it goes; ours stays. */
static GSocket *
duplicate (GSocket  *socket,
           GError  **error)
{
  int fd = fcntl (g_socket_get_fd (socket), F_DUPFD_CLOEXEC, 3);
  GSocket *copy;

  if (fd < 0)
    {
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "Cannot keep the socket: %s", g_strerror (errno));
      return NULL;
    }
  copy = g_socket_new_from_fd (fd, error);
  if (copy == NULL)
    close (fd);
  return copy;
}

static void
connect_in_thread (GTask        *task,
                   gpointer      source_object,
                   gpointer      task_data,
                   GCancellable *cancellable)
{
  Dial *self = task_data;
  g_autoptr(GSocketClient) client = g_socket_client_new ();
  g_autoptr(GSocketConnection) connection = NULL;

  g_socket_client_set_enable_proxy (client, FALSE);
  g_socket_client_set_timeout (client, CONNECT_TIMEOUT_S);
  connection = g_socket_client_connect (client, self->connectable, cancellable, &self->error);
  if (connection != NULL)
    self->socket = duplicate (g_socket_connection_get_socket (connection), &self->error);
  deliver (self);
}

/* FALSE: not at once (the listener's queue is full), so it takes a thread. */
static gboolean
connect_unix (Dial              *self,
              const RmiEndpoint *endpoint)
{
  g_autoptr(GSocketAddress) address = g_unix_socket_address_new (endpoint->socket_path);

  self->socket = g_socket_new (G_SOCKET_FAMILY_UNIX, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_DEFAULT, &self->error);
  if (self->socket == NULL)
    return TRUE;

  g_socket_set_blocking (self->socket, FALSE);
  if (g_socket_connect (self->socket, address, NULL, &self->error))
    return TRUE;
  g_clear_object (&self->socket);
  if (!g_error_matches (self->error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK)
      && !g_error_matches (self->error, G_IO_ERROR, G_IO_ERROR_PENDING))
    return TRUE;
  g_clear_error (&self->error);
  return FALSE;
}

void
rmi_dial (RmiPoller         *poller,
          const RmiEndpoint *endpoint,
          GCancellable      *cancellable,
          RmiDialFunc        func,
          gpointer           user_data,
          GDestroyNotify     destroy)
{
  Dial *self = g_new0 (Dial, 1);
  g_autoptr(GTask) task = NULL;

  self->poller = rmi_poller_ref (poller);
  self->func = func;
  self->user_data = user_data;
  self->destroy = destroy;

  if (endpoint->transport == RMI_TRANSPORT_TLS)
    {
      self->error = g_error_new (RMI_ERROR, RMI_ERROR_NOT_SUPPORTED, "TLS is not built in yet");
      deliver (self);
      return;
    }
  if (endpoint->transport == RMI_TRANSPORT_UNIX && connect_unix (self, endpoint))
    {
      deliver (self);
      return;
    }

  self->connectable = rmi_endpoint_get_connectable (endpoint);
  task = g_task_new (NULL, cancellable, NULL, NULL);
  g_task_set_task_data (task, self, NULL);
  g_task_run_in_thread (task, connect_in_thread);
}
