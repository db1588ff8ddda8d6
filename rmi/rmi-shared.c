/* rmi/rmi-shared.c: what `{"$same":n}` may stand for
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * n counts the `{` of the text. It is read from front to back, so that items are in order.
 */
#include "config.h"
#include "rmi/rmi-shared-private.h"

struct _RmiSharedTable
{
  GArray         *items;          /* of RmiShared, in the order of the text */
  GArray         *braces;         /* of guint32: where each `{` is; nullable until one is asked for */
  GDestroyNotify  unref;
};

void
rmi_shared_table_free (RmiSharedTable *self)
{
  for (guint i = 0; i < self->items->len; i++)
    {
      RmiShared *item = &g_array_index (self->items, RmiShared, i);

      if (item->value != NULL)
        self->unref (item->value);
    }
  g_array_unref (self->items);
  g_clear_pointer (&self->braces, g_array_unref);
  g_free (self);
}

static void
start (RmiReader      *self,
       GDestroyNotify  unref)
{
  self->has_instances = TRUE;
  if (!rmi_json_may_have_dollar (self->start, self->end))
    return;

  self->shared = g_new0 (RmiSharedTable, 1);
  self->shared->items = g_array_new (FALSE, FALSE, sizeof (RmiShared));
  self->shared->unref = unref;
}

/* Behind the `{` at @position. */
static RmiSpecial
take_special (RmiReader  *self,
              const char *position)
{
  gboolean is_escaped;
  RmiSlice key;

  if (rmi_reader_next_char (self) != '"' || (self->cursor[1] != '$' && self->cursor[1] != '\\'))
    return RMI_SPECIAL_NONE;
  rmi_reader_take_key (self, &key, &is_escaped);
  if (rmi_json_string_equals (key, "$same"))
    return RMI_SPECIAL_SAME;
  if (rmi_json_string_equals (key, "$type"))
    return RMI_SPECIAL_TYPE;
  self->cursor = position + 1;
  return RMI_SPECIAL_NONE;
}

gboolean
rmi_reader_enter_instance (RmiReader       *self,
                           GDestroyNotify   unref,
                           const char     **position,
                           RmiSpecial      *special)
{
  if (rmi_reader_next_char (self) != '{')
    {
      rmi_reader_fail_type (self, "an object");
      return FALSE;
    }
  if (G_UNLIKELY (!self->has_instances))
    start (self, unref);
  *position = self->cursor++;
  *special = G_UNLIKELY (self->shared != NULL) ? take_special (self, *position) : RMI_SPECIAL_NONE;
  return TRUE;
}

void
rmi_reader_open_shared (RmiReader     *self,
                        const char    *position,
                        gpointer       value,
                        gconstpointer  tag)
{
  RmiShared item = { position, value, TRUE, tag };

  if (self->shared == NULL)
    return;
  g_array_append_val (self->shared->items, item);
  rmi_reader_charge (self, sizeof item);
}

/* NULL if none began there. */
static RmiShared *
find (RmiReader  *self,
      const char *position)
{
  GArray *items = self->shared->items;
  guint low = 0, high = items->len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;
      RmiShared *item = &g_array_index (items, RmiShared, middle);

      if (item->position == position)
        return item;
      if (item->position < position)
        low = middle + 1;
      else
        high = middle;
    }
  return NULL;
}

void
rmi_reader_close_shared (RmiReader  *self,
                         const char *position,
                         gpointer    value)
{
  RmiShared *item;

  if (self->shared == NULL)
    return;
  item = find (self, position);
  g_assert (item != NULL && (item->value == NULL || value == NULL));
  item->is_open = FALSE;
  if (value != NULL)
    item->value = value;
}

static void
find_braces (RmiReader *self)
{
  GArray *braces = g_array_new (FALSE, FALSE, sizeof (guint32));
  gboolean is_escaped;

  self->shared->braces = braces;
  for (const char *p = self->start; p < self->end; p++)
    if (*p == '"')
      {
        p = rmi_json_string_end (p + 1, self->end, &is_escaped);
      }
    else if (*p == '{')
      {
        guint32 offset = p - self->start;

        if (!rmi_reader_charge (self, sizeof offset))
          return;
        g_array_append_val (braces, offset);
      }
}

const RmiShared *
rmi_reader_take_same (RmiReader  *self,
                      const char *position)
{
  guint32 ordinal = rmi_reader_get_uint32 (self);
  static const RmiShared unseen = { NULL };
  const RmiShared *item = NULL;

  if (self->error != NULL)
    return NULL;
  if (rmi_reader_next_char (self) != '}')
    rmi_reader_fail_at (self, position, self->code, "\"$same\" goes with nothing else");
  else if (self->positional != NULL)
    rmi_reader_fail_at (self, position, self->code, "\"$same\" cannot be in arguments by name");
  else if (self->shared->braces == NULL)
    find_braces (self);
  if (self->error != NULL)
    return NULL;

  self->cursor++;
  if (ordinal < self->shared->braces->len)
    item = find (self, self->start + g_array_index (self->shared->braces, guint32, ordinal));
  /* It may be inside of one that is not looked into before it is made. */
  if (item == NULL && self->is_checking && ordinal < self->shared->braces->len
      && self->start + g_array_index (self->shared->braces, guint32, ordinal) < position)
    return &unseen;
  if (item == NULL)
    rmi_reader_fail_at (self, position, self->code, "\"$same\":%u is no object by value before this one", ordinal);
  return item;
}
