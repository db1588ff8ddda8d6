/* tests/losses/test-leavers.c: subscribers that are gone before all is said
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "config.h"
#include "tests/losses/town.h"

#include <sys/socket.h>

#define TURN_UNTIL(condition) while (!(condition)) g_main_context_iteration (NULL, FALSE)

#define DESCRIPTION \
  "{\"name\":\"org.example.losses.Leaver\",\"methods\":[{\"name\":\"Stay\"}]," \
  "\"signals\":[{\"name\":\"Left\"}],\"properties\":[{\"name\":\"Level\",\"type\":\"i\",\"access\":\"read\"}]}"

/* Served by its class: who asks for its level is thrown out. */
typedef struct
{
  RmiDynamicSkeleton parent_instance;

  RmiConnection *visitor;
  guint          n_asked;
} Leaver;

typedef RmiDynamicSkeletonClass LeaverClass;

static GType leaver_get_type (void);

G_DEFINE_TYPE (Leaver, leaver, RMI_TYPE_DYNAMIC_SKELETON)

static void
leaver_call (RmiDynamicSkeleton *skeleton,
             const char         *method,
             GVariant           *arguments,
             GPtrArray          *objects,
             RmiInvocation      *invocation)
{
  Leaver *self = (Leaver *) skeleton;

  g_set_object (&self->visitor, rmi_invocation_get_connection (invocation));
  rmi_invocation_return_values (invocation, NULL, NULL);
}

static GVariant *
leaver_get_value (RmiDynamicSkeleton  *skeleton,
                  const char          *property,
                  GPtrArray          **objects)
{
  Leaver *self = (Leaver *) skeleton;

  self->n_asked++;
  if (self->visitor != NULL)
    rmi_connection_close (self->visitor);
  g_clear_object (&self->visitor);
  return g_variant_ref_sink (g_variant_new_int32 (3));
}

static void
leaver_class_init (LeaverClass *class)
{
  class->call = leaver_call;
  class->get_value = leaver_get_value;
}

static void
leaver_init (Leaver *self)
{
}

static Leaver *
leaver_new (Town       *town,
            const char *path)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(RmiInterfaceInfo) info = rmi_interface_info_new_for_json (DESCRIPTION, -1, &error);
  Leaver *self = g_object_new (leaver_get_type (), NULL);

  g_assert_no_error (error);
  rmi_dynamic_skeleton_add_interface ((RmiDynamicSkeleton *) self, info);
  rmi_node_export (town->node, path, G_OBJECT (self), &error);
  g_assert_no_error (error);
  return self;
}

static gboolean
is_hung_up (Listener *listener)
{
  char byte;

  return recv (listener->fd, &byte, 1, MSG_DONTWAIT) == 0;
}

/* The second path must be nobody's subscription: the connection that it would hang on has ended. */
static void
test_a_getter_that_closes (Town          *town,
                           gconstpointer  data)
{
  Leaver *first = leaver_new (town, "/leaver/first");
  Leaver *second = leaver_new (town, "/leaver/second");
  Listener listener, other;

  listener_dial (&listener, town, LISTENER_UNIX, 65536);
  listener_say (&listener, "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"/leaver/first#Stay\"}");
  listener_hears (&listener, "{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":null}");
  listener_say (&listener, "{\"jsonrpc\":\"2.0\",\"method\":\"rpc.subscribe\",\"params\":{\"paths\":[\"/leaver/first\",\"/leaver/second\"]}}");
  TURN_UNTIL (first->n_asked == 1);
  for (char byte; recv (listener.fd, &byte, 1, MSG_DONTWAIT) > 0;)
    ;
  TURN_UNTIL (is_hung_up (&listener));

  g_assert_cmpuint (second->n_asked, ==, 0);
  rmi_dynamic_skeleton_emit_signal ((RmiDynamicSkeleton *) second, "Left", NULL, NULL);
  listener_hang_up (&listener);

  /* Others are served as before. */
  listener_dial (&other, town, LISTENER_UNIX, 65536);
  listener_say (&other, "{\"jsonrpc\":\"2.0\",\"method\":\"rpc.subscribe\",\"params\":{\"paths\":[\"/leaver/second\"]}}");
  listener_hears (&other, "{\"jsonrpc\":\"2.0\",\"method\":\"/leaver/second!rpc.changed\",\"params\":[{\"Level\":3}]}");
  rmi_dynamic_skeleton_emit_signal ((RmiDynamicSkeleton *) second, "Left", NULL, NULL);
  listener_hears (&other, "{\"jsonrpc\":\"2.0\",\"method\":\"/leaver/second!Left\",\"params\":[]}");
  listener_hang_up (&other);

  g_object_unref (first);
  g_object_unref (second);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/rmi/leavers/who-is-thrown-out-by-a-getter-subscribes-to-nothing", Town, NULL, town_set_up, test_a_getter_that_closes,
              town_tear_down);
  return g_test_run ();
}
