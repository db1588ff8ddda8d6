/* tools/codegen/codegen-output.c: C text, written in the house style
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Templates hold ${variables}, so that they look like the C they become.
 */
#include "config.h"
#include "tools/codegen/codegen-output.h"

#include <string.h>

struct _CodegenOutput
{
  GString    *text;
  GHashTable *variables;
};

struct _CodegenParameters
{
  GPtrArray *types;
  GPtrArray *names;
};

CodegenOutput *
codegen_output_new (void)
{
  CodegenOutput *self = g_new0 (CodegenOutput, 1);

  self->text = g_string_new (NULL);
  self->variables = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return self;
}

void
codegen_output_free (CodegenOutput *self)
{
  if (self->text != NULL)
    g_string_free (self->text, TRUE);
  g_hash_table_unref (self->variables);
  g_free (self);
}

gboolean
codegen_output_holds (CodegenOutput *self,
                      const char    *text)
{
  return strstr (self->text->str, text) != NULL;
}

void
codegen_set (CodegenOutput *self,
             const char    *name,
             const char    *value)
{
  g_hash_table_insert (self->variables, g_strdup (name), g_strdup (value));
}

static char *
expand (CodegenOutput *self,
        const char    *template)
{
  GString *text = g_string_new (NULL);
  const char *cursor = template;
  const char *start;

  while ((start = strstr (cursor, "${")) != NULL)
    {
      const char *end = strchr (start, '}');
      g_autofree char *name = g_strndup (start + 2, end - start - 2);
      const char *value = g_hash_table_lookup (self->variables, name);

      g_assert (end != NULL && value != NULL);
      g_string_append_len (text, cursor, start - cursor);
      g_string_append (text, value);
      cursor = end + 1;
    }
  g_string_append (text, cursor);
  return g_string_free (text, FALSE);
}

void
codegen_add (CodegenOutput *self,
             const char    *format,
             ...)
{
  g_autofree char *template = NULL;
  g_autofree char *text = NULL;
  va_list arguments;

  va_start (arguments, format);
  template = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  text = expand (self, template);
  g_string_append (self->text, text);
}

void
codegen_add_text (CodegenOutput *self,
                  const char    *text)
{
  g_string_append (self->text, text);
}

/* As C string literals of about 80 columns each, broken after a comma where there is one. */
void
codegen_add_literal (CodegenOutput *self,
                     const char    *text,
                     const char    *indent)
{
  gsize column = 0;

  g_string_append_printf (self->text, "%s\"", indent);
  for (const char *c = text; *c != '\0'; c++)
    {
      gboolean is_trigraph = *c == '?' && c > text && c[-1] == '?';
      gsize before = self->text->len;

      if (*c == '"' || *c == '\\' || is_trigraph)
        g_string_append_printf (self->text, "\\%c", *c);
      else if ((guchar) *c < 0x20 || *c == 0x7f)
        g_string_append_printf (self->text, "\\%03o", (guchar) *c);
      else
        g_string_append_c (self->text, *c);
      column += self->text->len - before;
      /* Never inside a character of UTF-8. */
      if (c[1] != '\0' && (c[1] & 0xc0) != 0x80 && ((*c == ',' && column > 60) || column > 84))
        {
          g_string_append_printf (self->text, "\"\n%s\"", indent);
          column = 0;
        }
    }
  g_string_append_c (self->text, '"');
}

CodegenParameters *
codegen_parameters_new (void)
{
  CodegenParameters *self = g_new0 (CodegenParameters, 1);

  self->types = g_ptr_array_new_with_free_func (g_free);
  self->names = g_ptr_array_new_with_free_func (g_free);
  return self;
}

void
codegen_parameters_free (CodegenParameters *self)
{
  g_ptr_array_unref (self->types);
  g_ptr_array_unref (self->names);
  g_free (self);
}

void
codegen_parameters_add (CodegenParameters *self,
                        const char        *type,
                        const char        *name)
{
  g_ptr_array_add (self->types, g_strdup (type));
  g_ptr_array_add (self->names, g_strdup (name));
}

void
codegen_parameters_add_out (CodegenParameters *self,
                            const char        *type,
                            const char        *name)
{
  g_ptr_array_add (self->types, g_strconcat (type, "*", NULL));
  g_ptr_array_add (self->names, g_strdup (name));
}

/* How much of a type stands in the column of types; the stars stand at the name. */
static gsize
get_type_width (const char *type)
{
  gsize length = strlen (type);

  while (length > 0 && (type[length - 1] == '*' || type[length - 1] == ' '))
    length--;
  return length;
}

static void
add_parameter_list (CodegenOutput     *self,
                    CodegenParameters *parameters,
                    gsize              column)
{
  gsize widest = 0;
  gsize most_stars = 0;

  if (parameters->types->len == 0)
    g_string_append (self->text, "void");
  for (guint i = 0; i < parameters->types->len; i++)
    {
      const char *type = parameters->types->pdata[i];
      gsize width = get_type_width (type);

      widest = MAX (widest, width);
      most_stars = MAX (most_stars, strlen (type + width + strspn (type + width, " ")));
    }
  for (guint i = 0; i < parameters->types->len; i++)
    {
      const char *type = parameters->types->pdata[i];
      gsize width = get_type_width (type);
      const char *stars = type + width + strspn (type + width, " ");
      /* One parameter needs no columns. */
      gsize padding = parameters->types->len == 1 ? 1 : widest - width + 1 + most_stars - strlen (stars);

      if (i > 0)
        g_string_append_printf (self->text, ",\n%*s", (int) column, "");
      g_string_append_printf (self->text, "%.*s%*s%s%s", (int) width, type, (int) padding, "", stars,
                              (const char *) parameters->names->pdata[i]);
    }
}

/* How many columns the last line has. */
static gsize
get_column (CodegenOutput *self)
{
  const char *newline = strrchr (self->text->str, '\n');
  const char *start = newline != NULL ? newline + 1 : self->text->str;

  return g_utf8_strlen (start, -1);
}

void
codegen_add_definition (CodegenOutput     *self,
                        const char        *result,
                        const char        *name,
                        CodegenParameters *parameters)
{
  g_autofree char *expanded_result = expand (self, result);
  g_autofree char *expanded_name = expand (self, name);

  g_strchomp (expanded_result);
  g_string_append_printf (self->text, "%s\n%s (", expanded_result, expanded_name);
  add_parameter_list (self, parameters, strlen (expanded_name) + 2);
  g_string_append (self->text, ")\n");
}

void
codegen_add_prototype (CodegenOutput     *self,
                       const char        *result,
                       const char        *name,
                       CodegenParameters *parameters,
                       const char        *end)
{
  g_autofree char *expanded_result = expand (self, result);
  g_autofree char *expanded_name = expand (self, name);
  gsize column;

  g_string_append_printf (self->text, "%s%s (", expanded_result, expanded_name);
  column = get_column (self);
  add_parameter_list (self, parameters, column);
  g_string_append_printf (self->text, ")%s", end);
}

void
codegen_add_call (CodegenOutput *self,
                  const char    *head,
                  GPtrArray     *arguments,
                  const char    *tail)
{
  g_autofree char *expanded = expand (self, head);
  g_autofree char *expanded_tail = expand (self, tail);
  gsize column;
  gsize end = strcspn (expanded_tail, "\n") + 1;
  gsize length;

  g_string_append_printf (self->text, "%s (", expanded);
  column = get_column (self);
  for (guint i = 0; i < arguments->len; i++)
    {
      const char *argument = arguments->pdata[i];

      length = strlen (argument) + (i + 1 < arguments->len ? 1 : end);
      if (i > 0 && get_column (self) + 2 + length > CODEGEN_COLUMNS)
        g_string_append_printf (self->text, ",\n%*s", (int) column, "");
      else if (i > 0)
        g_string_append (self->text, ", ");
      g_string_append (self->text, argument);
    }
  g_string_append_printf (self->text, ")%s", expanded_tail);
}

/* "name (type a, type b)" as parameters; NULL if @line is no such thing. */
static CodegenParameters *
parse_definition (const char  *line,
                  char       **name)
{
  g_autoptr(CodegenParameters) parameters = NULL;
  const char *open = strstr (line, " (");
  g_autofree char *inside = NULL;
  g_auto(GStrv) pieces = NULL;

  if (!g_ascii_isalpha (*line) || open == NULL || !g_str_has_suffix (line, ")") || strstr (line, ", ") == NULL)
    return NULL;
  inside = g_strndup (open + 2, strlen (open) - 3);
  if (strpbrk (inside, "()\"") != NULL)
    return NULL;
  parameters = codegen_parameters_new ();
  pieces = g_strsplit (inside, ", ", -1);
  for (guint i = 0; pieces[i] != NULL; i++)
    {
      gsize end = strlen (pieces[i]);

      while (end > 0 && pieces[i][end - 1] != ' ' && pieces[i][end - 1] != '*')
        end--;
      g_ptr_array_add (parameters->types, g_strndup (pieces[i], end));
      g_ptr_array_add (parameters->names, g_strdup (pieces[i] + end));
    }
  *name = g_strndup (line, open - line);
  return g_steal_pointer (&parameters);
}

/* Templates have a definition's parameters on one line; the house style has each on its own. */
static void
align_definitions (CodegenOutput *self)
{
  g_auto(GStrv) lines = g_strsplit (self->text->str, "\n", -1);

  g_string_truncate (self->text, 0);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      g_autofree char *name = NULL;
      g_autoptr(CodegenParameters) parameters = NULL;

      if (lines[i + 1] != NULL && g_str_equal (lines[i + 1], "{"))
        parameters = parse_definition (lines[i], &name);
      if (parameters == NULL)
        g_string_append (self->text, lines[i]);
      else
        {
          g_string_append_printf (self->text, "%s (", name);
          add_parameter_list (self, parameters, strlen (name) + 2);
          g_string_append_c (self->text, ')');
        }
      if (lines[i + 1] != NULL)
        g_string_append_c (self->text, '\n');
    }
}

char *
codegen_output_steal (CodegenOutput *self)
{
  char *text;

  align_definitions (self);
  text = g_string_free (g_steal_pointer (&self->text), FALSE);
  codegen_output_free (self);
  return text;
}
