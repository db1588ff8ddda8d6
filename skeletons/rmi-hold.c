/* skeletons/rmi-hold.c: what each peer has of an export: references and subscriptions
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "config.h"
#include "skeletons/rmi-export-private.h"

#include "rmi/rmi-error.h"
#include "rmi/rmi-forwarder-internal.h"
#include "skeletons/rmi-skeleton-private.h"

/* ---- who holds it ---- */

static void forget_subscription (RmiSubscription **link);

static void
hold_free (gpointer data)
{
  RmiHold *hold = data;

  while (hold->subscriptions != NULL)
    forget_subscription (&hold->subscriptions);
  g_queue_unlink (&hold->export->holds, &hold->link);
  rmi_export_unref (hold->export);
  g_free (hold);
}

/* Once a connection is gone nothing is left of its holds: it told us before. */
static GHashTable *
ensure_holds (RmiConnection *connection)
{
  GHashTable *holds = rmi_connection_get_export_data (connection);

  if (holds == NULL)
    {
      holds = g_hash_table_new_full (NULL, NULL, NULL, hold_free);
      rmi_connection_set_export_data (connection, holds, (GDestroyNotify) g_hash_table_unref);
    }
  return holds;
}

RmiHold *
rmi_export_find_hold (RmiExport     *self,
                      RmiConnection *connection)
{
  GHashTable *holds = rmi_connection_get_export_data (connection);

  return holds != NULL ? g_hash_table_lookup (holds, self) : NULL;
}

static gboolean
is_held (const RmiHold *hold)
{
  return hold->count > 0 || hold->stale > 0;
}

gboolean
rmi_export_is_held_by (RmiExport     *self,
                       RmiConnection *connection)
{
  RmiHold *hold = rmi_export_find_hold (self, connection);

  return hold != NULL && is_held (hold);
}

static RmiHold *
ensure_hold (RmiExport      *self,
             RmiConnection  *connection,
             GError        **error)
{
  GHashTable *holds = ensure_holds (connection);
  RmiHold *hold = g_hash_table_lookup (holds, self);
  guint limit = rmi_connection_get_limits (connection)->references;

  if (hold != NULL)
    return hold;
  if (g_hash_table_size (holds) >= limit)
    {
      g_set_error (error, RMI_ERROR, RMI_ERROR_LIMIT,
                   "The peer holds %u objects of this process already", limit);
      return NULL;
    }

  hold = g_new0 (RmiHold, 1);
  hold->connection = connection;
  hold->export = rmi_export_ref (self);
  hold->link.data = hold;
  g_queue_push_tail_link (&self->holds, &hold->link);
  g_hash_table_insert (holds, self, hold);
  return hold;
}

static void
remove_if_empty (RmiHold *hold)
{
  if (!is_held (hold) && hold->subscriptions == NULL)
    g_hash_table_remove (rmi_connection_get_export_data (hold->connection), hold->export);
}

gboolean
rmi_export_add_reference (RmiExport      *self,
                          RmiConnection  *connection,
                          GError        **error)
{
  RmiHold *hold = ensure_hold (self, connection, error);

  if (hold == NULL)
    return FALSE;
  if (!is_held (hold))
    self->n_holders++;
  hold->count++;
  return TRUE;
}

/* ---- who listens to it ---- */

static void
listen_to_object (RmiExport *self,
                  gboolean   is_wanted)
{
  if (RMI_IS_FORWARDER (self->object))
    rmi_forwarder_listen (RMI_FORWARDER (self->object), is_wanted);
  for (guint i = 0; i < self->skeletons->len; i++)
    rmi_skeleton_listen (g_ptr_array_index (self->skeletons, i), is_wanted);
}

RmiSubscription *
rmi_export_find_subscription (RmiExport     *self,
                              RmiConnection *connection,
                              const char    *path)
{
  RmiHold *hold = rmi_export_find_hold (self, connection);
  RmiSubscription *subscription = hold != NULL ? hold->subscriptions : NULL;

  while (subscription != NULL && !g_str_equal (subscription->path, path))
    subscription = subscription->next;
  return subscription;
}

gboolean
rmi_export_subscribe (RmiExport      *self,
                      RmiConnection  *connection,
                      const char     *path,
                      GError        **error)
{
  RmiHold *hold = ensure_hold (self, connection, error);
  RmiSubscription *subscription;

  if (hold == NULL)
    return FALSE;
  if (rmi_export_find_subscription (self, connection, path) != NULL)
    return TRUE;

  subscription = g_new0 (RmiSubscription, 1);
  subscription->hold = hold;
  subscription->next = hold->subscriptions;
  subscription->path = g_ref_string_new (path);
  hold->subscriptions = subscription;
  g_ptr_array_add (self->subscriptions, subscription);
  if (self->subscriptions->len == 1)
    listen_to_object (self, TRUE);
  return TRUE;
}

/* @link: where its hold points to it. */
static void
forget_subscription (RmiSubscription **link)
{
  RmiSubscription *subscription = *link;
  RmiExport *self = subscription->hold->export;

  *link = subscription->next;
  g_ptr_array_remove (self->subscriptions, subscription);
  if (self->subscriptions->len == 0)
    listen_to_object (self, FALSE);
}

void
rmi_export_unsubscribe (RmiExport     *self,
                        RmiConnection *connection,
                        const char    *path)
{
  RmiHold *hold = rmi_export_find_hold (self, connection);
  RmiSubscription **link = hold != NULL ? &hold->subscriptions : NULL;

  while (link != NULL && *link != NULL && !g_str_equal ((*link)->path, path))
    link = &(*link)->next;
  if (link == NULL || *link == NULL)
    return;
  forget_subscription (link);
  remove_if_empty (hold);
}

gboolean
rmi_export_remove_references (RmiExport     *self,
                              RmiConnection *connection,
                              guint64        count)
{
  RmiHold *hold = rmi_export_find_hold (self, connection);

  if (hold == NULL || hold->count == 0 || count == 0)
    return FALSE;

  hold->count -= MIN (count, hold->count);
  if (is_held (hold))
    return FALSE;

  self->n_holders--;
  if (rmi_export_find_subscription (self, connection, self->id) != NULL)
    rmi_export_unsubscribe (self, connection, self->id);
  else
    remove_if_empty (hold);
  return self->n_holders == 0;
}

void
rmi_export_remove_path (RmiExport  *self,
                        const char *path)
{
  guint index;

  for (guint i = self->subscriptions->len; i > 0; i--)
    {
      RmiSubscription *subscription = g_ptr_array_index (self->subscriptions, i - 1);

      if (g_str_equal (subscription->path, path))
        rmi_export_unsubscribe (self, subscription->hold->connection, path);
    }
  if (g_ptr_array_find_with_equal_func (self->paths, path, g_str_equal, &index))
    g_ptr_array_remove_index (self->paths, index);
}

GPtrArray *
rmi_export_take_holders (RmiExport *self)
{
  GPtrArray *holders = g_ptr_array_new_with_free_func (g_object_unref);

  while (self->holds.head != NULL)
    {
      RmiHold *hold = self->holds.head->data;

      if (is_held (hold))
        g_ptr_array_add (holders, g_object_ref (hold->connection));
      while (hold->subscriptions != NULL)
        forget_subscription (&hold->subscriptions);
      g_hash_table_remove (rmi_connection_get_export_data (hold->connection), self);
    }
  self->n_holders = 0;
  return holders;
}

/* ---- what a connection has ---- */

static void
gap_clear (gpointer data)
{
  RmiGap *gap = data;

  rmi_export_unref (gap->export);
  g_object_unref (gap->connection);
  g_ref_string_release (gap->path);
}

static GArray *
gaps_new (void)
{
  GArray *gaps = g_array_new (FALSE, FALSE, sizeof (RmiGap));

  g_array_set_clear_func (gaps, gap_clear);
  return gaps;
}

static void
add_gap (GArray                *gaps,
         const RmiSubscription *subscription)
{
  RmiHold *hold = subscription->hold;
  RmiGap gap;

  if (!subscription->has_gap)
    return;

  gap = (RmiGap) { rmi_export_ref (hold->export), g_object_ref (hold->connection),
                   g_ref_string_acquire (subscription->path) };
  g_array_append_val (gaps, gap);
}

GArray *
rmi_export_list_gaps (RmiExport *self)
{
  GArray *gaps = gaps_new ();

  for (guint i = 0; i < self->subscriptions->len; i++)
    add_gap (gaps, g_ptr_array_index (self->subscriptions, i));
  return gaps;
}

GArray *
rmi_export_list_gaps_of (RmiConnection *connection)
{
  GHashTable *holds = rmi_connection_get_export_data (connection);
  GArray *gaps = gaps_new ();
  GHashTableIter iter;
  RmiHold *hold;

  if (holds == NULL)
    return gaps;

  g_hash_table_iter_init (&iter, holds);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &hold))
    for (RmiSubscription *subscription = hold->subscriptions; subscription != NULL; subscription = subscription->next)
      add_gap (gaps, subscription);
  return gaps;
}

void
rmi_export_mark_gaps (RmiExport *self)
{
  for (guint i = 0; i < self->subscriptions->len; i++)
    ((RmiSubscription *) g_ptr_array_index (self->subscriptions, i))->has_gap = TRUE;
}

guint
rmi_export_count_holds (RmiConnection *connection)
{
  GHashTable *holds = rmi_connection_get_export_data (connection);

  return holds != NULL ? g_hash_table_size (holds) : 0;
}

/* The last ref of an export runs user code, which may come back in here: at the end. */
static GPtrArray *
exports_new (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) rmi_export_unref);
}

void
rmi_export_suspend_holds (RmiConnection *connection)
{
  GHashTable *holds = rmi_connection_get_export_data (connection);
  g_autoptr(GPtrArray) let_go = exports_new ();
  GHashTableIter iter;
  RmiHold *hold;

  if (holds == NULL)
    return;

  g_hash_table_iter_init (&iter, holds);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &hold))
    {
      while (hold->subscriptions != NULL)
        forget_subscription (&hold->subscriptions);
      hold->stale += hold->count;
      hold->count = 0;
      if (hold->stale > 0)
        continue;
      g_ptr_array_add (let_go, rmi_export_ref (hold->export));
      g_hash_table_iter_remove (&iter);
    }
}

void
rmi_export_restore_hold (RmiExport     *self,
                         RmiConnection *connection,
                         guint64        count)
{
  RmiHold *hold = rmi_export_find_hold (self, connection);

  if (hold == NULL)
    return;

  count = MIN (count, hold->stale);
  hold->stale -= count;
  hold->count += count;
}

GPtrArray *
rmi_export_drop_stale (RmiConnection *connection)
{
  GHashTable *holds = rmi_connection_get_export_data (connection);
  GPtrArray *emptied = exports_new ();
  g_autoptr(GPtrArray) let_go = exports_new ();
  GHashTableIter iter;
  RmiHold *hold;

  if (holds == NULL)
    return emptied;

  g_hash_table_iter_init (&iter, holds);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &hold))
    {
      if (hold->stale == 0)
        continue;
      hold->stale = 0;
      if (hold->count > 0)
        continue;
      if (--hold->export->n_holders == 0)
        g_ptr_array_add (emptied, rmi_export_ref (hold->export));
      if (hold->subscriptions != NULL)
        continue;
      g_ptr_array_add (let_go, rmi_export_ref (hold->export));
      g_hash_table_iter_remove (&iter);
    }
  return emptied;
}
