/* stubs/rmi-dynamic-access.c: one access to a member of an object, by its description
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A call, or getting or setting a property. The object is asked for its description first, if this
 * process has none of it.
 */
#include "config.h"
#include "stubs/rmi-dynamic-stub-private.h"

RmiAccess *
rmi_access_new (RmiAccessKind  kind,
                const char    *name,
                GVariant      *value,
                GPtrArray     *objects)
{
  RmiAccess *self = g_new0 (RmiAccess, 1);

  self->kind = kind;
  self->name = g_strdup (name);
  self->value = value != NULL ? g_variant_ref_sink (value) : NULL;
  self->objects = objects != NULL ? g_ptr_array_ref (objects) : g_ptr_array_new ();
  self->out_objects = g_ptr_array_new_with_free_func (g_object_unref);
  return self;
}

void
rmi_access_free (RmiAccess *self)
{
  g_clear_pointer (&self->infos, g_ptr_array_unref);
  g_clear_pointer (&self->value, g_variant_unref);
  g_ptr_array_unref (self->out_objects);
  g_ptr_array_unref (self->objects);
  g_free (self->name);
  g_free (self);
}

/* ---- calls ---- */

static const RmiFieldInfo *
get_field (GPtrArray *fields,
           guint      index)
{
  return g_ptr_array_index (fields, index);
}

static RmiCall *
begin_call (RmiAccess       *self,
            RmiDynamicStub  *stub,
            GError         **error)
{
  RmiInterfaceInfo *info = NULL;
  const RmiMethodInfo *method = rmi_dynamic_stub_find_method (self->infos, self->name, &info);
  gsize n_arguments = self->value != NULL ? g_variant_n_children (self->value) : 0;
  RmiWriter *writer;
  RmiCall *call;

  if (method == NULL)
    {
      g_set_error (error, RMI_ERROR, RMI_ERROR_NO_SUCH_METHOD, "The object has no method %s", self->name);
      return NULL;
    }
  if (n_arguments != method->in->len)
    {
      g_set_error (error, RMI_ERROR, RMI_ERROR_INVALID_ARGUMENTS,
                   "%s takes %u arguments, not %" G_GSIZE_FORMAT, method->name, method->in->len, n_arguments);
      return NULL;
    }

  call = rmi_stub_begin_named_call (RMI_STUB (stub), self->infos->len > 1 ? info->name : NULL, method->name,
                                    method->timeout_ms);
  writer = rmi_call_get_writer (call);
  for (guint i = 0; i < method->in->len; i++)
    {
      g_autoptr(GVariant) argument = g_variant_get_child_value (self->value, i);

      rmi_type_info_write_variant (get_field (method->in, i)->type, argument, self->objects, writer);
    }
  return call;
}

/* Several results are an object by name, in any order. */
static void
read_results (RmiAccess           *self,
              const RmiMethodInfo *method,
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
      results[i] = rmi_type_info_read_variant (get_field (method->out, i)->type, self->out_objects, reader);
    }
  for (guint i = 0; i < n; i++)
    if (results[i] == NULL)
      rmi_reader_fail_missing (reader, names[i]);
}

static GVariant *
end_call (RmiAccess  *self,
          RmiCall    *call,
          GError    **error)
{
  RmiInterfaceInfo *info = NULL;
  const RmiMethodInfo *method = rmi_dynamic_stub_find_method (self->infos, self->name, &info);
  RmiReader *reader = rmi_call_get_reader (call);
  guint n = method->out->len;
  g_autofree GVariant **results = g_new0 (GVariant *, n + 1);
  GVariant *tuple = NULL;

  if (n == 1)
    results[0] = rmi_type_info_read_variant (get_field (method->out, 0)->type, self->out_objects, reader);
  else if (n > 1)
    read_results (self, method, reader, results);
  else
    rmi_reader_skip (reader);

  if (rmi_call_end (call, error))
    tuple = g_variant_ref_sink (g_variant_new_tuple (results, n));
  for (guint i = 0; i < n; i++)
    g_clear_pointer (&results[i], g_variant_unref);
  return tuple;
}

/* ---- properties ---- */

static RmiCall *
begin_property (RmiAccess       *self,
                RmiDynamicStub  *stub,
                GError         **error)
{
  RmiInterfaceInfo *info = NULL;
  const RmiPropertyInfo *property = rmi_dynamic_stub_find_property (self->infos, self->name, &info);
  gboolean is_get = self->kind == RMI_ACCESS_GET;
  g_autofree char *qualified = NULL;
  RmiWriter *writer;
  RmiCall *call;

  if (property == NULL)
    {
      g_set_error (error, RMI_ERROR, RMI_ERROR_NO_SUCH_METHOD, "The object has no property %s", self->name);
      return NULL;
    }
  if (!(is_get ? property->is_readable : property->is_writable))
    {
      g_set_error (error, RMI_ERROR, RMI_ERROR_ACCESS_DENIED, "The property %s cannot be %s", property->name,
                   is_get ? "read" : "set");
      return NULL;
    }

  qualified = g_strconcat (info->name, ".", property->name, NULL);
  call = rmi_stub_begin_named_call (RMI_STUB (stub), NULL, is_get ? "rpc.get" : "rpc.set", 0);
  writer = rmi_call_get_writer (call);
  rmi_writer_add_string (writer, self->infos->len > 1 ? qualified : property->name);
  if (!is_get)
    rmi_type_info_write_variant (property->type, self->value, self->objects, writer);
  return call;
}

static GVariant *
end_get (RmiAccess  *self,
         RmiCall    *call,
         GError    **error)
{
  RmiInterfaceInfo *info = NULL;
  const RmiPropertyInfo *property = rmi_dynamic_stub_find_property (self->infos, self->name, &info);
  g_autoptr(GVariant) value =
      rmi_type_info_read_variant (property->type, self->out_objects, rmi_call_get_reader (call));

  return rmi_call_end (call, error) ? g_steal_pointer (&value) : NULL;
}

/* ---- any of them ---- */

static GVariant *
new_nothing (void)
{
  return g_variant_ref_sink (g_variant_new_tuple (NULL, 0));
}

static RmiCall *
begin (RmiAccess       *self,
       RmiDynamicStub  *stub,
       GError         **error)
{
  return self->kind == RMI_ACCESS_CALL ? begin_call (self, stub, error) : begin_property (self, stub, error);
}

static GVariant *
end (RmiAccess  *self,
     RmiCall    *call,
     GError    **error)
{
  if (self->kind == RMI_ACCESS_CALL)
    return end_call (self, call, error);
  if (self->kind == RMI_ACCESS_GET)
    return end_get (self, call, error);
  return rmi_call_end (call, error) ? new_nothing () : NULL;
}

GVariant *
rmi_access_run (RmiAccess       *self,
                RmiDynamicStub  *stub,
                GCancellable    *cancellable,
                GError         **error)
{
  g_autoptr(RmiCall) introspect = NULL;
  g_autoptr(RmiCall) call = NULL;

  self->infos = rmi_dynamic_stub_find_infos (stub);
  if (self->infos == NULL)
    {
      introspect = rmi_dynamic_stub_begin_introspect (stub);
      if (rmi_call_run (introspect, cancellable, error) == NULL)
        return NULL;
      self->infos = rmi_dynamic_stub_take_infos (stub, introspect, error);
      if (self->infos == NULL)
        return NULL;
    }
  if (self->kind == RMI_ACCESS_INTROSPECT)
    return new_nothing ();

  call = begin (self, stub, error);
  if (call == NULL || rmi_call_run (call, cancellable, error) == NULL)
    return NULL;
  return end (self, call, error);
}

/* ---- asynchronous ---- */

static void introspected_cb (GObject *object, GAsyncResult *result, gpointer user_data);
static void accessed_cb (GObject *object, GAsyncResult *result, gpointer user_data);

/* Its descriptions are known. */
static void
start (GTask *owned)
{
  g_autoptr(GTask) task = owned;
  RmiAccess *self = g_task_get_task_data (task);
  RmiDynamicStub *stub = g_task_get_source_object (task);
  GCancellable *cancellable = g_task_get_cancellable (task);
  GError *error = NULL;
  RmiCall *call;

  if (self->kind == RMI_ACCESS_INTROSPECT)
    {
      g_task_return_pointer (task, new_nothing (), (GDestroyNotify) g_variant_unref);
      return;
    }

  call = begin (self, stub, &error);
  if (call == NULL)
    g_task_return_error (task, error);
  else
    rmi_call_start (call, stub, cancellable, accessed_cb, g_steal_pointer (&task));
}

void
rmi_access_start (RmiAccess           *self,
                  RmiDynamicStub      *stub,
                  gpointer             source_tag,
                  GCancellable        *cancellable,
                  GAsyncReadyCallback  callback,
                  gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (stub, cancellable, callback, user_data);

  g_task_set_source_tag (task, source_tag);
  g_task_set_task_data (task, self, (GDestroyNotify) rmi_access_free);
  self->infos = rmi_dynamic_stub_find_infos (stub);
  if (self->infos != NULL)
    start (g_steal_pointer (&task));
  else
    rmi_call_start (rmi_dynamic_stub_begin_introspect (stub), stub, cancellable, introspected_cb,
                    g_steal_pointer (&task));
}

static void
introspected_cb (GObject      *object,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  RmiAccess *self = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr(RmiCall) call = rmi_call_finish (object, result, &error);

  if (call != NULL)
    self->infos = rmi_dynamic_stub_take_infos (RMI_DYNAMIC_STUB (object), call, &error);
  if (self->infos != NULL)
    start (g_steal_pointer (&task));
  else
    g_task_return_error (task, error);
}

static void
accessed_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  GError *error = NULL;
  g_autoptr(RmiCall) call = rmi_call_finish (object, result, &error);
  GVariant *value = call != NULL ? end (g_task_get_task_data (task), call, &error) : NULL;

  if (value != NULL)
    g_task_return_pointer (task, value, (GDestroyNotify) g_variant_unref);
  else
    g_task_return_error (task, error);
}

GVariant *
rmi_access_finish (RmiDynamicStub  *stub,
                   GAsyncResult    *result,
                   RmiAccess      **access,
                   GError         **error)
{
  *access = g_task_get_task_data (G_TASK (result));
  return g_task_propagate_pointer (G_TASK (result), error);
}
