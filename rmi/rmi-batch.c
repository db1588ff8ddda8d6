/* rmi/rmi-batch.c: the answers to a batch, one message (JSON-RPC 2.0, section 6)
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "config.h"
#include "rmi/rmi-connection-private.h"

#include "rmi/rmi-error.h"

#define ERROR_BYTES 1024       /* an error that we make ourselves is shorter */

struct _RmiBatch
{
  guint          ref_count;
  RmiConnection *connection;
  RmiWriter     *answers;      /* NULL: none yet */
  guint          n_missing;    /* at most as many answers are to come */
  gboolean       is_orphan;    /* the stream it came by is gone */
};

RmiBatch *
rmi_batch_new (RmiConnection *connection,
               guint          n_messages)
{
  RmiBatch *self = g_new0 (RmiBatch, 1);

  self->ref_count = 1;
  self->connection = g_object_ref (connection);
  self->connection->n_batches++;
  self->n_missing = n_messages;
  return self;
}

RmiBatch *
rmi_batch_ref (RmiBatch *self)
{
  self->ref_count++;
  return self;
}

void
rmi_batch_unref (RmiBatch *self)
{
  if (--self->ref_count > 0)
    return;

  if (self->answers != NULL && self->is_orphan)
    {
      rmi_runtime_give_writer (self->connection->runtime, self->answers);
    }
  else if (self->answers != NULL)
    {
      g_autoptr(GError) error = NULL;

      rmi_writer_append (self->answers, "]", 1);
      /* Not even errors fit: whoever asked must hear that, too. */
      if (!rmi_connection_send (self->connection, g_steal_pointer (&self->answers), &error)
          && g_error_matches (error, RMI_ERROR, RMI_ERROR_LIMIT))
        rmi_connection_answer_error (self->connection, (RmiSlice) RMI_SLICE_INIT, error, NULL);
    }
  self->connection->n_batches--;
  rmi_connection_check_drained (self->connection);
  g_object_unref (self->connection);
  g_free (self);
}

void
rmi_batch_orphan (RmiBatch *self)
{
  self->is_orphan = TRUE;
}

/* Each answer that is still to come must find room at least for an error. */
static gboolean
has_room (RmiBatch *self,
          RmiSlice  answer)
{
  RmiConnection *connection = self->connection;
  gsize limit = MIN (connection->limits->frame_bytes, connection->peer_frame_bytes);
  gsize kept = (gsize) (MAX (self->n_missing, 1) - 1) * ERROR_BYTES;
  RmiSlice before = RMI_SLICE_INIT;

  if (answer.length < ERROR_BYTES || (self->answers != NULL && !rmi_writer_finish (self->answers, &before, NULL)))
    return TRUE;
  return before.length + answer.length + kept + strlen ("[,]") <= limit;
}

gboolean
rmi_batch_add (RmiBatch   *self,
               RmiWriter  *answer,
               GError    **error)
{
  RmiConnection *connection = self->connection;
  RmiSlice text;

  if (!rmi_writer_finish (answer, &text, error))
    return FALSE;
  if (!has_room (self, text))
    {
      g_set_error (error, RMI_ERROR, RMI_ERROR_LIMIT,
                   "the answers to the batch exceed the limit of %" G_GSIZE_FORMAT " bytes (frame_bytes)",
                   MIN (connection->limits->frame_bytes, connection->peer_frame_bytes));
      return FALSE;
    }

  if (self->answers == NULL)
    {
      self->answers = rmi_runtime_take_writer (connection->runtime, connection->limits, &connection->codec);
      rmi_writer_append (self->answers, "[", 1);
    }
  rmi_writer_add_message (self->answers, answer);
  self->n_missing--;
  return TRUE;
}
