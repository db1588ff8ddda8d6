/* tests/test-generated-members.c: methods, signals and properties of what rmi-codegen writes
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "config.h"
#include "tests/generated-fixture.h"

static void
test_errors_of_the_application (Fixture       *fixture,
                                gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  TortureState state = TORTURE_STATE_OPEN;
  TortureOptions options = 0;

  g_assert_true (torture_every_choices (fixture->every, TORTURE_STATE_HALF_OPEN,
                                        TORTURE_OPTIONS_READ | TORTURE_OPTIONS_WRITE, &state, &options, NULL,
                                        &error));
  g_assert_no_error (error);
  g_assert_cmpint (state, ==, TORTURE_STATE_HALF_OPEN);
  g_assert_cmpint (options, ==, TORTURE_OPTIONS_READ | TORTURE_OPTIONS_WRITE);
  g_assert_false (torture_every_choices (fixture->every, TORTURE_STATE_CLASS, 0, &state, &options, NULL, &error));
  g_assert_error (error, TORTURE_ERROR, TORTURE_ERROR_DECLINED);
  g_assert_cmpstr (error->message, ==, "Not 6");
  g_assert_cmpint (state, ==, TORTURE_STATE_HALF_OPEN);
}

/* The object's side calls back, and gives references to what the caller has. */
static void
test_references (Fixture       *fixture,
                 gconstpointer  data)
{
  g_autoptr(Peer) peer = peer_new ();
  g_autoptr(TortureOther) back = NULL;
  g_autoptr(TortureOther) none = NULL;
  g_autoptr(BaseAccount) account = NULL;
  g_autoptr(GError) error = NULL;
  gint64 balance = 0;

  g_assert_true (torture_every_peer (fixture->every, TORTURE_OTHER (peer), &back, NULL, &error));
  g_assert_no_error (error);
  g_assert_true (back == TORTURE_OTHER (peer));
  g_assert_true (torture_every_peer (fixture->every, NULL, &none, NULL, &error));
  g_assert_null (none);
  account = torture_every_account (fixture->every, BASE_ACCOUNT (peer), NULL, &error);
  g_assert_no_error (error);
  g_assert_true (base_account_pay (account, 1, &balance, NULL, &error));
  g_assert_cmpint (balance, ==, 999);
}

typedef struct
{
  GMainLoop *loop;
  guint      n_signals;
} Heard;

static void
scalars_cb (TortureEvery   *every,
            gboolean        b,
            guint8          y,
            int             n,
            guint           q,
            int             i,
            guint           u,
            gint64          x,
            guint64         t,
            double          d,
            TortureState    state,
            TortureOptions  options,
            Heard          *heard)
{
  g_assert_true (b);
  g_assert_cmpint (y, ==, 255);
  g_assert_cmpint (n, ==, -5);
  g_assert_cmpint (q, ==, 65535);
  g_assert_cmpint (i, ==, G_MININT);
  g_assert_cmpuint (u, ==, G_MAXUINT);
  g_assert_cmpint (x, ==, G_MININT64);
  g_assert_cmpuint (t, ==, G_MAXUINT64);
  g_assert_cmpfloat (d, ==, 0.1);
  g_assert_cmpint (state, ==, TORTURE_STATE_CLASS);
  g_assert_cmpint (options, ==, TORTURE_OPTIONS_WRITE);
  heard->n_signals++;
}

static void
pointers_cb (TortureEvery       *every,
             const char         *s,
             const char         *ms,
             const char *const  *as,
             GBytes             *ay,
             GVariant           *v,
             GVariant           *tuple,
             JsonNode           *j,
             TortureLine        *line,
             const TorturePoint *point,
             GPtrArray          *lines,
             GArray             *numbers,
             GHashTable         *words,
             TortureOther       *peer,
             Heard              *heard)
{
  g_assert_cmpstr (s, ==, "s");
  g_assert_null (ms);
  g_assert_cmpstr (as[0], ==, "a");
  g_assert_cmpint (g_bytes_get_size (ay), ==, 1);
  g_assert_true (g_variant_is_of_type (v, G_VARIANT_TYPE_VARIANT));
  g_assert_true (g_variant_is_of_type (tuple, G_VARIANT_TYPE ("(ii)")));
  g_assert_true (json_node_get_boolean (j));
  g_assert_cmpstr (torture_line_get_sku (line), ==, "sku");
  g_assert_cmpfloat (point->x, ==, 1);
  g_assert_cmpuint (lines->len, ==, 0);
  g_assert_cmpuint (numbers->len, ==, 0);
  g_assert_cmpuint (g_hash_table_size (words), ==, 0);
  g_assert_null (peer);
  heard->n_signals++;
  g_main_loop_quit (heard->loop);
}

/* In the object's thread. */
static gboolean
emit_cb (gpointer object)
{
  const char *const strings[] = { "a", NULL };
  g_autoptr(GBytes) bytes = g_bytes_new ("x", 1);
  g_autoptr(GVariant) variant = g_variant_ref_sink (g_variant_new ("v", g_variant_new ("b", TRUE)));
  g_autoptr(GVariant) tuple = g_variant_ref_sink (g_variant_new ("(ii)", 1, 2));
  g_autoptr(JsonNode) json = json_from_string ("true", NULL);
  g_autoptr(TortureLine) line = torture_line_new ("sku", 1, "", NULL);
  g_autoptr(TorturePoint) point = torture_point_new (1, 2);
  g_autoptr(GPtrArray) lines = g_ptr_array_new ();
  g_autoptr(GArray) numbers = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autoptr(GHashTable) words = g_hash_table_new (g_str_hash, g_str_equal);

  torture_every_emit_scalars (object, TRUE, 255, -5, 65535, G_MININT, G_MAXUINT, G_MININT64, G_MAXUINT64, 0.1,
                              TORTURE_STATE_CLASS, TORTURE_OPTIONS_WRITE);
  torture_every_emit_pointers (object, "s", NULL, strings, bytes, variant, tuple, json, line, point, lines, numbers,
                               words, NULL);
  return G_SOURCE_REMOVE;
}

static void
test_signals (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr(GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  Heard heard = { loop, 0 };

  g_signal_connect (fixture->every, "scalars", G_CALLBACK (scalars_cb), &heard);
  g_signal_connect (fixture->every, "pointers", G_CALLBACK (pointers_cb), &heard);
  g_main_context_invoke (fixture->context, emit_cb, fixture->object);
  g_main_loop_run (loop);
  g_assert_cmpuint (heard.n_signals, ==, 2);
}

static void
notify_cb (GObject    *object,
           GParamSpec *pspec,
           gpointer    loop)
{
  g_main_loop_quit (loop);
}

/* Sets @name through the stub, and waits until the object says so. */
static void
set_and_wait (Fixture    *fixture,
              const char *name,
              ...)
{
  g_autoptr(GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autofree char *signal = g_strconcat ("notify::", name, NULL);
  gulong id = g_signal_connect (fixture->every, signal, G_CALLBACK (notify_cb), loop);
  va_list arguments;

  va_start (arguments, name);
  g_object_set_valist (G_OBJECT (fixture->every), name, arguments);
  va_end (arguments);
  g_main_loop_run (loop);
  g_signal_handler_disconnect (fixture->every, id);
}

static void
test_properties (Fixture       *fixture,
                 gconstpointer  data)
{
  const char *const strings[] = { "a", "b", NULL };
  g_autoptr(TortureLine) line = torture_line_new ("sku", 7, "", NULL);
  g_autoptr(TorturePoint) point = torture_point_new (3, 4);
  g_autoptr(TortureLine) line_back = NULL;
  g_autoptr(TorturePoint) point_back = NULL;
  g_auto(GStrv) strings_back = NULL;
  g_autofree char *text = torture_every_dup_s (fixture->every);

  g_assert_cmpstr (text, ==, "");
  set_and_wait (fixture, "t", G_MAXUINT64, NULL);
  g_assert_cmpuint (torture_every_get_t (fixture->every), ==, G_MAXUINT64);
  set_and_wait (fixture, "y", 200, NULL);
  g_assert_cmpint (torture_every_get_y (fixture->every), ==, 200);
  set_and_wait (fixture, "state", TORTURE_STATE_HALF_OPEN, NULL);
  g_assert_cmpint (torture_every_get_state (fixture->every), ==, TORTURE_STATE_HALF_OPEN);
  set_and_wait (fixture, "as", strings, NULL);
  strings_back = torture_every_dup_as (fixture->every);
  g_assert_cmpstrv (strings_back, strings);
  set_and_wait (fixture, "line", line, NULL);
  line_back = torture_every_dup_line (fixture->every);
  g_assert_cmpuint (torture_line_get_quantity (line_back), ==, 7);
  set_and_wait (fixture, "point", point, NULL);
  point_back = torture_every_dup_point (fixture->every);
  g_assert_cmpfloat (point_back->y, ==, 4);
}

typedef struct
{
  GMainLoop *loop;
  GPtrArray *lines;
  GError    *error;
} Answer;

static void
lines_cb (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  Answer *answer = user_data;

  answer->lines = torture_every_lines_finish (TORTURE_EVERY (object), result, &answer->error);
  g_main_loop_quit (answer->loop);
}

static void
check_async (TortureEvery *every)
{
  g_autoptr(GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func (g_object_unref);
  Answer answer = { loop, NULL, NULL };

  g_ptr_array_add (lines, torture_line_new ("sku", 1, "t", NULL));
  torture_every_lines_async (every, lines, NULL, lines_cb, &answer);
  g_assert_null (answer.lines);
  g_main_loop_run (loop);
  g_assert_no_error (answer.error);
  g_assert_cmpuint (answer.lines->len, ==, 1);
  g_ptr_array_unref (answer.lines);
}

static void
test_async (Fixture       *fixture,
            gconstpointer  data)
{
  g_autoptr(Every) local = every_new ();

  check_async (fixture->every);
  check_async (TORTURE_EVERY (local));
}

static void
test_not_implemented (Fixture       *fixture,
                      gconstpointer  data)
{
  g_autoptr(Peer) peer = peer_new ();
  g_autoptr(GError) error = NULL;
  int handle = 7;

  g_assert_false (torture_every_handle (TORTURE_EVERY (fixture->object), 1, &handle, NULL, &error));
  g_assert_error (error, RMI_ERROR, RMI_ERROR_NOT_SUPPORTED);
  g_assert_cmpint (handle, ==, 7);
  g_clear_error (&error);
  g_assert_false (torture_other_nothing (TORTURE_OTHER (peer), NULL, &error));
  g_assert_error (error, RMI_ERROR, RMI_ERROR_NOT_SUPPORTED);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD_TEST ("errors-of-the-application-arrive-as-themselves", test_errors_of_the_application);
  ADD_TEST ("references-come-home", test_references);
  ADD_TEST ("signals-arrive", test_signals);
  ADD_TEST ("properties-are-set-and-heard-of", test_properties);
  ADD_TEST ("async-completes-later-here-and-there", test_async);
  ADD_TEST ("what-is-not-implemented-says-so", test_not_implemented);
  return g_test_run ();
}
