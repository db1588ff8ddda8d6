/* rmi/rmi-description-parser.c: the XML of a description, tag by tag
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Real D-Bus files have a DOCTYPE (which is not fetched), elements and attributes of other
 * namespaces (ignored, as are nodes inside the node), and entities (expat bounds their expansion).
 */
#include "config.h"
#include "rmi/rmi-description-parser-private.h"

#include <expat.h>
#include <string.h>

#include "rmi/rmi-description-comments-private.h"
#include "rmi/rmi-error.h"

#define MAX_IGNORED_DEPTH 256

typedef struct
{
  RmiDescriptionParser    parser;
  XML_Parser              xml;
  RmiDescriptionComments *comments;
  guint                   n_ignored;    /* open elements from an ignored one on */
} Run;

const char *
rmi_element_get_attribute (const char **attributes,
                           const char  *name)
{
  guint i;

  for (i = 0; attributes[i] != NULL; i += 2)
    if (g_str_equal (attributes[i], name))
      return attributes[i + 1];
  return NULL;
}

RmiOpenElement *
rmi_description_parser_get_top (RmiDescriptionParser *self)
{
  return &self->open[self->n_open - 1];
}

void
rmi_description_parser_fail (RmiDescriptionParser *self,
                             const char           *format,
                             ...)
{
  g_autofree char *what = NULL;
  va_list arguments;

  if (self->error != NULL)
    return;
  va_start (arguments, format);
  what = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  rmi_description_set_error (self->description, self->location, &self->error, "%s", what);
}

/* ---- attributes ---- */

static gboolean
is_foreign_attribute (const char *name)
{
  return strchr (name, ':') != NULL || g_str_equal (name, "xmlns");
}

/* Whether "name! type" has @name, @length bytes long. */
static gboolean
has_word (const char *words,
          const char *name)
{
  gsize length = strlen (name);
  const char *word = words;

  while ((word = strstr (word, name)) != NULL)
    {
      if ((word == words || word[-1] == ' ') && strchr (" !", word[length]) != NULL)
        return TRUE;
      word += length;
    }
  return FALSE;
}

static void
check_attributes (RmiDescriptionParser  *self,
                  const RmiElement      *element,
                  const char           **attributes)
{
  g_auto(GStrv) words = g_strsplit (element->attributes, " ", -1);
  guint i;

  for (i = 0; attributes[i] != NULL; i += 2)
    if (!is_foreign_attribute (attributes[i]) &&
        (*attributes[i] == '\0' || !has_word (element->attributes, attributes[i])))
      rmi_description_parser_fail (self, "<%s> has no attribute \"%s\"", element->name,
                                   attributes[i]);

  for (i = 0; words[i] != NULL; i++)
    {
      char *mark = strchr (words[i], '!');

      if (mark == NULL)
        continue;
      *mark = '\0';
      if (rmi_element_get_attribute (attributes, words[i]) == NULL)
        rmi_description_parser_fail (self, "<%s> lacks the attribute \"%s\"", element->name,
                                     words[i]);
    }
}

/* ---- tags ---- */

static void
stop_if_failed (Run *run)
{
  if (run->parser.error != NULL)
    XML_StopParser (run->xml, XML_FALSE);
}

static void
locate (Run *run)
{
  run->parser.location.line = XML_GetCurrentLineNumber (run->xml);
  run->parser.location.column = XML_GetCurrentColumnNumber (run->xml) + 1;
}

/* Whether the element belongs to somebody else: <tp:docstring>, or one with its own xmlns. */
static gboolean
is_foreign_element (const char  *name,
                    const char **attributes,
                    gboolean     is_root)
{
  return strchr (name, ':') != NULL ||
         (!is_root && rmi_element_get_attribute (attributes, "xmlns") != NULL);
}

static void
take_comment (Run *run)
{
  RmiDescriptionParser *self = &run->parser;
  RmiOpenElement *top = rmi_description_parser_get_top (self);
  const char *parent = self->n_open > 1 ? top[-1].name : NULL;
  g_autofree char *since = NULL;
  g_autofree char *doc = rmi_description_comments_take (run->comments, top->name, parent, &since);

  if (top->doc != NULL && doc != NULL && *doc != '\0')
    *top->doc = g_steal_pointer (&doc);
  if (top->since != NULL && *top->since == NULL && since != NULL && *since != '\0')
    *top->since = g_steal_pointer (&since);
}

static void
open_element (Run         *run,
              const char  *name,
              const char **attributes)
{
  RmiDescriptionParser *self = &run->parser;
  const RmiElement *outer = self->n_open > 0 ? rmi_description_parser_get_top (self)->element : NULL;
  const RmiElement *element = NULL;

  if (!is_foreign_element (name, attributes, self->n_open == 0))
    {
      element = rmi_element_find (name, outer != NULL ? outer->kind : RMI_ELEMENT_ROOT);
      if (element == NULL || (element->attributes != NULL && self->n_open == RMI_ELEMENTS_OPEN))
        {
          rmi_description_parser_fail (self, outer != NULL ? "<%s> may not stand inside <%s>"
                                       : "<%s> may not stand here; the outermost element is <%s>",
                                       name, outer != NULL ? outer->name : "node");
          return;
        }
    }
  if (element == NULL || element->attributes == NULL)
    {
      run->n_ignored = 1;
      return;
    }

  check_attributes (self, element, attributes);
  if (self->error != NULL)
    return;
  self->open[self->n_open++] = (RmiOpenElement) { .element = element };
  element->start (self, attributes);
  if (self->error == NULL)
    take_comment (run);
}

static void XMLCALL
start_element_cb (void            *user_data,
                  const XML_Char  *name,
                  const XML_Char **attributes)
{
  Run *run = user_data;

  if (run->parser.error != NULL)
    return;
  locate (run);
  if (run->n_ignored == 0)
    open_element (run, name, attributes);
  else if (++run->n_ignored > MAX_IGNORED_DEPTH)
    rmi_description_parser_fail (&run->parser, "elements are nested deeper than %d levels",
                                 MAX_IGNORED_DEPTH);
  stop_if_failed (run);
}

static void XMLCALL
end_element_cb (void           *user_data,
                const XML_Char *name)
{
  Run *run = user_data;
  RmiDescriptionParser *self = &run->parser;
  RmiOpenElement *top;

  if (self->error != NULL)
    return;
  rmi_description_comments_end_tag (run->comments);
  if (run->n_ignored > 0)
    {
      run->n_ignored--;
      return;
    }

  top = rmi_description_parser_get_top (self);
  if (top->element->end != NULL)
    top->element->end (self);
  self->n_open--;
  stop_if_failed (run);
}

static void XMLCALL
text_cb (void           *user_data,
         const XML_Char *text,
         int             length)
{
  Run *run = user_data;

  rmi_description_comments_skip_text (run->comments, text, length);
}

static void XMLCALL
comment_cb (void           *user_data,
            const XML_Char *text)
{
  Run *run = user_data;

  if (run->n_ignored == 0)
    rmi_description_comments_add (run->comments, text);
}

/* ---- a whole file ---- */

static void
set_up (Run            *run,
        RmiDescription *description,
        RmiPending     *pending)
{
  RmiDescriptionParser *self = &run->parser;

  self->description = description;
  self->pending = pending;
  self->file_names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->member_names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->field_names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  run->comments = rmi_description_comments_new ();

  run->xml = XML_ParserCreate (NULL);
  XML_SetUserData (run->xml, run);
  XML_SetElementHandler (run->xml, start_element_cb, end_element_cb);
  XML_SetCharacterDataHandler (run->xml, text_cb);
  XML_SetCommentHandler (run->xml, comment_cb);
}

static void
clear (Run *run)
{
  RmiDescriptionParser *self = &run->parser;

  XML_ParserFree (run->xml);
  rmi_description_comments_free (run->comments);
  g_hash_table_unref (self->file_names);
  g_hash_table_unref (self->member_names);
  g_hash_table_unref (self->field_names);
  g_clear_error (&self->error);
}

gboolean
rmi_description_parse (RmiDescription  *description,
                       const char      *data,
                       gsize            length,
                       RmiPending      *pending,
                       GError         **error)
{
  RmiDescriptionParser *self;
  gboolean is_good;
  Run run = { 0 };

  self = &run.parser;
  set_up (&run, description, pending);
  is_good = XML_Parse (run.xml, data, (int) length, XML_TRUE) == XML_STATUS_OK;
  if (!is_good && self->error == NULL)
    {
      locate (&run);
      rmi_description_parser_fail (self, "%s", XML_ErrorString (XML_GetErrorCode (run.xml)));
    }
  if (self->error != NULL)
    g_propagate_error (error, g_steal_pointer (&self->error));
  clear (&run);
  return is_good;
}
