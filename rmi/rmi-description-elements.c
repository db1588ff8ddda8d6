/* rmi/rmi-description-elements.c: what each element of a description means
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "config.h"
#include "rmi/rmi-description-parser-private.h"

#include <string.h>

#include "rmi/rmi-declaration-private.h"
#include "rmi/rmi-identifier-private.h"
#include "rmi/rmi-interface-info-private.h"

#define get  rmi_element_get_attribute
#define fail rmi_description_parser_fail
#define WIRE_NAME_BYTES 255
#define HEADER_CHARACTERS G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "_./+-"

/* ---- attributes ---- */

static gboolean
check_name (RmiDescriptionParser *self,
            const char           *what,
            const char           *name,
            RmiIdentifierFunc     is_valid)
{
  if (!is_valid (name))
    fail (self, "\"%.64s\" is no name for %s", name, what);
  return self->error == NULL;
}

/* Each name once. */
static gboolean
take_name (RmiDescriptionParser *self,
           GHashTable           *names,
           const char           *what,
           const char           *name)
{
  g_autofree char *key = g_strdup_printf ("%s %s", what, name);
  gpointer line = g_hash_table_lookup (names, key);

  if (line != NULL)
    fail (self, "the %s is there twice, first in line %d", key, GPOINTER_TO_INT (line));
  else
    g_hash_table_insert (names, g_steal_pointer (&key), GINT_TO_POINTER (self->location.line));
  return self->error == NULL;
}

static gboolean
get_flag (RmiDescriptionParser  *self,
          const char           **attributes,
          const char            *name)
{
  const char *value = get (attributes, name);

  if (value == NULL || g_str_equal (value, "false"))
    return FALSE;
  if (!g_str_equal (value, "true"))
    fail (self, "%s=\"%.64s\" is neither \"true\" nor \"false\"", name, value);
  return TRUE;
}

static gboolean
get_cycles (RmiDescriptionParser  *self,
            const char           **attributes)
{
  return g_strcmp0 (get (attributes, "cycles"), "allow") == 0 || get_flag (self, attributes, "cycles");
}

/* Signatures are looked at when all names are known. */
static void
add_pending_type (RmiDescriptionParser  *self,
                  RmiTypeInfo          **type,
                  const char            *signature)
{
  RmiPendingType pending = { type, g_strdup (signature), self->location };

  g_array_append_val (self->pending->types, pending);
}

static void
add_pending_name (RmiDescriptionParser *self,
                  const char           *name,
                  RmiMethodInfo        *method,
                  RmiDeclaration       *declaration)
{
  RmiPendingName pending = { g_strdup (name), method, declaration, self->location };

  g_array_append_val (self->pending->names, pending);
}

/* Types and errors have whole names on the wire. */
static char *
make_wire_name (RmiDescriptionParser *self,
                const char           *what,
                const char           *name)
{
  const char *prefix = self->description->namespace;

  if (*prefix == '\0')
    fail (self, "%s %s needs a namespace: <node namespace=\"org.example.shop\">", what, name);
  else if (strlen (prefix) + 1 + strlen (name) > WIRE_NAME_BYTES)
    fail (self, "the whole name of %s %s is longer than %d bytes", what, name, WIRE_NAME_BYTES);
  return g_strconcat (prefix, ".", name, NULL);
}

/* ---- the file ---- */

static void
start_node (RmiDescriptionParser  *self,
            const char           **attributes)
{
  const char *namespace = get (attributes, "namespace");

  if (namespace == NULL ||
      !check_name (self, "a namespace", namespace, rmi_identifier_is_namespace))
    return;
  g_free (self->description->namespace);
  self->description->namespace = g_strdup (namespace);
}

static void
start_import (RmiDescriptionParser  *self,
              const char           **attributes)
{
  const char *alias = get (attributes, "as");
  RmiDescriptionImport *import;

  if (!check_name (self, "an import", alias, rmi_identifier_is_type) ||
      !take_name (self, self->file_names, "import", alias))
    return;
  import = g_new0 (RmiDescriptionImport, 1);
  import->alias = g_strdup (alias);
  import->filename = g_strdup (get (attributes, "file"));
  import->location = self->location;
  g_ptr_array_add (self->description->imports, import);
}

static void
start_error (RmiDescriptionParser  *self,
             const char           **attributes)
{
  const char *name = get (attributes, "name");
  g_autofree char *wire_name = NULL;
  RmiErrorInfo *info;

  if (!check_name (self, "an error", name, rmi_identifier_is_type) ||
      !take_name (self, self->file_names, "error", name))
    return;
  wire_name = make_wire_name (self, "error", name);
  info = g_new0 (RmiErrorInfo, 1);
  info->name = g_strdup (name);
  info->location = self->location;
  g_ptr_array_add (self->description->errors, info);
  rmi_description_parser_get_top (self)->name = info->name;
  rmi_description_parser_get_top (self)->doc = &info->doc;
}

/* ---- declared types ---- */

/* The pool owns it. Interfaces of different namespaces may end alike: then the short name stands
 * for none. */
static void
add_declaration (RmiDescriptionParser *self,
                 RmiDeclaration       *declaration)
{
  GHashTable *names = self->description->names;
  gboolean is_interface = declaration->kind == RMI_DECLARATION_INTERFACE;
  gpointer other = NULL;

  declaration->file = self->description;
  declaration->location = self->location;
  g_ptr_array_add (self->description->pool, declaration);
  g_ptr_array_add (self->description->declarations, declaration);
  self->declaration = declaration;

  if (!g_hash_table_lookup_extended (names, declaration->alias, NULL, &other))
    g_hash_table_insert (names, declaration->alias, declaration);
  else if (is_interface &&
           (other == NULL || ((RmiDeclaration *) other)->kind == RMI_DECLARATION_INTERFACE))
    g_hash_table_insert (names, declaration->alias, NULL);
  else
    fail (self, "the name %s is there twice%s", declaration->alias,
          is_interface || other == NULL ? ", for an interface and a type" : "");
}

/* The header of an existing class, which is what it is in C: no words here change that. */
static char *
get_external (RmiDescriptionParser  *self,
              const char           **attributes)
{
  const char *header = get (attributes, "external");

  if (header == NULL)
    return NULL;
  if (*header == '\0' || strspn (header, HEADER_CHARACTERS) != strlen (header))
    fail (self, "external=\"%.64s\" is no C header", header);
  else if (get (attributes, "extends") != NULL || get (attributes, "cycles") != NULL)
    fail (self, "a class that is external has neither \"extends\" nor \"cycles\"");
  return g_strdup (header);
}

static void
start_declaration (RmiDescriptionParser  *self,
                   const char           **attributes)
{
  RmiOpenElement *top = rmi_description_parser_get_top (self);
  const char *name = get (attributes, "name");
  RmiDeclaration *declaration;
  RmiDeclarationKind kind = RMI_DECLARATION_STRUCT;

  if (!check_name (self, "a type", name, rmi_identifier_is_type))
    return;
  rmi_declaration_kind_from_string (top->element->name, &kind);
  declaration = rmi_declaration_new (kind);
  declaration->alias = g_strdup (name);
  declaration->name = make_wire_name (self, top->element->name, name);
  declaration->extends = g_strdup (get (attributes, "extends"));
  declaration->compact = get_flag (self, attributes, "compact");
  declaration->allows_cycles = get_cycles (self, attributes);
  declaration->external = get_external (self, attributes);
  declaration->since = g_strdup (get (attributes, "since"));
  declaration->is_deprecated = get_flag (self, attributes, "deprecated");
  add_declaration (self, declaration);
  if (declaration->extends != NULL)
    add_pending_name (self, declaration->extends, NULL, declaration);

  g_hash_table_remove_all (self->field_names);
  top->name = declaration->alias;
  top->doc = &declaration->doc;
  top->since = &declaration->since;
  top->c_name = &declaration->c_name;
  top->is_deprecated = &declaration->is_deprecated;
}

static void
end_choice (RmiDescriptionParser *self)
{
  if (self->declaration->values->len == 0)
    fail (self, "%s %s has no values", rmi_declaration_kind_to_string (self->declaration->kind),
          self->declaration->alias);
}

static void
end_struct (RmiDescriptionParser *self)
{
  if (self->declaration->fields->len == 0)
    fail (self, "struct %s has no fields", self->declaration->alias);
}

static gboolean
parse_number (const char *text,
              gint64     *number)
{
  gboolean is_hexadecimal = g_str_has_prefix (text, "0x");
  const char *digits = text + (is_hexadecimal ? 2 : *text == '-' ? 1 : 0);
  char *end;

  if (!g_ascii_isxdigit (*digits) || strlen (digits) > 10)
    return FALSE;
  *number = g_ascii_strtoll (text, &end, is_hexadecimal ? 16 : 10);
  return *end == '\0';
}

/* One more than the last; of flags, the next bit. */
static gint64
next_number (const RmiDeclaration *declaration)
{
  const GPtrArray *values = declaration->values;

  if (declaration->kind == RMI_DECLARATION_FLAGS)
    return values->len < 32 ? G_GINT64_CONSTANT (1) << values->len : -1;
  return values->len > 0 ? ((RmiEnumValueInfo *) values->pdata[values->len - 1])->value + 1 : 0;
}

static void
check_number (RmiDescriptionParser *self,
              const char           *name,
              gint64                number)
{
  gboolean is_flags = self->declaration->kind == RMI_DECLARATION_FLAGS;
  guint i;

  if (is_flags ? number < 1 || number > G_MAXUINT32 : number < G_MININT32 || number > G_MAXINT32)
    fail (self, "the value of %s is out of range for %s", name, is_flags ? "flags" : "an enum");
  for (i = 0; i < self->declaration->values->len; i++)
    {
      const RmiEnumValueInfo *other = self->declaration->values->pdata[i];

      if (other->value == number)
        fail (self, "%s has the same value as %s", name, other->name);
    }
}

static void
start_value (RmiDescriptionParser  *self,
             const char           **attributes)
{
  const char *name = get (attributes, "name");
  const char *text = get (attributes, "value");
  RmiEnumValueInfo *value;
  gint64 number = next_number (self->declaration);

  if (!check_name (self, "a value", name, rmi_identifier_is_nick) ||
      !take_name (self, self->field_names, "value", name))
    return;
  if (text != NULL && !parse_number (text, &number))
    fail (self, "value=\"%.64s\" is no number", text);
  check_number (self, name, number);

  value = g_new0 (RmiEnumValueInfo, 1);
  value->name = g_strdup (name);
  value->value = number;
  value->location = self->location;
  g_ptr_array_add (self->declaration->values, value);
  rmi_description_parser_get_top (self)->name = value->name;
  rmi_description_parser_get_top (self)->doc = &value->doc;
}

static void
add_field (RmiDescriptionParser *self,
           GPtrArray            *fields,
           const char           *what,
           const char           *name,
           const char           *type)
{
  RmiFieldInfo *field;

  if (!check_name (self, "a field or argument", name, rmi_identifier_is_field) ||
      !take_name (self, self->field_names, what, name))
    return;
  field = rmi_field_info_new ();
  field->name = g_strdup (name);
  field->location = self->location;
  g_ptr_array_add (fields, field);
  add_pending_type (self, &field->type, type);
  rmi_description_parser_get_top (self)->name = field->name;
  rmi_description_parser_get_top (self)->doc = &field->doc;
}

static void
start_field (RmiDescriptionParser  *self,
             const char           **attributes)
{
  add_field (self, self->declaration->fields,
             self->declaration->kind == RMI_DECLARATION_STRUCT ? "field" : "property",
             get (attributes, "name"), get (attributes, "type"));
}

/* ---- interfaces ---- */

static void
start_interface (RmiDescriptionParser  *self,
                 const char           **attributes)
{
  RmiOpenElement *top = rmi_description_parser_get_top (self);
  const char *name = get (attributes, "name");
  const char *subscribe = get (attributes, "subscribe");
  RmiInterfaceInfo *info;
  RmiDeclaration *declaration;

  if (!check_name (self, "an interface", name, rmi_identifier_is_interface) ||
      !take_name (self, self->file_names, "interface", name))
    return;
  if (subscribe != NULL && !g_str_equal (subscribe, "manual") && !g_str_equal (subscribe, "auto"))
    fail (self, "subscribe=\"%.64s\" is neither \"auto\" nor \"manual\"", subscribe);

  info = self->info = rmi_interface_info_new ();
  info->name = g_strdup (name);
  info->namespace = g_strdup (self->description->namespace);
  info->declarations = g_ptr_array_ref (self->description->pool);
  info->extends = g_strdup (get (attributes, "extends"));
  info->subscribes = g_strcmp0 (subscribe, "manual") != 0;
  info->since = g_strdup (get (attributes, "since"));
  info->is_deprecated = get_flag (self, attributes, "deprecated");
  info->location = self->location;
  g_ptr_array_add (self->description->interfaces, info);

  declaration = rmi_declaration_new (RMI_DECLARATION_INTERFACE);
  declaration->alias = g_strdup (strrchr (name, '.') + 1);
  declaration->name = g_strdup (name);
  declaration->extends = g_strdup (info->extends);
  add_declaration (self, declaration);
  if (info->extends != NULL)
    add_pending_name (self, info->extends, NULL, declaration);

  g_hash_table_remove_all (self->member_names);
  top->name = info->name;
  top->doc = &info->doc;
  top->since = &info->since;
  top->c_name = &info->c_name;
  top->is_deprecated = &info->is_deprecated;
}

/* Used as a type it has the same name in C. */
static void
end_interface (RmiDescriptionParser *self)
{
  self->declaration->c_name = g_strdup (self->info->c_name);
}

static guint
get_timeout (RmiDescriptionParser  *self,
             const char           **attributes)
{
  const char *text = get (attributes, "timeout");
  guint64 timeout = 0;

  if (text != NULL && !g_ascii_string_to_unsigned (text, 10, 1, G_MAXINT, &timeout, NULL))
    fail (self, "timeout=\"%.64s\" is no number of milliseconds from 1 to %d", text, G_MAXINT);
  return timeout;
}

static void
add_throws (RmiDescriptionParser *self,
            const char           *names)
{
  g_auto(GStrv) words = g_strsplit_set (names, " \t\r\n,", -1);
  guint i;

  for (i = 0; words[i] != NULL; i++)
    if (*words[i] != '\0')
      add_pending_name (self, words[i], self->method, NULL);
}

static void
start_method (RmiDescriptionParser  *self,
              const char           **attributes)
{
  RmiOpenElement *top = rmi_description_parser_get_top (self);
  const char *name = get (attributes, "name");
  RmiMethodInfo *method;

  if (!check_name (self, "a method", name, rmi_identifier_is_member) ||
      !take_name (self, self->member_names, "method", name))
    return;
  method = self->method = rmi_method_info_new ();
  method->name = g_strdup (name);
  method->is_idempotent = get_flag (self, attributes, "idempotent");
  method->is_oneway = get_flag (self, attributes, "oneway");
  method->timeout_ms = get_timeout (self, attributes);
  method->since = g_strdup (get (attributes, "since"));
  method->is_deprecated = get_flag (self, attributes, "deprecated");
  method->location = self->location;
  g_ptr_array_add (self->info->methods, method);
  if (get (attributes, "throws") != NULL)
    add_throws (self, get (attributes, "throws"));

  g_hash_table_remove_all (self->field_names);
  top->name = method->name;
  top->doc = &method->doc;
  top->since = &method->since;
  top->c_name = &method->c_name;
  top->is_deprecated = &method->is_deprecated;
  top->is_oneway = &method->is_oneway;
}

static void
end_method (RmiDescriptionParser *self)
{
  self->location = self->method->location;
  if (self->method->is_oneway && self->method->out->len > 0)
    fail (self, "method %s is oneway, so it has no out arguments", self->method->name);
}

static void
start_signal (RmiDescriptionParser  *self,
              const char           **attributes)
{
  RmiOpenElement *top = rmi_description_parser_get_top (self);
  const char *name = get (attributes, "name");
  RmiSignalInfo *signal;

  if (!check_name (self, "a signal", name, rmi_identifier_is_member) ||
      !take_name (self, self->member_names, "signal", name))
    return;
  signal = self->signal = rmi_signal_info_new ();
  signal->name = g_strdup (name);
  signal->since = g_strdup (get (attributes, "since"));
  signal->is_deprecated = get_flag (self, attributes, "deprecated");
  signal->location = self->location;
  g_ptr_array_add (self->info->signals, signal);

  g_hash_table_remove_all (self->field_names);
  top->name = signal->name;
  top->doc = &signal->doc;
  top->since = &signal->since;
  top->c_name = &signal->c_name;
  top->is_deprecated = &signal->is_deprecated;
}

static void
add_argument (RmiDescriptionParser  *self,
              GPtrArray             *arguments,
              const char           **attributes,
              const char            *what,
              const char            *prefix)
{
  const char *name = get (attributes, "name");
  g_autofree char *made_up = NULL;

  if (name == NULL || *name == '\0')
    name = made_up = g_strdup_printf ("%s%u", prefix, arguments->len + 1);
  add_field (self, arguments, what, name, get (attributes, "type"));
}

static void
start_argument (RmiDescriptionParser  *self,
                const char           **attributes)
{
  const char *direction = get (attributes, "direction");

  if (direction != NULL && !g_str_equal (direction, "in") && !g_str_equal (direction, "out"))
    fail (self, "direction=\"%.64s\" is neither \"in\" nor \"out\"", direction);
  else if (rmi_description_parser_get_top (self)[-1].element->kind == RMI_ELEMENT_SIGNAL)
    add_argument (self, self->signal->arguments, attributes, "argument", "arg");
  else if (g_strcmp0 (direction, "out") == 0)
    add_argument (self, self->method->out, attributes, "out argument", "out");
  else
    add_argument (self, self->method->in, attributes, "in argument", "arg");
}

static void
start_property (RmiDescriptionParser  *self,
                const char           **attributes)
{
  RmiOpenElement *top = rmi_description_parser_get_top (self);
  const char *name = get (attributes, "name");
  const char *access = get (attributes, "access");
  RmiPropertyInfo *property;

  if (!check_name (self, "a property", name, rmi_identifier_is_field) ||
      !take_name (self, self->member_names, "property", name))
    return;
  property = rmi_property_info_new ();
  property->name = g_strdup (name);
  property->is_readable = g_str_has_prefix (access, "read");
  property->is_writable = g_str_has_suffix (access, "write");
  property->since = g_strdup (get (attributes, "since"));
  property->is_deprecated = get_flag (self, attributes, "deprecated");
  property->location = self->location;
  g_ptr_array_add (self->info->properties, property);
  if (!g_str_equal (access, "read") && !g_str_equal (access, "write") &&
      !g_str_equal (access, "readwrite"))
    fail (self, "access=\"%.64s\" is neither \"read\", \"write\" nor \"readwrite\"", access);
  add_pending_type (self, &property->type, get (attributes, "type"));

  top->name = property->name;
  top->doc = &property->doc;
  top->since = &property->since;
  top->c_name = &property->c_name;
  top->is_deprecated = &property->is_deprecated;
}

/* ---- annotations ---- */

static void
replace (char       **text,
         const char  *value)
{
  if (text == NULL || *value == '\0')
    return;
  g_free (*text);
  *text = g_strdup (value);
}

static void
start_annotation (RmiDescriptionParser  *self,
                  const char           **attributes)
{
  RmiOpenElement *about = rmi_description_parser_get_top (self) - 1;
  const char *name = get (attributes, "name");
  const char *value = get (attributes, "value");

  if (g_str_equal (name, "org.gtk.GDBus.C.Name"))
    replace (about->c_name, value);
  else if (g_str_equal (name, "org.gtk.GDBus.Since"))
    replace (about->since, value);
  else if (g_str_equal (name, "org.gtk.GDBus.DocString"))
    replace (about->doc, value);
  else if (g_str_equal (name, "org.gtk.GDBus.DocString.Short") && about->doc != NULL &&
           *about->doc == NULL)
    replace (about->doc, value);
  else if (g_str_equal (name, "org.freedesktop.DBus.Deprecated") && about->is_deprecated != NULL)
    *about->is_deprecated = g_str_equal (value, "true");
  else if (g_str_equal (name, "org.freedesktop.DBus.Method.NoReply") && about->is_oneway != NULL)
    *about->is_oneway = g_str_equal (value, "true");
}

#define ANNOTATED (RMI_ELEMENT_NODE | RMI_ELEMENT_CHOICE | RMI_ELEMENT_VALUE | RMI_ELEMENT_STRUCT | RMI_ELEMENT_CLASS \
                   | RMI_ELEMENT_FIELD | RMI_ELEMENT_ERROR | RMI_ELEMENT_INTERFACE | RMI_ELEMENT_METHOD \
                   | RMI_ELEMENT_SIGNAL | RMI_ELEMENT_PROPERTY | RMI_ELEMENT_ANNOTATION)

static const RmiElement elements[] = {
  { "node", RMI_ELEMENT_ROOT, RMI_ELEMENT_NODE, "name namespace", start_node, NULL },
  { "node", RMI_ELEMENT_NODE, RMI_ELEMENT_NODE, NULL, NULL, NULL },
  { "import", RMI_ELEMENT_NODE, RMI_ELEMENT_IMPORT, "file! as!", start_import, NULL },
  { "enum", RMI_ELEMENT_NODE, RMI_ELEMENT_CHOICE, "name! since deprecated", start_declaration, end_choice },
  { "flags", RMI_ELEMENT_NODE, RMI_ELEMENT_CHOICE, "name! since deprecated", start_declaration, end_choice },
  { "value", RMI_ELEMENT_CHOICE, RMI_ELEMENT_VALUE, "name! value", start_value, NULL },
  { "struct", RMI_ELEMENT_NODE, RMI_ELEMENT_STRUCT, "name! compact since deprecated", start_declaration, end_struct },
  { "field", RMI_ELEMENT_STRUCT, RMI_ELEMENT_FIELD, "name! type!", start_field, NULL },
  { "class", RMI_ELEMENT_NODE, RMI_ELEMENT_CLASS, "name! extends cycles external since deprecated", start_declaration, NULL },
  { "property", RMI_ELEMENT_CLASS, RMI_ELEMENT_FIELD, "name! type!", start_field, NULL },
  { "error", RMI_ELEMENT_NODE, RMI_ELEMENT_ERROR, "name!", start_error, NULL },
  { "interface", RMI_ELEMENT_NODE, RMI_ELEMENT_INTERFACE, "name! extends subscribe since deprecated", start_interface, end_interface },
  { "method", RMI_ELEMENT_INTERFACE, RMI_ELEMENT_METHOD, "name! throws idempotent oneway timeout since deprecated", start_method, end_method },
  { "signal", RMI_ELEMENT_INTERFACE, RMI_ELEMENT_SIGNAL, "name! since deprecated", start_signal, NULL },
  { "arg", RMI_ELEMENT_METHOD | RMI_ELEMENT_SIGNAL, RMI_ELEMENT_FIELD, "name type! direction", start_argument, NULL },
  { "property", RMI_ELEMENT_INTERFACE, RMI_ELEMENT_PROPERTY, "name! type! access! since deprecated", start_property, NULL },
  { "annotation", ANNOTATED, RMI_ELEMENT_ANNOTATION, "name! value!", start_annotation, NULL },
};

const RmiElement *
rmi_element_find (const char     *name,
                  RmiElementKind  parent)
{
  guint i;

  for (i = 0; i < G_N_ELEMENTS (elements); i++)
    if ((elements[i].parents & parent) != 0 && g_str_equal (elements[i].name, name))
      return &elements[i];
  return NULL;
}
