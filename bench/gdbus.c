/* bench/gdbus.c: the same calls with GDBus, peer to peer
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * No bus daemon: a GDBusServer in one process, a GDBusConnection to it in the other.
 */
#include "harness.h"

#include <string.h>

#include "sample.h"

#define PEER_PATH "/peer"
#define PEER_INTERFACE "org.example.bench.Peer"
#define ORDER_TYPE "(x(ss(ssss))a(sid))"
#define RECEIPT_TYPE "(xdisa(sid))"

static const char description[] =
  "<node><interface name='" PEER_INTERFACE "'>"
  "<method name='Null'/>"
  "<method name='Echo'><arg type='s' direction='in'/><arg type='s' direction='out'/></method>"
  "<method name='Place'>"
  "<arg type='" ORDER_TYPE "' direction='in'/><arg type='" RECEIPT_TYPE "' direction='out'/>"
  "</method>"
  "<method name='Sum'><arg type='ad' direction='in'/><arg type='d' direction='out'/></method>"
  "</interface></node>";

/* ---- the server ---- */

static GVariant *
answer_place (GVariant *arguments)
{
  GVariantBuilder lines;
  g_autoptr(GVariantIter) iter = NULL;
  const char *name, *email, *street, *city, *zip, *country, *sku;
  gint64 id;
  double price;
  double total = 0;
  int quantity;
  int count = 0;

  g_variant_get (arguments, "((x(&s&s(&s&s&s&s))a(sid)))", &id, &name, &email, &street, &city,
                 &zip, &country, &iter);
  g_variant_builder_init (&lines, G_VARIANT_TYPE ("a(sid)"));
  while (g_variant_iter_next (iter, "(&sid)", &sku, &quantity, &price))
    {
      total += quantity * price;
      count++;
      g_variant_builder_add (&lines, "(sid)", sku, quantity, price);
    }
  return g_variant_new ("((xdisa(sid)))", id, total, count, SAMPLE_STATUS, &lines);
}

static GVariant *
answer_sum (GVariant *arguments)
{
  g_autoptr(GVariant) array = g_variant_get_child_value (arguments, 0);
  gsize length;
  const double *numbers = g_variant_get_fixed_array (array, &length, sizeof (double));
  double sum = 0;

  for (gsize i = 0; i < length; i++)
    sum += numbers[i];
  return g_variant_new ("(d)", sum);
}

static void
answer_cb (GDBusConnection       *connection,
           const char            *sender,
           const char            *path,
           const char            *interface,
           const char            *method,
           GVariant              *arguments,
           GDBusMethodInvocation *invocation,
           gpointer               user_data)
{
  GVariant *result = NULL;               /* floating, or borrowed */

  if (g_str_equal (method, "Echo"))
    result = arguments;
  else if (g_str_equal (method, "Place"))
    result = answer_place (arguments);
  else if (g_str_equal (method, "Sum"))
    result = answer_sum (arguments);
  g_dbus_method_invocation_return_value (invocation, result);
}

static gboolean
connected_cb (GDBusServer     *server,
              GDBusConnection *connection,
              gpointer         user_data)
{
  static const GDBusInterfaceVTable vtable = { .method_call = answer_cb };
  GDBusNodeInfo *node = user_data;
  g_autoptr(GError) error = NULL;

  if (g_dbus_connection_register_object (connection, PEER_PATH, node->interfaces[0], &vtable, NULL, NULL, &error) == 0)
    harness_die ("%s", error->message);
  g_object_ref (connection);             /* for as long as the server runs */
  return TRUE;
}

static gboolean
allow_cb (GDBusAuthObserver *observer)
{
  return TRUE;
}

static GDBusAuthObserver *
make_observer (void)
{
  GDBusAuthObserver *observer = g_dbus_auth_observer_new ();

  g_signal_connect (observer, "allow-mechanism", G_CALLBACK (allow_cb), NULL);
  g_signal_connect (observer, "authorize-authenticated-peer", G_CALLBACK (allow_cb), NULL);
  return observer;
}

static void
serve (const char *transport,
       const char *socket_path)
{
  g_autofree char *address = g_str_equal (transport, "unix") ? g_strconcat ("unix:path=", socket_path, NULL)
                                                             : g_strdup ("tcp:host=127.0.0.1");
  g_autofree char *guid = g_dbus_generate_guid ();
  g_autoptr(GDBusAuthObserver) observer = make_observer ();
  g_autoptr(GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr(GError) error = NULL;
  g_autoptr(GDBusNodeInfo) node = g_dbus_node_info_new_for_xml (description, &error);
  g_autoptr(GDBusServer) server = NULL;

  if (node != NULL)
    server = g_dbus_server_new_sync (address, G_DBUS_SERVER_FLAGS_AUTHENTICATION_ALLOW_ANONYMOUS, guid, observer,
                                     NULL, &error);
  if (server == NULL)
    harness_die ("%s", error->message);
  g_signal_connect (server, "new-connection", G_CALLBACK (connected_cb), node);
  g_dbus_server_start (server);
  harness_announce (g_dbus_server_get_client_address (server));
  g_main_loop_run (loop);
}

/* ---- the client ---- */

static gpointer
dial (Harness *harness)
{
  g_autoptr(GDBusAuthObserver) observer = make_observer ();
  g_autoptr(GError) error = NULL;
  GDBusConnection *connection;

  connection = g_dbus_connection_new_for_address_sync (harness_get_address (harness),
                                                       G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT, observer, NULL,
                                                       &error);
  if (connection == NULL)
    harness_die ("%s", error->message);
  return connection;
}

static GVariant *
call (gpointer    connection,
      const char *method,
      GVariant   *arguments,
      const char *reply_type)
{
  g_autoptr(GError) error = NULL;
  GVariant *reply;

  reply = g_dbus_connection_call_sync (connection, NULL, PEER_PATH, PEER_INTERFACE, method, arguments,
                                       G_VARIANT_TYPE (reply_type), G_DBUS_CALL_FLAGS_NONE, -1, NULL, &error);
  if (reply == NULL)
    harness_die ("%s: %s", method, error->message);
  return reply;
}

static void
check_echo (GVariant *reply)
{
  const char *text;

  g_variant_get (reply, "(&s)", &text);
  harness_check (g_str_equal (text, SAMPLE_TEXT), "the echo");
}

static void
null (gpointer connection)
{
  g_autoptr(GVariant) reply = call (connection, "Null", NULL, "()");
}

static void
echo (gpointer connection)
{
  g_autoptr(GVariant) reply = call (connection, "Echo", g_variant_new ("(s)", SAMPLE_TEXT), "(s)");

  check_echo (reply);
}

static GVariant *
make_order (void)
{
  GVariantBuilder lines;

  g_variant_builder_init (&lines, G_VARIANT_TYPE ("a(sid)"));
  for (guint i = 0; i < SAMPLE_LINES; i++)
    {
      char sku[SAMPLE_SKU_SIZE];

      sample_get_sku (i, sku);
      g_variant_builder_add (&lines, "(sid)", sku, sample_get_quantity (i), sample_get_price (i));
    }
  return g_variant_new ("((x(ss(ssss))a(sid)))", SAMPLE_ORDER_ID, SAMPLE_NAME, SAMPLE_EMAIL, SAMPLE_STREET,
                        SAMPLE_CITY, SAMPLE_ZIP, SAMPLE_COUNTRY, &lines);
}

static void
place (gpointer connection)
{
  g_autoptr(GVariant) reply = call (connection, "Place", make_order (), "(" RECEIPT_TYPE ")");
  g_autoptr(GVariantIter) lines = NULL;
  const char *status, *sku;
  gint64 id;
  double total, price;
  double lines_total = 0;
  int count, quantity;
  int i = 0;

  g_variant_get (reply, "((xdi&sa(sid)))", &id, &total, &count, &status, &lines);
  for (; g_variant_iter_next (lines, "(&sid)", &sku, &quantity, &price); i++)
    lines_total += quantity * price;
  harness_check (id == SAMPLE_ORDER_ID && total == sample_get_total () && total == lines_total &&
                 count == SAMPLE_LINES && i == count, "the receipt");
}

static void
sum (gpointer connection)
{
  static double numbers[SAMPLE_NUMBERS];
  g_autoptr(GVariant) reply = NULL;
  GVariant *array;
  double result;

  if (numbers[0] == 0)
    for (guint i = 0; i < SAMPLE_NUMBERS; i++)
      numbers[i] = sample_get_number (i);
  array = g_variant_new_fixed_array (G_VARIANT_TYPE_DOUBLE, numbers, SAMPLE_NUMBERS, sizeof (double));
  reply = call (connection, "Sum", g_variant_new ("(@ad)", array), "(d)");
  g_variant_get (reply, "(d)", &result);
  harness_check (result == sample_get_sum (), "the sum");
}

static void
echoed_cb (GObject      *connection,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GVariant) reply = g_dbus_connection_call_finish (G_DBUS_CONNECTION (connection), result, &error);

  if (reply == NULL)
    harness_die ("Echo: %s", error->message);
  check_echo (reply);
  harness_slot_done (user_data);
}

static void
begin_echo (gpointer     connection,
            HarnessSlot *slot)
{
  g_dbus_connection_call (connection, NULL, PEER_PATH, PEER_INTERFACE, "Echo", g_variant_new ("(s)", SAMPLE_TEXT),
                          G_VARIANT_TYPE ("(s)"), G_DBUS_CALL_FLAGS_NONE, -1, NULL, echoed_cb, slot);
}

static void
iterate (gpointer connection)
{
  g_main_context_iteration (NULL, TRUE);
}

int
main (int    argc,
      char **argv)
{
  static const HarnessPeer peer = {
    .name = "gdbus", .serve = serve, .dial = dial, .hang_up = g_object_unref,
    .null = null, .echo = echo, .place = place, .sum = sum,
    .begin_echo = begin_echo, .iterate = iterate, .most_idle = 1000,
  };

  return harness_main (argc, argv, &peer);
}
