/* tests/generated-fixture.c: an object in one node, a stub of it in another
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "config.h"
#include "tests/generated-fixture.h"

static gpointer
serve (gpointer data)
{
  Fixture *fixture = data;
  g_autoptr(RmiNode) node = NULL;
  g_autoptr(GError) error = NULL;
  char *uri;

  g_main_context_push_thread_default (fixture->context);
  node = rmi_node_new ();
  uri = rmi_node_listen (node, "rmi://127.0.0.1:0", NULL, &error);
  g_assert_no_error (error);
  g_assert_true (rmi_node_export (node, "/every", G_OBJECT (fixture->object), &error));
  g_assert_no_error (error);
  g_mutex_lock (&fixture->lock);
  fixture->uri = g_strconcat (uri, "/every", NULL);
  g_cond_signal (&fixture->is_up);
  g_mutex_unlock (&fixture->lock);
  g_main_loop_run (fixture->loop);
  rmi_node_close (node);
  g_free (uri);
  g_main_context_pop_thread_default (fixture->context);
  return NULL;
}

void
fixture_set_up (Fixture       *fixture,
                gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  g_mutex_init (&fixture->lock);
  g_cond_init (&fixture->is_up);
  fixture->context = g_main_context_new ();
  fixture->loop = g_main_loop_new (fixture->context, FALSE);
  fixture->object = every_new ();
  fixture->thread = g_thread_new ("server", serve, fixture);
  g_mutex_lock (&fixture->lock);
  while (fixture->uri == NULL)
    g_cond_wait (&fixture->is_up, &fixture->lock);
  g_mutex_unlock (&fixture->lock);
  fixture->node = rmi_node_new ();
  fixture->every = rmi_node_get_object (fixture->node, fixture->uri, TORTURE_TYPE_EVERY, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (TORTURE_IS_EVERY_STUB (fixture->every));
}

static gboolean
quit_cb (gpointer loop)
{
  g_main_loop_quit (loop);
  return G_SOURCE_REMOVE;
}

void
fixture_tear_down (Fixture       *fixture,
                   gconstpointer  data)
{
  g_clear_object (&fixture->every);
  rmi_node_close (fixture->node);
  g_clear_object (&fixture->node);
  g_main_context_invoke (fixture->context, quit_cb, fixture->loop);
  g_thread_join (fixture->thread);
  g_clear_object (&fixture->object);
  g_main_loop_unref (fixture->loop);
  g_main_context_unref (fixture->context);
  g_free (fixture->uri);
  g_mutex_clear (&fixture->lock);
  g_cond_clear (&fixture->is_up);
}
