/* tests/hostile/real-caller.h: an object that is called, and calls back
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "caller.h"

G_BEGIN_DECLS

#define REAL_TYPE_CALLER (real_caller_get_type ())
G_DECLARE_FINAL_TYPE (RealCaller, real_caller, REAL, CALLER, GObject)

struct _RealCaller
{
  GObject        parent_instance;
  gboolean       may_block;    /* else CallBack is refused */
  int            level;
  HostileCaller *kept;
  GQueue         later;        /* of RmiInvocation: calls of Later */
  guint          n_notes;
};

RealCaller *real_caller_new        (void);
/* Fails the calls of Later. */
void        real_caller_drop_later (RealCaller *self);
/* How many there are in this process. */
guint       real_caller_n_alive    (void);

G_END_DECLS
