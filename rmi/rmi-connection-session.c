/* rmi/rmi-connection-session.c: what outlives a stream
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A connection is a session: the accepting side gives it a token, and whoever dials again with the token gets what was left. Between
 * two streams it is suspended, for as long as the lease says. See "Sessions" in doc/protocol.md.
 */
#include "config.h"
#include "rmi/rmi-connection-private.h"

#include <string.h>

#include "rmi/rmi-error.h"
#include "rmi/rmi-random-internal.h"

#define TOKEN_BYTES 16

static gboolean
holds_something (RmiConnection *self)
{
  return rmi_exporter_count (self->runtime->exporter, self) > 0 || rmi_importer_count (self->runtime->importer, self) > 0;
}

/* ---- its begin and its end ---- */

static void
start (RmiConnection *self,
       char          *token,
       guint          peer_lease_s)
{
  self->session = token;
  self->lease_s = MIN (peer_lease_s, self->limits->lease_s);
}

/* Handlers of `rmi-broken` and of the last reference to an object run in here: a stream dialled by them would be taken for the
 * lost one. */
void
rmi_connection_end_session (RmiConnection *self)
{
  gboolean was_forgetting = self->is_forgetting;

  if (self->session != NULL && self->endpoint == NULL)
    g_hash_table_remove (self->runtime->sessions, self->session);
  g_clear_pointer (&self->session, g_free);
  self->lease_until_us = 0;
  self->codec.epoch++;

  self->is_forgetting = TRUE;
  rmi_exporter_disconnected (self->runtime->exporter, self);
  rmi_importer_disconnected (self->runtime->importer, self);
  self->is_forgetting = was_forgetting;
}

/* ---- between two streams ---- */

gboolean
rmi_connection_may_suspend (RmiConnection *self,
                            const GError  *error)
{
  gboolean is_final = g_error_matches (error, RMI_ERROR, RMI_ERROR_PROTOCOL)
                      || g_error_matches (error, RMI_ERROR, RMI_ERROR_CLOSING);

  return self->session != NULL && !is_final
         && (self->state == RMI_CONNECTION_OPEN || self->state == RMI_CONNECTION_DIALLING);
}

void
rmi_connection_end_suspension (RmiConnection *self)
{
  if (self->state != RMI_CONNECTION_SUSPENDED)
    return;

  rmi_connection_set_state (self, self->endpoint != NULL ? RMI_CONNECTION_IDLE : RMI_CONNECTION_CLOSED);
  rmi_connection_end_session (self);
}

void
rmi_connection_suspend (RmiConnection *self)
{
  if (self->lease_until_us == 0)
    self->lease_until_us = g_get_monotonic_time () + self->lease_s * self->runtime->lease_unit_us;
  if (!holds_something (self))
    rmi_connection_end_suspension (self);
}

static void
wait_expired (RmiTimer *timer)
{
  g_autoptr(RmiConnection) self = g_object_ref ((RmiConnection *) ((char *) timer - G_STRUCT_OFFSET (RmiConnection, timer)));
  gint64 now_us = g_get_monotonic_time ();

  if (self->session != NULL && now_us >= self->lease_until_us)
    {
      rmi_connection_end_suspension (self);
      if (self->session != NULL)
        rmi_connection_end_session (self);
    }
  if (self->endpoint != NULL && now_us >= self->redial_us && holds_something (self)
      && (self->state == RMI_CONNECTION_IDLE || self->state == RMI_CONNECTION_SUSPENDED))
    {
      self->redialled_us = now_us;
      self->is_redialling = TRUE;
      rmi_connection_open (self);
    }
  rmi_connection_start_waiting (self);
  if (self->state == RMI_CONNECTION_CLOSED)
    rmi_connection_tell_ended (self);
}

/* One timer: for the end of the lease, or the next attempt to dial. */
void
rmi_connection_start_waiting (RmiConnection *self)
{
  gint64 due_us = self->session != NULL ? self->lease_until_us : G_MAXINT64;
  gboolean may_dial = self->endpoint != NULL
                      && (self->state == RMI_CONNECTION_IDLE || self->state == RMI_CONNECTION_SUSPENDED);

  if (self->stream != NULL || self->state == RMI_CONNECTION_CLOSED)
    return;
  if (may_dial && holds_something (self))
    due_us = MIN (due_us, self->redial_us);
  if (due_us == G_MAXINT64)
    return;

  self->timer.expired = wait_expired;
  rmi_poller_start_timer (self->runtime->poller, &self->timer, due_us);
}

/* Who accepts us and hangs up each time is not dialled all the time. */
void
rmi_connection_plan_redial (RmiConnection *self)
{
  gint64 pause_us = (self->endpoint->transport == RMI_TRANSPORT_UNIX ? 100 : 1000) * G_TIME_SPAN_MILLISECOND;

  self->redial_us = self->redialled_us != 0 ? self->redialled_us + pause_us : 0;
}

/* ---- another stream ---- */

static void
go_on (RmiConnection *self)
{
  self->lease_until_us = 0;
  rmi_connection_say_held (self);
  self->codec.epoch++;
}

/* The other side knows them only by what it says itself: the processes behind it must be of one user. */
static gboolean
is_same_user (RmiConnection *self,
              RmiConnection *other)
{
  if (self->credentials == NULL || other->credentials == NULL)
    return self->credentials == other->credentials;

  return g_credentials_get_unix_user (self->credentials, NULL) == g_credentials_get_unix_user (other->credentials, NULL);
}

/* Nothing was said on it but rpc.hello. */
static gboolean
is_fresh (RmiConnection *self)
{
  return self->state == RMI_CONNECTION_OPEN && self->incoming.length == 1 && self->pending.n_calls == 0 && self->n_batches == 0
         && self->held.length == 0 && self->import_data == NULL && self->export_data == NULL;
}

static gboolean
may_resume (RmiConnection  *self,
            RmiConnection  *fresh,
            const RmiHello *hello)
{
  return (self->state == RMI_CONNECTION_OPEN || self->state == RMI_CONNECTION_SUSPENDED)
         && self->limits == fresh->limits && is_same_user (self, fresh) && g_strcmp0 (self->peer_node, hello->node) == 0;
}

RmiConnection *
rmi_connection_find_session (RmiConnection  *fresh,
                             const RmiHello *hello)
{
  RmiConnection *self = hello->session != NULL ? g_hash_table_lookup (fresh->runtime->sessions, hello->session) : NULL;
  g_autoptr(RmiConnection) kept = self != NULL ? g_object_ref (self) : NULL;
  g_autoptr(GError) error = NULL;

  if (self == NULL || !is_fresh (fresh) || !may_resume (self, fresh, hello))
    return NULL;

  /* A stream that the peer gave up and we did not. */
  if (self->stream != NULL)
    {
      error = g_error_new (RMI_ERROR, RMI_ERROR_DISCONNECTED, "The peer connected again");
      rmi_stream_close (self->stream, TRUE);
      rmi_connection_lose (self, error);
    }
  return self->state == RMI_CONNECTION_SUSPENDED && is_fresh (fresh) ? g_steal_pointer (&kept) : NULL;
}

void
rmi_connection_adopt (RmiConnection *self,
                      RmiConnection *fresh)
{
  rmi_poller_stop_timer (self->runtime->poller, &self->timer);
  self->stream = g_steal_pointer (&fresh->stream);
  rmi_stream_set_user_data (self->stream, self);
  g_set_object (&self->credentials, fresh->credentials);
  self->peer_frame_bytes = fresh->peer_frame_bytes;
  self->active_us = 0;
  rmi_connection_set_state (fresh, RMI_CONNECTION_CLOSED);
  rmi_connection_set_state (self, RMI_CONNECTION_OPEN);
  rmi_connection_tell_ended (fresh);
  go_on (self);
  rmi_importer_connected (self->runtime->importer, self);
}

void
rmi_connection_offer_session (RmiConnection  *self,
                              const RmiHello *hello)
{
  if (hello->lease_s == 0)
    return;

  start (self, rmi_random_token (TOKEN_BYTES), hello->lease_s);
  g_hash_table_insert (self->runtime->sessions, self->session, self);
}

/* A new one, or the one that it had; else what the old one held is lost: user code runs. */
void
rmi_connection_accept_session (RmiConnection  *self,
                               const RmiHello *hello,
                               gboolean        is_same_node)
{
  gboolean was_suspended = self->session != NULL;

  if (was_suspended && is_same_node && hello->is_resumed && g_strcmp0 (hello->session, self->session) == 0)
    {
      self->lease_s = MIN (hello->lease_s, self->limits->lease_s);
      go_on (self);
    }
  else
    {
      if (was_suspended)
        rmi_connection_end_session (self);
      if (self->state == RMI_CONNECTION_OPEN && hello->session != NULL && hello->lease_s > 0)
        start (self, g_strdup (hello->session), hello->lease_s);
    }
  if (was_suspended && self->state == RMI_CONNECTION_OPEN)
    rmi_importer_connected (self->runtime->importer, self);
}

/* ---- who has to know ---- */

void
rmi_connection_set_ended_func (RmiConnection *self,
                               void         (*ended) (RmiConnection *self, gpointer data),
                               gpointer       data)
{
  self->ended = ended;
  self->ended_data = data;
}

void
rmi_connection_tell_ended (RmiConnection *self)
{
  void (*ended) (RmiConnection *, gpointer) = self->ended;

  self->ended = NULL;
  if (ended != NULL)
    ended (self, self->ended_data);
}

gboolean
rmi_connection_has_session (RmiConnection *self)
{
  return self->session != NULL;
}
