/* tests/clients/server.c: what other people's JSON-RPC clients are tested with
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * usage: server SOCKET [LIMIT=NUMBER…]: the methods of the specification at /, a party at /party. Listens on a port of the
 * loopback and at SOCKET, prints both URIs, and serves until its input ends. Then it leaves nothing behind, which the
 * sanitizers prove.
 */
#include "config.h"

#include "arithmetic.h"
#include "tests/scenarios-guest.h"

#include <glib-unix.h>
#include <unistd.h>

#define ARITHMETIC_TYPE (arithmetic_get_type ())
G_DECLARE_FINAL_TYPE (Arithmetic, arithmetic, SERVER, ARITHMETIC, GObject)

struct _Arithmetic
{
  GObject       parent_instance;
  GStrvBuilder *lines;
};

static void arithmetic_implement (ClientsArithmeticInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (Arithmetic, arithmetic, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (CLIENTS_TYPE_ARITHMETIC, arithmetic_implement))

/* ---- the methods of the specification ---- */

static gboolean
arithmetic_subtract (ClientsArithmetic *arithmetic,
                     int                minuend,
                     int                subtrahend,
                     int               *difference,
                     GCancellable      *cancellable,
                     GError           **error)
{
  *difference = minuend - subtrahend;
  return TRUE;
}

static gboolean
arithmetic_sum (ClientsArithmetic *arithmetic,
                int                a,
                int                b,
                int                c,
                int               *total,
                GCancellable      *cancellable,
                GError           **error)
{
  *total = a + b + c;
  return TRUE;
}

static GVariant *
arithmetic_get_data (ClientsArithmetic *arithmetic,
                     GCancellable      *cancellable,
                     GError           **error)
{
  return g_variant_ref_sink (g_variant_new ("(si)", "hello", 5));
}

static gboolean
write_down (ClientsArithmetic *arithmetic,
            const char        *format,
            ...) G_GNUC_PRINTF (2, 3);

static gboolean
write_down (ClientsArithmetic *arithmetic,
            const char        *format,
            ...)
{
  g_autofree char *line = NULL;
  va_list arguments;

  va_start (arguments, format);
  line = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_strv_builder_add (SERVER_ARITHMETIC (arithmetic)->lines, line);
  return TRUE;
}

static gboolean
arithmetic_update (ClientsArithmetic *arithmetic,
                   int                a,
                   int                b,
                   int                c,
                   int                d,
                   int                e,
                   GCancellable      *cancellable,
                   GError           **error)
{
  return write_down (arithmetic, "update %d %d %d %d %d", a, b, c, d, e);
}

static gboolean
arithmetic_notify_sum (ClientsArithmetic *arithmetic,
                       int                a,
                       int                b,
                       int                c,
                       GCancellable      *cancellable,
                       GError           **error)
{
  return write_down (arithmetic, "notify_sum %d %d %d", a, b, c);
}

static gboolean
arithmetic_notify_hello (ClientsArithmetic *arithmetic,
                         int                number,
                         GCancellable      *cancellable,
                         GError           **error)
{
  return write_down (arithmetic, "notify_hello %d", number);
}

/* Takes them all. */
static char **
arithmetic_written (ClientsArithmetic *arithmetic,
                    GCancellable      *cancellable,
                    GError           **error)
{
  return g_strv_builder_end (SERVER_ARITHMETIC (arithmetic)->lines);
}

static void
arithmetic_implement (ClientsArithmeticInterface *iface)
{
  iface->subtract = arithmetic_subtract;
  iface->sum = arithmetic_sum;
  iface->get_data = arithmetic_get_data;
  iface->update = arithmetic_update;
  iface->notify_sum = arithmetic_notify_sum;
  iface->notify_hello = arithmetic_notify_hello;
  iface->written = arithmetic_written;
}

static void
arithmetic_finalize (GObject *object)
{
  g_strv_builder_unref (SERVER_ARITHMETIC (object)->lines);
  G_OBJECT_CLASS (arithmetic_parent_class)->finalize (object);
}

static void
arithmetic_class_init (ArithmeticClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = arithmetic_finalize;
}

static void
arithmetic_init (Arithmetic *self)
{
  self->lines = g_strv_builder_new ();
}

/* ---- the program ---- */

static gboolean
input_ended_cb (int          fd,
                GIOCondition condition,
                gpointer     loop)
{
  g_main_loop_quit (loop);
  return G_SOURCE_REMOVE;
}

static void
set_limits (RmiNode  *node,
            char    **settings)
{
  for (; *settings != NULL; settings++)
    {
      g_auto(GStrv) parts = g_strsplit (*settings, "=", 2);

      g_object_set (node, parts[0], g_ascii_strtoull (parts[1], NULL, 10), NULL);
    }
}

static gboolean
listen_at (RmiNode     *node,
           const char  *uri,
           GError     **error)
{
  g_autofree char *real = rmi_node_listen (node, uri, NULL, error);

  if (real != NULL)
    g_print ("%s\n", real);
  return real != NULL;
}

int
main (int   argc,
      char *argv[])
{
  g_autoptr(GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr(RmiNode) node = rmi_node_new ();
  g_autoptr(Arithmetic) arithmetic = g_object_new (ARITHMETIC_TYPE, NULL);
  g_autoptr(Guest) guest = guest_new (node);
  g_autofree char *escaped = g_uri_escape_string (argv[1], NULL, FALSE);
  g_autofree char *local = g_strconcat ("rmi+unix://", escaped, NULL);
  g_autoptr(GError) error = NULL;

  set_limits (node, argv + 2);
  if (!rmi_node_export (node, "/", G_OBJECT (arithmetic), &error) ||
      !rmi_node_export (node, "/party", G_OBJECT (guest), &error) ||
      !listen_at (node, "rmi://127.0.0.1:0", &error) ||
      !listen_at (node, local, &error))
    {
      g_printerr ("%s\n", error->message);
      return 1;
    }

  g_unix_fd_add (STDIN_FILENO, G_IO_IN | G_IO_HUP, input_ended_cb, loop);
  g_main_loop_run (loop);
  guest_forget (guest);
  rmi_node_close (node);
  return 0;
}
