/* rmi/rmi-poll-set-private.h: the descriptors that a poller waits for
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A few watches are polled one by one, by the main loop and by blocking waits: one poll() then says all there is to know, and
 * a small call is a tenth cheaper than with epoll. Many would make every poll() slow: the ninth watch moves all of them, for
 * good, into an epoll descriptor, which the main loop polls in their stead. Plain data, embedded in the poller.
 */
#pragma once

#include <poll.h>
#include <sys/epoll.h>

#include "rmi/rmi-poller-internal.h"

G_BEGIN_DECLS

#define RMI_POLL_SET_WATCHES 8

typedef struct
{
  GSource       *source;                       /* NULL once closed; not owned */
  int            epoll_fd;                     /* -1 while watches are polled one by one */
  gpointer       epoll_tag;
  guint          n_watches;                    /* of those polled one by one */
  RmiWatch      *watches[RMI_POLL_SET_WATCHES];
  struct pollfd  polls[RMI_POLL_SET_WATCHES];
  gpointer       tags[RMI_POLL_SET_WATCHES];
} RmiPollSet;

/* Before @source is attached. */
void     rmi_poll_set_init     (RmiPollSet *self, GSource *source);
/* @source is going to be destroyed. */
void     rmi_poll_set_close    (RmiPollSet *self);
void     rmi_poll_set_clear    (RmiPollSet *self);
/* The watch's descriptor and events are set. */
gboolean rmi_poll_set_add      (RmiPollSet *self, RmiWatch *watch, GError **error);
/* Its events are others now. */
void     rmi_poll_set_modify   (RmiPollSet *self, RmiWatch *watch);
void     rmi_poll_set_remove   (RmiPollSet *self, RmiWatch *watch);
/* Whether the loop's last poll() found anything. */
gboolean rmi_poll_set_is_ready (RmiPollSet *self);
/* What it found, at most @max_events. */
int      rmi_poll_set_fetch    (RmiPollSet *self, struct epoll_event *events, int max_events);
/* Waits without the main loop, at most @timeout_ms (-1: for ever); what it found, or less than 1. */
int      rmi_poll_set_wait     (RmiPollSet *self, struct epoll_event *events, int max_events, int timeout_ms);

G_END_DECLS
