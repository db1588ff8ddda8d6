/* skeletons/rmi-emission.c: one event on its way to its subscribers
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "config.h"
#include "skeletons/rmi-emission-private.h"

#include "rmi/rmi-message-internal.h"
#include "rmi/rmi-writer-internal.h"
#include "skeletons/rmi-system-methods-private.h"

typedef struct
{
  RmiConnection *connection;
  char          *path;       /* GRefString */
} Target;

typedef struct _Emission Emission;

struct _Emission
{
  Emission   *outer;
  RmiExport  *export;
  const char *interface;     /* nullable */
  const char *member;
  gboolean    has_references;
  gboolean    has_lost;      /* somebody did not get it */
  RmiWriter  *writer;        /* of the current target, the last one */
  guint       n_targets;
  Target      targets[];     /* those not served yet */
};

/* Emissions belong to the owner's thread and end in it. */
static __thread Emission *innermost;

static void
target_clear (Target *target)
{
  g_ref_string_release (target->path);
  g_object_unref (target->connection);
}

static RmiWriter *
begin_last (Emission *self)
{
  Target *target = &self->targets[self->n_targets - 1];

  self->writer =
      rmi_connection_begin_event (target->connection, target->path, self->interface, self->member);
  return self->writer;
}

RmiWriter *
rmi_emission_begin (RmiExport  *export,
                    const char *interface,
                    const char *member,
                    gboolean    has_references)
{
  guint n_subscriptions = export->subscriptions->len;
  Emission *self;

  if (n_subscriptions == 0)
    return NULL;

  self = g_malloc (sizeof (Emission) + n_subscriptions * sizeof (Target));
  *self = (Emission) { innermost, export, interface, member, has_references, FALSE, NULL, 0 };
  for (guint i = 0; i < n_subscriptions; i++)
    {
      RmiSubscription *subscription = g_ptr_array_index (export->subscriptions, i);
      RmiConnection *connection = subscription->hold->connection;

      /* From the first lost event until the peer is told, all are. */
      subscription->has_gap = subscription->has_gap || !rmi_connection_takes_events (connection);
      if (subscription->has_gap)
        continue;
      self->targets[self->n_targets].connection = g_object_ref (connection);
      self->targets[self->n_targets].path = g_ref_string_acquire (subscription->path);
      self->n_targets++;
    }
  if (self->n_targets == 0)
    {
      g_free (self);
      return NULL;
    }
  rmi_export_ref (export);
  innermost = self;
  return begin_last (self);
}

/* The others that want the same bytes. Who cannot have them gets an encoding of its own, for other limits may hold there. */
static void
send_copies (Emission *self)
{
  const char *path = self->targets[self->n_targets - 1].path;

  for (guint i = self->n_targets - 1; i > 0; i--)
    {
      Target *target = &self->targets[i - 1];

      if (!g_str_equal (target->path, path)
          || !rmi_connection_send_event_copy (target->connection, self->writer))
        continue;
      target_clear (target);
      memmove (target, target + 1, (self->n_targets - i) * sizeof (Target));
      self->n_targets--;
    }
}

/* The last target gets its event, or hears of the gap. */
static void
end_last (Emission *self)
{
  Target *target = &self->targets[--self->n_targets];
  RmiSubscription *subscription;

  if (!rmi_connection_end_event (target->connection, g_steal_pointer (&self->writer)))
    {
      subscription = rmi_export_find_subscription (self->export, target->connection, target->path);
      if (subscription != NULL)
        subscription->has_gap = self->has_lost = TRUE;
    }
  target_clear (target);
}

RmiWriter *
rmi_emission_next (RmiWriter *writer)
{
  Emission *self = innermost;

  g_return_val_if_fail (self != NULL && self->writer == writer, NULL);

  if (!self->has_references && !rmi_writer_is_personal (writer) && self->n_targets > 1)
    send_copies (self);
  end_last (self);
  if (self->n_targets > 0)
    return begin_last (self);

  innermost = self->outer;
  if (self->has_lost)
    rmi_system_method_tell_gaps_soon (self->export);
  rmi_export_unref (self->export);
  g_free (self);
  return NULL;
}

void
rmi_emission_tell_broken (RmiConnection *connection,
                          const char    *path)
{
  if (rmi_path_is_implicit (path) && !rmi_connection_is_plain (connection) && !rmi_connection_is_closed (connection))
    rmi_connection_end_event (connection, rmi_connection_begin_event (connection, path, NULL, "rpc.broken"));
}
