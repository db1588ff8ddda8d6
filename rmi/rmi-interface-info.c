/* rmi/rmi-interface-info.c: the description of an interface
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "config.h"
#include "rmi/rmi-interface-info-private.h"

#include <string.h>

#include "rmi/rmi-declaration-private.h"
#include "rmi/rmi-description-internal.h"
#include "rmi/rmi-error.h"
#include "rmi/rmi-scanner-internal.h"
#include "rmi/rmi-type-info-private.h"

/**
 * RmiInterfaceInfo:
 *
 * The description of an interface: its methods, signals and properties, and the types they use.
 * Immutable, so any thread may have it.
 *
 * Since: 1.0
 */
G_DEFINE_BOXED_TYPE (RmiInterfaceInfo, rmi_interface_info, rmi_interface_info_ref,
                     rmi_interface_info_unref)

static GPtrArray *
new_fields (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) rmi_field_info_free);
}

RmiMethodInfo *
rmi_method_info_new (void)
{
  RmiMethodInfo *self = g_new0 (RmiMethodInfo, 1);

  self->in = new_fields ();
  self->out = new_fields ();
  self->throws = g_ptr_array_new_with_free_func (g_free);
  return self;
}

static void
method_free (gpointer data)
{
  RmiMethodInfo *self = data;

  g_free (self->name);
  g_free (self->c_name);
  g_ptr_array_unref (self->in);
  g_ptr_array_unref (self->out);
  g_ptr_array_unref (self->throws);
  g_free (self->doc);
  g_free (self->since);
  g_free (self);
}

RmiSignalInfo *
rmi_signal_info_new (void)
{
  RmiSignalInfo *self = g_new0 (RmiSignalInfo, 1);

  self->arguments = new_fields ();
  return self;
}

static void
signal_free (gpointer data)
{
  RmiSignalInfo *self = data;

  g_free (self->name);
  g_free (self->c_name);
  g_ptr_array_unref (self->arguments);
  g_free (self->doc);
  g_free (self->since);
  g_free (self);
}

RmiPropertyInfo *
rmi_property_info_new (void)
{
  return g_new0 (RmiPropertyInfo, 1);
}

static void
property_free (gpointer data)
{
  RmiPropertyInfo *self = data;

  g_free (self->name);
  g_free (self->c_name);
  g_clear_pointer (&self->type, rmi_type_info_free);
  g_free (self->doc);
  g_free (self->since);
  g_free (self);
}

RmiInterfaceInfo *
rmi_interface_info_new (void)
{
  RmiInterfaceInfo *self = g_new0 (RmiInterfaceInfo, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->subscribes = TRUE;
  self->methods = g_ptr_array_new_with_free_func (method_free);
  self->signals = g_ptr_array_new_with_free_func (signal_free);
  self->properties = g_ptr_array_new_with_free_func (property_free);
  return self;
}

/**
 * rmi_interface_info_ref:
 * @self: a description
 *
 * Returns: (transfer full): @self
 *
 * Since: 1.0
 */
RmiInterfaceInfo *
rmi_interface_info_ref (RmiInterfaceInfo *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

/**
 * rmi_interface_info_unref:
 * @self: (transfer full): a description
 *
 * Gives up one reference; the last one frees it.
 *
 * Since: 1.0
 */
void
rmi_interface_info_unref (RmiInterfaceInfo *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_free (self->name);
  g_free (self->namespace);
  g_free (self->c_name);
  g_free (self->extends);
  g_ptr_array_unref (self->methods);
  g_ptr_array_unref (self->signals);
  g_ptr_array_unref (self->properties);
  g_clear_pointer (&self->declarations, g_ptr_array_unref);
  g_free (self->doc);
  g_free (self->since);
  g_free (self->json);
  g_free (self);
}

/* All members begin with their name. */
static gconstpointer
find_member (const GPtrArray *members,
             const char      *name,
             gsize            length)
{
  guint i;

  for (i = 0; i < members->len; i++)
    {
      const char *member_name = *(char **) members->pdata[i];

      if (strlen (member_name) == length && memcmp (member_name, name, length) == 0)
        return members->pdata[i];
    }
  return NULL;
}

G_STATIC_ASSERT (G_STRUCT_OFFSET (RmiMethodInfo, name) == 0);
G_STATIC_ASSERT (G_STRUCT_OFFSET (RmiSignalInfo, name) == 0);
G_STATIC_ASSERT (G_STRUCT_OFFSET (RmiPropertyInfo, name) == 0);

const RmiMethodInfo *
rmi_interface_info_find_method (const RmiInterfaceInfo *self,
                                const char             *name,
                                gsize                   length)
{
  return find_member (self->methods, name, length);
}

const RmiPropertyInfo *
rmi_interface_info_find_property (const RmiInterfaceInfo *self,
                                  const char             *name,
                                  gsize                   length)
{
  return find_member (self->properties, name, length);
}

/**
 * rmi_interface_info_new_for_json:
 * @json: the document that rmi_interface_info_to_json() writes
 * @length: its bytes, or -1 if it ends with a NUL
 * @error: return location for an error
 *
 * Reads a description that may come from anywhere: it is checked whole, under the limits for
 * messages from the network.
 *
 * Returns: (transfer full): the description, or %NULL with %RMI_ERROR_PARSE (no JSON),
 * %RMI_ERROR_LIMIT or %RMI_ERROR_INVALID_ARGUMENTS (says what is wrong where)
 *
 * Since: 1.0
 */
RmiInterfaceInfo *
rmi_interface_info_new_for_json (const char  *json,
                                 gssize       length,
                                 GError     **error)
{
  RmiSlice text = { json, length < 0 ? strlen (json) : (gsize) length };
  g_autoptr(RmiInterfaceInfo) self = NULL;
  RmiLimits limits;
  RmiReader reader;

  g_return_val_if_fail (json != NULL, NULL);

  rmi_limits_init_network (&limits);
  if (text.length > limits.frame_bytes)
    {
      g_set_error (error, RMI_ERROR, RMI_ERROR_LIMIT,
                   "A description of %" G_GSIZE_FORMAT " bytes exceeds the limit of %" G_GSIZE_FORMAT " (frame_bytes)",
                   text.length, limits.frame_bytes);
      return NULL;
    }
  if (!rmi_scanner_check (text, &limits, NULL, NULL, error))
    return NULL;

  rmi_reader_init (&reader, text, &limits, NULL, RMI_ERROR_INVALID_ARGUMENTS, "interface");
  self = rmi_interface_info_read (&reader);
  if (!rmi_reader_finish (&reader, error))
    return NULL;
  return g_steal_pointer (&self);
}

static char *
list_names (const GPtrArray *interfaces)
{
  g_autoptr(GString) names = g_string_new (NULL);
  guint i;

  for (i = 0; i < interfaces->len; i++)
    g_string_append_printf (names, "%s%s", i > 0 ? ", " : "",
                            ((RmiInterfaceInfo *) interfaces->pdata[i])->name);
  return g_string_free (g_steal_pointer (&names), FALSE);
}

/**
 * rmi_interface_info_new_for_file:
 * @filename: (type filename): an XML file
 * @name: (nullable): the name of an interface in it; %NULL if it has only one
 * @error: return location for an error
 *
 * Reads a description file, and those it imports.
 *
 * Returns: (transfer full): the description, or %NULL with %RMI_ERROR_INVALID_ARGUMENTS, which says
 * what is wrong in which line
 *
 * Since: 1.0
 */
RmiInterfaceInfo *
rmi_interface_info_new_for_file (const char  *filename,
                                 const char  *name,
                                 GError     **error)
{
  g_autoptr(RmiDescription) description = NULL;
  g_autofree char *names = NULL;
  guint i;

  g_return_val_if_fail (filename != NULL, NULL);

  description = rmi_description_new_for_file (filename, error);
  if (description == NULL)
    return NULL;

  if (name == NULL && description->interfaces->len == 1)
    return rmi_interface_info_ref (description->interfaces->pdata[0]);
  for (i = 0; name != NULL && i < description->interfaces->len; i++)
    {
      RmiInterfaceInfo *info = description->interfaces->pdata[i];

      if (g_str_equal (info->name, name))
        return rmi_interface_info_ref (info);
    }

  names = list_names (description->interfaces);
  if (name != NULL)
    g_set_error (error, RMI_ERROR, RMI_ERROR_INVALID_ARGUMENTS,
                 "%s: there is no interface %s, but: %s", filename, name, names);
  else
    g_set_error (error, RMI_ERROR, RMI_ERROR_INVALID_ARGUMENTS, "%s: %u interfaces, which one?: %s",
                 filename,
                 description->interfaces->len, names);
  return NULL;
}

/**
 * rmi_interface_info_get_name:
 * @self: a description
 *
 * Returns: the interface's name on the wire, such as `org.example.shop.Warehouse`
 *
 * Since: 1.0
 */
const char *
rmi_interface_info_get_name (RmiInterfaceInfo *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->name;
}

/**
 * rmi_interface_info_to_json:
 * @self: a description
 *
 * The whole description as one JSON object, which also has the types that it needs: what an object
 * answers when it is introspected.
 *
 * Returns: (transfer full): JSON text
 *
 * Since: 1.0
 */
char *
rmi_interface_info_to_json (RmiInterfaceInfo *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_strdup (self->json);
}
