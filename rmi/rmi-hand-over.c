/* rmi/rmi-hand-over.c: work that other threads give to the owner
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Items are popped one at a time, so that nothing is lost if one of them closes the queue. The owner
 * looks at n_items before it waits; whoever pushes into an empty queue from elsewhere writes the eventfd:
 * so no push is overlooked.
 */
#include "config.h"
#include "rmi/rmi-hand-over-private.h"

#include <errno.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <gio/gio.h>

typedef struct
{
  GFunc          func;
  gpointer       data;
  GDestroyNotify destroy;
} Item;

static void
item_free (Item *item)
{
  if (item->destroy != NULL)
    item->destroy (item->data);
  g_free (item);
}

static Item *
pop (RmiHandOver *self)
{
  Item *item = NULL;

  g_mutex_lock (&self->mutex);
  item = g_queue_pop_head (&self->items);
  g_atomic_int_set (&self->n_items, self->items.length);
  g_mutex_unlock (&self->mutex);

  return item;
}

gboolean
rmi_hand_over_init (RmiHandOver  *self,
                    GError      **error)
{
  int saved_errno = 0;

  g_mutex_init (&self->mutex);
  g_cond_init (&self->changed);
  g_queue_init (&self->items);
  self->fd = eventfd (0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (self->fd >= 0)
    return TRUE;

  saved_errno = errno;
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (saved_errno),
               "Cannot create an eventfd: %s", g_strerror (saved_errno));

  return FALSE;
}

void
rmi_hand_over_clear (RmiHandOver *self)
{
  rmi_hand_over_close (self);
  if (self->fd >= 0)
    close (self->fd);
  self->fd = -1;
  g_cond_clear (&self->changed);
  g_mutex_clear (&self->mutex);
}

void
rmi_hand_over_close (RmiHandOver *self)
{
  Item *item = NULL;

  g_mutex_lock (&self->mutex);
  self->is_closed = TRUE;
  g_mutex_unlock (&self->mutex);

  while ((item = pop (self)) != NULL)
    item_free (item);
}

gboolean
rmi_hand_over_is_empty (RmiHandOver *self)
{
  return rmi_hand_over_get_length (self) == 0;
}

guint
rmi_hand_over_get_length (RmiHandOver *self)
{
  return g_atomic_int_get (&self->n_items);
}

void
rmi_hand_over_push (RmiHandOver    *self,
                    GFunc           func,
                    gpointer        data,
                    GDestroyNotify  destroy,
                    gboolean        wake)
{
  Item *item = NULL;
  gboolean is_first = FALSE;
  gboolean is_closed = FALSE;

  item = g_new (Item, 1);
  *item = (Item) { func, data, destroy };

  g_mutex_lock (&self->mutex);
  is_closed = self->is_closed;
  if (!is_closed)
    {
      is_first = self->items.length == 0;
      g_queue_push_tail (&self->items, item);
      g_atomic_int_set (&self->n_items, self->items.length);
    }
  g_mutex_unlock (&self->mutex);

  if (is_closed)
    item_free (item);
  else if (is_first && wake)
    rmi_hand_over_wake (self);
}

void
rmi_hand_over_wake (RmiHandOver *self)
{
  /* EAGAIN, the only way to fail, means that the owner has 2^64-2 wake-ups to see. */
  (void) eventfd_write (self->fd, 1);
}

void
rmi_hand_over_acknowledge (RmiHandOver *self)
{
  eventfd_t count = 0;

  (void) eventfd_read (self->fd, &count);
}

static void
run (RmiHandOver *self,
     guint        n_items)
{
  Item *item = NULL;

  while (n_items-- > 0 && (item = pop (self)) != NULL)
    {
      item->func (item->data, NULL);
      item_free (item);
    }
}

void
rmi_hand_over_run (RmiHandOver *self)
{
  run (self, MIN (rmi_hand_over_get_length (self), RMI_HAND_OVER_TURN));
}

void
rmi_hand_over_run_all (RmiHandOver *self)
{
  run (self, rmi_hand_over_get_length (self));
}

void
rmi_hand_over_released (RmiHandOver *self)
{
  if (g_atomic_int_get (&self->n_waiting) == 0)
    return;

  g_mutex_lock (&self->mutex);
  g_cond_broadcast (&self->changed);
  g_slist_foreach (self->busy, (GFunc) (GCallback) rmi_hand_over_wake, NULL);
  g_mutex_unlock (&self->mutex);
}

void
rmi_hand_over_begin_wait (RmiHandOver *self,
                          RmiHandOver *own)
{
  g_mutex_lock (&self->mutex);
  g_atomic_int_inc (&self->n_waiting);
  if (own != NULL)
    self->busy = g_slist_prepend (self->busy, own);
  g_mutex_unlock (&self->mutex);
}

void
rmi_hand_over_end_wait (RmiHandOver *self,
                        RmiHandOver *own)
{
  g_mutex_lock (&self->mutex);
  if (own != NULL)
    self->busy = g_slist_remove (self->busy, own);
  g_atomic_int_add (&self->n_waiting, -1);
  g_mutex_unlock (&self->mutex);
}

void
rmi_hand_over_wait (RmiHandOver *self,
                    gboolean   (*is_done) (gpointer data),
                    gpointer     data,
                    gint64       until_us)
{
  g_mutex_lock (&self->mutex);
  if (!is_done (data))
    g_cond_wait_until (&self->changed, &self->mutex, until_us);
  g_mutex_unlock (&self->mutex);
}
