/* rmi/rmi-description-check.c: names that a description uses, and what they stand for
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "config.h"
#include "rmi/rmi-description-private.h"

#include <string.h>

#include "rmi/rmi-declaration-private.h"
#include "rmi/rmi-error.h"
#include "rmi/rmi-identifier-private.h"
#include "rmi/rmi-interface-info-private.h"
#include "rmi/rmi-type-info-private.h"

static void
clear_type (gpointer data)
{
  g_free (((RmiPendingType *) data)->signature);
}

static void
clear_name (gpointer data)
{
  g_free (((RmiPendingName *) data)->name);
}

RmiPending *
rmi_pending_new (void)
{
  RmiPending *self = g_new0 (RmiPending, 1);

  self->types = g_array_new (FALSE, FALSE, sizeof (RmiPendingType));
  g_array_set_clear_func (self->types, clear_type);
  self->names = g_array_new (FALSE, FALSE, sizeof (RmiPendingName));
  g_array_set_clear_func (self->names, clear_name);
  return self;
}

void
rmi_pending_free (RmiPending *self)
{
  g_array_unref (self->types);
  g_array_unref (self->names);
  g_free (self);
}

/* The description that has @name, of which @rest is left then: "Bank.Account" is "Account" in the
 * import "Bank". */
static RmiDescription *
find_description (RmiDescription  *self,
                  const char      *name,
                  const char     **rest,
                  GError         **error)
{
  const char *dot = strchr (name, '.');
  guint i;

  *rest = name;
  if (dot == NULL)
    return self;

  for (i = 0; i < self->imports->len; i++)
    {
      const RmiDescriptionImport *import = self->imports->pdata[i];

      *rest = dot + 1;
      if (strlen (import->alias) == (gsize) (dot - name) && g_str_has_prefix (name, import->alias))
        return import->description;
    }
  g_set_error (error, RMI_ERROR, RMI_ERROR_INVALID_ARGUMENTS, "there is no import %.*s",
               (int) MIN (dot - name, 64), name);
  return NULL;
}

static RmiDeclaration *
find_declaration (const char  *name,
                  gpointer     user_data,
                  GError     **error)
{
  RmiDescription *description;
  gpointer declaration = NULL;
  const char *rest;

  description = find_description (user_data, name, &rest, error);
  if (description == NULL)
    return NULL;
  if (!g_hash_table_lookup_extended (description->names, rest, NULL, &declaration))
    g_set_error (error, RMI_ERROR, RMI_ERROR_INVALID_ARGUMENTS, "there is no type %.64s", name);
  else if (declaration == NULL)
    g_set_error (error, RMI_ERROR, RMI_ERROR_INVALID_ARGUMENTS, "%.64s may be several interfaces",
                 name);
  return declaration;
}

static gboolean
resolve_base (RmiDescription        *self,
              const RmiPendingName  *pending,
              GError               **error)
{
  g_autoptr(GError) unknown = NULL;
  RmiDeclaration *base;

  if (!rmi_identifier_is_alias (pending->name))
    {
      rmi_description_set_error (self, pending->location, error,
                                 "extends=\"%.64s\" is no name of a type", pending->name);
      return FALSE;
    }
  base = find_declaration (pending->name, self, &unknown);
  if (base == NULL)
    rmi_description_set_error (self, pending->location, error, "extends=\"%s\": %s", pending->name,
                               unknown->message);
  else if (base->kind != pending->declaration->kind)
    rmi_description_set_error (self, pending->location, error, "%s %s cannot extend %s %s",
                               rmi_declaration_kind_to_string (pending->declaration->kind), pending->declaration->alias,
                               rmi_declaration_kind_to_string (base->kind), pending->name);
  else if (base->external != NULL)
    rmi_description_set_error (self, pending->location, error, "class %s cannot extend %s, which is external",
                               pending->declaration->alias, pending->name);
  else
    pending->declaration->base = base;
  return pending->declaration->base != NULL;
}

static gboolean
has_error (const RmiDescription *self,
           const char           *name)
{
  guint i;

  for (i = 0; i < self->errors->len; i++)
    if (g_str_equal (((RmiErrorInfo *) self->errors->pdata[i])->name, name))
      return TRUE;
  return FALSE;
}

/* An error of another file is known by its whole name. */
static gboolean
resolve_throws (RmiDescription        *self,
                const RmiPendingName  *pending,
                GError               **error)
{
  g_autoptr(GError) unknown = NULL;
  RmiDescription *description;
  const char *rest;

  description = find_description (self, pending->name, &rest, &unknown);
  if (description == NULL || !has_error (description, rest))
    {
      rmi_description_set_error (self, pending->location, error, "method %s throws \"%.64s\": %s",
                                 pending->method->name,
                                 pending->name, unknown != NULL ? unknown->message : "there is no such error");
      return FALSE;
    }
  if (description == self)
    g_ptr_array_add (pending->method->throws, g_strdup (rest));
  else
    g_ptr_array_add (pending->method->throws,
                     g_strconcat (description->namespace, ".", rest, NULL));
  return TRUE;
}

static gboolean
resolve_names (RmiDescription  *self,
               RmiPending      *pending,
               GError         **error)
{
  guint i;

  for (i = 0; i < pending->names->len; i++)
    {
      const RmiPendingName *name = &g_array_index (pending->names, RmiPendingName, i);

      if (name->method != NULL ? !resolve_throws (self, name, error) : !resolve_base (self, name,
                                                                                      error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
resolve_types (RmiDescription  *self,
               RmiPending      *pending,
               GError         **error)
{
  guint i;

  for (i = 0; i < pending->types->len; i++)
    {
      const RmiPendingType *type = &g_array_index (pending->types, RmiPendingType, i);
      g_autoptr(GError) wrong = NULL;

      *type->type = rmi_type_info_parse (type->signature, find_declaration, self, &wrong);
      if (*type->type == NULL)
        {
          rmi_description_set_error (self, type->location, error, "%s", wrong->message);
          return FALSE;
        }
    }
  return TRUE;
}

/* Interfaces are among the declarations in the same order. */
static void
finish_interfaces (RmiDescription *self)
{
  guint i, n = 0;

  for (i = 0; i < self->declarations->len; i++)
    {
      const RmiDeclaration *declaration = self->declarations->pdata[i];
      RmiInterfaceInfo *info;

      if (declaration->kind != RMI_DECLARATION_INTERFACE)
        continue;
      info = self->interfaces->pdata[n++];
      info->base = declaration->base;
      rmi_interface_info_seal (info);
    }
}

gboolean
rmi_description_resolve (RmiDescription  *self,
                         RmiPending      *pending,
                         GError         **error)
{
  const RmiDeclaration *culprit = NULL;
  g_autoptr(GError) wrong = NULL;

  if (!resolve_names (self, pending, error) || !resolve_types (self, pending, error))
    return FALSE;
  if (!rmi_declarations_check (self->declarations, &culprit, &wrong))
    {
      rmi_description_set_error (self, culprit->location, error, "%s", wrong->message);
      return FALSE;
    }
  finish_interfaces (self);
  return TRUE;
}
