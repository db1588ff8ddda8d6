/* rmi/rmi-type-info-private.h: type signatures with declared names, taken apart
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "rmi/rmi-interface-info-internal.h"

G_BEGIN_DECLS

/* What @name stands for; NULL with @error, which is shown behind the signature. */
typedef RmiDeclaration *(*RmiTypeFindFunc)  (const char      *name,
                                             gpointer         user_data,
                                             GError         **error);
typedef const char     *(*RmiTypeAliasFunc) (RmiDeclaration  *declaration,
                                             gpointer         user_data);

/* RMI_ERROR_INVALID_ARGUMENTS says what is wrong at which character. */
RmiTypeInfo *rmi_type_info_parse  (const char         *signature,
                                   RmiTypeFindFunc     find,
                                   gpointer            user_data,
                                   GError            **error);
void         rmi_type_info_free   (RmiTypeInfo        *self);
/* The signature again, with declarations by other names. */
char        *rmi_type_info_rename (const RmiTypeInfo  *self,
                                   RmiTypeAliasFunc    alias,
                                   gpointer            user_data);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RmiTypeInfo, rmi_type_info_free)

G_END_DECLS
