/* tests/life/test-stopped.c: a program that is stopped harms nobody, and goes on where it was
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * SIGSTOP and SIGCONT to other programs: servers of the scenarios, and this one as `test-stopped subscribe URI`.
 */
#include "config.h"
#include "tests/life/subscriber.h"
#include "tests/scenarios-world.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define LAST_LEVEL 99
#define DEADLINE_MS 200

static const char *program;

static void
stop (GPid pid)
{
  int status = 0;

  g_assert_cmpint (kill (pid, SIGSTOP), ==, 0);
  g_assert_cmpint (waitpid (pid, &status, WUNTRACED), ==, pid);
  g_assert_true (WIFSTOPPED (status));
}

static void
go_on (GPid pid)
{
  int status = 0;

  g_assert_cmpint (kill (pid, SIGCONT), ==, 0);
  g_assert_cmpint (waitpid (pid, &status, WCONTINUED), ==, pid);
}

/* ---- a stopped subscriber ---- */

/* As a program: hears until the level is the last one, and tells of each gap how much it heard before. */
static int
subscribe (const char *uri)
{
  Subscriber self;
  guint n_told = 0;
  int level = 0;

  prctl (PR_SET_PDEATHSIG, SIGKILL);
  setlinebuf (stdout);
  subscriber_begin (&self, uri);
  puts ("ready");
  for (; level != LAST_LEVEL; g_object_get (self.party, "level", &level, NULL))
    {
      g_main_context_iteration (self.context, TRUE);
      for (; n_told < self.n_gaps; n_told++)
        printf ("gap %u %d\n", self.n_ticks, self.level_at_gap);
    }
  printf ("end %u %u\n", self.n_ticks, self.n_gaps);
  subscriber_end (&self);
  return 0;
}

typedef struct
{
  GPid  pid;
  FILE *out;
} Listener;

static void
listener_read (Listener *self,
               char     *line,
               int       size)
{
  g_assert_nonnull (fgets (line, size, self->out));
}

static void
listener_begin (Listener   *self,
                const char *uri)
{
  const char *argv[] = { program, "subscribe", uri, NULL };
  g_autoptr(GError) error = NULL;
  char line[16];
  int out;

  g_spawn_async_with_pipes (NULL, (char **) argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, &self->pid, NULL, &out, NULL,
                            &error);
  g_assert_no_error (error);
  self->out = fdopen (out, "r");
  listener_read (self, line, sizeof line);
  g_assert_cmpstr (line, ==, "ready\n");
}

/* It hears of a gap, with the values of then. How many ticks it heard before. */
static guint
listener_expect_gap (Listener *self,
                     int       expected)
{
  guint n_ticks = 0;
  char line[64];
  int level = 0;

  listener_read (self, line, sizeof line);
  g_assert_cmpint (sscanf (line, "gap %u %d", &n_ticks, &level), ==, 2);
  g_assert_cmpint (level, ==, expected);
  return n_ticks;
}

/* It has heard that many, nothing twice, and of no other gap. */
static void
listener_end (Listener *self,
              guint     expected)
{
  guint n_ticks = 0, n_gaps = 0;
  int status = 0;
  char line[64];

  listener_read (self, line, sizeof line);
  g_assert_cmpint (sscanf (line, "end %u %u", &n_ticks, &n_gaps), ==, 2);
  g_assert_cmpuint (n_ticks, ==, expected);
  g_assert_cmpuint (n_gaps, ==, 1);
  g_assert_cmpint (waitpid (self->pid, &status, 0), ==, self->pid);
  g_assert_true (WIFEXITED (status) && WEXITSTATUS (status) == 0);
  fclose (self->out);
}

static guint
n_rounds (World *world)
{
  return g_str_equal (world->transport, "tcp") ? 2500 : 250;
}

static void
test_subscriber (World         *world,
                 gconstpointer  data)
{
  Peer *peer = world_spawn (world, NULL, SMALL);
  guint n = n_rounds (world);
  Subscriber other;
  Listener stopped;
  guint n_heard;

  listener_begin (&stopped, peer->party_uri);
  subscriber_begin (&other, peer->party_uri);
  stop (stopped.pid);
  for (guint i = 0; i < n; i++)
    {
      subscriber_tick (&other);
      subscriber_turn (&other);
    }
  subscriber_set_level (&other, 42);
  go_on (stopped.pid);

  n_heard = listener_expect_gap (&stopped, 42);
  g_assert_cmpuint (n_heard, <, n * TICKS);
  subscriber_tick (&other);
  while (other.n_ticks < (n + 1) * TICKS)
    subscriber_turn (&other);
  g_assert_cmpuint (other.n_gaps, ==, 0);
  subscriber_set_level (&other, LAST_LEVEL);
  listener_end (&stopped, n_heard + TICKS);
  subscriber_end (&other);
}

/* ---- a stopped subscriber of one of several workers ---- */

#define N_OTHERS 3

static GObject *
make_guest (RmiNode   *node,
            gpointer   data,
            GError   **error)
{
  g_auto(GStrv) limits = g_strsplit (SMALL, " ", -1);

  for (guint i = 0; limits[i] != NULL; i++)
    {
      g_auto(GStrv) parts = g_strsplit (limits[i], "=", 2);

      g_object_set (node, parts[0], g_ascii_strtoull (parts[1], NULL, 10), NULL);
    }
  return G_OBJECT (guest_new (node));
}

static RmiWorkers *
start_workers (World  *world,
               char  **uri)
{
  RmiWorkers *workers = rmi_workers_new (2);
  g_autofree char *anywhere = world_make_uri (world);
  g_autofree char *endpoint = NULL;
  g_autoptr(GError) error = NULL;

  rmi_workers_export_with_factory (workers, "/party", make_guest, NULL, &error);
  g_assert_no_error (error);
  endpoint = rmi_workers_listen (workers, anywhere, NULL, &error);
  g_assert_no_error (error);
  *uri = g_strconcat (endpoint, "/party", NULL);
  return workers;
}

/* Each of its workers has a party, whose ticks its own clients hear: two others, or one and the stopped one. */
static void
test_workers (World         *world,
              gconstpointer  data)
{
  guint n = n_rounds (world);
  g_autofree char *uri = NULL;
  RmiWorkers *workers = start_workers (world, &uri);
  Subscriber others[N_OTHERS];
  Listener stopped;
  guint n_heard;

  listener_begin (&stopped, uri);
  for (guint i = 0; i < N_OTHERS; i++)
    subscriber_begin (&others[i], uri);
  stop (stopped.pid);
  for (guint i = 0; i < n * N_OTHERS; i++)
    {
      subscriber_tick (&others[i % N_OTHERS]);
      for (guint j = 0; j < N_OTHERS; j++)
        subscriber_turn (&others[j]);
    }
  for (guint i = 0; i < N_OTHERS; i++)
    subscriber_set_level (&others[i], 42);
  go_on (stopped.pid);

  n_heard = listener_expect_gap (&stopped, 42);
  g_assert_cmpuint (n_heard, <, n * TICKS);
  for (guint i = 0; i < N_OTHERS; i++)
    {
      while (others[i].n_ticks < n * TICKS)
        subscriber_turn (&others[i]);
      g_assert_cmpuint (others[i].n_gaps, ==, 0);
    }
  for (guint i = 0; i < N_OTHERS; i++)
    subscriber_set_level (&others[i], LAST_LEVEL);
  listener_end (&stopped, n_heard);
  for (guint i = 0; i < N_OTHERS; i++)
    subscriber_end (&others[i]);
  rmi_workers_close (workers);
  g_assert_finalize_object (workers);
}

/* ---- a stopped server ---- */

static void
ended_cb (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  World *world = user_data;
  g_autoptr(GError) error = NULL;
  g_autofree char *echo = scenario_party_echo_finish (SCENARIO_PARTY (object), result, &error);

  g_assert_null (echo);
  g_assert_error (error, RMI_ERROR, RMI_ERROR_TIMED_OUT);
  g_assert_cmpint (rmi_error_get_ran (error), ==, RMI_RAN_MAYBE);
  world->n_done++;
}

static void
assert_served (Peer *peer)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *echo = scenario_party_echo (peer->party, "served", NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (echo, ==, "served");
}

/* Calls to it end when their time is up, and others are served. What it was sent, it does once it goes on, once. */
static void
test_server (World         *world,
             gconstpointer  data)
{
  Peer *stopped = world_add_peer (world, NULL);
  Peer *other = world_add_peer (world, NULL);
  g_auto(GStrv) notes = NULL;
  g_autofree char *joined = NULL;
  g_autoptr(GError) error = NULL;

  stop (stopped->pid);
  rmi_stub_set_timeout (RMI_STUB (stopped->party), DEADLINE_MS);
  for (guint i = 0; i < 5; i++)
    {
      g_autofree char *text = g_strdup_printf ("%u", i);
      g_autofree char *echo = NULL;

      scenario_party_note (stopped->party, text, NULL, &error);
      g_assert_no_error (error);
      scenario_party_echo_async (stopped->party, text, NULL, ended_cb, world);
      assert_served (other);
      echo = scenario_party_echo (stopped->party, text, NULL, &error);
      g_assert_error (error, RMI_ERROR, RMI_ERROR_TIMED_OUT);
      g_clear_error (&error);
    }
  TURN_UNTIL (world->n_done == 5);
  assert_served (other);

  go_on (stopped->pid);
  rmi_stub_set_timeout (RMI_STUB (stopped->party), 0);
  assert_served (stopped);
  notes = scenario_party_history (stopped->party, NULL, &error);
  g_assert_no_error (error);
  joined = g_strjoinv (" ", notes);
  g_assert_cmpstr (joined, ==, "0 1 2 3 4");
}

/* The kernel takes the connection, and nobody says hello. */
static void
test_dialled (World         *world,
              gconstpointer  data)
{
  Peer *stopped = world_spawn (world, NULL, NULL);
  Peer *other = world_add_peer (world, NULL);
  g_autoptr(GError) error = NULL;

  stop (stopped->pid);
  g_object_set (world->node, "limit-hello_s", (guint64) 1, "local-limit-hello_s", (guint64) 1, NULL);
  g_assert_null (rmi_node_get_object (world->node, stopped->party_uri, SCENARIO_TYPE_PARTY, NULL, &error));
  g_assert_error (error, RMI_ERROR, RMI_ERROR_DISCONNECTED);
  g_assert_nonnull (strstr (error->message, "did not answer rpc.hello"));
  assert_served (other);

  go_on (stopped->pid);
  g_object_set (world->node, "limit-hello_s", (guint64) 20, "local-limit-hello_s", (guint64) 20, NULL);
  do
    {
      g_clear_error (&error);
      stopped->party = rmi_node_get_object (world->node, stopped->party_uri, SCENARIO_TYPE_PARTY, NULL, &error);
    }
  while (g_error_matches (error, RMI_ERROR, RMI_ERROR_UNREACHABLE));
  g_assert_no_error (error);
  assert_served (stopped);
}

int
main (int   argc,
      char *argv[])
{
  program = argv[0];
  if (argc == 3 && g_str_equal (argv[1], "subscribe"))
    return subscribe (argv[2]);

  world_init (&argc, &argv);

  ADD ("a-stopped-subscriber-is-told-of-the-gap", test_subscriber);
  ADD ("a-stopped-client-of-a-worker-harms-no-other", test_workers);
  ADD ("a-stopped-server-ends-no-call-but-its-own", test_server);
  ADD ("a-stopped-server-is-not-waited-for-to-say-hello", test_dialled);

  return g_test_run ();
}
