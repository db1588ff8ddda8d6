/* tools/codegen/codegen-model.h: a description as the C that will be written of it
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Made whole, with every name checked, before a line is written. Read-only after. Arrays own their elements.
 */
#pragma once

#include "tools/codegen/codegen-types.h"

G_BEGIN_DECLS

typedef struct
{
  const char *basename;            /* "shop.xml", for the first line */
  const char *c_namespace;         /* "Shop" */
  const char *interface_prefix;    /* nullable: the description's namespace */
  GHashTable *import_namespaces;   /* alias → C namespace */
} CodegenOptions;

/* An argument, a field, a property of a class. */
typedef struct
{
  const RmiFieldInfo *info;
  CodegenType        *type;
  char               *name;            /* its C parameter or member; out arguments: "out_count" */
  char               *local;           /* the same as a variable beside ours */
  char               *property_name;   /* of a class: "first-name" */
  gboolean            has_getter, has_setter;
} CodegenValue;

typedef struct _CodegenRecord CodegenRecord;

/* A struct or a class. */
struct _CodegenRecord
{
  RmiDeclaration    *declaration;
  const CodegenName *name;
  const CodegenName *base;             /* nullable; of a class that extends */
  GPtrArray         *values;           /* of CodegenValue: own ones */
  GPtrArray         *base_values;      /* of CodegenValue: inherited ones, the oldest first */
};

typedef struct
{
  const RmiMethodInfo *info;
  char                *name;           /* "reserve" */
  char                *slot;           /* of the vtable: "delete_" */
  char                *upper;          /* "RESERVE" */
  GPtrArray           *in, *out;       /* of CodegenValue */
  gboolean             returns_pointer;   /* its one out value is the function's */
  gboolean             is_scriptable, needs_twin;
} CodegenMethod;

typedef struct
{
  const RmiSignalInfo *info;
  char                *name, *upper;   /* "stock_changed", "STOCK_CHANGED" */
  char                *signal_name;    /* "stock-changed" */
  GPtrArray           *arguments;      /* of CodegenValue */
  gboolean             has_emitter;
} CodegenSignal;

typedef struct
{
  const RmiPropertyInfo *info;
  CodegenType           *type;
  char                  *name;
  char                  *property_name;
  gboolean               has_getter, has_setter;
} CodegenProperty;

typedef struct
{
  RmiInterfaceInfo  *info;
  CodegenName       *name;
  const CodegenName *base;             /* nullable */
  GPtrArray         *methods, *signals, *properties;
} CodegenInterface;

typedef struct
{
  const CodegenOptions *options;
  RmiDescription       *description;
  CodegenName          *error;         /* ShopError, shop_error… */
  GPtrArray            *choices;       /* of RmiDeclaration, borrowed: enums and flags */
  GPtrArray            *records;       /* bases first */
  GPtrArray            *interfaces;    /* bases first */
  GPtrArray            *containers;    /* of CodegenType, borrowed: one a helper */
  GPtrArray            *warnings;      /* located texts */
  GHashTable           *names;         /* RmiDeclaration → CodegenName */
  GHashTable           *symbols;       /* C symbol → where it was taken */
} CodegenModel;

CodegenModel      *codegen_model_new          (RmiDescription *description, const CodegenOptions *options, GError **error);
void               codegen_model_free         (CodegenModel *self);
const CodegenName *codegen_model_get_name     (CodegenModel *self, RmiDeclaration *declaration);
/* The C namespace of an import. */
const char        *codegen_model_get_import_namespace (CodegenModel *self, const RmiDescriptionImport *import);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CodegenModel, codegen_model_free)

G_END_DECLS
