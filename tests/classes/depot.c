/* tests/classes/depot.c: an object that gets parcels, and gives them back
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "config.h"
#include "tests/classes/depot.h"

#define TYPE_DEPOT (depot_get_type ())
G_DECLARE_FINAL_TYPE (Depot, depot, TEST, THE_DEPOT, GObject)

struct _Depot
{
  GObject     parent_instance;
  TestParcel *last;
};

/* Nested parcels in brackets; a depot is told by whether there is one. */
char *
test_describe (TestParcel *parcel)
{
  GString *text = g_string_new (G_OBJECT_TYPE_NAME (parcel));
  guint n_properties;
  g_autofree GParamSpec **properties = g_object_class_list_properties (G_OBJECT_GET_CLASS (parcel), &n_properties);

  for (guint i = 0; i < n_properties; i++)
    {
      g_auto(GValue) value = G_VALUE_INIT;
      g_autofree char *content = NULL;

      g_object_get_property (G_OBJECT (parcel), properties[i]->name, &value);
      if (!G_VALUE_HOLDS_OBJECT (&value) && !G_VALUE_HOLDS_BOXED (&value) && !G_TYPE_IS_INTERFACE (G_VALUE_TYPE (&value)))
        content = g_strdup_value_contents (&value);
      else if (g_value_peek_pointer (&value) == NULL)
        content = g_strdup ("NULL");
      else if (G_VALUE_HOLDS (&value, TEST_TYPE_PARCEL))
        content = test_describe (g_value_get_object (&value));
      else if (G_VALUE_HOLDS (&value, CLASSES_TYPE_LABEL))
        content = g_strdup (classes_label_get_text (g_value_get_object (&value)));
      else if (G_VALUE_HOLDS (&value, G_TYPE_STRV))
        content = g_strjoinv ("|", g_value_get_boxed (&value));
      else if (G_VALUE_HOLDS (&value, G_TYPE_BYTES))
        content = g_base64_encode (g_bytes_get_data (g_value_get_boxed (&value), NULL), g_bytes_get_size (g_value_get_boxed (&value)));
      else if (G_VALUE_HOLDS (&value, CLASSES_TYPE_PLACE))
        content = g_strdup_printf ("%s %u", ((ClassesPlace *) g_value_get_boxed (&value))->street,
                                   ((ClassesPlace *) g_value_get_boxed (&value))->number);
      else
        content = g_strdup ("a depot");
      g_string_append_printf (text, " %s=(%s)", properties[i]->name, content);
    }
  return g_string_free (text, FALSE);
}

static gboolean
depot_echo (ClassesDepot  *self,
            TestParcel    *parcel,
            TestParcel   **echo,
            GCancellable  *cancellable,
            GError       **error)
{
  *echo = parcel != NULL ? g_object_ref (parcel) : NULL;
  return TRUE;
}

static char *
depot_describe (ClassesDepot  *self,
                TestParcel    *parcel,
                GCancellable  *cancellable,
                GError       **error)
{
  return test_describe (parcel);
}

static gboolean
depot_swap (ClassesDepot  *self,
            GPtrArray     *parcels,
            gboolean      *is_same,
            GPtrArray    **swapped,
            GCancellable  *cancellable,
            GError       **error)
{
  *is_same = parcels->len > 1 && parcels->pdata[0] == parcels->pdata[1];
  *swapped = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = parcels->len; i > 0; i--)
    g_ptr_array_add (*swapped, g_object_ref (parcels->pdata[i - 1]));
  return TRUE;
}

/* One step to the right. */
static TestSpot *
depot_move (ClassesDepot  *self,
            TestSpot      *spot,
            GCancellable  *cancellable,
            GError       **error)
{
  g_autoptr(GVariant) at = NULL;
  g_autofree char *note = NULL;
  int x = 0, y = 0;

  g_object_get (spot, "at", &at, "note", &note, NULL);
  if (at != NULL)
    g_variant_get (at, "(ii)", &x, &y);
  return g_object_new (TEST_TYPE_SPOT, "at", g_variant_new ("(ii)", x + 1, y), "note", note, NULL);
}

static gboolean
depot_send (ClassesDepot  *self,
            TestParcel    *parcel,
            GCancellable  *cancellable,
            GError       **error)
{
  g_object_set (self, "last", parcel, NULL);
  classes_depot_emit_sent (self, parcel);
  return TRUE;
}

static void
depot_implement (ClassesDepotInterface *iface)
{
  iface->echo = depot_echo;
  iface->describe = depot_describe;
  iface->swap = depot_swap;
  iface->move = depot_move;
  iface->send = depot_send;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (Depot, depot, G_TYPE_OBJECT, G_IMPLEMENT_INTERFACE (CLASSES_TYPE_DEPOT, depot_implement))

static void
depot_get_property (GObject    *object,
                    guint       property_id,
                    GValue     *value,
                    GParamSpec *pspec)
{
  g_value_set_object (value, TEST_THE_DEPOT (object)->last);
}

static void
depot_set_property (GObject      *object,
                    guint         property_id,
                    const GValue *value,
                    GParamSpec   *pspec)
{
  g_set_object (&TEST_THE_DEPOT (object)->last, g_value_get_object (value));
}

static void
depot_finalize (GObject *object)
{
  g_clear_object (&TEST_THE_DEPOT (object)->last);
  G_OBJECT_CLASS (depot_parent_class)->finalize (object);
}

static void
depot_class_init (DepotClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = depot_get_property;
  object_class->set_property = depot_set_property;
  object_class->finalize = depot_finalize;
  g_object_class_override_property (object_class, 1, "last");
}

static void
depot_init (Depot *self)
{
}

GObject *
test_depot_new (void)
{
  return g_object_new (TYPE_DEPOT, NULL);
}

void
test_register_crate (void)
{
  static const char *const properties[] = { "name", "planks", NULL };
  g_autoptr(GError) error = NULL;

  rmi_class_register (TEST_TYPE_CRATE, "org.example.classes.Crate", properties, &error);
  g_assert_no_error (error);
}
