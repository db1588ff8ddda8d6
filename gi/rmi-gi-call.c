/* gi/rmi-gi-call.c: one call of a method of a typelib
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What is given to the callee for good is not ours any more; all else that was made for it, and what
 * it gives to us for good, is freed when the results were copied.
 */
#include "config.h"
#include "gi/rmi-gi-class-private.h"

typedef struct
{
  const RmiGiMethod *method;
  guint              n;           /* arguments */
  GIArgument        *own;         /* of each argument: what we made, or where the callee puts it */
  gsize             *lengths;     /* of each argument that is an array */
  GIArgument        *in;          /* as the callee gets them: first the object */
  GIArgument        *out;
  guint              n_in, n_out;
  GIArgument         result;
} Frame;

static RmiGiArgument *
get_argument (const RmiGiMethod *method,
              guint              index)
{
  return &g_array_index (method->arguments, RmiGiArgument, index);
}

static void
frame_init (Frame             *self,
            const RmiGiMethod *method,
            GObject           *object)
{
  guint n = method->arguments->len;

  *self = (Frame) { .method = method, .n = n };
  self->own = g_new0 (GIArgument, n + 1);
  self->lengths = g_new0 (gsize, n + 1);
  self->in = g_new0 (GIArgument, n + 1);
  self->out = g_new0 (GIArgument, n + 1);
  self->in[self->n_in++].v_pointer = object;
}

/* What the callee did not get for good, or gave. @transfer: of an argument; @is_in: who made it. */
static void
free_argument (const RmiGiType *type,
               GIArgument      *argument,
               GITransfer       transfer,
               gboolean         is_in)
{
  gboolean is_ours = is_in ? transfer != GI_TRANSFER_EVERYTHING : transfer == GI_TRANSFER_EVERYTHING;

  if (is_ours)
    rmi_gi_type_free (type, argument);
  else if (!is_in && transfer == GI_TRANSFER_CONTAINER && type->kind == RMI_GI_STRV)
    g_free (argument->v_pointer);
}

static void
frame_clear (Frame    *self,
             gboolean  was_called)
{
  for (guint i = 0; i < self->n; i++)
    {
      const RmiGiArgument *argument = get_argument (self->method, i);

      if (argument->role == RMI_GI_IN)
        free_argument (&argument->type, &self->own[i], was_called ? argument->transfer : GI_TRANSFER_NOTHING, TRUE);
      else if (argument->role == RMI_GI_OUT && was_called)
        free_argument (&argument->type, &self->own[i], argument->transfer, FALSE);
    }
  if (was_called)
    free_argument (&self->method->result, &self->result, self->method->result_transfer, FALSE);
  g_free (self->own);
  g_free (self->lengths);
  g_free (self->in);
  g_free (self->out);
}

/* ---- in ---- */

static void
set_length (const RmiGiType *type,
            GIArgument      *argument,
            gsize            length)
{
  argument->v_uint64 = 0;
  switch (type->kind)
    {
    case RMI_GI_INT8:
    case RMI_GI_UINT8:
      argument->v_uint8 = (guint8) length;
      break;
    case RMI_GI_INT16:
    case RMI_GI_UINT16:
      argument->v_uint16 = (guint16) length;
      break;
    case RMI_GI_INT32:
    case RMI_GI_UINT32:
      argument->v_uint32 = (guint32) length;
      break;
    default:
      argument->v_uint64 = length;
    }
}

static gsize
get_length (const RmiGiType  *type,
            const GIArgument *argument)
{
  switch (type->kind)
    {
    case RMI_GI_INT8:
    case RMI_GI_UINT8:
      return argument->v_uint8;
    case RMI_GI_INT16:
    case RMI_GI_UINT16:
      return argument->v_uint16;
    case RMI_GI_INT32:
      return (gsize) MAX (argument->v_int32, 0);
    case RMI_GI_UINT32:
      return argument->v_uint32;
    default:
      return argument->v_uint64;
    }
}

/* The array alone is for good: the texts in it stay ours. */
static gpointer
copy_container (GStrv texts)
{
  return texts != NULL ? g_memdup2 (texts, (g_strv_length (texts) + 1) * sizeof (char *)) : NULL;
}

static gboolean
read_arguments (Frame      *self,
                GVariant   *arguments,
                GPtrArray  *objects,
                GError    **error)
{
  gsize index = 0;

  for (guint i = 0; i < self->n; i++)
    {
      const RmiGiArgument *argument = get_argument (self->method, i);
      g_autoptr(GVariant) value = NULL;

      if (argument->role != RMI_GI_IN)
        continue;
      value = g_variant_get_child_value (arguments, index++);
      if (rmi_gi_type_from_variant (&argument->type, value, objects, &self->own[i], &self->lengths[i], error))
        continue;
      g_prefix_error (error, "%s: ", argument->name);
      return FALSE;
    }
  return TRUE;
}

/* The array that has argument @index as its length. */
static gsize
find_length (Frame *self,
             guint  index)
{
  for (guint i = 0; i < self->n; i++)
    {
      const RmiGiArgument *argument = get_argument (self->method, i);

      if (argument->role == RMI_GI_IN && argument->type.kind == RMI_GI_C_BYTES && argument->type.length == (int) index)
        return self->lengths[i];
    }
  return 0;
}

static void
lay_out (Frame        *self,
         GCancellable *cancellable)
{
  for (guint i = 0; i < self->n; i++)
    {
      const RmiGiArgument *argument = get_argument (self->method, i);

      if (argument->direction == GI_DIRECTION_OUT)
        {
          self->out[self->n_out++].v_pointer = &self->own[i];
          continue;
        }
      if (argument->role == RMI_GI_CANCELLABLE)
        self->own[i].v_pointer = cancellable;
      else if (argument->role == RMI_GI_LENGTH)
        set_length (&argument->type, &self->own[i], find_length (self, i));
      self->in[self->n_in] = self->own[i];
      if (argument->type.kind == RMI_GI_STRV && argument->transfer == GI_TRANSFER_CONTAINER)
        self->in[self->n_in].v_pointer = copy_container (self->own[i].v_pointer);
      self->n_in++;
    }
}

/* ---- out ---- */

/* A new object that nobody owns yet is ours. */
static void
sink (const RmiGiType  *type,
      const GIArgument *argument,
      GITransfer        transfer)
{
  if (type->kind == RMI_GI_OBJECT && argument->v_pointer != NULL && transfer == GI_TRANSFER_EVERYTHING
      && g_object_is_floating (argument->v_pointer))
    g_object_ref_sink (argument->v_pointer);
}

static gboolean
add_result (Frame             *self,
            const RmiGiType   *type,
            const GIArgument  *argument,
            const char        *name,
            GVariantBuilder   *builder,
            GPtrArray         *objects,
            GError           **error)
{
  gsize length = 0;
  GVariant *value;

  if (type->kind == RMI_GI_C_BYTES)
    length = get_length (&get_argument (self->method, type->length)->type, &self->own[type->length]);
  value = rmi_gi_type_to_variant (type, argument, length, objects, error);
  if (value == NULL)
    {
      g_prefix_error (error, "%s: ", name);
      return FALSE;
    }
  g_variant_builder_add_value (builder, value);
  return TRUE;
}

static GVariant *
build_results (Frame      *self,
               GPtrArray  *objects,
               GError    **error)
{
  const RmiGiMethod *method = self->method;
  GVariantBuilder builder;
  gboolean succeeded = TRUE;

  g_variant_builder_init (&builder, G_VARIANT_TYPE_TUPLE);
  sink (&method->result, &self->result, method->result_transfer);
  if (method->result.kind != RMI_GI_VOID)
    succeeded = add_result (self, &method->result, &self->result, "result", &builder, objects, error);
  for (guint i = 0; i < self->n && succeeded; i++)
    {
      const RmiGiArgument *argument = get_argument (method, i);

      if (argument->role != RMI_GI_OUT)
        continue;
      sink (&argument->type, &self->own[i], argument->transfer);
      succeeded = add_result (self, &argument->type, &self->own[i], argument->name, &builder, objects, error);
    }
  if (succeeded)
    return g_variant_ref_sink (g_variant_builder_end (&builder));
  g_variant_builder_clear (&builder);
  return NULL;
}

/* ---- the call ---- */

GVariant *
rmi_gi_method_call (const RmiGiMethod  *self,
                    GObject            *object,
                    GVariant           *arguments,
                    GPtrArray          *objects,
                    GCancellable       *cancellable,
                    GPtrArray          *out_objects,
                    GError            **error)
{
  GVariant *results = NULL;
  gboolean was_called;
  Frame frame;

  frame_init (&frame, self, object);
  was_called = read_arguments (&frame, arguments, objects, error);
  if (was_called)
    {
      lay_out (&frame, cancellable);
      was_called = g_function_info_invoke (self->info, frame.in, frame.n_in, frame.out, frame.n_out, &frame.result, error);
      if (was_called)
        results = build_results (&frame, out_objects, error);
      else
        memset (&frame.result, 0, sizeof frame.result);
      was_called = TRUE;
    }
  frame_clear (&frame, was_called);
  return results;
}

GVariant *
rmi_gi_signal_read (const RmiGiMethod  *self,
                    const GValue       *values,
                    GPtrArray          *objects,
                    GError            **error)
{
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE_TUPLE);
  for (guint i = 0; i < self->arguments->len; i++)
    {
      const RmiGiArgument *argument = get_argument (self, i);
      GIArgument value;
      GVariant *variant;

      rmi_gi_type_from_value (&argument->type, &values[i + 1], &value);
      variant = rmi_gi_type_to_variant (&argument->type, &value, 0, objects, error);
      if (variant == NULL)
        {
          g_variant_builder_clear (&builder);
          return NULL;
        }
      g_variant_builder_add_value (&builder, variant);
    }
  return g_variant_ref_sink (g_variant_builder_end (&builder));
}
