/* rmi/rmi-outline.c: what the signatures of an interface reach
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Signatures name types as their own file does; a document of one interface has no files. A type
 * keeps the name that the interface itself calls it by; one that is only reached through another
 * type keeps the name that is used there, with a number if it is taken.
 */
#include "config.h"
#include "rmi/rmi-interface-info-private.h"

#include "rmi/rmi-declaration-private.h"
#include "rmi/rmi-siphash-internal.h"
#include "rmi/rmi-type-info-private.h"

typedef struct
{
  RmiOutline *outline;
  GHashTable *taken;             /* aliases, borrowed */
} Walk;

static void
add_declaration (Walk           *self,
                 RmiDeclaration *declaration,
                 const char     *alias)
{
  g_autofree char *unique = NULL;
  guint number = 1;

  if (g_hash_table_contains (self->outline->aliases, declaration))
    return;

  unique = g_strdup (alias);
  while (g_hash_table_contains (self->taken, unique))
    {
      g_free (unique);
      unique = g_strdup_printf ("%s%u", alias, ++number);
    }
  g_hash_table_add (self->taken, unique);
  g_hash_table_insert (self->outline->aliases, declaration, g_steal_pointer (&unique));
  g_ptr_array_add (self->outline->declarations, declaration);
}

static void
add_type (Walk              *self,
          const RmiTypeInfo *type)
{
  while (type->element != NULL)
    type = type->element;
  if (type->kind == RMI_TYPE_KIND_NAMED)
    add_declaration (self, type->declaration, type->signature);
}

static void
add_fields (Walk            *self,
            const GPtrArray *fields)
{
  guint i;

  for (i = 0; fields != NULL && i < fields->len; i++)
    add_type (self, ((RmiFieldInfo *) fields->pdata[i])->type);
}

static void
add_members (Walk                   *self,
             const RmiInterfaceInfo *info)
{
  guint i;

  if (info->base != NULL)
    add_declaration (self, info->base, info->extends);
  for (i = 0; i < info->methods->len; i++)
    {
      add_fields (self, ((RmiMethodInfo *) info->methods->pdata[i])->in);
      add_fields (self, ((RmiMethodInfo *) info->methods->pdata[i])->out);
    }
  for (i = 0; i < info->signals->len; i++)
    add_fields (self, ((RmiSignalInfo *) info->signals->pdata[i])->arguments);
  for (i = 0; i < info->properties->len; i++)
    add_type (self, ((RmiPropertyInfo *) info->properties->pdata[i])->type);
}

/* They may come where @base is declared. */
static void
add_subclasses (Walk                   *self,
                const RmiInterfaceInfo *info,
                const RmiDeclaration   *base)
{
  guint i;

  for (i = 0; i < info->declarations->len; i++)
    {
      RmiDeclaration *declaration = info->declarations->pdata[i];

      if (declaration->classes == base->classes && rmi_declaration_is_a (declaration, base))
        add_declaration (self, declaration, declaration->alias);
    }
}

RmiOutline *
rmi_outline_new (const RmiInterfaceInfo *info)
{
  g_autoptr(RmiOutline) self = g_new0 (RmiOutline, 1);
  g_autoptr(GHashTable) taken = g_hash_table_new (rmi_siphash_str, g_str_equal);
  Walk walk = { self, taken };
  guint i;

  self->declarations = g_ptr_array_new ();
  self->aliases = g_hash_table_new_full (NULL, NULL, NULL, g_free);

  add_members (&walk, info);
  for (i = 0; i < self->declarations->len; i++)
    {
      const RmiDeclaration *declaration = self->declarations->pdata[i];

      if (declaration->kind == RMI_DECLARATION_CLASS && declaration->base != NULL)
        add_declaration (&walk, declaration->base, declaration->extends);
      if (declaration->kind == RMI_DECLARATION_CLASS)
        add_subclasses (&walk, info, declaration);
      add_fields (&walk, declaration->fields);
    }
  return g_steal_pointer (&self);
}

void
rmi_outline_free (RmiOutline *self)
{
  g_ptr_array_unref (self->declarations);
  g_hash_table_unref (self->aliases);
  g_free (self);
}

const char *
rmi_outline_get_alias (RmiOutline           *self,
                       const RmiDeclaration *declaration)
{
  return g_hash_table_lookup (self->aliases, declaration);
}

static const char *
get_alias_cb (RmiDeclaration *declaration,
              gpointer        user_data)
{
  return rmi_outline_get_alias (user_data, declaration);
}

char *
rmi_outline_get_signature (RmiOutline        *self,
                           const RmiTypeInfo *type)
{
  return rmi_type_info_rename (type, get_alias_cb, self);
}
