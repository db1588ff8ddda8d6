/* rmi/rmi-class-form.c: values of GObject properties, to the wire and back
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What may be NULL in C is null on the wire: NULL, "", [] and an object of defaults stay what they are.
 */
#include "config.h"
#include "rmi/rmi-class-private.h"

#include <float.h>
#include <math.h>

#include "rmi/rmi-interface-entry.h"
#include "rmi/rmi-reader-private.h"
#include "rmi/rmi-writer.h"

struct _RmiClassForm
{
  GType      type;                 /* fundamental, or the very type of boxed ones */
  gboolean   is_nullable;
  void     (*write) (RmiWriter *writer, const GValue *value);
  void     (*read)  (RmiReader *reader, GValue *value);
};

/* ---- what the wire has a word for ---- */

#define DEFINE(name, word)                                               \
static void                                                              \
write_ ## name (RmiWriter    *writer,                                    \
                const GValue *value)                                     \
{                                                                        \
  rmi_writer_add_ ## word (writer, g_value_get_ ## name (value));        \
}                                                                        \
                                                                         \
static void                                                              \
read_ ## name (RmiReader *reader,                                        \
               GValue    *value)                                         \
{                                                                        \
  g_value_set_ ## name (value, rmi_reader_get_ ## word (reader));        \
}

DEFINE (boolean, boolean)
DEFINE (int, int32)
DEFINE (uint, uint32)
DEFINE (int64, int64)
DEFINE (uint64, uint64)
DEFINE (double, double)

/* What is narrower in C than on the wire. */
static const char *
get_position (RmiReader *reader)
{
  rmi_reader_next_char (reader);
  return reader->cursor;
}

static void
fail_range (RmiReader  *reader,
            const char *position)
{
  rmi_reader_fail_at (reader, position, reader->code, "the number is out of range");
}

static void
write_schar (RmiWriter    *writer,
             const GValue *value)
{
  rmi_writer_add_int32 (writer, g_value_get_schar (value));
}

static void
read_schar (RmiReader *reader,
            GValue    *value)
{
  const char *position = get_position (reader);
  gint16 number = rmi_reader_get_int16 (reader);

  if (number < G_MININT8 || number > G_MAXINT8)
    fail_range (reader, position);
  else
    g_value_set_schar (value, number);
}

static void
write_uchar (RmiWriter    *writer,
             const GValue *value)
{
  rmi_writer_add_int32 (writer, g_value_get_uchar (value));
}

static void
read_uchar (RmiReader *reader,
            GValue    *value)
{
  g_value_set_uchar (value, rmi_reader_get_byte (reader));
}

static void
write_long (RmiWriter    *writer,
            const GValue *value)
{
  rmi_writer_add_int64 (writer, g_value_get_long (value));
}

static void
read_long (RmiReader *reader,
           GValue    *value)
{
  const char *position = get_position (reader);
  gint64 number = rmi_reader_get_int64 (reader);

  if (number != (long) number)
    fail_range (reader, position);
  else
    g_value_set_long (value, number);
}

static void
write_ulong (RmiWriter    *writer,
             const GValue *value)
{
  rmi_writer_add_uint64 (writer, g_value_get_ulong (value));
}

static void
read_ulong (RmiReader *reader,
            GValue    *value)
{
  const char *position = get_position (reader);
  guint64 number = rmi_reader_get_uint64 (reader);

  if (number != (unsigned long) number)
    fail_range (reader, position);
  else
    g_value_set_ulong (value, number);
}

static void
write_float (RmiWriter    *writer,
             const GValue *value)
{
  rmi_writer_add_double (writer, g_value_get_float (value));
}

static void
read_float (RmiReader *reader,
            GValue    *value)
{
  const char *position = get_position (reader);
  double number = rmi_reader_get_double (reader);

  if (isfinite (number) && fabs (number) > FLT_MAX)
    fail_range (reader, position);
  else
    g_value_set_float (value, number);
}

static void
write_enum (RmiWriter    *writer,
            const GValue *value)
{
  const GEnumClass *class = g_type_class_peek (G_VALUE_TYPE (value));

  rmi_writer_add_enum (writer, class->values, g_value_get_enum (value));
}

static void
read_enum (RmiReader *reader,
           GValue    *value)
{
  const GEnumClass *class = g_type_class_peek (G_VALUE_TYPE (value));

  g_value_set_enum (value, rmi_reader_get_enum (reader, class->values));
}

static void
write_flags (RmiWriter    *writer,
             const GValue *value)
{
  const GFlagsClass *class = g_type_class_peek (G_VALUE_TYPE (value));

  rmi_writer_add_flags (writer, class->values, g_value_get_flags (value));
}

static void
read_flags (RmiReader *reader,
            GValue    *value)
{
  const GFlagsClass *class = g_type_class_peek (G_VALUE_TYPE (value));

  g_value_set_flags (value, rmi_reader_get_flags (reader, class->values));
}

/* ---- what may be NULL ---- */

static void
write_string (RmiWriter    *writer,
              const GValue *value)
{
  rmi_writer_add_string (writer, g_value_get_string (value));
}

static void
read_string (RmiReader *reader,
             GValue    *value)
{
  g_value_take_string (value, rmi_reader_get_string (reader));
}

static void
write_variant (RmiWriter    *writer,
               const GValue *value)
{
  g_autoptr(GVariant) boxed = g_variant_ref_sink (g_variant_new_variant (g_value_get_variant (value)));

  rmi_writer_add_variant (writer, boxed);
}

static void
read_variant (RmiReader *reader,
              GValue    *value)
{
  g_autoptr(GVariant) boxed = rmi_reader_get_variant (reader, "v");

  if (boxed != NULL)
    g_value_take_variant (value, g_variant_get_variant (boxed));
}

static void
write_strv (RmiWriter    *writer,
            const GValue *value)
{
  rmi_writer_add_strv (writer, g_value_get_boxed (value));
}

static void
read_strv (RmiReader *reader,
           GValue    *value)
{
  g_value_take_boxed (value, rmi_reader_get_strv (reader));
}

static void
write_bytes (RmiWriter    *writer,
             const GValue *value)
{
  rmi_writer_add_bytes (writer, g_value_get_boxed (value));
}

static void
read_bytes (RmiReader *reader,
            GValue    *value)
{
  g_value_take_boxed (value, rmi_reader_get_bytes (reader));
}

static void
write_struct (RmiWriter    *writer,
              const GValue *value)
{
  rmi_struct_lookup (G_VALUE_TYPE (value))->write (writer, g_value_get_boxed (value));
}

static void
read_struct (RmiReader *reader,
             GValue    *value)
{
  g_value_take_boxed (value, rmi_struct_lookup (G_VALUE_TYPE (value))->read (reader));
}

/* By value if its class is known for that, else by reference. */
static void
write_instance (RmiWriter    *writer,
                const GValue *value)
{
  rmi_writer_add_instance (writer, g_value_get_object (value), G_VALUE_TYPE (value), NULL);
}

static void
read_instance (RmiReader *reader,
               GValue    *value)
{
  g_value_take_object (value, rmi_reader_get_instance (reader, G_VALUE_TYPE (value), NULL));
}

static void
write_reference (RmiWriter    *writer,
                 const GValue *value)
{
  rmi_writer_add_object (writer, g_value_get_object (value), G_VALUE_TYPE (value));
}

static void
read_reference (RmiReader *reader,
                GValue    *value)
{
  g_value_take_object (value, rmi_reader_get_object (reader, G_VALUE_TYPE (value)));
}

/* ---- which ---- */

static const RmiClassForm strv_form = { G_TYPE_BOXED, TRUE, write_strv, read_strv };
static const RmiClassForm bytes_form = { G_TYPE_BOXED, TRUE, write_bytes, read_bytes };
static const RmiClassForm struct_form = { G_TYPE_BOXED, TRUE, write_struct, read_struct };
static const RmiClassForm instance_form = { G_TYPE_OBJECT, TRUE, write_instance, read_instance };
static const RmiClassForm reference_form = { G_TYPE_INTERFACE, TRUE, write_reference, read_reference };

static const RmiClassForm plain_forms[] = {
  { G_TYPE_BOOLEAN, FALSE, write_boolean, read_boolean },
  { G_TYPE_CHAR, FALSE, write_schar, read_schar },
  { G_TYPE_UCHAR, FALSE, write_uchar, read_uchar },
  { G_TYPE_INT, FALSE, write_int, read_int },
  { G_TYPE_UINT, FALSE, write_uint, read_uint },
  { G_TYPE_LONG, FALSE, write_long, read_long },
  { G_TYPE_ULONG, FALSE, write_ulong, read_ulong },
  { G_TYPE_INT64, FALSE, write_int64, read_int64 },
  { G_TYPE_UINT64, FALSE, write_uint64, read_uint64 },
  { G_TYPE_FLOAT, FALSE, write_float, read_float },
  { G_TYPE_DOUBLE, FALSE, write_double, read_double },
  { G_TYPE_ENUM, FALSE, write_enum, read_enum },
  { G_TYPE_FLAGS, FALSE, write_flags, read_flags },
  { G_TYPE_STRING, TRUE, write_string, read_string },
  { G_TYPE_VARIANT, TRUE, write_variant, read_variant },
};

static const RmiClassForm *
find_boxed (GType type)
{
  if (type == G_TYPE_STRV)
    return &strv_form;
  if (type == G_TYPE_BYTES)
    return &bytes_form;
  return rmi_struct_lookup (type) != NULL ? &struct_form : NULL;
}

/* @owner is about to be registered, and may hold its like. */
const RmiClassForm *
rmi_class_form_find (const GParamSpec *pspec,
                     GType             owner)
{
  GType type = G_PARAM_SPEC_VALUE_TYPE (pspec);
  GType fundamental = G_TYPE_FUNDAMENTAL (type);

  if (fundamental == G_TYPE_BOXED)
    return find_boxed (type);
  if (fundamental == G_TYPE_OBJECT)
    return type == owner || rmi_class_lookup (type) != NULL ? &instance_form : NULL;
  if (fundamental == G_TYPE_INTERFACE)
    return rmi_interface_lookup (type) != NULL ? &reference_form : NULL;
  for (guint i = 0; i < G_N_ELEMENTS (plain_forms); i++)
    if (plain_forms[i].type == fundamental)
      return &plain_forms[i];
  return NULL;
}

void
rmi_class_form_write (const RmiClassForm *form,
                      RmiWriter          *writer,
                      const GValue       *value)
{
  if (form->is_nullable && g_value_peek_pointer (value) == NULL)
    rmi_writer_add_null (writer);
  else
    form->write (writer, value);
}

/* GObject would change what the property does not allow, and say so in the log; here it is an error of who sent it. */
void
rmi_class_form_read (const RmiClassForm *form,
                     RmiReader          *reader,
                     const GParamSpec   *pspec,
                     GValue             *value)
{
  const char *position = get_position (reader);

  if (!form->is_nullable || !rmi_reader_take_null (reader))
    form->read (reader, value);
  if (reader->error == NULL && g_param_value_validate ((GParamSpec *) pspec, value))
    rmi_reader_fail_at (reader, position, reader->code, "the property \"%s\" cannot have this value", pspec->name);
}
