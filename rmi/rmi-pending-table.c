/* rmi/rmi-pending-table.c: calls sent and not yet answered
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "config.h"
#include "rmi/rmi-pending-table-private.h"

#define FIRST_BUCKETS 16

static RmiCall **
bucket_of (RmiPendingTable *self,
           gint64           serial)
{
  return &self->buckets[(guint64) serial & (self->n_buckets - 1)];
}

static void
grow (RmiPendingTable *self)
{
  g_autofree RmiCall **old = self->buckets;
  guint n_old = self->n_buckets;

  self->n_buckets = n_old == 0 ? FIRST_BUCKETS : n_old * 2;
  self->buckets = g_new0 (RmiCall *, self->n_buckets);
  for (guint i = 0; i < n_old; i++)
    for (RmiCall *call = old[i], *next; call != NULL; call = next)
      {
        RmiCall **bucket = bucket_of (self, call->serial);

        next = call->next;
        call->next = *bucket;
        *bucket = call;
      }
}

void
rmi_pending_table_clear (RmiPendingTable *self)
{
  g_assert (self->n_calls == 0);
  g_clear_pointer (&self->buckets, g_free);
  self->n_buckets = 0;
}

void
rmi_pending_table_add (RmiPendingTable *self,
                       RmiCall         *call)
{
  RmiCall **bucket;

  if (self->n_calls >= self->n_buckets)
    grow (self);
  bucket = bucket_of (self, call->serial);
  call->next = *bucket;
  *bucket = call;
  self->n_calls++;
}

RmiCall *
rmi_pending_table_lookup (RmiPendingTable *self,
                          gint64           serial)
{
  if (self->n_calls == 0)
    return NULL;

  for (RmiCall *call = *bucket_of (self, serial); call != NULL; call = call->next)
    if (call->serial == serial)
      return call;
  return NULL;
}

gboolean
rmi_pending_table_remove (RmiPendingTable *self,
                          RmiCall         *call)
{
  if (self->n_calls == 0)
    return FALSE;

  for (RmiCall **link = bucket_of (self, call->serial); *link != NULL; link = &(*link)->next)
    if (*link == call)
      {
        *link = call->next;
        call->next = NULL;
        self->n_calls--;
        return TRUE;
      }
  return FALSE;
}

static int
compare_serials (gconstpointer a,
                 gconstpointer b)
{
  gint64 x = *(const gint64 *) a;
  gint64 y = *(const gint64 *) b;

  return x < y ? -1 : x > y;
}

GArray *
rmi_pending_table_list_serials (RmiPendingTable *self)
{
  GArray *serials = g_array_sized_new (FALSE, FALSE, sizeof (gint64), self->n_calls);

  for (guint i = 0; i < self->n_buckets; i++)
    for (RmiCall *call = self->buckets[i]; call != NULL; call = call->next)
      g_array_append_val (serials, call->serial);
  g_array_sort (serials, compare_serials);
  return serials;
}
