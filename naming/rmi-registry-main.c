/* naming/rmi-registry-main.c: the registry daemon
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A node that exports one registry. All there is to it is where it listens, and how it starts and
 * stops.
 */
#include "config.h"

#include "naming/rmi-registry-address-private.h"
#include "naming/rmi-registry-service-private.h"
#include "node/rmi-node.h"
#include "rmi/rmi-address-internal.h"

#include <errno.h>
#include <glib-unix.h>
#include <glib/gstdio.h>
#include <locale.h>

static char **listen_uris;
static gboolean no_user_socket;
static gboolean print_address;
static gboolean print_version;

static const GOptionEntry options[] = {
  { "listen", 'l', 0, G_OPTION_ARG_STRING_ARRAY, &listen_uris,
    "Listen at URI, too (may be given again)", "URI" },
  { "no-user-socket", 'n', 0, G_OPTION_ARG_NONE, &no_user_socket,
    "Do not listen at the user’s own socket", NULL },
  { "print-address", 'p', 0, G_OPTION_ARG_NONE, &print_address,
    "Print where it listens, one URI a line, when it is ready", NULL },
  { "version", 'V', 0, G_OPTION_ARG_NONE, &print_version, "Print the version and exit", NULL },
  { NULL }
};

static gboolean
stop_cb (gpointer user_data)
{
  g_main_loop_quit (user_data);
  return G_SOURCE_CONTINUE;
}

/* The folder of the user's own socket: nobody else may look in. */
static gboolean
make_folder (const char *uri,
             GError    **error)
{
  g_autoptr(RmiEndpoint) endpoint = rmi_endpoint_parse (uri, NULL, error);
  g_autofree char *folder = NULL;

  if (endpoint == NULL)
    return FALSE;
  folder = g_path_get_dirname (endpoint->socket_path);
  if (g_mkdir_with_parents (folder, 0700) == 0)
    return TRUE;
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "%s: %s", folder,
               g_strerror (errno));
  return FALSE;
}

static gboolean
listen_at (RmiNode       *node,
           const char    *uri,
           GStrvBuilder  *addresses,
           GError       **error)
{
  g_autofree char *address = rmi_node_listen (node, uri, NULL, error);

  if (address != NULL)
    g_strv_builder_add (addresses, address);
  else if (error != NULL && g_error_matches (*error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE))
    g_prefix_error (error, "is there a registry already? ");
  return address != NULL;
}

/* At all addresses or none; returns them as they are. */
static GStrv
start (RmiNode *node,
       GError **error)
{
  g_autoptr(RmiRegistryService) service = rmi_registry_service_new ();
  g_autoptr(GStrvBuilder) addresses = g_strv_builder_new ();
  g_autofree char *own = rmi_registry_dup_user_endpoint ();

  if (!rmi_node_export (node, RMI_REGISTRY_PATH, G_OBJECT (service), error))
    return NULL;
  if (!no_user_socket && (!make_folder (own, error) || !listen_at (node, own, addresses, error)))
    return NULL;
  for (char **uri = listen_uris; uri != NULL && *uri != NULL; uri++)
    if (!listen_at (node, *uri, addresses, error))
      return NULL;
  return g_strv_builder_end (addresses);
}

static gboolean
parse_options (int     *argc,
               char  ***argv,
               GError **error)
{
  g_autoptr(GOptionContext) context = g_option_context_new ("– the names of rmi-glib’s objects");

  g_option_context_add_main_entries (context, options, NULL);
  if (!g_option_context_parse (context, argc, argv, error))
    return FALSE;
  if (no_user_socket && listen_uris == NULL)
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED, "--no-user-socket needs a --listen");
      return FALSE;
    }
  if (*argc == 1)
    return TRUE;
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED, "unexpected argument “%s”",
               (*argv)[1]);
  return FALSE;
}

/* "Ready" is said when signals are heeded: whoever reads it may stop us. */
static void
serve (RmiNode           *node,
       const char *const *addresses)
{
  g_autoptr(GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  guint on_term = g_unix_signal_add (SIGTERM, stop_cb, loop);
  guint on_interrupt = g_unix_signal_add (SIGINT, stop_cb, loop);

  for (guint i = 0; print_address && addresses[i] != NULL; i++)
    g_print ("%s\n", addresses[i]);
  g_main_loop_run (loop);
  g_source_remove (on_term);
  g_source_remove (on_interrupt);
  rmi_node_close (node);
}

int
main (int   argc,
      char *argv[])
{
  g_autoptr(RmiNode) node = NULL;
  g_autoptr(GError) error = NULL;
  g_auto(GStrv) addresses = NULL;

  setlocale (LC_ALL, "");
  if (!parse_options (&argc, &argv, &error))
    {
      g_printerr ("rmi-registry: %s\n", error->message);
      return 1;
    }
  if (print_version)
    {
      g_print ("rmi-registry %s\n", RMI_VERSION);
      return 0;
    }
  node = rmi_node_new ();
  addresses = start (node, &error);
  if (addresses == NULL)
    {
      g_printerr ("rmi-registry: %s\n", error->message);
      return 2;
    }
  serve (node, (const char *const *) addresses);
  return 0;
}
