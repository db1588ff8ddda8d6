/* tests/generated-every.c: an object that gives back whatever it gets
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "config.h"
#include "tests/generated-every.h"

struct _Every
{
  GObject     parent_instance;
  GHashTable *properties;      /* name → GValue */
};

/* A method whose one argument is a pointer, and its result a copy. */
#define ECHO(name, Argument, Result, copy) \
  static Result \
  every_##name (TortureEvery *self, Argument value, GCancellable *cancellable, GError **error) \
  { \
    return (Result) copy ((gpointer) value); \
  }

ECHO (strv, const char *const *, char **, g_strdupv)
ECHO (bytes, GBytes *, GBytes *, g_bytes_ref)
ECHO (variant, GVariant *, GVariant *, g_variant_ref)
ECHO (tuple, GVariant *, GVariant *, g_variant_ref)
ECHO (nested, GVariant *, GVariant *, g_variant_ref)
ECHO (json, JsonNode *, JsonNode *, json_node_ref)
ECHO (lines, GPtrArray *, GPtrArray *, g_ptr_array_ref)
ECHO (points, GPtrArray *, GPtrArray *, g_ptr_array_ref)
ECHO (peers, GPtrArray *, GPtrArray *, g_ptr_array_ref)
ECHO (packed, const TorturePacked *, TorturePacked *, torture_packed_copy)
ECHO (everything, TortureEverything *, TortureEverything *, g_object_ref)
ECHO (derived, TortureDerived *, TortureDerived *, g_object_ref)
ECHO (foreign, TortureForeign *, TortureForeign *, g_object_ref)
ECHO (account, BaseAccount *, BaseAccount *, g_object_ref)

static gboolean
every_numbers (TortureEvery *self,
               gboolean b, guint8 y, gint16 n, guint16 q, int i, guint u, gint64 x, guint64 t, double d,
               gboolean *out_b, guint8 *out_y, gint16 *out_n, guint16 *out_q, int *out_i, guint *out_u,
               gint64 *out_x, guint64 *out_t, double *out_d,
               GCancellable *cancellable, GError **error)
{
  *out_b = b;
  *out_y = y;
  *out_n = n;
  *out_q = q;
  *out_i = i;
  *out_u = u;
  *out_x = x;
  *out_t = t;
  *out_d = d;
  return TRUE;
}

static gboolean
every_double (TortureEvery *self, double d, double *out_d, GCancellable *cancellable, GError **error)
{
  *out_d = d;
  return TRUE;
}

static gboolean
every_strings (TortureEvery *self,
               const char *s, const char *o, const char *g, const char *ms, const char *const *as,
               const char *const *ao, const char *const *mas,
               char **out_s, char **out_o, char **out_g, char **out_ms, char ***out_as, char ***out_ao,
               char ***out_mas,
               GCancellable *cancellable, GError **error)
{
  *out_s = g_strdup (s);
  *out_o = g_strdup (o);
  *out_g = g_strdup (g);
  *out_ms = g_strdup (ms);
  *out_as = g_strdupv ((char **) as);
  *out_ao = g_strdupv ((char **) ao);
  *out_mas = g_strdupv ((char **) mas);
  return TRUE;
}

static gboolean
every_maybe_string (TortureEvery *self, const char *s, char **out_s, GCancellable *cancellable, GError **error)
{
  *out_s = g_strdup (s);
  return TRUE;
}

static gboolean
every_arrays (TortureEvery *self, GArray *bools, GArray *uints, GArray *states, GArray *options,
              GArray **out_bools, GArray **out_uints, GArray **out_states, GArray **out_options,
              GCancellable *cancellable, GError **error)
{
  *out_bools = g_array_ref (bools);
  *out_uints = g_array_ref (uints);
  *out_states = g_array_ref (states);
  *out_options = g_array_ref (options);
  return TRUE;
}

static gboolean
every_tables (TortureEvery *self, GHashTable *words, GHashTable *lines, GHashTable *points, GHashTable *peers,
              GVariant *details, GVariant *numbers,
              GHashTable **out_words, GHashTable **out_lines, GHashTable **out_points, GHashTable **out_peers,
              GVariant **out_details, GVariant **out_numbers, GCancellable *cancellable, GError **error)
{
  *out_words = g_hash_table_ref (words);
  *out_lines = g_hash_table_ref (lines);
  *out_points = g_hash_table_ref (points);
  *out_peers = g_hash_table_ref (peers);
  *out_details = g_variant_ref (details);
  *out_numbers = g_variant_ref (numbers);
  return TRUE;
}

static gboolean
every_maybe_lines (TortureEvery *self, GPtrArray *lines, GPtrArray **out_lines, GCancellable *cancellable,
                   GError **error)
{
  *out_lines = lines != NULL ? g_ptr_array_ref (lines) : NULL;
  return TRUE;
}

static gboolean
every_peer (TortureEvery *self, TortureOther *p, TortureOther **out_p, GCancellable *cancellable, GError **error)
{
  *out_p = p != NULL ? g_object_ref (p) : NULL;
  return TRUE;
}

/* Its own error where the state says so. */
static gboolean
every_choices (TortureEvery *self, TortureState state, TortureOptions options, TortureState *out_state,
               TortureOptions *out_options, GCancellable *cancellable, GError **error)
{
  if (state == TORTURE_STATE_CLASS)
    {
      g_set_error (error, TORTURE_ERROR, TORTURE_ERROR_DECLINED, "Not %d", state);
      return FALSE;
    }
  *out_state = state;
  *out_options = options;
  return TRUE;
}

static void
every_interface_init (TortureEveryInterface *iface)
{
  iface->numbers = every_numbers;
  iface->double_ = every_double;
  iface->strings = every_strings;
  iface->maybe_string = every_maybe_string;
  iface->strv = every_strv;
  iface->bytes = every_bytes;
  iface->variant = every_variant;
  iface->tuple = every_tuple;
  iface->nested = every_nested;
  iface->json = every_json;
  iface->arrays = every_arrays;
  iface->tables = every_tables;
  iface->lines = every_lines;
  iface->maybe_lines = every_maybe_lines;
  iface->points = every_points;
  iface->peers = every_peers;
  iface->struct_ = every_packed;
  iface->class_ = every_everything;
  iface->derived = every_derived;
  iface->foreign = every_foreign;
  iface->peer = every_peer;
  iface->account = every_account;
  iface->choices = every_choices;
}

G_DEFINE_TYPE_WITH_CODE (Every, every, G_TYPE_OBJECT,
                         G_IMPLEMENT_INTERFACE (TORTURE_TYPE_EVERY, every_interface_init))

static void
value_free (gpointer value)
{
  g_value_unset (value);
  g_free (value);
}

static void
every_get_property (GObject *object, guint property_id, GValue *value, GParamSpec *pspec)
{
  const GValue *stored = g_hash_table_lookup (TEST_EVERY (object)->properties, pspec->name);

  if (stored != NULL)
    g_value_copy (stored, value);
  else
    g_param_value_set_default (pspec, value);
}

static void
every_set_property (GObject *object, guint property_id, const GValue *value, GParamSpec *pspec)
{
  GValue *stored = g_new0 (GValue, 1);

  g_value_init (stored, G_VALUE_TYPE (value));
  g_value_copy (value, stored);
  g_hash_table_insert (TEST_EVERY (object)->properties, (gpointer) pspec->name, stored);
}

static void
every_finalize (GObject *object)
{
  g_hash_table_unref (TEST_EVERY (object)->properties);

  G_OBJECT_CLASS (every_parent_class)->finalize (object);
}

static void
every_class_init (EveryClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  gpointer iface = g_type_default_interface_ref (TORTURE_TYPE_EVERY);
  guint n_pspecs;
  g_autofree GParamSpec **pspecs = g_object_interface_list_properties (iface, &n_pspecs);

  object_class->get_property = every_get_property;
  object_class->set_property = every_set_property;
  object_class->finalize = every_finalize;
  for (guint i = 0; i < n_pspecs; i++)
    g_object_class_override_property (object_class, i + 1, pspecs[i]->name);
  g_type_default_interface_unref (iface);
}

static void
every_init (Every *self)
{
  self->properties = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, value_free);
}

Every *
every_new (void)
{
  return g_object_new (TYPE_EVERY, NULL);
}

struct _Peer
{
  GObject parent_instance;
  guint   n_calls;
};

/* Only the asynchronous form. */
static void
peer_nothing_async (TortureOther *other, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr(GTask) task = g_task_new (other, cancellable, callback, user_data);

  TEST_PEER (other)->n_calls++;
  g_task_return_boolean (task, TRUE);
}

static void
peer_interface_init (TortureOtherInterface *iface)
{
  iface->nothing_async = peer_nothing_async;
}

/* Base.Account, blocking: what is left of a thousand. */
static gboolean
peer_pay (BaseAccount *account, gint64 amount, gint64 *out_balance, GCancellable *cancellable, GError **error)
{
  if (amount > 1000)
    {
      g_set_error_literal (error, BASE_ERROR, BASE_ERROR_BROKEN, "Not so much");
      return FALSE;
    }
  *out_balance = 1000 - amount;
  return TRUE;
}

static void
peer_account_init (BaseAccountInterface *iface)
{
  iface->pay = peer_pay;
}

G_DEFINE_TYPE_WITH_CODE (Peer, peer, G_TYPE_OBJECT,
                         G_IMPLEMENT_INTERFACE (TORTURE_TYPE_OTHER, peer_interface_init)
                         G_IMPLEMENT_INTERFACE (BASE_TYPE_ACCOUNT, peer_account_init))

static void
peer_class_init (PeerClass *klass)
{
}

static void
peer_init (Peer *self)
{
}

Peer *
peer_new (void)
{
  return g_object_new (TYPE_PEER, NULL);
}

guint
peer_get_n_calls (Peer *self)
{
  return self->n_calls;
}
