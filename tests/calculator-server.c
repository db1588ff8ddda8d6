/* tests/calculator-server.c: binds a calculator, for tests of grmi
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * usage: calculator-server NAME: binds it at $RMI_REGISTRY, prints the URI of its node, and serves
 * until it is killed.
 */
#include "config.h"

#include "calculator.h"
#include "naming/rmi-naming.h"

#include <signal.h>

#define CALCULATOR_TYPE (calculator_get_type ())
G_DECLARE_FINAL_TYPE (Calculator, calculator, TEST, THE_CALCULATOR, GObject)

struct _Calculator
{
  GObject parent_instance;
  double  memory;
};

enum
{
  PROP_MEMORY = 1,
  PROP_OWNER,
};

static gboolean
calculator_add (TestCalculator *self,
                int             a,
                int             b,
                int            *sum,
                GCancellable   *cancellable,
                GError        **error)
{
  *sum = a + b;
  return TRUE;
}

static gboolean
calculator_divide (TestCalculator *self,
                   gint64          a,
                   gint64          b,
                   gint64         *quotient,
                   gint64         *rest,
                   GCancellable   *cancellable,
                   GError        **error)
{
  if (b == 0)
    {
      g_set_error (error, TEST_ERROR, TEST_ERROR_DIVISION_BY_ZERO,
                   "%" G_GINT64_FORMAT " cannot be shared by nobody", a);
      return FALSE;
    }
  *quotient = a / b;
  *rest = a % b;
  return TRUE;
}

static char *
calculator_describe (TestCalculator *self,
                     GPtrArray      *terms,
                     TestMode        mode,
                     GCancellable   *cancellable,
                     GError        **error)
{
  GString *text = g_string_new (mode == TEST_MODE_EXACT ? "exactly" : "roughly");

  for (guint i = 0; i < terms->len; i++)
    {
      TestTerm *term = g_ptr_array_index (terms, i);

      g_string_append_printf (text, " %d %s", test_term_get_factor (term),
                              test_term_get_label (term));
    }
  return g_string_free (text, FALSE);
}

static GPtrArray *
calculator_terms (TestCalculator *self,
                  guint           count,
                  GCancellable   *cancellable,
                  GError        **error)
{
  GPtrArray *terms = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < count; i++)
    g_ptr_array_add (terms, g_object_new (TEST_TYPE_TERM, "factor", (int) i, "label",
                                          "\033[31mred \302\233", NULL));
  return terms;
}

static gboolean
calculator_clear (TestCalculator *self,
                  GCancellable   *cancellable,
                  GError        **error)
{
  double memory = TEST_THE_CALCULATOR (self)->memory;

  g_object_set (self, "memory", 0.0, NULL);
  g_signal_emit_by_name (self, "cleared", memory);
  return TRUE;
}

static gboolean
calculator_hang (TestCalculator *self,
                 GCancellable   *cancellable,
                 GError        **error)
{
  rmi_invocation_defer ();
  return TRUE;
}

static gboolean
calculator_crash (TestCalculator *self,
                  GCancellable   *cancellable,
                  GError        **error)
{
  raise (SIGKILL);
  return TRUE;
}

static void
calculator_implement (TestCalculatorInterface *iface)
{
  iface->add = calculator_add;
  iface->divide = calculator_divide;
  iface->describe = calculator_describe;
  iface->terms = calculator_terms;
  iface->clear = calculator_clear;
  iface->hang = calculator_hang;
  iface->crash = calculator_crash;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (Calculator, calculator, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (TEST_TYPE_CALCULATOR, calculator_implement))

static void
calculator_get_property (GObject    *object,
                         guint       property_id,
                         GValue     *value,
                         GParamSpec *pspec)
{
  if (property_id == PROP_MEMORY)
    g_value_set_double (value, TEST_THE_CALCULATOR (object)->memory);
  else
    g_value_set_string (value, "Ada");
}

static void
calculator_set_property (GObject      *object,
                         guint         property_id,
                         const GValue *value,
                         GParamSpec   *pspec)
{
  TEST_THE_CALCULATOR (object)->memory = g_value_get_double (value);
}

static void
calculator_class_init (CalculatorClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = calculator_get_property;
  object_class->set_property = calculator_set_property;
  g_object_class_override_property (object_class, PROP_MEMORY, "memory");
  g_object_class_override_property (object_class, PROP_OWNER, "owner");
}

static void
calculator_init (Calculator *self)
{
  self->memory = 0.1;
}

int
main (int   argc,
      char *argv[])
{
  g_autoptr(GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr(RmiNode) node = rmi_node_new ();
  g_autoptr(GError) error = NULL;
  g_autofree char *uri = rmi_node_listen (node, "rmi://127.0.0.1:0", NULL, &error);
  g_autoptr(RmiNaming) naming = uri != NULL ? rmi_naming_open (node, NULL, NULL, &error) : NULL;
  g_autoptr(Calculator) calculator = g_object_new (CALCULATOR_TYPE, NULL);

  if (naming == NULL || argc != 2 ||
      !rmi_naming_bind (naming, argv[1], G_OBJECT (calculator), NULL, &error))
    {
      g_printerr ("%s\n", error != NULL ? error->message : "usage: calculator-server NAME");
      return 1;
    }
  g_print ("%s\n", uri);
  g_main_loop_run (loop);
  return 0;
}
