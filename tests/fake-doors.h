/* tests/fake-doors.h: the two doors of a connection, without objects behind them
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * So that connections are tested before stubs and skeletons come in. The exporter counts what it is told and answers a few
 * methods of any object: Echo (s) → s, Fail, Later (answered by fake_exporter_answer()), Callback (calls back, blocking).
 */
#pragma once

#include "rmi/rmi-exporter-internal.h"
#include "rmi/rmi-importer-internal.h"

G_BEGIN_DECLS

#define FAKE_TYPE_EXPORTER (fake_exporter_get_type ())
G_DECLARE_FINAL_TYPE (FakeExporter, fake_exporter, FAKE, EXPORTER, GObject)

struct _FakeExporter
{
  GObject     parent_instance;
  guint       n_dispatched;
  guint       n_disconnected;
  guint64     n_released;
  gboolean    is_exporting;
  RmiIncoming *later;
  GString    *log;            /* members, in the order dispatched */
};

FakeExporter *fake_exporter_new    (void);
/* Answers the call of Later with @text. */
void          fake_exporter_answer (FakeExporter *self, const char *text);

#define FAKE_TYPE_IMPORTER (fake_importer_get_type ())
G_DECLARE_FINAL_TYPE (FakeImporter, fake_importer, FAKE, IMPORTER, GObject)

struct _FakeImporter
{
  GObject  parent_instance;
  GString *discarded;         /* paths, each with a space after it */
  GString *events;
  void   (*on_disconnected) (RmiConnection *connection, gpointer data);   /* nullable: as handlers of rmi-broken do */
  gpointer data;
};

FakeImporter *fake_importer_new (void);

G_END_DECLS
