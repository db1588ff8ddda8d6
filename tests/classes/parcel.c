/* tests/classes/parcel.c: classes that nobody generated
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "config.h"
#include "tests/classes/parcel.h"

#include <stdio.h>

#include <json-glib/json-glib.h>

#include "classes.h"

/* ---- parcels ---- */

enum
{
  PARCEL_BOOLEAN = 1,
  PARCEL_CHAR,
  PARCEL_UCHAR,
  PARCEL_INT,
  PARCEL_UINT,
  PARCEL_LONG,
  PARCEL_ULONG,
  PARCEL_INT64,
  PARCEL_UINT64,
  PARCEL_FLOAT,
  PARCEL_DOUBLE,
  PARCEL_MODE,
  PARCEL_MARKS,
  PARCEL_NAME,
  PARCEL_WORDS,
  PARCEL_BYTES,
  PARCEL_ANY,
  PARCEL_PLACE,
  PARCEL_LABEL,
  PARCEL_INSIDE,
  PARCEL_DEPOT,
  PARCEL_ORIGIN,
  N_PARCEL,
};

typedef struct
{
  GValue values[N_PARCEL];
} TestParcelPrivate;

G_DEFINE_TYPE_WITH_PRIVATE (TestParcel, test_parcel, G_TYPE_OBJECT)

static GParamSpec *parcel_properties[N_PARCEL];
static guint n_parcels;

static GValue *
get_values (gpointer object)
{
  return ((TestParcelPrivate *) test_parcel_get_instance_private (object))->values;
}

static void
test_parcel_get_property (GObject    *object,
                          guint       property_id,
                          GValue     *value,
                          GParamSpec *pspec)
{
  g_value_copy (&get_values (object)[property_id], value);
}

static void
test_parcel_set_property (GObject      *object,
                          guint         property_id,
                          const GValue *value,
                          GParamSpec   *pspec)
{
  g_value_copy (value, &get_values (object)[property_id]);
}

static void
test_parcel_finalize (GObject *object)
{
  for (guint i = 1; i < N_PARCEL; i++)
    g_value_unset (&get_values (object)[i]);
  G_OBJECT_CLASS (test_parcel_parent_class)->finalize (object);
}

#define FLAGS (G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS)

static void
install_numbers (GParamSpec **all)
{
  all[PARCEL_BOOLEAN] = g_param_spec_boolean ("boolean", NULL, NULL, TRUE, FLAGS);
  all[PARCEL_CHAR] = g_param_spec_char ("char", NULL, NULL, G_MININT8, G_MAXINT8, -1, FLAGS);
  all[PARCEL_UCHAR] = g_param_spec_uchar ("uchar", NULL, NULL, 0, G_MAXUINT8, 1, FLAGS);
  all[PARCEL_INT] = g_param_spec_int ("int", NULL, NULL, G_MININT, G_MAXINT, 0, FLAGS);
  all[PARCEL_UINT] = g_param_spec_uint ("uint", NULL, NULL, 0, 1000, 7, FLAGS);
  all[PARCEL_LONG] = g_param_spec_long ("long", NULL, NULL, G_MINLONG, G_MAXLONG, 0, FLAGS);
  all[PARCEL_ULONG] = g_param_spec_ulong ("ulong", NULL, NULL, 0, G_MAXULONG, 0, FLAGS);
  all[PARCEL_INT64] = g_param_spec_int64 ("int64", NULL, NULL, G_MININT64, G_MAXINT64, 0, FLAGS);
  all[PARCEL_UINT64] = g_param_spec_uint64 ("uint64", NULL, NULL, 0, G_MAXUINT64, 0, FLAGS);
  all[PARCEL_FLOAT] = g_param_spec_float ("float", NULL, NULL, -G_MAXFLOAT, G_MAXFLOAT, 0, FLAGS);
  all[PARCEL_DOUBLE] = g_param_spec_double ("double", NULL, NULL, -G_MAXDOUBLE, G_MAXDOUBLE, 0, FLAGS);
  all[PARCEL_MODE] = g_param_spec_enum ("mode", NULL, NULL, CLASSES_TYPE_MODE, CLASSES_MODE_FAST, FLAGS);
  all[PARCEL_MARKS] = g_param_spec_flags ("marks", NULL, NULL, CLASSES_TYPE_MARKS, CLASSES_MARKS_HEAVY, FLAGS);
}

static void
install_pointers (GParamSpec **all)
{
  all[PARCEL_NAME] = g_param_spec_string ("name", NULL, NULL, "unnamed", FLAGS);
  all[PARCEL_WORDS] = g_param_spec_boxed ("words", NULL, NULL, G_TYPE_STRV, FLAGS);
  all[PARCEL_BYTES] = g_param_spec_boxed ("bytes", NULL, NULL, G_TYPE_BYTES, FLAGS);
  all[PARCEL_ANY] = g_param_spec_variant ("any", NULL, NULL, G_VARIANT_TYPE_ANY, NULL, FLAGS);
  all[PARCEL_PLACE] = g_param_spec_boxed ("place", NULL, NULL, CLASSES_TYPE_PLACE, FLAGS);
  all[PARCEL_LABEL] = g_param_spec_object ("label", NULL, NULL, CLASSES_TYPE_LABEL, FLAGS);
  all[PARCEL_INSIDE] = g_param_spec_object ("inside", NULL, NULL, TEST_TYPE_PARCEL, FLAGS);
  all[PARCEL_DEPOT] = g_param_spec_object ("depot", NULL, NULL, CLASSES_TYPE_DEPOT, FLAGS);
  all[PARCEL_ORIGIN] = g_param_spec_string ("origin", NULL, NULL, NULL, FLAGS | G_PARAM_CONSTRUCT_ONLY);
}

static void
test_parcel_class_init (TestParcelClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = test_parcel_get_property;
  object_class->set_property = test_parcel_set_property;
  object_class->finalize = test_parcel_finalize;
  install_numbers (parcel_properties);
  install_pointers (parcel_properties);
  g_object_class_install_properties (object_class, N_PARCEL, parcel_properties);
}

static void
test_parcel_init (TestParcel *self)
{
  GValue *values = get_values (self);

  g_atomic_int_inc (&n_parcels);
  for (guint i = 1; i < N_PARCEL; i++)
    {
      g_value_init (&values[i], G_PARAM_SPEC_VALUE_TYPE (parcel_properties[i]));
      g_param_value_set_default (parcel_properties[i], &values[i]);
    }
}

guint
test_parcel_count (void)
{
  return g_atomic_int_get (&n_parcels);
}

/* ---- crates ---- */

struct _TestCrate
{
  TestParcel parent_instance;
  guint      planks;
};

G_DEFINE_FINAL_TYPE (TestCrate, test_crate, TEST_TYPE_PARCEL)

static void
test_crate_get_property (GObject    *object,
                         guint       property_id,
                         GValue     *value,
                         GParamSpec *pspec)
{
  g_value_set_uint (value, TEST_CRATE (object)->planks);
}

static void
test_crate_set_property (GObject      *object,
                         guint         property_id,
                         const GValue *value,
                         GParamSpec   *pspec)
{
  TEST_CRATE (object)->planks = g_value_get_uint (value);
}

static void
test_crate_class_init (TestCrateClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = test_crate_get_property;
  object_class->set_property = test_crate_set_property;
  g_object_class_install_property (object_class, 1, g_param_spec_uint ("planks", NULL, NULL, 0, G_MAXUINT, 0, FLAGS));
}

static void
test_crate_init (TestCrate *self)
{
}

/* ---- spots ---- */

struct _TestSpot
{
  GObject   parent_instance;
  GVariant *at;
  char     *note;
};

enum
{
  SPOT_AT = 1,
  SPOT_NOTE,
};

static JsonNode *
test_spot_serialize_property (JsonSerializable *serializable,
                              const char       *name,
                              const GValue     *value,
                              GParamSpec       *pspec)
{
  g_autofree char *text = NULL;
  int x = 0, y = 0;

  if (!g_str_equal (name, "at"))
    return json_serializable_default_serialize_property (serializable, name, value, pspec);
  if (g_value_get_variant (value) == NULL)
    return NULL;
  g_variant_get (g_value_get_variant (value), "(ii)", &x, &y);
  text = g_strdup_printf ("%d,%d", x, y);
  return json_node_init_string (json_node_alloc (), text);
}

static gboolean
test_spot_deserialize_property (JsonSerializable *serializable,
                                const char       *name,
                                GValue           *value,
                                GParamSpec       *pspec,
                                JsonNode         *node)
{
  int x = 0, y = 0;

  if (!g_str_equal (name, "at"))
    return json_serializable_default_deserialize_property (serializable, name, value, pspec, node);
  if (json_node_get_value_type (node) != G_TYPE_STRING || sscanf (json_node_get_string (node), "%d,%d", &x, &y) != 2)
    return FALSE;
  g_value_set_variant (value, g_variant_new ("(ii)", x, y));
  return TRUE;
}

static void
test_spot_implement_serializable (JsonSerializableIface *iface)
{
  iface->serialize_property = test_spot_serialize_property;
  iface->deserialize_property = test_spot_deserialize_property;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (TestSpot, test_spot, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (JSON_TYPE_SERIALIZABLE, test_spot_implement_serializable))

static void
test_spot_get_property (GObject    *object,
                        guint       property_id,
                        GValue     *value,
                        GParamSpec *pspec)
{
  if (property_id == SPOT_AT)
    g_value_set_variant (value, TEST_SPOT (object)->at);
  else
    g_value_set_string (value, TEST_SPOT (object)->note);
}

static void
test_spot_set_property (GObject      *object,
                        guint         property_id,
                        const GValue *value,
                        GParamSpec   *pspec)
{
  TestSpot *self = TEST_SPOT (object);

  if (property_id == SPOT_AT)
    {
      g_clear_pointer (&self->at, g_variant_unref);
      self->at = g_value_dup_variant (value);
    }
  else
    {
      g_free (self->note);
      self->note = g_value_dup_string (value);
    }
}

static void
test_spot_finalize (GObject *object)
{
  g_clear_pointer (&TEST_SPOT (object)->at, g_variant_unref);
  g_free (TEST_SPOT (object)->note);
  G_OBJECT_CLASS (test_spot_parent_class)->finalize (object);
}

static void
test_spot_class_init (TestSpotClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = test_spot_get_property;
  object_class->set_property = test_spot_set_property;
  object_class->finalize = test_spot_finalize;
  g_object_class_install_property (object_class, SPOT_AT,
                                   g_param_spec_variant ("at", NULL, NULL, G_VARIANT_TYPE ("(ii)"), NULL, FLAGS));
  g_object_class_install_property (object_class, SPOT_NOTE, g_param_spec_string ("note", NULL, NULL, NULL, FLAGS));
}

static void
test_spot_init (TestSpot *self)
{
}
