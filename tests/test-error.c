/* tests/test-error.c: errors, and how they cross the wire
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "config.h"

#include "rmi/rmi-error-internal.h"

static RmiLimits limits;

static char *
write_error (const GError *error)
{
  g_autoptr(RmiWriter) writer = rmi_writer_new (&limits, NULL);
  RmiSlice text;

  rmi_error_write (error, writer);
  g_assert_true (rmi_writer_finish (writer, &text, NULL));
  return g_strndup (text.data, text.length);
}

static GError *
read_error (const char *text)
{
  RmiReader reader;
  GError *error;

  rmi_reader_init (&reader, (RmiSlice) { text, strlen (text) }, &limits, NULL, RMI_ERROR_BAD_REPLY, "error");
  error = rmi_error_read (&reader);
  g_assert_true (rmi_reader_finish (&reader, NULL));
  return error;
}

static void
test_codes (void)
{
  static const struct { int code, json_rpc; RmiRan ran; } cases[] = {
    { RMI_ERROR_PARSE, -32700, RMI_RAN_NO }, { RMI_ERROR_INVALID_REQUEST, -32600, RMI_RAN_NO },
    { RMI_ERROR_NO_SUCH_METHOD, -32601, RMI_RAN_NO }, { RMI_ERROR_INVALID_ARGUMENTS, -32602, RMI_RAN_NO },
    { RMI_ERROR_INTERNAL, -32603, RMI_RAN_MAYBE }, { RMI_ERROR_REMOTE, -32000, RMI_RAN_YES },
    { RMI_ERROR_NO_SUCH_OBJECT, -32001, RMI_RAN_NO }, { RMI_ERROR_ACCESS_DENIED, -32002, RMI_RAN_NO },
    { RMI_ERROR_UNAUTHENTICATED, -32003, RMI_RAN_NO }, { RMI_ERROR_CANCELLED, -32004, RMI_RAN_MAYBE },
    { RMI_ERROR_TIMED_OUT, -32005, RMI_RAN_MAYBE }, { RMI_ERROR_LIMIT, -32006, RMI_RAN_NO },
    { RMI_ERROR_CLOSING, -32007, RMI_RAN_NO }, { RMI_ERROR_TYPE_NOT_ALLOWED, -32008, RMI_RAN_NO },
    { RMI_ERROR_BAD_REPLY, -32009, RMI_RAN_YES }, { RMI_ERROR_UNREACHABLE, -32010, RMI_RAN_NO },
    { RMI_ERROR_TLS, -32603, RMI_RAN_NO }, { RMI_ERROR_INSECURE, -32603, RMI_RAN_NO },
    { RMI_ERROR_NOT_SUPPORTED, -32603, RMI_RAN_NO }, { RMI_ERROR_DISCONNECTED, -32011, RMI_RAN_MAYBE },
    { RMI_ERROR_PROTOCOL, -32603, RMI_RAN_MAYBE },
  };
  guint i;

  for (i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = g_error_new_literal (RMI_ERROR, cases[i].code, "why");
      g_autoptr(GError) back = NULL;
      g_autofree char *text = write_error (error);

      g_assert_cmpint (rmi_error_to_json_rpc (cases[i].code), ==, cases[i].json_rpc);
      g_assert_cmpint (rmi_error_get_ran (error), ==, cases[i].ran);
      back = read_error (text);
      g_assert_error (back, RMI_ERROR, (cases[i].json_rpc == -32603 ? RMI_ERROR_INTERNAL : cases[i].code));
      g_assert_cmpstr (back->message, ==, "why");
    }
}

static void
test_foreign_domains (void)
{
  g_autoptr(GError) cancelled = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "stop");
  g_autoptr(GError) missing = g_error_new_literal (G_FILE_ERROR, G_FILE_ERROR_NOENT, "no \"f\xff\"");
  g_autofree char *first = write_error (cancelled);
  g_autofree char *second = write_error (missing);
  g_autoptr(GError) back = read_error (second);
  g_autoptr(GError) copy = g_error_copy (back);

  g_assert_cmpint (rmi_error_get_ran (cancelled), ==, RMI_RAN_MAYBE);
  g_assert_cmpint (rmi_error_get_ran (missing), ==, RMI_RAN_YES);
  g_assert_cmpstr (first, ==, "{\"code\":-32004,\"message\":\"stop\"}");
  g_assert_error (back, RMI_ERROR, RMI_ERROR_REMOTE);
  g_assert_cmpstr (copy->message, ==, "no \"f\xef\xbf\xbd\"");
  g_assert_cmpstr (rmi_error_get_remote_domain (copy), ==, "g-file-error-quark");
  g_assert_cmpint (rmi_error_get_remote_code (copy), ==, G_FILE_ERROR_NOENT);
  g_assert_null (rmi_error_get_remote_name (copy));
  g_assert_null (rmi_error_get_remote_domain (missing));
}

static void
test_registered_domains (void)
{
  static const RmiErrorName names[] = { { 3, "OutOfStock" }, { 4, "Declined" } };
  GQuark quark = g_quark_from_static_string ("shop-error-quark");
  g_autoptr(GError) error = g_error_new_literal (quark, 4, "no money");
  g_autoptr(GError) unnamed = g_error_new_literal (quark, 9, "odd");
  g_autoptr(GError) back = NULL;
  g_autoptr(GError) unknown = NULL;
  g_autofree char *text = NULL;
  g_autofree char *unnamed_text = NULL;

  rmi_error_register_domain (quark, "org.example.shop", names, 1);
  rmi_error_register_domain (quark, "org.example.shop", names, G_N_ELEMENTS (names));
  text = write_error (error);
  g_assert_cmpstr (text, ==, "{\"code\":-32000,\"message\":\"no money\","
                             "\"data\":{\"domain\":\"org.example.shop\",\"name\":\"Declined\",\"code\":4}}");
  back = read_error (text);
  g_assert_error (back, quark, 4);
  g_assert_cmpstr (back->message, ==, "no money");

  unnamed_text = write_error (unnamed);
  unknown = read_error (unnamed_text);
  g_assert_error (unknown, RMI_ERROR, RMI_ERROR_REMOTE);
  g_assert_cmpint (rmi_error_get_remote_code (unknown), ==, 9);
}

static void
test_retry_after (void)
{
  g_autoptr(GError) error = rmi_error_new_limit (250, "%d calls", 128);
  g_autofree char *text = write_error (error);
  g_autoptr(GError) back = read_error (text);

  g_assert_cmpstr (text, ==, "{\"code\":-32006,\"message\":\"128 calls\",\"data\":{\"retry_after\":250}}");
  g_assert_error (back, RMI_ERROR, RMI_ERROR_LIMIT);
  g_assert_cmpuint (rmi_error_get_retry_after (back), ==, 250);
}

static void
test_odd_errors (void)
{
  static const struct { const char *text; int code; const char *message; int remote_code; } cases[] = {
    { "{}", RMI_ERROR_REMOTE, "The method failed", 0 },
    { "null", RMI_ERROR_REMOTE, "The method failed", 0 },
    { "\"bad\"", RMI_ERROR_REMOTE, "bad", 0 },
    { "[1]", RMI_ERROR_REMOTE, "The method failed", 0 },
    { "{\"code\":404,\"message\":\"x\"}", RMI_ERROR_REMOTE, "x", 404 },
    { "{\"message\":5,\"code\":\"x\",\"data\":[]}", RMI_ERROR_REMOTE, "The method failed", 0 },
    { "{\"code\":1e300,\"message\":\"\\u0000\"}", RMI_ERROR_REMOTE, "The method failed", 0 },
    { "{\"data\":{\"retry_after\":-1},\"message\":\"x\",\"code\":-32006}", RMI_ERROR_LIMIT, "x", 0 },
    { "{\"data\":\"trace\",\"message\":\"x\",\"code\":-32601}", RMI_ERROR_NO_SUCH_METHOD, "x", 0 },
  };
  guint i;

  for (i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = read_error (cases[i].text);

      g_assert_error (error, RMI_ERROR, cases[i].code);
      g_assert_cmpstr (error->message, ==, cases[i].message);
      g_assert_cmpint (rmi_error_get_remote_code (error), ==, cases[i].remote_code);
      g_assert_cmpuint (rmi_error_get_retry_after (error), ==, 0);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  rmi_limits_init_network (&limits);

  g_test_add_func ("/rmi/error/codes-say-whether-it-ran", test_codes);
  g_test_add_func ("/rmi/error/foreign-domains-arrive-as-remote", test_foreign_domains);
  g_test_add_func ("/rmi/error/registered-domains-arrive-as-themselves", test_registered_domains);
  g_test_add_func ("/rmi/error/limits-say-when-to-try-again", test_retry_after);
  g_test_add_func ("/rmi/error/odd-errors-are-errors-still", test_odd_errors);
  return g_test_run ();
}
