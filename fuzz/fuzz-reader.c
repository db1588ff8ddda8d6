/* fuzz/fuzz-reader.c: what the scanner accepts, readers read; what was read and written reads the same
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The input is a JSON text, or is not.
 */
#include "config.h"
#include "fuzz/fuzz.h"

#include <string.h>

#include "rmi/rmi-message-internal.h"
#include "rmi/rmi-reader-internal.h"
#include "rmi/rmi-scanner-internal.h"
#include "rmi/rmi-writer-internal.h"

static gboolean
scan (RmiSlice text)
{
  g_autoptr(GError) error = NULL;
  RmiLimits limits;
  gboolean is_valid;

  rmi_limits_init_network (&limits);
  is_valid = rmi_scanner_check (text, &limits, NULL, NULL, &error);
  g_assert_true (is_valid == (error == NULL));
  if (error != NULL)
    g_assert_true (g_error_matches (error, RMI_ERROR, RMI_ERROR_PARSE) || g_error_matches (error, RMI_ERROR, RMI_ERROR_LIMIT));
  return is_valid;
}

static void
start_reading (RmiReader *reader,
               RmiSlice   text)
{
  RmiLimits limits;

  rmi_limits_init_network (&limits);
  rmi_reader_init (reader, text, &limits, NULL, RMI_ERROR_INVALID_ARGUMENTS, "text");
}

/* ---- the structure ---- */

/* As deep as the scanner lets texts be. */
static void
walk (RmiReader *reader,
      GString   *scratch)
{
  switch (rmi_reader_peek (reader))
    {
    case '[':
      for (rmi_reader_begin_array (reader); rmi_reader_next_element (reader);)
        walk (reader, scratch);
      break;
    case '{':
      for (rmi_reader_begin_object (reader); rmi_reader_next_raw_key (reader, scratch).data != NULL;)
        walk (reader, scratch);
      break;
    case '"':
      g_assert_nonnull (rmi_reader_get_slice (reader, scratch).data);
      break;
    case 't':
    case 'f':
      rmi_reader_get_boolean (reader);
      break;
    case 'n':
      g_assert_true (rmi_reader_take_null (reader));
      break;
    case '0':
      g_assert_nonnull (rmi_reader_get_raw (reader).data);
      break;
    default:
      g_assert_not_reached ();
    }
}

static void
check_structure (RmiSlice text)
{
  g_autoptr(GString) scratch = g_string_new (NULL);
  g_autoptr(GError) error = NULL;
  RmiReader reader;

  start_reading (&reader, text);
  walk (&reader, scratch);
  g_assert_cmpint (rmi_reader_peek (&reader), ==, 0);
  rmi_reader_finish (&reader, &error);
  g_assert_no_error (error);

  start_reading (&reader, text);
  rmi_reader_skip (&reader);
  g_assert_cmpint (rmi_reader_peek (&reader), ==, 0);
  g_assert_true (rmi_reader_finish (&reader, NULL));
}

/* ---- values ---- */

/* (transfer full): the value, or NULL with an error that says why not. */
typedef gpointer (*ReadFunc) (RmiReader *reader);
typedef void (*WriteFunc) (RmiWriter *writer, gpointer value);

static gpointer
read_json (RmiReader *reader)
{
  return rmi_reader_get_json (reader);
}

static void
write_json (RmiWriter *writer,
            gpointer   value)
{
  rmi_writer_add_json (writer, value);
  json_node_unref (value);
}

static gpointer
read_variant (RmiReader *reader)
{
  return rmi_reader_get_variant (reader, "v");
}

static void
write_variant (RmiWriter *writer,
               gpointer   value)
{
  rmi_writer_add_variant (writer, value);
  g_variant_unref (value);
}

/* Reads a value and writes it: FALSE if the text is none of this kind. */
static gboolean
pass_through (RmiSlice   text,
              ReadFunc   read,
              WriteFunc  write,
              RmiWriter *writer,
              RmiSlice  *written)
{
  g_autoptr(GError) error = NULL;
  RmiReader reader;
  gpointer value;
  gboolean succeeded;

  start_reading (&reader, text);
  value = read (&reader);
  succeeded = rmi_reader_finish (&reader, &error);
  g_assert_true (succeeded == (value != NULL));
  if (!succeeded)
    {
      g_assert_true (error->domain == RMI_ERROR);
      return FALSE;
    }
  write (writer, value);
  rmi_writer_finish (writer, written, &error);
  g_assert_no_error (error);
  return TRUE;
}

static void
check_values (RmiSlice  text,
              ReadFunc  read,
              WriteFunc write)
{
  g_autoptr(RmiWriter) first = rmi_writer_new (NULL, NULL);
  g_autoptr(RmiWriter) second = rmi_writer_new (NULL, NULL);
  RmiSlice once, twice;

  if (!pass_through (text, read, write, first, &once))
    return;
  g_assert_true (scan (once));
  g_assert_true (pass_through (once, read, write, second, &twice));
  if (!rmi_slice_equals (once, twice.data, twice.length))
    g_error ("%.*s became %.*s", (int) once.length, once.data, (int) twice.length, twice.data);
}

/* ---- messages ---- */

static void
check_within (RmiSlice text,
              RmiSlice part)
{
  if (part.data != NULL)
    g_assert_true (part.data >= text.data && part.data + part.length <= text.data + text.length);
}

static void
check_message (RmiSlice text,
               gboolean is_valid)
{
  g_autoptr(GArray) elements = g_array_new (FALSE, FALSE, sizeof (RmiSlice));
  g_autoptr(GError) error = NULL;
  RmiMessage message;
  RmiLimits limits;
  RmiTarget target;

  rmi_limits_init_network (&limits);
  g_assert_true (rmi_message_parse (&message, text, &limits, &error) == (error == NULL));
  g_assert_true ((message.kind == RMI_MESSAGE_INVALID) == (error != NULL));
  g_assert_true (error != NULL || is_valid);
  check_within (text, message.id);
  check_within (text, message.params);
  check_within (text, message.result);
  check_within (text, message.error);
  if (message.method.data != NULL && rmi_target_parse (&target, message.method, NULL) && target.kind != RMI_TARGET_SYSTEM)
    g_assert_true (rmi_path_is_valid (target.path));
  rmi_message_clear (&message);

  if (rmi_message_is_batch (text) && rmi_message_split_batch (text, &limits, elements, NULL))
    {
      g_assert_true (is_valid);
      g_assert_cmpuint (elements->len, <=, limits.batch);
      for (guint i = 0; i < elements->len; i++)
        {
          check_within (text, g_array_index (elements, RmiSlice, i));
          g_assert_true (scan (g_array_index (elements, RmiSlice, i)));
        }
    }
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  g_autofree char *copy = g_memdup2 (data, size);      /* nothing before or behind it may be looked at */
  RmiSlice text = { copy != NULL ? copy : "", size };
  gboolean is_valid = scan (text);

  check_message (text, is_valid);
  if (!is_valid)
    return 0;
  check_structure (text);
  check_values (text, read_json, write_json);
  check_values (text, read_variant, write_variant);
  return 0;
}
