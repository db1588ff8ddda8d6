/* tests/hostile/test-sessions.c: a whole conversation, cut off at every byte, and one byte at a time
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The conversation has all that peers say to each other. Whatever is cut off of it, the answers are some of those of the whole.
 */
#include "config.h"

#include <string.h>
#include <sys/socket.h>

#include "tests/hostile/host.h"

#define CALL(id, rest) "{\"jsonrpc\":\"2.0\",\"id\":" id ",\"method\":\"/caller#" rest "}"
#define LATER "Later\""        /* is not answered before the Ring behind it */
#define PEER_REF "{\"$ref\":\"/peer\",\"$type\":[\"org.rmi_glib.hostile.Caller\"]}"

static const struct
{
  const char *say;
  const char *then;            /* is heard before the next one is said; NULL: nothing, the end: "" */
} session[] = {
  { "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"rpc.hello\",\"params\":{\"version\":1,\"node\":\"peer\","
    "\"limits\":{\"frame\":4194304,\"calls\":128},\"features\":[]}}", "*\"id\":1,\"result\":{\"version\":1,*" },
  /* what a session that was cut left behind */
  { CALL ("\"clean\"", "Keep\",\"params\":[null]"), "*\"id\":\"clean\",\"result\":null*" },
  { CALL ("2", "Echo\",\"params\":[\"h\xc3\xa9llo\"],\"meta\":{\"timeout\":0}"), "*\"id\":2,\"result\":\"h\xc3\xa9llo\"*" },
  { "{\"method\":\"caller.Echo\",\"params\":{\"text\":\"\\u0041\"},\"id\":\"three\",\"jsonrpc\":\"2.0\"}", "*\"id\":\"three\",\"result\":\"A\"*" },
  { CALL ("4", "org.rmi_glib.hostile.Caller.Kept\""), "*\"id\":4,\"result\":null*" },
  { "[" CALL ("\"b1\"", "Echo\",\"params\":[\"b\"]") ",{\"jsonrpc\":\"2.0\",\"method\":\"/caller#Note\",\"params\":[\"n\"]},"
    "{\"jsonrpc\":\"2.0\",\"id\":\"b2\",\"method\":\"rpc.ping\"},1]", "[*\"id\":\"b1\",\"result\":\"b\"*\"b2\"*-32600*" },
  { CALL ("5", "rpc.subscribe\""), "*\"id\":5,\"result\":{\"Level\":7,\"Kept\":null}*" },
  { CALL ("6", "rpc.set\",\"params\":[\"Level\",7]"), "*\"id\":6,\"result\":null*" },
  { CALL ("7", "rpc.get\",\"params\":{\"property\":\"Level\"}"), "*\"id\":7,\"result\":7*" },
  { CALL ("8", "Ring\",\"params\":[\"ding\"]"), "*\"id\":8,\"result\":null*" },
  { CALL ("9", "Keep\",\"params\":[" PEER_REF "]"), "*\"id\":9,\"result\":null*" },
  { CALL ("10", "Kept\""), "*\"id\":10,\"result\":{\"$home\":\"/peer\"}*" },
  { CALL ("11", "Make\""), "*\"id\":11,\"result\":{\"$ref\":\"/~/*\"}*" },
  { CALL ("12", "CallBack\",\"params\":[" PEER_REF ",\"ag\\\"ain\"],\"meta\":{\"chain\":\"abcdefghijk/1\"}"), "*\"id\":1,\"method\":\"/peer#*" },
  { "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":\"ag\\\"ain\"}", "*\"id\":12,\"result\":\"ag\\\"ain\"*" },
  { CALL ("13", LATER), NULL },
  { "{\"jsonrpc\":\"2.0\",\"method\":\"rpc.cancel\",\"params\":{\"id\":13}}", NULL },
  { CALL ("14", "Ring\",\"params\":[\"dong\"]"), "*\"id\":14,\"result\":null*" },
  { CALL ("15", "Refuse\""), "*\"id\":15,\"error\":{\"code\":-32000,*\"name\":\"Refused\"*" },
  { "{\"jsonrpc\":\"2.0\",\"id\":16,\"method\":\"/nothing#Echo\"}", "*\"id\":16,\"error\":{\"code\":-32001,*" },
  { CALL ("17", "Nothing\""), "*\"id\":17,\"error\":{\"code\":-32601,*" },
  { CALL ("18", "Echo\",\"params\":[5]"), "*\"id\":18,\"error\":{\"code\":-32602,*" },
  { "{\"jsonrpc\":\"2.0\",\"method\":\"rpc.release\",\"params\":{\"/~/none\":1}}", NULL },
  { CALL ("19", "Keep\",\"params\":[null]"), "*\"id\":19,\"result\":null*" },
  { CALL ("20", "rpc.unsubscribe\""), "*\"id\":20,\"result\":null*" },
  { "{\"jsonrpc\":\"2.0\",\"method\":\"rpc.close\",\"params\":[1,\"bye\"]}", "" },
};

/* Random bits, and the milliseconds left, are not the same twice; 25,000 of them are not said. */
static char *
normalize (const char *message)
{
  g_autoptr(GRegex) regex = g_regex_new ("(/~/|\"node\":\")[A-Za-z0-9_-]{22}|\"timeout\":[0-9]+,", 0, 0, NULL);

  return g_regex_replace (regex, message, -1, 0, "\\1", 0, NULL);
}

/* Hears what is like @pattern, or all up to the end if that is "". What was heard is noted: normal form → how often. */
static void
hear_until (Stranger       *peer,
            const char *pattern,
            GHashTable *heard)
{
  gboolean is_it = FALSE;

  while (pattern != NULL && !is_it)
    {
      g_autofree char *message = stranger_hear (peer);
      char *normal;

      if (message == NULL)
        {
          g_assert_cmpstr (pattern, ==, "");
          return;
        }
      normal = normalize (message);
      is_it = g_pattern_match_simple (pattern, message);
      g_hash_table_replace (heard, normal, GUINT_TO_POINTER (GPOINTER_TO_UINT (g_hash_table_lookup (heard, normal)) + 1));
    }
}

static GHashTable *
new_table (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

/* The whole session, @step bytes at a time. */
static GHashTable *
converse (Host      *host,
          StrangerFlags  flags,
          gsize      step)
{
  GHashTable *heard = new_table ();
  Stranger peer;

  stranger_dial (&peer, host, flags);
  for (gsize i = 0; i < G_N_ELEMENTS (session); i++)
    {
      g_autofree char *bytes = stranger_frame (&peer, session[i].say);

      for (gsize at = 0, length = strlen (bytes); at < length; at += step)
        g_assert_true (stranger_say_bytes (&peer, bytes + at, MIN (step, length - at)));
      hear_until (&peer, session[i].then, heard);
    }
  stranger_hang_up (&peer);
  return heard;
}

/* Who only stops talking hears of the message that was cut, and of the call back that nobody will answer. */
static gboolean
is_of_cut (const char     *message,
           StrangerFlags   flags)
{
  return ((flags & STRANGER_LINES) != 0 && strstr (message, "\"code\":-32700") != NULL)
         || strstr (message, "A call that the method made failed") != NULL;
}

/* Each message of @part is as often in @whole, but for what the cut itself brought about. */
static void
check_part (GHashTable *part,
            GHashTable *whole,
            StrangerFlags   flags)
{
  GHashTableIter iter;
  gpointer message, count;

  g_hash_table_iter_init (&iter, part);
  while (g_hash_table_iter_next (&iter, &message, &count))
    if (!is_of_cut (message, flags))
      if (GPOINTER_TO_UINT (count) > GPOINTER_TO_UINT (g_hash_table_lookup (whole, message)))
        g_error ("%s: heard %u times", (char *) message, GPOINTER_TO_UINT (count));
}

static void
test_bytes (gconstpointer data)
{
  StrangerFlags flags = GPOINTER_TO_INT (data);
  Host host;
  g_autoptr(GHashTable) whole = NULL;
  g_autoptr(GHashTable) bytes = NULL;

  host_start (&host, NULL, 0);
  whole = converse (&host, flags, G_MAXINT32);
  host_check_others (&host);
  bytes = converse (&host, flags, 1);
  g_assert_cmpuint (g_hash_table_size (bytes), ==, g_hash_table_size (whole));
  check_part (bytes, whole, STRANGER_UNIX);
  check_part (whole, bytes, STRANGER_UNIX);
  host_stop (&host);
}

/* Whether a call waits for somebody else when message @last is cut. */
static gboolean
is_pending (gsize last)
{
  if (strstr (session[last].say, "CallBack") != NULL)
    return TRUE;
  for (gsize i = last + 1; i > 0 && last < i + 2; i--)
    if (strstr (session[i - 1].say, LATER) != NULL)
      return TRUE;
  return FALSE;
}

/* Says all before message @last, and of that @length bytes. */
static void
cut (Host       *host,
     StrangerFlags   flags,
     gsize       last,
     gsize       length,
     GHashTable *whole)
{
  g_autoptr(GHashTable) heard = new_table ();
  g_autofree char *bytes = NULL;
  Stranger peer;

  stranger_dial (&peer, host, flags);
  for (gsize i = 0; i < last; i++)
    {
      stranger_say (&peer, session[i].say);
      hear_until (&peer, session[i].then, heard);
    }
  bytes = stranger_frame (&peer, session[last].say);
  stranger_say_bytes (&peer, bytes, length);
  /* Who only stops talking may be waiting for answers: then the end of the call would be awaited. */
  if (is_pending (last))
    setsockopt (peer.fd, SOL_SOCKET, SO_LINGER, &(struct linger) { 1, 0 }, sizeof (struct linger));
  else
    shutdown (peer.fd, SHUT_WR);
  if (!is_pending (last))
    hear_until (&peer, "", heard);
  check_part (heard, whole, flags);
  stranger_hang_up (&peer);
}

static void
test_cuts (gconstpointer data)
{
  StrangerFlags flags = GPOINTER_TO_INT (data);
  Host host;
  g_autoptr(GHashTable) whole = NULL;

  host_start (&host, NULL, 0);
  whole = converse (&host, flags, G_MAXINT32);
  for (gsize i = 0; i < G_N_ELEMENTS (session); i++)
    {
      Stranger unconnected = { .flags = flags };
      g_autofree char *bytes = stranger_frame (&unconnected, session[i].say);

      for (gsize length = 0; length < strlen (bytes); length++)
        cut (&host, flags, i, length, whole);
      host_check_others (&host);
    }
  host_stop (&host);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/rmi/session/one-byte-at-a-time-over-unix", GINT_TO_POINTER (STRANGER_UNIX), test_bytes);
  g_test_add_data_func ("/rmi/session/one-byte-at-a-time-over-tcp", GINT_TO_POINTER (STRANGER_TCP), test_bytes);
  g_test_add_data_func ("/rmi/session/one-byte-at-a-time-in-lines-over-unix", GINT_TO_POINTER (STRANGER_LINES), test_bytes);
  g_test_add_data_func ("/rmi/session/one-byte-at-a-time-in-lines-over-tcp", GINT_TO_POINTER (STRANGER_LINES | STRANGER_TCP), test_bytes);
  g_test_add_data_func ("/rmi/session/cut-at-every-byte-over-unix", GINT_TO_POINTER (STRANGER_UNIX), test_cuts);
  g_test_add_data_func ("/rmi/session/cut-at-every-byte-in-lines-over-tcp", GINT_TO_POINTER (STRANGER_LINES | STRANGER_TCP), test_cuts);
  return g_test_run ();
}
