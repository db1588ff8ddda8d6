/* gi/rmi-gi-class.c: what peers may do with objects of a class
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Its methods, signals and properties, with those of its base classes and of its interfaces, all in
 * one interface of the class's name. Where two have one name, the more derived one has it. What
 * GObject itself has is nobody's business: it is about memory.
 */
#include "config.h"
#include "gi/rmi-gi-class-private.h"

static GMutex lock;                  /* of the classes made */

char *
rmi_gi_dup_wire_name (const char *name)
{
  GString *wire = g_string_new (NULL);
  gboolean is_start = TRUE;

  for (; *name != '\0'; name++)
    {
      if (*name != '_' && *name != '-')
        g_string_append_c (wire, is_start ? g_ascii_toupper (*name) : *name);
      is_start = *name == '_' || *name == '-';
    }
  return g_string_free (wire, FALSE);
}

static void
argument_clear (gpointer data)
{
  RmiGiArgument *self = data;

  g_free (self->name);
  rmi_gi_type_clear (&self->type);
}

static void
method_free (gpointer data)
{
  RmiGiMethod *self = data;

  g_clear_pointer (&self->info, g_base_info_unref);
  g_array_unref (self->arguments);
  rmi_gi_type_clear (&self->result);
  g_free (self->name);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RmiGiMethod, method_free)

static void
property_free (gpointer data)
{
  RmiGiProperty *self = data;

  rmi_gi_type_clear (&self->type);
  g_free (self->name);
  g_free (self);
}

static void G_GNUC_PRINTF (2, 3)
leave_out (RmiGiClass *self,
           const char *format,
           ...)
{
  va_list arguments;

  va_start (arguments, format);
  g_ptr_array_add (self->left_out, g_strdup_vprintf (format, arguments));
  va_end (arguments);
}

/* ---- methods and signals ---- */

/* Whether the length of @array stands where it can be passed. */
static gboolean
take_length (RmiGiMethod     *method,
             const RmiGiType *array,
             GIDirection      direction)
{
  RmiGiArgument *length;

  if (array->kind != RMI_GI_C_BYTES)
    return TRUE;
  if ((guint) array->length >= method->arguments->len)
    return FALSE;
  length = &g_array_index (method->arguments, RmiGiArgument, array->length);
  if (length->direction != direction || length->role == RMI_GI_LENGTH
      || length->type.kind < RMI_GI_INT8 || length->type.kind > RMI_GI_UINT64)
    return FALSE;
  length->role = RMI_GI_LENGTH;
  return TRUE;
}

static gboolean
add_argument (RmiGiMethod *method,
              GIArgInfo   *info,
              const char **why)
{
  GITypeInfo *type = g_arg_info_get_type (info);
  RmiGiArgument argument = { NULL };
  gboolean can_pass = rmi_gi_type_init (&argument.type, type, g_arg_info_may_be_null (info), why);

  g_base_info_unref (type);
  if (!can_pass)
    return FALSE;
  argument.name = g_strdup (g_base_info_get_name (info));
  argument.transfer = g_arg_info_get_ownership_transfer (info);
  argument.direction = g_arg_info_get_direction (info);
  argument.role = argument.direction == GI_DIRECTION_OUT ? RMI_GI_OUT : RMI_GI_IN;
  if (argument.role == RMI_GI_IN && argument.type.gtype == G_TYPE_CANCELLABLE)
    argument.role = RMI_GI_CANCELLABLE;
  g_array_append_val (method->arguments, argument);

  *why = "both in and out";
  if (argument.direction == GI_DIRECTION_INOUT)
    return FALSE;
  *why = "filled in by the callee";
  if (argument.role == RMI_GI_OUT && g_arg_info_is_caller_allocates (info))
    return FALSE;
  *why = "a type, which peers may not name";
  return argument.type.kind != RMI_GI_GTYPE || argument.role == RMI_GI_OUT || method->info == NULL;
}

static gboolean
check_lengths (RmiGiMethod *method)
{
  if (!take_length (method, &method->result, GI_DIRECTION_OUT))
    return FALSE;
  for (guint i = 0; i < method->arguments->len; i++)
    {
      RmiGiArgument *argument = &g_array_index (method->arguments, RmiGiArgument, i);

      if (!take_length (method, &argument->type, argument->direction))
        return FALSE;
    }
  return TRUE;
}

/* NULL if it cannot be called, which is noted. */
static RmiGiMethod *
method_new (RmiGiClass     *class,
            GICallableInfo *info,
            gboolean        is_signal)
{
  g_autoptr(RmiGiMethod) self = g_new0 (RmiGiMethod, 1);
  GITypeInfo *type = g_callable_info_get_return_type (info);
  const char *name = g_base_info_get_name (info);
  const char *why = NULL;
  gboolean can_pass = rmi_gi_type_init (&self->result, type, g_callable_info_may_return_null (info), &why);

  g_base_info_unref (type);
  self->name = rmi_gi_dup_wire_name (name);
  self->info = is_signal ? NULL : g_base_info_ref (info);
  self->signal_name = name;
  self->result_transfer = g_callable_info_get_caller_owns (info);
  self->arguments = g_array_new (FALSE, TRUE, sizeof (RmiGiArgument));
  g_array_set_clear_func (self->arguments, argument_clear);
  if (!can_pass)
    {
      leave_out (class, "%s: what it returns is %s", name, why);
      return NULL;
    }
  for (int i = 0; i < g_callable_info_get_n_args (info); i++)
    {
      GIArgInfo *argument = g_callable_info_get_arg (info, i);

      can_pass = add_argument (self, argument, &why);
      if (!can_pass)
        leave_out (class, "%s: %s is %s", name, g_base_info_get_name (argument), why);
      g_base_info_unref (argument);
      if (!can_pass)
        return NULL;
    }
  if (check_lengths (self))
    return g_steal_pointer (&self);
  leave_out (class, "%s: an array has no length of its own", name);
  return NULL;
}

static void
add_method (RmiGiClass *class,
            GIBaseInfo *info)
{
  RmiGiMethod *method;
  g_autofree char *name = rmi_gi_dup_wire_name (g_base_info_get_name (info));

  if ((g_function_info_get_flags (info) & GI_FUNCTION_IS_METHOD) == 0 || g_hash_table_contains (class->methods, name))
    return;
  method = method_new (class, info, FALSE);
  if (method != NULL)
    g_hash_table_insert (class->methods, method->name, method);
}

static void
add_signal (RmiGiClass *class,
            GIBaseInfo *info)
{
  RmiGiMethod *signal;
  g_autofree char *name = rmi_gi_dup_wire_name (g_base_info_get_name (info));

  if (g_hash_table_contains (class->signals, name))
    return;
  signal = method_new (class, info, TRUE);
  if (signal != NULL)
    g_hash_table_insert (class->signals, signal->name, signal);
}

/* ---- properties ---- */

/* A typelib does not say whether it may be NULL: any pointer may. */
static void
add_property (RmiGiClass   *class,
              GObjectClass *object_class,
              GIBaseInfo   *info)
{
  const char *name = g_base_info_get_name (info);
  GParamSpec *pspec = g_object_class_find_property (object_class, name);
  g_autofree char *wire_name = rmi_gi_dup_wire_name (name);
  GITypeInfo *type;
  const char *why = NULL;
  RmiGiProperty *self;
  gboolean can_pass;

  if (pspec == NULL || g_hash_table_contains (class->properties, wire_name))
    return;

  self = g_new0 (RmiGiProperty, 1);
  type = g_property_info_get_type (info);
  can_pass = rmi_gi_type_init (&self->type, type, TRUE, &why);
  g_base_info_unref (type);
  self->name = g_steal_pointer (&wire_name);
  self->property_name = pspec->name;
  self->is_readable = (pspec->flags & G_PARAM_READABLE) != 0;
  self->is_writable = (pspec->flags & G_PARAM_WRITABLE) != 0 && (pspec->flags & G_PARAM_CONSTRUCT_ONLY) == 0
                      && self->type.kind != RMI_GI_GTYPE;
  if (can_pass && self->type.kind != RMI_GI_C_BYTES && (self->is_readable || self->is_writable))
    {
      g_hash_table_insert (class->properties, self->name, self);
      return;
    }
  leave_out (class, "%s: the property is %s", name, can_pass ? "set when an object is made" : why);
  property_free (self);
}

/* ---- all of a class ---- */

typedef struct
{
  RmiGiClass   *class;
  GObjectClass *object_class;
} Walk;

static void
take_info (GIBaseInfo *owned,
           Walk       *walk,
           gboolean    is_property,
           gboolean    is_signal)
{
  if (is_property)
    add_property (walk->class, walk->object_class, owned);
  else if (is_signal)
    add_signal (walk->class, owned);
  else
    add_method (walk->class, owned);
  g_base_info_unref (owned);
}

static void
walk_object (Walk         *walk,
             GIObjectInfo *info)
{
  for (int i = 0; i < g_object_info_get_n_methods (info); i++)
    take_info (g_object_info_get_method (info, i), walk, FALSE, FALSE);
  for (int i = 0; i < g_object_info_get_n_signals (info); i++)
    take_info (g_object_info_get_signal (info, i), walk, FALSE, TRUE);
  for (int i = 0; i < g_object_info_get_n_properties (info); i++)
    take_info (g_object_info_get_property (info, i), walk, TRUE, FALSE);
}

static void
walk_interface (Walk            *walk,
                GIInterfaceInfo *info)
{
  for (int i = 0; i < g_interface_info_get_n_methods (info); i++)
    take_info (g_interface_info_get_method (info, i), walk, FALSE, FALSE);
  for (int i = 0; i < g_interface_info_get_n_signals (info); i++)
    take_info (g_interface_info_get_signal (info, i), walk, FALSE, TRUE);
  for (int i = 0; i < g_interface_info_get_n_properties (info); i++)
    take_info (g_interface_info_get_property (info, i), walk, TRUE, FALSE);
}

/* FALSE if no typelib that is loaded knows of it. */
static gboolean
walk_type (Walk  *walk,
           GType  type)
{
  GIBaseInfo *info = g_irepository_find_by_gtype (NULL, type);

  if (info == NULL)
    return FALSE;
  if (GI_IS_OBJECT_INFO (info))
    walk_object (walk, info);
  else if (GI_IS_INTERFACE_INFO (info))
    walk_interface (walk, info);
  g_base_info_unref (info);
  return TRUE;
}

static gboolean
walk_all (Walk  *walk,
          GType  type)
{
  guint n_interfaces = 0;
  g_autofree GType *interfaces = g_type_interfaces (type, &n_interfaces);
  gboolean is_known = FALSE;

  for (GType each = type; each != G_TYPE_OBJECT && each != G_TYPE_INITIALLY_UNOWNED; each = g_type_parent (each))
    is_known = walk_type (walk, each) || is_known;
  for (guint i = 0; i < n_interfaces; i++)
    is_known = walk_type (walk, interfaces[i]) || is_known;
  return is_known;
}

/* "Gio.ListStore"; "gtype.GLocalFile" of a class that no typelib names. */
static char *
dup_name (GType type)
{
  GIBaseInfo *info = g_irepository_find_by_gtype (NULL, type);
  char *name = info != NULL ? g_strconcat (g_base_info_get_namespace (info), ".", g_base_info_get_name (info), NULL)
                            : g_strconcat ("gtype.", g_type_name (type), NULL);

  g_clear_pointer (&info, g_base_info_unref);
  return name;
}

static void
class_free (RmiGiClass *self)
{
  g_clear_pointer (&self->info, rmi_interface_info_unref);
  g_hash_table_unref (self->methods);
  g_hash_table_unref (self->signals);
  g_hash_table_unref (self->properties);
  g_ptr_array_unref (self->left_out);
  g_free (self);
}

static RmiGiClass *
class_new (GType    type,
           GError **error)
{
  RmiGiClass *self = g_new0 (RmiGiClass, 1);
  GObjectClass *object_class = g_type_class_ref (type);
  Walk walk = { self, object_class };
  g_autofree char *name = dup_name (type);
  g_autofree char *description = NULL;

  self->methods = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, method_free);
  self->signals = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, method_free);
  self->properties = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, property_free);
  self->left_out = g_ptr_array_new_with_free_func (g_free);
  if (walk_all (&walk, type))
    {
      description = rmi_gi_class_describe (self, name);
      self->info = rmi_interface_info_new_for_json (description, -1, error);
    }
  else
    {
      g_set_error (error, RMI_ERROR, RMI_ERROR_NOT_SUPPORTED, "No typelib that is loaded knows of %s", g_type_name (type));
    }
  g_type_class_unref (object_class);
  if (self->info == NULL)
    g_clear_pointer (&self, class_free);
  return self;
}

const RmiGiClass *
rmi_gi_class_get (GType    type,
                  GError **error)
{
  GQuark quark = g_quark_from_static_string ("rmi-gi-class");
  RmiGiClass *self;

  g_mutex_lock (&lock);
  self = g_type_get_qdata (type, quark);
  if (self == NULL)
    {
      self = class_new (type, error);
      if (self != NULL)
        g_type_set_qdata (type, quark, self);
    }
  g_mutex_unlock (&lock);
  return self;
}

/**
 * rmi_gi_list_left_out:
 * @type: a class
 * @error: return location for an error
 *
 * What peers cannot do with objects of @type, since it takes or returns what cannot be passed.
 *
 * Returns: (transfer full): lines such as `sort: compare_func is a callback`; %NULL with
 * %RMI_ERROR_NOT_SUPPORTED if no typelib that is loaded knows of @type
 *
 * Since: 1.0
 */
char **
rmi_gi_list_left_out (GType    type,
                      GError **error)
{
  const RmiGiClass *class;
  GPtrArray *lines;

  g_return_val_if_fail (g_type_is_a (type, G_TYPE_OBJECT), NULL);

  class = rmi_gi_class_get (type, error);
  if (class == NULL)
    return NULL;
  lines = g_ptr_array_new ();
  for (guint i = 0; i < class->left_out->len; i++)
    g_ptr_array_add (lines, g_strdup (class->left_out->pdata[i]));
  g_ptr_array_add (lines, NULL);
  return (char **) g_ptr_array_free (lines, FALSE);
}
