/* rmi/rmi-instances.c: objects by value that a writer has met
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Open addressing. The addresses are the program's own: no peer can make them collide.
 */
#include "config.h"
#include "rmi/rmi-instances-private.h"

#define LEAST_SLOTS 64
#define KEPT_SLOTS  1024

/* The slot of @object, or the free one that it gets. */
static RmiInstance *
find_slot (const RmiInstanceTable *self,
           gpointer                object)
{
  guint64 hash = (guint64) GPOINTER_TO_SIZE (object) * G_GUINT64_CONSTANT (0x9E3779B97F4A7C15);
  guint i = (guint) (hash >> 32) & (self->n_slots - 1);

  while (self->slots[i].round == self->round && self->slots[i].object != object)
    i = (i + 1) & (self->n_slots - 1);
  return &self->slots[i];
}

static void
grow (RmiInstanceTable *self)
{
  g_autofree RmiInstance *old = self->slots;
  guint n_old = self->n_slots;

  self->round = MAX (self->round, 1);
  self->n_slots = MAX (2 * n_old, LEAST_SLOTS);
  self->slots = g_new0 (RmiInstance, self->n_slots);
  for (guint i = 0; i < n_old; i++)
    if (old[i].round == self->round)
      *find_slot (self, old[i].object) = old[i];
}

static void
keep (RmiInstanceTable *self,
      gpointer          object)
{
  if (self->kept == NULL)
    self->kept = g_ptr_array_new_with_free_func (g_object_unref);
  g_ptr_array_add (self->kept, g_object_ref (object));
}

gboolean
rmi_instance_table_meet (RmiInstanceTable *self,
                         gpointer          object,
                         guint32          *ordinal)
{
  RmiInstance *slot;

  if (G_UNLIKELY (2 * self->n_used >= self->n_slots))
    grow (self);
  slot = find_slot (self, object);
  if (slot->round == self->round)
    {
      *ordinal = slot->ordinal;
      return TRUE;
    }

  self->n_used++;
  *slot = (RmiInstance) { object, *ordinal, self->round };
  if (G_UNLIKELY (self->is_keeping))
    keep (self, object);
  return FALSE;
}

void
rmi_instance_table_clear (RmiInstanceTable *self)
{
  g_clear_pointer (&self->kept, g_ptr_array_unref);
  g_clear_pointer (&self->slots, g_free);
  *self = (RmiInstanceTable) { NULL };
}

void
rmi_instance_table_reset (RmiInstanceTable *self)
{
  if (self->n_used == 0)
    return;
  if (self->n_slots > KEPT_SLOTS || self->is_keeping || self->round == G_MAXUINT32)
    rmi_instance_table_clear (self);
  else
    self->round++;
  self->n_used = 0;
}
