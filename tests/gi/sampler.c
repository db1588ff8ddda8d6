/* tests/gi/sampler.c: a class with every kind of argument that rmi-gi passes, and some that it does not
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "sampler.h"

#include <string.h>

struct _SamplerSampler
{
  GObject         parent_instance;

  int             level;
  SamplerMood     mood;
  char           *label;
  SamplerSampler *next;
};

G_DEFINE_FINAL_TYPE (SamplerSampler, sampler_sampler, G_TYPE_OBJECT)

enum
{
  PROP_LEVEL = 1,
  PROP_LABEL,
  PROP_MOOD,
  PROP_NEXT,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

GType
sampler_mood_get_type (void)
{
  static const GEnumValue values[] = {
    { SAMPLER_MOOD_GOOD_ENOUGH, "SAMPLER_MOOD_GOOD_ENOUGH", "good-enough" },
    { SAMPLER_MOOD_BAD, "SAMPLER_MOOD_BAD", "bad" },
    { 0, NULL, NULL },
  };
  static gsize type;

  if (g_once_init_enter (&type))
    g_once_init_leave (&type, g_enum_register_static ("SamplerMood", values));
  return type;
}

static void
sampler_sampler_finalize (GObject *object)
{
  SamplerSampler *self = SAMPLER_SAMPLER (object);

  g_free (self->label);
  g_clear_object (&self->next);

  G_OBJECT_CLASS (sampler_sampler_parent_class)->finalize (object);
}

static void
sampler_sampler_get_property (GObject    *object,
                              guint       id,
                              GValue     *value,
                              GParamSpec *pspec)
{
  SamplerSampler *self = SAMPLER_SAMPLER (object);

  if (id == PROP_LEVEL)
    g_value_set_int (value, self->level);
  else if (id == PROP_LABEL)
    g_value_set_string (value, self->label);
  else if (id == PROP_MOOD)
    g_value_set_enum (value, self->mood);
  else
    g_value_set_object (value, self->next);
}

static void
sampler_sampler_set_property (GObject      *object,
                              guint         id,
                              const GValue *value,
                              GParamSpec   *pspec)
{
  SamplerSampler *self = SAMPLER_SAMPLER (object);

  if (id == PROP_LEVEL)
    {
      self->level = g_value_get_int (value);
      g_signal_emit_by_name (self, "moved-on", self->level, self->next);
    }
  else if (id == PROP_LABEL)
    {
      g_free (self->label);
      self->label = g_value_dup_string (value);
    }
  else if (id == PROP_MOOD)
    {
      self->mood = g_value_get_enum (value);
    }
  else
    {
      g_set_object (&self->next, g_value_get_object (value));
    }
}

static void
sampler_sampler_class_init (SamplerSamplerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = sampler_sampler_finalize;
  object_class->get_property = sampler_sampler_get_property;
  object_class->set_property = sampler_sampler_set_property;
  properties[PROP_LEVEL] = g_param_spec_int ("level", NULL, NULL, 0, 100, 0, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  properties[PROP_LABEL] = g_param_spec_string ("label", NULL, NULL, NULL, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  properties[PROP_MOOD] = g_param_spec_enum ("mood", NULL, NULL, SAMPLER_TYPE_MOOD, 0, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  properties[PROP_NEXT] =
      g_param_spec_object ("next", NULL, NULL, SAMPLER_TYPE_SAMPLER, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  /**
   * SamplerSampler::moved-on:
   * @self: it
   * @level: where to
   * @next: (nullable): what comes then
   */
  g_signal_new ("moved-on", SAMPLER_TYPE_SAMPLER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2, G_TYPE_INT,
                SAMPLER_TYPE_SAMPLER);
}

static void
sampler_sampler_init (SamplerSampler *self)
{
}

SamplerSampler *
sampler_sampler_new (void)
{
  return g_object_new (SAMPLER_TYPE_SAMPLER, NULL);
}

/**
 * sampler_sampler_numbers:
 *
 * Returns: (transfer full): all of them
 */
char *
sampler_sampler_numbers (SamplerSampler *self,
                         gboolean        b,
                         gint8           i8,
                         guint8          u8,
                         gint16          i16,
                         guint16         u16,
                         gint32          i32,
                         guint32         u32,
                         gint64          i64,
                         guint64         u64,
                         float           f,
                         double          d,
                         gunichar        c)
{
  char character[7] = "";

  g_unichar_to_utf8 (c, character);
  return g_strdup_printf ("%d %d %u %d %u %d %u %" G_GINT64_FORMAT " %" G_GUINT64_FORMAT " %g %g %s", b, i8, u8, i16, u16, i32, u32,
                          i64, u64, (double) f, d, character);
}

/**
 * sampler_sampler_split:
 * @half: (out): half of it
 * @rest: (out): what is left
 * @text: (out) (transfer full) (nullable): the number, unless it is 0
 */
void
sampler_sampler_split (SamplerSampler *self,
                       int             number,
                       int            *half,
                       guint          *rest,
                       char          **text)
{
  *half = number / 2;
  *rest = (guint) (number % 2);
  *text = number != 0 ? g_strdup_printf ("%d", number) : NULL;
}

/**
 * sampler_sampler_borrow:
 *
 * Returns: (transfer none): ours
 */
const char *
sampler_sampler_borrow (SamplerSampler *self)
{
  return "borrowed";
}

/**
 * sampler_sampler_upper:
 * @text: (nullable): some
 *
 * Returns: (transfer full) (nullable): in capitals
 */
char *
sampler_sampler_upper (SamplerSampler *self,
                       const char     *text)
{
  return text != NULL ? g_utf8_strup (text, -1) : NULL;
}

/**
 * sampler_sampler_take:
 * @text: (transfer full): ours from now on
 *
 * Returns: (transfer full): the same
 */
char *
sampler_sampler_take (SamplerSampler *self,
                      char           *text)
{
  return text;
}

/**
 * sampler_sampler_reverse:
 * @texts: (array zero-terminated=1): some
 *
 * Returns: (transfer full) (array zero-terminated=1): the other way round
 */
char **
sampler_sampler_reverse (SamplerSampler    *self,
                         const char *const *texts)
{
  guint n = g_strv_length ((char **) texts);
  char **reversed = g_new0 (char *, n + 1);

  for (guint i = 0; i < n; i++)
    reversed[i] = g_strdup (texts[n - 1 - i]);
  return reversed;
}

/**
 * sampler_sampler_names:
 *
 * Returns: (transfer none) (array zero-terminated=1): ours
 */
const char *const *
sampler_sampler_names (SamplerSampler *self)
{
  static const char *const names[] = { "one", "other", NULL };

  return names;
}

/**
 * sampler_sampler_twice:
 *
 * Returns: (transfer full): them, and again
 */
GBytes *
sampler_sampler_twice (SamplerSampler *self,
                       GBytes         *bytes)
{
  GByteArray *array = g_byte_array_new ();

  for (guint i = 0; i < 2; i++)
    g_byte_array_append (array, g_bytes_get_data (bytes, NULL), (guint) g_bytes_get_size (bytes));
  return g_byte_array_free_to_bytes (array);
}

/**
 * sampler_sampler_thrice:
 *
 * Returns: (transfer full): them, and again, and again
 */
GByteArray *
sampler_sampler_thrice (SamplerSampler *self,
                        GByteArray     *bytes)
{
  GByteArray *array = g_byte_array_new ();

  for (guint i = 0; i < 3; i++)
    g_byte_array_append (array, bytes->data, bytes->len);
  return array;
}

/**
 * sampler_sampler_tail:
 * @data: (array length=length): bytes
 * @length: how many
 * @tail_length: (out): how many are left
 *
 * Returns: (transfer full) (array length=tail_length): all but the first
 */
guint8 *
sampler_sampler_tail (SamplerSampler *self,
                      const guint8   *data,
                      gsize           length,
                      gsize          *tail_length)
{
  *tail_length = length > 0 ? length - 1 : 0;
  return g_memdup2 (data + 1, *tail_length);
}

SamplerMood
sampler_sampler_other_mood (SamplerSampler *self,
                            SamplerMood     mood)
{
  return mood == SAMPLER_MOOD_BAD ? SAMPLER_MOOD_GOOD_ENOUGH : SAMPLER_MOOD_BAD;
}

SamplerWays
sampler_sampler_turn (SamplerSampler *self,
                      SamplerWays     ways)
{
  return (SamplerWays) ((~ways) & (SAMPLER_WAYS_LEFT | SAMPLER_WAYS_RIGHT));
}

/**
 * sampler_sampler_box:
 *
 * Returns: (transfer none): a box with it, that nobody owns yet
 */
GVariant *
sampler_sampler_box (SamplerSampler *self,
                     GVariant       *value)
{
  return g_variant_new ("(v)", value);
}

/**
 * sampler_sampler_fork:
 *
 * Returns: (transfer full): another one
 */
SamplerSampler *
sampler_sampler_fork (SamplerSampler *self)
{
  SamplerSampler *fork = sampler_sampler_new ();

  fork->level = self->level;
  return fork;
}

/**
 * sampler_sampler_same:
 * @object: (nullable): any
 *
 * Returns: (transfer none) (nullable): the same
 */
GObject *
sampler_sampler_same (SamplerSampler *self,
                      GObject        *object)
{
  return object;
}

gboolean
sampler_sampler_is_sampler (SamplerSampler *self,
                            SamplerSampler *other)
{
  return SAMPLER_IS_SAMPLER (other);
}

gboolean
sampler_sampler_fail (SamplerSampler  *self,
                      const char      *why,
                      GError         **error)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_BUSY, why);
  return FALSE;
}

/**
 * sampler_sampler_has_been_asked:
 * @cancellable: (nullable): of the call
 */
gboolean
sampler_sampler_has_been_asked (SamplerSampler *self,
                                GCancellable   *cancellable)
{
  return G_IS_CANCELLABLE (cancellable);
}

/**
 * sampler_sampler_bad_text:
 *
 * Returns: (transfer full): what is no text
 */
char *
sampler_sampler_bad_text (SamplerSampler *self)
{
  return g_strdup ("\xff");
}

/**
 * sampler_sampler_each:
 * @func: (scope call): called
 */
void
sampler_sampler_each (SamplerSampler *self,
                      GFunc           func,
                      gpointer        user_data)
{
  func (self, user_data);
}

/**
 * sampler_sampler_list:
 * @list: (element-type utf8): some
 */
void
sampler_sampler_list (SamplerSampler *self,
                      GList          *list)
{
}

/**
 * sampler_sampler_make:
 *
 * Returns: (transfer full): one
 */
GObject *
sampler_sampler_make (SamplerSampler *self,
                      GType           type)
{
  return g_object_new (type, NULL);
}

/**
 * sampler_sampler_grow:
 * @number: (inout): one more then
 */
void
sampler_sampler_grow (SamplerSampler *self,
                      int            *number)
{
  (*number)++;
}
