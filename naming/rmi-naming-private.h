/* naming/rmi-naming-private.h: the naming service, as its files share it
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "naming/rmi-binder-private.h"
#include "naming/rmi-naming.h"

G_BEGIN_DECLS

struct _RmiNaming
{
  GObject           parent_instance;

  RmiNode          *node;
  char             *uri;
  RmiBinder        *binder;
  RmiNamesRegistry *registry;
};

/* What the registry at @uri said, as callers know it; (transfer full) in and out. */
GError  *rmi_naming_translate_error (GError *error, const char *uri);
gboolean rmi_naming_check_name      (const char *name, GError **error);

G_END_DECLS
