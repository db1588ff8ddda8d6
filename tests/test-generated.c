/* tests/test-generated.c: values of every type through what rmi-codegen writes
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "config.h"

#include <math.h>

#include "tests/generated-fixture.h"

/* The same on the object itself and through the stub. */
static void
check_numbers (TortureEvery *every,
               gboolean      is_low)
{
  g_autoptr(GError) error = NULL;
  gboolean b;
  guint8 y;
  gint16 n;
  guint16 q;
  int i;
  guint u;
  gint64 x;
  guint64 t;
  double d;
  gboolean is_success;

  is_success = torture_every_numbers (every, is_low, is_low ? 0 : G_MAXUINT8, is_low ? G_MININT16 : G_MAXINT16,
                                      is_low ? 0 : G_MAXUINT16, is_low ? G_MININT : G_MAXINT,
                                      is_low ? 0 : G_MAXUINT, is_low ? G_MININT64 : G_MAXINT64,
                                      is_low ? 0 : G_MAXUINT64, is_low ? -G_MAXDOUBLE : 0.1,
                                      &b, &y, &n, &q, &i, &u, &x, &t, &d, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (is_success);
  g_assert_cmpint (b, ==, is_low);
  g_assert_cmpint (y, ==, is_low ? 0 : G_MAXUINT8);
  g_assert_cmpint (n, ==, is_low ? G_MININT16 : G_MAXINT16);
  g_assert_cmpint (q, ==, is_low ? 0 : G_MAXUINT16);
  g_assert_cmpint (i, ==, is_low ? G_MININT : G_MAXINT);
  g_assert_cmpuint (u, ==, is_low ? 0 : G_MAXUINT);
  g_assert_cmpint (x, ==, is_low ? G_MININT64 : G_MAXINT64);
  g_assert_cmpuint (t, ==, is_low ? 0 : G_MAXUINT64);
  g_assert_cmpfloat (d, ==, is_low ? -G_MAXDOUBLE : 0.1);
}

static void
test_numbers (Fixture       *fixture,
              gconstpointer  data)
{
  double d = 0;

  check_numbers (TORTURE_EVERY (fixture->object), FALSE);
  check_numbers (fixture->every, FALSE);
  check_numbers (fixture->every, TRUE);
  g_assert_true (torture_every_double (fixture->every, NAN, &d, NULL, NULL));
  g_assert_true (isnan (d));
}

static void
test_strings (Fixture       *fixture,
              gconstpointer  data)
{
  const char *const words[] = { "", "ä\n\"\\", NULL };
  const char *const paths[] = { "/", "/a/b", NULL };
  g_autoptr(GError) error = NULL;
  g_autofree char *s = NULL;
  g_autofree char *o = NULL;
  g_autofree char *g = NULL;
  g_autofree char *ms = NULL;
  g_auto(GStrv) as = NULL;
  g_auto(GStrv) ao = NULL;
  g_auto(GStrv) mas = NULL;
  g_auto(GStrv) strv = NULL;

  g_assert_true (torture_every_strings (fixture->every, "", "/a", "a{sv}", NULL, words, paths, NULL,
                                        &s, &o, &g, &ms, &as, &ao, &mas, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (s, ==, "");
  g_assert_cmpstr (o, ==, "/a");
  g_assert_cmpstr (g, ==, "a{sv}");
  g_assert_null (ms);
  g_assert_cmpstrv (as, words);
  g_assert_cmpstrv (ao, paths);
  g_assert_null (mas);
  strv = torture_every_strv (fixture->every, words + 2, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstrv (strv, words + 2);
}

static void
test_bytes_variants_json (Fixture       *fixture,
                          gconstpointer  data)
{
  g_autoptr(GBytes) bytes = g_bytes_new ("\0\xff\x80", 3);
  g_autoptr(GVariant) variant = g_variant_ref_sink (g_variant_new ("v", g_variant_new ("(tas)", G_MAXUINT64, NULL)));
  g_autoptr(GVariant) nested = g_variant_ref_sink (g_variant_new_parsed ("[[{'a': ['b', 'c']}, {}], []]"));
  g_autoptr(JsonNode) json = json_from_string ("{\"a\":[1,2.5,null,\"x\",{\"$ref\":\"no\"}]}", NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) bytes_back = torture_every_bytes (fixture->every, bytes, NULL, &error);
  g_autoptr(GVariant) variant_back = torture_every_variant (fixture->every, variant, NULL, &error);
  g_autoptr(GVariant) tuple_back = NULL;
  g_autoptr(GVariant) nested_back = torture_every_nested (fixture->every, nested, NULL, &error);
  g_autoptr(JsonNode) json_back = torture_every_json (fixture->every, json, NULL, &error);
  const double doubles[] = { 0.5, 1e300 };
  GVariant *array = g_variant_new_fixed_array (G_VARIANT_TYPE_DOUBLE, doubles, 2, sizeof (double));

  /* Floating: taken by the call. */
  tuple_back = torture_every_tuple (fixture->every, g_variant_new ("(is@ad)", -1, "s", array), NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_bytes_equal (bytes, bytes_back));
  g_assert_cmpvariant (variant, variant_back);
  g_assert_cmpvariant (nested, nested_back);
  g_assert_true (g_variant_is_of_type (tuple_back, G_VARIANT_TYPE ("(isad)")));
  g_assert_true (json_node_equal (json, json_back));
}

static void
test_arrays (Fixture       *fixture,
             gconstpointer  data)
{
  gboolean some_bools[] = { TRUE, FALSE };
  guint some_uints[] = { 0, G_MAXUINT };
  TortureState some_states[] = { TORTURE_STATE_HALF_OPEN, TORTURE_STATE_OPEN };
  TortureOptions some_options[] = { TORTURE_OPTIONS_READ | TORTURE_OPTIONS_DELETE, 0 };
  g_autoptr(GArray) in_bools = g_array_append_vals (g_array_new (FALSE, FALSE, sizeof (gboolean)), some_bools, 2);
  g_autoptr(GArray) in_uints = g_array_append_vals (g_array_new (FALSE, FALSE, sizeof (guint)), some_uints, 2);
  g_autoptr(GArray) in_states = g_array_append_vals (g_array_new (FALSE, FALSE, sizeof (int)), some_states, 2);
  g_autoptr(GArray) in_options = g_array_append_vals (g_array_new (FALSE, FALSE, sizeof (int)), some_options, 2);
  g_autoptr(GArray) bools = NULL;
  g_autoptr(GArray) uints = NULL;
  g_autoptr(GArray) states = NULL;
  g_autoptr(GArray) options = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_true (torture_every_arrays (fixture->every, in_bools, in_uints, in_states, in_options,
                                       &bools, &uints, &states, &options, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpmem (bools->data, bools->len * sizeof (gboolean), some_bools, sizeof (some_bools));
  g_assert_cmpmem (uints->data, uints->len * sizeof (guint), some_uints, sizeof (some_uints));
  g_assert_cmpmem (states->data, states->len * sizeof (int), some_states, sizeof (some_states));
  g_assert_cmpmem (options->data, options->len * sizeof (int), some_options, sizeof (some_options));
}

static void
test_tables (Fixture       *fixture,
             gconstpointer  data)
{
  g_autoptr(GHashTable) words = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr(GHashTable) lines = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr(GHashTable) points = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr(GHashTable) peers = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr(GHashTable) words_back = NULL;
  g_autoptr(GHashTable) lines_back = NULL;
  g_autoptr(GHashTable) points_back = NULL;
  g_autoptr(GHashTable) peers_back = NULL;
  g_autoptr(GVariant) details = g_variant_ref_sink (g_variant_new_parsed ("{'a': <uint32 1>}"));
  g_autoptr(GVariant) numbers = g_variant_ref_sink (g_variant_new_parsed ("{uint32 1: 'one'}"));
  g_autoptr(GVariant) details_back = NULL;
  g_autoptr(GVariant) numbers_back = NULL;
  g_autoptr(TortureLine) line = torture_line_new ("sku", 3, "type", NULL);
  g_autoptr(TorturePoint) point = torture_point_new (1, -2.5);
  g_autoptr(Peer) peer = peer_new ();
  g_autoptr(GError) error = NULL;

  g_hash_table_insert (words, (char *) "$ref", (char *) "");
  g_hash_table_insert (lines, (char *) "ä", line);
  g_hash_table_insert (points, (char *) "", point);
  g_hash_table_insert (peers, (char *) "peer", peer);
  g_assert_true (torture_every_tables (fixture->every, words, lines, points, peers, details, numbers,
                                       &words_back, &lines_back, &points_back, &peers_back, &details_back,
                                       &numbers_back, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (g_hash_table_lookup (words_back, "$ref"), ==, "");
  g_assert_cmpstr (torture_line_get_sku (g_hash_table_lookup (lines_back, "ä")), ==, "sku");
  g_assert_cmpfloat (((TorturePoint *) g_hash_table_lookup (points_back, ""))->y, ==, -2.5);
  g_assert_true (g_hash_table_lookup (peers_back, "peer") == (gpointer) peer);
  g_assert_cmpvariant (details, details_back);
  g_assert_cmpvariant (numbers, numbers_back);
}

/* Arrays of objects and structs, and references that come home. */
static void
test_pointer_arrays (Fixture       *fixture,
                     gconstpointer  data)
{
  g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(GPtrArray) points = g_ptr_array_new_with_free_func ((GDestroyNotify) torture_point_free);
  g_autoptr(GPtrArray) peers = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(GPtrArray) lines_back = NULL;
  g_autoptr(GPtrArray) points_back = NULL;
  g_autoptr(GPtrArray) peers_back = NULL;
  g_autoptr(GPtrArray) none = NULL;
  g_autoptr(GError) error = NULL;

  g_ptr_array_add (lines, torture_line_new ("one", 1, "", "first"));
  g_ptr_array_add (lines, torture_line_new ("two", G_MAXUINT, "", NULL));
  g_ptr_array_add (points, torture_point_new (0.1, 0.2));
  g_ptr_array_add (peers, peer_new ());
  lines_back = torture_every_lines (fixture->every, lines, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (lines_back->len, ==, 2);
  g_assert_cmpstr (torture_line_get_first_name (lines_back->pdata[0]), ==, "first");
  g_assert_cmpuint (torture_line_get_quantity (lines_back->pdata[1]), ==, G_MAXUINT);
  g_assert_null (torture_line_get_first_name (lines_back->pdata[1]));
  points_back = torture_every_points (fixture->every, points, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpfloat (((TorturePoint *) points_back->pdata[0])->x, ==, 0.1);
  peers_back = torture_every_peers (fixture->every, peers, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (peers_back->pdata[0] == peers->pdata[0]);
  g_assert_true (torture_every_maybe_lines (fixture->every, NULL, &none, NULL, &error));
  g_assert_null (none);
}

static TortureEverything *
new_everything (TortureEverything *parent)
{
  const char *const strings[] = { "a", NULL };
  g_autoptr(GVariant) number = g_variant_ref_sink (g_variant_new ("v", g_variant_new ("u", 5)));
  g_autoptr(GVariant) details = g_variant_ref_sink (g_variant_new_parsed ("{'a': <1>}"));
  g_autoptr(GVariant) tuple = g_variant_ref_sink (g_variant_new_parsed ("(1, 'x', (0.5, 2.0))"));
  g_autoptr(GVariant) matrix = g_variant_ref_sink (g_variant_new_parsed ("[[1.0], [2.0, 3.0]]"));
  g_autoptr(TortureLine) line = torture_line_new ("sku", 1, "t", NULL);
  g_autoptr(TorturePoint) point = torture_point_new (1, 2);
  g_autoptr(JsonNode) json = json_from_string ("[true]", NULL);
  g_autoptr(GBytes) bytes = g_bytes_new ("x", 1);
  g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func (g_object_unref);
  TortureEverything *everything = g_object_new (TORTURE_TYPE_EVERYTHING, NULL);

  g_ptr_array_add (lines, g_object_ref (line));
  torture_everything_set_s (everything, "text");
  torture_everything_set_o (everything, "/o");
  torture_everything_set_g (everything, "s");
  torture_everything_set_v (everything, number);
  torture_everything_set_j (everything, json);
  torture_everything_set_bytes (everything, bytes);
  torture_everything_set_strings (everything, strings);
  torture_everything_set_paths (everything, strings + 1);
  torture_everything_set_lines (everything, lines);
  torture_everything_set_line (everything, line);
  torture_everything_set_point (everything, point);
  torture_everything_set_details (everything, details);
  torture_everything_set_tuple (everything, tuple);
  torture_everything_set_matrix (everything, matrix);
  torture_everything_set_x (everything, G_MININT64);
  torture_everything_set_state (everything, TORTURE_STATE_HALF_OPEN);
  torture_everything_set_parent (everything, parent);
  return everything;
}

static void
test_classes (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr(TortureEverything) parent = new_everything (NULL);
  g_autoptr(TortureEverything) everything = new_everything (parent);
  g_autoptr(TortureEverything) back = NULL;
  g_autoptr(TortureForeign) foreign = NULL;
  g_autoptr(TortureForeign) foreign_back = NULL;
  g_autoptr(GPtrArray) accounts = g_ptr_array_new ();
  g_autoptr(GError) error = NULL;

  back = torture_every_class (fixture->every, everything, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (torture_everything_get_s (back), ==, "text");
  g_assert_cmpint (torture_everything_get_x (back), ==, G_MININT64);
  g_assert_cmpint (torture_everything_get_state (back), ==, TORTURE_STATE_HALF_OPEN);
  g_assert_cmpvariant (torture_everything_get_matrix (back), torture_everything_get_matrix (everything));
  g_assert_cmpstr (torture_everything_get_s (torture_everything_get_parent (back)), ==, "text");
  /* What was not set. */
  g_assert_cmpuint (torture_everything_get_peers (back)->len, ==, 0);
  g_assert_cmpuint (g_hash_table_size (torture_everything_get_by_name (back)), ==, 0);
  g_assert_cmpuint (torture_everything_get_doubles (back)->len, ==, 0);
  foreign = torture_foreign_new ("label", BASE_KIND_TWO, accounts, BASE_KIND_ONE);
  foreign_back = torture_every_foreign (fixture->every, foreign, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (base_thing_get_label (BASE_THING (foreign_back)), ==, "label");
  g_assert_cmpint (base_thing_get_kind_of (BASE_THING (foreign_back)), ==, BASE_KIND_TWO);
}

/* NULL is not a value, and nothing contains itself: both are refused before anything is sent. */
static void
test_refused_before_sending (Fixture       *fixture,
                             gconstpointer  data)
{
  g_autoptr(TortureEverything) incomplete = g_object_new (TORTURE_TYPE_EVERYTHING, NULL);
  g_autoptr(TortureEverything) circle = new_everything (NULL);
  g_autoptr(GError) error = NULL;
  int handle;

  g_assert_null (torture_every_strv (fixture->every, NULL, NULL, &error));
  g_assert_error (error, RMI_ERROR, RMI_ERROR_INVALID_ARGUMENTS);
  g_assert_nonnull (strstr (error->message, "'s' is NULL"));
  g_clear_error (&error);
  g_assert_null (torture_every_class (fixture->every, incomplete, NULL, &error));
  g_assert_error (error, RMI_ERROR, RMI_ERROR_INVALID_ARGUMENTS);
  g_assert_nonnull (strstr (error->message, "'v' is NULL"));
  g_clear_error (&error);
  torture_everything_set_parent (circle, circle);
  g_assert_null (torture_every_class (fixture->every, circle, NULL, &error));
  g_assert_error (error, RMI_ERROR, RMI_ERROR_INVALID_ARGUMENTS);
  g_assert_nonnull (strstr (error->message, "params[0].parent: the object contains itself"));
  torture_everything_set_parent (circle, NULL);
  g_clear_error (&error);
  g_assert_false (torture_every_handle (fixture->every, 1, &handle, NULL, &error));
  g_assert_error (error, RMI_ERROR, RMI_ERROR_NOT_SUPPORTED);
  g_clear_error (&error);
  g_assert_null (torture_every_tuple (fixture->every, g_variant_new ("u", 1), NULL, &error));
  g_assert_error (error, RMI_ERROR, RMI_ERROR_INVALID_ARGUMENTS);
}

/* A compact struct, that is an array on the wire, with everything in it. */
static void
test_structs (Fixture       *fixture,
              gconstpointer  data)
{
  const char *const words[] = { "a", "b", NULL };
  gint64 some_numbers[] = { G_MININT64, G_MAXINT64 };
  g_autoptr(GArray) numbers = g_array_append_vals (g_array_new (FALSE, FALSE, sizeof (gint64)), some_numbers, 2);
  g_autoptr(TorturePoint) point = torture_point_new (1, 2);
  g_autoptr(GVariant) variant = g_variant_ref_sink (g_variant_new ("v", g_variant_new ("s", "x")));
  g_autoptr(JsonNode) json = json_from_string ("{}", NULL);
  g_autoptr(GBytes) bytes = g_bytes_new ("ab", 2);
  g_autoptr(GHashTable) table = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr(GPtrArray) lines = g_ptr_array_new ();
  g_autoptr(TorturePacked) packed = torture_packed_new ("class", NULL, TORTURE_STATE_CLASS, words, numbers, point,
                                                        NULL, variant, json, bytes, table, lines);
  g_autoptr(TorturePacked) back = NULL;
  g_autoptr(GError) error = NULL;

  packed->next = torture_packed_copy (packed);
  back = torture_every_struct (fixture->every, packed, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (back->class_, ==, "class");
  g_assert_null (back->self_);
  g_assert_cmpint (back->state, ==, TORTURE_STATE_CLASS);
  g_assert_cmpstrv (back->names, words);
  g_assert_cmpmem (back->numbers->data, back->numbers->len * 8, some_numbers, sizeof (some_numbers));
  g_assert_cmpfloat (back->next->point->y, ==, 2);
  g_assert_cmpvariant (back->next->anything, variant);
  g_assert_null (back->next->next);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD_TEST ("numbers-round-trip", test_numbers);
  ADD_TEST ("strings-round-trip", test_strings);
  ADD_TEST ("bytes-variants-and-json-round-trip", test_bytes_variants_json);
  ADD_TEST ("arrays-round-trip", test_arrays);
  ADD_TEST ("tables-round-trip", test_tables);
  ADD_TEST ("arrays-of-objects-and-structs-round-trip", test_pointer_arrays);
  ADD_TEST ("classes-round-trip", test_classes);
  ADD_TEST ("structs-round-trip", test_structs);
  ADD_TEST ("what-does-not-fit-is-refused-before-sending", test_refused_before_sending);
  return g_test_run ();
}
