/* tools/codegen/codegen-parts.h: the parts of the output, and what they share
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "tools/codegen/codegen-model.h"
#include "tools/codegen/codegen-output.h"

G_BEGIN_DECLS

/* The two files. */
char *codegen_write_header (CodegenModel *model);
char *codegen_write_body   (CodegenModel *model, const char *header_name);

/* Parts of the body. */
void codegen_add_choice_body    (CodegenOutput *out, const CodegenName *name, const RmiDeclaration *declaration);
void codegen_add_error_body     (CodegenOutput *out, CodegenModel *model);
void codegen_add_container_body (CodegenOutput *out, const CodegenType *type);
void codegen_add_struct_body    (CodegenOutput *out, const CodegenRecord *record);
void codegen_add_class_body     (CodegenOutput *out, const CodegenRecord *record);
void codegen_add_interface_body (CodegenOutput *out, CodegenModel *model, const CodegenInterface *interface);
void codegen_add_default_body   (CodegenOutput *out, const CodegenInterface *interface, const CodegenMethod *method);
void codegen_add_wrapper_body   (CodegenOutput *out, const CodegenInterface *interface, const CodegenMethod *method);
void codegen_add_stub_body      (CodegenOutput *out, const CodegenInterface *interface);
void codegen_add_dispatch_body  (CodegenOutput *out, const CodegenInterface *interface, const CodegenMethod *method);
void codegen_add_signal_body    (CodegenOutput *out, const CodegenInterface *interface, const CodegenSignal *signal);
void codegen_add_property_body  (CodegenOutput *out, const CodegenProperty *property);

/* Values. @indent is the spaces before the statement; @what names the value in errors. */
void  codegen_add_write   (CodegenOutput *out, const char *indent, const CodegenType *type, const char *expression,
                           const char *what);
void  codegen_add_write_property (CodegenOutput *out, const char *indent, const CodegenType *type,
                                  const char *expression, const char *what);
void  codegen_add_read    (CodegenOutput *out, const char *indent, const CodegenType *type, const char *variable);
void  codegen_add_local   (CodegenOutput *out, const CodegenValue *value);
/* A copy that survives NULL. */
char *codegen_get_copy    (const CodegenType *type, const char *expression);
/* How a local is handed over: "count", "g_steal_pointer (&name)". */
char *codegen_get_stolen  (const CodegenType *type, const char *variable);
/* Adds locals to the arguments of a call: as they are behind @prefix ("", "&"); or owned ones as parameters that borrow. */
void  codegen_append_arguments (GPtrArray *arguments, const GPtrArray *values, const char *prefix);
void  codegen_append_borrowed  (GPtrArray *arguments, const GPtrArray *values);
/* The declared names of @base_values and @values as "names[]". */
/* @head: how the array is declared, up to the `=`. */
void  codegen_add_names   (CodegenOutput *out, const char *head, const GPtrArray *base_values, const GPtrArray *values);
void  codegen_add_seen    (CodegenOutput *out, const GPtrArray *values, gboolean nullable_may_lack);
/* Whether an object by value may be in one of @values. */
gboolean codegen_values_have_values (const GPtrArray *values);
/* Reads arguments into locals of their names; who called ends them. */
void  codegen_add_read_arguments (CodegenOutput *out, const GPtrArray *values);

/* Methods. */
typedef enum
{
  CODEGEN_SYNC,
  CODEGEN_ASYNC,
  CODEGEN_FINISH,
} CodegenForm;

/* @is_body: names that stand beside our local variables. */
CodegenParameters *codegen_method_get_parameters (const CodegenInterface *interface, const CodegenMethod *method,
                                                  CodegenForm form, gboolean is_body);
const char        *codegen_method_get_result     (const CodegenMethod *method, CodegenForm form);
const char        *codegen_method_get_failure    (const CodegenMethod *method);
/* Sets ${name}, ${slot}, ${UPPER}, ${failure}, ${Member} of a method. */
void               codegen_set_method            (CodegenOutput *out, const CodegenMethod *method);
/* Sets ${Type}, ${type}, ${TYPE}, ${GTYPE}. */
void               codegen_set_type              (CodegenOutput *out, const CodegenName *name);

CodegenParameters *codegen_signal_get_parameters (const CodegenInterface *interface, const CodegenSignal *signal);

/* gtk-doc comments. */
void  codegen_doc_begin     (CodegenOutput *out, const char *symbol, const char *annotation);
void  codegen_doc_parameter (CodegenOutput *out, const char *name, const char *annotation, const char *doc);
void  codegen_doc_text      (CodegenOutput *out, const char *doc);
void  codegen_doc_returns   (CodegenOutput *out, const char *annotation, const char *doc);
void  codegen_doc_end       (CodegenOutput *out, const char *since, gboolean is_deprecated);
/* "(out) (transfer full) (nullable) (element-type guint)" as far as it applies. */
char *codegen_doc_get_annotation (const CodegenType *type, gboolean is_out, gboolean is_owned);

G_END_DECLS
