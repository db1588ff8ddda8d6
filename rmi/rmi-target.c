/* rmi/rmi-target.c: what the method name of a message names
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * See "Target" in doc/protocol.md.
 */
#include "config.h"
#include "rmi/rmi-error.h"
#include "rmi/rmi-message-internal.h"

#define PATH_BYTES 500
#define NODE_ID_BYTES 64

static gboolean
is_segment_char (char c)
{
  return g_ascii_isalnum (c) || c == '_' || c == '.' || c == '~' || c == '-';
}

gboolean
rmi_path_is_valid (const char *path)
{
  gsize length;

  if (path[0] != '/' || strnlen (path, PATH_BYTES + 1) > PATH_BYTES)
    return FALSE;
  if (path[1] == '\0')
    return TRUE;

  for (; *path == '/'; path += length)
    {
      path++;
      for (length = 0; is_segment_char (path[length]); length++)
        ;
      if (length == 0 || (length <= 2 && strspn (path, ".") == length))
        return FALSE;
    }
  return *path == '\0';
}

gboolean
rmi_node_id_is_valid (RmiSlice id)
{
  gsize i;

  for (i = 0; i < id.length && is_segment_char (id.data[i]) && id.data[i] != '~'; i++)
    ;
  return i == id.length && i > 0 && i <= NODE_ID_BYTES;
}

gboolean
rmi_path_is_implicit (const char *path)
{
  return g_str_has_prefix (path, "/~/");
}

static gboolean
starts_with (RmiSlice    text,
             const char *prefix)
{
  return text.length >= strlen (prefix) && memcmp (text.data, prefix, strlen (prefix)) == 0;
}

/* Where @text has its last dot, or NULL. */
static const char *
last_dot (RmiSlice text)
{
  return memrchr (text.data, '.', text.length);
}

/* Sets @prefix and @text as path. FALSE if that is none. */
static gboolean
set_path (RmiTarget  *target,
          const char *prefix,
          RmiSlice    text)
{
  if (text.length > PATH_BYTES || memchr (text.data, '\0', text.length) != NULL)
    return FALSE;
  memcpy (mempcpy (target->path, prefix, strlen (prefix)), text.data, text.length);
  target->path[strlen (prefix) + text.length] = '\0';
  return rmi_path_is_valid (target->path);
}

/* `Method`, `x.y.Iface.Method` or `rpc.get`. */
static gboolean
set_member (RmiTarget *target,
            RmiSlice   text)
{
  const char *dot = starts_with (text, "rpc.") ? NULL : last_dot (text);

  if (memchr (text.data, '#', text.length) != NULL || memchr (text.data, '!', text.length) != NULL)
    return FALSE;

  target->member = text;
  if (dot != NULL)
    {
      target->interface = (RmiSlice) { text.data, dot - text.data };
      target->member = (RmiSlice) { dot + 1, text.length - target->interface.length - 1 };
    }
  return target->member.length > 0 && (dot == NULL || target->interface.length > 0);
}

/* `bank.Deposit`, or anything else: a method of the object at "/", which will not be there. */
static void
set_attribute (RmiTarget *target,
               RmiSlice   method)
{
  const char *dot = last_dot (method);

  target->is_attribute_style = TRUE;
  if (dot != NULL && dot + 1 < method.data + method.length &&
      set_path (target, "/", (RmiSlice) { method.data, dot - method.data }))
    {
      target->member = (RmiSlice) { dot + 1, method.data + method.length - dot - 1 };
      return;
    }
  strcpy (target->path, "/");
  target->member = method;
}

/* The `#` or `!` behind the path, or NULL. */
static const char *
find_mark (RmiSlice method)
{
  gsize i;

  for (i = 0; i < method.length; i++)
    if (method.data[i] == '#' || method.data[i] == '!')
      return method.data + i;
  return NULL;
}

gboolean
rmi_target_parse (RmiTarget  *target,
                  RmiSlice    method,
                  GError    **error)
{
  const char *mark = find_mark (method);
  const char *end = method.data + method.length;

  *target = (RmiTarget) { .kind = RMI_TARGET_METHOD };

  if (starts_with (method, "$/") || starts_with (method, "rpc."))
    {
      target->kind = RMI_TARGET_SYSTEM;
      target->member = method;
      return TRUE;
    }

  if (mark == NULL && method.length > 0 && *method.data != '/')
    {
      set_attribute (target, method);
      return TRUE;
    }

  if (mark != NULL && *mark == '!')
    target->kind = RMI_TARGET_SIGNAL;
  if (mark != NULL && set_path (target, "", (RmiSlice) { method.data, mark - method.data }) &&
      set_member (target, (RmiSlice) { mark + 1, end - mark - 1 }))
    return TRUE;

  g_set_error (error, RMI_ERROR, RMI_ERROR_INVALID_REQUEST, "\"%.*s\" names no method and no signal of an object",
               (int) MIN (method.length, 128), method.data);
  return FALSE;
}
