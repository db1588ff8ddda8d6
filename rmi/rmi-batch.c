/* rmi/rmi-batch.c: the answers to a batch, one message (JSON-RPC 2.0, section 6)
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "config.h"
#include "rmi/rmi-connection-private.h"

#include "rmi/rmi-error.h"

struct _RmiBatch
{
  guint          ref_count;
  RmiConnection *connection;
  RmiWriter     *answers;      /* NULL: none yet */
};

RmiBatch *
rmi_batch_new (RmiConnection *connection)
{
  RmiBatch *self = g_new0 (RmiBatch, 1);

  self->ref_count = 1;
  self->connection = g_object_ref (connection);
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

  if (self->answers != NULL)
    {
      g_autoptr(GError) error = NULL;

      rmi_writer_append (self->answers, "]", 1);
      /* Too much for one message: whoever asked must hear that, too. */
      if (!rmi_connection_send (self->connection, g_steal_pointer (&self->answers), &error)
          && g_error_matches (error, RMI_ERROR, RMI_ERROR_LIMIT))
        rmi_connection_answer_error (self->connection, (RmiSlice) RMI_SLICE_INIT, error, NULL);
    }
  g_object_unref (self->connection);
  g_free (self);
}

void
rmi_batch_add (RmiBatch  *self,
               RmiWriter *answer)
{
  RmiConnection *connection = self->connection;
  RmiSlice text;

  if (!rmi_writer_finish (answer, &text, NULL))
    return;

  if (self->answers == NULL)
    {
      self->answers = rmi_runtime_take_writer (connection->runtime, connection->limits, &connection->codec);
      rmi_writer_append (self->answers, "[", 1);
    }
  rmi_writer_add_raw (self->answers, text.data, text.length);
  rmi_writer_take_references (answer);
}
