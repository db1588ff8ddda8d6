/* fuzz/fuzz-client.c: a peer that was dialled answers anything to a program with stubs
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The first byte says how, as in fuzz-server.c; where it is said at once, a blocking call hears it. Ids of our requests: 1 rpc.hello,
 * 2 and 3 subscriptions of /caller and /every, then the calls below in their order.
 */
#include "config.h"
#include "fuzz/fuzz.h"
#include "fuzz/world.h"

#define N_CALLS 9

/* Each call ends once, in a result or in an error. */
typedef struct
{
  guint   n_ended;
  gpointer kept;               /* a stub that came in an answer */
} Client;

static void
ended (Client *client,
       GError *error)
{
  client->n_ended++;
  g_clear_error (&error);
}

static void
echoed_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  GError *error = NULL;
  g_autofree char *text = hostile_caller_echo_finish (HOSTILE_CALLER (object), result, &error);

  g_assert_true ((text != NULL) == (error == NULL));
  ended (user_data, error);
}

static void
kept_cb (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  Client *client = user_data;
  g_autoptr(HostileCaller) kept = NULL;
  GError *error = NULL;

  hostile_caller_kept_finish (HOSTILE_CALLER (object), result, &kept, &error);
  g_set_object (&client->kept, kept);
  ended (client, error);
}

static void
made_cb (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  GError *error = NULL;
  g_autoptr(HostileCaller) made = hostile_caller_make_finish (HOSTILE_CALLER (object), result, &error);

  g_assert_true ((made != NULL) == (error == NULL));
  ended (user_data, error);
}

static void
called_back_cb (GObject      *object,
                GAsyncResult *result,
                gpointer      user_data)
{
  GError *error = NULL;

  g_free (hostile_caller_call_back_finish (HOSTILE_CALLER (object), result, &error));
  ended (user_data, error);
}

static void
later_cb (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  GError *error = NULL;

  g_assert_null (hostile_caller_later_finish (HOSTILE_CALLER (object), result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  ended (user_data, error);
}

static void
got_lines_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  GError *error = NULL;
  g_autoptr(GPtrArray) lines = torture_every_lines_finish (TORTURE_EVERY (object), result, &error);

  g_assert_true ((lines != NULL) == (error == NULL));
  ended (user_data, error);
}

static void
got_json_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  GError *error = NULL;
  g_autoptr(JsonNode) node = rmi_stub_call_json_finish (RMI_STUB (object), result, &error);

  g_assert_true ((node != NULL) == (error == NULL));
  ended (user_data, error);
}

static void
got_property_cb (GObject      *object,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  GValue value = G_VALUE_INIT;
  GError *error = NULL;

  if (rmi_object_get_property_finish (object, result, &value, &error))
    g_value_unset (&value);
  ended (user_data, error);
}

static void
call (Client       *client,
      World        *world,
      gpointer      caller,
      TortureEvery *every)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GPtrArray) lines = g_ptr_array_new ();

  hostile_caller_echo_async (caller, "a", NULL, echoed_cb, client);
  hostile_caller_kept_async (caller, NULL, kept_cb, client);
  hostile_caller_make_async (caller, NULL, made_cb, client);
  hostile_caller_call_back_async (caller, HOSTILE_CALLER (world->caller), "b", NULL, called_back_cb, client);
  hostile_caller_later_async (caller, cancellable, later_cb, client);
  torture_every_lines_async (every, lines, NULL, got_lines_cb, client);
  rmi_stub_call_json_async (RMI_STUB (every), "Json", NULL, NULL, got_json_cb, client);
  rmi_object_get_property_async (caller, "level", NULL, got_property_cb, client);
  hostile_caller_echo_async (caller, "c", NULL, echoed_cb, client);
  g_cancellable_cancel (cancellable);
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  guint8 mode = fuzz_take_byte (&data, &size);
  g_autoptr(GObject) caller = NULL;
  g_autoptr(GObject) every = NULL;
  g_autofree char *text = NULL;
  Client client = { 0 };
  World world;

  world_init (&world);
  world_dial (&world);
  caller = rmi_stub_importer_get_stub (world.importer, world.connection, "/caller", HOSTILE_TYPE_CALLER, NULL);
  every = rmi_stub_importer_get_stub (world.importer, world.connection, "/every", TORTURE_TYPE_EVERY, NULL);
  call (&client, &world, caller, TORTURE_EVERY (every));
  world_settle (&world);
  world.caller->may_block = world_is_said_at_once (mode);
  world_say (&world, mode, (const char *) data, size);
  if (world_is_said_at_once (mode))
    text = hostile_caller_echo (HOSTILE_CALLER (caller), "d", NULL, NULL);
  world_settle (&world);
  g_clear_object (&caller);
  g_clear_object (&every);
  g_clear_object (&client.kept);
  world_clear (&world);
  g_assert_cmpuint (client.n_ended, ==, N_CALLS);
  return 0;
}
