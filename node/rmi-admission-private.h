/* node/rmi-admission-private.h: who was let in, and who serves them
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Counts accepted connections, in all and of each host (which may be a user of this machine), and
 * those of each server: that is the node itself, or one of its workers. Those are in threads of
 * their own, so any thread may call.
 */
#pragma once

#include "rmi/rmi-limits-internal.h"

G_BEGIN_DECLS

typedef struct _RmiAdmission RmiAdmission;

RmiAdmission *rmi_admission_new   (guint n_servers);
RmiAdmission *rmi_admission_ref   (RmiAdmission *self);
void          rmi_admission_unref (RmiAdmission *self);
/* The host of this user's own programs on this machine: counted on its own. */
#define RMI_ADMISSION_OWN_USER ""
/* Lets somebody in: TRUE with the server that has the fewest. Else @why (static) says which of @limits, the host's, is reached. */
gboolean      rmi_admission_enter (RmiAdmission *self, const char *host, const RmiLimits *limits, guint *server, const char **why);
void          rmi_admission_leave (RmiAdmission *self, const char *host, guint server);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RmiAdmission, rmi_admission_unref)

G_END_DECLS
