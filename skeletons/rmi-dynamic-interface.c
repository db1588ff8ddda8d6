/* skeletons/rmi-dynamic-interface.c: the table of an interface that no code was generated for
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Makes of a description what rmi-codegen would have written; the functions in it are the same for
 * all members, and find the member's description in the entry's first reserved place.
 */
#include "config.h"
#include "skeletons/rmi-dynamic-skeleton-private.h"

#include "rmi/rmi-writer.h"
#include "skeletons/rmi-invocation-private.h"
#include "skeletons/rmi-skeleton-private.h"

void
rmi_dynamic_interface_free (RmiDynamicInterface *self)
{
  for (guint i = 0; i < self->entry.n_methods; i++)
    g_free (self->entry.methods[i].reserved[1]);
  g_free ((gpointer) self->entry.methods);
  g_free ((gpointer) self->entry.signals);
  g_free ((gpointer) self->entry.properties);
  g_ptr_array_unref (self->texts);
  rmi_interface_info_unref (self->info);
  g_free (self);
}

/* NULL-terminated names of @fields, borrowed. */
static const char **
list_names (GPtrArray *fields)
{
  const char **names = g_new0 (const char *, fields->len + 1);

  for (guint i = 0; i < fields->len; i++)
    names[i] = ((RmiFieldInfo *) fields->pdata[i])->name;
  return names;
}

/* An argument that may be nothing, and is not there. */
static GVariant *
new_nothing (const RmiTypeInfo *type)
{
  g_autoptr(GVariantType) element = rmi_type_info_to_variant_type (type->element, TRUE);

  return g_variant_ref_sink (g_variant_new_maybe (element, NULL));
}

static void
dispatch (RmiInvocation *invocation,
          RmiReader     *reader)
{
  RmiDynamicSkeleton *self = rmi_invocation_get_object (invocation);
  const RmiMethodEntry *entry = rmi_invocation_get_entry (invocation);
  const RmiMethodInfo *method = entry->reserved[0];
  guint n = method->in->len;
  g_autofree GVariant **arguments = g_new0 (GVariant *, n + 1);
  g_autoptr(GPtrArray) objects = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(GVariant) tuple = NULL;

  rmi_reader_begin_arguments (reader, entry->reserved[1]);
  for (guint i = 0; i < n; i++)
    {
      const RmiTypeInfo *type = ((RmiFieldInfo *) method->in->pdata[i])->type;
      gboolean is_nullable = type->kind == RMI_TYPE_KIND_MAYBE;

      if (rmi_reader_next_argument (reader, is_nullable))
        arguments[i] = rmi_type_info_read_variant (type, objects, reader);
      else if (is_nullable)
        arguments[i] = new_nothing (type);
    }
  if (rmi_invocation_end_arguments (invocation, reader))
    tuple = g_variant_ref_sink (g_variant_new_tuple (arguments, n));
  for (guint i = 0; i < n; i++)
    g_clear_pointer (&arguments[i], g_variant_unref);
  if (tuple != NULL)
    RMI_DYNAMIC_SKELETON_GET_CLASS (self)->call (self, method->name, tuple, objects, invocation);
}

/* A handler of our own signal, which the skeleton in front of us connected. */
static void
forward (RmiDynamicSkeleton *self,
         const char         *name,
         GVariant           *arguments,
         GPtrArray          *objects,
         RmiSkeleton        *skeleton)
{
  const RmiInterfaceEntry *entry = rmi_skeleton_get_entry (skeleton);
  const RmiSignalEntry *signal = NULL;
  const RmiSignalInfo *info;
  RmiWriter *writer;

  for (guint i = 0; i < entry->n_signals && signal == NULL; i++)
    if (g_str_equal (entry->signals[i].name, name))
      signal = &entry->signals[i];
  info = signal->reserved[0];
  if (g_variant_n_children (arguments) != info->arguments->len)
    return;
  for (writer = rmi_skeleton_begin_signal (skeleton, signal); writer != NULL;
       writer = rmi_skeleton_next_signal (skeleton, writer))
    for (guint i = 0; i < info->arguments->len; i++)
      {
        g_autoptr(GVariant) argument = g_variant_get_child_value (arguments, i);

        rmi_type_info_write_variant (((RmiFieldInfo *) info->arguments->pdata[i])->type, argument, objects, writer);
      }
}

static void
add_methods (RmiDynamicInterface *self)
{
  GPtrArray *infos = self->info->methods;
  RmiMethodEntry *methods = g_new0 (RmiMethodEntry, infos->len);

  for (guint i = 0; i < infos->len; i++)
    {
      const RmiMethodInfo *info = infos->pdata[i];
      RmiMethodFlags flags = (info->is_idempotent ? RMI_METHOD_IDEMPOTENT : 0) | (info->is_oneway ? RMI_METHOD_ONEWAY : 0);

      methods[i] = (RmiMethodEntry) { self->info->name, info->name, flags, info->timeout_ms, dispatch,
                                      { (gpointer) info, list_names (info->in) } };
    }
  self->entry.methods = methods;
  self->entry.n_methods = infos->len;
}

static const char *
add_text (RmiDynamicInterface *self,
          const char          *detailed_signal,
          const char          *name)
{
  char *text = g_strconcat (detailed_signal, "::", name, NULL);

  g_ptr_array_add (self->texts, text);
  return text;
}

static void
add_signals (RmiDynamicInterface *self)
{
  GPtrArray *infos = self->info->signals;
  RmiSignalEntry *entries = g_new0 (RmiSignalEntry, infos->len);

  for (guint i = 0; i < infos->len; i++)
    {
      const RmiSignalInfo *info = infos->pdata[i];

      /* Any of its arguments may hold a reference. */
      entries[i] = (RmiSignalEntry) { info->name, add_text (self, "rmi-emitted", info->name), NULL, G_CALLBACK (forward), TRUE,
                                      { (gpointer) info } };
    }
  self->entry.signals = entries;
  self->entry.n_signals = infos->len;
}

static void
add_properties (RmiDynamicInterface *self)
{
  GPtrArray *infos = self->info->properties;
  RmiPropertyEntry *properties = g_new0 (RmiPropertyEntry, infos->len);

  for (guint i = 0; i < infos->len; i++)
    {
      const RmiPropertyInfo *info = infos->pdata[i];

      properties[i] = (RmiPropertyEntry) { info->name, add_text (self, "rmi-value-told", info->name), NULL, NULL,
                                           { (gpointer) info } };
    }
  self->entry.properties = properties;
  self->entry.n_properties = infos->len;
}

RmiDynamicInterface *
rmi_dynamic_interface_new (RmiInterfaceInfo *info)
{
  RmiDynamicInterface *self = g_new0 (RmiDynamicInterface, 1);
  g_autofree char *description = rmi_interface_info_to_json (info);

  self->info = rmi_interface_info_ref (info);
  self->texts = g_ptr_array_new_with_free_func (g_free);
  self->entry.name = info->name;
  self->entry.description = description;
  self->entry.subscribes = info->subscribes;
  g_ptr_array_add (self->texts, g_steal_pointer (&description));
  add_methods (self);
  add_signals (self);
  add_properties (self);
  return self;
}

void
rmi_dynamic_interface_link (GPtrArray *interfaces)
{
  for (guint i = 0; i < interfaces->len; i++)
    {
      RmiDynamicInterface *derived = interfaces->pdata[i];

      for (guint j = 0; derived->info->base != NULL && j < interfaces->len; j++)
        if (g_str_equal (derived->info->base->name, ((RmiDynamicInterface *) interfaces->pdata[j])->info->name))
          derived->entry.reserved[0] = &((RmiDynamicInterface *) interfaces->pdata[j])->entry;
    }
}
