/* tests/chaos/chaos.c: a relay between a test and whom it calls
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "config.h"
#include "tests/chaos/chaos.h"

#include <glib/gstdio.h>
#include <poll.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "rmi/rmi-address-internal.h"

struct _Chaos
{
  GPid  pid;
  int   in;
  int   out;
  char *uri;
  char *directory;            /* of its socket, or NULL */
};

static char *
read_line (int fd)
{
  GString *line = g_string_new (NULL);
  char c;

  while (read (fd, &c, 1) == 1 && c != '\n')
    g_string_append_c (line, c);
  return g_string_free (line, FALSE);
}

static char *
make_endpoint (Chaos              *self,
               const RmiEndpoint  *target)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *path = NULL;
  g_autofree char *escaped = NULL;

  if (target->transport == RMI_TRANSPORT_TCP)
    return g_strdup ("rmi://127.0.0.1:0");

  self->directory = g_dir_make_tmp ("chaos-XXXXXX", &error);
  g_assert_no_error (error);
  path = g_build_filename (self->directory, "relay", NULL);
  escaped = g_uri_escape_string (path, NULL, FALSE);
  return g_strconcat ("rmi+unix://", escaped, NULL);
}

Chaos *
chaos_start (const char *uri)
{
  Chaos *self = g_new0 (Chaos, 1);
  g_autoptr(GError) error = NULL;
  g_autofree char *path = NULL;
  g_autoptr(RmiEndpoint) endpoint = rmi_endpoint_parse (uri, &path, &error);
  g_autofree char *target = NULL;
  g_autofree char *own = NULL;
  g_autofree char *line = NULL;
  g_auto(GStrv) words = NULL;

  g_assert_no_error (error);
  target = rmi_endpoint_to_uri (endpoint);
  own = make_endpoint (self, endpoint);
  g_spawn_async_with_pipes (NULL, (char *[]) { (char *) g_getenv ("CHAOS_RELAY"), own, target, (char *) g_getenv ("CHAOS_SEED"), NULL },
                            NULL, G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, &self->pid, &self->in, &self->out, NULL, &error);
  g_assert_no_error (error);

  line = read_line (self->out);
  words = g_strsplit (line, " ", -1);
  g_assert_cmpuint (g_strv_length (words), ==, 2);
  g_test_message ("CHAOS_SEED=%s", words[1]);
  self->uri = g_strconcat (words[0], g_str_equal (path, "/") ? "" : path, NULL);
  return self;
}

const char *
chaos_get_uri (Chaos *self)
{
  return self->uri;
}

static void
say (Chaos      *self,
     const char *format,
     va_list     arguments)
{
  g_autofree char *command = g_strdup_vprintf (format, arguments);
  g_autofree char *line = g_strconcat (command, "\n", NULL);

  g_assert_cmpint (write (self->in, line, strlen (line)), ==, (gssize) strlen (line));
}

void
chaos_begin (Chaos      *self,
             const char *format,
             ...)
{
  va_list arguments;

  va_start (arguments, format);
  say (self, format, arguments);
  va_end (arguments);
}

gboolean
chaos_has_answer (Chaos *self)
{
  struct pollfd out = { self->out, POLLIN, 0 };

  return poll (&out, 1, 0) > 0;
}

guint64
chaos_end (Chaos *self)
{
  g_autofree char *line = read_line (self->out);

  g_assert_true (g_str_has_prefix (line, "ok "));
  return g_ascii_strtoull (line + 3, NULL, 10);
}

guint64
chaos_do (Chaos      *self,
          const char *format,
          ...)
{
  va_list arguments;

  va_start (arguments, format);
  say (self, format, arguments);
  va_end (arguments);
  return chaos_end (self);
}

void
chaos_stop (Chaos *self)
{
  close (self->in);
  waitpid (self->pid, NULL, 0);
  g_spawn_close_pid (self->pid);
  close (self->out);
  if (self->directory != NULL)
    {
      g_autofree char *path = g_build_filename (self->directory, "relay", NULL);

      g_unlink (path);
      g_rmdir (self->directory);
    }
  g_free (self->directory);
  g_free (self->uri);
  g_free (self);
}
