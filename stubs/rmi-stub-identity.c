/* stubs/rmi-stub-identity.c: whether two stubs are of one object
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * An implicit id is a secret, so whoever knows it, and says at which node it is, names that very object, by whatever connection it
 * came. A path is public: anybody could claim to pass on the object at somebody else's, so there only the connection counts.
 */
#include "config.h"
#include "stubs/rmi-stub-private.h"

static gboolean
is_secret (const char *owner)
{
  return owner != NULL && rmi_path_is_implicit (strchr (owner, '/'));
}

/**
 * rmi_same_object:
 * @a: (type GObject): an object, or a stub
 * @b: (type GObject): another one
 *
 * Different stubs of one remote object are the same object: views of it as different interfaces, with different timeouts, and, of
 * objects that have no path, also stubs that came from different peers.
 *
 * Returns: whether both are the same object
 *
 * Since: 1.0
 */
gboolean
rmi_same_object (gpointer a,
                 gpointer b)
{
  RmiStubPrivate *one, *other;
  RmiRoute one_route, other_route;

  if (a == b)
    return TRUE;
  if (!RMI_IS_STUB (a) || !RMI_IS_STUB (b))
    return FALSE;

  one = rmi_stub_get_private (a);
  other = rmi_stub_get_private (b);
  if (is_secret (one->owner) || is_secret (other->owner))
    return g_strcmp0 (one->owner, other->owner) == 0;
  one_route = rmi_stub_get_route (a);
  other_route = rmi_stub_get_route (b);
  return one_route.connection == other_route.connection && g_strcmp0 (one_route.path, other_route.path) == 0;
}

/**
 * rmi_object_hash:
 * @object: (type GObject): an object, or a stub
 *
 * For hash tables whose keys are objects and stubs, together with rmi_same_object().
 *
 * Returns: a number that is the same for the same object
 *
 * Since: 1.0
 */
guint
rmi_object_hash (gpointer object)
{
  RmiStubPrivate *priv;

  if (!RMI_IS_STUB (object))
    return g_direct_hash (object);

  /* The path where it lives: that stays if the way to it changes. */
  priv = rmi_stub_get_private (object);
  if (priv->owner != NULL)
    return g_str_hash (strchr (priv->owner, '/'));
  return g_str_hash (priv->path != NULL ? priv->path : "");
}
