/* node/rmi-connection-pool.c: the connections of a node
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "config.h"
#include "node/rmi-connection-pool-private.h"

#include "rmi/rmi-connection-internal.h"
#include "rmi/rmi-framer-internal.h"

#define OWN_USER ""          /* over a Unix socket; has limits of its own */

struct _RmiConnectionPool
{
  RmiRuntime *runtime;
  GHashTable *dialled;       /* endpoint URI → RmiConnection */
  GHashTable *accepted;      /* RmiConnection → host, OWN_USER or another user's name */
  GHashTable *hosts;         /* host → number of accepted connections */
};

static guint
count_of_host (RmiConnectionPool *self,
               const char        *host)
{
  return GPOINTER_TO_UINT (g_hash_table_lookup (self->hosts, host));
}

static void
set_count_of_host (RmiConnectionPool *self,
                   const char        *host,
                   guint              count)
{
  if (count == 0)
    g_hash_table_remove (self->hosts, host);
  else
    g_hash_table_replace (self->hosts, g_strdup (host), GUINT_TO_POINTER (count));
}

static void
accepted_closed_cb (RmiConnection *connection,
                    const GError  *error,
                    gpointer       user_data)
{
  RmiConnectionPool *self = user_data;
  g_autofree char *host = NULL;
  gpointer kept = NULL;

  if (!g_hash_table_steal_extended (self->accepted, connection, &kept, (gpointer *) &host))
    return;
  set_count_of_host (self, host, count_of_host (self, host) - 1);
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
    return g_strdup (OWN_USER);
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

void
rmi_connection_pool_accept (RmiConnectionPool *self,
                            GSocket           *socket)
{
  const RmiLimits *limits;
  g_autofree char *host = host_of (self, socket, &limits);
  gboolean is_own = g_str_equal (host, OWN_USER);
  guint n_own = count_of_host (self, OWN_USER);
  guint n_likewise = is_own ? n_own : g_hash_table_size (self->accepted) - n_own;
  RmiConnection *connection;

  if (n_likewise >= limits->connections)
    {
      turn_away (socket, "This node has reached its limit of connections");
      return;
    }
  if (!is_own && count_of_host (self, host) >= limits->connections_per_host)
    {
      turn_away (socket, "This node has reached its limit of connections from one address");
      return;
    }

  connection = rmi_connection_new_accepted (self->runtime, socket);
  g_signal_connect (connection, "closed", G_CALLBACK (accepted_closed_cb), self);
  set_count_of_host (self, host, count_of_host (self, host) + 1);
  g_hash_table_insert (self->accepted, connection, g_steal_pointer (&host));
}

/* Endpoints come and go with processes: a closed connection that only this table holds is forgotten. */
static gboolean
is_forgotten (gpointer key,
              gpointer value,
              gpointer user_data)
{
  return rmi_connection_is_closed (value) && g_atomic_int_get (&G_OBJECT (value)->ref_count) == 1;
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
  self->dialled = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  self->accepted = g_hash_table_new_full (NULL, NULL, g_object_unref, g_free);
  self->hosts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  return self;
}

void
rmi_connection_pool_free (RmiConnectionPool *self)
{
  GHashTableIter iter;
  gpointer connection;

  g_hash_table_iter_init (&iter, self->accepted);
  while (g_hash_table_iter_next (&iter, &connection, NULL))
    g_signal_handlers_disconnect_by_data (connection, self);

  g_hash_table_unref (self->dialled);
  g_hash_table_unref (self->accepted);
  g_hash_table_unref (self->hosts);
  rmi_runtime_unref (self->runtime);
  g_free (self);
}
