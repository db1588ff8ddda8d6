/* tests/sessions/test-late-answers.c: answers read after the peer was lost
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "config.h"
#include "tests/objects-bell.h"
#include "tests/objects-fixture.h"

#include "rmi/rmi-call-internal.h"
#include "rmi/rmi-reader.h"

static void
answered_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  RmiCall **answered = user_data;
  g_autoptr(GError) error = NULL;

  *answered = rmi_call_finish (NULL, result, &error);
  g_assert_no_error (error);
}

/* The answer of Make, which brings an object, as nobody read it yet. */
static RmiCall *
call_make (Fixture *fixture)
{
  RmiCall *answered = NULL;

  rmi_call_start (rmi_call_new (fixture->near, "/bell", NULL, "Make", 0), NULL, NULL, answered_cb, &answered);
  TURN_UNTIL (fixture, answered != NULL);
  return answered;
}

static void
lose (Fixture *fixture)
{
  rmi_connection_shut_down (fixture->far);
  TURN_UNTIL (fixture, rmi_connection_is_closed (fixture->near));
}

static void
test_read (Fixture       *fixture,
           gconstpointer  data)
{
  g_autoptr(RmiCall) call = call_make (fixture);
  g_autoptr(GObject) made = NULL;
  g_autoptr(GError) error = NULL;

  lose (fixture);
  g_assert_cmpuint (fixture->n_unreferenced, ==, 1);
  made = rmi_reader_get_object (rmi_call_get_reader (call), TEST_TYPE_BELL);
  g_assert_true (rmi_call_end (call, &error));
  g_assert_no_error (error);
  g_assert_true (TEST_IS_BELL (made));
  g_assert_true (rmi_stub_is_broken (RMI_STUB (made)));
  g_assert_false (test_bell_echo (TEST_BELL (made), "?", &error));
  g_assert_error (error, RMI_ERROR, RMI_ERROR_NO_SUCH_OBJECT);
}

static void
test_not_wanted (Fixture       *fixture,
                 gconstpointer  data)
{
  g_autoptr(RmiCall) call = call_make (fixture);
  g_autoptr(GError) error = NULL;

  lose (fixture);
  g_assert_true (rmi_call_end (call, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (fixture->n_unreferenced, ==, 1);
}

/* Stubs of one dead object share nothing, and nothing is left of them. */
static void
test_read_twice (Fixture       *fixture,
                 gconstpointer  data)
{
  g_autoptr(RmiCall) call = call_make (fixture);
  g_autoptr(RmiCall) again = NULL;
  g_autoptr(GObject) made = NULL, last = NULL;

  rmi_call_start (rmi_call_new (fixture->near, "/bell", NULL, "Last", 0), NULL, NULL, answered_cb, &again);
  TURN_UNTIL (fixture, again != NULL);
  lose (fixture);
  made = rmi_reader_get_object (rmi_call_get_reader (call), TEST_TYPE_BELL);
  last = rmi_reader_get_object (rmi_call_get_reader (again), TEST_TYPE_BELL);
  g_assert_true (made != last);
  g_assert_true (rmi_stub_is_broken (RMI_STUB (made)) && rmi_stub_is_broken (RMI_STUB (last)));
  /* Only the bell's stub waits, to subscribe again. */
  g_assert_cmpuint (rmi_importer_count (RMI_IMPORTER (fixture->importer), fixture->near), ==, 1);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, test) g_test_add ("/rmi/sessions/late-answers/" name, Fixture, NULL, fixture_set_up, test, fixture_tear_down)
  ADD ("object-is-broken-from-the-first", test_read);
  ADD ("nobody-releases-what-is-gone", test_not_wanted);
  ADD ("objects-are-broken-one-by-one", test_read_twice);
  return g_test_run ();
}
