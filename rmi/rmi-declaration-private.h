/* rmi/rmi-declaration-private.h: declared types, and what holds for all of them together
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "rmi/rmi-interface-info-internal.h"

G_BEGIN_DECLS

/* With the arrays that its kind has. */
RmiDeclaration *rmi_declaration_new      (RmiDeclarationKind  kind);
void            rmi_declaration_free     (RmiDeclaration     *self);
RmiFieldInfo   *rmi_field_info_new       (void);
void            rmi_field_info_free      (RmiFieldInfo       *self);
gboolean        rmi_declaration_kind_from_string (const char         *text,
                                                  RmiDeclarationKind *kind);

/* Checks resolved declarations: no circle of `extends`, none too long, no property twice in a class
 * and its bases, no struct inside itself. Then lets classes know each other. FALSE with RMI_ERROR_INVALID_ARGUMENTS and the one that
 * is wrong. */
gboolean        rmi_declarations_check   (GPtrArray             *declarations,
                                          const RmiDeclaration **culprit,
                                          GError               **error);

/* The class of that name in the file of the class @self; NULL if there is none. */
const RmiDeclaration *
                rmi_declaration_find_class (const RmiDeclaration *self,
                                            const char           *name);
/* Whether it is @base or extends it. @self: checked. */
gboolean        rmi_declaration_is_a       (const RmiDeclaration *self,
                                            const RmiDeclaration *base);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RmiDeclaration, rmi_declaration_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RmiFieldInfo, rmi_field_info_free)

G_END_DECLS
