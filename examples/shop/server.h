/* examples/shop/server.h: a process with an object that others find by name
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What the three servers have in common: the command line, a node, the naming service, and running
 * until told to stop.
 */
#pragma once

#include <rmi-glib/rmi-glib.h>

typedef struct
{
  RmiNode   *node;
  RmiNaming *naming;
} Server;

/* Takes options out of the command line; one argument must be left, or none if @usage is NULL. */
Server   *server_new  (int *argc, char ***argv, const char *usage, GError **error);
void      server_free (Server *self);
/* Binds @object to @name, says so on standard output, and serves until SIGINT or SIGTERM. */
gboolean  server_run  (Server *self, const char *name, GObject *object, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Server, server_free)
