/* tests/hostile/real-caller.c: an object that is called, and calls back
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "config.h"
#include "tests/hostile/real-caller.h"

static int n_alive;              /* atomic: tests look at it from another thread */

static char *
caller_echo (HostileCaller *caller,
             const char    *text,
             GCancellable  *cancellable,
             GError       **error)
{
  return g_strdup (text);
}

static char *
caller_call_back (HostileCaller *caller,
                  HostileCaller *other,
                  const char    *text,
                  GCancellable  *cancellable,
                  GError       **error)
{
  if (REAL_CALLER (caller)->may_block)
    return hostile_caller_echo (other, text, cancellable, error);

  g_set_error_literal (error, HOSTILE_ERROR, HOSTILE_ERROR_REFUSED, "Not now");
  return NULL;
}

static gboolean
caller_keep (HostileCaller *caller,
             HostileCaller *other,
             GCancellable  *cancellable,
             GError       **error)
{
  if (g_set_object (&REAL_CALLER (caller)->kept, other))
    g_object_notify (G_OBJECT (caller), "kept");
  return TRUE;
}

static gboolean
caller_kept (HostileCaller  *caller,
             HostileCaller **out_other,
             GCancellable   *cancellable,
             GError        **error)
{
  g_set_object (out_other, REAL_CALLER (caller)->kept);
  return TRUE;
}

static HostileCaller *
caller_make (HostileCaller *caller,
             GCancellable  *cancellable,
             GError       **error)
{
  return HOSTILE_CALLER (real_caller_new ());
}

static char *
caller_later (HostileCaller *caller,
              GCancellable  *cancellable,
              GError       **error)
{
  RmiInvocation *invocation = rmi_invocation_defer ();

  if (invocation != NULL)
    g_queue_push_tail (&REAL_CALLER (caller)->later, invocation);
  return NULL;
}

static gboolean
caller_refuse (HostileCaller *caller,
               GCancellable  *cancellable,
               GError       **error)
{
  g_set_error_literal (error, HOSTILE_ERROR, HOSTILE_ERROR_REFUSED, "No");
  return FALSE;
}

static gboolean
caller_note (HostileCaller *caller,
             const char    *text,
             GCancellable  *cancellable,
             GError       **error)
{
  REAL_CALLER (caller)->n_notes++;
  return TRUE;
}

static gboolean
caller_ring (HostileCaller *caller,
             const char    *text,
             GCancellable  *cancellable,
             GError       **error)
{
  RmiInvocation *invocation = g_queue_pop_head (&REAL_CALLER (caller)->later);

  hostile_caller_emit_rung (caller, text, REAL_CALLER (caller)->kept);
  if (invocation != NULL)
    hostile_caller_return_later (invocation, "now");
  g_clear_object (&invocation);
  return TRUE;
}

static void
caller_interface_init (HostileCallerInterface *iface)
{
  iface->echo = caller_echo;
  iface->call_back = caller_call_back;
  iface->keep = caller_keep;
  iface->kept = caller_kept;
  iface->make = caller_make;
  iface->later = caller_later;
  iface->refuse = caller_refuse;
  iface->note = caller_note;
  iface->ring = caller_ring;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (RealCaller, real_caller, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (HOSTILE_TYPE_CALLER, caller_interface_init))

enum
{
  PROP_LEVEL = 1,
  PROP_KEPT,
};

static void
real_caller_get_property (GObject    *object,
                          guint       property_id,
                          GValue     *value,
                          GParamSpec *pspec)
{
  if (property_id == PROP_LEVEL)
    g_value_set_int (value, REAL_CALLER (object)->level);
  else
    g_value_set_object (value, REAL_CALLER (object)->kept);
}

static void
real_caller_set_property (GObject      *object,
                          guint         property_id,
                          const GValue *value,
                          GParamSpec   *pspec)
{
  REAL_CALLER (object)->level = g_value_get_int (value);
}

static void
real_caller_dispose (GObject *object)
{
  RealCaller *self = REAL_CALLER (object);

  real_caller_drop_later (self);
  g_clear_object (&self->kept);
  G_OBJECT_CLASS (real_caller_parent_class)->dispose (object);
}

static void
real_caller_finalize (GObject *object)
{
  g_atomic_int_add (&n_alive, -1);
  G_OBJECT_CLASS (real_caller_parent_class)->finalize (object);
}

static void
real_caller_class_init (RealCallerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = real_caller_get_property;
  object_class->set_property = real_caller_set_property;
  object_class->dispose = real_caller_dispose;
  object_class->finalize = real_caller_finalize;
  g_object_class_override_property (object_class, PROP_LEVEL, "level");
  g_object_class_override_property (object_class, PROP_KEPT, "kept");
}

static void
real_caller_init (RealCaller *self)
{
  g_queue_init (&self->later);
  g_atomic_int_inc (&n_alive);
}

RealCaller *
real_caller_new (void)
{
  return g_object_new (REAL_TYPE_CALLER, NULL);
}

void
real_caller_drop_later (RealCaller *self)
{
  g_autoptr(GError) error = g_error_new_literal (HOSTILE_ERROR, HOSTILE_ERROR_REFUSED, "Never");
  RmiInvocation *invocation;

  while ((invocation = g_queue_pop_head (&self->later)) != NULL)
    {
      rmi_invocation_return_error (invocation, error);
      g_object_unref (invocation);
    }
}

guint
real_caller_n_alive (void)
{
  return (guint) g_atomic_int_get (&n_alive);
}
