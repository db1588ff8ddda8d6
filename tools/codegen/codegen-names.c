/* tools/codegen/codegen-names.c: names of a description as C identifiers
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "config.h"
#include "tools/codegen/codegen-names.h"

#include <string.h>

/* Words of C and C++, and macros of the compiler and the C library, in lower case. */
static const char *const reserved_words[] = {
  "alignas", "alignof", "and", "and_eq", "asm", "auto", "bitand", "bitor", "bool", "break", "case",
  "catch", "char", "char16_t", "char32_t", "char8_t", "class", "co_await", "co_return", "co_yield",
  "compl", "concept", "const", "const_cast", "consteval", "constexpr", "constinit", "continue",
  "decltype", "default", "delete", "do", "double", "dynamic_cast", "else", "enum", "errno",
  "explicit", "export", "extern", "false", "final", "float", "for", "friend", "goto", "i386", "if",
  "inline", "int", "interface", "linux", "long", "mutable", "namespace", "new", "noexcept", "not",
  "not_eq", "nullptr", "operator", "or", "or_eq", "override", "private", "protected", "public",
  "register", "reinterpret_cast", "requires", "restrict", "return", "short", "signed", "sizeof",
  "static", "static_assert", "static_cast", "stderr", "stdin", "stdout", "struct", "switch",
  "template", "this", "thread_local", "throw", "true", "try", "typedef", "typeid", "typename",
  "typeof", "union", "unix", "unsigned", "using", "virtual", "void", "volatile", "wchar_t", "while",
  "xor", "xor_eq", NULL,
};

char *
codegen_to_lower (const char *name)
{
  GString *lower = g_string_new (NULL);
  gboolean was_lower = FALSE;

  for (const char *c = name; *c != '\0'; c++)
    {
      gboolean is_upper = g_ascii_isupper (*c);

      if (is_upper && was_lower)
        g_string_append_c (lower, '_');
      g_string_append_c (lower, g_ascii_isalnum (*c) ? g_ascii_tolower (*c) : '_');
      was_lower = !is_upper && g_ascii_isalnum (*c);
    }
  return g_string_free (lower, FALSE);
}

char *
codegen_to_upper (const char *name)
{
  g_autofree char *lower = codegen_to_lower (name);

  return g_ascii_strup (lower, -1);
}

char *
codegen_to_hyphens (const char *name)
{
  return g_strdelimit (codegen_to_lower (name), "_", '-');
}

char *
codegen_to_camel (const char *name)
{
  GString *camel = g_string_new (NULL);
  gboolean is_start = TRUE;

  for (const char *c = name; *c != '\0'; c++)
    {
      if (g_ascii_isalnum (*c))
        g_string_append_c (camel, is_start ? g_ascii_toupper (*c) : *c);
      is_start = !g_ascii_isalnum (*c);
    }
  return g_string_free (camel, FALSE);
}

char *
codegen_to_identifier (const char *name)
{
  g_autofree char *lower = codegen_to_lower (name);

  if (g_ascii_isdigit (lower[0]))
    return g_strconcat ("_", lower, NULL);
  if (g_strv_contains (reserved_words, lower))
    return g_strconcat (lower, "_", NULL);
  return g_steal_pointer (&lower);
}

CodegenName *
codegen_name_new (const char *c_namespace,
                  const char *name)
{
  CodegenName *self = g_new0 (CodegenName, 1);
  g_autofree char *space = codegen_to_camel (c_namespace);
  g_autofree char *camel = codegen_to_camel (name);
  g_autofree char *space_lower = codegen_to_lower (c_namespace);
  g_autofree char *lower = codegen_to_lower (name);

  self->camel = g_strconcat (space, camel, NULL);
  self->lower = *space_lower != '\0' ? g_strconcat (space_lower, "_", lower, NULL) : g_strdup (lower);
  self->upper = g_ascii_strup (self->lower, -1);
  self->space = g_ascii_strup (space_lower, -1);
  self->rest = g_ascii_strup (lower, -1);
  self->type_macro = *space_lower != '\0' ? g_strconcat (self->space, "_TYPE_", self->rest, NULL)
                                          : g_strconcat ("TYPE_", self->rest, NULL);
  return self;
}

void
codegen_name_free (CodegenName *self)
{
  g_free (self->camel);
  g_free (self->lower);
  g_free (self->upper);
  g_free (self->space);
  g_free (self->rest);
  g_free (self->type_macro);
  g_free (self);
}
