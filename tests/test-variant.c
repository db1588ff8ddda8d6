/* tests/test-variant.c: GVariant to JSON and back
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "config.h"

#include "rmi/rmi-reader-internal.h"
#include "rmi/rmi-scanner-internal.h"
#include "rmi/rmi-writer-internal.h"

static RmiLimits limits;

static char *
write_variant (GVariant  *value,
               GError   **error)
{
  g_autoptr(RmiWriter) writer = rmi_writer_new (&limits, NULL);
  RmiSlice text;

  rmi_writer_add_variant (writer, value);
  if (!rmi_writer_finish (writer, &text, error))
    return NULL;
  return g_strndup (text.data, text.length);
}

static GVariant *
read_variant (const char  *text,
              const char  *type,
              GError     **error)
{
  g_autofree char *copy = g_memdup2 (text, strlen (text));
  RmiSlice slice = { copy, strlen (text) };
  g_autoptr(GError) scan_error = NULL;
  GVariant *value;
  RmiReader reader;

  rmi_scanner_check (slice, &limits, NULL, NULL, &scan_error);
  g_assert_no_error (scan_error);
  rmi_reader_init (&reader, slice, &limits, NULL, RMI_ERROR_INVALID_ARGUMENTS, "params");
  value = rmi_reader_get_variant (&reader, type);
  if (value != NULL)
    {
      g_assert_false (g_variant_is_floating (value));
      g_assert_cmpint (rmi_reader_peek (&reader), ==, 0);
    }
  g_assert_true (rmi_reader_finish (&reader, error) == (value != NULL));
  return value;
}

/* write → read → write agrees. */
static void
expect_round_trip (GVariant   *value,
                   const char *json)
{
  g_autoptr(GVariant) owned = g_variant_ref_sink (value);
  g_autoptr(GVariant) back = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *text = write_variant (owned, &error);
  g_autofree char *again = NULL;

  g_assert_no_error (error);
  if (json != NULL)
    g_assert_cmpstr (text, ==, json);
  back = read_variant (text, g_variant_get_type_string (owned), &error);
  g_assert_no_error (error);
  g_assert_cmpvariant (owned, back);
  again = write_variant (back, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (again, ==, text);
}

static void
test_every_type (void)
{
  static const struct { const char *text, *json; } cases[] = {
    { "true", "true" }, { "byte 255", "255" }, { "int16 -5", "-5" }, { "uint16 65535", "65535" }, { "int32 -7", "-7" },
    { "uint32 4294967295", "4294967295" }, { "int64 9007199254740991", "9007199254740991" },
    { "int64 -9223372036854775808", "\"-9223372036854775808\"" }, { "uint64 18446744073709551615", "\"18446744073709551615\"" },
    { "1.5", "1.5" }, { "'grüß'", "\"grüß\"" }, { "objectpath '/a'", "\"/a\"" }, { "signature 'a{sv}'", "\"a{sv}\"" },
    { "@ay [1,2,3]", "\"AQID\"" }, { "@ay []", "\"\"" }, { "['a','b']", "[\"a\",\"b\"]" }, { "@as []", "[]" }, { "@ai []", "[]" },
    { "[1,2]", "[1,2]" }, { "[true,false]", "[true,false]" }, { "[1.5,2.5]", "[1.5,2.5]" }, { "@ax [1,-9223372036854775808]", "[1,\"-9223372036854775808\"]" },
    { "@an [-1,2]", NULL }, { "@aq [1,2]", NULL }, { "@au [1,2]", NULL }, { "@at [1,2]", NULL },
    { "{'a':1,'$ref':2}", "{\"a\":1,\"$$ref\":2}" }, { "@a{sv} {}", "{}" }, { "{objectpath '/a':1}", "{\"/a\":1}" },
    { "{1:'a',2:'b'}", "[[1,\"a\"],[2,\"b\"]]" }, { "{1,'a'}", "[1,\"a\"]" }, { "@ms nothing", "null" }, { "@ms 'a'", "\"a\"" },
    { "()", "[]" }, { "(1,'a',[true])", "[1,\"a\",[true]]" }, { "<uint32 5>", "{\"type\":\"u\",\"data\":5}" },
    { "<<'a'>>", "{\"type\":\"v\",\"data\":{\"type\":\"s\",\"data\":\"a\"}}" },
    { "{'a':<[(1,@mv <2>)]>}", NULL }, { "[{'a':['b']},{}]", "[{\"a\":[\"b\"]},{}]" }, { "@aay [[1],[]]", "[\"AQ==\",\"\"]" },
  };
  guint i;

  for (i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(GVariant) value = g_variant_parse (NULL, cases[i].text, NULL, NULL, &error);

      g_assert_no_error (error);
      expect_round_trip (value, cases[i].json);
    }
}

static void
test_bare_json (void)
{
  static const struct { const char *json, *text; } cases[] = {
    { "\"a\"", "<'a'>" }, { "true", "<true>" }, { "5", "<int64 5>" }, { "5.0", "<5.0>" }, { "1e3", "<1000.0>" },
    { "[1,\"a\"]", "<[<int64 1>,<'a'>]>" }, { "[]", "<@av []>" }, { "{\"a\":{\"b\":[]}}", "<{'a':<{'b':<@av []>}>}>" },
    { "{\"type\":\"book\",\"data\":1,\"title\":2}", "<{'type':<'book'>,'data':<int64 1>,'title':<int64 2>}>" },
    { "{\"type\":\"u\"}", "<{'type':<'u'>}>" }, { "{\"data\" : [1] , \"type\" : \"a\\u0069\"}", "<[1]>" },
    { "{\"type\":1,\"data\":2}", "<{'type':<int64 1>,'data':<int64 2>}>" },
  };
  guint i;

  for (i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GVariant) expected = g_variant_parse (G_VARIANT_TYPE_VARIANT, cases[i].text, NULL, NULL, NULL);
      g_autoptr(GError) error = NULL;
      g_autoptr(GVariant) value = read_variant (cases[i].json, "v", &error);

      g_assert_no_error (error);
      g_assert_cmpvariant (value, expected);
    }
}

static void
test_bad_values (void)
{
  static const struct { const char *type, *json, *message; } cases[] = {
    { "(is)", "[1]", "params: expected 2 items, not 1" },
    { "(is)", "[1,\"a\",2]", "params[2]: expected 2 items, not more" },
    { "()", "[1]", "params[0]: expected 0 items, not more" },
    { "a{sv}", "[]", "params: expected an object, not an array" },
    { "a{ii}", "{}", "params: expected an array, not an object" },
    { "a{ii}", "[[1]]", "params[0]: expected 2 items, not 1" },
    { "a{oi}", "{\"x\":1}", "params.x: the key is no object path" },
    { "aai", "[[1],[\"a\"]]", "params[1][0]: expected a 32-bit integer, not a string" },
    { "a{sv}", "{\"$ref\":1,\"a\":2,\"$$ref\":3}", "params[\"$$ref\"]: the key \"$ref\" is there twice" },
    { "v", "null", "params: expected a variant, not null" },
    { "v", "18446744073709551615", "params: 18446744073709551615 is out of range for a 64-bit integer" },
    { "v", "{\"type\":\"u\",\"data\":-1}", "params.data: -1 is out of range for an unsigned 32-bit integer" },
    { "s", "\"\\u0000\"", "params: U+0000 cannot be in a string" },
    { "ay", "[1,2]", "params: expected bytes in base64, not an array" },
    { "h", "1", "params: a value of type \"h\" cannot be passed" },
    { "mmi", "1", "params: a maybe inside a maybe cannot be passed" },
  };
  static const char *const signatures[] = { "", "ii", "*", "a?", "r", "x\\u0000", "((((", "a", "{vi}" };
  g_autofree char *longest = g_strnfill (300, 'a');
  g_autofree char *text = g_strdup_printf ("{\"type\":\"%si\",\"data\":1}", longest);
  guint i;

  for (i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_null (read_variant (cases[i].json, cases[i].type, &error));
      g_assert_cmpstr (error->message, ==, cases[i].message);
    }
  for (i = 0; i < G_N_ELEMENTS (signatures); i++)
    {
      g_autofree char *json = g_strdup_printf ("{\"type\":\"%s\",\"data\":1}", signatures[i]);
      g_autoptr(GError) error = NULL;

      g_assert_null (read_variant (json, "v", &error));
      g_assert_error (error, RMI_ERROR, RMI_ERROR_INVALID_ARGUMENTS);
    }
  g_assert_null (read_variant (text, "v", NULL));
}

static void
test_depth (void)
{
  static const char *const opening[] = { "{\"type\":\"v\",\"data\":", "{\"data\":[1],\"a\":", "[" };
  static const char *const closing[] = { "}", "}", "]" };
  guint i, depth;

  limits.depth = RMI_LIMITS_MAX_DEPTH;
  for (i = 0; i < G_N_ELEMENTS (opening); i++)
    for (depth = 20; depth < 500; depth += 60)
      {
        g_autoptr(GString) text = g_string_new (NULL);
        g_autoptr(GError) error = NULL;
        g_autoptr(GVariant) value = NULL;
        guint n;

        for (n = 0; n < depth; n++)
          g_string_append (text, opening[i]);
        g_string_append (text, "5");
        for (n = 0; n < depth; n++)
          g_string_append (text, closing[i]);
        value = read_variant (text->str, "v", &error);
        if (depth == 20)
          g_assert_no_error (error);
        else
          g_assert_error (error, RMI_ERROR, RMI_ERROR_LIMIT);
      }
  rmi_limits_init_network (&limits);
}

static void
test_unwritable (void)
{
  static const struct { const char *text; int code; } cases[] = {
    { "handle 1", RMI_ERROR_NOT_SUPPORTED }, { "@mmi just nothing", RMI_ERROR_NOT_SUPPORTED },
    { "[{'a':<handle 1>}]", RMI_ERROR_NOT_SUPPORTED }, { "{'a':1,'a':2}", RMI_ERROR_INVALID_ARGUMENTS },
  };
  guint i;

  for (i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GVariant) value = g_variant_parse (NULL, cases[i].text, NULL, NULL, NULL);
      g_autoptr(GError) error = NULL;

      g_assert_nonnull (value);
      g_assert_null (write_variant (value, &error));
      g_assert_error (error, RMI_ERROR, cases[i].code);
    }
}

static GVariant *
random_variant (int depth)
{
  GVariantBuilder builder;
  int i, n = g_test_rand_int_range (0, 4);

  switch (g_test_rand_int_range (0, depth > 0 ? 12 : 7))
    {
    case 0:
      return g_variant_new_int64 ((guint64) g_test_rand_int () << 32 | (guint32) g_test_rand_int ());
    case 1:
      return g_variant_new_uint64 ((guint64) g_test_rand_int () << 32 | (guint32) g_test_rand_int ());
    case 2:
      return g_variant_new_double (g_test_rand_double_range (-1e9, 1e9));
    case 3:
      return g_variant_new_boolean (g_test_rand_bit ());
    case 4:
      return g_variant_new_take_string (g_strdup_printf ("\"%c\\ü%d\n", g_test_rand_int_range (1, 127), n));
    case 5:
      return g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, "\x01\xff\x80\x00", n, 1);
    case 6:
      return g_variant_new_byte (n);
    case 7:
      g_variant_builder_init (&builder, G_VARIANT_TYPE_VARDICT);
      for (i = 0; i < n; i++)
        {
          g_autofree char *key = g_strdup_printf ("%s%d", g_test_rand_bit () ? "$$ref" : "$", i);

          g_variant_builder_add (&builder, "{sv}", key, random_variant (depth - 1));
        }
      return g_variant_builder_end (&builder);
    case 8:
      g_variant_builder_init (&builder, G_VARIANT_TYPE ("av"));
      for (i = 0; i < n; i++)
        g_variant_builder_add (&builder, "v", random_variant (depth - 1));
      return g_variant_builder_end (&builder);
    case 9:
      return g_variant_new_maybe (G_VARIANT_TYPE_VARIANT, n > 0 ? g_variant_new_variant (random_variant (depth - 1)) : NULL);
    case 10:
      g_variant_builder_init (&builder, G_VARIANT_TYPE_TUPLE);
      for (i = 0; i < n; i++)
        g_variant_builder_add_value (&builder, random_variant (depth - 1));
      return g_variant_builder_end (&builder);
    default:
      return g_variant_new_variant (random_variant (depth - 1));
    }
}

static void
test_random (void)
{
  int i;

  for (i = 0; i < 3000; i++)
    expect_round_trip (random_variant (5), NULL);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  rmi_limits_init_network (&limits);

  g_test_add_func ("/rmi/variant/every-type-goes-and-comes-back", test_every_type);
  g_test_add_func ("/rmi/variant/bare-json-is-a-variant", test_bare_json);
  g_test_add_func ("/rmi/variant/bad-values-are-located-errors", test_bad_values);
  g_test_add_func ("/rmi/variant/depth-is-bounded", test_depth);
  g_test_add_func ("/rmi/variant/unwritable-types-are-errors", test_unwritable);
  g_test_add_func ("/rmi/variant/random-values-go-and-come-back", test_random);
  return g_test_run ();
}
