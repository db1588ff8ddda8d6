/* rmi/rmi-importer.c: the door to the caller's side
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "config.h"
#include "rmi/rmi-importer-internal.h"

G_DEFINE_INTERFACE (RmiImporter, rmi_importer, G_TYPE_OBJECT)

static void
rmi_importer_default_init (RmiImporterInterface *iface)
{
}

gpointer
rmi_importer_import (RmiImporter             *self,
                     RmiConnection           *connection,
                     const char              *path,
                     GType                    declared,
                     const RmiWireReference  *reference,
                     GError                 **error)
{
  return RMI_IMPORTER_GET_IFACE (self)->import (self, connection, path, declared, reference, error);
}

void
rmi_importer_identify (RmiImporter  *self,
                       GObject      *stub,
                       GType         declared,
                       char        **types,
                       char        **owner)
{
  RMI_IMPORTER_GET_IFACE (self)->identify (self, stub, declared, types, owner);
}

gpointer
rmi_importer_import_void (RmiImporter             *self,
                          RmiConnection           *connection,
                          const char              *path,
                          GType                    declared,
                          const RmiWireReference  *reference,
                          GError                 **error)
{
  return RMI_IMPORTER_GET_IFACE (self)->import_void (self, connection, path, declared, reference, error);
}

gboolean
rmi_importer_describe (RmiImporter    *self,
                       GObject        *object,
                       RmiConnection **connection,
                       const char    **path)
{
  return RMI_IMPORTER_GET_IFACE (self)->describe (self, object, connection, path);
}

void
rmi_importer_discard (RmiImporter   *self,
                      RmiConnection *connection,
                      const char    *path)
{
  RMI_IMPORTER_GET_IFACE (self)->discard (self, connection, path);
}

void
rmi_importer_event (RmiImporter     *self,
                    RmiConnection   *connection,
                    const RmiTarget *target,
                    RmiReader       *arguments)
{
  RMI_IMPORTER_GET_IFACE (self)->event (self, connection, target, arguments);
}

void
rmi_importer_disconnected (RmiImporter   *self,
                           RmiConnection *connection)
{
  RMI_IMPORTER_GET_IFACE (self)->disconnected (self, connection);
}

void
rmi_importer_suspended (RmiImporter   *self,
                        RmiConnection *connection)
{
  RMI_IMPORTER_GET_IFACE (self)->suspended (self, connection);
}

GHashTable *
rmi_importer_list_held (RmiImporter   *self,
                        RmiConnection *connection)
{
  return RMI_IMPORTER_GET_IFACE (self)->list_held (self, connection);
}

void
rmi_importer_lost (RmiImporter   *self,
                   RmiConnection *connection,
                   const char    *path)
{
  RMI_IMPORTER_GET_IFACE (self)->lost (self, connection, path);
}

void
rmi_importer_connected (RmiImporter   *self,
                        RmiConnection *connection)
{
  RMI_IMPORTER_GET_IFACE (self)->connected (self, connection);
}

guint
rmi_importer_count (RmiImporter   *self,
                    RmiConnection *connection)
{
  return RMI_IMPORTER_GET_IFACE (self)->count (self, connection);
}
