/* tests/chaos/chaos-relay.c: a relay that does to connections what networks do to them
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * usage: chaos-relay LISTEN TARGET [SEED]: takes connections at the endpoint LISTEN, and passes each on to one of its own to TARGET. Prints
 * "URI SEED", then obeys the lines of its standard input, and ends with it. Each is answered by a line once it is in force:
 * "ok NUMBER", the number of links unless said otherwise; or "what?".
 *
 *   delay MS · chop BYTES      all that comes from now on; 0: no more
 *   stall [up|down] · go       nothing is read or written (that way), until go
 *   cut up|down K              K bytes more go that way; where the next one is due its link ends
 *   drop · reset               all links end, with a goodbye or without
 *   mute                       nothing goes through the links there are, and nobody is told
 *   half-open near|far         the links' other end is closed; this one is left open, and hears nothing
 *   refuse · accept            nobody can connect, until accept
 *   storm N                    N of the above at random times, by the seed, and as many quiet ones between; the answer comes when it is over
 *   links · bytes up|down · messages up|down
 *                              NUMBER of them: now, or since the beginning
 *   seed N                     what the next storm is like
 */
#include "config.h"
#include "tests/chaos/chaos-link.h"

#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "rmi/rmi-address-internal.h"

#define STORM_PAUSE_MS 20

typedef struct
{
  GSocketAddress *address;
  GSocketAddress *target;
  GSocket        *listener;            /* bound in any case, so that the address stays ours */
  gboolean        is_listening;
  GPtrArray      *links;
  ChaosWeather    weather;
  GString        *input;
  GRand          *random;
  guint           storm;               /* faults to come */
  gint64          next_fault;          /* monotonic time */
} Relay;

static void
answer (guint64 number)
{
  g_print ("ok %" G_GUINT64_FORMAT "\n", number);
}

/* ---- sockets ---- */

static GSocketAddress *
find_address (const char *uri)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(RmiEndpoint) endpoint = rmi_endpoint_parse (uri, NULL, &error);
  g_autoptr(GSocketAddressEnumerator) addresses = NULL;
  g_autoptr(GSocketConnectable) connectable = NULL;
  GSocketAddress *address;

  if (endpoint == NULL)
    g_error ("%s: %s", uri, error->message);
  if (endpoint->transport == RMI_TRANSPORT_TCP)
    return g_inet_socket_address_new_from_string (endpoint->host, endpoint->port);

  connectable = rmi_endpoint_get_connectable (endpoint);
  addresses = g_socket_connectable_enumerate (connectable);
  address = g_socket_address_enumerator_next (addresses, NULL, &error);
  g_assert_no_error (error);
  return address;
}

static void
bind_listener (Relay *self)
{
  g_autoptr(GError) error = NULL;

  if (self->listener != NULL)
    g_socket_close (self->listener, NULL);
  g_clear_object (&self->listener);
  if (G_IS_UNIX_SOCKET_ADDRESS (self->address))
    g_unlink (g_unix_socket_address_get_path (G_UNIX_SOCKET_ADDRESS (self->address)));

  self->listener = g_socket_new (g_socket_address_get_family (self->address), G_SOCKET_TYPE_STREAM,
                                 G_SOCKET_PROTOCOL_DEFAULT, &error);
  g_assert_no_error (error);
  g_socket_bind (self->listener, self->address, TRUE, &error);
  g_assert_no_error (error);
  if (!G_IS_INET_SOCKET_ADDRESS (self->address))
    return;

  g_object_unref (self->address);
  self->address = g_socket_get_local_address (self->listener, &error);
  g_assert_no_error (error);
}

static void
listen_again (Relay *self)
{
  g_autoptr(GError) error = NULL;

  if (!self->is_listening)
    g_socket_listen (self->listener, &error);
  g_assert_no_error (error);
  self->is_listening = TRUE;
}

static void
refuse (Relay *self)
{
  if (self->is_listening)
    bind_listener (self);
  self->is_listening = FALSE;
}

static int
take_descriptor (GSocket *socket)
{
  int fd = dup (g_socket_get_fd (socket));
  const int on = 1;

  if (g_socket_get_family (socket) != G_SOCKET_FAMILY_UNIX)
    setsockopt (fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return fd;
}

/* Who comes while nobody is at home behind us is sent away. */
static void
take_connection (Relay *self)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GSocket) near = g_socket_accept (self->listener, NULL, &error);
  g_autoptr(GSocket) far = NULL;

  if (near == NULL)
    return;
  far = g_socket_new (g_socket_address_get_family (self->target), G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_DEFAULT, &error);
  g_assert_no_error (error);
  g_socket_set_blocking (far, FALSE);
  if (g_socket_connect (far, self->target, NULL, &error) || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_PENDING))
    g_ptr_array_add (self->links, chaos_link_new (take_descriptor (near), take_descriptor (far)));
}

/* ---- what is done to all links ---- */

static void
end_links (Relay    *self,
           gboolean  says_goodbye)
{
  for (guint i = 0; !says_goodbye && i < self->links->len; i++)
    chaos_link_reset (self->links->pdata[i]);
  g_ptr_array_set_size (self->links, 0);
}

static void
mute_links (Relay *self)
{
  for (guint i = 0; i < self->links->len; i++)
    chaos_link_mute (self->links->pdata[i]);
}

static void
orphan_links (Relay    *self,
              ChaosWay  way)
{
  for (guint i = 0; i < self->links->len; i++)
    chaos_link_orphan (self->links->pdata[i], way);
}

static void
stall (Relay    *self,
       gboolean  up,
       gboolean  down)
{
  self->weather.is_stalled[CHAOS_UP] = up;
  self->weather.is_stalled[CHAOS_DOWN] = down;
}

static void
clear_weather (ChaosWeather *weather)
{
  weather->delay_ms = 0;
  weather->chop = 0;
  for (guint way = 0; way < N_CHAOS_WAYS; way++)
    {
      weather->is_stalled[way] = FALSE;
      weather->cut[way] = -1;
    }
}

/* ---- storms ---- */

/* Links that nobody would ever give up on end with the next fault. */
static void
do_fault (Relay *self)
{
  ChaosWay way = g_rand_int_range (self->random, 0, N_CHAOS_WAYS);
  gint32 amount = g_rand_int_range (self->random, 1, 200);

  clear_weather (&self->weather);
  listen_again (self);
  switch (g_rand_int_range (self->random, 0, 8))
    {
    case 0: self->weather.delay_ms = amount / 10; break;
    case 1: self->weather.chop = 1 + amount % 7; break;
    case 2: self->weather.is_stalled[way] = TRUE; break;
    case 3: self->weather.cut[way] = amount; break;
    case 4: end_links (self, TRUE); break;
    case 5: end_links (self, FALSE); break;
    case 6: orphan_links (self, way); break;
    default: refuse (self); end_links (self, FALSE); break;
    }
}

static void
run_storm (Relay *self)
{
  if (self->storm == 0 || g_get_monotonic_time () < self->next_fault)
    return;

  self->next_fault = g_get_monotonic_time () + g_rand_int_range (self->random, 1, STORM_PAUSE_MS) * 1000;
  if (--self->storm % 2 == 1)
    {
      do_fault (self);
      return;
    }
  for (guint i = self->links->len; i > 0; i--)
    if (chaos_link_is_mute (self->links->pdata[i - 1]))
      g_ptr_array_remove_index (self->links, i - 1);
  clear_weather (&self->weather);
  listen_again (self);
  if (self->storm == 0)
    answer (self->links->len);
}

/* ---- commands ---- */

/* What has no argument; TRUE if it is one. */
static gboolean
obey_word (Relay      *self,
           const char *word)
{
  if (g_str_equal (word, "stall"))
    stall (self, TRUE, TRUE);
  else if (g_str_equal (word, "go"))
    stall (self, FALSE, FALSE);
  else if (g_str_equal (word, "drop") || g_str_equal (word, "reset"))
    end_links (self, *word == 'd');
  else if (g_str_equal (word, "mute"))
    mute_links (self);
  else if (g_str_equal (word, "refuse"))
    refuse (self);
  else if (g_str_equal (word, "accept"))
    listen_again (self);
  else
    return g_str_equal (word, "links");
  return TRUE;
}

/* What has one; TRUE if it is one that is answered by the number of links. */
static gboolean
obey_number (Relay      *self,
             const char *word,
             const char *argument)
{
  guint64 number = g_ascii_strtoull (argument, NULL, 10);

  if (g_str_equal (word, "delay"))
    self->weather.delay_ms = (guint) number;
  else if (g_str_equal (word, "chop"))
    self->weather.chop = number;
  else if (g_str_equal (word, "seed"))
    g_rand_set_seed (self->random, (guint32) number);
  else if (g_str_equal (word, "stall"))
    stall (self, g_str_equal (argument, "up"), g_str_equal (argument, "down"));
  else if (g_str_equal (word, "half-open"))
    orphan_links (self, g_str_equal (argument, "near") ? CHAOS_UP : CHAOS_DOWN);
  else
    return FALSE;
  return TRUE;
}

static void
obey (Relay      *self,
      const char *line)
{
  g_auto(GStrv) words = g_strsplit (line, " ", -1);
  guint n = g_strv_length (words);
  ChaosWay way = n > 1 && g_str_equal (words[1], "down") ? CHAOS_DOWN : CHAOS_UP;

  if (n == 3 && g_str_equal (words[0], "cut"))
    {
      self->weather.cut[way] = g_ascii_strtoll (words[2], NULL, 10);
      answer (self->links->len);
    }
  else if (n == 2 && g_str_equal (words[0], "bytes"))
    answer (self->weather.bytes[way]);
  else if (n == 2 && g_str_equal (words[0], "messages"))
    answer (self->weather.messages[way]);
  else if (n == 2 && g_str_equal (words[0], "storm"))
    self->storm = 2 * MAX (1, (guint) g_ascii_strtoull (words[1], NULL, 10));
  else if ((n == 1 && obey_word (self, words[0])) || (n == 2 && obey_number (self, words[0], words[1])))
    answer (self->links->len);
  else
    g_print ("what?\n");
}

/* FALSE: there is nobody any more. */
static gboolean
take_input (Relay *self)
{
  char buffer[256];
  gssize n = read (STDIN_FILENO, buffer, sizeof buffer);
  const char *newline;

  if (n <= 0)
    return FALSE;
  g_string_append_len (self->input, buffer, n);
  while ((newline = strchr (self->input->str, '\n')) != NULL)
    {
      g_autofree char *line = g_strndup (self->input->str, newline - self->input->str);

      g_string_erase (self->input, 0, strlen (line) + 1);
      obey (self, line);
    }
  fflush (stdout);
  return TRUE;
}

/* ---- the loop ---- */

static int
sooner (int a,
        int b)
{
  return a < 0 ? b : b < 0 ? a : MIN (a, b);
}

static gboolean
turn (Relay *self)
{
  guint n_links = self->links->len;
  g_autofree struct pollfd *polls = g_new0 (struct pollfd, 2 + 2 * n_links);
  int wait = -1;

  polls[0] = (struct pollfd) { STDIN_FILENO, POLLIN, 0 };
  polls[1] = (struct pollfd) { self->is_listening ? g_socket_get_fd (self->listener) : -1, POLLIN, 0 };
  for (guint i = 0; i < n_links; i++)
    wait = sooner (wait, chaos_link_poll (self->links->pdata[i], &self->weather, polls + 2 + 2 * i));
  if (self->storm > 0)
    wait = sooner (wait, 1);
  poll (polls, 2 + 2 * n_links, wait);

  for (guint i = n_links; i > 0; i--)
    if (!chaos_link_run (self->links->pdata[i - 1], &self->weather, polls + 2 * i))
      g_ptr_array_remove_index (self->links, i - 1);
  if (polls[1].revents != 0)
    take_connection (self);
  run_storm (self);
  fflush (stdout);
  return polls[0].revents == 0 || take_input (self);
}

static void
say_where (Relay  *self,
           guint32 seed)
{
  if (G_IS_UNIX_SOCKET_ADDRESS (self->address))
    {
      const char *path = g_unix_socket_address_get_path (G_UNIX_SOCKET_ADDRESS (self->address));
      g_autofree char *escaped = g_uri_escape_string (path, NULL, FALSE);

      g_print ("rmi+unix://%s %u\n", escaped, seed);
    }
  else
    {
      g_print ("rmi://127.0.0.1:%u %u\n", g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (self->address)), seed);
    }
  fflush (stdout);
}

int
main (int   argc,
      char *argv[])
{
  Relay self = { .links = g_ptr_array_new_with_free_func ((GDestroyNotify) chaos_link_free) };
  guint32 seed = argc > 3 ? (guint32) g_ascii_strtoull (argv[3], NULL, 10) : g_random_int ();

  prctl (PR_SET_PDEATHSIG, SIGKILL);
  self.address = find_address (argv[1]);
  self.target = find_address (argv[2]);
  self.input = g_string_new (NULL);
  self.random = g_rand_new_with_seed (seed);
  clear_weather (&self.weather);
  bind_listener (&self);
  listen_again (&self);
  say_where (&self, seed);

  while (turn (&self))
    ;

  g_ptr_array_unref (self.links);
  g_rand_free (self.random);
  g_string_free (self.input, TRUE);
  g_object_unref (self.listener);
  g_object_unref (self.address);
  g_object_unref (self.target);
  return 0;
}
