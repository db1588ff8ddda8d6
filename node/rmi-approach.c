/* node/rmi-approach.c: the way to a third party's object itself
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * An id is a secret: it is told only to a peer that has said it is the node where the object lives.
 */
#include "config.h"
#include "node/rmi-approach-private.h"

#include "rmi/rmi-call-internal.h"
#include "rmi/rmi-message-internal.h"
#include "rmi/rmi-reader-internal.h"
#include "rmi/rmi-writer-internal.h"

#define SAME_MACHINE "local"
#define MOST_ENDPOINTS 8

typedef struct
{
  RmiStub       *stub;
  RmiConnection *connection;      /* to where its object lives, if that is true */
  char          *node;
  char          *path;
} Approach;

static void
approach_free (Approach *self)
{
  g_object_unref (self->stub);
  g_object_unref (self->connection);
  g_free (self->node);
  g_free (self->path);
  g_free (self);
}

/* ---- the policy ---- */

static gboolean
is_on_this_machine (const RmiEndpoint *endpoint)
{
  g_autoptr(GInetAddress) address = NULL;

  if (endpoint->transport == RMI_TRANSPORT_UNIX)
    return TRUE;
  if (g_ascii_strcasecmp (endpoint->host, "localhost") == 0)
    return TRUE;
  address = g_inet_address_new_from_string (endpoint->host);
  return address != NULL && g_inet_address_get_is_loopback (address);
}

/* An endpoint of one machine means another one elsewhere: it is for peers that are here, and comes from such. */
static gboolean
is_allowed (RmiNode           *self,
            const RmiEndpoint *endpoint,
            RmiConnection     *other)
{
  g_autofree char *with_port = NULL;

  if (endpoint->transport != RMI_TRANSPORT_UNIX && endpoint->transport != RMI_TRANSPORT_TCP)
    return FALSE;
  if (is_on_this_machine (endpoint))
    return self->direct_dial != NULL && g_strv_contains ((const char *const *) self->direct_dial, SAME_MACHINE)
           && rmi_connection_is_on_this_machine (other);

  with_port = g_strdup_printf ("%s:%u", endpoint->host, endpoint->port);
  for (guint i = 0; self->direct_dial != NULL && self->direct_dial[i] != NULL; i++)
    if (g_ascii_strcasecmp (self->direct_dial[i], endpoint->host) == 0 || g_ascii_strcasecmp (self->direct_dial[i], with_port) == 0)
      return TRUE;
  return FALSE;
}

char *
rmi_approach_list_ways (RmiNode       *self,
                        RmiStub       *stub,
                        RmiConnection *receiver)
{
  const char *uri = rmi_connection_get_uri (rmi_stub_get_connection (stub));
  g_autoptr(RmiEndpoint) endpoint = uri != NULL && self->direct_dial != NULL ? rmi_endpoint_parse (uri, NULL, NULL) : NULL;
  g_autoptr(RmiWriter) writer = NULL;
  RmiSlice text;

  if (endpoint == NULL || !is_allowed (self, endpoint, receiver))
    return NULL;

  writer = rmi_writer_new (NULL, NULL);
  rmi_writer_begin_array (writer);
  rmi_writer_add_string (writer, uri);
  rmi_writer_end_array (writer);
  return rmi_writer_finish (writer, &text, NULL) ? g_strndup (text.data, text.length) : NULL;
}

static RmiEndpoint *
choose (RmiNode       *self,
        const char    *at,
        RmiConnection *introducer)
{
  RmiSlice text = { at, strlen (at) };
  RmiEndpoint *chosen = NULL;
  RmiReader reader;
  guint n = 0;

  rmi_reader_init (&reader, text, NULL, NULL, RMI_ERROR_INVALID_ARGUMENTS, "at");
  for (rmi_reader_begin_array (&reader); chosen == NULL && n < MOST_ENDPOINTS && rmi_reader_next_element (&reader); n++)
    {
      g_autofree char *uri = rmi_reader_get_string (&reader);
      g_autoptr(RmiEndpoint) endpoint = uri != NULL ? rmi_endpoint_parse (uri, NULL, NULL) : NULL;

      if (endpoint != NULL && is_allowed (self, endpoint, introducer))
        chosen = g_steal_pointer (&endpoint);
    }
  rmi_reader_finish (&reader, NULL);
  return chosen;
}

/* ---- the way ---- */

static void
held_cb (RmiCall  *call,
         gpointer  user_data)
{
  Approach *self = user_data;
  g_autoptr(GObject) object = NULL;

  if (rmi_call_get_error (call) == NULL)
    object = rmi_reader_get_object (rmi_call_get_reader (call), RMI_TYPE_STUB);
  if (object != NULL && rmi_stub_get_connection (RMI_STUB (object)) == self->connection)
    rmi_stub_move (self->stub, RMI_STUB (object));
  approach_free (self);
}

static void
reached_cb (RmiCall  *call,
            gpointer  user_data)
{
  Approach *self = user_data;
  RmiCall *next;

  if (rmi_call_get_error (call) != NULL || g_strcmp0 (rmi_connection_get_peer_node (self->connection), self->node) != 0)
    {
      approach_free (self);
      return;
    }
  next = rmi_call_new_by_name (self->connection, self->path, "rpc.hold", 0);
  rmi_writer_add_raw (rmi_call_get_writer (next), "[]", 2);
  rmi_call_forward (next, NULL, FALSE, held_cb, self);
}

void
rmi_approach_start (RmiNode    *self,
                    RmiStub    *stub,
                    const char *at,
                    const char *owner)
{
  g_autoptr(RmiEndpoint) endpoint = choose (self, at, rmi_stub_get_connection (stub));
  const char *slash = strchr (owner, '/');
  Approach *approach;
  RmiCall *call;

  if (endpoint == NULL)
    return;

  approach = g_new (Approach, 1);
  *approach = (Approach) { g_object_ref (stub), g_object_ref (rmi_connection_pool_dial (self->connections, endpoint)),
                           g_strndup (owner, slash - owner), g_strdup (slash) };
  call = rmi_call_new_system (approach->connection, "rpc.ping");
  rmi_writer_add_raw (rmi_call_get_writer (call), "[]", 2);
  rmi_call_forward (call, NULL, FALSE, reached_cb, approach);
}
