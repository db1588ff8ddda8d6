/* rmi/rmi-interface-info-private.h: filling in the description of an interface
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "rmi/rmi-interface-info-internal.h"

G_BEGIN_DECLS

RmiInterfaceInfo *rmi_interface_info_new    (void);
RmiMethodInfo    *rmi_method_info_new       (void);
RmiSignalInfo    *rmi_signal_info_new       (void);
RmiPropertyInfo  *rmi_property_info_new     (void);
/* To be called once, when all is there and checked: makes the JSON document. */
void              rmi_interface_info_seal   (RmiInterfaceInfo *self);

/* What the signatures of an interface reach, nearest first, each under the name that a document of
 * this one interface calls it by. */
typedef struct
{
  GPtrArray  *declarations;      /* of RmiDeclaration, borrowed */
  GHashTable *aliases;           /* RmiDeclaration → its name */
} RmiOutline;

RmiOutline       *rmi_outline_new           (const RmiInterfaceInfo *info);
void              rmi_outline_free          (RmiOutline             *self);
const char       *rmi_outline_get_alias     (RmiOutline             *self,
                                             const RmiDeclaration   *declaration);
/* @type's signature in the names of the document; (transfer full) */
char             *rmi_outline_get_signature (RmiOutline             *self,
                                             const RmiTypeInfo      *type);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RmiOutline, rmi_outline_free)

G_END_DECLS
