/* rmi/rmi-connection-release.c: lists of objects, cut to what the peer takes
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * rpc.release, gathered until the turn ends; rpc.held; rpc.subscribe.
 */
#include "config.h"
#include "rmi/rmi-connection-private.h"

#include "rmi/rmi-siphash-internal.h"
#include "rmi/rmi-writer-internal.h"

#define ENTRIES_A_MESSAGE 1000    /* far below the limit of members */
#define LARGEST_ENTRY_BYTES 550   /* and the end of the message: a path has 500 */
#define ENTRY_BYTES 24            /* besides its path */

/* ---- one message of several ---- */

typedef struct
{
  RmiConnection *connection;
  RmiWriter     *writer;
  gsize          room;
  guint          n_entries;
} Piece;

static void
piece_begin (Piece         *self,
             RmiConnection *connection,
             const char    *method)
{
  gsize peer_bytes = connection->is_greeting ? RMI_LEAST_FRAME_BYTES : connection->peer_frame_bytes;

  self->connection = connection;
  self->writer = rmi_runtime_take_writer (connection->runtime, connection->limits, NULL);
  self->n_entries = 0;
  rmi_writer_append (self->writer, "{\"jsonrpc\":\"2.0\",\"method\":\"", 27);
  rmi_writer_append (self->writer, method, strlen (method));
  rmi_writer_append (self->writer, "\",\"params\":", 11);
  self->room = MIN (connection->limits->frame_bytes, peer_bytes) - 100;
}

static gboolean
piece_is_full (const Piece *self)
{
  return self->n_entries == ENTRIES_A_MESSAGE || (self->n_entries > 0 && self->room < LARGEST_ENTRY_BYTES);
}

static void
piece_count (Piece      *self,
             const char *path)
{
  self->room -= MIN (self->room, strlen (path) + ENTRY_BYTES);
  self->n_entries++;
}

static void
piece_end (Piece *self)
{
  rmi_writer_append (self->writer, "}", 1);
  rmi_connection_send (self->connection, self->writer, NULL);
}

/* ---- rpc.subscribe ---- */

void
rmi_connection_subscribe (RmiConnection *self,
                          GPtrArray     *paths)
{
  for (guint i = 0; i < paths->len;)
    {
      Piece piece;

      piece_begin (&piece, self, "rpc.subscribe");
      rmi_writer_begin_object (piece.writer);
      rmi_writer_add_member (piece.writer, "paths");
      rmi_writer_begin_array (piece.writer);
      for (; i < paths->len && !piece_is_full (&piece); i++)
        {
          rmi_writer_add_string (piece.writer, paths->pdata[i]);
          piece_count (&piece, paths->pdata[i]);
        }
      rmi_writer_end_array (piece.writer);
      rmi_writer_end_object (piece.writer);
      piece_end (&piece);
    }
}

/* ---- rpc.release, rpc.held ---- */

/* The counts, as many as a message takes; FALSE if these were the last. */
static gboolean
piece_fill (Piece          *self,
            GHashTableIter *iter,
            gpointer       *path,
            gpointer       *count)
{
  gboolean has_more = TRUE;

  rmi_writer_begin_object (self->writer);
  while (has_more && !piece_is_full (self))
    {
      rmi_writer_add_key (self->writer, *path);
      rmi_writer_add_uint64 (self->writer, *(guint64 *) *count);
      piece_count (self, *path);
      has_more = g_hash_table_iter_next (iter, path, count);
    }
  rmi_writer_end_object (self->writer);
  return has_more;
}

static void
send_releases (RmiConnection *self,
               GHashTable    *releases)
{
  GHashTableIter iter;
  gpointer path, count;
  gboolean has_more;

  g_hash_table_iter_init (&iter, releases);
  has_more = g_hash_table_iter_next (&iter, &path, &count);
  while (has_more)
    {
      Piece piece;

      piece_begin (&piece, self, "rpc.release");
      has_more = piece_fill (&piece, &iter, &path, &count);
      piece_end (&piece);
    }
}

/* Also if it is nothing: the last piece says that this is all. */
void
rmi_connection_say_held (RmiConnection *self)
{
  g_autoptr(GHashTable) counts = rmi_importer_list_held (self->runtime->importer, self);
  GHashTableIter iter;
  gpointer path, count;
  gboolean has_more;

  g_hash_table_iter_init (&iter, counts);
  has_more = g_hash_table_iter_next (&iter, &path, &count);
  do
    {
      Piece piece;

      piece_begin (&piece, self, "rpc.held");
      rmi_writer_begin_object (piece.writer);
      rmi_writer_add_member (piece.writer, "counts");
      if (has_more)
        has_more = piece_fill (&piece, &iter, &path, &count);
      else
        rmi_writer_add_raw (piece.writer, "{}", 2);
      if (has_more)
        {
          rmi_writer_add_member (piece.writer, "more");
          rmi_writer_add_boolean (piece.writer, TRUE);
        }
      rmi_writer_end_object (piece.writer);
      piece_end (&piece);
    }
  while (has_more);
}

static void
flush_releases (RmiFlush *flush)
{
  RmiConnection *self = (RmiConnection *) ((char *) flush - G_STRUCT_OFFSET (RmiConnection, release_flush));
  g_autoptr(GHashTable) releases = g_steal_pointer (&self->releases);

  if (releases != NULL && self->stream != NULL && self->peer_kind != RMI_PEER_PLAIN)
    send_releases (self, releases);
}

void
rmi_connection_release (RmiConnection *self,
                        const char    *path,
                        guint64        count)
{
  guint64 *sum;

  /* What a suspended session gives up is missing in rpc.held. */
  if (count == 0 || !rmi_connection_is_ready (self) || self->peer_kind == RMI_PEER_PLAIN)
    return;

  if (self->releases == NULL)
    self->releases = g_hash_table_new_full (rmi_siphash_str, g_str_equal, g_free, g_free);
  sum = g_hash_table_lookup (self->releases, path);
  if (sum == NULL)
    {
      sum = g_new0 (guint64, 1);
      g_hash_table_insert (self->releases, g_strdup (path), sum);
    }
  *sum += count;
  self->release_flush.flush = flush_releases;
  rmi_poller_queue_flush (self->runtime->poller, &self->release_flush);
}

void
rmi_connection_drop_releases (RmiConnection *self)
{
  rmi_poller_cancel_flush (self->runtime->poller, &self->release_flush);
  g_clear_pointer (&self->releases, g_hash_table_unref);
}
