/* tests/test-message.c: JSON-RPC messages and their targets
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "config.h"

#include "rmi/rmi-error.h"
#include "rmi/rmi-message-internal.h"

static RmiLimits limits;

static void
expect_slice (RmiSlice    slice,
              const char *text)
{
  g_autofree char *copy = slice.data != NULL ? g_strndup (slice.data, slice.length) : NULL;

  g_assert_cmpstr (copy, ==, text);
}

static void
parse (RmiMessage *message,
       const char *text)
{
  g_autoptr(GError) error = NULL;

  rmi_message_parse (message, (RmiSlice) { text, strlen (text) }, &limits, &error);
  g_assert_no_error (error);
}

/* @id: what the answer echoes, or NULL. */
static void
expect_invalid (const char *text,
                int         code,
                const char *id)
{
  g_autoptr(GError) error = NULL;
  RmiMessage message;

  g_assert_false (rmi_message_parse (&message, (RmiSlice) { text, strlen (text) }, &limits, &error));
  g_assert_error (error, RMI_ERROR, code);
  g_assert_cmpint (message.kind, ==, RMI_MESSAGE_INVALID);
  expect_slice (message.id, id);
  rmi_message_clear (&message);
}

static void
test_kinds (void)
{
  RmiMessage message;

  parse (&message, " {\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"/a#B\",\"params\":[1],"
                   "\"meta\":{\"timeout\":1990,\"chain\":\"c/1\",\"traceparent\":\"t\",\"x\":1},\"extra\":{}} ");
  g_assert_cmpint (message.kind, ==, RMI_MESSAGE_REQUEST);
  g_assert_cmpint (message.serial, ==, 7);
  g_assert_cmpint (message.timeout_ms, ==, 1990);
  expect_slice (message.id, "7");
  expect_slice (message.method, "/a#B");
  expect_slice (message.params, "[1]");
  expect_slice (message.chain, "c/1");
  expect_slice (message.trace, "t");
  rmi_message_clear (&message);

  parse (&message, "{\"method\":\"\\/a#\\u0042\",\"params\":{\"x\":1},\"jsonrpc\":\"2.0\"}");
  g_assert_cmpint (message.kind, ==, RMI_MESSAGE_NOTIFICATION);
  g_assert_cmpint (message.timeout_ms, ==, -1);
  expect_slice (message.method, "/a#B");
  expect_slice (message.params, "{\"x\":1}");
  rmi_message_clear (&message);

  parse (&message, "{\"jsonrpc\":\"2.0\",\"id\":3,\"result\":null,\"error\":null}");
  g_assert_cmpint (message.kind, ==, RMI_MESSAGE_RESULT);
  expect_slice (message.result, "null");
  rmi_message_clear (&message);

  parse (&message, "{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32700,\"message\":\"x\"}}");
  g_assert_cmpint (message.kind, ==, RMI_MESSAGE_ERROR);
  g_assert_cmpint (message.serial, ==, 0);
  expect_slice (message.id, NULL);
  expect_slice (message.error, "{\"code\":-32700,\"message\":\"x\"}");
  rmi_message_clear (&message);
}

static void
test_no_params (void)
{
  static const char *const texts[] = { "{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"a\"}",
                                       "{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"a\",\"params\":null}",
                                       "{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"a\",\"params\":[ ]}" };
  guint i;

  for (i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      RmiMessage message;

      parse (&message, texts[i]);
      g_assert_null (message.params.data);
      expect_slice (message.id, "0");
      rmi_message_clear (&message);
    }
}

static void
test_ids (void)
{
  static const char *const good[] = { "0", "-1", "9223372036854775807", "\"\"", "\"a\\u0062\"",
                                      "\"0123456789012345678901234567890123456789012345678901234567890123\"" };
  static const char *const bad[] = { "1.5", "1e3", "1e300", "null", "true", "[]", "{}", "9223372036854775808",
                                     "\"01234567890123456789012345678901234567890123456789012345678901234\"" };
  guint i;

  for (i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_autofree char *text = g_strdup_printf ("{\"jsonrpc\":\"2.0\",\"id\":%s,\"method\":\"a\"}", good[i]);
      RmiMessage message;

      parse (&message, text);
      expect_slice (message.id, good[i]);
      g_assert_cmpint (message.serial, ==, i == 2 ? G_MAXINT64 : 0);
    }
  for (i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autofree char *text = g_strdup_printf ("{\"jsonrpc\":\"2.0\",\"id\":%s,\"method\":\"a\"}", bad[i]);

      expect_invalid (text, RMI_ERROR_INVALID_REQUEST, NULL);
    }
}

static void
test_invalid (void)
{
  static const char *const texts[] = {
    "{\"id\":7,\"method\":\"a\"}", "{\"jsonrpc\":\"1.0\",\"id\":7,\"method\":\"a\"}", "{\"jsonrpc\":2.0,\"id\":7,\"method\":\"a\"}",
    "{\"jsonrpc\":\"2.0\",\"id\":7}", "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":5}", "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"\"}",
    "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"a\\u0000\"}", "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"a\",\"params\":5}",
    "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"a\",\"meta\":5}", "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"a\",\"meta\":{\"timeout\":-1}}",
    "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"a\",\"meta\":{\"timeout\":1.5}}", "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"a\",\"meta\":{\"chain\":1}}",
    "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"a\",\"result\":1}",
  };
  guint i;

  for (i = 0; i < G_N_ELEMENTS (texts); i++)
    expect_invalid (texts[i], RMI_ERROR_INVALID_REQUEST, "7");
  expect_invalid ("5", RMI_ERROR_INVALID_REQUEST, NULL);
  expect_invalid ("{\"jsonrpc\":\"2.0\",\"result\":1}", RMI_ERROR_INVALID_REQUEST, NULL);
  expect_invalid ("{\"jsonrpc\":\"2.0\",\"id\":null,\"result\":1}", RMI_ERROR_INVALID_REQUEST, NULL);
}

static void
test_recovered_ids (void)
{
  expect_invalid ("{\"id\":7,\"method\":\"a\"", RMI_ERROR_PARSE, "7");
  expect_invalid ("{\"method\":\"a\tb\",\"params\":[\"\xff\"],\"id\": \"x\" }", RMI_ERROR_PARSE, "\"x\"");
  expect_invalid ("{\"method\":\"a\",\"params\":[01,{\"id\":1}],\"id\":7}", RMI_ERROR_PARSE, "7");
  expect_invalid ("{\"method\":\"a\",\"params\":[}],\"id\":7}", RMI_ERROR_PARSE, NULL);
  expect_invalid ("{\"method\":\"a\tb\",\"id\":7,\"id\":8}", RMI_ERROR_PARSE, NULL);
  expect_invalid ("{\"method\":\"a\tb\",\"id\":7.5}", RMI_ERROR_PARSE, NULL);
  expect_invalid ("{\"id\":07,\"method\":\"a\"}", RMI_ERROR_PARSE, NULL);
  expect_invalid ("{\"id\":-,\"method\":\"a\"}", RMI_ERROR_PARSE, NULL);
  expect_invalid ("{\"id\":\"a\tb\",\"method\":\"a\"}", RMI_ERROR_PARSE, NULL);
  expect_invalid ("{\"id\":\"\\ud800\",\"method\":\"a\"}", RMI_ERROR_PARSE, NULL);
  expect_invalid ("{\"id\":\"\\x\",\"method\":\"a\"}", RMI_ERROR_PARSE, NULL);
  expect_invalid ("{\"method\":\"a\",\"id\":7", RMI_ERROR_PARSE, NULL);
  expect_invalid ("{\"method\":\"\\", RMI_ERROR_PARSE, NULL);
  expect_invalid ("{\"method\":\"a\",\"id\":", RMI_ERROR_PARSE, NULL);
  expect_invalid ("", RMI_ERROR_PARSE, NULL);
}

static void
test_broken_answers_get_no_answer (void)
{
  static const char *const texts[] = { "{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":\"\t\"}", "{\"jsonrpc\":\"2.0\",\"result\":01,\"id\":7}",
                                       "{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":1,\"error\":{}}" };
  guint i;

  for (i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      RmiMessage message;

      g_assert_false (rmi_message_parse (&message, (RmiSlice) { texts[i], strlen (texts[i]) }, &limits, NULL));
      g_assert_null (message.id.data);
      g_assert_cmpint (message.serial, ==, 7);
    }
}

static void
test_cut_anywhere (void)
{
  static const char *const texts[] = {
    "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"/a#B\",\"params\":[{\"a\":\"\\u00fc\\\"\"},1.5e3],\"meta\":{\"timeout\":5}}",
    "{\"jsonrpc\":\"2.0\",\"id\":\"x\",\"result\":{\"$ref\":\"/~/1\"}}",
    "{\"method\":\"$/cancelRequest\",\"params\":{\"id\":3},\"jsonrpc\":\"2.0\"}",
  };
  guint i;
  gsize length;

  for (i = 0; i < G_N_ELEMENTS (texts); i++)
    for (length = 0; length < strlen (texts[i]); length++)
      {
        g_autofree char *copy = g_memdup2 (texts[i], length);
        g_autoptr(GError) error = NULL;
        RmiMessage message;

        g_assert_false (rmi_message_parse (&message, (RmiSlice) { copy, length }, &limits, &error));
        g_assert_error (error, RMI_ERROR, RMI_ERROR_PARSE);
        rmi_message_clear (&message);
      }
}

static void
test_batches (void)
{
  g_autoptr(GArray) elements = g_array_new (FALSE, FALSE, sizeof (RmiSlice));
  g_autoptr(GString) many = g_string_new ("[0");
  g_autoptr(GError) error = NULL;
  guint i;

  g_assert_true (rmi_message_is_batch (RMI_SLICE_LITERAL (" [")));
  g_assert_false (rmi_message_is_batch (RMI_SLICE_LITERAL ("{}")));
  g_assert_false (rmi_message_is_batch (RMI_SLICE_LITERAL ("")));
  g_assert_true (rmi_message_split_batch (RMI_SLICE_LITERAL ("[{\"a\":1}, 5 ]"), &limits, elements, NULL));
  g_assert_cmpuint (elements->len, ==, 2);
  expect_slice (g_array_index (elements, RmiSlice, 0), "{\"a\":1}");
  expect_slice (g_array_index (elements, RmiSlice, 1), "5");

  g_assert_false (rmi_message_split_batch (RMI_SLICE_LITERAL ("[]"), &limits, elements, &error));
  g_assert_error (error, RMI_ERROR, RMI_ERROR_INVALID_REQUEST);
  g_clear_error (&error);
  g_assert_false (rmi_message_split_batch (RMI_SLICE_LITERAL ("[1,2"), &limits, elements, &error));
  g_assert_error (error, RMI_ERROR, RMI_ERROR_PARSE);
  g_clear_error (&error);
  for (i = 0; i < limits.batch; i++)
    g_string_append (many, ",0");
  g_string_append (many, "]");
  g_assert_false (rmi_message_split_batch ((RmiSlice) { many->str, many->len }, &limits, elements, &error));
  g_assert_error (error, RMI_ERROR, RMI_ERROR_LIMIT);
  g_assert_cmpuint (elements->len, ==, 2);
}

static void
test_targets (void)
{
  static const struct { const char *text; RmiTargetKind kind; gboolean attribute; const char *path, *interface, *member; } cases[] = {
    { "/a/b#Method", RMI_TARGET_METHOD, FALSE, "/a/b", NULL, "Method" },
    { "/#Method", RMI_TARGET_METHOD, FALSE, "/", NULL, "Method" },
    { "/a.b/~c-d#x.y.Iface.Method", RMI_TARGET_METHOD, FALSE, "/a.b/~c-d", "x.y.Iface", "Method" },
    { "/a/b#rpc.get", RMI_TARGET_METHOD, FALSE, "/a/b", NULL, "rpc.get" },
    { "/a!Changed", RMI_TARGET_SIGNAL, FALSE, "/a", NULL, "Changed" },
    { "/a!rpc.changed", RMI_TARGET_SIGNAL, FALSE, "/a", NULL, "rpc.changed" },
    { "bank.Deposit", RMI_TARGET_METHOD, TRUE, "/bank", NULL, "Deposit" },
    { "shop/bank.Deposit", RMI_TARGET_METHOD, TRUE, "/shop/bank", NULL, "Deposit" },
    { "Deposit", RMI_TARGET_METHOD, TRUE, "/", NULL, "Deposit" },
    { "textDocument/didOpen", RMI_TARGET_METHOD, TRUE, "/", NULL, "textDocument/didOpen" },
    { "a b.c", RMI_TARGET_METHOD, TRUE, "/", NULL, "a b.c" },
    { "rpc.hello", RMI_TARGET_SYSTEM, FALSE, "", NULL, "rpc.hello" },
    { "$/cancelRequest", RMI_TARGET_SYSTEM, FALSE, "", NULL, "$/cancelRequest" },
    { "$/x", RMI_TARGET_SYSTEM, FALSE, "", NULL, "$/x" },
  };
  static const char *const bad[] = { "", "/", "/a", "#a", "/a#", "/a!", "a#B", "/a//b#C", "/a/#C", "/../a#C", "/a/.#C", "/ü#C", "/a#b#c",
                                     "/a#.b", "/a#b.", "/a#b!c" };
  g_autofree char *longest = g_strnfill (600, 'a');
  RmiTarget target;
  guint i;

  for (i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_assert_true (rmi_target_parse (&target, (RmiSlice) { cases[i].text, strlen (cases[i].text) }, NULL));
      g_assert_cmpint (target.kind, ==, cases[i].kind);
      g_assert_cmpint (target.is_attribute_style, ==, cases[i].attribute);
      g_assert_cmpstr (target.path, ==, cases[i].path);
      expect_slice (target.interface, cases[i].interface);
      expect_slice (target.member, cases[i].member);
    }
  for (i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_false (rmi_target_parse (&target, (RmiSlice) { bad[i], strlen (bad[i]) }, &error));
      g_assert_error (error, RMI_ERROR, RMI_ERROR_INVALID_REQUEST);
    }
  longest[0] = '/';
  longest[599] = '#';
  g_assert_false (rmi_target_parse (&target, (RmiSlice) { longest, 600 }, NULL));
  g_assert_true (rmi_path_is_implicit ("/~/x"));
  g_assert_false (rmi_path_is_implicit ("/~x"));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  rmi_limits_init_network (&limits);

  g_test_add_func ("/rmi/message/four-kinds", test_kinds);
  g_test_add_func ("/rmi/message/no-params-are-all-the-same", test_no_params);
  g_test_add_func ("/rmi/message/ids-are-integers-or-short-strings", test_ids);
  g_test_add_func ("/rmi/message/invalid-requests-keep-their-id", test_invalid);
  g_test_add_func ("/rmi/message/ids-of-broken-json-are-recovered", test_recovered_ids);
  g_test_add_func ("/rmi/message/broken-answers-get-no-answer", test_broken_answers_get_no_answer);
  g_test_add_func ("/rmi/message/cut-at-every-byte", test_cut_anywhere);
  g_test_add_func ("/rmi/message/batches-are-split", test_batches);
  g_test_add_func ("/rmi/message/targets", test_targets);
  return g_test_run ();
}
