/* examples/shop/shop-client.c: places every order of a file
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "order-file.h"
#include "run.h"

#include <locale.h>

typedef struct
{
  int   one_by_one;
  int   at_once;
  char *report;
} Options;

static gboolean
parse_options (Options   *options,
               int       *argc,
               char    ***argv,
               GError   **error)
{
  const GOptionEntry entries[] = {
    { "one-by-one", 0, 0, G_OPTION_ARG_INT, &options->one_by_one,
      "Place the first N orders with blocking calls (200)", "N" },
    { "at-once", 0, 0, G_OPTION_ARG_INT, &options->at_once,
      "Place up to N of the others at the same time (64)", "N" },
    { "report", 0, 0, G_OPTION_ARG_FILENAME, &options->report,
      "Write what became of each order, and totals", "FILE" },
    { NULL },
  };
  g_autoptr(GOptionContext) context = g_option_context_new ("ORDERS.CSV");

  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, argc, argv, error))
    return FALSE;
  if (*argc == 2 && options->one_by_one >= 0 && options->at_once > 0)
    return TRUE;
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED, "see --help for the arguments");
  return FALSE;
}

/* The rate of orders between two moments. */
static double
get_rate (guint  orders,
          gint64 from_us,
          gint64 to_us)
{
  return orders / MAX ((to_us - from_us) / (double) G_USEC_PER_SEC, 1e-6);
}

static gboolean
place_all (Run            *run,
           const Options  *options,
           guint           n_orders,
           GError        **error)
{
  guint one_by_one = MIN ((guint) options->one_by_one, n_orders);
  gint64 start, middle, end;
  Tally *tally = run_get_tally (run);
  g_autoptr(GError) audit_error = NULL;

  start = g_get_monotonic_time ();
  run_one_by_one (run, one_by_one);
  middle = g_get_monotonic_time ();
  run_at_once (run, options->at_once);
  end = g_get_monotonic_time ();

  g_print ("  %u one by one: %.0f a second; %u, up to %d at once: %.0f a second\n\n", one_by_one,
           get_rate (one_by_one, start, middle), n_orders - one_by_one, options->at_once,
           get_rate (n_orders - one_by_one, middle, end));
  if (!run_audit (run, &audit_error))
    g_printerr ("shop-client: the books cannot be read: %s\n", audit_error->message);
  tally_print (tally);
  return options->report == NULL || tally_write_report (tally, options->report, error);
}

int
main (int   argc,
      char *argv[])
{
  g_autoptr(GError) error = NULL;
  Options options = { .one_by_one = 200, .at_once = 64 };
  g_autofree char *report = NULL;
  g_autoptr(GPtrArray) orders = NULL;
  g_autoptr(RmiNode) node = rmi_node_new ();
  g_autoptr(RmiNaming) naming = NULL;
  g_autoptr(Run) run = NULL;

  setlocale (LC_ALL, "");
  if (parse_options (&options, &argc, &argv, &error))
    orders = order_file_load (argv[1], &error);
  report = options.report;
  if (orders != NULL)
    naming = rmi_naming_open (node, NULL, NULL, &error);
  if (naming != NULL)
    run = run_new (naming, orders, &error);

  if (run != NULL && place_all (run, &options, orders->len, &error))
    return run_get_tally (run)->totals[OUTCOME_FAILED].orders > 0 ? 1 : 0;
  g_printerr ("shop-client: %s\n", error->message);
  return 2;
}
