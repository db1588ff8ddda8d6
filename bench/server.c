/* bench/server.c: the object that rmi-bench calls
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "server.h"

#include "sample.h"

struct _Server
{
  GObject parent_instance;
};

static void server_implement (BenchPeerInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (Server, server, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (BENCH_TYPE_PEER, server_implement))

static gboolean
server_null (BenchPeer     *peer,
             GCancellable  *cancellable,
             GError       **error)
{
  return TRUE;
}

static char *
server_echo (BenchPeer     *peer,
             const char    *text,
             GCancellable  *cancellable,
             GError       **error)
{
  return g_strdup (text);
}

static BenchReceipt *
server_place (BenchPeer         *peer,
              const BenchOrder  *order,
              GCancellable      *cancellable,
              GError           **error)
{
  double total = 0;

  for (guint i = 0; i < order->lines->len; i++)
    {
      const BenchLine *line = order->lines->pdata[i];

      total += line->qty * line->price;
    }
  return bench_receipt_new (order->id, total, order->lines->len, SAMPLE_STATUS, order->lines);
}

static BenchReceiptObject *
server_place_objects (BenchPeer         *peer,
                      BenchOrderObject  *order,
                      GCancellable      *cancellable,
                      GError           **error)
{
  GPtrArray *lines = bench_order_object_get_lines (order);
  double total = 0;

  for (guint i = 0; i < lines->len; i++)
    {
      BenchLineObject *line = lines->pdata[i];

      total += bench_line_object_get_qty (line) * bench_line_object_get_price (line);
    }
  return bench_receipt_object_new (bench_order_object_get_id (order), total, lines->len, SAMPLE_STATUS, lines);
}

static gboolean
server_sum (BenchPeer     *peer,
            GArray        *numbers,
            double        *sum,
            GCancellable  *cancellable,
            GError       **error)
{
  *sum = 0;
  for (guint i = 0; i < numbers->len; i++)
    *sum += g_array_index (numbers, double, i);
  return TRUE;
}

static void
server_implement (BenchPeerInterface *iface)
{
  iface->null = server_null;
  iface->echo = server_echo;
  iface->place = server_place;
  iface->place_objects = server_place_objects;
  iface->sum = server_sum;
}

static void
server_class_init (ServerClass *klass)
{
}

static void
server_init (Server *self)
{
}
