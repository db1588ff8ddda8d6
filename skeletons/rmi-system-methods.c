/* skeletons/rmi-system-methods.c: what every object answers: `#rpc.…`
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "config.h"
#include "skeletons/rmi-system-methods-private.h"

#include "rmi/rmi-error.h"
#include "rmi/rmi-forwarder-internal.h"
#include "rmi/rmi-writer-internal.h"
#include "skeletons/rmi-skeleton-private.h"

#define PREFIX "rpc."

typedef struct
{
  RmiSkeleton            *skeleton;
  const RmiPropertyEntry *entry;
} Property;

/* No object has it. */
static const RmiInterfaceEntry nothing = { .name = "" };

gboolean
rmi_system_method_is (RmiSlice member)
{
  return member.length > strlen (PREFIX) && memcmp (member.data, PREFIX, strlen (PREFIX)) == 0;
}

gboolean
rmi_system_method_is_of_hold (RmiSlice member)
{
  static const char *const names[] = { "rpc.hold", "rpc.subscribe", "rpc.unsubscribe" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (rmi_slice_equals (member, names[i], strlen (names[i])))
      return TRUE;
  return FALSE;
}

/* ---- properties ---- */

/* @name is `<Name>` or `<interface>.<Name>`. */
static gboolean
names_property (const char              *name,
                const RmiInterfaceEntry *interface,
                const RmiPropertyEntry  *property)
{
  const char *dot = strrchr (name, '.');
  const char *base = dot != NULL ? dot + 1 : name;

  if (!g_str_equal (base, property->name))
    return FALSE;
  return dot == NULL || (strlen (interface->name) == (gsize) (dot - name) &&
                         strncmp (interface->name, name, dot - name) == 0);
}

static gboolean
find_property (RmiExport   *export,
               const char  *name,
               Property    *property,
               GError     **error)
{
  for (guint i = 0; i < export->skeletons->len; i++)
    {
      RmiSkeleton *skeleton = g_ptr_array_index (export->skeletons, i);
      const RmiInterfaceEntry *entry = rmi_skeleton_get_entry (skeleton);

      for (guint j = 0; j < entry->n_properties; j++)
        if (names_property (name, entry, &entry->properties[j]))
          {
            property->skeleton = skeleton;
            property->entry = &entry->properties[j];
            return TRUE;
          }
    }

  g_set_error (error, RMI_ERROR, RMI_ERROR_NO_SUCH_METHOD, "The object has no property %.200s",
               name);
  return FALSE;
}

static gpointer
copy_ref (gconstpointer object,
          gpointer      unused)
{
  return g_object_ref ((gpointer) object);
}

/* The values of @interface and what it extends, or of all if it is NULL. */
static void
write_values (RmiExport               *export,
              const RmiInterfaceEntry *interface,
              RmiWriter               *writer)
{
  gboolean is_qualified = rmi_export_is_qualified (export);
  g_autoptr(GPtrArray) skeletons = g_ptr_array_copy (export->skeletons, copy_ref, NULL);

  rmi_writer_begin_object (writer);
  for (guint i = 0; i < skeletons->len; i++)
    {
      RmiSkeleton *skeleton = g_ptr_array_index (skeletons, i);
      const RmiInterfaceEntry *entry = rmi_skeleton_get_entry (skeleton);

      if (interface != NULL && !rmi_export_entry_is_a (interface, entry))
        continue;
      /* A getter may end the export. */
      for (guint j = 0; j < entry->n_properties && !rmi_export_is_dropped (export); j++)
        if (rmi_skeleton_is_readable (skeleton, &entry->properties[j]))
          rmi_skeleton_write_property (skeleton, &entry->properties[j], is_qualified, writer);
    }
  rmi_writer_end_object (writer);
}

/* ---- arguments ---- */

/* Reads [interface?]: NULL if it is not given. */
static gboolean
read_interface (RmiExport                *export,
                RmiReader                *reader,
                const RmiInterfaceEntry **interface,
                GError                  **error)
{
  static const char *const names[] = { "interface", NULL };
  g_autofree char *name = NULL;

  rmi_reader_begin_arguments (reader, names);
  if (rmi_reader_next_argument (reader, TRUE) && !rmi_reader_take_null (reader))
    name = rmi_reader_get_string (reader);
  rmi_reader_end_arguments (reader);
  if (!rmi_reader_finish (reader, error))
    return FALSE;

  *interface = NULL;
  if (name == NULL)
    return TRUE;
  for (guint i = 0; i < export->skeletons->len; i++)
    {
      RmiSkeleton *skeleton = g_ptr_array_index (export->skeletons, i);

      if (g_str_equal (rmi_skeleton_get_entry (skeleton)->name, name))
        {
          *interface = rmi_skeleton_get_entry (skeleton);
          return TRUE;
        }
    }
  g_set_error (error, RMI_ERROR, RMI_ERROR_NO_SUCH_OBJECT, "The object does not implement %.200s",
               name);
  return FALSE;
}

/* ---- members ---- */

static gboolean
introspect (RmiExport    *export,
            RmiIncoming  *incoming,
            GError      **error)
{
  static const char *const names[] = { NULL };
  RmiReader *reader = rmi_incoming_get_reader (incoming);
  RmiWriter *writer;

  rmi_reader_begin_arguments (reader, names);
  rmi_reader_end_arguments (reader);
  if (!rmi_reader_finish (reader, error))
    return FALSE;

  writer = rmi_incoming_begin_result (incoming);
  rmi_writer_begin_object (writer);
  rmi_writer_add_member (writer, "path");
  rmi_writer_add_string (writer, rmi_incoming_get_target (incoming)->path);
  rmi_writer_add_member (writer, "interfaces");
  rmi_writer_begin_array (writer);
  for (guint i = 0; i < export->skeletons->len; i++)
    {
      const char *description =
          rmi_skeleton_get_entry (g_ptr_array_index (export->skeletons, i))->description;

      rmi_writer_add_raw (writer, description, strlen (description));
    }
  rmi_writer_end_array (writer);
  rmi_writer_end_object (writer);
  rmi_incoming_end_result (incoming, writer);
  return TRUE;
}

static gboolean
get_property (RmiExport    *export,
              RmiIncoming  *incoming,
              GError      **error)
{
  static const char *const names[] = { "property", NULL };
  RmiReader *reader = rmi_incoming_get_reader (incoming);
  g_autofree char *name = NULL;
  Property property;
  RmiWriter *writer;

  rmi_reader_begin_arguments (reader, names);
  if (rmi_reader_next_argument (reader, FALSE))
    name = rmi_reader_get_string (reader);
  rmi_reader_end_arguments (reader);
  if (!rmi_reader_finish (reader, error) || !find_property (export, name, &property, error))
    return FALSE;
  if (!rmi_skeleton_is_readable (property.skeleton, property.entry))
    {
      g_set_error (error, RMI_ERROR, RMI_ERROR_ACCESS_DENIED, "The property %s cannot be read",
                   property.entry->name);
      return FALSE;
    }

  writer = rmi_incoming_begin_result (incoming);
  rmi_skeleton_write_value (property.skeleton, property.entry, writer);
  rmi_incoming_end_result (incoming, writer);
  return TRUE;
}

static void
answer_null (RmiIncoming *incoming)
{
  RmiWriter *writer = rmi_incoming_begin_result (incoming);

  rmi_writer_add_null (writer);
  rmi_incoming_end_result (incoming, writer);
}

static gboolean
set_property (RmiExport    *export,
              RmiIncoming  *incoming,
              GError      **error)
{
  static const char *const names[] = { "property", "value", NULL };
  RmiReader *reader = rmi_incoming_get_reader (incoming);
  g_autofree char *name = NULL;
  Property property;

  rmi_reader_begin_arguments (reader, names);
  if (rmi_reader_next_argument (reader, FALSE))
    name = rmi_reader_get_string (reader);
  if (rmi_reader_has_failed (reader))
    return rmi_reader_finish (reader, error);
  if (!find_property (export, name, &property, error))
    return FALSE;
  if (!rmi_skeleton_is_writable (property.skeleton, property.entry))
    {
      g_set_error (error, RMI_ERROR, RMI_ERROR_ACCESS_DENIED, "The property %s cannot be set",
                   property.entry->name);
      return FALSE;
    }

  if (!rmi_skeleton_set_value (property.skeleton, property.entry, reader, error))
    return FALSE;
  answer_null (incoming);
  return TRUE;
}

static gboolean
get_all (RmiExport    *export,
         RmiIncoming  *incoming,
         GError      **error)
{
  const RmiInterfaceEntry *interface;
  RmiWriter *writer;

  if (!read_interface (export, rmi_incoming_get_reader (incoming), &interface, error))
    return FALSE;

  writer = rmi_incoming_begin_result (incoming);
  write_values (export, interface, writer);
  rmi_incoming_end_result (incoming, writer);
  return TRUE;
}

/* One event with the values of now; FALSE if it was not queued: then it is lost, as any other. What getters emit meanwhile
 * comes before it, or is lost if it tells of a gap. */
static gboolean
send_values (RmiExport               *export,
             RmiConnection           *connection,
             const char              *path,
             const char              *member,
             const RmiInterfaceEntry *interface)
{
  RmiWriter *writer = rmi_connection_begin_event (connection, path, NULL, member);
  RmiSubscription *subscription;
  gboolean was_queued;

  write_values (export, interface, writer);
  was_queued = rmi_connection_end_event (connection, writer);
  subscription = rmi_export_find_subscription (export, connection, path);
  if (subscription != NULL)
    subscription->has_gap = !was_queued;
  return was_queued;
}

/* Values that cannot be told at once, the peer may ask for one by one; that it has to, is told. */
static void
tell_values (RmiExport               *export,
             RmiConnection           *connection,
             const char              *path,
             const char              *member,
             const RmiInterfaceEntry *interface)
{
  RmiSubscription *subscription = rmi_export_find_subscription (export, connection, path);

  /* It does not read: it is told when it does. */
  if (subscription != NULL && !rmi_connection_takes_events (connection))
    subscription->has_gap = TRUE;
  else if (RMI_IS_FORWARDER (export->object))
    rmi_forwarder_subscribe (RMI_FORWARDER (export->object), connection, path, member, NULL);
  else if (!send_values (export, connection, path, member, interface))
    send_values (export, connection, path, "rpc.gap", &nothing);
}

void
rmi_system_method_tell_gaps (GArray *gaps)
{
  for (guint i = 0; i < gaps->len; i++)
    {
      RmiGap *gap = &g_array_index (gaps, RmiGap, i);
      RmiSubscription *subscription =
          rmi_export_find_subscription (gap->export, gap->connection, gap->path);

      if (subscription != NULL && subscription->has_gap && rmi_connection_takes_events (gap->connection))
        tell_values (gap->export, gap->connection, gap->path, "rpc.gap", NULL);
    }
  g_array_unref (gaps);
}

static void
tell_gaps_cb (gpointer export,
              gpointer unused)
{
  rmi_system_method_tell_gaps (rmi_export_list_gaps (export));
}

void
rmi_system_method_tell_gaps_soon (RmiExport *export)
{
  rmi_poller_hand_over (export->poller, tell_gaps_cb, rmi_export_ref (export),
                        (GDestroyNotify) rmi_export_unref);
}

void
rmi_system_method_subscribe (RmiExport     *export,
                             RmiConnection *connection,
                             const char    *path)
{
  g_autoptr(RmiExport) kept = rmi_export_ref (export);
  g_autoptr(GError) error = NULL;
  gboolean is_first = rmi_export_find_subscription (export, connection, path) == NULL;

  if (rmi_export_subscribe (export, connection, path, &error))
    tell_values (export, connection, path, is_first ? "rpc.changed" : "rpc.gap", NULL);
  else
    g_debug ("%s", error->message);
}

/* The answer to a request is the values; that to a notification, one event that tells them. Who subscribes once more has lost
 * events itself. */
static gboolean
subscribe (RmiExport    *export,
           RmiIncoming  *incoming,
           GError      **error)
{
  RmiConnection *connection = rmi_incoming_get_connection (incoming);
  const char *path = rmi_incoming_get_target (incoming)->path;
  gboolean is_first = rmi_export_find_subscription (export, connection, path) == NULL;
  const RmiInterfaceEntry *interface;
  RmiWriter *writer;

  if (RMI_IS_FORWARDER (export->object))
    {
      if (!rmi_export_subscribe (export, connection, path, error))
        return FALSE;
      rmi_forwarder_subscribe (RMI_FORWARDER (export->object), connection, path, is_first ? "rpc.changed" : "rpc.gap",
                               incoming);
      return TRUE;
    }

  if (!read_interface (export, rmi_incoming_get_reader (incoming), &interface, error)
      || !rmi_export_subscribe (export, connection, path, error))
    return FALSE;

  if (!rmi_incoming_is_notification (incoming))
    {
      writer = rmi_incoming_begin_result (incoming);
      write_values (export, interface, writer);
      rmi_incoming_end_result (incoming, writer);
      return TRUE;
    }

  tell_values (export, connection, path, is_first ? "rpc.changed" : "rpc.gap", interface);
  answer_null (incoming);
  return TRUE;
}

static gboolean
unsubscribe (RmiExport    *export,
             RmiIncoming  *incoming,
             GError      **error)
{
  static const char *const names[] = { NULL };
  RmiReader *reader = rmi_incoming_get_reader (incoming);

  rmi_reader_begin_arguments (reader, names);
  rmi_reader_end_arguments (reader);
  if (!rmi_reader_finish (reader, error))
    return FALSE;

  rmi_export_unsubscribe (export, rmi_incoming_get_connection (incoming), rmi_incoming_get_target (incoming)->path);
  answer_null (incoming);
  return TRUE;
}

/* The answer is a reference, and so it is counted. */
static gboolean
hold (RmiExport    *export,
      RmiIncoming  *incoming,
      GError      **error)
{
  static const char *const names[] = { NULL };
  RmiReader *reader = rmi_incoming_get_reader (incoming);
  RmiWriter *writer;

  rmi_reader_begin_arguments (reader, names);
  rmi_reader_end_arguments (reader);
  if (!rmi_reader_finish (reader, error))
    return FALSE;

  writer = rmi_incoming_begin_result (incoming);
  rmi_writer_add_object (writer, export->object, G_TYPE_OBJECT);
  rmi_incoming_end_result (incoming, writer);
  return TRUE;
}

typedef struct
{
  const char *name;
  gboolean  (*run) (RmiExport *export, RmiIncoming *incoming, GError **error);
} SystemMethod;

static const SystemMethod methods[] = {
  { "rpc.hold", hold },
  { "rpc.introspect", introspect },
  { "rpc.get", get_property },
  { "rpc.get_all", get_all },
  { "rpc.set", set_property },
  { "rpc.subscribe", subscribe },
  { "rpc.unsubscribe", unsubscribe },
};

void
rmi_system_method_run (RmiExport   *export,
                       RmiIncoming *incoming)
{
  RmiSlice member = rmi_incoming_get_target (incoming)->member;
  const SystemMethod *method = NULL;
  g_autoptr(GError) error = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (methods) && method == NULL; i++)
    if (rmi_slice_equals (member, methods[i].name, strlen (methods[i].name)))
      method = &methods[i];
  if (method == NULL)
    {
      g_set_error (&error, RMI_ERROR, RMI_ERROR_NO_SUCH_METHOD, "There is no system method %.*s",
                   (int) MIN (member.length, 200), member.data);
      rmi_incoming_return_error (incoming, error);
      return;
    }

  rmi_incoming_push_current (incoming);
  if (!method->run (export, incoming, &error))
    rmi_incoming_return_error (incoming, error);
  rmi_incoming_pop_current (incoming);
}
