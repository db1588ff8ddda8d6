/* tools/codegen/codegen-compat.h: what a changed description does to programs built from the old one
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "rmi/rmi-description-internal.h"

G_BEGIN_DECLS

/* All that would break a peer, each as "file:line:column: what and why", in the order of the files. (transfer full) */
GPtrArray *codegen_compare (RmiDescription *old, RmiDescription *new);

G_END_DECLS
