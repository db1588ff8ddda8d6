/* rmi/rmi-shared-private.h: what `{"$same":n}` may stand for
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Objects by value, as they were read: GObjects, or the GVariants that stand for them. They are noted only in texts that have
 * a `$`, so that others cost nothing.
 */
#pragma once

#include "rmi/rmi-reader-private.h"

G_BEGIN_DECLS

typedef struct
{
  const char   *position;         /* of its `{` */
  gpointer      value;            /* held: a dictionary may lose it while the rest is read. NULL: there is none yet */
  gboolean      is_open;          /* not all of it was read */
  gconstpointer tag;              /* the reader's */
} RmiShared;

/* How the object at the cursor begins. */
typedef enum
{
  RMI_SPECIAL_NONE,               /* the cursor is behind the `{` */
  RMI_SPECIAL_TYPE,               /* …at the value of "$type" */
  RMI_SPECIAL_SAME,               /* …at the value of "$same" */
} RmiSpecial;

/* Enters the object at the cursor. FALSE and an error that sticks if there is none. */
gboolean         rmi_reader_enter_instance (RmiReader      *self,
                                            GDestroyNotify  unref,      /* of values */
                                            const char    **position,
                                            RmiSpecial     *special);
/* One that begins at @position, behind all that were noted. Takes over @value. Nothing happens where nothing is noted. */
void             rmi_reader_open_shared    (RmiReader      *self,
                                            const char     *position,
                                            gpointer        value,
                                            gconstpointer   tag);
/* All of it was read. Takes over @value, if it was not known before. */
void             rmi_reader_close_shared   (RmiReader      *self,
                                            const char     *position,
                                            gpointer        value);
/* Reads n and what is behind it. NULL and an error that sticks if it stands for nothing; one without
   a tag if it was not seen while checking. Valid until the next is opened. */
const RmiShared *rmi_reader_take_same      (RmiReader      *self,
                                            const char     *position);

G_END_DECLS
