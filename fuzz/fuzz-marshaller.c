/* fuzz/fuzz-marshaller.c: values of every type, by generated code and by description
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The first byte picks a property of an interface that has all types, or an argument of one of its methods. The rest is a JSON text. What is read and
 * written reads the same again; both ways of marshalling accept the same and mean the same; and each reference
 * in the text is given back or made an object, once.
 */
#include "config.h"
#include "fuzz/fuzz.h"

#include <string.h>

#include "rmi/rmi-interface-entry.h"
#include "rmi/rmi-interface-info-internal.h"
#include "rmi/rmi-message-internal.h"
#include "rmi/rmi-scanner-internal.h"
#include "tests/generated-every.h"

/* ---- references: objects that remember their path ---- */

typedef struct
{
  RmiReferenceCodec codec;
  guint             n_owned;       /* made an object or given back */
} Counter;

static gboolean
counter_write (RmiReferenceCodec  *codec,
               RmiWriter          *writer,
               GObject            *object,
               GType               declared,
               GError            **error)
{
  rmi_writer_begin_object (writer);
  rmi_writer_add_member (writer, "$home");
  rmi_writer_add_string (writer, g_object_get_data (object, "path"));
  rmi_writer_end_object (writer);
  return TRUE;
}

static gpointer
counter_read (RmiReferenceCodec      *codec,
              const RmiWireReference *reference,
              GType                   declared,
              GError                **error)
{
  g_autofree char *path = g_strndup (reference->path.data, reference->path.length);
  GObject *object;

  ((Counter *) codec)->n_owned += !reference->is_home;
  if (strlen (path) != reference->path.length || !rmi_path_is_valid (path))
    {
      g_set_error (error, RMI_ERROR, RMI_ERROR_INVALID_ARGUMENTS, "no path");
      return NULL;
    }
  object = G_OBJECT (peer_new ());
  g_object_set_data_full (object, "path", g_steal_pointer (&path), g_free);
  return object;
}

static void
counter_discard (RmiReferenceCodec      *codec,
                 const RmiWireReference *reference)
{
  ((Counter *) codec)->n_owned += !reference->is_home;
}

static void
counter_retract (RmiReferenceCodec *codec,
                 const char        *path)
{
  g_assert_not_reached ();
}

static void
counter_init (Counter *counter)
{
  *counter = (Counter) { .codec = { .write = counter_write, .read = counter_read, .discard = counter_discard, .retract = counter_retract } };
}

static guint
count_references (RmiSlice text)
{
  Counter counter;

  counter_init (&counter);
  rmi_reader_discard (text, &counter.codec);
  return counter.n_owned;
}

/* ---- two ways of reading and writing ---- */

/* Straight-line code for one struct or class. */
typedef struct
{
  const char     *method;              /* whose argument it is */
  gpointer      (*read)  (RmiReader *reader);
  void          (*write) (RmiWriter *writer, gpointer value);
  GDestroyNotify  free;
  gboolean        has_json;
} Code;

/* What a byte picks. By description only: neither @entry nor @code. */
typedef struct
{
  const RmiTypeInfo      *type;
  const RmiPropertyEntry *entry;
  GParamSpec             *pspec;       /* of @entry */
  const Code             *code;
} Place;

static void
pass_by_table (const Place *place,
               RmiReader   *reader,
               RmiWriter   *writer)
{
  g_autoptr(GVariant) value = rmi_type_info_read_variant (place->type, NULL, reader);

  if (!rmi_reader_has_failed (reader))
    rmi_type_info_write_variant (place->type, value, NULL, writer);
}

static void
pass_by_generated (const Place *place,
                   RmiReader   *reader,
                   RmiWriter   *writer)
{
  GValue value = G_VALUE_INIT;

  if (place->code != NULL)
    {
      gpointer made = place->code->read (reader);

      if (!rmi_reader_has_failed (reader))
        place->code->write (writer, made);
      if (made != NULL)
        place->code->free (made);
      return;
    }

  g_value_init (&value, G_PARAM_SPEC_VALUE_TYPE (place->pspec));
  place->entry->read (reader, &value);
  if (!rmi_reader_has_failed (reader))
    place->entry->write (writer, &value);
  g_value_unset (&value);
}

typedef void (*PassFunc) (const Place *place, RmiReader *reader, RmiWriter *writer);

/* As a tree, what `$same` stands for may be more than any limit: the two ways need not end at the same one. */
static gboolean
is_too_much (RmiSlice      text,
             const GError *error)
{
  return error->code == RMI_ERROR_LIMIT && memmem (text.data, text.length, "same", 4) != NULL;
}

/* (transfer full) (nullable): what was written, if @text could be read. Empty: it cannot be written, since an object that may not be missing was
 * (members of classes that are missing have their default), or is too much as a tree. */
static char *
pass (const Place *place,
      PassFunc     func,
      RmiSlice     text)
{
  g_autoptr(RmiWriter) writer = NULL;
  g_autoptr(GError) error = NULL;
  RmiReader reader;
  RmiLimits limits;
  RmiSlice written;
  Counter counter;

  counter_init (&counter);
  rmi_limits_init_network (&limits);
  writer = rmi_writer_new (&limits, &counter.codec);
  rmi_reader_init (&reader, text, &limits, &counter.codec, RMI_ERROR_INVALID_ARGUMENTS, "text");
  func (place, &reader, writer);
  if (!rmi_reader_has_failed (&reader))
    g_assert_cmpint (rmi_reader_peek (&reader), ==, 0);
  if (!rmi_reader_finish (&reader, &error))
    g_assert_true (error != NULL && error->domain == RMI_ERROR && *error->message != '\0');
  g_assert_cmpuint (counter.n_owned, ==, count_references (text));
  if (error != NULL)
    return is_too_much (text, error) ? g_strdup ("") : NULL;

  if (!rmi_writer_finish (writer, &written, &error))
    {
      g_assert_true (is_too_much (text, error) || (place->code != NULL && strstr (error->message, " is NULL, and may not be") != NULL));
      return g_strdup ("");
    }
  return g_strndup (written.data, written.length);
}

static gboolean
scan (RmiSlice text)
{
  RmiLimits limits;

  rmi_limits_init_network (&limits);
  return rmi_scanner_check (text, &limits, NULL, NULL, NULL);
}

static JsonNode *
parse (const char *json)
{
  g_autoptr(JsonNode) node = NULL;
  RmiReader reader;

  rmi_reader_init (&reader, (RmiSlice) { json, strlen (json) }, NULL, NULL, RMI_ERROR_INVALID_ARGUMENTS, "text");
  node = rmi_reader_get_json (&reader);
  rmi_reader_finish (&reader, NULL);
  return g_steal_pointer (&node);
}

/* Members of dictionaries have no order. */
static void
check_equal (const Place *place,
             const char  *one,
             const char  *other)
{
  g_autoptr(JsonNode) one_node = NULL;
  g_autoptr(JsonNode) other_node = NULL;

  if (g_strcmp0 (one, other) == 0)
    return;
  if (one != NULL && other != NULL)
    {
      one_node = parse (one);
      other_node = parse (other);
    }
  if (one_node == NULL || other_node == NULL || !json_node_equal (one_node, other_node))
    g_error ("%s: %s or %s", place->type->signature, one, other);
}

static char *
pass_twice (const Place *place,
            PassFunc     func,
            RmiSlice     text)
{
  g_autofree char *once = pass (place, func, text);
  g_autofree char *twice = NULL;
  RmiSlice again;

  if (once == NULL || *once == '\0')
    return g_steal_pointer (&once);
  again = (RmiSlice) { once, strlen (once) };
  g_assert_true (scan (again));
  twice = pass (place, func, again);
  check_equal (place, once, twice);
  return g_steal_pointer (&twice);
}

/* What the generated code wrote has every member of every class; by description, those are there that were. */
static void
check_both_ways (const Place *place,
                 const char  *by_generated)
{
  g_autofree char *by_table = NULL;

  if (by_generated == NULL || *by_generated == '\0')
    return;
  by_table = pass (place, pass_by_table, (RmiSlice) { by_generated, strlen (by_generated) });
  check_equal (place, by_generated, by_table);
}

/* ---- which ---- */

#define CODE(name, prefix, free, has_json) \
  { name, (gpointer (*) (RmiReader *)) prefix##_rmi_read, (void (*) (RmiWriter *, gpointer)) prefix##_rmi_write, \
    (GDestroyNotify) free, has_json }

static const Code codes[] = {
  CODE ("Struct", torture_packed, torture_packed_free, TRUE),
  CODE ("Class", torture_everything, g_object_unref, TRUE),
  CODE ("Derived", torture_derived, g_object_unref, TRUE),
  CODE ("Foreign", torture_foreign, g_object_unref, FALSE),
};

static const Code *
find_code (const char *method)
{
  for (gsize i = 0; i < G_N_ELEMENTS (codes); i++)
    if (g_str_equal (codes[i].method, method))
      return &codes[i];
  return NULL;
}

/* By description any JSON passes, since it stays text; a JsonNode has only integers of 64 bits, and no U+0000. */
static gboolean
has_json (const Place *place)
{
  return g_str_equal (place->type->signature, "j") || (place->code != NULL && place->code->has_json);
}

static GArray *
list_places (void)
{
  GArray *places = g_array_new (FALSE, FALSE, sizeof (Place));
  GType type = TORTURE_TYPE_EVERY;
  const RmiInterfaceEntry *entry = rmi_interface_lookup (type);
  RmiInterfaceInfo *info = rmi_interface_get_info (type);
  gpointer iface;

  g_type_class_ref (TYPE_EVERY);
  iface = g_type_default_interface_ref (type);
  for (guint i = 0; i < entry->n_properties; i++)
    {
      const RmiPropertyEntry *property = &entry->properties[i];
      Place place = { rmi_interface_info_find_property (info, property->name, strlen (property->name))->type, property,
                      g_object_interface_find_property (iface, property->property_name), NULL };

      g_array_append_val (places, place);
    }
  for (guint i = 0; i < info->methods->len; i++)
    {
      const RmiMethodInfo *method = info->methods->pdata[i];

      for (guint j = 0; j < method->in->len; j++)
        {
          Place place = { ((RmiFieldInfo *) method->in->pdata[j])->type, NULL, NULL, find_code (method->name) };

          g_array_append_val (places, place);
        }
    }
  return places;
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  static GArray *places = NULL;
  guint8 choice = fuzz_take_byte (&data, &size);
  g_autofree char *copy = g_memdup2 (data, size);
  RmiSlice text = { copy != NULL ? copy : "", size };
  g_autofree char *by_table = NULL;
  g_autofree char *by_generated = NULL;
  const Place *place;

  if (places == NULL)
    places = list_places ();
  place = &g_array_index (places, Place, choice % places->len);
  if (!scan (text))
    return -1;

  by_table = pass_twice (place, pass_by_table, text);
  if (place->entry == NULL && place->code == NULL)
    return 0;
  by_generated = pass_twice (place, pass_by_generated, text);
  if ((by_table != NULL && *by_table == '\0') || (by_generated != NULL && *by_generated == '\0'))
    return 0;
  g_assert_true (by_table != NULL || by_generated == NULL);
  g_assert_true (by_generated != NULL || by_table == NULL || has_json (place));
  check_both_ways (place, by_generated);
  return 0;
}
