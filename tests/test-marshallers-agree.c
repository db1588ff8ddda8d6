/* tests/test-marshallers-agree.c: generated marshalling and the table-driven one write the same bytes
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A value is read and written by each, from the same text: by the straight-line code of rmi-codegen through C types, and by
 * the marshaller of dynamic calls through GVariant. Both must give the same bytes.
 */
#include "config.h"

#include "rmi/rmi-interface-entry.h"
#include "rmi/rmi-interface-info-internal.h"
#include "rmi/rmi-scanner-internal.h"
#include "torture.h"

#define EVERYTHING \
  "\"b\":true,\"y\":255,\"n\":-32768,\"q\":65535,\"i\":-2147483648,\"u\":4294967295,\"x\":\"-9223372036854775808\"," \
  "\"t\":\"18446744073709551615\",\"d\":0.1,\"s\":\"h\\u00e9 \\\"\\u0001\\\" 漢字\",\"o\":\"/a/b\",\"g\":\"a{sv}\"," \
  "\"v\":{\"type\":\"(id)\",\"data\":[1,2.5]},\"j\":{\"a\":[1,null,true,{\"$$ref\":\"x\"}],\"b\":1.5},\"bytes\":\"AAEC/w==\"," \
  "\"strings\":[\"\",\"a\"],\"paths\":[\"/\"],\"bools\":[true,false],\"shorts\":[-1,0,1]," \
  "\"doubles\":[1.0,-0.0,1e300,5e-324,\"NaN\",\"Infinity\",\"-Infinity\",3.0e10,123456.789]," \
  "\"states\":[\"half-open\",\"class\"],\"options\":[\"read\",\"delete\"],\"state\":\"half-open\"," \
  "\"lines\":[{\"sku\":\"a\",\"quantity\":1,\"type\":\"t\",\"first-name\":null}],\"points\":[{\"x\":1.5,\"y\":-2.0}]," \
  "\"line\":{\"sku\":\"b\",\"quantity\":2,\"type\":\"\",\"first-name\":\"f\"},\"maybe-line\":null," \
  "\"point\":{\"x\":0.0,\"y\":1e21},\"maybe-point\":{\"x\":1.0,\"y\":2.0}," \
  "\"by-name\":{\"k\":{\"sku\":\"c\",\"quantity\":3,\"type\":\"\",\"first-name\":null}}," \
  "\"by-place\":{\"$$home\":{\"x\":1.0,\"y\":1.0}},\"words\":{\"w\":\"\"}," \
  "\"details\":{\"n\":{\"type\":\"u\",\"data\":5}},\"tuple\":[1,\"s\",[0.5,0.25]],\"matrix\":[[],[1.0]]," \
  "\"maybe-strings\":null,\"maybe-tuple\":[1,2],\"peer\":null,\"peers\":[],\"parent\":null,\"account\":null," \
  "\"class\":7,\"object\":8"

static const RmiTypeInfo *
type_of (const char *method)
{
  RmiInterfaceInfo *info = rmi_interface_get_info (TORTURE_TYPE_EVERY);
  const RmiMethodInfo *found = rmi_interface_info_find_method (info, method, strlen (method));

  g_assert_nonnull (found);
  return ((RmiFieldInfo *) found->in->pdata[0])->type;
}

static void
start_reading (RmiReader  *reader,
               const char *text)
{
  RmiSlice slice = { text, strlen (text) };
  g_autoptr(GError) error = NULL;
  RmiLimits limits;

  rmi_limits_init_network (&limits);
  rmi_scanner_check (slice, &limits, NULL, NULL, &error);
  g_assert_no_error (error);
  rmi_reader_init (reader, slice, &limits, NULL, RMI_ERROR_INVALID_ARGUMENTS, "text");
}

static char *
finish_writing (RmiWriter *writer)
{
  g_autoptr(RmiWriter) owned = writer;
  g_autoptr(GError) error = NULL;
  RmiSlice text;

  rmi_writer_finish (writer, &text, &error);
  g_assert_no_error (error);
  return g_strndup (text.data, text.length);
}

static char *
by_table (const char *method,
          const char *text)
{
  RmiWriter *writer = rmi_writer_new (NULL, NULL);
  g_autoptr(GVariant) value = NULL;
  g_autoptr(GError) error = NULL;
  RmiReader reader;

  start_reading (&reader, text);
  value = rmi_type_info_read_variant (type_of (method), NULL, &reader);
  rmi_reader_finish (&reader, &error);
  g_assert_no_error (error);
  g_assert_nonnull (value);
  rmi_type_info_write_variant (type_of (method), value, NULL, writer);
  return finish_writing (writer);
}

typedef gpointer (*ReadFunc) (RmiReader *reader);
typedef void (*WriteFunc) (RmiWriter *writer, gpointer value);

static char *
by_generated (const char     *text,
              ReadFunc        read,
              WriteFunc       write,
              GDestroyNotify  free_value)
{
  RmiWriter *writer = rmi_writer_new (NULL, NULL);
  RmiReader reader;
  gpointer value;

  start_reading (&reader, text);
  value = read (&reader);
  g_assert_true (rmi_reader_finish (&reader, NULL));
  write (writer, value);
  free_value (value);
  return finish_writing (writer);
}

static void
test_class (void)
{
  static const char text[] = "{" EVERYTHING "}";
  g_autofree char *generated = by_generated (text, (ReadFunc) torture_everything_rmi_read,
                                               (WriteFunc) torture_everything_rmi_write, g_object_unref);
  g_autofree char *table = by_table ("Class", text);

  g_assert_cmpstr (generated, ==, table);
}

static void
test_subclass (void)
{
  static const char text[] = "{" EVERYTHING ",\"more\":\"still\"}";
  g_autofree char *generated = by_generated (text, (ReadFunc) torture_derived_rmi_read,
                                               (WriteFunc) torture_derived_rmi_write, g_object_unref);
  g_autofree char *table = by_table ("Derived", text);

  g_assert_cmpstr (generated, ==, table);
  g_assert_nonnull (strstr (generated, "\"more\":\"still\""));
}

/* Where its base is declared. */
static void
test_subclass_as_base (void)
{
  static const char text[] = "{\"$type\":[\"org.example.torture.Derived\"]," EVERYTHING ",\"more\":\"still\"}";
  g_autofree char *generated = by_generated (text, (ReadFunc) torture_everything_rmi_read,
                                               (WriteFunc) torture_everything_rmi_write, g_object_unref);
  g_autofree char *table = by_table ("Class", text);

  g_assert_cmpstr (generated, ==, table);
  g_assert_true (g_str_has_prefix (generated, "{\"$type\":[\"org.example.torture.Derived\"],"));
  g_assert_nonnull (strstr (generated, "\"more\":\"still\""));
}

static void
test_compact_struct (void)
{
  static const char text[] = "[\"c\",null,\"open\",[\"n\"],[1,\"-9223372036854775808\"],{\"x\":1.0,\"y\":2.0},"
                             "[\"d\",\"self\",\"class\",[],[],{\"x\":0.5,\"y\":0.5},null,{\"type\":\"s\",\"data\":\"\"},null,\"\",{},[]],"
                             "{\"type\":\"as\",\"data\":[\"v\"]},[1],\"/w==\",{\"a\":\"b\"},"
                             "[{\"sku\":\"a\",\"quantity\":1,\"type\":\"t\",\"first-name\":null}]]";
  g_autofree char *generated = by_generated (text, (ReadFunc) torture_packed_rmi_read,
                                               (WriteFunc) torture_packed_rmi_write,
                                               (GDestroyNotify) torture_packed_free);
  g_autofree char *table = by_table ("Struct", text);

  g_assert_cmpstr (generated, ==, table);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/rmi/marshallers/agree-on-a-class-of-every-type", test_class);
  g_test_add_func ("/rmi/marshallers/agree-on-a-subclass", test_subclass);
  g_test_add_func ("/rmi/marshallers/agree-on-a-subclass-where-its-base-is-declared", test_subclass_as_base);
  g_test_add_func ("/rmi/marshallers/agree-on-a-compact-struct", test_compact_struct);
  return g_test_run ();
}
