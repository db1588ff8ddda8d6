/* tests/losses/test-large-events.c: events that are more than a peer takes
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "config.h"
#include "tests/losses/town.h"

#include <string.h>
#include <sys/socket.h>

#define SMALL 2048

#define TOLD(text) "{\"jsonrpc\":\"2.0\",\"method\":\"/crier/0!Told\",\"params\":[\"" text "\"]}"
#define CRIED(number) "{\"jsonrpc\":\"2.0\",\"method\":\"/crier/0!Cried\",\"params\":[" number "]}"
#define GAP(values) "{\"jsonrpc\":\"2.0\",\"method\":\"/crier/0!rpc.gap\",\"params\":[" values "]}"

static void
tell_large (Town  *town,
            gsize  n_bytes)
{
  g_autofree char *text = g_strnfill (n_bytes, 'x');

  real_crier_tell (town->criers[0], text);
}

static void
set_large (Town  *town,
           gsize  n_bytes)
{
  g_autofree char *text = g_strnfill (n_bytes, 'y');

  g_object_set (town->criers[0], "text", text, NULL);
}

/* Getters take the lock under which the crier tells. */
static void
test_gap (Town          *town,
          gconstpointer  data)
{
  Listener listener;

  listener_dial (&listener, town, LISTENER_UNIX, SMALL);
  listener_subscribe (&listener, 0);
  real_crier_tell (town->criers[0], "before");
  tell_large (town, SMALL);
  real_crier_tell (town->criers[0], "lost, too");
  listener_hears (&listener, TOLD ("before"));
  listener_hears (&listener, GAP ("{\"Count\":0,\"Text\":\"\"}"));

  real_crier_tell (town->criers[0], "after");
  listener_hears (&listener, TOLD ("after"));
  tell_large (town, SMALL);
  listener_hears (&listener, GAP ("{\"Count\":0,\"Text\":\"\"}"));
  listener_ping (&listener);
  listener_hang_up (&listener);
}

/* What is lost because it cannot be told at all is no less lost. */
static void
test_untellable (Town          *town,
                 gconstpointer  data)
{
  Listener listener;

  listener_dial (&listener, town, LISTENER_UNIX, 0);
  listener_subscribe (&listener, 0);
  real_crier_tell (town->criers[0], "\xff is no UTF-8");
  listener_hears (&listener, GAP ("{\"Count\":0,\"Text\":\"\"}"));
  listener_ping (&listener);
  listener_hang_up (&listener);
}

/* @data: which of three peers takes little; each comes in another place of the emission. */
static void
test_others (Town          *town,
             gconstpointer  data)
{
  guint small = GPOINTER_TO_UINT (data);
  Listener listeners[3];

  for (guint i = 0; i < G_N_ELEMENTS (listeners); i++)
    {
      listener_dial (&listeners[i], town, LISTENER_UNIX, i == small ? SMALL : 0);
      listener_subscribe (&listeners[i], 0);
    }
  tell_large (town, SMALL);
  for (guint i = 0; i < G_N_ELEMENTS (listeners); i++)
    {
      g_autofree char *event = listener_hear (&listeners[i]);

      if (i == small)
        g_assert_cmpstr (event, ==, GAP ("{\"Count\":0,\"Text\":\"\"}"));
      else
        g_assert_true (g_str_has_suffix (event, "xxx\"]}"));
      listener_ping (&listeners[i]);
      listener_hang_up (&listeners[i]);
    }
}

/* @data: whether the peer with the smaller limit of ours subscribes first. */
static void
test_own_limits (Town          *town,
                 gconstpointer  data)
{
  gboolean is_first = GPOINTER_TO_INT (data);
  Listener local, network;
  g_autofree char *event = NULL;

  g_object_set (town->node, "limit-frame_bytes", (guint64) 65536, NULL);
  listener_dial (&local, town, LISTENER_UNIX, 0);
  listener_dial (&network, town, LISTENER_TCP, 0);
  listener_subscribe (is_first ? &network : &local, 0);
  listener_subscribe (is_first ? &local : &network, 0);
  tell_large (town, 100000);
  event = listener_hear (&local);
  g_assert_true (g_str_has_suffix (event, "xxx\"]}"));
  listener_hears (&network, GAP ("{\"Count\":0,\"Text\":\"\"}"));
  listener_ping (&local);
  listener_ping (&network);
  listener_hang_up (&local);
  listener_hang_up (&network);
}

/* The values are more than the peer takes, too: it is told without them, and may ask for those that fit. */
static void
test_values (Town          *town,
             gconstpointer  data)
{
  Listener listener;

  listener_dial (&listener, town, LISTENER_UNIX, SMALL);
  listener_subscribe (&listener, 0);
  set_large (town, SMALL);
  listener_hears (&listener, GAP ("{}"));
  real_crier_cry (town->criers[0]);
  listener_hears (&listener, CRIED ("1"));
  listener_say (&listener, "{\"jsonrpc\":\"2.0\",\"id\":4,\"method\":\"/crier/0#rpc.get\",\"params\":[\"Count\"]}");
  listener_hears (&listener, "{\"jsonrpc\":\"2.0\",\"id\":4,\"result\":1}");

  set_large (town, 1);
  listener_hears (&listener, "{\"jsonrpc\":\"2.0\",\"method\":\"/crier/0!rpc.changed\",\"params\":[{\"Text\":\"y\"}]}");
  tell_large (town, SMALL);
  listener_hears (&listener, GAP ("{\"Count\":1,\"Text\":\"y\"}"));
  listener_ping (&listener);
  listener_hang_up (&listener);
}

static void
test_first_values (Town          *town,
                   gconstpointer  data)
{
  Listener listener;

  set_large (town, SMALL);
  listener_dial (&listener, town, LISTENER_UNIX, SMALL);
  listener_say (&listener, "{\"jsonrpc\":\"2.0\",\"method\":\"/crier/0#rpc.subscribe\"}");
  listener_hears (&listener, GAP ("{}"));
  real_crier_tell (town->criers[0], "after");
  listener_hears (&listener, TOLD ("after"));
  listener_say (&listener, "{\"jsonrpc\":\"2.0\",\"method\":\"/crier/0#rpc.subscribe\"}");
  listener_hears (&listener, GAP ("{}"));
  listener_ping (&listener);
  listener_hang_up (&listener);
}

/* It is told once it reads, also if the values of then do not fit, and once. */
static void
test_slow_reader (Town          *town,
                  gconstpointer  data)
{
  Listener listener, caller;
  Ear ear = { 0 };
  guint count = 0;

  g_object_set (town->node, "local-limit-frame_bytes", (guint64) 65536,
                "local-limit-write_soft_bytes", (guint64) 16384,
                "local-limit-write_hard_bytes", (guint64) 131072, NULL);
  listener_dial (&listener, town, LISTENER_UNIX, SMALL);
  listener_subscribe (&listener, 0);
  listener_dial (&caller, town, LISTENER_UNIX, 0);
  for (; count < 20000; count++)
    {
      real_crier_cry (town->criers[0]);
      if (count % 100 == 0)
        listener_ping (&caller);
    }
  set_large (town, SMALL);
  tell_large (town, SMALL);
  listener_ping (&caller);

  for (gboolean is_told = FALSE; !is_told;)
    {
      g_autofree char *event = listener_hear (&listener);

      is_told = g_str_equal (event, GAP ("{}"));
      if (!is_told)
        ear_take (&ear, event);
    }
  g_assert_cmpuint (ear.n_heard, >, 0);
  g_assert_cmpuint (ear.n_heard, <, count);
  g_assert_cmpuint (ear.n_gaps, ==, 0);
  real_crier_tell (town->criers[0], "after");
  listener_hears (&listener, TOLD ("after"));
  listener_ping (&listener);
  listener_hang_up (&caller);
  listener_hang_up (&listener);
}

static gpointer
tell_in_thread (gpointer data)
{
  tell_large (data, SMALL);
  return NULL;
}

static void
test_elsewhere (Town          *town,
                gconstpointer  data)
{
  Listener listener;

  listener_dial (&listener, town, LISTENER_UNIX, SMALL);
  listener_subscribe (&listener, 0);
  g_thread_join (g_thread_new ("tell", tell_in_thread, town));
  listener_hears (&listener, GAP ("{\"Count\":0,\"Text\":\"\"}"));
  real_crier_tell (town->criers[0], "after");
  listener_hears (&listener, TOLD ("after"));
  listener_hang_up (&listener);
}

/* An end comes after what was to be told; who is gone by then is told nothing. */
static void
test_gone (Town          *town,
           gconstpointer  data)
{
  Listener listener;

  listener_dial (&listener, town, LISTENER_UNIX, SMALL);
  listener_subscribe (&listener, 0);
  tell_large (town, SMALL);
  g_assert_cmpuint (rmi_poller_count_handed_over (town->poller), ==, 1);
  if (g_str_equal (data, "unexported"))
    g_assert_true (rmi_node_unexport (town->node, "/crier/0"));
  else if (g_str_equal (data, "hung up"))
    shutdown (listener.fd, SHUT_RDWR);
  else
    rmi_node_close (town->node);
  while (rmi_poller_count_handed_over (town->poller) > 0)
    g_main_context_iteration (NULL, FALSE);
  if (g_str_equal (data, "unexported"))
    {
      listener_hears (&listener, GAP ("{\"Count\":0,\"Text\":\"\"}"));
      listener_ping (&listener);
    }
  listener_hang_up (&listener);
}

#define ADD(name, data, func) g_test_add ("/rmi/large-events/" name, Town, data, town_set_up, func, town_tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("one-too-large-is-told-as-a-gap", NULL, test_gap);
  ADD ("one-that-cannot-be-told-is-a-gap-too", NULL, test_untellable);
  ADD ("others-hear-it-if-the-first-cannot", GUINT_TO_POINTER (0), test_others);
  ADD ("others-hear-it-if-the-second-cannot", GUINT_TO_POINTER (1), test_others);
  ADD ("others-hear-it-if-the-last-cannot", GUINT_TO_POINTER (2), test_others);
  ADD ("each-peer-has-its-own-limit", GINT_TO_POINTER (TRUE), test_own_limits);
  ADD ("each-peer-has-its-own-limit-in-any-order", GINT_TO_POINTER (FALSE), test_own_limits);
  ADD ("a-gap-is-told-without-values-that-do-not-fit", NULL, test_values);
  ADD ("who-subscribes-is-told-of-values-that-do-not-fit", NULL, test_first_values);
  ADD ("a-slow-reader-is-told-once-it-reads", NULL, test_slow_reader);
  ADD ("of-another-thread", NULL, test_elsewhere);
  ADD ("an-object-that-goes-tells-before", "unexported", test_gone);
  ADD ("a-peer-that-is-gone-is-told-nothing", "hung up", test_gone);
  ADD ("a-node-closes-before-it-told", "closed", test_gone);
  return g_test_run ();
}
