/* tests/parties/test-transcoder.c: values between connections, without their types
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "config.h"

#include <string.h>

#include "rmi/rmi-scanner-internal.h"
#include "rmi/rmi-transcoder-internal.h"

/* One for each side: objects are known by their paths. */
typedef struct
{
  RmiReferenceCodec parent;
  GString          *log;
} FakeCodec;

static gpointer
fake_read (RmiReferenceCodec       *codec,
           const RmiWireReference  *reference,
           GType                    declared,
           GError                 **error)
{
  GObject *object;

  g_assert_true (declared == G_TYPE_OBJECT);
  g_string_append_printf (((FakeCodec *) codec)->log, "%s%s ", reference->is_home ? "home:" : "read:", reference->path.data);
  if (reference->of.length > 0)
    g_string_append_printf (((FakeCodec *) codec)->log, "of:%s ", reference->of.data);
  if (g_str_equal (reference->path.data, "/dead"))
    {
      g_set_error_literal (error, RMI_ERROR, RMI_ERROR_NO_SUCH_OBJECT, "gone");
      return NULL;
    }
  object = g_object_new (G_TYPE_OBJECT, NULL);
  g_object_set_data_full (object, "path", g_strdup (reference->path.data), g_free);
  return object;
}

static void
fake_discard (RmiReferenceCodec      *codec,
              const RmiWireReference *reference)
{
  g_string_append_printf (((FakeCodec *) codec)->log, "drop:%.*s ", (int) reference->path.length, reference->path.data);
}

static gboolean
fake_write (RmiReferenceCodec  *codec,
            RmiWriter          *writer,
            GObject            *object,
            GType               declared,
            GError            **error)
{
  const char *path = g_object_get_data (object, "path");
  g_autofree char *there = g_strconcat ("/there", path, NULL);

  if (g_str_equal (path, "/refused"))
    {
      g_set_error_literal (error, RMI_ERROR, RMI_ERROR_LIMIT, "too many");
      return FALSE;
    }
  rmi_writer_begin_object (writer);
  rmi_writer_add_member (writer, "$ref");
  rmi_writer_add_string (writer, there);
  rmi_writer_end_object (writer);
  rmi_writer_note_reference (writer, there);
  return TRUE;
}

static void
fake_retract (RmiReferenceCodec *codec,
              const char        *path)
{
  g_string_append_printf (((FakeCodec *) codec)->log, "retract:%s ", path);
}

static FakeCodec here = { { .read = fake_read, .discard = fake_discard } };
static FakeCodec there = { { .write = fake_write, .retract = fake_retract } };

/* What @text is on the other side: (transfer full), or NULL with @error. The text ends where its block ends. */
static char *
transcode (const char  *text,
           const char  *front,
           GError     **error)
{
  g_autoptr(RmiWriter) writer = rmi_writer_new (NULL, &there.parent);
  g_autofree char *block = g_memdup2 (text, strlen (text));
  RmiSlice slice = { block, strlen (text) };
  GError *failure = NULL;
  RmiLimits limits;
  RmiReader reader;
  RmiSlice out;
  char *result;

  rmi_limits_init_network (&limits);

  g_string_truncate (here.log, 0);
  g_string_truncate (there.log, 0);
  rmi_scanner_check (slice, &limits, NULL, NULL, &failure);
  g_assert_no_error (failure);
  rmi_reader_init (&reader, slice, NULL, &here.parent, RMI_ERROR_INVALID_ARGUMENTS, "params");
  rmi_writer_append (writer, front, strlen (front));
  rmi_transcode (&reader, writer);
  if (!rmi_reader_finish (&reader, &failure))
    {
      g_propagate_error (error, failure);
      return NULL;
    }
  if (!rmi_writer_finish (writer, &out, error))
    return NULL;
  result = g_strndup (out.data, out.length);
  rmi_writer_take_references (writer);
  return result;
}

static void
check (const char *text,
       const char *expected,
       const char *log)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *result = transcode (text, "", &error);

  g_assert_no_error (error);
  g_assert_cmpstr (result, ==, expected);
  g_assert_cmpstr (here.log->str, ==, log);
}

static void
check_fails (const char *text,
             int         code,
             const char *message,
             const char *log)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *result = transcode (text, "", &error);

  g_assert_null (result);
  g_assert_error (error, RMI_ERROR, code);
  g_assert_cmpstr (error->message, ==, message);
  g_assert_cmpstr (here.log->str, ==, log);
}

static void
test_untouched (void)
{
  static const char *const texts[] = {
    "null", "true", "-1.5e3", "\"\"", "\"$ref\"", "[]", "{}", "[[],{},[{}]]",
    "{\"$$ref\":\"/a\"}", "{\"$$$home\":\"/a\"}", "{\"$same\":3}", "[{\"$type\":[\"a.B\"],\"x\":1},{\"$same\":1}]",
    "{ \"a\" : [ 1 , 2 ] ,\n\t\"b\" : { } }", "{\"$ref\":5}", "{\"$ref\":null}", "{\"$ref\":[\"/a\"]}", "{\"$home\":{\"x\":\"/a\"}}",
    "{\"x\":\"$ref\",\"y\":\"\\\"$ref\\\":\\\"/a\\\"\"}", "[\"$ref\",\"/a\"]", "{\"a\\u0024ref\":\"/a\"}",
    "[9007199254740993,\"\\u0000\",\"\\ud83d\\ude00\"]", "{\"$reference\":\"/a\",\"$\":1,\"\":2}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    check (texts[i], texts[i], "");
}

static void
test_translated (void)
{
  check ("{\"$ref\":\"/a\"}", "{\"$ref\":\"/there/a\"}", "read:/a ");
  check (" {\"$home\":\"/a\"} ", "{\"$ref\":\"/there/a\"}", "home:/a ");
  check ("[1, {\"$ref\":\"/a\"} , 2]", "[1,{\"$ref\":\"/there/a\"} , 2]", "read:/a ");
  check ("[{\"$ref\":\"/a\"},{\"$ref\":\"/a\"}\n,\t{\"$ref\":\"/b\"}]",
         "[{\"$ref\":\"/there/a\"},{\"$ref\":\"/there/a\"}\n,{\"$ref\":\"/there/b\"}]", "read:/a read:/a read:/b ");
  check ("{\"x\":{\"y\":[{\"$type\":[\"a.B\",\"a.C\"],\"$ref\":\"/a\"}],\"$$ref\":\"/b\"}}",
         "{\"x\":{\"y\":[{\"$ref\":\"/there/a\"}],\"$$ref\":\"/b\"}}", "read:/a ");
  check ("{\"\\u0024ref\":\"\\/a\\u002fb\"}", "{\"$ref\":\"/there/a/b\"}", "read:/a/b ");
  check ("{\"of\":\"n/~/\\u0078\",\"at\":[\"rmi://h\"],\"$ref\":\"/~/r\",\"later\":[1,\"{\"]}",
         "{\"$ref\":\"/there/~/r\"}", "read:/~/r of:n/~/x ");
}

/* An object is where it was in the order of all: `$same` counts them. */
static void
test_order (void)
{
  check ("[{\"a\":{\"$ref\":\"/a\",\"$type\":[]}},{\"b\":1},{\"$same\":3},{\"$ref\":\"/b\"},{\"$same\":0}]",
         "[{\"a\":{\"$ref\":\"/there/a\"}},{\"b\":1},{\"$same\":3},{\"$ref\":\"/there/b\"},{\"$same\":0}]", "read:/a read:/b ");
}

static void
test_place (void)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *first = transcode ("[1]", "{\"params\":", &error);
  g_autofree char *next = transcode ("{\"$ref\":\"/a\"}", "[1", &error);
  g_autofree char *absent = transcode ("null", "[0", &error);

  g_assert_no_error (error);
  g_assert_cmpstr (first, ==, "{\"params\":[1]");
  g_assert_cmpstr (next, ==, "[1,{\"$ref\":\"/there/a\"}");
  g_assert_cmpstr (absent, ==, "[0,null");
}

static void
test_refused (void)
{
  check_fails ("[{\"$ref\":\"/a\"},{\"$ref\":\"/dead\"},{\"$ref\":\"/b\"}]", RMI_ERROR_NO_SUCH_OBJECT, "params[1]: gone",
               "read:/a read:/dead drop:/b ");
  g_assert_cmpstr (there.log->str, ==, "retract:/there/a ");
  check_fails ("[{\"$ref\":\"/a\",\"$home\":\"/b\"}]", RMI_ERROR_INVALID_ARGUMENTS, "params[0]: expected a reference to an object",
               "drop:/a ");
  check_fails ("{\"$ref\":\"/a\",\"x\":{}}", RMI_ERROR_INVALID_ARGUMENTS, "params: a reference has an object inside", "drop:/a ");
  check_fails ("{\"x\":{\"$ref\":\"/b\"},\"$ref\":\"/a\"}", RMI_ERROR_INVALID_ARGUMENTS, "params: a reference has an object inside",
               "read:/b drop:/a ");
  g_assert_cmpstr (there.log->str, ==, "retract:/there/b ");
}

static void
test_unwritable (void)
{
  g_autoptr(GError) error = NULL;

  g_assert_null (transcode ("[{\"$ref\":\"/a\"},{\"$ref\":\"/refused\"},{\"$ref\":\"/b\"}]", "", &error));
  g_assert_error (error, RMI_ERROR, RMI_ERROR_LIMIT);
  g_assert_cmpstr (here.log->str, ==, "read:/a read:/refused drop:/b ");
  g_assert_cmpstr (there.log->str, ==, "retract:/there/a ");
}

static void
test_deep (void)
{
  g_autoptr(GString) text = g_string_new (NULL);
  g_autoptr(GString) expected = g_string_new (NULL);

  for (guint i = 0; i < 60; i++)
    g_string_append (text, i % 2 == 0 ? "[" : "{\"a\":");
  g_string_append (expected, text->str);
  g_string_append (text, "{\"$ref\":\"/a\"}");
  g_string_append (expected, "{\"$ref\":\"/there/a\"}");
  for (guint i = 60; i > 0; i--)
    {
      g_string_append_c (text, i % 2 == 1 ? ']' : '}');
      g_string_append_c (expected, i % 2 == 1 ? ']' : '}');
    }
  check (text->str, expected->str, "read:/a ");
}

int
main (int   argc,
      char *argv[])
{
  int result;

  g_test_init (&argc, &argv, NULL);
  here.log = g_string_new (NULL);
  there.log = g_string_new (NULL);

  g_test_add_func ("/rmi/transcoder/what-is-no-reference-passes-as-it-is", test_untouched);
  g_test_add_func ("/rmi/transcoder/references-are-translated-wherever-they-are", test_translated);
  g_test_add_func ("/rmi/transcoder/objects-keep-their-number", test_order);
  g_test_add_func ("/rmi/transcoder/values-go-where-the-writer-is", test_place);
  g_test_add_func ("/rmi/transcoder/references-have-one-owner-when-one-is-refused", test_refused);
  g_test_add_func ("/rmi/transcoder/references-have-one-owner-when-one-cannot-be-written", test_unwritable);
  g_test_add_func ("/rmi/transcoder/depth-costs-no-stack", test_deep);

  result = g_test_run ();
  g_string_free (here.log, TRUE);
  g_string_free (there.log, TRUE);
  return result;
}
