/* rmi/rmi-json-node.c: JsonNode out of a reader, and into a writer
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * For the type `j`. The open containers are kept in an array, not on the C stack. References inside
 * stay JSON and are released.
 */
#include "config.h"
#include "rmi/rmi-reader-private.h"

#include "rmi/rmi-double-internal.h"
#include "rmi/rmi-siphash-internal.h"
#include "rmi/rmi-writer-internal.h"

#define MAX_ALIKE 16

/* What json-glib allocates, by measure. */
#define NODE_BYTES      112
#define CONTAINER_BYTES 352
#define MEMBER_BYTES    96

static JsonNode *
read_number (RmiReader *self)
{
  gboolean is_integer;
  RmiSlice number = rmi_reader_peek_number (self, &is_integer);
  double value = 0;

  if (is_integer)
    return json_node_init_int (json_node_alloc (), rmi_reader_get_int64 (self));

  if (rmi_double_parse (number.data, number.data + number.length, &value) != NULL)
    self->cursor += number.length;
  else
    rmi_reader_fail_type (self, "a number that fits a double");
  return json_node_init_double (json_node_alloc (), value);
}

/* A node without what a container contains; NULL if an error stuck. */
static JsonNode *
read_node (RmiReader *self)
{
  g_autofree char *text = NULL;
  JsonNode *node = NULL;

  if (!rmi_reader_charge (self, NODE_BYTES))
    return NULL;

  switch (rmi_reader_peek (self))
    {
    case '[':
      rmi_reader_begin_array (self);
      node = json_node_new (JSON_NODE_ARRAY);
      json_node_take_array (node, json_array_new ());
      rmi_reader_charge (self, CONTAINER_BYTES);
      break;
    case '{':
      rmi_reader_begin_object (self);
      node = json_node_new (JSON_NODE_OBJECT);
      json_node_take_object (node, json_object_new ());
      rmi_reader_charge (self, CONTAINER_BYTES);
      break;
    case '"':
      text = rmi_reader_get_string (self);
      node = json_node_init_string (json_node_alloc (), text);
      break;
    case 't':
    case 'f':
      node = json_node_init_boolean (json_node_alloc (), rmi_reader_get_boolean (self));
      break;
    case 'n':
      rmi_reader_take_null (self);
      node = json_node_init_null (json_node_alloc ());
      break;
    case '0':
      node = read_number (self);
      break;
    default:
      rmi_reader_fail_type (self, "a value");
    }

  if (self->error != NULL)
    g_clear_pointer (&node, json_node_unref);
  return node;
}

/* An open container while reading. */
typedef struct
{
  JsonNode   *node;
  GHashTable *alike;            /* of an object with many members: g_str_hash() of a name → how many have it; or NULL */
} Container;

static void
container_clear (gpointer data)
{
  Container *container = data;

  g_clear_pointer (&container->alike, g_hash_table_unref);
}

static guint
hash_number (gconstpointer number)
{
  return (guint) rmi_siphash (&number, sizeof number);
}

/* The table of a JsonObject is under a hash that peers can steer: names that are alike to it would cost their number squared. By
 * chance, no two of thousands are. */
static gboolean
check_name (RmiReader  *self,
            Container  *container,
            const char *name)
{
  gpointer hash = GUINT_TO_POINTER (g_str_hash (name));
  guint n_alike;

  if (container->alike == NULL && json_object_get_size (json_node_get_object (container->node)) < MAX_ALIKE)
    return TRUE;

  if (container->alike == NULL)
    container->alike = g_hash_table_new (hash_number, NULL);
  n_alike = GPOINTER_TO_UINT (g_hash_table_lookup (container->alike, hash)) + 1;
  if (n_alike > MAX_ALIKE)
    {
      rmi_reader_fail_at (self, self->cursor, RMI_ERROR_LIMIT, "more than %d names have the same hash", MAX_ALIKE);
      return FALSE;
    }
  g_hash_table_insert (container->alike, hash, GUINT_TO_POINTER (n_alike));
  return TRUE;
}

/* The next child of @container, which then owns it. NULL at its end and if an error stuck. */
static JsonNode *
read_child (RmiReader *self,
            Container *container)
{
  JsonNode *parent = container->node;
  g_autofree char *key = NULL;
  JsonNode *child;

  if (JSON_NODE_HOLDS_ARRAY (parent))
    {
      child = rmi_reader_next_element (self) ? read_node (self) : NULL;
      if (child != NULL)
        json_array_add_element (json_node_get_array (parent), child);
      return child;
    }

  key = rmi_reader_next_key (self);
  if (key == NULL || !rmi_reader_charge (self, MEMBER_BYTES) || !check_name (self, container, key))
    return NULL;
  if (*key == '$' && json_object_has_member (json_node_get_object (parent), key))
    {
      rmi_reader_fail_at (self, self->cursor, self->code, "the key \"%s\" is there twice", key);
      return NULL;
    }
  child = read_node (self);
  if (child != NULL)
    json_object_set_member (json_node_get_object (parent), key, child);
  return child;
}

/**
 * rmi_reader_get_json:
 * @self: a reader
 *
 * Reads any value. Integers beyond 64 bits and U+0000 are refused.
 *
 * Returns: (transfer full) (nullable): the next value, or %NULL if an error stuck
 *
 * Since: 1.0
 */
JsonNode *
rmi_reader_get_json (RmiReader *self)
{
  g_autoptr(GArray) open = g_array_new (FALSE, FALSE, sizeof (Container));
  g_autoptr(JsonNode) root = NULL;
  Container next = { NULL };

  g_array_set_clear_func (open, container_clear);
  next.node = root = read_node (self);
  while (self->error == NULL)
    {
      if (next.node == NULL)
        g_array_set_size (open, open->len - 1);
      else if (!JSON_NODE_HOLDS_VALUE (next.node) && !JSON_NODE_HOLDS_NULL (next.node))
        g_array_append_val (open, next);
      if (open->len == 0)
        break;
      next.node = read_child (self, &g_array_index (open, Container, open->len - 1));
    }

  return self->error == NULL ? g_steal_pointer (&root) : NULL;
}

/* An open container while writing. */
typedef struct
{
  JsonArray      *array;        /* or NULL */
  guint           index;
  JsonObjectIter  members;
} Level;

static void
write_value (RmiWriter *self,
             JsonNode  *node)
{
  char digits[32];

  switch (json_node_get_value_type (node))
    {
    case G_TYPE_BOOLEAN:
      rmi_writer_add_boolean (self, json_node_get_boolean (node));
      break;
    case G_TYPE_INT64:
      g_snprintf (digits, sizeof digits, "%" G_GINT64_FORMAT, (gint64) json_node_get_int (node));
      rmi_writer_add_raw (self, digits, strlen (digits));
      break;
    case G_TYPE_DOUBLE:
      rmi_writer_add_double (self, json_node_get_double (node));
      break;
    case G_TYPE_STRING:
      if (json_node_get_string (node) != NULL)
        rmi_writer_add_string (self, json_node_get_string (node));
      else
        rmi_writer_add_null (self);
      break;
    default:
      rmi_writer_fail (self, g_error_new (RMI_ERROR, RMI_ERROR_INVALID_ARGUMENTS,
                                          "A JsonNode that holds a %s is no JSON",
                                          g_type_name (json_node_get_value_type (node))));
    }
}

/* Writes @node, or opens it. */
static void
write_node (RmiWriter *self,
            JsonNode  *node,
            GArray    *open)
{
  Level level = { NULL };

  switch (json_node_get_node_type (node))
    {
    case JSON_NODE_NULL:
      rmi_writer_add_null (self);
      break;
    case JSON_NODE_VALUE:
      write_value (self, node);
      break;
    case JSON_NODE_ARRAY:
      rmi_writer_begin_array (self);
      level.array = json_node_get_array (node);
      g_array_append_val (open, level);
      break;
    case JSON_NODE_OBJECT:
      rmi_writer_begin_object (self);
      json_object_iter_init_ordered (&level.members, json_node_get_object (node));
      g_array_append_val (open, level);
      break;
    }
}

/* The next child of @level; NULL at its end, which is written. */
static JsonNode *
next_child (RmiWriter *self,
            Level     *level)
{
  const char *key;
  JsonNode *child;

  if (level->array == NULL)
    {
      if (json_object_iter_next_ordered (&level->members, &key, &child))
        {
          rmi_writer_add_key (self, key);
          return child;
        }
      rmi_writer_end_object (self);
      return NULL;
    }

  if (level->index < json_array_get_length (level->array))
    return json_array_get_element (level->array, level->index++);
  rmi_writer_end_array (self);
  return NULL;
}

/**
 * rmi_writer_add_json:
 * @self: a writer
 * @value: (nullable): what to write; %NULL is null
 *
 * Writes any JSON.
 *
 * Since: 1.0
 */
void
rmi_writer_add_json (RmiWriter *self,
                     JsonNode  *value)
{
  g_autoptr(GArray) open = NULL;
  JsonNode *child;

  if (value == NULL)
    {
      rmi_writer_add_null (self);
      return;
    }

  open = g_array_new (FALSE, FALSE, sizeof (Level));
  write_node (self, value, open);
  while (open->len > 0 && !rmi_writer_has_failed (self))
    {
      child = next_child (self, &g_array_index (open, Level, open->len - 1));
      if (child != NULL)
        write_node (self, child, open);
      else
        g_array_set_size (open, open->len - 1);
    }
}
