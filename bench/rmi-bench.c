/* bench/rmi-bench.c: calls with rmi-glib, measured
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "harness.h"

#include "sample.h"
#include "server.h"

typedef struct
{
  RmiNode   *node;
  BenchPeer *peer;
} Connection;

/* ---- the server ---- */

/* What listens, a node or workers. */
static void
lift_limits (gpointer listener)
{
  g_object_set (listener,
                "limit-connections", (guint64) G_MAXUINT32,
                "limit-connections-per-host", (guint64) G_MAXUINT32,
                "local-limit-connections", (guint64) G_MAXUINT32,
                NULL);
}

static char *
listen_with_workers (const char  *uri,
                     GObject     *server,
                     GError     **error)
{
  RmiWorkers *workers = rmi_workers_new (0);     /* for as long as the process lives */

  lift_limits (workers);
  return rmi_workers_export (workers, SERVER_PATH, server, error) ? rmi_workers_listen (workers, uri, NULL, error) : NULL;
}

static char *
listen_with_node (const char  *uri,
                  GObject     *server,
                  GError     **error)
{
  RmiNode *node = rmi_node_new ();               /* likewise */

  lift_limits (node);
  return rmi_node_export (node, SERVER_PATH, server, error) ? rmi_node_listen (node, uri, NULL, error) : NULL;
}

static void
serve_with (char       *(*listen) (const char *uri, GObject *server, GError **error),
            const char   *transport,
            const char   *socket_path)
{
  g_autoptr(GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autofree char *escaped = g_uri_escape_string (socket_path, NULL, FALSE);
  g_autofree char *uri = g_str_equal (transport, "unix") ? g_strconcat ("rmi+unix://", escaped, NULL)
                                                         : g_strdup ("rmi://127.0.0.1:0");
  g_autoptr(GObject) server = g_object_new (MY_TYPE_SERVER, NULL);
  g_autoptr(GError) error = NULL;
  g_autofree char *endpoint = listen (uri, server, &error);

  if (endpoint == NULL)
    harness_die ("%s", error->message);
  harness_announce (endpoint);
  g_main_loop_run (loop);
}

static void
serve (const char *transport,
       const char *socket_path)
{
  serve_with (listen_with_node, transport, socket_path);
}

static void
serve_threads (const char *transport,
               const char *socket_path)
{
  serve_with (listen_with_workers, transport, socket_path);
}

/* ---- the client ---- */

/* A node of its own, because a node shares one connection to each endpoint. */
static gpointer
dial (Harness *harness)
{
  Connection *self = g_new0 (Connection, 1);
  g_autofree char *uri = g_strconcat (harness_get_address (harness), SERVER_PATH, NULL);
  g_autoptr(GError) error = NULL;

  self->node = rmi_node_new ();
  self->peer = rmi_node_get_object (self->node, uri, BENCH_TYPE_PEER, NULL, &error);
  if (self->peer == NULL)
    harness_die ("%s", error->message);
  return self;
}

static void
hang_up (gpointer connection)
{
  Connection *self = connection;

  rmi_node_close (self->node);
  g_object_unref (self->peer);
  g_object_unref (self->node);
  g_free (self);
}

static void
null (gpointer connection)
{
  Connection *self = connection;
  g_autoptr(GError) error = NULL;

  if (!bench_peer_null (self->peer, NULL, &error))
    harness_die ("Null: %s", error->message);
}

static void
echo (gpointer connection)
{
  Connection *self = connection;
  g_autoptr(GError) error = NULL;
  g_autofree char *text = bench_peer_echo (self->peer, SAMPLE_TEXT, NULL, &error);

  if (text == NULL)
    harness_die ("Echo: %s", error->message);
  harness_check (g_str_equal (text, SAMPLE_TEXT), "the echo");
}

static BenchCustomer *
make_customer (void)
{
  g_autoptr(BenchAddress) address = bench_address_new (SAMPLE_STREET, SAMPLE_CITY, SAMPLE_ZIP, SAMPLE_COUNTRY);

  return bench_customer_new (SAMPLE_NAME, SAMPLE_EMAIL, address);
}

static BenchOrder *
make_order (void)
{
  g_autoptr(BenchCustomer) customer = make_customer ();
  g_autoptr(GPtrArray) lines = g_ptr_array_new_full (SAMPLE_LINES, (GDestroyNotify) bench_line_free);

  for (guint i = 0; i < SAMPLE_LINES; i++)
    {
      char sku[SAMPLE_SKU_SIZE];

      sample_get_sku (i, sku);
      g_ptr_array_add (lines, bench_line_new (sku, sample_get_quantity (i), sample_get_price (i)));
    }
  return bench_order_new (SAMPLE_ORDER_ID, customer, lines);
}

static void
place (gpointer connection)
{
  Connection *self = connection;
  g_autoptr(BenchOrder) order = make_order ();
  g_autoptr(GError) error = NULL;
  g_autoptr(BenchReceipt) receipt = bench_peer_place (self->peer, order, NULL, &error);
  double total = 0;

  if (receipt == NULL)
    harness_die ("Place: %s", error->message);
  for (guint i = 0; i < receipt->items->len; i++)
    {
      const BenchLine *line = receipt->items->pdata[i];

      total += line->qty * line->price;
    }
  harness_check (receipt->order_id == SAMPLE_ORDER_ID && receipt->total == sample_get_total () && receipt->total == total &&
                 receipt->lines_count == SAMPLE_LINES && receipt->items->len == SAMPLE_LINES,
                 "the receipt");
}

static BenchOrderObject *
make_order_object (void)
{
  g_autoptr(BenchCustomer) customer = make_customer ();
  g_autoptr(GPtrArray) lines = g_ptr_array_new_full (SAMPLE_LINES, g_object_unref);

  for (guint i = 0; i < SAMPLE_LINES; i++)
    {
      char sku[SAMPLE_SKU_SIZE];

      sample_get_sku (i, sku);
      g_ptr_array_add (lines, bench_line_object_new (sku, sample_get_quantity (i), sample_get_price (i)));
    }
  return bench_order_object_new (SAMPLE_ORDER_ID, customer, lines);
}

static void
place_objects (gpointer connection)
{
  Connection *self = connection;
  g_autoptr(BenchOrderObject) order = make_order_object ();
  g_autoptr(GError) error = NULL;
  g_autoptr(BenchReceiptObject) receipt = bench_peer_place_objects (self->peer, order, NULL, &error);
  GPtrArray *lines;
  double total = 0;

  if (receipt == NULL)
    harness_die ("PlaceObjects: %s", error->message);
  lines = bench_receipt_object_get_items (receipt);
  for (guint i = 0; i < lines->len; i++)
    total += bench_line_object_get_qty (lines->pdata[i]) * bench_line_object_get_price (lines->pdata[i]);
  harness_check (bench_receipt_object_get_order_id (receipt) == SAMPLE_ORDER_ID &&
                 bench_receipt_object_get_total (receipt) == sample_get_total () &&
                 bench_receipt_object_get_total (receipt) == total &&
                 bench_receipt_object_get_lines_count (receipt) == SAMPLE_LINES && lines->len == SAMPLE_LINES,
                 "the receipt");
}

static void
sum (gpointer connection)
{
  static GArray *numbers;
  Connection *self = connection;
  g_autoptr(GError) error = NULL;
  double result;

  if (numbers == NULL)
    {
      numbers = g_array_sized_new (FALSE, FALSE, sizeof (double), SAMPLE_NUMBERS);
      for (guint i = 0; i < SAMPLE_NUMBERS; i++)
        {
          double number = sample_get_number (i);

          g_array_append_val (numbers, number);
        }
    }
  if (!bench_peer_sum (self->peer, numbers, &result, NULL, &error))
    harness_die ("Sum: %s", error->message);
  harness_check (result == sample_get_sum (), "the sum");
}

static void
echoed_cb (GObject      *peer,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *text = bench_peer_echo_finish (BENCH_PEER (peer), result, &error);

  if (text == NULL)
    harness_die ("Echo: %s", error->message);
  harness_check (g_str_equal (text, SAMPLE_TEXT), "the echo");
  harness_slot_done (user_data);
}

static void
begin_echo (gpointer     connection,
            HarnessSlot *slot)
{
  Connection *self = connection;

  bench_peer_echo_async (self->peer, SAMPLE_TEXT, NULL, echoed_cb, slot);
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
    .name = "rmi-glib", .serve = serve, .serve_threads = serve_threads, .dial = dial, .hang_up = hang_up,
    .null = null, .echo = echo, .place = place, .place_objects = place_objects, .sum = sum,
    .begin_echo = begin_echo, .iterate = iterate,
  };

  return harness_main (argc, argv, &peer);
}
