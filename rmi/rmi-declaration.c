/* rmi/rmi-declaration.c: declared types, and what holds for all of them together
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A peer may have written them: the checks take linear time and no recursion.
 */
#include "config.h"
#include "rmi/rmi-declaration-private.h"

#include "rmi/rmi-error.h"
#include "rmi/rmi-siphash-internal.h"
#include "rmi/rmi-type-info-private.h"

#define MAX_BASES 32

static const char *const kinds[] = {
  [RMI_DECLARATION_ENUM] = "enum",
  [RMI_DECLARATION_FLAGS] = "flags",
  [RMI_DECLARATION_STRUCT] = "struct",
  [RMI_DECLARATION_CLASS] = "class",
  [RMI_DECLARATION_INTERFACE] = "interface",
};

const char *
rmi_declaration_kind_to_string (RmiDeclarationKind kind)
{
  return kinds[kind];
}

gboolean
rmi_declaration_kind_from_string (const char         *text,
                                  RmiDeclarationKind *kind)
{
  guint i;

  for (i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (g_str_equal (kinds[i], text))
      {
        *kind = i;
        return TRUE;
      }
  return FALSE;
}

RmiFieldInfo *
rmi_field_info_new (void)
{
  return g_new0 (RmiFieldInfo, 1);
}

void
rmi_field_info_free (RmiFieldInfo *self)
{
  g_free (self->name);
  g_clear_pointer (&self->type, rmi_type_info_free);
  g_free (self->doc);
  g_free (self);
}

static void
value_free (gpointer data)
{
  RmiEnumValueInfo *self = data;

  g_free (self->name);
  g_free (self->doc);
  g_free (self);
}

RmiDeclaration *
rmi_declaration_new (RmiDeclarationKind kind)
{
  RmiDeclaration *self = g_new0 (RmiDeclaration, 1);

  self->kind = kind;
  if (kind == RMI_DECLARATION_STRUCT || kind == RMI_DECLARATION_CLASS)
    self->fields = g_ptr_array_new_with_free_func ((GDestroyNotify) rmi_field_info_free);
  if (kind == RMI_DECLARATION_ENUM || kind == RMI_DECLARATION_FLAGS)
    self->values = g_ptr_array_new_with_free_func (value_free);
  return self;
}

void
rmi_declaration_free (RmiDeclaration *self)
{
  g_free (self->alias);
  g_free (self->name);
  g_free (self->c_name);
  g_free (self->extends);
  g_free (self->external);
  g_clear_pointer (&self->fields, g_ptr_array_unref);
  g_clear_pointer (&self->values, g_ptr_array_unref);
  g_clear_pointer (&self->classes, g_hash_table_unref);
  g_free (self->doc);
  g_free (self->since);
  g_free (self);
}

static gboolean G_GNUC_PRINTF (4, 5)
fail (const RmiDeclaration  *declaration,
      const RmiDeclaration **culprit,
      GError               **error,
      const char            *format,
      ...)
{
  g_autofree char *what = NULL;
  va_list arguments;

  va_start (arguments, format);
  what = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  *culprit = declaration;
  g_set_error (error, RMI_ERROR, RMI_ERROR_INVALID_ARGUMENTS, "%s %s %s", kinds[declaration->kind],
               declaration->alias, what);
  return FALSE;
}

static gboolean
check_bases (const RmiDeclaration  *declaration,
             const RmiDeclaration **culprit,
             GError               **error)
{
  const RmiDeclaration *base = declaration->base;
  const RmiDeclaration *turtle = declaration;
  guint n_bases;

  for (n_bases = 1; base != NULL; base = base->base, n_bases++)
    {
      if (base == turtle)
        return fail (base, culprit, error, "extends itself");
      if (n_bases > 2 * MAX_BASES)
        break;
      if (n_bases % 2 == 0)
        turtle = turtle->base;
    }
  if (n_bases > MAX_BASES + 1)
    return fail (declaration, culprit, error, "has more than %d bases, one upon the other",
                 MAX_BASES);
  return TRUE;
}

/* No property that a base has already. */
static gboolean
check_properties (const RmiDeclaration  *declaration,
                  const RmiDeclaration **culprit,
                  GError               **error)
{
  g_autoptr(GHashTable) names = NULL;
  const RmiDeclaration *base;
  guint i;

  if (declaration->kind != RMI_DECLARATION_CLASS || declaration->base == NULL)
    return TRUE;

  names = g_hash_table_new (rmi_siphash_str, g_str_equal);
  for (base = declaration->base; base != NULL; base = base->base)
    for (i = 0; i < base->fields->len; i++)
      g_hash_table_add (names, ((RmiFieldInfo *) base->fields->pdata[i])->name);
  for (i = 0; i < declaration->fields->len; i++)
    {
      const RmiFieldInfo *field = declaration->fields->pdata[i];

      if (g_hash_table_contains (names, field->name))
        return fail (declaration, culprit, error,
                     "has a property \"%s\" already, from what it extends", field->name);
    }
  return TRUE;
}

/* A struct being looked at, and which of its fields comes next. */
typedef struct
{
  const RmiDeclaration *declaration;
  guint                 next;
} Visit;

static const RmiDeclaration *
next_struct_inside (Visit *visit)
{
  while (visit->next < visit->declaration->fields->len)
    {
      const RmiFieldInfo *field = visit->declaration->fields->pdata[visit->next++];

      if (field->type->kind == RMI_TYPE_KIND_NAMED &&
          field->type->declaration->kind == RMI_DECLARATION_STRUCT)
        return field->type->declaration;
    }
  return NULL;
}

/* Walks down from @root. @visited: struct → whether the walk stands inside it. */
static gboolean
check_struct (const RmiDeclaration  *root,
              GHashTable            *visited,
              const RmiDeclaration **culprit,
              GError               **error)
{
  g_autoptr(GArray) open = g_array_new (FALSE, FALSE, sizeof (Visit));
  Visit visit = { root, 0 };

  g_hash_table_insert (visited, (gpointer) root, GINT_TO_POINTER (TRUE));
  g_array_append_val (open, visit);
  while (open->len > 0)
    {
      Visit *top = &g_array_index (open, Visit, open->len - 1);
      const RmiDeclaration *inside = next_struct_inside (top);
      gpointer is_open;

      if (inside == NULL)
        {
          g_hash_table_insert (visited, (gpointer) top->declaration, GINT_TO_POINTER (FALSE));
          g_array_set_size (open, open->len - 1);
        }
      else if (!g_hash_table_lookup_extended (visited, inside, NULL, &is_open))
        {
          visit = (Visit) { inside, 0 };
          g_hash_table_insert (visited, (gpointer) inside, GINT_TO_POINTER (TRUE));
          g_array_append_val (open, visit);
        }
      else if (GPOINTER_TO_INT (is_open))
        return fail (inside, culprit, error, "contains itself; let it be nullable, or an array");
    }
  return TRUE;
}

/* Those of other files come and go on their own. */
static void
join_classes (GPtrArray *declarations)
{
  g_autoptr(GHashTable) classes = g_hash_table_new (rmi_siphash_str, g_str_equal);
  guint i;

  for (i = 0; i < declarations->len; i++)
    {
      RmiDeclaration *declaration = declarations->pdata[i];

      if (declaration->kind != RMI_DECLARATION_CLASS)
        continue;
      g_hash_table_insert (classes, declaration->name, declaration);
      g_clear_pointer (&declaration->classes, g_hash_table_unref);
      declaration->classes = g_hash_table_ref (classes);
    }
}

const RmiDeclaration *
rmi_declaration_find_class (const RmiDeclaration *self,
                            const char           *name)
{
  return self->classes != NULL ? g_hash_table_lookup (self->classes, name) : NULL;
}

gboolean
rmi_declaration_is_a (const RmiDeclaration *self,
                      const RmiDeclaration *base)
{
  while (self != NULL && self != base)
    self = self->base;
  return self != NULL;
}

gboolean
rmi_declarations_check (GPtrArray             *declarations,
                        const RmiDeclaration **culprit,
                        GError               **error)
{
  g_autoptr(GHashTable) visited = g_hash_table_new (NULL, NULL);
  guint i;

  for (i = 0; i < declarations->len; i++)
    if (!check_bases (declarations->pdata[i], culprit, error))
      return FALSE;

  for (i = 0; i < declarations->len; i++)
    {
      const RmiDeclaration *declaration = declarations->pdata[i];

      if (!check_properties (declaration, culprit, error))
        return FALSE;
      if (declaration->kind == RMI_DECLARATION_STRUCT &&
          !g_hash_table_contains (visited, declaration) &&
          !check_struct (declaration, visited, culprit, error))
        return FALSE;
    }

  join_classes (declarations);
  return TRUE;
}
