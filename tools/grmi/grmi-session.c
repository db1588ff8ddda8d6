/* tools/grmi/grmi-session.c: what all commands work with
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * One node, one registry, one deadline. Results stay JSON text, so that what is printed is what was
 * on the wire.
 */
#include "config.h"
#include "tools/grmi/grmi-session.h"

G_DEFINE_QUARK (grmi-error-quark, grmi_error)

void
grmi_session_clear (GrmiSession *self)
{
  g_clear_object (&self->naming);
  g_clear_object (&self->node);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->registry, g_free);
}

void
grmi_session_start (GrmiSession *self)
{
  self->node = rmi_node_new ();
  self->cancellable = rmi_call_cancellable_new ();
  if (self->timeout_s > 0)
    rmi_call_cancellable_get_context (self->cancellable)->deadline_us =
      g_get_monotonic_time () + (gint64) (self->timeout_s * G_USEC_PER_SEC);
}

/* ---- objects ---- */

static gboolean
ensure_naming (GrmiSession *self,
               GError     **error)
{
  if (self->naming == NULL)
    self->naming =
        rmi_naming_open (self->node, self->registry, G_CANCELLABLE (self->cancellable), error);
  return self->naming != NULL;
}

RmiStub *
grmi_session_get_stub (GrmiSession *self,
                       const char  *target,
                       GError     **error)
{
  g_autoptr(GError) failure = NULL;
  RmiStub *stub;

  if (strstr (target, "://") != NULL)
    {
      stub = rmi_node_get_object (self->node, target, RMI_TYPE_STUB,
                                  G_CANCELLABLE (self->cancellable), error);
      if (stub == NULL)
        g_prefix_error (error, "%s: ", target);
      return stub;
    }
  if (!ensure_naming (self, error))
    return NULL;
  stub = rmi_naming_lookup (self->naming, target, RMI_TYPE_STUB, G_CANCELLABLE (self->cancellable),
                            &failure);
  if (g_error_matches (failure, RMI_NAMING_ERROR, RMI_NAMING_ERROR_NOT_FOUND))
    g_set_error (error, GRMI_ERROR, GRMI_EXIT_NOT_THERE, "%s: no such name", target);
  else if (stub == NULL)
    g_propagate_error (error, g_steal_pointer (&failure));
  return stub;
}

RmiStub *
grmi_session_get_registry (GrmiSession *self,
                           GError     **error)
{
  if (!ensure_naming (self, error))
    return NULL;
  return grmi_session_get_stub (self, rmi_naming_get_uri (self->naming), error);
}

/* ---- calls ---- */

RmiCall *
grmi_session_begin_call (GrmiSession *self,
                         RmiStub     *stub,
                         const char  *interface,
                         const char  *member)
{
  guint timeout_ms = (guint) CLAMP (self->timeout_s * 1000, 0, G_MAXUINT - 1);

  return rmi_call_new (rmi_stub_get_connection (stub), rmi_stub_get_path (stub), interface, member,
                       timeout_ms);
}

gboolean
grmi_session_run_call (GrmiSession *self,
                       RmiCall     *call,
                       RmiSlice    *result,
                       GError     **error)
{
  RmiReader *reader = rmi_call_run (call, G_CANCELLABLE (self->cancellable), error);

  if (reader == NULL)
    return FALSE;
  *result = rmi_reader_get_raw (reader);
  return TRUE;
}

GPtrArray *
grmi_session_introspect (GrmiSession *self,
                         RmiStub     *stub,
                         char       **text,
                         GError     **error)
{
  g_autoptr(RmiCall) call = grmi_session_begin_call (self, stub, NULL, "rpc.introspect");
  g_autoptr(GPtrArray) infos =
      g_ptr_array_new_with_free_func ((GDestroyNotify) rmi_interface_info_unref);
  RmiSlice document, interfaces;
  RmiReader reader;

  if (!grmi_session_run_call (self, call, &document, error))
    return NULL;
  interfaces = document.data[0] == '{' ? rmi_json_lookup (document, "interfaces") : document;
  rmi_reader_init (&reader, interfaces, NULL, NULL, RMI_ERROR_BAD_REPLY, "interfaces");
  rmi_reader_begin_array (&reader);
  while (rmi_reader_next_element (&reader))
    {
      RmiInterfaceInfo *info = rmi_interface_info_read (&reader);

      if (info != NULL)
        g_ptr_array_add (infos, info);
    }
  if (!rmi_reader_finish (&reader, error))
    return NULL;
  if (text != NULL)
    *text = g_strndup (document.data, document.length);
  return g_steal_pointer (&infos);
}

/* ---- errors ---- */

static GrmiExit
exit_for_rmi_error (RmiError code)
{
  switch (code)
    {
    case RMI_ERROR_UNREACHABLE:
    case RMI_ERROR_CLOSING:
    case RMI_ERROR_TLS:
    case RMI_ERROR_INSECURE:
    case RMI_ERROR_NOT_SUPPORTED:
    case RMI_ERROR_UNAUTHENTICATED:
      return GRMI_EXIT_UNREACHABLE;
    case RMI_ERROR_NO_SUCH_METHOD:
    case RMI_ERROR_NO_SUCH_OBJECT:
      return GRMI_EXIT_NOT_THERE;
    case RMI_ERROR_INVALID_ARGUMENTS:
    case RMI_ERROR_TYPE_NOT_ALLOWED:
      return GRMI_EXIT_BAD_ARGUMENTS;
    case RMI_ERROR_CANCELLED:
    case RMI_ERROR_TIMED_OUT:
    case RMI_ERROR_DISCONNECTED:
    case RMI_ERROR_PROTOCOL:
      return GRMI_EXIT_UNKNOWN;
    case RMI_ERROR_PARSE:
    case RMI_ERROR_INVALID_REQUEST:
    case RMI_ERROR_INTERNAL:
    case RMI_ERROR_REMOTE:
    case RMI_ERROR_ACCESS_DENIED:
    case RMI_ERROR_LIMIT:
    case RMI_ERROR_BAD_REPLY:
    default:
      return GRMI_EXIT_FAILED;
    }
}

static GrmiExit
exit_for_naming_error (RmiNamingError code)
{
  switch (code)
    {
    case RMI_NAMING_ERROR_UNAVAILABLE:
      return GRMI_EXIT_UNREACHABLE;
    case RMI_NAMING_ERROR_NOT_FOUND:
      return GRMI_EXIT_NOT_THERE;
    case RMI_NAMING_ERROR_INVALID_NAME:
      return GRMI_EXIT_BAD_ARGUMENTS;
    case RMI_NAMING_ERROR_TAKEN:
    case RMI_NAMING_ERROR_NOT_OWNER:
    case RMI_NAMING_ERROR_WRONG_TYPE:
    default:
      return GRMI_EXIT_FAILED;
    }
}

GrmiExit
grmi_exit_for_error (const GError *error)
{
  if (error->domain == GRMI_ERROR)
    return error->code;
  if (error->domain == G_OPTION_ERROR)
    return GRMI_EXIT_USAGE;
  if (error->domain == RMI_ERROR)
    return exit_for_rmi_error (error->code);
  if (error->domain == RMI_NAMING_ERROR)
    return exit_for_naming_error (error->code);
  return GRMI_EXIT_FAILED;
}

const char *
grmi_describe_ran (const GError *error)
{
  if (error->domain != RMI_ERROR || error->code == RMI_ERROR_REMOTE)
    return "";
  switch (rmi_error_get_ran (error))
    {
    case RMI_RAN_NO:
      return " (the call did not run)";
    case RMI_RAN_YES:
      return " (the call ran)";
    case RMI_RAN_MAYBE:
    default:
      return " (the call may have run)";
    }
}
