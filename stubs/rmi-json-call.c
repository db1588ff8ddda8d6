/* stubs/rmi-json-call.c: calls with JSON in and out, which need no description
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "config.h"
#include "stubs/rmi-stub-private.h"

/* It goes into the message as it is. */
static gboolean
is_member_name (const char *name)
{
  return name[0] != '\0' &&
         name[strspn (name, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "_.-")] == '\0';
}

static void
write_array (RmiWriter *writer,
             JsonNode  *arguments)
{
  JsonArray *array = json_node_get_array (arguments);
  guint n = json_array_get_length (array);

  for (guint i = 0; i < n; i++)
    rmi_writer_add_json (writer, json_array_get_element (array, i));
}

static RmiCall *
begin_json_call (RmiStub     *self,
                 const char  *method,
                 JsonNode    *arguments,
                 GError     **error)
{
  RmiCall *call;

  if (!is_member_name (method))
    {
      g_set_error (error, RMI_ERROR, RMI_ERROR_INVALID_ARGUMENTS, "\"%s\" is no method's name",
                   method);
      return NULL;
    }

  if (arguments == NULL || JSON_NODE_HOLDS_NULL (arguments))
    return rmi_stub_begin_named_call (self, NULL, method, 0);

  if (JSON_NODE_HOLDS_ARRAY (arguments))
    {
      call = rmi_stub_begin_named_call (self, NULL, method, 0);
      write_array (rmi_call_get_writer (call), arguments);
      return call;
    }

  if (JSON_NODE_HOLDS_OBJECT (arguments))
    {
      call = rmi_stub_begin_call_by_name (self, method);
      rmi_writer_add_json (rmi_call_get_writer (call), arguments);
      return call;
    }

  g_set_error (error, RMI_ERROR, RMI_ERROR_INVALID_ARGUMENTS,
               "Arguments are an array or an object");
  return NULL;
}

static JsonNode *
end_json_call (RmiCall  *call,
               GError  **error)
{
  g_autoptr(JsonNode) result = rmi_reader_get_json (rmi_call_get_reader (call));

  if (!rmi_call_end (call, error))
    return NULL;
  return g_steal_pointer (&result);
}

/**
 * rmi_stub_call_json:
 * @self: a stub
 * @method: the method's name, with or without its interface in front: `Reserve`
 * @arguments: (nullable): an array (by position) or an object (by name)
 * @cancellable: (nullable): to give up
 * @error: return location for an error
 *
 * Calls a method as the wire has it; no description is needed. Blocks.
 *
 * Returns: (transfer full): the result; several are an object by name, none is null
 *
 * Since: 1.0
 */
JsonNode *
rmi_stub_call_json (RmiStub       *self,
                    const char    *method,
                    JsonNode      *arguments,
                    GCancellable  *cancellable,
                    GError       **error)
{
  g_autoptr(RmiCall) call = NULL;

  g_return_val_if_fail (RMI_IS_STUB (self), NULL);
  g_return_val_if_fail (method != NULL, NULL);

  call = begin_json_call (self, method, arguments, error);
  if (call == NULL || rmi_call_run (call, cancellable, error) == NULL)
    return NULL;
  return end_json_call (call, error);
}

static void
json_called_cb (GObject      *object,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  GError *error = NULL;
  g_autoptr(RmiCall) call = rmi_call_finish (object, result, &error);
  JsonNode *node = call != NULL ? end_json_call (call, &error) : NULL;

  if (node != NULL)
    g_task_return_pointer (task, node, (GDestroyNotify) json_node_unref);
  else
    g_task_return_error (task, error);
}

/**
 * rmi_stub_call_json_async:
 * @self: a stub
 * @method: the method's name, with or without its interface in front: `Reserve`
 * @arguments: (nullable): an array (by position) or an object (by name)
 * @cancellable: (nullable): to give up
 * @callback: called in the thread-default main context
 * @user_data: for @callback
 *
 * Starts what rmi_stub_call_json() does.
 *
 * Since: 1.0
 */
void
rmi_stub_call_json_async (RmiStub             *self,
                          const char          *method,
                          JsonNode            *arguments,
                          GCancellable        *cancellable,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  GError *error = NULL;
  RmiCall *call;

  g_return_if_fail (RMI_IS_STUB (self));
  g_return_if_fail (method != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, rmi_stub_call_json_async);
  call = begin_json_call (self, method, arguments, &error);
  if (call != NULL)
    rmi_call_start (call, self, cancellable, json_called_cb, g_steal_pointer (&task));
  else
    g_task_return_error (task, error);
}

/**
 * rmi_stub_call_json_finish:
 * @self: a stub
 * @result: what the callback got
 * @error: return location for an error
 *
 * Returns: (transfer full): the result, or %NULL with what rmi_stub_call_json() fails with
 *
 * Since: 1.0
 */
JsonNode *
rmi_stub_call_json_finish (RmiStub       *self,
                           GAsyncResult  *result,
                           GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
