/* tests/test-reentry.c: implementations that pull the rug from under the call they serve
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "config.h"

#include <rmi-glib/rmi-glib.h>

#include "scenarios.h"

typedef struct
{
  GMainContext *context;
  GMainLoop    *loop;
  GThread      *thread;
  GMutex        lock;
  GCond         is_up;
  char         *uri;
  RmiNode      *server;         /* the server thread's */
  RmiNode      *node;
  ScenarioParty *party;
} Fixture;

/* ---- the implementation: does what it is told in the middle of a call ---- */

G_DECLARE_FINAL_TYPE (Rug, rug, TEST, RUG, GObject)

struct _Rug
{
  GObject  parent_instance;
  Fixture *fixture;
};

static gboolean
quit_cb (gpointer loop)
{
  g_main_loop_quit (loop);
  return G_SOURCE_REMOVE;
}

static char *
rug_echo (ScenarioParty  *party,
          const char     *text,
          GCancellable   *cancellable,
          GError        **error)
{
  Fixture *fixture = TEST_RUG (party)->fixture;

  if (g_str_equal (text, "unexport"))
    g_assert_true (rmi_node_unexport (fixture->server, "/rug"));
  else if (g_str_equal (text, "close"))
    rmi_node_close (fixture->server);
  else if (g_str_equal (text, "drop"))
    g_clear_object (&fixture->server);
  return g_strdup (text);
}

static void
rug_implement (ScenarioPartyInterface *iface)
{
  iface->echo = rug_echo;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (Rug, rug, G_TYPE_OBJECT, G_IMPLEMENT_INTERFACE (SCENARIO_TYPE_PARTY, rug_implement))

enum
{
  PROP_LEVEL = 1,
  PROP_LABEL,
};

static void
rug_get_property (GObject    *object,
                  guint       property_id,
                  GValue     *value,
                  GParamSpec *pspec)
{
}

static void
rug_set_property (GObject      *object,
                  guint         property_id,
                  const GValue *value,
                  GParamSpec   *pspec)
{
}

static void
rug_class_init (RugClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = rug_get_property;
  object_class->set_property = rug_set_property;
  g_object_class_override_property (object_class, PROP_LEVEL, "level");
  g_object_class_override_property (object_class, PROP_LABEL, "label");
}

static void
rug_init (Rug *self)
{
}

/* ---- a server in a thread, a client here ---- */

static gpointer
serve (gpointer data)
{
  Fixture *fixture = data;
  g_autoptr(Rug) rug = g_object_new (rug_get_type (), NULL);
  g_autofree char *uri = NULL;

  rug->fixture = fixture;
  g_main_context_push_thread_default (fixture->context);
  fixture->server = rmi_node_new ();
  uri = rmi_node_listen (fixture->server, "rmi://127.0.0.1:0", NULL, NULL);
  g_assert_true (rmi_node_export (fixture->server, "/rug", G_OBJECT (rug), NULL));
  g_mutex_lock (&fixture->lock);
  fixture->uri = g_strconcat (uri, "/rug", NULL);
  g_cond_signal (&fixture->is_up);
  g_mutex_unlock (&fixture->lock);
  g_main_loop_run (fixture->loop);
  g_clear_object (&fixture->server);
  g_main_context_pop_thread_default (fixture->context);
  g_assert_finalize_object (g_steal_pointer (&rug));
  return NULL;
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  g_mutex_init (&fixture->lock);
  g_cond_init (&fixture->is_up);
  fixture->context = g_main_context_new ();
  fixture->loop = g_main_loop_new (fixture->context, FALSE);
  fixture->thread = g_thread_new ("server", serve, fixture);
  g_mutex_lock (&fixture->lock);
  while (fixture->uri == NULL)
    g_cond_wait (&fixture->is_up, &fixture->lock);
  g_mutex_unlock (&fixture->lock);
  fixture->node = rmi_node_new ();
  fixture->party = rmi_node_get_object (fixture->node, fixture->uri, SCENARIO_TYPE_PARTY, NULL, &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  g_main_context_invoke (fixture->context, quit_cb, fixture->loop);
  g_thread_join (fixture->thread);
  g_clear_object (&fixture->party);
  g_assert_finalize_object (fixture->node);
  g_main_loop_unref (fixture->loop);
  g_main_context_unref (fixture->context);
  g_free (fixture->uri);
  g_cond_clear (&fixture->is_up);
  g_mutex_clear (&fixture->lock);
}

static void
test_unexport (Fixture       *fixture,
               gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *text = scenario_party_echo (fixture->party, "unexport", NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (text, ==, "unexport");
  g_assert_null (scenario_party_echo (fixture->party, "again", NULL, &error));
  g_assert_error (error, RMI_ERROR, RMI_ERROR_NO_SUCH_OBJECT);
}

/* The answer is lost, the caller is told, and a later call finds nobody. */
static void
test_end_of_node (Fixture       *fixture,
                  gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  g_assert_null (scenario_party_echo (fixture->party, data, NULL, &error));
  g_assert_nonnull (error);
  g_assert_true (error->domain == RMI_ERROR);
  g_clear_error (&error);
  g_assert_null (scenario_party_echo (fixture->party, "again", NULL, &error));
  g_assert_error (error, RMI_ERROR, RMI_ERROR_UNREACHABLE);
}

/* Our own node goes while the answer is on its way. */
static void
closed_meanwhile_cb (GObject      *object,
                     GAsyncResult *result,
                     gpointer      user_data)
{
  gboolean *is_done = user_data;
  g_autofree char *text = scenario_party_echo_finish (SCENARIO_PARTY (object), result, NULL);

  g_assert_null (text);
  *is_done = TRUE;
}

static void
test_own_end (Fixture       *fixture,
              gconstpointer  data)
{
  gboolean is_done = FALSE;
  g_autoptr(GError) error = NULL;

  scenario_party_echo_async (fixture->party, "text", NULL, closed_meanwhile_cb, &is_done);
  rmi_node_close (fixture->node);
  while (!is_done)
    g_main_context_iteration (NULL, TRUE);
  g_assert_null (scenario_party_echo (fixture->party, "again", NULL, &error));
  g_assert_error (error, RMI_ERROR, RMI_ERROR_UNREACHABLE);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/rmi/reentry/an-object-unexports-itself-and-still-answers", Fixture, NULL, set_up, test_unexport, tear_down);
  g_test_add ("/rmi/reentry/a-handler-closes-its-node", Fixture, "close", set_up, test_end_of_node, tear_down);
  g_test_add ("/rmi/reentry/a-handler-drops-its-node", Fixture, "drop", set_up, test_end_of_node, tear_down);
  g_test_add ("/rmi/reentry/a-node-closes-before-the-answer", Fixture, NULL, set_up, test_own_end, tear_down);
  return g_test_run ();
}
