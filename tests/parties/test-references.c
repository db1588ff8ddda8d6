/* tests/parties/test-references.c: who comes home, who is the same, and references as text
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "config.h"
#include "tests/parties/crate.h"
#include "tests/scenarios-world.h"

#include <string.h>
#include <unistd.h>

#define N_PLACES 8

static PartiesBox *
get_box (RmiNode    *node,
         const char *uri)
{
  g_autoptr(GError) error = NULL;
  PartiesBox *box = rmi_node_get_object (node, uri, PARTIES_TYPE_BOX, NULL, &error);

  g_assert_no_error (error);
  return box;
}

static PartiesBox *
get_peers_box (World *world,
               Peer  *peer)
{
  g_autofree char *uri = g_strconcat (peer->uri, "/box", NULL);

  return get_box (world->node, uri);
}

static PartiesBox *
make (PartiesBox *box)
{
  g_autoptr(GError) error = NULL;
  PartiesBox *made = parties_box_make (box, NULL, &error);

  g_assert_no_error (error);
  return made;
}

static guint
count_alive (PartiesBox *box)
{
  g_autoptr(GError) error = NULL;
  guint count = 0;

  parties_box_alive (box, &count, NULL, &error);
  g_assert_no_error (error);
  return count;
}

static char *
where (PartiesBox *box)
{
  g_autoptr(GError) error = NULL;
  char *uri = NULL;

  parties_box_where (box, &uri, NULL, &error);
  g_assert_no_error (error);
  return uri;
}

/* ---- home ---- */

/* @box in each place that there is for one: N_PLACES. */
static void
stow (PartiesBox *receiver,
      PartiesBox *box,
      JsonNode   *any)
{
  g_autoptr(GPtrArray) list = g_ptr_array_new ();
  g_autoptr(GHashTable) by_name = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr(PartiesCard) card = parties_card_new ("card", box, list);
  g_autoptr(PartiesPair) pair = parties_pair_new (box, box);
  g_autoptr(GError) error = NULL;

  g_ptr_array_add (list, box);
  g_ptr_array_add (list, box);
  g_hash_table_insert (by_name, (char *) "box", box);
  g_object_set (card, "boxes", list, NULL);
  parties_box_stow (receiver, list, by_name, card, pair, any, NULL, &error);
  g_assert_no_error (error);
}

static JsonNode *
parse (const char *text)
{
  g_autoptr(GError) error = NULL;
  JsonNode *node = json_from_string (text, &error);

  g_assert_no_error (error);
  return node;
}

static void
check_list (GPtrArray *list,
            gpointer   box)
{
  g_assert_cmpuint (list->len, ==, 2);
  g_assert_true (g_ptr_array_index (list, 0) == box);
  g_assert_true (g_ptr_array_index (list, 1) == box);
}

/* Our own object, which the other program has, is itself again. */
static void
test_comes_home (World         *world,
                 gconstpointer  data)
{
  Peer *peer = world_spawn (world, NULL, NULL);
  g_autoptr(PartiesBox) there = get_peers_box (world, peer);
  Crate *ours = crate_new (world->node);
  g_autoptr(JsonNode) any = parse ("{\"$ref\":\"/~/x\",\"$$home\":[{\"$same\":0}],\"$\":1}");
  g_autoptr(GPtrArray) list = NULL;
  g_autoptr(GHashTable) by_name = NULL;
  g_autoptr(PartiesCard) card = NULL;
  g_autoptr(PartiesPair) pair = NULL;
  g_autoptr(JsonNode) again = NULL;
  g_autoptr(PartiesBox) of_card = NULL;
  g_autoptr(GPtrArray) boxes = NULL;
  g_autoptr(GError) error = NULL;

  stow (there, PARTIES_BOX (ours), any);
  parties_box_recall (there, &list, &by_name, &card, &pair, &again, NULL, &error);
  g_assert_no_error (error);

  check_list (list, ours);
  g_assert_true (g_hash_table_lookup (by_name, "box") == (gpointer) ours);
  g_object_get (card, "box", &of_card, "boxes", &boxes, NULL);
  g_assert_true ((gpointer) of_card == ours);
  check_list (boxes, ours);
  g_assert_true ((gpointer) pair->left == ours && (gpointer) pair->right == ours);
  /* A program's own keys are no references. */
  g_assert_true (json_node_equal (any, again));

  g_clear_pointer (&list, g_ptr_array_unref);
  g_clear_pointer (&by_name, g_hash_table_unref);
  g_clear_object (&card);
  g_clear_pointer (&pair, parties_pair_free);
  g_clear_object (&of_card);
  g_clear_pointer (&boxes, g_ptr_array_unref);
  peer_kill (peer);
  g_object_add_weak_pointer (G_OBJECT (ours), (gpointer *) &ours);
  g_object_unref (ours);
  TURN_UNTIL (ours == NULL);
}

/* The other's object, sent home by us, is itself there. */
static void
test_goes_home (World         *world,
                gconstpointer  data)
{
  Peer *peer = world_spawn (world, NULL, NULL);
  g_autoptr(PartiesBox) there = get_peers_box (world, peer);
  g_autoptr(PartiesBox) made = make (there);
  g_autoptr(JsonNode) any = json_node_new (JSON_NODE_NULL);
  g_autoptr(GError) error = NULL;
  guint count = 0;

  stow (there, there, any);
  parties_box_count_self (there, &count, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (count, ==, N_PLACES);

  stow (made, made, any);
  parties_box_count_self (made, &count, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (count, ==, N_PLACES);
}

/* ---- by way of others ---- */

static void
pull_from (PartiesBox *box,
           Peer       *peer)
{
  g_autofree char *uri = g_strconcat (peer->uri, "/box", NULL);
  g_autoptr(GError) error = NULL;

  parties_box_pull_from (box, uri, NULL, &error);
  g_assert_no_error (error);
}

static void
check_asks (PartiesBox *box,
            int         pid)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *expected = g_strdup_printf ("%d", pid);
  g_autofree char *name = parties_box_ask_stowed (box, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (name, ==, expected);
}

static void
check_has (PartiesBox *box,
           gpointer    stowed)
{
  g_autoptr(GPtrArray) list = NULL;
  g_autoptr(GHashTable) by_name = NULL;
  g_autoptr(PartiesCard) card = NULL;
  g_autoptr(PartiesPair) pair = NULL;
  g_autoptr(JsonNode) any = NULL;
  g_autoptr(GError) error = NULL;

  parties_box_recall (box, &list, &by_name, &card, &pair, &any, NULL, &error);
  g_assert_no_error (error);
  check_list (list, stowed);
  g_assert_true (g_hash_table_lookup (by_name, "box") == stowed);
}

static void
clear (PartiesBox *box)
{
  g_autoptr(GPtrArray) list = g_ptr_array_new ();
  g_autoptr(GHashTable) by_name = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr(JsonNode) any = json_node_new (JSON_NODE_NULL);
  g_autoptr(GError) error = NULL;

  parties_box_stow (box, list, by_name, NULL, NULL, any, NULL, &error);
  g_assert_no_error (error);
}

/* Each has it of the one before, and the first of the last as well: a ring, through which it is called and comes home. */
static void
test_ring (World         *world,
           gconstpointer  data)
{
  Peer *peers[3];
  PartiesBox *boxes[3];
  Crate *ours = crate_new (world->node);
  g_autoptr(JsonNode) any = json_node_new (JSON_NODE_NULL);

  g_object_add_weak_pointer (G_OBJECT (ours), (gpointer *) &ours);
  for (guint i = 0; i < 3; i++)
    {
      peers[i] = world_spawn (world, NULL, NULL);
      boxes[i] = get_peers_box (world, peers[i]);
      if (i == 0)
        stow (boxes[i], PARTIES_BOX (ours), any);
      else
        pull_from (boxes[i], peers[i - 1]);
      check_has (boxes[i], ours);
      check_asks (boxes[i], (int) getpid ());
    }
  pull_from (boxes[0], peers[2]);
  check_has (boxes[0], ours);
  check_asks (boxes[0], (int) getpid ());

  g_object_unref (ours);
  g_assert_nonnull (ours);
  for (guint i = 0; i < 3; i++)
    {
      clear (boxes[i]);
      g_object_unref (boxes[i]);
    }
  TURN_UNTIL (ours == NULL);
}

/* Its public object comes back to a program by two others, of which one never heard of it. */
static void
test_public_home (World         *world,
                  gconstpointer  data)
{
  Peer *b = world_spawn (world, NULL, NULL);
  Peer *c = world_spawn (world, NULL, NULL);
  g_autoptr(PartiesBox) of_b = get_peers_box (world, b);
  g_autoptr(PartiesBox) of_c = get_peers_box (world, c);
  g_autoptr(JsonNode) any = json_node_new (JSON_NODE_NULL);
  g_autoptr(GError) error = NULL;
  guint count = 0;

  stow (of_c, of_b, any);
  check_asks (of_c, b->pid);
  pull_from (of_b, c);
  parties_box_count_self (of_b, &count, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (count, ==, N_PLACES);
  check_has (of_c, of_b);
}

/* ---- as text ---- */

static void
test_by_uri (World         *world,
             gconstpointer  data)
{
  Peer *peer = world_spawn (world, NULL, NULL);
  g_autoptr(RmiNode) other = rmi_node_new ();
  g_autoptr(PartiesBox) there = get_peers_box (world, peer);
  g_autoptr(PartiesBox) made = make (there);
  g_autoptr(PartiesBox) found = NULL;
  g_autoptr(PartiesBox) again = NULL;
  g_autofree char *uri = where (made);
  g_autofree char *known = rmi_node_dup_uri (world->node, G_OBJECT (made));
  g_autofree char *public = rmi_node_dup_uri (world->node, G_OBJECT (there));
  g_autoptr(GError) error = NULL;

  g_assert_cmpstr (uri, ==, known);
  g_assert_true (g_str_has_prefix (public, peer->uri) && g_str_has_suffix (public, "/box"));

  /* Another node holds it too, and keeps it alive alone. */
  found = get_box (other, uri);
  again = get_box (other, uri);
  g_assert_true (found == again);
  g_assert_true (rmi_same_object (found, made));
  g_assert_cmpuint (rmi_object_hash (found), ==, rmi_object_hash (made));
  g_clear_object (&made);
  for (guint i = 0; i < 3; i++)
    g_assert_cmpuint (count_alive (there), ==, 2);
  g_assert_cmpuint (count_alive (found), ==, 2);

  /* What was held three times goes when all of it was given back. */
  made = get_box (world->node, uri);
  g_clear_object (&made);
  g_clear_object (&again);
  g_clear_object (&found);
  while (count_alive (there) != 1)
    while (g_main_context_iteration (NULL, FALSE))
      ;

  g_assert_null (rmi_node_get_object (other, uri, PARTIES_TYPE_BOX, NULL, &error));
  g_assert_error (error, RMI_ERROR, RMI_ERROR_NO_SUCH_OBJECT);
  g_assert_null (strstr (error->message, "/~/"));
  rmi_node_close (other);
}

typedef struct
{
  PartiesBox *box;
  GError     *error;
  gboolean    is_done;
} Found;

static void
found_cb (GObject      *node,
          GAsyncResult *result,
          gpointer      user_data)
{
  Found *found = user_data;

  found->box = rmi_node_get_object_finish (RMI_NODE (node), result, &found->error);
  found->is_done = TRUE;
}

static void
test_by_uri_async (World         *world,
                   gconstpointer  data)
{
  Peer *peer = world_spawn (world, NULL, NULL);
  g_autoptr(PartiesBox) there = get_peers_box (world, peer);
  g_autoptr(PartiesBox) made = make (there);
  g_autofree char *uri = where (made);
  g_autofree char *unknown = g_strconcat (peer->uri, "/~/AAAAAAAAAAAAAAAAAAAAAA", NULL);
  Found found = { NULL, NULL, FALSE };

  rmi_node_get_object_async (world->node, uri, PARTIES_TYPE_BOX, NULL, found_cb, &found);
  TURN_UNTIL (found.is_done);
  g_assert_no_error (found.error);
  g_assert_true (found.box == made);
  g_clear_object (&found.box);

  found.is_done = FALSE;
  rmi_node_get_object_async (world->node, unknown, PARTIES_TYPE_BOX, NULL, found_cb, &found);
  TURN_UNTIL (found.is_done);
  g_assert_error (found.error, RMI_ERROR, RMI_ERROR_NO_SUCH_OBJECT);
  g_assert_null (found.box);
  g_clear_error (&found.error);
}

static void
test_own_uri (World         *world,
              gconstpointer  data)
{
  Peer *peer = world_spawn (world, NULL, NULL);
  g_autoptr(PartiesBox) there = get_peers_box (world, peer);
  g_autoptr(Crate) ours = crate_new (world->node);
  g_autoptr(JsonNode) any = json_node_new (JSON_NODE_NULL);
  g_autoptr(GObject) found = NULL;
  g_autofree char *uri = NULL;
  g_autofree char *public = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_null (rmi_node_dup_uri (world->node, G_OBJECT (world->guest)));
  world_listen (world);
  g_assert_null (rmi_node_dup_uri (world->node, G_OBJECT (ours)));
  public = rmi_node_dup_uri (world->node, G_OBJECT (world->guest));
  g_assert_cmpstr (public, ==, world->party_uri);

  stow (there, PARTIES_BOX (ours), any);
  uri = rmi_node_dup_uri (world->node, G_OBJECT (ours));
  g_assert_nonnull (strstr (uri, "/~/"));
  found = rmi_node_get_object (world->node, uri, PARTIES_TYPE_BOX, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (found == G_OBJECT (ours));
  peer_kill (peer);
  for (g_autofree char *left = g_strdup (uri); left != NULL;)
    {
      g_main_context_iteration (NULL, TRUE);
      g_free (left);
      left = rmi_node_dup_uri (world->node, G_OBJECT (ours));
    }
}

/* ---- who is the same ---- */

static void
test_same (World         *world,
           gconstpointer  data)
{
  Peer *peer = world_spawn (world, NULL, NULL);
  g_autoptr(RmiNode) other = rmi_node_new ();
  g_autoptr(PartiesBox) there = get_peers_box (world, peer);
  g_autofree char *public = rmi_node_dup_uri (world->node, G_OBJECT (there));
  g_autoptr(PartiesBox) elsewhere = get_box (other, public);
  g_autoptr(PartiesBox) made = make (there);
  g_autoptr(PartiesBox) second = make (there);
  g_autoptr(PartiesBox) patient = rmi_stub_with_timeout (RMI_STUB (made), 60000);
  g_autoptr(RmiStub) plain = rmi_stub_as (RMI_STUB (made), RMI_TYPE_STUB);
  g_autoptr(RmiStub) nowhere = g_object_new (RMI_TYPE_STUB, NULL);

  g_assert_true (patient != made);
  g_assert_true (rmi_same_object (made, patient) && rmi_same_object (patient, plain));
  g_assert_cmpuint (rmi_object_hash (made), ==, rmi_object_hash (patient));
  g_assert_cmpuint (rmi_object_hash (made), ==, rmi_object_hash (plain));
  g_assert_false (rmi_same_object (made, second));
  g_assert_false (rmi_same_object (made, there));
  g_assert_false (rmi_same_object (made, world->guest));
  g_assert_false (rmi_same_object (nowhere, made));
  g_assert_cmpuint (rmi_object_hash (nowhere), ==, rmi_object_hash (nowhere));

  /* By public paths, only the connection tells. */
  g_assert_true (rmi_same_object (there, there));
  g_assert_false (rmi_same_object (there, elsewhere));
  g_clear_object (&elsewhere);
  rmi_node_close (other);
}

int
main (int   argc,
      char *argv[])
{
  world_init (&argc, &argv);

  ADD ("objects-inside-of-values-come-home", test_comes_home);
  ADD ("objects-inside-of-values-are-sent-home", test_goes_home);
  ADD ("a-ring-of-references-is-called-and-released", test_ring);
  ADD ("an-introduction-of-oneself-is-oneself", test_public_home);
  ADD ("an-implicit-id-as-text-is-an-object-again", test_by_uri);
  ADD ("an-implicit-id-as-text-is-looked-up-asynchronously", test_by_uri_async);
  ADD ("ones-own-uri-is-the-object", test_own_uri);
  ADD ("stubs-of-one-object-are-the-same-and-hash-alike", test_same);

  return g_test_run ();
}
