/* tests/test-marshaller.c: GVariant and typed text to the wire and back, by description
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "config.h"

#include "rmi/rmi-description-internal.h"
#include "rmi/rmi-scanner-internal.h"

static const char description_text[] =
  "<node namespace='org.example.shop'>"
  "<enum name='State'><value name='open'/><value name='paid'/><value name='3rd-party'/></enum>"
  "<flags name='Way'><value name='read'/><value name='write'/><value name='exec'/>"
  "<value name='both' value='3'/></flags>"
  "<struct name='Point'><field name='x' type='d'/><field name='y' type='d'/></struct>"
  "<struct name='Pair' compact='true'><field name='name' type='s'/>"
  "<field name='point' type='mPoint'/></struct>"
  "<class name='Line'><property name='sku' type='s'/><property name='quantity' type='u'/></class>"
  "<class name='Gift' extends='Line'><property name='note' type='ms'/></class>"
  "<class name='Node'><property name='next' type='mNode'/></class>"
  "<interface name='org.example.shop.Basket'/>"
  "<interface name='org.example.shop.All'>"
  "<method name='All'>"
  "<arg type='State' direction='in'/><arg type='Way' direction='in'/>"
  "<arg type='Point' direction='in'/>"
  "<arg type='Pair' direction='in'/><arg type='Line' direction='in'/>"
  "<arg type='Gift' direction='in'/>"
  "<arg type='Node' direction='in'/><arg type='Basket' direction='in'/>"
  "<arg type='mBasket' direction='in'/>"
  "<arg type='aLine' direction='in'/><arg type='a{sState}' direction='in'/>"
  "<arg type='a{uPoint}' direction='in'/>"
  "<arg type='a{oGift}' direction='in'/><arg type='j' direction='in'/>"
  "<arg type='aj' direction='in'/>"
  "<arg type='mj' direction='in'/><arg type='aBasket' direction='in'/>"
  "<arg type='u' direction='in'/><arg type='b' direction='in'/><arg type='d' direction='in'/>"
  "<arg type='x' direction='in'/>"
  "<arg type='s' direction='in'/><arg type='o' direction='in'/><arg type='ay' direction='in'/>"
  "<arg type='v' direction='in'/>"
  "<arg type='ms' direction='in'/><arg type='as' direction='in'/><arg type='(su)' direction='in'/>"
  "<arg type='a{sv}' direction='in'/><arg type='y' direction='in'/><arg type='h' direction='in'/>"
  "<arg type='a{gj}' direction='in'/>"
  "</method></interface></node>";

static RmiDescription *description;
static RmiLimits limits;

static const RmiTypeInfo *
find_type (const char *signature)
{
  const RmiInterfaceInfo *info = description->interfaces->pdata[1];
  const RmiMethodInfo *method = info->methods->pdata[0];

  for (guint i = 0; i < method->in->len; i++)
    if (g_str_equal (((RmiFieldInfo *) method->in->pdata[i])->type->signature, signature))
      return ((RmiFieldInfo *) method->in->pdata[i])->type;
  g_error ("the description has no type \"%s\"", signature);
}

/* ---- a codec that counts what is released ---- */

static GString *released;

static void
discard (RmiReferenceCodec      *codec,
         const RmiWireReference *reference)
{
  g_string_append_len (released, reference->path.data, reference->path.length);
  g_string_append_c (released, ' ');
}

static RmiReferenceCodec codec = { .discard = discard };

/* ---- both directions ---- */

static char *
write_variant (const char  *signature,
               GVariant    *value,
               GError     **error)
{
  g_autoptr(RmiWriter) writer = rmi_writer_new (&limits, NULL);
  g_autoptr(GVariant) owned = g_variant_ref_sink (value);
  RmiSlice text;

  rmi_type_info_write_variant (find_type (signature), owned, NULL, writer);
  if (!rmi_writer_finish (writer, &text, error))
    return NULL;
  return g_strndup (text.data, text.length);
}

static GVariant *
read_variant (const char  *signature,
              const char  *text,
              GError     **error)
{
  g_autofree char *copy = g_memdup2 (text, strlen (text));
  RmiSlice slice = { copy, strlen (text) };
  g_autoptr(GError) scan_error = NULL;
  GVariant *value;
  RmiReader reader;

  rmi_scanner_check (slice, &limits, NULL, NULL, &scan_error);
  g_assert_no_error (scan_error);
  g_string_truncate (released, 0);
  rmi_reader_init (&reader, slice, &limits, &codec, RMI_ERROR_BAD_REPLY, "result");
  value = rmi_type_info_read_variant (find_type (signature), NULL, &reader);
  if (value != NULL)
    {
      g_assert_false (g_variant_is_floating (value));
      g_assert_cmpint (rmi_reader_peek (&reader), ==, 0);
    }
  g_assert_true (rmi_reader_finish (&reader, error) == (value != NULL));
  return value;
}

typedef struct
{
  const char *signature, *value, *json;
} Case;

static void
test_round_trip (void)
{
  static const Case cases[] = {
    { "State", "'paid'", "\"paid\"" },
    { "State", "'3rd-party'", "\"3rd-party\"" },
    { "Way", "@as []", "[]" },
    { "Way", "['read','exec']", "[\"read\",\"exec\"]" },
    { "Point", "{'x':<1.5>,'y':<-2.0>}", "{\"x\":1.5,\"y\":-2.0}" },
    { "Pair", "{'name':<'a'>,'point':<@ma{sv} nothing>}", "[\"a\",null]" },
    { "Pair", "{'name':<'a'>,'point':<@ma{sv} {'x':<0.5>,'y':<0.25>}>}",
      "[\"a\",{\"x\":0.5,\"y\":0.25}]" },
    { "Line", "{'sku':<'a-1'>,'quantity':<uint32 2>}", "{\"sku\":\"a-1\",\"quantity\":2}" },
    { "Line", "{'quantity':<uint32 2>}", "{\"quantity\":2}" },
    { "Line", "@a{sv} {}", "{}" },
    { "Gift", "{'sku':<'a'>,'quantity':<uint32 1>,'note':<@ms 'hi'>}",
      "{\"sku\":\"a\",\"quantity\":1,\"note\":\"hi\"}" },
    { "Node", "{'next':<@ma{sv} {'next':<@ma{sv} nothing>}>}", "{\"next\":{\"next\":null}}" },
    { "Basket", "'/baskets/1'", "{\"$home\":\"/baskets/1\"}" },
    { "mBasket", "@ms nothing", "null" },
    { "mBasket", "@ms '/~/abc'", "{\"$home\":\"/~/abc\"}" },
    { "aBasket", "['/a','/b']", "[{\"$home\":\"/a\"},{\"$home\":\"/b\"}]" },
    { "aLine", "@aa{sv} []", "[]" },
    { "aLine", "[{'sku':<'a'>},{'sku':<'b'>}]", "[{\"sku\":\"a\"},{\"sku\":\"b\"}]" },
    { "a{sState}", "{'a':'open','$ref':'paid'}", "{\"a\":\"open\",\"$$ref\":\"paid\"}" },
    { "a{sState}", "@a{ss} {}", "{}" },
    { "a{uPoint}", "{uint32 7:{'x':<1.5>,'y':<2.5>}}", "[[7,{\"x\":1.5,\"y\":2.5}]]" },
    { "a{oGift}", "{objectpath '/a':{'note':<@ms nothing>}}", "{\"/a\":{\"note\":null}}" },
    { "a{gj}", "{signature 'as':'1'}", "{\"as\":1}" },
    { "j", "'{\"a\":[1,2.50,\"x\\\\u00e9\"],\"b\":null}'",
      "{\"a\":[1,2.50,\"x\\u00e9\"],\"b\":null}" },
    { "j", "'null'", "null" },
    { "j", "'{\"$ref\":{\"$$home\":[{\"$type\":1}]},\"$x\":2,\"ref\":3}'",
      "{\"$$ref\":{\"$$$home\":[{\"$$type\":1}]},\"$x\":2,\"ref\":3}" },
    { "aj", "['1','\"\"']", "[1,\"\"]" },
    { "mj", "@ms nothing", "null" },
    { "u", "uint32 5", "5" },
    { "v", "<uint32 5>", "{\"type\":\"u\",\"data\":5}" },
    { "ms", "@ms nothing", "null" },
    { "(su)", "('a', uint32 1)", "[\"a\",1]" },
    { "ay", "@ay [1,2,3]", "\"AQID\"" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GVariantType) type = rmi_type_info_to_variant_type (find_type (cases[i].signature), FALSE);
      g_autoptr(GError) error = NULL;
      g_autoptr(GVariant) value = g_variant_parse (type, cases[i].value, NULL, NULL, &error);
      g_autoptr(GVariant) back = NULL;
      g_autofree char *json = NULL;

      g_assert_no_error (error);
      json = write_variant (cases[i].signature, value, &error);
      g_assert_no_error (error);
      g_assert_cmpstr (json, ==, cases[i].json);
      back = read_variant (cases[i].signature, json, &error);
      g_assert_no_error (error);
      g_assert_cmpvariant (back, value);
      g_assert_true (g_variant_is_normal_form (back));
    }
}

/* What is accepted but not what would be written. */
static void
test_other_forms (void)
{
  static const Case to_json[] = {
    { "Way", "['exec','read','read']", "[\"read\",\"exec\"]" },
    { "Way", "['both']", "[\"read\",\"write\"]" },
    { "Point", "{'y':<-2.5>,'x':<1.5>}", "{\"x\":1.5,\"y\":-2.5}" },
    { "Gift", "{'note':<'plain'>}", "{\"note\":\"plain\"}" },
    { "mBasket", "'/a'", "{\"$home\":\"/a\"}" },
    { "j", "' { \"a\" :\\n [ 1 , 2 ] } '", "{\"a\":[1,2]}" },
    { "j", "'{\"\\\\u0024ref\":\"$ref\"}'", "{\"$\\u0024ref\":\"$ref\"}" },
  };
  static const Case from_json[] = {
    { "Point", "{'x':<1.5>,'y':<2.0>}", "[1.5,2]" },
    { "Point", "{'x':<1.5>,'y':<2.0>}", "{\"y\":2,\"x\":1.5}" },
    { "Pair", "{'name':<'a'>,'point':<@ma{sv} nothing>}", "{\"point\":null,\"name\":\"a\"}" },
    { "Line", "{'sku':<'a'>}", "{\"color\":{\"deep\":[1]},\"sku\":\"a\"}" },
    { "State", "'open'", "\"\\u006fpen\"" },
    { "Basket", "'/a/b'", "{\"$type\":[\"org.example.A\"],\"$home\":\"\\u002fa/b\"}" },
    { "j", "'{\"$ref\":1,\"a\":[]}'", " { \"$$ref\" : 1 , \"a\" : [ ] } " },
    { "j", "'{\"$ref\":1}'", "{\"\\u0024$ref\":1}" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (to_json); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(GVariant) value = g_variant_parse (NULL, to_json[i].value, NULL, NULL, &error);
      g_autofree char *json = NULL;

      g_assert_no_error (error);
      json = write_variant (to_json[i].signature, value, &error);
      g_assert_no_error (error);
      g_assert_cmpstr (json, ==, to_json[i].json);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (from_json); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(GVariant) value = g_variant_parse (NULL, from_json[i].value, NULL, NULL, &error);
      g_autoptr(GVariant) back = NULL;

      g_assert_no_error (error);
      back = read_variant (from_json[i].signature, from_json[i].json, &error);
      g_assert_no_error (error);
      g_assert_cmpvariant (back, value);
    }
}

static void
test_bad_variants (void)
{
  static const struct { const char *signature, *value, *message; } cases[] = {
    { "State", "'shut'", "\"shut\" is no value of org.example.shop.State" },
    { "State", "5", "The value (State) must be a GVariant of type s, not i" },
    { "Way", "['read','fly']", "\"fly\" is no value of org.example.shop.Way" },
    { "Point", "{'x':<1.5>}", "org.example.shop.Point needs the member \"y\"" },
    { "Point", "{'x':<1.5>,'y':<1>}",
      "org.example.shop.Point.y (d) must be a GVariant of type d, not i" },
    { "Point", "{'x':<1.5>,'y':<1.5>,'z':<1.5>}", "org.example.shop.Point has no member \"z\"" },
    { "Line", "{'Sku':<'a'>}", "org.example.shop.Line has no member \"Sku\"" },
    { "Line", "{'sku':<'a'>,'sku':<'b'>}", "org.example.shop.Line has the member \"sku\" twice" },
    { "aLine", "[{'sku':<5>}]",
      "org.example.shop.Line.sku (s) must be a GVariant of type s, not i" },
    { "aLine", "['a']", "The value (aLine) must be a GVariant of type aa{sv}, not as" },
    { "Pair", "{'name':<'a'>,'point':<@ma{sv} {'x':<1.5>}>}",
      "org.example.shop.Point needs the member \"y\"" },
    { "Basket", "'shop'", "\"shop\" is no path of a org.example.shop.Basket" },
    { "Basket", "''", "\"\" is no path of a org.example.shop.Basket" },
    { "Basket", "'/a/../b'", NULL },
    { "a{sState}", "{'a':'open','a':'paid'}", "A dict has the key \"a\" twice" },
    { "j", "'{'", NULL }, { "j", "''", NULL }, { "j", "'1 2'", NULL },
    { "aj", "['1','nope']", NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(GVariant) value = g_variant_parse (NULL, cases[i].value, NULL, NULL, &error);

      g_assert_no_error (error);
      g_assert_null (write_variant (cases[i].signature, value, &error));
      g_assert_error (error, RMI_ERROR, RMI_ERROR_INVALID_ARGUMENTS);
      if (cases[i].message != NULL)
        g_assert_cmpstr (error->message, ==, cases[i].message);
    }
}

static void
test_bad_replies (void)
{
  static const struct { const char *signature, *json, *message; } cases[] = {
    { "State", "\"shut\"", "\"shut\" is no value of org.example.shop.State" },
    { "State", "1", NULL }, { "State", "null", NULL },
    { "Way", "\"read\"", NULL }, { "Way", "[\"read\",\"fly\"]", NULL }, { "Way", "[1]", NULL },
    { "Point", "{\"x\":1}", "\"y\"" }, { "Point", "{\"x\":1,\"y\":2,\"z\":3}", NULL },
    { "Point", "[1]", "\"y\"" }, { "Point", "[1,2,3]", "expected 2 fields, not more" },
    { "Point", "[]", NULL }, { "Point", "5", NULL }, { "Point", "{\"x\":\"1\",\"y\":2}", NULL },
    { "Line", "[\"a\",1]", NULL }, { "Line", "{\"sku\":1}", "sku" }, { "Line", "null", NULL },
    { "Line", "{\"quantity\":-1}", "out of range" }, { "aLine", "{}", NULL },
    { "aLine", "[{\"sku\":\"a\"},{\"sku\":2}]", "[1]" },
    { "Gift", "{\"note\":1}", NULL }, { "Node", "{\"next\":[]}", NULL },
    { "Basket", "\"/a\"", NULL }, { "Basket", "{}", NULL }, { "Basket", "{\"$ref\":1}", NULL },
    { "Basket", "{\"$ref\":\"a\"}", NULL }, { "Basket", "{\"$home\":\"/a/..\"}", NULL },
    { "Basket", "{\"$home\":\"/a\\u0000\"}", NULL }, { "Basket", "{\"$ref\":\"/a\",\"$home\":\"/a\"}", NULL },
    { "Basket", "{\"$ref\":\"/a\",\"$home\":[\"org.ex\"]}", NULL },
    { "Basket", "null", NULL }, { "a{sState}", "[]", NULL }, { "a{sState}", "{\"a\":\"b\"}", NULL },
    { "a{uPoint}", "{}", NULL }, { "a{uPoint}", "[[]]", "expected a key and a value" },
    { "a{uPoint}", "[[1]]", "expected a key and a value" },
    { "a{uPoint}", "[[1,[1,2],3]]", "expected a key and a value" },
    { "a{uPoint}", "[[\"1\",[1,2]]]", NULL },
    { "a{oGift}", "{\"a\":{}}", "the key is no object path" },
    { "a{gj}", "{\"!\":1}", "the key is no signature" },
    { "h", "1", NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;

      if (read_variant (cases[i].signature, cases[i].json, &error) != NULL)
        g_error ("%s was read from %s", cases[i].signature, cases[i].json);
      if (!g_str_equal (cases[i].signature, "h"))
        g_assert_error (error, RMI_ERROR, RMI_ERROR_BAD_REPLY);
      if (cases[i].message != NULL && strstr (error->message, cases[i].message) == NULL)
        g_error ("%s from %s: \"%s\" does not say \"%s\"", cases[i].signature, cases[i].json,
                 error->message, cases[i].message);
    }
}

/* A dynamic caller gets the path and holds nothing. */
static void
test_references_are_released (void)
{
  static const struct { const char *signature, *json, *released; } cases[] = {
    { "Basket", "{\"$ref\":\"/~/a\"}", "/~/a " },
    { "Basket", "{\"$home\":\"/~/a\"}", "" },
    { "aBasket", "[{\"$ref\":\"/~/a\"},{\"$home\":\"/x\"},{\"$ref\":\"/~/b\"}]", "/~/a /~/b " },
    { "aBasket", "[{\"$ref\":\"/~/a\"},1,{\"$ref\":\"/~/b\"}]", "/~/a /~/b " },
    { "Basket", "{\"$ref\":\"/~/a\",\"of\":\"x\"}", "/~/a " },
    { "Line", "{\"other\":{\"$ref\":\"/~/a\"}}", "/~/a " },
    { "j", "{\"a\":{\"$ref\":\"/~/a\"},\"b\":{\"$$ref\":\"/~/b\"}}", "/~/a " },
    { "v", "{\"type\":\"s\",\"data\":{\"$ref\":\"/~/a\"}}", "/~/a " },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GVariant) value = read_variant (cases[i].signature, cases[i].json, NULL);

      g_assert_cmpstr (released->str, ==, cases[i].released);
    }
}

/* Whatever a class may hold of itself: the error comes before the stack ends, or
 * GVariant's own limit. */
static void
test_deep_values (void)
{
  g_autoptr(GString) text = g_string_new (NULL);
  g_autoptr(GVariant) value = NULL;
  g_autoptr(GError) error = NULL;
  RmiLimits deep = limits;
  RmiReader reader;

  for (guint i = 0; i < 10; i++)
    g_string_append (text, "{\"next\":");
  g_string_append (text, "null");
  for (guint i = 0; i < 10; i++)
    g_string_append_c (text, '}');
  value = read_variant ("Node", text->str, &error);
  g_assert_no_error (error);
  g_assert_true (g_variant_is_normal_form (value));

  g_string_truncate (text, 0);
  for (guint i = 0; i < 400; i++)
    g_string_append (text, "{\"next\":");
  g_string_append (text, "null");
  for (guint i = 0; i < 400; i++)
    g_string_append_c (text, '}');
  deep.depth = RMI_LIMITS_MAX_DEPTH;
  rmi_reader_init (&reader, (RmiSlice) { text->str, text->len }, &deep, NULL,
                   RMI_ERROR_INVALID_ARGUMENTS, "params");
  g_assert_null (rmi_type_info_read_variant (find_type ("Node"), NULL, &reader));
  g_assert_false (rmi_reader_finish (&reader, &error));
  g_assert_error (error, RMI_ERROR, RMI_ERROR_LIMIT);
}

/* Small values take much more memory than text. */
static void
test_memory_is_charged (void)
{
  g_autoptr(GString) text = g_string_new ("[{}");
  g_autoptr(GError) error = NULL;
  RmiReader reader;

  for (guint i = 0; i < 100000; i++)
    g_string_append (text, ",{}");
  g_string_append_c (text, ']');
  rmi_reader_init (&reader, (RmiSlice) { text->str, text->len }, &limits, NULL,
                   RMI_ERROR_INVALID_ARGUMENTS, "params");
  g_assert_null (rmi_type_info_read_variant (find_type ("aLine"), NULL, &reader));
  g_assert_false (rmi_reader_finish (&reader, &error));
  g_assert_error (error, RMI_ERROR, RMI_ERROR_LIMIT);
}

static void
test_json_cannot_nest_beyond_the_message (void)
{
  g_autoptr(RmiWriter) writer = rmi_writer_new (&limits, NULL);
  g_autofree char *open = g_strnfill (limits.depth, '[');
  g_autofree char *close = g_strnfill (limits.depth, ']');
  g_autofree char *text = g_strconcat (open, close, NULL);
  g_autoptr(GVariant) value = g_variant_ref_sink (g_variant_new_string (text));
  g_autoptr(GError) error = NULL;
  RmiSlice ignored;

  rmi_type_info_write_variant (find_type ("j"), value, NULL, writer);
  g_assert_false (rmi_writer_has_failed (writer));
  rmi_writer_reset (writer, &limits, NULL);
  rmi_writer_begin_array (writer);
  rmi_type_info_write_variant (find_type ("j"), value, NULL, writer);
  rmi_writer_end_array (writer);
  g_assert_false (rmi_writer_finish (writer, &ignored, &error));
  g_assert_nonnull (error);
}

/* ---- text ---- */

static char *
write_text (const char  *signature,
            const char  *text,
            GError     **error)
{
  g_autoptr(RmiWriter) writer = rmi_writer_new (&limits, NULL);
  gboolean is_written = rmi_type_info_write_text (find_type (signature), text, writer, error);
  RmiSlice json;

  g_assert_true (rmi_writer_finish (writer, &json, NULL));
  g_assert_cmpint (json.length > 0, ==, is_written);
  return is_written ? g_strndup (json.data, json.length) : NULL;
}

static void
test_text (void)
{
  static const struct { const char *signature, *text, *json; } cases[] = {
    { "u", "5", "5" }, { "u", " 5 ", "5" }, { "b", "true", "true" }, { "b", "false", "false" },
    { "d", "1.50", "1.5" },
    { "d", "NaN", "\"NaN\"" }, { "d", "-Infinity", "\"-Infinity\"" }, { "d", "1e3", NULL },
    { "x", "-9223372036854775808", "\"-9223372036854775808\"" },
    { "s", "", "\"\"" }, { "s", "hello \"you\"", "\"hello \\\"you\\\"\"" },
    { "s", "5", "\"5\"" }, { "s", "null", "\"null\"" },
    { "o", "/a/b", "\"/a/b\"" }, { "ay", "AQID", "\"AQID\"" }, { "State", "open", "\"open\"" },
    { "Way", "", "[]" }, { "Way", "exec, read", "[\"read\",\"exec\"]" },
    { "ms", "null", "null" }, { "ms", "x", "\"x\"" }, { "mBasket", "null", "null" },
    { "mBasket", "/a", "{\"$home\":\"/a\"}" },
    { "Basket", "/~/abc", "{\"$home\":\"/~/abc\"}" },
    { "Basket", "{\"$home\":\"/a\"}", "{\"$home\":\"/a\"}" },
    { "Line", "{ \"quantity\": 2, \"sku\": \"a\" }", "{\"sku\":\"a\",\"quantity\":2}" },
    { "aLine", "[{\"sku\":\"a\"}]", "[{\"sku\":\"a\"}]" },
    { "aBasket", "[{\"$home\":\"/a\"}]", "[{\"$home\":\"/a\"}]" },
    { "as", "[\"a\",\"b\"]", "[\"a\",\"b\"]" }, { "(su)", "[\"a\",1]", "[\"a\",1]" },
    { "a{sState}", "{\"a\":\"open\"}", "{\"a\":\"open\"}" },
    { "v", "5", "{\"type\":\"x\",\"data\":5}" },
    { "v", "\"a\"", "{\"type\":\"s\",\"data\":\"a\"}" },
    { "v", "{\"type\":\"u\",\"data\":5}", "{\"type\":\"u\",\"data\":5}" },
    { "j", "{\"a\": [1, {\"$ref\": 2}]}", "{\"a\":[1,{\"$$ref\":2}]}" }, { "j", "null", "null" },
    { "mj", "null", "null" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autofree char *json = write_text (cases[i].signature, cases[i].text, &error);

      g_assert_no_error (error);
      if (cases[i].json != NULL)
        g_assert_cmpstr (json, ==, cases[i].json);
    }
}

static void
test_bad_text (void)
{
  static const struct { const char *signature, *text; } cases[] = {
    { "u", "" }, { "u", "x" }, { "u", "-1" }, { "u", "5.5" }, { "u", "4294967296" },
    { "u", "0x10" }, { "u", "+5" }, { "u", "05" },
    { "u", "5 6" }, { "u", "\"5\"" }, { "u", "null" }, { "y", "256" }, { "b", "yes" },
    { "b", "1" }, { "b", "TRUE" }, { "d", "nan" },
    { "d", "1,5" }, { "x", "9223372036854775808" }, { "s", "\xff" }, { "o", "a" }, { "ay", "!" },
    { "State", "shut" },
    { "State", "\"open\"" }, { "Way", "read," }, { "Way", "read exec" }, { "Way", "[\"read\"]" },
    { "Basket", "" }, { "Basket", "a" },
    { "Basket", "{" }, { "Basket", "{}" }, { "Line", "sku=a" }, { "Line", "{\"sku\":1}" },
    { "Line", "{\"sku\":\"a\",\"sku\":\"b\"}" },
    { "Point", "{\"x\":1}" }, { "aLine", "[" }, { "aLine", "[{\"sku\":\"a\"}]]" },
    { "as", "a,b" }, { "(su)", "[\"a\"]" }, { "v", "hello" },
    { "v", "null" }, { "j", "hello" }, { "j", "" }, { "j", "1 2" }, { "h", "1" },
    { "aBasket", "[{\"$home\":\"..\"}]" },
  };
  g_autofree char *open = g_strnfill (100000, '[');

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autofree char *json = write_text (cases[i].signature, cases[i].text, &error);

      if (json != NULL)
        g_error ("%s was written for \"%s\"", json, cases[i].text);
      g_assert_cmpuint (error->domain, ==, RMI_ERROR);
      g_assert_cmpstr (error->message, !=, "");
    }
  g_assert_null (write_text ("j", open, NULL));
  g_assert_null (write_text ("v", open, NULL));
}

int
main (int    argc,
      char **argv)
{
  g_autoptr(GError) error = NULL;
  int result;

  g_test_init (&argc, &argv, NULL);
  rmi_limits_init_network (&limits);
  released = g_string_new (NULL);
  description = rmi_description_new_for_data (description_text, -1, "shop.xml", &error);
  g_assert_no_error (error);

  g_test_add_func ("/rmi/marshaller/values-survive-a-round-trip", test_round_trip);
  g_test_add_func ("/rmi/marshaller/other-forms-are-understood", test_other_forms);
  g_test_add_func ("/rmi/marshaller/bad-variants-are-named", test_bad_variants);
  g_test_add_func ("/rmi/marshaller/bad-replies-are-named", test_bad_replies);
  g_test_add_func ("/rmi/marshaller/references-are-released", test_references_are_released);
  g_test_add_func ("/rmi/marshaller/deep-values-are-refused", test_deep_values);
  g_test_add_func ("/rmi/marshaller/memory-is-charged", test_memory_is_charged);
  g_test_add_func ("/rmi/marshaller/json-cannot-nest-beyond-the-message",
                   test_json_cannot_nest_beyond_the_message);
  g_test_add_func ("/rmi/marshaller/text-is-read-by-type", test_text);
  g_test_add_func ("/rmi/marshaller/bad-text-writes-nothing", test_bad_text);
  result = g_test_run ();

  rmi_description_free (description);
  g_string_free (released, TRUE);
  return result;
}
