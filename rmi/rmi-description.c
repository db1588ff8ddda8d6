/* rmi/rmi-description.c: a description file and those it imports
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The outermost description owns all that were loaded for it, each file once. All of them share one
 * pool of declarations, which the interfaces keep alive.
 */
#include "config.h"
#include "rmi/rmi-description-private.h"

#include <string.h>

#include "rmi/rmi-declaration-private.h"
#include "rmi/rmi-error.h"

#define MAX_FILE_BYTES (16 * 1024 * 1024)
#define MAX_IMPORTS    32       /* one inside the other */

typedef struct
{
  GPtrArray  *pool;
  GPtrArray  *files;            /* of RmiDescription, owned by the outermost one */
  GHashTable *loaded;           /* canonical path → RmiDescription */
  GPtrArray  *open;             /* canonical paths of the files being loaded, outermost first */
} Loader;

static gboolean load_imports (Loader *self, RmiDescription *description, GError **error);

void
rmi_description_set_error (RmiDescription  *description,
                           RmiLocation      location,
                           GError         **error,
                           const char      *format,
                           ...)
{
  g_autofree char *what = NULL;
  va_list arguments;

  va_start (arguments, format);
  what = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_set_error (error, RMI_ERROR, RMI_ERROR_INVALID_ARGUMENTS, "%s:%d:%d: %s", description->filename,
               location.line,
               location.column, what);
}

static void
import_free (gpointer data)
{
  RmiDescriptionImport *self = data;

  g_free (self->alias);
  g_free (self->filename);
  g_free (self);
}

static void
error_free (gpointer data)
{
  RmiErrorInfo *self = data;

  g_free (self->name);
  g_free (self->doc);
  g_free (self);
}

static RmiDescription *
new_description (Loader     *loader,
                 const char *filename)
{
  RmiDescription *self = g_new0 (RmiDescription, 1);

  self->filename = g_strdup (filename);
  self->namespace = g_strdup ("");
  self->imports = g_ptr_array_new_with_free_func (import_free);
  self->declarations = g_ptr_array_new ();
  self->errors = g_ptr_array_new_with_free_func (error_free);
  self->interfaces = g_ptr_array_new_with_free_func ((GDestroyNotify) rmi_interface_info_unref);
  self->pool = g_ptr_array_ref (loader->pool);
  self->names = g_hash_table_new (g_str_hash, g_str_equal);
  return self;
}

void
rmi_description_free (RmiDescription *self)
{
  g_free (self->filename);
  g_free (self->namespace);
  g_ptr_array_unref (self->imports);
  g_ptr_array_unref (self->declarations);
  g_ptr_array_unref (self->errors);
  g_ptr_array_unref (self->interfaces);
  g_hash_table_unref (self->names);
  g_ptr_array_unref (self->pool);
  g_clear_pointer (&self->files, g_ptr_array_unref);
  g_free (self);
}

/* ---- loading ---- */

static gboolean
check_size (const char  *filename,
            gsize        length,
            GError     **error)
{
  if (length <= MAX_FILE_BYTES)
    return TRUE;
  g_set_error (error, RMI_ERROR, RMI_ERROR_INVALID_ARGUMENTS, "%s: larger than %d bytes", filename,
               MAX_FILE_BYTES);
  return FALSE;
}

/* The file may be a pipe without end. */
static char *
read_file (const char  *filename,
           gsize       *length,
           GError     **error)
{
  g_autoptr(GFile) file = g_file_new_for_path (filename);
  g_autoptr(GFileInputStream) stream = NULL;
  g_autoptr(GError) failure = NULL;
  g_autofree char *data = NULL;

  stream = g_file_read (file, NULL, &failure);
  if (stream != NULL)
    {
      data = g_malloc (MAX_FILE_BYTES + 1);
      g_input_stream_read_all (G_INPUT_STREAM (stream), data, MAX_FILE_BYTES + 1, length, NULL,
                               &failure);
    }
  if (failure != NULL)
    {
      g_set_error (error, RMI_ERROR, RMI_ERROR_INVALID_ARGUMENTS, "%s: %s", filename,
                   failure->message);
      return NULL;
    }
  return check_size (filename, *length, error) ? g_steal_pointer (&data) : NULL;
}

static RmiDescription *
load_data (Loader      *self,
           const char  *filename,
           const char  *data,
           gsize        length,
           GError     **error)
{
  g_autoptr(RmiDescription) description = new_description (self, filename);
  g_autoptr(RmiPending) pending = rmi_pending_new ();

  if (!rmi_description_parse (description, data, length, pending, error) ||
      !load_imports (self, description, error) ||
      !rmi_description_resolve (description, pending, error))
    return NULL;
  return g_steal_pointer (&description);
}

static RmiDescription *
load_file (Loader      *self,
           const char  *filename,
           GError     **error)
{
  g_autofree char *data = NULL;
  gsize length = 0;

  data = read_file (filename, &length, error);
  return data != NULL ? load_data (self, filename, data, length, error) : NULL;
}

/* The imported file, loaded once; its name is relative to the importing one. */
static RmiDescription *
load_import (Loader      *self,
             const char  *importer,
             const char  *filename,
             GError     **error)
{
  g_autofree char *folder = g_path_get_dirname (importer);
  g_autofree char *path = g_path_is_absolute (filename) || g_str_equal (folder, ".")
                          ? g_strdup (filename) : g_build_filename (folder, filename, NULL);
  g_autofree char *canonical = g_canonicalize_filename (path, NULL);
  RmiDescription *description = g_hash_table_lookup (self->loaded, canonical);

  if (description != NULL)
    return description;
  if (g_ptr_array_find_with_equal_func (self->open, canonical, g_str_equal, NULL))
    {
      g_set_error (error, RMI_ERROR, RMI_ERROR_INVALID_ARGUMENTS,
                   "files import each other in a circle");
      return NULL;
    }
  if (self->open->len > MAX_IMPORTS)
    {
      g_set_error (error, RMI_ERROR, RMI_ERROR_INVALID_ARGUMENTS,
                   "more than %d imports, one inside the other", MAX_IMPORTS);
      return NULL;
    }

  g_ptr_array_add (self->open, canonical);
  description = load_file (self, path, error);
  g_ptr_array_set_size (self->open, self->open->len - 1);
  if (description == NULL)
    return NULL;
  g_ptr_array_add (self->files, description);
  g_hash_table_insert (self->loaded, g_steal_pointer (&canonical), description);
  return description;
}

static gboolean
load_imports (Loader          *self,
              RmiDescription  *description,
              GError         **error)
{
  guint i;

  for (i = 0; i < description->imports->len; i++)
    {
      RmiDescriptionImport *import = description->imports->pdata[i];
      g_autoptr(GError) failure = NULL;

      import->description = load_import (self, description->filename, import->filename, &failure);
      if (import->description == NULL)
        {
          rmi_description_set_error (description, import->location, error,
                                     "cannot import \"%s\": %s", import->filename,
                                     failure->message);
          return FALSE;
        }
    }
  return TRUE;
}

/* @data is NULL for the file itself. */
static RmiDescription *
load (const char  *filename,
      const char  *data,
      gsize        length,
      GError     **error)
{
  g_autoptr(GPtrArray) pool = g_ptr_array_new_with_free_func ((GDestroyNotify) rmi_declaration_free);
  g_autoptr(GPtrArray) files = g_ptr_array_new_with_free_func ((GDestroyNotify) rmi_description_free);
  g_autoptr(GHashTable) loaded = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr(GPtrArray) open = g_ptr_array_new ();
  g_autofree char *canonical = g_canonicalize_filename (filename, NULL);
  Loader self = { pool, files, loaded, open };
  RmiDescription *description;

  g_ptr_array_add (open, canonical);
  description = data != NULL ? load_data (&self, filename, data, length, error)
                             : load_file (&self, filename, error);
  if (description != NULL)
    description->files = g_steal_pointer (&files);
  return description;
}

RmiDescription *
rmi_description_new_for_file (const char  *filename,
                              GError     **error)
{
  return load (filename, NULL, 0, error);
}

RmiDescription *
rmi_description_new_for_data (const char  *data,
                              gssize       length,
                              const char  *filename,
                              GError     **error)
{
  gsize n_bytes = length < 0 ? strlen (data) : (gsize) length;

  if (!check_size (filename, n_bytes, error))
    return NULL;
  return load (filename, data, n_bytes, error);
}
