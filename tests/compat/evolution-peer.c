/* tests/compat/evolution-peer.c: one program, built from before.xml, and from after.xml with IS_NEW
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * usage: evolution-peer serve URI: prints a line when it listens, and serves until its standard input ends
 *        evolution-peer call URI old|new: does all that it knows of with a server of that age; fails if something is amiss
 */
#include "config.h"

#include <string.h>

#include <glib-unix.h>
#include <rmi-glib/rmi-glib.h>

#ifdef IS_NEW
#include "evolution-new.h"
#else
#include "evolution-old.h"
#endif

/* ---- the store ---- */

G_DECLARE_FINAL_TYPE (Shed, shed, TEST, SHED, GObject)

struct _Shed
{
  GObject  parent_instance;
  guint    count, n_rings, n_knocks;
  char    *sku, *note;
};

#ifdef IS_NEW
static gboolean
shed_order (EvolutionStore  *store,
            EvolutionLine   *line,
            guint            count,
            const char      *note,
            EvolutionLine   *also,
            GCancellable    *cancellable,
            GError         **error)
#else
static gboolean
shed_order (EvolutionStore  *store,
            EvolutionLine   *line,
            guint            count,
            GCancellable    *cancellable,
            GError         **error)
#endif
{
  Shed *self = TEST_SHED (store);

  self->count += count;
  g_free (self->sku);
  self->sku = g_strdup (evolution_line_get_sku (line));
#ifdef IS_NEW
  g_free (self->note);
  self->note = g_strdup (note);
  if (also != NULL)
    self->count++;
#endif
  g_object_notify (G_OBJECT (self), "count");
  evolution_store_emit_ordered (store, self->sku);
#ifdef IS_NEW
  evolution_store_emit_swept (store);
#endif
  return TRUE;
}

#ifdef IS_NEW
static gboolean
shed_look (EvolutionStore  *store,
           char           **sku,
           guint           *count,
           char           **note,
           GCancellable    *cancellable,
           GError         **error)
{
  *note = g_strdup (TEST_SHED (store)->note);
#else
static gboolean
shed_look (EvolutionStore  *store,
           char           **sku,
           guint           *count,
           GCancellable    *cancellable,
           GError         **error)
{
#endif
  *sku = g_strdup (TEST_SHED (store)->sku);
  *count = TEST_SHED (store)->count;
  return TRUE;
}

static EvolutionLine *
shed_echo (EvolutionStore  *store,
           EvolutionLine   *line,
           GCancellable    *cancellable,
           GError         **error)
{
  return g_object_ref (line);
}

static gboolean
shed_ring (EvolutionStore  *store,
           GCancellable    *cancellable,
           GError         **error)
{
  TEST_SHED (store)->n_rings++;
  return TRUE;
}

static gboolean
shed_knock (EvolutionStore  *store,
            GCancellable    *cancellable,
            GError         **error)
{
  TEST_SHED (store)->n_knocks++;
  return TRUE;
}

static gboolean
shed_fail (EvolutionStore  *store,
           GCancellable    *cancellable,
           GError         **error)
{
#ifdef IS_NEW
  g_set_error (error, EVOLUTION_ERROR, EVOLUTION_ERROR_LATE, "too late");
#else
  g_set_error (error, EVOLUTION_ERROR, EVOLUTION_ERROR_CLOSED, "closed");
#endif
  return FALSE;
}

/* Tells how often it was rung and knocked at. */
static char *
shed_name (EvolutionStore  *store,
           GCancellable    *cancellable,
           GError         **error)
{
  return g_strdup_printf ("%u rings, %u knocks", TEST_SHED (store)->n_rings, TEST_SHED (store)->n_knocks);
}

#ifdef IS_NEW
static gboolean
shed_sweep (EvolutionStore  *store,
            char           **found,
            GCancellable    *cancellable,
            GError         **error)
{
  *found = g_strdup ("a coin");
  return TRUE;
}

static gboolean
shed_height (EvolutionBuilding  *building,
             guint              *metres,
             GCancellable       *cancellable,
             GError            **error)
{
  *metres = 7;
  return TRUE;
}

static void
shed_implement_building (EvolutionBuildingInterface *iface)
{
  iface->height = shed_height;
}
#else
static gboolean
shed_sweep (EvolutionStore  *store,
            GCancellable    *cancellable,
            GError         **error)
{
  return TRUE;
}
#endif

static void
shed_implement_store (EvolutionStoreInterface *iface)
{
  iface->order = shed_order;
  iface->look = shed_look;
  iface->echo = shed_echo;
  iface->ring = shed_ring;
  iface->knock = shed_knock;
  iface->fail = shed_fail;
  iface->name = shed_name;
  iface->sweep = shed_sweep;
}

#ifdef IS_NEW
G_DEFINE_FINAL_TYPE_WITH_CODE (Shed, shed, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (EVOLUTION_TYPE_BUILDING, shed_implement_building)
                               G_IMPLEMENT_INTERFACE (EVOLUTION_TYPE_STORE, shed_implement_store))
#else
G_DEFINE_FINAL_TYPE_WITH_CODE (Shed, shed, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (EVOLUTION_TYPE_STORE, shed_implement_store))
#endif

static void
shed_finalize (GObject *object)
{
  g_free (TEST_SHED (object)->sku);
  g_free (TEST_SHED (object)->note);
  G_OBJECT_CLASS (shed_parent_class)->finalize (object);
}

static void
shed_get_property (GObject    *object,
                   guint       property_id,
                   GValue     *value,
                   GParamSpec *pspec)
{
  if (property_id == 1)
    g_value_set_uint (value, TEST_SHED (object)->count);
  else
    g_value_set_string (value, "glad");
}

static void
shed_set_property (GObject      *object,
                   guint         property_id,
                   const GValue *value,
                   GParamSpec   *pspec)
{
  TEST_SHED (object)->count = g_value_get_uint (value);
}

static void
shed_class_init (ShedClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = shed_finalize;
  object_class->get_property = shed_get_property;
  object_class->set_property = shed_set_property;
  g_object_class_override_property (object_class, 1, "count");
#ifdef IS_NEW
  g_object_class_override_property (object_class, 2, "mood");
#endif
}

static void
shed_init (Shed *self)
{
}

static gboolean
quit_cb (int          fd,
         GIOCondition condition,
         gpointer     user_data)
{
  g_main_loop_quit (user_data);
  return G_SOURCE_REMOVE;
}

static int
serve (const char *uri)
{
  g_autoptr(GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr(RmiNode) node = rmi_node_new ();
  g_autoptr(Shed) shed = g_object_new (shed_get_type (), NULL);
  g_autoptr(GError) error = NULL;
  g_autofree char *bound = rmi_node_listen (node, uri, NULL, &error);

  g_assert_no_error (error);
  rmi_node_export (node, "/store", G_OBJECT (shed), &error);
  g_assert_no_error (error);
  g_print ("ready\n");
  g_unix_fd_add (0, G_IO_HUP | G_IO_IN, quit_cb, loop);
  g_main_loop_run (loop);
  rmi_node_close (node);
  return 0;
}

/* ---- the customer ---- */

static void
ordered_cb (EvolutionStore *store,
            const char     *sku,
            GPtrArray      *heard)
{
  g_ptr_array_add (heard, g_strdup (sku));
}

static EvolutionLine *
new_line (const char *sku)
{
  return g_object_new (EVOLUTION_TYPE_LINE, "sku", sku, NULL);
}

/* An order, its signal, its property. */
static void
order (EvolutionStore *store)
{
  g_autoptr(EvolutionLine) line = new_line ("apple");
  g_autoptr(GPtrArray) heard = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(GError) error = NULL;
  gulong handler = g_signal_connect (store, "ordered", G_CALLBACK (ordered_cb), heard);
  guint before = evolution_store_get_count (store);

#ifdef IS_NEW
  evolution_store_order (store, line, 3, NULL, NULL, NULL, &error);
#else
  evolution_store_order (store, line, 3, NULL, &error);
#endif
  g_assert_no_error (error);
  while (heard->len == 0 || evolution_store_get_count (store) == before)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (heard->len, ==, 1);
  g_assert_cmpstr (heard->pdata[0], ==, "apple");
  g_assert_cmpuint (evolution_store_get_count (store), ==, before + 3);
  g_signal_handler_disconnect (store, handler);
}

static void
look (EvolutionStore *store)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *sku = NULL;
  guint count = 0;

#ifdef IS_NEW
  g_autofree char *note = g_strdup ("unset");

  g_clear_pointer (&note, g_free);
  evolution_store_look (store, &sku, &count, &note, NULL, &error);
  g_assert_null (note);
#else
  evolution_store_look (store, &sku, &count, NULL, &error);
#endif
  g_assert_no_error (error);
  g_assert_cmpstr (sku, ==, "apple");
  g_assert_cmpuint (count, ==, 3);
}

/* A class that gained a base, properties and another order. */
static void
echo (EvolutionStore *store,
      gboolean        is_server_new)
{
  g_autoptr(EvolutionLine) line = new_line ("pear");
  g_autoptr(EvolutionLine) answer = NULL;
  g_autoptr(GError) error = NULL;

#ifdef IS_NEW
  g_object_set (line, "note", "ripe", "weight", 0.5, NULL);
#endif
  answer = evolution_store_echo (store, line, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (evolution_line_get_sku (answer), ==, "pear");
#ifdef IS_NEW
  g_assert_cmpstr (evolution_line_get_note (answer), ==, is_server_new ? "ripe" : NULL);
#endif
}

/* Ring became oneway, Knock ceased to be. */
static void
ring_and_knock (EvolutionStore *store)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *name = NULL;

  g_assert_true (evolution_store_ring (store, NULL, &error));
  g_assert_true (evolution_store_knock (store, NULL, &error));
  g_assert_no_error (error);
  name = evolution_store_name (store, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (name, ==, "1 rings, 1 knocks");
}

static void
fail (EvolutionStore *store,
      gboolean        is_server_new)
{
  g_autoptr(GError) error = NULL;

  g_assert_false (evolution_store_fail (store, NULL, &error));
#ifdef IS_NEW
  g_assert_error (error, EVOLUTION_ERROR, is_server_new ? EVOLUTION_ERROR_LATE : EVOLUTION_ERROR_CLOSED);
#else
  if (is_server_new)
    {
      g_assert_error (error, RMI_ERROR, RMI_ERROR_REMOTE);
      g_assert_nonnull (strstr (error->message, "too late"));
    }
  else
    g_assert_error (error, EVOLUTION_ERROR, EVOLUTION_ERROR_CLOSED);
#endif
}

static void
sweep (EvolutionStore *store,
       gboolean        is_server_new)
{
  g_autoptr(GError) error = NULL;

#ifdef IS_NEW
  g_autofree char *found = NULL;

  evolution_store_sweep (store, &found, NULL, &error);
  g_assert_cmpstr (found, ==, is_server_new ? "a coin" : NULL);
#else
  evolution_store_sweep (store, NULL, &error);
#endif
  g_assert_no_error (error);
}

#ifdef IS_NEW
/* What only new servers have is refused by old ones, and did not run. */
static void
use_what_is_new (EvolutionStore *store,
                 gboolean        is_server_new)
{
  g_autoptr(EvolutionLine) line = new_line ("plum");
  g_autoptr(GError) error = NULL;
  guint metres = 0;

  evolution_building_height (EVOLUTION_BUILDING (store), &metres, NULL, &error);
  if (is_server_new)
    g_assert_cmpuint (metres, ==, 7);
  else
    g_assert_error (error, RMI_ERROR, RMI_ERROR_NO_SUCH_METHOD);
  g_clear_error (&error);

  evolution_store_order (store, line, 1, "soon", line, NULL, &error);
  if (is_server_new)
    g_assert_no_error (error);
  else
    g_assert_error (error, RMI_ERROR, RMI_ERROR_INVALID_ARGUMENTS);
}
#endif

static int
call (const char *uri,
      gboolean    is_server_new)
{
  g_autoptr(RmiNode) node = rmi_node_new ();
  g_autoptr(GError) error = NULL;
  g_autoptr(EvolutionStore) store = rmi_node_get_object (node, uri, EVOLUTION_TYPE_STORE, NULL, &error);

  g_assert_no_error (error);
  order (store);
  look (store);
  echo (store, is_server_new);
  ring_and_knock (store);
  fail (store, is_server_new);
  sweep (store, is_server_new);
#ifdef IS_NEW
  use_what_is_new (store, is_server_new);
#endif
  rmi_node_close (node);
  return 0;
}

int
main (int    argc,
      char **argv)
{
  g_assert_cmpint (argc, >=, 3);
  if (g_str_equal (argv[1], "serve"))
    return serve (argv[2]);
  g_assert_cmpint (argc, ==, 4);
  return call (argv[2], g_str_equal (argv[3], "new"));
}
