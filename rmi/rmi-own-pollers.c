/* rmi/rmi-own-pollers.c: the pollers that a thread owns
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Who owns a context changes without a word, so all open pollers of the process are listed, and asked. Only threads that wait for
 * somebody else's poller look: the lock is none of the way of a call.
 */
#include "config.h"
#include "rmi/rmi-own-pollers-private.h"

static GMutex lock;
static GSList *pollers;

void
rmi_own_pollers_add (RmiPoller *poller)
{
  g_mutex_lock (&lock);
  pollers = g_slist_prepend (pollers, poller);
  g_mutex_unlock (&lock);
}

void
rmi_own_pollers_remove (RmiPoller *poller)
{
  g_mutex_lock (&lock);
  pollers = g_slist_remove (pollers, poller);
  g_mutex_unlock (&lock);
}

GPtrArray *
rmi_own_pollers_list (void)
{
  GPtrArray *own = g_ptr_array_new_with_free_func ((GDestroyNotify) rmi_poller_unref);

  g_mutex_lock (&lock);
  for (GSList *link = pollers; link != NULL; link = link->next)
    if (rmi_poller_is_owner (link->data))
      g_ptr_array_add (own, rmi_poller_ref (link->data));
  g_mutex_unlock (&lock);
  return own;
}
