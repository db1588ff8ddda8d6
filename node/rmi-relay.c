/* node/rmi-relay.c: an exported object that stands for another peer's
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "config.h"
#include "node/rmi-relay-private.h"

#include "rmi/rmi-error.h"
#include "rmi/rmi-forwarder-internal.h"
#include "rmi/rmi-transcoder-internal.h"
#include "stubs/rmi-stub-tap-internal.h"

struct _RmiRelayTable
{
  grefcount          ref_count;
  RmiObjectExporter *exporter;      /* borrowed: lives as long as what it exports */
  GHashTable        *by_identity;   /* of a stub → RmiRelay, borrowed */
};

#define RMI_TYPE_RELAY (rmi_relay_get_type ())
G_DECLARE_FINAL_TYPE (RmiRelay, rmi_relay, RMI, RELAY, GObject)

struct _RmiRelay
{
  GObject        parent_instance;

  RmiRelayTable *table;
  RmiStub       *stub;              /* its own */
};

static void forwarder_iface_init (RmiForwarderInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (RmiRelay, rmi_relay, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (RMI_TYPE_FORWARDER, forwarder_iface_init))

/* ---- calls ---- */

static char *
dup_member (const RmiTarget *target)
{
  return g_strdup_printf ("%.*s%s%.*s", (int) target->interface.length, target->interface.length > 0 ? target->interface.data : "",
                          target->interface.length > 0 ? "." : "", (int) target->member.length, target->member.data);
}

/* The caller learns of its own call what we know of ours. */
static GError *
new_answer (const GError *error,
            gint64        deadline_us)
{
  int code = error->code;

  if (error->domain == G_IO_ERROR && error->code == G_IO_ERROR_CANCELLED && deadline_us <= g_get_monotonic_time ())
    return g_error_new (RMI_ERROR, RMI_ERROR_TIMED_OUT, "The deadline of the call passed");
  if (error->domain != RMI_ERROR)
    return g_error_copy (error);
  if (code == RMI_ERROR_PROTOCOL)
    code = RMI_ERROR_DISCONNECTED;
  else if (code == RMI_ERROR_TLS || code == RMI_ERROR_INSECURE || code == RMI_ERROR_NOT_SUPPORTED)
    code = RMI_ERROR_UNREACHABLE;
  return g_error_new (RMI_ERROR, code, "%s", error->message);
}

static void
answer (RmiIncoming *incoming,
        RmiCall     *call)
{
  const GError *error = rmi_call_get_error (call);
  RmiReader *reader = rmi_call_get_reader (call);
  GError *unreadable = NULL;
  RmiWriter *writer;

  if (!rmi_call_has_answer (call))
    {
      g_autoptr(GError) own = error != NULL ? new_answer (error, rmi_incoming_get_deadline (incoming)) : NULL;

      if (own != NULL)
        rmi_incoming_return_error (incoming, own);
      return;
    }

  writer = error != NULL ? rmi_incoming_begin_error (incoming) : rmi_incoming_begin_result (incoming);
  rmi_transcode (reader, writer);
  if (!rmi_reader_finish (reader, &unreadable))
    rmi_writer_fail (writer, unreadable);
  rmi_incoming_end_result (incoming, writer);
}

static void
forwarded_cb (RmiCall  *call,
              gpointer  user_data)
{
  g_autoptr(RmiIncoming) incoming = user_data;

  answer (incoming, call);
}

/* Writes the params of @incoming, or none. FALSE if they cannot be passed; then it was answered. */
static gboolean
write_params (RmiCall     *call,
              RmiIncoming *incoming)
{
  RmiReader *reader = rmi_incoming_get_reader (incoming);
  RmiWriter *writer = rmi_call_get_writer (call);
  g_autoptr(GError) error = NULL;

  if (rmi_reader_take_null (reader))
    rmi_writer_add_raw (writer, "[]", 2);
  else
    rmi_transcode (reader, writer);
  if (rmi_reader_finish (reader, &error))
    return TRUE;
  rmi_incoming_return_error (incoming, error);
  return FALSE;
}

/* A plain peer is never sent `rpc.…`. */
static gboolean
may_ask (RmiRelay    *self,
         const char  *member,
         RmiIncoming *incoming)
{
  g_autoptr(GError) error = NULL;

  if (!g_str_has_prefix (member, "rpc.") || !rmi_connection_is_plain (rmi_stub_get_connection (self->stub)))
    return TRUE;

  error = g_error_new (RMI_ERROR, RMI_ERROR_NO_SUCH_METHOD, "The peer of the relayed object knows no %s", member);
  if (incoming != NULL)
    rmi_incoming_return_error (incoming, error);
  return FALSE;
}

static void
relay_forward (RmiForwarder *forwarder,
               RmiIncoming  *incoming)
{
  g_autoptr(RmiRelay) self = g_object_ref (RMI_RELAY (forwarder));
  g_autofree char *member = dup_member (rmi_incoming_get_target (incoming));
  g_autoptr(RmiCall) call = NULL;

  if (!may_ask (self, member, incoming))
    return;
  call = rmi_stub_tap_begin_call (self->stub, member);
  if (!write_params (call, incoming))
    return;

  rmi_call_forward (g_steal_pointer (&call), rmi_incoming_get_cancellable (incoming), rmi_incoming_is_notification (incoming),
                    forwarded_cb, rmi_incoming_ref (incoming));
  if (!rmi_incoming_is_answered (incoming))
    rmi_incoming_set_asynchronous (incoming);
}

/* ---- events ---- */

/* Somebody who subscribed, and is to be told the values. */
typedef struct
{
  RmiRelay      *relay;
  RmiConnection *connection;
  char          *path;
  const char    *member;
  RmiIncoming   *incoming;          /* to be answered; or NULL */
} Subscriber;

static Subscriber *
subscriber_new (RmiRelay      *relay,
                RmiConnection *connection,
                const char    *path,
                const char    *member,
                RmiIncoming   *incoming)
{
  Subscriber *self = g_new (Subscriber, 1);

  *self = (Subscriber) { g_object_ref (relay), g_object_ref (connection), g_strdup (path), member, incoming };
  if (incoming != NULL)
    rmi_incoming_ref (incoming);
  return self;
}

static void
subscriber_free (Subscriber *self)
{
  g_object_unref (self->relay);
  g_object_unref (self->connection);
  g_free (self->path);
  g_clear_pointer (&self->incoming, rmi_incoming_unref);
  g_free (self);
}

/* @member, without values: who has to know them asks for each. */
static void
tell_without_values (Subscriber *self,
                     const char *member)
{
  RmiObjectExporter *exporter = self->relay->table->exporter;
  GObject *object = G_OBJECT (self->relay);
  RmiWriter *writer = rmi_object_exporter_begin_values (exporter, object, self->connection, self->path, member);

  if (writer == NULL)
    return;
  rmi_writer_add_raw (writer, "{}", 2);
  rmi_object_exporter_end_values (exporter, object, self->connection, self->path, writer);
}

static void
tell_values (Subscriber *self,
             RmiCall    *call)
{
  RmiObjectExporter *exporter = self->relay->table->exporter;
  GObject *object = G_OBJECT (self->relay);
  RmiReader *reader = rmi_call_get_reader (call);
  GError *error = NULL;
  RmiWriter *writer = rmi_object_exporter_begin_values (exporter, object, self->connection, self->path, self->member);

  if (writer == NULL)
    return;
  rmi_transcode (reader, writer);
  if (!rmi_reader_finish (reader, &error))
    rmi_writer_fail (writer, error);
  if (!rmi_object_exporter_end_values (exporter, object, self->connection, self->path, writer))
    tell_without_values (self, "rpc.gap");
}

/* Who was told that it failed is subscribed no more than before; who did not ask is told that something may be missing. */
static void
tell_failure (Subscriber *self)
{
  if (self->incoming == NULL)
    tell_without_values (self, "rpc.gap");
  else if (g_str_equal (self->member, "rpc.changed"))
    rmi_object_exporter_unsubscribe (self->relay->table->exporter, G_OBJECT (self->relay), self->connection, self->path);
}

static void
subscribed_cb (RmiCall  *call,
               gpointer  user_data)
{
  Subscriber *self = user_data;
  gboolean has_failed = rmi_call_get_error (call) != NULL;

  if (!has_failed)
    rmi_stub_tap_subscribed (self->relay->stub);
  if (self->incoming != NULL)
    answer (self->incoming, call);
  if (has_failed)
    tell_failure (self);
  else if (self->incoming == NULL)
    tell_values (self, call);
  subscriber_free (self);
}

/* (transfer full) (nullable): the call that asks for what @subscriber wants; if there can be none, that was told. */
static RmiCall *
begin_subscription (Subscriber  *subscriber,
                    RmiIncoming *incoming)
{
  RmiRelay *self = subscriber->relay;
  g_autoptr(RmiCall) call = NULL;

  if (!may_ask (self, "rpc.subscribe", incoming))
    {
      if (subscriber->incoming != NULL)
        tell_failure (subscriber);
      else
        tell_without_values (subscriber, subscriber->member);
      return NULL;
    }

  call = rmi_stub_tap_begin_call (self->stub, "rpc.subscribe");
  if (incoming == NULL)
    {
      rmi_writer_add_raw (rmi_call_get_writer (call), "[]", 2);
    }
  else if (!write_params (call, incoming))
    {
      tell_failure (subscriber);
      return NULL;
    }
  return g_steal_pointer (&call);
}

/* Always a request: its answer comes in its place among the events. */
static void
relay_subscribe (RmiForwarder  *forwarder,
                 RmiConnection *connection,
                 const char    *path,
                 const char    *member,
                 RmiIncoming   *incoming)
{
  RmiIncoming *asked = incoming != NULL && !rmi_incoming_is_notification (incoming) ? incoming : NULL;
  Subscriber *subscriber = subscriber_new (RMI_RELAY (forwarder), connection, path, member, asked);
  RmiCall *call = begin_subscription (subscriber, incoming);

  if (call == NULL)
    {
      subscriber_free (subscriber);
      return;
    }
  rmi_call_forward (call, asked != NULL ? rmi_incoming_get_cancellable (asked) : NULL, FALSE, subscribed_cb, subscriber);
  if (asked != NULL && !rmi_incoming_is_answered (asked))
    rmi_incoming_set_asynchronous (asked);
}

static void
relay_listen (RmiForwarder *forwarder,
              gboolean      is_wanted)
{
  rmi_stub_tap_listen (RMI_RELAY (forwarder)->stub, is_wanted);
}

static void
write_event (RmiReader *reader,
             RmiWriter *writer)
{
  GError *error = NULL;

  if (!rmi_reader_take_null (reader))
    for (rmi_reader_begin_array (reader); rmi_reader_next_element (reader);)
      rmi_transcode (reader, writer);
  if (!rmi_reader_finish (reader, &error))
    rmi_writer_fail (writer, error);
}

/* For each subscriber the references in it are counted anew. */
static void
event_cb (const RmiTarget *target,
          gboolean         is_gap,
          RmiReader       *reader,
          gpointer         user_data)
{
  g_autoptr(RmiRelay) self = g_object_ref (user_data);
  const RmiReader pristine = *reader;
  gboolean is_values = target->member.length > 4 && memcmp (target->member.data, "rpc.", 4) == 0;
  g_autofree char *interface = is_values || target->interface.data == NULL ? NULL
                                 : g_strndup (target->interface.data, target->interface.length);
  g_autofree char *member = is_gap ? g_strdup ("rpc.gap") : g_strndup (target->member.data, target->member.length);
  gboolean is_first = TRUE;
  RmiWriter *writer;

  for (writer = rmi_object_exporter_begin_emission (self->table->exporter, G_OBJECT (self), interface, member, TRUE); writer != NULL;
       writer = rmi_object_exporter_next_emission (writer))
    {
      RmiReader again = pristine;

      if (!is_first)
        rmi_stub_tap_repeat (self->stub, &again);
      write_event (is_first ? reader : &again, writer);
      is_first = FALSE;
    }
}

static void
broken_cb (RmiStub  *stub,
           RmiRelay *self)
{
  rmi_object_exporter_unexport_object (self->table->exporter, G_OBJECT (self));
}

static gpointer
relay_dup_target (RmiForwarder *forwarder,
                  GType         declared)
{
  RmiRelay *self = RMI_RELAY (forwarder);

  if (declared == G_TYPE_OBJECT)
    return g_object_ref (self->stub);
  return rmi_stub_as (self->stub, declared);
}

static void
forwarder_iface_init (RmiForwarderInterface *iface)
{
  iface->forward = relay_forward;
  iface->subscribe = relay_subscribe;
  iface->listen = relay_listen;
  iface->dup_target = relay_dup_target;
}

/* ---- the object ---- */

static void
rmi_relay_finalize (GObject *object)
{
  RmiRelay *self = RMI_RELAY (object);

  g_hash_table_remove (self->table->by_identity, rmi_stub_get_identity (self->stub));
  g_signal_handlers_disconnect_by_data (self->stub, self);
  g_object_unref (self->stub);
  rmi_relay_table_unref (self->table);

  G_OBJECT_CLASS (rmi_relay_parent_class)->finalize (object);
}

static void
rmi_relay_class_init (RmiRelayClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = rmi_relay_finalize;
}

static void
rmi_relay_init (RmiRelay *self)
{
}

/* ---- the table ---- */

RmiRelayTable *
rmi_relay_table_new (RmiObjectExporter *exporter)
{
  RmiRelayTable *self = g_new0 (RmiRelayTable, 1);

  g_ref_count_init (&self->ref_count);
  self->exporter = exporter;
  self->by_identity = g_hash_table_new (NULL, NULL);
  return self;
}

RmiRelayTable *
rmi_relay_table_ref (RmiRelayTable *self)
{
  g_ref_count_inc (&self->ref_count);
  return self;
}

void
rmi_relay_table_unref (RmiRelayTable *self)
{
  if (!g_ref_count_dec (&self->ref_count))
    return;
  g_hash_table_unref (self->by_identity);
  g_free (self);
}

GObject *
rmi_relay_table_lookup (RmiRelayTable *self,
                        RmiStub       *stub)
{
  return g_hash_table_lookup (self->by_identity, rmi_stub_get_identity (stub));
}

GObject *
rmi_relay_table_ensure (RmiRelayTable  *self,
                        RmiStub        *stub,
                        GError        **error)
{
  GObject *found = rmi_relay_table_lookup (self, stub);
  RmiRelay *relay;

  if (found != NULL)
    return g_object_ref (found);

  relay = g_object_new (RMI_TYPE_RELAY, NULL);
  relay->table = rmi_relay_table_ref (self);
  relay->stub = rmi_stub_new_tapped (stub, event_cb, relay);
  g_hash_table_insert (self->by_identity, rmi_stub_get_identity (stub), relay);
  /* It would never say so again. */
  if (rmi_stub_is_broken (relay->stub))
    {
      g_set_error (error, RMI_ERROR, RMI_ERROR_NO_SUCH_OBJECT, "The object is gone");
      g_object_unref (relay);
      return NULL;
    }
  g_signal_connect (relay->stub, "rmi-broken", G_CALLBACK (broken_cb), relay);
  return G_OBJECT (relay);
}
