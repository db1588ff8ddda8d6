/* rmi/rmi-reader-location.c: error texts that say where
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Nothing is kept for this while reading: the text is walked once more, from its start to the place
 * of the error.
 */
#include "config.h"
#include "rmi/rmi-reader-private.h"

#define LOCATION_BYTES 256

/* An array or object that is open at the place of the error. */
typedef struct
{
  gsize    index;
  RmiSlice key;       /* absent in arrays */
} Level;

static gboolean
is_plain_name (RmiSlice key)
{
  gsize i;

  for (i = 0; i < key.length; i++)
    if (!g_ascii_isalnum (key.data[i]) && key.data[i] != '_' && key.data[i] != '-')
      return FALSE;
  return key.length > 0;
}

static char *
format_location (RmiReader *self,
                 GArray    *levels)
{
  g_autoptr(GString) path = g_string_new (self->root);
  guint i;

  for (i = 0; i < levels->len && path->len < LOCATION_BYTES; i++)
    {
      const Level *level = &g_array_index (levels, Level, i);

      if (i == 0 && self->positional != NULL)
        g_string_append_printf (path, ".%s", self->names[level->index]);
      else if (level->key.data == NULL)
        g_string_append_printf (path, "[%" G_GSIZE_FORMAT "]", level->index);
      else if (is_plain_name (level->key))
        g_string_append_printf (path, ".%.*s", (int) level->key.length, level->key.data);
      else
        g_string_append_printf (path, "[\"%.*s\"]", (int) level->key.length, level->key.data);
    }
  if (i < levels->len)
    g_string_append (path, "…");
  return g_string_free (g_steal_pointer (&path), FALSE);
}

char *
rmi_reader_locate (RmiReader  *self,
                   const char *position)
{
  g_autoptr(GArray) levels = g_array_new (FALSE, TRUE, sizeof (Level));
  const char *text = self->start;
  gboolean is_escaped;

  while (text < position)
    {
      Level *level = levels->len > 0 ? &g_array_index (levels, Level, levels->len - 1) : NULL;
      const char *inside = text + 1;

      switch (*text++)
        {
        case '{':
        case '[':
          g_array_set_size (levels, levels->len + 1);
          break;
        case '}':
        case ']':
          g_array_set_size (levels, levels->len - 1);
          break;
        case ',':
          level->index++;
          break;
        case '"':
          text = rmi_json_string_end (inside, self->end, &is_escaped);
          if (rmi_json_skip_space (text + 1, self->end) < self->end &&
              *rmi_json_skip_space (text + 1, self->end) == ':')
            level->key = (RmiSlice) { inside, text - inside };
          text++;
          break;
        default:
          break;
        }
    }
  return format_location (self, levels);
}

void
rmi_reader_fail_at (RmiReader  *self,
                    const char *position,
                    RmiError    code,
                    const char *format,
                    ...)
{
  g_autofree char *location = NULL;
  g_autofree char *what = NULL;
  va_list arguments;

  if (self->error != NULL)
    return;

  location = rmi_reader_locate (self, position);
  va_start (arguments, format);
  what = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  if (self->code == RMI_ERROR_BAD_REPLY)
    code = RMI_ERROR_BAD_REPLY;
  rmi_reader_fail (self, g_error_new (RMI_ERROR, code, "%s: %s", location, what));
}

static const char *
describe (char next)
{
  switch (next)
    {
    case '{':
      return "an object";
    case '[':
      return "an array";
    case '"':
      return "a string";
    case 't':
    case 'f':
      return "a boolean";
    case 'n':
      return "null";
    case '0':
      return "a number";
    default:
      return "nothing";
    }
}

void
rmi_reader_fail_type (RmiReader  *self,
                      const char *expected)
{
  if (self->error == NULL)
    rmi_reader_fail_at (self, self->cursor, self->code, "expected %s, not %s",
                        expected, describe (rmi_reader_peek (self)));
}

/**
 * rmi_reader_fail_missing:
 * @self: a reader
 * @name: a required member, not there
 *
 * Makes an error that names it stick. For use right after the object was read.
 *
 * Since: 1.0
 */
void
rmi_reader_fail_missing (RmiReader  *self,
                         const char *name)
{
  rmi_reader_fail_at (self, self->cursor, self->code, "\"%s\" is missing", name);
}
