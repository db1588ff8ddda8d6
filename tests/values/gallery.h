/* tests/values/gallery.h: an object in one node, a stub of it in another
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The object lives in a thread of its own; between the two is a real socket. It looks at what it gets, and gives it back.
 */
#pragma once

#include <rmi-glib/rmi-glib.h>

#include "values.h"

G_BEGIN_DECLS

typedef struct
{
  GThread       *thread;
  GMainContext  *context;
  GMainLoop     *loop;
  GMutex         lock;
  GCond          is_up;
  char          *uri;
  char          *object_uri;
  RmiNode       *node;          /* the test's */
  ValuesGallery *gallery;       /* a stub */
} Gallery;

void gallery_set_up    (Gallery *self, gconstpointer data);
void gallery_tear_down (Gallery *self, gconstpointer data);

G_END_DECLS
