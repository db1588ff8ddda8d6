/* rmi/rmi-interface-entry.h: what generated code tells the library of an interface
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * For generated code: static const tables of names and straight-line functions, hung on the interface's GType. Frozen: output of 1.0 runs
 * on every 1.x. The reserved members are NULL.
 */
#pragma once

#include "rmi/rmi-types.h"

G_BEGIN_DECLS

/**
 * RmiMethodFlags:
 * @RMI_METHOD_FLAGS_NONE: nothing special
 * @RMI_METHOD_IDEMPOTENT: running it twice is as good as once
 * @RMI_METHOD_ONEWAY: sent as a notification
 * @RMI_METHOD_TAKES_VALUES: objects by value may be among its arguments
 *
 * What the description says of a method.
 *
 * Since: 1.0
 */
typedef enum
{
  RMI_METHOD_FLAGS_NONE   = 0,
  RMI_METHOD_IDEMPOTENT   = 1 << 0,
  RMI_METHOD_ONEWAY       = 1 << 1,
  RMI_METHOD_TAKES_VALUES = 1 << 2,
} RmiMethodFlags;

struct _RmiMethodEntry
{
  const char     *interface_name;    /* "org.example.shop.Warehouse" */
  const char     *name;              /* "Reserve" */
  RmiMethodFlags  flags;
  guint           timeout_ms;        /* 0: the default */
  /* Decodes, calls the vfunc of rmi_invocation_get_object(), answers. */
  void          (*dispatch) (RmiInvocation *invocation, RmiReader *arguments);
  gpointer        reserved[2];
};

struct _RmiSignalEntry
{
  const char *name;                  /* "StockChanged" */
  const char *signal_name;           /* "stock-changed" */
  /* Decodes and emits on @object, a stub. Decodes everything first; does not emit if the reader failed. */
  void      (*emit)    (gpointer object, RmiReader *arguments);
  /* A signal handler for the real object, (object, …, RmiSkeleton *skeleton): encodes for each subscriber. */
  GCallback   forward;
  gboolean    has_references;        /* an argument can hold one: encoded for each subscriber by itself */
  gpointer    reserved[2];
};

struct _RmiPropertyEntry
{
  const char *name;                  /* "Capacity" */
  const char *property_name;         /* "capacity" */
  void      (*write) (RmiWriter *writer, const GValue *value);
  /* Sets @value, initialised with the property's type. */
  void      (*read)  (RmiReader *reader, GValue *value);
  gpointer    reserved[2];
};

struct _RmiInterfaceEntry
{
  const char             *name;
  const char             *description;           /* the JSON document */
  const RmiMethodEntry   *methods;
  const RmiSignalEntry   *signals;
  const RmiPropertyEntry *properties;
  guint                   n_methods, n_signals, n_properties;
  gboolean                subscribes;            /* a stub subscribes by existing */
  GType                 (*get_stub_type) (void);
  GType                 (*get_base_type) (void); /* of `extends`: the base interface, or NULL */
  gpointer                reserved[4];           /* NULL; the first is the base's entry where there is no GType */
};

/* Called by the interface's get_type(). @entry is static. Any thread. */
RMI_AVAILABLE_IN_1_0
void                     rmi_interface_register       (GType interface_type, const RmiInterfaceEntry *entry);
/* NULL if @type is no described interface. */
RMI_AVAILABLE_IN_1_0
const RmiInterfaceEntry *rmi_interface_lookup         (GType interface_type);
/* The GInterface of a wire name that this process has registered, or G_TYPE_INVALID. */
RMI_AVAILABLE_IN_1_0
GType                    rmi_interface_lookup_by_name (const char *name, gssize length);
/* The description of a described interface, parsed once; NULL if it is none. */
RMI_AVAILABLE_IN_1_0
RmiInterfaceInfo        *rmi_interface_get_info       (GType interface_type);
/* What @entry extends; NULL if nothing. */
RMI_AVAILABLE_IN_1_0
const RmiInterfaceEntry *rmi_interface_entry_get_base (const RmiInterfaceEntry *entry);
/* The described interfaces of @object, most derived first; (transfer container) (element-type RmiInterfaceEntry). */
RMI_AVAILABLE_IN_1_0
GPtrArray               *rmi_object_list_entries      (gpointer object);
/* From now on these are the interfaces of this object, whatever its class has. Before it is exported. */
RMI_AVAILABLE_IN_1_0
void                     rmi_object_set_entries       (gpointer object, GPtrArray *entries);

G_END_DECLS
