/* rmi/rmi-poll-set-private.h: the descriptors that the main loop polls for a node
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A few watches are polled one by one: the loop's poll() then says all there is to know, and a turn saves a look at the epoll
 * descriptor, a tenth of a small call's system time. Many would make every poll() of the loop slow: from then on it polls
 * the epoll descriptor in their stead, for good. Plain data, embedded in the poller.
 */
#pragma once

#include <sys/epoll.h>

#include "rmi/rmi-poller-internal.h"

G_BEGIN_DECLS

#define RMI_POLL_SET_WATCHES 8

typedef struct
{
  GSource   *source;                           /* NULL once closed; not owned */
  int        epoll_fd;
  gpointer   epoll_tag;                        /* NULL while watches are polled one by one */
  guint      n_watches;
  RmiWatch  *watches[RMI_POLL_SET_WATCHES];
  gpointer   tags[RMI_POLL_SET_WATCHES];
} RmiPollSet;

/* Before @source is attached. */
void     rmi_poll_set_init     (RmiPollSet *self, GSource *source, int epoll_fd);
/* @source is going to be destroyed. */
void     rmi_poll_set_close    (RmiPollSet *self);
void     rmi_poll_set_add      (RmiPollSet *self, RmiWatch *watch);
/* Its events are others now. */
void     rmi_poll_set_modify   (RmiPollSet *self, RmiWatch *watch);
void     rmi_poll_set_remove   (RmiPollSet *self, RmiWatch *watch);
/* Whether the loop's last poll() found anything. */
gboolean rmi_poll_set_is_ready (RmiPollSet *self);
/* What it found, at most @max_events. */
int      rmi_poll_set_fetch    (RmiPollSet *self, struct epoll_event *events, int max_events);

G_END_DECLS
