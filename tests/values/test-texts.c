/* tests/values/test-texts.c: what objects by value are on the wire, and what hostile peers make of it
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Each text is read twice, by generated code and by description: both take it, or both refuse it.
 */
#include "config.h"
#include "tests/values/gallery.h"

#include <string.h>

#include "rmi/rmi-class-entry.h"
#include "rmi/rmi-interface-entry.h"
#include "rmi/rmi-interface-info-internal.h"
#include "rmi/rmi-scanner-internal.h"
#include "tests/wire.h"

/* ---- reading one value ---- */

static const RmiTypeInfo *
type_of (const char *method,
         guint       argument)
{
  RmiInterfaceInfo *info = rmi_interface_get_info (VALUES_TYPE_GALLERY);
  const RmiMethodInfo *found = rmi_interface_info_find_method (info, method, strlen (method));

  return ((RmiFieldInfo *) found->in->pdata[argument])->type;
}

static void
start_reading (RmiReader *reader,
               RmiLimits *limits,
               char      *text)
{
  g_autoptr(GError) error = NULL;

  rmi_limits_init_network (limits);
  rmi_scanner_check ((RmiSlice) { text, strlen (text) }, limits, NULL, NULL, &error);
  g_assert_no_error (error);
  rmi_reader_init (reader, (RmiSlice) { text, strlen (text) }, limits, NULL, RMI_ERROR_INVALID_ARGUMENTS, "value");
}

static GVariant *
read_variant (const RmiTypeInfo  *type,
              const char         *text,
              GError            **error)
{
  g_autofree char *exact = g_strdup (text);
  g_autoptr(GVariant) value = NULL;
  RmiLimits limits;
  RmiReader reader;

  start_reading (&reader, &limits, exact);
  value = rmi_type_info_read_variant (type, NULL, &reader);
  return rmi_reader_finish (&reader, error) ? g_steal_pointer (&value) : NULL;
}

typedef gpointer (*ReadFunc) (RmiReader *reader);

static gpointer
read_object (ReadFunc     read,
             const char  *text,
             GError     **error)
{
  g_autofree char *exact = g_strdup (text);
  g_autoptr(GObject) object = NULL;
  RmiLimits limits;
  RmiReader reader;

  start_reading (&reader, &limits, exact);
  object = read (&reader);
  return rmi_reader_finish (&reader, error) ? g_steal_pointer (&object) : NULL;
}

static void
check_refused (ReadFunc           read,
               const RmiTypeInfo *type,
               const char        *text,
               const char        *why)
{
  g_autoptr(GObject) object = NULL;
  g_autoptr(GVariant) variant = NULL;
  g_autoptr(GError) error = NULL;

  object = read_object (read, text, &error);
  g_assert_null (object);
  g_assert_error (error, RMI_ERROR, RMI_ERROR_INVALID_ARGUMENTS);
  if (strstr (error->message, why) == NULL)
    g_error ("%s: not \"%s\" but \"%s\"", text, why, error->message);
  g_clear_error (&error);

  variant = read_variant (type, text, &error);
  g_assert_null (variant);
  g_assert_error (error, RMI_ERROR, RMI_ERROR_INVALID_ARGUMENTS);
  g_assert_nonnull (strstr (error->message, why));
}

#define SHAPE(text, why) \
  check_refused ((ReadFunc) values_shape_rmi_read, type_of ("Echo", 0), text, why)
#define PAIR(text, why) \
  check_refused ((ReadFunc) values_pair_rmi_read, type_of ("Compare", 3), text, why)

/* ---- "$type" ---- */

static void
test_first_known (void)
{
  g_autoptr(ValuesShape) shape = NULL;
  g_autoptr(GVariant) variant = NULL;
  g_autofree const char **names = NULL;
  double radius;

  shape = read_object ((ReadFunc) values_shape_rmi_read,
                       "{ \"\\u0024type\" : [\"org.example.values.Ellipse\",\"org.example.values.Circle\",\"GObject\"],"
                       " \"radius\":2,\"skew\":{\"x\":1},\"name\":\"e\"}", NULL);
  g_assert_true (G_OBJECT_TYPE (shape) == VALUES_TYPE_CIRCLE);
  g_assert_cmpfloat (values_circle_get_radius (VALUES_CIRCLE (shape)), ==, 2);
  g_clear_object (&shape);

  shape = read_object ((ReadFunc) values_shape_rmi_read, "{\"$type\":[],\"name\":\"e\"}", NULL);
  g_assert_true (G_OBJECT_TYPE (shape) == VALUES_TYPE_SHAPE);
  g_clear_object (&shape);

  /* Neither a GType nor a class of another program is ever looked up. */
  shape = read_object ((ReadFunc) values_shape_rmi_read, "{\"$type\":[\"ValuesRing\",\"GFile\",\"\"],\"name\":\"e\"}", NULL);
  g_assert_true (G_OBJECT_TYPE (shape) == VALUES_TYPE_SHAPE);

  variant = read_variant (type_of ("Echo", 0), "{\"$type\":[\"x.Y\",\"org.example.values.Circle\"],\"name\":\"\",\"radius\":2}", NULL);
  g_assert_true (g_variant_lookup (variant, "$type", "^a&s", &names));
  g_assert_cmpuint (g_strv_length ((GStrv) names), ==, 2);
  g_assert_true (g_variant_lookup (variant, "radius", "d", &radius));
  g_assert_cmpfloat (radius, ==, 2);
}

static void
test_bad_type (void)
{
  SHAPE ("{\"$type\":\"org.example.values.Circle\"}", "value[\"$type\"]: expected an array");
  SHAPE ("{\"$type\":null}", "expected an array");
  SHAPE ("{\"$type\":[\"org.example.values.Circle\",1]}", "expected a string");
  SHAPE ("{\"$type\":[{}]}", "expected a string");
  SHAPE ("{\"$type\":[\"org.example.values.Circle\",\"x\\u0000.Y\"]}", "U+0000");
  SHAPE ("{\"name\":\"x\",\"$type\":[\"org.example.values.Circle\"]}", "\"$type\" has to be the first member");
  SHAPE ("{\"name\":\"x\",\"\\u0024\\u0074ype\":[]}", "\"$type\" has to be the first member");
  SHAPE ("{\"$type\":[\"org.example.values.Circle\"],\"radius\":\"two\"}", "value.radius: expected a number");
}

/* A class that was registered, in a place where it cannot be. */
static void
test_wrong_class (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GObject) object = NULL;

  object = read_object ((ReadFunc) values_shape_rmi_read, "{\"$type\":[\"org.example.values.Knot\"]}", &error);
  g_assert_null (object);
  g_assert_error (error, RMI_ERROR, RMI_ERROR_INVALID_ARGUMENTS);
  g_assert_nonnull (strstr (error->message, "a ValuesKnot is no ValuesShape"));
  SHAPE ("{\"$type\":[\"org.example.values.Knot\"]}", "is no");
  SHAPE ("{\"$type\":[\"x.Y\",\"org.example.values.Knot\",\"org.example.values.Circle\"]}", "is no");
}

/* ---- what is not known ---- */

static gboolean
takes_same (RmiReferenceCodec *codec)
{
  return TRUE;
}

/* @text read and written again, by generated code. */
static char *
pass (ReadFunc     read,
      const char  *text)
{
  RmiReferenceCodec codec = { .takes_same = takes_same };
  g_autoptr(RmiWriter) writer = rmi_writer_new (NULL, &codec);
  g_autoptr(GError) error = NULL;
  g_autoptr(GObject) object = read_object (read, text, &error);
  RmiSlice written;

  g_assert_no_error (error);
  rmi_writer_add_instance (writer, object, read == (ReadFunc) values_shape_rmi_read ? VALUES_TYPE_SHAPE : G_OBJECT_TYPE (object), NULL);
  g_assert_true (rmi_writer_finish (writer, &written, &error));
  g_assert_no_error (error);
  if (VALUES_IS_KNOT (object))
    values_knot_set_next (VALUES_KNOT (object), NULL);
  return g_strndup (written.data, written.length);
}

/* …and by description. */
static char *
pass_by_table (const RmiTypeInfo *type,
               const char        *text)
{
  g_autoptr(RmiWriter) writer = rmi_writer_new (NULL, NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(GVariant) value = read_variant (type, text, &error);
  RmiSlice written;

  g_assert_no_error (error);
  rmi_type_info_write_variant (type, value, NULL, writer);
  g_assert_true (rmi_writer_finish (writer, &written, &error));
  g_assert_no_error (error);
  return g_strndup (written.data, written.length);
}

static void
check_passed (const char *text,
              const char *expected)
{
  g_autofree char *generated = pass ((ReadFunc) values_shape_rmi_read, text);
  g_autofree char *table = pass_by_table (type_of ("Echo", 0), text);

  g_assert_cmpstr (generated, ==, expected);
  g_assert_cmpstr (table, ==, expected);
}

#define CIRCLE "\"org.example.values.Circle\""

static void
test_unknown_part (void)
{
  static const char *const intact[] = {
    "{\"$type\":[\"x.Ellipse\",\"x.Oval\"," CIRCLE "],\"name\":\"e\",\"radius\":2.5,\"skew\":[{\"{\":\"}\"},{\"$$same\":1}],\"tilt\":null}",
    "{\"$type\":[\"x.Blob\"],\"name\":\"b\",\"\\u0061\":{\"$type\":[\"x.Y\"],\"z\":\"$ref\"}}",
    "{\"$type\":[\"x.Blob\"],\"name\":\"b\"}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (intact); i++)
    check_passed (intact[i], intact[i]);
  /* Members that a known class does not have stay behind. */
  check_passed ("{\"$type\":[" CIRCLE "],\"name\":\"e\",\"new\":1,\"radius\":2.5}", "{\"$type\":[" CIRCLE "],\"name\":\"e\",\"radius\":2.5}");
  /* What means something in its message only is dropped, all of it. */
  check_passed ("{\"$type\":[\"x.Y\"," CIRCLE "],\"name\":\"e\",\"radius\":2.5,\"tilt\":1,\"at\":[{\"\\u0024ref\":\"/x\"}]}",
                "{\"$type\":[" CIRCLE "],\"name\":\"e\",\"radius\":2.5}");
  check_passed ("{\"$type\":[\"x.Y\"],\"name\":\"e\",\"at\":{\"$home\" :\"/x\"}}", "{\"name\":\"e\"}");
  check_passed ("{\"$type\":[\"x.Y\"],\"name\":\"e\",\"at\":{\"$same\":0}}", "{\"name\":\"e\"}");
}

/* The unknown part counts among the `{`; what is known inside of the unknown does not take what is unknown around it. */
static void
test_unknown_inside (void)
{
  static const char text[] =
      "{\"label\":\"a\",\"next\":{\"$type\":[\"x.Noose\"],\"label\":\"b\",\"next\":{\"label\":\"c\",\"next\":null,\"others\":[]},\"others\":[],"
      "\"more\":[{},{}]},\"others\":[{\"label\":\"d\",\"next\":null,\"others\":[]},{\"$same\":5},{\"$same\":2}]}";
  g_autofree char *passed = pass ((ReadFunc) values_knot_rmi_read, text);

  g_assert_cmpstr (passed, ==, text);
}

/* ---- "$same" ---- */

static void
test_same (void)
{
  g_autoptr(ValuesPair) pair = NULL;
  g_autoptr(GVariant) variant = NULL;
  g_autoptr(GVariant) first = NULL;
  g_autoptr(GVariant) second = NULL;

  pair = read_object ((ReadFunc) values_pair_rmi_read,
                      "{\"new\":[{},{\"{\":\"{\\\"{\"}],\"first\":{\"name\":\"f\"},\"second\":{ \"\\u0024same\" : 3 }}", NULL);
  g_assert_nonnull (pair);
  g_assert_true (values_pair_get_first (pair) == values_pair_get_second (pair));

  variant = read_variant (type_of ("Compare", 3), "{\"first\":{\"name\":\"f\"},\"second\":{\"$same\":1}}", NULL);
  first = g_variant_lookup_value (variant, "first", NULL);
  second = g_variant_lookup_value (variant, "second", NULL);
  g_assert_cmpvariant (first, second);
}

static void
test_bad_same (void)
{
  PAIR ("{\"first\":{\"$same\":2},\"second\":{\"name\":\"later\"}}", "value.first: \"$same\":2 is no object by value before this one");
  PAIR ("{\"first\":{\"$same\":1}}", "no object by value before");
  PAIR ("{\"first\":{\"$same\":7}}", "no object by value before");
  PAIR ("{\"first\":{\"$same\":4294967295}}", "no object by value before");
  PAIR ("{\"first\":{\"$same\":4294967296}}", "out of range");
  PAIR ("{\"first\":{\"$same\":-1}}", "out of range");
  PAIR ("{\"first\":{\"$same\":0.5}}", "expected");
  PAIR ("{\"first\":{\"$same\":\"0\"}}", "expected");
  PAIR ("{\"first\":{\"$same\":null}}", "expected");
  PAIR ("{\"first\":{\"$same\":{}}}", "expected");
  PAIR ("{\"first\":{\"name\":\"x\"},\"second\":{\"$same\":1,\"name\":\"y\"}}", "\"$same\" goes with nothing else");
  PAIR ("{\"first\":{\"name\":\"x\"},\"second\":{\"name\":\"y\",\"$same\":1}}", "\"$same\" goes with nothing else");
  /* A pair, while it is read: open, and no shape either. */
  PAIR ("{\"first\":{\"$same\":0}}", "value.first: ");
  /* An object of JSON, and one of a member that is not known. */
  PAIR ("{\"more\":{\"name\":\"x\"},\"first\":{\"$same\":1}}", "no object by value before");
  SHAPE ("{\"$same\":0}", "no object by value before");
  check_refused ((ReadFunc) values_ring_rmi_read, type_of ("Echo", 0),
                 "{\"$type\":[\"org.example.values.Ring\"],\"frame\":{\"shape\":{\"$same\":1},\"width\":1}}", "no object by value before");
}

/* A cycle where none may be, made by hand. */
static void
test_bad_cycle (void)
{
  check_refused ((ReadFunc) values_link_rmi_read, type_of ("Follow", 0)->element, "{\"next\":{\"next\":{\"$same\":0}}}",
                 "value.next.next: the object contains itself");
}

static void
test_many (void)
{
  g_autoptr(GString) text = g_string_new ("{\"label\":\"k\",\"others\":[");
  g_autoptr(ValuesKnot) knot = NULL;
  g_autoptr(GPtrArray) none = g_ptr_array_new ();

  for (guint i = 0; i < 10000; i++)
    g_string_append (text, i == 0 ? "{\"$same\":0}" : ",{\"$same\":0}");
  g_string_append (text, "]}");
  knot = read_object ((ReadFunc) values_knot_rmi_read, text->str, NULL);
  g_assert_nonnull (knot);
  g_assert_cmpuint (values_knot_get_others (knot)->len, ==, 10000);
  g_assert_true (values_knot_get_others (knot)->pdata[9999] == knot);
  values_knot_set_others (knot, none);
}

/* Each level is there twice: as objects it is 60, as GVariants 2 to the 60th. */
static void
test_bomb (void)
{
  g_autoptr(GString) text = g_string_new (NULL);
  g_autoptr(GVariant) variant = NULL;
  g_autoptr(ValuesLink) link = NULL;
  g_autoptr(GError) error = NULL;

  for (guint i = 0; i < 60; i++)
    g_string_append (text, "{\"next\":");
  g_string_append (text, "null");
  for (guint i = 60; i > 0; i--)
    if (i == 60)
      g_string_append (text, "}");
    else
      g_string_append_printf (text, ",\"other\":{\"$same\":%u}}", i);
  link = read_object ((ReadFunc) values_link_rmi_read, text->str, &error);
  g_assert_no_error (error);
  g_assert_true (values_link_get_next (link) == values_link_get_other (link));
  variant = read_variant (type_of ("Follow", 0)->element, text->str, &error);
  g_assert_null (variant);
  g_assert_error (error, RMI_ERROR, RMI_ERROR_LIMIT);
}

/* ---- the registry ---- */

static void
write_nothing (RmiWriter *writer,
               gpointer   object,
               gpointer   user_data)
{
}

static void
test_registry (void)
{
  static const char *const names[] = { NULL };
  static const RmiClassEntry entry = { .name = "org.example.values.Odd", .members = names, .write_members = write_nothing };
  static const RmiClassEntry taken = { .name = "org.example.values.Shape", .members = names, .write_members = write_nothing };
  const GType types[] = { G_TYPE_INPUT_STREAM, G_TYPE_SOCKET, G_TYPE_DBUS_CONNECTION, G_TYPE_FILE, G_TYPE_STRV };

  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_false (rmi_class_register_entry (types[i], &entry, &error));
      g_assert_error (error, RMI_ERROR, RMI_ERROR_TYPE_NOT_ALLOWED);
    }
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_false (rmi_class_register_entry (G_TYPE_MENU, &taken, &error));
      g_assert_error (error, RMI_ERROR, RMI_ERROR_TYPE_NOT_ALLOWED);
      g_assert_null (rmi_class_lookup (G_TYPE_MENU));
    }
  g_assert_true (rmi_class_lookup_by_name ("org.example.values.Odd", -1) == G_TYPE_INVALID);
  g_assert_true (rmi_class_lookup_by_name ("org.example.values.Ring", -1) == VALUES_TYPE_RING);
}

/* ---- a peer without this library ---- */

static char *
ask (GSocketConnection *peer,
     const char        *request)
{
  GInputStream *input = g_io_stream_get_input_stream (G_IO_STREAM (peer));
  g_autoptr(GString) received = g_string_new (NULL);
  g_autoptr(GError) error = NULL;
  char buffer[4096];
  char *message;

  g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (peer)), request, strlen (request), NULL, NULL, &error);
  g_assert_no_error (error);
  while ((message = wire_take_message (received)) == NULL)
    {
      gssize n = g_input_stream_read (input, buffer, sizeof buffer, NULL, &error);

      g_assert_no_error (error);
      g_assert_cmpint (n, >, 0);
      g_string_append_len (received, buffer, n);
    }
  return message;
}

static GSocketConnection *
connect_to (Gallery *gallery)
{
  g_autoptr(GSocketClient) client = g_socket_client_new ();
  g_autoptr(GError) error = NULL;
  GSocketConnection *peer = g_socket_client_connect_to_uri (client, gallery->uri, 7640, NULL, &error);

  g_assert_no_error (error);
  return peer;
}

/* A signal for two kinds of peers: one event says it as one, the other as a tree. */
static void
hung_cb (ValuesGallery *gallery,
         ValuesShape   *shape,
         ValuesShape   *again,
         guint         *n_same)
{
  *n_same += shape == again;
}

static void
test_both_kinds (Gallery       *gallery,
                 gconstpointer  data)
{
  g_autoptr(GSocketConnection) peer = connect_to (gallery);
  g_autoptr(ValuesShape) shape = values_shape_new ("s");
  g_autoptr(GError) error = NULL;
  g_autofree char *answer = NULL;
  g_autofree char *event = NULL;
  guint n_same = 0;

  g_signal_connect (gallery->gallery, "hung", G_CALLBACK (hung_cb), &n_same);
  answer = ask (peer, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"/gallery#rpc.subscribe\",\"params\":[]}\n");
  g_assert_true (values_gallery_hang (gallery->gallery, shape, NULL, &error));
  g_assert_no_error (error);
  event = ask (peer, "");
  g_assert_nonnull (strstr (event, "\"params\":[{\"name\":\"s\"},{\"name\":\"s\"}]"));
  while (n_same == 0)
    g_main_context_iteration (NULL, TRUE);
}

#define CALL(method, params) "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"/gallery#" method "\",\"params\":" params "}\n"

static void
check_answer (GSocketConnection *peer,
              const char        *request,
              const char        *pattern)
{
  g_autofree char *answer = ask (peer, request);

  if (!g_pattern_match_simple (pattern, answer))
    g_error ("%s is answered %s, not %s", request, answer, pattern);
}

/* It says "$type" and "$same", and is answered by trees. */
static void
test_plain_peer (Gallery       *gallery,
                 gconstpointer  data)
{
  g_autoptr(GSocketConnection) peer = connect_to (gallery);

  check_answer (peer, CALL ("Swap", "[{\"$type\":[\"org.example.values.Circle\"],\"name\":\"c\",\"radius\":1},{\"$same\":0}]"),
                "*\"is-same\":true,\"first\":{\"$type\":[\"org.example.values.Circle\"],\"name\":\"c\",\"radius\":1.0},"
                "\"second\":{\"$type\":[\"org.example.values.Circle\"],\"name\":\"c\",\"radius\":1.0}}}");
  check_answer (peer, CALL ("Tie", "[{\"label\":\"k\",\"next\":{\"label\":\"l\",\"next\":null,\"others\":[]},\"others\":[]}]"),
                "*\"result\":{\"label\":\"k\",\"next\":{\"label\":\"l\",\"next\":null,\"others\":[]},\"others\":[]}}");
}

static void
test_plain_peer_cycle (Gallery       *gallery,
                       gconstpointer  data)
{
  g_autoptr(GSocketConnection) peer = connect_to (gallery);

  /* It would have to be written for ever. */
  check_answer (peer, CALL ("Tie", "[{\"label\":\"k\",\"others\":[{\"label\":\"l\",\"next\":null}]}]"), "*\"result\":*");
  check_answer (peer, CALL ("Follow", "[{\"next\":{\"$same\":0}}]"), "*\"code\":-32602,*params[0].next: the object contains itself*");
}

static void
test_by_name (Gallery       *gallery,
              gconstpointer  data)
{
  g_autoptr(GSocketConnection) peer = connect_to (gallery);

  check_answer (peer, CALL ("Swap", "{\"two\":{\"$type\":[\"org.example.values.Circle\"],\"name\":\"c\"},\"one\":{\"name\":\"s\"}}"),
                "*\"is-same\":false,\"first\":{\"$type\":[\"org.example.values.Circle\"],\"name\":\"c\",\"radius\":0.0},\"second\":{\"name\":\"s\"}}}");
  check_answer (peer, CALL ("Swap", "{\"two\":{\"$same\":1},\"one\":{\"name\":\"s\"}}"),
                "*\"code\":-32602,*params.two: *\"$same*cannot be in arguments by name*");
  /* The only argument, as itself. */
  check_answer (peer, CALL ("Tie", "{\"label\":\"k\",\"next\":null,\"others\":[]}"), "*\"result\":{\"label\":\"k\"*");
}

/* What is in a `j` is data. */
static void
test_in_json (Gallery       *gallery,
              gconstpointer  data)
{
  g_autoptr(GSocketConnection) peer = connect_to (gallery);

  check_answer (peer, CALL ("Mix", "[{\"$same\":7,\"$type\":1},{\"name\":\"a\"},{\"$same\":1}]"), "*\"result\":true}");
  check_answer (peer, CALL ("Mix", "[{\"name\":\"b\"},{\"$same\":0},{\"name\":\"a\"}]"), "*\"code\":-32602,*params[1]*");
}

/* A key that is there twice, so that the table loses a value: who names it later has it. */
static void
test_lost_value (Gallery       *gallery,
                 gconstpointer  data)
{
  g_autoptr(GSocketConnection) peer = connect_to (gallery);

  check_answer (peer, CALL ("Compare", "[{\"name\":\"a\"},[],{\"$home\":{\"name\":\"b\"},\"$$home\":{\"name\":\"c\"}},"
                            "{\"first\":{\"$same\":2},\"second\":{\"$same\":2}},{\"shape\":{\"$same\":2},\"width\":1}]"),
                "*\"result\":false}");
}

#define ADD(path, function) \
  g_test_add ("/rmi/values/" path, Gallery, NULL, gallery_set_up, function, gallery_tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_type_ensure (VALUES_TYPE_GALLERY);
  g_test_add_func ("/rmi/values/the-first-known-class-is-made", test_first_known);
  g_test_add_func ("/rmi/values/a-bad-type-is-refused", test_bad_type);
  g_test_add_func ("/rmi/values/a-class-that-does-not-fit-is-refused", test_wrong_class);
  g_test_add_func ("/rmi/values/the-unknown-part-is-sent-on", test_unknown_part);
  g_test_add_func ("/rmi/values/the-unknown-part-of-an-object-inside", test_unknown_inside);
  g_test_add_func ("/rmi/values/same-is-the-object-that-the-nth-brace-began", test_same);
  g_test_add_func ("/rmi/values/a-bad-same-is-refused", test_bad_same);
  g_test_add_func ("/rmi/values/a-cycle-is-refused-where-none-may-be", test_bad_cycle);
  g_test_add_func ("/rmi/values/ten-thousand-times-the-same", test_many);
  g_test_add_func ("/rmi/values/doubling-sixty-times-ends-at-a-limit", test_bomb);
  g_test_add_func ("/rmi/values/what-cannot-be-made-is-not-registered", test_registry);
  ADD ("a-plain-peer-gets-trees", test_plain_peer);
  ADD ("one-signal-for-both-kinds-of-peers", test_both_kinds);
  ADD ("a-plain-peer-cannot-make-cycles", test_plain_peer_cycle);
  ADD ("arguments-by-name-share-nothing", test_by_name);
  ADD ("a-value-that-a-table-lost-may-be-named", test_lost_value);
  ADD ("same-and-type-in-json-are-data", test_in_json);
  return g_test_run ();
}
