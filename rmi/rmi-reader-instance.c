/* rmi/rmi-reader-instance.c: objects by value
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Of the class that is declared, or of one that "$type" names and that was registered. What "$same" stands for is met once more.
 */
#include "config.h"
#include "rmi/rmi-by-value.h"
#include "rmi/rmi-class-entry.h"
#include "rmi/rmi-shared-private.h"
#include "rmi/rmi-unknown-part-private.h"

static gboolean
may_contain_itself (GType type)
{
  const RmiClassEntry *entry = rmi_class_lookup (type);

  return entry != NULL && (entry->flags & RMI_CLASS_ALLOWS_CYCLES) != 0;
}

static gpointer
get_same (RmiReader  *self,
          const char *position,
          GType       declared)
{
  const RmiShared *same = rmi_reader_take_same (self, position);
  GType type;

  if (same == NULL)
    return NULL;
  if (same->value == NULL && same->tag == NULL)
    return NULL;
  type = same->value != NULL ? G_OBJECT_TYPE (same->value) : (GType) GPOINTER_TO_SIZE (same->tag);
  if (!g_type_is_a (type, declared))
    rmi_reader_fail_at (self, position, self->code, "\"$same\" is a %s and no %s", g_type_name (type), g_type_name (declared));
  else if (same->is_open && (same->value == NULL || !may_contain_itself (type)) && !(self->is_checking && may_contain_itself (type)))
    rmi_reader_fail_at (self, position, self->code, "the object contains itself");
  return self->error == NULL && same->value != NULL ? g_object_ref (same->value) : NULL;
}

/* The first known class of those that the array at the cursor names; @declared if it knows none. Those before it go to @unknown. */
static GType
get_type (RmiReader       *self,
          GType            declared,
          RmiUnknownPart **unknown)
{
  g_autoptr(GString) scratch = g_string_new (NULL);
  GType type = G_TYPE_INVALID;

  for (rmi_reader_begin_array (self); rmi_reader_next_element (self);)
    {
      RmiSlice name = rmi_reader_get_slice (self, scratch);

      if (self->error == NULL && memchr (name.data, '\0', name.length) != NULL)
        rmi_reader_fail_at (self, self->cursor, self->code, "U+0000 in the name of a class");
      if (self->error != NULL || type != G_TYPE_INVALID)
        continue;
      type = rmi_class_lookup_by_name (name.data, name.length);
      if (type == G_TYPE_INVALID)
        rmi_reader_add_unknown_name (self, unknown, name);
      else if (!g_type_is_a (type, declared))
        rmi_reader_fail_at (self, self->cursor, self->code, "a %s is no %s", g_type_name (type), g_type_name (declared));
    }
  return type != G_TYPE_INVALID ? type : declared;
}

static GObject *
read_members (RmiReader           *self,
              const char          *position,
              GType                type,
              const RmiClassEntry *entry)
{
  g_autoptr(GObject) object = g_object_new_with_properties (type, 0, NULL, NULL);

  if (G_UNLIKELY (self->shared != NULL))
    rmi_reader_open_shared (self, position, g_object_ref (object), GSIZE_TO_POINTER (type));
  for (int i = -1; (i = rmi_reader_next_member (self, entry->members, i, RMI_READER_INSTANCE)) >= 0;)
    entry->read_member (self, object, i, entry->user_data);
  if (self->error != NULL)
    return NULL;
  if (entry->complete != NULL)
    entry->complete (object, entry->user_data);
  if (G_UNLIKELY (self->shared != NULL))
    rmi_reader_close_shared (self, position, NULL);
  return g_steal_pointer (&object);
}

static GObject *
read_alone (RmiReader           *self,
            const char          *position,
            GType                type,
            const RmiClassEntry *entry)
{
  g_autoptr(GObject) object = NULL;

  rmi_reader_open_shared (self, position, NULL, GSIZE_TO_POINTER (type));
  object = entry->read (self, type, entry->user_data);
  if (self->error == NULL && (object == NULL || !g_type_is_a (G_OBJECT_TYPE (object), type)))
    rmi_reader_fail_at (self, position, self->code, "this is no %s", g_type_name (type));
  if (self->error != NULL)
    return NULL;
  if (self->shared != NULL)
    rmi_reader_close_shared (self, position, g_object_ref (object));
  return g_steal_pointer (&object);
}

/* As far as its class can tell. */
static void
check_members (RmiReader           *self,
               const char          *position,
               GType                type,
               const RmiClassEntry *entry)
{
  static const char *const nothing[] = { NULL };

  rmi_reader_open_shared (self, position, NULL, GSIZE_TO_POINTER (type));
  for (int i = -1; (i = rmi_reader_next_member (self, entry->read != NULL ? nothing : entry->members, i, RMI_READER_INSTANCE)) >= 0;)
    if (entry->check_member != NULL)
      entry->check_member (self, i, entry->user_data);
    else
      rmi_reader_skip (self);
  if (self->shared != NULL && self->error == NULL)
    rmi_reader_close_shared (self, position, NULL);
}

/* Not just what was declared, by generated code. Takes over @unknown (nullable). */
static GObject *
read_special (RmiReader           *self,
              const char          *position,
              GType                type,
              const RmiClassEntry *entry,
              RmiUnknownPart      *unknown)
{
  g_autoptr(RmiUnknownPart) part = unknown;
  RmiUnknownPart *outer = self->unknown;
  GObject *object = NULL;

  self->unknown = part;
  if (self->is_checking && (entry->flags & RMI_CLASS_RUNS_CODE) != 0)
    check_members (self, position, type, entry);
  else
    object = entry->read != NULL ? read_alone (self, position, type, entry) : read_members (self, position, type, entry);
  self->unknown = outer;
  if (object == NULL)
    return NULL;

  if (part != NULL)
    rmi_unknown_part_hang_on (g_steal_pointer (&part), object);
  if (RMI_IS_BY_VALUE (object) && !self->is_checking)
    {
      if (self->whole == NULL)
        self->whole = g_ptr_array_new_with_free_func (g_object_unref);
      g_ptr_array_add (self->whole, g_object_ref (object));
    }
  return object;
}

gboolean
rmi_reader_complete (RmiReader *self)
{
  g_autoptr(GPtrArray) whole = self->error == NULL ? g_steal_pointer (&self->whole) : NULL;

  for (guint i = 0; whole != NULL && i < whole->len; i++)
    rmi_by_value_decoded (whole->pdata[i]);
  return self->error == NULL;
}

/**
 * rmi_reader_get_instance:
 * @self: a reader
 * @declared: a class
 * @entry: (nullable): the entry of @declared; %NULL if the caller has none at hand
 *
 * Reads an object by value.
 *
 * Returns: (transfer full) (nullable) (type GObject.Object): an instance of @declared, or of a registered class that derives from it; or
 * %NULL if an error stuck
 *
 * Since: 1.0
 */
gpointer
rmi_reader_get_instance (RmiReader           *self,
                         GType                declared,
                         const RmiClassEntry *entry)
{
  g_autoptr(RmiUnknownPart) unknown = NULL;
  GType type = declared;
  const char *position;
  RmiSpecial special;

  if (!rmi_reader_enter_instance (self, g_object_unref, &position, &special))
    return NULL;
  if (G_UNLIKELY (special == RMI_SPECIAL_SAME))
    return get_same (self, position, declared);
  if (G_UNLIKELY (special == RMI_SPECIAL_TYPE))
    type = get_type (self, declared, &unknown);
  if (self->error != NULL)
    return NULL;
  if (G_LIKELY (type == declared && unknown == NULL && entry != NULL && self->unknown == NULL))
    return rmi_reader_charge (self, entry->size) ? read_members (self, position, type, entry) : NULL;

  entry = rmi_class_lookup (type);
  if (entry == NULL)
    {
      rmi_reader_fail_at (self, position, RMI_ERROR_TYPE_NOT_ALLOWED, "a %s cannot be made of a message", g_type_name (type));
      return NULL;
    }
  if (!rmi_reader_charge (self, entry->size))
    return NULL;
  return read_special (self, position, type, entry, g_steal_pointer (&unknown));
}
