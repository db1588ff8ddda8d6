/* tests/workers/clerk.c: who sits at a desk, and may be asked by many threads
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "config.h"
#include "clerk.h"

struct _Clerk
{
  GObject     parent_instance;

  GMutex      mutex;
  GCond       changed;
  RmiWorkers *workers;
  GPtrArray  *visitors;
  guint       n_calls;
  guint       n_meet, n_here, n_met;
  guint       n_waiting;
};

static int n_clerks;      /* atomic */

static void clerk_implement (OfficeDeskInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (Clerk, clerk, G_TYPE_OBJECT, G_IMPLEMENT_INTERFACE (OFFICE_TYPE_DESK, clerk_implement))

char *
clerk_name_thread (void)
{
  return g_strdup_printf ("%p", (gpointer) g_thread_self ());
}

static gboolean
clerk_who (OfficeDesk    *desk,
           char         **thread,
           guint         *n_calls,
           GCancellable  *cancellable,
           GError       **error)
{
  Clerk *self = OFFICE_CLERK (desk);

  g_mutex_lock (&self->mutex);
  *n_calls = ++self->n_calls;
  g_mutex_unlock (&self->mutex);
  *thread = clerk_name_thread ();
  return TRUE;
}

static gboolean
clerk_meet (OfficeDesk    *desk,
            GCancellable  *cancellable,
            GError       **error)
{
  Clerk *self = OFFICE_CLERK (desk);
  guint meeting;

  g_mutex_lock (&self->mutex);
  meeting = self->n_met;
  if (++self->n_here == self->n_meet)
    {
      self->n_here = 0;
      self->n_met++;
      g_cond_broadcast (&self->changed);
    }
  while (self->n_met == meeting)
    g_cond_wait (&self->changed, &self->mutex);
  g_mutex_unlock (&self->mutex);
  return TRUE;
}

static gboolean
clerk_meet_and_export (OfficeDesk    *desk,
                       const char    *path,
                       GCancellable  *cancellable,
                       GError       **error)
{
  Clerk *self = OFFICE_CLERK (desk);

  clerk_meet (desk, cancellable, error);
  if (!rmi_workers_export (self->workers, path, G_OBJECT (self), error))
    return FALSE;
  g_assert_true (rmi_workers_unexport (self->workers, path));
  return TRUE;
}

static gboolean
clerk_leave (OfficeDesk    *desk,
             OfficeDesk    *visitor,
             GCancellable  *cancellable,
             GError       **error)
{
  Clerk *self = OFFICE_CLERK (desk);

  g_mutex_lock (&self->mutex);
  g_ptr_array_add (self->visitors, g_object_ref (visitor));
  g_mutex_unlock (&self->mutex);
  return TRUE;
}

static char *
clerk_ask (OfficeDesk    *desk,
           OfficeDesk    *visitor,
           GCancellable  *cancellable,
           GError       **error)
{
  g_autofree char *thread = NULL;
  guint n_calls;

  return office_desk_who (visitor, &thread, &n_calls, cancellable, error) ? g_steal_pointer (&thread) : NULL;
}

static char *
clerk_meet_and_ask (OfficeDesk    *desk,
                    guint          back,
                    GCancellable  *cancellable,
                    GError       **error)
{
  Clerk *self = OFFICE_CLERK (desk);
  g_autoptr(OfficeDesk) visitor = NULL;

  g_mutex_lock (&self->mutex);
  visitor = g_object_ref (self->visitors->pdata[self->visitors->len - 1 - back]);
  g_mutex_unlock (&self->mutex);
  clerk_meet (desk, cancellable, error);
  return clerk_ask (desk, visitor, cancellable, error);
}

static void
wait_cancelled_cb (GCancellable *cancellable,
                   gpointer      user_data)
{
  g_task_return_new_error (user_data, G_IO_ERROR, G_IO_ERROR_CANCELLED, "No longer waiting");
}

static void
clerk_wait_async (OfficeDesk          *desk,
                  GCancellable        *cancellable,
                  GAsyncReadyCallback  callback,
                  gpointer             user_data)
{
  Clerk *self = OFFICE_CLERK (desk);
  g_autoptr(GTask) task = g_task_new (desk, NULL, callback, user_data);

  g_cancellable_connect (cancellable, G_CALLBACK (wait_cancelled_cb), g_steal_pointer (&task), g_object_unref);
  g_mutex_lock (&self->mutex);
  self->n_waiting++;
  g_mutex_unlock (&self->mutex);
}

static gboolean
clerk_wait_finish (OfficeDesk    *desk,
                   GAsyncResult  *result,
                   GError       **error)
{
  Clerk *self = OFFICE_CLERK (desk);

  g_mutex_lock (&self->mutex);
  self->n_waiting--;
  g_mutex_unlock (&self->mutex);
  return g_task_propagate_boolean (G_TASK (result), error);
}

static gboolean
clerk_close (OfficeDesk    *desk,
             GCancellable  *cancellable,
             GError       **error)
{
  Clerk *self = OFFICE_CLERK (desk);
  g_autoptr(RmiWorkers) workers = NULL;

  g_mutex_lock (&self->mutex);
  workers = g_object_ref (self->workers);
  g_mutex_unlock (&self->mutex);
  rmi_workers_close (workers);
  return TRUE;
}

static gboolean
clerk_drop (OfficeDesk    *desk,
            GCancellable  *cancellable,
            GError       **error)
{
  Clerk *self = OFFICE_CLERK (desk);
  RmiWorkers *workers;

  g_mutex_lock (&self->mutex);
  workers = g_steal_pointer (&self->workers);
  g_mutex_unlock (&self->mutex);
  g_assert_finalize_object (workers);
  return TRUE;
}

static gboolean
clerk_ring (OfficeDesk    *desk,
            guint          number,
            GCancellable  *cancellable,
            GError       **error)
{
  office_desk_emit_rang (desk, number);
  return TRUE;
}

static void
clerk_implement (OfficeDeskInterface *iface)
{
  iface->who = clerk_who;
  iface->meet = clerk_meet;
  iface->meet_and_export = clerk_meet_and_export;
  iface->leave = clerk_leave;
  iface->meet_and_ask = clerk_meet_and_ask;
  iface->ask = clerk_ask;
  iface->wait_async = clerk_wait_async;
  iface->wait_finish = clerk_wait_finish;
  iface->close = clerk_close;
  iface->drop = clerk_drop;
  iface->ring = clerk_ring;
}

static void
clerk_finalize (GObject *object)
{
  Clerk *self = OFFICE_CLERK (object);

  g_clear_object (&self->workers);
  g_ptr_array_unref (self->visitors);
  g_cond_clear (&self->changed);
  g_mutex_clear (&self->mutex);
  g_atomic_int_add (&n_clerks, -1);
  G_OBJECT_CLASS (clerk_parent_class)->finalize (object);
}

static void
clerk_class_init (ClerkClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = clerk_finalize;
}

static void
clerk_init (Clerk *self)
{
  g_mutex_init (&self->mutex);
  g_cond_init (&self->changed);
  self->visitors = g_ptr_array_new_with_free_func (g_object_unref);
  g_atomic_int_inc (&n_clerks);
}

Clerk *
clerk_new (void)
{
  return g_object_new (CLERK_TYPE, NULL);
}

void
clerk_set_workers (Clerk      *self,
                   RmiWorkers *workers)
{
  g_mutex_lock (&self->mutex);
  g_clear_object (&self->workers);
  self->workers = workers;
  g_mutex_unlock (&self->mutex);
}

void
clerk_set_meeting (Clerk *self,
                   guint  n_meet)
{
  g_mutex_lock (&self->mutex);
  self->n_meet = n_meet;
  g_mutex_unlock (&self->mutex);
}

void
clerk_forget (Clerk *self)
{
  g_mutex_lock (&self->mutex);
  g_ptr_array_set_size (self->visitors, 0);
  g_mutex_unlock (&self->mutex);
}

OfficeDesk *
clerk_dup_visitor (Clerk *self)
{
  OfficeDesk *visitor;

  g_mutex_lock (&self->mutex);
  visitor = g_object_ref (self->visitors->pdata[self->visitors->len - 1]);
  g_mutex_unlock (&self->mutex);
  return visitor;
}

static guint
get_guarded (Clerk *self,
             guint *count)
{
  guint value;

  g_mutex_lock (&self->mutex);
  value = *count;
  g_mutex_unlock (&self->mutex);
  return value;
}

guint
clerk_get_meeting (Clerk *self)
{
  return get_guarded (self, &self->n_here);
}

guint
clerk_get_waiting (Clerk *self)
{
  return get_guarded (self, &self->n_waiting);
}

guint
clerk_count (void)
{
  return (guint) g_atomic_int_get (&n_clerks);
}
