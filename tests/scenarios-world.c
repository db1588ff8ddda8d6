/* tests/scenarios-world.c: this program's node, and other programs
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "config.h"
#include "tests/scenarios-world.h"

#include "node/rmi-node-private.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define WATCHDOG_S 60

/* ---- programs ---- */

static void
peer_free (gpointer data)
{
  Peer *self = data;

  g_clear_object (&self->party);
  peer_kill (self);
  g_free (self->uri);
  g_free (self->party_uri);
  g_free (self->limits);
  g_free (self);
}

void
peer_kill (Peer *self)
{
  if (self->pid == 0)
    return;

  kill (self->pid, SIGKILL);
  waitpid (self->pid, NULL, 0);
  g_spawn_close_pid (self->pid);
  self->pid = 0;
}

/* It says where it is when it can be called. */
static char *
read_line (int fd)
{
  GString *line = g_string_new (NULL);
  char c;

  while (read (fd, &c, 1) == 1 && c != '\n')
    g_string_append_c (line, c);
  close (fd);
  g_assert_cmpuint (line->len, >, 0);
  return g_string_free (line, FALSE);
}

char *
world_make_uri (World *world)
{
  static guint serial;
  g_autofree char *path = NULL;
  g_autofree char *escaped = NULL;

  if (g_str_equal (world->transport, "tcp"))
    return g_strdup ("rmi://127.0.0.1:0");

  path = g_strdup_printf ("%s/%u.sock", world->directory, ++serial);
  escaped = g_uri_escape_string (path, NULL, FALSE);
  return g_strdup_printf ("rmi+unix://%s", escaped);
}

static void
peer_start (Peer       *self,
            const char *uri)
{
  g_auto(GStrv) settings = g_strsplit (self->limits, " ", -1);
  g_autofree char *lease = g_strdup_printf ("lease-unit-us=%d", WORLD_LEASE_UNIT_US);
  g_autoptr(GPtrArray) argv = g_ptr_array_new ();
  g_autoptr(GError) error = NULL;
  int out;

  g_ptr_array_add (argv, (char *) self->program);
  g_ptr_array_add (argv, (char *) uri);
  g_ptr_array_add (argv, lease);
  for (guint i = 0; settings[i] != NULL; i++)
    g_ptr_array_add (argv, settings[i]);
  g_ptr_array_add (argv, NULL);

  g_spawn_async_with_pipes (NULL, (char **) argv->pdata, NULL, G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, &self->pid, NULL,
                            &out, NULL, &error);
  g_assert_no_error (error);
  g_free (self->uri);
  self->uri = read_line (out);
}

void
peer_restart (Peer *self)
{
  g_autofree char *uri = g_strdup (self->uri);

  peer_start (self, uri);
}

Peer *
world_spawn_program (World      *world,
                     const char *program,
                     const char *uri,
                     const char *limits)
{
  Peer *self = g_new0 (Peer, 1);
  g_autofree char *anywhere = uri == NULL ? world_make_uri (world) : NULL;

  self->program = program;
  self->limits = g_strdup (limits != NULL ? limits : "");
  peer_start (self, uri != NULL ? uri : anywhere);
  self->party_uri = g_strconcat (self->uri, "/party", NULL);
  g_ptr_array_add (world->peers, self);
  return self;
}

Peer *
world_spawn (World      *world,
             const char *uri,
             const char *limits)
{
  return world_spawn_program (world, g_getenv ("SCENARIOS_PEER"), uri, limits);
}

void
peer_look_up (Peer  *self,
              World *world)
{
  g_autoptr(GError) error = NULL;

  self->party = rmi_node_get_object (world->node, self->party_uri, SCENARIO_TYPE_PARTY, NULL, &error);
  g_assert_no_error (error);
}

Peer *
world_add_peer (World      *world,
                const char *limits)
{
  Peer *self = world_spawn (world, NULL, limits);

  peer_look_up (self, world);
  return self;
}

/* Two round trips: what the first one's handling sent off has been taken in before the second is answered. */
void
peer_settle (Peer *self)
{
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr(GError) error = NULL;
      g_autofree char *echo = scenario_party_echo (self->party, "settle", NULL, &error);

      g_assert_no_error (error);
      while (g_main_context_iteration (NULL, FALSE))
        ;
    }
}

guint
peer_count_alive (Peer *self)
{
  g_autoptr(GError) error = NULL;
  guint count = 0;

  scenario_party_alive (self->party, &count, NULL, &error);
  g_assert_no_error (error);
  return count;
}

/* ---- ours ---- */

void
world_listen (World *world)
{
  g_autofree char *uri = world_make_uri (world);
  g_autofree char *real = NULL;
  g_autoptr(GError) error = NULL;

  real = rmi_node_listen (world->node, uri, NULL, &error);
  g_assert_no_error (error);
  world->party_uri = g_strconcat (real, "/party", NULL);
}

void
world_set_up (World         *world,
              gconstpointer  transport)
{
  g_autoptr(GError) error = NULL;

  alarm (WATCHDOG_S);
  world->transport = transport;
  world->directory = g_dir_make_tmp ("scenarios-XXXXXX", &error);
  g_assert_no_error (error);
  world->node = rmi_node_new ();
  rmi_node_set_lease_unit (world->node, WORLD_LEASE_UNIT_US);
  world->guest = guest_new (world->node);
  rmi_node_export (world->node, "/party", G_OBJECT (world->guest), &error);
  g_assert_no_error (error);
  world->peers = g_ptr_array_new_with_free_func (peer_free);
}

static void
remove_directory (const char *path)
{
  g_autoptr(GDir) directory = g_dir_open (path, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (directory)) != NULL)
    {
      g_autofree char *file = g_build_filename (path, name, NULL);

      g_unlink (file);
    }
  g_rmdir (path);
}

void
world_tear_down (World         *world,
                 gconstpointer  transport)
{
  guest_forget (world->guest);
  g_ptr_array_unref (world->peers);
  rmi_node_close (world->node);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_finalize_object (world->node);
  g_assert_finalize_object (world->guest);
  g_assert_cmpuint (guest_count (), ==, 0);

  remove_directory (world->directory);
  g_free (world->directory);
  g_free (world->party_uri);
  alarm (0);
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
world_init (int    *argc,
            char ***argv)
{
  struct rlimit limit;

  getrlimit (RLIMIT_NOFILE, &limit);
  limit.rlim_cur = MIN (limit.rlim_max, 4096);
  setrlimit (RLIMIT_NOFILE, &limit);
  signal (SIGALRM, bite_cb);
  g_test_init (argc, argv, NULL);
}
