/* fuzz/fuzz-transcoder.c: any value, passed from one connection to another
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The input is a JSON text, or is not. What comes out is JSON with as many objects, in which nothing but references changed; it comes
 * out of a second pass the same; and each reference of the text is made an object or given back, once.
 */
#include "config.h"
#include "fuzz/fuzz.h"

#include <string.h>

#include "rmi/rmi-message-internal.h"
#include "rmi/rmi-scanner-internal.h"
#include "rmi/rmi-transcoder-internal.h"

typedef struct
{
  RmiReferenceCodec codec;
  guint             n_owned;       /* made an object or given back */
  guint             n_read;
  int               n_written;     /* and not taken back */
} Counter;

static gpointer
counter_read (RmiReferenceCodec       *codec,
              const RmiWireReference  *reference,
              GType                    declared,
              GError                 **error)
{
  Counter *self = (Counter *) codec;
  g_autofree char *path = g_strndup (reference->path.data, reference->path.length);
  GObject *object;

  self->n_owned += !reference->is_home;
  self->n_read++;
  if (strlen (path) != reference->path.length || !rmi_path_is_valid (path))
    {
      g_set_error (error, RMI_ERROR, RMI_ERROR_INVALID_ARGUMENTS, "no path");
      return NULL;
    }
  object = g_object_new (G_TYPE_OBJECT, NULL);
  g_object_set_data_full (object, "path", g_steal_pointer (&path), g_free);
  return object;
}

static void
counter_discard (RmiReferenceCodec      *codec,
                 const RmiWireReference *reference)
{
  ((Counter *) codec)->n_owned++;
}

static gboolean
counter_write (RmiReferenceCodec  *codec,
               RmiWriter          *writer,
               GObject            *object,
               GType               declared,
               GError            **error)
{
  const char *path = g_object_get_data (object, "path");

  rmi_writer_begin_object (writer);
  rmi_writer_add_member (writer, "$ref");
  rmi_writer_add_string (writer, path);
  rmi_writer_end_object (writer);
  rmi_writer_note_reference (writer, path);
  ((Counter *) codec)->n_written++;
  return TRUE;
}

static void
counter_retract (RmiReferenceCodec *codec,
                 const char        *path)
{
  ((Counter *) codec)->n_written--;
}

static const RmiReferenceCodec counting = {
  .write = counter_write, .read = counter_read, .discard = counter_discard, .retract = counter_retract,
};

static gboolean
scan (RmiSlice text)
{
  RmiLimits limits;

  rmi_limits_init_network (&limits);
  return rmi_scanner_check (text, &limits, NULL, NULL, NULL);
}

static guint
count_references (RmiSlice text)
{
  Counter counter = { counting };

  rmi_reader_discard (text, &counter.codec);
  return counter.n_owned;
}

static guint
count_objects (RmiSlice text)
{
  gboolean is_inside = FALSE;
  guint n = 0;

  for (gsize i = 0; i < text.length; i++)
    {
      if (text.data[i] == '\\' && is_inside)
        i++;
      else if (text.data[i] == '"')
        is_inside = !is_inside;
      else
        n += text.data[i] == '{' && !is_inside;
    }
  return n;
}

/* What @text is on the other side: (transfer full), or NULL if it has what may not be passed. */
static char *
pass (RmiSlice  text,
      guint    *n_read)
{
  Counter in = { counting }, out = { counting };
  RmiWriter *writer = rmi_writer_new (NULL, &out.codec);
  g_autoptr(GError) error = NULL;
  RmiReader reader;
  RmiSlice written;
  char *result = NULL;

  rmi_reader_init (&reader, text, NULL, &in.codec, RMI_ERROR_INVALID_ARGUMENTS, "params");
  rmi_transcode (&reader, writer);
  if (rmi_reader_finish (&reader, &error))
    {
      rmi_writer_finish (writer, &written, &error);
      g_assert_no_error (error);
      result = g_strndup (written.data, written.length);
      g_assert_cmpuint (written.length, ==, strlen (result));
      g_assert_cmpint (out.n_written, ==, in.n_read);
    }
  rmi_writer_free (writer);
  g_assert_cmpint (out.n_written, ==, 0);
  g_assert_cmpuint (in.n_owned, ==, count_references (text));
  *n_read = in.n_read;
  return result;
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  g_autofree char *copy = g_memdup2 (data, size);      /* nothing before or behind it may be looked at */
  RmiSlice text = { copy != NULL ? copy : "", size };
  g_autofree char *once = NULL;
  g_autofree char *twice = NULL;
  RmiSlice result;
  guint n_read;

  if (!scan (text))
    return 0;
  once = pass (text, &n_read);
  if (once == NULL)
    return 0;

  result = (RmiSlice) { once, strlen (once) };
  g_assert_true (scan (result));
  g_assert_cmpuint (count_objects (result), ==, count_objects (text));
  if (n_read == 0)
    g_assert_nonnull (memmem (text.data, text.length, result.data, result.length));
  twice = pass (result, &n_read);
  g_assert_cmpstr (once, ==, twice);
  return 0;
}
