/* gi/rmi-gi-class-private.h: what peers may do with objects of a class
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "gi/rmi-gi-type-private.h"

G_BEGIN_DECLS

typedef enum
{
  RMI_GI_IN,
  RMI_GI_OUT,
  RMI_GI_LENGTH,           /* of an array elsewhere */
  RMI_GI_CANCELLABLE,      /* the call's own */
} RmiGiRole;

typedef struct
{
  char        *name;
  RmiGiType    type;
  GITransfer   transfer;
  GIDirection  direction;
  RmiGiRole    role;
} RmiGiArgument;

typedef struct
{
  char           *name;           /* on the wire */
  GIFunctionInfo *info;           /* NULL: a signal */
  const char     *signal_name;    /* of a signal, "items-changed"; the typelib has it */
  GArray         *arguments;      /* of RmiGiArgument, in the order of C */
  RmiGiType       result;
  GITransfer      result_transfer;
} RmiGiMethod;

typedef struct
{
  char       *name;               /* on the wire */
  const char *property_name;
  RmiGiType   type;
  gboolean    is_readable, is_writable;
} RmiGiProperty;

typedef struct
{
  RmiInterfaceInfo *info;
  GHashTable       *methods;      /* wire name → RmiGiMethod */
  GHashTable       *signals;      /* wire name → RmiGiMethod, of signals */
  GHashTable       *properties;   /* wire name → RmiGiProperty */
  GPtrArray        *left_out;     /* of char * */
} RmiGiClass;

/* Never goes away; NULL with @error if no typelib knows of @type. Any thread. */
const RmiGiClass *rmi_gi_class_get          (GType type, GError **error);
/* `get_item` and `items-changed` become `GetItem` and `ItemsChanged`. */
char             *rmi_gi_dup_wire_name      (const char *name);

/* The description of @class, in its JSON. */
char             *rmi_gi_class_describe     (const RmiGiClass *class, const char *name);

/* Calls it. The results (not floating), one of them the return value, and what the handles in them mean. NULL with @error. */
GVariant         *rmi_gi_method_call        (const RmiGiMethod *self, GObject *object, GVariant *arguments, GPtrArray *objects,
                                             GCancellable *cancellable, GPtrArray *out_objects, GError **error);
/* The arguments of a signal; @values begin with the object. */
GVariant         *rmi_gi_signal_read        (const RmiGiMethod *self, const GValue *values, GPtrArray *objects, GError **error);

G_END_DECLS
