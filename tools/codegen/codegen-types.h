/* tools/codegen/codegen-types.h: a type on the wire as a type in C
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "rmi/rmi-description-internal.h"
#include "tools/codegen/codegen-names.h"

G_BEGIN_DECLS

typedef enum
{
  CODEGEN_SHAPE_SCALAR,       /* numbers, booleans, enums, flags */
  CODEGEN_SHAPE_STRING,
  CODEGEN_SHAPE_STRV,
  CODEGEN_SHAPE_BYTES,
  CODEGEN_SHAPE_SCALARS,      /* GArray */
  CODEGEN_SHAPE_POINTERS,     /* GPtrArray of struct, class or interface */
  CODEGEN_SHAPE_TABLE,        /* GHashTable of strings to string, struct, class or interface */
  CODEGEN_SHAPE_VARIANT,
  CODEGEN_SHAPE_JSON,
  CODEGEN_SHAPE_STRUCT,
  CODEGEN_SHAPE_OBJECT,       /* class or interface */
} CodegenShape;

typedef struct _CodegenType CodegenType;

/* Expressions have a '$' where the value stands. */
struct _CodegenType
{
  CodegenShape       shape;
  const RmiTypeInfo *info;            /* without its 'm' */
  gboolean           is_nullable;
  CodegenType       *element;         /* of arrays and tables; owned */
  const CodegenName *name;            /* of a declared type; borrowed */
  char              *owned;           /* "char *", "guint ": ends in a space or a star */
  char              *borrowed;        /* "const char *" */
  char              *gvalue_c;        /* in signal handlers: "guint " for a guint16 */
  char              *gtype;           /* "G_TYPE_STRING" */
  char              *getter;          /* of a GValue: "g_value_get_string ($)" */
  char              *setter;          /* of a GValue, borrowed: "g_value_set_string" */
  char              *taker;           /* of a GValue, owned: "g_value_take_string" */
  char              *cleanup;         /* how a local is declared: "g_autofree char *" */
  char              *free;            /* NULL for scalars */
  char              *copy;            /* of a value that is not NULL: "g_strdup ($)" */
  char              *read;            /* "rmi_reader_get_string (reader)" */
  char              *write;           /* "rmi_writer_add_string (writer, $)" */
  char              *zero;            /* "NULL", "0" */
  char              *empty;           /* an owned value for a missing member, or NULL: none */
  char              *annotation;      /* "(element-type guint)", or "" */
  char              *helper;          /* "line_array": read_… and write_… are written for it; or NULL */
  gboolean           has_references;
  gboolean           has_values;      /* an object by value may be in it */
};

/* What a declared name is called in C. */
typedef const CodegenName *(*CodegenNameFunc) (RmiDeclaration *declaration, gpointer user_data);

/* NULL with @error (RMI_ERROR_NOT_SUPPORTED, not located) if C has nothing for it. */
CodegenType *codegen_type_new            (const RmiTypeInfo *info, CodegenNameFunc name, gpointer user_data, GError **error);
void         codegen_type_free           (CodegenType *self);
gboolean     codegen_type_is_pointer     (const CodegenType *self);
/* Its elements, or it, have no reference count that bindings know. */
gboolean     codegen_type_holds_structs  (const CodegenType *self);
/* An array of objects. */
gboolean     codegen_type_needs_twin     (const CodegenType *self);
/* "g_param_spec_uint (…)", on two lines; @flags: whether it can be read and written. */
char        *codegen_type_get_param_spec (const CodegenType *self, const char *property_name, const char *flags);
/* @expression with @value for its '$'. */
char        *codegen_substitute          (const char *expression, const char *value);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CodegenType, codegen_type_free)

G_END_DECLS
