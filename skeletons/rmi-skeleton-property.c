/* skeletons/rmi-skeleton-property.c: the properties of one interface of one GObject
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "config.h"
#include "skeletons/rmi-skeleton-private.h"

#include "rmi/rmi-error.h"
#include "rmi/rmi-writer.h"
#include "skeletons/rmi-dynamic-skeleton-private.h"

/* NULL if the object's properties are GObject's. */
static RmiDynamicSkeleton *
get_dynamic (RmiSkeleton *self)
{
  GObject *object = rmi_skeleton_get_object (self);

  return RMI_IS_DYNAMIC_SKELETON (object) ? RMI_DYNAMIC_SKELETON (object) : NULL;
}

/* NULL where the implementation lacks what its interface has: GObject only warned of it. */
static GParamSpec *
find_pspec (RmiSkeleton            *self,
            const RmiPropertyEntry *property)
{
  return g_object_class_find_property (G_OBJECT_GET_CLASS (rmi_skeleton_get_object (self)),
                                       property->property_name);
}

gboolean
rmi_skeleton_is_readable (RmiSkeleton            *self,
                          const RmiPropertyEntry *property)
{
  GParamSpec *pspec;

  if (get_dynamic (self) != NULL)
    return rmi_dynamic_property_get_info (property)->is_readable;
  pspec = find_pspec (self, property);
  return pspec != NULL && (pspec->flags & G_PARAM_READABLE) != 0;
}

gboolean
rmi_skeleton_is_writable (RmiSkeleton            *self,
                          const RmiPropertyEntry *property)
{
  GParamSpec *pspec;

  if (get_dynamic (self) != NULL)
    return rmi_dynamic_property_get_info (property)->is_writable;
  pspec = find_pspec (self, property);
  return pspec != NULL && (pspec->flags & G_PARAM_WRITABLE) != 0 && (pspec->flags & G_PARAM_CONSTRUCT_ONLY) == 0;
}

void
rmi_skeleton_write_value (RmiSkeleton            *self,
                          const RmiPropertyEntry *property,
                          RmiWriter              *writer)
{
  g_auto(GValue) value = G_VALUE_INIT;

  if (get_dynamic (self) != NULL)
    {
      rmi_dynamic_property_write (get_dynamic (self), property, NULL, writer);
      return;
    }
  g_value_init (&value, find_pspec (self, property)->value_type);
  g_object_get_property (rmi_skeleton_get_object (self), property->property_name, &value);
  property->write (writer, &value);
}

void
rmi_skeleton_write_property (RmiSkeleton            *self,
                             const RmiPropertyEntry *property,
                             gboolean                is_qualified,
                             RmiWriter              *writer)
{
  g_autofree char *qualified =
      is_qualified ? g_strconcat (rmi_skeleton_get_entry (self)->name, ".", property->name, NULL) : NULL;
  const char *key = is_qualified ? qualified : property->name;

  if (get_dynamic (self) != NULL)
    {
      rmi_dynamic_property_write (get_dynamic (self), property, key, writer);
      return;
    }
  rmi_writer_add_key (writer, key);
  rmi_skeleton_write_value (self, property, writer);
}

gboolean
rmi_skeleton_set_value (RmiSkeleton             *self,
                        const RmiPropertyEntry  *property,
                        RmiReader               *reader,
                        GError                 **error)
{
  g_auto(GValue) value = G_VALUE_INIT;
  GParamSpec *pspec;

  if (get_dynamic (self) != NULL)
    return rmi_dynamic_property_read (get_dynamic (self), property, reader, error);
  pspec = find_pspec (self, property);
  g_value_init (&value, pspec->value_type);
  if (rmi_reader_next_argument (reader, FALSE))
    property->read (reader, &value);
  rmi_reader_end_arguments (reader);
  if (!rmi_reader_finish (reader, error))
    return FALSE;
  if (g_param_value_validate (pspec, &value))
    {
      g_set_error (error, RMI_ERROR, RMI_ERROR_INVALID_ARGUMENTS,
                   "The value is out of the range of the property %s", property->name);
      return FALSE;
    }

  g_object_set_property (rmi_skeleton_get_object (self), property->property_name, &value);
  return TRUE;
}
