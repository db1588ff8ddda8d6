/* tools/codegen/codegen-output.h: C text, written in the house style
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _CodegenOutput CodegenOutput;
typedef struct _CodegenParameters CodegenParameters;

#define CODEGEN_COLUMNS 100

CodegenOutput *codegen_output_new   (void);
void           codegen_output_free  (CodegenOutput *self);
char          *codegen_output_steal (CodegenOutput *self);      /* frees it */
gboolean       codegen_output_holds (CodegenOutput *self, const char *text);
/* From now on ${name} in templates is @value. */
void           codegen_set          (CodegenOutput *self, const char *name, const char *value);
/* Formats, then expands variables. */
void           codegen_add          (CodegenOutput *self, const char *format, ...) G_GNUC_PRINTF (2, 3);
/* As it is: nothing is formatted or expanded. */
void           codegen_add_text     (CodegenOutput *self, const char *text);
void           codegen_add_literal  (CodegenOutput *self, const char *text, const char *indent);

/* Parameters of a function: C types ending in a space or a star, and names. */
CodegenParameters *codegen_parameters_new     (void);
void               codegen_parameters_free    (CodegenParameters *self);
void               codegen_parameters_add     (CodegenParameters *self, const char *type, const char *name);
void               codegen_parameters_add_out (CodegenParameters *self, const char *type, const char *name);

/* "result\nname (type a,\n      type b)\n": variables in @result and @name are expanded. */
void codegen_add_definition (CodegenOutput *self, const char *result, const char *name, CodegenParameters *parameters);
/* "result name (type a, …);" of one or more lines. */
void codegen_add_prototype  (CodegenOutput *self, const char *result, const char *name, CodegenParameters *parameters,
                             const char *end);
/* "indent head (a, b, c)tail", one argument a line if that is too long for one. Frees nothing. */
void codegen_add_call       (CodegenOutput *self, const char *head, GPtrArray *arguments, const char *tail);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CodegenOutput, codegen_output_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CodegenParameters, codegen_parameters_free)

G_END_DECLS
