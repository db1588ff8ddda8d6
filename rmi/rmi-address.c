/* rmi/rmi-address.c: one endpoint URI as something to dial or to listen on
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "config.h"
#include "rmi/rmi-address-internal.h"

#include <gio/gunixsocketaddress.h>

#include "rmi/rmi-error.h"
#include "rmi/rmi-message-internal.h"
#include "rmi/rmi-text-internal.h"

#define MAX_URI 2048
#define MAX_SOCKET_PATH 107       /* of sockaddr_un, without its NUL */

static const struct
{
  const char   *prefix;
  RmiTransport  transport;
} schemes[] = {
  { "rmi://", RMI_TRANSPORT_TCP },
  { "rmis://", RMI_TRANSPORT_TLS },
  { "rmi+unix://", RMI_TRANSPORT_UNIX },
  { "rmi-memory:", RMI_TRANSPORT_MEMORY },
};

static gboolean
fail (GError     **error,
      const char  *uri,
      const char  *what)
{
  g_autofree char *shown = g_utf8_make_valid (uri, (gssize) strnlen (uri, 200));

  rmi_text_show (&shown);
  g_set_error (error, RMI_ERROR, RMI_ERROR_INVALID_ARGUMENTS, "\"%s\": %s", shown, what);
  return FALSE;
}

static gboolean
parse_port (RmiEndpoint  *self,
            const char   *uri,
            const char   *text,
            GError      **error)
{
  guint64 port;

  if (*text == '\0')
    return fail (error, uri, "the port is missing after the colon");
  if (!g_ascii_string_to_unsigned (text, 10, 0, G_MAXUINT16, &port, NULL))
    return fail (error, uri, "the port is no number from 0 to 65535");
  self->port = (guint16) port;
  return TRUE;
}

static gboolean
has_control (const char *text)
{
  const char *end = text + strlen (text);
  guint code;

  for (; text < end; text++)
    if (rmi_text_match_control (text, end, &code) > 0)
      return TRUE;
  return FALSE;
}

/* "host", "host:7640", "[::1]:7640", ":7640" */
static gboolean
parse_host (RmiEndpoint  *self,
            const char   *uri,
            const char   *authority,
            GError      **error)
{
  const char *end;
  const char *rest;

  self->port = RMI_DEFAULT_PORT;
  if (*authority == '[')
    {
      end = strchr (authority, ']');
      if (end == NULL)
        return fail (error, uri, "the IPv6 address has no closing bracket");
      self->host = g_strndup (authority + 1, (gsize) (end - authority - 1));
      if (!g_hostname_is_ip_address (self->host))
        return fail (error, uri, "there is no IPv6 address in the brackets");
      rest = end + 1;
    }
  else
    {
      rest = authority + strcspn (authority, ":");
      self->host = g_strndup (authority, (gsize) (rest - authority));
    }

  if (strpbrk (self->host, "@ %?#") != NULL || has_control (self->host))
    return fail (error, uri, "the host name has a character that host names do not have");
  if (*rest == '\0')
    return *self->host != '\0' || fail (error, uri, "the host is missing");
  if (*rest != ':')
    return fail (error, uri, "only a port may follow the host");
  return parse_port (self, uri, rest + 1, error);
}

static gboolean
parse_socket_path (RmiEndpoint  *self,
                   const char   *uri,
                   const char   *authority,
                   GError      **error)
{
  self->socket_path = g_uri_unescape_string (authority, NULL);
  if (self->socket_path == NULL)
    return fail (error, uri, "the socket's path has a bad escape");
  if (self->socket_path[0] != '/')
    return fail (error, uri, "the socket's path must be absolute, with its slashes written %2F");
  if (strlen (self->socket_path) > MAX_SOCKET_PATH)
    return fail (error, uri, "the socket's path is longer than 107 bytes");
  return TRUE;
}

static gboolean
parse (RmiEndpoint  *self,
       const char   *uri,
       const char   *authority,
       GError      **error)
{
  switch (self->transport)
    {
    case RMI_TRANSPORT_UNIX:
      return parse_socket_path (self, uri, authority, error);
    case RMI_TRANSPORT_MEMORY:
      return *authority == '\0' || fail (error, uri, "nothing follows rmi-memory:");
    case RMI_TRANSPORT_TCP:
    case RMI_TRANSPORT_TLS:
    default:
      return parse_host (self, uri, authority, error);
    }
}

RmiEndpoint *
rmi_endpoint_parse (const char  *uri,
                    char       **path,
                    GError     **error)
{
  g_autoptr(RmiEndpoint) self = g_new0 (RmiEndpoint, 1);
  g_autofree char *authority = NULL;
  const char *rest = NULL;
  const char *slash;

  for (gsize i = 0; i < G_N_ELEMENTS (schemes) && rest == NULL; i++)
    if (g_str_has_prefix (uri, schemes[i].prefix))
      {
        self->transport = schemes[i].transport;
        rest = uri + strlen (schemes[i].prefix);
      }
  if (rest == NULL || strlen (uri) > MAX_URI)
    {
      fail (error, uri, "not a URI of rmi://, rmi+unix:// or rmi-memory:");
      return NULL;
    }

  slash = rest + strcspn (rest, "/");
  authority = g_strndup (rest, (gsize) (slash - rest));
  if (!parse (self, uri, authority, error))
    return NULL;
  if (*slash == '\0')
    slash = "/";
  if (!rmi_path_is_valid (slash))
    {
      fail (error, uri, "what follows the endpoint is no object path");
      return NULL;
    }
  if (path != NULL)
    *path = g_strdup (slash);
  return g_steal_pointer (&self);
}

void
rmi_endpoint_free (RmiEndpoint *self)
{
  g_free (self->host);
  g_free (self->socket_path);
  g_free (self);
}

char *
rmi_endpoint_to_uri (const RmiEndpoint *self)
{
  const char *prefix = schemes[0].prefix;
  gboolean is_ipv6;

  for (gsize i = 0; i < G_N_ELEMENTS (schemes); i++)
    if (schemes[i].transport == self->transport)
      prefix = schemes[i].prefix;

  if (self->transport == RMI_TRANSPORT_MEMORY)
    return g_strdup (prefix);
  if (self->transport == RMI_TRANSPORT_UNIX)
    {
      g_autofree char *escaped = g_uri_escape_string (self->socket_path, NULL, FALSE);

      return g_strconcat (prefix, escaped, NULL);
    }

  is_ipv6 = strchr (self->host, ':') != NULL;
  return g_strdup_printf ("%s%s%s%s:%u", prefix, is_ipv6 ? "[" : "", self->host, is_ipv6 ? "]" : "", self->port);
}

GSocketConnectable *
rmi_endpoint_get_connectable (const RmiEndpoint *self)
{
  if (self->transport == RMI_TRANSPORT_UNIX)
    return G_SOCKET_CONNECTABLE (g_unix_socket_address_new (self->socket_path));

  return g_network_address_new (self->host, self->port);
}
