/* rmi/rmi-error.c: what went wrong, and whether the call ran
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Applications' error domains are registered process-wide, by the generated code of each interface,
 * in whatever thread meets it first: hence the lock.
 */
#include "config.h"
#include "rmi/rmi-error-internal.h"

#include "rmi/rmi-text-internal.h"

typedef struct
{
  char  *domain;
  char  *name;
  int    code;
  guint  retry_after_ms;
  gboolean is_received;      /* a peer's, about a call that this process made */
} RmiErrorPrivate;

static void
rmi_error_private_init (RmiErrorPrivate *priv)
{
}

static void
rmi_error_private_copy (const RmiErrorPrivate *from,
                        RmiErrorPrivate       *to)
{
  to->domain = g_strdup (from->domain);
  to->name = g_strdup (from->name);
  to->code = from->code;
  to->retry_after_ms = from->retry_after_ms;
  to->is_received = from->is_received;
}

static void
rmi_error_private_clear (RmiErrorPrivate *priv)
{
  g_free (priv->domain);
  g_free (priv->name);
}

/**
 * rmi_error_quark:
 *
 * Returns: the domain of #RmiError
 *
 * Since: 1.0
 */
G_DEFINE_EXTENDED_ERROR (RmiError, rmi_error)

#define JSON_RPC_INTERNAL (-32603)
#define JSON_RPC_REMOTE   (-32000)

typedef struct
{
  int         json_rpc;
  RmiRan      ran;
  const char *text;      /* if the peer says nothing itself */
} Meaning;

static const Meaning meanings[] = {
  [RMI_ERROR_PARSE] = { -32700, RMI_RAN_NO, "The message is not valid JSON" },
  [RMI_ERROR_INVALID_REQUEST] = { -32600, RMI_RAN_NO, "The message is not a valid request" },
  [RMI_ERROR_NO_SUCH_METHOD] = { -32601, RMI_RAN_NO, "There is no such method" },
  [RMI_ERROR_INVALID_ARGUMENTS] = { -32602, RMI_RAN_NO, "The arguments do not fit the method" },
  [RMI_ERROR_INTERNAL] = { JSON_RPC_INTERNAL, RMI_RAN_MAYBE, "The method failed without saying why" },
  [RMI_ERROR_REMOTE] = { JSON_RPC_REMOTE, RMI_RAN_YES, "The method failed" },
  [RMI_ERROR_NO_SUCH_OBJECT] = { -32001, RMI_RAN_NO, "There is no such object" },
  [RMI_ERROR_ACCESS_DENIED] = { -32002, RMI_RAN_NO, "Access denied" },
  [RMI_ERROR_UNAUTHENTICATED] = { -32003, RMI_RAN_NO, "The peer must say who it is first" },
  [RMI_ERROR_CANCELLED] = { -32004, RMI_RAN_MAYBE, "The call was cancelled" },
  [RMI_ERROR_TIMED_OUT] = { -32005, RMI_RAN_MAYBE, "The call timed out" },
  [RMI_ERROR_LIMIT] = { -32006, RMI_RAN_NO, "A limit was reached" },
  [RMI_ERROR_CLOSING] = { -32007, RMI_RAN_NO, "The peer is going away" },
  [RMI_ERROR_TYPE_NOT_ALLOWED] = { -32008, RMI_RAN_NO, "A type is not accepted here" },
  [RMI_ERROR_BAD_REPLY] = { -32009, RMI_RAN_YES, "The result could not be passed" },
  [RMI_ERROR_UNREACHABLE] = { -32010, RMI_RAN_NO, "The peer cannot be reached" },
  [RMI_ERROR_TLS] = { JSON_RPC_INTERNAL, RMI_RAN_NO, "The TLS handshake failed" },
  [RMI_ERROR_INSECURE] = { JSON_RPC_INTERNAL, RMI_RAN_NO, "The transport would not be safe" },
  [RMI_ERROR_NOT_SUPPORTED] = { JSON_RPC_INTERNAL, RMI_RAN_NO, "This is not supported" },
  [RMI_ERROR_DISCONNECTED] = { -32011, RMI_RAN_MAYBE, "The connection was lost" },
  [RMI_ERROR_PROTOCOL] = { JSON_RPC_INTERNAL, RMI_RAN_MAYBE, "The peer broke the protocol" },
};

/* An application's error domain. */
typedef struct
{
  GQuark        quark;
  const char   *wire_name;   /* interned, as all names are: they outlive the lock */
  RmiErrorName *names;
  guint         n_names;
} Domain;

G_LOCK_DEFINE_STATIC (domains);
static GPtrArray *domains;

static void
domain_free (Domain *domain)
{
  g_free (domain->names);
  g_free (domain);
}

/**
 * rmi_error_register_domain:
 * @domain: an error domain
 * @wire_domain: its name on the wire, the namespace of the interface
 * @names: (array length=n_names): its errors
 * @n_names: how many
 *
 * Lets errors of @domain cross the wire as themselves. Registering a domain again replaces what was
 * said. Generated code calls this.
 *
 * Since: 1.0
 */
void
rmi_error_register_domain (GQuark              domain,
                           const char         *wire_domain,
                           const RmiErrorName *names,
                           guint               n_names)
{
  Domain *entry;
  guint i;

  g_return_if_fail (domain != 0);
  g_return_if_fail (wire_domain != NULL);
  g_return_if_fail (names != NULL || n_names == 0);

  entry = g_new0 (Domain, 1);
  entry->quark = domain;
  entry->wire_name = g_intern_string (wire_domain);
  entry->names = g_new (RmiErrorName, n_names);
  entry->n_names = n_names;
  for (i = 0; i < n_names; i++)
    entry->names[i] = (RmiErrorName) { names[i].code, g_intern_string (names[i].name) };

  G_LOCK (domains);
  if (domains == NULL)
    domains = g_ptr_array_new_with_free_func ((GDestroyNotify) domain_free);
  for (i = domains->len; i-- > 0;)
    if (((Domain *) g_ptr_array_index (domains, i))->quark == domain)
      g_ptr_array_remove_index (domains, i);
  g_ptr_array_add (domains, entry);
  G_UNLOCK (domains);
}

/* The names that an error of a registered domain has on the wire; FALSE if it has none. */
static gboolean
find_wire_names (const GError  *error,
                 const char   **wire_domain,
                 const char   **name)
{
  gboolean found = FALSE;
  guint i, j;

  G_LOCK (domains);
  for (i = 0; domains != NULL && i < domains->len && !found; i++)
    {
      const Domain *domain = g_ptr_array_index (domains, i);

      if (domain->quark != error->domain)
        continue;
      found = TRUE;
      *wire_domain = domain->wire_name;
      for (j = 0; j < domain->n_names; j++)
        if (domain->names[j].code == error->code)
          *name = domain->names[j].name;
    }
  G_UNLOCK (domains);
  return found;
}

static gboolean
find_local_code (const char *wire_domain,
                 const char *name,
                 GQuark     *quark,
                 int        *code)
{
  gboolean found = FALSE;
  guint i, j;

  G_LOCK (domains);
  for (i = domains != NULL ? domains->len : 0; i-- > 0 && !found;)
    {
      const Domain *domain = g_ptr_array_index (domains, i);

      if (!g_str_equal (domain->wire_name, wire_domain))
        continue;
      for (j = 0; j < domain->n_names && !found; j++)
        {
          found = g_str_equal (domain->names[j].name, name);
          *quark = domain->quark;
          *code = domain->names[j].code;
        }
    }
  G_UNLOCK (domains);
  return found;
}

/**
 * rmi_error_get_ran:
 * @error: why a call failed
 *
 * Returns: whether the call ran, as far as @error tells. Errors of other domains come from the
 * method itself
 *
 * Since: 1.0
 */
RmiRan
rmi_error_get_ran (const GError *error)
{
  g_return_val_if_fail (error != NULL, RMI_RAN_MAYBE);

  if (error->domain == RMI_ERROR && (guint) error->code < G_N_ELEMENTS (meanings))
    return meanings[error->code].ran;
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return RMI_RAN_MAYBE;
  return RMI_RAN_YES;
}

/**
 * rmi_error_get_remote_domain:
 * @error: any error
 *
 * Returns: (nullable): of a %RMI_ERROR_REMOTE, the name of its domain on the wire
 *
 * Since: 1.0
 */
const char *
rmi_error_get_remote_domain (const GError *error)
{
  g_return_val_if_fail (error != NULL, NULL);

  return error->domain == RMI_ERROR ? rmi_error_get_private (error)->domain : NULL;
}

/**
 * rmi_error_get_remote_name:
 * @error: any error
 *
 * Returns: (nullable): of a %RMI_ERROR_REMOTE, the name of the error in its domain
 *
 * Since: 1.0
 */
const char *
rmi_error_get_remote_name (const GError *error)
{
  g_return_val_if_fail (error != NULL, NULL);

  return error->domain == RMI_ERROR ? rmi_error_get_private (error)->name : NULL;
}

/**
 * rmi_error_get_remote_code:
 * @error: any error
 *
 * Returns: of a %RMI_ERROR_REMOTE, its number in its domain, or a JSON-RPC code that means nothing
 * here; 0 if none
 *
 * Since: 1.0
 */
int
rmi_error_get_remote_code (const GError *error)
{
  g_return_val_if_fail (error != NULL, 0);

  return error->domain == RMI_ERROR ? rmi_error_get_private (error)->code : 0;
}

/**
 * rmi_error_get_retry_after:
 * @error: any error
 *
 * Returns: of a %RMI_ERROR_LIMIT, the milliseconds to wait; 0 if not said
 *
 * Since: 1.0
 */
guint
rmi_error_get_retry_after (const GError *error)
{
  g_return_val_if_fail (error != NULL, 0);

  return error->domain == RMI_ERROR ? rmi_error_get_private (error)->retry_after_ms : 0;
}

int
rmi_error_to_json_rpc (RmiError code)
{
  return (guint) code < G_N_ELEMENTS (meanings) ? meanings[code].json_rpc : JSON_RPC_INTERNAL;
}

GError *
rmi_error_new_limit (guint       retry_after_ms,
                     const char *format,
                     ...)
{
  va_list arguments;
  GError *error;

  va_start (arguments, format);
  error = g_error_new_valist (RMI_ERROR, RMI_ERROR_LIMIT, format, arguments);
  va_end (arguments);
  rmi_error_get_private (error)->retry_after_ms = retry_after_ms;
  return error;
}

static void
write_text (RmiWriter  *writer,
            const char *name,
            const char *text)
{
  g_autofree char *valid = text != NULL ? g_utf8_make_valid (text, -1) : NULL;

  if (valid == NULL)
    return;
  rmi_writer_add_member (writer, name);
  rmi_writer_add_string (writer, valid);
}

static void
write_number (RmiWriter  *writer,
              const char *name,
              gint64      number)
{
  if (number == 0)
    return;
  rmi_writer_add_member (writer, name);
  rmi_writer_add_int64 (writer, number);
}

void
rmi_error_write (const GError *error,
                 RmiWriter    *writer)
{
  int json_rpc = JSON_RPC_REMOTE;
  const char *domain = NULL, *name = NULL;
  int code = error->code;
  guint retry_after = 0;

  if (error->domain == RMI_ERROR)
    {
      json_rpc = rmi_error_to_json_rpc (error->code);
      domain = rmi_error_get_remote_domain (error);
      name = rmi_error_get_remote_name (error);
      code = rmi_error_get_remote_code (error);
      retry_after = rmi_error_get_retry_after (error);
    }
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      json_rpc = rmi_error_to_json_rpc (RMI_ERROR_CANCELLED);
      code = 0;
    }
  else if (!find_wire_names (error, &domain, &name))
    domain = g_quark_to_string (error->domain);

  rmi_writer_begin_object (writer);
  rmi_writer_add_member (writer, "code");
  rmi_writer_add_int32 (writer, json_rpc);
  write_text (writer, "message", error->message != NULL ? error->message : "");
  if (domain != NULL || name != NULL || code != 0 || retry_after != 0)
    {
      rmi_writer_add_member (writer, "data");
      rmi_writer_begin_object (writer);
      write_text (writer, "domain", domain);
      write_text (writer, "name", name);
      write_number (writer, "code", code);
      write_number (writer, "retry_after", retry_after);
      rmi_writer_end_object (writer);
    }
  rmi_writer_end_object (writer);
}

/* The text at @json, or NULL if it is no string. */
static char *
text_of (RmiSlice json)
{
  RmiReader reader;
  char *text;

  rmi_reader_init (&reader, json, NULL, NULL, RMI_ERROR_BAD_REPLY, "error");
  text = rmi_reader_get_string (&reader);
  rmi_reader_finish (&reader, NULL);
  return text;
}

/* The integer at @json, or 0 if it is none or not in an int. */
static int
number_of (RmiSlice json)
{
  RmiReader reader;
  int number;

  rmi_reader_init (&reader, json, NULL, NULL, RMI_ERROR_BAD_REPLY, "error");
  number = rmi_reader_get_int32 (&reader);
  rmi_reader_finish (&reader, NULL);
  return number;
}

static RmiError
from_json_rpc (int json_rpc)
{
  guint code;

  for (code = 0; code < G_N_ELEMENTS (meanings); code++)
    if (meanings[code].json_rpc == json_rpc)
      return code;
  return RMI_ERROR_REMOTE;
}

GError *
rmi_error_read (RmiReader *reader)
{
  g_autofree char *message = NULL;
  g_autofree char *domain = NULL;
  g_autofree char *name = NULL;
  RmiErrorPrivate *priv;
  RmiSlice text, data;
  int json_rpc, local_code;
  RmiError code;
  GQuark quark;
  GError *error;

  rmi_reader_peek (reader);
  text.data = reader->cursor;
  rmi_reader_skip (reader);
  text.length = reader->cursor - text.data;

  data = rmi_json_lookup (text, "data");
  json_rpc = number_of (rmi_json_lookup (text, "code"));
  message = text_of (rmi_json_lookup (text, "message"));
  domain = text_of (rmi_json_lookup (data, "domain"));
  name = text_of (rmi_json_lookup (data, "name"));
  code = from_json_rpc (json_rpc);
  if (message == NULL)
    message = text_of (text);
  if (message == NULL)
    message = g_strdup (meanings[code].text);
  rmi_text_show (&message);

  if (code == RMI_ERROR_REMOTE && domain != NULL && name != NULL &&
      find_local_code (domain, name, &quark, &local_code))
    return g_error_new_literal (quark, local_code, message);

  error = g_error_new_literal (RMI_ERROR, code, message);
  priv = rmi_error_get_private (error);
  priv->is_received = TRUE;
  if (code == RMI_ERROR_REMOTE)
    {
      priv->domain = g_steal_pointer (&domain);
      priv->name = g_steal_pointer (&name);
      priv->code = number_of (rmi_json_lookup (data, "code"));
      if (priv->code == 0 && json_rpc != JSON_RPC_REMOTE)
        priv->code = json_rpc;
    }
  else if (code == RMI_ERROR_LIMIT)
    priv->retry_after_ms = MAX (0, number_of (rmi_json_lookup (data, "retry_after")));
  return error;
}

/* Whether @error is about a call that the implementation made, not about the one it serves. */
static gboolean
is_of_nested_call (const GError *error)
{
  if (error->domain != RMI_ERROR)
    return FALSE;
  if (rmi_error_get_private (error)->is_received)
    return error->code != RMI_ERROR_REMOTE;

  switch ((RmiError) error->code)
    {
    case RMI_ERROR_NO_SUCH_OBJECT:
    case RMI_ERROR_CLOSING:
    case RMI_ERROR_BAD_REPLY:
    case RMI_ERROR_UNREACHABLE:
    case RMI_ERROR_TLS:
    case RMI_ERROR_INSECURE:
    case RMI_ERROR_DISCONNECTED:
    case RMI_ERROR_PROTOCOL:
      return TRUE;
    default:
      return FALSE;
    }
}

void
rmi_error_mark_nested (GError *error)
{
  rmi_error_get_private (error)->is_received = TRUE;
}

GError *
rmi_error_new_answer (const GError *error)
{
  if (!is_of_nested_call (error))
    return g_error_copy (error);

  return g_error_new (RMI_ERROR, RMI_ERROR_REMOTE, "A call that the method made failed: %s", error->message);
}
