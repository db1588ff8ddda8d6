/* tests/chaos/chaos-link.c: one connection through the relay, and what is done to it
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "config.h"
#include "tests/chaos/chaos-link.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define READ_BYTES 16384
#define QUEUE_BYTES (256 * 1024)       /* then whoever writes has to wait, as without a relay */

static const char header[] = "Content-Length:";

typedef struct
{
  gint64 due;                          /* monotonic time */
  gsize  size;
  gsize  done;
  guint8 bytes[];
} Chunk;

/* One way. */
typedef struct
{
  GQueue   chunks;
  gsize    queued;
  gsize    matched;                    /* bytes of a message's header */
  gboolean is_read_out;                /* there comes no more */
  gboolean is_shut;                    /* and who reads was told */
} Flow;

struct _ChaosLink
{
  int      ends[2];                    /* near, far; -1 when closed */
  Flow     flows[N_CHAOS_WAYS];
  gboolean is_mute;
};

static void
close_end (int *fd)
{
  if (*fd >= 0)
    close (*fd);
  *fd = -1;
}

ChaosLink *
chaos_link_new (int near,
                int far)
{
  ChaosLink *self = g_new0 (ChaosLink, 1);

  self->ends[0] = near;
  self->ends[1] = far;
  for (guint i = 0; i < 2; i++)
    fcntl (self->ends[i], F_SETFL, fcntl (self->ends[i], F_GETFL) | O_NONBLOCK);
  return self;
}

void
chaos_link_free (ChaosLink *self)
{
  for (guint i = 0; i < 2; i++)
    {
      g_queue_clear_full (&self->flows[i].chunks, g_free);
      close_end (&self->ends[i]);
    }
  g_free (self);
}

void
chaos_link_reset (ChaosLink *self)
{
  const struct linger at_once = { 1, 0 };

  for (guint i = 0; i < 2; i++)
    if (self->ends[i] >= 0)
      setsockopt (self->ends[i], SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
}

void
chaos_link_mute (ChaosLink *self)
{
  self->is_mute = TRUE;
}

gboolean
chaos_link_is_mute (ChaosLink *self)
{
  return self->is_mute;
}

void
chaos_link_orphan (ChaosLink *self,
                   ChaosWay   way)
{
  chaos_link_mute (self);
  close_end (&self->ends[way == CHAOS_UP ? 1 : 0]);
}

/* ---- waiting ---- */

int
chaos_link_poll (ChaosLink          *self,
                 const ChaosWeather *weather,
                 struct pollfd       polls[2])
{
  gint64 now = g_get_monotonic_time ();
  gint64 wait = -1;

  for (guint i = 0; i < 2; i++)
    polls[i] = (struct pollfd) { self->ends[i], 0, 0 };
  for (guint way = 0; way < N_CHAOS_WAYS; way++)
    {
      const Flow *flow = &self->flows[way];
      const Chunk *first = g_queue_peek_head ((GQueue *) &flow->chunks);

      if (!flow->is_read_out && (self->is_mute || (!weather->is_stalled[way] && flow->queued < QUEUE_BYTES)))
        polls[way].events |= POLLIN;
      if (first == NULL || self->is_mute || weather->is_stalled[way])
        continue;
      if (first->due <= now)
        polls[1 - way].events |= POLLOUT;
      else
        wait = wait < 0 ? first->due - now : MIN (wait, first->due - now);
    }
  /* poll() tells of a hang-up even if nobody asks. */
  for (guint i = 0; i < 2; i++)
    if (polls[i].events == 0)
      polls[i].fd = -1;
  return wait < 0 ? -1 : (int) (wait / 1000) + 1;
}

/* ---- running ---- */

static gboolean
read_some (ChaosLink          *self,
           ChaosWay            way,
           const ChaosWeather *weather)
{
  Flow *flow = &self->flows[way];
  guint8 buffer[READ_BYTES];
  gssize n = read (self->ends[way], buffer, sizeof buffer);
  Chunk *chunk;

  if (n < 0 && (errno == EAGAIN || errno == EINTR))
    return TRUE;
  if (self->is_mute && n <= 0)
    close_end (&self->ends[way]);
  if (self->is_mute)
    return self->ends[0] >= 0 || self->ends[1] >= 0;
  if (n == 0)
    flow->is_read_out = TRUE;
  if (n <= 0)
    return n == 0;

  chunk = g_malloc (sizeof (Chunk) + n);
  *chunk = (Chunk) { g_get_monotonic_time () + weather->delay_ms * G_GINT64_CONSTANT (1000), n, 0 };
  memcpy (chunk->bytes, buffer, n);
  g_queue_push_tail (&flow->chunks, chunk);
  flow->queued += n;
  return TRUE;
}

static void
count (Flow         *flow,
       ChaosWay      way,
       ChaosWeather *weather,
       const guint8 *bytes,
       gsize         n)
{
  weather->bytes[way] += n;
  if (weather->cut[way] >= 0)
    weather->cut[way] -= n;
  for (gsize i = 0; i < n; i++)
    {
      flow->matched = bytes[i] == header[flow->matched] ? flow->matched + 1 : bytes[i] == header[0];
      if (header[flow->matched] != '\0')
        continue;
      flow->matched = 0;
      weather->messages[way]++;
    }
}

/* Ends the link, as one does who says goodbye, and only once: FALSE. */
static gboolean
cut_here (ChaosLink    *self,
          ChaosWay      way,
          ChaosWeather *weather)
{
  weather->cut[way] = -1;
  for (guint i = 0; i < 2; i++)
    shutdown (self->ends[i], SHUT_WR);
  return FALSE;
}

static gboolean
write_some (ChaosLink    *self,
            ChaosWay      way,
            ChaosWeather *weather)
{
  Flow *flow = &self->flows[way];
  Chunk *chunk = g_queue_peek_head (&flow->chunks);
  gsize wanted = chunk->size - chunk->done;
  gssize n;

  if (weather->cut[way] == 0)
    return cut_here (self, way, weather);
  if (weather->chop > 0)
    wanted = MIN (wanted, weather->chop);
  if (weather->cut[way] > 0)
    wanted = MIN (wanted, (gsize) weather->cut[way]);

  n = send (self->ends[1 - way], chunk->bytes + chunk->done, wanted, MSG_NOSIGNAL);
  if (n < 0)
    return errno == EAGAIN || errno == EINTR;

  count (flow, way, weather, chunk->bytes + chunk->done, n);
  chunk->done += n;
  flow->queued -= n;
  if (chunk->done == chunk->size)
    g_free (g_queue_pop_head (&flow->chunks));
  return TRUE;
}

/* The end of one way is passed on when all before it has arrived. */
static void
pass_end (ChaosLink *self,
          ChaosWay   way)
{
  Flow *flow = &self->flows[way];

  if (!flow->is_read_out || flow->is_shut || flow->chunks.length > 0)
    return;
  shutdown (self->ends[1 - way], SHUT_WR);
  flow->is_shut = TRUE;
}

gboolean
chaos_link_run (ChaosLink           *self,
                ChaosWeather        *weather,
                const struct pollfd  polls[2])
{
  for (guint way = 0; way < N_CHAOS_WAYS; way++)
    {
      const short in = polls[way].revents;
      const short out = polls[1 - way].revents;
      const gboolean wants_out = (polls[1 - way].events & POLLOUT) != 0 && self->flows[way].chunks.length > 0;

      if ((in & (POLLIN | POLLHUP | POLLERR)) != 0 && (polls[way].events & POLLIN) != 0
          && !read_some (self, way, weather))
        {
          chaos_link_reset (self);
          return FALSE;
        }
      if (self->is_mute)
        continue;
      if (wants_out && (out & (POLLOUT | POLLHUP | POLLERR)) != 0 && !write_some (self, way, weather))
        return FALSE;
      pass_end (self, way);
    }
  return !self->flows[CHAOS_UP].is_shut || !self->flows[CHAOS_DOWN].is_shut;
}
