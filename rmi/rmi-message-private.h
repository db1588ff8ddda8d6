/* rmi/rmi-message-private.h: what the message's files share
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "rmi/rmi-message-internal.h"

G_BEGIN_DECLS

/* What a text that is no message seems to have been. */
typedef struct
{
  RmiSlice id;            /* absent if there is none, or more than one */
  guint    n_ids;
  gboolean has_method;
  gboolean has_answer;    /* a result or an error */
} RmiRecoveredMessage;

/* Whether @id, raw JSON, is an integer of 64 bits or a string of at most 64 bytes. */
gboolean rmi_message_is_id   (RmiSlice             id);
void     rmi_message_recover (RmiSlice             text,
                              RmiRecoveredMessage *found);

G_END_DECLS
