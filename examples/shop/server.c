/* examples/shop/server.c: a process with an object that others find by name
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "server.h"

#include <glib-unix.h>
#include <locale.h>
#include <unistd.h>

#define LEASE_S 10

Server *
server_new (int          *argc,
            char       ***argv,
            const char   *usage,
            GError      **error)
{
  g_autofree char *uri = NULL;
  g_autofree char *endpoint = NULL;
  const GOptionEntry options[] = {
    { "listen", 0, 0, G_OPTION_ARG_STRING, &uri, "Listen on this, not on a private socket",
      "rmi://HOST:PORT" },
    { NULL },
  };
  g_autoptr(GOptionContext) context = g_option_context_new (usage);
  g_autoptr(Server) self = g_new0 (Server, 1);

  setlocale (LC_ALL, "");
  g_option_context_add_main_entries (context, options, NULL);
  if (!g_option_context_parse (context, argc, argv, error))
    return NULL;
  if (*argc != (usage != NULL ? 2 : 1))
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED, "see --help for the arguments");
      return NULL;
    }

  self->node = rmi_node_new ();
  /* Goods that a program reserved which is gone are for sale again so soon; its connection may come back until then. */
  g_object_set (self->node, "local-limit-lease-s", LEASE_S, "limit-lease-s", LEASE_S, NULL);
  endpoint = rmi_node_listen (self->node, uri, NULL, error);
  if (endpoint == NULL)
    return NULL;
  self->naming = rmi_naming_open (self->node, NULL, NULL, error);
  return self->naming != NULL ? g_steal_pointer (&self) : NULL;
}

void
server_free (Server *self)
{
  g_clear_object (&self->naming);
  g_clear_object (&self->node);
  g_free (self);
}

static gboolean
stop_cb (gpointer user_data)
{
  g_main_loop_quit (user_data);
  return G_SOURCE_CONTINUE;
}

gboolean
server_run (Server      *self,
            const char  *name,
            GObject     *object,
            GError     **error)
{
  g_autoptr(GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_auto(GStrv) endpoints = NULL;
  guint sigint, sigterm;

  if (!rmi_naming_bind (self->naming, name, object, NULL, error))
    return FALSE;
  sigint = g_unix_signal_add (SIGINT, stop_cb, loop);
  sigterm = g_unix_signal_add (SIGTERM, stop_cb, loop);
  endpoints = rmi_node_list_endpoints (self->node);
  g_print ("%s: process %d at %s\n", name, getpid (), endpoints[0]);

  g_main_loop_run (loop);
  g_source_remove (sigterm);
  g_source_remove (sigint);
  rmi_node_close (self->node);         /* the name goes with the connection to the registry */
  return TRUE;
}
