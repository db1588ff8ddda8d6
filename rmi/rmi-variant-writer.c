/* rmi/rmi-variant-writer.c: GVariant into a writer
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The counterpart of rmi-variant.c. GVariants are the program's own, so the recursion is no peer's
 * to drive.
 */
#include "config.h"
#include "rmi/rmi-error.h"
#include "rmi/rmi-siphash-internal.h"
#include "rmi/rmi-writer-internal.h"

static void
add_string (RmiWriter *self,
            GVariant  *value)
{
  gsize length;
  const char *text = g_variant_get_string (value, &length);

  rmi_writer_add_string_n (self, text, length);
}

static void
add_children (RmiWriter *self,
              GVariant  *value)
{
  gsize i, n_children = g_variant_n_children (value);

  rmi_writer_begin_array (self);
  for (i = 0; i < n_children && !rmi_writer_has_failed (self); i++)
    {
      g_autoptr(GVariant) child = g_variant_get_child_value (value, i);

      rmi_writer_add_variant (self, child);
    }
  rmi_writer_end_array (self);
}

/* A GVariant may hold a key twice, JSON may not. */
static void
add_dict (RmiWriter *self,
          GVariant  *value)
{
  g_autoptr(GHashTable) seen = g_hash_table_new_full (rmi_siphash_str, g_str_equal, g_free, NULL);
  gsize i, n_children = g_variant_n_children (value);

  rmi_writer_begin_object (self);
  for (i = 0; i < n_children && !rmi_writer_has_failed (self); i++)
    {
      g_autoptr(GVariant) entry = g_variant_get_child_value (value, i);
      g_autoptr(GVariant) key = g_variant_get_child_value (entry, 0);
      g_autoptr(GVariant) child = g_variant_get_child_value (entry, 1);
      const char *text = g_variant_get_string (key, NULL);

      if (!g_hash_table_add (seen, g_strdup (text)))
        rmi_writer_fail (self, g_error_new (RMI_ERROR, RMI_ERROR_INVALID_ARGUMENTS,
                                            "A dict has the key \"%s\" twice", text));
      rmi_writer_add_key (self, text);
      rmi_writer_add_variant (self, child);
    }
  rmi_writer_end_object (self);
}

static void
add_array (RmiWriter *self,
           GVariant  *value)
{
  const GVariantType *element = g_variant_type_element (g_variant_get_type (value));
  g_autoptr(GBytes) bytes = NULL;

  if (g_variant_type_equal (element, G_VARIANT_TYPE_BYTE))
    {
      bytes = g_variant_get_data_as_bytes (value);
      rmi_writer_add_bytes (self, bytes);
    }
  else if (g_variant_type_is_dict_entry (element) &&
           strchr ("sog", *g_variant_type_peek_string (g_variant_type_key (element))) != NULL)
    add_dict (self, value);
  else
    add_children (self, value);
}

static void
add_maybe (RmiWriter *self,
           GVariant  *value)
{
  g_autoptr(GVariant) child = NULL;

  if (g_variant_type_is_maybe (g_variant_type_element (g_variant_get_type (value))))
    {
      rmi_writer_fail (self, g_error_new_literal (RMI_ERROR, RMI_ERROR_NOT_SUPPORTED,
                                                  "A maybe inside a maybe cannot be passed"));
      return;
    }
  child = g_variant_get_maybe (value);
  if (child != NULL)
    rmi_writer_add_variant (self, child);
  else
    rmi_writer_add_null (self);
}

static void
add_boxed (RmiWriter *self,
           GVariant  *value)
{
  g_autoptr(GVariant) child = g_variant_get_variant (value);

  rmi_writer_begin_object (self);
  rmi_writer_add_member (self, "type");
  rmi_writer_add_string (self, g_variant_get_type_string (child));
  rmi_writer_add_member (self, "data");
  rmi_writer_add_variant (self, child);
  rmi_writer_end_object (self);
}

/**
 * rmi_writer_add_variant:
 * @self: a writer
 * @value: what to write; a floating reference is left to the caller
 *
 * Writes a value of any type but `h` and a maybe in a maybe, for which %RMI_ERROR_NOT_SUPPORTED
 * sticks.
 *
 * Since: 1.0
 */
void
rmi_writer_add_variant (RmiWriter *self,
                        GVariant  *value)
{
  g_return_if_fail (value != NULL);

  switch (g_variant_classify (value))
    {
    case G_VARIANT_CLASS_BOOLEAN:
      rmi_writer_add_boolean (self, g_variant_get_boolean (value));
      break;
    case G_VARIANT_CLASS_BYTE:
      rmi_writer_add_int32 (self, g_variant_get_byte (value));
      break;
    case G_VARIANT_CLASS_INT16:
      rmi_writer_add_int32 (self, g_variant_get_int16 (value));
      break;
    case G_VARIANT_CLASS_UINT16:
      rmi_writer_add_int32 (self, g_variant_get_uint16 (value));
      break;
    case G_VARIANT_CLASS_INT32:
      rmi_writer_add_int32 (self, g_variant_get_int32 (value));
      break;
    case G_VARIANT_CLASS_UINT32:
      rmi_writer_add_uint32 (self, g_variant_get_uint32 (value));
      break;
    case G_VARIANT_CLASS_INT64:
      rmi_writer_add_int64 (self, g_variant_get_int64 (value));
      break;
    case G_VARIANT_CLASS_UINT64:
      rmi_writer_add_uint64 (self, g_variant_get_uint64 (value));
      break;
    case G_VARIANT_CLASS_DOUBLE:
      rmi_writer_add_double (self, g_variant_get_double (value));
      break;
    case G_VARIANT_CLASS_STRING:
    case G_VARIANT_CLASS_OBJECT_PATH:
    case G_VARIANT_CLASS_SIGNATURE:
      add_string (self, value);
      break;
    case G_VARIANT_CLASS_ARRAY:
      add_array (self, value);
      break;
    case G_VARIANT_CLASS_TUPLE:
    case G_VARIANT_CLASS_DICT_ENTRY:
      add_children (self, value);
      break;
    case G_VARIANT_CLASS_MAYBE:
      add_maybe (self, value);
      break;
    case G_VARIANT_CLASS_VARIANT:
      add_boxed (self, value);
      break;
    case G_VARIANT_CLASS_HANDLE:
    default:
      rmi_writer_fail (self, g_error_new_literal (RMI_ERROR, RMI_ERROR_NOT_SUPPORTED,
                                                  "A file descriptor cannot be passed"));
    }
}
