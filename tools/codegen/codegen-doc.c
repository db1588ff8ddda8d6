/* tools/codegen/codegen-doc.c: gtk-doc comments of the output
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "config.h"
#include "tools/codegen/codegen-parts.h"

#include <string.h>

/* One line of a comment; text of the description cannot end it. */
static void
add_line (CodegenOutput *out,
          const char    *text)
{
  g_auto(GStrv) pieces = g_strsplit (text, "*/", -1);
  g_autofree char *safe = g_strjoinv ("*&#47;", pieces);

  codegen_add_text (out, *safe != '\0' ? " * " : " *");
  codegen_add_text (out, safe);
  codegen_add_text (out, "\n");
}

void
codegen_doc_begin (CodegenOutput *out,
                   const char    *symbol,
                   const char    *annotation)
{
  codegen_add (out, "/**\n * %s:%s%s\n", symbol, *annotation != '\0' ? " " : "", annotation);
}

/* @doc on one line. */
static char *
fold (const char *doc)
{
  g_auto(GStrv) words = g_strsplit_set (doc != NULL ? doc : "", " \t\n\r", -1);
  GString *line = g_string_new (NULL);

  for (guint i = 0; words[i] != NULL; i++)
    if (*words[i] != '\0')
      g_string_append_printf (line, "%s%s", line->len > 0 ? " " : "", words[i]);
  return g_string_free (line, FALSE);
}

static void
add_tag (CodegenOutput *out,
         const char    *tag,
         const char    *annotation,
         const char    *doc)
{
  g_autofree char *folded = fold (doc);
  g_autofree char *line = g_strdup_printf ("%s:%s%s%s%s%s", tag, *annotation != '\0' ? " " : "", annotation,
                                           *annotation != '\0' && *folded != '\0' ? ":" : "",
                                           *folded != '\0' ? " " : "", folded);

  add_line (out, line);
}

void
codegen_doc_parameter (CodegenOutput *out,
                       const char    *name,
                       const char    *annotation,
                       const char    *doc)
{
  g_autofree char *tag = g_strconcat ("@", name, NULL);

  add_tag (out, tag, annotation, doc);
}

void
codegen_doc_text (CodegenOutput *out,
                  const char    *doc)
{
  g_auto(GStrv) lines = g_strsplit (doc != NULL ? doc : "", "\n", -1);
  guint n_lines = g_strv_length (lines);

  for (guint i = 0; i < n_lines; i++)
    g_strstrip (lines[i]);
  while (n_lines > 0 && *lines[n_lines - 1] == '\0')
    n_lines--;
  if (n_lines == 0)
    return;
  codegen_add_text (out, " *\n");
  for (guint i = 0, is_text = FALSE; i < n_lines; i++)
    {
      is_text = is_text || *lines[i] != '\0';
      if (is_text)
        add_line (out, lines[i]);
    }
}

void
codegen_doc_returns (CodegenOutput *out,
                     const char    *annotation,
                     const char    *doc)
{
  codegen_add_text (out, " *\n");
  add_tag (out, "Returns", annotation, doc);
}

void
codegen_doc_end (CodegenOutput *out,
                 const char    *since,
                 gboolean       is_deprecated)
{
  if (since != NULL || is_deprecated)
    codegen_add_text (out, " *\n");
  if (since != NULL)
    add_tag (out, "Since", "", since);
  if (is_deprecated)
    codegen_add_text (out, " * Deprecated\n");
  codegen_add_text (out, " */\n");
}

char *
codegen_doc_get_annotation (const CodegenType *type,
                            gboolean           is_out,
                            gboolean           is_owned)
{
  GString *text = g_string_new (NULL);

  if (is_out)
    g_string_append (text, " (out)");
  if (is_owned && codegen_type_is_pointer (type))
    g_string_append (text, " (transfer full)");
  if (type->is_nullable)
    g_string_append (text, " (nullable)");
  if (*type->annotation != '\0')
    g_string_append_printf (text, " %s", type->annotation);
  if (text->len > 0)
    g_string_erase (text, 0, 1);
  return g_string_free (text, FALSE);
}
