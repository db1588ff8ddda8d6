/* tests/life/test-fork.c: what a program inherits from us, and what it does to us
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A node does not survive fork(). But a child that ends, or becomes another program, leaves its parent's node alone, whatever
 * the node does at that moment.
 */
#include "config.h"
#include "tests/scenarios-world.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define N_CLIENTS 12           /* more than a poller polls one by one */
#define N_CALLS 5

/* ---- /proc ---- */

static gboolean
is_close_on_exec (const char *process,
                  const char *number)
{
  g_autofree char *path = g_build_filename ("/proc", process, "fdinfo", number, NULL);
  g_autofree char *text = NULL;
  const char *flags;

  /* It was closed meanwhile. */
  if (!g_file_get_contents (path, &text, NULL, NULL))
    return TRUE;
  flags = strstr (text, "flags:");
  g_assert_nonnull (flags);
  return (g_ascii_strtoull (flags + strlen ("flags:"), NULL, 8) & O_CLOEXEC) != 0;
}

/* What the next program of @process would have besides standard input, output and errors: numbers as keys. @n_all: (out): how
 * many descriptors there are. */
static GHashTable *
list_inherited (const char *process,
                guint      *n_all)
{
  g_autofree char *folder = g_build_filename ("/proc", process, "fd", NULL);
  g_autoptr(GDir) descriptors = g_dir_open (folder, 0, NULL);
  GHashTable *inherited = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  const char *number;

  for (*n_all = 0; (number = g_dir_read_name (descriptors)) != NULL; (*n_all)++)
    if (atoi (number) > STDERR_FILENO && !is_close_on_exec (process, number))
      g_hash_table_add (inherited, g_strdup (number));
  return inherited;
}

/* What this program was given itself. */
static GHashTable *given;

static void
assert_none_inherited (const char *process,
                       guint       n_least)
{
  guint n_all;
  g_autoptr(GHashTable) inherited = list_inherited (process, &n_all);
  GHashTableIter iter;
  gpointer number;

  g_assert_cmpuint (n_all, >=, n_least);
  g_hash_table_iter_init (&iter, inherited);
  while (g_hash_table_iter_next (&iter, &number, NULL))
    if (!g_hash_table_contains (given, number))
      {
        g_autofree char *path = g_build_filename ("/proc", process, "fd", number, NULL);
        g_autofree char *target = g_file_read_link (path, NULL);

        g_error ("%s, descriptor %s of %s, is open in what it runs", target, (char *) number, process);
      }
}

/* ---- clients of our node, in this program ---- */

typedef struct
{
  RmiNode       *nodes[N_CLIENTS];
  ScenarioParty *parties[N_CLIENTS];
} Clients;

static void
got_party_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  ScenarioParty **party = user_data;
  g_autoptr(GError) error = NULL;

  *party = rmi_node_get_object_finish (RMI_NODE (object), result, &error);
  g_assert_no_error (error);
}

static void
clients_begin (Clients *self,
               World   *world)
{
  *self = (Clients) { { NULL } };
  for (guint i = 0; i < N_CLIENTS; i++)
    {
      self->nodes[i] = rmi_node_new ();
      rmi_node_get_object_async (self->nodes[i], world->party_uri, SCENARIO_TYPE_PARTY, NULL, got_party_cb, &self->parties[i]);
      TURN_UNTIL (self->parties[i] != NULL);
    }
}

static void
clients_end (Clients *self)
{
  for (guint i = 0; i < N_CLIENTS; i++)
    {
      g_clear_object (&self->parties[i]);
      rmi_node_close (self->nodes[i]);
      while (g_main_context_iteration (NULL, FALSE))
        ;
      g_assert_finalize_object (self->nodes[i]);
    }
}

/* These tests would see one. */
static void
test_seen (void)
{
  g_autofree char *number = NULL;
  g_autoptr(GHashTable) inherited = NULL;
  guint n_all;
  int fd = open ("/dev/null", O_RDONLY);

  number = g_strdup_printf ("%d", fd);
  inherited = list_inherited ("self", &n_all);
  g_assert_true (g_hash_table_contains (inherited, number));
  g_assert_cmpint (fcntl (fd, F_SETFD, FD_CLOEXEC), ==, 0);
  assert_none_inherited ("self", 4);
  close (fd);
}

static void
test_inherited (World         *world,
                gconstpointer  data)
{
  Peer *peer = world_add_peer (world, NULL);
  g_autofree char *process = g_strdup_printf ("%d", (int) peer->pid);
  g_autofree char *anywhere = world_make_uri (world);
  g_autofree char *endpoint = NULL;
  g_autoptr(RmiWorkers) workers = rmi_workers_new (2);
  g_autoptr(GError) error = NULL;
  Clients clients;

  world_listen (world);
  clients_begin (&clients, world);
  endpoint = rmi_workers_listen (workers, anywhere, NULL, &error);
  g_assert_no_error (error);

  /* An end and an eventfd for each client, and the other ends. */
  assert_none_inherited ("self", 3 * N_CLIENTS);
  assert_none_inherited (process, 3);
  clients_end (&clients);
  rmi_workers_close (workers);
}

/* ---- children ---- */

static void
echoed_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  World *world = user_data;
  g_autoptr(GError) error = NULL;
  g_autofree char *echo = scenario_party_echo_finish (SCENARIO_PARTY (object), result, &error);

  g_assert_no_error (error);
  world->n_done++;
}

/* Calls that are queued and not sent, and one-way calls. */
static void
start_calls (World *world,
             Peer  *peer)
{
  g_autoptr(GError) error = NULL;

  world->n_done = 0;
  for (guint i = 0; i < N_CALLS; i++)
    {
      scenario_party_note (peer->party, "once", NULL, &error);
      g_assert_no_error (error);
      scenario_party_echo_async (peer->party, "x", NULL, echoed_cb, world);
    }
}

static guint
count_notes (Peer *peer)
{
  g_autoptr(GError) error = NULL;
  g_auto(GStrv) notes = scenario_party_history (peer->party, NULL, &error);

  g_assert_no_error (error);
  return g_strv_length (notes);
}

static void
wait_for (pid_t child)
{
  int status = 0;

  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_true (WIFEXITED (status) && WEXITSTATUS (status) == 0);
}

static void
test_children (World         *world,
               gconstpointer  data)
{
  static const char *const programs[] = { NULL, "/bin/true" };
  Peer *peer = world_add_peer (world, NULL);
  Clients clients;

  world_listen (world);
  for (guint i = 0; i < G_N_ELEMENTS (programs); i++)
    {
      pid_t child;

      clients_begin (&clients, world);
      start_calls (world, peer);
      child = fork ();
      if (child == 0 && programs[i] != NULL)
        execl (programs[i], programs[i], NULL);
      if (child == 0)
        _exit (programs[i] != NULL);
      wait_for (child);
      TURN_UNTIL (world->n_done == N_CALLS);
      g_assert_cmpuint (count_notes (peer), ==, (i + 1) * N_CALLS);
      clients_end (&clients);
    }

  /* It can still be found. */
  clients_begin (&clients, world);
  clients_end (&clients);
}

/* The child has what its parent closes: the parent hears no more of it. */
static void
test_child_that_stays (World         *world,
                       gconstpointer  data)
{
  Peer *peer = world_add_peer (world, NULL);
  Clients clients;
  int hold[2];
  pid_t child;
  char c;

  world_listen (world);
  clients_begin (&clients, world);
  g_assert_cmpint (pipe2 (hold, O_CLOEXEC), ==, 0);
  start_calls (world, peer);
  child = fork ();
  if (child == 0)
    {
      close (hold[1]);
      _exit (read (hold[0], &c, 1) != 0);
    }
  close (hold[0]);
  TURN_UNTIL (world->n_done == N_CALLS);
  clients_end (&clients);
  for (guint i = 0; i < 2; i++)
    {
      clients_begin (&clients, world);
      start_calls (world, peer);
      TURN_UNTIL (world->n_done == N_CALLS);
      clients_end (&clients);
    }
  close (hold[1]);
  wait_for (child);
  g_assert_cmpuint (count_notes (peer), ==, 3 * N_CALLS);
}

int
main (int   argc,
      char *argv[])
{
  guint n_all;
  int status;

  given = list_inherited ("self", &n_all);
  world_init (&argc, &argv);

  g_test_add_func ("/rmi/scenarios/a-descriptor-that-is-inherited-is-seen", test_seen);
  ADD ("every-descriptor-is-closed-on-exec", test_inherited);
  ADD ("a-child-that-ends-leaves-the-node-alone", test_children);
  ADD ("a-child-that-stays-leaves-the-node-alone", test_child_that_stays);

  status = g_test_run ();
  g_hash_table_unref (given);
  return status;
}
