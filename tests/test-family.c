/* tests/test-family.c: objects of several interfaces, and interfaces that extend others
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "config.h"

#include <rmi-glib/rmi-glib.h>

#include "family.h"

/* ---- one who is a child, so a parent, and a neighbour ---- */

G_DECLARE_FINAL_TYPE (Kid, kid, TEST, KID, GObject)

struct _Kid
{
  GObject  parent_instance;
  guint    age;
  char    *toy;
};

static char *
kid_parent_name (FamilyParent *self, GCancellable *cancellable, GError **error)
{
  return g_strdup ("kid");
}

static gboolean
kid_call (FamilyParent *self, const char *by, GCancellable *cancellable, GError **error)
{
  family_parent_emit_called (self, by);
  return TRUE;
}

static gboolean
kid_play (FamilyChild *self, const char *toy, GCancellable *cancellable, GError **error)
{
  g_free (TEST_KID (self)->toy);
  TEST_KID (self)->toy = g_strdup (toy);
  g_object_notify (G_OBJECT (self), "toy");
  family_child_emit_played (self, toy);
  return TRUE;
}

static char *
kid_neighbour_name (FamilyNeighbour *self, GCancellable *cancellable, GError **error)
{
  return g_strdup ("neighbour");
}

static void
kid_implement_parent (FamilyParentInterface *iface)
{
  iface->name = kid_parent_name;
  iface->call = kid_call;
}

static void
kid_implement_child (FamilyChildInterface *iface)
{
  iface->play = kid_play;
}

static void
kid_implement_neighbour (FamilyNeighbourInterface *iface)
{
  iface->name = kid_neighbour_name;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (Kid, kid, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (FAMILY_TYPE_PARENT, kid_implement_parent)
                               G_IMPLEMENT_INTERFACE (FAMILY_TYPE_CHILD, kid_implement_child)
                               G_IMPLEMENT_INTERFACE (FAMILY_TYPE_NEIGHBOUR, kid_implement_neighbour))

enum
{
  PROP_AGE = 1,
  PROP_TOY,
};

static void
kid_get_property (GObject    *object,
                  guint       property_id,
                  GValue     *value,
                  GParamSpec *pspec)
{
  if (property_id == PROP_AGE)
    g_value_set_uint (value, TEST_KID (object)->age);
  else
    g_value_set_string (value, TEST_KID (object)->toy);
}

static void
kid_set_property (GObject      *object,
                  guint         property_id,
                  const GValue *value,
                  GParamSpec   *pspec)
{
  TEST_KID (object)->age = g_value_get_uint (value);
}

static void
kid_finalize (GObject *object)
{
  g_free (TEST_KID (object)->toy);
  G_OBJECT_CLASS (kid_parent_class)->finalize (object);
}

static void
kid_class_init (KidClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = kid_get_property;
  object_class->set_property = kid_set_property;
  object_class->finalize = kid_finalize;
  g_object_class_override_property (object_class, PROP_AGE, "age");
  g_object_class_override_property (object_class, PROP_TOY, "toy");
}

static void
kid_init (Kid *self)
{
  self->age = 9;
  self->toy = g_strdup ("kite");
}

/* ---- where it is found ---- */

G_DECLARE_FINAL_TYPE (House, house, TEST, HOUSE, GObject)

struct _House
{
  GObject  parent_instance;
  Kid     *kid;
};

static FamilyParent *
house_find (FamilyHouse *self, GCancellable *cancellable, GError **error)
{
  return FAMILY_PARENT (g_object_ref (TEST_HOUSE (self)->kid));
}

static void
house_implement (FamilyHouseInterface *iface)
{
  iface->find = house_find;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (House, house, G_TYPE_OBJECT, G_IMPLEMENT_INTERFACE (FAMILY_TYPE_HOUSE, house_implement))

static void
house_dispose (GObject *object)
{
  g_clear_object (&TEST_HOUSE (object)->kid);
  G_OBJECT_CLASS (house_parent_class)->dispose (object);
}

static void
house_class_init (HouseClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = house_dispose;
}

static void
house_init (House *self)
{
  self->kid = g_object_new (kid_get_type (), NULL);
}

/* ---- a server in a thread, the caller here ---- */

typedef struct
{
  GMainContext *context;
  GMainLoop    *loop;
  GThread      *thread;
  GMutex        lock;
  GCond         is_up;
  char         *uri;
  RmiNode      *node;
} Fixture;

static gpointer
serve (gpointer data)
{
  Fixture *fixture = data;
  g_autoptr(RmiNode) node = NULL;
  g_autoptr(House) house = g_object_new (house_get_type (), NULL);
  g_autoptr(Kid) named = g_object_new (kid_get_type (), NULL);
  char *uri;

  g_main_context_push_thread_default (fixture->context);
  node = rmi_node_new ();
  uri = rmi_node_listen (node, "rmi://127.0.0.1:0", NULL, NULL);
  g_assert_true (rmi_node_export (node, "/house", G_OBJECT (house), NULL));
  g_assert_true (rmi_node_export (node, "/kid", G_OBJECT (named), NULL));
  g_mutex_lock (&fixture->lock);
  fixture->uri = uri;
  g_cond_signal (&fixture->is_up);
  g_mutex_unlock (&fixture->lock);
  g_main_loop_run (fixture->loop);
  g_main_context_pop_thread_default (fixture->context);
  return NULL;
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  /* The names of interfaces in references are looked up among the types there are. */
  g_type_ensure (FAMILY_TYPE_CHILD);
  g_mutex_init (&fixture->lock);
  g_cond_init (&fixture->is_up);
  fixture->context = g_main_context_new ();
  fixture->loop = g_main_loop_new (fixture->context, FALSE);
  fixture->thread = g_thread_new ("server", serve, fixture);
  g_mutex_lock (&fixture->lock);
  while (fixture->uri == NULL)
    g_cond_wait (&fixture->is_up, &fixture->lock);
  g_mutex_unlock (&fixture->lock);
  fixture->node = rmi_node_new ();
}

static gboolean
quit_cb (gpointer loop)
{
  g_main_loop_quit (loop);
  return G_SOURCE_REMOVE;
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  g_main_context_invoke (fixture->context, quit_cb, fixture->loop);
  g_thread_join (fixture->thread);
  g_assert_finalize_object (fixture->node);
  g_main_loop_unref (fixture->loop);
  g_main_context_unref (fixture->context);
  g_free (fixture->uri);
  g_cond_clear (&fixture->is_up);
  g_mutex_clear (&fixture->lock);
}

static gpointer
get (Fixture    *fixture,
     const char *path,
     GType       type)
{
  g_autofree char *uri = g_strconcat (fixture->uri, path, NULL);
  g_autoptr(GError) error = NULL;
  gpointer object = rmi_node_get_object (fixture->node, uri, type, NULL, &error);

  g_assert_no_error (error);
  return object;
}

static void
note_cb (GObject    *object,
         const char *text,
         GString    *log)
{
  g_string_append_printf (log, "%s ", text);
}

static void
assert_is_kid (FamilyParent *parent)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *name = family_parent_name (parent, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (name, ==, "kid");
}

static void
assert_is_neighbour (gpointer neighbour)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *name = family_neighbour_name (neighbour, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (name, ==, "neighbour");
}

static void
test_extends (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr(FamilyChild) child = get (fixture, "/kid", FAMILY_TYPE_CHILD);
  g_autoptr(GString) log = g_string_new (NULL);
  g_autofree char *toy = NULL;
  guint age = 0;

  g_assert_true (FAMILY_IS_PARENT (child));
  assert_is_kid (FAMILY_PARENT (child));
  g_object_get (child, "age", &age, "toy", &toy, NULL);
  g_assert_cmpuint (age, ==, 9);
  g_assert_cmpstr (toy, ==, "kite");

  g_signal_connect (child, "called", G_CALLBACK (note_cb), log);
  g_signal_connect (child, "played", G_CALLBACK (note_cb), log);
  g_assert_true (family_parent_call (FAMILY_PARENT (child), "mother", NULL, NULL));
  g_assert_true (family_child_play (child, "ball", NULL, NULL));
  while (log->len < strlen ("mother ball "))
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpstr (log->str, ==, "mother ball ");
  g_clear_pointer (&toy, g_free);
  g_object_get (child, "toy", &toy, NULL);
  g_assert_cmpstr (toy, ==, "ball");
}

static void
test_same_names (Fixture       *fixture,
                 gconstpointer  data)
{
  g_autoptr(FamilyNeighbour) neighbour = get (fixture, "/kid", FAMILY_TYPE_NEIGHBOUR);
  g_autoptr(RmiStub) plain = get (fixture, "/kid", RMI_TYPE_STUB);
  g_autoptr(JsonNode) name = NULL;
  g_autoptr(GError) error = NULL;

  assert_is_neighbour (neighbour);
  g_assert_false (FAMILY_IS_PARENT (neighbour));

  g_assert_null (rmi_stub_call_json (plain, "Name", NULL, NULL, &error));
  g_assert_error (error, RMI_ERROR, RMI_ERROR_NO_SUCH_METHOD);
  g_clear_error (&error);
  name = rmi_stub_call_json (plain, "org.rmi_glib.family.Neighbour.Name", NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (json_node_get_string (name), ==, "neighbour");
}

static void
test_most_derived (Fixture       *fixture,
                   gconstpointer  data)
{
  g_autoptr(FamilyHouse) house = get (fixture, "/house", FAMILY_TYPE_HOUSE);
  g_autoptr(GError) error = NULL;
  g_autoptr(FamilyParent) found = family_house_find (house, NULL, &error);
  g_autoptr(FamilyParent) again = family_house_find (house, NULL, &error);
  g_autoptr(GObject) neighbour = NULL;
  g_autoptr(FamilyChild) other = get (fixture, "/kid", FAMILY_TYPE_CHILD);

  g_assert_no_error (error);
  g_assert_true (FAMILY_IS_CHILD (found));
  g_assert_true (found == again);
  assert_is_kid (found);

  neighbour = rmi_stub_as (RMI_STUB (found), FAMILY_TYPE_NEIGHBOUR);
  assert_is_neighbour (neighbour);
  g_assert_true (rmi_same_object (found, neighbour));
  g_assert_false (rmi_same_object (found, other));
}

static void
test_wrong_interface (Fixture       *fixture,
                      gconstpointer  data)
{
  g_autofree char *uri = g_strconcat (fixture->uri, "/house", NULL);
  g_autoptr(GError) error = NULL;

  g_assert_null (rmi_node_get_object (fixture->node, uri, FAMILY_TYPE_NEIGHBOUR, NULL, &error));
  g_assert_error (error, RMI_ERROR, RMI_ERROR_NO_SUCH_OBJECT);
}

#define ADD(path, func) g_test_add ("/rmi/family/" path, Fixture, NULL, set_up, func, tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("a-stub-has-what-its-interface-extends", test_extends);
  ADD ("members-of-one-name-are-told-apart", test_same_names);
  ADD ("a-reference-arrives-as-its-most-derived-interface", test_most_derived);
  ADD ("an-object-is-not-what-it-does-not-implement", test_wrong_interface);
  return g_test_run ();
}
