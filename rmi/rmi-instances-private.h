/* rmi/rmi-instances-private.h: objects by value that a writer has met
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * By address, so that one met again is written as `{"$same":n}`, and one that contains itself is found.
 */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

typedef struct
{
  gpointer object;                /* NULL: free */
  guint    ordinal;               /* of its `{` */
  gboolean is_open;               /* being written */
} RmiInstance;

typedef struct
{
  RmiInstance *slots;             /* of a power of two; NULL: none yet */
  guint        n_slots;
  guint        n_used;
  gboolean     is_keeping;
  GPtrArray   *kept;              /* objects held, so that no other gets their address; nullable */
} RmiInstanceTable;

/* The slot of @object; if it is a new one its @object is NULL, and the caller fills it. Valid until the next call. */
RmiInstance *rmi_instance_table_get   (RmiInstanceTable *self,
                                       gpointer          object);
/* Empty again. Keeps its memory if that is little. */
void         rmi_instance_table_reset (RmiInstanceTable *self);
void         rmi_instance_table_clear (RmiInstanceTable *self);

G_END_DECLS
