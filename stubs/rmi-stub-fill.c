/* stubs/rmi-stub-fill.c: the first round trip of a stub that was looked up
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Subscribes and learns the property values, and that the object is there. A plain stub learns the
 * descriptions of the object's interfaces.
 */
#include "config.h"
#include "stubs/rmi-stub-importer-internal.h"

#include "stubs/rmi-stub-private.h"

typedef struct
{
  RmiStub *stub;
  gboolean has_begun;
  gboolean is_subscribed;
} Fill;

/* In the owner: while a request is under way, the stub is not announced by a notification as well.
 */
static void
note_fill_cb (gpointer data,
              gpointer unused)
{
  Fill *fill = data;
  RmiImport *import = rmi_stub_get_private (fill->stub)->view->import;

  import->n_fills += fill->has_begun ? 1 : -1;
  if (fill->is_subscribed)
    import->is_subscribed = TRUE;
}

static void
note_fill (RmiStub *stub,
           gboolean has_begun,
           gboolean is_subscribed)
{
  Fill fill = { stub, has_begun, is_subscribed };

  rmi_poller_run_in_owner (rmi_connection_get_poller (rmi_stub_get_private (stub)->connection),
                           note_fill_cb, &fill);
}

static gboolean
needs_filling (RmiStub *stub)
{
  RmiStubPrivate *priv = rmi_stub_get_private (stub);

  return !g_atomic_int_get (&priv->is_filled) && !rmi_connection_is_plain (priv->connection);
}

static RmiCall *
begin_fill (RmiStub *stub)
{
  const RmiInterfaceEntry *entry = rmi_stub_get_entry (stub);
  RmiCall *call;

  note_fill (stub, TRUE, FALSE);
  if (entry == NULL)
    return rmi_stub_begin_named_call (stub, NULL, "rpc.introspect", 0);

  call = rmi_stub_begin_named_call (stub, NULL, entry->subscribes ? "rpc.subscribe" : "rpc.get_all",
                                    0);
  rmi_writer_add_string (rmi_call_get_writer (call), entry->name);
  return call;
}

/* It knows no rpc.*, and turned out so when it was asked. */
static gboolean
has_plain_peer (RmiStub      *stub,
                const GError *error)
{
  return g_error_matches (error, RMI_ERROR, RMI_ERROR_NO_SUCH_METHOD)
         && rmi_connection_is_plain (rmi_stub_get_private (stub)->connection);
}

/* @call is NULL if it failed, with @failure (transfer full). */
static gboolean
end_fill (RmiStub  *stub,
          RmiCall  *call,
          GError   *failure,
          GError  **error)
{
  const RmiInterfaceEntry *entry = rmi_stub_get_entry (stub);

  note_fill (stub, FALSE, call != NULL && entry != NULL && entry->subscribes);
  if (call == NULL && has_plain_peer (stub, failure))
    {
      g_error_free (failure);
      return TRUE;
    }
  if (call == NULL)
    {
      g_propagate_error (error, failure);
      return FALSE;
    }

  if (entry == NULL)
    {
      g_autoptr(GPtrArray) infos = rmi_stub_take_infos (stub, call, error);

      if (infos == NULL)
        return FALSE;
    }
  else
    {
      rmi_stub_take_values (stub, rmi_call_get_reader (call));
      if (!rmi_call_end (call, error))
        return FALSE;
    }
  g_atomic_int_set (&rmi_stub_get_private (stub)->is_filled, TRUE);
  return TRUE;
}

gboolean
rmi_stub_fill (RmiStub       *stub,
               GCancellable  *cancellable,
               GError       **error)
{
  g_autoptr(RmiCall) call = NULL;
  GError *failure = NULL;

  if (!needs_filling (stub))
    return TRUE;

  call = begin_fill (stub);
  if (rmi_call_run (call, cancellable, &failure) == NULL)
    return end_fill (stub, NULL, failure, error);
  return end_fill (stub, call, NULL, error);
}

static void
filled_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  GError *failure = NULL;
  GError *error = NULL;
  g_autoptr(RmiCall) call = rmi_call_finish (object, result, &failure);

  if (end_fill (RMI_STUB (object), call, failure, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

void
rmi_stub_fill_async (RmiStub             *stub,
                     GCancellable        *cancellable,
                     GAsyncReadyCallback  callback,
                     gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (stub, cancellable, callback, user_data);

  g_task_set_source_tag (task, rmi_stub_fill_async);
  if (needs_filling (stub))
    rmi_call_start (begin_fill (stub), stub, cancellable, filled_cb, g_steal_pointer (&task));
  else
    g_task_return_boolean (task, TRUE);
}

gboolean
rmi_stub_fill_finish (RmiStub       *stub,
                      GAsyncResult  *result,
                      GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, stub), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
