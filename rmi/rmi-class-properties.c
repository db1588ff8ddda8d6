/* rmi/rmi-class-properties.c: existing classes by value, by a list of their properties
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * All values are read and found good before the object is made of them at once, so that construct-only properties are no
 * exception.
 */
#include "config.h"
#include "rmi/rmi-class.h"
#include "rmi/rmi-class-private.h"

#include <json-glib/json-glib.h>

#include "rmi/rmi-error.h"
#include "rmi/rmi-identifier-private.h"
#include "rmi/rmi-reader-private.h"
#include "rmi/rmi-writer.h"

#define OBJECT_BYTES 200           /* GObject's data beside an instance */

typedef struct
{
  GParamSpec         *pspec;       /* of the class, which stays */
  const RmiClassForm *form;
} Property;

/* Stays for ever, as types do. */
typedef struct
{
  RmiClassEntry  entry;
  char          *name;
  char         **names;            /* of the properties */
  Property      *properties;
  guint          n_properties;
} Registration;

/* ---- instances ---- */

static void
write_members_cb (RmiWriter *writer,
                  gpointer   object,
                  gpointer   user_data)
{
  const Registration *self = user_data;

  for (guint i = 0; i < self->n_properties && !rmi_writer_has_failed (writer); i++)
    {
      const Property *property = &self->properties[i];
      g_auto(GValue) value = G_VALUE_INIT;

      g_value_init (&value, G_PARAM_SPEC_VALUE_TYPE (property->pspec));
      g_object_get_property (object, property->pspec->name, &value);
      rmi_writer_add_member (writer, property->pspec->name);
      rmi_class_form_write (property->form, writer, &value);
    }
}

/* Fills @values and the @names of those that came; the others have their defaults. Returns how many. */
static guint
read_values (const Registration  *self,
             RmiReader           *reader,
             const char         **names,
             GValue              *values)
{
  guint n = 0;
  int i = -1;

  while ((i = rmi_reader_next_member (reader, self->entry.members, i, RMI_READER_INSTANCE)) >= 0)
    {
      const Property *property = &self->properties[i];

      g_value_init (&values[n], G_PARAM_SPEC_VALUE_TYPE (property->pspec));
      names[n] = property->pspec->name;
      rmi_class_form_read (property->form, reader, property->pspec, &values[n++]);
    }
  return n;
}

static gpointer
read_cb (RmiReader *reader,
         GType      type,
         gpointer   user_data)
{
  const Registration *self = user_data;
  g_autofree const char **names = g_new0 (const char *, self->n_properties + 1);
  g_autofree GValue *values = g_new0 (GValue, self->n_properties + 1);
  guint n = read_values (self, reader, names, values);
  GObject *object = NULL;

  if (!rmi_reader_has_failed (reader))
    object = g_object_new_with_properties (type, n, names, values);
  for (guint i = 0; i < n; i++)
    g_value_unset (&values[i]);
  return object != NULL && g_object_is_floating (object) ? g_object_ref_sink (object) : object;
}

/* ---- registering ---- */

static void
registration_free (Registration *self)
{
  for (guint i = 0; i < self->n_properties; i++)
    if (self->properties[i].pspec != NULL)
      g_param_spec_unref (self->properties[i].pspec);
  g_free (self->properties);
  g_strfreev (self->names);
  g_free (self->name);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Registration, registration_free)

static gboolean
set_property_error (GError    **error,
                    GType       type,
                    const char *name,
                    const char *what)
{
  g_set_error (error, RMI_ERROR, RMI_ERROR_TYPE_NOT_ALLOWED, "%s cannot travel by value: its property \"%s\" %s",
               g_type_name (type), name, what);
  return FALSE;
}

static gboolean
add_property (Registration  *self,
              GType          type,
              GObjectClass  *class,
              const char    *name,
              GError       **error)
{
  GParamSpec *pspec = g_object_class_find_property (class, name);
  Property *property = &self->properties[self->n_properties];
  g_autofree char *what = NULL;

  if (pspec == NULL)
    return set_property_error (error, type, name, "does not exist");
  if (g_strv_contains ((const char *const *) self->names, pspec->name))
    return set_property_error (error, type, name, "is listed twice");
  if ((pspec->flags & G_PARAM_READWRITE) != G_PARAM_READWRITE)
    return set_property_error (error, type, name, "cannot be both read and written");
  property->form = rmi_class_form_find (pspec, type);
  if (property->form == NULL)
    {
      what = g_strdup_printf ("is a %s, which has no form on the wire%s", g_type_name (G_PARAM_SPEC_VALUE_TYPE (pspec)),
                              G_TYPE_IS_OBJECT (G_PARAM_SPEC_VALUE_TYPE (pspec)) ? "; register that class first" : "");
      return set_property_error (error, type, name, what);
    }
  property->pspec = g_param_spec_ref (pspec);
  self->names[self->n_properties++] = g_strdup (pspec->name);
  return TRUE;
}

static gboolean
fill_properties (Registration       *self,
                 GType               type,
                 const char *const  *properties,
                 GError            **error)
{
  guint n_properties = g_strv_length ((char **) properties);
  GTypeQuery query;

  self->properties = g_new0 (Property, n_properties);
  self->names = g_new0 (char *, n_properties + 1);
  for (guint i = 0; i < n_properties; i++)
    if (!add_property (self, type, g_type_class_peek (type), properties[i], error))
      return FALSE;

  g_type_query (type, &query);
  self->entry.members = (const char *const *) self->names;
  self->entry.size = OBJECT_BYTES + query.instance_size + n_properties * sizeof (GValue);
  self->entry.flags = RMI_CLASS_RUNS_CODE;
  self->entry.write_members = write_members_cb;
  self->entry.read = read_cb;
  self->entry.user_data = self;
  return TRUE;
}

static Registration *
new_registration (GType               type,
                  const char         *wire_name,
                  const char *const  *properties,
                  GError            **error)
{
  g_autoptr(Registration) self = g_new0 (Registration, 1);

  self->name = g_strdup (wire_name);
  self->entry.name = self->name;
  if (properties != NULL ? !fill_properties (self, type, properties, error)
                         : !rmi_class_json_fill (&self->entry, type, error))
    return NULL;
  return g_steal_pointer (&self);
}

/* Both parts of a program may say the same. */
static gboolean
is_registered (GType                type,
               const Registration  *wanted)
{
  const RmiClassEntry *entry = rmi_class_lookup (type);

  if (entry == NULL || entry->read != wanted->entry.read || !g_str_equal (entry->name, wanted->name))
    return FALSE;
  return wanted->entry.members == NULL || g_strv_equal (entry->members, wanted->entry.members);
}

/**
 * rmi_class_register:
 * @type: a GObject class, not abstract
 * @wire_name: its name on the wire, such as `org.example.shop.Line`
 * @properties: (array zero-terminated=1) (nullable): its properties that travel; %NULL if it implements #JsonSerializable, which knows
 * @error: return location for an error
 *
 * From now on instances of @type travel by value, where @type or a base of it is declared: their class has to be registered in both
 * programs. On the wire they have the given properties by name. A property may be of any of the basic types, an enumeration, flags,
 * #GStrv, #GBytes, #GVariant, a struct or an interface of a description, or a class that travels by value itself. What may be %NULL
 * in C may be `null` on the wire. Properties that are not sent have their defaults, and all others are set when the object is
 * constructed.
 *
 * Without @properties instances are what json_gobject_serialize() makes of them, and are made as #JsonSerializable says. All its
 * properties may be set by the peer then.
 *
 * Values that a property does not allow are errors of the call. An instance that contains itself is an error, too.
 *
 * To say the same twice does nothing. Any thread.
 *
 * Returns: %FALSE with %RMI_ERROR_TYPE_NOT_ALLOWED if @type cannot travel, which the text explains
 *
 * Since: 1.0
 */
gboolean
rmi_class_register (GType               type,
                    const char         *wire_name,
                    const char *const  *properties,
                    GError            **error)
{
  g_autoptr(GTypeClass) class = NULL;
  g_autoptr(Registration) self = NULL;
  g_autoptr(GError) local_error = NULL;

  g_return_val_if_fail (wire_name != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  if (!rmi_identifier_is_interface (wire_name))
    {
      g_set_error (error, RMI_ERROR, RMI_ERROR_TYPE_NOT_ALLOWED, "\"%s\" is no name of a class on the wire", wire_name);
      return FALSE;
    }
  if (!rmi_class_check_type (type, error))
    return FALSE;
  class = g_type_class_ref (type);
  self = new_registration (type, wire_name, properties, error);
  if (self == NULL)
    return FALSE;
  if (!rmi_class_register_entry (type, &self->entry, &local_error))
    {
      if (is_registered (type, self))
        return TRUE;
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  g_steal_pointer (&class);
  g_steal_pointer (&self);
  return TRUE;
}
