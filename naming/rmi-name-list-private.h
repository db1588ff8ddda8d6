/* naming/rmi-name-list-private.h: names, page by page
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "naming/rmi-names.h"

G_BEGIN_DECLS

typedef struct
{
  char      *prefix;
  GPtrArray *names;
  gboolean   is_complete;
} RmiNameList;

RmiNameList *rmi_name_list_new      (const char *prefix);
void         rmi_name_list_free     (RmiNameList *self);
/* The name to go on behind, or "". */
const char  *rmi_name_list_get_last (RmiNameList *self);
/* RMI_ERROR_BAD_REPLY if the registry does not get on. */
gboolean
rmi_name_list_add_page (RmiNameList *self, GPtrArray *entries, gboolean more, GError **error);
GStrv        rmi_name_list_steal    (RmiNameList *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RmiNameList, rmi_name_list_free)

G_END_DECLS
