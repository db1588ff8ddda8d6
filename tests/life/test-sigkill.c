/* tests/life/test-sigkill.c: a program is killed at every step of a session
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The other program kills itself at its k-th point (see kill-points.c), for k = 1, 2, 3 … until it lives to the end of the
 * session. No call here has a deadline: what does not end by itself hangs until the watchdog bites. What ran there is in a
 * file that outlives the program, and each error is held to what it says of that.
 */
#include "config.h"
#include "rmi/rmi-call-internal.h"
#include "rmi/rmi-writer-internal.h"
#include "tests/scenarios-world.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>

#define MUCH (300 * 1024)
#define LEAST_KILLS 40       /* fewer would mean that the points are passed by */

/* One call, and how it ended. */
typedef struct _Session Session;
typedef struct
{
  Session    *session;
  const char *what;          /* its line in the log */
  guint       n_ends;
  gboolean    has_failed;
  RmiRan      ran;
} Call;

struct _Session
{
  World         *world;
  ScenarioParty *party;      /* at the victim */
  Call           calls[20];
  guint          n_calls;
  guint          n_ended;
  guint          n_failed;
  Guest         *passed;     /* only the victim holds it; NULL once it is finalized */
  guint          n_unreferenced;
  RmiStub       *made;       /* of an object that only we hold */
  guint          n_broken;
};

/* ---- calls ---- */

static Call *
begin (Session    *session,
       const char *what)
{
  Call *call = &session->calls[session->n_calls++];

  g_assert_cmpuint (session->n_calls, <=, G_N_ELEMENTS (session->calls));
  *call = (Call) { session, what };
  return call;
}

static void
assert_gone (const GError *error)
{
  RmiRan ran = rmi_error_get_ran (error);

  if (g_error_matches (error, RMI_ERROR, RMI_ERROR_DISCONNECTED))
    {
      g_assert_cmpint (ran, ==, RMI_RAN_MAYBE);
      return;
    }
  if (!g_error_matches (error, RMI_ERROR, RMI_ERROR_CLOSING))
    g_assert_error (error, RMI_ERROR, RMI_ERROR_UNREACHABLE);
  g_assert_cmpint (ran, ==, RMI_RAN_NO);
}

static void
end (Call   *call,
     GError *error)
{
  call->n_ends++;
  call->session->n_ended++;
  if (error == NULL)
    return;

  assert_gone (error);
  call->has_failed = TRUE;
  call->ran = rmi_error_get_ran (error);
  call->session->n_failed++;
  g_error_free (error);
}

/* Of any call whose result does not matter. */
static void
ended_cb (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  GError *error = NULL;
  g_autoptr(RmiCall) call = rmi_call_finish (object, result, &error);

  end (user_data, error);
}

static void
made_cb (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  Call *call = user_data;
  GError *error = NULL;
  ScenarioParty *made = scenario_party_make_finish (SCENARIO_PARTY (object), result, &error);

  if (made != NULL)
    {
      call->session->made = RMI_STUB (made);
      g_signal_connect_swapped (made, "rmi-broken", G_CALLBACK (g_atomic_int_inc), &call->session->n_broken);
    }
  end (call, error);
}

/* Until all calls but @n_left have ended, or one failed and so all do. */
static gboolean
turn_until_ended (Session *session,
                  guint    n_left)
{
  TURN_UNTIL (session->n_ended + n_left >= session->n_calls || session->n_failed > 0);
  if (session->n_failed == 0)
    return TRUE;

  TURN_UNTIL (session->n_ended == session->n_calls);
  return FALSE;
}

static gboolean
echo (Session    *session,
      const char *text,
      const char *what)
{
  GError *error = NULL;
  g_autofree char *echoed = NULL;
  Call *call = begin (session, what);

  echoed = scenario_party_echo (session->party, text, NULL, &error);
  end (call, error);
  return !call->has_failed;
}

static gboolean
note (Session    *session,
      const char *text,
      const char *what)
{
  GError *error = NULL;
  Call *call = begin (session, what);

  scenario_party_note (session->party, text, NULL, &error);
  end (call, error);
  return !call->has_failed;
}

static gboolean
nest (Session *session)
{
  GError *error = NULL;
  Call *call = begin (session, "nest:outermost");
  guint reached = 0;

  scenario_party_nest (session->party, 3, SCENARIO_PARTY (session->world->guest), &reached, NULL, &error);
  end (call, error);
  return !call->has_failed;
}

static gboolean
ask_kept (Session *session)
{
  GError *error = NULL;
  Call *call = begin (session, "ask_kept:blocking");
  g_autofree char *echoed = scenario_party_ask_kept (session->party, "blocking", NULL, &error);

  end (call, error);
  return !call->has_failed;
}

/* ---- the victim ---- */

static char *
get_log_path (World *world)
{
  return g_build_filename (world->directory, "log", NULL);
}

/* In the place of the one before; without a @kill_at it lives. */
static void
start_victim (World *world,
              Peer  *victim,
              guint  kill_at)
{
  g_autofree char *number = g_strdup_printf ("%u", kill_at);
  g_autofree char *log = get_log_path (world);
  RmiConnection *connection = rmi_stub_get_connection (RMI_STUB (victim->party));

  peer_kill (victim);
  TURN_UNTIL (rmi_connection_is_closed (connection));
  g_unlink (log);
  if (kill_at > 0)
    g_setenv ("KILL_AT", number, TRUE);
  g_setenv ("SCENARIOS_LOG", log, TRUE);
  peer_restart (victim);
  g_unsetenv ("SCENARIOS_LOG");
  g_unsetenv ("KILL_AT");
}

static guint
count_in_log (World      *world,
              const char *what)
{
  g_autofree char *path = get_log_path (world);
  g_autofree char *text = NULL;
  g_auto(GStrv) lines = NULL;
  guint count = 0;

  if (!g_file_get_contents (path, &text, NULL, NULL))
    return 0;
  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    count += g_str_equal (lines[i], what);
  return count;
}

static gboolean
is_dead (Peer *victim)
{
  siginfo_t info = { .si_pid = 0 };

  g_assert_cmpint (waitid (P_PID, (id_t) victim->pid, &info, WEXITED | WNOHANG | WNOWAIT), ==, 0);
  return info.si_pid == victim->pid;
}

/* It died by its own hand, or is about to. */
static void
reap (Peer *victim)
{
  int status = 0;

  g_assert_cmpint (waitpid (victim->pid, &status, 0), ==, victim->pid);
  g_assert_true (WIFSIGNALED (status));
  g_assert_cmpint (WTERMSIG (status), ==, SIGKILL);
  g_spawn_close_pid (victim->pid);
  victim->pid = 0;
}

/* ---- what must be true after each death ---- */

static void
check_calls (Session *session)
{
  for (guint i = 0; i < session->n_calls; i++)
    {
      Call *call = &session->calls[i];
      guint n_runs = count_in_log (session->world, call->what);

      g_assert_cmpuint (call->n_ends, ==, 1);
      g_assert_cmpuint (n_runs, <=, 1);
      if (call->has_failed && call->ran == RMI_RAN_NO)
        g_assert_cmpuint (n_runs, ==, 0);
    }
}

static void
check_references (Session *session)
{
  TURN_UNTIL (session->passed == NULL);
  g_assert_cmpuint (session->n_unreferenced, ==, 1);
  if (session->made == NULL)
    return;

  TURN_UNTIL (session->n_broken > 0);
  g_assert_true (rmi_stub_is_broken (session->made));
  g_assert_cmpuint (session->n_broken, ==, 1);
  g_clear_object (&session->made);
}

static void
check_a_new_process_is_reached (ScenarioParty *party)
{
  for (;;)
    {
      g_autoptr(GError) error = NULL;
      g_autofree char *echoed = scenario_party_echo (party, "again", NULL, &error);

      if (error == NULL)
        break;
      assert_gone (error);
      g_usleep (1000);
    }
}

static void
unreferenced_cb (RmiNode *node,
                 GObject *object,
                 Session *session)
{
  session->n_unreferenced += object == (GObject *) session->passed;
}

static void
session_init (Session       *session,
              World         *world,
              ScenarioParty *party)
{
  *session = (Session) { .world = world, .party = party };
  session->passed = guest_new (world->node);
  g_object_add_weak_pointer (G_OBJECT (session->passed), (gpointer *) &session->passed);
  g_signal_connect (world->node, "unreferenced", G_CALLBACK (unreferenced_cb), session);
}

static void
session_end (Session *session)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
  check_calls (session);
  check_references (session);
  g_signal_handlers_disconnect_by_data (session->world->node, session);
}

/* The session's own reference of what it passes goes with the call that passes it. */
static void
keep_passed (Session *session)
{
  g_autoptr(Guest) passed = session->passed;

  scenario_party_keep_async (session->party, SCENARIO_PARTY (passed), NULL, ended_cb, begin (session, "keep:"));
}

/* ---- the victim serves ---- */

static gboolean
call_victim (Session *session)
{
  g_autoptr(GBytes) bytes = g_bytes_new_take (g_malloc0 (MUCH), MUCH);
  ScenarioParty *party = session->party;

  keep_passed (session);
  scenario_party_echo_async (party, "first", NULL, ended_cb, begin (session, "echo:first"));
  scenario_party_make_async (party, NULL, made_cb, begin (session, "make:"));
  scenario_party_wait_async (party, NULL, ended_cb, begin (session, "wait:"));
  scenario_party_tick_async (party, 3, NULL, ended_cb, begin (session, "tick:"));
  scenario_party_give_async (party, MUCH, NULL, ended_cb, begin (session, "give:"));
  scenario_party_take_async (party, bytes, NULL, ended_cb, begin (session, "take:"));
  if (!turn_until_ended (session, 1) || !note (session, "one way", "note:one way") || !nest (session) || !ask_kept (session))
    return FALSE;

  scenario_party_ask_kept_async (party, "async", NULL, ended_cb, begin (session, "ask_kept:async"));
  if (!echo (session, "beside", "echo:beside") || !turn_until_ended (session, 1))
    return FALSE;

  return note (session, "close", "note:close");
}

static gboolean
has_closed (World *world)
{
  return count_in_log (world, "closed:") > 0;
}

/* FALSE: the session was over before it came to the point. */
static gboolean
be_killed_serving (World *world,
                   Peer  *victim,
                   guint  kill_at)
{
  Session session;
  gboolean has_lived;

  start_victim (world, victim, kill_at);
  session_init (&session, world, victim->party);
  call_victim (&session);
  TURN_UNTIL (session.n_ended == session.n_calls);
  while (!(has_lived = has_closed (world)) && !is_dead (victim))
    g_usleep (1000);
  if (has_lived)
    peer_kill (victim);
  else
    reap (victim);
  session_end (&session);

  start_victim (world, victim, 0);
  check_a_new_process_is_reached (victim->party);
  return !has_lived;
}

static void
kill_at_every_point (World    *world,
                     gboolean (*be_killed) (World *world, Peer *victim, guint kill_at))
{
  Peer *victim = world->peers->pdata[0];
  guint kill_at = 0;

  rmi_stub_set_timeout (RMI_STUB (victim->party), G_MAXUINT);
  do
    alarm (60);
  while (be_killed (world, victim, ++kill_at));
  g_test_message ("killed at %u points", kill_at - 1);
  g_assert_cmpuint (kill_at, >, LEAST_KILLS);
}

static void
test_server (World         *world,
             gconstpointer  data)
{
  world_add_peer (world, NULL);
  kill_at_every_point (world, be_killed_serving);
}

/* ---- the victim calls ---- */

static guint
count_notes (World      *world,
             const char *text)
{
  g_auto(GStrv) notes = g_strsplit (guest_get_notes (world->guest), " ", -1);
  guint count = 0;

  for (guint i = 0; notes[i] != NULL; i++)
    count += g_str_equal (notes[i], text);
  return count;
}

static gboolean
is_heard (World *world)
{
  return g_signal_has_handler_pending (world->guest, g_signal_lookup ("ticked", SCENARIO_TYPE_PARTY), 0, TRUE);
}

static gboolean
dial (Session *session)
{
  GError *error = NULL;
  Call *call = begin (session, "-");

  scenario_party_dial (session->party, session->world->party_uri, NULL, &error);
  end (call, error);
  return !call->has_failed;
}

static gboolean
remaining_next (Session *session)
{
  GError *error = NULL;
  Call *call = begin (session, "-");
  gint64 milliseconds = 0;

  scenario_party_remaining_next (session->party, 0, &milliseconds, NULL, &error);
  end (call, error);
  return !call->has_failed;
}

/* Is answered while it blocks, too. */
static gboolean
ping (Session *session)
{
  Call *call = begin (session, "-");
  g_autoptr(RmiCall) system = rmi_call_new_system (rmi_stub_get_connection (RMI_STUB (session->party)), "rpc.ping");
  GError *error = NULL;

  rmi_writer_begin_array (rmi_call_get_writer (system));
  rmi_writer_end_array (rmi_call_get_writer (system));
  rmi_call_run (system, NULL, &error);
  end (call, error);
  return !call->has_failed;
}

/* It has a connection to us of its own, over which it calls, subscribes, waits and notes. */
static void
be_called_by_victim (Session *session)
{
  ScenarioParty *party = session->party;
  ScenarioParty *guest = SCENARIO_PARTY (session->world->guest);

  keep_passed (session);
  scenario_party_make_async (party, NULL, made_cb, begin (session, "make:"));
  if (!turn_until_ended (session, 0) || !dial (session))
    return;

  scenario_party_around_async (party, 1, NULL, ended_cb, begin (session, "-"));
  scenario_party_tick_and_note_async (party, 3, NULL, ended_cb, begin (session, "-"));
  if (!turn_until_ended (session, 0) || !remaining_next (session) || !nest (session) || !ask_kept (session))
    return;

  /* From here on it blocks in a call to us, and what comes waits there. */
  scenario_party_wait_next_async (party, NULL, ended_cb, begin (session, "-"));
  TURN_UNTIL (count_notes (session->world, "waits") > 0 || session->n_failed > 0);
  for (guint i = 1; i <= 3; i++)
    scenario_party_emit_ticked (guest, i);
  scenario_party_echo_async (party, "held", NULL, ended_cb, begin (session, "echo:held"));
  if (note (session, "one way", "note:one way") && ping (session))
    ping (session);
}

static void
check_nothing_is_left (World *world)
{
  TURN_UNTIL (!is_heard (world));
  TURN_UNTIL (count_notes (world, "waits") == count_notes (world, "cancelled"));
  g_assert_cmpuint (guest_count (), ==, 1);
  guest_clear_notes (world->guest);
}

static void
dial_from (Peer       *peer,
           const char *uri)
{
  g_autoptr(GError) error = NULL;

  scenario_party_dial (peer->party, uri, NULL, &error);
  g_assert_no_error (error);
}

/* Another program calls us, and forgets us again. */
static void
check_witness (World *world,
               Peer  *witness)
{
  g_autoptr(GError) error = NULL;
  guint passed = 0;

  dial_from (witness, world->party_uri);
  scenario_party_around (witness->party, 1, &passed, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (passed, ==, 1);
  dial_from (witness, witness->party_uri);
}

static gboolean
be_killed_calling (World *world,
                   Peer  *victim,
                   guint  kill_at)
{
  Session session;
  gboolean has_lived;

  start_victim (world, victim, kill_at);
  session_init (&session, world, victim->party);
  be_called_by_victim (&session);
  has_lived = session.n_failed == 0;
  if (has_lived)
    peer_kill (victim);
  else
    reap (victim);
  TURN_UNTIL (session.n_ended == session.n_calls);
  session_end (&session);
  check_nothing_is_left (world);
  check_witness (world, world->peers->pdata[1]);

  start_victim (world, victim, 0);
  check_a_new_process_is_reached (victim->party);
  return !has_lived;
}

static void
test_client (World         *world,
             gconstpointer  data)
{
  world_listen (world);
  world_add_peer (world, NULL);
  world_add_peer (world, NULL);     /* the witness */
  kill_at_every_point (world, be_killed_calling);
}

int
main (int   argc,
      char *argv[])
{
  world_init (&argc, &argv);

  ADD ("a-serving-program-is-killed-at-every-point", test_server);
  ADD ("a-calling-program-is-killed-at-every-point", test_client);

  return g_test_run ();
}
