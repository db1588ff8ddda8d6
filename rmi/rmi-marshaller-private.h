/* rmi/rmi-marshaller-private.h: what both directions of the table-driven marshaller share
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "rmi/rmi-interface-info-internal.h"

G_BEGIN_DECLS

/* Whether GVariant knows the type as it is: no declared name and no "j" in it. */
gboolean   rmi_type_info_is_plain     (const RmiTypeInfo    *self);
/* Every field of a struct or class, those of the bases first (transfer container). */
GPtrArray *rmi_declaration_get_fields (const RmiDeclaration *self);
/* NULL if there is none of that name. */
const RmiEnumValueInfo *
           rmi_declaration_find_value (const RmiDeclaration *self,
                                       const char           *name,
                                       gsize                 length);

/* Copies validated JSON without white space. Keys that would make something a reference, `$ref` and
 * its like, get one `$` more; or lose it again. */
void       rmi_json_copy_guarded      (GString              *out,
                                       RmiSlice              text);
void       rmi_json_copy_unguarded    (GString              *out,
                                       RmiSlice              text);

G_END_DECLS
