/* rmi/rmi-forwarder.c: an exported object that stands for another peer's
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "config.h"
#include "rmi/rmi-forwarder-internal.h"

G_DEFINE_INTERFACE (RmiForwarder, rmi_forwarder, G_TYPE_OBJECT)

static void
rmi_forwarder_default_init (RmiForwarderInterface *iface)
{
}

void
rmi_forwarder_forward (RmiForwarder *self,
                       RmiIncoming  *incoming)
{
  RMI_FORWARDER_GET_IFACE (self)->forward (self, incoming);
}

void
rmi_forwarder_subscribe (RmiForwarder  *self,
                         RmiConnection *connection,
                         const char    *path,
                         const char    *member,
                         RmiIncoming   *incoming)
{
  RMI_FORWARDER_GET_IFACE (self)->subscribe (self, connection, path, member, incoming);
}

void
rmi_forwarder_listen (RmiForwarder *self,
                      gboolean      is_wanted)
{
  RMI_FORWARDER_GET_IFACE (self)->listen (self, is_wanted);
}

gpointer
rmi_forwarder_dup_target (RmiForwarder *self,
                          GType         declared)
{
  return RMI_FORWARDER_GET_IFACE (self)->dup_target (self, declared);
}
