/* rmi/rmi-message-internal.h: one JSON-RPC message, taken apart in place
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * All slices point into the frame (or, where a method name had escapes, into memory the message
 * owns).
 */
#pragma once

#include "rmi/rmi-limits-internal.h"
#include "rmi/rmi-slice-internal.h"
#include "rmi/rmi-types.h"

G_BEGIN_DECLS

typedef enum
{
  RMI_MESSAGE_INVALID,        /* not JSON, or no JSON-RPC message: answer an error, with id if there is one */
  RMI_MESSAGE_REQUEST,
  RMI_MESSAGE_NOTIFICATION,
  RMI_MESSAGE_RESULT,
  RMI_MESSAGE_ERROR,
} RmiMessageKind;

typedef struct
{
  RmiMessageKind kind;
  RmiSlice       id;          /* raw JSON, to be echoed exactly; absent in notifications and where it could not be recovered */
  gint64         serial;      /* the id as our own serial, or 0 if it is none */
  RmiSlice       method;      /* unescaped */
  RmiSlice       params;      /* raw JSON, an array or object; absent for none, null and [] */
  RmiSlice       result;      /* raw JSON */
  RmiSlice       error;       /* raw JSON */
  gint64         timeout_ms;  /* meta.timeout; -1 if not given */
  RmiSlice       chain;       /* meta.chain, or absent */
  RmiSlice       trace;       /* meta.traceparent, or absent */
  char          *owned;       /* unescaped method, if it had escapes */
  gboolean       is_answer;   /* INVALID: it was to be a response, of the call @serial */
} RmiMessage;

/* Parses one message (an object). Always fills @message; FALSE means kind is INVALID and @error
   says why: RMI_ERROR_PARSE,
 * RMI_ERROR_INVALID_REQUEST or RMI_ERROR_LIMIT. The id is there whenever it could be found. A
 * broken response has no id, so that
 * nobody answers it, but a serial. */
gboolean rmi_message_parse (RmiMessage *message, RmiSlice text, const RmiLimits *limits, GError **error);
void     rmi_message_clear (RmiMessage *message);

/* Whether the text is an array. */
gboolean rmi_message_is_batch (RmiSlice text);
/* Appends the text of each message of a batch. An empty one, one of more than limits->batch, or
   broken JSON is an error. */
gboolean rmi_message_split_batch (RmiSlice text, const RmiLimits *limits, GArray *elements /* of RmiSlice */, GError **error);

typedef enum
{
  RMI_TARGET_METHOD,          /* /a/b#Method, /a/b#x.y.Iface.Method, a.b.Method, Method */
  RMI_TARGET_SIGNAL,          /* /a/b!Signal */
  RMI_TARGET_SYSTEM,          /* rpc.hello, $/cancelRequest: path and interface absent */
} RmiTargetKind;

typedef struct
{
  RmiTargetKind kind;
  gboolean      is_attribute_style;   /* a.b.Method or a bare Method: an unknown object is NO_SUCH_METHOD */
  char          path[512];            /* NUL-terminated, "/" at least */
  RmiSlice      interface;            /* absent if not qualified */
  RmiSlice      member;               /* "Method"; "rpc.get" for #rpc.get; whole name for SYSTEM */
} RmiTarget;

/* RMI_ERROR_INVALID_REQUEST if the name is no target. Slices point into @method. */
gboolean rmi_target_parse (RmiTarget *target, RmiSlice method, GError **error);
/* Segments of [A-Za-z0-9_.~-]+, not "." or ".."; at most 500 bytes. */
gboolean rmi_path_is_valid (const char *path);
/* [A-Za-z0-9_.-]+; at most 64 bytes. */
gboolean rmi_node_id_is_valid (RmiSlice id);
/* An implicit id: /~/… */
gboolean rmi_path_is_implicit (const char *path);

G_END_DECLS
