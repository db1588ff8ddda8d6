/* naming/rmi-resolver.c: from a provider to its object
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A local object is itself. Else the endpoints are dialled in order until one of them has the
 * provider's node behind it: a Unix socket of the same path may be another process's on this
 * machine.
 */
#include "config.h"
#include "naming/rmi-resolver-private.h"

#include "naming/rmi-naming.h"
#include "rmi/rmi-connection.h"
#include "rmi/rmi-error.h"
#include "rmi/rmi-interface-entry.h"
#include "rmi/rmi-text-internal.h"
#include "stubs/rmi-stub.h"

#include <string.h>

/* Each may take as long as a call. */
#define MAX_ENDPOINTS 8

struct _RmiResolver
{
  RmiNode          *node;
  char             *name;
  RmiNamesProvider *provider;
  GObject          *local;
  GType             interface_type;
  guint             next;               /* endpoint to try */
  GError           *error;              /* why the last one failed */
};

RmiResolver *
rmi_resolver_new (RmiNode          *node,
                  const char       *name,
                  RmiNamesProvider *provider,
                  GObject          *local,
                  GType             interface_type)
{
  RmiResolver *self = g_new0 (RmiResolver, 1);

  self->node = g_object_ref (node);
  self->name = g_strdup (name);
  self->provider = g_object_ref (provider);
  self->local = local;
  self->interface_type = interface_type;
  return self;
}

void
rmi_resolver_free (RmiResolver *self)
{
  g_object_unref (self->node);
  g_free (self->name);
  g_object_unref (self->provider);
  g_clear_object (&self->local);
  g_clear_error (&self->error);
  g_free (self);
}

/* ---- does the type fit? ---- */

static gboolean
fits (RmiResolver *self)
{
  const RmiInterfaceEntry *entry = rmi_interface_lookup (self->interface_type);
  const char *const *interfaces = rmi_names_provider_get_interfaces (self->provider);

  if (self->local != NULL)
    return g_type_is_a (G_OBJECT_TYPE (self->local), self->interface_type);
  return entry == NULL || interfaces == NULL || interfaces[0] == NULL
         || g_strv_contains (interfaces, entry->name);
}

static gboolean
check_type (RmiResolver *self,
            GError     **error)
{
  const RmiInterfaceEntry *entry = rmi_interface_lookup (self->interface_type);
  const char *const *interfaces = rmi_names_provider_get_interfaces (self->provider);
  g_autofree char *known = NULL;

  if (fits (self))
    return TRUE;
  known = interfaces != NULL ? g_strjoinv (", ", (GStrv) interfaces) : g_strdup ("");
  rmi_text_show (&known);
  g_set_error (error, RMI_NAMING_ERROR, RMI_NAMING_ERROR_WRONG_TYPE, "“%s” is no %s%s%s%s",
               self->name, entry != NULL ? entry->name : g_type_name (self->interface_type),
               self->local != NULL ? " but an object of this process" : "",
               known[0] != '\0' ? ": it has " : "", known);
  return FALSE;
}

/* ---- one endpoint after the other ---- */

/* The URI of the object at the next endpoint, or NULL. */
static char *
dup_next_uri (RmiResolver *self)
{
  const char *const *endpoints = rmi_names_provider_get_endpoints (self->provider);
  const char *path = rmi_names_provider_get_path (self->provider);

  if (endpoints == NULL || self->next == MAX_ENDPOINTS || endpoints[self->next] == NULL || path == NULL)
    return NULL;
  return g_strconcat (endpoints[self->next++], path, NULL);
}

/* The node itself, or one of several workers, which have a number behind a dot. */
static gboolean
is_node (const char *id,
         const char *wanted)
{
  gsize length = strlen (wanted);

  return strncmp (id, wanted, length) == 0 && (id[length] == '\0' || id[length] == '.');
}

static gboolean
is_somebody_else (RmiResolver *self,
                  gpointer     object)
{
  const char *wanted = rmi_names_provider_get_node (self->provider);
  g_autofree char *found = NULL;

  if (RMI_IS_STUB (object))
    found = rmi_connection_dup_peer_node (rmi_stub_get_connection (object));
  return found != NULL && wanted != NULL && wanted[0] != '\0' && !is_node (found, wanted);
}

/* Takes what came of one endpoint: @object (transfer full) or @error (transfer full). TRUE if that
 * was it. */
static gboolean
take_outcome (RmiResolver *self,
              gpointer    *object,
              GError      *error)
{
  g_clear_error (&self->error);
  if (error == NULL && !is_somebody_else (self, *object))
    return TRUE;
  if (error == NULL)
    error = g_error_new_literal (RMI_ERROR, RMI_ERROR_UNREACHABLE, "Another process answers there");
  g_clear_object (object);
  self->error = error;
  return !g_error_matches (error, RMI_ERROR, RMI_ERROR_UNREACHABLE)
         && !g_error_matches (error, RMI_ERROR, RMI_ERROR_NOT_SUPPORTED)
         && !g_error_matches (error, RMI_ERROR, RMI_ERROR_INSECURE)
         && !g_error_matches (error, RMI_ERROR, RMI_ERROR_NO_SUCH_OBJECT)
         && !g_error_matches (error, RMI_ERROR, RMI_ERROR_TLS);
}

static GError *
steal_error (RmiResolver *self)
{
  GError *error = g_steal_pointer (&self->error);

  if (error == NULL)
    error = g_error_new_literal (RMI_ERROR, RMI_ERROR_UNREACHABLE, "It has no endpoint");
  g_prefix_error (&error, "“%s”: ", self->name);
  return error;
}

gpointer
rmi_resolver_run (RmiResolver  *self,
                  GCancellable *cancellable,
                  GError      **error)
{
  gpointer object = NULL;
  gboolean is_over = FALSE;

  if (!check_type (self, error))
    return NULL;
  if (self->local != NULL)
    return g_steal_pointer (&self->local);
  while (!is_over)
    {
      g_autofree char *uri = dup_next_uri (self);
      GError *failure = NULL;

      if (uri == NULL)
        break;
      object = rmi_node_get_object (self->node, uri, self->interface_type, cancellable, &failure);
      is_over = take_outcome (self, &object, failure);
    }
  if (object == NULL)
    g_propagate_error (error, steal_error (self));
  return object;
}

static void got_object_cb (GObject *source, GAsyncResult *result, gpointer user_data);

/* Returns the task, or goes on with the next endpoint. */
static void
try_next (GTask *task)
{
  RmiResolver *self = g_task_get_task_data (task);
  g_autofree char *uri = dup_next_uri (self);

  if (uri != NULL)
    {
      rmi_node_get_object_async (self->node, uri, self->interface_type,
                                 g_task_get_cancellable (task), got_object_cb, task);
      return;
    }
  g_task_return_error (task, steal_error (self));
  g_object_unref (task);
}

static void
got_object_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  GTask *task = user_data;
  RmiResolver *self = g_task_get_task_data (task);
  GError *error = NULL;
  gpointer object = rmi_node_get_object_finish (RMI_NODE (source), result, &error);

  if (!take_outcome (self, &object, error))
    {
      try_next (task);
      return;
    }
  if (object != NULL)
    g_task_return_pointer (task, object, g_object_unref);
  else
    g_task_return_error (task, steal_error (self));
  g_object_unref (task);
}

void
rmi_resolver_start (RmiResolver *self,
                    GTask       *task)
{
  g_autoptr(GTask) owned = task;
  GError *error = NULL;

  g_task_set_task_data (task, self, (GDestroyNotify) rmi_resolver_free);
  if (!check_type (self, &error))
    g_task_return_error (task, error);
  else if (self->local != NULL)
    g_task_return_pointer (task, g_steal_pointer (&self->local), g_object_unref);
  else
    try_next (g_steal_pointer (&owned));
}
