/* skeletons/rmi-dynamic-skeleton.c: an object that peers may call, without generated code
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * To the skeleton in front of it this is a GObject with one signal for all that it emits.
 */
#include "config.h"
#include "skeletons/rmi-dynamic-skeleton-private.h"

#include "rmi/rmi-error.h"
#include "rmi/rmi-siphash-internal.h"
#include "rmi/rmi-writer.h"
#include "skeletons/rmi-invocation-private.h"
#include "skeletons/rmi-skeleton-private.h"

/**
 * RmiDynamicSkeleton:
 *
 * An object that peers may call, served by one function: what it can do, a description says, which
 * may come from a file or from another process. Arguments and results are GVariants; references in
 * them are handles (`h`) into an array of objects that goes beside. It is exported and passed as
 * any other object.
 *
 * Since: 1.0
 */
typedef struct
{
  GPtrArray          *interfaces;      /* of RmiDynamicInterface */
  GHashTable         *values;          /* property name → Value */
  RmiDynamicCallFunc  call;
  gpointer            user_data;
  GDestroyNotify      destroy;
} RmiDynamicSkeletonPrivate;

G_DEFINE_TYPE_WITH_PRIVATE (RmiDynamicSkeleton, rmi_dynamic_skeleton, G_TYPE_OBJECT)

enum
{
  EMITTED,
  VALUE_TOLD,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

typedef struct
{
  GVariant  *value;
  GPtrArray *objects;
} Value;

static void
value_free (gpointer data)
{
  Value *self = data;

  g_variant_unref (self->value);
  g_ptr_array_unref (self->objects);
  g_free (self);
}

static GPtrArray *
new_objects (void)
{
  return g_ptr_array_new_with_free_func (g_object_unref);
}

static gpointer
copy_ref (gconstpointer object,
          gpointer      unused)
{
  return g_object_ref ((gpointer) object);
}

/* A ref each; @objects is nullable. */
static GPtrArray *
copy_objects (GPtrArray *objects)
{
  GPtrArray *copy = new_objects ();

  for (guint i = 0; objects != NULL && i < objects->len; i++)
    g_ptr_array_add (copy, copy_ref (objects->pdata[i], NULL));
  return copy;
}

/* ---- members by name ---- */

static const RmiPropertyInfo *
find_property (RmiDynamicSkeleton *self,
               const char         *name)
{
  RmiDynamicSkeletonPrivate *priv = rmi_dynamic_skeleton_get_instance_private (self);
  const RmiPropertyInfo *found = NULL;

  for (guint i = 0; i < priv->interfaces->len && found == NULL; i++)
    found = rmi_interface_info_find_property (((RmiDynamicInterface *) priv->interfaces->pdata[i])->info, name, strlen (name));
  return found;
}

static const RmiSignalInfo *
find_signal (RmiDynamicSkeleton *self,
             const char         *name)
{
  RmiDynamicSkeletonPrivate *priv = rmi_dynamic_skeleton_get_instance_private (self);

  for (guint i = 0; i < priv->interfaces->len; i++)
    {
      GPtrArray *infos = ((RmiDynamicInterface *) priv->interfaces->pdata[i])->info->signals;

      for (guint j = 0; j < infos->len; j++)
        if (g_str_equal (((RmiSignalInfo *) infos->pdata[j])->name, name))
          return infos->pdata[j];
    }
  return NULL;
}

/* ---- what subclasses may do otherwise ---- */

/**
 * RmiDynamicSkeletonClass::call:
 * @self: the called object
 * @method: the method's name, `Reserve`
 * @arguments: a tuple, of the types of the description
 * @objects: (element-type GObject): what the handles in @arguments mean
 * @invocation: to be answered, now or later
 *
 * Serves one call.
 */
static void
rmi_dynamic_skeleton_real_call (RmiDynamicSkeleton *self,
                                const char         *method,
                                GVariant           *arguments,
                                GPtrArray          *objects,
                                RmiInvocation      *invocation)
{
  RmiDynamicSkeletonPrivate *priv = rmi_dynamic_skeleton_get_instance_private (self);
  g_autoptr(GError) error = NULL;

  if (priv->call != NULL)
    {
      priv->call (self, method, arguments, objects, invocation, priv->user_data);
      return;
    }
  error = g_error_new (RMI_ERROR, RMI_ERROR_NOT_SUPPORTED, "%s is not implemented", method);
  rmi_invocation_return_error (invocation, error);
}

static GVariant *
rmi_dynamic_skeleton_real_get_value (RmiDynamicSkeleton  *self,
                                     const char          *property,
                                     GPtrArray          **objects)
{
  RmiDynamicSkeletonPrivate *priv = rmi_dynamic_skeleton_get_instance_private (self);
  Value *value = g_hash_table_lookup (priv->values, property);

  if (value == NULL)
    return NULL;
  *objects = g_ptr_array_ref (value->objects);
  return g_variant_ref (value->value);
}

static gboolean
rmi_dynamic_skeleton_real_set_value (RmiDynamicSkeleton  *self,
                                     const char          *property,
                                     GVariant            *value,
                                     GPtrArray           *objects,
                                     GError             **error)
{
  RmiDynamicSkeletonPrivate *priv = rmi_dynamic_skeleton_get_instance_private (self);
  Value *stored = g_new (Value, 1);

  *stored = (Value) { g_variant_ref (value), copy_objects (objects) };
  g_hash_table_replace (priv->values, g_strdup (property), stored);
  rmi_dynamic_skeleton_tell_value (self, property);
  return TRUE;
}

static void
rmi_dynamic_skeleton_real_listen (RmiDynamicSkeleton *self,
                                  gboolean            is_wanted)
{
}

/* ---- the object ---- */

static void
rmi_dynamic_skeleton_finalize (GObject *object)
{
  RmiDynamicSkeletonPrivate *priv = rmi_dynamic_skeleton_get_instance_private (RMI_DYNAMIC_SKELETON (object));

  if (priv->destroy != NULL)
    priv->destroy (priv->user_data);
  g_hash_table_unref (priv->values);
  g_ptr_array_unref (priv->interfaces);

  G_OBJECT_CLASS (rmi_dynamic_skeleton_parent_class)->finalize (object);
}

static void
rmi_dynamic_skeleton_class_init (RmiDynamicSkeletonClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = rmi_dynamic_skeleton_finalize;
  klass->call = rmi_dynamic_skeleton_real_call;
  klass->get_value = rmi_dynamic_skeleton_real_get_value;
  klass->set_value = rmi_dynamic_skeleton_real_set_value;
  klass->listen = rmi_dynamic_skeleton_real_listen;

  /**
   * RmiDynamicSkeleton::rmi-emitted:
   * @self: the object
   * @signal: a signal of the description; the detail, too
   * @arguments: a tuple
   * @objects: (element-type GObject): what the handles in @arguments mean
   *
   * What rmi_dynamic_skeleton_emit_signal() emits.
   *
   * Since: 1.0
   */
  signals[EMITTED] = g_signal_new ("rmi-emitted", RMI_TYPE_DYNAMIC_SKELETON, G_SIGNAL_RUN_LAST | G_SIGNAL_DETAILED, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 3, G_TYPE_STRING, G_TYPE_VARIANT, G_TYPE_PTR_ARRAY);
  /**
   * RmiDynamicSkeleton::rmi-value-told:
   * @self: the object
   * @property: a property of the description; the detail, too
   *
   * A property has another value.
   *
   * Since: 1.0
   */
  signals[VALUE_TOLD] = g_signal_new ("rmi-value-told", RMI_TYPE_DYNAMIC_SKELETON, G_SIGNAL_RUN_LAST | G_SIGNAL_DETAILED, 0,
                                      NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
rmi_dynamic_skeleton_init (RmiDynamicSkeleton *self)
{
  RmiDynamicSkeletonPrivate *priv = rmi_dynamic_skeleton_get_instance_private (self);

  priv->interfaces = g_ptr_array_new_with_free_func ((GDestroyNotify) rmi_dynamic_interface_free);
  priv->values = g_hash_table_new_full (rmi_siphash_str, g_str_equal, g_free, value_free);
}

/**
 * rmi_dynamic_skeleton_new:
 * @info: what it can do
 * @call: (nullable) (scope notified) (closure user_data) (destroy destroy): serves the calls
 * @user_data: for @call
 * @destroy: (nullable): frees @user_data
 *
 * Returns: (transfer full): an object, to be exported or passed
 *
 * Since: 1.0
 */
RmiDynamicSkeleton *
rmi_dynamic_skeleton_new (RmiInterfaceInfo   *info,
                          RmiDynamicCallFunc  call,
                          gpointer            user_data,
                          GDestroyNotify      destroy)
{
  RmiDynamicSkeleton *self;
  RmiDynamicSkeletonPrivate *priv;

  g_return_val_if_fail (info != NULL, NULL);

  self = g_object_new (RMI_TYPE_DYNAMIC_SKELETON, NULL);
  priv = rmi_dynamic_skeleton_get_instance_private (self);
  priv->call = call;
  priv->user_data = user_data;
  priv->destroy = destroy;
  rmi_dynamic_skeleton_add_interface (self, info);
  return self;
}

/**
 * rmi_dynamic_skeleton_add_interface:
 * @self: an object that was not exported or passed yet
 * @info: what it can do, too
 *
 * An interface that extends another one needs that as well.
 *
 * Since: 1.0
 */
void
rmi_dynamic_skeleton_add_interface (RmiDynamicSkeleton *self,
                                    RmiInterfaceInfo   *info)
{
  RmiDynamicSkeletonPrivate *priv;
  g_autoptr(GPtrArray) entries = g_ptr_array_new ();

  g_return_if_fail (RMI_IS_DYNAMIC_SKELETON (self));
  g_return_if_fail (info != NULL);

  priv = rmi_dynamic_skeleton_get_instance_private (self);
  g_ptr_array_add (priv->interfaces, rmi_dynamic_interface_new (info));
  rmi_dynamic_interface_link (priv->interfaces);
  for (guint i = 0; i < priv->interfaces->len; i++)
    g_ptr_array_add (entries, &((RmiDynamicInterface *) priv->interfaces->pdata[i])->entry);
  rmi_object_set_entries (self, entries);
}

/* ---- properties ---- */

/**
 * rmi_dynamic_skeleton_set_value:
 * @self: an object
 * @property: a property of its description
 * @value: what it is from now on; a floating one is consumed
 * @objects: (nullable) (element-type GObject): what the handles in @value mean
 * @error: return location for an error
 *
 * Sets a property, and tells who subscribed. In the thread of the node.
 *
 * Returns: %FALSE with %RMI_ERROR_INVALID_ARGUMENTS if @value is not of the property's type, or with
 * what a subclass fails with
 *
 * Since: 1.0
 */
gboolean
rmi_dynamic_skeleton_set_value (RmiDynamicSkeleton  *self,
                                const char          *property,
                                GVariant            *value,
                                GPtrArray           *objects,
                                GError             **error)
{
  g_autoptr(GVariant) owned = NULL;
  g_autoptr(GVariantType) type = NULL;
  const RmiPropertyInfo *info;

  g_return_val_if_fail (RMI_IS_DYNAMIC_SKELETON (self), FALSE);
  g_return_val_if_fail (property != NULL && value != NULL, FALSE);

  owned = g_variant_ref_sink (value);
  info = find_property (self, property);
  g_return_val_if_fail (info != NULL, FALSE);
  type = rmi_type_info_to_variant_type (info->type, TRUE);
  if (g_variant_is_of_type (owned, type))
    return RMI_DYNAMIC_SKELETON_GET_CLASS (self)->set_value (self, property, owned, objects, error);

  g_set_error (error, RMI_ERROR, RMI_ERROR_INVALID_ARGUMENTS, "The property %s (%s) is a GVariant of type %s, not %s", property,
               info->type->signature, (const char *) g_variant_type_peek_string (type), g_variant_get_type_string (owned));
  return FALSE;
}

/**
 * rmi_dynamic_skeleton_get_value:
 * @self: an object
 * @property: a property of its description
 * @objects: (out) (optional) (nullable) (transfer container) (element-type GObject): what the handles in
 * the value mean
 *
 * Returns: (transfer full) (nullable): its value, or %NULL if it has none
 *
 * Since: 1.0
 */
GVariant *
rmi_dynamic_skeleton_get_value (RmiDynamicSkeleton  *self,
                                const char          *property,
                                GPtrArray          **objects)
{
  g_autoptr(GPtrArray) own = NULL;
  GVariant *value;

  g_return_val_if_fail (RMI_IS_DYNAMIC_SKELETON (self), NULL);
  g_return_val_if_fail (property != NULL, NULL);

  value = RMI_DYNAMIC_SKELETON_GET_CLASS (self)->get_value (self, property, &own);
  if (objects != NULL)
    *objects = g_steal_pointer (&own);
  return value != NULL ? g_variant_take_ref (value) : NULL;
}

/**
 * rmi_dynamic_skeleton_tell_value:
 * @self: an object
 * @property: a property of its description
 *
 * Tells who subscribed that a property has another value, if not rmi_dynamic_skeleton_set_value()
 * but a subclass has it. Any thread.
 *
 * Since: 1.0
 */
void
rmi_dynamic_skeleton_tell_value (RmiDynamicSkeleton *self,
                                 const char         *property)
{
  g_return_if_fail (RMI_IS_DYNAMIC_SKELETON (self));
  g_return_if_fail (property != NULL && find_property (self, property) != NULL);

  g_signal_emit (self, signals[VALUE_TOLD], g_quark_from_string (property), property);
}

void
rmi_dynamic_skeleton_listen (RmiDynamicSkeleton      *self,
                             const RmiInterfaceEntry *entry,
                             gboolean                 is_wanted)
{
  RmiDynamicSkeletonPrivate *priv = rmi_dynamic_skeleton_get_instance_private (self);

  /* All of them are listened to together. */
  if (entry == &((RmiDynamicInterface *) priv->interfaces->pdata[0])->entry)
    RMI_DYNAMIC_SKELETON_GET_CLASS (self)->listen (self, is_wanted);
}

const RmiPropertyInfo *
rmi_dynamic_property_get_info (const RmiPropertyEntry *property)
{
  return property->reserved[0];
}

void
rmi_dynamic_property_write (RmiDynamicSkeleton     *self,
                            const RmiPropertyEntry *property,
                            const char             *key,
                            RmiWriter              *writer)
{
  g_autoptr(GPtrArray) objects = NULL;
  g_autoptr(GVariant) value = rmi_dynamic_skeleton_get_value (self, property->name, &objects);

  if (objects == NULL)
    objects = new_objects ();
  if (value != NULL && key != NULL)
    rmi_writer_add_key (writer, key);
  if (value != NULL)
    rmi_type_info_write_variant (rmi_dynamic_property_get_info (property)->type, value, objects, writer);
  else if (key == NULL)
    rmi_writer_fail (writer, g_error_new (RMI_ERROR, RMI_ERROR_INTERNAL, "The property %s has no value", property->name));
}

gboolean
rmi_dynamic_property_read (RmiDynamicSkeleton      *self,
                           const RmiPropertyEntry  *property,
                           RmiReader               *reader,
                           GError                 **error)
{
  g_autoptr(GPtrArray) objects = new_objects ();
  g_autoptr(GVariant) value = NULL;

  if (rmi_reader_next_argument (reader, FALSE))
    value = rmi_type_info_read_variant (rmi_dynamic_property_get_info (property)->type, objects, reader);
  rmi_reader_end_arguments (reader);
  if (!rmi_reader_finish (reader, error))
    return FALSE;
  return RMI_DYNAMIC_SKELETON_GET_CLASS (self)->set_value (self, property->name, value, objects, error);
}

/* ---- signals ---- */

/**
 * rmi_dynamic_skeleton_emit_signal:
 * @self: an object
 * @signal: a signal of its description
 * @arguments: (nullable): a tuple; a floating one is consumed
 * @objects: (nullable) (element-type GObject): what the handles in @arguments mean
 *
 * Emits a signal to who subscribed. Any thread.
 *
 * Since: 1.0
 */
void
rmi_dynamic_skeleton_emit_signal (RmiDynamicSkeleton *self,
                                  const char         *signal,
                                  GVariant           *arguments,
                                  GPtrArray          *objects)
{
  g_autoptr(GVariant) tuple = NULL;
  g_autoptr(GPtrArray) own = NULL;
  const RmiSignalInfo *info;

  g_return_if_fail (RMI_IS_DYNAMIC_SKELETON (self));
  g_return_if_fail (signal != NULL);

  tuple = g_variant_ref_sink (arguments != NULL ? arguments : g_variant_new_tuple (NULL, 0));
  info = find_signal (self, signal);
  g_return_if_fail (info != NULL);
  g_return_if_fail (g_variant_is_of_type (tuple, G_VARIANT_TYPE_TUPLE) && g_variant_n_children (tuple) == info->arguments->len);

  own = copy_objects (objects);
  g_signal_emit (self, signals[EMITTED], g_quark_from_string (signal), signal, tuple, own);
}

/* ---- answers ---- */

static void
write_results (const RmiMethodInfo *method,
               GVariant            *results,
               GPtrArray           *objects,
               RmiWriter           *writer)
{
  guint n = method->out->len;

  if (n != 1)
    rmi_writer_begin_object (writer);
  for (guint i = 0; i < n; i++)
    {
      const RmiFieldInfo *field = method->out->pdata[i];
      g_autoptr(GVariant) result = g_variant_get_child_value (results, i);

      if (n != 1)
        rmi_writer_add_member (writer, field->name);
      rmi_type_info_write_variant (field->type, result, objects, writer);
    }
  if (n != 1)
    rmi_writer_end_object (writer);
}

/**
 * rmi_invocation_return_values:
 * @self: an invocation of an #RmiDynamicSkeleton that was not answered
 * @results: (nullable): a tuple of the results; a floating one is consumed
 * @objects: (nullable) (element-type GObject): what the handles in @results mean
 *
 * Answers the call. Any thread. Results that are not what the description says are answered with
 * %RMI_ERROR_BAD_REPLY.
 *
 * Since: 1.0
 */
void
rmi_invocation_return_values (RmiInvocation *self,
                              GVariant      *results,
                              GPtrArray     *objects)
{
  g_autoptr(GVariant) tuple = NULL;
  g_autoptr(GPtrArray) own = NULL;
  const RmiMethodInfo *method;
  RmiWriter *writer;

  g_return_if_fail (RMI_IS_INVOCATION (self));
  g_return_if_fail (RMI_IS_DYNAMIC_SKELETON (rmi_invocation_get_object (self)));

  tuple = g_variant_ref_sink (results != NULL ? results : g_variant_new_tuple (NULL, 0));
  own = copy_objects (objects);
  method = rmi_invocation_get_entry (self)->reserved[0];
  writer = rmi_invocation_begin_result (self);
  if (!g_variant_is_of_type (tuple, G_VARIANT_TYPE_TUPLE) || g_variant_n_children (tuple) != method->out->len)
    rmi_writer_fail (writer, g_error_new (RMI_ERROR, RMI_ERROR_INTERNAL, "%s has %u results, not a GVariant of type %s",
                                          method->name, method->out->len, g_variant_get_type_string (tuple)));
  else if (method->out->len == 0)
    rmi_writer_add_null (writer);
  else
    write_results (method, tuple, own, writer);
  rmi_invocation_end_result (self, writer);
}
