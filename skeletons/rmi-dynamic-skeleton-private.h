/* skeletons/rmi-dynamic-skeleton-private.h: properties of a dynamic skeleton, as the exporter asks for them
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "rmi/rmi-interface-entry.h"
#include "rmi/rmi-interface-info-internal.h"
#include "skeletons/rmi-dynamic-skeleton.h"

G_BEGIN_DECLS

/* An entry, and all that it points to. */
typedef struct
{
  RmiInterfaceEntry  entry;
  RmiInterfaceInfo  *info;
  GPtrArray         *texts;        /* names made for it */
} RmiDynamicInterface;

RmiDynamicInterface   *rmi_dynamic_interface_new     (RmiInterfaceInfo *info);
void                   rmi_dynamic_interface_free    (RmiDynamicInterface *self);
/* (element-type RmiDynamicInterface), of one object: those that extend another one learn of it. */
void                   rmi_dynamic_interface_link    (GPtrArray *interfaces);

/* Somebody hears of @entry's members from now on, or nobody does any more. Runs user code. */
void                   rmi_dynamic_skeleton_listen   (RmiDynamicSkeleton *self, const RmiInterfaceEntry *entry, gboolean is_wanted);
const RmiPropertyInfo *rmi_dynamic_property_get_info (const RmiPropertyEntry *property);
/* Writes the value, as the member @key unless that is NULL. A property without a value is no member, but an error by itself.
 * Runs user code. */
void                   rmi_dynamic_property_write    (RmiDynamicSkeleton *self, const RmiPropertyEntry *property, const char *key, RmiWriter *writer);
gboolean               rmi_dynamic_property_read     (RmiDynamicSkeleton *self, const RmiPropertyEntry *property, RmiReader *reader, GError **error);

G_END_DECLS
