/* tests/values/test-made.c: objects by value whose classes run code of the program, and when it runs
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "config.h"
#include "tests/values/gallery.h"

#include <string.h>

#include "rmi/rmi-class-entry.h"
#include "rmi/rmi-reader.h"
#include "rmi/rmi-writer.h"

/* ---- told when it is whole ---- */

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

#define ADD(path, function) \
  g_test_add ("/rmi/values/" path, Gallery, NULL, gallery_set_up, function, gallery_tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("objects-are-told-once-when-all-are-whole", test_decoded);
  ADD ("all-arguments-fit-or-no-object-is-made", test_all_or_nothing);
  ADD ("all-of-a-result-fits-or-no-object-is-made", test_all_or_nothing_of_a_result);
  return g_test_run ();
}
