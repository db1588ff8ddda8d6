/* rmi/rmi-interface-info-internal.h: the tree inside a description
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Plain structs, filled once by a parser, read-only after. Arrays are GPtrArrays that own their
 * elements. The parser (rmi-description) and the generator share them.
 */
#pragma once

#include "rmi/rmi-interface-info.h"
#include "rmi/rmi-reader-internal.h"
#include "rmi/rmi-writer-internal.h"

G_BEGIN_DECLS

typedef enum
{
  RMI_TYPE_KIND_BASIC,        /* one of b y n q i u x t d s o g h */
  RMI_TYPE_KIND_VARIANT,      /* v */
  RMI_TYPE_KIND_JSON,         /* j */
  RMI_TYPE_KIND_BYTES,        /* ay */
  RMI_TYPE_KIND_ARRAY,        /* a<element> */
  RMI_TYPE_KIND_DICT,         /* a{<key><element>} */
  RMI_TYPE_KIND_MAYBE,        /* m<element> */
  RMI_TYPE_KIND_TUPLE,        /* ( … ) */
  RMI_TYPE_KIND_NAMED,        /* a declared name */
} RmiTypeKind;

typedef struct _RmiTypeInfo RmiTypeInfo;
typedef struct _RmiDeclaration RmiDeclaration;

struct _RmiTypeInfo
{
  RmiTypeKind     kind;
  char           *signature;     /* as written: "aLine" */
  char            basic;         /* BASIC: the letter */
  char            key;           /* DICT: the key's letter */
  RmiTypeInfo    *element;       /* ARRAY, DICT, MAYBE */
  GPtrArray      *members;       /* TUPLE: of RmiTypeInfo */
  RmiDeclaration *declaration;   /* NAMED: borrowed from the pool of the interface */
};

typedef struct
{
  int   line;                    /* of the XML; 0 from JSON */
  int   column;
} RmiLocation;

typedef enum
{
  RMI_DECLARATION_ENUM,
  RMI_DECLARATION_FLAGS,
  RMI_DECLARATION_STRUCT,
  RMI_DECLARATION_CLASS,
  RMI_DECLARATION_INTERFACE,     /* used as a type: a reference */
} RmiDeclarationKind;

typedef struct
{
  char        *name;
  RmiTypeInfo *type;
  char        *doc;              /* nullable */
  RmiLocation  location;
} RmiFieldInfo;                  /* a struct's field, a class's property, an argument */

typedef struct
{
  char    *name;                 /* on the wire; the GEnum nick */
  gint64   value;                /* explicit value="…", else counted from 0 (enum) or 1 << n (flags) */
  char    *doc;
  RmiLocation location;
} RmiEnumValueInfo;

struct _RmiDeclaration
{
  RmiDeclarationKind kind;
  char        *alias;            /* as signatures of this file name it: "Line", "Bank.Account" */
  char        *name;             /* whole: "org.example.shop.Line" */
  char        *c_name;           /* org.gtk.GDBus.C.Name, nullable */
  char        *extends;          /* class: the alias of its base, nullable */
  char        *external;         /* class: the C header that has it, nullable */
  RmiDeclaration *base;          /* what it extends, class or interface; borrowed, nullable */
  GHashTable  *classes;          /* class: name → RmiDeclaration, of all classes of its file; shared by them */
  gboolean     compact, allows_cycles;
  GPtrArray   *fields;           /* of RmiFieldInfo: STRUCT, CLASS (own ones only) */
  GPtrArray   *values;           /* of RmiEnumValueInfo: ENUM, FLAGS */
  char        *doc, *since;
  gboolean     is_deprecated;
  gpointer     file;             /* RmiDescription it was declared in (generator only; borrowed), or NULL */
  RmiLocation  location;
};

/* "enum", "flags", "struct", "class", "interface" */
const char *rmi_declaration_kind_to_string (RmiDeclarationKind kind);

typedef struct
{
  char        *name;             /* "OutOfStock" */
  char        *doc;
  RmiLocation  location;
} RmiErrorInfo;

typedef struct
{
  char        *name;
  char        *c_name;           /* nullable */
  GPtrArray   *in, *out;         /* of RmiFieldInfo */
  GPtrArray   *throws;           /* of char* */
  gboolean     is_idempotent, is_oneway;
  guint        timeout_ms;       /* 0: the default */
  char        *doc, *since;
  gboolean     is_deprecated;
  RmiLocation  location;
} RmiMethodInfo;

typedef struct
{
  char        *name;
  char        *c_name;
  GPtrArray   *arguments;        /* of RmiFieldInfo */
  char        *doc, *since;
  gboolean     is_deprecated;
  RmiLocation  location;
} RmiSignalInfo;

typedef struct
{
  char        *name;
  char        *c_name;
  RmiTypeInfo *type;
  gboolean     is_readable, is_writable;
  char        *doc, *since;
  gboolean     is_deprecated;
  RmiLocation  location;
} RmiPropertyInfo;

struct _RmiInterfaceInfo
{
  gatomicrefcount ref_count;
  char        *name;             /* "org.example.shop.Warehouse" */
  char        *namespace;        /* "org.example.shop", or "" */
  char        *c_name;
  char        *extends;          /* alias of the base interface, nullable */
  RmiDeclaration *base;          /* the same, found; borrowed */
  gboolean     subscribes;       /* FALSE: subscribe="manual" */
  GPtrArray   *methods, *signals, *properties;   /* own ones, in declared order */
  GPtrArray   *declarations;     /* a pool that owns all RmiDeclarations its signatures reach, and maybe more: shared by the
                                    interfaces of a file, because declarations point at each other in circles */
  char        *doc, *since;
  gboolean     is_deprecated;
  char        *json;             /* its document, made once */
  RmiLocation  location;
};

const RmiMethodInfo   *rmi_interface_info_find_method   (const RmiInterfaceInfo *self,
                                                         const char *name, gsize length);
const RmiPropertyInfo *rmi_interface_info_find_property (const RmiInterfaceInfo *self,
                                                         const char *name, gsize length);
/* Reads the document from validated text (RMI_ERROR_BAD_REPLY style errors: the reader's code). */
RmiInterfaceInfo      *rmi_interface_info_read          (RmiReader *reader);

/* ---- the table-driven marshaller: GVariant and JsonNode <-> the wire, by description ----
 * struct and class are a{sv} in GVariant, enum 's', flags 'as', 'j' is 's' holding JSON text. maybe
 * is maybe. A reference is 'h', the index of its object in @objects (element-type GObject), which
 * reading adds to; where @objects is NULL, for what people type, it is 's', the path of an object of
 * the peer. */
GVariantType *rmi_type_info_to_variant_type (const RmiTypeInfo *type, gboolean has_handles);
void          rmi_type_info_write_variant   (const RmiTypeInfo *type, GVariant *value,
                                             GPtrArray *objects, RmiWriter *writer);
GVariant     *rmi_type_info_read_variant    (const RmiTypeInfo *type, GPtrArray *objects,
                                             RmiReader *reader);
/* Plain text as a person types it ("5", "open", JSON for containers) to the wire. */
gboolean      rmi_type_info_write_text      (const RmiTypeInfo *type, const char *text,
                                             RmiWriter *writer, GError **error);

G_END_DECLS
