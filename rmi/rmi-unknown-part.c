/* rmi/rmi-unknown-part.c: what this program does not know of an object by value
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "config.h"
#include "rmi/rmi-unknown-part-private.h"


static int has_any;               /* atomic: an object of this process has one */

static GQuark
part_quark (void)
{
  return g_quark_from_static_string ("rmi-unknown-part");
}

static RmiUnknownPart *
unknown_part_new (void)
{
  RmiUnknownPart *self = g_new0 (RmiUnknownPart, 1);

  self->names = g_ptr_array_new_with_free_func (g_free);
  self->members = g_string_new (NULL);
  return self;
}

void
rmi_unknown_part_free (RmiUnknownPart *self)
{
  g_ptr_array_unref (self->names);
  g_string_free (self->members, TRUE);
  g_free (self);
}

/* Whether a member in valid text is a reference, or an object that is somewhere else in its message. */
static gboolean
has_links (RmiSlice text)
{
  static const char *const links[] = { "$ref", "$home", "$same" };
  const char *end = text.data + text.length;
  const char *p = text.data;
  gboolean is_escaped;

  while ((p = memchr (p, '"', end - p)) != NULL)
    {
      RmiSlice key = { p + 1, 0 };

      p = rmi_json_string_end (key.data, end, &is_escaped);
      key.length = p++ - key.data;
      if (key.length == 0 || (*key.data != '$' && *key.data != '\\'))
        continue;
      p = rmi_json_skip_space (p, end);
      for (guint i = 0; p < end && *p == ':' && i < G_N_ELEMENTS (links); i++)
        if (rmi_json_string_equals (key, links[i]))
          return TRUE;
    }
  return FALSE;
}

/* @key is the inside of a string, as it is written. */
static void
add_member (RmiUnknownPart *self,
            RmiSlice        key,
            RmiSlice        value)
{
  self->is_lost = self->is_lost || has_links (value);
  if (self->members->len > 0)
    g_string_append_c (self->members, ',');
  g_string_append_c (self->members, '"');
  g_string_append_len (self->members, key.data, key.length);
  g_string_append (self->members, "\":");
  g_string_append_len (self->members, value.data, value.length);
}

void
rmi_unknown_part_hang_on (RmiUnknownPart *self,
                          GObject        *object)
{
  if (self->is_lost)
    {
      rmi_unknown_part_free (self);
      return;
    }
  g_atomic_int_set (&has_any, TRUE);
  g_object_set_qdata_full (object, part_quark (), self, (GDestroyNotify) rmi_unknown_part_free);
}

const RmiUnknownPart *
rmi_unknown_part_of (GObject *object)
{
  return g_atomic_int_get (&has_any) ? g_object_get_qdata (object, part_quark ()) : NULL;
}

void
rmi_reader_add_unknown_name (RmiReader       *self,
                             RmiUnknownPart **unknown,
                             RmiSlice         name)
{
  if (!rmi_reader_charge (self, rmi_reader_block_size (name.length + 1)))
    return;
  if (*unknown == NULL)
    *unknown = unknown_part_new ();
  g_ptr_array_add ((*unknown)->names, g_strndup (name.data, name.length));
}

gboolean
rmi_reader_check_unknown (RmiReader *self,
                          RmiSlice   key)
{
  if (rmi_json_string_equals (key, "$same"))
    rmi_reader_fail_at (self, self->cursor, self->code, "\"$same\" goes with nothing else");
  else if (rmi_json_string_equals (key, "$type"))
    rmi_reader_fail_at (self, self->cursor, self->code, "\"$type\" has to be the first member");
  return self->error == NULL;
}

void
rmi_reader_take_unknown (RmiReader *self,
                         RmiSlice   key)
{
  const char *from = self->cursor;

  if (!rmi_reader_check_unknown (self, key))
    return;
  rmi_reader_skip (self);
  if (self->unknown != NULL && rmi_reader_charge (self, key.length + (self->cursor - from)))
    add_member (self->unknown, key, (RmiSlice) { from, self->cursor - from });
}
