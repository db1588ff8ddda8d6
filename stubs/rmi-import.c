/* stubs/rmi-import.c: one remote object, and its stubs
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "config.h"
#include "stubs/rmi-import-private.h"

#include "rmi/rmi-message-internal.h"
#include "rmi/rmi-siphash-internal.h"
#include "stubs/rmi-dynamic-stub-private.h"

#define MAX_DESCRIPTIONS 256      /* of a connection */

struct _RmiImportTable
{
  RmiConnection     *connection;     /* borrowed: it owns this */
  GHashTable        *by_path;        /* path → RmiImport, borrowed: its views own it */
  GHashTable        *descriptions;   /* "$type" → GPtrArray of RmiInterfaceInfo, or NULL */
  GQueue             to_announce;    /* of RmiImport.to_announce */
  RmiFlush           announcement;
};

/* ---- the table ---- */

static void
table_free (gpointer data)
{
  RmiImportTable *self = data;

  rmi_poller_cancel_flush (rmi_connection_get_poller (self->connection), &self->announcement);
  g_hash_table_unref (self->by_path);
  g_clear_pointer (&self->descriptions, g_hash_table_unref);
  g_free (self);
}

static void announce_cb (RmiFlush *flush);

RmiImportTable *
rmi_import_table_get (RmiConnection *connection)
{
  RmiImportTable *self = rmi_connection_get_import_data (connection);

  if (self != NULL)
    return self;

  self = g_new0 (RmiImportTable, 1);
  self->connection = connection;
  self->by_path = g_hash_table_new (rmi_siphash_str, g_str_equal);
  g_queue_init (&self->to_announce);
  self->announcement.flush = announce_cb;
  rmi_connection_set_import_data (connection, self, table_free);
  return self;
}

RmiImport *
rmi_import_table_lookup (RmiImportTable *self,
                         const char     *path)
{
  return g_hash_table_lookup (self->by_path, path);
}

/* Plain peers have no id: what they pass is known by its connection. */
static char *
compose_owner (RmiConnection *connection,
               const char    *path)
{
  const char *node = rmi_connection_get_peer_node (connection);
  g_autofree char *owner = node != NULL ? g_strconcat (node, path, NULL) : NULL;

  return owner != NULL ? g_ref_string_new (owner) : NULL;
}

static RmiImport *
import_new (RmiImportTable *table,
            const char     *path)
{
  RmiImport *self = g_new0 (RmiImport, 1);

  self->table = table;
  self->path = g_strdup (path);
  self->is_implicit = rmi_path_is_implicit (path);
  self->owner = self->is_implicit ? compose_owner (table->connection, path) : NULL;
  self->views = g_ptr_array_new ();
  return self;
}

RmiImport *
rmi_import_table_ensure (RmiImportTable *self,
                         const char     *path)
{
  RmiImport *import = g_hash_table_lookup (self->by_path, path);

  if (import != NULL)
    return import;

  import = import_new (self, path);
  g_hash_table_insert (self->by_path, import->path, import);
  return import;
}

RmiStub *
rmi_import_table_new_broken_stub (RmiImportTable *self,
                                  const char     *path,
                                  GType           stub_type)
{
  RmiImport *import = import_new (self, path);

  import->is_broken = TRUE;
  return rmi_import_new_stub (import, stub_type, TRUE);
}

guint
rmi_import_table_count (RmiImportTable *self)
{
  GHashTableIter iter;
  RmiImport *import;
  guint count = 0;

  g_hash_table_iter_init (&iter, self->by_path);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &import))
    count += import->is_implicit || import->is_subscribed || import->has_gap;
  return count;
}

/* What is worth remembering; not more than any real object has. */
#define LEARNT_BYTES 4096

static char *
dup_flat (RmiSlice json)
{
  if (json.data == NULL || json.length > LEARNT_BYTES || memchr (json.data, '{', json.length) != NULL)
    return NULL;
  return g_strndup (json.data, json.length);
}

void
rmi_import_learn (RmiImport              *self,
                  const RmiWireReference *reference)
{
  if (self->types == NULL)
    self->types = dup_flat (reference->types);
  if (self->views->len == 0 && reference->of.length > 0)
    {
      g_clear_pointer (&self->owner, g_ref_string_release);
      self->owner = g_ref_string_new_len (reference->of.data, (gssize) reference->of.length);
      self->at = dup_flat (reference->at);
    }
}

/* ---- counting ---- */

/* A look at the references in a text. */
typedef struct
{
  RmiReferenceCodec  codec;      /* only its discard() */
  RmiImportTable    *table;
  GPtrArray         *held;       /* of RmiImport; NULL to add debts */
} Scan;

/* Only of what is counted: nobody would pay the others back. */
static void
take_scanned (RmiReferenceCodec      *codec,
              const RmiWireReference *reference)
{
  Scan *scan = (Scan *) codec;
  g_autofree char *path = g_strndup (reference->path.data, reference->path.length);
  RmiImport *import;

  if (strlen (path) != reference->path.length || !rmi_path_is_valid (path) || !rmi_path_is_implicit (path))
    return;
  if (scan->held != NULL)
    {
      import = rmi_import_table_ensure (scan->table, path);
      import->received++;
      import->n_deliveries++;
      g_ptr_array_add (scan->held, import);
    }
  else if ((import = rmi_import_table_lookup (scan->table, path)) != NULL && import->n_deliveries > 0)
    {
      import->debt++;
    }
}

static void import_settle (RmiImport *self);

static void
end_delivery (gpointer data)
{
  RmiImport *self = data;

  if (--self->n_deliveries == 0)
    self->debt = 0;
  import_settle (self);
}

GPtrArray *
rmi_import_table_hold (RmiImportTable *self,
                       RmiSlice        text)
{
  Scan scan = { { .discard = take_scanned }, self, g_ptr_array_new_with_free_func (end_delivery) };

  rmi_reader_discard (text, &scan.codec);
  return scan.held;
}

void
rmi_import_table_add_debts (RmiImportTable *self,
                            RmiSlice        text)
{
  Scan scan = { { .discard = take_scanned }, self, NULL };

  rmi_reader_discard (text, &scan.codec);
}

static gboolean
take_debt (RmiImport *self)
{
  if (self == NULL || self->debt == 0)
    return FALSE;
  self->debt--;
  return TRUE;
}

void
rmi_import_count (RmiImport *self)
{
  if (self->is_implicit && !take_debt (self))
    self->received++;
}

void
rmi_import_table_discard (RmiImportTable *self,
                          const char     *path)
{
  if (rmi_path_is_implicit (path) && !take_debt (rmi_import_table_lookup (self, path)))
    rmi_connection_release (self->connection, path, 1);
}

/* ---- stubs ---- */

/* Subscribing once more is answered by `!rpc.gap`. */
static gboolean
needs_announcement (RmiImport *self)
{
  return self->has_lost || (!self->is_subscribed && self->n_fills == 0);
}

/* Stubs made in one turn are announced together, in front of what the turn sends last. */
static void
queue_announcement (RmiImport *self)
{
  RmiImportTable *table = self->table;

  if (!needs_announcement (self) || self->to_announce.data != NULL
      || !rmi_connection_is_ready (table->connection))
    return;

  self->to_announce.data = self;
  g_queue_push_tail_link (&table->to_announce, &self->to_announce);
  rmi_poller_queue_flush (rmi_connection_get_poller (table->connection), &table->announcement);
}

static void
cancel_announcement (RmiImport *self)
{
  if (self->to_announce.data == NULL)
    return;

  g_queue_unlink (&self->table->to_announce, &self->to_announce);
  self->to_announce.data = NULL;
}

static gboolean
view_wants_events (RmiView *view)
{
  if (view->is_listening)
    return TRUE;
  if (view->stub_type == RMI_TYPE_DYNAMIC_STUB)
    return rmi_dynamic_stub_infos_want_events (view->import->infos);
  return rmi_stub_type_wants_events (view->stub_type);
}

static gboolean
wants_events (RmiImport *self)
{
  for (guint i = 0; i < self->views->len; i++)
    if (view_wants_events (g_ptr_array_index (self->views, i)))
      return TRUE;
  return FALSE;
}

static void
announce_cb (RmiFlush *flush)
{
  RmiImportTable *self =
      (RmiImportTable *) ((char *) flush - G_STRUCT_OFFSET (RmiImportTable, announcement));
  g_autoptr(GPtrArray) paths = g_ptr_array_new ();
  GList *link;

  while ((link = g_queue_pop_head_link (&self->to_announce)) != NULL)
    {
      RmiImport *import = link->data;

      link->data = NULL;
      if (!needs_announcement (import) ||
          !rmi_connection_is_ready (self->connection) || rmi_connection_is_plain (self->connection))
        continue;
      import->is_subscribed = TRUE;
      import->has_lost = FALSE;
      g_ptr_array_add (paths, import->path);
    }
  rmi_connection_subscribe (self->connection, paths);
}

RmiStub *
rmi_import_new_stub (RmiImport *self,
                     GType      stub_type,
                     gboolean   is_qualified)
{
  RmiView *view = g_new0 (RmiView, 1);
  g_autoptr(RmiStub) stub = g_object_new (stub_type, NULL);

  view->import = self;
  view->connection = g_object_ref (self->table->connection);
  view->stub_type = stub_type;
  g_weak_ref_init (&view->stub, stub);
  g_ptr_array_add (self->views, view);
  rmi_stub_attach (stub, view, self->table->connection, is_qualified);
  if (self->is_broken)
    rmi_stub_break (stub);
  else if (view_wants_events (view))
    queue_announcement (self);
  return g_steal_pointer (&stub);
}

RmiStub *
rmi_import_get_stub (RmiImport *self,
                     GType      stub_type,
                     gboolean   is_qualified)
{
  RmiStub *stub;

  for (guint i = 0; i < self->views->len; i++)
    {
      RmiView *view = g_ptr_array_index (self->views, i);

      if (!view->is_shared || view->stub_type != stub_type)
        continue;
      stub = g_weak_ref_get (&view->stub);
      if (stub != NULL)
        return stub;
      /* Its last unref happens right now, in another thread. */
      view->is_shared = FALSE;
    }

  stub = rmi_import_new_stub (self, stub_type, is_qualified);
  ((RmiView *) g_ptr_array_index (self->views, self->views->len - 1))->is_shared = TRUE;
  return stub;
}

GPtrArray *
rmi_import_list_stubs (RmiImport *self)
{
  GPtrArray *stubs = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < self->views->len; i++)
    {
      RmiView *view = g_ptr_array_index (self->views, i);
      RmiStub *stub = g_weak_ref_get (&view->stub);

      if (stub != NULL)
        g_ptr_array_add (stubs, stub);
    }
  return stubs;
}

/* ---- what it is ---- */

void
rmi_import_find_infos (RmiImport *self)
{
  GHashTable *descriptions = self->table->descriptions;
  GPtrArray *infos = NULL;

  if (self->infos == NULL && self->types != NULL && descriptions != NULL)
    infos = g_hash_table_lookup (descriptions, self->types);
  if (infos != NULL)
    self->infos = g_ptr_array_ref (infos);
}

void
rmi_import_take_infos (RmiImport *self,
                       GPtrArray *infos)
{
  RmiImportTable *table = self->table;

  if (self->infos != NULL)
    return;

  self->infos = g_ptr_array_ref (infos);
  if (wants_events (self))
    queue_announcement (self);
  if (self->types == NULL)
    return;
  if (table->descriptions == NULL)
    table->descriptions = g_hash_table_new_full (rmi_siphash_str, g_str_equal, g_free, (GDestroyNotify) g_ptr_array_unref);
  if (g_hash_table_size (table->descriptions) < MAX_DESCRIPTIONS)
    g_hash_table_insert (table->descriptions, g_strdup (self->types), g_ptr_array_ref (infos));
}

/* ---- the last stub ---- */

static void
import_free (RmiImport *self)
{
  RmiConnection *connection = self->table->connection;

  if (!self->is_broken)
    g_hash_table_remove (self->table->by_path, self->path);
  cancel_announcement (self);
  if (!self->is_broken && self->is_implicit)
    rmi_connection_release (connection, self->path, self->received);
  else if (self->is_subscribed && !rmi_connection_is_plain (connection) &&
           !rmi_connection_is_closed (connection))
    rmi_connection_end_notification (
        connection, rmi_connection_begin_notification (connection, self->path, "rpc.unsubscribe"));
  g_clear_pointer (&self->infos, g_ptr_array_unref);
  g_ptr_array_unref (self->views);
  g_clear_pointer (&self->owner, g_ref_string_release);
  g_clear_object (&self->next);
  g_free (self->types);
  g_free (self->at);
  g_free (self->path);
  g_free (self);
}

/* Frees it if nobody needs it any more. */
static void
import_settle (RmiImport *self)
{
  if (self->views->len == 0 && self->n_deliveries == 0)
    import_free (self);
}

static void
gone_cb (gpointer data,
         gpointer unused)
{
  RmiView *view = data;
  RmiImport *import = g_steal_pointer (&view->import);

  g_ptr_array_remove_fast (import->views, view);
  import_settle (import);
}

/* A node that closed first runs nothing any more: nobody else looks at its imports, so this thread
 * may. */
static void
gone_free (gpointer data)
{
  RmiView *view = data;

  if (view->import != NULL)
    gone_cb (view, NULL);
  g_weak_ref_clear (&view->stub);
  g_object_unref (view->connection);
  g_free (view);
}

void
rmi_view_gone (RmiView   *view,
               RmiPoller *poller)
{
  if (rmi_poller_acquire (poller))
    {
      gone_free (view);
      rmi_poller_release (poller);
    }
  else
    {
      rmi_poller_hand_over (poller, gone_cb, view, gone_free);
    }
}

static void
break_stub (gpointer stub,
            gpointer unused)
{
  rmi_stub_break (stub);
}

/* Whoever calls it takes the import out of the table. */
static void
mark_broken (RmiImport *self,
             GPtrArray *stubs)
{
  cancel_announcement (self);
  self->is_subscribed = FALSE;
  self->is_broken = TRUE;
  g_ptr_array_extend_and_steal (stubs, rmi_import_list_stubs (self));
}

/* Nothing is given back: the peer counts no longer. */
void
rmi_import_break (RmiImport *self)
{
  g_autoptr(GPtrArray) broken = g_ptr_array_new_with_free_func (g_object_unref);

  g_hash_table_remove (self->table->by_path, self->path);
  mark_broken (self, broken);
  g_ptr_array_foreach (broken, break_stub, NULL);
}

void
rmi_import_table_suspend (RmiImportTable *self)
{
  GHashTableIter iter;
  RmiImport *import;

  g_hash_table_iter_init (&iter, self->by_path);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &import))
    {
      cancel_announcement (import);
      import->has_gap = import->has_gap || import->is_subscribed;
      import->is_subscribed = FALSE;
      import->has_lost = FALSE;
    }
}

GHashTable *
rmi_import_table_list_held (RmiImportTable *self)
{
  GHashTable *counts = g_hash_table_new (NULL, NULL);
  GHashTableIter iter;
  RmiImport *import;

  g_hash_table_iter_init (&iter, self->by_path);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &import))
    {
      import->debt = 0;
      if (import->received > 0)
        g_hash_table_insert (counts, import->path, &import->received);
    }
  return counts;
}

/* User code may drop stubs, and so imports: all that is to be told is gathered, and held, first. */
void
rmi_import_table_disconnect (RmiImportTable *self)
{
  g_autoptr(GPtrArray) broken = g_ptr_array_new_with_free_func (g_object_unref);
  GHashTableIter iter;
  RmiImport *import;

  g_clear_pointer (&self->descriptions, g_hash_table_unref);
  g_hash_table_iter_init (&iter, self->by_path);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &import))
    {
      if (!import->is_implicit)
        continue;
      g_hash_table_iter_remove (&iter);
      mark_broken (import, broken);
    }

  g_ptr_array_foreach (broken, break_stub, NULL);
}

static gboolean
has_shared (RmiImport *self,
            GType      stub_type)
{
  for (guint i = 0; i < self->views->len; i++)
    {
      RmiView *view = g_ptr_array_index (self->views, i);

      if (view->is_shared && view->stub_type == stub_type)
        return TRUE;
    }
  return FALSE;
}

static gboolean
is_tapped (RmiImport *self)
{
  for (guint i = 0; i < self->views->len; i++)
    if (((RmiView *) g_ptr_array_index (self->views, i))->is_tapped)
      return TRUE;
  return FALSE;
}

static void
move_view (RmiView   *view,
           RmiImport *other)
{
  g_autoptr(RmiStub) stub = g_weak_ref_get (&view->stub);

  view->is_shared = view->is_shared && !has_shared (other, view->stub_type);
  view->import = other;
  g_set_object (&view->connection, other->table->connection);
  g_ptr_array_add (other->views, view);
  if (stub != NULL)
    rmi_stub_set_direct (stub, other->table->connection, other->path);
}

/* What is emitted between the end of one subscription and the beginning of the other is lost: a gap. */
void
rmi_import_move (RmiImport *self,
                 RmiStub   *other_stub)
{
  RmiImport *other = rmi_stub_get_private (other_stub)->view->import;
  g_autoptr(RmiConnection) connection = g_object_ref (self->table->connection);

  if (self == other || self->is_broken || other->is_broken || is_tapped (self))
    return;
  if (self->n_fills > 0)
    {
      g_set_object (&self->next, other_stub);
      return;
    }

  other->has_gap = other->has_gap || (self->is_subscribed && !other->is_subscribed);
  while (self->views->len > 0)
    move_view (g_ptr_array_steal_index_fast (self->views, self->views->len - 1), other);
  import_settle (self);
  if (wants_events (other))
    queue_announcement (other);
}

void
rmi_import_note_fill (RmiImport *self,
                      gboolean   has_begun)
{
  g_autoptr(RmiStub) next = NULL;

  self->n_fills += has_begun ? 1 : -1;
  if (self->n_fills > 0)
    return;
  next = g_steal_pointer (&self->next);
  if (next != NULL)
    rmi_import_move (self, next);
}

void
rmi_import_unsubscribe_unwanted (RmiImport *self)
{
  RmiConnection *connection = self->table->connection;

  if (!self->is_subscribed || wants_events (self))
    return;
  self->is_subscribed = FALSE;
  if (!rmi_connection_is_plain (connection) && !rmi_connection_is_closed (connection))
    rmi_connection_end_notification (
        connection, rmi_connection_begin_notification (connection, self->path, "rpc.unsubscribe"));
}

void
rmi_import_table_connect (RmiImportTable *self)
{
  GHashTableIter iter;
  RmiImport *import;

  g_hash_table_iter_init (&iter, self->by_path);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &import))
    if (import->has_lost || wants_events (import))
      queue_announcement (import);
}
