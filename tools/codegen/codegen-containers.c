/* tools/codegen/codegen-containers.c: static functions that read and write arrays and tables
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * One pair for each container that a description uses. Reading is all or nothing; NULL is written as an empty one.
 */
#include "config.h"
#include "tools/codegen/codegen-parts.h"

static void
add_table_body (CodegenOutput     *out,
                const CodegenType *type)
{
  const CodegenType *element = type->element;
  g_autofree char *write = codegen_substitute (element->write, "element");

  codegen_set (out, "helper", type->helper);
  codegen_set (out, "element", element->owned);
  codegen_set (out, "borrowed", element->borrowed);
  codegen_set (out, "read", element->read);
  codegen_set (out, "write", write);
  codegen_set (out, "free", element->free);
  codegen_add (out,
    "static void\n"
    "write_${helper} (RmiWriter *writer, GHashTable *table)\n"
    "{\n"
    "  GHashTableIter iter;\n"
    "  gpointer key;\n"
    "  gpointer value;\n"
    "\n"
    "  rmi_writer_begin_object (writer);\n"
    "  if (table != NULL)\n"
    "    g_hash_table_iter_init (&iter, table);\n"
    "  while (table != NULL && g_hash_table_iter_next (&iter, &key, &value))\n"
    "    {\n"
    "      ${borrowed}element = (${borrowed}) value;\n"
    "\n"
    "      rmi_writer_add_key (writer, (const char *) key);\n"
    "      if (check_value (writer, element, (const char *) key))\n"
    "        ${write};\n"
    "    }\n"
    "  rmi_writer_end_object (writer);\n"
    "}\n\n"
    "static GHashTable *\n"
    "read_${helper} (RmiReader *reader)\n"
    "{\n"
    "  g_autoptr(GHashTable) table = rmi_reader_new_table (reader, (GDestroyNotify) ${free});\n"
    "  char *key;\n"
    "\n"
    "  rmi_reader_begin_object (reader);\n"
    "  while ((key = rmi_reader_next_key (reader)) != NULL)\n"
    "    {\n"
    "      ${element}element = ${read};\n"
    "\n"
    "      if (element != NULL)\n"
    "        g_hash_table_insert (table, key, element);\n"
    "      else\n"
    "        g_free (key);\n"
    "    }\n"
    "  if (rmi_reader_has_failed (reader))\n"
    "    return NULL;\n"
    "  return g_steal_pointer (&table);\n"
    "}\n\n");
}

static void
add_pointers_body (CodegenOutput     *out,
                   const CodegenType *type)
{
  const CodegenType *element = type->element;
  g_autofree char *write = codegen_substitute (element->write, "element");

  codegen_set (out, "helper", type->helper);
  codegen_set (out, "element", element->owned);
  codegen_set (out, "read", element->read);
  codegen_set (out, "write", write);
  codegen_set (out, "free", element->free);
  codegen_add (out,
    "static void\n"
    "write_${helper} (RmiWriter *writer, GPtrArray *array)\n"
    "{\n"
    "  rmi_writer_begin_array (writer);\n"
    "  for (guint i = 0; array != NULL && i < array->len; i++)\n"
    "    {\n"
    "      ${element}element = (${element}) g_ptr_array_index (array, i);\n"
    "\n"
    "      if (check_value (writer, element, \"an element\"))\n"
    "        ${write};\n"
    "    }\n"
    "  rmi_writer_end_array (writer);\n"
    "}\n\n"
    "static GPtrArray *\n"
    "read_${helper} (RmiReader *reader)\n"
    "{\n"
    "  g_autoptr(GPtrArray) array = g_ptr_array_new_with_free_func ((GDestroyNotify) ${free});\n"
    "\n"
    "  rmi_reader_charge (reader, sizeof (GPtrArray));\n"
    "  for (rmi_reader_begin_array (reader); rmi_reader_next_element (reader);)\n"
    "    {\n"
    "      ${element}element = ${read};\n"
    "\n"
    "      if (element != NULL)\n"
    "        g_ptr_array_add (array, element);\n"
    "    }\n"
    "  if (rmi_reader_has_failed (reader))\n"
    "    return NULL;\n"
    "  return g_steal_pointer (&array);\n"
    "}\n\n");
}

static void
add_scalars_body (CodegenOutput     *out,
                  const CodegenType *type)
{
  const CodegenType *element = type->element;
  g_autofree char *element_type = g_strchomp (g_strdup (element->owned));
  g_autofree char *access = g_strdup_printf ("g_array_index (array, %s, i)", element_type);
  g_autofree char *write = codegen_substitute (element->write, access);

  codegen_set (out, "helper", type->helper);
  codegen_set (out, "element", element_type);
  codegen_set (out, "read", element->read);
  codegen_set (out, "write", write);
  codegen_add (out,
    "static void\n"
    "write_${helper} (RmiWriter *writer, GArray *array)\n"
    "{\n"
    "  rmi_writer_begin_array (writer);\n"
    "  for (guint i = 0; array != NULL && i < array->len; i++)\n"
    "    ${write};\n"
    "  rmi_writer_end_array (writer);\n"
    "}\n\n"
    "static GArray *\n"
    "read_${helper} (RmiReader *reader)\n"
    "{\n"
    "  g_autoptr(GArray) array = g_array_new (FALSE, FALSE, sizeof (${element}));\n"
    "\n"
    "  rmi_reader_charge (reader, sizeof (GArray));\n"
    "  for (rmi_reader_begin_array (reader); rmi_reader_next_element (reader);)\n"
    "    {\n"
    "      ${element} element = ${read};\n"
    "\n"
    "      if (rmi_reader_charge (reader, sizeof (element)))\n"
    "        g_array_append_val (array, element);\n"
    "    }\n"
    "  if (rmi_reader_has_failed (reader))\n"
    "    return NULL;\n"
    "  return g_steal_pointer (&array);\n"
    "}\n\n");
}

/* Strings that are checked one by one. */
static void
add_object_paths_body (CodegenOutput *out)
{
  codegen_add (out,
    "static char **\n"
    "read_object_path_array (RmiReader *reader)\n"
    "{\n"
    "  g_autoptr(GPtrArray) array = g_ptr_array_new_with_free_func (g_free);\n"
    "\n"
    "  rmi_reader_charge (reader, sizeof (GPtrArray));\n"
    "  for (rmi_reader_begin_array (reader); rmi_reader_next_element (reader);)\n"
    "    {\n"
    "      char *element = rmi_reader_get_object_path (reader);\n"
    "\n"
    "      if (element != NULL)\n"
    "        g_ptr_array_add (array, element);\n"
    "    }\n"
    "  if (rmi_reader_has_failed (reader))\n"
    "    return NULL;\n"
    "  g_ptr_array_add (array, NULL);\n"
    "  return (char **) g_ptr_array_steal (array, NULL);\n"
    "}\n\n");
}

void
codegen_add_container_body (CodegenOutput     *out,
                            const CodegenType *type)
{
  if (type->shape == CODEGEN_SHAPE_STRV)
    add_object_paths_body (out);
  else if (type->shape == CODEGEN_SHAPE_TABLE)
    add_table_body (out, type);
  else if (type->shape == CODEGEN_SHAPE_POINTERS)
    add_pointers_body (out, type);
  else
    add_scalars_body (out, type);
}
