/* rmi/rmi-type-info.c: type signatures with declared names, taken apart
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 *   type    = chain | plain
 *   chain   = NAME | "j" | "a" chain | "m" chain | "a{" BASIC chain "}"
 *   plain   = a definite type of GVariant, in which `m` only stands before what can be NULL in C
 *
 * The recursion is as deep as the signature is nested, which has a limit.
 */
#include "config.h"
#include "rmi/rmi-type-info-private.h"

#include <string.h>

#include "rmi/rmi-error.h"

#define MAX_BYTES 255
#define MAX_DEPTH 32
#define BASIC     "bynqiuxtdsogh"

typedef struct
{
  const char       *signature;
  const char       *cursor;
  RmiTypeFindFunc   find;
  gpointer          user_data;
  GError          **error;
} Parser;

static RmiTypeInfo *parse_type (Parser *self, guint depth, gboolean is_chain);

static void G_GNUC_PRINTF (3, 4)
fail (Parser     *self,
      const char *position,
      const char *format,
      ...)
{
  g_autofree char *what = NULL;
  va_list arguments;

  va_start (arguments, format);
  what = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_set_error (self->error, RMI_ERROR, RMI_ERROR_INVALID_ARGUMENTS,
               "bad type \"%.*s\", character %d: %s",
               MAX_BYTES, self->signature, (int) (position - self->signature) + 1, what);
}

static RmiTypeInfo *
new_type (RmiTypeKind kind)
{
  RmiTypeInfo *self = g_new0 (RmiTypeInfo, 1);

  self->kind = kind;
  return self;
}

void
rmi_type_info_free (RmiTypeInfo *self)
{
  g_free (self->signature);
  g_clear_pointer (&self->element, rmi_type_info_free);
  g_clear_pointer (&self->members, g_ptr_array_unref);
  g_free (self);
}

static RmiTypeInfo *
parse_name (Parser   *self,
            gboolean  is_chain)
{
  const char *start = self->cursor;
  g_autoptr(RmiTypeInfo) type = new_type (RMI_TYPE_KIND_NAMED);
  g_autoptr(GError) error = NULL;
  g_autofree char *name = NULL;

  while (g_ascii_isalnum (*self->cursor) ||
         (*self->cursor == '.' && g_ascii_isupper (self->cursor[1])))
    self->cursor++;
  name = g_strndup (start, self->cursor - start);
  if (!is_chain)
    {
      fail (self, start,
            "the declared name \"%s\" may not stand inside parentheses; declare a struct", name);
      return NULL;
    }
  type->declaration = self->find (name, self->user_data, &error);
  if (type->declaration == NULL)
    {
      fail (self, start, "%s", error->message);
      return NULL;
    }
  return g_steal_pointer (&type);
}

static RmiTypeInfo *
parse_dict (Parser   *self,
            guint     depth,
            gboolean  is_chain)
{
  g_autoptr(RmiTypeInfo) type = new_type (RMI_TYPE_KIND_DICT);

  self->cursor += strlen ("a{");
  if (*self->cursor == '\0' || strchr (BASIC, *self->cursor) == NULL)
    {
      fail (self, self->cursor, "the key of a dict must be a basic type");
      return NULL;
    }
  type->key = *self->cursor++;
  type->element = parse_type (self, depth + 1, is_chain);
  if (type->element == NULL)
    return NULL;
  if (*self->cursor != '}')
    {
      fail (self, self->cursor, "expected \"}\" behind the one value type of a dict");
      return NULL;
    }
  self->cursor++;
  return g_steal_pointer (&type);
}

static RmiTypeInfo *
parse_array (Parser   *self,
             guint     depth,
             gboolean  is_chain)
{
  g_autoptr(RmiTypeInfo) type = NULL;

  if (self->cursor[1] == '{')
    return parse_dict (self, depth, is_chain);

  self->cursor++;
  if (*self->cursor == 'y')
    {
      self->cursor++;
      return new_type (RMI_TYPE_KIND_BYTES);
    }
  type = new_type (RMI_TYPE_KIND_ARRAY);
  type->element = parse_type (self, depth + 1, is_chain);
  return type->element != NULL ? g_steal_pointer (&type) : NULL;
}

/* Whether a value of @type is a pointer in C. */
static gboolean
can_be_null (const RmiTypeInfo *type)
{
  switch (type->kind)
    {
    case RMI_TYPE_KIND_BASIC:
      return strchr ("sog", type->basic) != NULL;
    case RMI_TYPE_KIND_NAMED:
      return type->declaration->values == NULL;         /* no enum, no flags */
    case RMI_TYPE_KIND_MAYBE:
      return FALSE;
    case RMI_TYPE_KIND_VARIANT:
    case RMI_TYPE_KIND_JSON:
    case RMI_TYPE_KIND_BYTES:
    case RMI_TYPE_KIND_ARRAY:
    case RMI_TYPE_KIND_DICT:
    case RMI_TYPE_KIND_TUPLE:
    default:
      return TRUE;
    }
}

static RmiTypeInfo *
parse_maybe (Parser   *self,
             guint     depth,
             gboolean  is_chain)
{
  const char *start = self->cursor++;
  g_autoptr(RmiTypeInfo) type = new_type (RMI_TYPE_KIND_MAYBE);

  type->element = parse_type (self, depth + 1, is_chain);
  if (type->element == NULL)
    return NULL;
  if (!can_be_null (type->element))
    {
      fail (self, start, "\"m\" may not stand before \"%s\", which is never NULL",
            type->element->signature);
      return NULL;
    }
  return g_steal_pointer (&type);
}

static RmiTypeInfo *
parse_tuple (Parser *self,
             guint   depth)
{
  g_autoptr(RmiTypeInfo) type = new_type (RMI_TYPE_KIND_TUPLE);
  RmiTypeInfo *member;

  type->members = g_ptr_array_new_with_free_func ((GDestroyNotify) rmi_type_info_free);
  self->cursor++;
  while (*self->cursor != ')')
    {
      member = parse_type (self, depth + 1, FALSE);
      if (member == NULL)
        return NULL;
      g_ptr_array_add (type->members, member);
    }
  self->cursor++;
  return g_steal_pointer (&type);
}

static RmiTypeInfo *
parse_letter (Parser   *self,
              gboolean  is_chain)
{
  char letter = *self->cursor;
  RmiTypeInfo *type;

  if (letter == '\0')
    {
      fail (self, self->cursor, "a type is missing");
      return NULL;
    }
  if (letter == 'j' && !is_chain)
    {
      fail (self, self->cursor, "\"j\" may not stand inside parentheses; declare a struct");
      return NULL;
    }
  if (letter != 'v' && letter != 'j' && strchr (BASIC, letter) == NULL)
    {
      fail (self, self->cursor, "no type begins like this");
      return NULL;
    }
  type = new_type (letter == 'v' ? RMI_TYPE_KIND_VARIANT :
                   letter == 'j' ? RMI_TYPE_KIND_JSON : RMI_TYPE_KIND_BASIC);
  if (type->kind == RMI_TYPE_KIND_BASIC)
    type->basic = letter;
  self->cursor++;
  return type;
}

/* @is_chain: a declared name may stand here. */
static RmiTypeInfo *
parse_type (Parser   *self,
            guint     depth,
            gboolean  is_chain)
{
  const char *start = self->cursor;
  RmiTypeInfo *type;

  if (depth > MAX_DEPTH)
    {
      fail (self, start, "nested deeper than %d levels", MAX_DEPTH);
      return NULL;
    }

  if (g_ascii_isupper (*start))
    type = parse_name (self, is_chain);
  else if (*start == 'a')
    type = parse_array (self, depth, is_chain);
  else if (*start == 'm')
    type = parse_maybe (self, depth, is_chain);
  else if (*start == '(')
    type = parse_tuple (self, depth);
  else
    type = parse_letter (self, is_chain);

  if (type != NULL)
    type->signature = g_strndup (start, self->cursor - start);
  return type;
}

RmiTypeInfo *
rmi_type_info_parse (const char       *signature,
                     RmiTypeFindFunc   find,
                     gpointer          user_data,
                     GError          **error)
{
  Parser self = { signature, signature, find, user_data, error };
  g_autoptr(RmiTypeInfo) type = NULL;

  if (strlen (signature) > MAX_BYTES)
    {
      fail (&self, signature + MAX_BYTES, "longer than %d bytes", MAX_BYTES);
      return NULL;
    }
  type = parse_type (&self, 0, TRUE);
  if (type == NULL)
    return NULL;
  if (*self.cursor != '\0')
    {
      fail (&self, self.cursor, "the type ends before this");
      return NULL;
    }
  return g_steal_pointer (&type);
}

char *
rmi_type_info_rename (const RmiTypeInfo *self,
                      RmiTypeAliasFunc   alias,
                      gpointer           user_data)
{
  g_autofree char *element = NULL;

  switch (self->kind)
    {
    case RMI_TYPE_KIND_NAMED:
      return g_strdup (alias (self->declaration, user_data));
    case RMI_TYPE_KIND_ARRAY:
    case RMI_TYPE_KIND_MAYBE:
      element = rmi_type_info_rename (self->element, alias, user_data);
      return g_strconcat (self->kind == RMI_TYPE_KIND_ARRAY ? "a" : "m", element, NULL);
    case RMI_TYPE_KIND_DICT:
      element = rmi_type_info_rename (self->element, alias, user_data);
      return g_strdup_printf ("a{%c%s}", self->key, element);
    case RMI_TYPE_KIND_BASIC:
    case RMI_TYPE_KIND_VARIANT:
    case RMI_TYPE_KIND_JSON:
    case RMI_TYPE_KIND_BYTES:
    case RMI_TYPE_KIND_TUPLE:
    default:
      return g_strdup (self->signature);
    }
}
