/* tests/values/test-graphs.c: objects by value from program to program, as they are: subclasses, one instance in many places, cycles
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "config.h"
#include "tests/values/gallery.h"

#include <string.h>

#include "rmi/rmi-class-entry.h"
#include "rmi/rmi-reader.h"
#include "rmi/rmi-writer.h"

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

/* ---- a class of this program that wants to know when it is whole ---- */

#define TYPE_SPOT (spot_get_type ())
G_DECLARE_FINAL_TYPE (Spot, spot, TEST, SPOT, ValuesShape)

struct _Spot
{
  ValuesShape  parent_instance;
  char        *seen;               /* its name and its neighbour's when it was told */
  Spot        *next;
  guint        n_told;
};

static GString *told;              /* names, in the order told */

static void
spot_decoded (RmiByValue *value)
{
  Spot *self = TEST_SPOT (value);

  self->n_told++;
  self->seen = g_strdup (self->next != NULL ? values_shape_get_name (VALUES_SHAPE (self->next)) : "");
  g_string_append (told, values_shape_get_name (VALUES_SHAPE (self)));
}

static void
spot_by_value_init (RmiByValueInterface *iface)
{
  iface->decoded = spot_decoded;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (Spot, spot, VALUES_TYPE_SHAPE, G_IMPLEMENT_INTERFACE (RMI_TYPE_BY_VALUE, spot_by_value_init))

static void
spot_finalize (GObject *object)
{
  g_free (TEST_SPOT (object)->seen);
  g_clear_object (&TEST_SPOT (object)->next);
  G_OBJECT_CLASS (spot_parent_class)->finalize (object);
}

static void
spot_class_init (SpotClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = spot_finalize;
}

static void
spot_init (Spot *self)
{
}

static void
write_spot (RmiWriter *writer,
            gpointer   object,
            gpointer   user_data)
{
  Spot *self = object;

  values_shape_rmi_write_members (writer, object, user_data);
  rmi_writer_add_member (writer, "next");
  if (self->next != NULL)
    rmi_writer_add_instance (writer, self->next, TYPE_SPOT, NULL);
  else
    rmi_writer_add_null (writer);
}

static void
read_spot (RmiReader *reader,
           gpointer   object,
           int        index,
           gpointer   user_data)
{
  if (index == 0)
    values_shape_rmi_read_member (reader, object, index, user_data);
  else if (!rmi_reader_take_null (reader))
    TEST_SPOT (object)->next = rmi_reader_get_instance (reader, TYPE_SPOT, NULL);
}

static Spot *
new_spot (const char *name,
          Spot       *next)
{
  Spot *self = g_object_new (TYPE_SPOT, "name", name, NULL);

  self->next = next;
  return self;
}

/* Both nodes are in this process: each object is told where it arrives. */
static void
test_decoded (Gallery       *gallery,
              gconstpointer  data)
{
  static const char *const members[] = { "name", "next", NULL };
  static const RmiClassEntry entry = {
    .name = "org.example.values.Spot", .members = members, .size = 300, .flags = RMI_CLASS_RUNS_CODE,
    .write_members = write_spot, .read_member = read_spot,
  };
  g_autoptr(Spot) outer = new_spot ("outer", new_spot ("inner", NULL));
  g_autoptr(ValuesShape) back = NULL;
  g_autoptr(GError) error = NULL;

  told = g_string_new (NULL);
  g_assert_true (rmi_class_register_entry (TYPE_SPOT, &entry, &error));
  g_assert_no_error (error);
  back = values_gallery_echo (gallery->gallery, VALUES_SHAPE (outer), NULL, &error);
  g_assert_no_error (error);
  g_assert_true (TEST_IS_SPOT (back));
  g_assert_cmpuint (TEST_SPOT (back)->n_told, ==, 1);
  g_assert_cmpstr (TEST_SPOT (back)->seen, ==, "inner");
  g_assert_cmpuint (TEST_SPOT (back)->next->n_told, ==, 1);
  g_assert_cmpuint (outer->n_told, ==, 0);
  g_assert_cmpstr (told->str, ==, "innerouterinnerouter");
  g_string_free (told, TRUE);
}

/* ---- all or nothing ---- */

#define TYPE_MARK (mark_get_type ())
G_DECLARE_FINAL_TYPE (Mark, mark, TEST, MARK, ValuesShape)

struct _Mark
{
  ValuesShape parent_instance;
  int         number;
};

#define NUMBER_TO_SPOIL 77         /* who reads it cannot send it back */

static int n_marks;                /* atomic: ever made */

G_DEFINE_FINAL_TYPE (Mark, mark, VALUES_TYPE_SHAPE)

static void
mark_class_init (MarkClass *klass)
{
}

static void
mark_init (Mark *self)
{
  g_atomic_int_inc (&n_marks);
}

static void
write_mark (RmiWriter *writer,
            gpointer   object,
            gpointer   user_data)
{
  int number = TEST_MARK (object)->number;

  values_shape_rmi_write_members (writer, object, NULL);
  rmi_writer_add_member (writer, "number");
  if (number >= 0)
    rmi_writer_add_int32 (writer, number);
  else
    rmi_writer_add_string (writer, "less than nothing");      /* which no reader takes */
}

static void
read_mark (RmiReader *reader,
           gpointer   object,
           int        index,
           gpointer   user_data)
{
  if (index == 0)
    values_shape_rmi_read_member (reader, object, index, NULL);
  else
    TEST_MARK (object)->number = rmi_reader_get_int32 (reader);
  if (index == 1 && TEST_MARK (object)->number == NUMBER_TO_SPOIL)
    TEST_MARK (object)->number = -1;
}

static void
check_mark (RmiReader *reader,
            int        index,
            gpointer   user_data)
{
  if (index == 0)
    g_free (rmi_reader_get_string (reader));
  else
    rmi_reader_get_int32 (reader);
}

static void
register_marks (void)
{
  static const char *const members[] = { "name", "number", NULL };
  static const RmiClassEntry entry = {
    .name = "org.example.values.Mark", .members = members, .size = 300, .flags = RMI_CLASS_RUNS_CODE,
    .write_members = write_mark, .read_member = read_mark, .check_member = check_mark,
  };
  g_autoptr(GError) error = NULL;

  g_assert_true (rmi_class_lookup (TYPE_MARK) != NULL || rmi_class_register_entry (TYPE_MARK, &entry, &error));
  g_assert_no_error (error);
}

static ValuesShape *
new_mark (int number)
{
  Mark *self = g_object_new (TYPE_MARK, "name", "mark", NULL);

  self->number = number;
  return VALUES_SHAPE (self);
}

/* The second argument is wrong: of the first, nothing was made. */
static void
test_all_or_nothing (Gallery       *gallery,
                     gconstpointer  data)
{
  g_autoptr(ValuesShape) good = NULL;
  g_autoptr(ValuesShape) bad = NULL;
  g_autoptr(ValuesShape) first = NULL;
  g_autoptr(ValuesShape) second = NULL;
  g_autoptr(GError) error = NULL;
  gboolean is_same;

  register_marks ();
  good = new_mark (1);
  bad = new_mark (-1);
  g_atomic_int_set (&n_marks, 0);
  g_assert_false (values_gallery_swap (gallery->gallery, good, bad, &is_same, &first, &second, NULL, &error));
  g_assert_error (error, RMI_ERROR, RMI_ERROR_INVALID_ARGUMENTS);
  g_assert_nonnull (strstr (error->message, "params[1].number: expected"));
  g_assert_cmpint (g_atomic_int_get (&n_marks), ==, 0);
  g_clear_error (&error);

  g_assert_true (values_gallery_swap (gallery->gallery, good, good, &is_same, &first, &second, NULL, &error));
  g_assert_no_error (error);
  g_assert_true (is_same && first == second && TEST_IS_MARK (first));
  g_assert_cmpint (g_atomic_int_get (&n_marks), ==, 2);        /* one there, one here */
}

static void
test_all_or_nothing_of_a_result (Gallery       *gallery,
                                 gconstpointer  data)
{
  g_autoptr(ValuesShape) good = NULL;
  g_autoptr(ValuesShape) first = NULL;
  g_autoptr(ValuesShape) second = NULL;
  g_autoptr(GError) error = NULL;
  gboolean is_same;

  register_marks ();
  good = new_mark (NUMBER_TO_SPOIL);
  g_atomic_int_set (&n_marks, 0);
  g_assert_false (values_gallery_swap (gallery->gallery, good, NULL, &is_same, &first, &second, NULL, &error));
  g_assert_error (error, RMI_ERROR, RMI_ERROR_BAD_REPLY);
  g_assert_nonnull (strstr (error->message, "result.second.number: expected"));
  g_assert_cmpint (g_atomic_int_get (&n_marks), ==, 1);        /* there */
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
  ADD ("objects-are-told-once-when-all-are-whole", test_decoded);
  ADD ("all-arguments-fit-or-no-object-is-made", test_all_or_nothing);
  ADD ("all-of-a-result-fits-or-no-object-is-made", test_all_or_nothing_of_a_result);
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
