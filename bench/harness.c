/* bench/harness.c: measures calls between two processes
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "harness.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "workloads.h"

#define SERVER "server"                        /* roles: words on the command line */
#define SERVER_OF_THREADS "server-of-threads"
#define MAX_FILES 65536

struct _Harness
{
  const HarnessPeer *peer;
  const char        *transport;
  char              *folder;         /* for the server's socket */
  char              *socket_path;
  char              *address;
  GPid               server;
  clockid_t          server_clock;
  double             duration_s;
  guint64            calls;
};

void
harness_die (const char *format,
             ...)
{
  va_list arguments;

  va_start (arguments, format);
  vfprintf (stderr, format, arguments);
  va_end (arguments);
  fputc ('\n', stderr);
  exit (EXIT_FAILURE);
}

void
harness_check (gboolean    is_right,
               const char *what)
{
  if (!is_right)
    harness_die ("wrong: %s", what);
}

void
harness_announce (const char *address)
{
  printf ("%s\n", address);
  fflush (stdout);
}

gboolean
harness_wants (const char *variable,
               const char *word)
{
  const char *list = g_getenv (variable);
  g_auto(GStrv) words = NULL;

  if (list == NULL || *list == '\0')
    return TRUE;
  words = g_strsplit (list, ",", -1);
  return g_strv_contains ((const char *const *) words, word);
}

static void
set_up_server_cb (gpointer unused)
{
  prctl (PR_SET_PDEATHSIG, SIGKILL);           /* it does not outlive a client that dies */
}

static char *
read_line (int fd)
{
  GString *line = g_string_new (NULL);
  char c;

  while (read (fd, &c, 1) == 1 && c != '\n')
    g_string_append_c (line, c);
  return g_string_free (line, FALSE);
}

static Harness *
harness_new (const HarnessPeer *peer,
             const char        *program,
             const char        *role,
             const char        *transport)
{
  Harness *self = g_new0 (Harness, 1);
  const char *duration = g_getenv ("DURATION");
  const char *calls = g_getenv ("CALLS");
  const char *command[] = { "/proc/self/exe", role, transport, NULL, NULL };
  g_autoptr(GError) error = NULL;
  int output;

  self->peer = peer;
  self->transport = transport;
  self->duration_s = duration != NULL ? g_ascii_strtod (duration, NULL) : 2;
  self->calls = calls != NULL ? g_ascii_strtoull (calls, NULL, 10) : 0;
  self->folder = g_dir_make_tmp ("bench-XXXXXX", &error);
  if (self->folder == NULL)
    harness_die ("%s", error->message);
  self->socket_path = g_build_filename (self->folder, "socket", NULL);
  command[3] = self->socket_path;
  if (!g_spawn_async_with_pipes (NULL, (char **) command, NULL, G_SPAWN_DO_NOT_REAP_CHILD,
                                 set_up_server_cb, NULL, &self->server, NULL, &output, NULL, &error))
    harness_die ("%s: %s", program, error->message);
  self->address = read_line (output);
  close (output);
  if (*self->address == '\0' || clock_getcpuclockid (self->server, &self->server_clock) != 0)
    harness_die ("%s: the server does not start", program);
  return self;
}

static void
harness_free (Harness *self)
{
  kill (self->server, SIGKILL);
  waitpid (self->server, NULL, 0);
  g_spawn_close_pid (self->server);
  g_unlink (self->socket_path);
  g_rmdir (self->folder);
  g_free (self->socket_path);
  g_free (self->folder);
  g_free (self->address);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Harness, harness_free)

static double
read_clock_s (clockid_t clock)
{
  struct timespec time = { 0 };

  clock_gettime (clock, &time);
  return time.tv_sec + 1e-9 * time.tv_nsec;
}

const char *
harness_get_transport (Harness *self)
{
  return self->transport;
}

const char *
harness_get_address (Harness *self)
{
  return self->address;
}

const HarnessPeer *
harness_get_peer (Harness *self)
{
  return self->peer;
}

double
harness_get_duration_s (Harness *self)
{
  return self->duration_s;
}

guint64
harness_get_calls (Harness *self)
{
  return self->calls;
}

double
harness_get_cpu_s (Harness *self)
{
  return read_clock_s (CLOCK_PROCESS_CPUTIME_ID) + read_clock_s (self->server_clock);
}

gsize
harness_get_server_bytes (Harness *self)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/statm", self->server);
  g_autofree char *text = NULL;
  char *resident;

  if (!g_file_get_contents (path, &text, NULL, NULL))
    harness_die ("the server has gone");
  resident = strchr (text, ' ');
  return resident != NULL ? g_ascii_strtoull (resident, NULL, 10) * sysconf (_SC_PAGESIZE) : 0;
}

static void
allow_many_files (void)
{
  struct rlimit limit;

  if (getrlimit (RLIMIT_NOFILE, &limit) != 0)
    return;
  limit.rlim_cur = MIN (limit.rlim_max, MAX_FILES);
  setrlimit (RLIMIT_NOFILE, &limit);
}

static void
measure (const HarnessPeer *peer,
         const char        *program,
         const char        *role,
         const char        *transport,
         void             (*workloads) (Harness *harness))
{
  g_autoptr(Harness) harness = harness_new (peer, program, role, transport);

  workloads (harness);
}

int
harness_main (int                 argc,
              char              **argv,
              const HarnessPeer  *peer)
{
  const char *transports[] = { "unix", "tcp" };

  allow_many_files ();
  if (argc == 4 && g_str_equal (argv[1], SERVER))
    peer->serve (argv[2], argv[3]);
  if (argc == 4 && g_str_equal (argv[1], SERVER_OF_THREADS))
    peer->serve_threads (argv[2], argv[3]);
  if (argc != 1)
    harness_die ("usage: [DURATION=s] [WORKLOADS=W1,…] [TRANSPORTS=unix,tcp] %s", argv[0]);

  for (guint i = 0; i < G_N_ELEMENTS (transports); i++)
    if (harness_wants ("TRANSPORTS", transports[i]))
      {
        measure (peer, argv[0], SERVER, transports[i], workloads_measure);
        if (harness_wants ("WORKLOADS", "W6"))
          measure (peer, argv[0], peer->serve_threads != NULL ? SERVER_OF_THREADS : SERVER, transports[i], workloads_measure_threads);
        if (harness_wants ("WORKLOADS", "W1i") || harness_wants ("WORKLOADS", "W2i"))
          measure (peer, argv[0], SERVER, transports[i], workloads_measure_beside_idle);
        if (harness_wants ("WORKLOADS", "W7"))
          measure (peer, argv[0], SERVER, transports[i], workloads_measure_memory);
      }
  return EXIT_SUCCESS;
}
