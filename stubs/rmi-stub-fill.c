/* stubs/rmi-stub-fill.c: the first round trip of a stub that was looked up
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Subscribes and learns the property values, and that the object is there. A dynamic stub learns what
 * the object can do, first. A plain one learns no more than that the object is there.
 */
#include "config.h"
#include "stubs/rmi-stub-importer-internal.h"

#include "stubs/rmi-dynamic-stub-private.h"

/* One at a time. The answer is taken as that to its own question: another call may have learnt the description meanwhile. */
typedef enum
{
  ASK_EXISTENCE,
  ASK_DESCRIPTION,
  ASK_VALUES,
  SUBSCRIBE,
} Question;

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

  if (fill->is_subscribed)
    import->is_subscribed = TRUE;
  rmi_import_note_fill (import, fill->has_begun);
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

static Question
choose_question (RmiStub *stub)
{
  const RmiInterfaceEntry *entry = rmi_stub_get_entry (stub);
  g_autoptr(GPtrArray) infos = NULL;

  if (entry != NULL)
    return entry->subscribes ? SUBSCRIBE : ASK_VALUES;
  if (!RMI_IS_DYNAMIC_STUB (stub))
    return ASK_EXISTENCE;
  infos = rmi_dynamic_stub_find_infos (RMI_DYNAMIC_STUB (stub));
  if (infos == NULL)
    return ASK_DESCRIPTION;
  return rmi_dynamic_stub_infos_want_events (infos) ? SUBSCRIBE : ASK_VALUES;
}

static RmiCall *
begin_question (RmiStub  *stub,
                Question  question)
{
  static const char *const methods[] = { "rpc.introspect", "rpc.introspect", "rpc.get_all", "rpc.subscribe" };
  const RmiInterfaceEntry *entry = rmi_stub_get_entry (stub);
  RmiCall *call = rmi_stub_begin_named_call (stub, NULL, methods[question], 0);

  if (entry != NULL)
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

/* A dynamic stub that knows now what the object can do is not filled yet. */
static gboolean
take_answer (RmiStub   *stub,
             Question   question,
             RmiCall   *call,
             GError   **error)
{
  g_autoptr(GPtrArray) infos = NULL;

  if (question == ASK_DESCRIPTION)
    {
      infos = rmi_dynamic_stub_take_infos (RMI_DYNAMIC_STUB (stub), call, error);
      return infos != NULL;
    }
  if (question == ASK_EXISTENCE)
    rmi_reader_skip (rmi_call_get_reader (call));
  else if (RMI_IS_DYNAMIC_STUB (stub))
    rmi_dynamic_stub_take_values (RMI_DYNAMIC_STUB (stub), rmi_call_get_reader (call));
  else
    rmi_stub_take_values (stub, rmi_call_get_reader (call));
  if (!rmi_call_end (call, error))
    return FALSE;
  g_atomic_int_set (&rmi_stub_get_private (stub)->is_filled, TRUE);
  return TRUE;
}

/* @call is NULL if it failed, with @failure (transfer full). */
static gboolean
end_fill (RmiStub   *stub,
          Question   question,
          RmiCall   *call,
          GError    *failure,
          GError   **error)
{
  note_fill (stub, FALSE, call != NULL && question == SUBSCRIBE);
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
  return take_answer (stub, question, call, error);
}

gboolean
rmi_stub_fill (RmiStub       *stub,
               GCancellable  *cancellable,
               GError       **error)
{
  while (needs_filling (stub))
    {
      g_autoptr(RmiCall) call = NULL;
      Question question = choose_question (stub);
      GError *failure = NULL;

      note_fill (stub, TRUE, FALSE);
      call = begin_question (stub, question);
      if (rmi_call_run (call, cancellable, &failure) == NULL)
        {
          if (!end_fill (stub, question, NULL, failure, error))
            return FALSE;
        }
      else if (!end_fill (stub, question, call, NULL, error))
        {
          return FALSE;
        }
    }
  return TRUE;
}

static void filled_cb (GObject *object, GAsyncResult *result, gpointer user_data);

static void
fill (GTask *owned)
{
  g_autoptr(GTask) task = owned;
  RmiStub *stub = g_task_get_source_object (task);
  GCancellable *cancellable = g_task_get_cancellable (task);
  Question question;

  if (!needs_filling (stub))
    {
      g_task_return_boolean (task, TRUE);
      return;
    }
  question = choose_question (stub);
  g_task_set_task_data (task, GINT_TO_POINTER (question), NULL);
  note_fill (stub, TRUE, FALSE);
  rmi_call_start (begin_question (stub, question), stub, cancellable, filled_cb, g_steal_pointer (&task));
}

static void
filled_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  Question question = (Question) GPOINTER_TO_INT (g_task_get_task_data (task));
  GError *failure = NULL;
  GError *error = NULL;
  g_autoptr(RmiCall) call = rmi_call_finish (object, result, &failure);

  if (end_fill (RMI_STUB (object), question, call, failure, &error))
    fill (g_steal_pointer (&task));
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
  fill (g_steal_pointer (&task));
}

gboolean
rmi_stub_fill_finish (RmiStub       *stub,
                      GAsyncResult  *result,
                      GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, stub), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
