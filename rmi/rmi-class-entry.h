/* rmi/rmi-class-entry.h: which classes travel by value, and how
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * For generated code, and for whoever makes other classes known. Frozen: output of 1.0 runs on every 1.x. The reserved
 * members are NULL.
 */
#pragma once

#include "rmi/rmi-types.h"

G_BEGIN_DECLS

/**
 * RmiClassFlags:
 * @RMI_CLASS_FLAGS_NONE: nothing special
 * @RMI_CLASS_ALLOWS_CYCLES: an instance may contain itself
 * @RMI_CLASS_RUNS_CODE: its functions run code of the application, which may make and free objects
 *
 * What is known of a class.
 *
 * Since: 1.0
 */
typedef enum
{
  RMI_CLASS_FLAGS_NONE    = 0,
  RMI_CLASS_ALLOWS_CYCLES = 1 << 0,
  RMI_CLASS_RUNS_CODE     = 1 << 1,
} RmiClassFlags;

struct _RmiClassEntry
{
  const char        *name;           /* "org.example.shop.Line" */
  const char *const *members;        /* its properties on the wire, those of its bases first; NULL-terminated */
  gsize              size;           /* about what an instance costs who decodes it */
  RmiClassFlags      flags;
  /* A rmi_writer_add_member() and a value for each of @members. */
  void             (*write_members) (RmiWriter *writer, gpointer object, gpointer user_data);
  /* Reads the value of one of @members. */
  void             (*read_member)   (RmiReader *reader, gpointer object, int index, gpointer user_data);
  /* Nullable: all members that came were read. */
  void             (*complete)      (gpointer object, gpointer user_data);
  /* Nullable: makes an instance of all members that come, up to the end of the object, by itself; then the two above are not
     used. It reads them with RMI_READER_INSTANCE. */
  gpointer         (*read)          (RmiReader *reader, GType type, gpointer user_data);
  gpointer           user_data;
  /* Nullable, for classes that run code: reads the value of one of @members and keeps nothing. Objects by value that are read here may be
     NULL without an error. All of a message is checked so before the first object is made. */
  void             (*check_member)  (RmiReader *reader, int index, gpointer user_data);
  gpointer           reserved[3];
};

/* From now on instances of @type travel by value. @entry stays for ever. FALSE with RMI_ERROR_TYPE_NOT_ALLOWED if they
   cannot be made. Any thread. */
RMI_AVAILABLE_IN_1_0
gboolean             rmi_class_register_entry (GType type, const RmiClassEntry *entry, GError **error);
/* The entry of exactly @type; NULL if it has none. */
RMI_AVAILABLE_IN_1_0
const RmiClassEntry *rmi_class_lookup         (GType type);
/* The class of a wire name that this process has registered, or G_TYPE_INVALID. */
RMI_AVAILABLE_IN_1_0
GType                rmi_class_lookup_by_name (const char *name, gssize length);

struct _RmiStructEntry
{
  void     (*write) (RmiWriter *writer, gconstpointer boxed);
  gpointer (*read)  (RmiReader *reader);
  gpointer   reserved[2];
};

/* The same for structs, which are boxed types. */
RMI_AVAILABLE_IN_1_0
void                  rmi_struct_register_entry (GType type, const RmiStructEntry *entry);
RMI_AVAILABLE_IN_1_0
const RmiStructEntry *rmi_struct_lookup         (GType type);

G_END_DECLS
