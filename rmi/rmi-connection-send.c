/* rmi/rmi-connection-send.c: messages out
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "config.h"
#include "rmi/rmi-connection-private.h"

#include "rmi/rmi-error.h"
#include "rmi/rmi-writer-internal.h"

/* It would have to close the connection, for there is no way to skip a frame. */
static gboolean
check_peer_takes (RmiConnection  *self,
                  RmiSlice        text,
                  GError        **error)
{
  if (text.length <= self->peer_frame_bytes)
    return TRUE;

  g_set_error (error, RMI_ERROR, RMI_ERROR_LIMIT,
               "Message of %" G_GSIZE_FORMAT " bytes exceeds the peer's limit of %" G_GSIZE_FORMAT " (frame_bytes)",
               text.length, self->peer_frame_bytes);
  return FALSE;
}

/* Of a call that was written before the peer was known. */
static gboolean
check_peer_knows (RmiConnection  *self,
                  RmiWriter      *writer,
                  GError        **error)
{
  if (self->peer_kind != RMI_PEER_PLAIN || !rmi_writer_has_same (writer))
    return TRUE;

  g_set_error (error, RMI_ERROR, RMI_ERROR_NOT_SUPPORTED,
               "An object is passed twice in one message, which %s turned out not to know; the next call will write it twice",
               self->uri);
  return FALSE;
}

gboolean
rmi_connection_send (RmiConnection  *self,
                     RmiWriter      *writer,
                     GError        **error)
{
  gboolean sent = FALSE;
  RmiSlice text;

  self->active_us = 0;
  if (self->stream == NULL)
    g_set_error (error, RMI_ERROR, RMI_ERROR_UNREACHABLE, "There is no connection");
  else if (rmi_writer_has_void_references (writer))
    g_set_error (error, RMI_ERROR, RMI_ERROR_UNREACHABLE, "The connection was lost before this was written to its end");
  else if (rmi_writer_finish (writer, &text, error) && check_peer_takes (self, text, error)
           && check_peer_knows (self, writer, error))
    sent = rmi_stream_send (self->stream, writer, error);
  if (sent)
    rmi_writer_take_references (writer);
  rmi_runtime_give_writer (self->runtime, writer);
  return sent;
}

/* Up to the arguments; @path (nullable) and @separator stand before the member. */
static RmiWriter *
begin_message (RmiConnection *self,
               const char    *path,
               const char    *separator,
               const char    *interface,
               const char    *member)
{
  RmiWriter *writer = rmi_runtime_take_writer (self->runtime, self->limits, &self->codec);

  rmi_writer_append (writer, "{\"jsonrpc\":\"2.0\",\"method\":\"", 27);
  if (path != NULL)
    {
      rmi_writer_append_escaped (writer, path, strlen (path));
      rmi_writer_append (writer, separator, 1);
    }
  if (interface != NULL)
    {
      rmi_writer_append_escaped (writer, interface, strlen (interface));
      rmi_writer_append (writer, ".", 1);
    }
  rmi_writer_append_escaped (writer, member, strlen (member));
  rmi_writer_append (writer, "\",\"params\":[", 12);
  return writer;
}

gboolean
rmi_connection_takes_events (RmiConnection *self)
{
  return self->stream == NULL || !rmi_stream_is_clogged (self->stream);
}

RmiWriter *
rmi_connection_begin_event (RmiConnection *self,
                            const char    *path,
                            const char    *interface,
                            const char    *member)
{
  return begin_message (self, path, "!", interface, member);
}

gboolean
rmi_connection_end_event (RmiConnection *self,
                          RmiWriter     *writer)
{
  g_autoptr(GError) error = NULL;

  rmi_writer_append (writer, "]}", 2);
  if (rmi_connection_send (self, writer, &error))
    return TRUE;

  g_debug ("An event was not sent: %s", error->message);
  return FALSE;
}

gboolean
rmi_connection_send_event_copy (RmiConnection *self,
                                RmiWriter     *writer)
{
  RmiWriter *copy;
  RmiSlice text;

  if (!rmi_writer_finish (writer, &text, NULL))
    return FALSE;

  copy = rmi_runtime_take_writer (self->runtime, self->limits, NULL);
  rmi_writer_append (copy, text.data, text.length);
  return rmi_connection_end_event (self, copy);
}

RmiWriter *
rmi_connection_begin_notification (RmiConnection *self,
                                   const char    *path,
                                   const char    *member)
{
  return begin_message (self, path, "#", NULL, member);
}

void
rmi_connection_end_notification (RmiConnection *self,
                                 RmiWriter     *writer)
{
  rmi_connection_end_event (self, writer);
}
