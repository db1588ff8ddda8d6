/* rmi/rmi-transcoder.c: a value of one connection as a value of another, without knowing its type
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * One pass over the text: strings are looked at, and what stands between two references is copied in one piece.
 */
#include "config.h"
#include "rmi/rmi-transcoder-internal.h"

#include "rmi/rmi-reader-private.h"

typedef struct
{
  RmiReader  *reader;
  RmiWriter  *writer;
  const char *end;        /* of the value */
  const char *copied;     /* what is before was written */
  gboolean    has_begun;
  GArray     *opened;     /* of const char *: the objects and arrays around the cursor */
} Transcoding;

static void
copy_until (Transcoding *self,
            const char  *end)
{
  RmiSlice piece = { self->copied, end - self->copied };

  /* The writer sets no comma behind one, but looks at the last byte only. */
  while (piece.length > 0 && end < self->end && strchr (" \n\r\t", piece.data[piece.length - 1]) != NULL)
    piece.length--;
  if (piece.length == 0)
    return;
  if (self->has_begun)
    rmi_writer_append (self->writer, piece.data, piece.length);
  else
    rmi_writer_add_raw (self->writer, piece.data, piece.length);
  self->has_begun = TRUE;
}

/* The object from @start to @end is a reference, or nothing that may be there. */
static void
translate (Transcoding *self,
           const char  *start,
           const char  *end)
{
  RmiReader *reader = self->reader;
  g_autoptr(GObject) object = NULL;
  g_autofree char *path = NULL;
  RmiWireReference reference;
  GError *error = NULL;

  copy_until (self, start);
  reader->cursor = start;
  path = rmi_reader_take_reference (reader, &reference);
  if (path == NULL)
    return;
  rmi_reader_claim (reader, start, end);
  object = reader->codec->read (reader->codec, &reference, G_TYPE_OBJECT, &error);
  if (object == NULL)
    {
      rmi_reader_fail_at (reader, start, error->code, "%s", error->message);
      g_error_free (error);
      return;
    }
  rmi_writer_add_object (self->writer, object, G_TYPE_OBJECT);
  self->has_begun = TRUE;
  self->copied = end;
}

/* Nothing in it may be passed on behind its back. */
static gboolean
is_flat (const char *start,
         const char *end)
{
  gboolean is_escaped;

  for (const char *p = start + 1; p < end; p++)
    {
      if (*p == '"')
        p = rmi_json_string_end (p + 1, end, &is_escaped);
      else if (*p == '{')
        return FALSE;
    }
  return TRUE;
}

/* Whether the string at @inside is the key of a reference: @after is behind its quote. */
static gboolean
is_reference_key (RmiSlice    inside,
                  const char *after,
                  const char *end)
{
  if (inside.length == 0 || (*inside.data != '$' && *inside.data != '\\') ||
      (!rmi_json_string_equals (inside, "$ref") && !rmi_json_string_equals (inside, "$home")))
    return FALSE;
  after = rmi_json_skip_space (after, end);
  if (after == end || *after != ':')
    return FALSE;
  after = rmi_json_skip_space (after + 1, end);
  return after < end && *after == '"';
}

/* At a string: behind it, or behind the reference that it is in. */
static const char *
step_over_string (Transcoding *self,
                  const char  *quote)
{
  gboolean is_escaped;
  const char *close = rmi_json_string_end (quote + 1, self->end, &is_escaped);
  RmiSlice inside = { quote + 1, close - quote - 1 };
  const char *start, *end;

  if (!is_reference_key (inside, close + 1, self->end))
    return close + 1;

  start = g_array_index (self->opened, const char *, self->opened->len - 1);
  end = rmi_json_value_end (start, self->end);
  g_array_set_size (self->opened, self->opened->len - 1);
  if (is_flat (start, end))
    translate (self, start, end);
  else
    rmi_reader_fail_at (self->reader, start, self->reader->code, "a reference has an object inside");
  return end;
}

static void
run (Transcoding *self,
     const char  *text)
{
  while (text < self->end && self->reader->error == NULL && !rmi_writer_has_failed (self->writer))
    switch (*text)
      {
      case '"':
        text = step_over_string (self, text);
        break;
      case '{':
      case '[':
        g_array_append_val (self->opened, text);
        text++;
        break;
      case '}':
      case ']':
        g_array_set_size (self->opened, self->opened->len - 1);
        text++;
        break;
      default:
        text++;
      }
}

void
rmi_transcode (RmiReader *reader,
               RmiWriter *writer)
{
  Transcoding self = { reader, writer };
  const char *start;

  if (rmi_reader_next_char (reader) == '\0')
    {
      rmi_writer_add_null (writer);
      return;
    }

  start = reader->cursor;
  self.end = rmi_json_value_end (start, reader->end);
  self.copied = start;
  if (reader->codec != NULL && rmi_json_may_have_dollar (start, self.end))
    {
      self.opened = g_array_new (FALSE, FALSE, sizeof (const char *));
      run (&self, start);
      g_array_unref (self.opened);
    }
  if (reader->error != NULL)
    return;
  copy_until (&self, self.end);
  reader->cursor = self.end;
}
