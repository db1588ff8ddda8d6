/* tests/objects-bell.c: an interface, as rmi-codegen would write it, and an implementation
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "config.h"
#include "tests/objects-bell.h"

#include "rmi/rmi-call.h"
#include "rmi/rmi-error.h"
#include "rmi/rmi-reader.h"
#include "rmi/rmi-writer.h"
#include "skeletons/rmi-invocation.h"
#include "skeletons/rmi-skeleton.h"

#define NAME "org.example.Bell"

enum
{
  PROP_LOUDNESS = 1,
  PROP_WEIGHT,
};

/* ---- dispatch ---- */

static const char *const no_names[] = { NULL };

static gboolean
read_nothing (RmiInvocation *invocation,
              RmiReader     *reader)
{
  rmi_reader_begin_arguments (reader, no_names);
  return rmi_invocation_end_arguments (invocation, reader);
}

static void
return_nothing (RmiInvocation *invocation)
{
  RmiWriter *writer = rmi_invocation_begin_result (invocation);

  rmi_writer_add_null (writer);
  rmi_invocation_end_result (invocation, writer);
}

static void
return_bell (RmiInvocation *invocation,
             gpointer       bell)
{
  RmiWriter *writer = rmi_invocation_begin_result (invocation);

  rmi_writer_add_object (writer, bell, TEST_TYPE_BELL);
  rmi_invocation_end_result (invocation, writer);
}

static void
dispatch_echo (RmiInvocation *invocation,
               RmiReader     *reader)
{
  static const char *const names[] = { "text", NULL };
  g_autofree char *text = NULL;
  RmiWriter *writer;

  rmi_reader_begin_arguments (reader, names);
  if (rmi_reader_next_argument (reader, FALSE))
    text = rmi_reader_get_string (reader);
  if (!rmi_invocation_end_arguments (invocation, reader))
    return;

  writer = rmi_invocation_begin_result (invocation);
  rmi_writer_add_string (writer, text);
  rmi_invocation_end_result (invocation, writer);
}

static void
dispatch_make (RmiInvocation *invocation,
               RmiReader     *reader)
{
  RealBell *self = rmi_invocation_get_object (invocation);

  if (!read_nothing (invocation, reader))
    return;
  g_clear_object (&self->last);
  self->last = g_object_new (REAL_TYPE_BELL, NULL);
  return_bell (invocation, self->last);
}

static void
dispatch_last (RmiInvocation *invocation,
               RmiReader     *reader)
{
  RealBell *self = rmi_invocation_get_object (invocation);

  if (read_nothing (invocation, reader))
    return_bell (invocation, self->last);
}

static void
dispatch_same (RmiInvocation *invocation,
               RmiReader     *reader)
{
  static const char *const names[] = { "other", NULL };
  RealBell *self = rmi_invocation_get_object (invocation);
  g_autoptr(TestBell) other = NULL;

  rmi_reader_begin_arguments (reader, names);
  if (rmi_reader_next_argument (reader, FALSE))
    other = rmi_reader_get_object (reader, TEST_TYPE_BELL);
  if (!rmi_invocation_end_arguments (invocation, reader))
    return;
  self->last_given = other;
  return_bell (invocation, other);
}

/* From another thread, since a blocking caller runs no other source of the context. */
static gpointer
answer_in_thread (gpointer data)
{
  g_autoptr(RmiInvocation) invocation = data;

  return_nothing (invocation);
  return NULL;
}

static void
dispatch_later (RmiInvocation *invocation,
                RmiReader     *reader)
{
  RealBell *self = rmi_invocation_get_object (invocation);

  if (!read_nothing (invocation, reader))
    return;
  g_assert_true (rmi_invocation_get_current () == invocation);
  self->answering = g_thread_new ("answer", answer_in_thread, rmi_invocation_defer ());
  g_assert_true (rmi_invocation_is_taken (invocation));
}

static void
dispatch_drop (RmiInvocation *invocation,
               RmiReader     *reader)
{
  g_autoptr(RmiInvocation) deferred = NULL;

  if (read_nothing (invocation, reader))
    deferred = rmi_invocation_defer ();
}

static void
dispatch_twice (RmiInvocation *invocation,
                RmiReader     *reader)
{
  if (!read_nothing (invocation, reader))
    return;
  return_nothing (invocation);
  return_nothing (invocation);
}

/* ---- signal and properties ---- */

static void
emit_rung (gpointer   object,
           RmiReader *reader)
{
  static const char *const names[] = { "times", NULL };
  guint times = 0;

  rmi_reader_begin_arguments (reader, names);
  if (rmi_reader_next_argument (reader, FALSE))
    times = rmi_reader_get_uint32 (reader);
  rmi_reader_end_arguments (reader);
  if (!rmi_reader_has_failed (reader))
    g_signal_emit_by_name (object, "rung", times);
}

static void
emit_moved (gpointer   object,
            RmiReader *reader)
{
  static const char *const names[] = { "to", NULL };
  g_autoptr(TestBell) to = NULL;

  rmi_reader_begin_arguments (reader, names);
  if (rmi_reader_next_argument (reader, FALSE))
    to = rmi_reader_get_object (reader, TEST_TYPE_BELL);
  rmi_reader_end_arguments (reader);
  if (!rmi_reader_has_failed (reader))
    g_signal_emit_by_name (object, "moved", to);
}

static void forward_rung (gpointer object, guint times, RmiSkeleton *skeleton);
static void forward_moved (gpointer object, TestBell *to, RmiSkeleton *skeleton);

static void
write_uint (RmiWriter    *writer,
            const GValue *value)
{
  rmi_writer_add_uint32 (writer, g_value_get_uint (value));
}

static void
read_uint (RmiReader *reader,
           GValue    *value)
{
  g_value_set_uint (value, rmi_reader_get_uint32 (reader));
}

static GType test_bell_stub_get_type (void);

static const RmiMethodEntry methods[] = {
  { NAME, "Echo", RMI_METHOD_FLAGS_NONE, 0, dispatch_echo },
  { NAME, "Make", RMI_METHOD_FLAGS_NONE, 0, dispatch_make },
  { NAME, "Last", RMI_METHOD_FLAGS_NONE, 0, dispatch_last },
  { NAME, "Same", RMI_METHOD_FLAGS_NONE, 0, dispatch_same },
  { NAME, "Later", RMI_METHOD_FLAGS_NONE, 0, dispatch_later },
  { NAME, "Drop", RMI_METHOD_FLAGS_NONE, 0, dispatch_drop },
  { NAME, "Twice", RMI_METHOD_FLAGS_NONE, 0, dispatch_twice },
};

static const RmiSignalEntry signals[] = {
  { "Rung", "rung", emit_rung, G_CALLBACK (forward_rung), FALSE },
  { "Moved", "moved", emit_moved, G_CALLBACK (forward_moved), TRUE },
};

static const RmiPropertyEntry properties[] = {
  { "Loudness", "loudness", write_uint, read_uint },
  { "Weight", "weight", write_uint, read_uint },
};

static const RmiInterfaceEntry entry = {
  NAME,
  "{\"name\":\"org.example.Bell\",\"methods\":[{\"name\":\"Echo\",\"in\":[{\"name\":\"text\","
  "\"type\":\"s\"}],"
  "\"out\":[{\"name\":\"text\",\"type\":\"s\"}]}]}",
  methods,
  signals,
  properties,
  G_N_ELEMENTS (methods),
  G_N_ELEMENTS (signals),
  G_N_ELEMENTS (properties),
  TRUE,
  test_bell_stub_get_type,
};

static void
forward_rung (gpointer     object,
              guint        times,
              RmiSkeleton *skeleton)
{
  for (RmiWriter *writer = rmi_skeleton_begin_signal (skeleton, &signals[0]);
       writer != NULL;
       writer = rmi_skeleton_next_signal (skeleton, writer))
    rmi_writer_add_uint32 (writer, times);
}

static void
forward_moved (gpointer     object,
               TestBell    *to,
               RmiSkeleton *skeleton)
{
  for (RmiWriter *writer = rmi_skeleton_begin_signal (skeleton, &signals[1]);
       writer != NULL;
       writer = rmi_skeleton_next_signal (skeleton, writer))
    rmi_writer_add_object (writer, to, TEST_TYPE_BELL);
}

G_DEFINE_INTERFACE_WITH_CODE (TestBell, test_bell, G_TYPE_OBJECT,
                              rmi_interface_register (g_define_type_id, &entry))

static void
test_bell_default_init (TestBellInterface *iface)
{
  g_signal_new ("rung", TEST_TYPE_BELL, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                G_TYPE_UINT);
  g_signal_new ("moved", TEST_TYPE_BELL, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                TEST_TYPE_BELL);
  g_object_interface_install_property (
      iface, g_param_spec_uint ("loudness", NULL, NULL, 0, 100, 0,
                                G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS));
  g_object_interface_install_property (
      iface, g_param_spec_uint ("weight", NULL, NULL, 0, 100, 0,
                                G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));
}

/* ---- the stub ---- */

typedef struct { RmiStub parent_instance; } TestBellStub;
typedef struct { RmiStubClass parent_class; } TestBellStubClass;

static void
test_bell_stub_iface_init (TestBellInterface *iface)
{
}

G_DEFINE_TYPE_WITH_CODE (TestBellStub, test_bell_stub, RMI_TYPE_STUB,
                         G_IMPLEMENT_INTERFACE (TEST_TYPE_BELL, test_bell_stub_iface_init))

static void
test_bell_stub_class_init (TestBellStubClass *klass)
{
  rmi_stub_class_install (RMI_STUB_CLASS (klass), &entry);
}

static void
test_bell_stub_init (TestBellStub *self)
{
}

/* ---- calls ---- */

static RmiCall *
begin (TestBell   *self,
       const char *method)
{
  RmiMethodEntry called = { NAME, method };

  return rmi_stub_begin_call (RMI_STUB (self), &called);
}

gboolean
test_bell_echo (TestBell    *self,
                const char  *text,
                GError     **error)
{
  g_autoptr(RmiCall) call = begin (self, "Echo");
  g_autofree char *echoed = NULL;

  rmi_writer_add_string (rmi_call_get_writer (call), text);
  if (rmi_call_run (call, NULL, error) == NULL)
    return FALSE;
  echoed = rmi_reader_get_string (rmi_call_get_reader (call));
  return rmi_call_end (call, error) && g_str_equal (echoed, text);
}

static TestBell *
end_bell (RmiCall  *call,
          GError  **error)
{
  g_autoptr(TestBell) bell = NULL;
  RmiReader *reader = rmi_call_run (call, NULL, error);

  if (reader == NULL)
    return NULL;
  bell = rmi_reader_get_object (reader, TEST_TYPE_BELL);
  return rmi_call_end (call, error) ? g_steal_pointer (&bell) : NULL;
}

TestBell *
test_bell_make (TestBell  *self,
                GError   **error)
{
  g_autoptr(RmiCall) call = begin (self, "Make");

  return end_bell (call, error);
}

TestBell *
test_bell_last (TestBell  *self,
                GError   **error)
{
  g_autoptr(RmiCall) call = begin (self, "Last");

  return end_bell (call, error);
}

TestBell *
test_bell_same (TestBell  *self,
                TestBell  *other,
                GError   **error)
{
  g_autoptr(RmiCall) call = begin (self, "Same");

  rmi_writer_add_object (rmi_call_get_writer (call), other, TEST_TYPE_BELL);
  return end_bell (call, error);
}

gboolean
test_bell_call (TestBell    *self,
                const char  *method,
                GError     **error)
{
  g_autoptr(RmiCall) call = begin (self, method);

  return rmi_call_run (call, NULL, error) != NULL;
}

gboolean
test_bell_call_wrongly (TestBell  *self,
                        TestBell  *other,
                        GError   **error)
{
  g_autoptr(RmiCall) call = begin (self, "Echo");

  rmi_writer_add_object (rmi_call_get_writer (call), other, TEST_TYPE_BELL);
  return rmi_call_run (call, NULL, error) != NULL;
}

void
test_bell_start_last (TestBell *self)
{
  rmi_call_start (begin (self, "Last"), self, NULL, NULL, NULL);
}

/* ---- the real one ---- */

static void
real_bell_iface_init (TestBellInterface *iface)
{
}

G_DEFINE_FINAL_TYPE_WITH_CODE (RealBell, real_bell, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (TEST_TYPE_BELL, real_bell_iface_init))

static void
real_bell_get_property (GObject    *object,
                        guint       id,
                        GValue     *value,
                        GParamSpec *pspec)
{
  g_value_set_uint (value, id == PROP_LOUDNESS ? REAL_BELL (object)->loudness : 40);
}

static void
real_bell_set_property (GObject      *object,
                        guint         id,
                        const GValue *value,
                        GParamSpec   *pspec)
{
  REAL_BELL (object)->loudness = g_value_get_uint (value);
}

static void
real_bell_finalize (GObject *object)
{
  g_clear_object (&REAL_BELL (object)->last);

  G_OBJECT_CLASS (real_bell_parent_class)->finalize (object);
}

static void
real_bell_class_init (RealBellClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = real_bell_get_property;
  object_class->set_property = real_bell_set_property;
  object_class->finalize = real_bell_finalize;
  g_object_class_override_property (object_class, PROP_LOUDNESS, "loudness");
  g_object_class_override_property (object_class, PROP_WEIGHT, "weight");
}

static void
real_bell_init (RealBell *self)
{
  self->loudness = 3;
}
