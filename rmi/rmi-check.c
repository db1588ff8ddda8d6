/* rmi/rmi-check.c: values are looked at before code of the application makes objects of them
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What reads a message is run once before, by a reader that makes no object whose class runs code, and takes no reference: so a message
 * that is wrong at its end has made nothing. Programs without such classes read once.
 */
#include "config.h"
#include "rmi/rmi-call-private.h"
#include "rmi/rmi-reader-private.h"

#include "rmi/rmi-call.h"
#include "rmi/rmi-class-entry-internal.h"

gboolean
rmi_reader_begin_check (const RmiReader *self,
                        RmiReader       *check)
{
  if (G_LIKELY (!rmi_class_runs_code ()) || self->error != NULL || memchr (self->cursor, '{', self->end - self->cursor) == NULL)
    return FALSE;

  *check = *self;
  check->is_checking = TRUE;
  check->codec = NULL;
  return TRUE;
}

gboolean
rmi_reader_end_check (RmiReader  *check,
                      GError    **error)
{
  if (check->is_checked)
    g_clear_error (&check->error);
  return rmi_reader_finish (check, error);
}

/**
 * rmi_call_begin_check: (skip)
 * @self: an answered call, its result not yet read
 *
 * Returns: (transfer none) (nullable): what to read the result from for a first time, to see whether it can be; rmi_call_end_check() comes
 * next. %NULL if there is no need to
 *
 * Since: 1.0
 */
RmiReader *
rmi_call_begin_check (RmiCall *self)
{
  RmiReader check;

  if (!rmi_reader_begin_check (&self->reader, &check))
    return NULL;
  self->check = g_memdup2 (&check, sizeof check);
  return self->check;
}

/**
 * rmi_call_end_check: (skip)
 * @self: a call whose result was read for the first time
 *
 * If it did not fit, nothing more is read of it, and rmi_call_end() says why.
 *
 * Since: 1.0
 */
void
rmi_call_end_check (RmiCall *self)
{
  GError *error = NULL;

  if (!rmi_reader_end_check (self->check, &error))
    rmi_reader_fail (&self->reader, error);
  g_clear_pointer (&self->check, g_free);
}
