/* rmi/rmi-call-context.c: what a call hands down to the calls it makes
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "config.h"
#include "rmi/rmi-call-context-internal.h"

struct _RmiCallCancellable
{
  GCancellable parent_instance;

  RmiCallContext context;
};

G_DEFINE_FINAL_TYPE (RmiCallCancellable, rmi_call_cancellable, G_TYPE_CANCELLABLE)

static __thread GCancellable *current;

static void
rmi_call_cancellable_finalize (GObject *object)
{
  RmiCallCancellable *self = RMI_CALL_CANCELLABLE (object);

  rmi_call_context_clear (&self->context);
  G_OBJECT_CLASS (rmi_call_cancellable_parent_class)->finalize (object);
}

static void
rmi_call_cancellable_class_init (RmiCallCancellableClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = rmi_call_cancellable_finalize;
}

static void
rmi_call_cancellable_init (RmiCallCancellable *self)
{
  self->context.deadline_us = G_MAXINT64;
}

RmiCallCancellable *
rmi_call_cancellable_new (void)
{
  return g_object_new (RMI_TYPE_CALL_CANCELLABLE, NULL);
}

RmiCallContext *
rmi_call_cancellable_get_context (RmiCallCancellable *self)
{
  return &self->context;
}

void
rmi_call_context_clear (RmiCallContext *self)
{
  g_clear_pointer (&self->trace, g_free);
  self->deadline_us = G_MAXINT64;
  self->chain[0] = '\0';
  self->depth = 0;
}

const RmiCallContext *
rmi_call_context_find (GCancellable *cancellable)
{
  if (cancellable == NULL || !RMI_IS_CALL_CANCELLABLE (cancellable))
    cancellable = current;

  return cancellable != NULL ? &RMI_CALL_CANCELLABLE (cancellable)->context : NULL;
}

GCancellable *
rmi_call_context_set_current (GCancellable *cancellable)
{
  GCancellable *previous = current;

  current = cancellable;
  return previous;
}

GCancellable *
rmi_call_context_get_current (void)
{
  return current;
}
