/* rmi/rmi-reader-private.h: what the reader's files share
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A failed reader stands at its end, so that getters need not look whether it failed: they find
 * nothing there.
 */
#pragma once

#include "rmi/rmi-json-text-private.h"
#include "rmi/rmi-reader-internal.h"

G_BEGIN_DECLS

/* The first byte of the next value or separator, or 0 at the end. */
static inline char
rmi_reader_next_char (RmiReader *self)
{
  self->cursor = rmi_json_skip_space (self->cursor, self->end);
  return self->cursor < self->end ? *self->cursor : '\0';
}

/* What malloc() takes for @bytes. */
static inline gsize
rmi_reader_block_size (gsize bytes)
{
  return MAX (32, (bytes + 8 + 15) & ~(gsize) 15);
}

/* Makes an error stick that says where @position is. In a reply every error is BAD_REPLY: the call
   ran. */
void     rmi_reader_fail_at       (RmiReader  *self,
                                   const char *position,
                                   RmiError    code,
                                   const char *format,
                                   ...) G_GNUC_PRINTF (4, 5);
/* The next value is not @expected ("a string"). */
void     rmi_reader_fail_type     (RmiReader  *self,
                                   const char *expected);
/* The way from the root to @position: `params[0].lines[3].quantity` (transfer full). */
char    *rmi_reader_locate        (RmiReader  *self,
                                   const char *position);

/* Consumes a string; its inside is still escaped. FALSE and an error that sticks if it is none. */
gboolean rmi_reader_take_string   (RmiReader  *self,
                                   const char *expected,
                                   RmiSlice   *inside,
                                   gboolean   *is_escaped);
/* Consumes a string that is looked at and not kept; @owned is what to free. */
gboolean rmi_reader_take_text     (RmiReader  *self,
                                   const char *expected,
                                   RmiSlice   *text,
                                   char      **owned);
/* The text of the number at the cursor, not consumed. */
RmiSlice rmi_reader_peek_number   (RmiReader  *self,
                                   gboolean   *is_integer);

/* In an object: consumes the separator and the next key, up to its value. FALSE at the end, which
   is consumed. */
gboolean rmi_reader_take_key      (RmiReader  *self,
                                   RmiSlice   *inside,
                                   gboolean   *is_escaped);

/* Consumes a reference and takes it apart; returns the path in it (transfer full), which may hold U+0000 and need not be valid,
   and what else of it is unescaped. NULL and an error that sticks if it is none. Who makes an object of it claims it. */
char    *rmi_reader_take_reference (RmiReader        *self,
                                    RmiWireReference *reference);

/* Beside the public flags: members that are not known are those of a newer class. */
#define RMI_READER_INSTANCE ((RmiReaderFlags) (1 << 1))

/* An object by value has a member that its class does not know. FALSE and an error that sticks if it may not. */
gboolean rmi_reader_check_unknown (RmiReader  *self,
                                   RmiSlice    key);
/* The value at the cursor is of a member that the class of an object by value does not know; it is skipped, and kept if the object is of a
   class that is not known. An error sticks if it may not be there. */
void     rmi_reader_take_unknown  (RmiReader  *self,
                                   RmiSlice    key);
void     rmi_shared_table_free         (RmiSharedTable *self);

/* The references in [from, to) have an owner; those before that are nobody's and are released. */
void     rmi_reader_claim         (RmiReader  *self,
                                   const char *from,
                                   const char *to);

G_END_DECLS
