/* rmi/rmi-reference.c: names an object wherever it is
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Nothing is dialled or resolved here. What comes in is checked whole, so whoever holds a reference
 * can use its parts without looking twice.
 */
#include "config.h"
#include "rmi/rmi-address-internal.h"

#include <string.h>

#include "rmi/rmi-error.h"
#include "rmi/rmi-message-internal.h"

struct _RmiReference
{
  gatomicrefcount  ref_count;
  char           **endpoints;      /* canonical URIs without path; one at least */
  char            *path;
  char           **interfaces;
};

G_DEFINE_BOXED_TYPE (RmiReference, rmi_reference, rmi_reference_ref, rmi_reference_unref)

static gboolean G_GNUC_PRINTF (2, 3)
fail (GError     **error,
      const char  *format,
      ...)
{
  va_list arguments;

  if (error != NULL)
    {
      va_start (arguments, format);
      *error = g_error_new_valist (RMI_ERROR, RMI_ERROR_INVALID_ARGUMENTS, format, arguments);
      va_end (arguments);
    }
  return FALSE;
}

/* The canonical form of @uri, which has no path. NULL with @error. */
static char *
parse_endpoint (const char  *uri,
                GError     **error)
{
  g_autoptr(RmiEndpoint) endpoint = NULL;
  g_autofree char *path = NULL;

  endpoint = rmi_endpoint_parse (uri, &path, error);
  if (endpoint == NULL)
    return NULL;
  if (!g_str_equal (path, "/"))
    {
      fail (error, "\"%.200s\": an endpoint has no path", uri);
      return NULL;
    }
  return rmi_endpoint_to_uri (endpoint);
}

/* NULL with @error if there is none, or a bad one. */
static GStrv
parse_endpoints (const char *const  *uris,
                 GError            **error)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  gsize i;

  if (uris == NULL || uris[0] == NULL)
    {
      fail (error, "A reference needs an endpoint");
      return NULL;
    }
  for (i = 0; uris[i] != NULL; i++)
    {
      g_autofree char *endpoint = parse_endpoint (uris[i], error);

      if (endpoint == NULL)
        return NULL;
      g_strv_builder_add (builder, endpoint);
    }
  return g_strv_builder_end (builder);
}

static gboolean
check_interfaces (const char *const  *interfaces,
                  GError            **error)
{
  gsize i;

  for (i = 0; interfaces != NULL && interfaces[i] != NULL; i++)
    if (!g_dbus_is_interface_name (interfaces[i]))
      return fail (error, "\"%.200s\" is no name of an interface", interfaces[i]);
  return TRUE;
}

/**
 * rmi_reference_new:
 * @endpoints: (array zero-terminated=1): where the object's process listens: URIs without path, one
 * at least, the preferred one first
 * @path: the object's path there
 * @interfaces: (array zero-terminated=1) (nullable): the interfaces it is known to have
 * @error: return location for an error
 *
 * Returns: (transfer full): a new reference, or %NULL with %RMI_ERROR_INVALID_ARGUMENTS
 *
 * Since: 1.0
 */
RmiReference *
rmi_reference_new (const char *const  *endpoints,
                   const char         *path,
                   const char *const  *interfaces,
                   GError            **error)
{
  static const char *const none[] = { NULL };
  g_auto(GStrv) uris = NULL;
  RmiReference *self;

  g_return_val_if_fail (path != NULL, NULL);

  uris = parse_endpoints (endpoints, error);
  if (uris == NULL || !check_interfaces (interfaces, error))
    return NULL;
  if (!rmi_path_is_valid (path))
    {
      fail (error, "\"%.200s\" is no object path", path);
      return NULL;
    }

  self = g_new0 (RmiReference, 1);
  g_atomic_ref_count_init (&self->ref_count);
  self->endpoints = g_steal_pointer (&uris);
  self->path = g_strdup (path);
  self->interfaces = g_strdupv ((char **) (interfaces != NULL ? interfaces : none));
  return self;
}

/**
 * rmi_reference_new_for_uri:
 * @uri: an endpoint and a path, as `rmi://shop.example.org/warehouse`
 * @error: return location for an error
 *
 * Without a path, the reference is to the object at `/`.
 *
 * Returns: (transfer full): a new reference that knows of no interfaces, or %NULL with
 *   %RMI_ERROR_INVALID_ARGUMENTS
 *
 * Since: 1.0
 */
RmiReference *
rmi_reference_new_for_uri (const char  *uri,
                           GError     **error)
{
  g_autoptr(RmiEndpoint) endpoint = NULL;
  g_autofree char *path = NULL;
  g_autofree char *endpoint_uri = NULL;

  g_return_val_if_fail (uri != NULL, NULL);

  endpoint = rmi_endpoint_parse (uri, &path, error);
  if (endpoint == NULL)
    return NULL;
  endpoint_uri = rmi_endpoint_to_uri (endpoint);
  return rmi_reference_new ((const char *const[]) { endpoint_uri, NULL }, path, NULL, error);
}

/**
 * rmi_reference_ref:
 * @self: a reference
 *
 * Returns: (transfer full): @self
 *
 * Since: 1.0
 */
RmiReference *
rmi_reference_ref (RmiReference *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

/**
 * rmi_reference_unref:
 * @self: (transfer full): a reference
 *
 * Since: 1.0
 */
void
rmi_reference_unref (RmiReference *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_strfreev (self->endpoints);
  g_free (self->path);
  g_strfreev (self->interfaces);
  g_free (self);
}

/**
 * rmi_reference_get_endpoints:
 * @self: a reference
 *
 * Returns: (transfer none) (array zero-terminated=1): where the object's process listens, one URI
 * at least
 *
 * Since: 1.0
 */
const char *const *
rmi_reference_get_endpoints (RmiReference *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return (const char *const *) self->endpoints;
}

/**
 * rmi_reference_get_path:
 * @self: a reference
 *
 * Returns: (transfer none): the object's path in its process
 *
 * Since: 1.0
 */
const char *
rmi_reference_get_path (RmiReference *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->path;
}

/**
 * rmi_reference_get_interfaces:
 * @self: a reference
 *
 * Returns: (transfer none) (array zero-terminated=1): the names of the interfaces that the object
 * is known to have, possibly none
 *
 * Since: 1.0
 */
const char *const *
rmi_reference_get_interfaces (RmiReference *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return (const char *const *) self->interfaces;
}

/**
 * rmi_reference_to_uri:
 * @self: a reference
 *
 * The first endpoint and the path in one. The interfaces are not in it.
 *
 * Returns: (transfer full): a URI for rmi_reference_new_for_uri()
 *
 * Since: 1.0
 */
char *
rmi_reference_to_uri (RmiReference *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_strconcat (self->endpoints[0], self->path, NULL);
}
