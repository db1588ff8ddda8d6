/* rmi/rmi-forwarder-internal.h: an exported object that stands for another peer's
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * It has no description: what is said to it is passed on as text. All calls come from the owner of the node.
 */
#pragma once

#include <glib-object.h>

#include "rmi/rmi-incoming-internal.h"

G_BEGIN_DECLS

#define RMI_TYPE_FORWARDER (rmi_forwarder_get_type ())
G_DECLARE_INTERFACE (RmiForwarder, rmi_forwarder, RMI, FORWARDER, GObject)

struct _RmiForwarderInterface
{
  GTypeInterface parent_iface;

  /* Takes a call of any member, and sees that it is answered. */
  void      (*forward)    (RmiForwarder *self, RmiIncoming *incoming);
  /* @connection subscribed, from @path: tells it the values, when they are there. As the answer to @incoming if that is a request, else
   * (it may be NULL) by the event @member. */
  void      (*subscribe)  (RmiForwarder *self, RmiConnection *connection, const char *path, const char *member, RmiIncoming *incoming);
  /* Whether anybody is subscribed at all. */
  void      (*listen)     (RmiForwarder *self, gboolean is_wanted);
  /* The stub (transfer full) that it stands for, as a @declared; NULL if there is none of that type. */
  gpointer  (*dup_target) (RmiForwarder *self, GType declared);
};

void     rmi_forwarder_forward    (RmiForwarder *self, RmiIncoming *incoming);
void     rmi_forwarder_subscribe  (RmiForwarder *self, RmiConnection *connection, const char *path, const char *member, RmiIncoming *incoming);
void     rmi_forwarder_listen     (RmiForwarder *self, gboolean is_wanted);
gpointer rmi_forwarder_dup_target (RmiForwarder *self, GType declared);

G_END_DECLS
