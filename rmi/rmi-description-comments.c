/* rmi/rmi-description-comments.c: which comment documents which element
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "config.h"
#include "rmi/rmi-description-comments-private.h"

#include <string.h>

RmiDescriptionComments *
rmi_description_comments_new (void)
{
  RmiDescriptionComments *self = g_new0 (RmiDescriptionComments, 1);

  self->parameters = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->n_newlines = 1;
  return self;
}

void
rmi_description_comments_free (RmiDescriptionComments *self)
{
  g_free (self->symbol);
  g_free (self->body);
  g_hash_table_unref (self->parameters);
  g_free (self->plain);
  g_free (self);
}

/* Lines without their indentation, no empty ones at either end. */
static char *
join_lines (char **lines)
{
  g_autofree char *text = g_strjoinv ("\n", lines);

  return g_strdup (g_strstrip (text));
}

/* The symbol that the first line names; @rest is what follows it. */
static char *
read_symbol (const char  *line,
             const char **rest)
{
  const char *colon = strstr (line, ": ");
  gsize length = strlen (line);

  if (colon == NULL && g_str_has_suffix (line, ":"))
    colon = line + length - 1;
  if (colon == NULL)
    return NULL;
  *rest = colon + 1;
  return g_strndup (line, colon - line);
}

/* Takes the line "@name: text" into the parameters. */
static gboolean
take_parameter (RmiDescriptionComments *self,
                const char             *line)
{
  const char *colon = strstr (line, ": ");

  if (*line != '@' || colon == NULL)
    return FALSE;
  g_hash_table_replace (self->parameters, g_strndup (line + 1, colon - line - 1),
                        g_strdup (colon + 2));
  return TRUE;
}

/* As gdbus-codegen does: the symbol, its parameters, and then the body. */
static void
read_named (RmiDescriptionComments *self,
            char                  **lines)
{
  const char *rest = NULL;
  g_autofree char *symbol = read_symbol (lines[0], &rest);
  g_autofree char *first = NULL;
  g_autofree char *body = NULL;
  guint i = 1;

  if (symbol == NULL)
    return;

  g_hash_table_remove_all (self->parameters);
  while (lines[i] != NULL && take_parameter (self, lines[i]))
    i++;
  first = g_strstrip (g_strdup (rest));
  body = join_lines (lines + i);

  g_free (self->symbol);
  g_free (self->body);
  self->symbol = g_steal_pointer (&symbol);
  if (*first != '\0' && *body != '\0')
    self->body = g_strconcat (first, lines[i] != NULL && *lines[i] != '\0' ? "\n" : "\n\n", body,
                              NULL);
  else
    self->body = g_strdup (*first != '\0' ? first : body);
}

void
rmi_description_comments_add (RmiDescriptionComments *self,
                              const char             *text)
{
  g_autofree char *stripped = g_strstrip (g_strdup (text));
  g_auto(GStrv) lines = g_strsplit (stripped, "\n", -1);
  guint i;

  g_clear_pointer (&self->plain, g_free);
  for (i = 0; lines[i] != NULL; i++)
    g_strstrip (lines[i]);
  if (lines[0] == NULL)
    return;

  read_named (self, lines);
  if (self->n_newlines > 0)
    self->plain = join_lines (lines);
  self->n_newlines = 0;
}

void
rmi_description_comments_skip_text (RmiDescriptionComments *self,
                                    const char             *text,
                                    gsize                   length)
{
  gsize i;

  for (i = 0; i < length; i++)
    if (text[i] == '\n')
      self->n_newlines++;
  if (self->n_newlines > 1)
    g_clear_pointer (&self->plain, g_free);
}

void
rmi_description_comments_end_tag (RmiDescriptionComments *self)
{
  g_clear_pointer (&self->plain, g_free);
  self->n_newlines = 0;
}

/* An interface may have a line "@short_description: …", which is its first paragraph. */
static char *
dup_body (RmiDescriptionComments *self)
{
  const char *brief = g_hash_table_lookup (self->parameters, "short_description");

  if (brief == NULL)
    return g_strdup (self->body);
  return *self->body != '\0' ? g_strconcat (brief, "\n\n", self->body, NULL) : g_strdup (brief);
}

char *
rmi_description_comments_take (RmiDescriptionComments  *self,
                               const char              *name,
                               const char              *parent,
                               char                   **since)
{
  g_autofree char *plain = g_steal_pointer (&self->plain);
  const char *text;

  *since = NULL;
  self->n_newlines = 0;
  if (name != NULL && g_strcmp0 (self->symbol, name) == 0)
    {
      text = g_hash_table_lookup (self->parameters, "since");
      *since = text != NULL ? g_strstrip (g_strdup (text)) : NULL;
      return dup_body (self);
    }
  if (plain != NULL)
    return g_steal_pointer (&plain);
  if (name != NULL && parent != NULL && g_strcmp0 (self->symbol, parent) == 0)
    {
      text = g_hash_table_lookup (self->parameters, name);
      return text != NULL ? g_strstrip (g_strdup (text)) : NULL;
    }
  return NULL;
}
