/* naming/rmi-name-list.c: names, page by page
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Each page goes on behind the last name of the one before. A registry that does not, or sends more
 * than any registry holds, is cut off.
 */
#include "config.h"
#include "naming/rmi-name-list-private.h"

#include "naming/rmi-registry-service-private.h"
#include "rmi/rmi-error.h"

RmiNameList *
rmi_name_list_new (const char *prefix)
{
  RmiNameList *self = g_new0 (RmiNameList, 1);

  self->prefix = g_strdup (prefix != NULL ? prefix : "");
  self->names = g_ptr_array_new_with_free_func (g_free);
  return self;
}

void
rmi_name_list_free (RmiNameList *self)
{
  g_free (self->prefix);
  g_clear_pointer (&self->names, g_ptr_array_unref);
  g_free (self);
}

const char *
rmi_name_list_get_last (RmiNameList *self)
{
  return self->names->len > 0 ? g_ptr_array_index (self->names, self->names->len - 1) : "";
}

gboolean
rmi_name_list_add_page (RmiNameList *self,
                        GPtrArray   *entries,
                        gboolean     more,
                        GError     **error)
{
  for (guint i = 0; i < entries->len; i++)
    {
      const char *name = rmi_names_entry_get_name (g_ptr_array_index (entries, i));

      if (g_strcmp0 (name, rmi_name_list_get_last (self)) <= 0 ||
          self->names->len == RMI_REGISTRY_MAX_NAMES)
        {
          g_set_error (error, RMI_ERROR, RMI_ERROR_BAD_REPLY,
                       "The registry lists names out of order, or too many: “%s” after “%s”",
                       name != NULL ? name : "", rmi_name_list_get_last (self));
          return FALSE;
        }
      g_ptr_array_add (self->names, g_strdup (name));
    }
  self->is_complete = !more || entries->len == 0;
  return TRUE;
}

GStrv
rmi_name_list_steal (RmiNameList *self)
{
  g_ptr_array_add (self->names, NULL);
  return (GStrv) g_ptr_array_free (g_steal_pointer (&self->names), FALSE);
}
