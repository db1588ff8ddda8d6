/* rmi/rmi-interface-json-reader.c: the description of an interface out of its JSON document
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The document may come from a peer. Signatures and bases are kept as text, with their place for
 * error texts, until all types are known; unknown members are skipped.
 */
#include "config.h"
#include "rmi/rmi-interface-info-private.h"

#include <string.h>

#include "rmi/rmi-declaration-private.h"
#include "rmi/rmi-identifier-private.h"
#include "rmi/rmi-reader-private.h"
#include "rmi/rmi-siphash-internal.h"
#include "rmi/rmi-type-info-private.h"

#define ITEM_BYTES 256          /* a method, field… with its arrays and type */

typedef struct
{
  char           *text;
  const char     *position;
  RmiTypeInfo   **type;         /* of the signature @text; or NULL and … */
  RmiDeclaration *declaration;  /* … that extends @text; or NULL: the interface does */
} Pending;

typedef struct
{
  RmiReader        *reader;
  RmiInterfaceInfo *info;
  GHashTable       *types;      /* name → RmiDeclaration, borrowed */
  GArray           *pending;    /* of Pending */
} Document;

typedef void (*ReadFunc) (Document *self, GPtrArray *items, GHashTable *names);

static void
clear_pending (gpointer data)
{
  g_free (((Pending *) data)->text);
}

/* Where the next value is. */
static const char *
get_position (Document *self)
{
  rmi_reader_next_char (self->reader);
  return self->reader->cursor;
}

static void
replace (char **text,
         char  *value)
{
  g_free (*text);
  *text = value;
}

static void
read_name (Document           *self,
           char              **name,
           const char         *what,
           RmiIdentifierFunc   is_valid)
{
  const char *position = get_position (self);

  replace (name, rmi_reader_get_string (self->reader));
  if (*name != NULL && !is_valid (*name))
    rmi_reader_fail_at (self->reader, position, self->reader->code, "\"%.64s\" is no name for %s",
                        *name, what);
}

/* Right behind the object that has it. */
static void
take_name (Document   *self,
           GHashTable *names,
           const char *name)
{
  if (name == NULL)
    rmi_reader_fail_missing (self->reader, "name");
  else if (!g_hash_table_add (names, g_strdup (name)))
    rmi_reader_fail_at (self->reader, self->reader->cursor - 1, self->reader->code,
                        "\"%s\" is there twice", name);
}

static void
read_pending (Document        *self,
              RmiTypeInfo    **type,
              RmiDeclaration  *declaration)
{
  Pending pending = { NULL, get_position (self), type, declaration };

  pending.text = rmi_reader_get_string (self->reader);
  if (pending.text != NULL)
    g_array_append_val (self->pending, pending);
}

/* Whether a signature for @type was there. */
static gboolean
has_type (Document     *self,
          RmiTypeInfo **type)
{
  guint n = self->pending->len;

  return n > 0 && g_array_index (self->pending, Pending, n - 1).type == type;
}

static void
read_array (Document  *self,
            GPtrArray *items,
            ReadFunc   read)
{
  g_autoptr(GHashTable) names = rmi_reader_new_table (self->reader, NULL);

  rmi_reader_begin_array (self->reader);
  while (rmi_reader_next_element (self->reader) && rmi_reader_charge (self->reader, ITEM_BYTES))
    read (self, items, names);
}

/* ---- parts ---- */

static void
read_field (Document   *self,
            GPtrArray  *fields,
            GHashTable *names)
{
  static const char *const members[] = { "name", "type", "doc", NULL };
  RmiFieldInfo *field = rmi_field_info_new ();
  int i = -1;

  g_ptr_array_add (fields, field);
  rmi_reader_begin_object (self->reader);
  while ((i = rmi_reader_next_member (self->reader, members, i, RMI_READER_ALLOW_UNKNOWN)) >= 0)
    switch (i)
      {
      case 0:
        read_name (self, &field->name, "a value", rmi_identifier_is_field);
        break;
      case 1:
        read_pending (self, &field->type, NULL);
        break;
      default:
        replace (&field->doc, rmi_reader_get_string (self->reader));
      }
  take_name (self, names, field->name);
  if (!has_type (self, &field->type))
    rmi_reader_fail_missing (self->reader, "type");
}

static void
read_error_name (Document   *self,
                 GPtrArray  *errors,
                 GHashTable *names)
{
  char *name = NULL;

  read_name (self, &name, "an error", rmi_identifier_is_namespace);
  g_ptr_array_add (errors, name);
}

static guint
read_timeout (Document *self)
{
  const char *position = get_position (self);
  guint timeout = rmi_reader_get_uint32 (self->reader);

  if (!rmi_reader_has_failed (self->reader) && (timeout == 0 || timeout > G_MAXINT))
    rmi_reader_fail_at (self->reader, position, self->reader->code,
                        "no number of milliseconds from 1 to %d", G_MAXINT);
  return timeout;
}

static void
read_method (Document   *self,
             GPtrArray  *methods,
             GHashTable *names)
{
  static const char *const members[] = {
    "name", "in", "out", "throws", "idempotent", "oneway", "timeout", "doc", "since", "deprecated", NULL
  };
  enum { NAME, IN, OUT, THROWS, IDEMPOTENT, ONEWAY, TIMEOUT, DOC, SINCE, DEPRECATED };
  RmiMethodInfo *method = rmi_method_info_new ();
  int i = -1;

  g_ptr_array_add (methods, method);
  rmi_reader_begin_object (self->reader);
  while ((i = rmi_reader_next_member (self->reader, members, i, RMI_READER_ALLOW_UNKNOWN)) >= 0)
    switch (i)
      {
      case NAME:
        read_name (self, &method->name, "a method", rmi_identifier_is_member);
        break;
      case IN:
        read_array (self, method->in, read_field);
        break;
      case OUT:
        read_array (self, method->out, read_field);
        break;
      case THROWS:
        read_array (self, method->throws, read_error_name);
        break;
      case IDEMPOTENT:
        method->is_idempotent = rmi_reader_get_boolean (self->reader);
        break;
      case ONEWAY:
        method->is_oneway = rmi_reader_get_boolean (self->reader);
        break;
      case TIMEOUT:
        method->timeout_ms = read_timeout (self);
        break;
      case DOC:
        replace (&method->doc, rmi_reader_get_string (self->reader));
        break;
      case SINCE:
        replace (&method->since, rmi_reader_get_string (self->reader));
        break;
      default:
        method->is_deprecated = rmi_reader_get_boolean (self->reader);
      }
  take_name (self, names, method->name);
  if (method->is_oneway && method->out->len > 0)
    rmi_reader_fail_at (self->reader, self->reader->cursor - 1, self->reader->code,
                        "oneway, and has out arguments");
}

static void
read_signal (Document   *self,
             GPtrArray  *signals,
             GHashTable *names)
{
  static const char *const members[] = { "name", "args", "doc", "since", "deprecated", NULL };
  RmiSignalInfo *signal = rmi_signal_info_new ();
  int i = -1;

  g_ptr_array_add (signals, signal);
  rmi_reader_begin_object (self->reader);
  while ((i = rmi_reader_next_member (self->reader, members, i, RMI_READER_ALLOW_UNKNOWN)) >= 0)
    switch (i)
      {
      case 0:
        read_name (self, &signal->name, "a signal", rmi_identifier_is_member);
        break;
      case 1:
        read_array (self, signal->arguments, read_field);
        break;
      case 2:
        replace (&signal->doc, rmi_reader_get_string (self->reader));
        break;
      case 3:
        replace (&signal->since, rmi_reader_get_string (self->reader));
        break;
      default:
        signal->is_deprecated = rmi_reader_get_boolean (self->reader);
      }
  take_name (self, names, signal->name);
}

static void
read_access (Document        *self,
             RmiPropertyInfo *property)
{
  const char *position = get_position (self);
  g_autofree char *access = rmi_reader_get_string (self->reader);

  if (access == NULL)
    return;
  property->is_readable = g_str_has_prefix (access, "read");
  property->is_writable = g_str_has_suffix (access, "write");
  if (!g_str_equal (access, "read") && !g_str_equal (access, "write") &&
      !g_str_equal (access, "readwrite"))
    rmi_reader_fail_at (self->reader, position, self->reader->code,
                        "expected \"read\", \"write\" or \"readwrite\"");
}

static void
read_property (Document   *self,
               GPtrArray  *properties,
               GHashTable *names)
{
  static const char *const members[] = { "name", "type", "access", "doc", "since", "deprecated", NULL };
  RmiPropertyInfo *property = rmi_property_info_new ();
  int i = -1;

  g_ptr_array_add (properties, property);
  rmi_reader_begin_object (self->reader);
  while ((i = rmi_reader_next_member (self->reader, members, i, RMI_READER_ALLOW_UNKNOWN)) >= 0)
    switch (i)
      {
      case 0:
        read_name (self, &property->name, "a property", rmi_identifier_is_field);
        break;
      case 1:
        read_pending (self, &property->type, NULL);
        break;
      case 2:
        read_access (self, property);
        break;
      case 3:
        replace (&property->doc, rmi_reader_get_string (self->reader));
        break;
      case 4:
        replace (&property->since, rmi_reader_get_string (self->reader));
        break;
      default:
        property->is_deprecated = rmi_reader_get_boolean (self->reader);
      }
  take_name (self, names, property->name);
  if (!has_type (self, &property->type))
    rmi_reader_fail_missing (self->reader, "type");
  if (!property->is_readable && !property->is_writable)
    rmi_reader_fail_missing (self->reader, "access");
}

/* ---- types ---- */

static void
read_value (Document   *self,
            GPtrArray  *values,
            GHashTable *names)
{
  static const char *const members[] = { "name", "value", "doc", NULL };
  RmiEnumValueInfo *value = g_new0 (RmiEnumValueInfo, 1);
  int i = -1;

  g_ptr_array_add (values, value);
  rmi_reader_begin_object (self->reader);
  while ((i = rmi_reader_next_member (self->reader, members, i, RMI_READER_ALLOW_UNKNOWN)) >= 0)
    switch (i)
      {
      case 0:
        read_name (self, &value->name, "a value", rmi_identifier_is_nick);
        break;
      case 1:
        value->value = rmi_reader_get_int64 (self->reader);
        break;
      default:
        replace (&value->doc, rmi_reader_get_string (self->reader));
      }
  take_name (self, names, value->name);
}

/* Of numbers that a peer picked. */
static guint
hash_number (gconstpointer number)
{
  return (guint) rmi_siphash (number, sizeof (gint64));
}

/* Values are 32-bit numbers, each there once. */
static void
check_values (Document             *self,
              const RmiDeclaration *declaration)
{
  g_autoptr(GHashTable) numbers = g_hash_table_new (hash_number, g_int64_equal);
  gboolean is_flags = declaration->kind == RMI_DECLARATION_FLAGS;
  guint i;

  for (i = 0; i < declaration->values->len; i++)
    {
      RmiEnumValueInfo *value = declaration->values->pdata[i];

      if (is_flags ? value->value < 1 || value->value > G_MAXUINT32
                   : value->value < G_MININT32 || value->value > G_MAXINT32)
        rmi_reader_fail_at (self->reader, self->reader->cursor - 1, self->reader->code,
                            "the value of \"%s\" is out of range", value->name);
      else if (!g_hash_table_add (numbers, &value->value))
        rmi_reader_fail_at (self->reader, self->reader->cursor - 1, self->reader->code,
                            "\"%s\" has the value of another", value->name);
    }
}

static RmiDeclaration *
read_kind (Document *self)
{
  RmiSlice object = { self->reader->cursor, self->reader->end - self->reader->cursor };
  RmiSlice text = rmi_json_lookup (object, "kind");
  g_autofree char *kind = g_strndup (text.data, text.length);
  RmiDeclarationKind value;

  if (text.length > 2)
    {
      g_strlcpy (kind, text.data + 1, text.length - 1);
      if (rmi_declaration_kind_from_string (kind, &value))
        return rmi_declaration_new (value);
    }
  rmi_reader_fail_at (self->reader, text.data != NULL ? text.data : self->reader->cursor,
                      self->reader->code,
                      "expected a \"kind\": \"enum\", \"flags\", \"struct\", \"class\" or \"interface\"");
  return NULL;
}

static void
read_items (Document  *self,
            GPtrArray *items,
            gboolean   is_expected,
            ReadFunc   read)
{
  if (is_expected)
    read_array (self, items, read);
  else
    rmi_reader_skip (self->reader);
}

static void
read_declaration_member (Document       *self,
                         RmiDeclaration *declaration,
                         int             member)
{
  enum { NAME, EXTENDS, COMPACT, CYCLES, PROPERTIES, FIELDS, VALUES, DOC, SINCE };
  gboolean is_class = declaration->kind == RMI_DECLARATION_CLASS;

  switch (member)
    {
    case NAME:
      read_name (self, &declaration->name, "a type",
                 declaration->kind == RMI_DECLARATION_INTERFACE ? rmi_identifier_is_interface : rmi_identifier_is_namespace);
      break;
    case EXTENDS:
      if (is_class)
        read_pending (self, NULL, declaration);
      else
        rmi_reader_skip (self->reader);
      break;
    case COMPACT:
      declaration->compact = rmi_reader_get_boolean (self->reader);
      break;
    case CYCLES:
      declaration->allows_cycles = rmi_reader_get_boolean (self->reader);
      break;
    case PROPERTIES:
      read_items (self, declaration->fields, is_class, read_field);
      break;
    case FIELDS:
      read_items (self, declaration->fields, declaration->kind == RMI_DECLARATION_STRUCT,
                  read_field);
      break;
    case VALUES:
      read_items (self, declaration->values, declaration->values != NULL, read_value);
      break;
    case DOC:
      replace (&declaration->doc, rmi_reader_get_string (self->reader));
      break;
    case SINCE:
      replace (&declaration->since, rmi_reader_get_string (self->reader));
      break;
    default:
      declaration->is_deprecated = rmi_reader_get_boolean (self->reader);
    }
}

static void
read_declaration (Document   *self,
                  const char *alias)
{
  static const char *const members[] = {
    "name", "extends", "compact", "cycles", "properties", "fields", "values", "doc", "since", "deprecated", NULL
  };
  RmiDeclaration *declaration;
  int i = -1;

  if (!rmi_identifier_is_alias (alias))
    {
      rmi_reader_fail_at (self->reader, get_position (self), self->reader->code,
                          "this is no name for a type");
      return;
    }
  rmi_reader_next_char (self->reader);
  declaration = read_kind (self);
  if (declaration == NULL)
    return;
  declaration->alias = g_strdup (alias);
  g_ptr_array_add (self->info->declarations, declaration);
  g_hash_table_insert (self->types, g_strdup (alias), declaration);

  rmi_reader_begin_object (self->reader);
  while ((i = rmi_reader_next_member (self->reader, members, i, RMI_READER_ALLOW_UNKNOWN)) >= 0)
    read_declaration_member (self, declaration, i);
  if (declaration->name == NULL)
    rmi_reader_fail_missing (self->reader, "name");
  else if ((declaration->values != NULL && declaration->values->len == 0) ||
           (declaration->kind == RMI_DECLARATION_STRUCT && declaration->fields->len == 0))
    rmi_reader_fail_missing (self->reader, declaration->values != NULL ? "values" : "fields");
  else if (declaration->values != NULL)
    check_values (self, declaration);
}

/* The scanner saw to it that no name is there twice; a guarded `$` is no name of a type. */
static void
read_declarations (Document *self)
{
  char *alias;

  rmi_reader_begin_object (self->reader);
  while ((alias = rmi_reader_next_key (self->reader)) != NULL)
    {
      if (rmi_reader_charge (self->reader, ITEM_BYTES))
        read_declaration (self, alias);
      g_free (alias);
    }
}

/* ---- the whole ---- */

static void
read_namespace (Document *self)
{
  const char *position = get_position (self);

  replace (&self->info->namespace, rmi_reader_get_string (self->reader));
  if (self->info->namespace != NULL && *self->info->namespace != '\0' &&
      !rmi_identifier_is_namespace (self->info->namespace))
    rmi_reader_fail_at (self->reader, position, self->reader->code,
                        "this is no name for a namespace");
}

static void
read_member (Document *self,
             int       member)
{
  enum { NAME, NAMESPACE, EXTENDS, SUBSCRIBE, DOC, SINCE, DEPRECATED, METHODS, SIGNALS, PROPERTIES };
  RmiInterfaceInfo *info = self->info;
  g_autofree char *subscribe = NULL;

  switch (member)
    {
    case NAME:
      read_name (self, &info->name, "an interface", rmi_identifier_is_interface);
      break;
    case NAMESPACE:
      read_namespace (self);
      break;
    case EXTENDS:
      read_pending (self, NULL, NULL);
      break;
    case SUBSCRIBE:
      subscribe = rmi_reader_get_string (self->reader);
      info->subscribes = g_strcmp0 (subscribe, "manual") != 0;
      break;
    case DOC:
      replace (&info->doc, rmi_reader_get_string (self->reader));
      break;
    case SINCE:
      replace (&info->since, rmi_reader_get_string (self->reader));
      break;
    case DEPRECATED:
      info->is_deprecated = rmi_reader_get_boolean (self->reader);
      break;
    case METHODS:
      read_array (self, info->methods, read_method);
      break;
    case SIGNALS:
      read_array (self, info->signals, read_signal);
      break;
    case PROPERTIES:
      read_array (self, info->properties, read_property);
      break;
    default:
      read_declarations (self);
    }
}

static RmiDeclaration *
find_type (const char  *name,
           gpointer     user_data,
           GError     **error)
{
  Document *self = user_data;
  RmiDeclaration *declaration = g_hash_table_lookup (self->types, name);

  if (declaration == NULL)
    g_set_error (error, RMI_ERROR, self->reader->code, "there is no type %.64s", name);
  return declaration;
}

static void
resolve_base (Document      *self,
              const Pending *pending)
{
  RmiDeclaration *base = g_hash_table_lookup (self->types, pending->text);
  gboolean is_class = pending->declaration != NULL;
  RmiDeclarationKind kind = is_class ? RMI_DECLARATION_CLASS : RMI_DECLARATION_INTERFACE;

  if (base == NULL || base->kind != kind)
    rmi_reader_fail_at (self->reader, pending->position, self->reader->code,
                        "there is no %s \"%.64s\" to extend",
                        rmi_declaration_kind_to_string (kind), pending->text);
  else if (is_class)
    {
      replace (&pending->declaration->extends, g_strdup (pending->text));
      pending->declaration->base = base;
    }
  else
    {
      replace (&self->info->extends, g_strdup (pending->text));
      self->info->base = base;
    }
}

static void
resolve (Document *self)
{
  const RmiDeclaration *culprit = NULL;
  g_autoptr(GError) error = NULL;
  guint i;

  for (i = 0; i < self->pending->len && !rmi_reader_has_failed (self->reader); i++)
    {
      const Pending *pending = &g_array_index (self->pending, Pending, i);

      if (pending->type == NULL)
        resolve_base (self, pending);
      else
        *pending->type = rmi_type_info_parse (pending->text, find_type, self, &error);
      if (error != NULL)
        rmi_reader_fail_at (self->reader, pending->position, self->reader->code, "%s",
                            error->message);
    }
  if (!rmi_reader_has_failed (self->reader) &&
      !rmi_declarations_check (self->info->declarations, &culprit, &error))
    rmi_reader_fail_at (self->reader, self->reader->cursor - 1, self->reader->code, "%s",
                        error->message);
}

static void
read_document (Document *self)
{
  static const char *const members[] = {
    "name", "namespace", "extends", "subscribe", "doc", "since", "deprecated", "methods", "signals",
    "properties", "types", NULL
  };
  int i = -1;

  rmi_reader_begin_object (self->reader);
  while ((i = rmi_reader_next_member (self->reader, members, i, RMI_READER_ALLOW_UNKNOWN)) >= 0)
    read_member (self, i);
  if (self->info->name == NULL)
    rmi_reader_fail_missing (self->reader, "name");
  resolve (self);
}

/* NULL if an error stuck. */
RmiInterfaceInfo *
rmi_interface_info_read (RmiReader *reader)
{
  g_autoptr(RmiInterfaceInfo) info = rmi_interface_info_new ();
  g_autoptr(GHashTable) types = rmi_reader_new_table (reader, NULL);
  g_autoptr(GArray) pending = g_array_new (FALSE, FALSE, sizeof (Pending));
  Document self = { reader, info, types, pending };

  g_array_set_clear_func (pending, clear_pending);
  info->namespace = g_strdup ("");
  info->declarations = g_ptr_array_new_with_free_func ((GDestroyNotify) rmi_declaration_free);
  read_document (&self);
  if (rmi_reader_has_failed (reader))
    return NULL;
  rmi_interface_info_seal (info);
  return g_steal_pointer (&info);
}
