/* rmi/rmi-message.c: one JSON-RPC message, taken apart in place
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "config.h"
#include "rmi/rmi-message-private.h"

#include "rmi/rmi-error.h"
#include "rmi/rmi-json-text-private.h"
#include "rmi/rmi-reader-internal.h"
#include "rmi/rmi-scanner-internal.h"

#define ID_BYTES 64

/* The members of the envelope, raw. */
typedef struct
{
  RmiSlice jsonrpc;
  RmiSlice id;
  RmiSlice method;
  RmiSlice params;
  RmiSlice result;
  RmiSlice error;
  RmiSlice meta;
} Envelope;

static void
note_member_cb (RmiSlice key,
                RmiSlice value,
                gpointer user_data)
{
#define MEMBER(name) { #name, sizeof (#name) - 1, G_STRUCT_OFFSET (Envelope, name) }
  static const struct { const char *name; gsize length; gsize offset; } members[] = {
    MEMBER (jsonrpc),
    MEMBER (id),
    MEMBER (method),
    MEMBER (params),
    MEMBER (result),
    MEMBER (error),
    MEMBER (meta),
  };
#undef MEMBER
  guint i;

  if (key.data == NULL)
    return;
  for (i = 0; i < G_N_ELEMENTS (members); i++)
    if (rmi_slice_equals (key, members[i].name, members[i].length))
      {
        G_STRUCT_MEMBER (RmiSlice, user_data, members[i].offset) = value;
        return;
      }
}

/* Whether the raw value @json is the literal @text. */
static gboolean
is_literal (RmiSlice    json,
            const char *text)
{
  return json.data != NULL && rmi_slice_equals (json, text, strlen (text));
}

static gboolean
is_string (RmiSlice json)
{
  return json.data != NULL && *json.data == '"';
}

static RmiSlice
inside_of (RmiSlice string)
{
  return (RmiSlice) { string.data + 1, string.length - 2 };
}

static gboolean
parse_integer (RmiSlice  json,
               gint64   *value)
{
  RmiReader reader;

  if (json.data == NULL || json.length == 0 || (*json.data != '-' && !g_ascii_isdigit (*json.data)))
    return FALSE;
  rmi_reader_init (&reader, json, NULL, NULL, RMI_ERROR_INVALID_REQUEST, "id");
  *value = rmi_reader_get_int64 (&reader);
  return rmi_reader_finish (&reader, NULL);
}

gboolean
rmi_message_is_id (RmiSlice id)
{
  gint64 ignored;

  if (is_string (id))
    return id.length - 2 <= ID_BYTES;
  return parse_integer (id, &ignored);
}

static gboolean
fail (GError     **error,
      const char  *text)
{
  g_set_error_literal (error, RMI_ERROR, RMI_ERROR_INVALID_REQUEST, text);
  return FALSE;
}

static gboolean
parse_text (RmiSlice    json,
            const char *name,
            RmiSlice   *text,
            GError    **error)
{
  if (json.data == NULL)
    return TRUE;
  if (!is_string (json) || memchr (json.data, '\\', json.length) != NULL)
    {
      g_set_error (error, RMI_ERROR, RMI_ERROR_INVALID_REQUEST, "meta.%s: expected a plain string", name);
      return FALSE;
    }
  *text = inside_of (json);
  return TRUE;
}

static gboolean
parse_meta (RmiMessage  *message,
            RmiSlice     meta,
            GError     **error)
{
  RmiSlice timeout;

  if (meta.data == NULL)
    return TRUE;
  if (*meta.data != '{')
    return fail (error, "meta: expected an object");

  timeout = rmi_json_lookup (meta, "timeout");
  if (timeout.data != NULL && (!parse_integer (timeout, &message->timeout_ms) || message->timeout_ms < 0))
    {
      message->timeout_ms = -1;
      return fail (error, "meta.timeout: expected a number of milliseconds");
    }
  return parse_text (rmi_json_lookup (meta, "chain"), "chain", &message->chain, error) &&
         parse_text (rmi_json_lookup (meta, "traceparent"), "traceparent", &message->trace, error);
}

static gboolean
parse_method (RmiMessage  *message,
              RmiSlice     method,
              GError     **error)
{
  if (!is_string (method))
    return fail (error, "method: expected a string");

  message->method = inside_of (method);
  if (memchr (method.data, '\\', method.length) != NULL)
    {
      message->owned = g_malloc (method.length);
      message->method.length = rmi_json_unescape (message->owned, message->method.data, message->method.length);
      message->method.data = message->owned;
    }
  if (message->method.length == 0 || memchr (message->method.data, '\0', message->method.length) != NULL)
    return fail (error, "method: expected a name");
  return TRUE;
}

/* Absent, null and [] are the same. */
static gboolean
parse_params (RmiMessage  *message,
              RmiSlice     params,
              GError     **error)
{
  if (params.data == NULL || *params.data == 'n')
    return TRUE;
  if (*params.data != '[' && *params.data != '{')
    return fail (error, "params: expected an array or an object");
  if (*params.data == '{' || *rmi_json_skip_space (params.data + 1, params.data + params.length) != ']')
    message->params = params;
  return TRUE;
}

static gboolean
parse_call (RmiMessage      *message,
            const Envelope  *envelope,
            GError         **error)
{
  if (envelope->result.data != NULL || envelope->error.data != NULL)
    return fail (error, "A message cannot be both a call and an answer");
  if (envelope->id.data != NULL && message->id.data == NULL)
    return fail (error, "id: expected an integer of 64 bits or a string of at most 64 bytes");
  if (!parse_method (message, envelope->method, error) ||
      !parse_params (message, envelope->params, error) ||
      !parse_meta (message, envelope->meta, error))
    return FALSE;

  message->kind = envelope->id.data != NULL ? RMI_MESSAGE_REQUEST : RMI_MESSAGE_NOTIFICATION;
  return TRUE;
}

/* Old servers send "error":null beside a result. */
static gboolean
parse_answer (RmiMessage      *message,
              const Envelope  *envelope,
              GError         **error)
{
  gboolean has_error = envelope->error.data != NULL && !is_literal (envelope->error, "null");
  gboolean has_result = envelope->result.data != NULL;

  if (has_error && has_result)
    return fail (error, "An answer cannot have both a result and an error");
  if (!has_error && !has_result)
    return fail (error, "A message has a method, a result or an error");
  if (message->id.data == NULL && !(has_error && is_literal (envelope->id, "null")))
    return fail (error, "id: an answer needs the id of its request");

  message->kind = has_error ? RMI_MESSAGE_ERROR : RMI_MESSAGE_RESULT;
  message->result = envelope->result;
  if (has_error)
    message->error = envelope->error;
  return TRUE;
}

static void
set_id (RmiMessage *message,
        RmiSlice    id)
{
  if (id.data == NULL || !rmi_message_is_id (id))
    return;
  message->id = id;
  if (!is_string (id) && (!parse_integer (id, &message->serial) || message->serial < 0))
    message->serial = 0;
}

/* What is broken and was an answer must not be answered. */
static void
set_invalid (RmiMessage *message,
             gboolean    is_answer)
{
  message->kind = RMI_MESSAGE_INVALID;
  message->is_answer = is_answer;
  if (is_answer)
    message->id = (RmiSlice) RMI_SLICE_INIT;
}

/* Not a number cut short, nor the 0 of 07. */
static gboolean
is_whole (RmiSlice value,
          RmiSlice text)
{
  const char *end = text.data + text.length;
  const char *next;

  if (value.data == NULL)
    return FALSE;
  next = rmi_json_skip_space (value.data + value.length, end);
  return next < end && (*next == ',' || *next == '}');
}

static void
recover (RmiMessage     *message,
         const Envelope *envelope,
         RmiSlice        text)
{
  RmiRecoveredMessage found;

  rmi_message_recover (text, &found);
  set_id (message, is_whole (envelope->id, text) ? envelope->id : found.id);
  set_invalid (message, found.has_answer && !found.has_method);
}

gboolean
rmi_message_parse (RmiMessage       *message,
                   RmiSlice          text,
                   const RmiLimits  *limits,
                   GError          **error)
{
  Envelope envelope = { 0 };
  const char *start = rmi_json_skip_space (text.data, text.data + text.length);
  gboolean is_valid;

  *message = (RmiMessage) { .kind = RMI_MESSAGE_INVALID, .timeout_ms = -1 };
  if (!rmi_scanner_check (text, limits, note_member_cb, &envelope, error))
    {
      recover (message, &envelope, text);
      return FALSE;
    }
  if (*start != '{')
    return fail (error, "A message is an object");

  set_id (message, envelope.id);
  if (!is_string (envelope.jsonrpc) || !rmi_json_string_equals (inside_of (envelope.jsonrpc), "2.0"))
    is_valid = fail (error, "jsonrpc: expected \"2.0\"");
  else if (envelope.method.data != NULL)
    is_valid = parse_call (message, &envelope, error);
  else
    is_valid = parse_answer (message, &envelope, error);

  if (!is_valid)
    set_invalid (message, envelope.method.data == NULL &&
                          (envelope.result.data != NULL || envelope.error.data != NULL));
  return is_valid;
}

void
rmi_message_clear (RmiMessage *message)
{
  g_clear_pointer (&message->owned, g_free);
  *message = (RmiMessage) { .kind = RMI_MESSAGE_INVALID, .timeout_ms = -1 };
}

gboolean
rmi_message_is_batch (RmiSlice text)
{
  const char *end = text.data + text.length;
  const char *start = rmi_json_skip_space (text.data, end);

  return start < end && *start == '[';
}

static void
note_element_cb (RmiSlice key,
                 RmiSlice value,
                 gpointer user_data)
{
  g_array_append_val ((GArray *) user_data, value);
}

gboolean
rmi_message_split_batch (RmiSlice          text,
                         const RmiLimits  *limits,
                         GArray           *elements,
                         GError          **error)
{
  guint n_before = elements->len;
  guint n_messages;

  if (!rmi_scanner_check (text, limits, note_element_cb, elements, error))
    {
      g_array_set_size (elements, n_before);
      return FALSE;
    }

  n_messages = elements->len - n_before;
  if (n_messages > 0 && n_messages <= limits->batch)
    return TRUE;
  g_array_set_size (elements, n_before);
  if (n_messages == 0)
    return fail (error, "A batch cannot be empty");
  g_set_error (error, RMI_ERROR, RMI_ERROR_LIMIT, "A batch of %u messages exceeds the limit of %u",
               n_messages, limits->batch);
  return FALSE;
}
