/* tools/codegen/codegen-compat.c: what a changed description does to programs built from the old one
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The rules are the table "Evolution" of doc/interfaces.md. What is declared is told by its name on the wire, so it may
 * move between files. What is gone is reported where it was, everything else where it is.
 */
#include "config.h"
#include "tools/codegen/codegen-compat.h"

#include <string.h>

/* Who may be sent a value. */
typedef enum
{
  TO_SERVERS = 1 << 0,
  TO_CLIENTS = 1 << 1,
  TO_BOTH    = TO_SERVERS | TO_CLIENTS,
} Flow;

typedef struct
{
  const RmiDescription *file;
  RmiLocation           location;
  char                 *text;
} Finding;

typedef struct
{
  const RmiDescription *old_file, *new_file;   /* of what is compared at the moment */
  GArray               *findings;
} Comparison;

static void
finding_clear (gpointer data)
{
  g_free (((Finding *) data)->text);
}

static void G_GNUC_PRINTF (4, 5)
report (Comparison           *self,
        const RmiDescription *file,
        RmiLocation           location,
        const char           *format,
        ...)
{
  Finding finding = { file, location, NULL };
  va_list arguments;

  va_start (arguments, format);
  finding.text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_array_append_val (self->findings, finding);
}

#define report_new(self, location, ...) report (self, (self)->new_file, location, __VA_ARGS__)
#define report_old(self, location, ...) report (self, (self)->old_file, location, __VA_ARGS__)

/* ---- types ---- */

/* The signature with whole names, which mean the same in every file. */
static void
append_type (GString           *text,
             const RmiTypeInfo *type)
{
  switch (type->kind)
    {
    case RMI_TYPE_KIND_NAMED:
      g_string_append (text, type->declaration->name);
      break;
    case RMI_TYPE_KIND_ARRAY:
    case RMI_TYPE_KIND_MAYBE:
      g_string_append_c (text, type->kind == RMI_TYPE_KIND_ARRAY ? 'a' : 'm');
      append_type (text, type->element);
      break;
    case RMI_TYPE_KIND_DICT:
      g_string_append_printf (text, "a{%c", type->key);
      append_type (text, type->element);
      g_string_append_c (text, '}');
      break;
    case RMI_TYPE_KIND_BASIC:
      g_string_append_c (text, type->basic);
      break;
    case RMI_TYPE_KIND_VARIANT:
    case RMI_TYPE_KIND_JSON:
    case RMI_TYPE_KIND_BYTES:
    case RMI_TYPE_KIND_TUPLE:
    default:
      g_string_append (text, type->signature);
      break;
    }
}

static char *
get_whole_type (const RmiTypeInfo *type)
{
  GString *text = g_string_new (NULL);

  append_type (text, type);
  return g_string_free (text, FALSE);
}

static gboolean
is_nullable (const RmiTypeInfo *type)
{
  return type->kind == RMI_TYPE_KIND_MAYBE;
}

static const char *
name_peers (Flow        flow,
            const char *to_servers,
            const char *to_clients,
            const char *to_both)
{
  return flow == TO_SERVERS ? to_servers : flow == TO_CLIENTS ? to_clients : to_both;
}

/* @what: "argument \"sku\" of method Stock" */
static void
compare_types (Comparison        *self,
               RmiLocation        location,
               const char        *what,
               const RmiTypeInfo *old,
               const RmiTypeInfo *new,
               Flow               flow)
{
  g_autofree char *was = get_whole_type (is_nullable (old) ? old->element : old);
  g_autofree char *is = get_whole_type (is_nullable (new) ? new->element : new);

  if (!g_str_equal (was, is))
    report_new (self, location, "%s was of type %s%s and is of type %s%s: neither is read as the other", what,
                is_nullable (old) ? "m" : "", was, is_nullable (new) ? "m" : "", is);
  else if (is_nullable (new) && !is_nullable (old))
    report_new (self, location, "%s may be null now: old %s refuse that", what,
                name_peers (flow, "servers", "clients", "peers"));
  else if (is_nullable (old) && !is_nullable (new))
    report_new (self, location, "%s may not be null any more: old %s may send that", what,
                name_peers (flow, "clients", "servers", "peers"));
}

/* ---- fields and arguments ---- */

static int
find_field (const GPtrArray *fields,
            const char      *name)
{
  for (guint i = 0; i < fields->len; i++)
    if (g_str_equal (((RmiFieldInfo *) fields->pdata[i])->name, name))
      return i;
  return -1;
}

/* Two lists of arguments, and the words for one of them. */
typedef struct
{
  const char      *kind;      /* "argument", "out-argument" */
  const char      *owner;     /* "method Stock of org.example.shop.Warehouse" */
  const GPtrArray *old, *new;
  Flow             flow;
  const char      *lacking;   /* why one that is new and not nullable breaks */
} Arguments;

static void
compare_argument (Comparison         *self,
                  const Arguments    *arguments,
                  const RmiFieldInfo *old,
                  const RmiFieldInfo *new)
{
  g_autofree char *what = g_strdup_printf ("%s \"%s\" of %s", arguments->kind, new->name, arguments->owner);

  compare_types (self, new->location, what, old->type, new->type, arguments->flow);
}

static void
report_removed_argument (Comparison         *self,
                         const Arguments    *arguments,
                         const RmiFieldInfo *old)
{
  report_old (self, old->location, "%s \"%s\" of %s is removed: old %s", arguments->kind, old->name, arguments->owner,
              name_peers (arguments->flow, "clients send it", "clients expect it", "peers use it"));
}

/* The names are not on the wire, they only tell that places were changed. */
static void
compare_by_position (Comparison      *self,
                     const Arguments *arguments)
{
  guint n_common = MIN (arguments->old->len, arguments->new->len);

  for (guint i = 0; i < n_common; i++)
    {
      const RmiFieldInfo *old = arguments->old->pdata[i], *new = arguments->new->pdata[i];

      compare_argument (self, arguments, old, new);
      if (!g_str_equal (old->name, new->name) && find_field (arguments->old, new->name) >= 0)
        report_new (self, new->location, "%s \"%s\" of %s is in another place: peers take it by place", arguments->kind,
                    new->name, arguments->owner);
    }
  for (guint i = n_common; i < arguments->old->len; i++)
    report_removed_argument (self, arguments, arguments->old->pdata[i]);
  for (guint i = n_common; i < arguments->new->len; i++)
    {
      const RmiFieldInfo *new = arguments->new->pdata[i];

      report_new (self, new->location, "%s \"%s\" of %s is new: %s", arguments->kind, new->name, arguments->owner,
                  arguments->lacking);
    }
}

/* The argument that took the place of the @i-th old one, which is not there any more; NULL if none did. */
static const RmiFieldInfo *
find_renamed (const Arguments *arguments,
              guint            i)
{
  const RmiFieldInfo *new = i < arguments->new->len ? arguments->new->pdata[i] : NULL;

  return new != NULL && find_field (arguments->old, new->name) < 0 ? new : NULL;
}

/* Names may be on the wire, and so may be the order. Returns how many there were at the end of the last one that is old. */
static guint
compare_old_arguments (Comparison      *self,
                       const Arguments *arguments)
{
  int last = -1;

  for (guint i = 0; i < arguments->old->len; i++)
    {
      const RmiFieldInfo *old = arguments->old->pdata[i];
      int place = find_field (arguments->new, old->name);
      const RmiFieldInfo *new = place >= 0 ? arguments->new->pdata[place] : find_renamed (arguments, i);

      if (new == NULL)
        {
          report_removed_argument (self, arguments, old);
          continue;
        }
      if (place < 0)
        report_new (self, new->location, "%s \"%s\" of %s was called \"%s\": peers may know it by name",
                    arguments->kind, new->name, arguments->owner, old->name);
      else if (place < last)
        report_new (self, new->location, "%s \"%s\" of %s comes earlier than it did: peers may know it by place",
                    arguments->kind, new->name, arguments->owner);
      compare_argument (self, arguments, old, new);
      last = MAX (last, place >= 0 ? place : (int) i);
    }
  return last + 1;
}

static void
compare_by_name (Comparison      *self,
                 const Arguments *arguments)
{
  guint n_known = compare_old_arguments (self, arguments);

  for (guint i = 0; i < arguments->new->len; i++)
    {
      const RmiFieldInfo *new = arguments->new->pdata[i];

      if (find_field (arguments->old, new->name) >= 0 ||
          (i < arguments->old->len && find_field (arguments->new, ((RmiFieldInfo *) arguments->old->pdata[i])->name) < 0))
        continue;
      if (!is_nullable (new->type))
        report_new (self, new->location, "%s \"%s\" of %s is new and not of a type m…: %s", arguments->kind, new->name,
                    arguments->owner, arguments->lacking);
      else if (i < n_known)
        report_new (self, new->location, "%s \"%s\" of %s is new and not the last: peers may know the others by place",
                    arguments->kind, new->name, arguments->owner);
    }
}

/* ---- methods, signals, properties ---- */

/* Whether a value of @type may be a JSON object. */
static gboolean
can_be_object (const RmiTypeInfo *type)
{
  switch (type->kind)
    {
    case RMI_TYPE_KIND_MAYBE:
      return can_be_object (type->element);
    case RMI_TYPE_KIND_DICT:
    case RMI_TYPE_KIND_VARIANT:
    case RMI_TYPE_KIND_JSON:
      return TRUE;
    case RMI_TYPE_KIND_NAMED:
      return type->declaration->kind != RMI_DECLARATION_ENUM && type->declaration->kind != RMI_DECLARATION_FLAGS;
    case RMI_TYPE_KIND_BASIC:
    case RMI_TYPE_KIND_BYTES:
    case RMI_TYPE_KIND_ARRAY:
    case RMI_TYPE_KIND_TUPLE:
    default:
      return FALSE;
    }
}

static void
compare_ins (Comparison          *self,
             const char          *owner,
             const RmiMethodInfo *old,
             const RmiMethodInfo *new)
{
  const Arguments arguments = {
    "argument", owner, old->in, new->in, TO_SERVERS, "old clients do not send it, and old servers refuse it",
  };

  compare_by_name (self, &arguments);
  if (old->in->len == 1 && new->in->len > 1 && can_be_object (((RmiFieldInfo *) old->in->pdata[0])->type))
    report_new (self, new->location, "%s had one argument, an object, that plain clients may send without a list: "
                "of several they cannot", owner);
}

/* One value is the result itself, several are an object by name, none is null. */
static void
compare_outs (Comparison          *self,
              const char          *owner,
              const RmiMethodInfo *old,
              const RmiMethodInfo *new)
{
  const Arguments arguments = {
    "out-argument", owner, old->out, new->out, TO_CLIENTS, "old servers do not send it",
  };

  if (old->out->len == 1 && new->out->len == 1)
    compare_by_position (self, &arguments);
  else
    compare_by_name (self, &arguments);
  if (old->out->len < 2 && new->out->len > 1)
    report_new (self, new->location, "%s has several results and had %s: they are an object then, which "
                "old servers do not send%s", owner, old->out->len == 0 ? "none" : "one",
                old->out->len == 0 ? "" : " and old clients do not read");
}

static void
compare_methods (Comparison          *self,
                 const char          *owner,
                 const RmiMethodInfo *old,
                 const RmiMethodInfo *new)
{
  compare_ins (self, owner, old, new);
  compare_outs (self, owner, old, new);
  if (old->is_idempotent && !new->is_idempotent)
    report_new (self, new->location, "%s is not idempotent any more: old clients may run it twice", owner);
}

static void
compare_signals (Comparison          *self,
                 const char          *owner,
                 const RmiSignalInfo *old,
                 const RmiSignalInfo *new)
{
  const Arguments arguments = {
    "argument", owner, old->arguments, new->arguments, TO_CLIENTS,
    "old servers do not send it, and old clients refuse it",
  };

  compare_by_position (self, &arguments);
}

static void
compare_properties (Comparison            *self,
                    const char            *owner,
                    const RmiPropertyInfo *old,
                    const RmiPropertyInfo *new)
{
  Flow flow = (old->is_readable && new->is_readable ? TO_CLIENTS : 0) |
              (old->is_writable && new->is_writable ? TO_SERVERS : 0);

  if (old->is_readable && !new->is_readable)
    report_new (self, new->location, "%s cannot be read any more: old clients do", owner);
  if (old->is_writable && !new->is_writable)
    report_new (self, new->location, "%s cannot be set any more: old clients do", owner);
  compare_types (self, new->location, owner, old->type, new->type, flow);
}

/* ---- interfaces ---- */

#define DEFINE_FIND(kind, Info)                                      \
static const Info *                                                  \
find_ ## kind (const GPtrArray *members,                             \
               const char      *name)                                \
{                                                                    \
  for (guint i = 0; i < members->len; i++)                           \
    if (g_str_equal (((Info *) members->pdata[i])->name, name))      \
      return members->pdata[i];                                      \
  return NULL;                                                       \
}

DEFINE_FIND (method, RmiMethodInfo)
DEFINE_FIND (signal, RmiSignalInfo)
DEFINE_FIND (property, RmiPropertyInfo)
DEFINE_FIND (interface, RmiInterfaceInfo)
DEFINE_FIND (value, RmiEnumValueInfo)

#define compare_members(kind, plural, Info, use)                                                     \
  for (guint i = 0; i < old->plural->len; i++)                                                       \
    {                                                                                                \
      const Info *was = old->plural->pdata[i];                                                       \
      const Info *is = find_ ## kind (new->plural, was->name);                                       \
      g_autofree char *owner = g_strdup_printf (#kind " %s of %s", was->name, old->name);            \
                                                                                                     \
      if (is != NULL)                                                                                \
        compare_ ## plural (self, owner, was, is);                                                   \
      else                                                                                           \
        report_old (self, was->location, "%s is removed: old clients " use, owner);                  \
    }

static void
compare_interfaces (Comparison             *self,
                    const RmiInterfaceInfo *old,
                    const RmiInterfaceInfo *new)
{
  compare_members (method, methods, RmiMethodInfo, "call it");
  compare_members (signal, signals, RmiSignalInfo, "wait for it");
  compare_members (property, properties, RmiPropertyInfo, "use it");
}

/* ---- declared types ---- */

static void
compare_values (Comparison           *self,
                const RmiDeclaration *old,
                const RmiDeclaration *new)
{
  const char *kind = rmi_declaration_kind_to_string (old->kind);

  for (guint i = 0; i < old->values->len; i++)
    {
      const RmiEnumValueInfo *value = old->values->pdata[i];

      if (find_value (new->values, value->name) == NULL)
        report_old (self, value->location, "value \"%s\" of %s %s is removed: new peers refuse it, and old ones may "
                    "send it", value->name, kind, old->name);
    }
  for (guint i = 0; i < new->values->len; i++)
    {
      const RmiEnumValueInfo *value = new->values->pdata[i];

      if (find_value (old->values, value->name) == NULL)
        report_new (self, value->location, "value \"%s\" of %s %s is new: old peers refuse it", value->name, kind,
                    new->name);
    }
}

static void
compare_structs (Comparison           *self,
                 const RmiDeclaration *old,
                 const RmiDeclaration *new)
{
  gboolean is_ordered = old->compact && new->compact;

  if (old->compact != new->compact)
    report_new (self, new->location, "struct %s is sent as %s now: old peers expect %s", new->name,
                new->compact ? "an array" : "an object", new->compact ? "an object" : "an array");
  for (guint i = 0; i < old->fields->len; i++)
    {
      const RmiFieldInfo *was = old->fields->pdata[i];
      int place = find_field (new->fields, was->name);
      const RmiFieldInfo *is = place >= 0 ? new->fields->pdata[place] : NULL;
      g_autofree char *what = g_strdup_printf ("field \"%s\" of struct %s", was->name, old->name);

      if (is == NULL)
        report_old (self, was->location, "%s is removed: a struct is frozen, and old peers refuse one without it", what);
      else
        compare_types (self, is->location, what, was->type, is->type, TO_BOTH);
      if (is != NULL && is_ordered && place != (int) i)
        report_new (self, is->location, "%s is in another place: old peers take it by place", what);
    }
  for (guint i = 0; i < new->fields->len; i++)
    {
      const RmiFieldInfo *is = new->fields->pdata[i];

      if (find_field (old->fields, is->name) < 0)
        report_new (self, is->location, "field \"%s\" of struct %s is new: a struct is frozen, and old peers refuse one "
                    "with it", is->name, new->name);
    }
}

/* Its own property, or one of its bases. */
static const RmiFieldInfo *
find_class_property (const RmiDeclaration *class,
                     const char           *name)
{
  for (; class != NULL; class = class->base)
    {
      int place = find_field (class->fields, name);

      if (place >= 0)
        return class->fields->pdata[place];
    }
  return NULL;
}

static void
compare_classes (Comparison           *self,
                 const RmiDeclaration *old,
                 const RmiDeclaration *new)
{
  if (new->allows_cycles && !old->allows_cycles)
    report_new (self, new->location, "class %s allows cycles now: old peers refuse them", new->name);
  if (old->allows_cycles && !new->allows_cycles)
    report_new (self, new->location, "class %s allows no cycles any more: old peers may send them", new->name);
  for (guint i = 0; i < old->fields->len; i++)
    {
      const RmiFieldInfo *was = old->fields->pdata[i];
      const RmiFieldInfo *is = find_class_property (new, was->name);
      g_autofree char *what = g_strdup_printf ("property \"%s\" of class %s", was->name, old->name);

      if (is == NULL)
        report_old (self, was->location, "%s is removed: old peers send it in vain, and get the default", what);
      else
        compare_types (self, is->location, what, was->type, is->type, TO_BOTH);
    }
}

/* Whatever it was, it still is. */
static void
compare_bases (Comparison           *self,
               const RmiDeclaration *old,
               const RmiDeclaration *new,
               const char           *kind)
{
  const RmiDeclaration *now;

  if (old->base == NULL)
    return;
  for (now = new->base; now != NULL && !g_str_equal (now->name, old->base->name); now = now->base)
    ;
  if (now == NULL)
    report_new (self, new->location, "%s %s does not extend %s any more: old peers pass it for one", kind, new->name,
                old->base->name);
}

static void
compare_declarations (Comparison           *self,
                      const RmiDeclaration *old,
                      const RmiDeclaration *new)
{
  const char *kind = rmi_declaration_kind_to_string (old->kind);

  if (new->kind != old->kind)
    {
      report_new (self, new->location, "%s is of kind %s and was of kind %s: neither is read as the other", new->name,
                  rmi_declaration_kind_to_string (new->kind), kind);
      return;
    }
  compare_bases (self, old, new, kind);
  switch (old->kind)
    {
    case RMI_DECLARATION_ENUM:
    case RMI_DECLARATION_FLAGS:
      compare_values (self, old, new);
      break;
    case RMI_DECLARATION_STRUCT:
      compare_structs (self, old, new);
      break;
    case RMI_DECLARATION_CLASS:
      compare_classes (self, old, new);
      break;
    case RMI_DECLARATION_INTERFACE:
    default:
      compare_interfaces (self, find_interface (self->old_file->interfaces, old->name),
                          find_interface (self->new_file->interfaces, new->name));
      break;
    }
}

/* ---- files ---- */

/* What @description and its imports declare: name → RmiDeclaration; of errors: name → RmiErrorInfo. */
typedef struct
{
  GHashTable *declarations, *errors;
} Names;

static void
add_names (Names                *names,
           const RmiDescription *file)
{
  for (guint i = 0; i < file->declarations->len; i++)
    {
      RmiDeclaration *declaration = file->declarations->pdata[i];

      g_hash_table_insert (names->declarations, declaration->name, declaration);
    }
  for (guint i = 0; i < file->errors->len; i++)
    {
      RmiErrorInfo *info = file->errors->pdata[i];

      g_hash_table_insert (names->errors, g_strconcat (file->namespace, ".", info->name, NULL), info);
    }
}

static void
compare_file (Comparison           *self,
              const RmiDescription *old,
              const Names          *names)
{
  self->old_file = old;
  for (guint i = 0; i < old->declarations->len; i++)
    {
      const RmiDeclaration *was = old->declarations->pdata[i];
      const RmiDeclaration *is = g_hash_table_lookup (names->declarations, was->name);

      self->new_file = is != NULL ? is->file : NULL;
      if (is != NULL)
        compare_declarations (self, was, is);
      else
        report_old (self, was->location, "%s %s is removed: old peers use it", rmi_declaration_kind_to_string (was->kind), was->name);
    }
  for (guint i = 0; i < old->errors->len; i++)
    {
      const RmiErrorInfo *info = old->errors->pdata[i];
      g_autofree char *name = g_strconcat (old->namespace, ".", info->name, NULL);

      if (!g_hash_table_contains (names->errors, name))
        report_old (self, info->location, "error %s is removed: old clients wait for it, and old servers fail with it",
                    name);
    }
}

static int
compare_findings (gconstpointer a,
                  gconstpointer b)
{
  const Finding *one = a, *other = b;
  int order = strcmp (one->file->filename, other->file->filename);

  if (order == 0)
    order = one->location.line - other->location.line;
  return order != 0 ? order : one->location.column - other->location.column;
}

GPtrArray *
codegen_compare (RmiDescription *old,
                 RmiDescription *new)
{
  g_autoptr(GHashTable) declarations = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr(GHashTable) errors = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr(GArray) findings = g_array_new (FALSE, FALSE, sizeof (Finding));
  GPtrArray *texts = g_ptr_array_new_with_free_func (g_free);
  Comparison self = { NULL, NULL, findings };
  Names names = { declarations, errors };

  g_array_set_clear_func (findings, finding_clear);
  add_names (&names, new);
  for (guint i = 0; i < new->files->len; i++)
    add_names (&names, new->files->pdata[i]);
  compare_file (&self, old, &names);
  for (guint i = 0; i < old->files->len; i++)
    compare_file (&self, old->files->pdata[i], &names);

  g_array_sort (findings, compare_findings);
  for (guint i = 0; i < findings->len; i++)
    {
      const Finding *finding = &g_array_index (findings, Finding, i);

      g_ptr_array_add (texts, g_strdup_printf ("%s:%d:%d: %s", finding->file->filename, finding->location.line,
                                               finding->location.column, finding->text));
    }
  return texts;
}
