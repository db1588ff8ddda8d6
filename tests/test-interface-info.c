/* tests/test-interface-info.c: the description of an interface and its documents
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "config.h"

#include <string.h>

#include <glib/gstdio.h>

#include "rmi/rmi-description-internal.h"
#include "rmi/rmi-error.h"
#include "rmi/rmi-scanner-internal.h"

static RmiInterfaceInfo *
read_json (const char *json)
{
  g_autoptr(GError) error = NULL;
  RmiInterfaceInfo *info = rmi_interface_info_new_for_json (json, -1, &error);

  g_assert_no_error (error);
  return info;
}

/* XML → info; the interface is the last one. */
static RmiInterfaceInfo *
read_xml (const char *xml)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(RmiDescription) description = rmi_description_new_for_data (xml, -1, "it.xml", &error);

  g_assert_no_error (error);
  return rmi_interface_info_ref (description->interfaces->pdata[description->interfaces->len - 1]);
}

static const char warehouse[] =
  "{\"name\":\"org.example.shop.Warehouse\",\"namespace\":\"org.example.shop\",\"extends\":\"Building\",\"subscribe\":\"manual\","
  "\"doc\":\"Where things are -- or \\\"not\\\"\",\"since\":\"1.2\",\"deprecated\":true,"
  "\"methods\":[{\"name\":\"Reserve\",\"in\":[{\"name\":\"lines\",\"type\":\"aLine\",\"doc\":\"what\"},{\"name\":\"more\",\"type\":\"a{sj}\"}],"
  "\"out\":[{\"name\":\"reservation\",\"type\":\"Reservation\"}],\"throws\":[\"OutOfStock\"],\"idempotent\":true,\"timeout\":1000,\"doc\":\"Sets\\naside\"},"
  "{\"name\":\"Forget\",\"oneway\":true}],"
  "\"signals\":[{\"name\":\"StockChanged\",\"args\":[{\"name\":\"at\",\"type\":\"mPoint\"}]},{\"name\":\"Closed\",\"deprecated\":true}],"
  "\"properties\":[{\"name\":\"Capacity\",\"type\":\"u\",\"access\":\"read\"},{\"name\":\"can-seek\",\"type\":\"b\",\"access\":\"readwrite\"},"
  "{\"name\":\"Key\",\"type\":\"Options\",\"access\":\"write\",\"since\":\"2\"}],"
  "\"types\":{\"Building\":{\"kind\":\"interface\",\"name\":\"org.example.shop.Building\"},"
  "\"Line\":{\"kind\":\"class\",\"name\":\"org.example.shop.Line\",\"extends\":\"Thing\",\"cycles\":true,\"properties\":[{\"name\":\"next\",\"type\":\"mLine\"}]},"
  "\"Reservation\":{\"kind\":\"interface\",\"name\":\"org.example.shop.Reservation\"},"
  "\"Point\":{\"kind\":\"struct\",\"name\":\"org.example.shop.Point\",\"compact\":true,\"fields\":[{\"name\":\"x\",\"type\":\"d\"}],\"doc\":\"Here\"},"
  "\"Options\":{\"kind\":\"flags\",\"name\":\"org.example.shop.Options\",\"values\":[{\"name\":\"fast\",\"value\":4294967295}]},"
  "\"Thing\":{\"kind\":\"class\",\"name\":\"org.example.shop.Thing\",\"properties\":[{\"name\":\"state\",\"type\":\"State\"}],\"since\":\"1\"},"
  "\"State\":{\"kind\":\"enum\",\"name\":\"org.example.shop.State\",\"values\":[{\"name\":\"open\",\"value\":0,\"doc\":\"not yet\"},{\"name\":\"odd\",\"value\":-2147483648}]}}}";

static void
test_json_round_trips (void)
{
  g_autoptr(RmiInterfaceInfo) info = read_json (warehouse);
  g_autofree char *json = rmi_interface_info_to_json (info);

  g_assert_cmpstr (json, ==, warehouse);
  g_assert_cmpstr (rmi_interface_info_get_name (info), ==, "org.example.shop.Warehouse");
}

static void
test_xml_round_trips (void)
{
  g_autoptr(RmiInterfaceInfo) info = read_json (warehouse);
  g_autofree char *xml = rmi_interface_info_to_xml (info);
  g_autoptr(RmiInterfaceInfo) again = read_xml (xml);
  g_autofree char *json = rmi_interface_info_to_json (again);
  g_autoptr(GString) expected = g_string_new (warehouse);

  g_string_replace (expected, "--", "- -", 0);
  g_assert_cmpstr (json, ==, expected->str);
}

static void
test_members_are_found (void)
{
  g_autoptr(RmiInterfaceInfo) info = read_json (warehouse);
  const RmiMethodInfo *method = rmi_interface_info_find_method (info, "ReserveX", 7);
  const RmiPropertyInfo *property = rmi_interface_info_find_property (info, "can-seek", 8);

  g_assert_cmpstr (method->name, ==, "Reserve");
  g_assert_cmpuint (method->timeout_ms, ==, 1000);
  g_assert_true (property->is_readable && property->is_writable);
  g_assert_null (rmi_interface_info_find_method (info, "Reserve", 6));
  g_assert_null (rmi_interface_info_find_method (info, "Reserve\0X", 9));
  g_assert_null (rmi_interface_info_find_method (info, "", 0));
  g_assert_null (rmi_interface_info_find_property (info, "Closed", 6));
}

static void
test_types_are_shared_and_may_be_circles (void)
{
  g_autoptr(RmiInterfaceInfo) info = read_json (warehouse);
  const RmiMethodInfo *method = rmi_interface_info_find_method (info, "Reserve", 7);
  const RmiFieldInfo *lines = method->in->pdata[0];
  const RmiDeclaration *line = lines->type->element->declaration;
  const RmiFieldInfo *next = line->fields->pdata[0];

  g_assert_true (next->type->element->declaration == line);
  g_assert_cmpstr (line->base->name, ==, "org.example.shop.Thing");
  g_assert_cmpstr (info->base->name, ==, "org.example.shop.Building");
}

/* Every alias that the document uses resolves inside it. */
static void
test_imported_types_are_translated (void)
{
  g_autofree char *folder = g_dir_make_tmp ("rmi-interface-info-XXXXXX", NULL);
  g_autofree char *bank = g_build_filename (folder, "bank.xml", NULL);
  g_autofree char *shop = g_build_filename (folder, "shop.xml", NULL);
  g_autoptr(RmiInterfaceInfo) info = NULL;
  g_autoptr(RmiInterfaceInfo) again = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *json = NULL;
  g_autofree char *xml = NULL;
  const RmiMethodInfo *method;

  g_file_set_contents (bank,
                       "<node namespace=\"org.bank\"><class name=\"Base\"><property name=\"s\" type=\"State\"/></class>"
                       "<enum name=\"State\"><value name=\"rich\"/></enum>"
                       "<class name=\"Account\" extends=\"Base\"><property name=\"other\" type=\"mAccount\"/></class></node>", -1, &error);
  g_assert_no_error (error);
  g_file_set_contents (shop,
                       "<node namespace=\"org.shop\"><import file=\"bank.xml\" as=\"Bank\"/><enum name=\"State\"><value name=\"open\"/></enum>"
                       "<interface name=\"org.shop.It\"><method name=\"M\"><arg name=\"a\" type=\"a{sBank.Account}\"/><arg name=\"s\" type=\"State\"/>"
                       "</method></interface></node>", -1, &error);
  g_assert_no_error (error);
  info = rmi_interface_info_new_for_file (shop, NULL, &error);
  g_assert_no_error (error);
  json = rmi_interface_info_to_json (info);
  g_assert_cmpstr (json, ==,
                   "{\"name\":\"org.shop.It\",\"namespace\":\"org.shop\",\"methods\":[{\"name\":\"M\",\"in\":[{\"name\":\"a\",\"type\":\"a{sBank.Account}\"},"
                   "{\"name\":\"s\",\"type\":\"State\"}]}],\"types\":{\"Bank.Account\":{\"kind\":\"class\",\"name\":\"org.bank.Account\",\"extends\":\"Base\","
                   "\"properties\":[{\"name\":\"other\",\"type\":\"mBank.Account\"}]},\"State\":{\"kind\":\"enum\",\"name\":\"org.shop.State\","
                   "\"values\":[{\"name\":\"open\",\"value\":0}]},\"Base\":{\"kind\":\"class\",\"name\":\"org.bank.Base\",\"properties\":["
                   "{\"name\":\"s\",\"type\":\"State2\"}]},\"State2\":{\"kind\":\"enum\",\"name\":\"org.bank.State\",\"values\":[{\"name\":\"rich\",\"value\":0}]}}}");

  again = read_json (json);
  method = again->methods->pdata[0];
  g_assert_cmpstr (((RmiFieldInfo *) method->in->pdata[0])->type->element->declaration->name, ==, "org.bank.Account");
  xml = rmi_interface_info_to_xml (again);
  g_assert_nonnull (strstr (xml, "<import file=\"org.bank.xml\" as=\"Bank\"/>"));
  g_unlink (bank);
  g_unlink (shop);
  g_rmdir (folder);
}

/* ---- documents from elsewhere ---- */

#define M(method) "{\"name\":\"a.B\",\"methods\":[" method "]}"
#define T(types)  "{\"name\":\"a.B\",\"types\":{" types "}}"

static void
test_unknown_members_are_ignored (void)
{
  g_autoptr(RmiInterfaceInfo) info = NULL;
  g_autofree char *json = NULL;

  info = read_json (" {\"x\":[{}],\"types\":{\"U\":{\"kind\":\"class\",\"name\":\"a.U\",\"new\":1,\"fields\":7,\"values\":8}},"
                    "\"methods\":[{\"new\":{\"$ref\":\"/~/x\"},\"name\":\"M\",\"in\":[],\"out\":[{\"type\":\"s\",\"new\":1,\"name\":\"a\"}]}],\"name\":\"a.B\"} ");
  json = rmi_interface_info_to_json (info);
  g_assert_cmpstr (json, ==, "{\"name\":\"a.B\",\"methods\":[{\"name\":\"M\",\"out\":[{\"name\":\"a\",\"type\":\"s\"}]}]}");
}

static void
expect_error (const char *json,
              RmiError    code,
              const char *message)
{
  g_autoptr(GError) error = NULL;
  RmiInterfaceInfo *info = rmi_interface_info_new_for_json (json, -1, &error);

  g_assert_null (info);
  g_assert_error (error, RMI_ERROR, (int) code);
  if (strstr (error->message, message) == NULL)
    g_error ("%.200s\nfails with: %s\ninstead of: %s", json, error->message, message);
}

static void
test_bad_documents_are_located (void)
{
  static const struct { const char *json, *message; } cases[] = {
    { "[]", "expected an object" }, { "5", "expected an object" }, { "{}", "\"name\" is missing" }, { "{\"name\":5}", "interface.name: expected a string" },
    { "{\"name\":\"a\"}", "\"a\" is no name for an interface" }, { "{\"name\":\"a.\\u0000b\"}", "U+0000" },
    { "{\"name\":\"a.B\",\"namespace\":\"-\"}", "interface.namespace: this is no name" },
    { "{\"name\":\"a.B\",\"extends\":\"C\"}", "interface.extends: there is no interface \"C\" to extend" },
    { "{\"name\":\"a.B\",\"methods\":{}}", "interface.methods: expected an array" }, { M ("5"), "interface.methods[0]: expected an object" },
    { M ("{}"), "\"name\" is missing" }, { M ("{\"name\":\"a-b\"}"), "interface.methods[0].name: \"a-b\" is no name for a method" },
    { M ("{\"name\":\"A\"},{\"name\":\"A\"}"), "\"A\" is there twice" },
    { M ("{\"name\":\"A\",\"in\":[{\"name\":\"x\"}]}"), "\"type\" is missing" }, { M ("{\"name\":\"A\",\"in\":[{\"type\":\"s\"}]}"), "\"name\" is missing" },
    { M ("{\"name\":\"A\",\"in\":[{\"name\":\"x\",\"type\":\"s\"},{\"name\":\"x\",\"type\":\"s\"}]}"), "\"x\" is there twice" },
    { M ("{\"name\":\"A\",\"in\":[{\"name\":\"x\",\"type\":\"Line\"}]}"), "interface.methods[0].in[0].type: bad type \"Line\", character 1: there is no type Line" },
    { M ("{\"name\":\"A\",\"out\":[{\"name\":\"x\",\"type\":\"mi\"}]}"), "which is never NULL" },
    { M ("{\"name\":\"A\",\"oneway\":true,\"out\":[{\"name\":\"x\",\"type\":\"s\"}]}"), "oneway, and has out arguments" },
    { M ("{\"name\":\"A\",\"timeout\":0}"), "interface.methods[0].timeout: no number of milliseconds" }, { M ("{\"name\":\"A\",\"timeout\":-1}"), "out of range" },
    { M ("{\"name\":\"A\",\"throws\":[\"a b\"]}"), "no name for an error" }, { M ("{\"name\":\"A\",\"idempotent\":1}"), "expected a boolean" },
    { "{\"name\":\"a.B\",\"signals\":[{\"name\":\"S\"},{\"name\":\"S\"}]}", "\"S\" is there twice" },
    { "{\"name\":\"a.B\",\"properties\":[{\"name\":\"P\",\"type\":\"s\"}]}", "\"access\" is missing" },
    { "{\"name\":\"a.B\",\"properties\":[{\"name\":\"P\",\"type\":\"s\",\"access\":\"rw\"}]}", "interface.properties[0].access: expected \"read\"" },
    { T ("\"a\":{\"kind\":\"class\",\"name\":\"a.a\"}"), "no name for a type" }, { T ("\"A\":5"), "expected a \"kind\"" }, { T ("\"A\":{}"), "expected a \"kind\"" },
    { T ("\"A\":{\"kind\":\"union\",\"name\":\"a.A\"}"), "interface.types.A.kind: expected a \"kind\"" }, { T ("\"A\":{\"kind\":5}"), "expected a \"kind\"" },
    { T ("\"A\":{\"kind\":\"class\"}"), "\"name\" is missing" }, { T ("\"A\":{\"kind\":\"struct\",\"name\":\"a.A\"}"), "\"fields\" is missing" },
    { T ("\"A\":{\"kind\":\"enum\",\"name\":\"a.A\",\"values\":[]}"), "\"values\" is missing" },
    { T ("\"A\":{\"kind\":\"enum\",\"name\":\"a.A\",\"values\":[{\"name\":\"x\",\"value\":2147483648}]}"), "out of range" },
    { T ("\"A\":{\"kind\":\"flags\",\"name\":\"a.A\",\"values\":[{\"name\":\"x\",\"value\":1},{\"name\":\"y\",\"value\":1}]}"), "has the value of another" },
    { T ("\"A\":{\"kind\":\"class\",\"name\":\"a.A\",\"extends\":\"A\"}"), "class A extends itself" },
    { T ("\"A\":{\"kind\":\"class\",\"name\":\"a.A\",\"extends\":\"B\"},\"B\":{\"kind\":\"interface\",\"name\":\"a.B\"}"), "there is no class \"B\"" },
    { T ("\"A\":{\"kind\":\"struct\",\"name\":\"a.A\",\"fields\":[{\"name\":\"x\",\"type\":\"A\"}]}"), "struct A contains itself" },
  };
  guint i;

  for (i = 0; i < G_N_ELEMENTS (cases); i++)
    expect_error (cases[i].json, RMI_ERROR_INVALID_ARGUMENTS, cases[i].message);
  expect_error ("{\"name\":\"a.B\",\"name\":\"a.B\"}", RMI_ERROR_PARSE, "");
  expect_error ("{\"name\":\"a.B\"} x", RMI_ERROR_PARSE, "");
  expect_error ("", RMI_ERROR_PARSE, "");
}

static void
test_every_cut_is_an_error (void)
{
  gsize length;

  for (length = 0; length < strlen (warehouse); length++)
    {
      g_autofree char *piece = g_memdup2 (warehouse, length + 1);
      g_autoptr(GError) error = NULL;

      g_assert_null (rmi_interface_info_new_for_json (piece, length, &error));
      g_assert_nonnull (error);
    }
}

/* Every byte, replaced: good or an error, and never more. */
static void
test_every_changed_byte_is_survived (void)
{
  static const char bytes[] = { '"', '0', 'x', '{', ']', 'A', 'm' };
  gsize i, j;

  for (i = 0; i < strlen (warehouse); i++)
    for (j = 0; j < G_N_ELEMENTS (bytes); j++)
      {
        g_autofree char *text = g_strdup (warehouse);
        g_autoptr(RmiInterfaceInfo) info = NULL;
        g_autoptr(GError) error = NULL;

        text[i] = bytes[j];
        info = rmi_interface_info_new_for_json (text, -1, &error);
        g_assert_true ((info != NULL) == (error == NULL));
      }
}

/* What a peer can make large has a limit, and what is below it is quick. */
static void
test_large_documents_are_bounded (void)
{
  g_autoptr(GString) json = g_string_new ("{\"name\":\"a.B\",\"types\":{");
  g_autoptr(RmiInterfaceInfo) info = NULL;
  g_autoptr(GError) error = NULL;
  guint i;

  for (i = 0; i < 4000; i++)
    g_string_append_printf (json, "%s\"S%u\":{\"kind\":\"struct\",\"name\":\"a.S%u\",\"fields\":[{\"name\":\"x\",\"type\":\"S%u\"},"
                            "{\"name\":\"y\",\"type\":\"S%u\"}]}", i > 0 ? "," : "", i, i, i + 1, i + 1);
  g_string_append_printf (json, ",\"S%u\":{\"kind\":\"enum\",\"name\":\"a.E\",\"values\":[{\"name\":\"x\"}]}},"
                          "\"properties\":[{\"name\":\"P\",\"type\":\"S0\",\"access\":\"read\"}]}", i);
  info = rmi_interface_info_new_for_json (json->str, -1, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (strlen (info->json), >, 4000);

  g_string_assign (json, "{\"name\":\"a.B\",\"methods\":[");
  for (i = 0; i < 30000; i++)
    g_string_append_printf (json, "%s{\"name\":\"M%u\"}", i > 0 ? "," : "", i);
  g_string_append (json, "]}");
  g_assert_null (rmi_interface_info_new_for_json (json->str, -1, &error));
  g_assert_error (error, RMI_ERROR, RMI_ERROR_LIMIT);
}

static void
test_one_document_among_others_is_read (void)
{
  g_autofree char *text = g_strdup_printf ("[%s,{\"name\":\"a\"}]", warehouse);
  RmiSlice slice = { text, strlen (text) };
  g_autoptr(RmiInterfaceInfo) info = NULL;
  g_autoptr(GError) error = NULL;
  RmiReader reader;

  rmi_reader_init (&reader, slice, NULL, NULL, RMI_ERROR_BAD_REPLY, "result");
  rmi_reader_begin_array (&reader);
  g_assert_true (rmi_reader_next_element (&reader));
  info = rmi_interface_info_read (&reader);
  g_assert_nonnull (info);
  g_assert_true (rmi_reader_next_element (&reader));
  g_assert_null (rmi_interface_info_read (&reader));
  g_assert_false (rmi_reader_finish (&reader, &error));
  g_assert_error (error, RMI_ERROR, RMI_ERROR_BAD_REPLY);
  g_assert_nonnull (strstr (error->message, "result[1].name: "));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/rmi/interface-info/json-round-trips", test_json_round_trips);
  g_test_add_func ("/rmi/interface-info/xml-round-trips", test_xml_round_trips);
  g_test_add_func ("/rmi/interface-info/members-are-found", test_members_are_found);
  g_test_add_func ("/rmi/interface-info/types-may-be-circles", test_types_are_shared_and_may_be_circles);
  g_test_add_func ("/rmi/interface-info/imported-types-are-translated", test_imported_types_are_translated);
  g_test_add_func ("/rmi/interface-info/unknown-members-are-ignored", test_unknown_members_are_ignored);
  g_test_add_func ("/rmi/interface-info/bad-documents-are-located", test_bad_documents_are_located);
  g_test_add_func ("/rmi/interface-info/every-cut-is-an-error", test_every_cut_is_an_error);
  g_test_add_func ("/rmi/interface-info/every-changed-byte-is-survived", test_every_changed_byte_is_survived);
  g_test_add_func ("/rmi/interface-info/large-documents-are-bounded", test_large_documents_are_bounded);
  g_test_add_func ("/rmi/interface-info/one-document-among-others-is-read", test_one_document_among_others_is_read);
  return g_test_run ();
}
