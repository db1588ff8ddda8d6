/* rmi/rmi-description-internal.h: a description file: the XML of doc/interfaces.md, read and
 * checked SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The one parser, for the generator, the CLI and rmi_interface_info_new_for_file(). libexpat, no
 * external entities, entity expansion bounded. Errors are RMI_ERROR_INVALID_ARGUMENTS with
 * "file:line:column: what".
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
  GPtrArray  *declarations;      /* of RmiDeclaration, borrowed: those of this file (interfaces too), in declared order */
  GPtrArray  *errors;            /* of RmiErrorInfo */
  GPtrArray  *interfaces;        /* of RmiInterfaceInfo; they may outlive the description */

  /* the parser's own */
  GPtrArray  *pool;              /* owns the declarations of this file and of all that it imports */
  GHashTable *names;             /* short name → RmiDeclaration, borrowed; NULL where several interfaces have it */
  GPtrArray  *files;             /* of RmiDescription: what is imported, directly or not; owned by the outermost, else NULL */
};

typedef struct
{
  char           *alias;         /* "Bank" */
  char           *filename;      /* as written */
  RmiDescription *description;   /* borrowed from the outermost; the same for a file imported twice */
  RmiLocation     location;
} RmiDescriptionImport;

/* Parses @filename and, transitively, what it imports (relative to it; a cycle is an error). */
RmiDescription *rmi_description_new_for_file (const char *filename, GError **error);
/* The same for text; @filename is for messages and for relative imports. */
RmiDescription *rmi_description_new_for_data (const char *data, gssize length, const char *filename,
                                              GError **error);
void            rmi_description_free         (RmiDescription *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RmiDescription, rmi_description_free)

G_END_DECLS
