/* tests/test-poller.c: a node's one place of waiting
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "config.h"
#include "rmi/rmi-poller-internal.h"

#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "rmi/rmi-deadline-heap-private.h"
#include "rmi/rmi-poll-set-private.h"

typedef struct
{
  GMainContext *context;
  RmiPoller    *poller;
} Fixture;

typedef struct
{
  RmiTimer   timer;
  RmiPoller *poller;
  GString   *log;
  char       name;
  RmiTimer  *stops;
} NamedTimer;

typedef struct
{
  RmiWatch  watch;
  int       peer;
  RmiWatch *removes;
  guint     n_ready;
} TestWatch;

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  fixture->context = g_main_context_new ();
  fixture->poller = rmi_poller_new (fixture->context, &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  rmi_poller_close (fixture->poller);
  rmi_poller_unref (fixture->poller);
  g_main_context_unref (fixture->context);
}

static gboolean
never (gpointer data)
{
  return FALSE;
}

static gboolean
is_set (gpointer data)
{
  return g_atomic_int_get ((int *) data) != 0;
}

static void
set_flag (gpointer data,
          gpointer user_data)
{
  g_atomic_int_set ((int *) data, 1);
}

static void
named_timer_expired (RmiTimer *timer)
{
  NamedTimer *self = (NamedTimer *) timer;

  g_string_append_c (self->log, self->name);
  if (self->stops != NULL)
    rmi_poller_stop_timer (self->poller, self->stops);
}

static gboolean
has_four (gpointer data)
{
  return ((GString *) data)->len >= 4;
}

static void
test_timers_in_order (Fixture       *fixture,
                      gconstpointer  data)
{
  g_autoptr(GString) log = g_string_new (NULL);
  NamedTimer timers[6];
  gint64 now_us = g_get_monotonic_time ();

  for (int i = 0; i < 6; i++)
    timers[i] = (NamedTimer) { { .expired = named_timer_expired }, fixture->poller, log, (char) ('a' + i), NULL };

  rmi_poller_start_timer (fixture->poller, &timers[0].timer, now_us + 3000);
  rmi_poller_start_timer (fixture->poller, &timers[1].timer, now_us + 1000);
  rmi_poller_start_timer (fixture->poller, &timers[2].timer, now_us + 1000);      /* the same time: as started */
  rmi_poller_start_timer (fixture->poller, &timers[3].timer, now_us + 60 * G_TIME_SPAN_SECOND);
  rmi_poller_start_timer (fixture->poller, &timers[3].timer, 0);                  /* moved */
  rmi_poller_start_timer (fixture->poller, &timers[4].timer, now_us + 2000);
  rmi_poller_start_timer (fixture->poller, &timers[5].timer, now_us + 500);
  rmi_poller_stop_timer (fixture->poller, &timers[5].timer);
  timers[2].stops = &timers[4].timer;

  g_main_context_acquire (fixture->context);
  g_assert_true (rmi_poller_wait (fixture->poller, has_four, log, -1, NULL, NULL));
  g_main_context_release (fixture->context);
  g_assert_cmpstr (log->str, ==, "dbca");

  g_string_truncate (log, 0);
  for (int i = 3; i >= 0; i--)
    rmi_poller_start_timer (fixture->poller, &timers[i].timer, g_get_monotonic_time () + 1000);
  while (log->len < 4)
    g_main_context_iteration (fixture->context, TRUE);
  g_assert_cmpstr (log->str, ==, "dcba");
}

static int
compare_timers (gconstpointer a,
                gconstpointer b)
{
  const RmiTimer *const *first = a;
  const RmiTimer *const *second = b;

  if ((*first)->due_us != (*second)->due_us)
    return (*first)->due_us < (*second)->due_us ? -1 : 1;

  return (*first)->serial < (*second)->serial ? -1 : 1;
}

static void
test_heap_sorts (void)
{
  enum { N_TIMERS = 5000 };
  g_autofree RmiTimer *timers = g_new0 (RmiTimer, N_TIMERS);
  g_autoptr(GPtrArray) expected = g_ptr_array_new ();
  RmiDeadlineHeap heap = { NULL };

  for (int i = 0; i < N_TIMERS; i++)
    rmi_deadline_heap_add (&heap, &timers[i], g_test_rand_int_range (0, 1000));
  for (int i = 0; i < N_TIMERS; i += 3)
    rmi_deadline_heap_add (&heap, &timers[i], g_test_rand_int_range (0, 1000));
  for (int i = 0; i < N_TIMERS; i += 7)
    rmi_deadline_heap_remove (&heap, &timers[i]);
  for (int i = 0; i < N_TIMERS; i++)
    {
      g_assert_cmpint (timers[i].position == 0, ==, i % 7 == 0);
      if (timers[i].position != 0)
        g_ptr_array_add (expected, &timers[i]);
    }

  g_ptr_array_sort (expected, compare_timers);
  for (guint i = 0; i < expected->len; i++)
    {
      RmiTimer *first = rmi_deadline_heap_peek (&heap);

      g_assert_true (first == expected->pdata[i]);
      rmi_deadline_heap_remove (&heap, first);
      g_assert_cmpuint (first->position, ==, 0);
    }
  g_assert_null (rmi_deadline_heap_peek (&heap));
  rmi_deadline_heap_clear (&heap);
}

static void
test_watch_ready (RmiWatch *watch,
                  guint32   events)
{
  TestWatch *self = (TestWatch *) watch;
  char byte = 0;

  self->n_ready++;
  g_assert_cmpint (read (watch->fd, &byte, 1), ==, 1);
  if (self->removes != NULL)
    rmi_poller_remove_watch (self->removes);
}

static void
test_watch_init (TestWatch *self,
                 RmiPoller *poller)
{
  g_autoptr(GError) error = NULL;
  int fds[2];

  *self = (TestWatch) { { .ready = test_watch_ready } };
  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), ==, 0);
  self->peer = fds[1];
  g_assert_true (rmi_poller_add_watch (poller, &self->watch, fds[0], EPOLLIN, &error));
  g_assert_no_error (error);
}

static void
test_watch_clear (TestWatch *self)
{
  rmi_poller_remove_watch (&self->watch);
  close (self->watch.fd);
  close (self->peer);
}

static void
test_removed_watch_is_not_called (Fixture       *fixture,
                                  gconstpointer  data)
{
  TestWatch watches[2];

  for (int i = 0; i < 2; i++)
    test_watch_init (&watches[i], fixture->poller);
  for (int i = 0; i < 2; i++)
    {
      watches[i].removes = &watches[1 - i].watch;
      g_assert_cmpint (write (watches[i].peer, "x", 1), ==, 1);
    }

  while (watches[0].n_ready + watches[1].n_ready == 0)
    g_main_context_iteration (fixture->context, TRUE);
  while (g_main_context_iteration (fixture->context, FALSE))
    ;
  g_assert_cmpuint (watches[0].n_ready + watches[1].n_ready, ==, 1);

  for (int i = 0; i < 2; i++)
    test_watch_clear (&watches[i]);
}

static guint
count_ready (TestWatch *watches,
             guint      n_watches)
{
  guint n_ready = 0;

  for (guint i = 0; i < n_watches; i++)
    n_ready += watches[i].n_ready;

  return n_ready;
}

/* Writes to all of them, and expects each to be called once. */
static void
poke (Fixture   *fixture,
      TestWatch *watches,
      guint      n_watches)
{
  for (guint i = 0; i < n_watches; i++)
    {
      watches[i].n_ready = 0;
      g_assert_cmpint (write (watches[i].peer, "x", 1), ==, 1);
    }
  while (count_ready (watches, n_watches) < n_watches)
    g_main_context_iteration (fixture->context, TRUE);
  g_assert_false (g_main_context_iteration (fixture->context, FALSE));
  for (guint i = 0; i < n_watches; i++)
    g_assert_cmpuint (watches[i].n_ready, ==, 1);
}

/* A few are polled by the loop itself, many are not; nobody notices. */
static void
test_any_number_of_watches (Fixture       *fixture,
                            gconstpointer  data)
{
  TestWatch watches[2 * RMI_POLL_SET_WATCHES];

  for (guint i = 0; i < G_N_ELEMENTS (watches); i++)
    {
      test_watch_init (&watches[i], fixture->poller);
      poke (fixture, watches, i + 1);
      rmi_poller_modify_watch (&watches[i].watch, EPOLLOUT);
      g_assert_cmpint (write (watches[i].peer, "x", 1), ==, 1);
      while (watches[i].n_ready == 1)
        g_main_context_iteration (fixture->context, TRUE);
      rmi_poller_modify_watch (&watches[i].watch, EPOLLIN);
      g_assert_false (g_main_context_iteration (fixture->context, FALSE));
    }
  for (guint i = G_N_ELEMENTS (watches); i > 0; i--)
    {
      poke (fixture, watches, i);
      test_watch_clear (&watches[i - 1]);
    }
}

/* One in the middle of the few goes. */
static void
test_a_watch_in_between_goes (Fixture       *fixture,
                              gconstpointer  data)
{
  TestWatch watches[5];

  for (guint i = 0; i < 5; i++)
    test_watch_init (&watches[i], fixture->poller);
  test_watch_clear (&watches[2]);
  poke (fixture, watches, 2);
  poke (fixture, watches + 3, 2);
  test_watch_init (&watches[2], fixture->poller);
  poke (fixture, watches, 5);
  for (guint i = 0; i < 5; i++)
    test_watch_clear (&watches[i]);
}

typedef struct
{
  RmiFlush flush;
  guint    n_flushed;
} TestFlush;

static void
test_flush_flush (RmiFlush *flush)
{
  ((TestFlush *) flush)->n_flushed++;
}

static void
test_flushes_before_it_waits (Fixture       *fixture,
                              gconstpointer  data)
{
  TestFlush flushes[3] = { { { .flush = test_flush_flush } }, { { .flush = test_flush_flush } }, { { .flush = test_flush_flush } } };

  for (int i = 0; i < 3; i++)
    rmi_poller_queue_flush (fixture->poller, &flushes[i].flush);
  rmi_poller_queue_flush (fixture->poller, &flushes[0].flush);
  rmi_poller_cancel_flush (fixture->poller, &flushes[1].flush);
  g_main_context_iteration (fixture->context, FALSE);
  g_assert_cmpuint (flushes[0].n_flushed, ==, 1);
  g_assert_cmpuint (flushes[1].n_flushed, ==, 0);
  g_assert_cmpuint (flushes[2].n_flushed, ==, 1);

  rmi_poller_queue_flush (fixture->poller, &flushes[1].flush);
  g_main_context_acquire (fixture->context);
  g_assert_false (rmi_poller_wait (fixture->poller, never, NULL, 0, NULL, NULL));
  g_main_context_release (fixture->context);
  g_assert_cmpuint (flushes[1].n_flushed, ==, 1);
}

static gboolean
work_down (gpointer data)
{
  guint *left = data;

  g_assert_cmpuint (*left, >, 0);
  (*left)--;

  return *left > 0;
}

static void
test_idle_work_is_for_the_loop (Fixture       *fixture,
                                gconstpointer  data)
{
  guint left = 3;

  rmi_poller_set_idle (fixture->poller, work_down, &left);
  rmi_poller_wake_idle (fixture->poller);

  g_main_context_acquire (fixture->context);
  g_assert_false (rmi_poller_wait (fixture->poller, never, NULL, g_get_monotonic_time () + 2000, NULL, NULL));
  g_main_context_release (fixture->context);
  g_assert_cmpuint (left, ==, 3);

  while (left > 0)
    g_main_context_iteration (fixture->context, TRUE);
  g_assert_false (g_main_context_iteration (fixture->context, FALSE));
}

typedef struct
{
  RmiTimer  timer;
  Fixture  *fixture;
  int       phase;
  int       done;
} Nesting;

static void
nesting_expired (RmiTimer *timer)
{
  Nesting *self = (Nesting *) timer;
  RmiPoller *poller = self->fixture->poller;

  self->phase++;
  if (self->phase == 1)                          /* in the outer wait */
    {
      g_assert_cmpstr (rmi_poller_get_gate (poller), ==, "outer");
      g_assert_null (rmi_poller_get_outer_gate (poller, rmi_poller_get_gate (poller)));
      rmi_poller_start_timer (poller, timer, 0);
      while (self->phase < 2)
        g_main_context_iteration (self->fixture->context, TRUE);
      g_assert_cmpstr (rmi_poller_get_gate (poller), ==, "outer");
      self->done = 1;
    }
  else if (self->phase == 2)                     /* in a main loop inside of it */
    {
      int done = 0;

      g_assert_null (rmi_poller_get_gate (poller));
      rmi_poller_start_timer (poller, timer, 0);
      g_assert_false (rmi_poller_wait (poller, is_set, &done, g_get_monotonic_time () + 1000, NULL, (gpointer) "inner"));
      g_assert_cmpint (self->phase, ==, 3);
      g_assert_null (rmi_poller_get_gate (poller));
    }
  else
    {
      g_assert_cmpstr (rmi_poller_get_gate (poller), ==, "inner");
      g_assert_cmpstr (rmi_poller_get_outer_gate (poller, rmi_poller_get_gate (poller)), ==, "outer");
    }
}

static void
test_gates_are_a_stack (Fixture       *fixture,
                        gconstpointer  data)
{
  Nesting nesting = { { .expired = nesting_expired }, fixture, 0, 0 };

  g_main_context_acquire (fixture->context);
  rmi_poller_start_timer (fixture->poller, &nesting.timer, 0);
  g_assert_true (rmi_poller_wait (fixture->poller, is_set, &nesting.done, -1, NULL, (gpointer) "outer"));
  g_assert_null (rmi_poller_get_gate (fixture->poller));
  g_assert_cmpint (nesting.phase, ==, 3);
  g_main_context_release (fixture->context);
}

static gpointer
cancel_thread (gpointer data)
{
  g_cancellable_cancel (data);

  return NULL;
}

static void
test_cancelling_ends_the_wait (Fixture       *fixture,
                               gconstpointer  data)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  GThread *thread = NULL;

  g_main_context_acquire (fixture->context);
  thread = g_thread_new ("cancel", cancel_thread, cancellable);
  g_assert_false (rmi_poller_wait (fixture->poller, never, NULL, -1, cancellable, NULL));
  g_thread_join (thread);
  g_assert_false (rmi_poller_wait (fixture->poller, never, NULL, -1, cancellable, NULL));
  g_main_context_release (fixture->context);
}

static void
close_poller (gpointer data,
              gpointer user_data)
{
  rmi_poller_close (data);
}

static void
test_closing_ends_the_wait (Fixture       *fixture,
                            gconstpointer  data)
{
  g_autoptr(GString) log = g_string_new (NULL);
  NamedTimer timer = { { .expired = named_timer_expired }, fixture->poller, log, 'x', NULL };
  int done = 0;
  int destroyed = 0;

  g_main_context_acquire (fixture->context);
  rmi_poller_start_timer (fixture->poller, &timer.timer, G_MAXINT64);
  rmi_poller_hand_over (fixture->poller, close_poller, fixture->poller, NULL);
  g_assert_false (rmi_poller_wait (fixture->poller, is_set, &done, -1, NULL, NULL));
  g_assert_cmpstr (log->str, ==, "x");

  rmi_poller_hand_over (fixture->poller, set_flag, &done, NULL);
  g_assert_cmpint (done, ==, 0);
  rmi_poller_start_timer (fixture->poller, &timer.timer, 0);
  g_assert_cmpuint (timer.timer.position, ==, 0);
  g_assert_false (rmi_poller_wait (fixture->poller, is_set, &destroyed, -1, NULL, NULL));
  g_main_context_release (fixture->context);
}

enum { N_THREADS = 4, N_ITEMS = 500 };

typedef struct
{
  Fixture *fixture;
  guint    n_run;
  guint    n_destroyed;       /* atomic */
  guint    last[N_THREADS];
} Hands;

typedef struct
{
  Hands *hands;
  guint  thread;
  guint  number;
} Item;

static void
item_run (gpointer data,
          gpointer user_data)
{
  Item *item = data;

  g_assert_true (rmi_poller_is_owner (item->hands->fixture->poller));
  g_assert_cmpuint (item->number, ==, item->hands->last[item->thread] + 1);
  item->hands->last[item->thread] = item->number;
  item->hands->n_run++;
}

static void
item_destroy (gpointer data)
{
  Item *item = data;

  g_atomic_int_inc (&item->hands->n_destroyed);
  g_free (item);
}

typedef struct
{
  Hands   *hands;
  guint    number;
  gboolean waits;
} Hander;

static gpointer
hand_over_thread (gpointer data)
{
  Hander *self = data;

  for (guint i = 1; i <= N_ITEMS; i++)
    {
      Item *item = g_new (Item, 1);

      *item = (Item) { self->hands, self->number, i };
      if (self->waits)
        {
          rmi_poller_run_in_owner (self->hands->fixture->poller, item_run, item);
          item_destroy (item);
        }
      else
        rmi_poller_hand_over (self->hands->fixture->poller, item_run, item, item_destroy);
    }

  return NULL;
}

static gboolean
all_ran (gpointer data)
{
  Hands *hands = data;

  return hands->n_run == N_THREADS * N_ITEMS;
}

/* @data: what the owner does, "loop", "wait", or "nothing" (then the threads take over when they can). */
static void
test_hand_over_from_threads (Fixture       *fixture,
                             gconstpointer  data)
{
  const char *owner = data;
  Hands hands = { fixture };
  Hander handers[N_THREADS];
  GThread *threads[N_THREADS];

  g_assert_true (rmi_poller_acquire (fixture->poller));
  for (guint i = 0; i < N_THREADS; i++)
    {
      handers[i] = (Hander) { &hands, i, i % 2 == 0 || g_str_equal (owner, "nothing") };
      threads[i] = g_thread_new ("hand-over", hand_over_thread, &handers[i]);
    }

  if (g_str_equal (owner, "loop"))
    while (!all_ran (&hands))
      g_main_context_iteration (fixture->context, TRUE);
  else if (g_str_equal (owner, "wait"))
    g_assert_true (rmi_poller_wait (fixture->poller, all_ran, &hands, -1, NULL, NULL));
  rmi_poller_release (fixture->poller);

  for (guint i = 0; i < N_THREADS; i++)
    g_thread_join (threads[i]);
  g_assert_true (all_ran (&hands));
  g_assert_cmpuint (hands.n_destroyed, ==, N_THREADS * N_ITEMS);
}

static void
test_close_destroys_what_did_not_run (Fixture       *fixture,
                                      gconstpointer  data)
{
  Hands hands = { fixture };
  Hander hander = { &hands, 0, FALSE };
  GThread *thread = g_thread_new ("hand-over", hand_over_thread, &hander);

  g_thread_join (thread);
  rmi_poller_close (fixture->poller);
  g_assert_cmpuint (hands.n_run, ==, 0);
  g_assert_cmpuint (hands.n_destroyed, ==, N_ITEMS);
}

typedef struct
{
  Fixture *fixture;
  int      is_done;
  int      did_wait;
} Waiting;

static gpointer
wait_thread (gpointer data)
{
  Waiting *self = data;

  g_assert_true (rmi_poller_wait (self->fixture->poller, is_set, &self->is_done, -1, NULL, NULL));
  rmi_poller_hand_over (self->fixture->poller, set_flag, &self->did_wait, NULL);

  return NULL;
}

static void
finish_expired (RmiTimer *timer)
{
  NamedTimer *self = (NamedTimer *) timer;

  g_atomic_int_set ((int *) self->log, 1);
  rmi_poller_wake_waiters (self->poller);
}

/* @data: "owner" if the owner's loop finishes it, else the waiting thread takes over. */
static void
test_waits_without_the_context (Fixture       *fixture,
                                gconstpointer  data)
{
  Waiting waiting = { fixture, 0, 0 };
  NamedTimer finish = { { .expired = finish_expired }, fixture->poller, (GString *) &waiting.is_done, 'f', NULL };
  GThread *thread = NULL;

  g_assert_true (rmi_poller_acquire (fixture->poller));
  thread = g_thread_new ("wait", wait_thread, &waiting);
  rmi_poller_start_timer (fixture->poller, &finish.timer, g_get_monotonic_time () + 1000);
  if (g_str_equal (data, "owner"))
    while (!waiting.did_wait)
      g_main_context_iteration (fixture->context, TRUE);
  rmi_poller_release (fixture->poller);
  g_thread_join (thread);
  g_assert_cmpint (waiting.is_done, ==, 1);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, func, data) g_test_add ("/rmi/poller/" name, Fixture, data, set_up, func, tear_down)
  ADD ("timers-expire-in-order", test_timers_in_order, NULL);
  g_test_add_func ("/rmi/poller/heap-sorts-5000-timers", test_heap_sorts);
  ADD ("a-removed-watch-is-not-called", test_removed_watch_is_not_called, NULL);
  ADD ("any-number-of-watches-is-heard", test_any_number_of_watches, NULL);
  ADD ("a-watch-in-between-goes", test_a_watch_in_between_goes, NULL);
  ADD ("flushes-before-it-waits", test_flushes_before_it_waits, NULL);
  ADD ("idle-work-is-for-the-loop", test_idle_work_is_for_the_loop, NULL);
  ADD ("gates-are-a-stack", test_gates_are_a_stack, NULL);
  ADD ("cancelling-ends-the-wait", test_cancelling_ends_the_wait, NULL);
  ADD ("closing-ends-the-wait", test_closing_ends_the_wait, NULL);
  ADD ("hand-over-to-a-loop", test_hand_over_from_threads, "loop");
  ADD ("hand-over-to-a-wait", test_hand_over_from_threads, "wait");
  ADD ("waiting-threads-take-over", test_hand_over_from_threads, "nothing");
  ADD ("a-thread-waits-for-the-owner", test_waits_without_the_context, "owner");
  ADD ("a-waiting-thread-takes-over", test_waits_without_the_context, "nobody");
  ADD ("close-destroys-what-did-not-run", test_close_destroys_what_did_not_run, NULL);
#undef ADD

  return g_test_run ();
}
