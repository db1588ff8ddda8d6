/* stubs/rmi-stub.c: an object of another process, as a local GObject
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "config.h"
#include "stubs/rmi-dynamic-stub-private.h"

#include "rmi/rmi-message-internal.h"
#include "rmi/rmi-runtime-internal.h"
#include "rmi/rmi-writer-internal.h"

/**
 * RmiStub:
 *
 * An object of another process, as a local GObject. Stubs of a generated interface implement it; an
 * #RmiDynamicStub asks the object what it can do. A plain one, of this very class, knows nothing of
 * the object: it is called with JSON, and may be an object of any JSON-RPC peer. What this class has
 * begins with `rmi-`, so that it never hides the interface's own properties and signals.
 *
 * Since: 1.0
 */
G_DEFINE_TYPE_WITH_PRIVATE (RmiStub, rmi_stub, G_TYPE_OBJECT)

enum
{
  BROKEN,
  GAP,
  EVENT,
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
rmi_stub_finalize (GObject *object)
{
  RmiStub *self = RMI_STUB (object);
  RmiStubPrivate *priv = rmi_stub_get_instance_private (self);

  rmi_stub_free_values (self);
  g_clear_pointer (&priv->changed, g_ptr_array_unref);
  if (priv->view != NULL)
    rmi_view_gone (priv->view, rmi_connection_get_poller (priv->connection));
  if (priv->direct != NULL)
    {
      g_object_unref (priv->direct->connection);
      g_free (priv->direct->path);
      g_free (priv->direct);
    }
  g_clear_object (&priv->connection);
  g_clear_pointer (&priv->owner, g_ref_string_release);
  g_free (priv->path);

  G_OBJECT_CLASS (rmi_stub_parent_class)->finalize (object);
}

static void
rmi_stub_class_init (RmiStubClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = rmi_stub_finalize;

  /**
   * RmiStub::rmi-broken:
   * @self: the stub
   *
   * The object is gone for good: its owner took it back, or the session that its reference came by
   * ended. Stubs of named paths never break.
   *
   * Since: 1.0
   */
  signals[BROKEN] = g_signal_new ("rmi-broken", RMI_TYPE_STUB, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                  NULL, G_TYPE_NONE, 0);
  /**
   * RmiStub::rmi-gap:
   * @self: the stub
   *
   * Signals were lost: with the connection, which is there again, because too many of them waited
   * to be sent or to be told, or because one was larger than a message may be. The properties have the
   * values of now, unless these are larger together, too: then rmi_object_get_property() tells each.
   * Emitted once for each such loss.
   *
   * Since: 1.0
   */
  signals[GAP] = g_signal_new ("rmi-gap", RMI_TYPE_STUB, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                               G_TYPE_NONE, 0);
  /**
   * RmiStub::rmi-event:
   * @self: a plain stub
   * @member: the signal, as `StockChanged` or with its interface in front
   * @arguments: an array
   *
   * The remote object emitted a signal. For stubs of this very class, once `rpc.subscribe` was
   * called on them.
   *
   * Since: 1.0
   */
  signals[EVENT] = g_signal_new ("rmi-event", RMI_TYPE_STUB, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 2, G_TYPE_STRING, JSON_TYPE_NODE);
  /**
   * RmiStub::rmi-changed:
   * @self: a plain stub
   * @properties: an object of the new values by name
   *
   * Properties of the remote object changed.
   *
   * Since: 1.0
   */
  signals[CHANGED] = g_signal_new ("rmi-changed", RMI_TYPE_STUB, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 1, JSON_TYPE_NODE);
}

static void
rmi_stub_init (RmiStub *self)
{
}

RmiStubPrivate *
rmi_stub_get_private (RmiStub *self)
{
  return rmi_stub_get_instance_private (self);
}

void
rmi_stub_attach (RmiStub       *self,
                 RmiView       *view,
                 RmiConnection *connection,
                 gboolean       is_qualified)
{
  RmiStubPrivate *priv = rmi_stub_get_instance_private (self);
  RmiImport *import = view->import;

  priv->connection = g_object_ref (connection);
  priv->path = g_strdup (import->path);
  priv->owner = import->owner != NULL ? g_ref_string_acquire (import->owner) : NULL;
  priv->view = view;
  priv->is_qualified = is_qualified;
  priv->may_approach = import->at != NULL;
}

RmiRoute
rmi_stub_get_route (RmiStub *self)
{
  RmiStubPrivate *priv = rmi_stub_get_instance_private (self);
  const RmiRoute *direct = g_atomic_pointer_get (&priv->direct);

  return direct != NULL ? *direct : (RmiRoute) { priv->connection, priv->path };
}

void
rmi_stub_set_direct (RmiStub       *self,
                     RmiConnection *connection,
                     const char    *path)
{
  RmiStubPrivate *priv = rmi_stub_get_instance_private (self);
  RmiRoute *direct;

  if (priv->direct != NULL)
    return;
  direct = g_new (RmiRoute, 1);
  *direct = (RmiRoute) { g_object_ref (connection), g_strdup (path) };
  g_atomic_pointer_set (&priv->direct, direct);
}

static void
approach_cb (gpointer stub,
             gpointer unused)
{
  RmiImport *import = rmi_stub_get_private (stub)->view->import;
  RmiRuntime *runtime = rmi_connection_get_runtime (rmi_stub_get_private (stub)->connection);
  g_autofree char *at = g_steal_pointer (&import->at);

  if (at != NULL && !import->is_broken && runtime->approach != NULL)
    runtime->approach (runtime, stub, at, import->owner);
}

/* The first call goes by who introduced the object, as all do until the way is found. */
static RmiRoute
choose_route (RmiStub *self)
{
  RmiStubPrivate *priv = rmi_stub_get_instance_private (self);

  if (G_UNLIKELY (g_atomic_int_get (&priv->may_approach))
      && g_atomic_int_compare_and_exchange (&priv->may_approach, TRUE, FALSE))
    rmi_poller_hand_over (rmi_connection_get_poller (priv->connection), approach_cb, g_object_ref (self), g_object_unref);
  return rmi_stub_get_route (self);
}

void
rmi_stub_break (RmiStub *self)
{
  RmiStubPrivate *priv = rmi_stub_get_instance_private (self);

  if (g_atomic_int_compare_and_exchange (&priv->is_broken, FALSE, TRUE))
    g_signal_emit (self, signals[BROKEN], 0);
}

void
rmi_stub_tell_gap (RmiStub *self)
{
  g_signal_emit (self, signals[GAP], 0);
}

const RmiInterfaceEntry *
rmi_stub_get_entry (RmiStub *self)
{
  return RMI_STUB_GET_CLASS (self)->entry;
}

gboolean
rmi_stub_type_wants_events (GType stub_type)
{
  RmiStubClass *klass = g_type_class_peek (stub_type);
  const RmiInterfaceEntry *entry = klass->entry;

  if (entry == NULL || !entry->subscribes)
    return FALSE;
  for (; entry != NULL; entry = rmi_interface_entry_get_base (entry))
    if (entry->n_signals > 0 || entry->n_properties > 0)
      return TRUE;
  return FALSE;
}

/* ---- calls ---- */

static guint
choose_timeout (RmiStubPrivate *priv,
                guint           timeout_ms)
{
  guint own_ms = (guint) g_atomic_int_get (&priv->timeout_ms);

  return own_ms != 0 ? own_ms : timeout_ms;
}

static RmiCall *
fail_if_broken (RmiStubPrivate *priv,
                RmiCall        *call)
{
  if (g_atomic_int_get (&priv->is_broken))
    rmi_writer_fail (rmi_call_get_writer (call),
                     g_error_new (RMI_ERROR, RMI_ERROR_NO_SUCH_OBJECT,
                                  "The object is gone: its owner took it back, or the connection to it was lost"));
  return call;
}

RmiCall *
rmi_stub_begin_named_call (RmiStub    *self,
                           const char *interface,
                           const char *name,
                           guint       timeout_ms)
{
  RmiStubPrivate *priv = rmi_stub_get_instance_private (self);
  RmiRoute route = choose_route (self);

  return fail_if_broken (priv, rmi_call_new (route.connection, route.path, interface, name,
                                             choose_timeout (priv, timeout_ms)));
}

RmiCall *
rmi_stub_begin_call_by_name (RmiStub    *self,
                             const char *name)
{
  RmiStubPrivate *priv = rmi_stub_get_instance_private (self);
  RmiRoute route = choose_route (self);

  return fail_if_broken (
      priv, rmi_call_new_by_name (route.connection, route.path, name, choose_timeout (priv, 0)));
}

/**
 * rmi_stub_begin_call: (skip)
 * @self: a stub
 * @method: what to call
 *
 * A call to write the arguments to, and then to run, start or send. On a broken stub it fails at
 * once, with %RMI_ERROR_NO_SUCH_OBJECT.
 *
 * Returns: (transfer full): the call
 *
 * Since: 1.0
 */
RmiCall *
rmi_stub_begin_call (RmiStub              *self,
                     const RmiMethodEntry *method)
{
  RmiStubPrivate *priv = rmi_stub_get_instance_private (self);

  return rmi_stub_begin_named_call (self, priv->is_qualified ? method->interface_name : NULL,
                                    method->name, method->timeout_ms);
}

/* ---- events ---- */

static void
emit_json (RmiStub         *self,
           const RmiTarget *target,
           gboolean         is_changed,
           RmiReader       *reader)
{
  g_autofree char *member = NULL;
  g_autoptr(JsonNode) arguments = rmi_reader_get_json (reader);

  if (arguments == NULL || rmi_reader_has_failed (reader))
    return;
  if (is_changed)
    {
      g_signal_emit (self, signals[CHANGED], 0, arguments);
      return;
    }
  member = g_strdup_printf ("%.*s%s%.*s", (int) target->interface.length,
                            target->interface.data != NULL ? target->interface.data : "",
                            target->interface.data != NULL ? "." : "", (int) target->member.length,
                            target->member.data);
  g_signal_emit (self, signals[EVENT], 0, member, arguments);
}

static gboolean
slice_is (RmiSlice    slice,
          const char *name)
{
  return strncmp (name, slice.data, slice.length) == 0 && name[slice.length] == '\0';
}

static const RmiSignalEntry *
find_signal (RmiStub         *self,
             const RmiTarget *target)
{
  for (const RmiInterfaceEntry *entry = rmi_stub_get_entry (self); entry != NULL;
       entry = rmi_interface_entry_get_base (entry))
    {
      if (target->interface.data != NULL && !slice_is (target->interface, entry->name))
        continue;
      for (guint i = 0; i < entry->n_signals; i++)
        if (slice_is (target->member, entry->signals[i].name))
          return &entry->signals[i];
    }
  return NULL;
}

/* FALSE and an error that sticks if it does not fit. */
static gboolean
check_event (RmiStub              *self,
             const RmiSignalEntry *signal,
             RmiReader            *reader)
{
  GError *error = NULL;
  RmiReader check;

  if (!rmi_reader_begin_check (reader, &check))
    return TRUE;
  signal->emit (self, &check);
  if (rmi_reader_end_check (&check, &error))
    return TRUE;
  rmi_reader_fail (reader, error);
  return FALSE;
}

void
rmi_stub_take_event (RmiStub         *self,
                     const RmiTarget *target,
                     RmiReader       *reader)
{
  static const char *const names[] = { "properties", NULL };
  gboolean is_changed = slice_is (target->member, "rpc.changed") || slice_is (target->member, "rpc.gap");
  const RmiSignalEntry *signal;

  if (is_changed)
    {
      rmi_reader_begin_arguments (reader, names);
      if (!rmi_reader_next_argument (reader, FALSE))
        return;
    }

  if (RMI_IS_DYNAMIC_STUB (self))
    {
      if (is_changed)
        rmi_dynamic_stub_take_values (RMI_DYNAMIC_STUB (self), reader);
      else
        rmi_dynamic_stub_take_signal (RMI_DYNAMIC_STUB (self), target, reader);
    }
  else if (rmi_stub_get_entry (self) == NULL)
    {
      emit_json (self, target, is_changed, reader);
    }
  else if (is_changed)
    {
      rmi_stub_take_values (self, reader);
    }
  else
    {
      signal = find_signal (self, target);
      if (signal != NULL && check_event (self, signal, reader))
        signal->emit (self, reader);
    }
}

/* ---- what it is ---- */

/**
 * rmi_stub_get_connection:
 * @self: a stub
 *
 * Returns: (transfer none): the connection to the object's process
 *
 * Since: 1.0
 */
RmiConnection *
rmi_stub_get_connection (RmiStub *self)
{
  g_return_val_if_fail (RMI_IS_STUB (self), NULL);

  return rmi_stub_get_route (self).connection;
}

/**
 * rmi_stub_get_path:
 * @self: a stub
 *
 * Returns: the object's path in its process. One that begins with `/~/` is a secret: whoever knows
 * it may call the object
 *
 * Since: 1.0
 */
const char *
rmi_stub_get_path (RmiStub *self)
{
  g_return_val_if_fail (RMI_IS_STUB (self), NULL);

  return rmi_stub_get_route (self).path;
}

/**
 * rmi_stub_is_broken:
 * @self: a stub
 *
 * Returns: %TRUE if the object is gone for good
 *
 * Since: 1.0
 */
gboolean
rmi_stub_is_broken (RmiStub *self)
{
  g_return_val_if_fail (RMI_IS_STUB (self), TRUE);

  return g_atomic_int_get (&rmi_stub_get_private (self)->is_broken);
}

/**
 * rmi_stub_get_timeout:
 * @self: a stub
 *
 * Returns: milliseconds to wait for a reply; 0: each method's own, else 25 s; %G_MAXUINT: for ever
 *
 * Since: 1.0
 */
guint
rmi_stub_get_timeout (RmiStub *self)
{
  g_return_val_if_fail (RMI_IS_STUB (self), 0);

  return (guint) g_atomic_int_get (&rmi_stub_get_private (self)->timeout_ms);
}

/**
 * rmi_stub_set_timeout:
 * @self: a stub
 * @timeout_ms: milliseconds to wait for a reply; 0: each method's own, else 25 s; %G_MAXUINT: for
 * ever
 *
 * Limits calls started after this one. A late call fails with %RMI_ERROR_TIMED_OUT; it may still
 * have run. The stub may be shared with others: see rmi_stub_with_timeout().
 *
 * Since: 1.0
 */
void
rmi_stub_set_timeout (RmiStub *self,
                      guint    timeout_ms)
{
  g_return_if_fail (RMI_IS_STUB (self));

  g_atomic_int_set (&rmi_stub_get_private (self)->timeout_ms, (int) timeout_ms);
}

/* ---- other stubs of the same object ---- */

typedef struct
{
  RmiStub *stub;
  GType    stub_type;
  gboolean is_shared;
  RmiStub *result;
} OtherStub;

static void
make_other_cb (gpointer data,
               gpointer unused)
{
  OtherStub *other = data;
  RmiStubPrivate *priv = rmi_stub_get_private (other->stub);

  if (other->is_shared)
    other->result = rmi_import_get_stub (priv->view->import, other->stub_type, TRUE);
  else
    other->result = rmi_import_new_stub (priv->view->import, other->stub_type, priv->is_qualified);
}

static RmiStub *
make_other (RmiStub  *self,
            GType     stub_type,
            gboolean  is_shared)
{
  OtherStub other = { self, stub_type, is_shared, NULL };

  rmi_poller_run_in_owner (rmi_connection_get_poller (rmi_stub_get_private (self)->connection),
                           make_other_cb, &other);
  return other.result;
}

/**
 * rmi_stub_with_timeout:
 * @self: a stub
 * @timeout_ms: milliseconds to wait for a reply; 0: each method's own, else 25 s; %G_MAXUINT: for
 * ever
 *
 * Returns: (transfer full) (type RmiStub): another stub of the same remote object, whose calls have
 * this timeout
 *
 * Since: 1.0
 */
gpointer
rmi_stub_with_timeout (RmiStub *self,
                       guint    timeout_ms)
{
  RmiStub *other;

  g_return_val_if_fail (RMI_IS_STUB (self), NULL);

  other = make_other (self, G_OBJECT_TYPE (self), FALSE);
  rmi_stub_set_timeout (other, timeout_ms);
  return other;
}

/**
 * rmi_stub_as:
 * @self: a stub
 * @interface_type: a described interface, or %RMI_TYPE_DYNAMIC_STUB, or %RMI_TYPE_STUB
 *
 * Another view of the same remote object, made without a round trip: if the object lacks the
 * interface, calls will say so.
 *
 * Returns: (transfer full) (nullable) (type GObject): the stub, or %NULL if @interface_type has
 * none
 *
 * Since: 1.0
 */
gpointer
rmi_stub_as (RmiStub *self,
             GType    interface_type)
{
  const RmiInterfaceEntry *entry;

  g_return_val_if_fail (RMI_IS_STUB (self), NULL);

  if (interface_type == RMI_TYPE_STUB || interface_type == RMI_TYPE_DYNAMIC_STUB)
    return make_other (self, interface_type, TRUE);
  entry = rmi_interface_lookup (interface_type);
  if (entry == NULL || entry->get_stub_type == NULL)
    return NULL;
  return make_other (self, entry->get_stub_type (), TRUE);
}
