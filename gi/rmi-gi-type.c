/* gi/rmi-gi-type.c: a type of a typelib that values can be passed of
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "config.h"
#include "gi/rmi-gi-type-private.h"

#include "rmi/rmi-interface-entry.h"

/* ---- which it is ---- */

static gboolean
init_array (RmiGiType   *self,
            GITypeInfo  *info,
            const char **why)
{
  GITypeInfo *element = g_type_info_get_param_type (info, 0);
  GITypeTag tag = g_type_info_get_tag (element);
  GIArrayType array = g_type_info_get_array_type (info);
  gboolean is_bytes = tag == GI_TYPE_TAG_UINT8 || tag == GI_TYPE_TAG_INT8;

  g_base_info_unref (element);
  *why = "an array of another kind than of strings or bytes";
  if (array == GI_ARRAY_TYPE_BYTE_ARRAY)
    {
      self->kind = RMI_GI_BYTE_ARRAY;
      return TRUE;
    }
  if (array != GI_ARRAY_TYPE_C)
    return FALSE;
  self->length = g_type_info_get_array_length (info);
  if (is_bytes && self->length >= 0)
    self->kind = RMI_GI_C_BYTES;
  else if (tag == GI_TYPE_TAG_UTF8 && g_type_info_is_zero_terminated (info) && self->length < 0)
    self->kind = RMI_GI_STRV;
  else
    return FALSE;
  return TRUE;
}

static gboolean
init_named (RmiGiType   *self,
            GITypeInfo  *info,
            const char **why)
{
  GIBaseInfo *named = g_type_info_get_interface (info);
  GIInfoType type = g_base_info_get_type (named);

  *why = "a structure, or a union";
  self->info = named;
  if (type == GI_INFO_TYPE_ENUM || type == GI_INFO_TYPE_FLAGS)
    {
      self->kind = type == GI_INFO_TYPE_ENUM ? RMI_GI_ENUM : RMI_GI_FLAGS;
      return TRUE;
    }
  if (type == GI_INFO_TYPE_CALLBACK)
    *why = "a callback";
  if (!GI_IS_REGISTERED_TYPE_INFO (named))
    return FALSE;

  self->gtype = g_registered_type_info_get_g_type (named);
  if (self->gtype == G_TYPE_BYTES)
    self->kind = RMI_GI_BYTES;
  else if (self->gtype == G_TYPE_VARIANT)
    self->kind = RMI_GI_VARIANT;
  else if (self->gtype == G_TYPE_ASYNC_RESULT)
    *why = "of the asynchronous API";
  else if (G_TYPE_IS_INTERFACE (self->gtype) || g_type_is_a (self->gtype, G_TYPE_OBJECT))
    self->kind = RMI_GI_OBJECT;
  return self->kind != RMI_GI_VOID;
}

static RmiGiKind
get_scalar_kind (GITypeTag tag)
{
  switch (tag)
    {
    case GI_TYPE_TAG_BOOLEAN:
      return RMI_GI_BOOLEAN;
    case GI_TYPE_TAG_INT8:
      return RMI_GI_INT8;
    case GI_TYPE_TAG_UINT8:
      return RMI_GI_UINT8;
    case GI_TYPE_TAG_INT16:
      return RMI_GI_INT16;
    case GI_TYPE_TAG_UINT16:
      return RMI_GI_UINT16;
    case GI_TYPE_TAG_INT32:
      return RMI_GI_INT32;
    case GI_TYPE_TAG_UINT32:
      return RMI_GI_UINT32;
    case GI_TYPE_TAG_INT64:
      return RMI_GI_INT64;
    case GI_TYPE_TAG_UINT64:
      return RMI_GI_UINT64;
    case GI_TYPE_TAG_FLOAT:
      return RMI_GI_FLOAT;
    case GI_TYPE_TAG_DOUBLE:
      return RMI_GI_DOUBLE;
    case GI_TYPE_TAG_UNICHAR:
      return RMI_GI_UNICHAR;
    case GI_TYPE_TAG_GTYPE:
      return RMI_GI_GTYPE;
    default:
      return RMI_GI_VOID;
    }
}

gboolean
rmi_gi_type_init (RmiGiType   *self,
                  GITypeInfo  *info,
                  gboolean     is_nullable,
                  const char **why)
{
  GITypeTag tag = g_type_info_get_tag (info);
  gboolean can_pass;

  *self = (RmiGiType) { .length = -1 };
  *why = "a list, a table or a GError";
  if (tag == GI_TYPE_TAG_VOID)
    {
      *why = "a bare pointer";
      return !g_type_info_is_pointer (info);
    }
  if (tag == GI_TYPE_TAG_UTF8 || tag == GI_TYPE_TAG_FILENAME)
    self->kind = RMI_GI_STRING;
  else if (!g_type_info_is_pointer (info) || tag == GI_TYPE_TAG_GTYPE)
    self->kind = get_scalar_kind (tag);
  can_pass = self->kind != RMI_GI_VOID;
  if (tag == GI_TYPE_TAG_ARRAY)
    can_pass = init_array (self, info, why);
  else if (tag == GI_TYPE_TAG_INTERFACE)
    can_pass = init_named (self, info, why);
  self->is_nullable = is_nullable && self->kind >= RMI_GI_STRING;
  if (!can_pass)
    rmi_gi_type_clear (self);
  return can_pass;
}

void
rmi_gi_type_clear (RmiGiType *self)
{
  g_clear_pointer (&self->info, g_base_info_unref);
}

char *
rmi_gi_type_dup_signature (const RmiGiType *self)
{
  static const char *const plain[] = {
    "", "b", "n", "y", "n", "q", "i", "u", "x", "t", "d", "d", "u", "s", NULL, NULL, "s", "as", "ay", "ay", "ay", "v", NULL,
  };
  const char *maybe = self->is_nullable ? "m" : "";

  if (plain[self->kind] != NULL)
    return g_strconcat (maybe, plain[self->kind], NULL);
  return g_strconcat (maybe, g_base_info_get_namespace (self->info), ".", g_base_info_get_name (self->info), NULL);
}

/* ---- out to peers ---- */

/* As nicks are written. */
static char *
dup_nick (GIValueInfo *value)
{
  return g_strdelimit (g_strdup (g_base_info_get_name (value)), "_", '-');
}

static GVariant *
enum_to_variant (const RmiGiType *self,
                 gint64           number)
{
  for (int i = 0; i < g_enum_info_get_n_values (self->info); i++)
    {
      GIValueInfo *value = g_enum_info_get_value (self->info, i);
      gboolean is_it = g_value_info_get_value (value) == number;
      g_autofree char *nick = dup_nick (value);

      g_base_info_unref (value);
      if (is_it)
        return g_variant_new_take_string (g_steal_pointer (&nick));
    }
  return NULL;
}

/* Another name for a number that one before has. */
static gboolean
is_repeated (const RmiGiType *self,
             int              index,
             gint64           number)
{
  gboolean is_there = FALSE;

  for (int i = 0; i < index && !is_there; i++)
    {
      GIValueInfo *value = g_enum_info_get_value (self->info, i);

      is_there = g_value_info_get_value (value) == number;
      g_base_info_unref (value);
    }
  return is_there;
}

/* Bits that have no name are lost. */
static GVariant *
flags_to_variant (const RmiGiType *self,
                  guint            bits)
{
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE_STRING_ARRAY);
  for (int i = 0; i < g_enum_info_get_n_values (self->info); i++)
    {
      GIValueInfo *value = g_enum_info_get_value (self->info, i);
      guint mask = (guint) g_value_info_get_value (value);
      g_autofree char *nick = dup_nick (value);

      if (mask != 0 && (bits & mask) == mask && !is_repeated (self, i, g_value_info_get_value (value)))
        g_variant_builder_add (&builder, "s", nick);
      g_base_info_unref (value);
    }
  return g_variant_builder_end (&builder);
}

/* The one that others may call: itself, or a skeleton of it. NULL with @error. */
static GObject *
dup_passable (gpointer   object,
              GError   **error)
{
  g_autoptr(GPtrArray) entries = NULL;

  if (RMI_IS_STUB (object))
    return g_object_ref (object);
  entries = rmi_object_list_entries (object);
  return entries->len > 0 ? g_object_ref (object) : (GObject *) rmi_gi_skeleton_new (object, error);
}

static GVariant *
object_to_variant (gpointer    object,
                   GPtrArray  *objects,
                   GError    **error)
{
  GObject *passable = dup_passable (object, error);

  if (passable == NULL)
    return NULL;
  g_ptr_array_add (objects, passable);
  return g_variant_new_handle (objects->len - 1);
}

static GVariant *
string_to_variant (const char  *text,
                   GError     **error)
{
  if (g_utf8_validate (text, -1, NULL))
    return g_variant_new_string (text);
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "The text is not UTF-8");
  return NULL;
}

static GVariant *
bytes_to_variant (gconstpointer data,
                  gsize         length)
{
  return g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, data, length, 1);
}

static GVariant *
pointer_to_variant (const RmiGiType  *self,
                    gpointer          pointer,
                    gsize             length,
                    GPtrArray        *objects,
                    GError          **error)
{
  switch (self->kind)
    {
    case RMI_GI_STRING:
      return string_to_variant (pointer, error);
    case RMI_GI_STRV:
      for (char **text = pointer; *text != NULL; text++)
        if (!g_utf8_validate (*text, -1, NULL))
          return string_to_variant (*text, error);
      return g_variant_new_strv (pointer, -1);
    case RMI_GI_BYTES:
      return bytes_to_variant (g_bytes_get_data (pointer, NULL), g_bytes_get_size (pointer));
    case RMI_GI_BYTE_ARRAY:
      return bytes_to_variant (((GByteArray *) pointer)->data, ((GByteArray *) pointer)->len);
    case RMI_GI_C_BYTES:
      return bytes_to_variant (pointer, length);
    case RMI_GI_VARIANT:
      return g_variant_new_variant (pointer);
    default:
      return object_to_variant (pointer, objects, error);
    }
}

static const GVariantType *
get_pointer_type (const RmiGiType *self)
{
  switch (self->kind)
    {
    case RMI_GI_STRING:
      return G_VARIANT_TYPE_STRING;
    case RMI_GI_STRV:
      return G_VARIANT_TYPE_STRING_ARRAY;
    case RMI_GI_VARIANT:
      return G_VARIANT_TYPE_VARIANT;
    case RMI_GI_OBJECT:
      return G_VARIANT_TYPE_HANDLE;
    default:
      return G_VARIANT_TYPE_BYTESTRING;
    }
}

static GVariant *
scalar_to_variant (const RmiGiType  *self,
                   const GIArgument *argument)
{
  switch (self->kind)
    {
    case RMI_GI_BOOLEAN:
      return g_variant_new_boolean (argument->v_boolean);
    case RMI_GI_INT8:
      return g_variant_new_int16 (argument->v_int8);
    case RMI_GI_UINT8:
      return g_variant_new_byte (argument->v_uint8);
    case RMI_GI_INT16:
      return g_variant_new_int16 (argument->v_int16);
    case RMI_GI_UINT16:
      return g_variant_new_uint16 (argument->v_uint16);
    case RMI_GI_INT32:
      return g_variant_new_int32 (argument->v_int32);
    case RMI_GI_UINT32:
    case RMI_GI_UNICHAR:
      return g_variant_new_uint32 (argument->v_uint32);
    case RMI_GI_INT64:
      return g_variant_new_int64 (argument->v_int64);
    case RMI_GI_UINT64:
      return g_variant_new_uint64 (argument->v_uint64);
    case RMI_GI_FLOAT:
      return g_variant_new_double (argument->v_float);
    case RMI_GI_DOUBLE:
      return g_variant_new_double (argument->v_double);
    case RMI_GI_GTYPE:
      return g_variant_new_string (argument->v_size != 0 ? g_type_name (argument->v_size) : "");
    case RMI_GI_ENUM:
      return enum_to_variant (self, argument->v_int);
    default:
      return flags_to_variant (self, argument->v_uint);
    }
}

GVariant *
rmi_gi_type_to_variant (const RmiGiType   *self,
                        const GIArgument  *argument,
                        gsize              length,
                        GPtrArray         *objects,
                        GError           **error)
{
  GVariant *variant;

  if (self->kind < RMI_GI_STRING)
    {
      variant = scalar_to_variant (self, argument);
      if (variant == NULL)
        g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "%d is no value of %s", argument->v_int,
                     g_base_info_get_name (self->info));
      return variant;
    }
  if (argument->v_pointer == NULL && self->is_nullable)
    return g_variant_new_maybe (get_pointer_type (self), NULL);
  if (argument->v_pointer == NULL && (self->kind == RMI_GI_STRV || self->kind == RMI_GI_C_BYTES))
    return self->kind == RMI_GI_STRV ? g_variant_new_strv (NULL, 0) : bytes_to_variant (NULL, 0);
  if (argument->v_pointer == NULL)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "It is NULL, which its typelib does not allow");
      return NULL;
    }
  variant = pointer_to_variant (self, argument->v_pointer, length, objects, error);
  return variant != NULL && self->is_nullable ? g_variant_new_maybe (NULL, variant) : variant;
}

/* ---- in from peers: the types of @variant are those of the description ---- */

static gint64
find_nick (const RmiGiType *self,
           const char      *nick)
{
  gint64 number = 0;

  for (int i = 0; i < g_enum_info_get_n_values (self->info); i++)
    {
      GIValueInfo *value = g_enum_info_get_value (self->info, i);
      g_autofree char *own = dup_nick (value);

      if (g_str_equal (own, nick))
        number = g_value_info_get_value (value);
      g_base_info_unref (value);
    }
  return number;
}

static guint
flags_from_variant (const RmiGiType *self,
                    GVariant        *variant)
{
  g_autofree const char **nicks = g_variant_get_strv (variant, NULL);
  guint bits = 0;

  for (guint i = 0; nicks[i] != NULL; i++)
    bits |= (guint) find_nick (self, nicks[i]);
  return bits;
}

static gboolean
object_from_variant (const RmiGiType  *self,
                     GVariant         *variant,
                     GPtrArray        *objects,
                     GIArgument       *argument,
                     GError          **error)
{
  GObject *object = g_ptr_array_index (objects, g_variant_get_handle (variant));

  if (RMI_IS_GI_SKELETON (object))
    object = rmi_gi_skeleton_get_object (RMI_GI_SKELETON (object));
  if (!g_type_is_a (G_OBJECT_TYPE (object), self->gtype))
    {
      g_set_error (error, RMI_ERROR, RMI_ERROR_INVALID_ARGUMENTS, "A %s is no %s", G_OBJECT_TYPE_NAME (object),
                   g_type_name (self->gtype));
      return FALSE;
    }
  argument->v_pointer = g_object_ref (object);
  return TRUE;
}

static gboolean
pointer_from_variant (const RmiGiType  *self,
                      GVariant         *variant,
                      GPtrArray        *objects,
                      GIArgument       *argument,
                      gsize            *length,
                      GError          **error)
{
  gconstpointer data = NULL;
  gsize size = 0;

  if (self->kind == RMI_GI_BYTES || self->kind == RMI_GI_BYTE_ARRAY || self->kind == RMI_GI_C_BYTES)
    data = g_variant_get_fixed_array (variant, &size, 1);
  switch (self->kind)
    {
    case RMI_GI_STRING:
      argument->v_pointer = g_variant_dup_string (variant, NULL);
      break;
    case RMI_GI_STRV:
      argument->v_pointer = g_variant_dup_strv (variant, NULL);
      break;
    case RMI_GI_BYTES:
      argument->v_pointer = g_bytes_new (data, size);
      break;
    case RMI_GI_BYTE_ARRAY:
      argument->v_pointer = g_byte_array_append (g_byte_array_sized_new (size), data, size);
      break;
    case RMI_GI_C_BYTES:
      argument->v_pointer = size > 0 ? g_memdup2 (data, size) : g_malloc0 (1);
      *length = size;
      break;
    case RMI_GI_VARIANT:
      argument->v_pointer = g_variant_get_variant (variant);
      break;
    default:
      return object_from_variant (self, variant, objects, argument, error);
    }
  return TRUE;
}

/* FALSE if it is out of range. */
static gboolean
scalar_from_variant (const RmiGiType *self,
                     GVariant        *variant,
                     GIArgument      *argument)
{
  switch (self->kind)
    {
    case RMI_GI_BOOLEAN:
      argument->v_boolean = g_variant_get_boolean (variant);
      break;
    case RMI_GI_INT8:
      argument->v_int8 = (gint8) g_variant_get_int16 (variant);
      return argument->v_int8 == g_variant_get_int16 (variant);
    case RMI_GI_UINT8:
      argument->v_uint8 = g_variant_get_byte (variant);
      break;
    case RMI_GI_INT16:
      argument->v_int16 = g_variant_get_int16 (variant);
      break;
    case RMI_GI_UINT16:
      argument->v_uint16 = g_variant_get_uint16 (variant);
      break;
    case RMI_GI_INT32:
      argument->v_int32 = g_variant_get_int32 (variant);
      break;
    case RMI_GI_UINT32:
      argument->v_uint32 = g_variant_get_uint32 (variant);
      break;
    case RMI_GI_UNICHAR:
      argument->v_uint32 = g_variant_get_uint32 (variant);
      return g_unichar_validate (argument->v_uint32);
    case RMI_GI_INT64:
      argument->v_int64 = g_variant_get_int64 (variant);
      break;
    case RMI_GI_UINT64:
      argument->v_uint64 = g_variant_get_uint64 (variant);
      break;
    case RMI_GI_FLOAT:
      argument->v_float = (float) g_variant_get_double (variant);
      break;
    case RMI_GI_DOUBLE:
      argument->v_double = g_variant_get_double (variant);
      break;
    case RMI_GI_ENUM:
      argument->v_int = (int) find_nick (self, g_variant_get_string (variant, NULL));
      break;
    case RMI_GI_FLAGS:
      argument->v_uint = flags_from_variant (self, variant);
      break;
    default:
      return FALSE;
    }
  return TRUE;
}

gboolean
rmi_gi_type_from_variant (const RmiGiType  *self,
                          GVariant         *variant,
                          GPtrArray        *objects,
                          GIArgument       *argument,
                          gsize            *length,
                          GError          **error)
{
  g_autoptr(GVariant) inner = self->is_nullable ? g_variant_get_maybe (variant) : g_variant_ref (variant);

  argument->v_uint64 = 0;
  if (inner == NULL)
    return TRUE;
  if (self->kind >= RMI_GI_STRING)
    return pointer_from_variant (self, inner, objects, argument, length, error);
  if (scalar_from_variant (self, inner, argument))
    return TRUE;
  g_set_error (error, RMI_ERROR, RMI_ERROR_INVALID_ARGUMENTS, "The value is out of range");
  return FALSE;
}

void
rmi_gi_type_free (const RmiGiType *self,
                  GIArgument      *argument)
{
  gpointer pointer = self->kind >= RMI_GI_STRING ? argument->v_pointer : NULL;

  if (pointer == NULL)
    return;
  switch (self->kind)
    {
    case RMI_GI_STRV:
      g_strfreev (pointer);
      break;
    case RMI_GI_BYTES:
      g_bytes_unref (pointer);
      break;
    case RMI_GI_BYTE_ARRAY:
      g_byte_array_unref (pointer);
      break;
    case RMI_GI_VARIANT:
      g_variant_unref (pointer);
      break;
    case RMI_GI_OBJECT:
      g_object_unref (pointer);
      break;
    default:
      g_free (pointer);
    }
  argument->v_pointer = NULL;
}
