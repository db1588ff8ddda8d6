/* tests/test-writer.c: what the writer puts on the wire
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "config.h"

#include <math.h>

#include "rmi/rmi-error.h"
#include "rmi/rmi-scanner-internal.h"
#include "rmi/rmi-writer-internal.h"

/* Counts what the writer asks of it. */
typedef struct
{
  RmiReferenceCodec codec;
  guint             n_written;
  guint             n_retracted;
} Codec;

static RmiLimits limits;

static gboolean
codec_write (RmiReferenceCodec  *codec,
             RmiWriter          *writer,
             GObject            *object,
             GType               declared,
             GError            **error)
{
  Codec *self = (Codec *) codec;
  g_autofree char *path = g_strdup_printf ("/~/%u", self->n_written);

  if (G_OBJECT_TYPE (object) != declared)
    {
      g_set_error_literal (error, RMI_ERROR, RMI_ERROR_TYPE_NOT_ALLOWED, "not of that type");
      return FALSE;
    }
  self->n_written++;
  rmi_writer_note_reference (writer, path);
  rmi_writer_begin_object (writer);
  rmi_writer_add_member (writer, "$ref");
  rmi_writer_add_string (writer, path);
  rmi_writer_end_object (writer);
  return TRUE;
}

static void
codec_retract (RmiReferenceCodec *codec,
               const char        *path)
{
  ((Codec *) codec)->n_retracted++;
}

static void
assert_text (RmiWriter  *writer,
             const char *expected)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *copy = NULL;
  RmiSlice text = RMI_SLICE_INIT;

  rmi_writer_finish (writer, &text, &error);
  g_assert_no_error (error);
  rmi_scanner_check (text, &limits, NULL, NULL, &error);
  g_assert_no_error (error);
  copy = g_strndup (text.data, text.length);
  g_assert_cmpstr (copy, ==, expected);
}

static void
assert_failed (RmiWriter  *writer,
               int         code,
               const char *message)
{
  g_autoptr(GError) error = NULL;
  RmiSlice text = RMI_SLICE_INIT;

  g_assert_false (rmi_writer_finish (writer, &text, &error));
  g_assert_error (error, RMI_ERROR, code);
  g_assert_nonnull (strstr (error->message, message));
  g_assert_null (text.data);
  g_assert_true (rmi_writer_has_failed (writer));
}

static void
test_structure (void)
{
  g_autoptr(RmiWriter) writer = rmi_writer_new (&limits, NULL);

  rmi_writer_begin_object (writer);
  rmi_writer_add_member (writer, "a");
  rmi_writer_add_int32 (writer, 1);
  rmi_writer_add_member (writer, "b");
  rmi_writer_begin_array (writer);
  rmi_writer_add_null (writer);
  rmi_writer_add_boolean (writer, TRUE);
  rmi_writer_add_boolean (writer, FALSE);
  rmi_writer_begin_array (writer);
  rmi_writer_end_array (writer);
  rmi_writer_begin_object (writer);
  rmi_writer_end_object (writer);
  rmi_writer_add_string (writer, "[");
  rmi_writer_add_string (writer, "{");
  rmi_writer_add_string (writer, ":");
  rmi_writer_add_string (writer, "");
  rmi_writer_end_array (writer);
  rmi_writer_add_member (writer, "c");
  rmi_writer_begin_object (writer);
  rmi_writer_add_key (writer, "d\n");
  rmi_writer_add_double (writer, 1.5);
  rmi_writer_add_key (writer, "");
  rmi_writer_add_uint32 (writer, 0);
  rmi_writer_end_object (writer);
  rmi_writer_end_object (writer);

  assert_text (writer, "{\"a\":1,\"b\":[null,true,false,[],{},\"[\",\"{\",\":\",\"\"],\"c\":{\"d\\n\":1.5,\"\":0}}");
}

static void
test_integers (void)
{
  g_autoptr(RmiWriter) writer = rmi_writer_new (&limits, NULL);

  rmi_writer_begin_array (writer);
  rmi_writer_add_int32 (writer, 0);
  rmi_writer_add_int32 (writer, -7);
  rmi_writer_add_int32 (writer, G_MININT32);
  rmi_writer_add_uint32 (writer, G_MAXUINT32);
  rmi_writer_add_int64 (writer, (G_GINT64_CONSTANT (1) << 53) - 1);
  rmi_writer_add_int64 (writer, G_GINT64_CONSTANT (1) << 53);
  rmi_writer_add_int64 (writer, 1 - (G_GINT64_CONSTANT (1) << 53));
  rmi_writer_add_int64 (writer, -(G_GINT64_CONSTANT (1) << 53));
  rmi_writer_add_int64 (writer, G_MININT64);
  rmi_writer_add_int64 (writer, G_MAXINT64);
  rmi_writer_add_uint64 (writer, (G_GUINT64_CONSTANT (1) << 53) - 1);
  rmi_writer_add_uint64 (writer, G_MAXUINT64);
  rmi_writer_end_array (writer);

  assert_text (writer,
               "[0,-7,-2147483648,4294967295,9007199254740991,\"9007199254740992\",-9007199254740991,"
               "\"-9007199254740992\",\"-9223372036854775808\",\"9223372036854775807\",9007199254740991,"
               "\"18446744073709551615\"]");
}

static void
test_integers_of_every_length (void)
{
  guint64 value = 0;

  for (int digits = 1; digits <= 15; digits++)
    for (guint64 i = 0; i < 3; i++)
      {
        g_autoptr(RmiWriter) writer = rmi_writer_new (&limits, NULL);
        g_autofree char *expected = NULL;

        value = i == 0 ? value * 10 + 9 : value + 1;
        expected = g_strdup_printf ("%" G_GUINT64_FORMAT, value);
        rmi_writer_add_uint64 (writer, value);
        assert_text (writer, expected);
        if (i == 2)
          value -= 2;
      }
}

static void
test_doubles (void)
{
  g_autoptr(RmiWriter) writer = rmi_writer_new (&limits, NULL);

  rmi_writer_begin_array (writer);
  rmi_writer_add_double (writer, 19.99);
  rmi_writer_add_double (writer, -0.0);
  rmi_writer_add_double (writer, 3);
  rmi_writer_add_double (writer, 1e300);
  rmi_writer_add_double (writer, NAN);
  rmi_writer_add_double (writer, INFINITY);
  rmi_writer_add_double (writer, -INFINITY);
  rmi_writer_end_array (writer);

  assert_text (writer, "[19.99,-0.0,3.0,1e300,\"NaN\",\"Infinity\",\"-Infinity\"]");
}

static void
test_double_arrays (void)
{
  g_autoptr(RmiWriter) writer = rmi_writer_new (&limits, NULL);
  g_autoptr(GArray) numbers = g_array_new (FALSE, FALSE, sizeof (double));
  double values[] = { 19.99, -0.0, NAN, 1e300, INFINITY };

  rmi_writer_begin_array (writer);
  rmi_writer_add_double_array (writer, NULL);
  rmi_writer_add_double_array (writer, numbers);
  g_array_append_vals (numbers, values, G_N_ELEMENTS (values));
  rmi_writer_add_double_array (writer, numbers);
  rmi_writer_end_array (writer);
  assert_text (writer, "[[],[],[19.99,-0.0,\"NaN\",1e300,\"Infinity\"]]");
}

/* In the middle of it, too. */
static void
test_double_arrays_are_limited (void)
{
  g_autoptr(GArray) numbers = g_array_set_size (g_array_new (FALSE, TRUE, sizeof (double)), 100000);
  g_autoptr(GError) error = NULL;
  g_autoptr(RmiWriter) writer = NULL;
  RmiSlice text = RMI_SLICE_INIT;

  limits.frame_bytes = 4 * 100000 + 1;         /* "[0.0,0.0,…]" */
  for (guint i = 0; i < 2; i++)
    {
      g_clear_pointer (&writer, rmi_writer_free);
      writer = rmi_writer_new (&limits, NULL);
      rmi_writer_add_double_array (writer, numbers);
      g_assert_cmpint (rmi_writer_finish (writer, &text, &error), ==, i == 0);
      limits.frame_bytes--;
    }
  g_assert_error (error, RMI_ERROR, RMI_ERROR_LIMIT);
  rmi_limits_init_network (&limits);
}

static void
test_escapes (void)
{
  g_autoptr(RmiWriter) writer = rmi_writer_new (&limits, NULL);

  rmi_writer_begin_array (writer);
  rmi_writer_add_string (writer, "\"\\/\b\f\n\r\t\x01\x1f\x7f");
  rmi_writer_add_string_n (writer, "a\0b", 3);
  rmi_writer_add_string_n (writer, NULL, 0);
  rmi_writer_add_string (writer, "Grüße, 東京 😀 \xc2\x80\xef\xbf\xbf");
  rmi_writer_end_array (writer);

  assert_text (writer,
               "[\"\\\"\\\\/\\b\\f\\n\\r\\t\\u0001\\u001f\x7f\",\"a\\u0000b\",\"\",\"Grüße, 東京 😀 \xc2\x80\xef\xbf\xbf\"]");
}

/* A special byte at each place of strings of each length: every path of the copy loops. */
static void
test_escape_at_every_offset (void)
{
  g_autoptr(RmiWriter) writer = rmi_writer_new (&limits, NULL);

  for (gsize length = 1; length < 70; length++)
    for (gsize i = 0; i < length; i++)
      {
        g_autofree char *text = g_strnfill (length, 'x');
        g_autofree char *expected = NULL;

        text[i] = '"';
        expected = g_strdup_printf ("\"%.*s\\%s\"", (int) i, text, text + i);
        rmi_writer_reset (writer, &limits, NULL);
        rmi_writer_add_string (writer, text);
        assert_text (writer, expected);

        text[i] = '\xff';
        rmi_writer_reset (writer, &limits, NULL);
        rmi_writer_add_string_n (writer, text, length);
        assert_failed (writer, RMI_ERROR_INVALID_ARGUMENTS, "UTF-8");
      }
}

static void
test_long_strings (void)
{
  g_autoptr(RmiWriter) writer = rmi_writer_new (&limits, NULL);
  g_autofree char *controls = g_strnfill (300000, '\x01');
  g_autofree char *plain = g_strnfill (300000, 'x');
  RmiSlice text = RMI_SLICE_INIT;

  rmi_writer_add_string (writer, controls);
  g_assert_true (rmi_writer_finish (writer, &text, NULL));
  g_assert_cmpuint (text.length, ==, 6 * 300000 + 2);
  g_assert_true (rmi_scanner_check (text, &limits, NULL, NULL, NULL));

  rmi_writer_reset (writer, &limits, NULL);
  rmi_writer_add_string (writer, plain);
  g_assert_true (rmi_writer_finish (writer, &text, NULL));
  g_assert_cmpuint (text.length, ==, 300002);
}

static void
test_invalid_utf8 (void)
{
  static const char *const bad[] = { "\x80", "a\xc0\x80", "\xed\xa0\x80", "Gr\xfc\xdf", "\xf4\x90\x80\x80", "\xe2\x82", "text\xf0\x9f\x98" };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr(RmiWriter) writer = rmi_writer_new (&limits, NULL);

      rmi_writer_begin_array (writer);
      rmi_writer_add_string (writer, bad[i]);
      rmi_writer_add_string (writer, "ignored");
      rmi_writer_end_array (writer);
      assert_failed (writer, RMI_ERROR_INVALID_ARGUMENTS, "UTF-8");
    }
}

static void
test_keys (void)
{
  static const struct
  {
    const char *key;
    const char *text;
  } cases[] = {
    { "$ref", "{\"$$ref\":1}" }, { "$home", "{\"$$home\":1}" }, { "$same", "{\"$$same\":1}" }, { "$type", "{\"$$type\":1}" },
    { "$$ref", "{\"$$$ref\":1}" }, { "$", "{\"$\":1}" }, { "$$", "{\"$$\":1}" }, { "ref", "{\"ref\":1}" }, { "$reference", "{\"$reference\":1}" },
    { "$ref$", "{\"$ref$\":1}" }, { "$x$ref", "{\"$x$ref\":1}" }, { "\"", "{\"\\\"\":1}" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(RmiWriter) writer = rmi_writer_new (&limits, NULL);

      rmi_writer_begin_object (writer);
      rmi_writer_add_key (writer, cases[i].key);
      rmi_writer_add_int32 (writer, 1);
      rmi_writer_end_object (writer);
      assert_text (writer, cases[i].text);
    }
}

static void
test_bytes (void)
{
  for (gsize length = 0; length < 100; length++)
    {
      g_autoptr(RmiWriter) writer = rmi_writer_new (&limits, NULL);
      g_autofree guint8 *data = g_malloc (length + 1);
      g_autofree char *encoded = NULL;
      g_autofree char *expected = NULL;
      g_autoptr(GBytes) bytes = NULL;

      for (gsize i = 0; i < length; i++)
        data[i] = i * 37 + length;
      encoded = g_base64_encode (data, length);
      expected = g_strdup_printf ("[1,\"%s\",2]", encoded);
      bytes = g_bytes_new (data, length);
      rmi_writer_begin_array (writer);
      rmi_writer_add_int32 (writer, 1);
      rmi_writer_add_bytes (writer, bytes);
      rmi_writer_add_int32 (writer, 2);
      rmi_writer_end_array (writer);
      assert_text (writer, expected);
    }
}

static void
test_enums_and_flags (void)
{
  static const GEnumValue colours[] = { { 0, "RED", "red" }, { 7, "GREEN", "green" }, { 0, NULL, NULL } };
  static const GFlagsValue modes[] = { { 1, "READ", "read" }, { 2, "WRITE", "write" }, { 12, "BOTH", "both" }, { 0, NULL, NULL } };
  static const char *const words[] = { "a", "b", NULL };
  g_autoptr(RmiWriter) writer = rmi_writer_new (&limits, NULL);

  rmi_writer_begin_array (writer);
  rmi_writer_add_enum (writer, colours, 7);
  rmi_writer_add_flags (writer, modes, 0);
  rmi_writer_add_flags (writer, modes, 3);
  rmi_writer_add_flags (writer, modes, 14);
  rmi_writer_add_strv (writer, words);
  rmi_writer_add_strv (writer, NULL);
  rmi_writer_end_array (writer);
  assert_text (writer, "[\"green\",[],[\"read\",\"write\"],[\"write\",\"both\"],[\"a\",\"b\"],[]]");

  rmi_writer_reset (writer, &limits, NULL);
  rmi_writer_add_enum (writer, colours, 1);
  assert_failed (writer, RMI_ERROR_INVALID_ARGUMENTS, "1 is not a value");
  rmi_writer_reset (writer, &limits, NULL);
  rmi_writer_add_flags (writer, modes, 5);
  assert_failed (writer, RMI_ERROR_INVALID_ARGUMENTS, "0x4");
}

static void
test_depth (void)
{
  g_autoptr(RmiWriter) writer = rmi_writer_new (&limits, NULL);
  RmiSlice text;

  for (int beyond = 0; beyond < 2; beyond++)
    {
      rmi_writer_reset (writer, &limits, NULL);
      for (guint i = 0; i < limits.depth + beyond; i++)
        rmi_writer_begin_array (writer);
      for (guint i = 0; i < limits.depth + beyond; i++)
        rmi_writer_end_array (writer);
      if (beyond > 0)
        assert_failed (writer, RMI_ERROR_LIMIT, "(depth)");
      else
        g_assert_true (rmi_writer_finish (writer, &text, NULL));
    }
}

static void
test_frame_size (void)
{
  RmiLimits small = limits;
  g_autofree char *fits = NULL;
  g_autofree char *huge = g_strnfill (1000000, 'x');
  g_autoptr(RmiWriter) writer = NULL;
  RmiSlice text;

  small.frame_bytes = 5000;
  fits = g_strnfill (small.frame_bytes - 2, 'x');
  writer = rmi_writer_new (&small, NULL);
  rmi_writer_add_string (writer, fits);
  g_assert_true (rmi_writer_finish (writer, &text, NULL));
  g_assert_cmpuint (text.length, ==, small.frame_bytes);

  rmi_writer_append (writer, " ", 1);
  assert_failed (writer, RMI_ERROR_LIMIT, "(frame_bytes)");

  rmi_writer_reset (writer, &small, NULL);
  rmi_writer_add_string (writer, huge);
  assert_failed (writer, RMI_ERROR_LIMIT, "(frame_bytes)");

  rmi_writer_reset (writer, &small, NULL);
  rmi_writer_begin_array (writer);
  while (!rmi_writer_has_failed (writer))
    rmi_writer_add_int32 (writer, 1);
  assert_failed (writer, RMI_ERROR_LIMIT, "(frame_bytes)");

  rmi_writer_reset (writer, NULL, NULL);
  rmi_writer_add_string (writer, huge);
  g_assert_true (rmi_writer_finish (writer, &text, NULL));
}

static void
test_first_error_sticks (void)
{
  g_autoptr(RmiWriter) writer = rmi_writer_new (&limits, NULL);

  rmi_writer_begin_array (writer);
  rmi_writer_fail (writer, g_error_new_literal (RMI_ERROR, RMI_ERROR_NOT_SUPPORTED, "first"));
  rmi_writer_fail (writer, g_error_new_literal (RMI_ERROR, RMI_ERROR_LIMIT, "second"));
  rmi_writer_add_string (writer, "\xff");
  rmi_writer_add_key (writer, "key");
  rmi_writer_add_object (writer, NULL, G_TYPE_OBJECT);
  rmi_writer_end_array (writer);
  assert_failed (writer, RMI_ERROR_NOT_SUPPORTED, "first");
  assert_failed (writer, RMI_ERROR_NOT_SUPPORTED, "first");

  rmi_writer_reset (writer, &limits, NULL);
  rmi_writer_add_null (writer);
  assert_text (writer, "null");
}

static void
test_null_string (void)
{
  g_autoptr(RmiWriter) writer = rmi_writer_new (&limits, NULL);

  rmi_writer_begin_array (writer);
  g_test_expect_message ("Rmi", G_LOG_LEVEL_CRITICAL, "*value != NULL*");
  rmi_writer_add_string (writer, NULL);
  g_test_assert_expected_messages ();
  rmi_writer_end_array (writer);
  assert_text (writer, "[\"\"]");
}

static void
test_envelope (void)
{
  g_autoptr(RmiWriter) writer = rmi_writer_new (&limits, NULL);
  RmiSlice frame;

  for (int i = 0; i < 2; i++)
    {
      rmi_writer_reset (writer, &limits, NULL);
      rmi_writer_append (writer, ",\"method\":", 10);
      rmi_writer_begin_string (writer);
      rmi_writer_append_escaped (writer, "/a\"b", 4);
      rmi_writer_append (writer, "#M", 2);
      rmi_writer_end_string (writer);
      rmi_writer_append (writer, ",\"params\":", 10);
      rmi_writer_begin_array (writer);
      rmi_writer_add_raw (writer, "{\"x\":1}", 7);
      rmi_writer_add_raw (writer, "2", 1);
      rmi_writer_end_array (writer);
      rmi_writer_add_member (writer, "meta");
      rmi_writer_add_null (writer);
      rmi_writer_append (writer, "}", 1);
      rmi_writer_push_front (writer, "{\"id\":7", 7);
      assert_text (writer, "{\"id\":7,\"method\":\"/a\\\"b#M\",\"params\":[{\"x\":1},2],\"meta\":null}");

      frame = rmi_writer_prepend (writer, "Content-Length: 60\r\n\r\n", 22);
      g_assert_true (g_str_has_prefix (frame.data, "Content-Length: 60\r\n\r\n{\"id\":7,"));
      frame = rmi_writer_prepend (writer, "other\n", 6);
      g_assert_cmpuint (frame.length, ==, 66);
      g_assert_true (g_str_has_prefix (frame.data, "other\n{\"id\":7,"));
    }
}

static void
test_references (void)
{
  g_autoptr(GObject) object = g_object_new (G_TYPE_OBJECT, NULL);
  Codec codec = { .codec = { .write = codec_write, .retract = codec_retract } };
  g_autoptr(RmiWriter) writer = rmi_writer_new (&limits, &codec.codec);

  rmi_writer_begin_array (writer);
  rmi_writer_add_object (writer, object, G_TYPE_OBJECT);
  rmi_writer_add_object (writer, object, G_TYPE_OBJECT);
  rmi_writer_end_array (writer);
  assert_text (writer, "[{\"$ref\":\"/~/0\"},{\"$ref\":\"/~/1\"}]");
  rmi_writer_take_references (writer);
  rmi_writer_reset (writer, &limits, &codec.codec);
  g_assert_cmpuint (codec.n_retracted, ==, 0);

  rmi_writer_add_object (writer, object, G_TYPE_OBJECT);
  rmi_writer_reset (writer, &limits, &codec.codec);
  g_assert_cmpuint (codec.n_retracted, ==, 1);

  rmi_writer_begin_array (writer);
  rmi_writer_add_object (writer, object, G_TYPE_OBJECT);
  rmi_writer_add_object (writer, object, G_TYPE_INITIALLY_UNOWNED);
  rmi_writer_add_object (writer, object, G_TYPE_OBJECT);
  g_assert_cmpuint (codec.n_written, ==, 4);
  assert_failed (writer, RMI_ERROR_TYPE_NOT_ALLOWED, "not of that type");
  g_clear_pointer (&writer, rmi_writer_free);
  g_assert_cmpuint (codec.n_retracted, ==, 2);
}

static void
test_references_refused (void)
{
  g_autoptr(GObject) object = g_object_new (G_TYPE_OBJECT, NULL);
  g_autoptr(RmiWriter) writer = rmi_writer_new (&limits, NULL);

  rmi_writer_add_object (writer, object, G_TYPE_OBJECT);
  assert_failed (writer, RMI_ERROR_NOT_SUPPORTED, "reference");
  rmi_writer_reset (writer, &limits, NULL);
  rmi_writer_add_object (writer, NULL, G_TYPE_OBJECT);
  assert_failed (writer, RMI_ERROR_INVALID_ARGUMENTS, "GObject");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  rmi_limits_init_network (&limits);

  g_test_add_func ("/rmi/writer/sets-commas-where-they-are-due", test_structure);
  g_test_add_func ("/rmi/writer/integers-beyond-2-53-are-strings", test_integers);
  g_test_add_func ("/rmi/writer/integers-of-every-length", test_integers_of_every_length);
  g_test_add_func ("/rmi/writer/doubles-are-shortest", test_doubles);
  g_test_add_func ("/rmi/writer/arrays-of-doubles-are-shortest", test_double_arrays);
  g_test_add_func ("/rmi/writer/arrays-of-doubles-are-limited", test_double_arrays_are_limited);
  g_test_add_func ("/rmi/writer/escapes-what-must-be", test_escapes);
  g_test_add_func ("/rmi/writer/escapes-at-every-offset", test_escape_at_every_offset);
  g_test_add_func ("/rmi/writer/grows-for-long-strings", test_long_strings);
  g_test_add_func ("/rmi/writer/refuses-invalid-utf8", test_invalid_utf8);
  g_test_add_func ("/rmi/writer/reserved-keys-get-a-dollar", test_keys);
  g_test_add_func ("/rmi/writer/bytes-are-base64", test_bytes);
  g_test_add_func ("/rmi/writer/enums-and-flags-are-nicks", test_enums_and_flags);
  g_test_add_func ("/rmi/writer/limits-depth", test_depth);
  g_test_add_func ("/rmi/writer/limits-the-frame", test_frame_size);
  g_test_add_func ("/rmi/writer/first-error-sticks", test_first_error_sticks);
  g_test_add_func ("/rmi/writer/null-string-is-critical-and-empty", test_null_string);
  g_test_add_func ("/rmi/writer/envelopes-go-around-the-text", test_envelope);
  g_test_add_func ("/rmi/writer/retracts-references-never-sent", test_references);
  g_test_add_func ("/rmi/writer/refuses-references-it-cannot-write", test_references_refused);

  return g_test_run ();
}
