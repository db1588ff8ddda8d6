/* rmi/rmi-instances.c: objects by value that a writer has met
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Open addressing. The addresses are the program's own: no peer can make them collide.
 */
#include "config.h"
#include "rmi/rmi-instances-private.h"

#define LEAST_SLOTS 32
#define KEPT_SLOTS  1024

static guint
find_slot (const RmiInstanceTable *self,
           gpointer                object)
{
  guint64 hash = (guint64) GPOINTER_TO_SIZE (object) * G_GUINT64_CONSTANT (0x9E3779B97F4A7C15);
  guint i = (guint) (hash >> 32) & (self->n_slots - 1);

  while (self->slots[i].object != NULL && self->slots[i].object != object)
    i = (i + 1) & (self->n_slots - 1);
  return i;
}

static void
grow (RmiInstanceTable *self)
{
  g_autofree RmiInstance *old = self->slots;
  guint n_old = self->n_slots;

  self->n_slots = MAX (2 * n_old, LEAST_SLOTS);
  self->slots = g_new0 (RmiInstance, self->n_slots);
  for (guint i = 0; i < n_old; i++)
    if (old[i].object != NULL)
      self->slots[find_slot (self, old[i].object)] = old[i];
}

RmiInstance *
rmi_instance_table_get (RmiInstanceTable *self,
                        gpointer          object)
{
  guint i;

  if (2 * self->n_used >= self->n_slots)
    grow (self);
  i = find_slot (self, object);
  if (self->slots[i].object != NULL)
    return &self->slots[i];

  self->n_used++;
  if (!self->is_keeping)
    return &self->slots[i];
  if (self->kept == NULL)
    self->kept = g_ptr_array_new_with_free_func (g_object_unref);
  g_ptr_array_add (self->kept, g_object_ref (object));
  return &self->slots[i];
}

void
rmi_instance_table_clear (RmiInstanceTable *self)
{
  g_clear_pointer (&self->kept, g_ptr_array_unref);
  g_clear_pointer (&self->slots, g_free);
  self->n_slots = self->n_used = 0;
  self->is_keeping = FALSE;
}

void
rmi_instance_table_reset (RmiInstanceTable *self)
{
  if (self->n_slots > KEPT_SLOTS || self->kept != NULL)
    rmi_instance_table_clear (self);
  else if (self->n_used > 0)
    memset (self->slots, 0, self->n_slots * sizeof *self->slots);
  self->n_used = 0;
  self->is_keeping = FALSE;
}
