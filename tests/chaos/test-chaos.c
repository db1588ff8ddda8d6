/* tests/chaos/test-chaos.c: the relay does what it is told to
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "config.h"
#include "tests/chaos/chaos.h"

#include <errno.h>
#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "rmi/rmi-address-internal.h"

#define WATCHDOG_S 100

/* Who dials through the relay, and who is dialled. */
typedef struct
{
  GSocket *listener;
  char    *directory;        /* of its socket, or NULL */
  Chaos   *chaos;
  GSocket *near;
  GSocket *far;
} Fixture;

/* ---- sockets ---- */

static GSocketAddress *
make_address (Fixture    *fixture,
              const char *transport)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *path = NULL;

  if (g_str_equal (transport, "tcp"))
    return g_inet_socket_address_new_from_string ("127.0.0.1", 0);

  fixture->directory = g_dir_make_tmp ("chaos-XXXXXX", &error);
  g_assert_no_error (error);
  path = g_build_filename (fixture->directory, "target", NULL);
  return g_unix_socket_address_new (path);
}

static char *
listener_uri (Fixture *fixture)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GSocketAddress) address = g_socket_get_local_address (fixture->listener, &error);
  g_autofree char *escaped = NULL;

  g_assert_no_error (error);
  if (G_IS_INET_SOCKET_ADDRESS (address))
    return g_strdup_printf ("rmi://127.0.0.1:%u/there", g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (address)));
  escaped = g_uri_escape_string (g_unix_socket_address_get_path (G_UNIX_SOCKET_ADDRESS (address)), NULL, FALSE);
  return g_strdup_printf ("rmi+unix://%s/there", escaped);
}

static GSocket *
dial (Fixture  *fixture,
      GError  **error)
{
  g_autoptr(RmiEndpoint) endpoint = rmi_endpoint_parse (chaos_get_uri (fixture->chaos), NULL, NULL);
  g_autoptr(GSocketConnectable) connectable = rmi_endpoint_get_connectable (endpoint);
  g_autoptr(GSocketAddressEnumerator) addresses = g_socket_connectable_enumerate (connectable);
  g_autoptr(GSocketAddress) address = g_socket_address_enumerator_next (addresses, NULL, NULL);
  g_autoptr(GSocket) near = g_socket_new (g_socket_address_get_family (address), G_SOCKET_TYPE_STREAM,
                                          G_SOCKET_PROTOCOL_DEFAULT, NULL);

  return g_socket_connect (near, address, NULL, error) ? g_steal_pointer (&near) : NULL;
}

static void
connect_through (Fixture *fixture)
{
  g_autoptr(GError) error = NULL;

  g_clear_object (&fixture->near);
  g_clear_object (&fixture->far);
  fixture->near = dial (fixture, &error);
  g_assert_no_error (error);
  fixture->far = g_socket_accept (fixture->listener, NULL, &error);
  g_assert_no_error (error);
}

static void
send_text (GSocket    *socket,
           const char *text)
{
  g_autoptr(GError) error = NULL;

  g_assert_cmpint (g_socket_send (socket, text, strlen (text), NULL, &error), ==, (gssize) strlen (text));
  g_assert_no_error (error);
}

/* All that comes, until as much as in @text came, or the end: "end" or "reset" is put behind it. */
static void
assert_comes (GSocket    *socket,
              const char *text)
{
  g_autoptr(GString) got = g_string_new (NULL);
  char buffer[256];

  while (got->len < strlen (text))
    {
      g_autoptr(GError) error = NULL;
      gssize n = g_socket_receive (socket, buffer, MIN (sizeof buffer, strlen (text) - got->len), NULL, &error);

      if (n > 0)
        g_string_append_len (got, buffer, n);
      else
        g_string_append (got, n == 0 ? "end" : "reset");
      if (n <= 0)
        break;
    }
  g_assert_cmpstr (got->str, ==, text);
}

static gboolean
has_input (GSocket *socket)
{
  return (g_socket_condition_check (socket, G_IO_IN) & G_IO_IN) != 0;
}

static void
set_up (Fixture       *fixture,
        gconstpointer  transport)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GSocketAddress) address = make_address (fixture, transport);
  g_autofree char *uri = NULL;

  alarm (WATCHDOG_S);
  fixture->listener = g_socket_new (g_socket_address_get_family (address), G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_DEFAULT,
                                    &error);
  g_socket_bind (fixture->listener, address, TRUE, &error);
  g_socket_listen (fixture->listener, &error);
  g_assert_no_error (error);
  uri = listener_uri (fixture);
  fixture->chaos = chaos_start (uri);
  g_assert_true (g_str_has_suffix (chaos_get_uri (fixture->chaos), "/there"));
  connect_through (fixture);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  transport)
{
  g_clear_object (&fixture->near);
  g_clear_object (&fixture->far);
  g_clear_pointer (&fixture->chaos, chaos_stop);
  g_clear_object (&fixture->listener);
  if (fixture->directory != NULL)
    {
      g_autofree char *path = g_build_filename (fixture->directory, "target", NULL);

      g_unlink (path);
      g_rmdir (fixture->directory);
      g_free (fixture->directory);
    }
  alarm (0);
}

/* ---- tests ---- */

static void
test_passes_on (Fixture       *fixture,
                gconstpointer  transport)
{
  g_autoptr(GSocket) near = NULL;
  g_autoptr(GSocket) far = NULL;

  send_text (fixture->near, "there");
  assert_comes (fixture->far, "there");
  send_text (fixture->far, "and back");
  assert_comes (fixture->near, "and back");

  near = g_steal_pointer (&fixture->near);
  far = g_steal_pointer (&fixture->far);
  connect_through (fixture);
  g_assert_cmpuint (chaos_do (fixture->chaos, "links"), ==, 2);
  send_text (fixture->near, "second");
  send_text (near, "first");
  assert_comes (fixture->far, "second");
  assert_comes (far, "first");
  g_assert_cmpuint (chaos_do (fixture->chaos, "bytes up"), ==, strlen ("theresecondfirst"));
  g_assert_cmpuint (chaos_do (fixture->chaos, "bytes down"), ==, strlen ("and back"));
}

static void
test_passes_ends_on (Fixture       *fixture,
                     gconstpointer  transport)
{
  send_text (fixture->near, "last words");
  g_socket_shutdown (fixture->near, FALSE, TRUE, NULL);
  assert_comes (fixture->far, "last wordsend");
  send_text (fixture->far, "answer");
  g_clear_object (&fixture->far);
  assert_comes (fixture->near, "answerend");
  while (chaos_do (fixture->chaos, "links") > 0)
    ;
}

static void
test_delay_and_chop (Fixture       *fixture,
                     gconstpointer  transport)
{
  gint64 begin = g_get_monotonic_time ();

  chaos_do (fixture->chaos, "delay 30");
  chaos_do (fixture->chaos, "chop 3");
  send_text (fixture->near, "ten pieces of three bytes each");
  assert_comes (fixture->far, "ten pieces of three bytes each");
  g_assert_cmpint (g_get_monotonic_time () - begin, >=, 30000);
}

static void
test_stall (Fixture       *fixture,
            gconstpointer  transport)
{
  chaos_do (fixture->chaos, "stall up");
  send_text (fixture->near, "held");
  send_text (fixture->far, "goes");
  assert_comes (fixture->near, "goes");
  g_assert_false (has_input (fixture->far));
  chaos_do (fixture->chaos, "stall");
  send_text (fixture->far, "held too");
  chaos_do (fixture->chaos, "links");
  g_assert_false (has_input (fixture->near));
  g_assert_false (has_input (fixture->far));
  chaos_do (fixture->chaos, "go");
  assert_comes (fixture->far, "held");
  assert_comes (fixture->near, "held too");
}

/* Byte @k and all after it are lost, whatever the pieces; the links after it are well. */
static void
test_cut (Fixture       *fixture,
          gconstpointer  transport)
{
  static const char text[] = "cut me anywhere";

  for (guint k = 0; k < strlen (text); k++)
    {
      g_autofree char *up = g_strdup_printf ("%.*send", (int) k, text);

      chaos_do (fixture->chaos, "chop %u", k % 4);
      chaos_do (fixture->chaos, "cut up %u", k);
      send_text (fixture->near, text);
      assert_comes (fixture->far, up);
      connect_through (fixture);
      chaos_do (fixture->chaos, "cut down %u", k);
      send_text (fixture->far, text);
      assert_comes (fixture->near, up);
      connect_through (fixture);
    }
  send_text (fixture->near, text);
  assert_comes (fixture->far, text);
}

static void
test_drop_and_reset (Fixture       *fixture,
                     gconstpointer  transport)
{
  g_assert_cmpuint (chaos_do (fixture->chaos, "drop"), ==, 0);
  assert_comes (fixture->near, "end");
  assert_comes (fixture->far, "end");
  connect_through (fixture);
  g_assert_cmpuint (chaos_do (fixture->chaos, "links"), ==, 1);
  chaos_do (fixture->chaos, "stall");
  send_text (fixture->near, "unread");
  send_text (fixture->far, "unread");
  g_assert_cmpuint (chaos_do (fixture->chaos, "reset"), ==, 0);
  assert_comes (fixture->near, "reset");
  assert_comes (fixture->far, "reset");
}

static void
test_half_open (Fixture       *fixture,
                gconstpointer  transport)
{
  chaos_do (fixture->chaos, "half-open near");
  assert_comes (fixture->far, "end");
  send_text (fixture->near, "to nobody");
  chaos_do (fixture->chaos, "links");
  g_assert_false (has_input (fixture->near));
  connect_through (fixture);
  send_text (fixture->near, "to somebody");
  assert_comes (fixture->far, "to somebody");

  chaos_do (fixture->chaos, "half-open far");
  assert_comes (fixture->near, "end");
  send_text (fixture->far, "to nobody");
  chaos_do (fixture->chaos, "links");
  g_assert_false (has_input (fixture->far));
  g_clear_object (&fixture->far);
  while (chaos_do (fixture->chaos, "links") > 0)
    ;
}

/* Not even the other's end is passed on. */
static void
test_mute (Fixture       *fixture,
           gconstpointer  transport)
{
  chaos_do (fixture->chaos, "mute");
  send_text (fixture->near, "to nobody");
  g_clear_object (&fixture->near);
  chaos_do (fixture->chaos, "links");
  g_assert_cmpuint (chaos_do (fixture->chaos, "links"), ==, 1);
  g_assert_false (has_input (fixture->far));
  g_clear_object (&fixture->far);
  while (chaos_do (fixture->chaos, "links") > 0)
    ;
}

static void
test_refuse (Fixture       *fixture,
             gconstpointer  transport)
{
  g_autoptr(GError) error = NULL;

  chaos_do (fixture->chaos, "refuse");
  send_text (fixture->near, "goes on");
  assert_comes (fixture->far, "goes on");
  g_assert_null (dial (fixture, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED);
  chaos_do (fixture->chaos, "refuse");
  chaos_do (fixture->chaos, "accept");
  chaos_do (fixture->chaos, "accept");
  connect_through (fixture);
}

static void
test_counts_messages (Fixture       *fixture,
                      gconstpointer  transport)
{
  chaos_do (fixture->chaos, "chop 5");
  send_text (fixture->near, "Content-Length: 2\r\n\r\n{}CContent-Length: 3\r\n\r\n[1]Content-");
  send_text (fixture->near, "Length: 2\r\n\r\n[]!");
  assert_comes (fixture->far, "Content-Length: 2\r\n\r\n{}CContent-Length: 3\r\n\r\n[1]Content-Length: 2\r\n\r\n[]!");
  g_assert_cmpuint (chaos_do (fixture->chaos, "messages up"), ==, 3);
  g_assert_cmpuint (chaos_do (fixture->chaos, "messages down"), ==, 0);
}

static void
forget_comers (Fixture *fixture)
{
  g_socket_set_blocking (fixture->listener, FALSE);
  while (TRUE)
    {
      g_autoptr(GSocket) far = g_socket_accept (fixture->listener, NULL, NULL);

      if (far == NULL)
        break;
    }
  g_socket_set_blocking (fixture->listener, TRUE);
}

/* Whatever it was like, after it all is well: who comes then gets through, behind those that came before. */
static void
test_storm (Fixture       *fixture,
            gconstpointer  transport)
{
  static const char text[] = "after the storm";
  char buffer[256];
  gssize n;

  chaos_begin (fixture->chaos, "storm 25");
  while (!chaos_has_answer (fixture->chaos))
    {
      g_autoptr(GSocket) near = dial (fixture, NULL);

      if (near != NULL)
        g_socket_send (near, "in the wind", 11, NULL, NULL);
      forget_comers (fixture);
      g_usleep (1000);
    }
  chaos_end (fixture->chaos);

  g_clear_object (&fixture->near);
  fixture->near = dial (fixture, NULL);
  g_assert_nonnull (fixture->near);
  send_text (fixture->near, text);
  do
    {
      g_clear_object (&fixture->far);
      fixture->far = g_socket_accept (fixture->listener, NULL, NULL);
      n = g_socket_receive (fixture->far, buffer, sizeof buffer, NULL, NULL);
    }
  while (n != (gssize) strlen (text) || memcmp (buffer, text, n) != 0);
}

static void
add (const char *name,
     void      (*func) (Fixture *, gconstpointer))
{
  static const char *const transports[] = { "unix", "tcp" };

  for (guint i = 0; i < G_N_ELEMENTS (transports); i++)
    {
      g_autofree char *path = g_strdup_printf ("/rmi/chaos/%s/%s", transports[i], name);

      g_test_add (path, Fixture, transports[i], set_up, func, tear_down);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  add ("passes-on-both-ways-and-many-at-once", test_passes_on);
  add ("passes-ends-on", test_passes_ends_on);
  add ("delays-and-chops", test_delay_and_chop);
  add ("stalls-one-way-or-both", test_stall);
  add ("cuts-at-any-byte", test_cut);
  add ("drops-and-resets", test_drop_and_reset);
  add ("leaves-links-half-open", test_half_open);
  add ("goes-mute", test_mute);
  add ("refuses", test_refuse);
  add ("counts-messages", test_counts_messages);
  add ("storms-and-is-well-after", test_storm);
  return g_test_run ();
}
