/* skeletons/rmi-invocation.c: one incoming call, answered exactly once, now or later
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * One that nobody kept is used again for the next call. The current ones of a thread are a stack,
 * linked through `outer`.
 */
#include "config.h"
#include "skeletons/rmi-invocation-private.h"

#include "rmi/rmi-error-internal.h"

/**
 * RmiInvocation:
 *
 * One incoming call, answered exactly once: when its implementation returns, or later if that called
 * rmi_invocation_defer(). An implementation meets it only to ask who calls, or to answer later.
 *
 * Since: 1.0
 */
struct _RmiInvocation
{
  GObject               parent_instance;

  RmiIncoming          *incoming;      /* NULL while it is spare */
  GObject              *object;        /* kept alive until the call is answered */
  const RmiMethodEntry *method;
  RmiInvocation        *outer;         /* current before; borrowed from the stack */
  gboolean              is_deferred;
};

G_DEFINE_FINAL_TYPE (RmiInvocation, rmi_invocation, G_TYPE_OBJECT)

static __thread RmiInvocation *current;

static void
drop (RmiInvocation *self)
{
  g_autoptr(GError) error = NULL;

  g_warning ("%s.%s dropped its invocation without an answer", self->method->interface_name,
             self->method->name);
  error = g_error_new (RMI_ERROR, RMI_ERROR_INTERNAL, "%s gave no answer", self->method->name);
  rmi_incoming_return_error (self->incoming, error);
}

static void
rmi_invocation_finalize (GObject *object)
{
  RmiInvocation *self = RMI_INVOCATION (object);

  if (self->incoming != NULL && !rmi_incoming_is_answered (self->incoming))
    drop (self);
  g_clear_pointer (&self->incoming, rmi_incoming_unref);
  g_clear_object (&self->object);

  G_OBJECT_CLASS (rmi_invocation_parent_class)->finalize (object);
}

static void
rmi_invocation_class_init (RmiInvocationClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = rmi_invocation_finalize;
}

static void
rmi_invocation_init (RmiInvocation *self)
{
}

/* Whether nobody but the caller holds it. */
static gboolean
is_sole (RmiInvocation *self)
{
  return g_atomic_int_get (&G_OBJECT (self)->ref_count) == 1;
}

/* FALSE if the arguments do not fit; then the call was answered. */
static gboolean
check_arguments (RmiInvocation *self)
{
  g_autoptr(GError) error = NULL;
  RmiReader check;

  if ((self->method->flags & RMI_METHOD_TAKES_VALUES) == 0
      || !rmi_reader_begin_check (rmi_incoming_get_reader (self->incoming), &check))
    return TRUE;
  self->method->dispatch (self, &check);
  if (rmi_reader_end_check (&check, &error))
    return TRUE;
  rmi_incoming_return_error (self->incoming, error);
  return FALSE;
}

static void
call (RmiInvocation *self)
{
  self->outer = current;
  current = self;
  rmi_incoming_push_current (self->incoming);
  if (check_arguments (self))
    self->method->dispatch (self, rmi_incoming_get_reader (self->incoming));
  rmi_incoming_pop_current (self->incoming);
  current = g_steal_pointer (&self->outer);
}

void
rmi_invocation_run (RmiInvocation       **spare,
                    RmiIncoming          *incoming,
                    GObject              *object,
                    const RmiMethodEntry *method)
{
  g_autoptr(RmiInvocation) self = g_steal_pointer (spare);

  if (self == NULL)
    self = g_object_new (RMI_TYPE_INVOCATION, NULL);
  self->incoming = rmi_incoming_ref (incoming);
  self->object = g_object_ref (object);
  self->method = method;
  self->is_deferred = FALSE;
  call (self);

  if (!is_sole (self))
    {
      if (!self->is_deferred && !rmi_incoming_is_answered (incoming))
        rmi_incoming_set_asynchronous (incoming);
      return;
    }

  if (!rmi_incoming_is_answered (incoming))
    drop (self);
  g_clear_pointer (&self->incoming, rmi_incoming_unref);
  g_clear_object (&self->object);
  if (*spare == NULL)
    *spare = g_steal_pointer (&self);
}

/**
 * rmi_invocation_get_current:
 *
 * Tells an implementation whom it serves.
 *
 * Returns: (nullable) (transfer none): the call that this thread is serving, or %NULL
 *
 * Since: 1.0
 */
RmiInvocation *
rmi_invocation_get_current (void)
{
  return current;
}

/**
 * rmi_invocation_defer:
 *
 * In an implementation that is called synchronously: what it returns is ignored. The answer comes
 * later, from any thread, by the generated `…_return_…` function or by
 * rmi_invocation_return_error(). Dropping the last reference without an answer answers
 * %RMI_ERROR_INTERNAL.
 *
 * Returns: (nullable) (transfer full): the call to answer, or %NULL if this thread serves none
 *
 * Since: 1.0
 */
RmiInvocation *
rmi_invocation_defer (void)
{
  if (current == NULL)
    return NULL;

  /* Before another thread can see it: this moves what an answer needs. */
  if (!current->is_deferred)
    rmi_incoming_set_asynchronous (current->incoming);
  current->is_deferred = TRUE;
  return g_object_ref (current);
}

/**
 * rmi_invocation_get_object:
 * @self: an invocation
 *
 * Returns: (transfer none) (type GObject): the implementation
 *
 * Since: 1.0
 */
gpointer
rmi_invocation_get_object (RmiInvocation *self)
{
  g_return_val_if_fail (RMI_IS_INVOCATION (self), NULL);

  return self->object;
}

/**
 * rmi_invocation_get_connection:
 * @self: an invocation
 *
 * Returns: (transfer none): the connection it came from
 *
 * Since: 1.0
 */
RmiConnection *
rmi_invocation_get_connection (RmiInvocation *self)
{
  g_return_val_if_fail (RMI_IS_INVOCATION (self), NULL);

  return rmi_incoming_get_connection (self->incoming);
}

/**
 * rmi_invocation_get_credentials:
 * @self: an invocation
 *
 * Returns: (nullable) (transfer none): of the peer, as the kernel vouches for them; %NULL unless it
 * came by a Unix socket
 *
 * Since: 1.0
 */
GCredentials *
rmi_invocation_get_credentials (RmiInvocation *self)
{
  g_return_val_if_fail (RMI_IS_INVOCATION (self), NULL);

  return rmi_connection_get_credentials (rmi_incoming_get_connection (self->incoming));
}

/**
 * rmi_invocation_get_cancellable:
 * @self: an invocation
 *
 * Fires when the caller gives up, at the deadline, and when the caller is gone. Pass it on to
 * nested calls.
 *
 * Returns: (transfer none): the cancellable
 *
 * Since: 1.0
 */
GCancellable *
rmi_invocation_get_cancellable (RmiInvocation *self)
{
  g_return_val_if_fail (RMI_IS_INVOCATION (self), NULL);

  return rmi_incoming_get_cancellable (self->incoming);
}

/**
 * rmi_invocation_get_path:
 * @self: an invocation
 *
 * Returns: the path that the caller used for the object
 *
 * Since: 1.0
 */
const char *
rmi_invocation_get_path (RmiInvocation *self)
{
  g_return_val_if_fail (RMI_IS_INVOCATION (self), NULL);

  return rmi_incoming_get_target (self->incoming)->path;
}

/**
 * rmi_invocation_get_method:
 * @self: an invocation
 *
 * Returns: the method's name on the wire, as `Reserve`
 *
 * Since: 1.0
 */
const char *
rmi_invocation_get_method (RmiInvocation *self)
{
  g_return_val_if_fail (RMI_IS_INVOCATION (self), NULL);

  return self->method->name;
}

/**
 * rmi_invocation_get_interface:
 * @self: an invocation
 *
 * Returns: the name of the interface that the method is of, as `org.example.shop.Warehouse`
 *
 * Since: 1.0
 */
const char *
rmi_invocation_get_interface (RmiInvocation *self)
{
  g_return_val_if_fail (RMI_IS_INVOCATION (self), NULL);

  return self->method->interface_name;
}

const RmiMethodEntry *
rmi_invocation_get_entry (RmiInvocation *self)
{
  return self->method;
}

/**
 * rmi_invocation_get_deadline:
 * @self: an invocation
 *
 * Returns: when the caller gives up, in monotonic microseconds; %G_MAXINT64 for never
 *
 * Since: 1.0
 */
gint64
rmi_invocation_get_deadline (RmiInvocation *self)
{
  g_return_val_if_fail (RMI_IS_INVOCATION (self), G_MAXINT64);

  return rmi_incoming_get_deadline (self->incoming);
}

/* The caller's bug: of two answers, also from two threads at once, the second one goes nowhere. */
static void
complain_of_second (RmiInvocation *self)
{
  g_critical ("%s.%s answered its invocation twice", self->method->interface_name,
              self->method->name);
}

/* The implementation, or a call it made, gave up because the time was over: nobody cancelled it. */
static gboolean
is_expiry (RmiInvocation *self,
           const GError  *error)
{
  return rmi_invocation_get_deadline (self) <= g_get_monotonic_time ()
         && (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED)
             || g_error_matches (error, RMI_ERROR, RMI_ERROR_TIMED_OUT));
}

/**
 * rmi_invocation_return_error:
 * @self: an invocation that was not answered
 * @error: what went wrong
 *
 * Answers the call with an error. Any thread. Errors of a domain that the interface declares arrive
 * as themselves, others as %RMI_ERROR_REMOTE with their text.
 *
 * Since: 1.0
 */
void
rmi_invocation_return_error (RmiInvocation *self,
                             const GError  *error)
{
  g_autoptr(GError) answer = NULL;

  g_return_if_fail (RMI_IS_INVOCATION (self));
  g_return_if_fail (error != NULL);

  if (rmi_incoming_is_notification (self->incoming))
    g_debug ("%s, of which nobody awaits an answer, failed: %s", self->method->name,
             error->message);
  if (is_expiry (self, error))
    answer = g_error_new (RMI_ERROR, RMI_ERROR_TIMED_OUT, "The deadline of the call passed: %s", error->message);
  else
    answer = rmi_error_new_answer (error);
  if (!rmi_incoming_return_error (self->incoming, answer))
    complain_of_second (self);
}

/**
 * rmi_invocation_end_arguments: (skip)
 * @self: an invocation
 * @reader: its arguments, all of them read
 *
 * Returns: %FALSE if they did not fit; then the call was answered
 *
 * Since: 1.0
 */
gboolean
rmi_invocation_end_arguments (RmiInvocation *self,
                              RmiReader     *reader)
{
  g_autoptr(GError) error = NULL;

  rmi_reader_end_arguments (reader);
  if (reader->is_checking)
    return FALSE;
  if (rmi_reader_finish (reader, &error))
    return TRUE;

  rmi_incoming_return_error (self->incoming, error);
  return FALSE;
}

/**
 * rmi_invocation_is_taken: (skip)
 * @self: an invocation
 *
 * Returns: %TRUE if the implementation deferred the answer, or gave it already
 *
 * Since: 1.0
 */
gboolean
rmi_invocation_is_taken (RmiInvocation *self)
{
  return self->is_deferred || rmi_incoming_is_answered (self->incoming);
}

/**
 * rmi_invocation_begin_result: (skip)
 * @self: an invocation that was not answered
 *
 * Returns: (transfer none): where the one result value goes: the value itself, or an object by
 * name, or null
 *
 * Since: 1.0
 */
RmiWriter *
rmi_invocation_begin_result (RmiInvocation *self)
{
  return rmi_incoming_begin_result (self->incoming);
}

/**
 * rmi_invocation_end_result: (skip)
 * @self: an invocation
 * @writer: what rmi_invocation_begin_result() returned
 *
 * Sends the answer. A result that cannot be encoded is answered with %RMI_ERROR_BAD_REPLY.
 *
 * Since: 1.0
 */
void
rmi_invocation_end_result (RmiInvocation *self,
                           RmiWriter     *writer)
{
  if (!rmi_incoming_end_result (self->incoming, writer))
    complain_of_second (self);
}

/**
 * rmi_invocation_take_error: (skip)
 * @self: an invocation
 * @error: (transfer full) (nullable): what the implementation failed with
 *
 * Answers that the implementation failed; if it did not say why, with %RMI_ERROR_INTERNAL and a
 * warning in the log.
 *
 * Since: 1.0
 */
void
rmi_invocation_take_error (RmiInvocation *self,
                           GError        *error)
{
  g_autoptr(GError) owned = error;

  if (owned == NULL)
    {
      g_warning ("%s.%s failed without an error", self->method->interface_name, self->method->name);
      owned = g_error_new (RMI_ERROR, RMI_ERROR_INTERNAL, "%s failed without saying why",
                           self->method->name);
    }
  rmi_invocation_return_error (self, owned);
}
