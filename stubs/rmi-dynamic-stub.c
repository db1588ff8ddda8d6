/* stubs/rmi-dynamic-stub.c: an object of another process, without generated code
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "config.h"
#include "stubs/rmi-dynamic-stub-private.h"

#include "rmi/rmi-siphash-internal.h"

/**
 * RmiDynamicStub:
 *
 * An object of another process, called by name with GVariants: what types its members have, the
 * object itself says, once. The program needs no generated code and no description. References are
 * handles (`h`) into an array of objects that goes beside the GVariant, as GDBus does with file
 * descriptors.
 *
 * Since: 1.0
 */
struct _RmiDynamicStub
{
  RmiStub     parent_instance;

  GHashTable *values;        /* "<interface>.<Name>" → Value; NULL before the first. The owner's business */
};

G_DEFINE_FINAL_TYPE (RmiDynamicStub, rmi_dynamic_stub, RMI_TYPE_STUB)

enum
{
  SIGNAL,
  VALUE_CHANGED,
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

  g_clear_pointer (&self->value, g_variant_unref);
  g_ptr_array_unref (self->objects);
  g_free (self);
}

static void
rmi_dynamic_stub_finalize (GObject *object)
{
  RmiDynamicStub *self = RMI_DYNAMIC_STUB (object);

  g_clear_pointer (&self->values, g_hash_table_unref);

  G_OBJECT_CLASS (rmi_dynamic_stub_parent_class)->finalize (object);
}

static void
rmi_dynamic_stub_class_init (RmiDynamicStubClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = rmi_dynamic_stub_finalize;

  /**
   * RmiDynamicStub::rmi-signal:
   * @self: the stub
   * @member: the signal's name, `StockChanged`; the detail, too
   * @arguments: a tuple
   * @objects: (element-type GObject): what the handles in @arguments mean
   *
   * The remote object emitted a signal. Heard from when the object's description is known: see
   * rmi_dynamic_stub_introspect().
   *
   * Since: 1.0
   */
  signals[SIGNAL] = g_signal_new ("rmi-signal", RMI_TYPE_DYNAMIC_STUB, G_SIGNAL_RUN_LAST | G_SIGNAL_DETAILED, 0, NULL, NULL,
                                  NULL, G_TYPE_NONE, 3, G_TYPE_STRING, G_TYPE_VARIANT, G_TYPE_PTR_ARRAY);
  /**
   * RmiDynamicStub::rmi-value-changed:
   * @self: the stub
   * @property: the property's name, `Capacity`; the detail, too
   *
   * The remote object told the value of a property: rmi_dynamic_stub_get_cached_value() has it.
   *
   * Since: 1.0
   */
  signals[VALUE_CHANGED] = g_signal_new ("rmi-value-changed", RMI_TYPE_DYNAMIC_STUB, G_SIGNAL_RUN_LAST | G_SIGNAL_DETAILED, 0,
                                         NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
rmi_dynamic_stub_init (RmiDynamicStub *self)
{
}

static GPtrArray *
new_objects (void)
{
  return g_ptr_array_new_with_free_func (g_object_unref);
}

/* ---- signals ---- */

/* NULL if @reader failed. */
static GVariant *
read_arguments (const RmiSignalInfo *signal,
                GPtrArray           *objects,
                RmiReader           *reader)
{
  guint n = signal->arguments->len;
  g_autofree const char **names = g_new0 (const char *, n + 1);
  g_autofree GVariant **arguments = g_new0 (GVariant *, n + 1);
  GVariant *tuple = NULL;

  for (guint i = 0; i < n; i++)
    names[i] = ((RmiFieldInfo *) g_ptr_array_index (signal->arguments, i))->name;
  rmi_reader_begin_arguments (reader, names);
  for (guint i = 0; i < n; i++)
    {
      const RmiFieldInfo *field = g_ptr_array_index (signal->arguments, i);

      if (rmi_reader_next_argument (reader, FALSE))
        arguments[i] = rmi_type_info_read_variant (field->type, objects, reader);
    }
  rmi_reader_end_arguments (reader);

  if (!rmi_reader_has_failed (reader))
    tuple = g_variant_ref_sink (g_variant_new_tuple (arguments, n));
  for (guint i = 0; i < n; i++)
    g_clear_pointer (&arguments[i], g_variant_unref);
  return tuple;
}

static const RmiSignalInfo *
find_signal (GPtrArray       *infos,
             const RmiTarget *target)
{
  for (guint i = 0; infos != NULL && i < infos->len; i++)
    {
      const RmiInterfaceInfo *info = g_ptr_array_index (infos, i);

      if (target->interface.data != NULL && !rmi_slice_equals (target->interface, info->name, strlen (info->name)))
        continue;
      for (guint j = 0; j < info->signals->len; j++)
        {
          const RmiSignalInfo *signal = g_ptr_array_index (info->signals, j);

          if (rmi_slice_equals (target->member, signal->name, strlen (signal->name)))
            return signal;
        }
    }
  return NULL;
}

void
rmi_dynamic_stub_take_signal (RmiDynamicStub  *self,
                              const RmiTarget *target,
                              RmiReader       *reader)
{
  g_autoptr(GPtrArray) infos = rmi_dynamic_stub_find_infos (self);
  const RmiSignalInfo *signal = find_signal (infos, target);
  g_autoptr(GPtrArray) objects = new_objects ();
  g_autoptr(GVariant) arguments = signal != NULL ? read_arguments (signal, objects, reader) : NULL;

  /* A name that nobody has connected to is no quark: the peer does not make any. */
  if (arguments != NULL)
    g_signal_emit (self, signals[SIGNAL], g_quark_try_string (signal->name), signal->name, arguments, objects);
}

/* ---- values ---- */

typedef struct
{
  RmiDynamicStub *stub;
  GHashTable     *values;        /* new ones; what was there is left behind */
  const char     *key;
  GVariant       *value;
  GPtrArray      *objects;
} Job;

static void
store_cb (gpointer data,
          gpointer unused)
{
  Job *job = data;
  GHashTable *old = job->stub->values;
  GHashTableIter iter;
  gpointer key, value;

  if (old == NULL)
    old = job->stub->values = g_hash_table_new_full (rmi_siphash_str, g_str_equal, g_free, value_free);
  g_hash_table_iter_init (&iter, job->values);
  while (g_hash_table_iter_next (&iter, &key, &value))
    {
      gpointer old_key = NULL, old_value = NULL;

      g_hash_table_steal_extended (old, key, &old_key, &old_value);
      g_hash_table_insert (old, g_strdup (key), value);
      g_free (old_key);
      g_hash_table_iter_steal (&iter);
      g_free (key);
      if (old_value != NULL)
        g_ptr_array_add (job->objects, old_value);
    }
}

static void
look_up_cb (gpointer data,
            gpointer unused)
{
  Job *job = data;
  Value *value = job->stub->values != NULL ? g_hash_table_lookup (job->stub->values, job->key) : NULL;

  if (value == NULL)
    return;
  job->value = g_variant_ref (value->value);
  job->objects = g_ptr_array_ref (value->objects);
}

static RmiPoller *
get_poller (RmiDynamicStub *self)
{
  return rmi_connection_get_poller (rmi_stub_get_connection (RMI_STUB (self)));
}

static void
read_value (GPtrArray  *infos,
            RmiSlice    key,
            RmiReader  *reader,
            GHashTable *values,
            GPtrArray  *names)
{
  g_autofree char *name = g_strndup (key.data, key.length);
  RmiInterfaceInfo *info = NULL;
  const RmiPropertyInfo *property = rmi_dynamic_stub_find_property (infos, name, &info);
  g_autoptr(GPtrArray) objects = NULL;
  Value *value;

  if (property == NULL)
    {
      rmi_reader_skip (reader);
      return;
    }
  objects = new_objects ();
  value = g_new0 (Value, 1);
  value->value = rmi_type_info_read_variant (property->type, objects, reader);
  value->objects = g_steal_pointer (&objects);
  if (g_hash_table_replace (values, g_strconcat (info->name, ".", property->name, NULL), value))
    g_ptr_array_add (names, property->name);
}

void
rmi_dynamic_stub_take_values (RmiDynamicStub *self,
                              RmiReader      *reader)
{
  g_autoptr(GPtrArray) infos = rmi_dynamic_stub_find_infos (self);
  g_autoptr(GHashTable) values = g_hash_table_new_full (rmi_siphash_str, g_str_equal, g_free, value_free);
  g_autoptr(GPtrArray) displaced = g_ptr_array_new_with_free_func (value_free);
  g_autoptr(GPtrArray) names = g_ptr_array_new ();
  g_autoptr(GString) scratch = g_string_new (NULL);
  Job job = { .stub = self, .values = values, .objects = displaced };
  RmiSlice key;

  if (infos == NULL)
    return;

  rmi_reader_begin_object (reader);
  while ((key = rmi_reader_next_raw_key (reader, scratch)).data != NULL)
    read_value (infos, key, reader, values, names);
  if (rmi_reader_has_failed (reader))
    return;

  rmi_poller_run_in_owner (get_poller (self), store_cb, &job);
  for (guint i = 0; i < names->len; i++)
    g_signal_emit (self, signals[VALUE_CHANGED], g_quark_try_string (names->pdata[i]), names->pdata[i]);
}

/**
 * rmi_dynamic_stub_get_cached_value:
 * @self: a stub
 * @property: the property's name, with or without its interface in front: `Capacity`
 * @objects: (out) (optional) (nullable) (transfer container) (element-type GObject): what the handles in
 * the value mean
 *
 * What the object told last, without asking it.
 *
 * Returns: (transfer full) (nullable): the value, or %NULL if the object told none yet
 *
 * Since: 1.0
 */
GVariant *
rmi_dynamic_stub_get_cached_value (RmiDynamicStub  *self,
                                   const char      *property,
                                   GPtrArray      **objects)
{
  g_autoptr(GPtrArray) infos = NULL;
  g_autofree char *key = NULL;
  RmiInterfaceInfo *info = NULL;
  const RmiPropertyInfo *found;
  Job job = { .stub = self };

  g_return_val_if_fail (RMI_IS_DYNAMIC_STUB (self), NULL);
  g_return_val_if_fail (property != NULL, NULL);

  infos = rmi_dynamic_stub_find_infos (self);
  found = infos != NULL ? rmi_dynamic_stub_find_property (infos, property, &info) : NULL;
  if (found != NULL)
    {
      job.key = key = g_strconcat (info->name, ".", found->name, NULL);
      rmi_poller_run_in_owner (get_poller (self), look_up_cb, &job);
    }
  if (objects != NULL)
    *objects = g_steal_pointer (&job.objects);
  g_clear_pointer (&job.objects, g_ptr_array_unref);
  return job.value;
}
