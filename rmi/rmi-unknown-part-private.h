/* rmi/rmi-unknown-part-private.h: what this program does not know of an object by value
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The classes that it derives from and that are not known here, and their members, as text. It hangs on the object, and goes
 * out again with it.
 */
#pragma once

#include "rmi/rmi-reader-private.h"

G_BEGIN_DECLS

struct _RmiUnknownPart
{
  GPtrArray *names;               /* of char *: classes, most derived first */
  GString   *members;             /* `"name":value,…` */
  gboolean   is_lost;             /* there is something in it that means nothing outside of its message */
};

void                  rmi_unknown_part_free       (RmiUnknownPart  *self);
/* A class that is not known, of the object that is going to be read. Makes *@unknown if need be. */
void                  rmi_reader_add_unknown_name (RmiReader       *self,
                                                   RmiUnknownPart **unknown,
                                                   RmiSlice         name);
/* Takes over @self. */
void                  rmi_unknown_part_hang_on    (RmiUnknownPart  *self,
                                                   GObject         *object);
/* NULL if all of it is known. Quick as long as no object has any. */
const RmiUnknownPart *rmi_unknown_part_of         (GObject         *object);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RmiUnknownPart, rmi_unknown_part_free)

G_END_DECLS
