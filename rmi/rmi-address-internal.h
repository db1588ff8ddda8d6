/* rmi/rmi-address-internal.h: one endpoint URI as something to dial or to listen on
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "rmi/rmi-address.h"

G_BEGIN_DECLS

typedef enum
{
  RMI_TRANSPORT_TCP,          /* rmi:// */
  RMI_TRANSPORT_TLS,          /* rmis://: parsed, refused with RMI_ERROR_NOT_SUPPORTED when used */
  RMI_TRANSPORT_UNIX,         /* rmi+unix:// */
  RMI_TRANSPORT_MEMORY,       /* rmi-memory: */
} RmiTransport;

typedef struct
{
  RmiTransport transport;
  char        *host;          /* TCP: "" for all addresses (listening only) */
  guint16      port;          /* TCP: RMI_DEFAULT_PORT if none was written; 0: any free one (listening only) */
  char        *socket_path;   /* Unix: absolute */
} RmiEndpoint;

/* Splits a URI into endpoint and path ("/" if none). RMI_ERROR_INVALID_ARGUMENTS says what is wrong where. */
RmiEndpoint        *rmi_endpoint_parse           (const char *uri, char **path, GError **error);
void                rmi_endpoint_free            (RmiEndpoint *self);
/* The canonical URI without path: a key for the pool of connections. */
char               *rmi_endpoint_to_uri          (const RmiEndpoint *self);
GSocketConnectable *rmi_endpoint_get_connectable (const RmiEndpoint *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RmiEndpoint, rmi_endpoint_free)

G_END_DECLS
