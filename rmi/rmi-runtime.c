/* rmi/rmi-runtime.c: what all connections of one node share
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "config.h"
#include "rmi/rmi-runtime-internal.h"
#include "rmi/rmi-random-internal.h"
#include "rmi/rmi-siphash-internal.h"
#include "rmi/rmi-writer-internal.h"

#include <unistd.h>

static void
rmi_runtime_free_writers (RmiRuntime *self)
{
  while (self->n_spare_writers > 0)
    rmi_writer_free (self->spare_writers[--self->n_spare_writers]);
}

static void
spare_timer_expired (RmiTimer *timer)
{
  rmi_runtime_free_writers ((RmiRuntime *) ((char *) timer - G_STRUCT_OFFSET (RmiRuntime, spare_timer)));
}

RmiRuntime *
rmi_runtime_new (RmiPoller   *poller,
                 RmiExporter *exporter,
                 RmiImporter *importer)
{
  RmiRuntime *self = g_new0 (RmiRuntime, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->poller = rmi_poller_ref (poller);
  self->exporter = g_object_ref (exporter);
  self->importer = g_object_ref (importer);
  self->node_id = rmi_random_token (16);
  rmi_limits_init_network (&self->network);
  rmi_limits_init_local (&self->local);
  self->spare_cancellable = rmi_call_cancellable_new ();
  self->cancelled_signal = g_signal_lookup ("cancelled", G_TYPE_CANCELLABLE);
  self->spare_timer.expired = spare_timer_expired;
  g_queue_init (&self->backlog);
  self->sessions = g_hash_table_new (rmi_siphash_str, g_str_equal);
  self->lease_unit_us = G_USEC_PER_SEC;
  rmi_poller_set_idle (poller, rmi_runtime_run_backlog, self);
  return self;
}

RmiRuntime *
rmi_runtime_ref (RmiRuntime *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
rmi_runtime_unref (RmiRuntime *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  if (self->spare_timer.position != 0)
    rmi_poller_stop_timer (self->poller, &self->spare_timer);
  rmi_runtime_free_writers (self);
  g_clear_object (&self->spare_cancellable);
  g_hash_table_unref (self->sessions);
  g_clear_object (&self->exporter);
  g_clear_object (&self->importer);
  g_clear_pointer (&self->poller, rmi_poller_unref);
  g_free (self->node_id);
  g_free (self);
}

const RmiLimits *
rmi_runtime_get_limits (RmiRuntime   *self,
                        GCredentials *credentials)
{
  gboolean is_own_user = credentials != NULL && g_credentials_get_unix_user (credentials, NULL) == getuid ();

  return is_own_user ? &self->local : &self->network;
}

RmiWriter *
rmi_runtime_take_writer (RmiRuntime        *self,
                         const RmiLimits   *limits,
                         RmiReferenceCodec *codec)
{
  RmiWriter *writer = NULL;

  /* A caller that blocks acquires the node later, for the call itself. */
  if (rmi_poller_acquire (self->poller))
    {
      if (self->n_spare_writers > 0)
        writer = self->spare_writers[--self->n_spare_writers];
      rmi_poller_release (self->poller);
    }
  if (writer == NULL)
    return rmi_writer_new (limits, codec);

  rmi_writer_reset (writer, limits, codec);
  return writer;
}

void
rmi_runtime_give_writer (RmiRuntime *self,
                         RmiWriter  *writer)
{
  if (self->n_spare_writers == RMI_RUNTIME_SPARE_WRITERS || !rmi_poller_is_owner (self->poller))
    {
      rmi_writer_free (writer);
      return;
    }

  rmi_writer_reset (writer, NULL, NULL);
  self->spare_writers[self->n_spare_writers++] = writer;
  if (rmi_writer_is_large (writer) && self->spare_timer.position == 0)
    rmi_poller_start_timer (self->poller, &self->spare_timer,
                            g_get_monotonic_time () + RMI_POLLER_SPARE_US);
}

RmiCallCancellable *
rmi_runtime_take_cancellable (RmiRuntime *self)
{
  if (self->spare_cancellable != NULL)
    return g_steal_pointer (&self->spare_cancellable);

  return rmi_call_cancellable_new ();
}

void
rmi_runtime_give_cancellable (RmiRuntime         *self,
                              RmiCallCancellable *cancellable)
{
  /* The last reference is ours alone: nobody can take another one meanwhile. Handlers left on it expect to end with it. */
  if (self->spare_cancellable == NULL
      && g_atomic_int_get (&G_OBJECT (cancellable)->ref_count) == 1
      && !g_signal_has_handler_pending (cancellable, self->cancelled_signal, 0, TRUE)
      && !g_cancellable_is_cancelled (G_CANCELLABLE (cancellable))
      && rmi_poller_is_owner (self->poller))
    {
      rmi_call_context_clear (rmi_call_cancellable_get_context (cancellable));
      self->spare_cancellable = cancellable;
    }
  else
    {
      g_object_unref (cancellable);
    }
}
