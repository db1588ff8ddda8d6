/* tests/workers/visitors.c: workers under test, and clients of theirs
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "config.h"
#include "visitors.h"

#include <signal.h>
#include <unistd.h>

#define WATCHDOG_S 120

/* GLib has threads of its own. */
guint
count_workers (void)
{
  g_autoptr(GDir) tasks = g_dir_open ("/proc/self/task", 0, NULL);
  const char *id;
  guint n_workers = 0;

  while ((id = g_dir_read_name (tasks)) != NULL)
    {
      g_autofree char *path = g_build_filename ("/proc/self/task", id, "comm", NULL);
      g_autofree char *name = NULL;

      n_workers += g_file_get_contents (path, &name, NULL, NULL) && g_str_has_prefix (name, "rmi-");
    }
  return n_workers;
}

static void
start (Fixture *fixture,
       guint    n_workers)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *endpoint = NULL;

  fixture->workers = rmi_workers_new (n_workers);
  endpoint = rmi_workers_listen (fixture->workers, "rmi://127.0.0.1:0", NULL, &error);
  g_assert_no_error (error);
  fixture->clerk = clerk_new ();
  g_assert_true (rmi_workers_export (fixture->workers, PATH, G_OBJECT (fixture->clerk), &error));
  g_assert_no_error (error);
  fixture->uri = g_strconcat (endpoint, PATH, NULL);
}

void
fixture_set_up (Fixture       *fixture,
                gconstpointer  data)
{
  alarm (WATCHDOG_S);
  start (fixture, GPOINTER_TO_UINT (data));
}

void
fixture_tear_down (Fixture       *fixture,
                   gconstpointer  data)
{
  if (fixture->workers != NULL)
    {
      clerk_set_workers (fixture->clerk, NULL);
      rmi_workers_close (fixture->workers);
      g_assert_finalize_object (fixture->workers);
    }
  WATCH_UNTIL (count_workers () == 0);
  g_assert_finalize_object (fixture->clerk);
  g_assert_cmpuint (clerk_count (), ==, 0);
  g_free (fixture->uri);
  alarm (0);
}

/* ---- clients ---- */

static void
rang_cb (OfficeDesk *desk,
         guint       number,
         Client     *client)
{
  client->number = number;
}

Client *
client_try (Fixture *fixture)
{
  Client *self = g_new0 (Client, 1);
  g_autoptr(GError) error = NULL;
  guint n_calls;

  self->node = rmi_node_new ();
  self->self = clerk_new ();
  self->desk = rmi_node_get_object (self->node, fixture->uri, OFFICE_TYPE_DESK, NULL, &error);
  if (self->desk != NULL && office_desk_who (self->desk, &self->thread, &n_calls, NULL, &error))
    g_signal_connect (self->desk, "rang", G_CALLBACK (rang_cb), self);
  return self;
}

void
client_free (Client *self)
{
  rmi_node_close (self->node);
  g_clear_object (&self->desk);
  g_object_unref (self->node);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_finalize_object (self->self);
  g_clear_error (&self->error);
  g_free (self->thread);
  g_free (self);
}

Client *
client_new (Fixture *fixture)
{
  Client *self = client_try (fixture);

  g_assert_nonnull (self->thread);
  return self;
}

GPtrArray *
make_clients (Fixture *fixture,
              guint    n_clients)
{
  GPtrArray *clients = g_ptr_array_new_with_free_func ((GDestroyNotify) client_free);

  while (clients->len < n_clients)
    g_ptr_array_add (clients, client_new (fixture));
  return clients;
}

/* ---- the watchdog ---- */

static void
bite_cb (int number)
{
  static const char text[] = "Bail out! the watchdog: this test hangs\n";

  if (write (STDOUT_FILENO, text, sizeof text - 1) < 0)
    _exit (2);
  abort ();
}

void
visitors_init (int    *argc,
               char ***argv)
{
  signal (SIGALRM, bite_cb);
  g_test_init (argc, argv, NULL);
}
