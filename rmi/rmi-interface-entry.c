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

/**
 * rmi_interface_entry_get_base: (skip)
 * @entry: an interface
 *
 * Returns: (transfer none) (nullable): the interface that @entry extends, or %NULL
 *
 * Since: 1.0
 */
const RmiInterfaceEntry *
rmi_interface_entry_get_base (const RmiInterfaceEntry *entry)
{
  return entry->get_base_type != NULL ? rmi_interface_lookup (entry->get_base_type ()) : entry->reserved[0];
}

/* The number of described interfaces that @entry builds upon: more means more derived. */
static guint
count_bases (const RmiInterfaceEntry *entry)
{
  guint n = 0;

  while ((entry = rmi_interface_entry_get_base (entry)) != NULL)
    n++;
  return n;
}

static int
compare_derivation (gconstpointer a,
                    gconstpointer b)
{
  const RmiInterfaceEntry *x = *(const RmiInterfaceEntry *const *) a;
  const RmiInterfaceEntry *y = *(const RmiInterfaceEntry *const *) b;
  int by_depth = (int) count_bases (y) - (int) count_bases (x);

  return by_depth != 0 ? by_depth : strcmp (x->name, y->name);
}

static GPtrArray *
list_entries (GType type)
{
  GPtrArray *list = g_ptr_array_new ();
  guint n_types = 0;
  g_autofree GType *types = g_type_interfaces (type, &n_types);

  for (guint i = 0; i < n_types; i++)
    if (rmi_interface_lookup (types[i]) != NULL)
      g_ptr_array_add (list, (gpointer) rmi_interface_lookup (types[i]));
  g_ptr_array_sort (list, compare_derivation);
  return list;
}

/**
 * rmi_object_list_entries: (skip)
 * @object: (type GObject): an object
 *
 * The described interfaces of @object, an interface before those it extends.
 *
 * Returns: (transfer container) (element-type RmiInterfaceEntry): the entries
 *
 * Since: 1.0
 */
GPtrArray *
rmi_object_list_entries (gpointer object)
{
  GType type = G_OBJECT_TYPE (object);
  GPtrArray *list = g_object_get_qdata (object, list_quark ());

  if (list == NULL)
    list = g_type_get_qdata (type, list_quark ());
  /* A class's interfaces never change once it has instances; a list made twice at once is only lost. */
  if (list == NULL)
    {
      list = list_entries (type);
      g_type_set_qdata (type, list_quark (), list);
    }
  return g_ptr_array_copy (list, NULL, NULL);
}

/**
 * rmi_object_set_entries: (skip)
 * @object: (type GObject): an object that was not exported yet
 * @entries: (element-type RmiInterfaceEntry) (transfer none): its interfaces; they live as long as it does
 *
 * For an object whose interfaces are its own, not those of its class.
 *
 * Since: 1.0
 */
void
rmi_object_set_entries (gpointer   object,
                        GPtrArray *entries)
{
  GPtrArray *list = g_ptr_array_copy (entries, NULL, NULL);

  g_ptr_array_sort (list, compare_derivation);
  g_object_set_qdata_full (object, list_quark (), list, (GDestroyNotify) g_ptr_array_unref);
}
