/* tests/parties/crate.c: a box
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "config.h"
#include "tests/parties/crate.h"

#include <unistd.h>

struct _Crate
{
  GObject      parent_instance;

  RmiNode     *node;
  GPtrArray   *list;
  GHashTable  *by_name;
  PartiesCard *card;
  PartiesPair *pair;
  JsonNode    *any;
};

static int n_crates;

static void crate_implement (PartiesBoxInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (Crate, crate, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (PARTIES_TYPE_BOX, crate_implement))

static gboolean
crate_stow (PartiesBox         *box,
            GPtrArray          *list,
            GHashTable         *by_name,
            PartiesCard        *card,
            const PartiesPair  *pair,
            JsonNode           *any,
            GCancellable       *cancellable,
            GError            **error)
{
  Crate *self = PARTIES_CRATE (box);

  crate_empty (self);
  self->list = g_ptr_array_ref (list);
  self->by_name = g_hash_table_ref (by_name);
  g_set_object (&self->card, card);
  self->pair = pair != NULL ? parties_pair_copy (pair) : NULL;
  self->any = json_node_ref (any);
  return TRUE;
}

static gboolean
crate_recall (PartiesBox    *box,
              GPtrArray    **list,
              GHashTable   **by_name,
              PartiesCard  **card,
              PartiesPair  **pair,
              JsonNode     **any,
              GCancellable  *cancellable,
              GError       **error)
{
  Crate *self = PARTIES_CRATE (box);

  *list = g_ptr_array_ref (self->list);
  *by_name = g_hash_table_ref (self->by_name);
  *card = self->card != NULL ? g_object_ref (self->card) : NULL;
  *pair = self->pair != NULL ? parties_pair_copy (self->pair) : NULL;
  *any = json_node_ref (self->any);
  return TRUE;
}

static guint
count_in_list (Crate     *self,
               GPtrArray *list)
{
  guint n = 0;

  for (guint i = 0; list != NULL && i < list->len; i++)
    n += g_ptr_array_index (list, i) == (gpointer) self;
  return n;
}

static gboolean
crate_count_self (PartiesBox    *box,
                  guint         *count,
                  GCancellable  *cancellable,
                  GError       **error)
{
  Crate *self = PARTIES_CRATE (box);
  g_autoptr(PartiesBox) of_card = NULL;
  g_autoptr(GPtrArray) boxes = NULL;
  GHashTableIter iter;
  gpointer other;

  *count = count_in_list (self, self->list);
  if (self->by_name != NULL)
    g_hash_table_iter_init (&iter, self->by_name);
  while (self->by_name != NULL && g_hash_table_iter_next (&iter, NULL, &other))
    *count += other == (gpointer) self;
  if (self->card != NULL)
    g_object_get (self->card, "box", &of_card, "boxes", &boxes, NULL);
  *count += of_card == box;
  *count += count_in_list (self, boxes);
  if (self->pair != NULL)
    *count += (self->pair->left == box) + (self->pair->right == box);
  return TRUE;
}

static PartiesBox *
crate_make (PartiesBox    *box,
            GCancellable  *cancellable,
            GError       **error)
{
  return PARTIES_BOX (crate_new (PARTIES_CRATE (box)->node));
}

static gboolean
crate_where (PartiesBox    *box,
             char         **uri,
             GCancellable  *cancellable,
             GError       **error)
{
  *uri = rmi_node_dup_uri (PARTIES_CRATE (box)->node, G_OBJECT (box));
  return TRUE;
}

static gboolean
crate_pull_from (PartiesBox    *box,
                 const char    *uri,
                 GCancellable  *cancellable,
                 GError       **error)
{
  Crate *self = PARTIES_CRATE (box);
  g_autoptr(PartiesBox) other = rmi_node_get_object (self->node, uri, PARTIES_TYPE_BOX, cancellable, error);

  crate_empty (self);
  return other != NULL
         && parties_box_recall (other, &self->list, &self->by_name, &self->card, &self->pair, &self->any, cancellable, error);
}

static char *
crate_name (PartiesBox    *box,
            GCancellable  *cancellable,
            GError       **error)
{
  return g_strdup_printf ("%d", (int) getpid ());
}

static char *
crate_ask_stowed (PartiesBox    *box,
                  GCancellable  *cancellable,
                  GError       **error)
{
  Crate *self = PARTIES_CRATE (box);

  return parties_box_name (g_ptr_array_index (self->list, 0), cancellable, error);
}

static gboolean
crate_alive (PartiesBox    *box,
             guint         *count,
             GCancellable  *cancellable,
             GError       **error)
{
  *count = crate_count ();
  return TRUE;
}

static void
crate_implement (PartiesBoxInterface *iface)
{
  iface->stow = crate_stow;
  iface->recall = crate_recall;
  iface->count_self = crate_count_self;
  iface->make = crate_make;
  iface->where = crate_where;
  iface->pull_from = crate_pull_from;
  iface->name = crate_name;
  iface->ask_stowed = crate_ask_stowed;
  iface->alive = crate_alive;
}

void
crate_empty (Crate *self)
{
  g_clear_pointer (&self->list, g_ptr_array_unref);
  g_clear_pointer (&self->by_name, g_hash_table_unref);
  g_clear_object (&self->card);
  g_clear_pointer (&self->pair, parties_pair_free);
  g_clear_pointer (&self->any, json_node_unref);
}

static void
crate_dispose (GObject *object)
{
  crate_empty (PARTIES_CRATE (object));
  G_OBJECT_CLASS (crate_parent_class)->dispose (object);
}

static void
crate_finalize (GObject *object)
{
  n_crates--;
  G_OBJECT_CLASS (crate_parent_class)->finalize (object);
}

static void
crate_class_init (CrateClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = crate_dispose;
  object_class->finalize = crate_finalize;
}

static void
crate_init (Crate *self)
{
  n_crates++;
}

Crate *
crate_new (RmiNode *node)
{
  Crate *self = g_object_new (CRATE_TYPE, NULL);

  self->node = node;
  return self;
}

guint
crate_count (void)
{
  return (guint) n_crates;
}
