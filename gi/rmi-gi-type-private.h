/* gi/rmi-gi-type-private.h: a type of a typelib that values can be passed of
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <girepository.h>

#include "gi/rmi-gi.h"

G_BEGIN_DECLS

typedef enum
{
  RMI_GI_VOID,
  RMI_GI_BOOLEAN,
  RMI_GI_INT8,
  RMI_GI_UINT8,
  RMI_GI_INT16,
  RMI_GI_UINT16,
  RMI_GI_INT32,
  RMI_GI_UINT32,
  RMI_GI_INT64,
  RMI_GI_UINT64,
  RMI_GI_FLOAT,
  RMI_GI_DOUBLE,
  RMI_GI_UNICHAR,
  RMI_GI_GTYPE,            /* its name; never from a peer */
  RMI_GI_ENUM,
  RMI_GI_FLAGS,
  RMI_GI_STRING,
  RMI_GI_STRV,
  RMI_GI_BYTES,            /* GBytes */
  RMI_GI_BYTE_ARRAY,       /* GByteArray */
  RMI_GI_C_BYTES,          /* an array, and its length elsewhere */
  RMI_GI_VARIANT,
  RMI_GI_OBJECT,
} RmiGiKind;

typedef struct
{
  RmiGiKind   kind;
  gboolean    is_nullable;
  GType       gtype;       /* OBJECT */
  GIBaseInfo *info;        /* ENUM, FLAGS, OBJECT */
  int         length;      /* C_BYTES: the argument that has it */
} RmiGiType;

/* FALSE with @why (static) if values of it cannot be passed. */
gboolean    rmi_gi_type_init          (RmiGiType *self, GITypeInfo *info, gboolean is_nullable, const char **why);
void        rmi_gi_type_clear         (RmiGiType *self);
/* As descriptions write it: "mGio.ListModel". */
char       *rmi_gi_type_dup_signature (const RmiGiType *self);

/* A value; @length is of C_BYTES. Objects are added to @objects. Floating; NULL with @error. */
GVariant   *rmi_gi_type_to_variant    (const RmiGiType *self, const GIArgument *argument, gsize length, GPtrArray *objects, GError **error);
/* The other way; @argument owns what it holds then, and rmi_gi_type_free() frees it. */
gboolean    rmi_gi_type_from_variant  (const RmiGiType *self, GVariant *variant, GPtrArray *objects, GIArgument *argument, gsize *length, GError **error);
void        rmi_gi_type_free          (const RmiGiType *self, GIArgument *argument);
/* @argument borrows from @value; @value copies. */
void        rmi_gi_type_from_value    (const RmiGiType *self, const GValue *value, GIArgument *argument);
void        rmi_gi_type_to_value      (const RmiGiType *self, const GIArgument *argument, GValue *value);

G_END_DECLS
