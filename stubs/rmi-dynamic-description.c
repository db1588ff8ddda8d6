/* stubs/rmi-dynamic-description.c: what a remote object says that it can do
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Asked once for all stubs of an object, and of all objects of a connection that came as references
 * to the same interfaces.
 */
#include "config.h"
#include "stubs/rmi-dynamic-stub-private.h"

/* ---- asking ---- */

typedef struct
{
  RmiStub   *stub;
  GPtrArray *infos;
} Infos;

static void
find_infos_cb (gpointer data,
               gpointer unused)
{
  Infos *infos = data;
  RmiImport *import = rmi_stub_get_private (infos->stub)->view->import;

  infos->infos = import->infos != NULL ? g_ptr_array_ref (import->infos) : NULL;
}

GPtrArray *
rmi_dynamic_stub_find_infos (RmiDynamicStub *self)
{
  Infos infos = { RMI_STUB (self), NULL };

  rmi_poller_run_in_owner (rmi_connection_get_poller (rmi_stub_get_connection (infos.stub)), find_infos_cb, &infos);
  return infos.infos;
}

RmiCall *
rmi_dynamic_stub_begin_introspect (RmiDynamicStub *self)
{
  RmiCall *call = rmi_stub_begin_named_call (RMI_STUB (self), NULL, "rpc.introspect", 0);

  if (rmi_connection_is_plain (rmi_stub_get_connection (RMI_STUB (self))))
    rmi_writer_fail (rmi_call_get_writer (call),
                     g_error_new (RMI_ERROR, RMI_ERROR_NOT_SUPPORTED,
                                  "A plain JSON-RPC peer does not describe its objects: call them with JSON"));
  return call;
}

static void
store_infos_cb (gpointer data,
                gpointer unused)
{
  Infos *infos = data;

  rmi_import_take_infos (rmi_stub_get_private (infos->stub)->view->import, infos->infos);
}

static void
read_infos (RmiReader *reader,
            GPtrArray *infos)
{
  static const char *const names[] = { "interfaces", NULL };

  rmi_reader_begin_object (reader);
  for (int i = -1; (i = rmi_reader_next_member (reader, names, i, RMI_READER_ALLOW_UNKNOWN)) >= 0;)
    for (rmi_reader_begin_array (reader); rmi_reader_next_element (reader);)
      {
        RmiInterfaceInfo *info = rmi_interface_info_read (reader);

        if (info != NULL)
          g_ptr_array_add (infos, info);
      }
}

GPtrArray *
rmi_dynamic_stub_take_infos (RmiDynamicStub  *self,
                             RmiCall         *call,
                             GError         **error)
{
  g_autoptr(GPtrArray) infos = g_ptr_array_new_with_free_func ((GDestroyNotify) rmi_interface_info_unref);
  Infos to_store = { RMI_STUB (self), infos };

  read_infos (rmi_call_get_reader (call), infos);
  if (!rmi_call_end (call, error))
    return NULL;

  rmi_poller_run_in_owner (rmi_connection_get_poller (rmi_stub_get_connection (to_store.stub)), store_infos_cb, &to_store);
  return g_steal_pointer (&infos);
}

gboolean
rmi_dynamic_stub_infos_want_events (GPtrArray *infos)
{
  for (guint i = 0; infos != NULL && i < infos->len; i++)
    {
      const RmiInterfaceInfo *info = g_ptr_array_index (infos, i);

      if (info->subscribes && (info->signals->len > 0 || info->properties->len > 0))
        return TRUE;
    }
  return FALSE;
}

/* ---- members ---- */

/* The part of @name that names a member of @info: all of it, or what is behind `<interface>.`; else NULL. */
static const char *
get_member (const RmiInterfaceInfo *info,
            const char             *name)
{
  const char *dot = strrchr (name, '.');

  if (dot == NULL)
    return name;
  if (strlen (info->name) != (gsize) (dot - name) || strncmp (info->name, name, dot - name) != 0)
    return NULL;
  return dot + 1;
}

const RmiMethodInfo *
rmi_dynamic_stub_find_method (GPtrArray         *infos,
                              const char        *name,
                              RmiInterfaceInfo **found)
{
  const RmiMethodInfo *method = NULL;

  for (guint i = 0; i < infos->len && method == NULL; i++)
    {
      RmiInterfaceInfo *info = g_ptr_array_index (infos, i);
      const char *member = get_member (info, name);

      method = member != NULL ? rmi_interface_info_find_method (info, member, strlen (member)) : NULL;
      *found = info;
    }
  return method;
}

const RmiPropertyInfo *
rmi_dynamic_stub_find_property (GPtrArray         *infos,
                                const char        *name,
                                RmiInterfaceInfo **found)
{
  const RmiPropertyInfo *property = NULL;

  for (guint i = 0; i < infos->len && property == NULL; i++)
    {
      RmiInterfaceInfo *info = g_ptr_array_index (infos, i);
      const char *member = get_member (info, name);

      property = member != NULL ? rmi_interface_info_find_property (info, member, strlen (member)) : NULL;
      *found = info;
    }
  return property;
}

/* ---- the public way to them ---- */

/**
 * rmi_dynamic_stub_introspect:
 * @self: a stub
 * @cancellable: (nullable): to give up
 * @error: return location for an error
 *
 * Asks the object what it can do, once. From then on the stub hears the object's signals, and knows
 * its properties. Calls and the like do this by themselves, and so does rmi_node_get_object(); only
 * who wants to hear of an object, and does not call it first, needs to. Blocks.
 *
 * Returns: (transfer container) (element-type RmiInterfaceInfo): its interfaces, or %NULL with what
 * calls fail with
 *
 * Since: 1.0
 */
GPtrArray *
rmi_dynamic_stub_introspect (RmiDynamicStub  *self,
                             GCancellable    *cancellable,
                             GError         **error)
{
  g_autoptr(RmiAccess) access = NULL;
  g_autoptr(GVariant) nothing = NULL;

  g_return_val_if_fail (RMI_IS_DYNAMIC_STUB (self), NULL);

  access = rmi_access_new (RMI_ACCESS_INTROSPECT, NULL, NULL, NULL);
  nothing = rmi_access_run (access, self, cancellable, error);
  return nothing != NULL ? g_steal_pointer (&access->infos) : NULL;
}

/**
 * rmi_dynamic_stub_introspect_async:
 * @self: a stub
 * @cancellable: (nullable): to give up
 * @callback: called in the thread-default main context
 * @user_data: for @callback
 *
 * Starts what rmi_dynamic_stub_introspect() does.
 *
 * Since: 1.0
 */
void
rmi_dynamic_stub_introspect_async (RmiDynamicStub      *self,
                                   GCancellable        *cancellable,
                                   GAsyncReadyCallback  callback,
                                   gpointer             user_data)
{
  g_return_if_fail (RMI_IS_DYNAMIC_STUB (self));

  rmi_access_start (rmi_access_new (RMI_ACCESS_INTROSPECT, NULL, NULL, NULL), self,
                    rmi_dynamic_stub_introspect_async, cancellable, callback, user_data);
}

/**
 * rmi_dynamic_stub_introspect_finish:
 * @self: a stub
 * @result: what the callback got
 * @error: return location for an error
 *
 * Returns: (transfer container) (element-type RmiInterfaceInfo): its interfaces, or %NULL with what
 * calls fail with
 *
 * Since: 1.0
 */
GPtrArray *
rmi_dynamic_stub_introspect_finish (RmiDynamicStub  *self,
                                    GAsyncResult    *result,
                                    GError         **error)
{
  g_autoptr(GVariant) nothing = NULL;
  RmiAccess *access;

  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  nothing = rmi_access_finish (self, result, &access, error);
  return nothing != NULL ? g_ptr_array_ref (access->infos) : NULL;
}
