/* rmi/rmi-marshaller-text.c: values as a person types them
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The text becomes JSON, that is read with the type as a peer's would be, and only then is a byte
 * of it written.
 */
#include "config.h"
#include "rmi/rmi-marshaller-private.h"

#include <string.h>

#include "rmi/rmi-scanner-internal.h"

static gboolean
is_json (const char  *text,
         GError     **error)
{
  RmiLimits limits;

  rmi_limits_init_local (&limits);
  return rmi_scanner_check ((RmiSlice) { text, strlen (text) }, &limits, NULL, NULL, error);
}

/* Whether a person types the inside of a string, without its quotes. */
static gboolean
is_text (const RmiTypeInfo *type)
{
  if (type->kind == RMI_TYPE_KIND_NAMED)
    return type->declaration->kind == RMI_DECLARATION_ENUM;
  return type->kind == RMI_TYPE_KIND_BYTES ||
         (type->kind == RMI_TYPE_KIND_BASIC && strchr ("sog", type->basic) != NULL);
}

/* "a,b", or nothing. */
static void
add_flags (RmiWriter  *json,
           const char *text)
{
  g_auto(GStrv) nicks = g_strsplit (text, ",", -1);
  guint i;

  for (i = 0; nicks[i] != NULL; i++)
    g_strstrip (nicks[i]);
  rmi_writer_add_strv (json, (const char *const *) nicks);
}

/* Adds @text as JSON to @json. FALSE with @error if it is none. */
static gboolean
add_json (const RmiTypeInfo  *type,
          const char         *text,
          RmiWriter          *json,
          GError            **error)
{
  gboolean is_declared = type->kind == RMI_TYPE_KIND_NAMED;

  if (type->kind == RMI_TYPE_KIND_MAYBE && !g_str_equal (text, "null"))
    return add_json (type->element, text, json, error);

  if (is_text (type))
    rmi_writer_add_string (json, text);
  else if (is_declared && type->declaration->kind == RMI_DECLARATION_FLAGS)
    add_flags (json, text);
  else if (is_declared && type->declaration->kind == RMI_DECLARATION_INTERFACE && *text != '{')
    {
      rmi_writer_begin_object (json);
      rmi_writer_add_member (json, "$home");
      rmi_writer_add_string (json, text);
      rmi_writer_end_object (json);
    }
  else if (is_json (text, type->kind == RMI_TYPE_KIND_BASIC ? NULL : error))
    rmi_writer_add_raw (json, text, strlen (text));
  else if (type->kind == RMI_TYPE_KIND_BASIC)
    rmi_writer_add_string (json, text);     /* "NaN" is good; all else gets a better error */
  else
    return FALSE;
  return TRUE;
}

/**
 * rmi_type_info_write_text: (skip)
 * @type: a declared type
 * @text: `5`, `true`, `open`, `a,b` for flags, `null` for what may be null, base64 for bytes, a
 * path for a reference, strings as they are; containers, structs, classes, variants and JSON are
 * JSON
 * @writer: a writer
 * @error: return location for an error
 *
 * Returns: %FALSE with %RMI_ERROR_INVALID_ARGUMENTS, %RMI_ERROR_PARSE or %RMI_ERROR_LIMIT if @text
 * is no such value; nothing is written then
 */
gboolean
rmi_type_info_write_text (const RmiTypeInfo  *type,
                          const char         *text,
                          RmiWriter          *writer,
                          GError            **error)
{
  g_autoptr(RmiWriter) json = rmi_writer_new (NULL, NULL);
  g_autoptr(GVariant) value = NULL;
  RmiReader reader;
  RmiSlice typed;

  if (!add_json (type, text, json, error) || !rmi_writer_finish (json, &typed, error))
    return FALSE;

  rmi_reader_init (&reader, typed, NULL, NULL, RMI_ERROR_INVALID_ARGUMENTS, "the value");
  value = rmi_type_info_read_variant (type, NULL, &reader);
  if (!rmi_reader_finish (&reader, error))
    return FALSE;

  rmi_type_info_write_variant (type, value, NULL, writer);
  return TRUE;
}
