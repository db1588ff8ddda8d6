/* skeletons/rmi-export.c: one object that peers may call
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "config.h"
#include "skeletons/rmi-export-private.h"

#include "rmi/rmi-error.h"
#include "rmi/rmi-message-internal.h"
#include "rmi/rmi-random-internal.h"
#include "skeletons/rmi-skeleton-private.h"

#define ID_BYTES 16

static void
subscription_free (gpointer data)
{
  RmiSubscription *subscription = data;

  g_ref_string_release (subscription->path);
  g_free (subscription);
}

static char *
list_types (GPtrArray *entries)
{
  g_autoptr(GString) list = g_string_new ("[");

  for (guint i = 0; i < entries->len; i++)
    g_string_append_printf (list, "%s\"%s\"", i > 0 ? "," : "",
                            ((const RmiInterfaceEntry *) g_ptr_array_index (entries, i))->name);
  g_string_append_c (list, ']');
  return g_string_free (g_steal_pointer (&list), FALSE);
}

RmiExport *
rmi_export_new (RmiPoller *poller,
                GObject   *object,
                GPtrArray *entries)
{
  RmiExport *self = g_new0 (RmiExport, 1);

  self->ref_count = 1;
  self->poller = rmi_poller_ref (poller);
  self->object = g_object_ref (object);
  self->paths = g_ptr_array_new_with_free_func ((GDestroyNotify) g_ref_string_release);
  self->skeletons = g_ptr_array_new_with_free_func (g_object_unref);
  self->subscriptions = g_ptr_array_new_with_free_func (subscription_free);
  self->types = list_types (entries);
  for (guint i = 0; i < entries->len; i++)
    g_ptr_array_add (self->skeletons, rmi_skeleton_new (self, g_ptr_array_index (entries, i)));
  return self;
}

RmiExport *
rmi_export_ref (RmiExport *self)
{
  self->ref_count++;
  return self;
}

void
rmi_export_unref (RmiExport *self)
{
  if (--self->ref_count > 0)
    return;

  g_ptr_array_unref (self->skeletons);
  g_ptr_array_unref (self->subscriptions);
  g_ptr_array_unref (self->paths);
  g_clear_pointer (&self->id, g_ref_string_release);
  g_free (self->types);
  rmi_poller_unref (self->poller);
  g_object_unref (self->object);
  g_free (self);
}

void
rmi_export_drop (RmiExport *self)
{
  while (self->subscriptions->len > 0)
    {
      RmiSubscription *subscription = g_ptr_array_index (self->subscriptions, 0);

      rmi_export_unsubscribe (self, subscription->hold->connection, subscription->path);
    }
  for (guint i = 0; i < self->skeletons->len; i++)
    rmi_skeleton_drop (g_ptr_array_index (self->skeletons, i));
  g_ptr_array_set_size (self->skeletons, 0);
  self->is_dropped = TRUE;
}

gboolean
rmi_export_is_dropped (RmiExport *self)
{
  return self->is_dropped;
}

gboolean
rmi_export_is_qualified (RmiExport *self)
{
  return self->skeletons->len > 1;
}

const char *
rmi_export_ensure_id (RmiExport *self)
{
  if (self->id == NULL)
    {
      char id[64] = "/~/";

      rmi_random_token_into (id + 3, ID_BYTES);
      self->id = g_ref_string_new (id);
    }
  return self->id;
}

/* ---- members ---- */

static gboolean
slice_is (RmiSlice    slice,
          const char *name)
{
  return strncmp (name, slice.data, slice.length) == 0 && name[slice.length] == '\0';
}

static const RmiMethodEntry *
find_in_entry (const RmiInterfaceEntry *entry,
               RmiSlice                 member)
{
  for (guint i = 0; i < entry->n_methods; i++)
    if (slice_is (member, entry->methods[i].name))
      return &entry->methods[i];
  return NULL;
}

gboolean
rmi_export_entry_is_a (const RmiInterfaceEntry *entry,
                       const RmiInterfaceEntry *base)
{
  while (entry != NULL && entry != base)
    entry = rmi_interface_entry_get_base (entry);
  return entry != NULL;
}

const RmiMethodEntry *
rmi_export_find_method (RmiExport  *self,
                        RmiSlice    interface,
                        RmiSlice    member,
                        GError    **error)
{
  const RmiMethodEntry *found = NULL;
  const RmiInterfaceEntry *found_entry = NULL;

  for (guint i = 0; i < self->skeletons->len; i++)
    {
      RmiSkeleton *skeleton = g_ptr_array_index (self->skeletons, i);
      const RmiInterfaceEntry *entry = rmi_skeleton_get_entry (skeleton);
      const RmiMethodEntry *method;

      if (interface.data != NULL && !slice_is (interface, entry->name))
        continue;
      method = find_in_entry (entry, member);
      if (method == NULL)
        continue;
      if (found != NULL && !rmi_export_entry_is_a (found_entry, entry))
        {
          g_set_error (error, RMI_ERROR, RMI_ERROR_NO_SUCH_METHOD,
                       "%s and %s both have a method %s: say which", found->interface_name,
                       entry->name, found->name);
          return NULL;
        }
      if (found == NULL)
        {
          found = method;
          found_entry = entry;
        }
    }

  if (found == NULL)
    g_set_error (error, RMI_ERROR, RMI_ERROR_NO_SUCH_METHOD, "The object has no method %.*s%s%.*s",
                 (int) MIN (interface.length, 200), interface.length > 0 ? interface.data : "",
                 interface.length > 0 ? "." : "", (int) MIN (member.length, 200), member.data);
  return found;
}
