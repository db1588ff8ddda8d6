/* rmi/rmi-error.h: what went wrong, and whether the call ran
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "rmi/rmi-types.h"

G_BEGIN_DECLS

#define RMI_ERROR (rmi_error_quark ())

/**
 * RmiError:
 * @RMI_ERROR_PARSE: the peer could not read our JSON (-32700); the call did not run
 * @RMI_ERROR_INVALID_REQUEST: not a JSON-RPC request (-32600); did not run
 * @RMI_ERROR_NO_SUCH_METHOD: the object has no such method, property or signal (-32601); did not run
 * @RMI_ERROR_INVALID_ARGUMENTS: the arguments do not fit the method (-32602); did not run
 * @RMI_ERROR_INTERNAL: the method failed without saying why (-32603); may have run
 * @RMI_ERROR_REMOTE: the method failed with an error this process does not know (-32000); ran
 * @RMI_ERROR_NO_SUCH_OBJECT: no object has this path or id (-32001); did not run
 * @RMI_ERROR_ACCESS_DENIED: the peer may not call this (-32002); did not run
 * @RMI_ERROR_UNAUTHENTICATED: the peer must say who it is first (-32003); did not run
 * @RMI_ERROR_CANCELLED: the other side cancelled it (-32004); may have run
 * @RMI_ERROR_TIMED_OUT: no answer within the deadline (-32005); may have run
 * @RMI_ERROR_LIMIT: a limit was hit, try later (-32006); did not run
 * @RMI_ERROR_CLOSING: the peer is going away (-32007); did not run
 * @RMI_ERROR_TYPE_NOT_ALLOWED: a by-value type that the receiver does not accept (-32008); did not run
 * @RMI_ERROR_BAD_REPLY: it ran, but its result could not be sent or read (-32009)
 * @RMI_ERROR_UNREACHABLE: no connection to the peer; did not run
 * @RMI_ERROR_TLS: the TLS handshake failed; did not run
 * @RMI_ERROR_INSECURE: refused because the transport would not be safe; did not run
 * @RMI_ERROR_NOT_SUPPORTED: this cannot be done here; did not run
 * @RMI_ERROR_DISCONNECTED: the connection was lost before the answer; may have run
 * @RMI_ERROR_PROTOCOL: the peer broke the protocol, the connection is closed; may have run
 *
 * Errors of the library itself. An application's own error domains, declared in the interface, arrive as themselves.
 *
 * Since: 1.0
 */
typedef enum
{
  RMI_ERROR_PARSE,
  RMI_ERROR_INVALID_REQUEST,
  RMI_ERROR_NO_SUCH_METHOD,
  RMI_ERROR_INVALID_ARGUMENTS,
  RMI_ERROR_INTERNAL,
  RMI_ERROR_REMOTE,
  RMI_ERROR_NO_SUCH_OBJECT,
  RMI_ERROR_ACCESS_DENIED,
  RMI_ERROR_UNAUTHENTICATED,
  RMI_ERROR_CANCELLED,
  RMI_ERROR_TIMED_OUT,
  RMI_ERROR_LIMIT,
  RMI_ERROR_CLOSING,
  RMI_ERROR_TYPE_NOT_ALLOWED,
  RMI_ERROR_BAD_REPLY,
  RMI_ERROR_UNREACHABLE,
  RMI_ERROR_TLS,
  RMI_ERROR_INSECURE,
  RMI_ERROR_NOT_SUPPORTED,
  RMI_ERROR_DISCONNECTED,
  RMI_ERROR_PROTOCOL,
} RmiError;

/**
 * RmiRan:
 * @RMI_RAN_NO: the call did not run; sending it again is safe
 * @RMI_RAN_MAYBE: nobody on this side can tell
 * @RMI_RAN_YES: the call ran
 *
 * Whether a failed call ran.
 *
 * Since: 1.0
 */
typedef enum
{
  RMI_RAN_NO,
  RMI_RAN_MAYBE,
  RMI_RAN_YES,
} RmiRan;

RMI_AVAILABLE_IN_1_0
GQuark      rmi_error_quark               (void);
RMI_AVAILABLE_IN_1_0
RmiRan      rmi_error_get_ran             (const GError *error);
RMI_AVAILABLE_IN_1_0
const char *rmi_error_get_remote_domain   (const GError *error);   /* nullable; of REMOTE: "org.example.shop" */
RMI_AVAILABLE_IN_1_0
const char *rmi_error_get_remote_name     (const GError *error);   /* nullable; of REMOTE: "OutOfStock" */
RMI_AVAILABLE_IN_1_0
int         rmi_error_get_remote_code     (const GError *error);   /* of REMOTE; 0 if none */
RMI_AVAILABLE_IN_1_0
guint       rmi_error_get_retry_after     (const GError *error);   /* of LIMIT: milliseconds, 0 if not said */

/**
 * RmiErrorName:
 * @code: the code in the GError domain
 * @name: its name on the wire, as in the interface's `<error name="…"/>`
 *
 * One error of an application's error domain.
 *
 * Since: 1.0
 */
typedef struct
{
  int         code;
  const char *name;
} RmiErrorName;

RMI_AVAILABLE_IN_1_0
void rmi_error_register_domain (GQuark              domain,
                                const char         *wire_domain,
                                const RmiErrorName *names,
                                guint               n_names);

G_END_DECLS
