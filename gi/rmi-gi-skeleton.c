/* gi/rmi-gi-skeleton.c: any introspected GObject as an object that peers may call
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * An object has one skeleton, as long as somebody holds that. The skeleton keeps the object; the
 * object knows the skeleton weakly.
 */
#include "config.h"
#include "gi/rmi-gi-class-private.h"

/**
 * RmiGiSkeleton:
 *
 * Serves a GObject by what its typelib says of it: methods, signals and properties, with those of
 * its base classes and interfaces. What takes or returns something that cannot be passed is left
 * out. Objects that its methods return are served in the same way.
 *
 * Since: 1.0
 */
struct _RmiGiSkeleton
{
  RmiDynamicSkeleton  parent_instance;

  GObject            *object;
  const RmiGiClass   *class;
  GArray             *handlers;     /* of gulong: of the object's signals, while somebody listens */
};

G_DEFINE_FINAL_TYPE (RmiGiSkeleton, rmi_gi_skeleton, RMI_TYPE_DYNAMIC_SKELETON)

static GMutex lock;                  /* of the way from objects to skeletons */

static GQuark
skeleton_quark (void)
{
  return g_quark_from_static_string ("rmi-gi-skeleton");
}

/* ---- calls and properties ---- */

static void
rmi_gi_skeleton_call (RmiDynamicSkeleton *skeleton,
                      const char         *name,
                      GVariant           *arguments,
                      GPtrArray          *objects,
                      RmiInvocation      *invocation)
{
  RmiGiSkeleton *self = RMI_GI_SKELETON (skeleton);
  const RmiGiMethod *method = g_hash_table_lookup (self->class->methods, name);
  g_autoptr(GPtrArray) out_objects = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(GVariant) results = NULL;
  g_autoptr(GError) error = NULL;

  results = rmi_gi_method_call (method, self->object, arguments, objects, rmi_invocation_get_cancellable (invocation),
                                out_objects, &error);
  if (results != NULL)
    {
      rmi_invocation_return_values (invocation, results, out_objects);
      return;
    }
  if (error == NULL)
    error = g_error_new (RMI_ERROR, RMI_ERROR_INTERNAL, "%s failed without saying why", name);
  rmi_invocation_return_error (invocation, error);
}

static GVariant *
rmi_gi_skeleton_get_value (RmiDynamicSkeleton  *skeleton,
                           const char          *name,
                           GPtrArray          **objects)
{
  RmiGiSkeleton *self = RMI_GI_SKELETON (skeleton);
  const RmiGiProperty *property = g_hash_table_lookup (self->class->properties, name);
  g_autoptr(GPtrArray) own = g_ptr_array_new_with_free_func (g_object_unref);
  g_auto(GValue) value = G_VALUE_INIT;
  g_autoptr(GError) error = NULL;
  GIArgument argument;
  GVariant *variant;

  g_object_get_property (self->object, property->property_name, &value);
  rmi_gi_type_from_value (&property->type, &value, &argument);
  variant = rmi_gi_type_to_variant (&property->type, &argument, 0, own, &error);
  if (variant == NULL)
    g_debug ("The property %s cannot be passed: %s", name, error->message);
  *objects = g_steal_pointer (&own);
  return variant;
}

static gboolean
rmi_gi_skeleton_set_value (RmiDynamicSkeleton  *skeleton,
                           const char          *name,
                           GVariant            *variant,
                           GPtrArray           *objects,
                           GError             **error)
{
  RmiGiSkeleton *self = RMI_GI_SKELETON (skeleton);
  const RmiGiProperty *property = g_hash_table_lookup (self->class->properties, name);
  GParamSpec *pspec = g_object_class_find_property (G_OBJECT_GET_CLASS (self->object), property->property_name);
  g_auto(GValue) value = G_VALUE_INIT;
  GIArgument argument;
  gsize length = 0;

  if (!rmi_gi_type_from_variant (&property->type, variant, objects, &argument, &length, error))
    return FALSE;
  g_value_init (&value, pspec->value_type);
  rmi_gi_type_to_value (&property->type, &argument, &value);
  rmi_gi_type_free (&property->type, &argument);
  if (g_param_value_validate (pspec, &value))
    {
      g_set_error (error, RMI_ERROR, RMI_ERROR_INVALID_ARGUMENTS, "The value is out of the range of the property %s", name);
      return FALSE;
    }
  g_object_set_property (self->object, property->property_name, &value);
  return TRUE;
}

/* ---- signals ---- */

typedef struct
{
  GClosure           closure;      /* its data is the skeleton */
  const RmiGiMethod *signal;       /* NULL: of a property */
  const char        *name;
} Listener;

static void
listener_marshal (GClosure     *closure,
                  GValue       *return_value,
                  guint         n_values,
                  const GValue *values,
                  gpointer      hint,
                  gpointer      unused)
{
  Listener *self = (Listener *) closure;
  RmiDynamicSkeleton *skeleton = closure->data;
  g_autoptr(GPtrArray) objects = NULL;
  g_autoptr(GVariant) arguments = NULL;
  g_autoptr(GError) error = NULL;

  if (self->signal == NULL)
    {
      rmi_dynamic_skeleton_tell_value (skeleton, self->name);
      return;
    }
  objects = g_ptr_array_new_with_free_func (g_object_unref);
  arguments = rmi_gi_signal_read (self->signal, values, objects, &error);
  if (arguments != NULL)
    rmi_dynamic_skeleton_emit_signal (skeleton, self->name, arguments, objects);
  else
    g_debug ("The signal %s cannot be passed: %s", self->name, error->message);
}

static void
listener_finalized (gpointer  skeleton,
                    GClosure *closure)
{
  g_object_unref (skeleton);
}

static void
listen_to (RmiGiSkeleton     *self,
           const char        *detailed_signal,
           const RmiGiMethod *signal,
           const char        *name)
{
  GClosure *closure = g_closure_new_simple (sizeof (Listener), g_object_ref (self));
  gulong handler;

  ((Listener *) closure)->signal = signal;
  ((Listener *) closure)->name = name;
  g_closure_set_marshal (closure, listener_marshal);
  g_closure_add_finalize_notifier (closure, self, listener_finalized);
  handler = g_signal_connect_closure (self->object, detailed_signal, closure, TRUE);
  g_array_append_val (self->handlers, handler);
}

static void
start_listening (RmiGiSkeleton *self)
{
  GHashTableIter iter;
  RmiGiMethod *signal;
  RmiGiProperty *property;

  g_hash_table_iter_init (&iter, self->class->signals);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &signal))
    listen_to (self, signal->signal_name, signal, signal->name);
  g_hash_table_iter_init (&iter, self->class->properties);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &property))
    {
      g_autofree char *detailed = g_strconcat ("notify::", property->property_name, NULL);

      listen_to (self, detailed, NULL, property->name);
    }
}

static void
rmi_gi_skeleton_listen (RmiDynamicSkeleton *skeleton,
                        gboolean            is_wanted)
{
  RmiGiSkeleton *self = RMI_GI_SKELETON (skeleton);

  for (guint i = 0; i < self->handlers->len; i++)
    g_signal_handler_disconnect (self->object, g_array_index (self->handlers, gulong, i));
  g_array_set_size (self->handlers, 0);
  if (is_wanted)
    start_listening (self);
}

/* ---- the object ---- */

static void
weak_free (gpointer data)
{
  g_weak_ref_clear (data);
  g_free (data);
}

static void
rmi_gi_skeleton_finalize (GObject *object)
{
  RmiGiSkeleton *self = RMI_GI_SKELETON (object);

  g_clear_object (&self->object);
  g_array_unref (self->handlers);

  G_OBJECT_CLASS (rmi_gi_skeleton_parent_class)->finalize (object);
}

static void
rmi_gi_skeleton_class_init (RmiGiSkeletonClass *klass)
{
  RmiDynamicSkeletonClass *skeleton_class = RMI_DYNAMIC_SKELETON_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = rmi_gi_skeleton_finalize;
  skeleton_class->call = rmi_gi_skeleton_call;
  skeleton_class->get_value = rmi_gi_skeleton_get_value;
  skeleton_class->set_value = rmi_gi_skeleton_set_value;
  skeleton_class->listen = rmi_gi_skeleton_listen;
}

static void
rmi_gi_skeleton_init (RmiGiSkeleton *self)
{
  self->handlers = g_array_new (FALSE, FALSE, sizeof (gulong));
}

static RmiGiSkeleton *
make (GObject          *object,
      const RmiGiClass *class)
{
  RmiGiSkeleton *self = g_object_new (RMI_TYPE_GI_SKELETON, NULL);
  GWeakRef *weak = g_new0 (GWeakRef, 1);

  self->object = g_object_ref (object);
  self->class = class;
  rmi_dynamic_skeleton_add_interface (RMI_DYNAMIC_SKELETON (self), class->info);
  g_weak_ref_init (weak, self);
  g_object_set_qdata_full (object, skeleton_quark (), weak, weak_free);
  return self;
}

/**
 * rmi_gi_skeleton_new:
 * @object: an object
 * @error: return location for an error
 *
 * Serves @object by its typelib, which must be loaded. In the typelib's words its interface is
 * `Gio.ListStore`, its members are `GetItem`, `ItemsChanged`, `NItems`. Remember that peers may call
 * all of it: export only what you would give away.
 *
 * Returns: (transfer full): the skeleton of @object, the same as long as there is one, to be
 * exported or passed; %NULL with %RMI_ERROR_NOT_SUPPORTED if no typelib knows of it
 *
 * Since: 1.0
 */
RmiDynamicSkeleton *
rmi_gi_skeleton_new (GObject  *object,
                     GError  **error)
{
  const RmiGiClass *class;
  RmiGiSkeleton *self;
  GWeakRef *weak;

  g_return_val_if_fail (G_IS_OBJECT (object), NULL);

  class = rmi_gi_class_get (G_OBJECT_TYPE (object), error);
  if (class == NULL)
    return NULL;
  g_mutex_lock (&lock);
  weak = g_object_get_qdata (object, skeleton_quark ());
  self = weak != NULL ? g_weak_ref_get (weak) : NULL;
  if (self == NULL)
    self = make (object, class);
  g_mutex_unlock (&lock);
  return RMI_DYNAMIC_SKELETON (self);
}

/**
 * rmi_gi_skeleton_get_object:
 * @self: a skeleton
 *
 * Returns: (transfer none): what it serves
 *
 * Since: 1.0
 */
GObject *
rmi_gi_skeleton_get_object (RmiGiSkeleton *self)
{
  g_return_val_if_fail (RMI_IS_GI_SKELETON (self), NULL);

  return self->object;
}
