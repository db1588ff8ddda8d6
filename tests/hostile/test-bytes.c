/* tests/hostile/test-bytes.c: bytes that are no messages, and messages that want us to grow
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Each ends in the error or the close that doc/protocol.md says, with the id of the request if it was there before the fault. Another
 * connection works meanwhile, and memory is as it was.
 */
#include "config.h"

#include <malloc.h>
#include <string.h>

#include "tests/hostile/host.h"

#define GROWTH_BYTES (48 * 1024 * 1024)    /* far below what any of this would cost without limits */

static gsize
count_bytes (void)
{
  struct mallinfo2 info = mallinfo2 ();

  return info.uordblks + info.hblkhd;
}

/* @count times @part. */
static char *
repeat (const char *part,
        guint       count)
{
  GString *text = g_string_sized_new (strlen (part) * count + 1);

  for (guint i = 0; i < count; i++)
    g_string_append (text, part);
  return g_string_free (text, FALSE);
}

/* ---- requests that are refused ---- */

#define REQUEST(id, rest) "{\"jsonrpc\":\"2.0\",\"id\":" id ",\"method\":\"/caller#Echo\"" rest "}"
#define KEY_64 "kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk"

static const struct
{
  const char *say;
  const char *hear;
} refused[] = {
  { REQUEST ("5", ",\"params\":[\"a\"],\"params\":[\"b\"]"), "*\"id\":5,\"error\":{\"code\":-32700,*" },
  { REQUEST ("5", ",\"params\":{\"text\":\"a\",\"t\\u0065xt\":\"b\"}"), "*\"id\":5,\"error\":{\"code\":-32700,*" },
  { "{\"jsonrpc\":\"2.0\",\"id\":5,\"method\":\"/every#Json\",\"params\":[[{\"a\":{\"b\":1,\"b\":1}}]]}", "*\"id\":5,\"error\":{\"code\":-32700,*" },
  { "{\"jsonrpc\":\"2.0\",\"id\":5,\"id\":6,\"method\":\"/caller#Echo\"}", "*\"error\":{\"code\":-32700,*" },
  { REQUEST ("5", ",\"params\":[\"\\ud800\"]"), "*\"id\":5,\"error\":{\"code\":-32700,*" },
  { REQUEST ("5", ",\"params\":[\"\\udc00\\ud800\"]"), "*\"id\":5,\"error\":{\"code\":-32700,*" },
  { REQUEST ("5", ",\"params\":[\"\xff\"]"), "*\"id\":5,\"error\":{\"code\":-32700,*" },
  { REQUEST ("5", ",\"params\":[\"\\u0000\"]"), "*\"id\":5,\"error\":{\"code\":-32602,*" },
  { "{\"jsonrpc\":\"2.0\",\"id\":5,\"method\":\"/every#Double\",\"params\":[1e999]}", "*\"id\":5,\"error\":{\"code\":-32700,*" },
  { "{\"jsonrpc\":\"2.0\",\"id\":5,\"method\":\"/every#Json\",\"params\":[18446744073709551616]}", "*\"id\":5,\"error\":{\"code\":-32602,*" },
  { "{\"jsonrpc\":\"2.0\",\"id\":5,\"method\":\"/every#Json\",\"params\":[\"\\u0000\"]}", "*\"id\":5,\"error\":{\"code\":-32602,*" },
  { REQUEST ("1.5", ""), "*\"id\":null,\"error\":{\"code\":-32600,*" },
  { REQUEST ("5.0", ""), "*\"id\":null,\"error\":{\"code\":-32600,*" },
  { REQUEST ("{}", ""), "*\"id\":null,\"error\":{\"code\":-32600,*" },
  { REQUEST ("[5]", ""), "*\"id\":null,\"error\":{\"code\":-32600,*" },
  { REQUEST ("true", ""), "*\"id\":null,\"error\":{\"code\":-32600,*" },
  { REQUEST ("9223372036854775808", ""), "*\"id\":null,\"error\":{\"code\":-32600,*" },
  { REQUEST ("1e3", ""), "*\"id\":null,\"error\":{\"code\":-32600,*" },
  { REQUEST ("\"" KEY_64 "x\"", ""), "*\"id\":null,\"error\":{\"code\":-32600,*" },
  { REQUEST ("05", ""), "*\"id\":null,\"error\":{\"code\":-32700,*" },
  { REQUEST ("9223372036854775807", ",\"params\":[\"a\"]"), "*\"id\":9223372036854775807,\"result\":\"a\"*" },
  { REQUEST ("\"" KEY_64 "\"", ",\"params\":[\"a\"]"), "*\"id\":\"" KEY_64 "\",\"result\":\"a\"*" },
  { REQUEST ("5", ",\"params\":[\"a\"],\"meta\":{\"timeout\":-1}"), "*\"id\":5,\"error\":{\"code\":-32600,*" },
  { REQUEST ("5", ",\"params\":[\"a\"],\"meta\":[]"), "*\"id\":5,\"error\":{\"code\":-32600,*" },
  { REQUEST ("5", ",\"params\":\"a\""), "*\"id\":5,\"error\":{\"code\":-32600,*" },
  { "[]", "*\"id\":null,\"error\":{\"code\":-32600,*" },
  { "[[[]]]", "*\"id\":null,\"error\":{\"code\":-32600,*" },
  { "{", "*\"id\":null,\"error\":{\"code\":-32700,*" },
  { "{\"jsonrpc\":\"2.0\"}", "*\"id\":null,\"error\":{\"code\":-32600,*" },
  { "{\"jsonrpc\":\"1.0\",\"id\":5,\"method\":\"/caller#Echo\"}", "*\"id\":5,\"error\":{\"code\":-32600,*" },
};

/* The connection is as good as before. */
static void
check_alive (Stranger *stranger)
{
  stranger_say (stranger, REQUEST ("\"alive\"", ",\"params\":[\"yes\"]"));
  stranger_expect (stranger, "*\"id\":\"alive\",\"result\":\"yes\"*");
}

static void
check_next (Stranger   *stranger,
            const char *pattern)
{
  g_autofree char *heard = stranger_hear (stranger);

  if (heard == NULL || !g_pattern_match_simple (pattern, heard))
    g_error ("%.300s is not like %s", heard, pattern);
}

static void
test_refused (gconstpointer data)
{
  Host host;
  Stranger stranger;

  host_start (&host, NULL, 0);
  stranger_dial (&stranger, &host, GPOINTER_TO_INT (data));
  for (gsize i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      g_autofree char *text = g_strescape (refused[i].say, NULL);      /* TAP is UTF-8 */

      g_test_message ("%.100s", text);
      stranger_say (&stranger, refused[i].say);
      check_next (&stranger, refused[i].hear);
      check_alive (&stranger);
    }
  stranger_hang_up (&stranger);
  host_stop (&host);
}

/* ---- messages that are too much ---- */

/* Says @front, then @count times @part, then @back: all that comes is like @pattern. */
static void
check_much (Host       *host,
            const char *front,
            const char *part,
            guint       count,
            const char *back,
            const char *pattern)
{
  g_autofree char *middle = repeat (part, count);
  g_autofree char *json = g_strconcat (front, middle, back, NULL);
  gsize before = count_bytes ();
  Stranger stranger;

  g_test_message ("%u times %.40s", count, part);
  stranger_dial (&stranger, host, STRANGER_TCP);
  stranger_say (&stranger, json);
  check_next (&stranger, pattern);
  check_alive (&stranger);
  stranger_hang_up (&stranger);
  host_check_others (host);
  g_assert_cmpuint (count_bytes (), <, before + GROWTH_BYTES);
}

#define JSON_REQUEST "{\"jsonrpc\":\"2.0\",\"id\":5,\"method\":\"/every#Json\",\"params\":["

static void
test_much (void)
{
  g_autofree char *long_id = g_strnfill (1024 * 1024, '7');
  Host host;

  host_start (&host, NULL, 0);
  check_much (&host, "", "[", 100000, "", "*\"id\":null,\"error\":{\"code\":-32006,*");
  check_much (&host, JSON_REQUEST, "[", 100000, "]}", "*\"id\":5,\"error\":{\"code\":-32006,*");
  check_much (&host, JSON_REQUEST, "{\"a\":", 100000, "]}", "*\"id\":5,\"error\":{\"code\":-32006,*");
  check_much (&host, JSON_REQUEST "[{}", ",{}", 1398000, "]]}", "*\"id\":5,\"error\":{\"code\":-32006,*values*");
  check_much (&host, JSON_REQUEST "\"", "x", 4 * 1024 * 1024 - 100, "\"]}", "*\"id\":5,\"result\":\"xxx*");
  check_much (&host, JSON_REQUEST "1", "0", 300, "]}", "*\"id\":5,\"error\":{\"code\":-32006,*");
  check_much (&host, JSON_REQUEST "{\"k", "k", 300, "\":1}]}", "*\"id\":5,\"error\":{\"code\":-32006,*");
  check_much (&host, "{\"jsonrpc\":\"2.0\",\"id\":\"", long_id, 1, "\",\"method\":\"/caller#Echo\"}", "*\"id\":null,\"error\":{\"code\":-32600,*");
  check_much (&host, "{\"jsonrpc\":\"2.0\",\"id\":", long_id, 1, ",\"method\":\"/caller#Echo\"}", "*\"id\":null,\"error\":{\"code\":-32006,*");
  check_much (&host, "{\"jsonrpc\":\"2.0\",\"id\":5,\"method\":\"/caller#Echo\",\"params\":[\"a\"],\"meta\":{\"x\":", "[", 100, "]}",
              "*\"id\":5,\"error\":{\"code\":-32006,*");
  host_stop (&host);
}

/* Names that g_str_hash() takes for one: "Bb" and "CA" are alike to it, and so is what is made of them. */
static char *
list_colliding_members (guint n_bits,
                        guint count)
{
  GString *members = g_string_new (NULL);

  for (guint i = 0; i < count; i++)
    {
      g_string_append (members, i > 0 ? ",\"" : "\"");
      for (guint bit = 0; bit < n_bits; bit++)
        g_string_append (members, (i >> bit & 1) != 0 ? "Bb" : "CA");
      g_string_append (members, "\":1");
    }
  return g_string_free (members, FALSE);
}

static void
test_colliding_keys (void)
{
  g_autofree char *too_many = list_colliding_members (14, 16384);
  g_autofree char *colliding = list_colliding_members (12, 4000);
  g_autofree char *few = list_colliding_members (12, 16);
  Host host;

  g_assert_cmpuint (g_str_hash ("Bb"), ==, g_str_hash ("CA"));
  host_start (&host, NULL, 0);
  check_much (&host, JSON_REQUEST "{", too_many, 1, "}]}", "*\"id\":5,\"error\":{\"code\":-32006,*members*");
  check_much (&host, JSON_REQUEST "{", colliding, 1, "}]}", "*\"id\":5,\"error\":{\"code\":-32006,*hash*");
  check_much (&host, JSON_REQUEST "{", few, 1, "}]}", "*\"id\":5,\"result\":{*");
  check_much (&host, "{\"jsonrpc\":\"2.0\",\"id\":5,\"method\":\"/every#Tables\",\"params\":[{},{},{},{},{", colliding, 1, "},[]]}",
              "*\"id\":5,\"result\":{*");
  host_stop (&host);
}

/* 10,001 references, wherever they are. The limit is of what peers hold of ours: of theirs, we keep none that nobody wants. */
static void
test_references (void)
{
  static const char ref[] = ",{\"$ref\":\"/~/abcdefghijklmnopqrstuv\"}";
  g_autoptr(GString) refs = g_string_new (NULL);
  Host host;

  for (guint i = 0; i <= 10000; i++)
    g_string_append_printf (refs, "%s{\"$ref\":\"/~/peer/%u\"}", i > 0 ? "," : "", i);
  host_start (&host, NULL, 0);
  check_much (&host, JSON_REQUEST "[0", ref, 10001, "]]}", "*\"id\":5,\"error\":{\"code\":-32006,*memory*");
  check_much (&host, "{\"jsonrpc\":\"2.0\",\"id\":5,\"method\":\"/caller#Echo\",\"params\":[\"a\"],\"more\":[0", ref, 10001, "]}",
              "*\"id\":5,\"result\":\"a\"*");
  check_much (&host, "{\"jsonrpc\":\"2.0\",\"id\":5,\"method\":\"/caller#Echo\",\"params\":{\"text\":\"a\",\"more\":[0", ref, 10001, "]}}",
              "*\"id\":5,\"error\":{\"code\":-32602,*");
  check_much (&host, "{\"jsonrpc\":\"2.0\",\"id\":5,\"method\":\"/every#Peers\",\"params\":[[{\"$ref\":\"/a\"}", ref, 10001, "]]}",
              "*\"id\":5,\"result\":[{\"$home\":\"/a\"}*");
  check_much (&host, "{\"jsonrpc\":\"2.0\",\"id\":5,\"method\":\"/every#Peers\",\"params\":[[", refs->str, 1, "]]}",
              "*\"id\":5,\"result\":[{\"$home\":\"/~/peer/0\"}*");
  host_stop (&host);
}

/* ---- streams that are none ---- */

static const char *const streams[] = {
  "Content-Length: -1\r\n\r\n",
  "Content-Length: 0\r\n\r\n",
  "Content-Length: 02\r\n\r\n{}",
  "Content-Length: 0x10\r\n\r\n",
  "Content-Length: 1 0\r\n\r\n",
  "Content-Length: 99999999999\r\n\r\n",
  "Content-Length: 9999999999\r\n\r\n",
  "Content-Length: 4194305\r\n\r\n",
  "Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}",
  "Content-Length:\r\n\r\n",
  "Content-Length : 2\r\n\r\n{}",
  "Content-Length: 2\n\n{}",
  "Content-Type: application/json\r\n\r\n{}",
  "Content-Length: 2\r\nX-Other: 1\r\n\r\n{}",
  "Content-Type: text/html\r\n",
  "GET / HTTP/1.1\r\n",
  "\r\n",
  " {}",
  "\xef\xbb\xbf{}",
};

static void
check_stream (Host       *host,
              const char *bytes,
              gsize       length)
{
  Stranger stranger;

  stranger_dial (&stranger, host, STRANGER_TCP);
  stranger_say_bytes (&stranger, bytes, length);
  stranger_expect_end (&stranger);
  stranger_hang_up (&stranger);
  host_check_others (host);
}

static void
test_streams (void)
{
  g_autofree char *headers = repeat ("Content-Type: application/json\r\n", 1000);
  g_autofree char *header = repeat ("x", 10000);
  g_autofree char *line = g_strconcat ("Content-Length:", header, NULL);
  Host host;

  host_start (&host, NULL, 0);
  for (gsize i = 0; i < G_N_ELEMENTS (streams); i++)
    {
      g_test_message ("%s", streams[i]);
      check_stream (&host, streams[i], strlen (streams[i]));
    }
  check_stream (&host, headers, strlen (headers));
  check_stream (&host, line, strlen (line));
  host_stop (&host);
}

/* A length that is promised costs nothing, and time is up for who does not keep it. */
static void
test_promises (void)
{
  static const char promise[] = "Content-Length: 4194304\r\n\r\n{\"jsonrpc\"";
  Stranger strangers[64];
  Host host;
  gsize before;

  host_start (&host, "limit-open-frame-s", 1);
  before = count_bytes ();
  for (gsize i = 0; i < G_N_ELEMENTS (strangers); i++)
    {
      stranger_dial (&strangers[i], &host, STRANGER_TCP);
      stranger_say_bytes (&strangers[i], promise, strlen (promise));
    }
  host_check_others (&host);
  g_assert_cmpuint (count_bytes (), <, before + GROWTH_BYTES);
  for (gsize i = 0; i < G_N_ELEMENTS (strangers); i++)
    {
      stranger_expect_end (&strangers[i]);
      stranger_hang_up (&strangers[i]);
    }
  host_stop (&host);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/rmi/bytes/requests-are-refused-with-their-id", GINT_TO_POINTER (STRANGER_TCP), test_refused);
  g_test_add_data_func ("/rmi/bytes/lines-are-refused-with-their-id", GINT_TO_POINTER (STRANGER_LINES), test_refused);
  g_test_add_func ("/rmi/bytes/much-is-refused", test_much);
  g_test_add_func ("/rmi/bytes/colliding-keys-are-refused", test_colliding_keys);
  g_test_add_func ("/rmi/bytes/references-nobody-wants-are-dropped", test_references);
  g_test_add_func ("/rmi/bytes/broken-streams-are-closed", test_streams);
  g_test_add_func ("/rmi/bytes/promises-cost-nothing", test_promises);
  return g_test_run ();
}
