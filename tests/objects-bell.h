/* tests/objects-bell.h: an interface, as rmi-codegen would write it, and an implementation
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "rmi/rmi-interface-entry.h"
#include "stubs/rmi-stub.h"

G_BEGIN_DECLS

/* org.example.Bell: signals Rung (u) and Moved (Bell); properties Loudness (u, 0…100, read and
 * write) and Weight (u, read) */
#define TEST_TYPE_BELL (test_bell_get_type ())
G_DECLARE_INTERFACE (TestBell, test_bell, TEST, BELL, GObject)

struct _TestBellInterface
{
  GTypeInterface parent_iface;
};

#define REAL_TYPE_BELL (real_bell_get_type ())
G_DECLARE_FINAL_TYPE (RealBell, real_bell, REAL, BELL, GObject)

struct _RealBell
{
  GObject   parent_instance;
  guint     loudness;
  RealBell *last;          /* what Make made */
  gpointer  last_given;    /* what Same got; borrowed */
  GThread  *answering;     /* what answers Later; to be joined */
};

/* Calls, blocking. */
gboolean  test_bell_echo         (TestBell *self, const char *text, GError **error);
TestBell *test_bell_make         (TestBell *self, GError **error);
TestBell *test_bell_last         (TestBell *self, GError **error);
TestBell *test_bell_same         (TestBell *self, TestBell *other, GError **error);
/* Without arguments. */
gboolean  test_bell_call         (TestBell *self, const char *method, GError **error);
/* Echo with an object. */
gboolean  test_bell_call_wrongly (TestBell *self, TestBell *other, GError **error);
/* Last, and nobody waits for the answer. */
void      test_bell_start_last   (TestBell *self);

G_END_DECLS
