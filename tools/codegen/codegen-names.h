/* tools/codegen/codegen-names.h: names of a description as C identifiers
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* One type's names in C. */
typedef struct
{
  char *camel;           /* ShopLine */
  char *lower;           /* shop_line */
  char *upper;           /* SHOP_LINE */
  char *space;           /* SHOP */
  char *rest;            /* LINE */
  char *type_macro;      /* SHOP_TYPE_LINE */
} CodegenName;

CodegenName *codegen_name_new         (const char *c_namespace, const char *name);
void         codegen_name_free        (CodegenName *self);

/* "StockChanged", "stock-changed", "org.example.Stock": words joined by '_', as gdbus-codegen splits them. */
char        *codegen_to_lower         (const char *name);
char        *codegen_to_upper         (const char *name);
/* The same with '-', for GObject properties and signals. */
char        *codegen_to_hyphens       (const char *name);
/* A C namespace or a type: words run together. */
char        *codegen_to_camel         (const char *name);
/* A member that may stand alone: with '_' after it if C, C++ or a common macro has the word. */
char        *codegen_to_identifier    (const char *name);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CodegenName, codegen_name_free)

G_END_DECLS
