/* tools/codegen/codegen-symbols.h: every C symbol of the output has one owner
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "tools/codegen/codegen-model.h"

G_BEGIN_DECLS

/* Takes the symbols of enums, records and methods; a symbol taken twice is an error. Then gives the accessors of properties
 * theirs: what is taken by then is left out, with a warning. */
gboolean codegen_symbols_take (CodegenModel *model, GError **error);

G_END_DECLS
