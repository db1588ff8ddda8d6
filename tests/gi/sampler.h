/* tests/gi/sampler.h: a class with every kind of argument that rmi-gi passes, and some that it does not
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define SAMPLER_EXPORT __attribute__ ((visibility ("default")))

#define SAMPLER_TYPE_SAMPLER (sampler_sampler_get_type ())
SAMPLER_EXPORT
G_DECLARE_FINAL_TYPE (SamplerSampler, sampler_sampler, SAMPLER, SAMPLER, GObject)

typedef enum
{
  SAMPLER_MOOD_GOOD_ENOUGH,
  SAMPLER_MOOD_BAD,
} SamplerMood;

typedef enum
{
  SAMPLER_WAYS_NONE = 0,
  SAMPLER_WAYS_LEFT = 1 << 0,
  SAMPLER_WAYS_RIGHT = 1 << 1,
} SamplerWays;

#define SAMPLER_TYPE_MOOD (sampler_mood_get_type ())
SAMPLER_EXPORT
GType           sampler_mood_get_type        (void);
SAMPLER_EXPORT
SamplerSampler *sampler_sampler_new          (void);

SAMPLER_EXPORT
char           *sampler_sampler_numbers      (SamplerSampler *self, gboolean b, gint8 i8, guint8 u8, gint16 i16, guint16 u16, gint32 i32,
                                              guint32 u32, gint64 i64, guint64 u64, float f, double d, gunichar c);
SAMPLER_EXPORT
void            sampler_sampler_split        (SamplerSampler *self, int number, int *half, guint *rest, char **text);
SAMPLER_EXPORT
const char     *sampler_sampler_borrow       (SamplerSampler *self);
SAMPLER_EXPORT
char           *sampler_sampler_upper        (SamplerSampler *self, const char *text);
SAMPLER_EXPORT
char           *sampler_sampler_take         (SamplerSampler *self, char *text);
SAMPLER_EXPORT
char          **sampler_sampler_reverse      (SamplerSampler *self, const char *const *texts);
SAMPLER_EXPORT
const char     *const *sampler_sampler_names (SamplerSampler *self);
SAMPLER_EXPORT
GBytes         *sampler_sampler_twice        (SamplerSampler *self, GBytes *bytes);
SAMPLER_EXPORT
GByteArray     *sampler_sampler_thrice       (SamplerSampler *self, GByteArray *bytes);
SAMPLER_EXPORT
guint8         *sampler_sampler_tail         (SamplerSampler *self, const guint8 *data, gsize length, gsize *tail_length);
SAMPLER_EXPORT
SamplerMood     sampler_sampler_other_mood   (SamplerSampler *self, SamplerMood mood);
SAMPLER_EXPORT
SamplerWays     sampler_sampler_turn         (SamplerSampler *self, SamplerWays ways);
SAMPLER_EXPORT
GVariant       *sampler_sampler_box          (SamplerSampler *self, GVariant *value);
SAMPLER_EXPORT
SamplerSampler *sampler_sampler_fork         (SamplerSampler *self);
SAMPLER_EXPORT
GObject        *sampler_sampler_same         (SamplerSampler *self, GObject *object);
SAMPLER_EXPORT
gboolean        sampler_sampler_is_sampler   (SamplerSampler *self, SamplerSampler *other);
SAMPLER_EXPORT
gboolean        sampler_sampler_fail         (SamplerSampler *self, const char *why, GError **error);
SAMPLER_EXPORT
gboolean        sampler_sampler_has_been_asked (SamplerSampler *self, GCancellable *cancellable);
SAMPLER_EXPORT
char           *sampler_sampler_bad_text     (SamplerSampler *self);

/* Not for peers. */
SAMPLER_EXPORT
void            sampler_sampler_each         (SamplerSampler *self, GFunc func, gpointer user_data);
SAMPLER_EXPORT
void            sampler_sampler_list         (SamplerSampler *self, GList *list);
SAMPLER_EXPORT
GObject        *sampler_sampler_make         (SamplerSampler *self, GType type);
SAMPLER_EXPORT
void            sampler_sampler_grow         (SamplerSampler *self, int *number);

G_END_DECLS
