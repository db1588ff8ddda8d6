/* rmi/rmi-arguments.c: the arguments of a call, by position or by name
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Stubs send arrays, which are read in place. Arguments by name, from plain clients, are first put
 * in the declared order, so that there is only one way to read. An argument that is not there is a
 * hole: `[1,,3]`, in our own text only.
 */
#include "config.h"
#include "rmi/rmi-reader-private.h"

enum
{
  ARGUMENTS_NONE,      /* absent, null */
  ARGUMENTS_ARRAY,
  ARGUMENTS_ALONE,     /* params is the only argument itself */
};

static int
find_name (const char *const *names,
           RmiSlice           key)
{
  int i;

  for (i = 0; names[i] != NULL; i++)
    if (rmi_json_string_equals (key, names[i]))
      return i;
  return -1;
}

/* The value of each declared argument in the object at the cursor; FALSE and an error that sticks
   at an unknown name, unless it stands for nothing. */
static gboolean
collect_named (RmiReader *self,
               RmiSlice  *values)
{
  const char *text = self->cursor + 1;
  RmiSlice key, value;
  int i;

  while (rmi_json_next_member (&text, self->end, &key, &value))
    {
      i = find_name (self->names, key);
      if (i < 0 && rmi_slice_equals (value, "null", strlen ("null")))
        continue;
      if (i < 0)
        {
          rmi_reader_fail_at (self, value.data, self->code, "there is no such argument");
          return FALSE;
        }
      values[i] = value;
    }
  return TRUE;
}

static void
put_in_order (RmiReader *self)
{
  guint n_names = g_strv_length ((GStrv) self->names);
  g_autofree RmiSlice *values = g_new0 (RmiSlice, n_names + 1);
  g_autoptr(GString) text = NULL;
  guint i;

  if (!collect_named (self, values))
    return;

  text = g_string_sized_new (self->end - self->start + n_names + 2);
  for (i = 0; i < n_names; i++)
    {
      g_string_append_c (text, i == 0 ? '[' : ',');
      g_string_append_len (text, values[i].data != NULL ? values[i].data : "", values[i].length);
    }
  g_string_append (text, n_names == 0 ? "[]" : "]");

  self->end = text->str + text->len;
  self->positional = g_string_free (g_steal_pointer (&text), FALSE);
  self->start = self->claimed = self->positional;
  self->cursor = self->positional + 1;
}

/**
 * rmi_reader_begin_arguments:
 * @self: a reader
 * @names: (array zero-terminated=1): the declared arguments; they must stay until reading ends
 *
 * Enters the arguments of a call. If only one is declared, an object without a member of that name
 * is itself the argument.
 *
 * Since: 1.0
 */
void
rmi_reader_begin_arguments (RmiReader         *self,
                            const char *const *names)
{
  char next = rmi_reader_next_char (self);

  self->names = names;
  self->n_taken = 0;
  self->style = ARGUMENTS_NONE;
  if (self->error != NULL || rmi_reader_take_null (self))
    return;

  if (next == '[')
    {
      self->style = ARGUMENTS_ARRAY;
      self->cursor++;
    }
  else if (next != '{')
    rmi_reader_fail_type (self, "an array or an object of arguments");
  else if (names[0] != NULL && names[1] == NULL &&
           rmi_json_lookup ((RmiSlice) { self->cursor, self->end - self->cursor }, names[0]).data == NULL)
    self->style = ARGUMENTS_ALONE;
  else
    {
      self->style = ARGUMENTS_ARRAY;
      put_in_order (self);
    }
}

/* Moves to the next element of the array; FALSE at its end and at a hole. */
static gboolean
move_to_argument (RmiReader *self)
{
  char next = rmi_reader_next_char (self);

  if (self->n_taken > 0 && next == ',')
    {
      self->cursor++;
      next = rmi_reader_next_char (self);
    }
  return next != ',' && next != ']' && next != '\0';
}

/**
 * rmi_reader_next_argument:
 * @self: a reader
 * @is_nullable: whether it may be absent
 *
 * Moves to the next declared argument, which must then be read.
 *
 * Returns: %FALSE if it is absent, which is an error that sticks unless @is_nullable
 *
 * Since: 1.0
 */
gboolean
rmi_reader_next_argument (RmiReader *self,
                          gboolean   is_nullable)
{
  gboolean is_there = FALSE;

  if (self->error != NULL)
    return FALSE;

  if (self->style == ARGUMENTS_ARRAY)
    is_there = move_to_argument (self);
  else if (self->style == ARGUMENTS_ALONE)
    is_there = self->n_taken == 0;

  if (!is_there && !is_nullable)
    rmi_reader_fail (self, g_error_new (RMI_ERROR, self->code, "%s: the argument \"%s\" is missing",
                                        self->root, self->names[self->n_taken]));
  self->n_taken++;
  return is_there;
}

static void
leave_array (RmiReader *self)
{
  for (char next; (next = rmi_reader_next_char (self)) != ']';)
    {
      if (next == ',')
        self->cursor++;
      if (!rmi_reader_take_null (self))
        {
          rmi_reader_fail_at (self, self->start, self->code, "too many arguments, %d are declared", self->n_taken);
          return;
        }
    }
  self->cursor++;
}

/**
 * rmi_reader_end_arguments:
 * @self: a reader
 *
 * Leaves the arguments. More of them than declared is an error that sticks, unless they are null: who knows of nullable
 * arguments that are new can call who does not.
 *
 * Since: 1.0
 */
void
rmi_reader_end_arguments (RmiReader *self)
{
  if (self->error == NULL && self->style == ARGUMENTS_ARRAY)
    leave_array (self);
  if (self->is_checking && self->error == NULL)
    {
      self->is_checked = TRUE;      /* and what comes next is for another time */
      rmi_reader_fail (self, g_error_new_literal (RMI_ERROR, RMI_ERROR_INTERNAL, "The arguments were only checked"));
    }
  rmi_reader_complete (self);
}
