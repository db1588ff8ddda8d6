/* gi/rmi-gi-value.c: GValues of properties and signals
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "config.h"
#include "gi/rmi-gi-type-private.h"

/* ---- numbers: a GValue knows fewer kinds than a typelib ---- */

static void
integer_to_argument (RmiGiKind     kind,
                     const GValue *value,
                     GIArgument   *argument)
{
  g_auto(GValue) wide = G_VALUE_INIT;

  g_value_init (&wide, kind == RMI_GI_UINT64 ? G_TYPE_UINT64 : G_TYPE_INT64);
  g_value_transform (value, &wide);
  if (kind == RMI_GI_UINT64)
    argument->v_uint64 = g_value_get_uint64 (&wide);
  else if (kind == RMI_GI_INT64)
    argument->v_int64 = g_value_get_int64 (&wide);
  else if (kind == RMI_GI_INT32)
    argument->v_int32 = (gint32) g_value_get_int64 (&wide);
  else if (kind == RMI_GI_UINT32 || kind == RMI_GI_UNICHAR)
    argument->v_uint32 = (guint32) g_value_get_int64 (&wide);
  else if (kind == RMI_GI_INT16)
    argument->v_int16 = (gint16) g_value_get_int64 (&wide);
  else if (kind == RMI_GI_UINT16)
    argument->v_uint16 = (guint16) g_value_get_int64 (&wide);
  else if (kind == RMI_GI_INT8)
    argument->v_int8 = (gint8) g_value_get_int64 (&wide);
  else
    argument->v_uint8 = (guint8) g_value_get_int64 (&wide);
}

static gint64
argument_to_integer (RmiGiKind         kind,
                     const GIArgument *argument)
{
  switch (kind)
    {
    case RMI_GI_INT8:
      return argument->v_int8;
    case RMI_GI_UINT8:
      return argument->v_uint8;
    case RMI_GI_INT16:
      return argument->v_int16;
    case RMI_GI_UINT16:
      return argument->v_uint16;
    case RMI_GI_INT32:
      return argument->v_int32;
    case RMI_GI_UINT32:
    case RMI_GI_UNICHAR:
      return argument->v_uint32;
    default:
      return argument->v_int64;
    }
}

static void
integer_to_value (RmiGiKind         kind,
                  const GIArgument *argument,
                  GValue           *value)
{
  g_auto(GValue) wide = G_VALUE_INIT;

  g_value_init (&wide, kind == RMI_GI_UINT64 ? G_TYPE_UINT64 : G_TYPE_INT64);
  if (kind == RMI_GI_UINT64)
    g_value_set_uint64 (&wide, argument->v_uint64);
  else
    g_value_set_int64 (&wide, argument_to_integer (kind, argument));
  g_value_transform (&wide, value);
}

/* ---- any ---- */

void
rmi_gi_type_from_value (const RmiGiType *self,
                        const GValue    *value,
                        GIArgument      *argument)
{
  argument->v_uint64 = 0;
  switch (self->kind)
    {
    case RMI_GI_VOID:
      break;
    case RMI_GI_BOOLEAN:
      argument->v_boolean = g_value_get_boolean (value);
      break;
    case RMI_GI_FLOAT:
      argument->v_float = g_value_get_float (value);
      break;
    case RMI_GI_DOUBLE:
      argument->v_double = g_value_get_double (value);
      break;
    case RMI_GI_GTYPE:
      argument->v_size = g_value_get_gtype (value);
      break;
    case RMI_GI_ENUM:
      argument->v_int = g_value_get_enum (value);
      break;
    case RMI_GI_FLAGS:
      argument->v_uint = g_value_get_flags (value);
      break;
    case RMI_GI_STRING:
    case RMI_GI_STRV:
    case RMI_GI_BYTES:
    case RMI_GI_BYTE_ARRAY:
    case RMI_GI_C_BYTES:
    case RMI_GI_VARIANT:
    case RMI_GI_OBJECT:
      argument->v_pointer = g_value_peek_pointer (value);
      break;
    default:
      integer_to_argument (self->kind, value, argument);
    }
}

void
rmi_gi_type_to_value (const RmiGiType  *self,
                      const GIArgument *argument,
                      GValue           *value)
{
  switch (self->kind)
    {
    case RMI_GI_BOOLEAN:
      g_value_set_boolean (value, argument->v_boolean);
      break;
    case RMI_GI_FLOAT:
      g_value_set_float (value, argument->v_float);
      break;
    case RMI_GI_DOUBLE:
      g_value_set_double (value, argument->v_double);
      break;
    case RMI_GI_ENUM:
      g_value_set_enum (value, argument->v_int);
      break;
    case RMI_GI_FLAGS:
      g_value_set_flags (value, argument->v_uint);
      break;
    case RMI_GI_STRING:
      g_value_set_string (value, argument->v_pointer);
      break;
    case RMI_GI_STRV:
    case RMI_GI_BYTES:
    case RMI_GI_BYTE_ARRAY:
      g_value_set_boxed (value, argument->v_pointer);
      break;
    case RMI_GI_VARIANT:
      g_value_set_variant (value, argument->v_pointer);
      break;
    case RMI_GI_OBJECT:
      g_value_set_object (value, argument->v_pointer);
      break;
    default:
      integer_to_value (self->kind, argument, value);
    }
}
