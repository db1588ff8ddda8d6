/* tests/parties/test-strangers.c: a relay between peers that say anything
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * This program introduces. Both peers are this test itself, over bare sockets: the home of an object, and who subscribes to the relay.
 */
#include "config.h"
#include "tests/parties/crate.h"
#include "tests/wire.h"

#include <string.h>

typedef struct
{
  GSocketConnection *stream;
  GString           *received;
  GString           *others;       /* what came before the last answer */
  guint              last_id;
} Party;

typedef struct
{
  RmiNode *node;
  Crate   *crate;
  guint16  port;
  Party    home;
  Party    guest;
  RmiStub *stub;                   /* of the object of the home, relayed at /relay */
} Fixture;

static void
say (Party      *party,
     const char *json)
{
  g_autofree char *frame = wire_frame (json);
  g_autoptr(GError) error = NULL;

  g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (party->stream)), frame, strlen (frame), NULL, NULL, &error);
  g_assert_no_error (error);
}

/* The next message; the node runs meanwhile. */
static char *
hear (Party *party)
{
  GSocket *socket = g_socket_connection_get_socket (party->stream);
  char *text;

  while ((text = wire_take_message (party->received)) == NULL)
    {
      g_autoptr(GError) error = NULL;
      char buffer[4096];
      gssize length = g_socket_receive_with_blocking (socket, buffer, sizeof buffer, FALSE, NULL, &error);

      if (length > 0)
        g_string_append_len (party->received, buffer, length);
      else
        g_assert_error (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK);
      g_main_context_iteration (NULL, FALSE);
    }
  return text;
}

/* Sends a request; its answer. What comes before is in `others`. */
static char *
call (Party      *party,
      const char *method,
      const char *params)
{
  g_autofree char *request = g_strdup_printf ("{\"jsonrpc\":\"2.0\",\"id\":%u,\"method\":\"%s\",\"params\":%s}", ++party->last_id, method,
                                              params);
  g_autofree char *prefix = g_strdup_printf ("{\"jsonrpc\":\"2.0\",\"id\":%u,\"result\":", party->last_id);
  g_autofree char *refused = g_strdup_printf ("{\"jsonrpc\":\"2.0\",\"id\":%u,\"error\":", party->last_id);
  char *text;

  g_string_truncate (party->others, 0);
  say (party, request);
  while (!g_str_has_prefix (text = hear (party), prefix) && !g_str_has_prefix (text, refused))
    {
      g_string_append (party->others, text);
      g_free (text);
    }
  return text;
}

/* All that the node had to say to it is in `others`. */
static void
settle (Party *party)
{
  g_free (call (party, "rpc.ping", "[]"));
}

/* Plain peers know no pings, but are answered as all are. */
static void
check_heard (Fixture    *fixture,
             const char *expected)
{
  settle (&fixture->home);
  settle (&fixture->guest);
  g_assert_cmpstr (fixture->guest.others->str, ==, expected);
}

/* Waits for a request to be subscribed, and answers it by @answer, a member. */
static void
answer_subscription (Fixture    *fixture,
                     const char *answer)
{
  g_autoptr(JsonNode) node = NULL;
  g_autofree char *text = NULL;
  g_autofree char *reply = NULL;

  do
    {
      g_free (text);
      text = hear (&fixture->home);
    }
  while (strstr (text, "#rpc.subscribe") == NULL);
  node = json_from_string (text, NULL);
  reply = g_strdup_printf ("{\"jsonrpc\":\"2.0\",\"id\":%" G_GINT64_FORMAT ",%s}",
                           json_object_get_int_member (json_node_get_object (node), "id"), answer);
  say (&fixture->home, reply);
}

#define REFUSAL "\"error\":{\"code\":-32005,\"message\":\"no\"}"
#define VALUES "\"result\":{\"Level\":1}"

static void
notify (Party      *party,
        const char *method,
        const char *params)
{
  g_autofree char *text = g_strdup_printf ("{\"jsonrpc\":\"2.0\",\"method\":\"%s\"%s%s}", method, params[0] != '\0' ? ",\"params\":" : "",
                                           params);

  say (party, text);
}

static void
connect_party (Fixture *fixture,
               Party   *party)
{
  g_autoptr(GSocketClient) client = g_socket_client_new ();
  g_autoptr(GError) error = NULL;

  party->stream = g_socket_client_connect_to_host (client, "127.0.0.1", fixture->port, NULL, &error);
  g_assert_no_error (error);
  party->received = g_string_new (NULL);
  party->others = g_string_new (NULL);
}

static void
party_clear (Party *party)
{
  g_clear_object (&party->stream);
  g_string_free (party->received, TRUE);
  g_string_free (party->others, TRUE);
}

static char *
greet (Party      *party,
       const char *node)
{
  g_autofree char *params = g_strdup_printf ("{\"version\":1,\"node\":\"%s\",\"limits\":{\"frame\":1024}}", node);

  return call (party, "rpc.hello", params);
}

static char *
stow (Party      *party,
      const char *reference)
{
  g_autofree char *params = g_strdup_printf ("[[%s],{},null,null,null]", reference);

  return call (party, "/box#Stow", params);
}

static void
relay (Fixture    *fixture,
       const char *path)
{
  g_autofree char *reference = g_strdup_printf ("{\"$ref\":\"%s\"}", path);
  g_autofree char *answer = stow (&fixture->home, reference);
  g_autoptr(GPtrArray) list = NULL;
  g_autoptr(GHashTable) by_name = NULL;
  g_autoptr(PartiesCard) card = NULL;
  g_autoptr(PartiesPair) pair = NULL;
  g_autoptr(JsonNode) any = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_nonnull (strstr (answer, "result"));
  parties_box_recall (PARTIES_BOX (fixture->crate), &list, &by_name, &card, &pair, &any, NULL, &error);
  g_assert_no_error (error);
  fixture->stub = g_object_ref (g_ptr_array_index (list, 0));
  rmi_node_export (fixture->node, "/relay", G_OBJECT (fixture->stub), &error);
  g_assert_no_error (error);
}

static void
set_up (Fixture       *fixture,
        gconstpointer  is_plain)
{
  g_autofree char *uri = NULL;
  g_autoptr(GError) error = NULL;

  fixture->node = rmi_node_new ();
  fixture->crate = crate_new (fixture->node);
  uri = rmi_node_listen (fixture->node, "rmi://127.0.0.1:0", NULL, &error);
  g_assert_no_error (error);
  fixture->port = (guint16) g_ascii_strtoull (strrchr (uri, ':') + 1, NULL, 10);
  rmi_node_export (fixture->node, "/box", G_OBJECT (fixture->crate), &error);
  g_assert_no_error (error);
  connect_party (fixture, &fixture->home);
  connect_party (fixture, &fixture->guest);
  g_free (greet (&fixture->guest, "guest"));
  if (!GPOINTER_TO_INT (is_plain))
    g_free (greet (&fixture->home, "home"));
  relay (fixture, GPOINTER_TO_INT (is_plain) ? "/cb/1" : "/~/home");
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  is_plain)
{
  crate_empty (fixture->crate);
  g_clear_object (&fixture->stub);
  rmi_node_close (fixture->node);
  g_assert_finalize_object (fixture->node);
  g_assert_finalize_object (fixture->crate);
  party_clear (&fixture->home);
  party_clear (&fixture->guest);
}

/* ---- gaps ---- */

#define GUEST_HEARS(event, params) "{\"jsonrpc\":\"2.0\",\"method\":\"/relay!" event "\",\"params\":" params "}"

/* More than the guest takes in one message. */
static char *
make_large (const char *before,
            const char *after)
{
  g_autofree char *filling = g_strnfill (2000, 'x');

  return g_strconcat (before, filling, after, NULL);
}

static void
subscribe (Fixture *fixture)
{
  notify (&fixture->guest, "/relay#rpc.subscribe", "[]");
  answer_subscription (fixture, VALUES);
  check_heard (fixture, GUEST_HEARS ("rpc.changed", "[{\"Level\":1}]"));
}

/* The gap that a large event leaves has an end, whatever the home says to it. */
static void
check_gap_ends (Fixture    *fixture,
                const char *answer,
                const char *expected)
{
  g_autofree char *large = make_large ("[\"", "\"]");

  subscribe (fixture);
  notify (&fixture->home, "/~/home!Rung", large);
  answer_subscription (fixture, answer);
  check_heard (fixture, expected);
  notify (&fixture->home, "/~/home!Rung", "[1]");
  check_heard (fixture, GUEST_HEARS ("Rung", "[1]"));
}

static void
test_gap (Fixture       *fixture,
          gconstpointer  data)
{
  check_gap_ends (fixture, VALUES, GUEST_HEARS ("rpc.gap", "[{\"Level\":1}]"));
}

static void
test_gap_refused (Fixture       *fixture,
                  gconstpointer  data)
{
  check_gap_ends (fixture, REFUSAL, GUEST_HEARS ("rpc.gap", "[{}]"));
}

static void
test_gap_large (Fixture       *fixture,
                gconstpointer  data)
{
  g_autofree char *large = make_large ("\"result\":{\"Label\":\"", "\"}");

  check_gap_ends (fixture, large, GUEST_HEARS ("rpc.gap", "[{}]"));
}

static void
test_gap_plain (Fixture       *fixture,
                gconstpointer  data)
{
  g_autofree char *large = make_large ("[\"", "\"]");

  notify (&fixture->guest, "/relay#rpc.subscribe", "[]");
  check_heard (fixture, GUEST_HEARS ("rpc.changed", "[{}]"));
  notify (&fixture->home, "/cb/1!Rung", large);
  check_heard (fixture, GUEST_HEARS ("rpc.gap", "[{}]"));
  notify (&fixture->home, "/cb/1!Rung", "[1]");
  check_heard (fixture, GUEST_HEARS ("Rung", "[1]"));
}

static void
test_refused (Fixture       *fixture,
              gconstpointer  data)
{
  notify (&fixture->guest, "/relay#rpc.subscribe", "[]");
  answer_subscription (fixture, REFUSAL);
  check_heard (fixture, GUEST_HEARS ("rpc.gap", "[{}]"));
}

static void
test_refused_request (Fixture       *fixture,
                      gconstpointer  data)
{
  g_autofree char *answer = NULL;

  say (&fixture->guest, "{\"jsonrpc\":\"2.0\",\"id\":\"s\",\"method\":\"/relay#rpc.subscribe\",\"params\":[]}");
  answer_subscription (fixture, REFUSAL);
  answer = hear (&fixture->guest);
  g_assert_nonnull (strstr (answer, "-32005"));
  notify (&fixture->home, "/~/home!Rung", "[1]");
  check_heard (fixture, "");
}

static void
test_no_params (Fixture       *fixture,
                gconstpointer  data)
{
  subscribe (fixture);
  notify (&fixture->home, "/~/home!Rung", "");
  check_heard (fixture, GUEST_HEARS ("Rung", "[]"));

  /* By name they cannot be passed on, and that is told. */
  notify (&fixture->home, "/~/home!Rung", "{\"times\":1}");
  answer_subscription (fixture, VALUES);
  check_heard (fixture, GUEST_HEARS ("rpc.gap", "[{\"Level\":1}]"));
}

/* ---- ends ---- */

static void
check_no_object (Fixture    *fixture,
                 const char *method)
{
  g_autofree char *answer = call (&fixture->guest, method, "[]");

  g_assert_nonnull (strstr (answer, "-32001"));
}

static void
test_unexport (Fixture       *fixture,
               gconstpointer  data)
{
  g_assert_true (rmi_node_unexport_object (fixture->node, G_OBJECT (fixture->stub)));
  check_no_object (fixture, "/relay#Make");
  g_assert_false (rmi_stub_is_broken (fixture->stub));
  g_assert_false (rmi_node_unexport_object (fixture->node, G_OBJECT (fixture->stub)));
}

static void
test_broken (Fixture       *fixture,
             gconstpointer  data)
{
  g_autofree char *answer = NULL;
  g_autoptr(GError) error = NULL;

  notify (&fixture->home, "/~/home!rpc.broken", "[]");
  settle (&fixture->home);
  g_assert_true (rmi_stub_is_broken (fixture->stub));
  check_no_object (fixture, "/relay#Make");
  g_assert_false (rmi_node_export (fixture->node, "/again", G_OBJECT (fixture->stub), &error));
  g_assert_error (error, RMI_ERROR, RMI_ERROR_NO_SUCH_OBJECT);

  answer = call (&fixture->guest, "/box#Recall", "[]");
  g_assert_nonnull (strstr (answer, "\"error\""));
  g_assert_nonnull (strstr (answer, "The object is gone"));
  g_assert_null (rmi_node_dup_export_path (fixture->node, G_OBJECT (fixture->stub)));
}

/* ---- names ---- */

static void
test_node_ids (Fixture       *fixture,
               gconstpointer  data)
{
  static const char *const ids[] = {
    "", "\\u0000", "a\\u0000b", "a/b", "/", "a b", "a~", "\\u00e4", "a:b", "a\\n",
    "nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn",
  };

  for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
    {
      g_autofree char *reference = g_strdup_printf ("{\"$ref\":\"/~/x\",\"of\":\"%s/~/x\"}", ids[i]);
      g_autofree char *stowed = stow (&fixture->home, reference);
      Party party = { 0 };
      g_autofree char *greeted = NULL;

      connect_party (fixture, &party);
      greeted = greet (&party, ids[i]);
      party_clear (&party);
      /* There the rest is part of the path. */
      if (!g_str_equal (ids[i], "a/b"))
        g_assert_nonnull (strstr (stowed, "-32602"));
      g_assert_nonnull (strstr (greeted, "-32602"));
    }
}

#define ADD(name, is_plain, func) \
  g_test_add ("/rmi/strangers/" name, Fixture, GINT_TO_POINTER (is_plain), set_up, func, tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("a-gap-ends-with-the-values", FALSE, test_gap);
  ADD ("a-gap-ends-although-the-home-refuses", FALSE, test_gap_refused);
  ADD ("a-gap-ends-although-the-values-are-too-large", FALSE, test_gap_large);
  ADD ("a-gap-ends-although-the-home-is-plain", TRUE, test_gap_plain);
  ADD ("who-notifies-is-told-that-events-may-be-missing", FALSE, test_refused);
  ADD ("who-is-refused-is-not-subscribed", FALSE, test_refused_request);
  ADD ("an-event-without-params-has-no-arguments", FALSE, test_no_params);
  ADD ("a-relay-is-unexported-by-its-stub", FALSE, test_unexport);
  ADD ("what-is-gone-is-not-passed-on", FALSE, test_broken);
  ADD ("what-is-no-node-id-is-refused", FALSE, test_node_ids);

  return g_test_run ();
}
