/* stubs/rmi-dynamic-call.c: calls without generated code
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * With GVariant arguments by the method's description: that of the stub's own interface, else what
 * the object says of itself, asked once for all stubs of it. With JSON arguments there is no need
 * of one.
 */
#include "config.h"
#include "stubs/rmi-stub-private.h"

/* ---- descriptions ---- */

/* A method, and what keeps it. */
typedef struct
{
  RmiInterfaceInfo    *info;
  const RmiMethodInfo *method;
} Method;

/* @name is `<Name>` or `<interface>.<Name>`. */
static gboolean
find_in_info (RmiInterfaceInfo *info,
              const char       *name,
              Method           *found)
{
  const char *dot = strrchr (name, '.');
  const char *base = dot != NULL ? dot + 1 : name;

  if (info == NULL || found->method != NULL)
    return FALSE;
  if (dot != NULL &&
      (strlen (info->name) != (gsize) (dot - name) || strncmp (info->name, name, dot - name) != 0))
    return FALSE;
  found->method = rmi_interface_info_find_method (info, base, strlen (base));
  if (found->method != NULL)
    found->info = rmi_interface_info_ref (info);
  return found->method != NULL;
}

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
rmi_stub_find_infos (RmiStub *self)
{
  Infos infos = { self, NULL };

  rmi_poller_run_in_owner (rmi_connection_get_poller (rmi_stub_get_connection (self)),
                           find_infos_cb, &infos);
  return infos.infos;
}

static void
store_infos_cb (gpointer data,
                gpointer unused)
{
  Infos *infos = data;
  RmiImport *import = rmi_stub_get_private (infos->stub)->view->import;

  if (import->infos == NULL)
    import->infos = g_ptr_array_ref (infos->infos);
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
rmi_stub_take_infos (RmiStub  *self,
                     RmiCall  *call,
                     GError  **error)
{
  g_autoptr(GPtrArray) infos =
      g_ptr_array_new_with_free_func ((GDestroyNotify) rmi_interface_info_unref);
  Infos to_store = { self, infos };

  read_infos (rmi_call_get_reader (call), infos);
  if (!rmi_call_end (call, error))
    return NULL;

  rmi_poller_run_in_owner (rmi_connection_get_poller (rmi_stub_get_connection (self)),
                           store_infos_cb, &to_store);
  return g_steal_pointer (&infos);
}

/* ---- which method ---- */

static gboolean
find_in_infos (GPtrArray  *infos,
               const char *name,
               Method     *found)
{
  for (guint i = 0; i < infos->len; i++)
    if (find_in_info (g_ptr_array_index (infos, i), name, found))
      return TRUE;
  return FALSE;
}

/* What this process knows. @may_ask: the object could tell more. */
static gboolean
find_known (RmiStub    *self,
            const char *name,
            Method     *found,
            gboolean   *may_ask)
{
  g_autoptr(GPtrArray) infos = NULL;

  for (const RmiInterfaceEntry *entry = rmi_stub_get_entry (self); entry != NULL;
       entry = rmi_interface_entry_get_base (entry))
    if (find_in_info (rmi_interface_get_info (rmi_interface_lookup_by_name (entry->name, -1)), name,
                      found))
      return TRUE;

  infos = rmi_stub_find_infos (self);
  *may_ask = infos == NULL;
  return infos != NULL && find_in_infos (infos, name, found);
}

static gboolean
take_description (RmiStub     *self,
                  RmiCall     *call,
                  const char  *name,
                  Method      *found,
                  GError     **error)
{
  g_autoptr(GPtrArray) infos = rmi_stub_take_infos (self, call, error);

  if (infos == NULL)
    return FALSE;
  if (find_in_infos (infos, name, found))
    return TRUE;
  g_set_error (error, RMI_ERROR, RMI_ERROR_NO_SUCH_METHOD, "The object has no method %s", name);
  return FALSE;
}

static RmiCall *
begin_introspect (RmiStub *self)
{
  RmiCall *call = rmi_stub_begin_named_call (self, NULL, "rpc.introspect", 0);

  if (rmi_connection_is_plain (rmi_stub_get_connection (self)))
    rmi_writer_fail (
        rmi_call_get_writer (call),
        g_error_new (RMI_ERROR, RMI_ERROR_NOT_SUPPORTED,
                     "A plain JSON-RPC peer does not describe its objects: call them with JSON"));
  return call;
}

/* ---- arguments and results ---- */

static const RmiFieldInfo *
get_field (GPtrArray *fields,
           guint      index)
{
  return g_ptr_array_index (fields, index);
}

static RmiCall *
begin_variant_call (RmiStub       *self,
                    const Method  *found,
                    GVariant      *arguments,
                    GError       **error)
{
  const RmiMethodInfo *method = found->method;
  gsize n_arguments = arguments != NULL ? g_variant_n_children (arguments) : 0;
  gboolean is_qualified;
  RmiWriter *writer;
  RmiCall *call;

  if (n_arguments != method->in->len)
    {
      g_set_error (error, RMI_ERROR, RMI_ERROR_INVALID_ARGUMENTS,
                   "%s takes %u arguments, not %" G_GSIZE_FORMAT, method->name, method->in->len,
                   n_arguments);
      return NULL;
    }

  is_qualified = rmi_stub_get_private (self)->is_qualified || rmi_stub_get_entry (self) == NULL;
  call = rmi_stub_begin_named_call (self, is_qualified ? found->info->name : NULL, method->name,
                                    method->timeout_ms);
  writer = rmi_call_get_writer (call);
  for (guint i = 0; i < method->in->len; i++)
    {
      const RmiFieldInfo *field = get_field (method->in, i);
      g_autoptr(GVariant) argument = g_variant_get_child_value (arguments, i);

      rmi_type_info_write_variant (field->type, argument, writer);
    }
  return call;
}

/* Several results are an object by name, in any order. NULL if @reader failed. */
static void
read_results (const RmiMethodInfo *method,
              RmiReader           *reader,
              GVariant           **results)
{
  guint n = method->out->len;
  g_autofree const char **names = g_new0 (const char *, n + 1);

  for (guint i = 0; i < n; i++)
    names[i] = get_field (method->out, i)->name;

  rmi_reader_begin_object (reader);
  for (int i = -1; (i = rmi_reader_next_member (reader, names, i, RMI_READER_ALLOW_UNKNOWN)) >= 0;)
    {
      g_clear_pointer (&results[i], g_variant_unref);
      results[i] = rmi_type_info_read_variant (get_field (method->out, i)->type, reader);
    }
  for (guint i = 0; i < n; i++)
    if (results[i] == NULL)
      rmi_reader_fail_missing (reader, names[i]);
}

static GVariant *
end_variant_call (RmiCall              *call,
                  const RmiMethodInfo  *method,
                  GError              **error)
{
  RmiReader *reader = rmi_call_get_reader (call);
  guint n = method->out->len;
  g_autofree GVariant **results = g_new0 (GVariant *, n + 1);
  GVariant *tuple = NULL;

  if (n == 1)
    results[0] = rmi_type_info_read_variant (get_field (method->out, 0)->type, reader);
  else if (n > 1)
    read_results (method, reader, results);
  else
    rmi_reader_skip (reader);

  if (rmi_call_end (call, error))
    tuple = g_variant_ref_sink (g_variant_new_tuple (results, n));
  for (guint i = 0; i < n; i++)
    g_clear_pointer (&results[i], g_variant_unref);
  return tuple;
}

static gboolean
check_arguments (GVariant *arguments)
{
  return arguments == NULL || g_variant_is_of_type (arguments, G_VARIANT_TYPE_TUPLE);
}

/**
 * rmi_stub_call:
 * @self: a stub
 * @method: the method's name, with or without its interface in front: `Reserve`
 * @arguments: (nullable): a tuple of the arguments; floating ones are consumed
 * @cancellable: (nullable): to give up
 * @error: return location for an error
 *
 * Calls a method by its description, which the object is asked for once if this process has none.
 * Blocks. A struct or an object by value is `a{sv}`, an enum `s`, flags `as`; a reference is `s`
 * with the object's path.
 *
 * Returns: (transfer full): a tuple of the results, or %NULL with %RMI_ERROR_NO_SUCH_METHOD,
 * %RMI_ERROR_INVALID_ARGUMENTS, or what calls fail with
 *
 * Since: 1.0
 */
GVariant *
rmi_stub_call (RmiStub       *self,
               const char    *method,
               GVariant      *arguments,
               GCancellable  *cancellable,
               GError       **error)
{
  g_autoptr(GVariant) owned = arguments != NULL ? g_variant_ref_sink (arguments) : NULL;
  g_autoptr(RmiInterfaceInfo) info = NULL;
  g_autoptr(RmiCall) introspect = NULL;
  g_autoptr(RmiCall) call = NULL;
  Method found = { NULL, NULL };
  gboolean may_ask = FALSE;

  g_return_val_if_fail (RMI_IS_STUB (self), NULL);
  g_return_val_if_fail (method != NULL && check_arguments (arguments), NULL);

  if (!find_known (self, method, &found, &may_ask))
    {
      if (!may_ask)
        {
          g_set_error (error, RMI_ERROR, RMI_ERROR_NO_SUCH_METHOD, "The object has no method %s",
                       method);
          return NULL;
        }
      introspect = begin_introspect (self);
      if (rmi_call_run (introspect, cancellable, error) == NULL
          || !take_description (self, introspect, method, &found, error))
        return NULL;
    }

  info = found.info;
  call = begin_variant_call (self, &found, arguments, error);
  if (call == NULL || rmi_call_run (call, cancellable, error) == NULL)
    return NULL;
  return end_variant_call (call, found.method, error);
}

/* ---- asynchronous ---- */

typedef struct
{
  char     *name;
  GVariant *arguments;     /* nullable */
  Method    found;
} Pending;

static void
pending_free (gpointer data)
{
  Pending *pending = data;

  g_clear_pointer (&pending->found.info, rmi_interface_info_unref);
  g_clear_pointer (&pending->arguments, g_variant_unref);
  g_free (pending->name);
  g_free (pending);
}

static void introspected_cb (GObject *object, GAsyncResult *result, gpointer user_data);
static void called_cb (GObject *object, GAsyncResult *result, gpointer user_data);

static void
start_call (GTask *owned)
{
  g_autoptr(GTask) task = owned;
  Pending *pending = g_task_get_task_data (task);
  GError *error = NULL;
  RmiCall *call = begin_variant_call (g_task_get_source_object (task), &pending->found,
                                      pending->arguments, &error);

  if (call == NULL)
    g_task_return_error (task, error);
  else
    rmi_call_start (call, g_task_get_source_object (task), g_task_get_cancellable (task), called_cb,
                    g_steal_pointer (&task));
}

/**
 * rmi_stub_call_async:
 * @self: a stub
 * @method: the method's name, with or without its interface in front: `Reserve`
 * @arguments: (nullable): a tuple of the arguments; floating ones are consumed
 * @cancellable: (nullable): to give up
 * @callback: called in the thread-default main context
 * @user_data: for @callback
 *
 * Starts what rmi_stub_call() does.
 *
 * Since: 1.0
 */
void
rmi_stub_call_async (RmiStub             *self,
                     const char          *method,
                     GVariant            *arguments,
                     GCancellable        *cancellable,
                     GAsyncReadyCallback  callback,
                     gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  Pending *pending;
  gboolean may_ask = FALSE;

  g_return_if_fail (RMI_IS_STUB (self));
  g_return_if_fail (method != NULL && check_arguments (arguments));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, rmi_stub_call_async);
  pending = g_new0 (Pending, 1);
  pending->name = g_strdup (method);
  pending->arguments = arguments != NULL ? g_variant_ref_sink (arguments) : NULL;
  g_task_set_task_data (task, pending, pending_free);

  if (find_known (self, method, &pending->found, &may_ask))
    start_call (g_steal_pointer (&task));
  else if (may_ask)
    rmi_call_start (begin_introspect (self), self, cancellable, introspected_cb,
                    g_steal_pointer (&task));
  else
    g_task_return_new_error (task, RMI_ERROR, RMI_ERROR_NO_SUCH_METHOD,
                             "The object has no method %s", method);
}

static void
introspected_cb (GObject      *object,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  Pending *pending = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr(RmiCall) call = rmi_call_finish (object, result, &error);

  if (call != NULL &&
      take_description (RMI_STUB (object), call, pending->name, &pending->found, &error))
    start_call (g_steal_pointer (&task));
  else
    g_task_return_error (task, error);
}

static void
called_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  Pending *pending = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr(RmiCall) call = rmi_call_finish (object, result, &error);
  GVariant *results = call != NULL ? end_variant_call (call, pending->found.method, &error) : NULL;

  if (results != NULL)
    g_task_return_pointer (task, results, (GDestroyNotify) g_variant_unref);
  else
    g_task_return_error (task, error);
}

/**
 * rmi_stub_call_finish:
 * @self: a stub
 * @result: what the callback got
 * @error: return location for an error
 *
 * Returns: (transfer full): a tuple of the results, or %NULL with what rmi_stub_call() fails with
 *
 * Since: 1.0
 */
GVariant *
rmi_stub_call_finish (RmiStub       *self,
                      GAsyncResult  *result,
                      GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
