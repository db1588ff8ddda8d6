/* tests/test-scanner.c: what is JSON and what is not
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "config.h"

#include "rmi/rmi-error.h"
#include "rmi/rmi-scanner-internal.h"
#include "rmi/rmi-siphash-internal.h"

typedef struct
{
  const char *text;
  const char *message;        /* what the error must contain */
} Bad;

static RmiLimits limits;

static gboolean
check_n (const char  *text,
         gsize        length,
         GError     **error)
{
  /* a copy of exactly this size: the sanitizer sees every byte read beyond */
  g_autofree char *copy = g_memdup2 (text, MAX (length, 1));

  return rmi_scanner_check ((RmiSlice) { copy, length }, &limits, NULL, NULL, error);
}

static void
assert_good (const char *text)
{
  g_autoptr(GError) error = NULL;

  check_n (text, strlen (text), &error);
  g_assert_no_error (error);
}

static void
assert_bad_n (const char *text,
              gsize       length,
              int         code,
              const char *message)
{
  g_autoptr(GError) error = NULL;

  g_assert_false (check_n (text, length, &error));
  g_assert_error (error, RMI_ERROR, code);
  if (message != NULL && strstr (error->message, message) == NULL)
    g_error ("\"%s\" does not say \"%s\"", error->message, message);
}

static void
assert_bad (const char *text,
            int         code,
            const char *message)
{
  assert_bad_n (text, strlen (text), code, message);
}

static void
assert_each_bad (const Bad *bad,
                 gsize      n)
{
  for (gsize i = 0; i < n; i++)
    assert_bad (bad[i].text, RMI_ERROR_PARSE, bad[i].message);
}

static const char sample[] =
  "{\"id\": 12, \"名\":[true,false,null,-0.5e+3,\"a\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\ud83d\\ude00 ü東😀\"],\r\n"
  "\t\"o\":{\"\":{},\"a\":[[],[[ ]],{\"x\":0}],\"long\":\"0123456789abcdefghijklmnopqrstuvwxyz\"},\"z\":1.25}";

static void
test_accepts (void)
{
  static const char *const good[] = {
    "0", "-0", "1.5", "-0.0", "1e5", "1E-5", "1e+308", "1e-999", "123456789012345678901234567890", "true", "false", "null",
    "\"\"", "\"a\"", " \t\r\n[] \n", "[1,2,3]", "[ 1 , 2 ]", "{}", "{ }", "{\"a\":1}", "{ \"a\" : 1 , \"b\" : 2 }",
    "[[[[]]]]", "[{},{}]", "\"\\u0000\"", "\"\\uD83D\\uDE00\"", "\"\x7f\"", "\"\\/\"", "{\"a\":{\"a\":{\"a\":1}},\"b\":{\"a\":2}}",
    "\"\xc2\x80 \xdf\xbf \xe0\xa0\x80 \xed\x9f\xbf \xee\x80\x80 \xf0\x90\x80\x80 \xf4\x8f\xbf\xbf\"", "\"\xef\xbb\xbf\"",
    "\"\xef\xbf\xbe\"", sample,
  };

  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    assert_good (good[i]);
}

static void
test_grammar (void)
{
  static const Bad bad[] = {
    { "", "Byte 0: a value expected, but the text ends" }, { " ", "Byte 1" }, { "[", "text ends" }, { "]", "Byte 0" },
    { "[1", "',' or ']' expected" }, { "[1,", "a value expected" }, { "[1,]", "Byte 3" }, { "[,1]", "Byte 1" }, { "[1 2]", "Byte 3" },
    { "{", "a member's name expected" }, { "{\"a\"", "':' expected" }, { "{\"a\":", "a value" }, { "{\"a\":1,}", "a member's name" },
    { "{a:1}", "not 'a'" }, { "{1:1}", "a member's name" }, { "{\"a\" 1}", "':'" }, { "{\"a\":1]", "'}'" }, { "[1}", "']'" },
    { "{\"a\":1 \"b\":2}", "',' or '}'" }, { "{,}", "a member's name" }, { "[}", "a value" }, { "{]", "a member's name" },
    { "tru", "a value" }, { "True", "a value" }, { "nul", "a value" }, { "falsee", "end of the text" }, { "NaN", "a value" },
    { "Infinity", "a value" }, { "'a'", "a value" }, { "/* */1", "a value" }, { "[1]//", "end of the text" }, { "1 2", "Byte 2" },
    { "{}{}", "Byte 2: the end of the text expected" }, { "\xef\xbb\xbf{}", "not the byte 0xef" }, { "\f1", "not the byte 0x0c" },
    { "\"a", "string not closed" }, { "\"", "string not closed" }, { "undefined", "a value" }, { "[1]]", "Byte 3" },
  };

  assert_each_bad (bad, G_N_ELEMENTS (bad));
  assert_bad_n ("1\0", 2, RMI_ERROR_PARSE, "not the byte 0x00");
  assert_bad_n ("[\0]", 3, RMI_ERROR_PARSE, "Byte 1");
}

static void
test_numbers (void)
{
  static const Bad bad[] = {
    { "01", "end of the text" }, { "-01", NULL }, { "+1", "a value" }, { "-", "a digit" }, { "-a", "a digit" }, { ".5", "a value" },
    { "1.", "a digit" }, { "1.e5", "a digit" }, { "1e", "a digit" }, { "1e+", "a digit" }, { "0x10", NULL }, { "1e5.5", NULL },
    { "[1e999]", "Byte 1: number beyond the range of a double" }, { "-1e999", "range" }, { "1.8e308", "range" },
    { "1e99999999999999999999", "range" }, { "1_000", NULL }, { "--1", "a digit" },
  };

  assert_each_bad (bad, G_N_ELEMENTS (bad));
}

static void
test_long_numbers (void)
{
  g_autofree char *digits = g_strnfill (400, '9');
  g_autofree char *fits = g_strndup (digits, limits.number_chars);

  assert_good (fits);
  assert_bad (digits, RMI_ERROR_LIMIT, "number_chars");
  limits.number_chars = 1000;
  assert_bad (digits, RMI_ERROR_PARSE, "range");
  for (int n = 200; n < 220; n++)
    {
      g_autofree char *large = g_strdup_printf ("%.*se99", n, digits);
      g_autofree char *small = g_strdup_printf ("-%.*s.0E-99", n, digits);

      assert_good (small);
      if (n + 99 <= 308)      /* 9.99e307, and 9.99e308 */
        assert_good (large);
      else
        assert_bad (large, RMI_ERROR_PARSE, "range");
    }
  assert_good ("0e9999");
  assert_good ("1e308");
  assert_good ("1e-99999999999999999999");
  rmi_limits_init_network (&limits);
}

/* In arrays of arrays, where a number leads straight to the next. */
static void
test_many_numbers (void)
{
  static const Bad bad[] = {
    { "[[1,2", "Byte 5: ',' or ']' expected, but the text ends" }, { "[[1,2,", "Byte 6: a value expected" },
    { "[[1,-", "Byte 5: a digit" }, { "[[1,-]]", "Byte 5: a digit" }, { "[[1,02]]", "Byte 5: ',' or ']'" },
    { "[[1,2}]", "Byte 5: ',' or ']'" }, { "[[1,2.]]", "Byte 6: a digit" }, { "[[1,1e309,2]]", "Byte 4: number beyond the range" },
    { "[[1,,2]]", "Byte 4: a value" }, { "[[1,2]", "',' or ']'" }, { "[{\"a\":1,2}]", "Byte 8: a member's name" },
    { "[{\"a\":1,-2}]", "Byte 8: a member's name" },
  };

  assert_each_bad (bad, G_N_ELEMENTS (bad));
  assert_good ("[[1,-2,3.5,4e5 , 6,\"7\",8,{\"a\":9,\"b\":10},11,12],13,[14],0]");

  limits.values = 5;
  assert_good ("[[1,2,3]]");
  assert_bad ("[[1,2,3,4]]", RMI_ERROR_LIMIT, "Byte 8: number of values exceeds the limit of 5 (values)");
  limits.number_chars = 3;
  assert_good ("[[1,222,3]]");
  assert_bad ("[[1,2222,3]]", RMI_ERROR_LIMIT, "Byte 4: length of a number");
  rmi_limits_init_network (&limits);
}

static const char *const right_numbers[] = {
  "0", "7", "-1", "0.5", "-0.25", "-0", "10", "1234567890", "3.141592653589793", "-27182818284.59045", "99.99", "1e5", "-2.5E-7", "100000000000000000000000000000000000000000",
};
static const char *const wrong_numbers[] = {
  "01", "-01", "00", "-", ".", ".5", "5.", "-.5", "1..2", "1.2.3", "1-2", "--1", "1.-2", "", " ", "1 2", "1e", "+1", "x", "1.5e", "\"",
};

/* A long array of numbers, @wrong (nullable) at the place @at. */
static char *
make_numbers (guint       n,
              guint       at,
              const char *wrong)
{
  g_autoptr(GString) text = g_string_new ("[[");

  for (guint i = 0; i < n; i++)
    {
      guint kind = (guint) g_test_rand_int_range (0, g_test_rand_bit () ? G_N_ELEMENTS (right_numbers) : 4);

      if (i > 0)
        g_string_append_c (text, ',');
      g_string_append (text, i == at && wrong != NULL ? wrong : right_numbers[kind]);
    }
  g_string_append (text, "]]");
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* Numbers are checked many at once if there are many: this must not change what is said of them. */
static void
test_long_runs (void)
{
  for (guint round = 0; round < 1000; round++)
    {
      guint n = (guint) g_test_rand_int_range (2, 120);
      guint at = (guint) g_test_rand_int_range (0, n);
      const char *wrong = round % 4 == 0 ? NULL : wrong_numbers[round % G_N_ELEMENTS (wrong_numbers)];
      g_autofree char *text = make_numbers (n, at, wrong);
      g_autoptr(GError) error = NULL;
      g_autoptr(GError) error_one_by_one = NULL;
      gboolean is_valid = check_n (text, strlen (text), &error);

      g_assert_true (is_valid == (wrong == NULL));
      limits.number_chars = 127;
      g_assert_true (is_valid == check_n (text, strlen (text), &error_one_by_one));
      if (!is_valid)
        g_assert_cmpstr (error->message, ==, error_one_by_one->message);

      limits.values = n + 1;         /* the outer array is one, the inner one another */
      g_clear_error (&error);
      limits.number_chars = 256;
      if (is_valid)
        {
          g_assert_false (check_n (text, strlen (text), &error));
          g_assert_error (error, RMI_ERROR, RMI_ERROR_LIMIT);
          limits.values = n + 2;
          assert_good (text);
        }
      rmi_limits_init_network (&limits);
    }
}

static void
test_strings (void)
{
  static const Bad bad[] = {
    { "\"\n\"", "Byte 1: control byte" }, { "\"aaaaaaaaaaaaaaaaaaaaaaa\t\"", "Byte 24: control byte" }, { "\"\x1f\"", "control byte" },
    { "\"\\a\"", "unknown escape" }, { "\"\\\"", "string not closed" }, { "\"\\", "unknown escape" }, { "\"\\U0041\"", "unknown escape" },
    { "\"\\u\"", "hexadecimal" }, { "\"\\u12", "hexadecimal" }, { "\"\\u12g4\"", "hexadecimal" }, { "\"\\x41\"", "unknown escape" },
    { "\"\\ud800\"", "lone surrogate" }, { "\"\\udc00\"", "lone surrogate" }, { "\"\\ud800\\ud800\"", "lone surrogate" },
    { "\"\\ud800\\u0041\"", "lone surrogate" }, { "\"\\ud800x\"", "lone surrogate" }, { "\"\\ud800\\n\"", "lone surrogate" },
    { "\"\\ud800\\u", "hexadecimal" }, { "\"\\ud83d\\ude0", "hexadecimal" }, { "[\"\\udfff\\ud800\"]", "lone surrogate" },
  };

  assert_each_bad (bad, G_N_ELEMENTS (bad));
  assert_bad_n ("\"\0\"", 3, RMI_ERROR_PARSE, "control byte");
  for (char c = 1; c < 0x20; c++)
    {
      char text[] = "\"x\"";

      text[1] = c;
      assert_bad (text, RMI_ERROR_PARSE, "control byte");
    }
}

static void
test_utf8 (void)
{
  static const char *const bad[] = {
    "\x80", "\xbf", "\xc0\x80", "\xc1\xbf", "\xc2", "\xc2\x20", "\xe0\x80\x80", "\xe0\x9f\xbf", "\xe2\x82", "\xed\xa0\x80",
    "\xed\xbf\xbf", "\xf0\x80\x80\x80", "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff", "\xfe", "\xf0\x9f\x98",
    "\xf8\x88\x80\x80\x80", "\xe2\x28\xa1", "\xe2\x82\x28", "\xf0\x9f\x98\x28",
  };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autofree char *value = g_strdup_printf ("[\"some text before it %s\"]", bad[i]);
      g_autofree char *key = g_strdup_printf ("{\"%s\":1}", bad[i]);
      g_autofree char *cut = g_strdup_printf ("\"%s", bad[i]);

      assert_bad (value, RMI_ERROR_PARSE, "invalid UTF-8");
      assert_bad (key, RMI_ERROR_PARSE, "Byte 2: invalid UTF-8");
      assert_bad (cut, RMI_ERROR_PARSE, "invalid UTF-8");
    }
}

/* The scanner and GLib agree on every sequence of up to three bytes and many of four. */
static void
test_utf8_like_glib (void)
{
  for (guint lead = 0x80; lead < 0x100; lead++)
    for (guint second = 0x7f; second < 0xc1; second++)
      for (guint third = 0x7f; third < 0xc1; third += 5)
        {
          char text[] = { '"', lead, second, third, '\x80', '"', 0 };
          gboolean is_valid = g_utf8_validate (text + 1, 4, NULL);

          g_assert_true (check_n (text, 6, NULL) == is_valid);
          text[4] = '"';
          is_valid = g_utf8_validate (text + 1, 3, NULL);
          g_assert_true (check_n (text, 5, NULL) == is_valid);
        }
}

static void
test_duplicates (void)
{
  static const Bad bad[] = {
    { "{\"a\":1,\"a\":2}", "Byte 7: duplicate member \"a\"" }, { "{\"\":1,\"\":2}", "duplicate" },
    { "{\"a\":1,\"\\u0061\":2}", "duplicate member \"a\"" }, { "{\"\\u0061\":1,\"a\":2}", "duplicate" },
    { "{\"\\/\":1,\"/\":2}", "duplicate" }, { "{\"é\":1,\"\\u00e9\":2}", "duplicate" }, { "{\"😀\":1,\"\\ud83d\\uDE00\":2}", "duplicate" },
    { "{\"x\":{\"b\":1,\"a\":[],\"b\":2}}", "duplicate member \"b\"" }, { "{\"a\":{\"b\":1},\"c\":3,\"a\":{}}", "duplicate" },
    { "{\"\\u0000\":1,\"\\u0000\":2}", "duplicate" },
  };

  assert_each_bad (bad, G_N_ELEMENTS (bad));
  assert_good ("{\"a\":1,\"A\":2,\"aa\":3,\"\\u0000\":4,\"\":5,\"aba\":6,\"aca\":7,\"abca\":8}");
}

static char *
make_object (guint       n_members,
             const char *last)
{
  GString *text = g_string_new ("{");

  for (guint i = 0; i < n_members; i++)
    g_string_append_printf (text, "\"member%u\":{\"member\":%u},", i, i);
  g_string_append_printf (text, "\"%s\":0}", last);
  return g_string_free (text, FALSE);
}

/* Adds an object whose members are among six, some of them arrays of objects. Returns whether a name comes twice in it. */
static gboolean
add_random_object (GString *text,
                   guint    depth)
{
  static const char *const names[] = { "a", "b", "c", "\\u0061", "d\\\"", "d" };
  static const guint meanings[] = { 0, 1, 2, 0, 3, 4 };
  gboolean has_twice = FALSE;
  guint seen = 0;
  guint n = g_test_rand_int_range (0, 4);

  g_string_append_c (text, '{');
  for (guint i = 0; i < n; i++)
    {
      guint name = g_test_rand_int_range (0, 3) > 0 ? i : (guint) g_test_rand_int_range (0, G_N_ELEMENTS (names));
      guint n_objects = depth < 3 ? g_test_rand_int_range (0, 4) : 0;

      has_twice |= (seen & 1u << meanings[name]) != 0;
      seen |= 1u << meanings[name];
      g_string_append_printf (text, "%s\"%s\"%s:[", i > 0 ? "," : "", names[name], g_test_rand_bit () ? " " : "");
      for (guint j = 0; j < n_objects; j++)
        {
          if (j > 0)
            g_string_append_c (text, ',');
          has_twice |= add_random_object (text, depth + 1);
        }
      g_string_append_c (text, ']');
    }
  g_string_append_c (text, '}');
  return has_twice;
}

static void
test_duplicates_anywhere (void)
{
  guint n_bad = 0;

  for (guint i = 0; i < 20000; i++)
    {
      g_autoptr(GString) text = g_string_new ("[");
      gboolean has_twice = add_random_object (text, 0);

      g_string_append_c (text, ',');
      has_twice |= add_random_object (text, 0);
      g_string_append_c (text, ']');
      n_bad += has_twice;
      if (has_twice)
        assert_bad (text->str, RMI_ERROR_PARSE, "duplicate member");
      else
        assert_good (text->str);
    }
  g_assert_cmpuint (n_bad, >, 1000);
  g_assert_cmpuint (n_bad, <, 19000);
}

/* Not even where the object before had a name that looks like it. */
static void
test_repeated_names (void)
{
  static const Bad bad[] = {
    { "[{\"a\\\"\":1},{\"a\"\":1}]", "':' expected" }, { "[{\"a\":1},{\"a:1}]", "not closed" },
    { "[{\"a\":1},{\"a\"", "':' expected" }, { "[{\"a\":1},{\"a\":", "a value expected" },
    { "[{\"a\":1,\"b\":2},{\"b\":1},{\"b\":1,\"b\":2}]", "duplicate" }, { "{\"a\":{\"a\":1},\"a\":2}", "duplicate" },
    { "[{\"a\\u0001\":1},{\"a\001\":1}]", "control byte" },
  };

  assert_each_bad (bad, G_N_ELEMENTS (bad));
  assert_good ("[{\"a\":1,\"b\":2},{\"a\":1},{\"a\":1,\"b\":2},{\"b\":{\"a\":3},\"a\":1}]");
}

static void
test_duplicates_in_large_objects (void)
{
  for (guint n = 1; n < 200; n++)
    {
      g_autofree char *first = make_object (n, "member0");
      g_autofree char *escaped = make_object (n, "\\u006dember0");
      g_autofree char *last = g_strdup_printf ("member%u", n - 1);
      g_autofree char *near = make_object (n, last);
      g_autofree char *good = make_object (n, "other");

      assert_bad (first, RMI_ERROR_PARSE, "duplicate member \"member0\"");
      assert_bad (escaped, RMI_ERROR_PARSE, "duplicate member \"member0\"");
      assert_bad (near, RMI_ERROR_PARSE, "duplicate");
      assert_good (good);
    }
}

static void
test_limits (void)
{
  g_autofree char *deep = g_strnfill (100000, '[');
  g_autofree char *open = g_strnfill (limits.depth, '[');
  g_autofree char *close = g_strnfill (limits.depth, ']');
  g_autofree char *nested = g_strconcat (open, close, NULL);
  g_autofree char *name = g_strnfill (limits.key_bytes, 'k');
  g_autofree char *named = g_strdup_printf ("{\"%s\":1}", name);
  g_autofree char *named_longer = g_strdup_printf ("{\"%sk\":1}", name);
  g_autofree char *escaped = g_strdup_printf ("{\"\\u006b%s\":1}", name + 1);
  g_autofree char *full = make_object (limits.members - 1, "last");
  g_autofree char *fuller = make_object (limits.members, "last");

  assert_good (nested);
  assert_bad (deep, RMI_ERROR_LIMIT, "Byte 64: depth exceeds the limit of 64 (depth)");
  assert_good (named);
  assert_good (escaped);
  assert_bad (named_longer, RMI_ERROR_LIMIT, "(key_bytes)");
  assert_good (full);
  assert_bad (fuller, RMI_ERROR_LIMIT, "(members)");

  limits.values = 4;
  assert_good ("[1,2,{}]");
  assert_bad ("[1,2,[3]]", RMI_ERROR_LIMIT, "(values)");
  limits.depth = G_MAXUINT;
  limits.values = G_MAXUINT;
  assert_bad (deep, RMI_ERROR_LIMIT, "limit of 512 (depth)");
  rmi_limits_init_network (&limits);
}

static void
test_truncations (void)
{
  gsize length = strlen (sample);

  assert_good (sample);
  for (gsize i = 0; i < length; i++)
    assert_bad_n (sample, i, RMI_ERROR_PARSE, NULL);
}

static void
test_mutations (void)
{
  gsize length = strlen (sample);

  for (int i = 0; i < 100000; i++)
    {
      g_autoptr(GError) error = NULL;
      char text[sizeof sample];

      memcpy (text, sample, length);
      for (int n = g_test_rand_int_range (1, 4); n > 0; n--)
        if (n % 2 != 0)
          text[g_test_rand_int_range (0, length)] = g_test_rand_int_range (0, 256);
        else
          text[g_test_rand_int_range (0, length)] = sample[g_test_rand_int_range (0, length)];
      if (check_n (text, length, &error))
        g_assert_true (g_utf8_validate_len (text, length, NULL));
      else
        g_assert_nonnull (error);
    }
}

/* Texts built to be slow: each must take time in proportion to its length, far below a second. */
static void
test_hostile_texts (void)
{
  g_autoptr(GString) empties = g_string_new ("[{}");
  g_autoptr(GString) similar = g_string_new ("[{");
  g_autoptr(GString) escapes = g_string_new ("{");
  gint64 before;

  while (empties->len < 4 * 1024 * 1024 - 10)
    g_string_append (empties, ",{}");
  g_string_append_c (empties, ']');
  /* same length, same first, middle and last byte; 16,384 of them within the limit of an object */
  for (int i = 0; i < 16384; i++)
    g_string_append_printf (similar, "%s\"a%07d%0*da\":0", i == 0 ? "" : i % 4096 == 0 ? "},{" : ",", i, 200, 0);
  g_string_append (similar, "}]");
  for (int i = 0; i < 4096; i++)
    g_string_append_printf (escapes, "%s\"\\u0061%d\":0", i > 0 ? "," : "", i);
  g_string_append_c (escapes, '}');

  before = g_get_monotonic_time ();
  assert_bad (empties->str, RMI_ERROR_LIMIT, "(values)");
  rmi_limits_init_local (&limits);
  assert_good (empties->str);
  rmi_limits_init_network (&limits);
  assert_good (similar->str);
  assert_good (escapes->str);
  g_assert_cmpint (g_get_monotonic_time () - before, <, 5 * G_USEC_PER_SEC);
}

static void
note_top (RmiSlice key,
          RmiSlice value,
          gpointer user_data)
{
  g_string_append_printf (user_data, "%.*s=%.*s;", (int) key.length, key.data != NULL ? key.data : "",
                          (int) value.length, value.data);
}

static char *
collect_top (const char *text)
{
  GString *seen = g_string_new (NULL);
  RmiSlice slice = { text, strlen (text) };

  if (!rmi_scanner_check (slice, &limits, note_top, seen, NULL))
    g_string_append_c (seen, '!');
  return g_string_free (seen, FALSE);
}

static void
test_top (void)
{
  static const struct
  {
    const char *text;
    const char *seen;
  } cases[] = {
    { "{\"id\": 7 , \"params\" : [ {\"a\":1} , 2 ],\"x\":{\"y\":{}},\"s\":\"t\"}", "id=7;params=[ {\"a\":1} , 2 ];x={\"y\":{}};s=\"t\";" },
    { "{\"i\\u0064\":\"\\u0041\"}", "id=\"\\u0041\";" }, { "[1, [2],{\"a\":3}]", "=1;=[2];={\"a\":3};" },
    { "5", "" }, { "[]", "" }, { "{}", "" }, { "{\"id\":7,\"method\":\"a\nb\"}", "id=7;!" }, { "{\"id\":7,\"id\":8}", "id=7;!" },
    { "{\"id\":7", "id=7;!" }, { "{\"id\":{\"id\":8", "!" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *seen = collect_top (cases[i].text);

      g_assert_cmpstr (seen, ==, cases[i].seen);
    }
}

/* SipHash-1-3 of 0, 0 1, 0 1 2 … under the key 0 … 15, from the reference implementation. */
static void
test_siphash (void)
{
  const guint64 key[2] = { G_GUINT64_CONSTANT (0x0706050403020100), G_GUINT64_CONSTANT (0x0f0e0d0c0b0a0908) };
  static const guint64 expected[] = {
    G_GUINT64_CONSTANT (0xabac0158050fc4dc), G_GUINT64_CONSTANT (0xc9f49bf37d57ca93), G_GUINT64_CONSTANT (0x82cb9b024dc7d44d),
  };
  guint8 bytes[16];

  for (guint i = 0; i < sizeof bytes; i++)
    bytes[i] = i;
  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    g_assert_cmphex (rmi_siphash_keyed (key, bytes, i), ==, expected[i]);
  g_assert_cmphex (rmi_siphash_str ("abc"), ==, (guint) rmi_siphash ("abc", 3));
  g_assert_cmphex (rmi_siphash ("abcdefgh", 8), !=, rmi_siphash ("abcdefgi", 8));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  rmi_limits_init_network (&limits);

  g_test_add_func ("/rmi/scanner/accepts-all-of-json", test_accepts);
  g_test_add_func ("/rmi/scanner/refuses-what-the-grammar-does-not-have", test_grammar);
  g_test_add_func ("/rmi/scanner/refuses-odd-numbers", test_numbers);
  g_test_add_func ("/rmi/scanner/limits-the-length-of-numbers", test_long_numbers);
  g_test_add_func ("/rmi/scanner/checks-each-of-many-numbers", test_many_numbers);
  g_test_add_func ("/rmi/scanner/says-of-many-numbers-what-it-says-of-one", test_long_runs);
  g_test_add_func ("/rmi/scanner/refuses-odd-strings", test_strings);
  g_test_add_func ("/rmi/scanner/refuses-invalid-utf8", test_utf8);
  g_test_add_func ("/rmi/scanner/agrees-with-glib-on-utf8", test_utf8_like_glib);
  g_test_add_func ("/rmi/scanner/refuses-duplicate-members", test_duplicates);
  g_test_add_func ("/rmi/scanner/refuses-duplicates-in-large-objects", test_duplicates_in_large_objects);
  g_test_add_func ("/rmi/scanner/refuses-duplicates-anywhere", test_duplicates_anywhere);
  g_test_add_func ("/rmi/scanner/takes-no-name-for-the-one-before", test_repeated_names);
  g_test_add_func ("/rmi/scanner/names-the-limit-that-was-hit", test_limits);
  g_test_add_func ("/rmi/scanner/refuses-every-truncation", test_truncations);
  g_test_add_func ("/rmi/scanner/survives-mutations", test_mutations);
  g_test_add_func ("/rmi/scanner/is-linear-on-hostile-texts", test_hostile_texts);
  g_test_add_func ("/rmi/scanner/reports-outermost-members-as-they-are-checked", test_top);
  g_test_add_func ("/rmi/siphash/matches-the-reference", test_siphash);

  return g_test_run ();
}
