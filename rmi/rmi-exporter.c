/* rmi/rmi-exporter.c: the door to the object's side
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "config.h"
#include "rmi/rmi-exporter-internal.h"

G_DEFINE_INTERFACE (RmiExporter, rmi_exporter, G_TYPE_OBJECT)

static void
rmi_exporter_default_init (RmiExporterInterface *iface)
{
}

void
rmi_exporter_dispatch (RmiExporter *self,
                       RmiIncoming *incoming)
{
  RMI_EXPORTER_GET_IFACE (self)->dispatch (self, incoming);
}

const char *
rmi_exporter_hold (RmiExporter    *self,
                   RmiConnection  *connection,
                   GObject        *object,
                   GType           declared,
                   char          **types,
                   GError        **error)
{
  return RMI_EXPORTER_GET_IFACE (self)->hold (self, connection, object, declared, types, error);
}

void
rmi_exporter_release (RmiExporter   *self,
                      RmiConnection *connection,
                      const char    *path,
                      guint64        count)
{
  RMI_EXPORTER_GET_IFACE (self)->release (self, connection, path, count);
}

GObject *
rmi_exporter_find (RmiExporter   *self,
                   RmiConnection *connection,
                   const char    *path)
{
  return RMI_EXPORTER_GET_IFACE (self)->find (self, connection, path);
}

void
rmi_exporter_suspended (RmiExporter   *self,
                        RmiConnection *connection)
{
  RMI_EXPORTER_GET_IFACE (self)->suspended (self, connection);
}

void
rmi_exporter_held (RmiExporter   *self,
                   RmiConnection *connection,
                   const char    *path,
                   guint64        count)
{
  RMI_EXPORTER_GET_IFACE (self)->held (self, connection, path, count);
}

void
rmi_exporter_disconnected (RmiExporter   *self,
                           RmiConnection *connection)
{
  RMI_EXPORTER_GET_IFACE (self)->disconnected (self, connection);
}

void
rmi_exporter_drained (RmiExporter   *self,
                      RmiConnection *connection)
{
  RMI_EXPORTER_GET_IFACE (self)->drained (self, connection);
}

void
rmi_exporter_subscribe (RmiExporter   *self,
                        RmiConnection *connection,
                        const char    *path)
{
  RMI_EXPORTER_GET_IFACE (self)->subscribe (self, connection, path);
}

gboolean
rmi_exporter_is_exporting (RmiExporter *self)
{
  return RMI_EXPORTER_GET_IFACE (self)->is_exporting (self);
}

guint
rmi_exporter_count (RmiExporter   *self,
                    RmiConnection *connection)
{
  return RMI_EXPORTER_GET_IFACE (self)->count (self, connection);
}
