/* examples/shop/csv-table.h: a CSV file with a header line
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * RFC 4180 in UTF-8: quoted fields may hold commas, quotes and line ends. Every record has as many
 * fields as the header.
 */
#pragma once

#include <glib.h>

typedef struct _CsvTable CsvTable;

CsvTable   *csv_table_load       (const char *filename, const char *const *columns, GError **error);
void        csv_table_free       (CsvTable *self);
guint       csv_table_get_length (CsvTable *self);
/* The field of @record in one of the columns that were asked for. */
const char *csv_table_get        (CsvTable *self, guint record, const char *column);
/* The same as a number; an error says which file and record. */
gboolean    csv_table_get_number (CsvTable *self, guint record, const char *column,
                                  guint *number, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CsvTable, csv_table_free)
