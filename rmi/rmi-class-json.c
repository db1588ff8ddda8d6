/* rmi/rmi-class-json.c: classes that say by JsonSerializable what they are on the wire
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * As json_gobject_serialize() and json_gobject_deserialize() do, but what does not fit is an error of the call and nothing in
 * the log, and no class is made just because a property is declared to be of it.
 */
#include "config.h"
#include "rmi/rmi-class-private.h"

#include <json-glib/json-glib.h>

#include "rmi/rmi-error.h"
#include "rmi/rmi-reader-private.h"
#include "rmi/rmi-writer.h"

#define OBJECT_BYTES 400

static void
write_members_cb (RmiWriter *writer,
                  gpointer   object,
                  gpointer   user_data)
{
  g_autoptr(JsonNode) node = json_gobject_serialize (object);
  JsonObjectIter iter;
  const char *name;
  JsonNode *member;

  json_object_iter_init_ordered (&iter, json_node_get_object (node));
  while (json_object_iter_next_ordered (&iter, &name, &member))
    {
      rmi_writer_add_key (writer, name);
      rmi_writer_add_json (writer, member);
    }
}

/* @node: what came for the property @name. */
static gboolean
set_member (JsonSerializable *object,
            const char       *name,
            JsonNode         *node)
{
  GParamSpec *pspec = json_serializable_find_property (object, name);
  g_auto(GValue) value = G_VALUE_INIT;

  if (pspec == NULL || (pspec->flags & G_PARAM_WRITABLE) == 0)
    return TRUE;
  g_value_init (&value, G_PARAM_SPEC_VALUE_TYPE (pspec));
  if (!json_serializable_deserialize_property (object, pspec->name, &value, pspec, node) ||
      g_param_value_validate (pspec, &value))
    return FALSE;
  json_serializable_set_property (object, pspec, &value);
  return TRUE;
}

/* One member. What GObject could not call a property is none. */
static void
read_member (RmiReader        *reader,
             JsonSerializable *object,
             RmiSlice          key)
{
  g_autofree char *name = g_strndup (key.data, key.length);
  g_autoptr(JsonNode) node = NULL;
  const char *position;

  if (!g_param_spec_is_valid_name (name))
    {
      if (rmi_reader_check_unknown (reader, key))
        rmi_reader_skip (reader);
      return;
    }
  rmi_reader_next_char (reader);
  position = reader->cursor;
  node = rmi_reader_get_json (reader);
  if (node != NULL && !set_member (object, name, node))
    rmi_reader_fail_at (reader, position, reader->code, "this is no \"%s\" of a %s", name, G_OBJECT_TYPE_NAME (object));
}

static gpointer
read_cb (RmiReader *reader,
         GType      type,
         gpointer   user_data)
{
  g_autoptr(GObject) object = g_object_new (type, NULL);
  gboolean is_escaped;
  RmiSlice key;

  if (g_object_is_floating (object))
    g_object_ref_sink (object);
  g_object_freeze_notify (object);
  while (rmi_reader_take_key (reader, &key, &is_escaped))
    read_member (reader, JSON_SERIALIZABLE (object), key);
  g_object_thaw_notify (object);
  return rmi_reader_has_failed (reader) ? NULL : g_steal_pointer (&object);
}

/* ---- registering ---- */

static const char *
find_obstacle (GParamSpec *pspec,
               gboolean    is_default)
{
  if ((pspec->flags & G_PARAM_WRITABLE) == 0)
    return NULL;
  if (pspec->flags & G_PARAM_CONSTRUCT_ONLY)
    return "is set by the constructor only, when JsonSerializable has no object to ask";
  if (is_default && g_type_is_a (G_PARAM_SPEC_VALUE_TYPE (pspec), G_TYPE_OBJECT))
    return "is an object, which only a deserialize_property() of its own may make";
  return NULL;
}

gboolean
rmi_class_json_fill (RmiClassEntry  *entry,
                     GType           type,
                     GError        **error)
{
  g_autofree GParamSpec **pspecs = NULL;
  JsonSerializableIface *iface, *standard;
  gpointer class = g_type_class_peek (type);
  guint n_pspecs = 0;

  if (!g_type_is_a (type, JSON_TYPE_SERIALIZABLE))
    {
      g_set_error (error, RMI_ERROR, RMI_ERROR_TYPE_NOT_ALLOWED,
                   "%s cannot travel by value: no properties are listed, and it is no JsonSerializable", g_type_name (type));
      return FALSE;
    }
  iface = g_type_interface_peek (class, JSON_TYPE_SERIALIZABLE);
  standard = g_type_default_interface_peek (JSON_TYPE_SERIALIZABLE);
  pspecs = g_object_class_list_properties (class, &n_pspecs);
  for (guint i = 0; i < n_pspecs; i++)
    {
      const char *obstacle = find_obstacle (pspecs[i], iface->deserialize_property == standard->deserialize_property);

      if (obstacle == NULL)
        continue;
      g_set_error (error, RMI_ERROR, RMI_ERROR_TYPE_NOT_ALLOWED, "%s cannot travel by value: its property \"%s\" %s",
                   g_type_name (type), pspecs[i]->name, obstacle);
      return FALSE;
    }
  entry->size = OBJECT_BYTES;
  entry->flags = RMI_CLASS_RUNS_CODE;
  entry->write_members = write_members_cb;
  entry->read = read_cb;
  return TRUE;
}
