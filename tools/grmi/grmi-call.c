/* tools/grmi/grmi-call.c: grmi call, get, set
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Asks the object what it can do first, and so knows what the arguments' texts mean.
 */
#include "config.h"
#include "tools/grmi/grmi-commands.h"

#include "tools/grmi/grmi-output.h"

#define NAMES_BYTES 1000      /* that are listed in a message */

/* ---- printing what came back ---- */

static void
print_result (GrmiSession *session,
              RmiSlice     result,
              gboolean     is_nothing)
{
  g_autoptr(GString) out = g_string_new (NULL);

  if (session->json)
    grmi_append_json (out, result);
  else if (is_nothing)
    return;
  else
    grmi_append_value (out, result, 0);
  g_string_append_c (out, '\n');
  grmi_flush (out);
}

/* "Capacity: 500", one property a line. */
static void
print_properties (RmiSlice properties)
{
  g_autoptr(GString) out = g_string_new (NULL);
  g_autoptr(GString) scratch = g_string_new (NULL);
  RmiReader reader;
  RmiSlice name;

  rmi_reader_init (&reader, properties, NULL, NULL, RMI_ERROR_BAD_REPLY, "properties");
  rmi_reader_begin_object (&reader);
  while ((name = rmi_reader_next_raw_key (&reader, scratch)).data != NULL)
    {
      rmi_text_append_shown (out, name.data, name.length);
      g_string_append (out, ": ");
      grmi_append_pretty (out, rmi_reader_get_raw (&reader), 0);
      g_string_append_c (out, '\n');
    }
  rmi_reader_finish (&reader, NULL);
  grmi_flush (out);
}

/* ---- members ---- */

/* Splits "org.example.shop.Warehouse.Reserve"; @interface: (out) (nullable) (transfer full). */
static const char *
split_member (const char  *member,
              char       **interface)
{
  const char *dot = strrchr (member, '.');

  *interface = dot != NULL ? g_strndup (member, dot - member) : NULL;
  return dot != NULL ? dot + 1 : member;
}

static void
set_no_such (GError    **error,
             const char *target,
             const char *kind,
             const char *member,
             GString    *known)
{
  g_set_error (error, GRMI_ERROR, GRMI_EXIT_NOT_THERE, "%s: no such %s: %s%s%s%s", target, kind,
               member, known->len > 0 ? " (it has " : "", known->str, known->len > 0 ? ")" : "");
}

/* Appends "name", or "name: type" if there is a @type, as long as people go on reading. */
static void
append_name (GString    *names,
             const char *name,
             const char *type)
{
  if (names->len > NAMES_BYTES)
    return;
  g_string_append_printf (names, "%s%s%s%s", names->len > 0 ? ", " : "", name,
                          type != NULL ? ": " : "", type != NULL ? type : "");
  if (names->len > NAMES_BYTES)
    g_string_append (names, ", …");
}

static const RmiMethodInfo *
find_method (GPtrArray         *infos,
             const char        *target,
             const char        *member,
             RmiInterfaceInfo **interface,
             GError           **error)
{
  g_autoptr(GString) known = g_string_new (NULL);
  g_autofree char *wanted = NULL;
  const char *name = split_member (member, &wanted);

  for (guint i = 0; i < infos->len; i++)
    {
      RmiInterfaceInfo *info = g_ptr_array_index (infos, i);
      const RmiMethodInfo *method = NULL;

      if (wanted == NULL || g_str_equal (wanted, info->name))
        method = rmi_interface_info_find_method (info, name, strlen (name));
      *interface = info;
      if (method != NULL)
        return method;
      for (guint j = 0; j < info->methods->len; j++)
        append_name (known, ((RmiMethodInfo *) g_ptr_array_index (info->methods, j))->name, NULL);
    }
  set_no_such (error, target, "method", member, known);
  return NULL;
}

static const RmiPropertyInfo *
find_property (GPtrArray  *infos,
               const char *target,
               const char *member,
               GError    **error)
{
  g_autoptr(GString) known = g_string_new (NULL);
  g_autofree char *wanted = NULL;
  const char *name = split_member (member, &wanted);

  for (guint i = 0; i < infos->len; i++)
    {
      RmiInterfaceInfo *info = g_ptr_array_index (infos, i);
      const RmiPropertyInfo *property = NULL;

      if (wanted == NULL || g_str_equal (wanted, info->name))
        property = rmi_interface_info_find_property (info, name, strlen (name));
      if (property != NULL)
        return property;
      for (guint j = 0; j < info->properties->len; j++)
        append_name (known, ((RmiPropertyInfo *) g_ptr_array_index (info->properties, j))->name,
                     NULL);
    }
  set_no_such (error, target, "property", member, known);
  return NULL;
}

/* ---- arguments ---- */

static gboolean
write_text (const RmiTypeInfo *type,
            const char        *what,
            const char        *text,
            RmiWriter         *writer,
            GError           **error)
{
  g_autoptr(GError) failure = NULL;

  if (rmi_type_info_write_text (type, text, writer, &failure))
    return TRUE;
  g_set_error (error, GRMI_ERROR, GRMI_EXIT_BAD_ARGUMENTS, "%s (%s): %s", what, type->signature,
               failure->message);
  return FALSE;
}

static gboolean
check_count (const RmiMethodInfo *method,
             guint                n_texts,
             GError             **error)
{
  g_autoptr(GString) wanted = g_string_new (NULL);
  guint n_needed = method->in->len;

  for (guint i = 0; i < method->in->len; i++)
    {
      const RmiFieldInfo *argument = g_ptr_array_index (method->in, i);

      append_name (wanted, argument->name, argument->type->signature);
    }
  while (n_needed > 0 &&
         ((RmiFieldInfo *) g_ptr_array_index (method->in, n_needed - 1))->type->kind ==
             RMI_TYPE_KIND_MAYBE)
    n_needed--;
  if (n_texts >= n_needed && n_texts <= method->in->len)
    return TRUE;
  g_set_error (error, GRMI_ERROR, GRMI_EXIT_BAD_ARGUMENTS, "%s takes %u %s, not %u: (%s)",
               method->name, method->in->len, method->in->len == 1 ? "argument" : "arguments",
               n_texts, wanted->str);
  return FALSE;
}

static gboolean
write_arguments (const RmiMethodInfo *method,
                 const char *const   *texts,
                 RmiWriter           *writer,
                 GError             **error)
{
  if (!check_count (method, g_strv_length ((GStrv) texts), error))
    return FALSE;
  for (guint i = 0; texts[i] != NULL; i++)
    {
      const RmiFieldInfo *argument = g_ptr_array_index (method->in, i);

      if (!write_text (argument->type, argument->name, texts[i], writer, error))
        return FALSE;
    }
  return TRUE;
}

/* ---- commands ---- */

static gboolean
run_and_prefix (GrmiSession *session,
                RmiCall     *call,
                const char  *target,
                RmiSlice    *result,
                GError     **error)
{
  if (grmi_session_run_call (session, call, result, error))
    return TRUE;
  if (error != NULL && rmi_error_get_remote_name (*error) != NULL)
    g_prefix_error (error, "%s: ", rmi_error_get_remote_name (*error));
  g_prefix_error (error, "%s: ", target);
  return FALSE;
}

static gboolean
run_call (GrmiSession       *session,
          const char *const *arguments,
          GError           **error)
{
  g_autoptr(RmiStub) stub = grmi_session_get_stub (session, arguments[0], error);
  g_autoptr(GPtrArray) infos =
      stub != NULL ? grmi_session_introspect (session, stub, NULL, error) : NULL;
  g_autoptr(RmiCall) call = NULL;
  const RmiMethodInfo *method;
  RmiInterfaceInfo *interface = NULL;
  RmiSlice result;

  method =
      infos != NULL ? find_method (infos, arguments[0], arguments[1], &interface, error) : NULL;
  if (method == NULL)
    return FALSE;
  call = grmi_session_begin_call (session, stub, infos->len > 1 ? interface->name : NULL,
                                  method->name);
  if (!write_arguments (method, arguments + 2, rmi_call_get_writer (call), error))
    return FALSE;
  if (method->is_oneway)
    return rmi_call_send (g_steal_pointer (&call), error);
  if (!run_and_prefix (session, call, arguments[0], &result, error))
    return FALSE;
  print_result (session, result, method->out->len == 0);
  return TRUE;
}

static gboolean
run_get (GrmiSession       *session,
         const char *const *arguments,
         GError           **error)
{
  g_autoptr(RmiStub) stub = grmi_session_get_stub (session, arguments[0], error);
  g_autoptr(RmiCall) call = NULL;
  RmiSlice result;

  if (stub == NULL)
    return FALSE;
  call = grmi_session_begin_call (session, stub, NULL,
                                  arguments[1] != NULL ? "rpc.get" : "rpc.get_all");
  if (arguments[1] != NULL)
    rmi_writer_add_string (rmi_call_get_writer (call), arguments[1]);
  if (!run_and_prefix (session, call, arguments[0], &result, error))
    return FALSE;
  if (arguments[1] != NULL || session->json)
    print_result (session, result, FALSE);
  else
    print_properties (result);
  return TRUE;
}

static gboolean
run_set (GrmiSession       *session,
         const char *const *arguments,
         GError           **error)
{
  g_autoptr(RmiStub) stub = grmi_session_get_stub (session, arguments[0], error);
  g_autoptr(GPtrArray) infos =
      stub != NULL ? grmi_session_introspect (session, stub, NULL, error) : NULL;
  g_autoptr(RmiCall) call = NULL;
  const RmiPropertyInfo *property;
  RmiSlice result;

  property = infos != NULL ? find_property (infos, arguments[0], arguments[1], error) : NULL;
  if (property == NULL)
    return FALSE;
  call = grmi_session_begin_call (session, stub, NULL, "rpc.set");
  rmi_writer_add_string (rmi_call_get_writer (call), arguments[1]);
  if (!write_text (property->type, property->name, arguments[2], rmi_call_get_writer (call), error)
      || !run_and_prefix (session, call, arguments[0], &result, error))
    return FALSE;
  print_result (session, result, TRUE);
  return TRUE;
}

const GrmiCommand grmi_call_command = {
  .name = "call",
  .usage = "TARGET METHOD [ARGUMENT…]",
  .summary = "call a method and print its result",
  .n_min = 2,
  .n_max = G_MAXUINT,
  .takes_any_text = TRUE,
  .run = run_call,
};

const GrmiCommand grmi_get_command = {
  .name = "get", .usage = "TARGET [PROPERTY]", .summary = "print a property, or all of them",
  .n_min = 1, .n_max = 2, .run = run_get,
};

const GrmiCommand grmi_set_command = {
  .name = "set", .usage = "TARGET PROPERTY VALUE", .summary = "set a property",
  .n_min = 3, .n_max = 3, .takes_any_text = TRUE, .run = run_set,
};
