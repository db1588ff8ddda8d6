/* rmi/rmi-poll-set.c: the descriptors that the main loop polls for a node
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The events of poll() and of epoll are the same bits.
 */
#include "config.h"
#include "rmi/rmi-poll-set-private.h"

void
rmi_poll_set_init (RmiPollSet *self,
                   GSource    *source,
                   int         epoll_fd)
{
  *self = (RmiPollSet) { .source = source, .epoll_fd = epoll_fd };
}

void
rmi_poll_set_close (RmiPollSet *self)
{
  *self = (RmiPollSet) { .epoll_fd = -1 };
}

static void
poll_epoll (RmiPollSet *self)
{
  for (guint i = 0; i < self->n_watches; i++)
    g_source_remove_unix_fd (self->source, self->tags[i]);
  self->n_watches = 0;
  self->epoll_tag = g_source_add_unix_fd (self->source, self->epoll_fd, G_IO_IN);
}

void
rmi_poll_set_add (RmiPollSet *self,
                  RmiWatch   *watch)
{
  if (self->source == NULL || self->epoll_tag != NULL)
    return;

  if (self->n_watches == RMI_POLL_SET_WATCHES)
    {
      poll_epoll (self);
      return;
    }

  self->watches[self->n_watches] = watch;
  self->tags[self->n_watches++] = g_source_add_unix_fd (self->source, watch->fd, (GIOCondition) watch->events);
}

/* Its place in the arrays, or -1. */
static int
find (RmiPollSet *self,
      RmiWatch   *watch)
{
  for (guint i = 0; i < self->n_watches; i++)
    if (self->watches[i] == watch)
      return (int) i;
  return -1;
}

void
rmi_poll_set_modify (RmiPollSet *self,
                     RmiWatch   *watch)
{
  int i = find (self, watch);

  if (i >= 0)
    g_source_modify_unix_fd (self->source, self->tags[i], (GIOCondition) watch->events);
}

void
rmi_poll_set_remove (RmiPollSet *self,
                     RmiWatch   *watch)
{
  int i = find (self, watch);

  if (i < 0)
    return;

  g_source_remove_unix_fd (self->source, self->tags[i]);
  self->n_watches--;
  self->watches[i] = self->watches[self->n_watches];
  self->tags[i] = self->tags[self->n_watches];
}

gboolean
rmi_poll_set_is_ready (RmiPollSet *self)
{
  if (self->epoll_tag != NULL)
    return g_source_query_unix_fd (self->source, self->epoll_tag) != 0;

  for (guint i = 0; i < self->n_watches; i++)
    if (g_source_query_unix_fd (self->source, self->tags[i]) != 0)
      return TRUE;
  return FALSE;
}

int
rmi_poll_set_fetch (RmiPollSet         *self,
                    struct epoll_event *events,
                    int                 max_events)
{
  int n_events = 0;

  if (self->epoll_tag != NULL)
    return epoll_wait (self->epoll_fd, events, max_events, 0);

  for (guint i = 0; i < self->n_watches; i++)
    {
      guint32 found = g_source_query_unix_fd (self->source, self->tags[i]);

      if (found != 0)
        events[n_events++] = (struct epoll_event) { .events = found, .data.ptr = self->watches[i] };
    }
  return n_events;
}
