/* rmi/rmi-description-parser-private.h: the parser's state, for the functions of each element
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "rmi/rmi-description-private.h"

G_BEGIN_DECLS

/* As bits: what may stand inside what. */
typedef enum
{
  RMI_ELEMENT_ROOT       = 1 << 0,
  RMI_ELEMENT_NODE       = 1 << 1,
  RMI_ELEMENT_IMPORT     = 1 << 2,
  RMI_ELEMENT_CHOICE     = 1 << 3,      /* enum, flags */
  RMI_ELEMENT_VALUE      = 1 << 4,
  RMI_ELEMENT_STRUCT     = 1 << 5,
  RMI_ELEMENT_CLASS      = 1 << 6,
  RMI_ELEMENT_FIELD      = 1 << 7,      /* of a struct, property of a class, argument of a method or signal */
  RMI_ELEMENT_ERROR      = 1 << 8,
  RMI_ELEMENT_INTERFACE  = 1 << 9,
  RMI_ELEMENT_METHOD     = 1 << 10,
  RMI_ELEMENT_SIGNAL     = 1 << 11,
  RMI_ELEMENT_PROPERTY   = 1 << 12,
  RMI_ELEMENT_ANNOTATION = 1 << 13,
} RmiElementKind;

typedef struct _RmiDescriptionParser RmiDescriptionParser;

typedef struct
{
  const char     *name;
  guint           parents;              /* RmiElementKinds */
  RmiElementKind  kind;
  const char     *attributes;           /* "name! type": with ! if it must be there; NULL: the element is ignored */
  void          (*start) (RmiDescriptionParser *self, const char **attributes);
  void          (*end)   (RmiDescriptionParser *self);
} RmiElement;

/* What annotations and comments say of an open element; each is nullable. */
typedef struct
{
  const RmiElement *element;
  const char       *name;
  char            **doc;
  char            **since;
  char            **c_name;
  gboolean         *is_deprecated;
  gboolean         *is_oneway;
} RmiOpenElement;

#define RMI_ELEMENTS_OPEN 8             /* node, interface, method, arg, annotation and to spare */

struct _RmiDescriptionParser
{
  RmiDescription   *description;
  RmiPending       *pending;
  RmiOpenElement    open[RMI_ELEMENTS_OPEN];
  guint             n_open;

  RmiDeclaration   *declaration;        /* open ones */
  RmiInterfaceInfo *info;
  RmiMethodInfo    *method;
  RmiSignalInfo    *signal;
  RmiLocation       location;           /* of the tag at hand */

  GHashTable       *file_names;         /* "import Bank" → its line */
  GHashTable       *member_names;
  GHashTable       *field_names;
  GError           *error;
};

const RmiElement *rmi_element_find               (const char            *name,
                                                  RmiElementKind         parent);
/* NULL if it is not there. */
const char       *rmi_element_get_attribute      (const char           **attributes,
                                                  const char            *name);
/* The element just started. */
RmiOpenElement   *rmi_description_parser_get_top (RmiDescriptionParser  *self);
/* The first error is the one that is reported. */
void              rmi_description_parser_fail    (RmiDescriptionParser  *self,
                                                  const char            *format,
                                                  ...) G_GNUC_PRINTF (2, 3);

G_END_DECLS
