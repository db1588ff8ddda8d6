/* tests/dynamic/test-dynamic-stub.c: objects of other programs, called without generated code
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "config.h"
#include "tests/scenarios-world.h"

#include "stubs/rmi-dynamic-stub-private.h"

#undef ADD
#define ADD(name, func) \
  G_STMT_START \
  { \
    g_test_add ("/rmi/dynamic-stub/unix/" name, World, "unix", world_set_up, func, world_tear_down); \
    g_test_add ("/rmi/dynamic-stub/tcp/" name, World, "tcp", world_set_up, func, world_tear_down); \
  } G_STMT_END

static RmiDynamicStub *
get_party (World *world,
           Peer  *peer)
{
  g_autoptr(GError) error = NULL;
  RmiDynamicStub *stub = rmi_node_get_object (world->node, peer->party_uri, RMI_TYPE_DYNAMIC_STUB, NULL, &error);

  g_assert_no_error (error);
  g_assert_true (RMI_IS_DYNAMIC_STUB (stub));
  return stub;
}

/* The text of the result. */
static char *
call (RmiDynamicStub  *stub,
      const char      *method,
      const char      *arguments,
      GPtrArray       *objects,
      GPtrArray      **out_objects)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GVariant) tuple = g_variant_parse (NULL, arguments, NULL, NULL, &error);
  g_autoptr(GVariant) result = NULL;

  g_assert_no_error (error);
  result = rmi_dynamic_stub_call (stub, method, tuple, objects, out_objects, NULL, &error);
  g_assert_no_error (error);
  return g_variant_print (result, FALSE);
}

static void
assert_call (RmiDynamicStub *stub,
             const char     *method,
             const char     *arguments,
             GPtrArray      *objects,
             const char     *expected)
{
  g_autofree char *result = call (stub, method, arguments, objects, NULL);

  g_assert_cmpstr (result, ==, expected);
}

static void
assert_fails (RmiDynamicStub *stub,
              const char     *method,
              const char     *arguments,
              GPtrArray      *objects,
              RmiError        code)
{
  g_autoptr(GVariant) tuple = g_variant_parse (NULL, arguments, NULL, NULL, NULL);
  g_autoptr(GPtrArray) out_objects = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_null (rmi_dynamic_stub_call (stub, method, tuple, objects, &out_objects, NULL, &error));
  g_assert_error (error, RMI_ERROR, (int) code);
  g_assert_null (out_objects);
}

/* The one object of the result; the stub is the caller's. */
static RmiDynamicStub *
call_for_object (RmiDynamicStub *stub,
                 const char     *method)
{
  g_autoptr(GPtrArray) objects = NULL;
  g_autofree char *result = call (stub, method, "()", NULL, &objects);

  g_assert_cmpstr (result, ==, "(0,)");
  g_assert_cmpuint (objects->len, ==, 1);
  g_assert_true (RMI_IS_DYNAMIC_STUB (objects->pdata[0]));
  return g_object_ref (objects->pdata[0]);
}

/* ---- calls ---- */

static void
test_calls (World         *world,
            gconstpointer  data)
{
  Peer *peer = world_add_peer (world, NULL);
  g_autoptr(RmiDynamicStub) stub = get_party (world, peer);

  assert_call (stub, "Echo", "('hello',)", NULL, "('hello',)");
  assert_call (stub, "org.rmi_glib.scenario.Party.Echo", "('again',)", NULL, "('again',)");
  assert_call (stub, "Note", "('once',)", NULL, "()");
  assert_call (stub, "History", "()", NULL, "(['once'],)");
  assert_call (stub, "Take", "(@ay [1, 2, 3],)", NULL, "(3,)");

  assert_fails (stub, "Echo", "()", NULL, RMI_ERROR_INVALID_ARGUMENTS);
  assert_fails (stub, "Echo", "('a', 'b')", NULL, RMI_ERROR_INVALID_ARGUMENTS);
  assert_fails (stub, "Echo", "(5,)", NULL, RMI_ERROR_INVALID_ARGUMENTS);
  assert_fails (stub, "Vanish", "()", NULL, RMI_ERROR_NO_SUCH_METHOD);
  assert_fails (stub, "org.example.Other.Echo", "('a',)", NULL, RMI_ERROR_NO_SUCH_METHOD);
}

static void
answered_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  World *world = user_data;
  g_autoptr(GPtrArray) objects = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(GVariant) answer =
      rmi_dynamic_stub_call_finish (RMI_DYNAMIC_STUB (object), result, &objects, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (objects->len, ==, 1);
  g_assert_true (RMI_IS_DYNAMIC_STUB (objects->pdata[0]));
  world->n_done++;
}

static void
failed_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  World *world = user_data;
  g_autoptr(GError) error = NULL;

  g_assert_null (rmi_dynamic_stub_call_finish (RMI_DYNAMIC_STUB (object), result, NULL, &error));
  g_assert_error (error, RMI_ERROR, RMI_ERROR_NO_SUCH_METHOD);
  world->n_done++;
}

/* A stub that came by reference asks for its description by itself, also asynchronously. */
static void
test_asynchronous (World         *world,
                   gconstpointer  data)
{
  Peer *peer = world_add_peer (world, NULL);
  g_autoptr(RmiDynamicStub) plain = rmi_stub_as (RMI_STUB (peer->party), RMI_TYPE_DYNAMIC_STUB);

  rmi_dynamic_stub_call_async (plain, "Make", NULL, NULL, NULL, answered_cb, world);
  rmi_dynamic_stub_call_async (plain, "Make", NULL, NULL, NULL, answered_cb, world);
  rmi_dynamic_stub_call_async (plain, "Vanish", NULL, NULL, NULL, failed_cb, world);
  TURN_UNTIL (world->n_done == 3);
}

/* ---- references ---- */

static void
test_references (World         *world,
                 gconstpointer  data)
{
  Peer *peer = world_add_peer (world, NULL);
  g_autoptr(RmiDynamicStub) stub = get_party (world, peer);
  g_autoptr(RmiDynamicStub) made = call_for_object (stub, "Make");
  g_autoptr(GPtrArray) objects = g_ptr_array_new ();
  g_autoptr(GPtrArray) kept = NULL;
  g_autofree char *result = NULL;

  assert_call (made, "Echo", "('from afar',)", NULL, "('from afar',)");

  /* theirs goes home, as the very object */
  g_ptr_array_add (objects, made);
  g_ptr_array_add (objects, stub);
  assert_call (stub, "IsSelf", "(handle 1,)", objects, "(true,)");
  assert_call (stub, "IsSelf", "(handle 0,)", objects, "(false,)");
  assert_call (made, "IsSelf", "(handle 0,)", objects, "(true,)");

  /* ours is called back, and comes back as itself */
  g_ptr_array_add (objects, world->guest);
  assert_call (stub, "Keep", "(@mh just handle 2,)", objects, "()");
  assert_call (stub, "AskKept", "('you',)", NULL, "('you',)");
  result = call (stub, "Kept", "()", NULL, &kept);
  g_assert_cmpstr (result, ==, "(0,)");
  g_assert_true (kept->pdata[0] == world->guest);

  /* and nothing is nothing */
  assert_call (stub, "Keep", "(@mh nothing,)", NULL, "()");
  assert_call (stub, "Kept", "()", NULL, "(nothing,)");
}

static void
test_lifetime (World         *world,
               gconstpointer  data)
{
  Peer *peer = world_add_peer (world, NULL);
  g_autoptr(RmiDynamicStub) stub = get_party (world, peer);
  g_autoptr(RmiDynamicStub) made = call_for_object (stub, "Make");
  guint before = peer_count_alive (peer);

  g_clear_object (&made);
  peer_settle (peer);
  g_assert_cmpuint (peer_count_alive (peer), ==, before - 1);
  assert_fails (stub, "Vanish", "()", NULL, RMI_ERROR_NO_SUCH_METHOD);
}

static void
test_handles (World         *world,
              gconstpointer  data)
{
  Peer *peer = world_add_peer (world, NULL);
  g_autoptr(RmiDynamicStub) stub = get_party (world, peer);
  g_autoptr(GObject) nobody = g_object_new (G_TYPE_OBJECT, NULL);
  g_autoptr(GPtrArray) objects = g_ptr_array_new ();

  assert_fails (stub, "IsSelf", "(handle 0,)", NULL, RMI_ERROR_INVALID_ARGUMENTS);
  g_ptr_array_add (objects, NULL);
  g_ptr_array_add (objects, nobody);
  assert_fails (stub, "IsSelf", "(handle 0,)", objects, RMI_ERROR_INVALID_ARGUMENTS);
  assert_fails (stub, "IsSelf", "(handle 1,)", objects, RMI_ERROR_INVALID_ARGUMENTS);
  assert_fails (stub, "IsSelf", "(handle 2,)", objects, RMI_ERROR_INVALID_ARGUMENTS);
  assert_fails (stub, "IsSelf", "(handle -1,)", objects, RMI_ERROR_INVALID_ARGUMENTS);
  assert_fails (stub, "IsSelf", "(handle 2147483647,)", objects, RMI_ERROR_INVALID_ARGUMENTS);
  assert_fails (stub, "IsSelf", "('/party',)", objects, RMI_ERROR_INVALID_ARGUMENTS);
  assert_call (stub, "Echo", "('all is well',)", NULL, "('all is well',)");
}

/* What one object of a type said, is known of the next: it needs no question, and is subscribed by existing. */
static void
test_introspected_once (World         *world,
                        gconstpointer  data)
{
  Peer *peer = world_add_peer (world, NULL);
  g_autoptr(RmiDynamicStub) stub = get_party (world, peer);
  g_autoptr(RmiDynamicStub) first = call_for_object (stub, "Make");
  g_autoptr(RmiDynamicStub) second = NULL;
  g_autoptr(GPtrArray) unknown = rmi_dynamic_stub_find_infos (first);
  g_autoptr(GPtrArray) infos = NULL;
  g_autoptr(GPtrArray) known = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_null (unknown);
  infos = rmi_dynamic_stub_introspect (first, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (infos->len, ==, 1);
  g_assert_cmpstr (rmi_interface_info_get_name (infos->pdata[0]), ==, "org.rmi_glib.scenario.Party");
  second = call_for_object (stub, "Make");
  known = rmi_dynamic_stub_find_infos (second);
  g_assert_true (known == infos);
}

/* ---- signals ---- */

static void
signal_cb (RmiDynamicStub *stub,
           const char     *member,
           GVariant       *arguments,
           GPtrArray      *objects,
           GString        *log)
{
  g_autofree char *text = g_variant_print (arguments, FALSE);

  g_assert_cmpuint (objects->len, ==, 0);
  g_string_append_printf (log, "%s%s ", member, text);
}

static void
test_signals (World         *world,
              gconstpointer  data)
{
  Peer *peer = world_add_peer (world, NULL);
  g_autoptr(RmiDynamicStub) stub = get_party (world, peer);
  g_autoptr(RmiDynamicStub) made = call_for_object (stub, "Make");
  g_autoptr(GString) log = g_string_new (NULL);
  g_autoptr(GString) other = g_string_new (NULL);

  g_signal_connect (made, "rmi-signal::Ticked", G_CALLBACK (signal_cb), log);
  g_signal_connect (made, "rmi-signal", G_CALLBACK (signal_cb), log);
  g_signal_connect (made, "rmi-signal::Tocked", G_CALLBACK (signal_cb), other);
  g_signal_connect (stub, "rmi-signal", G_CALLBACK (signal_cb), other);
  g_ptr_array_unref (rmi_dynamic_stub_introspect (made, NULL, NULL));
  peer_settle (peer);
  assert_call (made, "Tick", "(uint32 2,)", NULL, "()");
  peer_settle (peer);
  g_assert_cmpstr (log->str, ==, "Ticked(1,) Ticked(1,) Ticked(2,) Ticked(2,) ");
  g_assert_cmpstr (other->str, ==, "");
}

static void
gap_cb (RmiStub *stub,
        guint   *n)
{
  (*n)++;
}

static void
test_signals_after_a_restart (World         *world,
                              gconstpointer  data)
{
  Peer *peer = world_add_peer (world, NULL);
  g_autoptr(RmiDynamicStub) stub = get_party (world, peer);
  g_autoptr(RmiDynamicStub) made = call_for_object (stub, "Make");
  g_autoptr(GString) log = g_string_new (NULL);
  g_autoptr(GError) error = NULL;
  guint n_gaps = 0;

  g_signal_connect (stub, "rmi-signal::Ticked", G_CALLBACK (signal_cb), log);
  g_signal_connect (stub, "rmi-gap", G_CALLBACK (gap_cb), &n_gaps);
  peer_kill (peer);
  TURN_UNTIL (rmi_connection_is_closed (rmi_stub_get_connection (RMI_STUB (stub))));
  /* The connection is dialled again by itself. */
  g_assert_null (rmi_dynamic_stub_call (made, "Echo", g_variant_new ("(s)", "?"), NULL, NULL, NULL, &error));
  peer_restart (peer);
  TURN_UNTIL (n_gaps == 1);
  assert_call (stub, "Tick", "(uint32 1,)", NULL, "()");
  TURN_UNTIL (g_str_has_suffix (log->str, "Ticked(1,) "));
  g_assert_true (rmi_stub_is_broken (RMI_STUB (made)));
  g_assert_cmpuint (n_gaps, ==, 1);
}

/* ---- properties ---- */

static void
changed_cb (RmiDynamicStub *stub,
            const char     *property,
            GString        *log)
{
  g_autoptr(GVariant) value = rmi_dynamic_stub_get_cached_value (stub, property, NULL);
  g_autofree char *text = g_variant_print (value, FALSE);

  g_string_append_printf (log, "%s=%s ", property, text);
}

static void
assert_set_fails (RmiDynamicStub *stub,
                  const char     *property,
                  GVariant       *value,
                  RmiError        code)
{
  g_autoptr(GError) error = NULL;

  g_assert_false (rmi_dynamic_stub_set_value (stub, property, value, NULL, NULL, &error));
  g_assert_error (error, RMI_ERROR, (int) code);
}

static void
test_properties (World         *world,
                 gconstpointer  data)
{
  Peer *peer = world_add_peer (world, NULL);
  g_autoptr(RmiDynamicStub) stub = get_party (world, peer);
  g_autoptr(GVariant) cached = rmi_dynamic_stub_get_cached_value (stub, "Level", NULL);
  g_autoptr(GVariant) asked = NULL;
  g_autoptr(GPtrArray) objects = NULL;
  g_autoptr(GString) log = g_string_new (NULL);
  g_autoptr(GError) error = NULL;

  g_assert_true (g_variant_is_of_type (cached, G_VARIANT_TYPE_INT32));
  g_assert_null (rmi_dynamic_stub_get_cached_value (stub, "Colour", &objects));
  g_assert_null (objects);

  g_signal_connect (stub, "rmi-value-changed::Level", G_CALLBACK (changed_cb), log);
  g_assert_true (rmi_dynamic_stub_set_value (stub, "Level", g_variant_new_int32 (-7), NULL, NULL, &error));
  g_assert_no_error (error);
  peer_settle (peer);
  g_assert_cmpstr (log->str, ==, "Level=-7 ");
  asked = rmi_dynamic_stub_get_value (stub, "org.rmi_glib.scenario.Party.Level", &objects, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (g_variant_get_int32 (asked), ==, -7);
  g_assert_cmpuint (objects->len, ==, 0);

  assert_set_fails (stub, "Level", g_variant_new_string ("high"), RMI_ERROR_INVALID_ARGUMENTS);
  assert_set_fails (stub, "Label", g_variant_new_string ("x"), RMI_ERROR_ACCESS_DENIED);
  assert_set_fails (stub, "Colour", g_variant_new_string ("x"), RMI_ERROR_NO_SUCH_METHOD);
  g_assert_null (rmi_dynamic_stub_get_value (stub, "Colour", NULL, NULL, &error));
  g_assert_error (error, RMI_ERROR, RMI_ERROR_NO_SUCH_METHOD);
}

static void
got_cb (GObject      *object,
        GAsyncResult *result,
        gpointer      user_data)
{
  World *world = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GVariant) value = rmi_dynamic_stub_get_value_finish (RMI_DYNAMIC_STUB (object), result, NULL, &error);

  g_assert_no_error (error);
  g_assert_true (g_variant_is_of_type (value, G_VARIANT_TYPE_STRING));
  world->n_done++;
}

static void
set_cb (GObject      *object,
        GAsyncResult *result,
        gpointer      user_data)
{
  World *world = user_data;
  g_autoptr(GError) error = NULL;

  g_assert_true (rmi_dynamic_stub_set_value_finish (RMI_DYNAMIC_STUB (object), result, &error));
  g_assert_no_error (error);
  world->n_done++;
}

static void
introspected_cb (GObject      *object,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  World *world = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) infos = rmi_dynamic_stub_introspect_finish (RMI_DYNAMIC_STUB (object), result, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (infos->len, ==, 1);
  world->n_done++;
}

static void
test_asynchronous_properties (World         *world,
                              gconstpointer  data)
{
  Peer *peer = world_add_peer (world, NULL);
  g_autoptr(RmiDynamicStub) stub = rmi_stub_as (RMI_STUB (peer->party), RMI_TYPE_DYNAMIC_STUB);

  rmi_dynamic_stub_introspect_async (stub, NULL, introspected_cb, world);
  rmi_dynamic_stub_get_value_async (stub, "Label", NULL, got_cb, world);
  rmi_dynamic_stub_set_value_async (stub, "Level", g_variant_new_int32 (3), NULL, NULL, set_cb, world);
  TURN_UNTIL (world->n_done == 3);
}

static void
found_cb (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  World *world = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GVariant) label = NULL;
  RmiDynamicStub *stub = rmi_node_get_object_finish (world->node, result, &error);

  g_assert_no_error (error);
  label = rmi_dynamic_stub_get_cached_value (stub, "Label", NULL);
  g_assert_nonnull (label);
  world->n_done++;
  g_object_unref (stub);
}

/* Both ask what the object can do, and one of them knows it before its own answer is there. */
static void
test_looked_up_twice_at_once (World         *world,
                              gconstpointer  data)
{
  Peer *peer = world_add_peer (world, NULL);

  for (guint i = 0; i < 3; i++)
    rmi_node_get_object_async (world->node, peer->party_uri, RMI_TYPE_DYNAMIC_STUB, NULL, found_cb, world);
  TURN_UNTIL (world->n_done == 3);
}

int
main (int   argc,
      char *argv[])
{
  world_init (&argc, &argv);
  ADD ("a-method-is-called-by-its-description", test_calls);
  ADD ("what-is-not-known-yet-is-asked-for", test_asynchronous);
  ADD ("objects-pass-both-ways", test_references);
  ADD ("an-object-lives-while-its-stub-does", test_lifetime);
  ADD ("handles-of-nothing-are-refused", test_handles);
  ADD ("objects-of-one-type-are-asked-once", test_introspected_once);
  ADD ("signals-are-heard-by-name", test_signals);
  ADD ("signals-are-heard-after-a-restart", test_signals_after_a_restart);
  ADD ("properties-are-got-set-and-told", test_properties);
  ADD ("properties-are-got-and-set-later", test_asynchronous_properties);
  ADD ("who-looks-up-twice-at-once-gets-all-values", test_looked_up_twice_at_once);
  return g_test_run ();
}
