/* tests/scenarios-peer.c: the other program of the scenarios
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * usage: scenarios-peer URI [path=PATH] [lease-unit-us=NUMBER] [LIMIT=NUMBER…]: exports a party at /party, prints where, and
 * serves until it is killed, or the program that started it is gone. One thread. What is logged as a warning is noted as
 * "warned", too.
 *        scenarios-peer say URI TEXT [unref|close|flush|kill]: notes TEXT at the party at URI, and ends at once, in that way.
 */
#include "config.h"
#include "tests/scenarios-guest.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "node/rmi-node-private.h"

static void
allow_many_files (void)
{
  struct rlimit limit;

  getrlimit (RLIMIT_NOFILE, &limit);
  limit.rlim_cur = MIN (limit.rlim_max, 4096);
  setrlimit (RLIMIT_NOFILE, &limit);
}

static void
apply (RmiNode     *node,
       const char  *setting,
       char       **path)
{
  g_auto(GStrv) parts = g_strsplit (setting, "=", 2);

  if (g_str_equal (parts[0], "path"))
    *path = g_strdup (parts[1]);
  else if (g_str_equal (parts[0], "lease-unit-us"))
    rmi_node_set_lease_unit (node, g_ascii_strtoll (parts[1], NULL, 10));
  else
    g_object_set (node, parts[0], g_ascii_strtoull (parts[1], NULL, 10), NULL);
}

static gboolean
note_warning_cb (gpointer user_data)
{
  guest_note (user_data, "warned");
  return G_SOURCE_REMOVE;
}

/* Any thread. */
static GLogWriterOutput
log_writer (GLogLevelFlags   level,
            const GLogField *fields,
            gsize            n_fields,
            gpointer         user_data)
{
  if ((level & (G_LOG_LEVEL_WARNING | G_LOG_LEVEL_CRITICAL)) != 0)
    g_idle_add_full (G_PRIORITY_HIGH, note_warning_cb, user_data, NULL);
  return g_log_writer_default (level, fields, n_fields, user_data);
}

static gboolean
serve (int      argc,
       char    *argv[],
       GError **error)
{
  g_autoptr(GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr(RmiNode) node = rmi_node_new ();
  g_autoptr(Guest) guest = guest_new (node);
  g_autofree char *path = NULL;
  g_autofree char *uri = NULL;

  prctl (PR_SET_PDEATHSIG, SIGKILL);
  allow_many_files ();
  g_log_set_writer_func (log_writer, guest, NULL);
  for (int i = 2; i < argc; i++)
    apply (node, argv[i], &path);
  uri = rmi_node_listen (node, argv[1], NULL, error);
  if (uri == NULL || !rmi_node_export (node, path != NULL ? path : "/party", G_OBJECT (guest), error))
    return FALSE;

  g_print ("%s\n", uri);
  g_main_loop_run (loop);
  return TRUE;
}

static void
end (RmiNode    *node,
     const char *how)
{
  if (g_strcmp0 (how, "close") == 0)
    rmi_node_close (node);
  else if (g_strcmp0 (how, "flush") == 0)
    rmi_node_flush (node);
  else if (g_strcmp0 (how, "kill") == 0)
    kill (getpid (), SIGKILL);
  else
    return;
  _exit (0);
}

static gboolean
say (const char  *uri,
     const char  *text,
     const char  *how,
     GError     **error)
{
  g_autoptr(RmiNode) node = rmi_node_new ();
  g_autoptr(ScenarioParty) party = rmi_node_get_object (node, uri, SCENARIO_TYPE_PARTY, NULL, error);

  if (party == NULL || !scenario_party_note (party, text, NULL, error))
    return FALSE;
  end (node, how);
  return TRUE;
}

int
main (int   argc,
      char *argv[])
{
  g_autoptr(GError) error = NULL;
  gboolean is_speaker = g_str_equal (argv[1], "say");

  if (is_speaker ? say (argv[2], argv[3], argv[4], &error) : serve (argc, argv, &error))
    return 0;

  g_printerr ("%s\n", error->message);
  return 1;
}
