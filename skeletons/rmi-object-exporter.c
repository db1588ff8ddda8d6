/* skeletons/rmi-object-exporter.c: what this node's peers may call
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * An object has one export, at any number of paths. The export lives while it has a path or a
 * holder; then its id is forgotten for ever. Finalisers and `unreferenced` handlers may call back
 * in: user code runs last.
 */
#include "config.h"
#include "skeletons/rmi-object-exporter-internal.h"

#include "rmi/rmi-error.h"
#include "rmi/rmi-forwarder-internal.h"
#include "rmi/rmi-siphash-internal.h"
#include "skeletons/rmi-emission-private.h"
#include "skeletons/rmi-invocation-private.h"
#include "skeletons/rmi-system-methods-private.h"

struct _RmiObjectExporter
{
  GObject        parent_instance;

  RmiPoller     *poller;
  GHashTable    *by_path;     /* GRefString → RmiExport: named paths and ids */
  GHashTable    *by_object;   /* GObject → RmiExport, owned */
  RmiInvocation *spare;       /* for the next call, or NULL */
};

enum
{
  UNREFERENCED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void exporter_iface_init (RmiExporterInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (RmiObjectExporter, rmi_object_exporter, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (RMI_TYPE_EXPORTER, exporter_iface_init))

/* ---- the tables ---- */

static RmiExport *
ensure_export (RmiObjectExporter  *self,
               GObject            *object,
               GError            **error)
{
  RmiExport *export = g_hash_table_lookup (self->by_object, object);
  g_autoptr(GPtrArray) entries = NULL;

  if (export != NULL)
    return export;

  entries = rmi_object_list_entries (object);
  if (entries->len == 0 && !RMI_IS_FORWARDER (object))
    {
      g_set_error (error, RMI_ERROR, RMI_ERROR_INVALID_ARGUMENTS,
                   "%s implements no described interface", G_OBJECT_TYPE_NAME (object));
      return NULL;
    }
  export = rmi_export_new (self->poller, object, entries);
  g_hash_table_insert (self->by_object, object, export);
  return export;
}

/* Frees @export if nothing keeps it. @was_held: a peer just let go of it, the last one. Runs user
 * code. */
static void
settle (RmiObjectExporter *self,
        RmiExport         *export,
        gboolean           was_held)
{
  g_autoptr(RmiExport) kept = rmi_export_ref (export);

  if (export->paths->len == 0 && export->n_holders == 0 && !rmi_export_is_dropped (export))
    {
      if (export->id != NULL)
        g_hash_table_remove (self->by_path, export->id);
      rmi_export_drop (export);
      g_hash_table_remove (self->by_object, export->object);
    }
  if (was_held && export->n_holders == 0)
    g_signal_emit (self, signals[UNREFERENCED], 0, export->object);
}

static gboolean
may_name (RmiExport     *export,
          RmiConnection *connection,
          const char    *path)
{
  return !rmi_path_is_implicit (path) || rmi_export_is_held_by (export, connection);
}

static RmiExport *
lookup (RmiObjectExporter *self,
        RmiConnection     *connection,
        const char        *path)
{
  RmiExport *export = g_hash_table_lookup (self->by_path, path);

  return export != NULL && may_name (export, connection, path) ? export : NULL;
}

/* An id is a bearer secret: whoever knows it may ask to hold the object. */
static RmiExport *
lookup_target (RmiObjectExporter *self,
               RmiIncoming       *incoming)
{
  const RmiTarget *target = rmi_incoming_get_target (incoming);

  if (rmi_slice_equals (target->member, "rpc.hold", strlen ("rpc.hold")))
    return g_hash_table_lookup (self->by_path, target->path);
  return lookup (self, rmi_incoming_get_connection (incoming), target->path);
}

/* ---- RmiExporter ---- */

static void
answer_unknown (RmiIncoming *incoming)
{
  const RmiTarget *target = rmi_incoming_get_target (incoming);
  g_autoptr(GError) error = NULL;

  /* Ids are secrets: no text repeats one. */
  if (target->is_attribute_style)
    error = g_error_new (RMI_ERROR, RMI_ERROR_NO_SUCH_METHOD,
                         "No such method: there is no object at %s", target->path);
  else if (rmi_path_is_implicit (target->path))
    error = g_error_new (RMI_ERROR, RMI_ERROR_NO_SUCH_OBJECT, "No such object");
  else
    error =
        g_error_new (RMI_ERROR, RMI_ERROR_NO_SUCH_OBJECT, "There is no object at %s", target->path);
  rmi_incoming_return_error (incoming, error);
}

static void
object_exporter_dispatch (RmiExporter *exporter,
                          RmiIncoming *incoming)
{
  RmiObjectExporter *self = RMI_OBJECT_EXPORTER (exporter);
  const RmiTarget *target = rmi_incoming_get_target (incoming);
  RmiExport *export = lookup_target (self, incoming);
  g_autoptr(RmiExport) kept = NULL;
  g_autoptr(GError) error = NULL;
  const RmiMethodEntry *method;

  if (export == NULL)
    {
      answer_unknown (incoming);
      return;
    }

  kept = rmi_export_ref (export);
  if (RMI_IS_FORWARDER (export->object) && !rmi_system_method_is_of_hold (target->member))
    {
      rmi_forwarder_forward (RMI_FORWARDER (export->object), incoming);
      return;
    }
  if (rmi_system_method_is (target->member))
    {
      rmi_system_method_run (export, incoming);
      return;
    }

  method = rmi_export_find_method (export, target->interface, target->member, &error);
  if (method != NULL)
    rmi_invocation_run (&self->spare, incoming, export->object, method);
  else
    rmi_incoming_return_error (incoming, error);
}

static const char *
object_exporter_hold (RmiExporter    *exporter,
                      RmiConnection  *connection,
                      GObject        *object,
                      GType           declared,
                      char          **types,
                      GError        **error)
{
  RmiObjectExporter *self = RMI_OBJECT_EXPORTER (exporter);
  const RmiInterfaceEntry *entry = rmi_interface_lookup (declared);
  RmiExport *export;
  const char *path;

  if (!g_type_is_a (G_OBJECT_TYPE (object), declared))
    {
      g_set_error (error, RMI_ERROR, RMI_ERROR_INVALID_ARGUMENTS, "%s is no %s",
                   G_OBJECT_TYPE_NAME (object), g_type_name (declared));
      return NULL;
    }
  export = ensure_export (self, object, error);
  if (export == NULL)
    return NULL;

  if (export->paths->len > 0)
    {
      path = g_ptr_array_index (export->paths, 0);
    }
  else
    {
      if (!rmi_export_add_reference (export, connection, error))
        {
          settle (self, export, FALSE);
          return NULL;
        }
      path = rmi_export_ensure_id (export);
      if (!g_hash_table_contains (self->by_path, path))
        g_hash_table_insert (self->by_path, g_ref_string_acquire (export->id), export);
    }
  if (entry == NULL || rmi_export_is_qualified (export))
    *types = g_strdup (export->types);
  return path;
}

static void
object_exporter_release (RmiExporter   *exporter,
                         RmiConnection *connection,
                         const char    *path,
                         guint64        count)
{
  RmiObjectExporter *self = RMI_OBJECT_EXPORTER (exporter);
  RmiExport *export = lookup (self, connection, path);

  if (export == NULL || !rmi_path_is_implicit (path))
    return;
  if (rmi_export_remove_references (export, connection, count))
    settle (self, export, TRUE);
}

static GObject *
object_exporter_find (RmiExporter   *exporter,
                      RmiConnection *connection,
                      const char    *path)
{
  RmiObjectExporter *self = RMI_OBJECT_EXPORTER (exporter);
  RmiExport *export = connection != NULL ? lookup (self, connection, path) : g_hash_table_lookup (self->by_path, path);

  return export != NULL ? export->object : NULL;
}

static void
object_exporter_suspended (RmiExporter   *exporter,
                           RmiConnection *connection)
{
  rmi_export_suspend_holds (connection);
}

static void
object_exporter_held (RmiExporter   *exporter,
                      RmiConnection *connection,
                      const char    *path,
                      guint64        count)
{
  RmiExport *export = lookup (RMI_OBJECT_EXPORTER (exporter), connection, path);

  if (!rmi_path_is_implicit (path))
    return;
  if (export != NULL)
    rmi_export_restore_hold (export, connection, count);
  else
    rmi_emission_tell_broken (connection, path);
}

static void
object_exporter_disconnected (RmiExporter   *exporter,
                              RmiConnection *connection)
{
  g_autoptr(RmiObjectExporter) self = g_object_ref (RMI_OBJECT_EXPORTER (exporter));
  g_autoptr(GPtrArray) emptied = rmi_export_drop_stale (connection);

  for (guint i = 0; i < emptied->len; i++)
    settle (self, g_ptr_array_index (emptied, i), TRUE);
}

static void
object_exporter_drained (RmiExporter   *exporter,
                         RmiConnection *connection)
{
  rmi_system_method_tell_gaps (rmi_export_list_gaps_of (connection));
}

static void
object_exporter_subscribe (RmiExporter   *exporter,
                           RmiConnection *connection,
                           const char    *path)
{
  RmiExport *export = lookup (RMI_OBJECT_EXPORTER (exporter), connection, path);

  if (export != NULL)
    rmi_system_method_subscribe (export, connection, path);
  else
    rmi_emission_tell_broken (connection, path);
}

static gboolean
object_exporter_is_exporting (RmiExporter *exporter)
{
  return g_hash_table_size (RMI_OBJECT_EXPORTER (exporter)->by_object) > 0;
}

static guint
object_exporter_count (RmiExporter   *exporter,
                       RmiConnection *connection)
{
  return rmi_export_count_holds (connection);
}

static void
exporter_iface_init (RmiExporterInterface *iface)
{
  iface->dispatch = object_exporter_dispatch;
  iface->hold = object_exporter_hold;
  iface->release = object_exporter_release;
  iface->find = object_exporter_find;
  iface->suspended = object_exporter_suspended;
  iface->held = object_exporter_held;
  iface->disconnected = object_exporter_disconnected;
  iface->drained = object_exporter_drained;
  iface->subscribe = object_exporter_subscribe;
  iface->is_exporting = object_exporter_is_exporting;
  iface->count = object_exporter_count;
}

/* ---- the object ---- */

static void
rmi_object_exporter_dispose (GObject *object)
{
  rmi_object_exporter_close (RMI_OBJECT_EXPORTER (object));

  G_OBJECT_CLASS (rmi_object_exporter_parent_class)->dispose (object);
}

static void
rmi_object_exporter_finalize (GObject *object)
{
  RmiObjectExporter *self = RMI_OBJECT_EXPORTER (object);

  g_clear_pointer (&self->by_path, g_hash_table_unref);
  g_clear_pointer (&self->by_object, g_hash_table_unref);
  g_clear_pointer (&self->poller, rmi_poller_unref);

  G_OBJECT_CLASS (rmi_object_exporter_parent_class)->finalize (object);
}

static void
rmi_object_exporter_class_init (RmiObjectExporterClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = rmi_object_exporter_dispose;
  object_class->finalize = rmi_object_exporter_finalize;

  signals[UNREFERENCED] = g_signal_new ("unreferenced", RMI_TYPE_OBJECT_EXPORTER, G_SIGNAL_RUN_LAST,
                                        0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_OBJECT);
}

static void
rmi_object_exporter_init (RmiObjectExporter *self)
{
  self->by_path = g_hash_table_new_full (rmi_siphash_str, g_str_equal,
                                         (GDestroyNotify) g_ref_string_release, NULL);
  self->by_object = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) rmi_export_unref);
}

RmiObjectExporter *
rmi_object_exporter_new (RmiPoller *poller)
{
  RmiObjectExporter *self = g_object_new (RMI_TYPE_OBJECT_EXPORTER, NULL);

  self->poller = rmi_poller_ref (poller);
  return self;
}

gboolean
rmi_object_exporter_export (RmiObjectExporter  *self,
                            const char         *path,
                            GObject            *object,
                            GError            **error)
{
  RmiExport *export;
  char *own;

  if (!rmi_path_is_valid (path) || rmi_path_is_implicit (path) || g_str_equal (path, "/rpc") ||
      g_str_has_prefix (path, "/rpc/"))
    {
      g_set_error (error, RMI_ERROR, RMI_ERROR_INVALID_ARGUMENTS,
                   "Nothing can be exported at \"%s\"", path);
      return FALSE;
    }
  if (g_hash_table_contains (self->by_path, path))
    {
      g_set_error (error, RMI_ERROR, RMI_ERROR_INVALID_ARGUMENTS,
                   "There is an object at %s already", path);
      return FALSE;
    }
  export = ensure_export (self, object, error);
  if (export == NULL)
    return FALSE;

  own = g_ref_string_new (path);
  g_ptr_array_add (export->paths, g_ref_string_acquire (own));
  g_hash_table_insert (self->by_path, own, export);
  return TRUE;
}

static void
take_back_path (RmiObjectExporter *self,
                RmiExport         *export,
                const char        *path)
{
  g_hash_table_remove (self->by_path, path);
  rmi_export_remove_path (export, path);
}

gboolean
rmi_object_exporter_unexport (RmiObjectExporter *self,
                              const char        *path)
{
  RmiExport *export =
      rmi_path_is_implicit (path) ? NULL : g_hash_table_lookup (self->by_path, path);

  if (export == NULL)
    return FALSE;

  take_back_path (self, export, path);
  settle (self, export, FALSE);
  return TRUE;
}

gboolean
rmi_object_exporter_unexport_object (RmiObjectExporter *self,
                                     GObject           *object)
{
  RmiExport *export = g_hash_table_lookup (self->by_object, object);
  g_autoptr(RmiExport) kept = NULL;
  g_autoptr(GPtrArray) holders = NULL;

  if (export == NULL)
    return FALSE;

  kept = rmi_export_ref (export);
  while (export->paths->len > 0)
    take_back_path (self, export, g_ptr_array_index (export->paths, 0));
  holders = rmi_export_take_holders (export);
  settle (self, export, FALSE);
  for (guint i = 0; i < holders->len; i++)
    rmi_emission_tell_broken (g_ptr_array_index (holders, i), export->id);
  if (holders->len > 0)
    g_signal_emit (self, signals[UNREFERENCED], 0, object);
  return TRUE;
}

RmiWriter *
rmi_object_exporter_begin_emission (RmiObjectExporter *self,
                                    GObject           *object,
                                    const char        *interface,
                                    const char        *member,
                                    gboolean           has_references)
{
  RmiExport *export = g_hash_table_lookup (self->by_object, object);

  return export != NULL ? rmi_emission_begin (export, interface, member, has_references) : NULL;
}

RmiWriter *
rmi_object_exporter_next_emission (RmiWriter *writer)
{
  return rmi_emission_next (writer);
}

static RmiSubscription *
find_subscription (RmiObjectExporter *self,
                   GObject           *object,
                   RmiConnection     *connection,
                   const char        *path)
{
  RmiExport *export = g_hash_table_lookup (self->by_object, object);

  return export != NULL ? rmi_export_find_subscription (export, connection, path) : NULL;
}

RmiWriter *
rmi_object_exporter_begin_values (RmiObjectExporter *self,
                                  GObject           *object,
                                  RmiConnection     *connection,
                                  const char        *path,
                                  const char        *member)
{
  if (find_subscription (self, object, connection, path) == NULL)
    return NULL;
  return rmi_connection_begin_event (connection, path, NULL, member);
}

gboolean
rmi_object_exporter_end_values (RmiObjectExporter *self,
                                GObject           *object,
                                RmiConnection     *connection,
                                const char        *path,
                                RmiWriter         *writer)
{
  gboolean was_queued = rmi_connection_end_event (connection, writer);
  RmiSubscription *subscription = find_subscription (self, object, connection, path);

  if (subscription != NULL)
    subscription->has_gap = !was_queued;
  return was_queued;
}

void
rmi_object_exporter_unsubscribe (RmiObjectExporter *self,
                                 GObject           *object,
                                 RmiConnection     *connection,
                                 const char        *path)
{
  RmiExport *export = g_hash_table_lookup (self->by_object, object);

  if (export != NULL)
    rmi_export_unsubscribe (export, connection, path);
}

const char *
rmi_object_exporter_get_path (RmiObjectExporter *self,
                              GObject           *object)
{
  RmiExport *export = g_hash_table_lookup (self->by_object, object);

  if (export == NULL)
    return NULL;
  return export->paths->len > 0 ? g_ptr_array_index (export->paths, 0) : export->id;
}

GObject *
rmi_object_exporter_find (RmiObjectExporter *self,
                          const char        *path)
{
  RmiExport *export = g_hash_table_lookup (self->by_path, path);

  return export != NULL ? export->object : NULL;
}

void
rmi_object_exporter_close (RmiObjectExporter *self)
{
  g_autoptr(GHashTable) exports =
      g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) rmi_export_unref);
  GHashTableIter iter;
  gpointer object, export;

  g_hash_table_iter_init (&iter, self->by_object);
  while (g_hash_table_iter_next (&iter, &object, &export))
    {
      g_hash_table_iter_steal (&iter);
      g_hash_table_insert (exports, object, export);
    }
  g_hash_table_remove_all (self->by_path);
  g_hash_table_iter_init (&iter, exports);
  while (g_hash_table_iter_next (&iter, NULL, &export))
    rmi_export_drop (export);
  g_clear_object (&self->spare);
}
