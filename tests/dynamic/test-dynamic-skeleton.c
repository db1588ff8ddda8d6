/* tests/dynamic/test-dynamic-skeleton.c: objects of another program that are served by one function
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Called by stubs of generated code, which cannot tell the difference, and by dynamic ones.
 */
#include "config.h"
#include "tests/scenarios-world.h"

#undef ADD
#define ADD(name, func) \
  G_STMT_START \
  { \
    g_test_add ("/rmi/dynamic-skeleton/unix/" name, World, "unix", world_set_up, func, world_tear_down); \
    g_test_add ("/rmi/dynamic-skeleton/tcp/" name, World, "tcp", world_set_up, func, world_tear_down); \
  } G_STMT_END

static void
test_calls (World         *world,
            gconstpointer  data)
{
  Peer *peer = world_add_peer (world, NULL);
  g_autoptr(GError) error = NULL;
  g_autofree char *echo = scenario_party_echo (peer->party, "hello", NULL, &error);
  g_autofree char *later = NULL;

  g_assert_no_error (error);
  g_assert_cmpstr (echo, ==, "hello");
  later = scenario_party_later (peer->party, "idle", NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (later, ==, "later");
}

static void
test_references (World         *world,
                 gconstpointer  data)
{
  Peer *peer = world_add_peer (world, NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(ScenarioParty) made = scenario_party_make (peer->party, NULL, &error);
  g_autoptr(ScenarioParty) kept = NULL;
  gboolean is_self = FALSE;
  guint alive = 0;

  g_assert_no_error (error);
  g_assert_true (scenario_party_is_self (made, made, &is_self, NULL, &error));
  g_assert_true (is_self);
  g_assert_true (scenario_party_is_self (peer->party, made, &is_self, NULL, &error));
  g_assert_false (is_self);

  g_assert_true (scenario_party_keep (peer->party, SCENARIO_PARTY (world->guest), NULL, &error));
  g_assert_true (scenario_party_kept (peer->party, &kept, NULL, &error));
  g_assert_true (kept == SCENARIO_PARTY (world->guest));
  g_clear_object (&kept);
  g_assert_true (scenario_party_keep (peer->party, NULL, NULL, &error));
  g_assert_true (scenario_party_kept (peer->party, &kept, NULL, &error));
  g_assert_null (kept);

  g_clear_object (&made);
  peer_settle (peer);
  g_assert_true (scenario_party_alive (peer->party, &alive, NULL, &error));
  g_assert_cmpuint (alive, ==, 1);
}

static void
assert_fails (Peer       *peer,
              const char *how,
              RmiError    code)
{
  g_autoptr(GError) error = NULL;

  g_assert_false (scenario_party_fail (peer->party, how, NULL, &error));
  g_assert_error (error, RMI_ERROR, (int) code);
}

static void
test_failures (World         *world,
               gconstpointer  data)
{
  Peer *peer = world_add_peer (world, NULL);
  g_autoptr(RmiDynamicStub) stub = rmi_stub_as (RMI_STUB (peer->party), RMI_TYPE_DYNAMIC_STUB);
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(GVariant) result = NULL;
  g_autoptr(JsonNode) arguments = json_from_string ("[5]", NULL);
  g_autoptr(JsonNode) none = json_from_string ("{\"txt\":\"a\"}", NULL);
  g_autoptr(GError) error = NULL;

  assert_fails (peer, "error", RMI_ERROR_REMOTE);
  assert_fails (peer, "shape", RMI_ERROR_BAD_REPLY);
  assert_fails (peer, "silent", RMI_ERROR_INTERNAL);
  g_assert_true (scenario_party_fail (peer->party, "twice", NULL, NULL));

  bytes = scenario_party_give (peer->party, 5, NULL, &error);
  g_assert_error (error, RMI_ERROR, RMI_ERROR_BAD_REPLY);
  g_clear_error (&error);
  result = rmi_dynamic_stub_call (stub, "Wait", NULL, NULL, NULL, NULL, &error);
  g_assert_error (error, RMI_ERROR, RMI_ERROR_INTERNAL);
  g_clear_error (&error);
  g_assert_null (rmi_stub_call_json (RMI_STUB (stub), "Echo", arguments, NULL, &error));
  g_assert_error (error, RMI_ERROR, RMI_ERROR_INVALID_ARGUMENTS);
  g_clear_error (&error);
  g_assert_null (rmi_stub_call_json (RMI_STUB (stub), "Echo", none, NULL, &error));
  g_assert_error (error, RMI_ERROR, RMI_ERROR_INVALID_ARGUMENTS);
  peer_settle (peer);
}

static void
ticked_cb (ScenarioParty *party,
           guint          number,
           GString       *log)
{
  g_string_append_printf (log, "%u ", number);
}

static void
test_signals (World         *world,
              gconstpointer  data)
{
  Peer *peer = world_add_peer (world, NULL);
  g_autoptr(GString) log = g_string_new (NULL);
  g_autoptr(GError) error = NULL;

  g_signal_connect (peer->party, "ticked", G_CALLBACK (ticked_cb), log);
  g_assert_true (scenario_party_tick (peer->party, 3, NULL, &error));
  peer_settle (peer);
  g_assert_cmpstr (log->str, ==, "1 2 3 ");
}

static void
test_properties (World         *world,
                 gconstpointer  data)
{
  Peer *peer = world_add_peer (world, NULL);
  g_autoptr(RmiDynamicStub) stub = rmi_stub_as (RMI_STUB (peer->party), RMI_TYPE_DYNAMIC_STUB);
  g_autoptr(GVariant) value = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_cmpint (scenario_party_get_level (peer->party), ==, 1);
  g_assert_true (rmi_dynamic_stub_set_value (stub, "Level", g_variant_new_int32 (9), NULL, NULL, &error));
  g_assert_no_error (error);
  peer_settle (peer);
  g_assert_cmpint (scenario_party_get_level (peer->party), ==, 9);
  value = rmi_dynamic_stub_get_value (stub, "Level", NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (g_variant_get_int32 (value), ==, 9);

  /* it has a label, but never said which */
  g_assert_null (rmi_dynamic_stub_get_value (stub, "Label", NULL, NULL, &error));
  g_assert_nonnull (error);
  peer_settle (peer);
}

int
main (int   argc,
      char *argv[])
{
  world_init (&argc, &argv);
  ADD ("calls-are-answered-now-and-later", test_calls);
  ADD ("objects-pass-both-ways", test_references);
  ADD ("what-it-does-wrong-is-told", test_failures);
  ADD ("signals-arrive", test_signals);
  ADD ("properties-are-kept-and-told", test_properties);
  return g_test_run ();
}
