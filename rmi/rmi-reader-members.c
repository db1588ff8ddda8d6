/* rmi/rmi-reader-members.c: into arrays and objects, and out again
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The cursor alone says where we are: behind an opening bracket or behind a value. Because the text
 * is valid, what comes next is a separator, a closing bracket or, once, the first element.
 */
#include "config.h"
#include "rmi/rmi-reader-private.h"

/**
 * rmi_reader_begin_array:
 * @self: a reader
 *
 * Enters an array; rmi_reader_next_element() leaves it.
 *
 * Since: 1.0
 */
void
rmi_reader_begin_array (RmiReader *self)
{
  if (rmi_reader_next_char (self) == '[')
    self->cursor++;
  else
    rmi_reader_fail_type (self, "an array");
}

/**
 * rmi_reader_next_element:
 * @self: a reader
 *
 * Moves to the next element, which must then be read.
 *
 * Returns: %FALSE at the end of the array, and if an error stuck
 *
 * Since: 1.0
 */
gboolean
rmi_reader_next_element (RmiReader *self)
{
  switch (rmi_reader_next_char (self))
    {
    case '\0':
      return FALSE;
    case ']':
      self->cursor++;
      return FALSE;
    case ',':
      self->cursor++;
      return TRUE;
    default:
      return TRUE;
    }
}

/**
 * rmi_reader_begin_object:
 * @self: a reader
 *
 * Enters an object; rmi_reader_next_member() or rmi_reader_next_key() leave it.
 *
 * Since: 1.0
 */
void
rmi_reader_begin_object (RmiReader *self)
{
  if (rmi_reader_next_char (self) == '{')
    self->cursor++;
  else
    rmi_reader_fail_type (self, "an object");
}

/* Moves to the quote of the next key. FALSE at the end, which is consumed. */
static inline gboolean
move_to_key (RmiReader *self)
{
  char next = rmi_reader_next_char (self);

  if (next == ',')
    {
      self->cursor++;
      next = rmi_reader_next_char (self);
    }
  if (next == '"')
    return TRUE;
  if (next == '}')
    self->cursor++;
  return FALSE;
}

/* Moves from the closing quote of a key to its value. */
static inline void
move_to_value (RmiReader  *self,
               const char *quote)
{
  self->cursor = rmi_json_skip_space (quote + 1, self->end) + 1;
  self->cursor = rmi_json_skip_space (self->cursor, self->end);
}

gboolean
rmi_reader_take_key (RmiReader *self,
                     RmiSlice  *inside,
                     gboolean  *is_escaped)
{
  const char *quote;

  if (!move_to_key (self))
    return FALSE;
  inside->data = self->cursor + 1;
  quote = rmi_json_string_end (inside->data, self->end, is_escaped);
  inside->length = quote - inside->data;
  move_to_value (self, quote);
  return TRUE;
}

/* Whether `"name":` comes next, perhaps behind a comma; if so it is consumed. No name has a quote, so the key's own ends the
 * comparison.
 */
static inline gboolean
take_expected_key (RmiReader  *self,
                   const char *name)
{
  const char *text = self->cursor;

  if (text < self->end && *text == ',')
    text++;
  if (name == NULL || text >= self->end || *text != '"')
    return FALSE;

  for (text++; *name != '\0' && *text == *name; name++)
    text++;
  if (*name != '\0' || text[0] != '"' || text[1] != ':')
    return FALSE;
  self->cursor = text + 2;
  return TRUE;
}

/* The next member of @names that comes out of turn, or with white space around. */
static int
find_member (RmiReader         *self,
             const char *const *names,
             RmiReaderFlags     flags)
{
  gboolean is_escaped;
  RmiSlice key;

  while (rmi_reader_take_key (self, &key, &is_escaped))
    {
      for (int i = 0; names[i] != NULL; i++)
        if (rmi_json_string_equals (key, names[i]))
          return i;

      if (flags & RMI_READER_INSTANCE)
        rmi_reader_take_unknown (self, key);
      else if (flags & RMI_READER_ALLOW_UNKNOWN)
        rmi_reader_skip (self);
      else
        rmi_reader_fail_at (self, self->cursor, self->code, "there is no such member");
    }
  return -1;
}

/**
 * rmi_reader_next_member:
 * @self: a reader
 * @names: (array zero-terminated=1): the declared members
 * @previous: what this returned last, or -1
 * @flags: what to do with other members
 *
 * Moves to the value of the next declared member, which must then be read. Fastest if they come in
 * the declared order.
 *
 * Returns: the member's index in @names; -1 at the end of the object, and if an error stuck
 *
 * Since: 1.0
 */
int
rmi_reader_next_member (RmiReader         *self,
                        const char *const *names,
                        int                previous,
                        RmiReaderFlags     flags)
{
  if (G_LIKELY (take_expected_key (self, names[previous + 1])))
    return previous + 1;
  if (self->cursor < self->end && *self->cursor == '}')
    {
      self->cursor++;
      return -1;
    }
  return find_member (self, names, flags);
}

RmiSlice
rmi_reader_next_raw_key (RmiReader *self,
                         GString   *scratch)
{
  RmiSlice key = RMI_SLICE_INIT;
  gboolean is_escaped;
  char *buffer;

  if (!rmi_reader_take_key (self, &key, &is_escaped))
    return (RmiSlice) RMI_SLICE_INIT;
  if (!is_escaped)
    return key;

  if (scratch != NULL)
    {
      g_string_set_size (scratch, key.length);
      buffer = scratch->str;
    }
  else
    {
      g_free (self->temporary);
      buffer = self->temporary = g_malloc (key.length + 1);
    }
  key.length = rmi_json_unescape (buffer, key.data, key.length);
  key.data = buffer;
  if (scratch != NULL)
    g_string_truncate (scratch, key.length);
  return key;
}

/* `$$ref`, `$$$ref`…: a key that was written with one `$` more, so that it is no reference. */
static gboolean
is_guarded (const char *key)
{
  static const char *const reserved[] = { "ref", "home", "same", "type", NULL };

  if (key[0] != '$' || key[1] != '$')
    return FALSE;
  return g_strv_contains (reserved, key + strspn (key, "$"));
}

/**
 * rmi_reader_next_key:
 * @self: a reader
 *
 * Moves to the value of a dict's next key, which must then be read.
 *
 * Returns: (transfer full) (nullable): the key; %NULL at the end of the dict, and if an error stuck
 *
 * Since: 1.0
 */
char *
rmi_reader_next_key (RmiReader *self)
{
  g_autofree char *key = NULL;
  gboolean is_escaped;
  RmiSlice inside;
  gsize length;

  if (!rmi_reader_take_key (self, &inside, &is_escaped) ||
      !rmi_reader_charge (self, rmi_reader_block_size (inside.length + 1)))
    return NULL;

  key = g_malloc (inside.length + 1);
  if (is_escaped)
    length = rmi_json_unescape (key, inside.data, inside.length);
  else
    memcpy (key, inside.data, length = inside.length);
  key[length] = '\0';

  if (is_escaped && strlen (key) != length)
    {
      rmi_reader_fail_at (self, self->cursor, self->code, "U+0000 cannot be in a key");
      return NULL;
    }
  if (is_guarded (key))
    memmove (key, key + 1, length);
  return g_steal_pointer (&key);
}

/**
 * rmi_reader_skip:
 * @self: a reader
 *
 * Skips one value. The references in it are released, at the latest when reading ends.
 *
 * Since: 1.0
 */
void
rmi_reader_skip (RmiReader *self)
{
  if (rmi_reader_next_char (self) != '\0')
    self->cursor = rmi_json_value_end (self->cursor, self->end);
}

RmiSlice
rmi_reader_get_raw (RmiReader *self)
{
  const char *from;

  if (rmi_reader_next_char (self) == '\0')
    {
      rmi_reader_fail_type (self, "a value");
      return (RmiSlice) RMI_SLICE_INIT;
    }
  from = self->cursor;
  rmi_reader_skip (self);
  rmi_reader_claim (self, from, self->cursor);
  return (RmiSlice) { from, self->cursor - from };
}
