/* rmi/rmi-connection-release.c: rpc.release, gathered until the turn ends
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "config.h"
#include "rmi/rmi-connection-private.h"

#include "rmi/rmi-siphash-internal.h"
#include "rmi/rmi-writer-internal.h"

#define RELEASES_A_MESSAGE 1000   /* far below the limit of members */
#define LARGEST_ENTRY_BYTES 550   /* and the end of the message: a path has 500 */
#define ENTRY_BYTES 24            /* besides its path */

/* One message with some of @iter's entries; FALSE after the last. */
static gboolean
send_releases (RmiConnection  *self,
               GHashTableIter *iter)
{
  static const char front[] = "{\"jsonrpc\":\"2.0\",\"method\":\"rpc.release\",\"params\":";
  RmiWriter *writer = rmi_runtime_take_writer (self->runtime, self->limits, NULL);
  gsize peer_bytes = self->is_greeting ? RMI_LEAST_FRAME_BYTES : self->peer_frame_bytes;
  gsize room = MIN (self->limits->frame_bytes, peer_bytes) - sizeof front;
  gboolean has_more = TRUE;
  gpointer path, count;
  guint n = 0;

  rmi_writer_append (writer, front, sizeof front - 1);
  rmi_writer_begin_object (writer);
  while (n < RELEASES_A_MESSAGE && (n == 0 || room >= LARGEST_ENTRY_BYTES)
         && (has_more = g_hash_table_iter_next (iter, &path, &count)))
    {
      rmi_writer_add_key (writer, path);
      rmi_writer_add_uint64 (writer, *(guint64 *) count);
      room -= MIN (room, strlen (path) + ENTRY_BYTES);
      n++;
    }
  rmi_writer_end_object (writer);
  rmi_writer_append (writer, "}", 1);
  if (n > 0)
    rmi_connection_send (self, writer, NULL);
  else
    rmi_runtime_give_writer (self->runtime, writer);
  return has_more;
}

static void
flush_releases (RmiFlush *flush)
{
  RmiConnection *self = (RmiConnection *) ((char *) flush - G_STRUCT_OFFSET (RmiConnection, release_flush));
  g_autoptr(GHashTable) releases = g_steal_pointer (&self->releases);
  GHashTableIter iter;

  if (releases == NULL || self->stream == NULL || self->peer_kind == RMI_PEER_PLAIN)
    return;

  g_hash_table_iter_init (&iter, releases);
  while (send_releases (self, &iter))
    ;
}

void
rmi_connection_release (RmiConnection *self,
                        const char    *path,
                        guint64        count)
{
  guint64 *sum;

  if (count == 0 || self->stream == NULL || self->peer_kind == RMI_PEER_PLAIN)
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
