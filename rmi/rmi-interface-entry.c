/* rmi/rmi-interface-entry.c: which GInterfaces are described, and how
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * GTypes are the process's, and so is this table: the one lock of the core besides the error domains'. Entries are static
 * and never go away.
 */
#include "config.h"
#include "rmi/rmi-interface-entry.h"

#include <string.h>

#include "rmi/rmi-interface-info.h"
#include "rmi/rmi-siphash-internal.h"

static GRWLock lock;
static GHashTable *types_by_name;       /* char * of the entry → GType */

static GQuark
entry_quark (void)
{
  return g_quark_from_static_string ("rmi-interface-entry");
}

static GQuark
info_quark (void)
{
  return g_quark_from_static_string ("rmi-interface-info");
}

static GQuark
list_quark (void)
{
  return g_quark_from_static_string ("rmi-object-interfaces");
}

/**
 * rmi_interface_register: (skip)
 * @interface_type: a GInterface
 * @entry: (transfer none): what is known of it; static
 *
 * Called by the `get_type` function that rmi-codegen writes. Any thread.
 *
 * Since: 1.0
 */
void
rmi_interface_register (GType                    interface_type,
                        const RmiInterfaceEntry *entry)
{
  g_return_if_fail (G_TYPE_IS_INTERFACE (interface_type));

  g_type_set_qdata (interface_type, entry_quark (), (gpointer) entry);
  g_rw_lock_writer_lock (&lock);
  if (types_by_name == NULL)
    types_by_name = g_hash_table_new (rmi_siphash_str, g_str_equal);
  g_hash_table_insert (types_by_name, (gpointer) entry->name, GSIZE_TO_POINTER (interface_type));
  g_rw_lock_writer_unlock (&lock);
}

/**
 * rmi_interface_lookup: (skip)
 * @interface_type: a type
 *
 * Returns: (transfer none) (nullable): its entry, or %NULL if it is no described interface
 *
 * Since: 1.0
 */
const RmiInterfaceEntry *
rmi_interface_lookup (GType interface_type)
{
  return g_type_get_qdata (interface_type, entry_quark ());
}

/**
 * rmi_interface_lookup_by_name: (skip)
 * @name: a name on the wire, such as `org.example.shop.Warehouse`
 * @length: its length, or -1
 *
 * Only interfaces whose `get_type` function this process has called are known: never a type looked up by a name from the wire.
 *
 * Returns: the GInterface, or %G_TYPE_INVALID
 *
 * Since: 1.0
 */
GType
rmi_interface_lookup_by_name (const char *name,
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

/**
 * rmi_interface_get_info: (skip)
 * @interface_type: a GInterface
 *
 * Returns: (transfer none) (nullable): the description of @interface_type, or %NULL if it is not described
 *
 * Since: 1.0
 */
RmiInterfaceInfo *
rmi_interface_get_info (GType interface_type)
{
  const RmiInterfaceEntry *entry = rmi_interface_lookup (interface_type);
  RmiInterfaceInfo *info = g_type_get_qdata (interface_type, info_quark ());
  g_autoptr(GError) error = NULL;

  if (info != NULL || entry == NULL)
    return info;

  g_rw_lock_writer_lock (&lock);
  info = g_type_get_qdata (interface_type, info_quark ());
  if (info == NULL)
    {
      info = rmi_interface_info_new_for_json (entry->description, -1, &error);
      g_type_set_qdata (interface_type, info_quark (), info);
    }
  g_rw_lock_writer_unlock (&lock);

  if (info == NULL)
    g_critical ("The description of %s is broken: %s", entry->name, error->message);
  return info;
}

/* The number of described interfaces that @type builds upon: more means more derived. */
static guint
count_bases (GType type)
{
  const RmiInterfaceEntry *entry = rmi_interface_lookup (type);
  guint n = 0;

  while (entry != NULL && entry->get_base_type != NULL)
    {
      entry = rmi_interface_lookup (entry->get_base_type ());
      n++;
    }
  return n;
}

static int
compare_derivation (gconstpointer a,
                    gconstpointer b)
{
  GType x = *(const GType *) a;
  GType y = *(const GType *) b;
  int by_depth = (int) count_bases (y) - (int) count_bases (x);

  return by_depth != 0 ? by_depth : strcmp (rmi_interface_lookup (x)->name, rmi_interface_lookup (y)->name);
}

static GArray *
list_interfaces (GType type)
{
  GArray *list = g_array_new (TRUE, TRUE, sizeof (GType));
  guint n_types = 0;
  g_autofree GType *types = g_type_interfaces (type, &n_types);

  for (guint i = 0; i < n_types; i++)
    if (rmi_interface_lookup (types[i]) != NULL)
      g_array_append_val (list, types[i]);
  g_array_sort (list, compare_derivation);
  return list;
}

/**
 * rmi_object_list_interfaces: (skip)
 * @object: (type GObject): an object
 * @n_interfaces: (out): how many there are
 *
 * The described interfaces of @object, an interface before those it extends.
 *
 * Returns: (transfer container) (array length=n_interfaces): the types
 *
 * Since: 1.0
 */
GType *
rmi_object_list_interfaces (gpointer  object,
                            guint    *n_interfaces)
{
  GType type = G_OBJECT_TYPE (object);
  GArray *list = g_type_get_qdata (type, list_quark ());

  /* A class's interfaces never change once it has instances; a list made twice at once is only lost. */
  if (list == NULL)
    {
      list = list_interfaces (type);
      g_type_set_qdata (type, list_quark (), list);
    }
  *n_interfaces = list->len;
  return g_memdup2 (list->data, (list->len + 1) * sizeof (GType));
}
