/* naming/rmi-registry-address.c: where registries are
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "config.h"
#include "naming/rmi-registry-address-private.h"

#include "naming/rmi-registry-service-private.h"
#include "rmi/rmi-address-internal.h"

#include <unistd.h>

/* g_get_user_runtime_dir() falls back to the cache folder; sessions without the variable often have
 * the real one all the same. */
static char *
dup_runtime_dir (void)
{
  const char *named = g_getenv ("XDG_RUNTIME_DIR");
  g_autofree char *usual = g_strdup_printf ("/run/user/%u", (unsigned) getuid ());

  if (named != NULL && g_path_is_absolute (named))
    return g_strdup (named);
  if (g_file_test (usual, G_FILE_TEST_IS_DIR))
    return g_steal_pointer (&usual);
  return g_strdup (g_get_user_runtime_dir ());
}

char *
rmi_registry_dup_user_endpoint (void)
{
  g_autofree char *folder = dup_runtime_dir ();
  g_autofree char *socket_path = g_build_filename (folder, "rmi", "registry.sock", NULL);
  RmiEndpoint endpoint = { .transport = RMI_TRANSPORT_UNIX, .socket_path = socket_path };

  return rmi_endpoint_to_uri (&endpoint);
}

char *
rmi_registry_resolve_uri (const char *uri,
                          GError    **error)
{
  g_autofree char *own = NULL;
  g_autofree char *path = NULL;
  g_autofree char *canonical = NULL;
  g_autoptr(RmiEndpoint) endpoint = NULL;

  if (uri == NULL)
    uri = g_getenv ("RMI_REGISTRY");
  if (uri == NULL || uri[0] == '\0')
    uri = own = rmi_registry_dup_user_endpoint ();
  endpoint = rmi_endpoint_parse (uri, &path, error);
  if (endpoint == NULL)
    {
      g_prefix_error (error, "Registry “%s”: ", uri);
      return NULL;
    }
  if (endpoint->transport == RMI_TRANSPORT_MEMORY)
    return g_strdup (RMI_REGISTRY_MEMORY_URI);
  canonical = rmi_endpoint_to_uri (endpoint);
  return g_strconcat (canonical, g_str_equal (path, "/") ? RMI_REGISTRY_PATH : path, NULL);
}
