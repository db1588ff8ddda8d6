/* tests/gi/test-gi.c: objects of another program that are served by their typelibs
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "config.h"
#include "gi/rmi-gi.h"
#include "tests/gi/sampler.h"
#include "tests/scenarios-world.h"

#include <girepository.h>

#undef ADD
#define ADD(name, func) \
  G_STMT_START \
  { \
    g_test_add ("/rmi/gi/unix/" name, World, "unix", world_set_up, func, world_tear_down); \
    g_test_add ("/rmi/gi/tcp/" name, World, "tcp", world_set_up, func, world_tear_down); \
  } G_STMT_END

static RmiDynamicStub *
get (World      *world,
     const char *path)
{
  Peer *peer = world->peers->len > 0 ? world->peers->pdata[0] : world_spawn (world, NULL, NULL);
  g_autofree char *uri = g_strconcat (peer->uri, path, NULL);
  g_autoptr(GError) error = NULL;
  RmiDynamicStub *stub = rmi_node_get_object (world->node, uri, RMI_TYPE_DYNAMIC_STUB, NULL, &error);

  g_assert_no_error (error);
  return stub;
}

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
  return g_variant_print (result, TRUE);
}

static void
assert_call (RmiDynamicStub *stub,
             const char     *method,
             const char     *arguments,
             const char     *expected)
{
  g_autofree char *result = call (stub, method, arguments, NULL, NULL);

  g_assert_cmpstr (result, ==, expected);
}

static void
assert_fails (RmiDynamicStub *stub,
              const char     *method,
              GVariant       *arguments,
              GPtrArray      *objects,
              RmiError        code)
{
  g_autoptr(GError) error = NULL;

  g_assert_null (rmi_dynamic_stub_call (stub, method, arguments, objects, NULL, NULL, &error));
  g_assert_error (error, RMI_ERROR, (int) code);
}

/* Turns the loop until all that was sent has arrived. */
static void
settle (RmiDynamicStub *stub)
{
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(JsonNode) pong = rmi_stub_call_json (RMI_STUB (stub), "rpc.get_all", NULL, NULL, &error);

      g_assert_no_error (error);
      while (g_main_context_iteration (NULL, FALSE))
        ;
    }
}

static GVariant *
handle_tuple (int handle)
{
  GVariant *value = g_variant_new_handle (handle);

  return g_variant_new_tuple (&value, 1);
}

/* ---- arguments ---- */

static void
test_arguments (World         *world,
                gconstpointer  data)
{
  g_autoptr(RmiDynamicStub) stub = get (world, "/sampler");

  assert_call (stub, "Numbers",
               "(true, int16 -5, byte 200, int16 -300, uint16 60000, -70000, uint32 4000000000, int64 -5000000000,"
               " uint64 18000000000000000000, 0.5, 0.25, uint32 228)",
               "('1 -5 200 -300 60000 -70000 4000000000 -5000000000 18000000000000000000 0.5 0.25 \xc3\xa4',)");
  assert_call (stub, "Split", "(7,)", "(3, uint32 1, @ms '7')");
  assert_call (stub, "Split", "(0,)", "(0, uint32 0, @ms nothing)");
  assert_call (stub, "Borrow", "()", "('borrowed',)");
  assert_call (stub, "Upper", "(@ms 'gr\xc3\xbc\xc3\x9f',)", "(@ms 'GR\xc3\x9cSS',)");
  assert_call (stub, "Upper", "(@ms nothing,)", "(@ms nothing,)");
  assert_call (stub, "Take", "('for good',)", "('for good',)");
  assert_call (stub, "Reverse", "(['a', 'b', 'c'],)", "(['c', 'b', 'a'],)");
  assert_call (stub, "Reverse", "(@as [],)", "(@as [],)");
  assert_call (stub, "Names", "()", "(['one', 'other'],)");
  assert_call (stub, "Twice", "(@ay [1, 2],)", "([byte 0x01, 0x02, 0x01, 0x02],)");
  assert_call (stub, "Thrice", "(@ay [7],)", "([byte 0x07, 0x07, 0x07],)");
  assert_call (stub, "Tail", "(@ay [1, 2, 3],)", "([byte 0x02, 0x03],)");
  assert_call (stub, "Tail", "(@ay [],)", "(@ay [],)");
  assert_call (stub, "OtherMood", "('good-enough',)", "('bad',)");
  assert_call (stub, "Turn", "(['left'],)", "(['right'],)");
  assert_call (stub, "Turn", "(@as [],)", "(['left', 'right'],)");
  assert_call (stub, "Box", "(<5>,)", "(<(<5>,)>,)");
  assert_call (stub, "HasBeenAsked", "()", "(true,)");
}

static void
test_bad_arguments (World         *world,
                    gconstpointer  data)
{
  g_autoptr(RmiDynamicStub) stub = get (world, "/sampler");
  g_autoptr(JsonNode) too_many = json_from_string ("[5]", NULL);
  g_autoptr(GError) error = NULL;

  assert_fails (stub, "Split", g_variant_new ("(s)", "x"), NULL, RMI_ERROR_INVALID_ARGUMENTS);
  assert_fails (stub, "Split", NULL, NULL, RMI_ERROR_INVALID_ARGUMENTS);
  assert_fails (stub, "OtherMood", g_variant_new ("(s)", "worst"), NULL, RMI_ERROR_INVALID_ARGUMENTS);
  assert_fails (stub, "Numbers",
                g_variant_new_parsed ("(true, int16 200, byte 0, int16 0, uint16 0, 0, uint32 0, int64 0, uint64 0, 0.0, 0.0, uint32 65)"),
                NULL, RMI_ERROR_INVALID_ARGUMENTS);
  assert_fails (stub, "Numbers",
                g_variant_new_parsed ("(true, int16 0, byte 0, int16 0, uint16 0, 0, uint32 0, int64 0, uint64 0, 0.0, 0.0, uint32 55296)"),
                NULL, RMI_ERROR_INVALID_ARGUMENTS);
  assert_fails (stub, "Fail", g_variant_new ("(s)", "on purpose"), NULL, RMI_ERROR_REMOTE);
  assert_fails (stub, "BadText", NULL, NULL, RMI_ERROR_REMOTE);
  assert_fails (stub, "Grow", g_variant_new ("(i)", 1), NULL, RMI_ERROR_NO_SUCH_METHOD);
  assert_fails (stub, "Ref", NULL, NULL, RMI_ERROR_NO_SUCH_METHOD);
  assert_fails (stub, "RunDispose", NULL, NULL, RMI_ERROR_NO_SUCH_METHOD);
  g_assert_null (rmi_stub_call_json (RMI_STUB (stub), "Borrow", too_many, NULL, &error));
  g_assert_error (error, RMI_ERROR, RMI_ERROR_INVALID_ARGUMENTS);
  assert_call (stub, "Borrow", "()", "('borrowed',)");
}

/* ---- objects ---- */

static void
test_objects (World         *world,
              gconstpointer  data)
{
  g_autoptr(RmiDynamicStub) stub = get (world, "/sampler");
  g_autoptr(GPtrArray) forks = NULL;
  g_autoptr(GPtrArray) same = NULL;
  g_autoptr(GPtrArray) ours = g_ptr_array_new ();
  g_autofree char *result = call (stub, "Fork", "()", NULL, &forks);
  g_autofree char *again = NULL;
  g_autofree char *is_one = NULL;

  g_assert_cmpstr (result, ==, "(handle 0,)");
  assert_call (forks->pdata[0], "Borrow", "()", "('borrowed',)");
  again = call (stub, "Same", "(@mh 0,)", forks, &same);
  g_assert_true (same->pdata[0] == forks->pdata[0]);
  is_one = call (stub, "IsSampler", "(handle 0,)", forks, NULL);
  g_assert_cmpstr (is_one, ==, "(true,)");

  /* one of ours is an object to them, but no sampler */
  g_ptr_array_add (ours, world->guest);
  g_clear_pointer (&same, g_ptr_array_unref);
  g_free (again);
  again = call (stub, "Same", "(@mh 0,)", ours, &same);
  g_assert_true (same->pdata[0] == world->guest);
  assert_fails (stub, "IsSampler", handle_tuple (0), ours, RMI_ERROR_INVALID_ARGUMENTS);
  assert_call (stub, "Same", "(@mh nothing,)", "(@mh nothing,)");
}

static void
moved_cb (RmiDynamicStub *stub,
          const char     *member,
          GVariant       *arguments,
          GPtrArray      *objects,
          GString        *log)
{
  g_autofree char *text = g_variant_print (arguments, FALSE);

  g_string_append_printf (log, "%s%s%u ", member, text, objects->len);
}

static void
told_cb (RmiDynamicStub *stub,
         const char     *property,
         GString        *log)
{
  g_autoptr(GVariant) value = rmi_dynamic_stub_get_cached_value (stub, property, NULL);
  g_autofree char *text = g_variant_print (value, FALSE);

  g_string_append_printf (log, "%s=%s ", property, text);
}

static void
test_members (World         *world,
              gconstpointer  data)
{
  g_autoptr(RmiDynamicStub) stub = get (world, "/sampler");
  g_autoptr(GPtrArray) forks = NULL;
  g_autofree char *fork = call (stub, "Fork", "()", NULL, &forks);
  g_autoptr(GString) log = g_string_new (NULL);
  g_autoptr(GError) error = NULL;

  g_signal_connect (stub, "rmi-signal::MovedOn", G_CALLBACK (moved_cb), log);
  g_signal_connect (stub, "rmi-value-changed", G_CALLBACK (told_cb), log);
  g_assert_true (rmi_dynamic_stub_set_value (stub, "Level", g_variant_new_int32 (5), NULL, NULL, &error));
  g_assert_true (rmi_dynamic_stub_set_value (stub, "Label", g_variant_new_maybe (NULL, g_variant_new_string ("x")), NULL, NULL, &error));
  g_assert_true (rmi_dynamic_stub_set_value (stub, "Mood", g_variant_new_string ("bad"), NULL, NULL, &error));
  g_assert_true (rmi_dynamic_stub_set_value (stub, "Next", g_variant_new_maybe (NULL, g_variant_new_handle (0)), forks, NULL, &error));
  g_assert_no_error (error);
  g_assert_true (rmi_dynamic_stub_set_value (stub, "Level", g_variant_new_int32 (6), NULL, NULL, &error));
  settle (stub);
  g_assert_cmpstr (log->str, ==, "MovedOn(5, nothing)0 Level=5 Label='x' Mood='bad' Next=0 MovedOn(6, 0)1 Level=6 ");
  g_assert_false (rmi_dynamic_stub_set_value (stub, "Level", g_variant_new_int32 (101), NULL, NULL, &error));
  g_assert_error (error, RMI_ERROR, RMI_ERROR_INVALID_ARGUMENTS);
}

/* ---- GLib's own ---- */

static void
test_list_store (World         *world,
                 gconstpointer  data)
{
  g_autoptr(RmiDynamicStub) store = get (world, "/store");
  g_autoptr(RmiDynamicStub) sampler = get (world, "/sampler");
  g_autoptr(GPtrArray) objects = g_ptr_array_new ();
  g_autoptr(GPtrArray) items = NULL;
  g_autoptr(GString) log = g_string_new (NULL);
  g_autofree char *result = NULL;

  g_signal_connect (store, "rmi-signal::ItemsChanged", G_CALLBACK (moved_cb), log);
  g_ptr_array_add (objects, world->guest);
  g_ptr_array_add (objects, sampler);
  g_free (call (store, "Append", "(handle 0,)", objects, NULL));
  g_free (call (store, "Append", "(handle 1,)", objects, NULL));
  assert_call (store, "GetNItems", "()", "(uint32 2,)");
  result = call (store, "GetItem", "(uint32 0,)", NULL, &items);
  g_assert_cmpstr (result, ==, "(@mh 0,)");
  g_assert_true (items->pdata[0] == world->guest);
  g_clear_pointer (&items, g_ptr_array_unref);
  g_free (result);
  result = call (store, "GetItem", "(uint32 1,)", NULL, &items);
  g_assert_true (items->pdata[0] == sampler);
  assert_call (items->pdata[0], "Borrow", "()", "('borrowed',)");
  assert_call (store, "GetItem", "(uint32 9,)", "(@mh nothing,)");
  assert_call (store, "GetItemType", "()", "('GObject',)");
  assert_call (store, "RemoveAll", "()", "()");
  settle (store);
  g_assert_cmpstr (log->str, ==, "ItemsChanged(0, 0, 1)0 ItemsChanged(1, 0, 1)0 ItemsChanged(0, 2, 0)0 ");
}

static void
test_action_group (World         *world,
                   gconstpointer  data)
{
  g_autoptr(RmiDynamicStub) group = get (world, "/group");
  g_autoptr(GString) log = g_string_new (NULL);

  g_signal_connect (group, "rmi-signal", G_CALLBACK (moved_cb), log);
  assert_call (group, "ListActions", "()", "(['mute'],)");
  assert_call (group, "HasAction", "('mute',)", "(true,)");
  assert_call (group, "GetActionState", "('mute',)", "(@mv <false>,)");
  assert_call (group, "ActivateAction", "('mute', @mv nothing)", "()");
  assert_call (group, "GetActionState", "('mute',)", "(@mv <true>,)");
  assert_call (group, "ChangeActionState", "('mute', <false>)", "()");
  settle (group);
  g_assert_cmpstr (log->str, ==, "ActionStateChanged('mute', <true>)0 ActionStateChanged('mute', <false>)0 ");
}

/* ---- what is left out ---- */

static void
test_left_out (void)
{
  g_auto(GStrv) lines = NULL;
  g_auto(GStrv) none = NULL;
  g_autoptr(GError) error = NULL;

  g_irepository_require (NULL, "Sampler", "1.0", 0, &error);
  g_assert_no_error (error);
  lines = rmi_gi_list_left_out (SAMPLER_TYPE_SAMPLER, &error);
  g_assert_no_error (error);
  g_assert_true (g_strv_contains ((const char *const *) lines, "each: func is a callback"));
  g_assert_true (g_strv_contains ((const char *const *) lines, "list: list is a list, a table or a GError"));
  g_assert_true (g_strv_contains ((const char *const *) lines, "make: type is a type, which peers may not name"));
  g_assert_true (g_strv_contains ((const char *const *) lines, "grow: number is both in and out"));
  g_assert_cmpuint (g_strv_length (lines), ==, 4);

  none = rmi_gi_list_left_out (GUEST_TYPE, &error);
  g_assert_null (none);
  g_assert_error (error, RMI_ERROR, RMI_ERROR_NOT_SUPPORTED);
}

int
main (int   argc,
      char *argv[])
{
  world_init (&argc, &argv);
  ADD ("arguments-of-every-kind-pass", test_arguments);
  ADD ("bad-arguments-are-refused", test_bad_arguments);
  ADD ("objects-pass-both-ways", test_objects);
  ADD ("signals-and-properties-arrive", test_members);
  ADD ("a-list-store-is-served", test_list_store);
  ADD ("a-group-of-actions-is-served", test_action_group);
  g_test_add_func ("/rmi/gi/what-is-left-out-is-listed", test_left_out);
  return g_test_run ();
}
