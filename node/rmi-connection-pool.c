/* node/rmi-connection-pool.c: the connections of a node
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "config.h"
#include "node/rmi-connection-pool-private.h"

#include "node/rmi-admission-private.h"
#include "rmi/rmi-connection-internal.h"
#include "rmi/rmi-framer-internal.h"
#include "rmi/rmi-siphash-internal.h"

struct _RmiConnectionPool
{
  RmiRuntime         *runtime;
  GHashTable         *dialled;       /* endpoint URI → RmiConnection */
  GHashTable         *accepted;      /* RmiConnection → host, as admitted */
  RmiAdmission       *admission;
  guint               server;        /* which one it is */
  RmiConnectionPool **servers;       /* who serve what it accepts; or NULL: it does */
};

/* Suspended ones keep their place. */
static void
accepted_ended (RmiConnection *connection,
                gpointer       user_data)
{
  RmiConnectionPool *self = user_data;
  g_autofree char *host = NULL;
  gpointer kept = NULL;

  if (!g_hash_table_steal_extended (self->accepted, connection, &kept, (gpointer *) &host))
    return;
  rmi_admission_leave (self->admission, host, self->server);
  g_object_unref (kept);
}

/* Who shares a limit with this one, and in @limits which. */
static char *
host_of (RmiConnectionPool  *self,
         GSocket            *socket,
         const RmiLimits   **limits)
{
  g_autoptr(GSocketAddress) address = g_socket_get_remote_address (socket, NULL);
  g_autoptr(GCredentials) credentials = NULL;

  if (g_socket_get_family (socket) == G_SOCKET_FAMILY_UNIX)
    credentials = g_socket_get_credentials (socket, NULL);
  *limits = rmi_runtime_get_limits (self->runtime, credentials);
  if (*limits == &self->runtime->local)
    return g_strdup (RMI_ADMISSION_OWN_USER);
  if (G_IS_INET_SOCKET_ADDRESS (address))
    return g_inet_address_to_string (g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (address)));
  return g_strdup_printf ("user %ld", credentials != NULL ? (long) g_credentials_get_unix_user (credentials, NULL) : -1);
}

/* One message that says why, as far as the socket takes it at once. */
static void
turn_away (GSocket    *socket,
           const char *why)
{
  g_autofree char *body = g_strdup_printf ("{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32006,\"message\":\"%s\"}}",
                                           why);
  char message[512];
  gsize length = rmi_framer_header (message, strlen (body));

  g_socket_set_blocking (socket, FALSE);
  length += g_strlcpy (message + length, body, sizeof message - length);
  g_socket_send (socket, message, length, NULL, NULL);
  g_socket_close (socket, NULL);
}

/* @host (transfer full) was let in. */
static void
serve (RmiConnectionPool *self,
       GSocket           *socket,
       char              *host)
{
  RmiConnection *connection = rmi_connection_new_accepted (self->runtime, socket);

  rmi_connection_set_ended_func (connection, accepted_ended, self);
  g_hash_table_insert (self->accepted, connection, host);
}

/* Somebody on the way to another server. */
typedef struct
{
  RmiConnectionPool *server;     /* it runs there, or not at all */
  RmiAdmission      *admission;
  guint              number;
  GSocket           *socket;
  char              *host;       /* NULL: arrived */
} Transfer;

static void
transfer_cb (gpointer data,
             gpointer unused)
{
  Transfer *self = data;

  serve (self->server, self->socket, g_steal_pointer (&self->host));
}

static void
transfer_free (gpointer data)
{
  Transfer *self = data;

  if (self->host != NULL)
    rmi_admission_leave (self->admission, self->host, self->number);
  rmi_admission_unref (self->admission);
  g_object_unref (self->socket);
  g_free (self->host);
  g_free (self);
}

static void
transfer (RmiConnectionPool *self,
          RmiConnectionPool *server,
          GSocket           *socket,
          char              *host)
{
  Transfer *job = g_new (Transfer, 1);

  *job = (Transfer) { server, rmi_admission_ref (self->admission), server->server, g_object_ref (socket), host };
  rmi_poller_hand_over (server->runtime->poller, transfer_cb, job, transfer_free);
}

void
rmi_connection_pool_accept (RmiConnectionPool *self,
                            GSocket           *socket)
{
  const RmiLimits *limits;
  g_autofree char *host = host_of (self, socket, &limits);
  const char *why;
  guint server;

  if (!rmi_admission_enter (self->admission, host, limits, &server, &why))
    turn_away (socket, why);
  else if (self->servers == NULL)
    serve (self, socket, g_steal_pointer (&host));
  else
    transfer (self, self->servers[server], socket, g_steal_pointer (&host));
}

void
rmi_connection_pool_distribute (RmiConnectionPool  *self,
                                RmiConnectionPool **servers,
                                guint               n_servers)
{
  rmi_admission_unref (self->admission);
  self->admission = rmi_admission_new (n_servers);
  self->servers = g_memdup2 (servers, n_servers * sizeof *servers);
  for (guint i = 0; i < n_servers; i++)
    {
      rmi_admission_unref (servers[i]->admission);
      servers[i]->admission = rmi_admission_ref (self->admission);
      servers[i]->server = i;
    }
}

/* Endpoints come and go with processes: a closed connection that only this table holds is forgotten. */
static gboolean
is_forgotten (gpointer key,
              gpointer value,
              gpointer user_data)
{
  return rmi_connection_is_closed (value) && !rmi_connection_has_session (value)
         && g_atomic_int_get (&G_OBJECT (value)->ref_count) == 1;
}

RmiConnection *
rmi_connection_pool_dial (RmiConnectionPool *self,
                          const RmiEndpoint *endpoint)
{
  g_autofree char *uri = rmi_endpoint_to_uri (endpoint);
  RmiConnection *connection = g_hash_table_lookup (self->dialled, uri);

  if (connection == NULL)
    {
      g_hash_table_foreach_remove (self->dialled, is_forgotten, NULL);
      connection = rmi_connection_new_dialled (self->runtime, rmi_endpoint_parse (uri, NULL, NULL));
      g_hash_table_insert (self->dialled, g_steal_pointer (&uri), connection);
    }
  return connection;
}

/* @connections: taken, since closing one may change the table it came from. */
static void
shut_down_all (GList *connections)
{
  g_list_foreach (connections, (GFunc) (GCallback) g_object_ref, NULL);
  for (GList *link = connections; link != NULL; link = link->next)
    rmi_connection_shut_down (link->data);
  g_list_free_full (connections, g_object_unref);
}

void
rmi_connection_pool_close (RmiConnectionPool *self)
{
  shut_down_all (g_hash_table_get_keys (self->accepted));
  shut_down_all (g_hash_table_get_values (self->dialled));
}

RmiConnectionPool *
rmi_connection_pool_new (RmiRuntime *runtime)
{
  RmiConnectionPool *self = g_new0 (RmiConnectionPool, 1);

  self->runtime = rmi_runtime_ref (runtime);
  self->dialled = g_hash_table_new_full (rmi_siphash_str, g_str_equal, g_free, g_object_unref);
  self->accepted = g_hash_table_new_full (NULL, NULL, g_object_unref, g_free);
  self->admission = rmi_admission_new (1);
  return self;
}

void
rmi_connection_pool_free (RmiConnectionPool *self)
{
  GHashTableIter iter;
  gpointer connection;

  g_hash_table_iter_init (&iter, self->accepted);
  while (g_hash_table_iter_next (&iter, &connection, NULL))
    rmi_connection_set_ended_func (connection, NULL, NULL);

  g_hash_table_unref (self->dialled);
  g_hash_table_unref (self->accepted);
  rmi_admission_unref (self->admission);
  g_free (self->servers);
  rmi_runtime_unref (self->runtime);
  g_free (self);
}
