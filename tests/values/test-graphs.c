/* tests/values/test-graphs.c: objects by value from program to program, as they are: subclasses, one instance in many places, cycles
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "config.h"
#include "tests/values/gallery.h"

#include <string.h>

/* A class of this program that nobody was told of. */
#define TYPE_PRIVATE (private_get_type ())
G_DECLARE_FINAL_TYPE (Private, private, TEST, PRIVATE, ValuesCircle)

struct _Private
{
  ValuesCircle parent_instance;
};

G_DEFINE_FINAL_TYPE (Private, private, VALUES_TYPE_CIRCLE)

static void
private_class_init (PrivateClass *klass)
{
}

static void
private_init (Private *self)
{
}

/* ---- subclasses ---- */

static void
test_subclass (Gallery       *gallery,
               gconstpointer  data)
{
  g_autoptr(ValuesRing) ring = values_ring_new ("ring", 2, 0.5, NULL);
  g_autoptr(ValuesShape) back = NULL;
  g_autoptr(GError) error = NULL;

  back = values_gallery_echo (gallery->gallery, VALUES_SHAPE (ring), NULL, &error);
  g_assert_no_error (error);
  g_assert_true (G_OBJECT_TYPE (back) == VALUES_TYPE_RING);
  g_assert_true (back != VALUES_SHAPE (ring));
  g_assert_cmpstr (values_shape_get_name (back), ==, "ring");
  g_assert_cmpfloat (values_circle_get_radius (VALUES_CIRCLE (back)), ==, 2);
  g_assert_cmpfloat (values_ring_get_hole (VALUES_RING (back)), ==, 0.5);
}

static void
test_declared_class (Gallery       *gallery,
                     gconstpointer  data)
{
  g_autoptr(ValuesShape) shape = values_shape_new ("shape");
  g_autoptr(ValuesShape) back = NULL;
  g_autoptr(GError) error = NULL;

  back = values_gallery_echo (gallery->gallery, shape, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (G_OBJECT_TYPE (back) == VALUES_TYPE_SHAPE);
}

static void
test_unregistered_subclass (Gallery       *gallery,
                            gconstpointer  data)
{
  g_autoptr(ValuesShape) mine = g_object_new (TYPE_PRIVATE, "name", "mine", "radius", 3.0, NULL);
  g_autoptr(ValuesShape) back = NULL;
  g_autoptr(GError) error = NULL;

  back = values_gallery_echo (gallery->gallery, mine, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (G_OBJECT_TYPE (back) == VALUES_TYPE_CIRCLE);
  g_assert_cmpfloat (values_circle_get_radius (VALUES_CIRCLE (back)), ==, 3);
}

static void
test_subclass_inside (Gallery       *gallery,
                      gconstpointer  data)
{
  g_autoptr(ValuesShape) circle = VALUES_SHAPE (values_circle_new ("inside", 1));
  g_autoptr(ValuesFrame) frame = values_frame_new (circle, 7);
  g_autoptr(ValuesRing) ring = values_ring_new ("outside", 2, 1, frame);
  g_autoptr(ValuesShape) back = NULL;
  g_autoptr(GError) error = NULL;
  const ValuesFrame *framed;

  back = values_gallery_echo (gallery->gallery, VALUES_SHAPE (ring), NULL, &error);
  g_assert_no_error (error);
  framed = values_ring_get_frame (VALUES_RING (back));
  g_assert_true (G_OBJECT_TYPE (framed->shape) == VALUES_TYPE_CIRCLE);
  g_assert_cmpuint (framed->width, ==, 7);
}

static void
test_property (Gallery       *gallery,
               gconstpointer  data)
{
  g_autoptr(ValuesShape) circle = VALUES_SHAPE (values_circle_new ("best", 9));
  g_autoptr(GError) error = NULL;
  g_auto(GValue) value = G_VALUE_INIT;

  g_object_set (gallery->gallery, "best", circle, NULL);
  g_assert_true (rmi_object_get_property (gallery->gallery, "best", &value, NULL, &error));
  g_assert_no_error (error);
  g_assert_true (G_VALUE_HOLDS (&value, VALUES_TYPE_SHAPE));
  g_assert_true (G_OBJECT_TYPE (g_value_get_object (&value)) == VALUES_TYPE_CIRCLE);
}

/* ---- identity ---- */

static void
test_one_instance (Gallery       *gallery,
                   gconstpointer  data)
{
  g_autoptr(ValuesShape) shape = VALUES_SHAPE (values_circle_new ("one", 1));
  g_autoptr(ValuesShape) alike = VALUES_SHAPE (values_circle_new ("one", 1));
  g_autoptr(GPtrArray) list = g_ptr_array_new ();
  g_autoptr(GHashTable) table = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr(ValuesPair) pair = values_pair_new (shape, shape);
  g_autoptr(ValuesFrame) frame = values_frame_new (shape, 1);
  g_autoptr(GError) error = NULL;
  gboolean are_same = FALSE;

  for (guint i = 0; i < 100; i++)
    g_ptr_array_add (list, shape);
  g_hash_table_insert (table, (gpointer) "{\"$same\":0}", shape);
  g_hash_table_insert (table, (gpointer) "$same", shape);
  g_assert_true (values_gallery_compare (gallery->gallery, shape, list, table, pair, frame, &are_same, NULL, &error));
  g_assert_no_error (error);
  g_assert_true (are_same);
  /* Two that are alike stay two. */
  list->pdata[50] = alike;
  g_assert_true (values_gallery_compare (gallery->gallery, shape, list, table, pair, frame, &are_same, NULL, &error));
  g_assert_no_error (error);
  g_assert_false (are_same);
}

static void
test_out_values (Gallery       *gallery,
                 gconstpointer  data)
{
  g_autoptr(ValuesShape) shape = VALUES_SHAPE (values_circle_new ("one", 1));
  g_autoptr(ValuesShape) alike = VALUES_SHAPE (values_circle_new ("one", 1));
  g_autoptr(GError) error = NULL;

  for (guint i = 0; i < 2; i++)
    {
      g_autoptr(ValuesShape) first = NULL;
      g_autoptr(ValuesShape) second = NULL;
      gboolean is_same = FALSE;

      g_assert_true (values_gallery_swap (gallery->gallery, shape, i == 0 ? shape : alike, &is_same, &first, &second, NULL,
                                          &error));
      g_assert_no_error (error);
      g_assert_cmpint (is_same, ==, i == 0);
      g_assert_cmpint (first == second, ==, i == 0);
    }
}

static void
test_next_call (Gallery       *gallery,
                gconstpointer  data)
{
  g_autoptr(ValuesShape) shape = values_shape_new ("again");
  g_autoptr(ValuesShape) one = NULL;
  g_autoptr(ValuesShape) two = NULL;
  g_autoptr(GError) error = NULL;

  one = values_gallery_echo (gallery->gallery, shape, NULL, &error);
  g_assert_no_error (error);
  two = values_gallery_echo (gallery->gallery, shape, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (one != two);
}

/* What a JsonNode says does not change which `{` is which. */
static void
test_beside_json (Gallery       *gallery,
                  gconstpointer  data)
{
  g_autoptr(JsonNode) json = json_from_string ("[{},{\"$same\":0,\"x\":{\"{\":\"\\\"{\"}},\"{\"]", NULL);
  g_autoptr(ValuesShape) shape = VALUES_SHAPE (values_circle_new ("one", 1));
  g_autoptr(GError) error = NULL;
  gboolean is_same = FALSE;

  g_assert_true (values_gallery_mix (gallery->gallery, json, shape, shape, &is_same, NULL, &error));
  g_assert_no_error (error);
  g_assert_true (is_same);
}

typedef struct
{
  guint    n_hung;
  gboolean is_same;
} Hung;

static void
hung_cb (ValuesGallery *gallery,
         ValuesShape   *shape,
         ValuesShape   *again,
         Hung          *hung)
{
  hung->n_hung++;
  hung->is_same = shape == again && G_OBJECT_TYPE (shape) == VALUES_TYPE_RING;
}

static void
test_signal (Gallery       *gallery,
             gconstpointer  data)
{
  g_autoptr(ValuesShape) ring = VALUES_SHAPE (values_ring_new ("ring", 2, 1, NULL));
  g_autoptr(GError) error = NULL;
  Hung hung = { 0, FALSE };

  g_signal_connect (gallery->gallery, "hung", G_CALLBACK (hung_cb), &hung);
  g_assert_true (values_gallery_hang (gallery->gallery, ring, NULL, &error));
  g_assert_no_error (error);
  while (hung.n_hung == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (hung.is_same);
  g_assert_cmpuint (hung.n_hung, ==, 1);
}

/* ---- cycles ---- */

static void
test_cycle_refused (Gallery       *gallery,
                    gconstpointer  data)
{
  g_autoptr(ValuesLink) last = values_link_new (NULL, NULL);
  g_autoptr(ValuesLink) middle = values_link_new (NULL, last);
  g_autoptr(ValuesLink) first = values_link_new (middle, NULL);
  g_autoptr(GError) error = NULL;
  guint length;

  values_link_set_next (last, first);
  g_assert_false (values_gallery_follow (gallery->gallery, first, &length, NULL, &error));
  g_assert_error (error, RMI_ERROR, RMI_ERROR_INVALID_ARGUMENTS);
  g_assert_nonnull (strstr (error->message, "params[0].next.other.next: the object contains itself"));
  g_clear_error (&error);

  values_link_set_next (last, NULL);
  g_assert_true (values_gallery_follow (gallery->gallery, first, &length, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (length, ==, 2);
}

/* One that is met twice, but not inside of itself, is no cycle. */
static void
test_diamond (Gallery       *gallery,
              gconstpointer  data)
{
  g_autoptr(ValuesLink) link = values_link_new (NULL, NULL);
  g_autoptr(GError) error = NULL;
  guint length;

  for (guint i = 0; i < 60; i++)
    {
      ValuesLink *next = values_link_new (link, link);

      g_object_unref (link);
      link = next;
    }
  g_assert_true (values_gallery_follow (gallery->gallery, link, &length, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (length, ==, 61);
}

static void
test_cycle_allowed (Gallery       *gallery,
                    gconstpointer  data)
{
  g_autoptr(GPtrArray) others = g_ptr_array_new ();
  g_autoptr(ValuesKnot) two = values_knot_new ("two", NULL, others);
  g_autoptr(ValuesKnot) one = NULL;
  g_autoptr(ValuesKnot) back = NULL;
  g_autoptr(GError) error = NULL;
  ValuesKnot *next;

  g_ptr_array_add (others, two);
  one = values_knot_new ("one", two, others);
  values_knot_set_next (two, one);
  back = values_gallery_tie (gallery->gallery, one, NULL, &error);
  g_assert_no_error (error);
  next = values_knot_get_next (back);
  g_assert_cmpstr (values_knot_get_label (back), ==, "one");
  g_assert_cmpstr (values_knot_get_label (next), ==, "two");
  g_assert_true (values_knot_get_next (next) == back);
  g_assert_true (values_knot_get_others (back)->pdata[0] == next);
  g_assert_true (values_knot_get_others (next)->pdata[0] == next);

  /* Nobody frees a cycle but who knows it. */
  g_ptr_array_set_size (others, 0);
  values_knot_set_next (next, NULL);
  values_knot_set_others (next, others);
  values_knot_set_next (two, NULL);
}

#define ADD(path, function) \
  g_test_add ("/rmi/values/" path, Gallery, NULL, gallery_set_up, function, gallery_tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("a-subclass-arrives-as-what-it-is", test_subclass);
  ADD ("the-declared-class-stays-itself", test_declared_class);
  ADD ("an-unregistered-subclass-travels-as-its-nearest-base", test_unregistered_subclass);
  ADD ("subclasses-inside-of-classes-and-structs", test_subclass_inside);
  ADD ("a-property-of-a-base-class-holds-subclasses", test_property);
  ADD ("one-instance-in-many-places-arrives-as-one", test_one_instance);
  ADD ("out-values-share-instances", test_out_values);
  ADD ("the-next-call-builds-fresh-ones", test_next_call);
  ADD ("instances-beside-any-json", test_beside_json);
  ADD ("one-instance-in-a-signal", test_signal);
  ADD ("a-cycle-is-refused-with-its-place", test_cycle_refused);
  ADD ("a-diamond-of-sixty-levels-is-no-cycle", test_diamond);
  ADD ("a-cycle-arrives-as-a-cycle-where-allowed", test_cycle_allowed);
  return g_test_run ();
}
