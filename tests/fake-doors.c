/* tests/fake-doors.c: the two doors of a connection, without objects behind them
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "config.h"
#include "tests/fake-doors.h"

#include "rmi/rmi-call-internal.h"
#include "rmi/rmi-error.h"
#include "rmi/rmi-writer-internal.h"

/* ---- exporter ---- */

static void fake_exporter_iface_init (RmiExporterInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (FakeExporter, fake_exporter, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (RMI_TYPE_EXPORTER, fake_exporter_iface_init))

static void
fake_exporter_finalize (GObject *object)
{
  FakeExporter *self = FAKE_EXPORTER (object);

  g_clear_pointer (&self->later, rmi_incoming_unref);
  g_string_free (self->log, TRUE);
  G_OBJECT_CLASS (fake_exporter_parent_class)->finalize (object);
}

static void
fake_exporter_class_init (FakeExporterClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = fake_exporter_finalize;
}

static void
fake_exporter_init (FakeExporter *self)
{
  self->log = g_string_new (NULL);
}

FakeExporter *
fake_exporter_new (void)
{
  return g_object_new (FAKE_TYPE_EXPORTER, NULL);
}

static void
answer_text (RmiIncoming *incoming,
             const char  *text)
{
  RmiWriter *writer = rmi_incoming_begin_result (incoming);

  rmi_writer_add_string (writer, text);
  rmi_incoming_end_result (incoming, writer);
}

static void
fail (RmiIncoming *incoming,
      RmiError     code,
      const char  *text)
{
  g_autoptr(GError) error = g_error_new_literal (RMI_ERROR, code, text);

  rmi_incoming_return_error (incoming, error);
}

static void
echo (RmiIncoming *incoming)
{
  static const char *const names[] = { "text", NULL };
  RmiReader *reader = rmi_incoming_get_reader (incoming);
  g_autofree char *text = NULL;
  g_autoptr(GError) error = NULL;

  rmi_reader_begin_arguments (reader, names);
  if (rmi_reader_next_argument (reader, FALSE))
    text = rmi_reader_get_string (reader);
  rmi_reader_end_arguments (reader);
  if (rmi_reader_finish (reader, &error))
    answer_text (incoming, text);
  else
    rmi_incoming_return_error (incoming, error);
}

/* Calls the caller's own Echo, blocking, in the caller's chain. */
static void
call_back (RmiIncoming *incoming)
{
  g_autoptr(RmiCall) call = rmi_call_new (rmi_incoming_get_connection (incoming), "/caller", NULL, "Echo", 0);
  g_autoptr(GError) error = NULL;
  g_autofree char *text = NULL;
  RmiReader *reader;

  rmi_writer_add_string (rmi_call_get_writer (call), "back");
  reader = rmi_call_run (call, rmi_incoming_get_cancellable (incoming), &error);
  if (reader != NULL)
    text = rmi_reader_get_string (reader);
  if (reader == NULL || !rmi_call_end (call, &error))
    rmi_incoming_return_error (incoming, error);
  else
    answer_text (incoming, text);
}

static void
fake_exporter_dispatch (RmiExporter *exporter,
                        RmiIncoming *incoming)
{
  FakeExporter *self = FAKE_EXPORTER (exporter);
  const RmiTarget *target = rmi_incoming_get_target (incoming);
  g_autofree char *member = g_strndup (target->member.data, target->member.length);

  self->n_dispatched++;
  g_string_append_printf (self->log, "%s ", member);
  rmi_incoming_push_current (incoming);
  if (g_str_equal (member, "Echo"))
    echo (incoming);
  else if (g_str_equal (member, "Fail"))
    fail (incoming, RMI_ERROR_ACCESS_DENIED, "not for you");
  else if (g_str_equal (member, "Callback"))
    call_back (incoming);
  else if (g_str_equal (member, "Later"))
    {
      g_assert_null (self->later);
      self->later = rmi_incoming_ref (incoming);
      rmi_incoming_set_asynchronous (incoming);
    }
  else
    fail (incoming, RMI_ERROR_NO_SUCH_METHOD, "No such method");
  rmi_incoming_pop_current (incoming);
}

void
fake_exporter_answer (FakeExporter *self,
                      const char   *text)
{
  g_autoptr(RmiIncoming) incoming = g_steal_pointer (&self->later);

  answer_text (incoming, text);
}

static const char *
fake_exporter_hold (RmiExporter    *exporter,
                    RmiConnection  *connection,
                    GObject        *object,
                    GType           declared,
                    char          **types,
                    GError        **error)
{
  return "/~/fake";
}

static void
fake_exporter_release (RmiExporter   *exporter,
                       RmiConnection *connection,
                       const char    *path,
                       guint64        count)
{
  FAKE_EXPORTER (exporter)->n_released += count;
}

static GObject *
fake_exporter_find (RmiExporter   *exporter,
                    RmiConnection *connection,
                    const char    *path)
{
  return NULL;
}

static void
fake_exporter_disconnected (RmiExporter   *exporter,
                            RmiConnection *connection)
{
  FAKE_EXPORTER (exporter)->n_disconnected++;
}

static void
fake_exporter_held (RmiExporter   *exporter,
                    RmiConnection *connection,
                    const char    *path,
                    guint64        count)
{
}

static void
fake_exporter_nothing (RmiExporter   *exporter,
                       RmiConnection *connection)
{
}

static void
fake_exporter_subscribe (RmiExporter   *exporter,
                         RmiConnection *connection,
                         const char    *path)
{
  g_string_append_printf (FAKE_EXPORTER (exporter)->log, "subscribe:%s ", path);
}

static gboolean
fake_exporter_is_exporting (RmiExporter *exporter)
{
  return FAKE_EXPORTER (exporter)->is_exporting;
}

static guint
fake_exporter_count (RmiExporter   *exporter,
                     RmiConnection *connection)
{
  return 0;
}

static void
fake_exporter_iface_init (RmiExporterInterface *iface)
{
  iface->dispatch = fake_exporter_dispatch;
  iface->hold = fake_exporter_hold;
  iface->release = fake_exporter_release;
  iface->find = fake_exporter_find;
  iface->suspended = fake_exporter_nothing;
  iface->held = fake_exporter_held;
  iface->disconnected = fake_exporter_disconnected;
  iface->drained = fake_exporter_nothing;
  iface->subscribe = fake_exporter_subscribe;
  iface->is_exporting = fake_exporter_is_exporting;
  iface->count = fake_exporter_count;
}

/* ---- importer ---- */

static void fake_importer_iface_init (RmiImporterInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (FakeImporter, fake_importer, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (RMI_TYPE_IMPORTER, fake_importer_iface_init))

static void
fake_importer_finalize (GObject *object)
{
  FakeImporter *self = FAKE_IMPORTER (object);

  g_string_free (self->discarded, TRUE);
  g_string_free (self->events, TRUE);
  G_OBJECT_CLASS (fake_importer_parent_class)->finalize (object);
}

static void
fake_importer_class_init (FakeImporterClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = fake_importer_finalize;
}

static void
fake_importer_init (FakeImporter *self)
{
  self->discarded = g_string_new (NULL);
  self->events = g_string_new (NULL);
}

FakeImporter *
fake_importer_new (void)
{
  return g_object_new (FAKE_TYPE_IMPORTER, NULL);
}

static gpointer
fake_importer_import (RmiImporter             *importer,
                      RmiConnection           *connection,
                      const char              *path,
                      GType                    declared,
                      const RmiWireReference  *reference,
                      GError                 **error)
{
  g_set_error_literal (error, RMI_ERROR, RMI_ERROR_NOT_SUPPORTED, "no stubs here");
  return NULL;
}

static gboolean
fake_importer_describe (RmiImporter    *importer,
                        GObject        *object,
                        RmiConnection **connection,
                        const char    **path)
{
  return FALSE;
}

static void
fake_importer_discard (RmiImporter   *importer,
                       RmiConnection *connection,
                       const char    *path)
{
  g_string_append_printf (FAKE_IMPORTER (importer)->discarded, "%s ", path);
}

static void
fake_importer_event (RmiImporter     *importer,
                     RmiConnection   *connection,
                     const RmiTarget *target,
                     RmiReader       *arguments)
{
  g_string_append_printf (FAKE_IMPORTER (importer)->events, "%s!%.*s ", target->path, (int) target->member.length,
                          target->member.data);
}

static void
fake_importer_lost (RmiImporter   *importer,
                    RmiConnection *connection,
                    const char    *path)
{
  g_string_append_printf (FAKE_IMPORTER (importer)->events, "lost:%s ", path);
}

static void
fake_importer_nothing (RmiImporter   *importer,
                       RmiConnection *connection)
{
}

static GHashTable *
fake_importer_list_held (RmiImporter   *importer,
                         RmiConnection *connection)
{
  return g_hash_table_new (NULL, NULL);
}

static void
fake_importer_disconnected (RmiImporter   *importer,
                            RmiConnection *connection)
{
  FakeImporter *self = FAKE_IMPORTER (importer);

  if (self->on_disconnected != NULL)
    self->on_disconnected (connection, self->data);
}

static guint
fake_importer_count (RmiImporter   *importer,
                     RmiConnection *connection)
{
  return 0;
}

static void
fake_importer_iface_init (RmiImporterInterface *iface)
{
  iface->import = fake_importer_import;
  iface->import_void = fake_importer_import;
  iface->describe = fake_importer_describe;
  iface->discard = fake_importer_discard;
  iface->event = fake_importer_event;
  iface->suspended = fake_importer_nothing;
  iface->list_held = fake_importer_list_held;
  iface->disconnected = fake_importer_disconnected;
  iface->lost = fake_importer_lost;
  iface->connected = fake_importer_nothing;
  iface->count = fake_importer_count;
}
