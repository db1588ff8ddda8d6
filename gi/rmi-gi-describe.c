/* gi/rmi-gi-describe.c: the description of a class
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In its JSON form. Names are those of a typelib: letters, digits, `_` and `-`, which no text needs
 * escapes for. Sorted, so that a class is described the same each time.
 */
#include "config.h"
#include "gi/rmi-gi-class-private.h"

typedef struct
{
  GString    *text;
  GHashTable *types;       /* alias → GIBaseInfo, borrowed */
} Document;

static void
begin (GString    *text,
       const char *open)
{
  char last = text->len > 0 ? text->str[text->len - 1] : '{';

  if (last != '{' && last != '[' && last != ':')
    g_string_append_c (text, ',');
  g_string_append (text, open);
}

static void
add_type (Document        *self,
          const char      *name,
          const RmiGiType *type)
{
  g_autofree char *signature = rmi_gi_type_dup_signature (type);
  const char *alias = type->is_nullable ? signature + 1 : signature;

  begin (self->text, "{");
  g_string_append_printf (self->text, "\"name\":\"%s\",\"type\":\"%s\"", name, signature);
  if (type->info != NULL && (type->kind == RMI_GI_ENUM || type->kind == RMI_GI_FLAGS || type->kind == RMI_GI_OBJECT)
      && !g_hash_table_contains (self->types, alias))
    g_hash_table_insert (self->types, g_strdup (alias), type->info);
}

static void
add_arguments (Document          *self,
               const char        *member,
               const RmiGiMethod *method,
               RmiGiRole          role)
{
  begin (self->text, "");
  g_string_append_printf (self->text, "\"%s\":[", member);
  if (role == RMI_GI_OUT && method->result.kind != RMI_GI_VOID)
    {
      add_type (self, "result", &method->result);
      g_string_append_c (self->text, '}');
    }
  for (guint i = 0; i < method->arguments->len; i++)
    {
      const RmiGiArgument *argument = &g_array_index (method->arguments, RmiGiArgument, i);
      gboolean is_taken = g_str_equal (argument->name, "result");

      if (argument->role != role)
        continue;
      add_type (self, is_taken ? "out-result" : argument->name, &argument->type);
      g_string_append_c (self->text, '}');
    }
  g_string_append_c (self->text, ']');
}

static void
add_members (Document   *self,
             const char *member,
             GHashTable *methods,
             gboolean    is_signals)
{
  GList *names = g_list_sort (g_hash_table_get_keys (methods), (GCompareFunc) strcmp);

  begin (self->text, "");
  g_string_append_printf (self->text, "\"%s\":[", member);
  for (GList *each = names; each != NULL; each = each->next)
    {
      const RmiGiMethod *method = g_hash_table_lookup (methods, each->data);

      begin (self->text, "{");
      g_string_append_printf (self->text, "\"name\":\"%s\"", method->name);
      add_arguments (self, is_signals ? "args" : "in", method, RMI_GI_IN);
      if (!is_signals)
        add_arguments (self, "out", method, RMI_GI_OUT);
      g_string_append_c (self->text, '}');
    }
  g_string_append_c (self->text, ']');
  g_list_free (names);
}

static void
add_properties (Document   *self,
                GHashTable *properties)
{
  GList *names = g_list_sort (g_hash_table_get_keys (properties), (GCompareFunc) strcmp);

  begin (self->text, "\"properties\":[");
  for (GList *each = names; each != NULL; each = each->next)
    {
      const RmiGiProperty *property = g_hash_table_lookup (properties, each->data);

      add_type (self, property->name, &property->type);
      g_string_append_printf (self->text, ",\"access\":\"%s%s\"}", property->is_readable ? "read" : "",
                              property->is_writable ? "write" : "");
    }
  g_string_append_c (self->text, ']');
  g_list_free (names);
}

/* Flags without a bit, and a second name for a value, are not declared. */
static void
add_values (GString    *text,
            GIEnumInfo *info,
            gboolean    is_flags)
{
  g_autoptr(GHashTable) seen = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);

  begin (text, "\"values\":[");
  for (int i = 0; i < g_enum_info_get_n_values (info); i++)
    {
      GIValueInfo *value = g_enum_info_get_value (info, i);
      gint64 number = is_flags ? (guint32) g_value_info_get_value (value) : g_value_info_get_value (value);
      g_autofree char *nick = g_strdelimit (g_strdup (g_base_info_get_name (value)), "_", '-');

      if ((!is_flags || number != 0) && g_hash_table_add (seen, g_memdup2 (&number, sizeof number)))
        {
          begin (text, "{");
          g_string_append_printf (text, "\"name\":\"%s\",\"value\":%" G_GINT64_FORMAT "}", nick, number);
        }
      g_base_info_unref (value);
    }
  g_string_append_c (text, ']');
}

static void
add_types (Document *self)
{
  GList *names = g_list_sort (g_hash_table_get_keys (self->types), (GCompareFunc) strcmp);

  begin (self->text, "\"types\":{");
  for (GList *each = names; each != NULL; each = each->next)
    {
      GIBaseInfo *info = g_hash_table_lookup (self->types, each->data);
      GIInfoType type = g_base_info_get_type (info);
      const char *name = each->data;
      const char *kind = type == GI_INFO_TYPE_ENUM ? "enum" : type == GI_INFO_TYPE_FLAGS ? "flags" : "interface";

      begin (self->text, "");
      g_string_append_printf (self->text, "\"%s\":{\"kind\":\"%s\",\"name\":\"%s\"", name, kind, name);
      if (type == GI_INFO_TYPE_ENUM || type == GI_INFO_TYPE_FLAGS)
        add_values (self->text, info, type == GI_INFO_TYPE_FLAGS);
      g_string_append_c (self->text, '}');
    }
  g_string_append_c (self->text, '}');
  g_list_free (names);
}

char *
rmi_gi_class_describe (const RmiGiClass *class,
                       const char       *name)
{
  Document self = { g_string_new ("{"), g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL) };

  g_string_append_printf (self.text, "\"name\":\"%s\"", name);
  add_members (&self, "methods", class->methods, FALSE);
  add_members (&self, "signals", class->signals, TRUE);
  add_properties (&self, class->properties);
  add_types (&self);
  g_string_append_c (self.text, '}');
  g_hash_table_unref (self.types);
  return g_string_free (self.text, FALSE);
}
