/* rmi/rmi-interface-info.h: the description of an interface
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Immutable and shared. Its one serial form is a JSON document (what #rpc.introspect sends and what generated code carries);
 * the XML is read by the parser, for people.
 */
#pragma once

#include <json-glib/json-glib.h>

#include "rmi/rmi-types.h"

G_BEGIN_DECLS

#define RMI_TYPE_INTERFACE_INFO (rmi_interface_info_get_type ())

RMI_AVAILABLE_IN_1_0
GType             rmi_interface_info_get_type     (void);
RMI_AVAILABLE_IN_1_0
RmiInterfaceInfo *rmi_interface_info_ref          (RmiInterfaceInfo *self);
RMI_AVAILABLE_IN_1_0
void              rmi_interface_info_unref        (RmiInterfaceInfo *self);
RMI_AVAILABLE_IN_1_0
RmiInterfaceInfo *rmi_interface_info_new_for_json (const char *json, gssize length, GError **error);
/* The interface @name of the XML file @filename (imports are followed), or its only one if @name is NULL. */
RMI_AVAILABLE_IN_1_0
RmiInterfaceInfo *rmi_interface_info_new_for_file (const char *filename, const char *name,
                                                   GError **error);
RMI_AVAILABLE_IN_1_0
const char       *rmi_interface_info_get_name     (RmiInterfaceInfo *self);
RMI_AVAILABLE_IN_1_0
char             *rmi_interface_info_to_json      (RmiInterfaceInfo *self);
/* Standard XML again, as the description files have it; for people (grmi introspect). */
RMI_AVAILABLE_IN_1_0
char             *rmi_interface_info_to_xml       (RmiInterfaceInfo *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RmiInterfaceInfo, rmi_interface_info_unref)

G_END_DECLS
