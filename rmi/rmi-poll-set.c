/* rmi/rmi-poll-set.c: the descriptors that a poller waits for
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The events of poll() and of epoll are the same bits.
 */
#include "config.h"
#include "rmi/rmi-poll-set-private.h"

#include <errno.h>
#include <unistd.h>

G_STATIC_ASSERT (EPOLLIN == POLLIN && EPOLLOUT == POLLOUT && EPOLLERR == POLLERR && EPOLLHUP == POLLHUP);

void
rmi_poll_set_init (RmiPollSet *self,
                   GSource    *source)
{
  *self = (RmiPollSet) { .source = source, .epoll_fd = -1 };
}

void
rmi_poll_set_close (RmiPollSet *self)
{
  self->source = NULL;
}

void
rmi_poll_set_clear (RmiPollSet *self)
{
  if (self->epoll_fd >= 0)
    close (self->epoll_fd);
  self->epoll_fd = -1;
}

static gboolean
control (int         epoll_fd,
         int         operation,
         RmiWatch   *watch,
         GError    **error)
{
  struct epoll_event event = { .events = watch->events, .data.ptr = watch };
  int saved_errno = 0;

  if (epoll_ctl (epoll_fd, operation, watch->fd, &event) == 0)
    return TRUE;

  saved_errno = errno;
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (saved_errno), "Cannot watch descriptor %d: %s", watch->fd,
               g_strerror (saved_errno));
  return FALSE;
}

/* Moves all watches into an epoll descriptor. */
static gboolean
begin_epoll (RmiPollSet  *self,
             GError     **error)
{
  int epoll_fd = epoll_create1 (EPOLL_CLOEXEC);
  int saved_errno = errno;

  if (epoll_fd < 0)
    {
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (saved_errno), "Cannot create an epoll descriptor: %s",
                   g_strerror (saved_errno));
      return FALSE;
    }
  for (guint i = 0; i < self->n_watches; i++)
    if (!control (epoll_fd, EPOLL_CTL_ADD, self->watches[i], error))
      {
        close (epoll_fd);
        return FALSE;
      }

  for (guint i = 0; i < self->n_watches; i++)
    g_source_remove_unix_fd (self->source, self->tags[i]);
  self->n_watches = 0;
  self->epoll_fd = epoll_fd;
  self->epoll_tag = g_source_add_unix_fd (self->source, epoll_fd, G_IO_IN);
  return TRUE;
}

gboolean
rmi_poll_set_add (RmiPollSet  *self,
                  RmiWatch    *watch,
                  GError     **error)
{
  if (self->epoll_fd < 0 && self->n_watches == RMI_POLL_SET_WATCHES && !begin_epoll (self, error))
    return FALSE;
  if (self->epoll_fd >= 0)
    return control (self->epoll_fd, EPOLL_CTL_ADD, watch, error);

  self->watches[self->n_watches] = watch;
  self->polls[self->n_watches] = (struct pollfd) { .fd = watch->fd, .events = (short) watch->events };
  self->tags[self->n_watches] = g_source_add_unix_fd (self->source, watch->fd, (GIOCondition) watch->events);
  self->n_watches++;
  return TRUE;
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

static void
change (RmiPollSet *self,
        int         operation,
        RmiWatch   *watch)
{
  g_autoptr(GError) error = NULL;

  if (!control (self->epoll_fd, operation, watch, &error))
    g_critical ("%s", error->message);
}

void
rmi_poll_set_modify (RmiPollSet *self,
                     RmiWatch   *watch)
{
  int i = find (self, watch);

  if (self->epoll_fd >= 0)
    change (self, EPOLL_CTL_MOD, watch);
  else if (i >= 0)
    {
      self->polls[i].events = (short) watch->events;
      if (self->source != NULL)
        g_source_modify_unix_fd (self->source, self->tags[i], (GIOCondition) watch->events);
    }
}

void
rmi_poll_set_remove (RmiPollSet *self,
                     RmiWatch   *watch)
{
  int i = find (self, watch);

  if (self->epoll_fd >= 0)
    change (self, EPOLL_CTL_DEL, watch);
  else if (i >= 0)
    {
      if (self->source != NULL)
        g_source_remove_unix_fd (self->source, self->tags[i]);
      self->n_watches--;
      self->watches[i] = self->watches[self->n_watches];
      self->polls[i] = self->polls[self->n_watches];
      self->tags[i] = self->tags[self->n_watches];
    }
}

gboolean
rmi_poll_set_is_ready (RmiPollSet *self)
{
  if (self->epoll_fd >= 0)
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

  if (self->epoll_fd >= 0)
    return epoll_wait (self->epoll_fd, events, max_events, 0);

  for (guint i = 0; i < self->n_watches && n_events < max_events; i++)
    {
      guint32 found = g_source_query_unix_fd (self->source, self->tags[i]);

      if (found != 0)
        events[n_events++] = (struct epoll_event) { .events = found, .data.ptr = self->watches[i] };
    }
  return n_events;
}

int
rmi_poll_set_wait (RmiPollSet         *self,
                   struct epoll_event *events,
                   int                 max_events,
                   int                 timeout_ms)
{
  int n_events = 0;

  if (self->epoll_fd >= 0)
    return epoll_wait (self->epoll_fd, events, max_events, timeout_ms);
  if (poll (self->polls, self->n_watches, timeout_ms) <= 0)
    return 0;

  for (guint i = 0; i < self->n_watches && n_events < max_events; i++)
    if (self->polls[i].revents != 0)
      events[n_events++] = (struct epoll_event) { .events = (guint16) self->polls[i].revents, .data.ptr = self->watches[i] };
  return n_events;
}
