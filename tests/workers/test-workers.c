/* tests/workers/test-workers.c: one address, several threads
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The clients are nodes of this program's main thread, each with a connection of its own, and programs: this one again, as
 * `test-workers client URI`. Nothing here sleeps to order things; the watchdog ends what hangs.
 */
#include "config.h"

#include <signal.h>
#include <unistd.h>

#include "visitors.h"

static const char *program;

/* ---- who serves whom ---- */

/* thread → number of clients */
static GHashTable *
count_by_thread (GPtrArray *clients)
{
  GHashTable *counts = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < clients->len; i++)
    {
      Client *client = clients->pdata[i];
      guint count = GPOINTER_TO_UINT (g_hash_table_lookup (counts, client->thread));

      g_hash_table_insert (counts, client->thread, GUINT_TO_POINTER (count + 1));
    }
  return counts;
}

static void
done_cb (GObject      *desk,
         GAsyncResult *result,
         gpointer      user_data)
{
  Client *client = user_data;

  client->n_done++;
  g_clear_error (&client->error);
  office_desk_meet_finish (OFFICE_DESK (desk), result, &client->error);
}

static void
assert_served (Client *client)
{
  g_autofree char *thread = NULL;
  g_autoptr(GError) error = NULL;
  guint n_calls;

  office_desk_who (client->desk, &thread, &n_calls, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (thread, ==, client->thread);
}

static void
test_spread (Fixture       *fixture,
             gconstpointer  data)
{
  g_autoptr(GPtrArray) clients = make_clients (fixture, 9);
  g_autoptr(GHashTable) counts = count_by_thread (clients);
  g_autofree char *mine = clerk_name_thread ();
  g_autofree char *left = NULL;
  GHashTableIter iter;
  gpointer count;

  g_assert_cmpuint (rmi_workers_get_n_workers (fixture->workers), ==, 3);
  g_assert_cmpuint (g_hash_table_size (counts), ==, 3);
  g_assert_false (g_hash_table_contains (counts, mine));
  g_hash_table_iter_init (&iter, counts);
  while (g_hash_table_iter_next (&iter, NULL, &count))
    g_assert_cmpuint (GPOINTER_TO_UINT (count), ==, 3);

  /* Where somebody leaves, the next one goes. */
  left = g_strdup (((Client *) clients->pdata[4])->thread);
  g_ptr_array_remove_index (clients, 4);
  for (gboolean is_there = FALSE; !is_there;)
    {
      g_autoptr(Client) next = client_new (fixture);

      is_there = g_str_equal (next->thread, left);
    }
}

static void
test_default_number (Fixture       *fixture,
                     gconstpointer  data)
{
  g_assert_cmpuint (rmi_workers_get_n_workers (fixture->workers), ==, g_get_num_processors ());
}

static void
test_at_once (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr(GPtrArray) clients = make_clients (fixture, 2);

  clerk_set_meeting (fixture->clerk, 2);
  for (guint i = 0; i < clients->len; i++)
    office_desk_meet_async (((Client *) clients->pdata[i])->desk, NULL, done_cb, clients->pdata[i]);
  for (guint i = 0; i < clients->len; i++)
    {
      Client *client = clients->pdata[i];

      TURN_UNTIL (client->n_done == 1);
      g_assert_no_error (client->error);
    }
}

/* While all workers are in methods, the one that is too many is told so. */
static void
test_busy (Fixture       *fixture,
           gconstpointer  data)
{
  g_autoptr(GPtrArray) clients = make_clients (fixture, 2);
  g_autoptr(Client) third = NULL;

  g_object_set (fixture->workers, "limit-connections", (guint64) 2, NULL);
  clerk_set_meeting (fixture->clerk, 3);
  for (guint i = 0; i < clients->len; i++)
    office_desk_meet_async (((Client *) clients->pdata[i])->desk, NULL, done_cb, clients->pdata[i]);
  WATCH_UNTIL (clerk_get_meeting (fixture->clerk) == 2);
  third = client_try (fixture);
  g_assert_null (third->thread);

  office_desk_meet (OFFICE_DESK (fixture->clerk), NULL, NULL);
  for (guint i = 0; i < clients->len; i++)
    TURN_UNTIL (((Client *) clients->pdata[i])->n_done == 1);
}

static void
test_kill (Fixture       *fixture,
           gconstpointer  data)
{
  const char *argv[] = { program, "client", fixture->uri, NULL };
  g_autoptr(GPtrArray) clients = make_clients (fixture, 3);

  g_object_set (fixture->workers, "limit-connections", (guint64) 4, NULL);
  for (guint i = 0; i < 4; i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(GSubprocess) other = NULL;
      g_autoptr(Client) next = NULL;
      char byte;

      other = g_subprocess_newv (argv, G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error);
      g_assert_no_error (error);
      g_assert_cmpint (g_input_stream_read (g_subprocess_get_stdout_pipe (other), &byte, 1, NULL, &error), ==, 1);
      next = client_try (fixture);
      g_assert_null (next->thread);

      g_subprocess_send_signal (other, SIGKILL);
      g_subprocess_wait (other, NULL, NULL);
      for (guint j = 0; j < clients->len; j++)
        assert_served (clients->pdata[j]);
      while (next->thread == NULL)
        {
          client_free (next);
          next = client_try (fixture);
        }
    }
}

G_NORETURN static void
run_client (const char *uri)
{
  g_autoptr(RmiNode) node = rmi_node_new ();
  g_autoptr(GError) error = NULL;
  g_autoptr(OfficeDesk) desk = rmi_node_get_object (node, uri, OFFICE_TYPE_DESK, NULL, &error);

  g_assert_no_error (error);
  office_desk_wait_async (desk, NULL, NULL, NULL);
  rmi_node_flush (node);
  g_assert_cmpint (write (STDOUT_FILENO, "x", 1), ==, 1);
  for (;;)
    g_main_context_iteration (NULL, TRUE);
}

static void
test_limits (Fixture       *fixture,
             gconstpointer  data)
{
  guint64 limit;

  g_object_set (fixture->workers, "limit-connections-per-host", (guint64) 3, NULL);
  g_object_get (fixture->workers, "limit-connections-per-host", &limit, NULL);
  g_assert_cmpuint (limit, ==, 3);
  {
    g_autoptr(GPtrArray) clients = make_clients (fixture, 3);
    g_autoptr(Client) fourth = client_try (fixture);

    g_assert_null (fourth->thread);
    for (guint i = 0; i < clients->len; i++)
      assert_served (clients->pdata[i]);
  }
  for (gboolean is_in = FALSE; !is_in;)
    {
      g_autoptr(Client) next = client_try (fixture);

      is_in = next->thread != NULL;
    }
}

/* ---- what they serve ---- */

static GObject *
make_clerk (RmiNode   *node,
            gpointer   user_data,
            GError   **error)
{
  GHashTable *made = user_data;
  Clerk *clerk = clerk_new ();

  g_assert_true (rmi_node_get_id (node) != NULL);
  g_hash_table_insert (made, clerk_name_thread (), clerk);
  return G_OBJECT (clerk);
}

static void
test_factory (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr(GHashTable) made = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr(GHashTable) calls = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr(GError) error = NULL;

  rmi_workers_unexport (fixture->workers, PATH);
  g_assert_true (rmi_workers_export_with_factory (fixture->workers, PATH, make_clerk, made, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (g_hash_table_size (made), ==, 2);
  {
    g_autoptr(GPtrArray) clients = make_clients (fixture, 6);

    for (guint i = 0; i < clients->len; i++)
      {
        Client *client = clients->pdata[i];
        g_autofree char *thread = NULL;
        guint count = 0;

        g_assert_true (g_hash_table_contains (made, client->thread));
        office_desk_who (client->desk, &thread, &count, NULL, &error);
        g_assert_no_error (error);
        g_hash_table_insert (calls, client->thread, GUINT_TO_POINTER (count));
      }
    /* Each of three clients of a worker called twice. */
    g_assert_cmpuint (g_hash_table_size (calls), ==, 2);
    for (guint i = 0; i < clients->len; i++)
      g_assert_cmpuint (GPOINTER_TO_UINT (g_hash_table_lookup (calls, ((Client *) clients->pdata[i])->thread)), ==, 6);
  }
  g_assert_true (rmi_workers_unexport (fixture->workers, PATH));
  WATCH_UNTIL (clerk_count () == 1);
}

static GObject *
make_one_clerk (RmiNode   *node,
                gpointer   user_data,
                GError   **error)
{
  guint *n_made = user_data;

  if ((*n_made)++ == 0)
    return G_OBJECT (clerk_new ());
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE, "One is enough");
  return NULL;
}

static void
test_all_or_nothing (Fixture       *fixture,
                     gconstpointer  data)
{
  g_autoptr(Client) first = client_new (fixture);
  g_autoptr(Client) second = client_new (fixture);
  g_autoptr(GError) error = NULL;
  g_autofree char *uri = g_strconcat (fixture->uri, "/failed", NULL);
  guint n_made = 0;

  g_assert_false (rmi_workers_export_with_factory (fixture->workers, PATH "/failed", make_one_clerk, &n_made, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE);
  g_clear_error (&error);
  g_assert_null (rmi_node_get_object (first->node, uri, OFFICE_TYPE_DESK, NULL, &error));
  g_assert_error (error, RMI_ERROR, RMI_ERROR_NO_SUCH_OBJECT);
  g_clear_error (&error);
  g_assert_null (rmi_node_get_object (second->node, uri, OFFICE_TYPE_DESK, NULL, &error));
  g_assert_error (error, RMI_ERROR, RMI_ERROR_NO_SUCH_OBJECT);
  g_clear_error (&error);

  g_assert_false (rmi_workers_export (fixture->workers, PATH, G_OBJECT (first->self), &error));
  g_assert_error (error, RMI_ERROR, RMI_ERROR_INVALID_ARGUMENTS);
  assert_served (first);
  assert_served (second);
}

static void
test_unexport (Fixture       *fixture,
               gconstpointer  data)
{
  g_autoptr(GPtrArray) clients = make_clients (fixture, 4);
  g_autoptr(GError) error = NULL;

  g_assert_true (rmi_workers_unexport (fixture->workers, PATH));
  g_assert_false (rmi_workers_unexport (fixture->workers, PATH));
  for (guint i = 0; i < clients->len; i++)
    {
      g_autofree char *thread = NULL;
      guint n_calls;

      g_assert_false (office_desk_who (((Client *) clients->pdata[i])->desk, &thread, &n_calls, NULL, &error));
      g_assert_error (error, RMI_ERROR, RMI_ERROR_NO_SUCH_OBJECT);
      g_clear_error (&error);
    }
  rmi_workers_export (fixture->workers, PATH, G_OBJECT (fixture->clerk), &error);
  g_assert_no_error (error);
  for (guint i = 0; i < clients->len; i++)
    assert_served (clients->pdata[i]);
}

static gpointer
ringing_thread (gpointer data)
{
  office_desk_emit_rang (data, 7);
  return NULL;
}

static void
test_signals (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr(GPtrArray) clients = make_clients (fixture, 6);
  g_autoptr(GError) error = NULL;

  g_thread_join (g_thread_new ("ringing", ringing_thread, fixture->clerk));
  for (guint i = 0; i < clients->len; i++)
    TURN_UNTIL (((Client *) clients->pdata[i])->number == 7);
  office_desk_emit_rang (OFFICE_DESK (fixture->clerk), 8);
  for (guint i = 0; i < clients->len; i++)
    TURN_UNTIL (((Client *) clients->pdata[i])->number == 8);
  for (guint number = 10; number < 30; number++)
    {
      g_assert_true (office_desk_ring (((Client *) clients->pdata[number % 6])->desk, number, NULL, &error));
      for (guint i = 0; i < clients->len; i++)
        TURN_UNTIL (((Client *) clients->pdata[i])->number == number);
    }
}

static gboolean
ran_cb (gpointer data)
{
  g_atomic_pointer_set ((char **) data, clerk_name_thread ());
  return G_SOURCE_REMOVE;
}

static GObject *
make_with_source (RmiNode   *node,
                  gpointer   user_data,
                  GError   **error)
{
  GPtrArray *threads = user_data;
  g_autoptr(GSource) source = g_idle_source_new ();

  g_ptr_array_add (threads, clerk_name_thread ());
  g_ptr_array_add (threads, NULL);
  g_source_set_callback (source, ran_cb, &threads->pdata[threads->len - 1], NULL);
  g_source_attach (source, g_main_context_get_thread_default ());
  return G_OBJECT (clerk_new ());
}

static void
test_sources (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr(GPtrArray) threads = g_ptr_array_new_full (4, g_free);

  g_assert_true (rmi_workers_export_with_factory (fixture->workers, "/sources", make_with_source, threads, NULL));
  WATCH_UNTIL (g_atomic_pointer_get (&threads->pdata[1]) != NULL && g_atomic_pointer_get (&threads->pdata[3]) != NULL);
  rmi_workers_close (fixture->workers);
  g_assert_cmpstr (threads->pdata[0], ==, threads->pdata[1]);
  g_assert_cmpstr (threads->pdata[2], ==, threads->pdata[3]);
  g_assert_cmpstr (threads->pdata[0], !=, threads->pdata[2]);
}

/* ---- threads that wait for each other ---- */

static void
test_back (Fixture       *fixture,
           gconstpointer  data)
{
  g_autoptr(GPtrArray) clients = make_clients (fixture, 2);
  g_autofree char *mine = clerk_name_thread ();

  for (guint i = 0; i < clients->len; i++)
    {
      Client *client = clients->pdata[i];
      g_autoptr(GError) error = NULL;
      g_autofree char *thread = office_desk_ask (client->desk, OFFICE_DESK (client->self), NULL, &error);

      g_assert_no_error (error);
      g_assert_cmpstr (thread, ==, mine);
    }
}

static void
asked_cb (GObject      *desk,
          GAsyncResult *result,
          gpointer      user_data)
{
  Client *client = user_data;
  g_autofree char *mine = clerk_name_thread ();
  g_autofree char *thread = office_desk_meet_and_ask_finish (OFFICE_DESK (desk), result, &client->error);

  g_assert_no_error (client->error);
  g_assert_cmpstr (thread, ==, mine);
  client->n_done++;
}

/* Each worker calls a stub that belongs to the other one, and both at once. */
static void
test_crosswise (Fixture       *fixture,
                gconstpointer  data)
{
  g_autoptr(GPtrArray) clients = make_clients (fixture, 2);
  g_autoptr(GError) error = NULL;

  clerk_set_meeting (fixture->clerk, 2);
  for (guint i = 0; i < 2; i++)
    g_assert_true (office_desk_leave (((Client *) clients->pdata[i])->desk, OFFICE_DESK (((Client *) clients->pdata[i])->self),
                                      NULL, &error));
  for (guint round = 1; round <= 50; round++)
    {
      for (guint i = 0; i < 2; i++)      /* the last visitor is the second's */
        office_desk_meet_and_ask_async (((Client *) clients->pdata[i])->desk, i, NULL, asked_cb, clients->pdata[i]);
      for (guint i = 0; i < 2; i++)
        TURN_UNTIL (((Client *) clients->pdata[i])->n_done == round);
    }
  clerk_forget (fixture->clerk);
}

static void
exported_cb (GObject      *desk,
             GAsyncResult *result,
             gpointer      user_data)
{
  Client *client = user_data;

  g_assert_true (office_desk_meet_and_export_finish (OFFICE_DESK (desk), result, &client->error));
  client->n_done++;
}

static void
test_exports_in_methods (Fixture       *fixture,
                         gconstpointer  data)
{
  g_autoptr(GPtrArray) clients = make_clients (fixture, 2);
  static const char *const paths[] = { "/one", "/two" };

  clerk_set_workers (fixture->clerk, g_object_ref (fixture->workers));
  clerk_set_meeting (fixture->clerk, 2);
  for (guint round = 1; round <= 50; round++)
    {
      for (guint i = 0; i < 2; i++)
        office_desk_meet_and_export_async (((Client *) clients->pdata[i])->desk, paths[i], NULL, exported_cb, clients->pdata[i]);
      for (guint i = 0; i < 2; i++)
        TURN_UNTIL (((Client *) clients->pdata[i])->n_done == round);
    }
}

/* ---- the end ---- */

static void
test_close_in_flight (Fixture       *fixture,
                      gconstpointer  data)
{
  g_autoptr(GPtrArray) clients = make_clients (fixture, 5);
  g_autoptr(GError) error = NULL;

  for (guint i = 0; i < clients->len; i++)
    office_desk_wait_async (((Client *) clients->pdata[i])->desk, NULL, done_cb, clients->pdata[i]);
  WATCH_UNTIL (clerk_get_waiting (fixture->clerk) == clients->len);
  rmi_workers_close (fixture->workers);
  WATCH_UNTIL (count_workers () == 0);
  g_assert_cmpuint (clerk_get_waiting (fixture->clerk), ==, 0);
  for (guint i = 0; i < clients->len; i++)
    {
      Client *client = clients->pdata[i];

      TURN_UNTIL (client->n_done == 1);
      g_assert_nonnull (client->error);
      g_assert_cmpint (rmi_error_get_ran (client->error), !=, RMI_RAN_NO);
    }

  g_assert_null (rmi_workers_listen (fixture->workers, NULL, NULL, &error));
  g_assert_error (error, RMI_ERROR, RMI_ERROR_CLOSING);
  g_clear_error (&error);
  g_assert_false (rmi_workers_export (fixture->workers, "/late", G_OBJECT (fixture->clerk), &error));
  g_assert_error (error, RMI_ERROR, RMI_ERROR_CLOSING);
}

static void
test_close_while_blocked (Fixture       *fixture,
                          gconstpointer  data)
{
  g_autoptr(Client) client = client_new (fixture);

  /* Its own desk is not exported and held by nobody: the worker waits for an answer that only this loop could give. */
  office_desk_ask_async (client->desk, OFFICE_DESK (client->self), NULL, NULL, NULL);
  rmi_node_flush (client->node);
  rmi_workers_close (fixture->workers);
  WATCH_UNTIL (count_workers () == 0);
}

static void
test_close_in_method (Fixture       *fixture,
                      gconstpointer  data)
{
  g_autoptr(GPtrArray) clients = make_clients (fixture, 4);
  g_autoptr(GError) error = NULL;

  clerk_set_workers (fixture->clerk, g_object_ref (fixture->workers));
  g_assert_true (office_desk_close (((Client *) clients->pdata[1])->desk, NULL, &error));
  g_assert_no_error (error);
  WATCH_UNTIL (count_workers () == 0);
  rmi_workers_close (fixture->workers);
}

static void
test_drop_in_method (Fixture       *fixture,
                     gconstpointer  data)
{
  g_autoptr(GPtrArray) clients = make_clients (fixture, 4);
  g_autoptr(GError) error = NULL;

  clerk_set_workers (fixture->clerk, g_steal_pointer (&fixture->workers));
  g_assert_true (office_desk_drop (((Client *) clients->pdata[2])->desk, NULL, &error));
  g_assert_no_error (error);
  WATCH_UNTIL (count_workers () == 0);
}

int
main (int    argc,
      char **argv)
{
  program = argv[0];
  if (argc == 3 && g_str_equal (argv[1], "client"))
    run_client (argv[2]);

  visitors_init (&argc, &argv);
  ADD ("connections-are-spread-evenly", 3, test_spread);
  ADD ("as-many-as-cpus-by-default", 0, test_default_number);
  ADD ("two-calls-run-at-once", 2, test_at_once);
  ADD ("the-door-is-open-while-all-are-busy", 2, test_busy);
  ADD ("a-killed-client-leaves-the-others", 3, test_kill);
  ADD ("limits-of-connections-are-of-all-together", 2, test_limits);
  ADD ("a-factory-makes-one-object-a-worker", 2, test_factory);
  ADD ("an-export-is-at-all-workers-or-none", 2, test_all_or_nothing);
  ADD ("an-export-ends-at-all-workers", 2, test_unexport);
  ADD ("signals-of-any-thread-reach-all", 3, test_signals);
  ADD ("sources-run-in-the-worker", 2, test_sources);
  ADD ("methods-call-back", 2, test_back);
  ADD ("methods-call-stubs-of-each-other's-workers", 2, test_crosswise);
  ADD ("methods-export-at-once", 2, test_exports_in_methods);
  ADD ("closing-ends-calls-in-flight", 3, test_close_in_flight);
  ADD ("closing-ends-calls-that-methods-wait-for", 1, test_close_while_blocked);
  ADD ("a-method-closes-them", 3, test_close_in_method);
  ADD ("a-method-drops-the-last-reference", 3, test_drop_in_method);

  return g_test_run ();
}
