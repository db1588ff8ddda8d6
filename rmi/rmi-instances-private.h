/* rmi/rmi-instances-private.h: objects by value that a writer has met
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * By address, so that one met again is written as `{"$same":n}`.
 */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

typedef struct
{
  gpointer object;
  guint32  ordinal;               /* of its `{` */
  guint32  round;                 /* of the table when it was met; any other: the slot is free */
} RmiInstance;

typedef struct
{
  RmiInstance *slots;             /* of a power of two; NULL: none yet */
  guint        n_slots;
  guint        n_used;
  guint32      round;             /* never 0 */
  gboolean     is_keeping;
  GPtrArray   *kept;              /* objects held, so that no other gets their address; nullable */
} RmiInstanceTable;

/* Whether @object was met: then @ordinal is that of its `{`. If not, it is from now on, at @ordinal. */
gboolean rmi_instance_table_meet  (RmiInstanceTable *self,
                                   gpointer          object,
                                   guint32          *ordinal);
/* Empty again. Keeps its memory if that is little. */
void     rmi_instance_table_reset (RmiInstanceTable *self);
void     rmi_instance_table_clear (RmiInstanceTable *self);

G_END_DECLS
