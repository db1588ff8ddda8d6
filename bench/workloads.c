/* bench/workloads.c: W1 to W7, W1i and W2i
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "workloads.h"

#include <stdio.h>
#include <time.h>

#include "histogram.h"

#define NS_PER_S  G_GINT64_CONSTANT (1000000000)
#define WARM_UP   4                  /* a measurement warms up for 1/4 of its duration … */
#define WARM_UP_NS (3 * NS_PER_S / 10) /* … and at least so long */
#define SETTLE_US 200000             /* a server with new connections comes to rest */
#define CONNECT_US 1000

typedef struct
{
  guint     n_idle;                  /* connections beside the one that is measured */
  Histogram latencies;
  gint64    start_ns, end_ns;
  double    cpu_s;
} Measurement;

typedef enum
{
  PHASE_WARM_UP,
  PHASE_COUNT,
  PHASE_OVER,
} Phase;

static gint64
now_ns (void)
{
  struct timespec time;

  clock_gettime (CLOCK_MONOTONIC, &time);
  return time.tv_sec * NS_PER_S + time.tv_nsec;
}

static gint64
get_duration_ns (Harness *harness)
{
  return (gint64) (harness_get_duration_s (harness) * NS_PER_S);
}

static gint64
get_warm_up_ns (Harness *harness)
{
  return harness_get_calls (harness) > 0 ? 0 : MAX (get_duration_ns (harness) / WARM_UP, WARM_UP_NS);
}

static void
print_line (Harness           *harness,
            const char        *workload,
            const Measurement *measurement)
{
  const Histogram *latencies = &measurement->latencies;
  guint64 count = latencies->count;

  printf ("{\"peer\":\"%s\",\"transport\":\"%s\",\"workload\":\"%s\",",
          harness_get_peer (harness)->name, harness_get_transport (harness), workload);
  if (measurement->n_idle > 0)
    printf ("\"idle\":%u,", measurement->n_idle);
  printf ("\"n\":%" G_GUINT64_FORMAT ","
          "\"calls_per_s\":%.1f,\"p50_us\":%.2f,\"p99_us\":%.2f,\"cpu_us_per_call\":%.2f}\n",
          count,
          (double) count * NS_PER_S / (measurement->end_ns - measurement->start_ns),
          histogram_get_quantile (latencies, 0.5) / 1000,
          histogram_get_quantile (latencies, 0.99) / 1000,
          count > 0 ? measurement->cpu_s / count * 1e6 : 0);
  fflush (stdout);
}

/* ---- W1 to W4: one call after another ---- */

static gboolean
is_over (Harness           *harness,
         const Measurement *measurement,
         gint64             now)
{
  guint64 calls = harness_get_calls (harness);

  return calls > 0 ? measurement->latencies.count >= calls
                   : now >= measurement->start_ns + get_duration_ns (harness);
}

static void
measure_calls (Harness     *harness,
               const char  *workload,
               HarnessCall  call,
               gpointer     connection,
               guint        n_idle)
{
  g_autofree Measurement *measurement = NULL;
  gint64 end_ns = now_ns () + get_warm_up_ns (harness);
  gint64 now;
  double cpu_s;

  if (call == NULL || !harness_wants ("WORKLOADS", workload))
    return;
  measurement = g_new0 (Measurement, 1);
  measurement->n_idle = n_idle;
  while (now_ns () < end_ns)
    call (connection);

  cpu_s = harness_get_cpu_s (harness);
  now = measurement->start_ns = now_ns ();
  do
    {
      gint64 before_ns = now;

      call (connection);
      now = now_ns ();
      histogram_add (&measurement->latencies, now - before_ns);
    }
  while (!is_over (harness, measurement, now));
  measurement->end_ns = now;
  measurement->cpu_s = harness_get_cpu_s (harness) - cpu_s;
  print_line (harness, workload, measurement);
}

/* ---- W5: many calls at once, on one connection ---- */

typedef struct
{
  Harness     *harness;
  gpointer     connection;
  Phase        phase;
  guint        in_flight;
  gint64       next_phase_ns;
  Measurement  measurement;
} Pipeline;

struct _HarnessSlot
{
  Pipeline *pipeline;
  gint64    start_ns;
};

static void
begin_slot (HarnessSlot *slot)
{
  Pipeline *pipeline = slot->pipeline;

  pipeline->in_flight++;
  slot->start_ns = now_ns ();
  harness_get_peer (pipeline->harness)->begin_echo (pipeline->connection, slot);
}

static void
change_phase (Pipeline *pipeline,
              gint64    now)
{
  Measurement *measurement = &pipeline->measurement;

  if (pipeline->phase++ == PHASE_WARM_UP)
    {
      measurement->cpu_s = -harness_get_cpu_s (pipeline->harness);
      measurement->start_ns = now;
      pipeline->next_phase_ns = now + get_duration_ns (pipeline->harness);
    }
  else
    {
      measurement->cpu_s += harness_get_cpu_s (pipeline->harness);
      measurement->end_ns = now;
      pipeline->next_phase_ns = G_MAXINT64;
    }
}

void
harness_slot_done (HarnessSlot *slot)
{
  Pipeline *pipeline = slot->pipeline;
  gint64 now = now_ns ();

  pipeline->in_flight--;
  if (pipeline->phase == PHASE_COUNT)
    histogram_add (&pipeline->measurement.latencies, now - slot->start_ns);
  if (now >= pipeline->next_phase_ns)
    change_phase (pipeline, now);
  if (pipeline->phase != PHASE_OVER)
    begin_slot (slot);
}

static void
measure_pipeline (Harness    *harness,
                  const char *workload,
                  gpointer    connection)
{
  const HarnessPeer *peer = harness_get_peer (harness);
  g_autofree Pipeline *pipeline = NULL;
  HarnessSlot slots[HARNESS_IN_FLIGHT];

  if (peer->begin_echo == NULL || !harness_wants ("WORKLOADS", workload))
    return;
  pipeline = g_new0 (Pipeline, 1);
  pipeline->harness = harness;
  pipeline->connection = connection;
  pipeline->next_phase_ns = now_ns () + get_warm_up_ns (harness);
  for (guint i = 0; i < HARNESS_IN_FLIGHT; i++)
    {
      slots[i].pipeline = pipeline;
      begin_slot (&slots[i]);
    }
  while (pipeline->phase != PHASE_OVER || pipeline->in_flight > 0)
    peer->iterate (connection);
  print_line (harness, workload, &pipeline->measurement);
}

/* ---- W6: threads, each with a connection of its own ---- */

typedef struct
{
  Harness   *harness;
  GThread   *thread;
  int       *phase;                  /* atomic, and so is the next */
  int       *n_connected;
  Histogram  latencies;
} Caller;

static gpointer
call_cb (gpointer user_data)
{
  Caller *self = user_data;
  const HarnessPeer *peer = harness_get_peer (self->harness);
  g_autoptr(GMainContext) context = g_main_context_new ();
  gpointer connection;
  gint64 now;

  g_main_context_push_thread_default (context);
  connection = peer->dial (self->harness);
  g_atomic_int_inc (self->n_connected);
  while (g_atomic_int_get (self->phase) == PHASE_WARM_UP)
    peer->echo (connection);
  now = now_ns ();
  do
    {
      gint64 before_ns = now;

      peer->echo (connection);
      now = now_ns ();
      histogram_add (&self->latencies, now - before_ns);
    }
  while (g_atomic_int_get (self->phase) == PHASE_COUNT);
  peer->hang_up (connection);
  g_main_context_pop_thread_default (context);
  return NULL;
}

void
workloads_measure_threads (Harness *harness)
{
  g_autofree Measurement *measurement = NULL;
  g_autofree Caller *callers = NULL;
  int phase = PHASE_WARM_UP;
  int n_connected = 0;

  measurement = g_new0 (Measurement, 1);
  callers = g_new0 (Caller, HARNESS_THREADS);
  for (guint i = 0; i < HARNESS_THREADS; i++)
    {
      callers[i].harness = harness;
      callers[i].phase = &phase;
      callers[i].n_connected = &n_connected;
      callers[i].thread = g_thread_new ("caller", call_cb, &callers[i]);
    }
  while (g_atomic_int_get (&n_connected) < HARNESS_THREADS)
    g_usleep (CONNECT_US);
  g_usleep ((gulong) (get_warm_up_ns (harness) / 1000));
  measurement->cpu_s = -harness_get_cpu_s (harness);
  measurement->start_ns = now_ns ();
  g_atomic_int_set (&phase, PHASE_COUNT);
  g_usleep ((gulong) (get_duration_ns (harness) / 1000));
  g_atomic_int_set (&phase, PHASE_OVER);
  measurement->end_ns = now_ns ();
  measurement->cpu_s += harness_get_cpu_s (harness);
  for (guint i = 0; i < HARNESS_THREADS; i++)
    {
      g_thread_join (callers[i].thread);
      histogram_merge (&measurement->latencies, &callers[i].latencies);
    }
  print_line (harness, "W6", measurement);
}

void
workloads_measure (Harness *harness)
{
  const HarnessPeer *peer = harness_get_peer (harness);
  gpointer connection = peer->dial (harness);

  measure_calls (harness, "W1", peer->null, connection, 0);
  measure_calls (harness, "W2", peer->echo, connection, 0);
  measure_calls (harness, "W3", peer->place, connection, 0);
  measure_calls (harness, "W3c", peer->place_objects, connection, 0);
  measure_calls (harness, "W4", peer->sum, connection, 0);
  measure_pipeline (harness, "W5", connection);
  peer->hang_up (connection);
}

/* ---- connections that do nothing ---- */

/* Each has made one call, so that it is what a used one is. */
static void
add_idle (GPtrArray *connections,
          Harness   *harness,
          guint      count)
{
  const HarnessPeer *peer = harness_get_peer (harness);

  while (connections->len < count)
    {
      gpointer connection = peer->dial (harness);

      peer->null (connection);
      g_ptr_array_add (connections, connection);
    }
}

void
workloads_measure_beside_idle (Harness *harness)
{
  const HarnessPeer *peer = harness_get_peer (harness);
  const char *list = g_getenv ("IDLE");
  g_auto(GStrv) counts = g_strsplit (list != NULL ? list : HARNESS_IDLE, ",", -1);
  g_autoptr(GPtrArray) idle = g_ptr_array_new_with_free_func (peer->hang_up);
  gpointer connection = peer->dial (harness);

  for (guint i = 0; counts[i] != NULL; i++)
    {
      guint count = g_ascii_strtoull (counts[i], NULL, 10);

      if (peer->most_idle > 0 && count > peer->most_idle)
        break;
      add_idle (idle, harness, count);
      g_usleep (SETTLE_US);
      measure_calls (harness, "W1i", peer->null, connection, idle->len);
      measure_calls (harness, "W2i", peer->echo, connection, idle->len);
    }
  peer->hang_up (connection);
}

/* W7 */
void
workloads_measure_memory (Harness *harness)
{
  const HarnessPeer *peer = harness_get_peer (harness);
  g_autoptr(GPtrArray) idle = g_ptr_array_new_with_free_func (peer->hang_up);
  gsize before, after;

  add_idle (idle, harness, 1);
  before = harness_get_server_bytes (harness);
  add_idle (idle, harness, 1 + HARNESS_CONNECTIONS);
  g_usleep (SETTLE_US);
  after = harness_get_server_bytes (harness);
  printf ("{\"peer\":\"%s\",\"transport\":\"%s\",\"workload\":\"W7\",\"n\":%u,"
          "\"rss_bytes_per_conn\":%.0f}\n",
          peer->name, harness_get_transport (harness), HARNESS_CONNECTIONS,
          ((double) after - (double) before) / HARNESS_CONNECTIONS);
  fflush (stdout);
}
