/* rmi/rmi-writer.c: JSON text, the buffer and its structure
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Owns the bytes of one message and the references noted in it. The values are in rmi-writer-values.c.
 */
#include "config.h"

#include "rmi/rmi-writer-private.h"

#include "rmi/rmi-error.h"
#include "rmi/rmi-json-text-private.h"
#include "rmi/rmi-text-internal.h"

#define INITIAL_SIZE 1024
#define LARGE_SIZE (64 * 1024)
#define HUGE_SIZE (2 * 1024 * 1024)
#define UNLIMITED (G_MAXSIZE / 4)

static void
set_up (RmiWriter         *self,
        const RmiLimits   *limits,
        RmiReferenceCodec *codec)
{
  self->text = self->memory + RMI_WRITER_HEADROOM;
  self->text[-1] = ':';
  self->cursor = self->text;
  self->limit = self->memory + self->size;
  self->frame_bytes = limits != NULL ? limits->frame_bytes : UNLIMITED;
  self->max_depth = limits != NULL ? limits->depth : G_MAXUINT;
  self->depth = 0;
  self->n_objects = 0;
  self->is_personal = self->has_same = FALSE;
  self->codec = codec;
}

RmiWriter *
rmi_writer_new (const RmiLimits   *limits,
                RmiReferenceCodec *codec)
{
  RmiWriter *self = g_new0 (RmiWriter, 1);

  self->size = INITIAL_SIZE;
  self->memory = g_malloc (self->size);
  set_up (self, limits, codec);
  return self;
}

static gboolean
rmi_writer_is_void (RmiWriter *self)
{
  return self->generation != g_atomic_int_get (&self->codec->generation);
}

static void
retract_references (RmiWriter *self)
{
  g_autoptr(GPtrArray) references = g_steal_pointer (&self->references);

  for (guint i = 0; references != NULL && !rmi_writer_is_void (self) && i < references->len; i++)
    self->codec->retract (self->codec, references->pdata[i]);
}

void
rmi_writer_free (RmiWriter *self)
{
  retract_references (self);
  rmi_instance_table_clear (&self->instances);
  g_clear_error (&self->error);
  g_free (self->memory);
  g_free (self);
}

void
rmi_writer_reset (RmiWriter         *self,
                  const RmiLimits   *limits,
                  RmiReferenceCodec *codec)
{
  retract_references (self);
  rmi_instance_table_reset (&self->instances);
  g_clear_error (&self->error);
  if (self->size > HUGE_SIZE)
    {
      g_free (self->memory);
      self->size = INITIAL_SIZE;
      self->memory = g_malloc (self->size);
    }
  set_up (self, limits, codec);
}

gboolean
rmi_writer_is_large (RmiWriter *self)
{
  return self->size > LARGE_SIZE;
}

static void
fail_too_large (RmiWriter *self)
{
  GError *error = g_error_new (RMI_ERROR, RMI_ERROR_LIMIT,
                               "Message exceeds the limit of %" G_GSIZE_FORMAT " bytes (frame_bytes)",
                               self->frame_bytes);

  rmi_writer_fail (self, error);
}

gboolean
rmi_writer_grow (RmiWriter *self,
                 gsize      length)
{
  gsize front = self->text - self->memory;
  gsize used = self->cursor - self->memory;

  if (self->error != NULL)
    return FALSE;
  if (length > UNLIMITED || used - front + length > self->frame_bytes + RMI_WRITER_SLACK)
    {
      fail_too_large (self);
      return FALSE;
    }
  self->size = MAX (2 * self->size, used + length);
  self->memory = g_realloc (self->memory, self->size);
  self->text = self->memory + front;
  self->cursor = self->memory + used;
  self->limit = self->memory + self->size;
  return TRUE;
}

/**
 * rmi_writer_fail:
 * @self: a writer
 * @error: (transfer full): why the message cannot be written
 *
 * Makes @error stick, unless one does already. From now on nothing is written, and finishing the message
 * reports @error.
 *
 * Since: 1.0
 */
void
rmi_writer_fail (RmiWriter *self,
                 GError    *error)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (error != NULL);

  if (self->error != NULL)
    {
      g_error_free (error);
      return;
    }
  self->error = error;
  self->limit = self->cursor;
}

/**
 * rmi_writer_has_failed:
 * @self: a writer
 *
 * Whether an error sticks. Code that writes need not ask; a long loop may, to end early.
 *
 * Returns: %TRUE if nothing more is written
 *
 * Since: 1.0
 */
gboolean
rmi_writer_has_failed (RmiWriter *self)
{
  g_return_val_if_fail (self != NULL, TRUE);

  return self->error != NULL;
}

static void
fail_too_deep (RmiWriter *self)
{
  rmi_writer_fail (self, g_error_new (RMI_ERROR, RMI_ERROR_LIMIT,
                                      "Value is nested deeper than the limit of %u levels (depth)", self->max_depth));
}

static inline void
begin (RmiWriter *self,
       char       bracket)
{
  char *p;

  g_return_if_fail (self != NULL);

  p = rmi_writer_open (self, 1);
  if (p == NULL)
    return;
  if (self->depth >= self->max_depth)
    {
      fail_too_deep (self);
      return;
    }
  self->depth++;
  self->n_objects += bracket == '{';
  *p = bracket;
  self->cursor = p + 1;
}

static inline void
end (RmiWriter *self,
     char       bracket)
{
  g_return_if_fail (self != NULL);

  if (!rmi_writer_reserve (self, 1))
    return;
  g_return_if_fail (self->depth > 0);
  self->depth--;
  *self->cursor++ = bracket;
}

/**
 * rmi_writer_begin_array:
 * @self: a writer
 *
 * Begins an array; the values up to rmi_writer_end_array() are its elements.
 *
 * Since: 1.0
 */
void
rmi_writer_begin_array (RmiWriter *self)
{
  begin (self, '[');
}

/**
 * rmi_writer_end_array:
 * @self: a writer
 *
 * Ends the array begun last.
 *
 * Since: 1.0
 */
void
rmi_writer_end_array (RmiWriter *self)
{
  end (self, ']');
}

/**
 * rmi_writer_begin_object:
 * @self: a writer
 *
 * Begins an object. Its members are each a rmi_writer_add_member() or rmi_writer_add_key() and a value.
 *
 * Since: 1.0
 */
void
rmi_writer_begin_object (RmiWriter *self)
{
  begin (self, '{');
}

/**
 * rmi_writer_end_object:
 * @self: a writer
 *
 * Ends the object begun last.
 *
 * Since: 1.0
 */
void
rmi_writer_end_object (RmiWriter *self)
{
  end (self, '}');
}

/**
 * rmi_writer_add_member:
 * @self: a writer
 * @name: a name that needs no escaping
 *
 * Writes the name of a declared member; its value comes next.
 *
 * Since: 1.0
 */
void
(rmi_writer_add_member) (RmiWriter  *self,
                         const char *name)
{
  g_return_if_fail (name != NULL);

  rmi_writer_add_member_n (self, name, strlen (name));
}

/**
 * rmi_writer_add_member_n:
 * @self: a writer
 * @name: (array length=length): a name that needs no escaping
 * @length: how many bytes
 *
 * Writes the name of a declared member; its value comes next.
 *
 * Since: 1.0
 */
void
rmi_writer_add_member_n (RmiWriter  *self,
                         const char *name,
                         gsize       length)
{
  char *p;

  g_return_if_fail (self != NULL);
  g_return_if_fail (name != NULL);

  p = rmi_writer_open (self, length + 3);
  if (p == NULL)
    return;
  *p++ = '"';
  memcpy (p, name, length);
  p[length] = '"';
  p[length + 1] = ':';
  self->cursor = p + length + 2;
}

/* Raw text with objects in it counts like what is written value by value. */
static void
count_raw (RmiWriter  *self,
           const char *json,
           const char *end)
{
  guint depth = self->depth, deepest = depth;
  gboolean is_escaped;

  for (; json < end; json++)
    if (*json == '"')
      {
        json = rmi_json_string_end (json + 1, end, &is_escaped);
      }
    else if (*json == '{' || *json == '[')
      {
        self->n_objects += *json == '{';
        depth++;
        deepest = MAX (deepest, depth);
      }
    else if (*json == '}' || *json == ']')
      {
        depth--;
      }
  if (deepest > self->max_depth)
    fail_too_deep (self);
}

void
rmi_writer_add_raw (RmiWriter  *self,
                    const char *json,
                    gsize       length)
{
  char *p = rmi_writer_open (self, length);

  if (p == NULL)
    return;
  self->cursor = (char *) memcpy (p, json, length) + length;
  if (length > 0 && (*json == '{' || *json == '['))
    count_raw (self, json, json + length);
}

void
rmi_writer_add_raw_members (RmiWriter  *self,
                            const char *members,
                            gsize       length)
{
  char *p = length > 0 ? rmi_writer_open (self, length) : NULL;

  if (p == NULL)
    return;
  self->cursor = (char *) memcpy (p, members, length) + length;
  count_raw (self, members, members + length);
}

void
rmi_writer_append (RmiWriter  *self,
                   const char *text,
                   gsize       length)
{
  if (rmi_writer_reserve (self, length))
    self->cursor = (char *) memcpy (self->cursor, text, length) + length;
}

void
rmi_writer_append_escaped (RmiWriter  *self,
                           const char *text,
                           gsize       length)
{
  rmi_writer_escape (self, text, length);
}

void
rmi_writer_begin_string (RmiWriter *self)
{
  char *p = rmi_writer_open (self, 1);

  if (p == NULL)
    return;
  *p = '"';
  self->cursor = p + 1;
}

void
rmi_writer_end_string (RmiWriter *self)
{
  rmi_writer_append (self, "\"", 1);
}

gboolean
rmi_writer_is_personal (RmiWriter *self)
{
  return self->is_personal;
}

gboolean
rmi_writer_has_same (RmiWriter *self)
{
  return self->has_same;
}

void
rmi_writer_note_reference (RmiWriter  *self,
                           const char *path)
{
  g_assert (self->codec != NULL);

  if (self->references == NULL)
    {
      self->references = g_ptr_array_new_with_free_func (g_free);
      self->generation = g_atomic_int_get (&self->codec->generation);
    }
  g_ptr_array_add (self->references, g_strdup (path));
}

void
rmi_writer_add_message (RmiWriter *self,
                        RmiWriter *message)
{
  rmi_writer_add_raw (self, message->text, message->cursor - message->text);
  if (self->references == NULL)
    {
      self->references = g_steal_pointer (&message->references);
      self->generation = message->generation;
    }
  else if (message->references != NULL)
    g_ptr_array_extend_and_steal (self->references, g_steal_pointer (&message->references));
}

gboolean
rmi_writer_has_void_references (RmiWriter *self)
{
  return self->references != NULL && rmi_writer_is_void (self);
}

void
rmi_writer_take_references (RmiWriter *self)
{
  g_clear_pointer (&self->references, g_ptr_array_unref);
}

gboolean
rmi_writer_finish (RmiWriter  *self,
                   RmiSlice   *text,
                   GError    **error)
{
  gsize length = self->cursor - self->text;

  if (length > self->frame_bytes)
    fail_too_large (self);
  if (self->error != NULL)
    {
      g_propagate_error (error, g_error_copy (self->error));
      return FALSE;
    }
  g_assert (self->depth == 0);
  *text = (RmiSlice) { self->text, length };
  return TRUE;
}

void
rmi_writer_push_front (RmiWriter  *self,
                       const char *text,
                       gsize       length)
{
  g_assert (length <= (gsize) (self->text - self->memory));

  self->text -= length;
  memcpy (self->text, text, length);
}

RmiSlice
rmi_writer_prepend (RmiWriter  *self,
                    const char *header,
                    gsize       length)
{
  char *start = self->text - length;

  g_assert (length <= (gsize) (self->text - self->memory));

  memcpy (start, header, length);
  return (RmiSlice) { start, self->cursor - start };
}
