/* tests/test-description.c: description files, good ones and bad ones
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "config.h"

#include <string.h>

#include <glib/gstdio.h>

#include "rmi/rmi-description-internal.h"
#include "rmi/rmi-error.h"

#define NODE(inside)  "<node namespace=\"org.x\">" inside "</node>"
#define IFACE(inside) NODE ("<interface name=\"org.x.It\">" inside "</interface>")
#define METHOD(type)  IFACE ("\n<method name=\"M\"><arg name=\"a\" type=\"" type "\"/></method>")

static RmiDescription *
parse (const char *xml)
{
  g_autoptr(GError) error = NULL;
  RmiDescription *description = rmi_description_new_for_data (xml, -1, "it.xml", &error);

  g_assert_no_error (error);
  return description;
}

static void
expect_error (const char *xml,
              const char *message)
{
  g_autoptr(GError) error = NULL;
  RmiDescription *description = rmi_description_new_for_data (xml, -1, "it.xml", &error);

  g_assert_null (description);
  g_assert_error (error, RMI_ERROR, RMI_ERROR_INVALID_ARGUMENTS);
  if (strstr (error->message, message) == NULL)
    g_error ("%s\nfails with: %s\ninstead of: %s", xml, error->message, message);
}

static RmiMethodInfo *
get_method (RmiDescription *description,
            guint           index)
{
  RmiInterfaceInfo *info = description->interfaces->pdata[0];

  return info->methods->pdata[index];
}

static RmiFieldInfo *
get_field (GPtrArray *fields,
           guint      index)
{
  g_assert_cmpuint (index, <, fields->len);
  return fields->pdata[index];
}

/* ---- what is read ---- */

static const char shop[] =
  "<?xml version=\"1.0\"?>\n"
  "<node namespace=\"org.example.shop\">\n"
  "  <enum name=\"State\"><value name=\"open\"/><value name=\"half-open\" value=\"0x10\"/><value name=\"paid\"/></enum>\n"
  "  <flags name=\"Options\"><value name=\"read\"/><value name=\"write\"/><value name=\"both\" value=\"3\"/></flags>\n"
  "  <class name=\"Receipt\" cycles=\"true\"><property name=\"lines\" type=\"aLine\"/><property name=\"of\" type=\"mReceipt\"/></class>\n"
  "  <class name=\"Refund\" extends=\"Receipt\"/>\n"
  "  <class name=\"Line\"><property name=\"sku\" type=\"s\"/></class>\n"
  "  <struct name=\"Point\" compact=\"true\"><field name=\"x\" type=\"d\"/><field name=\"next\" type=\"mPoint\"/></struct>\n"
  "  <error name=\"OutOfStock\"/><error name=\"Closed\"/>\n"
  "  <interface name=\"org.example.shop.Warehouse\" extends=\"Building\" subscribe=\"manual\" since=\"1.2\">\n"
  "    <method name=\"Reserve\" throws=\"OutOfStock, Closed\" idempotent=\"true\" timeout=\"5000\" deprecated=\"true\">\n"
  "      <arg name=\"lines\" type=\"a{sLine}\" direction=\"in\"/><arg type=\"aState\" direction=\"out\"/>\n"
  "    </method>\n"
  "  </interface>\n"
  "  <interface name=\"org.example.shop.Building\"/>\n"
  "</node>\n";

static void
test_everything_declared_is_there (void)
{
  g_autoptr(RmiDescription) description = parse (shop);
  RmiDeclaration *declaration;
  RmiInterfaceInfo *info;
  RmiMethodInfo *method;

  g_assert_cmpstr (description->namespace, ==, "org.example.shop");
  g_assert_cmpuint (description->declarations->len, ==, 8);
  g_assert_cmpuint (description->errors->len, ==, 2);

  declaration = description->declarations->pdata[0];
  g_assert_cmpint (declaration->kind, ==, RMI_DECLARATION_ENUM);
  g_assert_cmpstr (declaration->name, ==, "org.example.shop.State");
  g_assert_cmpint (((RmiEnumValueInfo *) declaration->values->pdata[2])->value, ==, 17);
  declaration = description->declarations->pdata[1];
  g_assert_cmpint (((RmiEnumValueInfo *) declaration->values->pdata[1])->value, ==, 2);
  declaration = description->declarations->pdata[2];
  g_assert_true (declaration->allows_cycles);
  g_assert_true (get_field (declaration->fields, 1)->type->element->declaration == declaration);
  g_assert_true (((RmiDeclaration *) description->declarations->pdata[3])->base == declaration);
  declaration = description->declarations->pdata[5];
  g_assert_true (declaration->compact);
  g_assert_cmpint (declaration->location.line, ==, 8);
  g_assert_cmpint (declaration->location.column, ==, 3);

  info = description->interfaces->pdata[0];
  g_assert_false (info->subscribes);
  g_assert_cmpstr (info->since, ==, "1.2");
  g_assert_cmpstr (info->base->name, ==, "org.example.shop.Building");
  method = get_method (description, 0);
  g_assert_cmpuint (method->throws->len, ==, 2);
  g_assert_cmpstr (method->throws->pdata[1], ==, "Closed");
  g_assert_true (method->is_idempotent);
  g_assert_true (method->is_deprecated);
  g_assert_false (method->is_oneway);
  g_assert_cmpuint (method->timeout_ms, ==, 5000);
  g_assert_cmpstr (get_field (method->out, 0)->name, ==, "out1");
  g_assert_cmpint (get_field (method->in, 0)->type->key, ==, 's');
}

static void
test_types_are_taken_apart (void)
{
  static const struct { const char *signature; RmiTypeKind kind; } cases[] = {
    { "b", RMI_TYPE_KIND_BASIC }, { "h", RMI_TYPE_KIND_BASIC }, { "v", RMI_TYPE_KIND_VARIANT }, { "j", RMI_TYPE_KIND_JSON },
    { "ay", RMI_TYPE_KIND_BYTES }, { "aay", RMI_TYPE_KIND_ARRAY }, { "a{sv}", RMI_TYPE_KIND_DICT }, { "a{uas}", RMI_TYPE_KIND_DICT },
    { "ms", RMI_TYPE_KIND_MAYBE }, { "may", RMI_TYPE_KIND_MAYBE }, { "m(ii)", RMI_TYPE_KIND_MAYBE }, { "mv", RMI_TYPE_KIND_MAYBE },
    { "()", RMI_TYPE_KIND_TUPLE }, { "(sa{s(uv)}ms)", RMI_TYPE_KIND_TUPLE }, { "It", RMI_TYPE_KIND_NAMED }, { "mIt", RMI_TYPE_KIND_MAYBE },
    { "aIt", RMI_TYPE_KIND_ARRAY }, { "amIt", RMI_TYPE_KIND_ARRAY }, { "a{sIt}", RMI_TYPE_KIND_DICT }, { "ma{saIt}", RMI_TYPE_KIND_MAYBE },
    { "aj", RMI_TYPE_KIND_ARRAY }, { "mj", RMI_TYPE_KIND_MAYBE }, { "a{sj}", RMI_TYPE_KIND_DICT },
  };
  guint i;

  for (i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *xml = g_strdup_printf (METHOD ("%s"), cases[i].signature);
      g_autoptr(RmiDescription) description = parse (xml);
      const RmiTypeInfo *type = get_field (get_method (description, 0)->in, 0)->type;

      g_assert_cmpint (type->kind, ==, cases[i].kind);
      g_assert_cmpstr (type->signature, ==, cases[i].signature);
      if (type->kind == RMI_TYPE_KIND_NAMED)
        g_assert_cmpstr (type->declaration->name, ==, "org.x.It");
    }
}

/* ---- real D-Bus files ---- */

static const char dbus[] =
  "<!DOCTYPE node PUBLIC \"-//freedesktop//DTD D-BUS Object Introspection 1.0//EN\"\n"
  "  \"http://www.freedesktop.org/standards/dbus/1.0/introspect.dtd\" [ <!ENTITY kind 's'> ]>\n"
  "<!-- Some licence: all of it -->\n"
  "<node name=\"/org/example\" xmlns:tp=\"http://telepathy\">\n"
  "  <!--\n"
  "      org.example.Old:\n"
  "      @short_description: An old friend\n"
  "      @since: 0.9\n"
  "\n"
  "      It was there before.\n"
  "  -->\n"
  "  <interface name=\"org.example.Old\" tp:causes-havoc=\"yes\">\n"
  "    <annotation name=\"org.gtk.GDBus.C.Name\" value=\"Ancient\"/>\n"
  "    <tp:docstring>Not <tp:emphasis>ours</tp:emphasis></tp:docstring>\n"
  "    <!-- Delete:\n"
  "         @error: what went wrong\n"
  "         @result: <value>\n"
  "         @since: 1.1\n"
  "         Deletes: gone for good. -->\n"
  "    <method name=\"Delete\">\n"
  "      <arg name=\"error\" type=\"&kind;\" direction=\"in\"><annotation name=\"x.y\" value=\"\"/></arg>\n"
  "      <arg name=\"error\" type=\"s\" direction=\"out\"/>\n"
  "      <arg type=\"u\"/><arg type=\"u\" direction=\"in\"/><arg type=\"t\" direction=\"out\"/>\n"
  "    </method>\n"
  "    <method name=\"Free\"><annotation name=\"org.freedesktop.DBus.Method.NoReply\" value=\"true\"/></method>  <!-- aside -->\n"
  "    <signal name=\"Free\"><annotation name=\"org.freedesktop.DBus.Deprecated\" value=\"true\"/><arg type=\"s\" direction=\"out\"/></signal>\n"
  "    <!-- How it is. -->\n"
  "    <property name=\"State\" type=\"s\" access=\"read\">\n"
  "      <annotation name=\"org.freedesktop.DBus.Property.EmitsChangedSignal\" value=\"invalidates\"/>\n"
  "      <annotation name=\"org.gtk.GDBus.Since\" value=\"2.0\"/>\n"
  "    </property>\n"
  "    <property name=\"state\" type=\"s\" access=\"readwrite\"/>\n"
  "    <!-- A heading -->\n"
  "\n"
  "    <property name=\"can-seek\" type=\"b\" access=\"write\"/>\n"
  "    <property name=\"told\" type=\"b\" access=\"read\"><annotation name=\"org.gtk.GDBus.DocString\" value=\"By annotation\"/></property>\n"
  "  </interface>\n"
  "  <interface name=\"org.other.Old\"/>\n"
  "  <node name=\"child\"><interface name=\"not even a name\"/></node>\n"
  "</node>\n";

static void
test_dbus_files_work_unchanged (void)
{
  g_autoptr(RmiDescription) description = parse (dbus);
  RmiInterfaceInfo *info = description->interfaces->pdata[0];
  RmiMethodInfo *method = get_method (description, 0);
  RmiSignalInfo *signal = info->signals->pdata[0];

  g_assert_cmpuint (description->interfaces->len, ==, 2);
  g_assert_cmpstr (info->c_name, ==, "Ancient");
  g_assert_cmpstr (((RmiDeclaration *) description->declarations->pdata[0])->c_name, ==, "Ancient");
  g_assert_cmpstr (get_field (method->in, 0)->type->signature, ==, "s");
  g_assert_cmpstr (get_field (method->in, 1)->name, ==, "arg2");
  g_assert_cmpstr (get_field (method->in, 2)->name, ==, "arg3");
  g_assert_cmpstr (get_field (method->out, 0)->name, ==, "error");
  g_assert_cmpstr (get_field (method->out, 1)->name, ==, "out2");
  g_assert_true (get_method (description, 1)->is_oneway);
  g_assert_true (signal->is_deprecated);
  g_assert_cmpstr (get_field (signal->arguments, 0)->name, ==, "arg1");
  g_assert_cmpuint (info->properties->len, ==, 4);
}

static void
test_comments_document (void)
{
  g_autoptr(RmiDescription) description = parse (dbus);
  RmiInterfaceInfo *info = description->interfaces->pdata[0];
  RmiMethodInfo *method = get_method (description, 0);
  RmiPropertyInfo *property = info->properties->pdata[0];

  g_assert_cmpstr (info->doc, ==, "An old friend\n\nIt was there before.");
  g_assert_cmpstr (info->since, ==, "0.9");
  g_assert_cmpstr (method->doc, ==, "Deletes: gone for good.");
  g_assert_cmpstr (method->since, ==, "1.1");
  g_assert_cmpstr (get_field (method->in, 0)->doc, ==, "what went wrong");
  g_assert_cmpstr (get_field (method->out, 0)->doc, ==, "what went wrong");
  g_assert_null (get_field (method->in, 1)->doc);
  g_assert_null (get_method (description, 1)->doc);
  g_assert_null (((RmiSignalInfo *) info->signals->pdata[0])->doc);
  g_assert_cmpstr (property->doc, ==, "How it is.");
  g_assert_cmpstr (property->since, ==, "2.0");
  g_assert_null (((RmiPropertyInfo *) info->properties->pdata[1])->doc);
  g_assert_null (((RmiPropertyInfo *) info->properties->pdata[2])->doc);
  g_assert_cmpstr (((RmiPropertyInfo *) info->properties->pdata[3])->doc, ==, "By annotation");
}

/* ---- what is refused, and where ---- */

static void
test_bad_types_are_located (void)
{
  static const struct { const char *signature, *message; } cases[] = {
    { "", "it.xml:2:18: bad type \"\", character 1: a type is missing" },
    { "a", "character 2: a type is missing" }, { "m", "character 2: a type is missing" }, { "(i", "character 3: a type is missing" },
    { "z", "no type begins like this" }, { "r", "no type begins like this" }, { "*", "no type begins like this" },
    { "{sv}", "no type begins like this" }, { "ii", "character 2: the type ends before this" }, { "Itt", "there is no type Itt" },
    { "aLin", "character 2: there is no type Lin" }, { "Bank.Account", "there is no import Bank" }, { "It)", "character 3: the type ends" },
    { "(It)", "character 2: the declared name \"It\" may not stand inside parentheses" }, { "a(sIt)", "inside parentheses" },
    { "a{s(It)}", "inside parentheses" }, { "(j)", "\"j\" may not stand inside parentheses" }, { "a{sIti}", "there is no type Iti" },
    { "mi", "\"m\" may not stand before \"i\", which is never NULL" }, { "mms", "may not stand before \"ms\"" },
    { "(mu)", "may not stand before \"u\"" }, { "a{vs}", "the key of a dict must be a basic type" }, { "a{}", "key of a dict" },
    { "a{Its}", "key of a dict" }, { "a{(i)s}", "key of a dict" }, { "a{sss}", "expected \"}\"" }, { "a{s", "a type is missing" },
    { "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaas", "nested deeper than 32 levels" },
  };
  g_autofree char *wide = g_strnfill (300, '(');
  g_autofree char *deep = g_strdup_printf (METHOD ("%s"), wide);
  guint i;

  for (i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *xml = g_strdup_printf (METHOD ("%s"), cases[i].signature);

      expect_error (xml, cases[i].message);
    }
  expect_error (deep, "longer than 255 bytes");
  expect_error (NODE ("<class name=\"C\" external=\"a&quot;.h\"/>"), "external=\"a\".h\" is no C header");
  expect_error (NODE ("<class name=\"C\" external=\"\"/>"), "external=\"\" is no C header");
  expect_error (NODE ("<class name=\"B\"/><class name=\"C\" extends=\"B\" external=\"c.h\"/>"),
                "a class that is external has neither \"extends\" nor \"cycles\"");
  expect_error (NODE ("<class name=\"B\" external=\"b.h\"/><class name=\"C\" extends=\"B\"/>"),
                "class C cannot extend B, which is external");
  expect_error (NODE ("<enum name=\"E\"><value name=\"v\"/></enum><struct name=\"S\"><field name=\"f\" type=\"mE\"/></struct>"),
                "may not stand before \"E\"");
  expect_error ("<node><interface name=\"a.It\"><property name=\"P\" type=\"It\" access=\"read\"/></interface><interface name=\"b.It\"/></node>",
                "It may be several interfaces");
}

static void
test_bad_names_are_located (void)
{
  static const struct { const char *xml, *message; } cases[] = {
    { "<node namespace=\"org..x\"/>", "it.xml:1:1: \"org..x\" is no name for a namespace" },
    { "<node><enum name=\"E\"><value name=\"v\"/></enum></node>", "it.xml:1:7: enum E needs a namespace" },
    { "<node><error name=\"E\"/></node>", "error E needs a namespace" },
    { NODE ("<class name=\"line\"/>"), "\"line\" is no name for a type" }, { NODE ("<class name=\"A.B\"/>"), "no name for a type" },
    { NODE ("<error name=\"out-of\"/>"), "no name for an error" }, { NODE ("<import file=\"x\" as=\"bank\"/>"), "no name for an import" },
    { NODE ("<interface name=\"It\"/>"), "no name for an interface" }, { NODE ("<interface name=\"org.x.1\"/>"), "no name for an interface" },
    { IFACE ("<method name=\"Get It\"/>"), "no name for a method" }, { IFACE ("<method name=\"\"/>"), "no name for a method" },
    { IFACE ("<signal name=\"a-b\"/>"), "no name for a signal" }, { IFACE ("<property name=\"a b\" type=\"s\" access=\"read\"/>"), "no name for a property" },
    { IFACE ("<method name=\"M\"><arg name=\"a.b\" type=\"s\"/></method>"), "no name for a field or argument" },
    { NODE ("<enum name=\"E\"><value name=\"a b\"/></enum>"), "no name for a value" },
    { IFACE ("<method name=\"M\"/>\n<method name=\"M\"><arg type=\"s\"/></method>"), "it.xml:2:1: the method M is there twice, first in line 1" },
    { IFACE ("<signal name=\"M\"/><signal name=\"M\"/>"), "the signal M is there twice" },
    { IFACE ("<method name=\"M\"><arg name=\"a\" type=\"s\"/><arg name=\"a\" type=\"s\"/></method>"), "the in argument a is there twice" },
    { NODE ("<class name=\"C\"><property name=\"a\" type=\"s\"/><property name=\"a\" type=\"s\"/></class>"), "the property a is there twice" },
    { NODE ("<enum name=\"E\"><value name=\"a\"/><value name=\"a\"/></enum>"), "the value a is there twice" },
    { NODE ("<enum name=\"E\"><value name=\"a\" value=\"1\"/><value name=\"b\" value=\"1\"/></enum>"), "b has the same value as a" },
    { NODE ("<class name=\"C\"/><class name=\"C\"/>"), "the name C is there twice" },
    { NODE ("<class name=\"It\"/><interface name=\"org.x.It\"/>"), "there twice, for an interface and a type" },
    { NODE ("<error name=\"E\"/><error name=\"E\"/>"), "the error E is there twice" },
    { NODE ("<interface name=\"org.x.A\"/><interface name=\"org.x.A\"/>"), "the interface org.x.A is there twice" },
  };
  guint i;

  for (i = 0; i < G_N_ELEMENTS (cases); i++)
    expect_error (cases[i].xml, cases[i].message);
}

static void
test_nonsense_is_located (void)
{
  static const struct { const char *xml, *message; } cases[] = {
    { "", "it.xml:1:1: no element found" }, { "<node>", "it.xml:1:7: no element found" }, { "<node>\n</nod>", "it.xml:2:3: mismatched tag" },
    { "<interface name=\"a.b\"/>", "<interface> may not stand here" }, { NODE ("<method name=\"M\"/>"), "<method> may not stand inside <node>" },
    { NODE ("<strukt name=\"S\"/>"), "<strukt> may not stand inside <node>" }, { NODE ("<import as=\"B\"/>"), "<import> lacks the attribute \"file\"" },
    { NODE ("<interface/>"), "<interface> lacks the attribute \"name\"" }, { IFACE ("<property name=\"P\" type=\"s\"/>"), "lacks the attribute \"access\"" },
    { IFACE ("<property name=\"P\" type=\"s\" access=\"rw\"/>"), "access=\"rw\"" },
    { IFACE ("<method name=\"M\" one-way=\"true\"/>"), "<method> has no attribute \"one-way\"" },
    { IFACE ("<method name=\"M\" oneway=\"yes\"/>"), "neither \"true\" nor \"false\"" },
    { IFACE ("<method name=\"M\" timeout=\"0\"/>"), "timeout=\"0\" is no number of milliseconds" },
    { IFACE ("<method name=\"M\" timeout=\"-1\"/>"), "timeout=\"-1\"" }, { IFACE ("<method name=\"M\" timeout=\"5s\"/>"), "timeout=\"5s\"" },
    { IFACE ("<method name=\"M\" throws=\"Gone\"/>"), "method M throws \"Gone\": there is no such error" },
    { IFACE ("<method name=\"M\" throws=\"Bank.Gone\"/>"), "there is no import Bank" },
    { IFACE ("<method name=\"M\" oneway=\"true\"><arg type=\"s\" direction=\"out\"/></method>"), "is oneway, so it has no out arguments" },
    { IFACE ("<method name=\"M\"><arg type=\"s\" direction=\"up\"/></method>"), "direction=\"up\"" },
    { IFACE ("<method name=\"M\"><arg/></method>"), "<arg> lacks the attribute \"type\"" },
    { NODE ("<enum name=\"E\"/>"), "enum E has no values" }, { NODE ("<struct name=\"S\"/>"), "struct S has no fields" },
    { NODE ("<enum name=\"E\"><value name=\"a\" value=\"x\"/></enum>"), "value=\"x\" is no number" },
    { NODE ("<enum name=\"E\"><value name=\"a\" value=\"2147483648\"/></enum>"), "out of range for an enum" },
    { NODE ("<flags name=\"F\"><value name=\"a\" value=\"0\"/></flags>"), "out of range for flags" },
    { NODE ("<class name=\"C\" extends=\"D\"/>"), "extends=\"D\": there is no type D" },
    { NODE ("<class name=\"C\" extends=\"d e\"/>"), "is no name of a type" },
    { NODE ("<class name=\"C\" extends=\"It\"/><interface name=\"org.x.It\"/>"), "class C cannot extend interface It" },
    { NODE ("<class name=\"C\"/><interface name=\"org.x.It\" extends=\"C\"/>"), "interface It cannot extend class C" },
    { NODE ("<class name=\"C\" extends=\"C\"/>"), "class C extends itself" },
    { NODE ("<class name=\"A\" extends=\"B\"/>\n<class name=\"B\" extends=\"C\"/><class name=\"C\" extends=\"B\"/>"), "it.xml:2:" },
    { NODE ("<interface name=\"org.x.A\" extends=\"B\"/><interface name=\"org.x.B\" extends=\"A\"/>"), "extends itself" },
    { NODE ("<class name=\"A\"><property name=\"p\" type=\"s\"/></class><class name=\"B\" extends=\"A\"><property name=\"p\" type=\"u\"/></class>"),
      "class B has a property \"p\" already" },
    { NODE ("<struct name=\"S\"><field name=\"f\" type=\"S\"/></struct>"), "it.xml:1:25: struct S contains itself" },
    { NODE ("<struct name=\"S\"><field name=\"f\" type=\"T\"/></struct><struct name=\"T\"><field name=\"f\" type=\"S\"/></struct>"), "contains itself" },
  };
  guint i;

  for (i = 0; i < G_N_ELEMENTS (cases); i++)
    expect_error (cases[i].xml, cases[i].message);
}

/* ---- hostile ---- */

static void
test_entities_are_bounded_and_local (void)
{
  g_autoptr(GString) bomb = g_string_new ("<!DOCTYPE node [<!ENTITY a0 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'>");
  guint i;

  for (i = 1; i < 10; i++)
    g_string_append_printf (bomb, "<!ENTITY a%u '&a%u;&a%u;&a%u;&a%u;&a%u;&a%u;&a%u;&a%u;&a%u;&a%u;'>", i, i - 1, i - 1, i - 1, i - 1,
                            i - 1, i - 1, i - 1, i - 1, i - 1, i - 1);
  g_string_append (bomb, "]><node>&a9;</node>");
  expect_error (bomb->str, "it.xml:1:");

  expect_error ("<!DOCTYPE node [<!ENTITY x SYSTEM '/etc/hostname'>]><node><interface name=\"&x;\"/></node>", "it.xml:1:");
}

static void
test_nesting_and_size_are_bounded (void)
{
  g_autoptr(GString) xml = g_string_new ("<node>");
  g_autoptr(GError) error = NULL;
  guint i;

  for (i = 0; i < 100000; i++)
    g_string_append (xml, "<x:y>");
  expect_error (xml->str, "nested deeper than 256 levels");

  g_string_set_size (xml, 16 * 1024 * 1024 + 1);
  g_assert_null (rmi_description_new_for_data (xml->str, xml->len, "it.xml", &error));
  g_assert_error (error, RMI_ERROR, RMI_ERROR_INVALID_ARGUMENTS);
  g_clear_error (&error);
  g_assert_null (rmi_description_new_for_file ("/dev/zero", &error));
  g_assert_error (error, RMI_ERROR, RMI_ERROR_INVALID_ARGUMENTS);
}

static void
test_long_chains_take_no_stack (void)
{
  g_autoptr(GString) xml = g_string_new ("<node namespace=\"x\">");
  RmiDescription *description;
  guint i;

  for (i = 0; i < 50000; i++)
    g_string_append_printf (xml, "<struct name=\"S%u\"><field name=\"f\" type=\"S%u\"/></struct>", i, i + 1);
  g_string_append_printf (xml, "<struct name=\"S%u\"><field name=\"f\" type=\"s\"/></struct></node>", i);
  description = parse (xml->str);
  rmi_description_free (description);

  g_string_assign (xml, "<node namespace=\"x\">");
  for (i = 0; i < 50000; i++)
    g_string_append_printf (xml, "<class name=\"C%u\" extends=\"C%u\"/>", i, i + 1);
  g_string_append_printf (xml, "<class name=\"C%u\"/></node>", i);
  expect_error (xml->str, "class C0 has more than 32 bases");
}

/* Every piece of a good file is good or a located error. */
static void
test_every_cut_is_an_error (void)
{
  gsize length;

  for (length = 0; length < strlen (dbus) - strlen ("</node>\n"); length++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_null (rmi_description_new_for_data (dbus, length, "it.xml", &error));
      g_assert_true (g_str_has_prefix (error->message, "it.xml:"));
    }
}

/* ---- imports ---- */

typedef struct
{
  char *folder;
} Files;

static void
set_up (Files         *files,
        gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;

  files->folder = g_dir_make_tmp ("rmi-description-XXXXXX", &error);
  g_assert_no_error (error);
}

static void
tear_down (Files         *files,
           gconstpointer  unused)
{
  g_autoptr(GDir) folder = g_dir_open (files->folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *path = g_build_filename (files->folder, name, NULL);

      g_unlink (path);
    }
  g_rmdir (files->folder);
  g_free (files->folder);
}

static char *
add_file (Files      *files,
          const char *name,
          const char *xml)
{
  char *path = g_build_filename (files->folder, name, NULL);
  g_autoptr(GError) error = NULL;

  g_file_set_contents (path, xml, -1, &error);
  g_assert_no_error (error);
  return path;
}

static void
add_bank (Files *files)
{
  g_free (add_file (files, "money.xml", "<node namespace=\"org.money\"><struct name=\"Amount\"><field name=\"cents\" type=\"t\"/></struct></node>"));
  g_free (add_file (files, "bank.xml",
                    "<node namespace=\"org.bank\"><import file=\"money.xml\" as=\"M\"/><error name=\"Declined\"/>"
                    "<class name=\"Account\"><property name=\"total\" type=\"M.Amount\"/></class>"
                    "<interface name=\"org.bank.Teller\"/></node>"));
}

static void
test_imports_are_followed (Files         *files,
                           gconstpointer  unused)
{
  g_autoptr(RmiDescription) description = NULL;
  g_autofree char *path = NULL;
  g_autoptr(GError) error = NULL;
  RmiDescriptionImport *bank, *money;
  RmiMethodInfo *method;

  add_bank (files);
  path = add_file (files, "shop.xml",
                   "<node namespace=\"org.shop\">"
                   "<interface name=\"org.shop.It\" extends=\"Bank.Teller\"><method name=\"M\" throws=\"Bank.Declined\">"
                   "<arg name=\"a\" type=\"aBank.Account\"/><arg name=\"b\" type=\"mGeld.Amount\"/></method></interface>"
                   "<class name=\"Rich\" extends=\"Bank.Account\"/>"
                   "<import file=\"bank.xml\" as=\"Bank\"/><import file=\"./money.xml\" as=\"Geld\"/></node>");
  description = rmi_description_new_for_file (path, &error);
  g_assert_no_error (error);

  bank = description->imports->pdata[0];
  money = description->imports->pdata[1];
  g_assert_true (((RmiDescriptionImport *) bank->description->imports->pdata[0])->description == money->description);
  method = get_method (description, 0);
  g_assert_cmpstr (method->throws->pdata[0], ==, "org.bank.Declined");
  g_assert_true (get_field (method->in, 0)->type->element->declaration == bank->description->declarations->pdata[0]);
  g_assert_true (get_field (method->in, 1)->type->element->declaration == money->description->declarations->pdata[0]);
  g_assert_cmpstr (((RmiInterfaceInfo *) description->interfaces->pdata[0])->base->name, ==, "org.bank.Teller");
}

static void
test_interfaces_outlive_the_file (Files         *files,
                                  gconstpointer  unused)
{
  g_autoptr(RmiInterfaceInfo) info = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *path = NULL;
  RmiMethodInfo *method;

  add_bank (files);
  path = add_file (files, "shop.xml",
                   NODE ("<import file=\"bank.xml\" as=\"Bank\"/><interface name=\"org.x.A\"><method name=\"M\">"
                         "<arg name=\"a\" type=\"Bank.Account\"/></method></interface><interface name=\"org.x.B\"/>"));
  info = rmi_interface_info_new_for_file (path, NULL, &error);
  g_assert_error (error, RMI_ERROR, RMI_ERROR_INVALID_ARGUMENTS);
  g_assert_nonnull (strstr (error->message, "org.x.A, org.x.B"));
  g_clear_error (&error);
  info = rmi_interface_info_new_for_file (path, "org.x.C", &error);
  g_assert_error (error, RMI_ERROR, RMI_ERROR_INVALID_ARGUMENTS);
  g_clear_error (&error);

  info = rmi_interface_info_new_for_file (path, "org.x.A", &error);
  g_assert_no_error (error);
  method = info->methods->pdata[0];
  g_assert_cmpstr (get_field (method->in, 0)->type->declaration->name, ==, "org.bank.Account");
}

static void
test_bad_imports_are_located (Files         *files,
                              gconstpointer  unused)
{
  static const struct { const char *name, *xml, *message; } cases[] = {
    { "a.xml", "<node>\n<import file=\"gone.xml\" as=\"G\"/></node>", "a.xml:2:1: cannot import \"gone.xml\": " },
    { "b.xml", "<node><import file=\"b.xml\" as=\"B\"/></node>", "import each other in a circle" },
    { "c.xml", "<node><import file=\"d.xml\" as=\"D\"/></node>", "d.xml:1:7: cannot import \"c.xml\": files import each other in a circle" },
    { "e.xml", "<node><import file=\"f.xml\" as=\"F\"/></node>", "f.xml:1:7: <nonsense> may not stand inside" },
    { "g.xml", "<node><import file=\"d.xml\" as=\"A\"/><import file=\"d.xml\" as=\"A\"/></node>", "the import A is there twice" },
    { "h.xml", NODE ("<import file=\"i.xml\" as=\"I\"/><class name=\"C\" extends=\"I.Gone\"/>"), "there is no type I.Gone" },
  };
  guint i;

  g_free (add_file (files, "d.xml", "<node><import file=\"c.xml\" as=\"C\"/></node>"));
  g_free (add_file (files, "f.xml", "<node><nonsense/></node>"));
  g_free (add_file (files, "i.xml", "<node/>"));
  for (i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = add_file (files, cases[i].name, cases[i].xml);
      g_autoptr(GError) error = NULL;

      g_assert_null (rmi_description_new_for_file (path, &error));
      g_assert_error (error, RMI_ERROR, RMI_ERROR_INVALID_ARGUMENTS);
      g_assert_true (g_str_has_prefix (error->message, path));
      g_assert_nonnull (strstr (error->message, cases[i].message));
    }
}

static void
test_long_import_chains_are_refused (Files         *files,
                                     gconstpointer  unused)
{
  g_autofree char *first = g_build_filename (files->folder, "0.xml", NULL);
  g_autoptr(GError) error = NULL;
  guint i;

  for (i = 0; i < 100; i++)
    {
      g_autofree char *name = g_strdup_printf ("%u.xml", i);
      g_autofree char *xml = g_strdup_printf ("<node><import file=\"%u.xml\" as=\"N\"/></node>", i + 1);

      g_free (add_file (files, name, xml));
    }
  g_assert_null (rmi_description_new_for_file (first, &error));
  g_assert_nonnull (strstr (error->message, "more than 32 imports"));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/rmi/description/everything-declared-is-there", test_everything_declared_is_there);
  g_test_add_func ("/rmi/description/types-are-taken-apart", test_types_are_taken_apart);
  g_test_add_func ("/rmi/description/dbus-files-work-unchanged", test_dbus_files_work_unchanged);
  g_test_add_func ("/rmi/description/comments-document", test_comments_document);
  g_test_add_func ("/rmi/description/bad-types-are-located", test_bad_types_are_located);
  g_test_add_func ("/rmi/description/bad-names-are-located", test_bad_names_are_located);
  g_test_add_func ("/rmi/description/nonsense-is-located", test_nonsense_is_located);
  g_test_add_func ("/rmi/description/entities-are-bounded-and-local", test_entities_are_bounded_and_local);
  g_test_add_func ("/rmi/description/nesting-and-size-are-bounded", test_nesting_and_size_are_bounded);
  g_test_add_func ("/rmi/description/long-chains-take-no-stack", test_long_chains_take_no_stack);
  g_test_add_func ("/rmi/description/every-cut-is-an-error", test_every_cut_is_an_error);
  g_test_add ("/rmi/description/imports-are-followed", Files, NULL, set_up, test_imports_are_followed, tear_down);
  g_test_add ("/rmi/description/interfaces-outlive-the-file", Files, NULL, set_up, test_interfaces_outlive_the_file, tear_down);
  g_test_add ("/rmi/description/bad-imports-are-located", Files, NULL, set_up, test_bad_imports_are_located, tear_down);
  g_test_add ("/rmi/description/long-import-chains-are-refused", Files, NULL, set_up, test_long_import_chains_are_refused, tear_down);
  return g_test_run ();
}
