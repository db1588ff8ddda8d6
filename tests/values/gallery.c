/* tests/values/gallery.c: an object in one node, a stub of it in another
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "config.h"
#include "tests/values/gallery.h"

/* ---- the object ---- */

#define TYPE_ROOM (room_get_type ())
G_DECLARE_FINAL_TYPE (Room, room, TEST, ROOM, GObject)

struct _Room
{
  GObject      parent_instance;
  ValuesShape *best;
};

enum
{
  PROP_BEST = 1,
};

static ValuesShape *
room_echo (ValuesGallery *self, ValuesShape *shape, GCancellable *cancellable, GError **error)
{
  return g_object_ref (shape);
}

static gboolean
room_swap (ValuesGallery *self, ValuesShape *one, ValuesShape *two, gboolean *out_is_same, ValuesShape **out_first,
           ValuesShape **out_second, GCancellable *cancellable, GError **error)
{
  *out_is_same = one == two;
  *out_first = two != NULL ? g_object_ref (two) : NULL;
  *out_second = g_object_ref (one);
  return TRUE;
}

static gboolean
room_compare (ValuesGallery *self, ValuesShape *shape, GPtrArray *list, GHashTable *table, ValuesPair *pair,
              const ValuesFrame *frame, gboolean *out_are_same, GCancellable *cancellable, GError **error)
{
  GHashTableIter iter;
  gpointer value;

  *out_are_same = values_pair_get_first (pair) == shape && values_pair_get_second (pair) == shape && frame->shape == shape;
  for (guint i = 0; i < list->len; i++)
    *out_are_same = *out_are_same && list->pdata[i] == shape;
  g_hash_table_iter_init (&iter, table);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    *out_are_same = *out_are_same && value == shape;
  return TRUE;
}

static ValuesKnot *
room_tie (ValuesGallery *self, ValuesKnot *knot, GCancellable *cancellable, GError **error)
{
  return g_object_ref (knot);
}

static gboolean
room_follow (ValuesGallery *self, ValuesLink *link, guint *out_length, GCancellable *cancellable, GError **error)
{
  for (*out_length = 0; link != NULL; link = values_link_get_next (link))
    ++*out_length;
  return TRUE;
}

static gboolean
room_mix (ValuesGallery *self, JsonNode *json, ValuesShape *one, ValuesShape *two, gboolean *out_is_same,
          GCancellable *cancellable, GError **error)
{
  *out_is_same = one == two;
  return TRUE;
}

static gboolean
room_hang (ValuesGallery *self, ValuesShape *shape, GCancellable *cancellable, GError **error)
{
  values_gallery_emit_hung (self, shape, shape);
  return TRUE;
}

static void
room_gallery_init (ValuesGalleryInterface *iface)
{
  iface->echo = room_echo;
  iface->swap = room_swap;
  iface->compare = room_compare;
  iface->tie = room_tie;
  iface->follow = room_follow;
  iface->mix = room_mix;
  iface->hang = room_hang;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (Room, room, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (VALUES_TYPE_GALLERY, room_gallery_init))

static void
room_get_property (GObject *object, guint property_id, GValue *value, GParamSpec *pspec)
{
  g_value_set_object (value, TEST_ROOM (object)->best);
}

static void
room_set_property (GObject *object, guint property_id, const GValue *value, GParamSpec *pspec)
{
  g_set_object (&TEST_ROOM (object)->best, g_value_get_object (value));
}

static void
room_finalize (GObject *object)
{
  g_clear_object (&TEST_ROOM (object)->best);
  G_OBJECT_CLASS (room_parent_class)->finalize (object);
}

static void
room_class_init (RoomClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = room_get_property;
  object_class->set_property = room_set_property;
  object_class->finalize = room_finalize;
  g_object_class_override_property (object_class, PROP_BEST, "best");
}

static void
room_init (Room *self)
{
}

/* ---- its node, and the test's ---- */

static gpointer
serve (gpointer data)
{
  Gallery *self = data;
  const char *endpoint = g_getenv ("GALLERY_ENDPOINT");
  g_autoptr(RmiNode) node = NULL;
  g_autoptr(GObject) room = g_object_new (TYPE_ROOM, NULL);
  g_autoptr(GError) error = NULL;
  char *uri;

  g_main_context_push_thread_default (self->context);
  node = rmi_node_new ();
  uri = rmi_node_listen (node, endpoint != NULL ? endpoint : "rmi://127.0.0.1:0", NULL, &error);
  g_assert_no_error (error);
  g_assert_true (rmi_node_export (node, "/gallery", room, &error));
  g_assert_no_error (error);
  g_mutex_lock (&self->lock);
  self->uri = uri;
  g_cond_signal (&self->is_up);
  g_mutex_unlock (&self->lock);
  g_main_loop_run (self->loop);
  rmi_node_close (node);
  g_main_context_pop_thread_default (self->context);
  return NULL;
}

void
gallery_set_up (Gallery       *self,
                gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  g_mutex_init (&self->lock);
  g_cond_init (&self->is_up);
  self->context = g_main_context_new ();
  self->loop = g_main_loop_new (self->context, FALSE);
  self->thread = g_thread_new ("gallery", serve, self);
  g_mutex_lock (&self->lock);
  while (self->uri == NULL)
    g_cond_wait (&self->is_up, &self->lock);
  g_mutex_unlock (&self->lock);
  self->object_uri = g_strconcat (self->uri, "/gallery", NULL);
  self->node = rmi_node_new ();
  self->gallery = rmi_node_get_object (self->node, self->object_uri, VALUES_TYPE_GALLERY, NULL, &error);
  g_assert_no_error (error);
}

static gboolean
quit_cb (gpointer loop)
{
  g_main_loop_quit (loop);
  return G_SOURCE_REMOVE;
}

void
gallery_tear_down (Gallery       *self,
                   gconstpointer  data)
{
  g_clear_object (&self->gallery);
  rmi_node_close (self->node);
  g_assert_finalize_object (g_steal_pointer (&self->node));
  g_main_context_invoke (self->context, quit_cb, self->loop);
  g_thread_join (self->thread);
  g_main_loop_unref (self->loop);
  g_main_context_unref (self->context);
  g_free (self->uri);
  g_free (self->object_uri);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->is_up);
}
