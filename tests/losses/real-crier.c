/* tests/losses/real-crier.c: an object that emits, from any thread
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "config.h"
#include "tests/losses/real-crier.h"

struct _RealCrier
{
  GObject  parent_instance;
  GMutex   lock;
  char    *text;
  guint    count;
};

enum
{
  PROP_COUNT = 1,
  PROP_TEXT,
};

static void crier_iface_init (LossesCrierInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (RealCrier, real_crier, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (LOSSES_TYPE_CRIER, crier_iface_init))

static guint
get_count (RealCrier *self)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return self->count;
}

static gboolean
crier_ask (LossesCrier   *crier,
           guint         *out_count,
           GCancellable  *cancellable,
           GError       **error)
{
  *out_count = get_count (REAL_CRIER (crier));
  return TRUE;
}

static void
crier_iface_init (LossesCrierInterface *iface)
{
  iface->ask = crier_ask;
}

static void
real_crier_get_property (GObject    *object,
                         guint       id,
                         GValue     *value,
                         GParamSpec *pspec)
{
  RealCrier *self = REAL_CRIER (object);
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  if (id == PROP_COUNT)
    g_value_set_uint (value, self->count);
  else
    g_value_set_string (value, self->text);
}

static void
real_crier_set_property (GObject      *object,
                         guint         id,
                         const GValue *value,
                         GParamSpec   *pspec)
{
  RealCrier *self = REAL_CRIER (object);
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  g_free (self->text);
  self->text = g_value_dup_string (value);
}

static void
real_crier_finalize (GObject *object)
{
  RealCrier *self = REAL_CRIER (object);

  g_free (self->text);
  g_mutex_clear (&self->lock);

  G_OBJECT_CLASS (real_crier_parent_class)->finalize (object);
}

static void
real_crier_class_init (RealCrierClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = real_crier_get_property;
  object_class->set_property = real_crier_set_property;
  object_class->finalize = real_crier_finalize;
  g_object_class_override_property (object_class, PROP_COUNT, "count");
  g_object_class_override_property (object_class, PROP_TEXT, "text");
}

static void
real_crier_init (RealCrier *self)
{
  g_mutex_init (&self->lock);
  self->text = g_strdup ("");
}

RealCrier *
real_crier_new (void)
{
  return g_object_new (REAL_TYPE_CRIER, NULL);
}

void
real_crier_cry (RealCrier *self)
{
  guint number;

  g_mutex_lock (&self->lock);
  number = ++self->count;
  g_mutex_unlock (&self->lock);
  g_signal_emit_by_name (self, "cried", number);
}

void
real_crier_tell (RealCrier  *self,
                 const char *text)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  g_signal_emit_by_name (self, "told", text);
}

static gpointer
cry (gpointer data)
{
  Flood *self = data;

  while (!g_atomic_int_get (&self->is_over))
    real_crier_cry (self->crier);
  return NULL;
}

void
flood_begin (Flood     *self,
             RealCrier *crier)
{
  self->crier = crier;
  self->is_over = FALSE;
  self->thread = g_thread_new ("flood", cry, self);
}

void
flood_end (Flood *self)
{
  g_atomic_int_set (&self->is_over, TRUE);
  g_thread_join (g_steal_pointer (&self->thread));
}
