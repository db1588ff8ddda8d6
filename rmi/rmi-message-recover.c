/* rmi/rmi-message-recover.c: the id of a message that is broken
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * An error without an id helps nobody, and some clients hang up on it. So a text that is not JSON
 * is looked through once more, for the names at its outermost level alone: what strings hold is not
 * judged, where brackets do not match the search ends. In doubt there is no id; one that is found is
 * JSON itself, since it is echoed.
 */
#include "config.h"
#include "rmi/rmi-message-private.h"

#include "rmi/rmi-scanner-internal.h"

#define MAX_OPEN 1024

/* What the search knows. */
typedef struct
{
  const char *cursor;
  const char *end;
  guint       n_open;
  char        open[MAX_OPEN];
} Search;

static void
skip_space (Search *self)
{
  while (self->cursor < self->end && strchr (" \t\r\n", *self->cursor) != NULL && *self->cursor != '\0')
    self->cursor++;
}

/* Moves behind a string whose quote was taken; its inside. data is NULL if it has no end. */
static RmiSlice
take_string (Search *self)
{
  const char *inside = self->cursor;

  for (; self->cursor < self->end && *self->cursor != '"'; self->cursor++)
    if (*self->cursor == '\\')
      self->cursor++;
  if (self->cursor >= self->end)
    {
      self->cursor = self->end;
      return (RmiSlice) RMI_SLICE_INIT;
    }
  return (RmiSlice) { inside, self->cursor++ - inside };
}

static gboolean
is_json (RmiSlice text)
{
  RmiLimits limits;

  rmi_limits_init_network (&limits);
  return rmi_scanner_check (text, &limits, NULL, NULL, NULL);
}

/* The value at the cursor if it can be an id and ends as a member does. */
static RmiSlice
look_at_id (Search *self)
{
  Search ahead = { .cursor = self->cursor, .end = self->end };
  RmiSlice id = { self->cursor, 0 };

  if (ahead.cursor < ahead.end && *ahead.cursor == '"')
    {
      ahead.cursor++;
      if (take_string (&ahead).data == NULL)
        return (RmiSlice) RMI_SLICE_INIT;
    }
  else
    while (ahead.cursor < ahead.end && (*ahead.cursor == '-' || g_ascii_isdigit (*ahead.cursor)))
      ahead.cursor++;

  id.length = ahead.cursor - id.data;
  skip_space (&ahead);
  if (ahead.cursor == ahead.end || (*ahead.cursor != ',' && *ahead.cursor != '}'))
    return (RmiSlice) RMI_SLICE_INIT;
  if (!rmi_message_is_id (id) || !is_json (id))
    return (RmiSlice) RMI_SLICE_INIT;
  return id;
}

static void
note_member (Search             *self,
             RmiSlice            key,
             RmiRecoveredMessage *found)
{
  if (rmi_slice_equals (key, "id", 2))
    {
      found->id = found->n_ids++ == 0 ? look_at_id (self) : (RmiSlice) RMI_SLICE_INIT;
    }
  else if (rmi_slice_equals (key, "method", 6))
    found->has_method = TRUE;
  else if (rmi_slice_equals (key, "result", 6) || rmi_slice_equals (key, "error", 5))
    found->has_answer = TRUE;
}

/* Takes a bracket; FALSE if it does not match or nests too deep. */
static gboolean
take_bracket (Search *self,
              char    bracket)
{
  if (bracket == '{' || bracket == '[')
    {
      if (self->n_open == MAX_OPEN)
        return FALSE;
      self->open[self->n_open++] = bracket == '{' ? '}' : ']';
      return TRUE;
    }
  return self->n_open > 0 && self->open[--self->n_open] == bracket;
}

void
rmi_message_recover (RmiSlice             text,
                     RmiRecoveredMessage *found)
{
  Search search = { .cursor = text.data, .end = text.data + text.length };
  RmiSlice key;
  char byte;

  *found = (RmiRecoveredMessage) { 0 };
  skip_space (&search);
  if (search.cursor == search.end || *search.cursor != '{')
    return;

  do
    {
      byte = *search.cursor++;
      if (byte == '"')
        {
          key = take_string (&search);
          skip_space (&search);
          if (key.data == NULL || search.n_open != 1 || search.cursor == search.end || *search.cursor != ':')
            continue;
          search.cursor++;
          skip_space (&search);
          note_member (&search, key, found);
        }
      else if (strchr ("{}[]", byte) != NULL && byte != '\0' && !take_bracket (&search, byte))
        return;
    }
  while (search.cursor < search.end && search.n_open > 0);
}
