/* rmi/rmi-class-entry.c: which classes travel by value, and how
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * GTypes are the process's, and so is this table. What is not in it is never made of what a peer says.
 */
#include "config.h"
#include "rmi/rmi-class-private.h"

#include <string.h>

#include "rmi/rmi-class-entry-internal.h"

#include "rmi/rmi-error.h"
#include "rmi/rmi-siphash-internal.h"

static GRWLock lock;
static GHashTable *types_by_name;       /* char * of the entry → GType */
static int runs_code;                   /* atomic */

static GQuark
entry_quark (void)
{
  static GQuark quark = 0;

  if (G_UNLIKELY (quark == 0))
    quark = g_quark_from_static_string ("rmi-class-entry");
  return quark;
}

gboolean
rmi_class_check_type (GType    type,
                      GError **error)
{
  const char *what = NULL;

  if (!G_TYPE_IS_OBJECT (type))
    what = "no GObject class";
  else if (G_TYPE_IS_ABSTRACT (type))
    what = "abstract";
  else if (g_type_is_a (type, G_TYPE_INITABLE) || g_type_is_a (type, G_TYPE_ASYNC_INITABLE))
    what = "only an object once it is initialised";
  if (what == NULL)
    return TRUE;

  g_set_error (error, RMI_ERROR, RMI_ERROR_TYPE_NOT_ALLOWED, "%s cannot travel by value: it is %s", g_type_name (type),
               what);
  return FALSE;
}

/**
 * rmi_class_register_entry: (skip)
 * @type: a class
 * @entry: (transfer none): how its instances are written and read; stays for ever
 * @error: return location for an error
 *
 * From now on instances of @type travel by value, also where a base of it is declared. Called by the `get_type` functions that
 * rmi-codegen writes. Any thread.
 *
 * Returns: %FALSE with %RMI_ERROR_TYPE_NOT_ALLOWED if @type is abstract, a GInitable or a GAsyncInitable, if it travels otherwise
 * already, or if the name belongs to another class
 *
 * Since: 1.0
 */
gboolean
rmi_class_register_entry (GType                 type,
                          const RmiClassEntry  *entry,
                          GError              **error)
{
  const RmiClassEntry *known;
  GType owner;

  g_return_val_if_fail (entry != NULL, FALSE);

  if (!rmi_class_check_type (type, error))
    return FALSE;

  g_rw_lock_writer_lock (&lock);
  if (types_by_name == NULL)
    types_by_name = g_hash_table_new (rmi_siphash_str, g_str_equal);
  known = rmi_class_lookup (type);
  owner = (GType) GPOINTER_TO_SIZE (g_hash_table_lookup (types_by_name, entry->name));
  if (known == NULL && owner == G_TYPE_INVALID)
    {
      if ((entry->flags & RMI_CLASS_RUNS_CODE) != 0)
        g_atomic_int_set (&runs_code, TRUE);
      g_hash_table_insert (types_by_name, (gpointer) entry->name, GSIZE_TO_POINTER (type));
      g_type_set_qdata (type, entry_quark (), (gpointer) entry);
    }
  g_rw_lock_writer_unlock (&lock);

  if (known == entry || (known == NULL && owner == G_TYPE_INVALID))
    return TRUE;
  if (known != NULL)
    g_set_error (error, RMI_ERROR, RMI_ERROR_TYPE_NOT_ALLOWED, "%s travels as %s already", g_type_name (type), known->name);
  else
    g_set_error (error, RMI_ERROR, RMI_ERROR_TYPE_NOT_ALLOWED, "%s is the name of %s, and cannot be that of %s, too",
               entry->name, g_type_name (owner), g_type_name (type));
  return FALSE;
}

gboolean
rmi_class_runs_code (void)
{
  return g_atomic_int_get (&runs_code);
}

/**
 * rmi_class_lookup: (skip)
 * @type: a class
 *
 * Returns: (transfer none) (nullable): the entry of exactly @type, or %NULL if it has none
 *
 * Since: 1.0
 */
const RmiClassEntry *
rmi_class_lookup (GType type)
{
  return g_type_get_qdata (type, entry_quark ());
}

/**
 * rmi_class_lookup_by_name: (skip)
 * @name: a name on the wire, such as `org.example.shop.Line`
 * @length: its length, or -1
 *
 * Returns: the class of that name that was registered, or %G_TYPE_INVALID
 *
 * Since: 1.0
 */
GType
rmi_class_lookup_by_name (const char *name,
                          gssize      length)
{
  g_autofree char *text = g_strndup (name, length < 0 ? strlen (name) : (gsize) length);
  gpointer type = NULL;

  g_rw_lock_reader_lock (&lock);
  if (types_by_name != NULL)
    type = g_hash_table_lookup (types_by_name, text);
  g_rw_lock_reader_unlock (&lock);

  return (GType) GPOINTER_TO_SIZE (type);
}

/* ---- structs ---- */

static GQuark
struct_quark (void)
{
  static GQuark quark = 0;

  if (G_UNLIKELY (quark == 0))
    quark = g_quark_from_static_string ("rmi-struct-entry");
  return quark;
}

/**
 * rmi_struct_register_entry: (skip)
 * @type: a boxed type
 * @entry: (transfer none): how its values are written and read; stays for ever
 *
 * Makes a struct known to classes that are registered by their properties. Called by the `get_type` functions that rmi-codegen
 * writes. Any thread.
 *
 * Since: 1.0
 */
void
rmi_struct_register_entry (GType                 type,
                           const RmiStructEntry *entry)
{
  g_return_if_fail (G_TYPE_IS_BOXED (type));

  g_type_set_qdata (type, struct_quark (), (gpointer) entry);
}

/**
 * rmi_struct_lookup: (skip)
 * @type: a type
 *
 * Returns: (transfer none) (nullable): the entry of @type, or %NULL if it is no struct of a description
 *
 * Since: 1.0
 */
const RmiStructEntry *
rmi_struct_lookup (GType type)
{
  return g_type_get_qdata (type, struct_quark ());
}
