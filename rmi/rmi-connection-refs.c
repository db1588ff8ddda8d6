/* rmi/rmi-connection-refs.c: objects in messages
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Lends writers and readers the two doors: an object goes out as `$home` if it is the peer's own, else as `$ref`; a reference
 * that comes in is the original object or a stub. See "References" in doc/protocol.md.
 */
#include "config.h"
#include "rmi/rmi-connection-private.h"

#include "rmi/rmi-error.h"
#include "rmi/rmi-writer-internal.h"

static RmiConnection *
connection_of (RmiReferenceCodec *codec)
{
  return (RmiConnection *) ((char *) codec - G_STRUCT_OFFSET (RmiConnection, codec));
}

/* One use of the codec: codecs are used in any thread, tables only by the owner. */
typedef struct
{
  RmiConnection          *connection;
  RmiWriter              *writer;
  GObject                *object;
  const RmiWireReference *reference;
  const char             *path;
  GType                   declared;
  gboolean                succeeded;
  GError                 *error;
} Job;

static void
run_job (Job   *job,
         GFunc  func)
{
  RmiPoller *poller = job->connection->runtime->poller;

  if (rmi_poller_is_owner (poller))
    func (job, NULL);
  else
    rmi_poller_run_in_owner (poller, func, job);
}

/* ---- out ---- */

static void
write_reference (RmiWriter  *writer,
                 const char *member,
                 const char *path,
                 const char *types)
{
  rmi_writer_begin_object (writer);
  rmi_writer_add_member (writer, member);
  rmi_writer_add_string (writer, path);
  if (types != NULL)
    {
      rmi_writer_add_member (writer, "$type");
      rmi_writer_add_raw (writer, types, strlen (types));
    }
  rmi_writer_end_object (writer);
}

static void
write_cb (gpointer data,
          gpointer unused)
{
  Job *job = data;
  RmiConnection *self = job->connection;
  RmiConnection *home = NULL;
  const char *path = NULL;
  g_autofree char *types = NULL;

  if (rmi_importer_describe (self->runtime->importer, job->object, &home, &path))
    {
      if (home == self)
        write_reference (job->writer, "$home", path, NULL);
      else
        g_set_error (&job->error, RMI_ERROR, RMI_ERROR_NOT_SUPPORTED,
                     "The %s lives in a third process; references to a third party's object cannot be passed on",
                     G_OBJECT_TYPE_NAME (job->object));
    }
  else
    {
      path = rmi_exporter_hold (self->runtime->exporter, self, job->object, job->declared, &types, &job->error);
      if (path != NULL)
        {
          if (rmi_path_is_implicit (path))
            rmi_writer_note_reference (job->writer, path);
          write_reference (job->writer, "$ref", path, types);
        }
    }
  job->succeeded = job->error == NULL;
}

static gboolean
codec_write (RmiReferenceCodec  *codec,
             RmiWriter          *writer,
             GObject            *object,
             GType               declared,
             GError            **error)
{
  Job job = { .connection = connection_of (codec), .writer = writer, .object = object, .declared = declared };

  run_job (&job, write_cb);
  if (!job.succeeded)
    g_propagate_error (error, job.error);
  return job.succeeded;
}

static void
retract_cb (gpointer data,
            gpointer unused)
{
  Job *job = data;

  rmi_exporter_release (job->connection->runtime->exporter, job->connection, job->path, 1);
}

static void
codec_retract (RmiReferenceCodec *codec,
               const char        *path)
{
  Job job = { .connection = connection_of (codec), .path = path };

  run_job (&job, retract_cb);
}

/* ---- in ---- */

/* It came before its objects were lost: nobody counts it. */
static gboolean
is_void (const Job *job)
{
  return job->reference->epoch != job->connection->codec.epoch;
}

static void
read_home (Job        *job,
           const char *path)
{
  GObject *object = rmi_exporter_find (job->connection->runtime->exporter, job->connection, path);

  if (object == NULL)
    g_set_error (&job->error, RMI_ERROR, RMI_ERROR_NO_SUCH_OBJECT, "No such object");
  else if (!g_type_is_a (G_OBJECT_TYPE (object), job->declared))
    g_set_error (&job->error, RMI_ERROR, RMI_ERROR_INVALID_ARGUMENTS, "The object is a %s and no %s",
                 G_OBJECT_TYPE_NAME (object), g_type_name (job->declared));
  else
    job->object = g_object_ref (object);
}

/* (transfer full) (nullable): the path, if it is one. U+0000 ends none. */
static char *
dup_path (const RmiWireReference *reference)
{
  g_autofree char *path = g_strndup (reference->path.data, reference->path.length);

  return strlen (path) == reference->path.length && rmi_path_is_valid (path) ? g_steal_pointer (&path) : NULL;
}

static void
read_cb (gpointer data,
         gpointer unused)
{
  Job *job = data;
  RmiConnection *self = job->connection;
  const RmiWireReference *reference = job->reference;
  g_autofree char *path = dup_path (reference);

  if (path == NULL)
    g_set_error (&job->error, RMI_ERROR, RMI_ERROR_INVALID_ARGUMENTS, "\"%.*s\" is no object path",
                 (int) MIN (reference->path.length, 64), reference->path.data);
  else if (reference->is_home)
    read_home (job, path);
  else if (is_void (job))
    job->object = rmi_importer_import_void (self->runtime->importer, self, path, job->declared, reference->types, &job->error);
  else
    job->object = rmi_importer_import (self->runtime->importer, self, path, job->declared, reference->types, &job->error);
}

static gpointer
codec_read (RmiReferenceCodec       *codec,
            const RmiWireReference  *reference,
            GType                    declared,
            GError                 **error)
{
  Job job = { .connection = connection_of (codec), .reference = reference, .declared = declared };

  run_job (&job, read_cb);
  if (job.error != NULL)
    g_propagate_error (error, job.error);
  return job.object;
}

static void
discard_cb (gpointer data,
            gpointer unused)
{
  Job *job = data;
  g_autofree char *path = dup_path (job->reference);

  if (path != NULL && !is_void (job))
    rmi_importer_discard (job->connection->runtime->importer, job->connection, path);
}

static void
codec_discard (RmiReferenceCodec      *codec,
               const RmiWireReference *reference)
{
  Job job = { .connection = connection_of (codec), .reference = reference };

  if (!reference->is_home)
    run_job (&job, discard_cb);
}

static gboolean
codec_takes_same (RmiReferenceCodec *codec)
{
  return connection_of (codec)->peer_kind != RMI_PEER_PLAIN;
}

void
rmi_connection_init_codec (RmiConnection *self)
{
  self->codec = (RmiReferenceCodec) { 0, codec_write, codec_read, codec_discard, codec_retract, codec_takes_same };
}
