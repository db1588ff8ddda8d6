/* rmi/rmi-reader-references.c: references, and who owns them
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Whoever receives a message owns its references. Those that became stubs are claimed, by place in
 * the text, in the order of reading; all between and behind them are released. So it does not
 * matter why one was not wanted: skipped, unknown, inside a JsonNode, or behind an error.
 */
#include "config.h"
#include "rmi/rmi-reader-private.h"

static void
discard_reference (RmiReferenceCodec *codec,
                   guint              epoch,
                   RmiSlice           inside)
{
  g_autofree char *path = g_malloc (inside.length + 1);
  RmiWireReference reference = {
    .path = { path, rmi_json_unescape (path, inside.data, inside.length) }, .epoch = epoch,
  };

  codec->discard (codec, &reference);
}

/* Any piece of valid text that starts and ends between two values, whatever is open there: each
   member "$ref" that
 * has a string is a reference. "$home" names an object of ours, which nobody counts. */
static void
discard_between (RmiReferenceCodec *codec,
                 guint              epoch,
                 const char        *text,
                 const char        *end)
{
  gboolean is_escaped;
  RmiSlice key, path;

  if (!rmi_json_may_have_dollar (text, end))
    return;

  while ((text = memchr (text, '"', end - text)) != NULL)
    {
      key.data = text + 1;
      text = rmi_json_string_end (key.data, end, &is_escaped);
      key.length = text++ - key.data;
      if (key.length == 0 || (*key.data != '$' && *key.data != '\\') ||
          !rmi_json_string_equals (key, "$ref"))
        continue;

      text = rmi_json_skip_space (text, end);
      if (text == end || *text != ':')
        continue;
      text = rmi_json_skip_space (text + 1, end);
      if (text == end || *text != '"')
        continue;

      path.data = text + 1;
      text = rmi_json_string_end (path.data, end, &is_escaped);
      path.length = text++ - path.data;
      discard_reference (codec, epoch, path);
    }
}

void
rmi_reader_discard (RmiSlice           text,
                    RmiReferenceCodec *codec)
{
  if (text.data != NULL && codec != NULL)
    discard_between (codec, codec->epoch, text.data, text.data + text.length);
}

void
rmi_reader_claim (RmiReader  *self,
                  const char *from,
                  const char *to)
{
  if (self->codec != NULL && from > self->claimed)
    discard_between (self->codec, self->epoch, self->claimed, from);
  self->claimed = MAX (self->claimed, to);
}

/* Takes a reference apart. FALSE and an error that sticks if the object at @text is none. */
static gboolean
parse_reference (RmiReader        *self,
                 const char       *text,
                 const char       *end,
                 RmiWireReference *reference)
{
  RmiSlice key, value;

  *reference = (RmiWireReference) { 0 };
  text++;
  while (rmi_json_next_member (&text, end, &key, &value))
    {
      gboolean is_home = rmi_json_string_equals (key, "$home");

      if (is_home || rmi_json_string_equals (key, "$ref"))
        {
          if (*value.data != '"' || reference->path.data != NULL)
            {
              reference->path.data = NULL;
              break;
            }
          reference->is_home = is_home;
          reference->path = (RmiSlice) { value.data + 1, value.length - 2 };
        }
      else if (rmi_json_string_equals (key, "$type"))
        reference->types = value;
      else if (rmi_json_string_equals (key, "of") && *value.data == '"')
        reference->of = (RmiSlice) { value.data + 1, value.length - 2 };
      else if (rmi_json_string_equals (key, "at"))
        reference->at = value;
    }

  if (reference->path.data == NULL)
    rmi_reader_fail_at (self, self->cursor, self->code, "expected a reference to an object");
  return self->error == NULL;
}

/* Unescapes @slice to @buffer, where it ends with a NUL; what is behind that. */
static char *
unescape_into (char     *buffer,
               RmiSlice *slice)
{
  slice->length = rmi_json_unescape (buffer, slice->data, slice->length);
  slice->data = buffer;
  buffer[slice->length] = '\0';
  return buffer + slice->length + 1;
}

char *
rmi_reader_take_reference (RmiReader        *self,
                           RmiWireReference *reference)
{
  const char *end;
  char *path;

  if (rmi_reader_next_char (self) != '{')
    {
      rmi_reader_fail_type (self, "a reference to an object");
      return NULL;
    }
  end = rmi_json_value_end (self->cursor, self->end);
  if (!parse_reference (self, self->cursor, end, reference))
    return NULL;

  reference->written = reference->path;
  path = g_malloc (reference->path.length + reference->of.length + 2);
  unescape_into (unescape_into (path, &reference->path), &reference->of);
  reference->epoch = self->epoch;
  self->cursor = end;
  return path;
}

/**
 * rmi_reader_get_object:
 * @self: a reader
 * @interface_type: the declared interface
 *
 * Reads a reference.
 *
 * Returns: (transfer full) (nullable) (type GObject): the object or a stub of it, or %NULL if an
 * error stuck
 *
 * Since: 1.0
 */
gpointer
rmi_reader_get_object (RmiReader *self,
                       GType      interface_type)
{
  g_autofree char *location = NULL;
  g_autofree char *path = NULL;
  g_autoptr(GError) error = NULL;
  RmiWireReference reference;
  const char *from;
  gpointer object;

  rmi_reader_next_char (self);
  from = self->cursor;
  path = rmi_reader_take_reference (self, &reference);
  if (path == NULL)
    return NULL;
  if (self->is_checking)
    return NULL;
  if (self->codec == NULL)
    {
      rmi_reader_fail_at (self, from, RMI_ERROR_NOT_SUPPORTED, "references cannot be passed here");
      return NULL;
    }

  if (reference.types.data == NULL)
    reference.types = self->types;
  /* What else may be in its object is nobody's. */
  rmi_reader_claim (self, reference.written.data - 1, reference.written.data + reference.written.length + 1);
  object = self->codec->read (self->codec, &reference, interface_type, &error);
  if (object != NULL)
    return object;

  location = rmi_reader_locate (self, from);
  g_prefix_error (&error, "%s: ", location);
  if (self->code == RMI_ERROR_BAD_REPLY)
    rmi_reader_fail (self, g_error_new_literal (RMI_ERROR, RMI_ERROR_BAD_REPLY, error->message));
  else
    rmi_reader_fail (self, g_steal_pointer (&error));
  return NULL;
}
