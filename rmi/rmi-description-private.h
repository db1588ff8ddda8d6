/* rmi/rmi-description-private.h: the steps of reading a description file
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * rmi-description.c reads files and follows imports; rmi-description-parser.c takes the XML apart
 * and leaves signatures as text; rmi-description-check.c resolves them when the imports are there.
 */
#pragma once

#include "rmi/rmi-description-internal.h"

G_BEGIN_DECLS

/* A signature whose names are not known yet. */
typedef struct
{
  RmiTypeInfo **type;            /* where the type belongs */
  char         *signature;
  RmiLocation   location;
} RmiPendingType;

/* A name of something that is not known yet. */
typedef struct
{
  char         *name;
  RmiMethodInfo *method;         /* throws it; or NULL and … */
  RmiDeclaration *declaration;   /* … extends it */
  RmiLocation   location;
} RmiPendingName;

typedef struct
{
  GArray *types;                 /* of RmiPendingType */
  GArray *names;                 /* of RmiPendingName */
} RmiPending;

RmiPending *rmi_pending_new   (void);
void        rmi_pending_free  (RmiPending *self);

/* Fills @description, whose imports are not loaded yet. */
gboolean rmi_description_parse   (RmiDescription  *description,
                                  const char      *data,
                                  gsize            length,
                                  RmiPending      *pending,
                                  GError         **error);
gboolean rmi_description_resolve (RmiDescription  *description,
                                  RmiPending      *pending,
                                  GError         **error);
/* Sets "file:line:column: what". */
void     rmi_description_set_error (RmiDescription *description,
                                    RmiLocation     location,
                                    GError        **error,
                                    const char     *format,
                                    ...) G_GNUC_PRINTF (4, 5);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RmiPending, rmi_pending_free)

G_END_DECLS
