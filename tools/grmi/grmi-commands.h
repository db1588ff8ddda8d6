/* tools/grmi/grmi-commands.h: what grmi can do
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "tools/grmi/grmi-session.h"

G_BEGIN_DECLS

/* @arguments: those of the command, options taken out; NULL-terminated. */
typedef gboolean (*GrmiRun) (GrmiSession *session, const char *const *arguments, GError **error);

typedef struct
{
  const char         *name;
  const char         *usage;
  const char         *summary;
  guint               n_min, n_max;       /* arguments */
  gboolean            takes_any_text;     /* options end at the first argument: "-5" is one */
  GrmiRun             run;
  const GOptionEntry *options;            /* nullable */
} GrmiCommand;

extern const GrmiCommand grmi_list_command;
extern const GrmiCommand grmi_introspect_command;
extern const GrmiCommand grmi_call_command;
extern const GrmiCommand grmi_get_command;
extern const GrmiCommand grmi_set_command;
extern const GrmiCommand grmi_monitor_command;

G_END_DECLS
