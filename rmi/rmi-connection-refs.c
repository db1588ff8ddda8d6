/* rmi/rmi-connection-refs.c: objects in messages
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Lends writers and readers the two doors: an object goes out as `$home` if it is the peer's own, else as `$ref`, to a relay if it
 * is somebody else's; a reference that comes in is the original object or a stub. See "References" in doc/protocol.md.
 */
#include "config.h"
#include "rmi/rmi-connection-private.h"

#include "rmi/rmi-error.h"
#include "rmi/rmi-forwarder-internal.h"
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
                 const char *types,
                 const char *owner,
                 const char *at)
{
  rmi_writer_begin_object (writer);
  rmi_writer_add_member (writer, member);
  rmi_writer_add_string (writer, path);
  if (types != NULL)
    {
      rmi_writer_add_member (writer, "$type");
      rmi_writer_add_raw (writer, types, strlen (types));
    }
  if (owner != NULL)
    {
      rmi_writer_add_member (writer, "of");
      rmi_writer_add_string (writer, owner);
    }
  if (at != NULL)
    {
      rmi_writer_add_member (writer, "at");
      rmi_writer_add_raw (writer, at, strlen (at));
    }
  rmi_writer_end_object (writer);
}

static void
write_held (Job        *job,
            GObject    *object,
            const char *types,
            const char *owner,
            const char *at)
{
  RmiConnection *self = job->connection;
  GType declared = RMI_IS_FORWARDER (object) ? G_TYPE_OBJECT : job->declared;
  g_autofree char *own_types = NULL;
  const char *path = rmi_exporter_hold (self->runtime->exporter, self, object, declared, &own_types, &job->error);

  if (path == NULL)
    return;
  if (rmi_path_is_implicit (path))
    rmi_writer_note_reference (job->writer, path);
  write_reference (job->writer, "$ref", path, types != NULL ? types : own_types, owner, at);
}

/* An object of another peer: what we hold for the receiver is a relay to it. */
static void
write_third (Job           *job,
             GObject       *stub,
             RmiConnection *home)
{
  RmiRuntime *runtime = job->connection->runtime;
  g_autoptr(GObject) relay = NULL;
  g_autofree char *types = NULL;
  g_autofree char *owner = NULL;
  g_autofree char *at = NULL;

  if (home->runtime != runtime || runtime->introduce == NULL)
    {
      g_set_error (&job->error, RMI_ERROR, RMI_ERROR_NOT_SUPPORTED, "The %s belongs to another node of this program",
                   G_OBJECT_TYPE_NAME (stub));
      return;
    }
  relay = runtime->introduce (runtime, stub, job->connection, &at, &job->error);
  if (relay == NULL)
    return;
  rmi_importer_identify (runtime->importer, stub, job->declared, &types, &owner);
  write_held (job, relay, types, owner, owner != NULL ? at : NULL);
}

/* Who passes a relay on means what it stands for. */
static GObject *
dup_meant (GObject *object)
{
  return RMI_IS_FORWARDER (object) ? rmi_forwarder_dup_target (RMI_FORWARDER (object), G_TYPE_OBJECT) : g_object_ref (object);
}

static void
write_cb (gpointer data,
          gpointer unused)
{
  Job *job = data;
  RmiConnection *self = job->connection;
  g_autoptr(GObject) object = dup_meant (job->object);
  RmiConnection *home = NULL;
  const char *path = NULL;

  if (!rmi_importer_describe (self->runtime->importer, object, &home, &path))
    write_held (job, object, NULL, NULL, NULL);
  else if (home == self)
    write_reference (job->writer, "$home", path, NULL, NULL, NULL);
  else
    write_third (job, object, home);
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

/* An object of ours, or what it stands for. @connection is NULL if the peer need not hold it. */
static void
read_own (Job           *job,
          RmiConnection *connection,
          const char    *path)
{
  GObject *object = rmi_exporter_find (job->connection->runtime->exporter, connection, path);

  if (object == NULL)
    g_set_error (&job->error, RMI_ERROR, RMI_ERROR_NO_SUCH_OBJECT, "No such object");
  else if (RMI_IS_FORWARDER (object))
    job->object = rmi_forwarder_dup_target (RMI_FORWARDER (object), job->declared);
  else if (g_type_is_a (G_OBJECT_TYPE (object), job->declared))
    job->object = g_object_ref (object);
  if (object != NULL && job->object == NULL)
    g_set_error (&job->error, RMI_ERROR, RMI_ERROR_INVALID_ARGUMENTS, "The object is a %s and no %s",
                 G_OBJECT_TYPE_NAME (object), g_type_name (job->declared));
}

/* (transfer full) (nullable): the path, if it is one. U+0000 ends none. */
static char *
dup_path (const RmiSlice *text)
{
  g_autofree char *path = g_strndup (text->data, text->length);

  return strlen (path) == text->length && rmi_path_is_valid (path) ? g_steal_pointer (&path) : NULL;
}

/* Takes "<node id><path>" apart. */
static gboolean
parse_owner (RmiSlice   of,
             RmiSlice  *node,
             char     **path)
{
  const char *slash = of.length > 0 ? memchr (of.data, '/', of.length) : NULL;
  RmiSlice rest;

  if (slash == NULL)
    return FALSE;
  *node = (RmiSlice) { of.data, slash - of.data };
  rest = (RmiSlice) { slash, of.length - node->length };
  *path = rmi_node_id_is_valid (*node) ? dup_path (&rest) : NULL;
  return *path != NULL;
}

static void
discard (const Job  *job,
         const char *path)
{
  if (!is_void (job))
    rmi_importer_discard (job->connection->runtime->importer, job->connection, path);
}

/* Of a relay, that is: of an object that is a third party's, or even ours. */
static void
read_relayed (Job        *job,
              const char *path)
{
  RmiRuntime *runtime = job->connection->runtime;
  const RmiWireReference *reference = job->reference;
  g_autofree char *owner_path = NULL;
  RmiSlice node;

  if (!parse_owner (reference->of, &node, &owner_path))
    {
      discard (job, path);
      g_set_error (&job->error, RMI_ERROR, RMI_ERROR_INVALID_ARGUMENTS, "\"of\" of a reference names no object of a node");
    }
  else if (rmi_slice_equals (node, runtime->node_id, strlen (runtime->node_id)))
    {
      discard (job, path);
      read_own (job, NULL, owner_path);
    }
  else if (is_void (job))
    {
      job->object = rmi_importer_import_void (runtime->importer, job->connection, path, job->declared, reference, &job->error);
    }
  else
    {
      job->object = rmi_importer_import (runtime->importer, job->connection, path, job->declared, reference, &job->error);
    }
}

static void
read_cb (gpointer data,
         gpointer unused)
{
  Job *job = data;
  RmiConnection *self = job->connection;
  const RmiWireReference *reference = job->reference;
  g_autofree char *path = dup_path (&reference->path);

  if (path == NULL)
    g_set_error (&job->error, RMI_ERROR, RMI_ERROR_INVALID_ARGUMENTS, "\"%.*s\" is no object path",
                 (int) MIN (reference->path.length, 64), reference->path.data);
  else if (reference->is_home)
    read_own (job, self, path);
  else if (reference->of.length > 0)
    read_relayed (job, path);
  else if (is_void (job))
    job->object = rmi_importer_import_void (self->runtime->importer, self, path, job->declared, reference, &job->error);
  else
    job->object = rmi_importer_import (self->runtime->importer, self, path, job->declared, reference, &job->error);
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
  g_autofree char *path = dup_path (&job->reference->path);

  if (path != NULL)
    discard (job, path);
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
  self->codec = (RmiReferenceCodec) { 0, 0, codec_write, codec_read, codec_discard, codec_retract, codec_takes_same };
}
