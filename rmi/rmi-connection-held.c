/* rmi/rmi-connection-held.c: what waits its turn
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Messages, and the ends of our own calls, that would run user code when none may run: kept in the order they came, and run from the
 * main loop. The runtime's backlog has the connections where something can run.
 */
#include "config.h"
#include "rmi/rmi-connection-private.h"

#include "rmi/rmi-error.h"
#include "rmi/rmi-siphash-internal.h"

#define HELD_OVERHEAD 256     /* bytes a held message costs besides its text */
#define BACKLOG_MESSAGES 64   /* run in one turn of the loop; then sockets have theirs */

/* ---- what waits ---- */

static void
held_free (RmiHeld *held)
{
  g_clear_pointer (&held->chunk, rmi_chunk_unref);
  g_clear_pointer (&held->answered, rmi_call_free);
  g_clear_error (&held->closed);
  g_free (held);
}

static guint
id_hash (gconstpointer data)
{
  const RmiHeld *held = data;

  return (guint) rmi_siphash (held->id.data, held->id.length);
}

static gboolean
id_equal (gconstpointer a,
          gconstpointer b)
{
  const RmiHeld *held = b;

  return rmi_slice_equals (((const RmiHeld *) a)->id, held->id.data, held->id.length);
}

/* What it holds, or asks for, is done from the main loop. */
static void
join_backlog (RmiConnection *self)
{
  if (self->is_in_backlog)
    return;

  self->is_in_backlog = TRUE;
  g_queue_push_tail (&self->runtime->backlog, g_object_ref (self));
}

static void
hold (RmiConnection *self,
      RmiHeld       *held)
{
  g_queue_push_tail (&self->held, held);
  self->n_held_answers += held->chunk == NULL;
  if (held->id.data != NULL)
    {
      if (self->held_by_id == NULL)
        self->held_by_id = g_hash_table_new (id_hash, id_equal);
      g_hash_table_replace (self->held_by_id, held, self->held.tail);
    }
  self->held_bytes += held->chunk != NULL ? held->frame.length + HELD_OVERHEAD : 0;
  join_backlog (self);
  rmi_poller_wake_idle (self->runtime->poller);
}

static RmiHeld *
take_link (RmiConnection *self,
           GList         *link)
{
  RmiHeld *held = link->data;

  /* A peer may use an id twice. Then the later one is known by it. */
  if (held->id.data != NULL && g_hash_table_lookup (self->held_by_id, held) == link)
    g_hash_table_remove (self->held_by_id, held);
  g_queue_delete_link (&self->held, link);
  self->n_held_answers -= held->chunk == NULL;
  self->held_bytes -= held->chunk != NULL ? held->frame.length + HELD_OVERHEAD : 0;
  return held;
}

/* A copy: a small message must not keep a large chunk for long. */
void
rmi_connection_hold (RmiConnection *self,
                     RmiSlice       text,
                     RmiSlice       id,
                     gboolean       is_request)
{
  RmiHeld *held = g_new0 (RmiHeld, 1);

  held->chunk = rmi_chunk_new (text.length);
  memcpy (held->chunk->data, text.data, text.length);
  held->frame = (RmiSlice) { held->chunk->data, text.length };
  if (id.data != NULL)
    held->id = (RmiSlice) { held->chunk->data + (id.data - text.data), id.length };
  held->is_request = is_request;
  held->arrival_us = self->arrival_us;
  held->epoch = self->codec.epoch;
  hold (self, held);
}

gboolean
rmi_connection_is_congested (RmiConnection *self)
{
  return self->stream != NULL && rmi_stream_is_congested (self->stream);
}

/* While the peer does not read, its requests wait, and all it said after them; what is of our own calls does not. */
static RmiHeld *
take_held (RmiConnection *self)
{
  GList *link = self->held.head;

  if (link != NULL && ((RmiHeld *) link->data)->is_request && rmi_connection_is_congested (self))
    {
      if (self->n_held_answers == 0)
        return NULL;
      while (((RmiHeld *) link->data)->chunk != NULL)
        link = link->next;
    }
  return link != NULL ? take_link (self, link) : NULL;
}

static void return_task (RmiCall *call);

static void
run_held (RmiConnection *self,
          RmiHeld       *held)
{
  if (held->answered != NULL)
    return_task (g_steal_pointer (&held->answered));
  else if (held->is_closed)
    rmi_connection_emit_closed (self, held->closed);
  else
    rmi_connection_take_held (self, held);
  held_free (held);
}

/* FALSE: there is nothing that can run now. */
static gboolean
run_next_held (RmiConnection *self)
{
  RmiHeld *held = take_held (self);

  if (held == NULL)
    return FALSE;

  /* Before: a main loop that runs inside of it gets the rest. */
  join_backlog (self);
  run_held (self, held);
  return TRUE;
}

/* One message of each connection in turn. Any of them may be the end of the node. */
gboolean
rmi_runtime_run_backlog (gpointer data)
{
  g_autoptr(RmiRuntime) runtime = rmi_runtime_ref (data);
  RmiConnection *next;

  for (guint n_run = 0; n_run < BACKLOG_MESSAGES && (next = g_queue_pop_head (&runtime->backlog)) != NULL;)
    {
      g_autoptr(RmiConnection) self = next;

      self->is_in_backlog = FALSE;
      if (run_next_held (self))
        {
          n_run++;
          continue;
        }
      rmi_connection_check_drained (self);
      if (self->has_lost_events && self->stream != NULL)
        rmi_importer_connected (runtime->importer, self);
      self->has_lost_events = FALSE;
    }
  return runtime->backlog.length > 0;
}

void
rmi_connection_note_lost_events (RmiConnection *self)
{
  self->has_lost_events = TRUE;
  join_backlog (self);
  rmi_poller_wake_idle (self->runtime->poller);
}

void
rmi_connection_wake_held (RmiConnection *self)
{
  if (self->held.length == 0 || self->is_in_backlog)
    return;

  join_backlog (self);
  rmi_poller_wake_idle (self->runtime->poller);
}

gboolean
rmi_connection_run_held_first (RmiConnection *self)
{
  g_autoptr(RmiStream) stream = rmi_stream_ref (self->stream);

  if (run_next_held (self))
    rmi_poller_wake_idle (self->runtime->poller);
  return self->stream == stream;
}

/* Answers still reach who asked, and the end is told; messages are for nobody now. */
void
rmi_connection_drop_held (RmiConnection *self)
{
  while (self->held.head != NULL)
    {
      RmiHeld *held = take_link (self, self->held.head);

      if (held->chunk != NULL)
        rmi_reader_discard (held->frame, &self->codec);
      else
        run_held (self, g_steal_pointer (&held));
      g_clear_pointer (&held, held_free);
    }
  g_clear_pointer (&self->held_by_id, g_hash_table_unref);
  if (self->is_in_backlog && g_queue_remove (&self->runtime->backlog, self))
    {
      self->is_in_backlog = FALSE;
      g_object_unref (self);
    }
}

void
rmi_connection_orphan_held (RmiConnection *self)
{
  GList *next;

  for (GList *link = self->held.head; link != NULL; link = next)
    {
      RmiHeld *held = link->data;

      next = link->next;
      if (held->is_request)
        held_free (take_link (self, link));
      else
        held->is_orphan = TRUE;
    }
}

gboolean
rmi_connection_cancel_held (RmiConnection *self,
                            RmiSlice       id)
{
  g_autoptr(GError) error = NULL;
  RmiHeld wanted = { .id = id };
  GList *link = self->held_by_id != NULL ? g_hash_table_lookup (self->held_by_id, &wanted) : NULL;
  RmiHeld *held;

  if (link == NULL)
    return FALSE;

  held = take_link (self, link);
  error = g_error_new (RMI_ERROR, RMI_ERROR_CANCELLED, "Cancelled before it ran");
  rmi_connection_answer_error (self, held->id, error, NULL);
  rmi_reader_discard (held->frame, &self->codec);
  held_free (held);
  return TRUE;
}

/* ---- ends of our calls, and of the connection ---- */

static void
forget_cancellable (RmiCall *call)
{
  if (call->cancelled_id != 0)
    g_cancellable_disconnect (call->cancellable, call->cancelled_id);
  call->cancelled_id = 0;
}

static void
return_task (RmiCall *call)
{
  g_autoptr(GTask) task = g_steal_pointer (&call->task);
  GError *error = g_steal_pointer (&call->error);

  forget_cancellable (call);
  if (error != NULL)
    {
      rmi_call_free (call);
      g_task_return_error (task, error);
    }
  else
    {
      g_task_return_pointer (task, call, (GDestroyNotify) rmi_call_free);
    }
}

void
rmi_connection_complete (RmiConnection *self,
                         RmiCall       *call)
{
  if (call->done != NULL)
    {
      forget_cancellable (call);
      call->done (call, call->done_data);
      rmi_call_free (call);
    }
  else if (rmi_poller_get_gate (self->runtime->poller) != NULL || self->held.length > 0)
    {
      RmiHeld *held = g_new0 (RmiHeld, 1);

      held->answered = call;
      hold (self, held);
    }
  else
    {
      return_task (call);
    }
}

void
rmi_connection_tell_closed (RmiConnection *self,
                            const GError  *error)
{
  if (rmi_poller_get_gate (self->runtime->poller) != NULL || self->held.length > 0)
    {
      RmiHeld *held = g_new0 (RmiHeld, 1);

      held->is_closed = TRUE;
      held->closed = error != NULL ? g_error_copy (error) : NULL;
      hold (self, held);
    }
  else
    {
      rmi_connection_emit_closed (self, error);
    }
}
