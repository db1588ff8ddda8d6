/* rmi/rmi-call-forward.c: a call of somebody else's, passed on
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Between the call that came and the one that goes out no text is understood and no user code runs, so it also goes on while this program
 * blocks.
 */
#include "config.h"
#include "rmi/rmi-call-private.h"

void
rmi_call_forward (RmiCall       *self,
                  GCancellable  *cancellable,
                  gboolean       is_oneway,
                  void         (*done) (RmiCall *, gpointer),
                  gpointer       user_data)
{
  self->done = done;
  self->done_data = user_data;
  self->is_oneway = is_oneway;
  self->is_forwarded = TRUE;
  g_set_object (&self->cancellable, cancellable);
  if (rmi_call_prepare (self, cancellable, &self->error))
    {
      rmi_call_start_in_owner (self);
      return;
    }
  done (self, user_data);
  rmi_call_free (self);
}

const GError *
rmi_call_get_error (RmiCall *self)
{
  return self->error;
}

gboolean
rmi_call_has_answer (RmiCall *self)
{
  return self->chunk != NULL;
}
