/* tools/grmi/grmi-session.h: what all commands work with
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "rmi/rmi-call-context-internal.h"
#include "rmi/rmi-call-internal.h"
#include "rmi/rmi-interface-info-internal.h"

#include <rmi-glib/rmi-glib.h>

G_BEGIN_DECLS

/* Exit codes; doc/grmi.1 has them. */
typedef enum
{
  GRMI_EXIT_OK,
  GRMI_EXIT_USAGE,
  GRMI_EXIT_UNREACHABLE,
  GRMI_EXIT_NOT_THERE,
  GRMI_EXIT_BAD_ARGUMENTS,
  GRMI_EXIT_FAILED,
  GRMI_EXIT_UNKNOWN,             /* timed out, cut off: it may have run */
} GrmiExit;

/* Errors of grmi's own; the code is the GrmiExit. */
#define GRMI_ERROR (grmi_error_quark ())
GQuark grmi_error_quark (void);

typedef struct
{
  RmiNode            *node;
  RmiNaming          *naming;           /* once it is needed */
  char               *registry;         /* URI, nullable */
  gboolean            json;
  double              timeout_s;        /* 0: none given */
  RmiCallCancellable *cancellable;      /* carries the deadline of all that blocks */
} GrmiSession;

void         grmi_session_clear        (GrmiSession *self);
/* From now on the clock runs. */
void         grmi_session_start        (GrmiSession *self);

/* The object of a name or URI, for calls without generated code; (transfer full). */
RmiStub     *grmi_session_get_stub     (GrmiSession *self, const char *target, GError **error);
RmiStub     *grmi_session_get_registry (GrmiSession *self, GError **error);

/* A call of @member, to write arguments to; @interface is nullable. */
RmiCall *grmi_session_begin_call (GrmiSession *self,
                                  RmiStub *stub,
                                  const char *interface,
                                  const char *member);
/* Its result, one JSON value that @call owns; FALSE with @error. */
gboolean grmi_session_run_call (GrmiSession *self, RmiCall *call, RmiSlice *result, GError **error);

/* What @stub's object can do: of RmiInterfaceInfo (transfer full). @text: (out) (nullable): the
 * document it is from. */
GPtrArray *grmi_session_introspect (GrmiSession *self, RmiStub *stub, char **text, GError **error);

GrmiExit     grmi_exit_for_error       (const GError *error);
/* Says whether the call ran, where that is not clear from the text. */
const char  *grmi_describe_ran         (const GError *error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (GrmiSession, grmi_session_clear)

G_END_DECLS
