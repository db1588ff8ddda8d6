/* naming/rmi-provider.c: what a registry takes for a provider
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "config.h"
#include "naming/rmi-provider-private.h"

#include "naming/rmi-registry-service-private.h"
#include "rmi/rmi-address-internal.h"
#include "rmi/rmi-error.h"

#include <string.h>

#define ITEM_BYTES 16                   /* what a string costs beyond its text */
#define LOOPBACK "127.0.0.1"

static gsize
text_bytes (const char *text)
{
  return ITEM_BYTES + (text != NULL ? strlen (text) : 0);
}

static gsize
strv_bytes (const char *const *strings)
{
  gsize bytes = ITEM_BYTES;

  for (guint i = 0; strings != NULL && strings[i] != NULL; i++)
    bytes += text_bytes (strings[i]);
  return bytes;
}

gsize
rmi_provider_get_bytes (RmiNamesProvider *provider)
{
  return strv_bytes (rmi_names_provider_get_endpoints (provider))
         + text_bytes (rmi_names_provider_get_path (provider))
         + strv_bytes (rmi_names_provider_get_interfaces (provider))
         + text_bytes (rmi_names_provider_get_node (provider));
}

/* The host that a peer comes from; one on a Unix socket is on this machine. */
static char *
dup_remote_host (RmiConnection *connection)
{
  g_autofree char *address = rmi_connection_dup_remote_address (connection);
  g_autoptr(GSocketConnectable) parsed = NULL;

  if (address != NULL)
    parsed = g_network_address_parse (address, 0, NULL);
  if (parsed == NULL)
    return g_strdup (LOOPBACK);
  return g_strdup (g_network_address_get_hostname (G_NETWORK_ADDRESS (parsed)));
}

static gboolean
is_wildcard (const RmiEndpoint *endpoint)
{
  return (endpoint->transport == RMI_TRANSPORT_TCP || endpoint->transport == RMI_TRANSPORT_TLS)
         && (endpoint->host[0] == '\0' || g_str_equal (endpoint->host, "0.0.0.0")
             || g_str_equal (endpoint->host, "::"));
}

static char *
complete_endpoint (const char    *uri,
                   RmiConnection *connection,
                   GError       **error)
{
  g_autofree char *path = NULL;
  g_autoptr(RmiEndpoint) endpoint = rmi_endpoint_parse (uri, &path, error);

  if (endpoint == NULL)
    return NULL;
  if (endpoint->transport == RMI_TRANSPORT_MEMORY || !g_str_equal (path, "/"))
    {
      g_set_error (error, RMI_ERROR, RMI_ERROR_INVALID_ARGUMENTS,
                   "“%s” is not an endpoint that others can dial", uri);
      return NULL;
    }
  if (is_wildcard (endpoint))
    {
      g_free (endpoint->host);
      endpoint->host = dup_remote_host (connection);
    }
  return rmi_endpoint_to_uri (endpoint);
}

/* Endpoints of peers only: a local object needs none. */
static GStrv
complete_endpoints (const char *const *uris,
                    RmiConnection     *connection,
                    GError           **error)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; uris != NULL && uris[i] != NULL; i++)
    {
      g_autofree char *uri = complete_endpoint (uris[i], connection, error);

      if (uri == NULL)
        return NULL;
      g_strv_builder_add (builder, uri);
    }
  return g_strv_builder_end (builder);
}

static gboolean
check_reference (const char *const *endpoints,
                 RmiNamesProvider  *provider,
                 GError           **error)
{
  g_autoptr(RmiReference) reference = NULL;
  const char *path = rmi_names_provider_get_path (provider);

  if (endpoints[0] == NULL || path == NULL)
    {
      g_set_error (error, RMI_ERROR, RMI_ERROR_INVALID_ARGUMENTS, "The provider has no %s",
                   path == NULL ? "path" : "endpoint");
      return FALSE;
    }
  reference =
      rmi_reference_new (endpoints, path, rmi_names_provider_get_interfaces (provider), error);
  return reference != NULL;
}

RmiNamesProvider *
rmi_provider_complete (RmiNamesProvider *provider,
                       RmiConnection    *connection,
                       GError          **error)
{
  gsize bytes = rmi_provider_get_bytes (provider);
  g_auto(GStrv) endpoints = NULL;

  if (bytes > RMI_REGISTRY_MAX_PROVIDER_BYTES)
    {
      g_set_error (error, RMI_ERROR, RMI_ERROR_LIMIT,
                   "A provider of %" G_GSIZE_FORMAT " bytes exceeds the registry’s limit of %u",
                   bytes, RMI_REGISTRY_MAX_PROVIDER_BYTES);
      return NULL;
    }
  endpoints = complete_endpoints (rmi_names_provider_get_endpoints (provider), connection, error);
  if (endpoints == NULL)
    return NULL;
  if (connection != NULL && !check_reference ((const char *const *) endpoints, provider, error))
    return NULL;
  return g_object_new (RMI_NAMES_TYPE_PROVIDER,
                       "endpoints", endpoints,
                       "path", rmi_names_provider_get_path (provider),
                       "interfaces", rmi_names_provider_get_interfaces (provider),
                       "node", rmi_names_provider_get_node (provider),
                       NULL);
}
