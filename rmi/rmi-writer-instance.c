/* rmi/rmi-writer-instance.c: objects by value
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * As the class that was registered of them. One that was met before in the message is written as its number, where the
 * reader knows what that means; one that contains itself is an error, unless its class allows it.
 */
#include "config.h"
#include "rmi/rmi-writer-private.h"

#include "rmi/rmi-class-entry.h"
#include "rmi/rmi-error.h"
#include "rmi/rmi-reader-private.h"
#include "rmi/rmi-unknown-part-private.h"

/* ---- errors that say where ---- */

/* Where the arguments or the result begin in what was written, and what they are called. */
static RmiReader
find_root (RmiWriter *self)
{
  static const char *const roots[] = { "\"params\":", "\"result\":" };
  RmiReader place = { .start = self->text, .end = self->cursor, .root = "the value" };
  gboolean is_escaped;

  for (const char *p = self->text; p < self->cursor; p++)
    {
      if (*p != '"')
        continue;
      for (guint i = 0; i < G_N_ELEMENTS (roots); i++)
        if (self->cursor - p >= 9 && memcmp (p, roots[i], 9) == 0)
          {
            place.start = p + 9;
            place.root = i == 0 ? "params" : "result";
            return place;
          }
      p = rmi_json_string_end (p + 1, self->cursor, &is_escaped);
    }
  return place;
}

static void
fail (RmiWriter  *self,
      RmiError    code,
      const char *what)
{
  RmiReader place = find_root (self);
  g_autofree char *location = rmi_reader_locate (&place, self->cursor);

  rmi_writer_fail (self, g_error_new (RMI_ERROR, code, "%s: %s", location, what));
}

/* ---- which class ---- */

/* The class that @object travels as, its own or a base: NULL and an error that sticks if there is none between it and @declared. */
static const RmiClassEntry *
find_entry (RmiWriter *self,
            gpointer   object,
            GType      declared,
            GType     *type)
{
  for (*type = G_OBJECT_TYPE (object); g_type_is_a (*type, declared); *type = g_type_parent (*type))
    {
      const RmiClassEntry *entry = rmi_class_lookup (*type);

      if (entry != NULL)
        return entry;
    }
  rmi_writer_fail (self, g_error_new (RMI_ERROR, RMI_ERROR_TYPE_NOT_ALLOWED,
                                      "A %s is passed where the class %s is declared, and travels as none",
                                      G_OBJECT_TYPE_NAME (object), g_type_name (declared)));
  return NULL;
}

/* Its class and the bases of it that @declared does not have; first those that only other programs know. */
static void
write_type (RmiWriter            *self,
            GType                 type,
            GType                 declared,
            const RmiUnknownPart *unknown)
{
  rmi_writer_add_member (self, "$type");
  rmi_writer_begin_array (self);
  for (guint i = 0; unknown != NULL && i < unknown->names->len; i++)
    rmi_writer_add_string (self, unknown->names->pdata[i]);
  for (; type != declared; type = g_type_parent (type))
    {
      const RmiClassEntry *entry = rmi_class_lookup (type);

      if (entry != NULL)
        rmi_writer_add_string (self, entry->name);
    }
  rmi_writer_end_array (self);
}

/* ---- met before ---- */

static gboolean
is_open (RmiWriter *self,
         gpointer   object)
{
  const RmiOpenInstance *open = self->open;

  while (open != NULL && open->object != object)
    open = open->outer;
  return open != NULL;
}

/* Instead of @object, which is there already. FALSE if it has to be there once more. */
static gboolean
write_same (RmiWriter           *self,
            gpointer             object,
            const RmiClassEntry *entry,
            guint32              ordinal)
{
  gboolean takes_same = self->codec != NULL && self->codec->takes_same != NULL && self->codec->takes_same (self->codec);

  self->is_personal = TRUE;
  if (is_open (self, object) && (entry->flags & RMI_CLASS_ALLOWS_CYCLES) == 0)
    fail (self, RMI_ERROR_INVALID_ARGUMENTS, "the object contains itself");
  else if (is_open (self, object) && !takes_same)
    fail (self, RMI_ERROR_NOT_SUPPORTED, "the object contains itself, which the other side cannot read");
  if (!takes_same || self->error != NULL)
    return self->error != NULL;

  self->has_same = TRUE;
  rmi_writer_begin_object (self);
  rmi_writer_add_member (self, "$same");
  rmi_writer_add_uint32 (self, ordinal);
  rmi_writer_end_object (self);
  return TRUE;
}

/**
 * rmi_writer_add_instance:
 * @self: a writer
 * @object: (type GObject.Object): an object
 * @declared: its class, or a base of that
 * @entry: (nullable): the entry of @declared; %NULL if the caller has none at hand
 *
 * Writes @object by value, as the nearest class of it that was registered. One that derives from none, and one that contains itself,
 * are errors that stick.
 *
 * Since: 1.0
 */
void
rmi_writer_add_instance (RmiWriter           *self,
                         gpointer             object,
                         GType                declared,
                         const RmiClassEntry *entry)
{
  RmiOpenInstance open = { object, self->open };
  guint32 ordinal = self->n_objects;
  const RmiUnknownPart *unknown;
  GType type = declared;

  g_return_if_fail (object != NULL);

  if (self->error != NULL)
    return;
  if (G_UNLIKELY (G_OBJECT_TYPE (object) != declared || entry == NULL))
    entry = find_entry (self, object, declared, &type);
  if (entry == NULL)
    return;
  if (G_UNLIKELY (entry->flags & RMI_CLASS_RUNS_CODE))
    self->instances.is_keeping = TRUE;
  if (rmi_instance_table_meet (&self->instances, object, &ordinal) && write_same (self, object, entry, ordinal))
    return;

  self->open = &open;
  rmi_writer_begin_object (self);
  unknown = rmi_unknown_part_of (object);
  if (G_UNLIKELY (type != declared || unknown != NULL))
    write_type (self, type, declared, unknown);
  entry->write_members (self, object, entry->user_data);
  if (G_UNLIKELY (unknown != NULL))
    rmi_writer_add_raw_members (self, unknown->members->str, unknown->members->len);
  rmi_writer_end_object (self);
  self->open = open.outer;
}
