/* stubs/rmi-stub-importer.c: the stubs of this process
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "config.h"
#include "stubs/rmi-stub-importer-internal.h"

#include "stubs/rmi-dynamic-stub.h"
#include "stubs/rmi-stub-private.h"

struct _RmiStubImporter
{
  GObject parent_instance;
};

static void importer_iface_init (RmiImporterInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (RmiStubImporter, rmi_stub_importer, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (RMI_TYPE_IMPORTER, importer_iface_init))

/* ---- which stub class ---- */

/* The stub class of @interface_type, or invalid. */
static GType
get_stub_type (GType interface_type)
{
  const RmiInterfaceEntry *entry;

  if (interface_type == RMI_TYPE_STUB)
    return RMI_TYPE_STUB;
  if (interface_type == RMI_TYPE_DYNAMIC_STUB || interface_type == G_TYPE_OBJECT)
    return RMI_TYPE_DYNAMIC_STUB;
  entry = rmi_interface_lookup (interface_type);
  return entry != NULL && entry->get_stub_type != NULL ? entry->get_stub_type () : G_TYPE_INVALID;
}

static void
consider (RmiReader *reader,
          GString   *scratch,
          GType     *best)
{
  RmiSlice name = rmi_reader_get_slice (reader, scratch);
  GType type;

  if (name.data == NULL)
    return;
  type = rmi_interface_lookup_by_name (name.data, name.length);
  if (type != G_TYPE_INVALID && g_type_is_a (type, *best) && get_stub_type (type) != G_TYPE_INVALID)
    *best = type;
}

/* Among @types, JSON, the most derived known interface that conforms to @declared. */
static GType
choose_interface (GType    declared,
                  RmiSlice types)
{
  g_autoptr(GString) scratch = g_string_new (NULL);
  GType best = declared;
  RmiReader reader;

  rmi_reader_init (&reader, types, NULL, NULL, RMI_ERROR_INVALID_ARGUMENTS, "$type");
  if (rmi_reader_peek (&reader) == '"')
    {
      consider (&reader, scratch, &best);
    }
  else
    {
      rmi_reader_begin_array (&reader);
      while (rmi_reader_next_element (&reader))
        consider (&reader, scratch, &best);
    }
  rmi_reader_finish (&reader, NULL);
  return best;
}

/* ---- RmiImporter ---- */

/* The stub class for what is declared and what came, or invalid with @error. */
static GType
choose_stub_type (GType     declared,
                  RmiSlice  types,
                  GError  **error)
{
  gboolean is_choice = types.data != NULL && G_TYPE_IS_INTERFACE (declared);
  GType stub_type = get_stub_type (is_choice ? choose_interface (declared, types) : declared);

  if (stub_type == G_TYPE_INVALID)
    g_set_error (error, RMI_ERROR, RMI_ERROR_NOT_SUPPORTED, "There is no stub for %s",
                 g_type_name (declared));
  return stub_type;
}

static gpointer
stub_importer_import (RmiImporter             *importer,
                      RmiConnection           *connection,
                      const char              *path,
                      GType                    declared,
                      const RmiWireReference  *reference,
                      GError                 **error)
{
  RmiImportTable *table = rmi_import_table_get (connection);
  RmiSlice types = reference->types;
  GType stub_type = choose_stub_type (declared, types, error);
  RmiImport *import;

  if (stub_type == G_TYPE_INVALID)
    {
      rmi_import_table_discard (table, path);
      return NULL;
    }

  import = rmi_import_table_ensure (table, path);
  rmi_import_learn (import, reference);
  rmi_import_count (import);
  rmi_import_find_infos (import);
  return rmi_import_get_stub (import, stub_type, types.data != NULL);
}

static gpointer
stub_importer_import_void (RmiImporter             *importer,
                           RmiConnection           *connection,
                           const char              *path,
                           GType                    declared,
                           const RmiWireReference  *reference,
                           GError                 **error)
{
  GType stub_type;

  if (!rmi_path_is_implicit (path))
    return stub_importer_import (importer, connection, path, declared, reference, error);

  stub_type = choose_stub_type (declared, reference->types, error);
  if (stub_type == G_TYPE_INVALID)
    return NULL;
  return rmi_import_table_new_broken_stub (rmi_import_table_get (connection), path, stub_type);
}

static gboolean
stub_importer_describe (RmiImporter    *importer,
                        GObject        *object,
                        RmiConnection **connection,
                        const char    **path)
{
  RmiRoute route;

  if (!RMI_IS_STUB (object))
    return FALSE;

  route = rmi_stub_get_route (RMI_STUB (object));
  *connection = route.connection;
  *path = route.path;
  return route.connection != NULL;
}

static void
stub_importer_discard (RmiImporter   *importer,
                       RmiConnection *connection,
                       const char    *path)
{
  rmi_import_table_discard (rmi_import_table_get (connection), path);
}

/* Values after which nothing is missing again: those that say so, and the first after a lost connection. */
static gboolean
take_gap (RmiImport       *import,
          const RmiTarget *target)
{
  gboolean is_first = import->has_gap && rmi_slice_equals (target->member, "rpc.changed", strlen ("rpc.changed"));

  if (!is_first && !rmi_slice_equals (target->member, "rpc.gap", strlen ("rpc.gap")))
    return FALSE;
  import->has_gap = FALSE;
  return TRUE;
}

static gboolean
is_end (RmiImport       *import,
        const RmiTarget *target)
{
  return import->is_implicit && rmi_slice_equals (target->member, "rpc.broken", strlen ("rpc.broken"));
}

/* The names of a stub's own interfaces, unless it is just @declared. */
static char *
list_types (RmiStub *stub,
            GType    declared)
{
  const RmiInterfaceEntry *entry = rmi_stub_get_entry (stub);
  g_autoptr(GString) list = g_string_new ("[");

  if (entry == NULL || entry == rmi_interface_lookup (declared))
    return NULL;
  for (; entry != NULL; entry = rmi_interface_entry_get_base (entry))
    g_string_append_printf (list, "%s\"%s\"", list->len > 1 ? "," : "", entry->name);
  g_string_append_c (list, ']');
  return g_string_free (g_steal_pointer (&list), FALSE);
}

static void
stub_importer_identify (RmiImporter  *importer,
                        GObject      *stub,
                        GType         declared,
                        char        **types,
                        char        **owner)
{
  RmiStubPrivate *priv = rmi_stub_get_private (RMI_STUB (stub));
  RmiImport *import = priv->view->import;
  const char *node = rmi_connection_get_peer_node (rmi_stub_get_route (RMI_STUB (stub)).connection);

  *types = import->types != NULL ? g_strdup (import->types) : list_types (RMI_STUB (stub), declared);
  if (import->owner != NULL)
    *owner = g_strdup (import->owner);
  else
    *owner = node != NULL ? g_strconcat (node, import->path, NULL) : NULL;
}

static void
take_event (RmiStub         *stub,
            const RmiTarget *target,
            gboolean         is_gap,
            RmiReader       *reader)
{
  RmiStubPrivate *priv = rmi_stub_get_private (stub);

  if (priv->tap != NULL)
    priv->tap (target, is_gap, reader, priv->tap_data);
  else
    rmi_stub_take_event (stub, target, reader);
}

/* Each stub decodes for itself: one's types may be known to it alone. All decode what was counted before. */
static void
tell_event (RmiImportTable  *table,
            RmiStub         *stub,
            const RmiTarget *target,
            gboolean         is_gap,
            RmiReader       *reader)
{
  g_autoptr(GError) error = NULL;

  if (!rmi_reader_is_void (reader))
    rmi_import_table_add_debts (table, (RmiSlice) { reader->start, reader->end - reader->start });
  take_event (stub, target, is_gap, reader);
  if (!rmi_reader_finish (reader, &error))
    g_debug ("The event %.*s was ignored: %s", (int) MIN (target->member.length, 100), target->member.data, error->message);
  if (is_gap)
    rmi_stub_tell_gap (stub);
}

static void
stub_importer_event (RmiImporter     *importer,
                     RmiConnection   *connection,
                     const RmiTarget *target,
                     RmiReader       *reader)
{
  g_autoptr(RmiConnection) kept = g_object_ref (connection);
  RmiImportTable *table = rmi_import_table_get (connection);
  RmiImport *import = rmi_import_table_lookup (table, target->path);
  g_autoptr(GPtrArray) stubs = NULL;
  g_autoptr(GPtrArray) held = NULL;
  const RmiReader pristine = *reader;
  gboolean is_gap;

  if (import == NULL)
    return;
  is_gap = take_gap (import, target);
  if (is_end (import, target))
    {
      rmi_import_break (import);
      return;
    }

  stubs = rmi_import_list_stubs (import);
  if (stubs->len == 0)
    return;
  if (!rmi_reader_is_void (reader))
    held = rmi_import_table_hold (table, (RmiSlice) { reader->start, reader->end - reader->start });
  for (guint i = 0; i < stubs->len; i++)
    {
      RmiReader again = pristine;

      tell_event (table, g_ptr_array_index (stubs, i), target, is_gap, i == 0 ? reader : &again);
    }
}

static void
stub_importer_disconnected (RmiImporter   *importer,
                            RmiConnection *connection)
{
  rmi_import_table_disconnect (rmi_import_table_get (connection));
}

static void
stub_importer_suspended (RmiImporter   *importer,
                         RmiConnection *connection)
{
  rmi_import_table_suspend (rmi_import_table_get (connection));
}

static GHashTable *
stub_importer_list_held (RmiImporter   *importer,
                         RmiConnection *connection)
{
  return rmi_import_table_list_held (rmi_import_table_get (connection));
}

static void
stub_importer_lost (RmiImporter   *importer,
                    RmiConnection *connection,
                    const char    *path)
{
  RmiImport *import = rmi_import_table_lookup (rmi_import_table_get (connection), path);

  if (import != NULL)
    import->has_lost = TRUE;
}

static void
stub_importer_connected (RmiImporter   *importer,
                         RmiConnection *connection)
{
  rmi_import_table_connect (rmi_import_table_get (connection));
}

static guint
stub_importer_count (RmiImporter   *importer,
                     RmiConnection *connection)
{
  return rmi_import_table_count (rmi_import_table_get (connection));
}

static void
importer_iface_init (RmiImporterInterface *iface)
{
  iface->import = stub_importer_import;
  iface->import_void = stub_importer_import_void;
  iface->describe = stub_importer_describe;
  iface->discard = stub_importer_discard;
  iface->event = stub_importer_event;
  iface->disconnected = stub_importer_disconnected;
  iface->suspended = stub_importer_suspended;
  iface->list_held = stub_importer_list_held;
  iface->lost = stub_importer_lost;
  iface->connected = stub_importer_connected;
  iface->count = stub_importer_count;
  iface->identify = stub_importer_identify;
}

/* ---- the object ---- */

static void
rmi_stub_importer_class_init (RmiStubImporterClass *klass)
{
}

static void
rmi_stub_importer_init (RmiStubImporter *self)
{
}

RmiStubImporter *
rmi_stub_importer_new (RmiPoller *poller)
{
  return g_object_new (RMI_TYPE_STUB_IMPORTER, NULL);
}

void
rmi_stub_move (RmiStub *self,
               RmiStub *other)
{
  rmi_import_move (rmi_stub_get_private (self)->view->import, other);
}

gpointer
rmi_stub_importer_get_stub (RmiStubImporter  *self,
                            RmiConnection    *connection,
                            const char       *path,
                            GType             interface_type,
                            GError          **error)
{
  GType stub_type = get_stub_type (interface_type);

  if (stub_type == G_TYPE_INVALID)
    {
      g_set_error (error, RMI_ERROR, RMI_ERROR_NOT_SUPPORTED, "There is no stub for %s",
                   g_type_name (interface_type));
      return NULL;
    }
  return rmi_import_get_stub (rmi_import_table_ensure (rmi_import_table_get (connection), path),
                              stub_type, TRUE);
}
