/* tools/grmi/grmi-monitor.c: grmi monitor
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Subscribes to objects, or to the registry, and prints a line for each event until it is
 * interrupted or the connection is lost.
 */
#include "config.h"
#include "tools/grmi/grmi-commands.h"

#include "tools/grmi/grmi-output.h"

#include <glib-unix.h>

typedef struct
{
  GrmiSession *session;
  GMainLoop   *loop;
  GPtrArray   *watches;
  GError      *error;
} Monitor;

typedef struct
{
  Monitor    *monitor;
  const char *target;           /* NULL: the registry */
  RmiStub    *stub;
} Watch;

static void
watch_free (gpointer data)
{
  Watch *watch = data;

  g_signal_handlers_disconnect_by_data (watch->stub, watch);
  g_signal_handlers_disconnect_by_data (rmi_stub_get_connection (watch->stub), watch);
  g_object_unref (watch->stub);
  g_free (watch);
}

/* ---- events ---- */

/* JsonNode to text again: values that came out of the library's own reader. */
static char *
node_to_text (JsonNode *node)
{
  g_autoptr(RmiWriter) writer = rmi_writer_new (NULL, NULL);
  RmiSlice text;

  rmi_writer_add_json (writer, node);
  return rmi_writer_finish (writer, &text, NULL) ? g_strndup (text.data, text.length) :
                                                   g_strdup ("null");
}

static void
append_json_event (GString    *out,
                   const char *target,
                   const char *member,
                   RmiSlice    arguments)
{
  g_autoptr(RmiWriter) writer = rmi_writer_new (NULL, NULL);
  RmiSlice text;

  rmi_writer_begin_object (writer);
  rmi_writer_add_member (writer, "target");
  rmi_writer_add_string (writer, target);
  rmi_writer_add_member (writer, "event");
  rmi_writer_add_string (writer, member);
  rmi_writer_add_member (writer, "arguments");
  rmi_writer_add_raw (writer, arguments.data, arguments.length);
  rmi_writer_end_object (writer);
  if (rmi_writer_finish (writer, &text, NULL))
    grmi_append_json (out, text);
}

/* "StockChanged ("a-1", 5)" */
static void
append_event (GString    *out,
              const char *target,
              const char *member,
              RmiSlice    arguments)
{
  rmi_text_append_shown (out, target, strlen (target));
  g_string_append (out, "  ");
  rmi_text_append_shown (out, member, strlen (member));
  g_string_append_c (out, ' ');
  grmi_append_pretty (out, arguments, 0);
}

/* Without its interface. */
static const char *
get_simple_name (const char *member)
{
  const char *dot = strrchr (member, '.');

  return dot != NULL ? dot + 1 : member;
}

/* "+ shop/warehouse", "- shop/warehouse" */
static void
append_name_change (GString    *out,
                    const char *member,
                    RmiSlice    arguments)
{
  RmiReader reader;
  g_autofree char *name = NULL;

  rmi_reader_init (&reader, arguments, NULL, NULL, RMI_ERROR_BAD_REPLY, "arguments");
  rmi_reader_begin_array (&reader);
  if (rmi_reader_next_element (&reader))
    name = rmi_reader_get_string (&reader);
  rmi_reader_finish (&reader, NULL);
  g_string_append (out, g_str_equal (get_simple_name (member), "Bound") ? "+ " : "- ");
  rmi_text_append_shown (out, name != NULL ? name : "", name != NULL ? strlen (name) : 0);
}

static void
event_cb (RmiStub    *stub,
          const char *member,
          JsonNode   *arguments,
          gpointer    user_data)
{
  Watch *watch = user_data;
  g_autoptr(GString) out = g_string_new (NULL);
  g_autofree char *text = node_to_text (arguments);
  RmiSlice slice = { text, strlen (text) };

  if (watch->monitor->session->json)
    append_json_event (out, watch->target != NULL ? watch->target : "", member, slice);
  else if (watch->target != NULL)
    append_event (out, watch->target, member, slice);
  else
    append_name_change (out, member, slice);
  g_string_append_c (out, '\n');
  grmi_flush (out);
}

static void
changed_cb (RmiStub  *stub,
            JsonNode *properties,
            gpointer  user_data)
{
  event_cb (stub, "rpc.changed", properties, user_data);
}

static void
gap_cb (RmiStub  *stub,
        gpointer  user_data)
{
  Watch *watch = user_data;

  g_printerr ("grmi: %s: some signals were lost\n",
              watch->target != NULL ? watch->target : "registry");
}

static void
closed_cb (RmiConnection *connection,
           const GError  *error,
           gpointer       user_data)
{
  Watch *watch = user_data;
  Monitor *monitor = watch->monitor;

  if (monitor->error == NULL)
    monitor->error =
        g_error_new (GRMI_ERROR, GRMI_EXIT_UNREACHABLE, "%s: the connection is lost%s%s",
                     watch->target != NULL ? watch->target : "registry", error != NULL ? ": " : "",
                     error != NULL ? error->message : "");
  g_main_loop_quit (monitor->loop);
}

/* ---- the command ---- */

static gboolean
subscribe (Watch   *watch,
           GError **error)
{
  g_autoptr(RmiCall) call =
      grmi_session_begin_call (watch->monitor->session, watch->stub, NULL, "rpc.subscribe");
  RmiSlice values;

  g_signal_connect (watch->stub, "rmi-event", G_CALLBACK (event_cb), watch);
  g_signal_connect (watch->stub, "rmi-changed", G_CALLBACK (changed_cb), watch);
  g_signal_connect (watch->stub, "rmi-gap", G_CALLBACK (gap_cb), watch);
  g_signal_connect (rmi_stub_get_connection (watch->stub), "closed", G_CALLBACK (closed_cb), watch);
  return grmi_session_run_call (watch->monitor->session, call, &values, error);
}

static gboolean
add_watch (Monitor    *monitor,
           const char *target,
           GError    **error)
{
  RmiStub *stub = target != NULL ? grmi_session_get_stub (monitor->session, target, error)
                                 : grmi_session_get_registry (monitor->session, error);
  Watch *watch;

  if (stub == NULL)
    return FALSE;
  watch = g_new0 (Watch, 1);
  watch->monitor = monitor;
  watch->target = target;
  watch->stub = stub;
  g_ptr_array_add (monitor->watches, watch);
  return subscribe (watch, error);
}

static gboolean
stop_cb (gpointer user_data)
{
  Monitor *monitor = user_data;

  g_main_loop_quit (monitor->loop);
  return G_SOURCE_CONTINUE;
}

static gboolean
run_loop (Monitor *monitor,
          GError **error)
{
  guint on_term = g_unix_signal_add (SIGTERM, stop_cb, monitor);
  guint on_interrupt = g_unix_signal_add (SIGINT, stop_cb, monitor);

  if (monitor->error == NULL)
    {
      g_printerr ("Monitoring; Ctrl+C ends it\n");
      g_main_loop_run (monitor->loop);
    }
  g_source_remove (on_term);
  g_source_remove (on_interrupt);
  if (monitor->error == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&monitor->error));
  return FALSE;
}

static gboolean
run_monitor (GrmiSession       *session,
             const char *const *arguments,
             GError           **error)
{
  g_autoptr(GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr(GPtrArray) watches = g_ptr_array_new_with_free_func (watch_free);
  Monitor monitor = { session, loop, watches, NULL };
  gboolean is_watching = TRUE;

  if (arguments[0] == NULL)
    is_watching = add_watch (&monitor, NULL, error);
  for (guint i = 0; arguments[i] != NULL && is_watching; i++)
    is_watching = add_watch (&monitor, arguments[i], error);
  if (is_watching)
    is_watching = run_loop (&monitor, error);
  g_clear_error (&monitor.error);
  return is_watching;
}

const GrmiCommand grmi_monitor_command = {
  .name = "monitor",
  .usage = "[TARGET…]",
  .summary = "print the signals of objects; of the registry, if none is named",
  .n_min = 0,
  .n_max = G_MAXUINT,
  .run = run_monitor,
};
