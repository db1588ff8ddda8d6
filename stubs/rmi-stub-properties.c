/* stubs/rmi-stub-properties.c: the property cache of a stub
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Reading a property never does I/O. Setting one asks the remote object; the cache changes only
 * when that tells so. Property ids of a stub class count from 1 through its interface and then
 * through those that it extends.
 */
#include "config.h"
#include "stubs/rmi-stub-private.h"

static guint
count_properties (RmiStub *self)
{
  guint n = 0;

  for (const RmiInterfaceEntry *entry = rmi_stub_get_entry (self); entry != NULL;
       entry = rmi_interface_entry_get_base (entry))
    n += entry->n_properties;
  return n;
}

/* NULL if there is no such id; @interface is nullable. */
static const RmiPropertyEntry *
get_property_of_id (RmiStub                  *self,
                    guint                     id,
                    const RmiInterfaceEntry **interface)
{
  guint index = id - 1;

  for (const RmiInterfaceEntry *entry = rmi_stub_get_entry (self); entry != NULL;
       entry = rmi_interface_entry_get_base (entry))
    {
      if (index < entry->n_properties)
        {
          *interface = entry;
          return &entry->properties[index];
        }
      index -= entry->n_properties;
    }
  return NULL;
}

static void
rmi_stub_get_property (GObject    *object,
                       guint       id,
                       GValue     *value,
                       GParamSpec *pspec)
{
  RmiStubPrivate *priv = rmi_stub_get_private (RMI_STUB (object));

  if (priv->values != NULL && G_IS_VALUE (&priv->values[id - 1]))
    g_value_copy (&priv->values[id - 1], value);
  else
    g_param_value_set_default (pspec, value);
}

static void
set_cb (GObject      *object,
        GAsyncResult *result,
        gpointer      user_data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(RmiCall) call = rmi_call_finish (object, result, &error);

  if (call == NULL)
    g_debug ("A property was not set: %s", error->message);
}

static void
rmi_stub_set_property (GObject      *object,
                       guint         id,
                       const GValue *value,
                       GParamSpec   *pspec)
{
  RmiStub *self = RMI_STUB (object);
  RmiStubPrivate *priv = rmi_stub_get_private (self);
  const RmiInterfaceEntry *interface = NULL;
  const RmiPropertyEntry *property = get_property_of_id (self, id, &interface);
  g_autofree char *qualified = NULL;
  RmiWriter *writer;
  RmiCall *call;

  /* While it is constructed, it is nobody's stub yet. */
  if (priv->connection == NULL)
    return;

  qualified = priv->is_qualified ? g_strconcat (interface->name, ".", property->name, NULL) : NULL;
  call = rmi_stub_begin_named_call (self, NULL, "rpc.set", 0);
  writer = rmi_call_get_writer (call);
  rmi_writer_add_string (writer, qualified != NULL ? qualified : property->name);
  property->write (writer, value);
  rmi_call_start (call, self, NULL, set_cb, NULL);
}

/* GObject also notifies of what was set here, before the peer has said that it took it: that would show the old value. */
static void
dispatch_properties_changed (GObject     *object,
                             guint        n_pspecs,
                             GParamSpec **pspecs)
{
  RmiStubPrivate *priv = rmi_stub_get_private (RMI_STUB (object));
  g_autoptr(GPtrArray) changed = g_steal_pointer (&priv->changed);
  g_autofree GParamSpec **genuine = g_new (GParamSpec *, n_pspecs);
  guint n_genuine = 0;

  for (guint i = 0; i < n_pspecs; i++)
    if (rmi_interface_lookup (pspecs[i]->owner_type) == NULL
        || (changed != NULL && g_ptr_array_find (changed, pspecs[i], NULL)))
      genuine[n_genuine++] = pspecs[i];

  if (n_genuine > 0)
    G_OBJECT_CLASS (g_type_class_peek (G_TYPE_OBJECT))->dispatch_properties_changed (object, n_genuine, genuine);
}

/**
 * rmi_stub_class_install: (skip)
 * @klass: a generated stub's class
 * @entry: (nullable): its interface; static
 *
 * In class_init: overrides the properties of the interface and of those that it extends.
 *
 * Since: 1.0
 */
void
rmi_stub_class_install (RmiStubClass            *klass,
                        const RmiInterfaceEntry *entry)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  guint id = 0;

  /* GObject does not let classes inherit these. */
  object_class->get_property = rmi_stub_get_property;
  object_class->set_property = rmi_stub_set_property;
  object_class->dispatch_properties_changed = dispatch_properties_changed;
  klass->entry = entry;
  for (; entry != NULL; entry = rmi_interface_entry_get_base (entry))
    for (guint i = 0; i < entry->n_properties; i++)
      g_object_class_override_property (object_class, ++id, entry->properties[i].property_name);
}

void
rmi_stub_free_values (RmiStub *self)
{
  RmiStubPrivate *priv = rmi_stub_get_private (self);
  guint n = priv->values != NULL ? count_properties (self) : 0;

  for (guint i = 0; i < n; i++)
    g_value_unset (&priv->values[i]);
  g_clear_pointer (&priv->values, g_free);
}

const RmiPropertyEntry *
rmi_stub_find_property (RmiStub                  *self,
                        const char               *name,
                        const RmiInterfaceEntry **interface)
{
  for (const RmiInterfaceEntry *entry = rmi_stub_get_entry (self); entry != NULL;
       entry = rmi_interface_entry_get_base (entry))
    for (guint i = 0; i < entry->n_properties; i++)
      if (g_str_equal (entry->properties[i].property_name, name))
        {
          *interface = entry;
          return &entry->properties[i];
        }
  return NULL;
}

/* ---- values from the peer ---- */

/* @key is `<Name>` or `<interface>.<Name>`. */
static gboolean
key_names (RmiSlice                 key,
           const RmiInterfaceEntry *interface,
           const RmiPropertyEntry  *property)
{
  gsize length = strlen (property->name);
  gsize interface_length = strlen (interface->name);

  if (key.length == length)
    return memcmp (key.data, property->name, length) == 0;
  return key.length == interface_length + 1 + length
         && memcmp (key.data, interface->name, interface_length) == 0
         && key.data[interface_length] == '.'
         && memcmp (key.data + interface_length + 1, property->name, length) == 0;
}

/* The id of the property that @key names, or 0. */
static guint
find_key (RmiStub                 *self,
          RmiSlice                 key,
          const RmiPropertyEntry **property)
{
  guint id = 0;

  for (const RmiInterfaceEntry *entry = rmi_stub_get_entry (self); entry != NULL;
       entry = rmi_interface_entry_get_base (entry))
    for (guint i = 0; i < entry->n_properties; i++)
      {
        id++;
        if (key_names (key, entry, &entry->properties[i]))
          {
            *property = &entry->properties[i];
            return id;
          }
      }
  return 0;
}

typedef struct
{
  RmiStub *stub;
  GValue  *values;           /* those told are set */
  guint    n_values;
} NewValues;

/* In the owner. Swaps, so that what was there is freed by the caller. */
static void
store_cb (gpointer data,
          gpointer unused)
{
  NewValues *news = data;
  RmiStubPrivate *priv = rmi_stub_get_private (news->stub);

  if (priv->values == NULL)
    priv->values = g_new0 (GValue, news->n_values);
  for (guint i = 0; i < news->n_values; i++)
    if (G_IS_VALUE (&news->values[i]))
      {
        GValue old = priv->values[i];

        priv->values[i] = news->values[i];
        news->values[i] = old;
      }
}

static void
read_values (RmiStub     *self,
             RmiReader   *reader,
             GValue      *values,
             GParamSpec **pspecs)
{
  g_autoptr(GString) scratch = g_string_new (NULL);
  GObjectClass *klass = G_OBJECT_GET_CLASS (self);
  RmiSlice key;

  rmi_reader_begin_object (reader);
  while ((key = rmi_reader_next_raw_key (reader, scratch)).data != NULL)
    {
      const RmiPropertyEntry *property = NULL;
      guint id = find_key (self, key, &property);

      if (id == 0)
        {
          rmi_reader_skip (reader);
          continue;
        }
      pspecs[id - 1] = g_object_class_find_property (klass, property->property_name);
      if (G_IS_VALUE (&values[id - 1]))
        g_value_unset (&values[id - 1]);
      g_value_init (&values[id - 1], pspecs[id - 1]->value_type);
      property->read (reader, &values[id - 1]);
    }
}

static void
notify (RmiStub    *self,
        GParamSpec *pspec)
{
  RmiStubPrivate *priv = rmi_stub_get_private (self);
  GParamSpec *target = g_param_spec_get_redirect_target (pspec);

  if (priv->changed == NULL)
    priv->changed = g_ptr_array_new ();
  g_ptr_array_add (priv->changed, target != NULL ? target : pspec);
  g_object_notify_by_pspec (G_OBJECT (self), pspec);
}

gboolean
rmi_stub_take_values (RmiStub   *self,
                      RmiReader *reader)
{
  RmiStubPrivate *priv = rmi_stub_get_private (self);
  guint n = count_properties (self);
  g_autofree GValue *values = g_new0 (GValue, n);
  g_autofree GParamSpec **pspecs = g_new0 (GParamSpec *, n);
  NewValues news = { self, values, n };
  gboolean taken;

  read_values (self, reader, values, pspecs);
  taken = rmi_reader_complete (reader);
  if (taken && n > 0)
    {
      g_object_freeze_notify (G_OBJECT (self));
      rmi_poller_run_in_owner (rmi_connection_get_poller (priv->connection), store_cb, &news);
      for (guint i = 0; i < n; i++)
        if (pspecs[i] != NULL)
          notify (self, pspecs[i]);
    }
  for (guint i = 0; i < n; i++)
    if (G_IS_VALUE (&values[i]))
      g_value_unset (&values[i]);
  if (taken && n > 0)
    g_object_thaw_notify (G_OBJECT (self));
  return taken;
}
