/* tests/classes/test-travels.c: existing classes by value, from process to process
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * $CLASSES_DEPOT is the other one.
 */
#include "config.h"
#include "tests/classes/depot.h"

#include <string.h>

#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>

typedef struct
{
  char         *directory, *path;
  GSubprocess  *server;
  RmiNode      *node;
  ClassesDepot *depot;            /* a stub */
} World;

/* @data: "crate", or NULL. */
static void
set_up (World         *world,
        gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GDataInputStream) output = NULL;
  g_autofree char *line = NULL;
  g_autofree char *escaped = NULL;
  g_autofree char *endpoint = NULL;
  g_autofree char *uri = NULL;

  world->directory = g_dir_make_tmp ("rmi-classes-XXXXXX", &error);
  g_assert_no_error (error);
  world->path = g_build_filename (world->directory, "s", NULL);
  escaped = g_uri_escape_string (world->path, NULL, FALSE);
  endpoint = g_strconcat ("rmi+unix://", escaped, NULL);
  uri = g_strconcat (endpoint, "/depot", NULL);
  world->server = g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error,
                                    g_getenv ("CLASSES_DEPOT"), endpoint, data, NULL);
  g_assert_no_error (error);
  output = g_data_input_stream_new (g_subprocess_get_stdout_pipe (world->server));
  g_filter_input_stream_set_close_base_stream (G_FILTER_INPUT_STREAM (output), FALSE);
  line = g_data_input_stream_read_line (output, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (line, ==, "ready");
  world->node = rmi_node_new ();
  world->depot = rmi_node_get_object (world->node, uri, CLASSES_TYPE_DEPOT, NULL, &error);
  g_assert_no_error (error);
}

static void
tear_down (World         *world,
           gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  g_clear_object (&world->depot);
  rmi_node_close (world->node);
  g_clear_object (&world->node);
  g_assert_true (g_output_stream_close (g_subprocess_get_stdin_pipe (world->server), NULL, &error));
  g_assert_true (g_subprocess_wait_check (world->server, NULL, &error));
  g_assert_no_error (error);
  g_clear_object (&world->server);
  g_remove (world->path);
  g_rmdir (world->directory);
  g_free (world->path);
  g_free (world->directory);
}

/* @parcel arrives as what it is, there and back. */
static void
expect_whole (World      *world,
              TestParcel *parcel)
{
  g_autofree char *mine = test_describe (parcel);
  g_autofree char *theirs = NULL;
  g_autofree char *again = NULL;
  g_autoptr(TestParcel) echo = NULL;
  g_autoptr(GError) error = NULL;

  theirs = classes_depot_describe (world->depot, parcel, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (theirs, ==, mine);
  classes_depot_echo (world->depot, parcel, &echo, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (echo != parcel);
  again = test_describe (echo);
  g_assert_cmpstr (again, ==, mine);
}

static void
test_every_property (World         *world,
                     gconstpointer  data)
{
  static const char *const words[] = { "a", "", "b", NULL };
  g_autoptr(GBytes) bytes = g_bytes_new ("\0\1\2", 3);
  g_autoptr(ClassesLabel) label = classes_label_new ("a label");
  g_autoptr(ClassesPlace) place = classes_place_new ("Main Street", 5);
  g_autoptr(TestParcel) inside = g_object_new (TEST_TYPE_PARCEL, "name", "inside", "origin", "there", NULL);
  g_autoptr(TestParcel) parcel = g_object_new (TEST_TYPE_PARCEL,
    "boolean", FALSE, "char", -128, "uchar", 255, "int", G_MININT, "uint", 1000, "long", G_MINLONG, "ulong", G_MAXULONG,
    "int64", G_MININT64, "uint64", G_MAXUINT64, "float", 0.5, "double", 0.1, "mode", CLASSES_MODE_SLOW,
    "marks", CLASSES_MARKS_FRAGILE | CLASSES_MARKS_HEAVY, "name", "K\303\244se \"q\"", "words", words, "bytes", bytes,
    "any", g_variant_new ("(sv)", "x", g_variant_new_uint16 (3)), "place", place, "label", label, "inside", inside,
    "depot", world->depot, "origin", "here", NULL);

  expect_whole (world, parcel);
}

/* NULL, what is empty, and a default that is neither. */
static void
test_nothing_is_told_from_empty (World         *world,
                                 gconstpointer  data)
{
  static const char *const none[] = { NULL };
  g_autoptr(GBytes) no_bytes = g_bytes_new (NULL, 0);
  g_autoptr(TestParcel) defaults = g_object_new (TEST_TYPE_PARCEL, NULL);
  g_autoptr(TestParcel) nothing = g_object_new (TEST_TYPE_PARCEL, "name", NULL, NULL);
  g_autoptr(TestParcel) empty = g_object_new (TEST_TYPE_PARCEL, "name", "", "words", none, "bytes", no_bytes, "origin", "",
                                              "inside", defaults, NULL);
  g_autoptr(TestParcel) none_at_all = g_object_new (TEST_TYPE_PARCEL, NULL);
  g_autoptr(GError) error = NULL;

  expect_whole (world, defaults);
  expect_whole (world, nothing);
  expect_whole (world, empty);
  g_clear_object (&none_at_all);
  classes_depot_echo (world->depot, NULL, &none_at_all, NULL, &error);
  g_assert_no_error (error);
  g_assert_null (none_at_all);
}

static void
test_identity (World         *world,
               gconstpointer  data)
{
  g_autoptr(TestParcel) inside = g_object_new (TEST_TYPE_PARCEL, "name", "inside", NULL);
  g_autoptr(TestParcel) outside = g_object_new (TEST_TYPE_PARCEL, "inside", inside, NULL);
  g_autoptr(GPtrArray) twice = g_ptr_array_new ();
  g_autoptr(GPtrArray) nested = g_ptr_array_new ();
  g_autoptr(GPtrArray) swapped = NULL;
  g_autoptr(TestParcel) found = NULL;
  g_autoptr(GError) error = NULL;
  gboolean is_same = FALSE;

  g_ptr_array_add (twice, inside);
  g_ptr_array_add (twice, inside);
  classes_depot_swap (world->depot, twice, &is_same, &swapped, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (is_same);
  g_assert_true (swapped->pdata[0] == swapped->pdata[1]);
  g_clear_pointer (&swapped, g_ptr_array_unref);

  g_ptr_array_add (nested, outside);
  g_ptr_array_add (nested, inside);
  classes_depot_swap (world->depot, nested, &is_same, &swapped, NULL, &error);
  g_assert_no_error (error);
  g_assert_false (is_same);
  g_object_get (swapped->pdata[1], "inside", &found, NULL);
  g_assert_true (found == swapped->pdata[0]);
}

static void
test_cycle (World         *world,
            gconstpointer  data)
{
  g_autoptr(TestParcel) parcel = g_object_new (TEST_TYPE_PARCEL, NULL);
  g_autoptr(TestParcel) echo = NULL;
  g_autoptr(GError) error = NULL;

  g_object_set (parcel, "inside", parcel, NULL);
  g_assert_false (classes_depot_echo (world->depot, parcel, &echo, NULL, &error));
  g_assert_error (error, RMI_ERROR, RMI_ERROR_INVALID_ARGUMENTS);
  g_assert_nonnull (strstr (error->message, "params[0].inside: the object contains itself"));
  g_object_set (parcel, "inside", NULL, NULL);
}

/* A class that the other side knows, or does not: then it sends back what it does not know. */
static void
test_subclass (World         *world,
               gconstpointer  data)
{
  g_autoptr(TestParcel) crate = g_object_new (TEST_TYPE_CRATE, "name", "a crate", "planks", 12, "uint", 3, NULL);
  g_autoptr(TestParcel) echo = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *name = NULL;
  guint planks = 0, number = 0;

  test_register_crate ();
  classes_depot_echo (world->depot, crate, &echo, NULL, &error);
  g_assert_no_error (error);
  g_object_get (echo, "name", &name, "uint", &number, NULL);
  g_assert_cmpstr (name, ==, "a crate");
  g_assert_cmpuint (number, ==, 7);       /* not in the list of a crate: the default */
  g_assert_true (G_OBJECT_TYPE (echo) == TEST_TYPE_CRATE);
  g_object_get (echo, "planks", &planks, NULL);
  g_assert_cmpuint (planks, ==, 12);
}

static void
test_custom_form (World         *world,
                  gconstpointer  data)
{
  g_autoptr(TestSpot) spot = g_object_new (TEST_TYPE_SPOT, "at", g_variant_new ("(ii)", 3, -4), "note", "hi", NULL);
  g_autoptr(TestSpot) nowhere = g_object_new (TEST_TYPE_SPOT, "note", "", NULL);
  g_autoptr(TestSpot) moved = NULL;
  g_autoptr(TestSpot) somewhere = NULL;
  g_autoptr(GVariant) at = NULL;
  g_autofree char *note = NULL;
  g_autofree char *empty = NULL;
  g_autoptr(GError) error = NULL;
  int x = 0, y = 0;

  moved = classes_depot_move (world->depot, spot, NULL, &error);
  g_assert_no_error (error);
  g_object_get (moved, "at", &at, "note", &note, NULL);
  g_variant_get (at, "(ii)", &x, &y);
  g_assert_cmpint (x, ==, 4);
  g_assert_cmpint (y, ==, -4);
  g_assert_cmpstr (note, ==, "hi");

  somewhere = classes_depot_move (world->depot, nowhere, NULL, &error);
  g_assert_no_error (error);
  g_object_get (somewhere, "note", &empty, NULL);
  g_assert_cmpstr (empty, ==, "");
}

static void
sent_cb (ClassesDepot *depot,
         TestParcel   *parcel,
         char        **text)
{
  *text = test_describe (parcel);
}

static void
test_signal_and_property (World         *world,
                          gconstpointer  data)
{
  g_autoptr(TestParcel) parcel = g_object_new (TEST_TYPE_PARCEL, "name", "sent", "origin", "me", NULL);
  g_autofree char *mine = test_describe (parcel);
  g_autofree char *heard = NULL;
  g_autofree char *cached = NULL;
  g_autoptr(TestParcel) last = NULL;
  g_autoptr(GError) error = NULL;

  g_signal_connect (world->depot, "sent", G_CALLBACK (sent_cb), &heard);
  g_assert_true (classes_depot_send (world->depot, parcel, NULL, &error));
  g_assert_no_error (error);
  while (heard == NULL || last == NULL)
    {
      g_clear_object (&last);
      g_object_get (world->depot, "last", &last, NULL);
      if (heard == NULL || last == NULL)
        g_main_context_iteration (NULL, TRUE);
    }
  g_assert_cmpstr (heard, ==, mine);
  cached = test_describe (last);
  g_assert_cmpstr (cached, ==, mine);
}

/* ---- liars ---- */

/* The answer to @request, a line, on a connection of its own. */
static char *
ask (World      *world,
     const char *request)
{
  g_autoptr(GSocketClient) client = g_socket_client_new ();
  g_autoptr(GSocketAddress) address = g_unix_socket_address_new (world->path);
  g_autoptr(GSocketConnection) connection = NULL;
  g_autoptr(GDataInputStream) input = NULL;
  g_autofree char *line = g_strconcat (request, "\n", NULL);
  g_autoptr(GError) error = NULL;
  char *answer;

  connection = g_socket_client_connect (client, G_SOCKET_CONNECTABLE (address), NULL, &error);
  g_assert_no_error (error);
  g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (connection)), line, strlen (line), NULL, NULL, &error);
  g_assert_no_error (error);
  input = g_data_input_stream_new (g_io_stream_get_input_stream (G_IO_STREAM (connection)));
  answer = g_data_input_stream_read_line (input, NULL, NULL, &error);
  g_assert_no_error (error);
  return answer;
}

static const struct
{
  const char *method, *value, *answer;     /* @answer: a part of it */
} lies[] = {
  { "Describe", "{\"uint\":1001}", "params[0].uint: the property \\\"uint\\\" cannot have this value" },
  { "Describe", "{\"uint\":-1}", "params[0].uint: " },
  { "Describe", "{\"char\":128}", "params[0].char: the number is out of range" },
  { "Describe", "{\"float\":1e39}", "params[0].float: the number is out of range" },
  { "Describe", "{\"double\":\"NaN\"}", "params[0].double: the property \\\"double\\\" cannot have this value" },
  { "Describe", "{\"mode\":\"idle\"}", "params[0].mode: " },
  { "Describe", "{\"marks\":[\"soft\"]}", "params[0].marks[0]: " },
  { "Describe", "{\"mode\":null}", "params[0].mode: " },
  { "Describe", "{\"name\":5}", "params[0].name: expected a string" },
  { "Describe", "{\"words\":[1]}", "params[0].words[0]: " },
  { "Describe", "{\"bytes\":\"!\"}", "params[0].bytes: " },
  { "Describe", "{\"any\":{\"type\":\"u\",\"data\":\"x\"}}", "params[0].any" },
  { "Describe", "{\"place\":{\"street\":\"x\"}}", "params[0].place" },
  { "Describe", "{\"label\":[]}", "params[0].label: " },
  { "Describe", "{\"inside\":{\"inside\":{\"uint\":5000}}}", "params[0].inside.inside.uint: " },
  { "Describe", "{\"inside\":{\"$same\":0}}", "the object contains itself" },
  { "Describe", "{\"name\":\"x\",\"$type\":[\"org.example.classes.Parcel\"]}", "-32602" },
  { "Describe", "{\"$type\":[\"org.example.classes.Spot\"]}", "a TestSpot is no TestParcel" },
  { "Describe", "{\"$type\":\"x\"}", "-32602" },
  { "Describe", "{\"uint\":1,\"\\u0075int\":2}", "duplicate member" },
  { "Describe", "[]", "params[0]: expected an object" },
  { "Describe", "{\"origin\":{}}", "params[0].origin: expected a string" },
  { "Describe", "{\"$type\":[\"GObject\",\"TestDepot\"],\"name\":\"n\"}", "TestParcel boolean=(TRUE)" },
  { "Describe", "{\"depth\":1,\"name\":\"n\",\"more\":{\"x\":[]}}", "TestParcel boolean=(TRUE)" },
  { "Move", "{\"at\":5}", "params[0].at: this is no \\\"at\\\" of a TestSpot" },
  { "Move", "{\"at\":\"1;2\"}", "params[0].at: this is no" },
  { "Move", "{\"note\":{}}", "params[0].note: this is no" },
  { "Move", "{\"note\":\"x\",\"$type\":[]}", "-32602" },
  { "Move", "{\"$same\":0}", "-32602" },
  { "Move", "{\"$type\":[\"org.example.classes.Later\"],\"at\":\"1,2\",\"new\":[{}]}", "\"at\":\"2,2\"" },
};

static void
test_liars (World         *world,
            gconstpointer  data)
{
  for (guint i = 0; i < G_N_ELEMENTS (lies); i++)
    {
      g_autofree char *request = g_strdup_printf ("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"/depot#%s\",\"params\":[%s]}",
                                                  lies[i].method, lies[i].value);
      g_autofree char *answer = ask (world, request);

      if (answer == NULL || strstr (answer, lies[i].answer) == NULL)
        g_error ("%s\nis answered: %s\nwithout: %s", request, answer, lies[i].answer);
    }
}

#define ADD(name, data, function) g_test_add ("/rmi/classes/" name, World, data, set_up, function, tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("every-kind-of-property-travels", NULL, test_every_property);
  ADD ("nothing-is-told-from-empty-and-from-the-default", NULL, test_nothing_is_told_from_empty);
  ADD ("one-instance-arrives-as-one", NULL, test_identity);
  ADD ("one-that-contains-itself-is-refused", NULL, test_cycle);
  ADD ("a-subclass-that-both-know-arrives", "crate", test_subclass);
  ADD ("a-subclass-unknown-there-arrives-as-its-base", NULL, test_subclass);
  ADD ("a-class-says-its-form-by-json-serializable", NULL, test_custom_form);
  ADD ("in-signals-and-properties", NULL, test_signal_and_property);
  ADD ("liars-are-refused", NULL, test_liars);
  return g_test_run ();
}
