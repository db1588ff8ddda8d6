/* tests/test-reader.c: values out of JSON text
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "config.h"

#include <math.h>

#include "rmi/rmi-reader-internal.h"
#include "rmi/rmi-scanner-internal.h"
#include "rmi/rmi-writer-internal.h"

/* Writes down the paths it is asked to read or to discard. */
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
  g_string_append_printf (((FakeCodec *) codec)->log, "%s%.*s ", reference->is_home ? "home:" : "read:",
                          (int) reference->path.length, reference->path.data);
  if (reference->of.length > 0)
    g_string_append_printf (((FakeCodec *) codec)->log, "of:%.*s ", (int) reference->of.length, reference->of.data);
  if (reference->path.length == 5 && memcmp (reference->path.data, "/dead", 5) == 0)
    {
      g_set_error_literal (error, RMI_ERROR, RMI_ERROR_NO_SUCH_OBJECT, "gone");
      return NULL;
    }
  return g_object_new (G_TYPE_OBJECT, NULL);
}

static void
fake_discard (RmiReferenceCodec      *codec,
              const RmiWireReference *reference)
{
  g_assert_false (reference->is_home);
  g_string_append_printf (((FakeCodec *) codec)->log, "drop:%.*s ",
                          (int) reference->path.length, reference->path.data);
}

static FakeCodec codec = { { .read = fake_read, .discard = fake_discard } };
static RmiLimits limits;
static RmiReader reader;
static char *current;

/* The text ends where its block ends, so that reading beyond is seen. */
static RmiReader *
open_text (const char *text)
{
  gsize length = strlen (text);
  g_autoptr(GError) error = NULL;

  g_free (current);
  current = g_memdup2 (text, length);
  rmi_scanner_check ((RmiSlice) { current, length }, &limits, NULL, NULL, &error);
  g_assert_no_error (error);
  rmi_reader_init (&reader, (RmiSlice) { current, length }, &limits, &codec.parent,
                   RMI_ERROR_INVALID_ARGUMENTS, "params");
  return &reader;
}

static void
expect_done (void)
{
  g_autoptr(GError) error = NULL;

  g_assert_cmpint (rmi_reader_peek (&reader), ==, 0);
  rmi_reader_finish (&reader, &error);
  g_assert_no_error (error);
  g_assert_true (rmi_reader_finish (&reader, NULL));
}

static void
expect_error (int         code,
              const char *text)
{
  g_autoptr(GError) error = NULL;

  g_assert_true (rmi_reader_has_failed (&reader));
  g_assert_false (rmi_reader_next_element (&reader));
  g_assert_cmpint (rmi_reader_peek (&reader), ==, 0);
  g_assert_false (rmi_reader_finish (&reader, &error));
  g_assert_error (error, RMI_ERROR, code);
  g_assert_cmpstr (error->message, ==, text);
}

static void
expect_log (const char *log)
{
  g_assert_cmpstr (codec.log->str, ==, log);
  g_string_truncate (codec.log, 0);
}

static void
test_integers (void)
{
  g_assert_cmpint (rmi_reader_get_byte (open_text (" 255 ")), ==, 255);
  expect_done ();
  g_assert_cmpint (rmi_reader_get_int16 (open_text ("-32768")), ==, G_MININT16);
  expect_done ();
  g_assert_cmpint (rmi_reader_get_uint16 (open_text ("65535")), ==, G_MAXUINT16);
  expect_done ();
  g_assert_cmpint (rmi_reader_get_int32 (open_text ("-2147483648")), ==, G_MININT32);
  expect_done ();
  g_assert_cmpuint (rmi_reader_get_uint32 (open_text ("4294967295")), ==, G_MAXUINT32);
  expect_done ();
  g_assert_cmpint (rmi_reader_get_int64 (open_text ("-9223372036854775808")), ==, G_MININT64);
  expect_done ();
  g_assert_cmpint (rmi_reader_get_int64 (open_text ("\"-9223372036854775808\"")), ==, G_MININT64);
  expect_done ();
  g_assert_cmpuint (rmi_reader_get_uint64 (open_text ("\"18446744073709551615\"")), ==, G_MAXUINT64);
  expect_done ();
  g_assert_cmpuint (rmi_reader_get_uint32 (open_text ("-0")), ==, 0);
  expect_done ();
}

static void
test_integers_never_clamped (void)
{
  static const char *const wide[] = { "9223372036854775808", "-9223372036854775809", "\"9223372036854775808\"", "\"\"",
                                      "\"-\"", "\"01\"", "\" 1\"", "\"1.0\"", "\"+1\"", "\"1\\u0030\"",
                                      "123456789012345678901234567890", "1.0", "1e3" };
  guint i;

  rmi_reader_get_byte (open_text ("256"));
  expect_error (RMI_ERROR_INVALID_ARGUMENTS, "params: 256 is out of range for a byte");
  rmi_reader_get_uint32 (open_text ("-1"));
  expect_error (RMI_ERROR_INVALID_ARGUMENTS, "params: -1 is out of range for an unsigned 32-bit integer");
  rmi_reader_get_int32 (open_text ("1.0"));
  expect_error (RMI_ERROR_INVALID_ARGUMENTS, "params: expected a 32-bit integer, not 1.0");
  rmi_reader_get_int32 (open_text ("1e3"));
  expect_error (RMI_ERROR_INVALID_ARGUMENTS, "params: expected a 32-bit integer, not 1e3");
  rmi_reader_get_uint32 (open_text ("\"1\""));
  expect_error (RMI_ERROR_INVALID_ARGUMENTS, "params: expected an unsigned 32-bit integer, not a string");
  for (i = 0; i < G_N_ELEMENTS (wide); i++)
    {
      g_assert_cmpint (rmi_reader_get_int64 (open_text (wide[i])), ==, 0);
      g_assert_false (rmi_reader_finish (&reader, NULL));
    }
}

static void
test_doubles (void)
{
  g_assert_cmpfloat (rmi_reader_get_double (open_text ("-1.5e-3")), ==, -1.5e-3);
  expect_done ();
  g_assert_cmpfloat (rmi_reader_get_double (open_text ("12345678901234567890123")), ==, 12345678901234567890123.0);
  expect_done ();
  g_assert_true (isnan (rmi_reader_get_double (open_text ("\"NaN\""))));
  expect_done ();
  g_assert_true (isinf (rmi_reader_get_double (open_text ("\"-Infinity\""))) && !rmi_reader_has_failed (&reader));
  expect_done ();
  rmi_reader_get_double (open_text ("\"nan\""));
  expect_error (RMI_ERROR_INVALID_ARGUMENTS, "params: expected a number, not a string");
  rmi_reader_get_double (open_text ("true"));
  expect_error (RMI_ERROR_INVALID_ARGUMENTS, "params: expected a number, not a boolean");
}

static void
test_double_arrays (void)
{
  g_autoptr(GArray) special = rmi_reader_get_double_array (open_text (" [ -1.5 , \"NaN\",\"-Infinity\" , 7 ] "));

  expect_done ();
  g_assert_cmpuint (special->len, ==, 4);
  g_assert_cmpfloat (g_array_index (special, double, 0), ==, -1.5);
  g_assert_true (isnan (g_array_index (special, double, 1)) && isinf (g_array_index (special, double, 2)));
  g_assert_cmpfloat (g_array_index (special, double, 3), ==, 7);

  for (guint n = 0; n < 400; n++)
    {
      g_autoptr(GString) text = g_string_new ("[");
      g_autoptr(GArray) numbers = NULL;

      for (guint i = 0; i < n; i++)
        g_string_append_printf (text, "%s%u.5", i > 0 ? "," : "", i * i * i);
      g_string_append_c (text, ']');
      numbers = rmi_reader_get_double_array (open_text (text->str));
      expect_done ();
      g_assert_cmpuint (numbers->len, ==, n);
      for (guint i = 0; i < n; i++)
        g_assert_cmpfloat (g_array_index (numbers, double, i), ==, i * i * i + 0.5);
    }

  g_assert_null (rmi_reader_get_double_array (open_text ("[1,2,true,4]")));
  expect_error (RMI_ERROR_INVALID_ARGUMENTS, "params[2]: expected a number, not a boolean");
  g_assert_null (rmi_reader_get_double_array (open_text ("{}")));
  expect_error (RMI_ERROR_INVALID_ARGUMENTS, "params: expected an array, not an object");
}

/* Numbers as many as are given to the array at once, one less and one more. */
static void
test_double_arrays_are_charged (void)
{
  limits.decode_factor = 0;
  for (guint n = 127; n <= 129; n++)
    {
      g_autofree char *zeros = g_strnfill (2 * n + 1, ',');
      g_autoptr(GArray) numbers = NULL;

      for (guint i = 0; i < n; i++)
        zeros[2 * i + 1] = '0';
      zeros[0] = '[';
      zeros[2 * n] = ']';
      limits.decode_bytes = sizeof (GArray) + n * sizeof (double);
      numbers = rmi_reader_get_double_array (open_text (zeros));
      expect_done ();
      g_assert_cmpuint (numbers->len, ==, n);
      limits.decode_bytes--;
      g_assert_null (rmi_reader_get_double_array (open_text (zeros)));
      expect_error (RMI_ERROR_LIMIT, n == 128
                    ? "params[127]: decoding takes more memory than the limit for a message of this size" :
                    "params: decoding takes more memory than the limit for a message of this size");
    }
  rmi_limits_init_network (&limits);
}

static void
test_strings (void)
{
  g_autofree char *plain = rmi_reader_get_string (open_text ("\"grüß\""));
  g_autofree char *escaped = rmi_reader_get_string (open_text ("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00fc\\ud83d\\ude00\""));
  g_autofree char *path = rmi_reader_get_object_path (open_text ("\"/a/b\""));
  g_autofree char *signature = rmi_reader_get_signature (open_text ("\"a{sv}\""));
  g_autoptr(GString) scratch = g_string_new (NULL);
  RmiSlice slice;

  g_assert_cmpstr (plain, ==, "grüß");
  g_assert_cmpstr (escaped, ==, "\"\\/\b\f\n\r\tü😀");
  g_assert_cmpstr (path, ==, "/a/b");
  g_assert_cmpstr (signature, ==, "a{sv}");

  slice = rmi_reader_get_slice (open_text ("\"a\\u0000b\""), scratch);
  g_assert_true (rmi_slice_equals (slice, "a\0b", 3));
  expect_done ();
  g_assert_null (rmi_reader_get_string (open_text ("\"a\\u0000b\"")));
  expect_error (RMI_ERROR_INVALID_ARGUMENTS, "params: U+0000 cannot be in a string");
  g_assert_null (rmi_reader_get_object_path (open_text ("\"a\"")));
  expect_error (RMI_ERROR_INVALID_ARGUMENTS, "params: expected an object path, not \"a\"");
  g_assert_null (rmi_reader_get_string (open_text ("null")));
  expect_error (RMI_ERROR_INVALID_ARGUMENTS, "params: expected a string, not null");
}

static void
test_bytes (void)
{
  static const char *const bad[] = { "\"A\"", "\"AA\"", "\"AA=A\"", "\"A===\"", "\"AB==\"", "\"AAB=\"", "\"AA\\n=\"", "\"A-_A\"" };
  guint length, i;

  for (length = 0; length < 300; length++)
    {
      g_autofree guint8 *data = g_malloc (length + 1);
      g_autoptr(GBytes) bytes = NULL;
      g_autofree char *base64 = NULL;
      g_autofree char *text = NULL;

      for (i = 0; i < length; i++)
        data[i] = g_test_rand_int ();
      base64 = g_base64_encode (data, length);
      text = g_strdup_printf ("\"%s\"", base64);
      bytes = rmi_reader_get_bytes (open_text (text));
      expect_done ();
      g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), data, length);
    }
  for (i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_assert_null (rmi_reader_get_bytes (open_text (bad[i])));
      expect_error (RMI_ERROR_INVALID_ARGUMENTS, "params: expected bytes in base64");
    }
}

static void
test_enums (void)
{
  static const GEnumValue values[] = { { 0, "A", "open" }, { 7, "B", "paid" }, { 0, NULL, NULL } };
  static const GFlagsValue flags[] = { { 1, "A", "red" }, { 4, "B", "blue" }, { 0, NULL, NULL } };

  g_assert_cmpint (rmi_reader_get_enum (open_text ("\"p\\u0061id\""), values), ==, 7);
  expect_done ();
  rmi_reader_get_enum (open_text ("\"late\""), values);
  expect_error (RMI_ERROR_INVALID_ARGUMENTS, "params: \"late\" is no value of this enum");
  g_assert_cmpuint (rmi_reader_get_flags (open_text ("[\"red\", \"blue\"]"), flags), ==, 5);
  expect_done ();
  g_assert_cmpuint (rmi_reader_get_flags (open_text ("[\"red\",\"pink\"]"), flags), ==, 0);
  expect_error (RMI_ERROR_INVALID_ARGUMENTS, "params[1]: \"pink\" is none of these flags");
}

static void
test_errors_say_where (void)
{
  static const char *const names[] = { "sku", "lines", NULL };
  static const char *const line[] = { "quantity", NULL };
  int i, n;

  open_text ("[ {\"sku\":\"a,}]\", \"lines\":[{},{},{}, { \"quantity\" : \"x\"}]}]");
  rmi_reader_begin_array (&reader);
  g_assert_true (rmi_reader_next_element (&reader));
  rmi_reader_begin_object (&reader);
  for (i = -1; (i = rmi_reader_next_member (&reader, names, i, RMI_READER_STRICT)) >= 0;)
    if (i == 0)
      g_free (rmi_reader_get_string (&reader));
    else
      for (rmi_reader_begin_array (&reader); rmi_reader_next_element (&reader);)
        for (rmi_reader_begin_object (&reader), n = -1; (n = rmi_reader_next_member (&reader, line, n, RMI_READER_STRICT)) >= 0;)
          rmi_reader_get_uint32 (&reader);
  expect_error (RMI_ERROR_INVALID_ARGUMENTS,
                "params[0].lines[3].quantity: expected an unsigned 32-bit integer, not a string");

  rmi_reader_begin_object (open_text ("{\"sku\":\"a\",\"colour\":1}"));
  g_assert_cmpint (rmi_reader_next_member (&reader, names, -1, RMI_READER_STRICT), ==, 0);
  rmi_reader_skip (&reader);
  g_assert_cmpint (rmi_reader_next_member (&reader, names, 0, RMI_READER_STRICT), ==, -1);
  expect_error (RMI_ERROR_INVALID_ARGUMENTS, "params.colour: there is no such member");

  rmi_reader_begin_array (open_text ("[[],{\"a b\":{}}]"));
  g_assert_true (rmi_reader_next_element (&reader));
  rmi_reader_skip (&reader);
  g_assert_true (rmi_reader_next_element (&reader));
  rmi_reader_begin_object (&reader);
  g_free (rmi_reader_next_key (&reader));
  rmi_reader_begin_object (&reader);
  g_assert_cmpint (rmi_reader_next_member (&reader, names, -1, RMI_READER_STRICT), ==, -1);
  rmi_reader_fail_missing (&reader, "sku");
  expect_error (RMI_ERROR_INVALID_ARGUMENTS, "params[1][\"a b\"]: \"sku\" is missing");
}

static void
test_members_in_any_order (void)
{
  static const char *const names[] = { "a", "b", "c", NULL };
  static const char *const texts[] = { "{\"a\":1,\"b\":2,\"c\":3}", "{\"c\":3,\"b\":2,\"a\":1}",
                                       "{ \"x\" : [ {\"y\":\"}\"} ] , \"\\u0062\" : 2 , \"c\":3, \"a\":1, \"z\":null }" };
  guint n;

  for (n = 0; n < G_N_ELEMENTS (texts); n++)
    {
      int sum = 0, i;

      rmi_reader_begin_object (open_text (texts[n]));
      for (i = -1; (i = rmi_reader_next_member (&reader, names, i, RMI_READER_ALLOW_UNKNOWN)) >= 0;)
        {
          int value = rmi_reader_get_int32 (&reader);

          g_assert_cmpint (value, ==, i + 1);
          sum += value;
        }
      g_assert_cmpint (sum, ==, 6);
      expect_done ();
    }
}

static void
test_dict_keys (void)
{
  static const char *const keys[] = { "$ref", "$$home", "$x", "$$x", "$same", "plain", "$", "", NULL };
  guint i;

  rmi_reader_begin_object (open_text ("{\"$$ref\":1,\"$$$home\":1,\"$x\":1,\"$$x\":1,\"\\u0024$same\":1,"
                                      "\"pl\\u0061in\":1,\"$\":1,\"\":1}"));
  for (i = 0; keys[i] != NULL; i++)
    {
      g_autofree char *key = rmi_reader_next_key (&reader);

      g_assert_cmpstr (key, ==, keys[i]);
      rmi_reader_skip (&reader);
    }
  g_assert_null (rmi_reader_next_key (&reader));
  expect_done ();
}

static void
test_budget (void)
{
  g_autoptr(GString) text = g_string_new ("[");
  RmiLimits small = limits;

  while (text->len < 50000)
    g_string_append (text, "\"\",");
  g_string_append (text, "\"\"]");
  small.decode_bytes = 0;
  small.decode_factor = 3;
  rmi_reader_init (&reader, (RmiSlice) { text->str, text->len }, &small, NULL, RMI_ERROR_INVALID_ARGUMENTS, "params");
  g_assert_null (rmi_reader_get_strv (&reader));
  g_assert_error (reader.error, RMI_ERROR, RMI_ERROR_LIMIT);
  g_assert_nonnull (strstr (reader.error->message, "decoding"));
  rmi_reader_finish (&reader, NULL);

  rmi_reader_init (&reader, (RmiSlice) { text->str, text->len }, &small, NULL, RMI_ERROR_BAD_REPLY, "result");
  g_assert_null (rmi_reader_get_json (&reader));
  g_assert_error (reader.error, RMI_ERROR, RMI_ERROR_BAD_REPLY);
  rmi_reader_finish (&reader, NULL);
}

static void
test_references (void)
{
  g_autoptr(GObject) first = rmi_reader_get_object (open_text ("{\"$type\":[\"a\"],\"$ref\":\"/~/1\"}"), G_TYPE_OBJECT);
  g_autoptr(GObject) second = NULL;
  g_autoptr(GObject) third = NULL;

  expect_done ();
  expect_log ("read:/~/1 ");
  second = rmi_reader_get_object (open_text ("{\"\\u0024home\":\"\\/a\"}"), G_TYPE_OBJECT);
  expect_done ();
  expect_log ("home:/a ");
  g_assert_nonnull (first);
  g_assert_nonnull (second);

  third = rmi_reader_get_object (open_text ("{\"$ref\":\"/~/1\",\"of\":\"n\\/x\",\"at\":[]}"), G_TYPE_OBJECT);
  expect_done ();
  expect_log ("read:/~/1 of:n/x ");
  g_assert_nonnull (third);
  g_assert_null (rmi_reader_get_object (open_text ("{\"$ref\":5}"), G_TYPE_OBJECT));
  expect_error (RMI_ERROR_INVALID_ARGUMENTS, "params: expected a reference to an object");
  g_assert_null (rmi_reader_get_object (open_text ("{\"$ref\":\"/dead\"}"), G_TYPE_OBJECT));
  expect_error (RMI_ERROR_NO_SUCH_OBJECT, "params: gone");
  expect_log ("read:/dead ");
}

static void
test_references_have_one_owner (void)
{
  g_autoptr(GObject) object = NULL;

  rmi_reader_begin_array (open_text ("[{\"$ref\":\"/1\"},{\"x\":[{\"$ref\":\"/2\",\"n\":[1]}],\"$home\":\"/h\"},"
                                     "{\"$ref\":\"/3\"},{\"a\":{\"\\u0024ref\":\"\\/4\"},\"$$ref\":\"/no\",\"b\":\"$ref\"},[{\"$ref\":\"/5\"}]]"));
  rmi_reader_next_element (&reader);
  rmi_reader_skip (&reader);
  rmi_reader_next_element (&reader);
  rmi_reader_skip (&reader);
  rmi_reader_next_element (&reader);
  object = rmi_reader_get_object (&reader, G_TYPE_OBJECT);
  g_assert_nonnull (object);
  expect_log ("drop:/1 drop:/2 read:/3 ");
  rmi_reader_next_element (&reader);
  rmi_reader_get_uint32 (&reader);
  g_assert_false (rmi_reader_finish (&reader, NULL));
  expect_log ("drop:/4 drop:/5 ");
  g_assert_true (rmi_reader_finish (&reader, NULL));
  expect_log ("");

  rmi_reader_discard (RMI_SLICE_LITERAL ("[{\"$ref\" : \"/1\"},{\"$ref\":{\"$ref\":\"/2\"}},{\"$home\":\"/3\"}]"), &codec.parent);
  expect_log ("drop:/1 drop:/2 ");
}

static void
test_json_keeps_references_as_json (void)
{
  g_autoptr(JsonNode) node = rmi_reader_get_json (open_text ("{\"o\":{\"$ref\":\"/1\"},\"$$ref\":[1,2.5,null,true,\"s\",[],{}]}"));
  g_autoptr(RmiWriter) writer = rmi_writer_new (&limits, NULL);
  JsonObject *object;
  RmiSlice text;

  expect_done ();
  expect_log ("drop:/1 ");
  object = json_node_get_object (node);
  g_assert_cmpstr (json_object_get_string_member (json_object_get_object_member (object, "o"), "$ref"), ==, "/1");
  g_assert_cmpint (json_array_get_length (json_object_get_array_member (object, "$ref")), ==, 7);

  rmi_writer_add_json (writer, node);
  g_assert_true (rmi_writer_finish (writer, &text, NULL));
  g_assert_cmpmem (text.data, text.length, "{\"o\":{\"$$ref\":\"/1\"},\"$$ref\":[1,2.5,null,true,\"s\",[],{}]}",
                   strlen ("{\"o\":{\"$$ref\":\"/1\"},\"$$ref\":[1,2.5,null,true,\"s\",[],{}]}"));
}

static void
test_json_refuses_what_it_cannot_hold (void)
{
  g_autoptr(GString) deep = g_string_new (NULL);
  g_autoptr(JsonNode) node = NULL;
  RmiLimits deepest = limits;
  int i;

  g_assert_null (rmi_reader_get_json (open_text ("[9223372036854775808]")));
  expect_error (RMI_ERROR_INVALID_ARGUMENTS, "params[0]: 9223372036854775808 is out of range for a 64-bit integer");
  g_assert_null (rmi_reader_get_json (open_text ("{\"a\":{\"b\":\"\\u0000\"}}")));
  expect_error (RMI_ERROR_INVALID_ARGUMENTS, "params.a.b: U+0000 cannot be in a string");
  g_assert_null (rmi_reader_get_json (open_text ("{\"$ref\":1,\"$$ref\":2}")));
  expect_error (RMI_ERROR_INVALID_ARGUMENTS, "params[\"$$ref\"]: the key \"$ref\" is there twice");

  for (i = 0; i < RMI_LIMITS_MAX_DEPTH; i++)
    g_string_append_c (deep, '[');
  for (i = 0; i < RMI_LIMITS_MAX_DEPTH; i++)
    g_string_append_c (deep, ']');
  deepest.depth = RMI_LIMITS_MAX_DEPTH;
  rmi_reader_init (&reader, (RmiSlice) { deep->str, deep->len }, &deepest, NULL, RMI_ERROR_INVALID_ARGUMENTS, "params");
  node = rmi_reader_get_json (&reader);
  g_assert_nonnull (node);
  expect_done ();
}

/* Reads (i sku, mi count) and says what came. */
static void
expect_arguments (const char *text,
                  int         sku,
                  int         count)
{
  static const char *const names[] = { "sku", "count", NULL };

  rmi_reader_begin_arguments (open_text (text), names);
  if (rmi_reader_next_argument (&reader, FALSE))
    g_assert_cmpint (rmi_reader_get_int32 (&reader), ==, sku);
  if (rmi_reader_next_argument (&reader, TRUE))
    g_assert_cmpint (rmi_reader_get_int32 (&reader), ==, count);
  else
    g_assert_cmpint (count, ==, -1);
  rmi_reader_end_arguments (&reader);
}

static void
test_arguments (void)
{
  static const char *const none[] = { NULL };

  expect_arguments ("[1,2]", 1, 2);
  expect_done ();
  expect_arguments (" [ 1 ] ", 1, -1);
  expect_done ();
  expect_arguments ("{\"count\":2,\"sku\":1}", 1, 2);
  expect_done ();
  expect_arguments ("{ \"sk\\u0075\" : 1 }", 1, -1);
  expect_done ();
  expect_arguments ("[]", 0, -1);
  expect_error (RMI_ERROR_INVALID_ARGUMENTS, "params: the argument \"sku\" is missing");
  expect_arguments ("null", 0, -1);
  expect_error (RMI_ERROR_INVALID_ARGUMENTS, "params: the argument \"sku\" is missing");
  expect_arguments ("{\"count\":2}", 0, -1);
  expect_error (RMI_ERROR_INVALID_ARGUMENTS, "params: the argument \"sku\" is missing");
  expect_arguments ("[1,2,3]", 1, 2);
  expect_error (RMI_ERROR_INVALID_ARGUMENTS, "params: too many arguments, 2 are declared");
  expect_arguments ("[1,2 , null,null]", 1, 2);
  expect_done ();
  expect_arguments ("[1,2,null,3]", 1, 2);
  expect_error (RMI_ERROR_INVALID_ARGUMENTS, "params: too many arguments, 2 are declared");
  expect_arguments ("{\"size\":null,\"sku\":1}", 1, -1);
  expect_done ();
  expect_arguments ("{\"sku\":1,\"size\":3}", 0, -1);
  expect_error (RMI_ERROR_INVALID_ARGUMENTS, "params.size: there is no such argument");
  expect_arguments ("{\"count\":\"x\",\"sku\":1}", 1, 0);
  expect_error (RMI_ERROR_INVALID_ARGUMENTS, "params.count: expected a 32-bit integer, not a string");

  rmi_reader_begin_arguments (open_text ("{}"), none);
  rmi_reader_end_arguments (&reader);
  expect_done ();
  rmi_reader_begin_arguments (open_text ("[ null ]"), none);
  rmi_reader_end_arguments (&reader);
  expect_done ();
  rmi_reader_begin_arguments (open_text ("[0]"), none);
  rmi_reader_end_arguments (&reader);
  expect_error (RMI_ERROR_INVALID_ARGUMENTS, "params: too many arguments, 0 are declared");
}

static void
test_lone_object_is_the_argument (void)
{
  static const char *const names[] = { "order", NULL };
  static const char *const texts[] = { "{\"id\":7}", "{\"order\":{\"id\":7}}", "[{\"id\":7}]" };
  static const char *const members[] = { "id", NULL };
  guint i;

  for (i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      rmi_reader_begin_arguments (open_text (texts[i]), names);
      g_assert_true (rmi_reader_next_argument (&reader, FALSE));
      rmi_reader_begin_object (&reader);
      g_assert_cmpint (rmi_reader_next_member (&reader, members, -1, RMI_READER_STRICT), ==, 0);
      g_assert_cmpint (rmi_reader_get_int32 (&reader), ==, 7);
      g_assert_cmpint (rmi_reader_next_member (&reader, members, 0, RMI_READER_STRICT), ==, -1);
      rmi_reader_end_arguments (&reader);
      expect_done ();
    }
}

static void
test_references_in_named_arguments (void)
{
  static const char *const names[] = { "a", "b", "c", NULL };
  g_autoptr(GObject) object = NULL;

  rmi_reader_begin_arguments (open_text ("{\"c\":{\"$ref\":\"/c\"},\"b\":{\"$ref\":\"/b\"},\"a\":{\"$ref\":\"/a\"}}"), names);
  rmi_reader_next_argument (&reader, FALSE);
  object = rmi_reader_get_object (&reader, G_TYPE_OBJECT);
  rmi_reader_next_argument (&reader, FALSE);
  rmi_reader_get_int32 (&reader);
  expect_error (RMI_ERROR_INVALID_ARGUMENTS, "params.b: expected a 32-bit integer, not an object");
  expect_log ("read:/a drop:/b drop:/c ");

  rmi_reader_begin_arguments (open_text ("{\"c\":{\"$ref\":\"/c\"},\"x\":{\"$ref\":\"/x\"}}"), names);
  expect_error (RMI_ERROR_INVALID_ARGUMENTS, "params.x: there is no such argument");
  expect_log ("drop:/c drop:/x ");
}

static void
test_raw_access (void)
{
  RmiSlice object = RMI_SLICE_LITERAL (" {\"a\":{\"b\":1},\"\\u0062\":[2], \"c\" : null } ");
  RmiSlice value = rmi_json_lookup (object, "b");

  g_assert_true (rmi_slice_equals (value, "[2]", 3));
  value = rmi_json_lookup (object, "c");
  g_assert_true (rmi_slice_equals (value, "null", 4));
  g_assert_null (rmi_json_lookup (object, "d").data);
  g_assert_null (rmi_json_lookup (RMI_SLICE_LITERAL ("[]"), "d").data);

  rmi_reader_begin_object (open_text ("{\"\\u0061\":{\"$ref\":\"/1\"},\"b\":2}"));
  value = rmi_reader_next_raw_key (&reader, NULL);
  g_assert_true (rmi_slice_equals (value, "a", 1));
  value = rmi_reader_get_raw (&reader);
  g_assert_true (rmi_slice_equals (value, "{\"$ref\":\"/1\"}", 13));
  value = rmi_reader_next_raw_key (&reader, NULL);
  g_assert_true (rmi_slice_equals (value, "b", 1));
  rmi_reader_skip (&reader);
  g_assert_null (rmi_reader_next_raw_key (&reader, NULL).data);
  expect_done ();
  expect_log ("");

  rmi_reader_init (&reader, (RmiSlice) RMI_SLICE_INIT, NULL, NULL, RMI_ERROR_BAD_REPLY, "result");
  g_assert_true (rmi_reader_take_null (&reader));
  expect_done ();
}

int
main (int   argc,
      char *argv[])
{
  int status;

  g_test_init (&argc, &argv, NULL);
  rmi_limits_init_network (&limits);
  codec.log = g_string_new (NULL);

  g_test_add_func ("/rmi/reader/integers-are-exact", test_integers);
  g_test_add_func ("/rmi/reader/integers-are-never-clamped", test_integers_never_clamped);
  g_test_add_func ("/rmi/reader/doubles-take-any-number", test_doubles);
  g_test_add_func ("/rmi/reader/arrays-of-doubles-are-read-whole", test_double_arrays);
  g_test_add_func ("/rmi/reader/arrays-of-doubles-are-charged", test_double_arrays_are_charged);
  g_test_add_func ("/rmi/reader/strings-are-unescaped", test_strings);
  g_test_add_func ("/rmi/reader/bytes-are-strict-base64", test_bytes);
  g_test_add_func ("/rmi/reader/enums-and-flags-are-nicks", test_enums);
  g_test_add_func ("/rmi/reader/errors-say-where", test_errors_say_where);
  g_test_add_func ("/rmi/reader/members-come-in-any-order", test_members_in_any_order);
  g_test_add_func ("/rmi/reader/dict-keys-lose-a-dollar", test_dict_keys);
  g_test_add_func ("/rmi/reader/decoding-has-a-budget", test_budget);
  g_test_add_func ("/rmi/reader/references-become-objects", test_references);
  g_test_add_func ("/rmi/reader/references-have-one-owner", test_references_have_one_owner);
  g_test_add_func ("/rmi/reader/json-keeps-references-as-json", test_json_keeps_references_as_json);
  g_test_add_func ("/rmi/reader/json-refuses-what-it-cannot-hold", test_json_refuses_what_it_cannot_hold);
  g_test_add_func ("/rmi/reader/arguments-by-position-and-name", test_arguments);
  g_test_add_func ("/rmi/reader/lone-object-is-the-argument", test_lone_object_is_the_argument);
  g_test_add_func ("/rmi/reader/references-in-named-arguments", test_references_in_named_arguments);
  g_test_add_func ("/rmi/reader/raw-access", test_raw_access);
  status = g_test_run ();

  g_string_free (codec.log, TRUE);
  g_free (current);
  return status;
}
