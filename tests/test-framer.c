/* tests/test-framer.c: where messages begin and end
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "config.h"
#include "rmi/rmi-framer-internal.h"

#include "rmi/rmi-error.h"

static RmiLimits limits;

/* Feeds @text in two or more pieces of at most @step bytes, the first of @first; checks that @expected (joined by "|") comes out. */
static void
check_frames (const char *text,
              gsize       first,
              gsize       step,
              const char *expected)
{
  g_autoptr(GString) frames = g_string_new (NULL);
  RmiFramer framer;
  gsize length = strlen (text);
  gsize start = 0;
  gsize given = first;

  rmi_framer_init (&framer);
  while (TRUE)
    {
      g_autoptr(GError) error = NULL;
      g_autofree char *copy = g_memdup2 (text + start, given - start);      /* so that reading on is seen by ASan */
      RmiSlice frame = RMI_SLICE_INIT;
      gsize consumed = 0;
      gsize wanted = 0;
      RmiFramerStatus status = rmi_framer_next (&framer, copy, given - start, &limits, &frame, &consumed, &wanted, &error);

      g_assert_no_error (error);
      start += consumed;
      if (status == RMI_FRAMER_FRAME)
        {
          if (frames->len > 0)
            g_string_append_c (frames, '|');
          g_string_append_len (frames, frame.data, (gssize) frame.length);
        }
      else
        {
          g_assert_cmpint (status, ==, RMI_FRAMER_MORE);
          g_assert_cmpuint (wanted, >, given - start);
          if (given == length)
            break;
          given = MIN (length, given + step);
        }
    }

  g_assert_cmpuint (start, ==, length);
  g_assert_cmpstr (frames->str, ==, expected);
}

static void
check_every_cut (const char *text,
                 const char *expected)
{
  gsize length = strlen (text);

  for (gsize cut = 0; cut <= length; cut++)
    {
      check_frames (text, cut, length, expected);
      check_frames (text, cut, 1, expected);
    }
}

static void
test_headers_at_every_cut (void)
{
  check_every_cut ("Content-Length: 2\r\n\r\n{}"
                   "content-type: application/vscode-jsonrpc; charset=utf-8\r\nCONTENT-LENGTH:10\r\n\r\n{\"a\":\r\n\r\n}"
                   "Content-Length: \t3 \r\nContent-Type: application/json\r\n\r\n[1]"
                   "Content-Type: Application/VSCode-JsonRPC;charset=UTF8\r\nContent-Length: 1\r\n\r\n7",
                   "{}|{\"a\":\r\n\r\n}|[1]|7");
}

static void
test_lines_at_every_cut (void)
{
  check_every_cut ("{\"a\":1}\n\n\r\n[1]\r\n\n7\ngarbage is not the framer's business\r\n\n", 
                   "{\"a\":1}|[1]|7|garbage is not the framer's business");
  check_every_cut ("[]\n", "[]");
}

static RmiFramerStatus
feed (RmiFramer   *framer,
      const char  *text,
      gsize        length,
      GError     **error)
{
  g_autofree char *copy = g_memdup2 (text, length);
  RmiSlice frame = RMI_SLICE_INIT;
  gsize consumed = 0;
  gsize wanted = 0;

  return rmi_framer_next (framer, copy, length, &limits, &frame, &consumed, &wanted, error);
}

/* The same error whether the bytes come at once or one at a time; then no later than at byte @at (0: whenever). */
static void
check_error (const char *text,
             gsize       at,
             int         code)
{
  g_autoptr(GError) error = NULL;
  RmiFramer framer;
  gsize length = strlen (text);
  gsize given = 0;

  rmi_framer_init (&framer);
  g_assert_cmpint (feed (&framer, text, length, &error), ==, RMI_FRAMER_ERROR);
  g_assert_error (error, RMI_ERROR, code);
  g_clear_error (&error);

  rmi_framer_init (&framer);
  while (error == NULL)
    {
      g_assert_cmpuint (given, <, length);
      given++;
      g_assert_cmpint (feed (&framer, text, given, &error), ==, error != NULL ? RMI_FRAMER_ERROR : RMI_FRAMER_MORE);
    }
  g_assert_error (error, RMI_ERROR, code);
  if (at > 0)
    g_assert_cmpuint (given, ==, at);
}

static void
test_refuses_broken_headers (void)
{
  static const char *const broken[] = {
    "Content-Length: 0\r\n\r\n", "Content-Length: 01\r\n\r\n", "Content-Length: +1\r\n\r\n", "Content-Length: -1\r\n\r\n",
    "Content-Length: 1 2\r\n\r\n", "Content-Length: 0x2\r\n\r\n", "Content-Length: 2,2\r\n\r\n", "Content-Length:\r\n\r\n",
    "Content-Length: \r\n\r\n", "Content-Length: 12345678901\r\n\r\n", "Content-Length: 99999999999999999999999\r\n\r\n",
    "Content-Length 2\r\n\r\n", "Content-Length : 2\r\n\r\n", "Content-Length: 2\n\n{}", "Content-Length: 2\r\n\n{}",
    "Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}", "Content-Type: application/json\r\n\r\n{}",
    "Content-Length: 2\r\nX: 1\r\n\r\n{}", "Content-Lengthy: 2\r\n\r\n{}", "Content: 2\r\n\r\n{}",
    "Content-Length: 2\r\nContent-Type: application/gvariant\r\n\r\n{}",
    "Content-Length: 2\r\nContent-Type: application/json; charset=latin1\r\n\r\n{}",
    "Content-Length: 2\r\nContent-Type: application/json;\r\n\r\n{}",
    "Content-Length: 2\r\nContent-Type:\r\n\r\n{}", "Content-Length: 2\r\n Content-Type: application/json\r\n\r\n{}",
    "Content-Length: 2\r{}\n", "Content-Length: 2 \v\r\n\r\n{}",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (broken); i++)
    {
      g_test_message ("%s", broken[i]);
      check_error (broken[i], 0, RMI_ERROR_PROTOCOL);
    }
}

static void
test_refuses_other_protocols_at_byte_1 (void)
{
  static const char *const others[] = { "POST / HTTP/1.1\r\n\r\n", "GET /", "\x16\x03\x01", " {}\n", "\n", "\r\n", "\"a\"\n", "1\n", "\xef\xbb\xbf{}" };

  for (gsize i = 0; i < G_N_ELEMENTS (others); i++)
    check_error (others[i], 1, RMI_ERROR_PROTOCOL);
}

static void
test_bounds_headers (void)
{
  g_autoptr(GString) text = g_string_new ("Content-Length:");

  while (text->len < 254)
    g_string_append_c (text, ' ');
  g_string_overwrite (text, 253, "1");
  g_string_append (text, "\r\n\r\n7");
  check_every_cut (text->str, "7");              /* a line of exactly 256 bytes */

  g_string_insert_c (text, 20, ' ');
  check_error (text->str, 257, RMI_ERROR_PROTOCOL);

  g_string_assign (text, "Content-Length: 1\r\n");
  for (int i = 0; i < 40; i++)
    g_string_append (text, "Content-Type: application/json\r\n");
  check_error (text->str, 1025, RMI_ERROR_PROTOCOL);
}

static void
test_bounds_frames (void)
{
  limits.frame_bytes = 10;
  check_every_cut ("Content-Length: 10\r\n\r\n0123456789", "0123456789");
  check_error ("Content-Length: 11\r\n\r\n", 0, RMI_ERROR_LIMIT);
  check_error ("Content-Length: 9999999999\r\n\r\n", 0, RMI_ERROR_LIMIT);
  check_every_cut ("[123456789\r\n[123456789\n", "[123456789|[123456789");
  check_error ("[1234567890\n", 11, RMI_ERROR_LIMIT);
  check_error ("[12345678900", 11, RMI_ERROR_LIMIT);
  rmi_limits_init_network (&limits);
}

static void
test_promises_do_not_count (void)
{
  RmiFramer framer;
  RmiSlice frame = RMI_SLICE_INIT;
  gsize consumed = 0;
  gsize wanted = 0;
  const char *text = "Content-Length: 4000000\r\n\r\n{";

  rmi_framer_init (&framer);
  g_assert_cmpint (rmi_framer_next (&framer, text, strlen (text), &limits, &frame, &consumed, &wanted, NULL), ==, RMI_FRAMER_MORE);
  g_assert_cmpuint (wanted, ==, strlen (text) - 1 + 4000000);
  g_assert_cmpuint (consumed, ==, 0);
}

static void
test_last_line_needs_no_newline (void)
{
  RmiFramer framer;
  RmiSlice frame = RMI_SLICE_INIT;

  rmi_framer_init (&framer);
  g_assert_cmpint (feed (&framer, "{}", 2, NULL), ==, RMI_FRAMER_MORE);
  g_assert_true (rmi_framer_finish (&framer, "{}", 2, &frame));
  g_assert_cmpmem (frame.data, frame.length, "{}", 2);
  g_assert_false (rmi_framer_finish (&framer, "\r", 1, &frame));

  rmi_framer_init (&framer);
  g_assert_cmpint (feed (&framer, "Content-Length: 2\r\n\r\n{", 22, NULL), ==, RMI_FRAMER_MORE);
  g_assert_false (rmi_framer_finish (&framer, "Content-Length: 2\r\n\r\n{", 22, &frame));
}

/* Only a carriage return may come on top, or the last line could be longer than the others. */
static void
test_last_line_has_the_limit_of_all (void)
{
  g_autofree char *line = g_strnfill (limits.frame_bytes + 1, '[');
  g_autoptr(GError) error = NULL;
  RmiFramer framer;

  line[limits.frame_bytes] = '\r';
  rmi_framer_init (&framer);
  g_assert_cmpint (feed (&framer, line, limits.frame_bytes + 1, &error), ==, RMI_FRAMER_MORE);

  line[limits.frame_bytes] = '[';
  rmi_framer_init (&framer);
  g_assert_cmpint (feed (&framer, line, limits.frame_bytes + 1, &error), ==, RMI_FRAMER_ERROR);
  g_assert_error (error, RMI_ERROR, RMI_ERROR_LIMIT);
}

static void
test_writes_headers (void)
{
  static const gsize lengths[] = { 1, 9, 10, 123, 4194304, G_MAXSIZE };

  for (gsize i = 0; i < G_N_ELEMENTS (lengths); i++)
    {
      g_autofree char *expected = g_strdup_printf ("Content-Length: %" G_GSIZE_FORMAT "\r\n\r\n", lengths[i]);
      char buffer[40];
      gsize length = rmi_framer_header (buffer, lengths[i]);

      g_assert_cmpmem (buffer, length, expected, strlen (expected));
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  rmi_limits_init_network (&limits);

  g_test_add_func ("/rmi/framer/headers-resume-at-every-cut", test_headers_at_every_cut);
  g_test_add_func ("/rmi/framer/lines-resume-at-every-cut", test_lines_at_every_cut);
  g_test_add_func ("/rmi/framer/refuses-broken-headers", test_refuses_broken_headers);
  g_test_add_func ("/rmi/framer/refuses-other-protocols-at-byte-1", test_refuses_other_protocols_at_byte_1);
  g_test_add_func ("/rmi/framer/bounds-headers", test_bounds_headers);
  g_test_add_func ("/rmi/framer/bounds-frames", test_bounds_frames);
  g_test_add_func ("/rmi/framer/says-what-it-wants", test_promises_do_not_count);
  g_test_add_func ("/rmi/framer/last-line-needs-no-newline", test_last_line_needs_no_newline);
  g_test_add_func ("/rmi/framer/last-line-has-the-limit-of-all", test_last_line_has_the_limit_of_all);
  g_test_add_func ("/rmi/framer/writes-headers", test_writes_headers);

  return g_test_run ();
}
