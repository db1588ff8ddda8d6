/* examples/shop/csv-table.c: a CSV file with a header line
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "csv-table.h"

#include <string.h>

#include <gio/gio.h>

struct _CsvTable
{
  char      *filename;
  GPtrArray *records;          /* of GStrv; the first is the header */
};

void
csv_table_free (CsvTable *self)
{
  g_free (self->filename);
  g_ptr_array_unref (self->records);
  g_free (self);
}

/* Reads from @cursor to the comma or line end behind the field; NULL if a quote is not closed. */
static char *
read_field (const char **cursor)
{
  g_autoptr(GString) field = g_string_new (NULL);
  const char *p = *cursor;

  if (*p == '"')
    {
      for (p++; *p != '"' || *++p == '"'; p++)      /* two quotes are one */
        {
          if (*p == '\0')
            return NULL;
          g_string_append_c (field, *p);
        }
    }
  else
    {
      gsize length = strcspn (p, ",\r\n");

      g_string_append_len (field, p, length);
      p += length;
    }
  *cursor = p;
  return g_strdup (field->str);
}

/* One record, up to and with its line end; NULL if it is not CSV. */
static char **
read_record (const char **cursor)
{
  g_autoptr(GStrvBuilder) fields = g_strv_builder_new ();
  const char *p = *cursor;

  for (;;)
    {
      g_autofree char *field = read_field (&p);

      if (field == NULL)
        return NULL;
      g_strv_builder_add (fields, field);
      if (*p != ',')
        break;
      p++;
    }
  if (*p == '\r')
    p++;
  if (*p != '\n' && *p != '\0')
    return NULL;
  *cursor = *p == '\n' ? p + 1 : p;
  return g_strv_builder_end (fields);
}

static gboolean
parse (CsvTable    *self,
       const char  *text,
       GError     **error)
{
  while (*text != '\0')
    {
      char **record = read_record (&text);
      char **header = self->records->len > 0 ? self->records->pdata[0] : record;

      if (record != NULL)
        g_ptr_array_add (self->records, record);
      if (record == NULL || g_strv_length (record) != g_strv_length (header))
        {
          g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                       "%s: record %u is not CSV with as many fields as the header",
                       self->filename, self->records->len);
          return FALSE;
        }
    }
  return TRUE;
}

static gboolean
check_columns (CsvTable           *self,
               const char *const  *columns,
               GError            **error)
{
  for (guint i = 0; columns[i] != NULL; i++)
    if (self->records->len == 0 || !g_strv_contains (self->records->pdata[0], columns[i]))
      {
        g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                     "%s has no column “%s”", self->filename, columns[i]);
        return FALSE;
      }
  return TRUE;
}

CsvTable *
csv_table_load (const char         *filename,
                const char *const  *columns,
                GError            **error)
{
  g_autoptr(CsvTable) self = g_new0 (CsvTable, 1);
  g_autofree char *text = NULL;
  gsize length;

  self->filename = g_strdup (filename);
  self->records = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  if (!g_file_get_contents (filename, &text, &length, error))
    return NULL;
  if (!g_utf8_validate (text, length, NULL))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "%s is not UTF-8", filename);
      return NULL;
    }
  if (!parse (self, text, error) || !check_columns (self, columns, error))
    return NULL;
  return g_steal_pointer (&self);
}

guint
csv_table_get_length (CsvTable *self)
{
  return self->records->len - 1;
}

const char *
csv_table_get (CsvTable   *self,
               guint       record,
               const char *column)
{
  char **header = self->records->pdata[0];
  char **fields = self->records->pdata[record + 1];

  while (!g_str_equal (*header, column))
    {
      header++;
      fields++;
    }
  return *fields;
}

gboolean
csv_table_get_number (CsvTable    *self,
                      guint        record,
                      const char  *column,
                      guint       *number,
                      GError     **error)
{
  guint64 value;

  if (!g_ascii_string_to_unsigned (csv_table_get (self, record, column), 10, 0, G_MAXUINT,
                                   &value, error))
    {
      g_prefix_error (error, "%s: record %u, %s: ", self->filename, record + 1, column);
      return FALSE;
    }
  *number = value;
  return TRUE;
}
