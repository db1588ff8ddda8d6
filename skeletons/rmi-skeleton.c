/* skeletons/rmi-skeleton.c: adapts one GObject to calls of one interface
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Listens to the object's signals and property changes while somebody subscribes, and forwards
 * them. What the object emits while another thread owns the node is copied and handed over, in
 * order; what is more than fits is lost, and who subscribed is told behind what was handed over.
 */
#include "config.h"
#include "skeletons/rmi-skeleton-private.h"

#include "rmi/rmi-limits-internal.h"
#include "rmi/rmi-writer.h"
#include "skeletons/rmi-dynamic-skeleton-private.h"
#include "skeletons/rmi-emission-private.h"
#include "skeletons/rmi-system-methods-private.h"

/**
 * RmiSkeleton:
 *
 * Adapts one object to calls of one of its interfaces. rmi_node_export() makes it; programs do not
 * meet it. There is one class for all interfaces, which works by the table that the interface's
 * generated code has: an interface costs no class of its own, and all calls take one path.
 *
 * Since: 1.0
 */
struct _RmiSkeleton
{
  GObject                  parent_instance;

  RmiExport               *export;         /* NULL once it was dropped */
  RmiPoller               *poller;
  const RmiInterfaceEntry *entry;          /* lives as long as the object */
  gulong *handlers; /* of each signal and property, or NULL while nobody listens */
  int                      n_handed_over;  /* atomic */
  int                      has_lost;       /* atomic: all is lost until the subscribers were told */
};

G_DEFINE_FINAL_TYPE (RmiSkeleton, rmi_skeleton, G_TYPE_OBJECT)

static void
rmi_skeleton_finalize (GObject *object)
{
  RmiSkeleton *self = RMI_SKELETON (object);

  g_clear_pointer (&self->poller, rmi_poller_unref);

  G_OBJECT_CLASS (rmi_skeleton_parent_class)->finalize (object);
}

static void
rmi_skeleton_class_init (RmiSkeletonClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = rmi_skeleton_finalize;
}

static void
rmi_skeleton_init (RmiSkeleton *self)
{
}

RmiSkeleton *
rmi_skeleton_new (RmiExport               *export,
                  const RmiInterfaceEntry *entry)
{
  RmiSkeleton *self = g_object_new (RMI_TYPE_SKELETON, NULL);

  self->export = export;
  self->poller = rmi_poller_ref (export->poller);
  self->entry = entry;
  return self;
}

void
rmi_skeleton_drop (RmiSkeleton *self)
{
  rmi_skeleton_listen (self, FALSE);
  self->export = NULL;
}

const RmiInterfaceEntry *
rmi_skeleton_get_entry (RmiSkeleton *self)
{
  return self->entry;
}

GObject *
rmi_skeleton_get_object (RmiSkeleton *self)
{
  return self->export != NULL ? self->export->object : NULL;
}

/* ---- forwarding ---- */

typedef struct
{
  GClosure  closure;       /* its data is the skeleton */
  GClosure *forward;       /* what generated code gave, or on_notify() */
} Forwarder;

/* Each holds a reference to its closure, which counts to 32,767. */
G_STATIC_ASSERT (RMI_LIMITS_HANDED_OVER < 16384);

typedef struct
{
  Forwarder *forwarder;
  guint      n_values;
  GValue     values[];
} HandedOver;

static void
handed_over_cb (gpointer data,
                gpointer unused)
{
  HandedOver *job = data;
  RmiSkeleton *self = job->forwarder->closure.data;

  if (self->export != NULL)
    g_closure_invoke (job->forwarder->forward, NULL, job->n_values, job->values, NULL);
}

static void
handed_over_free (gpointer data)
{
  HandedOver *job = data;
  RmiSkeleton *self = job->forwarder->closure.data;

  g_atomic_int_add (&self->n_handed_over, -1);
  for (guint i = 0; i < job->n_values; i++)
    g_value_unset (&job->values[i]);
  g_closure_unref (&job->forwarder->closure);
  g_free (job);
}

static void
tell_gap_cb (gpointer data,
             gpointer unused)
{
  RmiSkeleton *self = data;

  g_atomic_int_set (&self->has_lost, FALSE);
  if (self->export == NULL)
    return;
  rmi_export_mark_gaps (self->export);
  rmi_system_method_tell_gaps (rmi_export_list_gaps (self->export));
}

static void
tell_gap_free (gpointer data)
{
  RmiSkeleton *self = data;

  g_atomic_int_add (&self->n_handed_over, -1);
  g_object_unref (self);
}

/* TRUE if there is no room, and until the gap is told. */
static gboolean
is_lost (RmiSkeleton *self)
{
  if (g_atomic_int_get (&self->n_handed_over) < RMI_LIMITS_HANDED_OVER
      && rmi_poller_count_handed_over (self->poller) < RMI_LIMITS_HANDED_OVER_TO_NODE)
    return g_atomic_int_get (&self->has_lost);

  if (g_atomic_int_compare_and_exchange (&self->has_lost, FALSE, TRUE))
    {
      g_atomic_int_inc (&self->n_handed_over);
      rmi_poller_hand_over (self->poller, tell_gap_cb, g_object_ref (self), tell_gap_free);
    }
  return TRUE;
}

static void
hand_over (Forwarder    *forwarder,
           guint         n_values,
           const GValue *values)
{
  RmiSkeleton *self = forwarder->closure.data;
  HandedOver *job;

  if (is_lost (self))
    return;

  job = g_malloc0 (sizeof (HandedOver) + n_values * sizeof (GValue));
  job->forwarder = forwarder;
  g_closure_ref (&forwarder->closure);
  job->n_values = n_values;
  for (guint i = 0; i < n_values; i++)
    {
      g_value_init (&job->values[i], G_VALUE_TYPE (&values[i]));
      g_value_copy (&values[i], &job->values[i]);
    }
  g_atomic_int_inc (&self->n_handed_over);
  rmi_poller_hand_over (self->poller, handed_over_cb, job, handed_over_free);
}

static void
forwarder_marshal (GClosure     *closure,
                   GValue       *return_value,
                   guint         n_values,
                   const GValue *values,
                   gpointer      hint,
                   gpointer      unused)
{
  Forwarder *forwarder = (Forwarder *) closure;
  RmiSkeleton *self = closure->data;

  if (g_atomic_int_get (&self->n_handed_over) > 0 || !rmi_poller_acquire (self->poller))
    {
      hand_over (forwarder, n_values, values);
      return;
    }

  if (self->export != NULL)
    g_closure_invoke (forwarder->forward, NULL, n_values, values, hint);
  rmi_poller_release (self->poller);
}

static void
forwarder_finalized (gpointer  skeleton,
                     GClosure *closure)
{
  g_closure_unref (((Forwarder *) closure)->forward);
  g_object_unref (skeleton);
}

static GClosure *
forwarder_new (RmiSkeleton *self,
               GCallback    forward)
{
  GClosure *closure = g_closure_new_simple (sizeof (Forwarder), g_object_ref (self));
  Forwarder *forwarder = (Forwarder *) closure;

  forwarder->forward = g_cclosure_new (forward, self, NULL);
  g_closure_ref (forwarder->forward);
  g_closure_sink (forwarder->forward);
  g_closure_set_marshal (forwarder->forward, g_cclosure_marshal_generic);
  g_closure_set_marshal (closure, forwarder_marshal);
  g_closure_add_finalize_notifier (closure, self, forwarder_finalized);
  return closure;
}

/* ---- property changes ---- */

/* An array of objects is boxed, too. */
static gboolean
may_hold_references (GType type)
{
  GType fundamental = G_TYPE_FUNDAMENTAL (type);

  if (fundamental == G_TYPE_BOXED)
    return type != G_TYPE_STRV && type != G_TYPE_BYTES;
  return fundamental == G_TYPE_OBJECT || fundamental == G_TYPE_INTERFACE;
}

static void
tell_change (RmiSkeleton            *self,
             const RmiPropertyEntry *property,
             gboolean                has_references)
{
  g_autoptr(RmiExport) export = rmi_export_ref (self->export);
  gboolean is_qualified = rmi_export_is_qualified (export);
  RmiWriter *writer;

  if (!rmi_skeleton_is_readable (self, property))
    return;

  for (writer = rmi_emission_begin (export, NULL, "rpc.changed", has_references); writer != NULL;
       writer = rmi_emission_next (writer))
    {
      rmi_writer_begin_object (writer);
      if (self->export != NULL)
        rmi_skeleton_write_property (self, property, is_qualified, writer);
      rmi_writer_end_object (writer);
    }
}

static void
on_notify (GObject    *object,
           GParamSpec *pspec,
           gpointer    user_data)
{
  RmiSkeleton *self = user_data;

  for (guint i = 0; i < self->entry->n_properties; i++)
    if (g_str_equal (self->entry->properties[i].property_name, pspec->name))
      {
        tell_change (self, &self->entry->properties[i], may_hold_references (pspec->value_type));
        return;
      }
}

/* The same of a dynamic one. */
static void
on_told (GObject    *object,
         const char *name,
         gpointer    user_data)
{
  RmiSkeleton *self = user_data;

  for (guint i = 0; i < self->entry->n_properties; i++)
    if (g_str_equal (self->entry->properties[i].name, name))
      {
        tell_change (self, &self->entry->properties[i], TRUE);
        return;
      }
}

/* ---- listening ---- */

static void
start_listening (RmiSkeleton *self)
{
  GObject *object = self->export->object;
  gboolean is_dynamic = RMI_IS_DYNAMIC_SKELETON (object);
  gulong *handler = self->handlers =
      g_new0 (gulong, self->entry->n_signals + self->entry->n_properties + 1);

  for (guint i = 0; i < self->entry->n_signals; i++)
    {
      const RmiSignalEntry *signal = &self->entry->signals[i];

      *handler++ = g_signal_connect_closure (object, signal->signal_name,
                                             forwarder_new (self, signal->forward), FALSE);
    }
  for (guint i = 0; i < self->entry->n_properties; i++)
    {
      const char *name = self->entry->properties[i].property_name;
      g_autofree char *detailed = is_dynamic ? g_strdup (name) : g_strconcat ("notify::", name, NULL);
      GCallback callback = is_dynamic ? G_CALLBACK (on_told) : G_CALLBACK (on_notify);

      *handler++ = g_signal_connect_closure (object, detailed, forwarder_new (self, callback), FALSE);
    }
}

static void
stop_listening (RmiSkeleton *self)
{
  g_autofree gulong *handlers = g_steal_pointer (&self->handlers);
  guint n_handlers = self->entry->n_signals + self->entry->n_properties;

  for (guint i = 0; i < n_handlers; i++)
    if (handlers[i] != 0)
      g_signal_handler_disconnect (self->export->object, handlers[i]);
}

void
rmi_skeleton_listen (RmiSkeleton *self,
                     gboolean     is_wanted)
{
  if (is_wanted == (self->handlers != NULL))
    return;

  if (is_wanted)
    start_listening (self);
  else
    stop_listening (self);
  if (RMI_IS_DYNAMIC_SKELETON (self->export->object))
    rmi_dynamic_skeleton_listen (RMI_DYNAMIC_SKELETON (self->export->object), self->entry, is_wanted);
}

/**
 * rmi_skeleton_begin_signal: (skip)
 * @self: a skeleton
 * @signal: the signal being emitted
 *
 * Begins the event for the first subscriber. In a handler of the signal that the skeleton
 * connected.
 *
 * Returns: (transfer none) (nullable): where the arguments go, or %NULL if nobody subscribed
 *
 * Since: 1.0
 */
RmiWriter *
rmi_skeleton_begin_signal (RmiSkeleton          *self,
                           const RmiSignalEntry *signal)
{
  g_return_val_if_fail (RMI_IS_SKELETON (self), NULL);

  if (self->export == NULL)
    return NULL;
  return rmi_emission_begin (self->export,
                             rmi_export_is_qualified (self->export) ? self->entry->name : NULL,
                             signal->name, signal->has_references);
}

/**
 * rmi_skeleton_next_signal: (skip)
 * @self: a skeleton
 * @writer: what begin or next returned, the arguments written
 *
 * Sends the event, and begins it for the next subscriber.
 *
 * Returns: (transfer none) (nullable): where the arguments go again, or %NULL after the last
 * subscriber
 *
 * Since: 1.0
 */
RmiWriter *
rmi_skeleton_next_signal (RmiSkeleton *self,
                          RmiWriter   *writer)
{
  g_return_val_if_fail (RMI_IS_SKELETON (self), NULL);

  return rmi_emission_next (writer);
}
