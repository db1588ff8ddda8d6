/* rmi/rmi-description-internal.h: a description file: the XML of doc/interfaces.md, read and checked
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The one parser, for the generator, the CLI and rmi_interface_info_new_for_file(). libexpat, no external entities, entity expansion
 * bounded. Errors are RMI_ERROR_INVALID_ARGUMENTS with "file:line:column: what".
 */
#pragma once

#include "rmi/rmi-interface-info-internal.h"

G_BEGIN_DECLS

typedef struct _RmiDescription RmiDescription;

struct _RmiDescription
{
  char       *filename;
  char       *namespace;         /* "" if none */
  GPtrArray  *imports;           /* of RmiDescriptionImport */
  GPtrArray  *declarations;      /* of RmiDeclaration, those of this file (interfaces too), in declared order */
  GPtrArray  *errors;            /* of RmiErrorInfo */
  GPtrArray  *interfaces;        /* of RmiInterfaceInfo */
};

typedef struct
{
  char           *alias;         /* "Bank" */
  char           *filename;      /* as written */
  RmiDescription *description;
} RmiDescriptionImport;

/* Parses @filename and, transitively, what it imports (relative to it; a cycle is an error). */
RmiDescription *rmi_description_new_for_file (const char *filename, GError **error);
/* The same for text; @filename is for messages and for relative imports. */
RmiDescription *rmi_description_new_for_data (const char *data, gssize length, const char *filename, GError **error);
void            rmi_description_free         (RmiDescription *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RmiDescription, rmi_description_free)

G_END_DECLS
