/* tests/scenarios-guest.c: the party that every program of the scenarios has
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "config.h"
#include "tests/scenarios-guest.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct _Guest
{
  GObject        parent_instance;

  RmiNode       *node;
  GString       *notes;
  ScenarioParty *kept;
  ScenarioParty *next;
  GMainLoop     *loop;        /* while it runs one inside a call */
  RmiInvocation *waiting;     /* to be answered when it has been retired */
  GFunc          hook;
  gpointer       hook_data;
  int            level;
};

enum
{
  PROP_LEVEL = 1,
  PROP_LABEL,
};

static int n_guests;

static void guest_implement (ScenarioPartyInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (Guest, guest, G_TYPE_OBJECT, G_IMPLEMENT_INTERFACE (SCENARIO_TYPE_PARTY, guest_implement))

static gboolean
has_party (ScenarioParty  *party,
           GError        **error)
{
  if (party == NULL)
    g_set_error (error, SCENARIO_ERROR, SCENARIO_ERROR_REFUSED, "There is nobody to call");
  return party != NULL;
}

/* ---- what ran ---- */

/* A line in the file that SCENARIOS_LOG names, before anything else happens. It outlives the program. */
static void
guest_log (const char *member,
           const char *text)
{
  static int fd = -1;
  const char *path = g_getenv ("SCENARIOS_LOG");
  g_autofree char *line = NULL;

  if (path == NULL)
    return;
  if (fd < 0)
    fd = open (path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
  line = g_strdup_printf ("%s:%s\n", member, text);
  g_assert_cmpint (write (fd, line, strlen (line)), ==, (gssize) strlen (line));
}

/* ---- plain calls ---- */

static char *
guest_echo (ScenarioParty  *party,
            const char     *text,
            GCancellable   *cancellable,
            GError        **error)
{
  Guest *self = SCENARIO_GUEST (party);

  guest_log ("echo", text);
  if (self->hook != NULL)
    self->hook (party, self->hook_data);
  return g_strdup (text);
}

void
guest_note (Guest      *self,
            const char *text)
{
  if (self->notes->len > 0)
    g_string_append_c (self->notes, ' ');
  g_string_append (self->notes, text);
}

static gboolean
guest_take_note (ScenarioParty  *party,
                 const char     *text,
                 GCancellable   *cancellable,
                 GError        **error)
{
  Guest *self = SCENARIO_GUEST (party);

  guest_log ("note", text);
  guest_note (self, text);
  if (self->loop != NULL && g_str_equal (text, "stop"))
    g_main_loop_quit (self->loop);
  if (g_str_equal (text, "close"))
    {
      rmi_node_close (self->node);
      guest_log ("closed", "");
    }
  return TRUE;
}

static char **
guest_history (ScenarioParty  *party,
               GCancellable   *cancellable,
               GError        **error)
{
  return g_strsplit (SCENARIO_GUEST (party)->notes->str, " ", -1);
}

/* ---- calls that call ---- */

static gboolean
guest_nest (ScenarioParty  *party,
            guint           depth,
            ScenarioParty  *other,
            guint          *reached,
            GCancellable   *cancellable,
            GError        **error)
{
  guint beyond = 0;

  guest_log ("nest", depth > 2 ? "outermost" : "");
  if (depth > 0 && !scenario_party_nest (other, depth - 1, party, &beyond, cancellable, error))
    return FALSE;
  *reached = depth > 0 ? beyond + 1 : 0;
  return TRUE;
}

static gboolean
guest_dial (ScenarioParty  *party,
            const char     *uri,
            GCancellable   *cancellable,
            GError        **error)
{
  Guest *self = SCENARIO_GUEST (party);

  g_clear_object (&self->next);
  self->next = rmi_node_get_object (self->node, uri, SCENARIO_TYPE_PARTY, cancellable, error);
  return self->next != NULL;
}

static gboolean
guest_around (ScenarioParty  *party,
              guint           steps,
              guint          *passed,
              GCancellable   *cancellable,
              GError        **error)
{
  Guest *self = SCENARIO_GUEST (party);
  guint beyond = 0;

  if (steps > 0
      && (!has_party (self->next, error) || !scenario_party_around (self->next, steps - 1, &beyond, cancellable, error)))
    return FALSE;
  *passed = steps > 0 ? beyond + 1 : 0;
  return TRUE;
}

static gboolean
guest_loop_inside (ScenarioParty  *party,
                   GCancellable   *cancellable,
                   GError        **error)
{
  Guest *self = SCENARIO_GUEST (party);

  guest_note (self, "loops");
  self->loop = g_main_loop_new (NULL, FALSE);
  g_main_loop_run (self->loop);
  g_clear_pointer (&self->loop, g_main_loop_unref);
  return TRUE;
}

/* ---- other parties ---- */

static gboolean
guest_keep (ScenarioParty  *party,
            ScenarioParty  *other,
            GCancellable   *cancellable,
            GError        **error)
{
  guest_log ("keep", "");
  g_set_object (&SCENARIO_GUEST (party)->kept, other);
  return TRUE;
}

static gboolean
guest_kept (ScenarioParty  *party,
            ScenarioParty **other,
            GCancellable   *cancellable,
            GError        **error)
{
  Guest *self = SCENARIO_GUEST (party);

  *other = self->kept != NULL ? g_object_ref (self->kept) : NULL;
  return TRUE;
}

static char *
guest_ask_kept (ScenarioParty  *party,
                const char     *text,
                GCancellable   *cancellable,
                GError        **error)
{
  Guest *self = SCENARIO_GUEST (party);

  guest_log ("ask_kept", text);
  return has_party (self->kept, error) ? scenario_party_echo (self->kept, text, cancellable, error) : NULL;
}

static gboolean
guest_is_self (ScenarioParty  *party,
               ScenarioParty  *other,
               gboolean       *answer,
               GCancellable   *cancellable,
               GError        **error)
{
  *answer = party == other;
  return TRUE;
}

static gboolean
guest_is_kept (ScenarioParty  *party,
               ScenarioParty  *other,
               gboolean       *answer,
               GCancellable   *cancellable,
               GError        **error)
{
  *answer = SCENARIO_GUEST (party)->kept == other;
  return TRUE;
}

static ScenarioParty *
guest_make (ScenarioParty  *party,
            GCancellable   *cancellable,
            GError        **error)
{
  guest_log ("make", "");
  return SCENARIO_PARTY (guest_new (SCENARIO_GUEST (party)->node));
}

static gboolean
guest_hand_over (ScenarioParty  *party,
                 ScenarioParty  *other,
                 GBytes         *bytes,
                 GCancellable   *cancellable,
                 GError        **error)
{
  return TRUE;
}

static gboolean
guest_make_much (ScenarioParty  *party,
                 guint           size,
                 ScenarioParty **made,
                 GBytes        **bytes,
                 GCancellable   *cancellable,
                 GError        **error)
{
  *made = guest_make (party, cancellable, error);
  *bytes = g_bytes_new_take (g_malloc0 (size), size);
  return TRUE;
}

static gboolean
guest_alive (ScenarioParty  *party,
             guint          *count,
             GCancellable   *cancellable,
             GError        **error)
{
  *count = guest_count ();
  return TRUE;
}

/* ---- deadlines, cancellation ---- */

static void
wait_cancelled_cb (GCancellable *cancellable,
                   gpointer      user_data)
{
  GTask *task = user_data;

  guest_note (g_task_get_source_object (task), "cancelled");
  g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "No longer waiting");
}

static void
guest_wait_async (ScenarioParty       *party,
                  GCancellable        *cancellable,
                  GAsyncReadyCallback  callback,
                  gpointer             user_data)
{
  /* Does not hold the cancellable, which holds it. */
  g_autoptr(GTask) task = g_task_new (party, NULL, callback, user_data);

  guest_log ("wait", "");
  guest_note (SCENARIO_GUEST (party), "waits");
  g_cancellable_connect (cancellable, G_CALLBACK (wait_cancelled_cb), g_steal_pointer (&task), g_object_unref);
}

static gboolean
guest_wait_finish (ScenarioParty  *party,
                   GAsyncResult   *result,
                   GError        **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static gboolean
guest_wait_next (ScenarioParty  *party,
                 GCancellable   *cancellable,
                 GError        **error)
{
  Guest *self = SCENARIO_GUEST (party);

  return has_party (self->next, error) && scenario_party_wait (self->next, cancellable, error);
}

static gboolean
guest_remaining (ScenarioParty  *party,
                 gint64         *milliseconds,
                 GCancellable   *cancellable,
                 GError        **error)
{
  *milliseconds = (rmi_invocation_get_deadline (rmi_invocation_get_current ()) - g_get_monotonic_time ()) / 1000;
  return TRUE;
}

static gboolean
guest_remaining_next (ScenarioParty  *party,
                      guint           busy_ms,
                      gint64         *milliseconds,
                      GCancellable   *cancellable,
                      GError        **error)
{
  Guest *self = SCENARIO_GUEST (party);

  g_usleep (busy_ms * 1000);
  return has_party (self->next, error) && scenario_party_remaining (self->next, milliseconds, cancellable, error);
}

/* ---- failing, answering later ---- */

static gboolean return_later (gpointer user_data);

/* Who waits for it is answered when it is over. */
static gboolean
retire (Guest *self)
{
  if (self->waiting != NULL)
    g_idle_add (return_later, g_steal_pointer (&self->waiting));
  return rmi_node_unexport_object (self->node, G_OBJECT (self));
}

static void
guest_retire_async (ScenarioParty       *party,
                    GCancellable        *cancellable,
                    GAsyncReadyCallback  callback,
                    gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (party, NULL, callback, user_data);

  g_task_return_boolean (task, retire (SCENARIO_GUEST (party)));
}

static gboolean
guest_fail (ScenarioParty  *party,
            const char     *how,
            GCancellable   *cancellable,
            GError        **error)
{
  if (g_str_equal (how, "exit"))
    exit (0);
  if (g_str_equal (how, "retire"))
    return retire (SCENARIO_GUEST (party));
  if (g_str_equal (how, "close"))
    rmi_connection_close (rmi_invocation_get_connection (rmi_invocation_get_current ()));
  if (g_str_equal (how, "application") || g_str_equal (how, "only says so"))
    g_set_error (error, SCENARIO_ERROR, SCENARIO_ERROR_TIRED, "Too late for äpfel");
  else if (g_str_equal (how, "foreign"))
    g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_NOSPC, "The disk is full");
  return g_str_equal (how, "not") || g_str_equal (how, "only says so");
}

static gboolean
return_later (gpointer user_data)
{
  g_autoptr(RmiInvocation) invocation = user_data;

  scenario_party_return_later (invocation, "later");
  return G_SOURCE_REMOVE;
}

static gpointer
return_later_thread (gpointer user_data)
{
  return_later (user_data);
  return NULL;
}

static char *
guest_later (ScenarioParty  *party,
             const char     *how,
             GCancellable   *cancellable,
             GError        **error)
{
  g_autoptr(RmiInvocation) invocation = rmi_invocation_defer ();
  Guest *self = SCENARIO_GUEST (party);

  if (g_str_equal (how, "when retired"))
    self->waiting = g_steal_pointer (&invocation);
  else if (g_str_equal (how, "retire"))
    retire (self);
  if (invocation == NULL)
    return NULL;

  if (g_str_equal (how, "idle") || g_str_equal (how, "retire"))
    g_idle_add (return_later, g_steal_pointer (&invocation));
  else if (g_str_equal (how, "thread"))
    g_thread_unref (g_thread_new ("later", return_later_thread, g_steal_pointer (&invocation)));
  else if (g_str_equal (how, "race"))
    for (guint i = 0; i < 2; i++)
      g_thread_unref (g_thread_new ("later", return_later_thread, g_object_ref (invocation)));
  else if (g_str_equal (how, "twice"))
    {
      return_later (g_object_ref (invocation));
      return_later (g_object_ref (invocation));
    }
  return NULL;
}

/* ---- signals, properties ---- */

static gboolean
guest_tick (ScenarioParty  *party,
            guint           count,
            GCancellable   *cancellable,
            GError        **error)
{
  guest_log ("tick", "");
  for (guint i = 1; i <= count; i++)
    scenario_party_emit_ticked (party, i);
  return TRUE;
}

typedef struct
{
  RmiInvocation *invocation;
  guint          count;
} TickJob;

static gboolean
tick_and_note_cb (gpointer user_data)
{
  g_autofree TickJob *job = user_data;
  g_autoptr(RmiInvocation) invocation = job->invocation;
  Guest *self = SCENARIO_GUEST (rmi_invocation_get_object (invocation));

  for (guint i = 1; i <= job->count; i++)
    {
      g_autofree char *text = g_strdup_printf ("note%u", i);

      if (self->kept != NULL)
        scenario_party_note (self->kept, text, NULL, NULL);
      scenario_party_emit_ticked (SCENARIO_PARTY (self), i);
    }
  scenario_party_return_tick_and_note (invocation);
  return G_SOURCE_REMOVE;
}

static gboolean
guest_tick_and_note (ScenarioParty  *party,
                     guint           count,
                     GCancellable   *cancellable,
                     GError        **error)
{
  TickJob *job = g_new (TickJob, 1);

  *job = (TickJob) { rmi_invocation_defer (), count };
  g_idle_add (tick_and_note_cb, job);
  return TRUE;
}

/* ---- much ---- */

static GBytes *
guest_give (ScenarioParty  *party,
            guint           size,
            GCancellable   *cancellable,
            GError        **error)
{
  guest_log ("give", "");
  return g_bytes_new_take (g_malloc0 (size), size);
}

static gboolean
guest_take (ScenarioParty  *party,
            GBytes         *bytes,
            guint          *size,
            GCancellable   *cancellable,
            GError        **error)
{
  guest_log ("take", "");
  *size = (guint) g_bytes_get_size (bytes);
  return TRUE;
}

static void load_one (ScenarioParty *next);

/* What comes back is kept for the length of one more call. */
static void
loaded_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(ScenarioParty) made = scenario_party_make_finish (SCENARIO_PARTY (object), result, NULL);

  if (made != NULL)
    load_one (SCENARIO_PARTY (object));
}

static void
load_one (ScenarioParty *next)
{
  scenario_party_make_async (next, NULL, loaded_cb, NULL);
}

static gboolean
guest_load (ScenarioParty  *party,
            guint           count,
            GCancellable   *cancellable,
            GError        **error)
{
  Guest *self = SCENARIO_GUEST (party);

  if (!has_party (self->next, error))
    return FALSE;
  for (guint i = 0; i < count; i++)
    load_one (self->next);
  return TRUE;
}

/* ---- the object ---- */

static void
guest_implement (ScenarioPartyInterface *iface)
{
  iface->echo = guest_echo;
  iface->note = guest_take_note;
  iface->history = guest_history;
  iface->nest = guest_nest;
  iface->dial = guest_dial;
  iface->around = guest_around;
  iface->loop_inside = guest_loop_inside;
  iface->keep = guest_keep;
  iface->kept = guest_kept;
  iface->ask_kept = guest_ask_kept;
  iface->is_self = guest_is_self;
  iface->is_kept = guest_is_kept;
  iface->make = guest_make;
  iface->alive = guest_alive;
  iface->hand_over = guest_hand_over;
  iface->make_much = guest_make_much;
  iface->retire_async = guest_retire_async;
  iface->retire_finish = guest_wait_finish;
  iface->wait_async = guest_wait_async;
  iface->wait_finish = guest_wait_finish;
  iface->wait_next = guest_wait_next;
  iface->remaining = guest_remaining;
  iface->remaining_next = guest_remaining_next;
  iface->fail = guest_fail;
  iface->later = guest_later;
  iface->tick = guest_tick;
  iface->tick_and_note = guest_tick_and_note;
  iface->give = guest_give;
  iface->take = guest_take;
  iface->load = guest_load;
}

static void
guest_get_property (GObject    *object,
                    guint       property_id,
                    GValue     *value,
                    GParamSpec *pspec)
{
  if (property_id == PROP_LEVEL)
    g_value_set_int (value, SCENARIO_GUEST (object)->level);
  else
    g_value_set_static_string (value, "guest");
}

static void
guest_set_property (GObject      *object,
                    guint         property_id,
                    const GValue *value,
                    GParamSpec   *pspec)
{
  Guest *self = SCENARIO_GUEST (object);

  if (self->level == g_value_get_int (value))
    return;
  self->level = g_value_get_int (value);
  g_object_notify_by_pspec (object, pspec);
}

void
guest_forget (Guest *self)
{
  g_clear_object (&self->kept);
  g_clear_object (&self->next);
}

static void
guest_dispose (GObject *object)
{
  guest_forget (SCENARIO_GUEST (object));
  G_OBJECT_CLASS (guest_parent_class)->dispose (object);
}

static void
guest_finalize (GObject *object)
{
  g_string_free (SCENARIO_GUEST (object)->notes, TRUE);
  g_atomic_int_add (&n_guests, -1);
  G_OBJECT_CLASS (guest_parent_class)->finalize (object);
}

static void
guest_class_init (GuestClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = guest_get_property;
  object_class->set_property = guest_set_property;
  object_class->dispose = guest_dispose;
  object_class->finalize = guest_finalize;
  g_object_class_override_property (object_class, PROP_LEVEL, "level");
  g_object_class_override_property (object_class, PROP_LABEL, "label");
}

static void
guest_init (Guest *self)
{
  self->notes = g_string_new (NULL);
  self->level = 7;
  g_atomic_int_inc (&n_guests);
}

/* @node is borrowed: it outlives its guests. */
Guest *
guest_new (RmiNode *node)
{
  Guest *self = g_object_new (GUEST_TYPE, NULL);

  self->node = node;
  return self;
}

void
guest_set_hook (Guest    *self,
                GFunc     hook,
                gpointer  data)
{
  self->hook = hook;
  self->hook_data = data;
}

const char *
guest_get_notes (Guest *self)
{
  return self->notes->str;
}

void
guest_clear_notes (Guest *self)
{
  g_string_truncate (self->notes, 0);
}

guint
guest_count (void)
{
  return (guint) g_atomic_int_get (&n_guests);
}
