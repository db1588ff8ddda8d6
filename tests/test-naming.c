/* tests/test-naming.c: names are given, found, taken away, and vanish with their owner
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Against the real rmi-registry on a socket of its own. Other owners are this program again, as
 * `test-naming provider NAME`; the objects they bind are registries, which are described objects as
 * any other.
 */
#include "config.h"

#include "naming/rmi-naming.h"
#include "naming/rmi-registry-service-private.h"
#include "rmi/rmi-connection-internal.h"
#include "rmi/rmi-error.h"
#include "stubs/rmi-stub.h"

#include <glib/gstdio.h>
#include <signal.h>

static const char *program;

/* ---- processes ---- */

static GSubprocess *
spawn (const char *const *argv)
{
  g_autoptr(GError) error = NULL;
  GSubprocess *process = g_subprocess_newv (argv, G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error);

  g_assert_no_error (error);
  return process;
}

/* The first line that @process prints. */
static char *
read_line (GSubprocess *process)
{
  g_autoptr(GDataInputStream) out =
      g_data_input_stream_new (g_subprocess_get_stdout_pipe (process));
  g_autoptr(GError) error = NULL;
  char *line;

  g_filter_input_stream_set_close_base_stream (G_FILTER_INPUT_STREAM (out), FALSE);
  line = g_data_input_stream_read_line_utf8 (out, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (line);
  return line;
}

static void
end_process (GSubprocess *process,
             int          signal_number)
{
  g_subprocess_send_signal (process, signal_number);
  g_assert_true (g_subprocess_wait (process, NULL, NULL));
}

typedef struct
{
  char        *folder;
  char        *uri;
  GSubprocess *registry;
  RmiNode     *node;
  RmiNaming   *naming;
} Fixture;

static void
start_registry (Fixture *fixture)
{
  const char *argv[] = { g_getenv ("RMI_REGISTRY_PROGRAM"), "--no-user-socket", "--listen", fixture->uri,
                         "--print-address", NULL };
  g_autofree char *address = NULL;

  g_assert_nonnull (argv[0]);
  fixture->registry = spawn (argv);
  address = read_line (fixture->registry);
  g_assert_cmpstr (address, ==, fixture->uri);
}

static void
set_up (Fixture      *fixture,
        gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *path = NULL;
  g_autofree char *escaped = NULL;

  fixture->folder = g_dir_make_tmp ("rmi-naming-XXXXXX", &error);
  g_assert_no_error (error);
  g_setenv ("XDG_RUNTIME_DIR", fixture->folder, TRUE);
  path = g_build_filename (fixture->folder, "r.sock", NULL);
  escaped = g_uri_escape_string (path, NULL, FALSE);
  fixture->uri = g_strconcat ("rmi+unix://", escaped, NULL);
  start_registry (fixture);
  fixture->node = rmi_node_new ();
  fixture->naming = rmi_naming_open (fixture->node, fixture->uri, NULL, &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture      *fixture,
           gconstpointer data)
{
  const char *argv[] = { "rm", "-rf", fixture->folder, NULL };
  g_autoptr(GSubprocess) remove = NULL;

  g_assert_finalize_object (fixture->naming);
  rmi_node_close (fixture->node);
  g_assert_finalize_object (fixture->node);
  end_process (fixture->registry, SIGTERM);
  g_assert_cmpint (g_subprocess_get_exit_status (fixture->registry), ==, 0);
  g_object_unref (fixture->registry);
  remove = spawn (argv);
  g_subprocess_wait (remove, NULL, NULL);
  g_free (fixture->folder);
  g_free (fixture->uri);
}

/* ---- the other owner ---- */

static GSubprocess *
spawn_provider (Fixture    *fixture,
                const char *how,
                const char *name)
{
  const char *argv[] = { program, "provider", fixture->uri, how, name, NULL };
  GSubprocess *process = spawn (argv);
  g_autofree char *line = read_line (process);

  g_assert_cmpstr (line, ==, "bound");
  return process;
}

static int
run_provider (char **arguments)
{
  g_autoptr(GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr(RmiNode) node = rmi_node_new ();
  g_autoptr(GError) error = NULL;
  g_autoptr(RmiNaming) naming = rmi_naming_open (node, arguments[0], NULL, &error);
  g_autoptr(RmiRegistryService) object = rmi_registry_service_new ();
  gboolean is_bound = FALSE;

  if (naming != NULL && g_str_equal (arguments[1], "bind"))
    is_bound = rmi_naming_bind (naming, arguments[2], G_OBJECT (object), NULL, &error);
  else if (naming != NULL)
    is_bound = rmi_naming_rebind (naming, arguments[2], G_OBJECT (object), NULL, &error);
  g_print ("%s\n", is_bound ? "bound" : error->message);
  g_main_loop_run (loop);
  return 0;
}

/* ---- waiting for names ---- */

typedef struct
{
  RmiNamesRegistry *registry;
  const char       *name;
  GMainLoop        *loop;
} Waiter;

static void
unbound_cb (RmiNamesRegistry *registry,
            const char       *name,
            gpointer          user_data)
{
  Waiter *waiter = user_data;

  if (g_str_equal (name, waiter->name))
    g_main_loop_quit (waiter->loop);
}

static void
bound_cb (RmiNamesRegistry *registry,
          const char       *name,
          RmiNamesProvider *provider,
          gpointer          user_data)
{
  unbound_cb (registry, name, user_data);
}

static Waiter *
waiter_new (Fixture    *fixture,
            const char *signal_name,
            const char *name)
{
  Waiter *waiter = g_new0 (Waiter, 1);
  gpointer callback =
      g_str_equal (signal_name, "bound") ? (gpointer) bound_cb : (gpointer) unbound_cb;
  g_autoptr(GError) error = NULL;

  waiter->registry = rmi_node_get_object (fixture->node, rmi_naming_get_uri (fixture->naming),
                                          RMI_NAMES_TYPE_REGISTRY, NULL, &error);
  g_assert_no_error (error);
  waiter->name = name;
  waiter->loop = g_main_loop_new (NULL, FALSE);
  g_signal_connect (waiter->registry, signal_name, callback, waiter);
  return waiter;
}

static void
waiter_free (Waiter *waiter)
{
  g_signal_handlers_disconnect_by_data (waiter->registry, waiter);
  g_object_unref (waiter->registry);
  g_main_loop_unref (waiter->loop);
  g_free (waiter);
}

static void
waiter_run (Waiter *waiter)
{
  g_main_loop_run (waiter->loop);
  waiter_free (waiter);
}

/* ---- helpers of tests ---- */

static void
assert_not_found (RmiNaming  *naming,
                  const char *name)
{
  g_autoptr(GError) error = NULL;
  gpointer object = rmi_naming_lookup (naming, name, RMI_NAMES_TYPE_REGISTRY, NULL, &error);

  g_assert_error (error, RMI_NAMING_ERROR, RMI_NAMING_ERROR_NOT_FOUND);
  g_assert_null (object);
}

static void
assert_bind (RmiNaming  *naming,
             const char *name,
             gpointer    object)
{
  g_autoptr(GError) error = NULL;

  rmi_naming_bind (naming, name, object, NULL, &error);
  g_assert_no_error (error);
}

/* The object of @name answers. */
static void
assert_answers (RmiNaming  *naming,
                const char *name)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(RmiNamesRegistry) object =
      rmi_naming_lookup (naming, name, RMI_NAMES_TYPE_REGISTRY, NULL, &error);
  g_autoptr(GPtrArray) entries = NULL;
  gboolean more = TRUE;

  g_assert_no_error (error);
  rmi_names_registry_list (object, "", "", &entries, &more, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (entries->len, ==, 0);
  g_assert_false (more);
}

/* ---- tests ---- */

static void
test_another_process (Fixture      *fixture,
                      gconstpointer data)
{
  g_autoptr(GSubprocess) provider = spawn_provider (fixture, "bind", "shop/warehouse");

  assert_answers (fixture->naming, "shop/warehouse");
  end_process (provider, SIGKILL);
}

static void
test_killed_owner (Fixture      *fixture,
                   gconstpointer data)
{
  g_autoptr(GSubprocess) provider = spawn_provider (fixture, "bind", "doomed");
  Waiter *waiter = waiter_new (fixture, "unbound", "doomed");

  end_process (provider, SIGKILL);
  waiter_run (waiter);
  assert_not_found (fixture->naming, "doomed");
}

static void
assert_path (RmiNode    *node,
             gpointer    object,
             const char *expected)
{
  g_autofree char *path = rmi_node_dup_export_path (node, G_OBJECT (object));

  g_assert_cmpstr (path, ==, expected);
}

static void
test_taken (Fixture      *fixture,
            gconstpointer data)
{
  g_autoptr(GSubprocess) provider = spawn_provider (fixture, "bind", "mine");
  g_autoptr(RmiRegistryService) object = rmi_registry_service_new ();
  g_autoptr(GError) error = NULL;

  g_assert_false (rmi_naming_bind (fixture->naming, "mine", G_OBJECT (object), NULL, &error));
  g_assert_error (error, RMI_NAMING_ERROR, RMI_NAMING_ERROR_TAKEN);
  assert_path (fixture->node, object, NULL);
  g_clear_error (&error);

  assert_bind (fixture->naming, "own", object);
  g_assert_false (rmi_naming_bind (fixture->naming, "own", G_OBJECT (object), NULL, &error));
  g_assert_error (error, RMI_NAMING_ERROR, RMI_NAMING_ERROR_TAKEN);
  assert_path (fixture->node, object, "/own");
  end_process (provider, SIGKILL);
}

static void
test_rebind (Fixture      *fixture,
             gconstpointer data)
{
  g_autoptr(RmiRegistryService) object = rmi_registry_service_new ();
  g_autoptr(GSubprocess) old = spawn_provider (fixture, "bind", "name");
  g_autoptr(GSubprocess) witness = spawn_provider (fixture, "bind", "witness");
  g_autoptr(GSubprocess) middle = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(GObject) found = NULL;
  Waiter *waiter;

  middle = spawn_provider (fixture, "rebind", "name");
  rmi_naming_rebind (fixture->naming, "name", G_OBJECT (object), NULL, &error);
  g_assert_no_error (error);

  /* What the old owners lose now is not the name. */
  waiter = waiter_new (fixture, "unbound", "witness");
  end_process (old, SIGKILL);
  end_process (middle, SIGKILL);
  end_process (witness, SIGKILL);
  waiter_run (waiter);
  found = rmi_naming_lookup (fixture->naming, "name", RMI_NAMES_TYPE_REGISTRY, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (found == G_OBJECT (object));
}

static void
test_rebind_own (Fixture      *fixture,
                 gconstpointer data)
{
  g_autoptr(RmiRegistryService) first = rmi_registry_service_new ();
  g_autoptr(RmiRegistryService) second = rmi_registry_service_new ();
  g_autoptr(GError) error = NULL;
  g_autoptr(GObject) found = NULL;

  assert_bind (fixture->naming, "name", first);
  rmi_naming_rebind (fixture->naming, "name", G_OBJECT (second), NULL, &error);
  g_assert_no_error (error);
  assert_path (fixture->node, first, NULL);
  assert_path (fixture->node, second, "/name");
  found = rmi_naming_lookup (fixture->naming, "name", RMI_NAMES_TYPE_REGISTRY, NULL, &error);
  g_assert_true (found == G_OBJECT (second));

  rmi_naming_unbind (fixture->naming, "name", NULL, &error);
  g_assert_no_error (error);
  assert_path (fixture->node, second, NULL);
}

static void
test_unbind (Fixture      *fixture,
             gconstpointer data)
{
  g_autoptr(GSubprocess) provider = spawn_provider (fixture, "bind", "theirs");
  g_autoptr(RmiRegistryService) object = rmi_registry_service_new ();
  g_autoptr(GError) error = NULL;

  g_assert_false (rmi_naming_unbind (fixture->naming, "theirs", NULL, &error));
  g_assert_error (error, RMI_NAMING_ERROR, RMI_NAMING_ERROR_NOT_OWNER);
  g_clear_error (&error);
  assert_answers (fixture->naming, "theirs");
  end_process (provider, SIGKILL);

  g_assert_false (rmi_naming_unbind (fixture->naming, "nobody", NULL, &error));
  g_assert_error (error, RMI_NAMING_ERROR, RMI_NAMING_ERROR_NOT_FOUND);
  g_clear_error (&error);

  /* An object with two names stays until the last is gone. */
  assert_bind (fixture->naming, "one", object);
  assert_bind (fixture->naming, "two", object);
  g_assert_true (rmi_naming_unbind (fixture->naming, "one", NULL, &error));
  assert_path (fixture->node, object, "/one");
  g_assert_true (rmi_naming_unbind (fixture->naming, "two", NULL, &error));
  assert_path (fixture->node, object, NULL);
  assert_not_found (fixture->naming, "one");
}

static void
test_list (Fixture      *fixture,
           gconstpointer data)
{
  g_autoptr(RmiRegistryService) object = rmi_registry_service_new ();
  g_autoptr(GError) error = NULL;
  g_auto(GStrv) shop = NULL;
  g_auto(GStrv) all = NULL;
  g_auto(GStrv) none = NULL;

  assert_bind (fixture->naming, "shop/b", object);
  assert_bind (fixture->naming, "shop/a", object);
  assert_bind (fixture->naming, "shop.c", object);
  assert_bind (fixture->naming, "z", object);
  shop = rmi_naming_list (fixture->naming, "shop/", NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstrv (shop, ((const char *[]) { "shop/a", "shop/b", NULL }));
  all = rmi_naming_list (fixture->naming, NULL, NULL, &error);
  g_assert_cmpstrv (all, ((const char *[]) { "shop.c", "shop/a", "shop/b", "z", NULL }));
  none = rmi_naming_list (fixture->naming, "zz", NULL, &error);
  g_assert_cmpuint (g_strv_length (none), ==, 0);
}

static void
test_wrong_type (Fixture      *fixture,
                 gconstpointer data)
{
  g_autoptr(GSubprocess) provider = spawn_provider (fixture, "bind", "thing");
  g_autoptr(RmiRegistryService) object = rmi_registry_service_new ();
  g_autoptr(GError) error = NULL;

  assert_bind (fixture->naming, "local", object);
  g_assert_null (rmi_naming_lookup (fixture->naming, "local", RMI_TYPE_STUB, NULL, &error));
  g_assert_error (error, RMI_NAMING_ERROR, RMI_NAMING_ERROR_WRONG_TYPE);
  end_process (provider, SIGKILL);
}

static void
test_invalid_names (Fixture      *fixture,
                    gconstpointer data)
{
  g_autoptr(RmiRegistryService) object = rmi_registry_service_new ();
  g_autoptr(GError) error = NULL;
  g_autoptr(RmiNamesRegistry) registry = NULL;
  g_autoptr(RmiNamesProvider) provider = NULL;

  g_assert_false (rmi_naming_bind (fixture->naming, "../etc", G_OBJECT (object), NULL, &error));
  g_assert_error (error, RMI_NAMING_ERROR, RMI_NAMING_ERROR_INVALID_NAME);
  g_clear_error (&error);

  /* The registry does not trust its callers. */
  registry = rmi_node_get_object (fixture->node, rmi_naming_get_uri (fixture->naming),
                                  RMI_NAMES_TYPE_REGISTRY, NULL, &error);
  provider = g_object_new (RMI_NAMES_TYPE_PROVIDER, "path", "/x", NULL);
  g_assert_false (rmi_names_registry_bind (registry, "a//b", provider, FALSE, NULL, &error));
  g_assert_error (error, RMI_NAMES_ERROR, RMI_NAMES_ERROR_INVALID_NAME);
  g_clear_error (&error);
  g_assert_false (rmi_names_registry_bind (registry, "x", provider, FALSE, NULL, &error));
  g_assert_error (error, RMI_ERROR, RMI_ERROR_INVALID_ARGUMENTS);
}

/* Binds what a hostile provider could send. */
static GError *
try_provider (RmiNamesRegistry *registry,
              const char       *endpoint,
              const char       *path)
{
  const char *endpoints[] = { endpoint, NULL };
  g_autoptr(RmiNamesProvider) provider =
      g_object_new (RMI_NAMES_TYPE_PROVIDER, "endpoints", endpoints, "path", path, NULL);
  GError *error = NULL;

  rmi_names_registry_bind (registry, "hostile", provider, TRUE, NULL, &error);
  return error;
}

static void
test_hostile_providers (Fixture      *fixture,
                        gconstpointer data)
{
  g_autofree char *huge = g_strnfill (RMI_REGISTRY_MAX_PROVIDER_BYTES, 'x');
  g_autoptr(RmiNamesRegistry) registry = NULL;
  g_autoptr(RmiNamesProvider) provider = NULL;
  g_autoptr(GError) error = NULL;
  g_auto(GStrv) endpoints = NULL;
  const struct { const char *endpoint, *path; RmiError code; } cases[] = {
    { "", "/x", RMI_ERROR_INVALID_ARGUMENTS },
    { "http://127.0.0.1/", "/x", RMI_ERROR_INVALID_ARGUMENTS },
    { "rmi-memory:", "/x", RMI_ERROR_INVALID_ARGUMENTS },
    { "rmi://127.0.0.1:1/path", "/x", RMI_ERROR_INVALID_ARGUMENTS },
    { "rmi://127.0.0.1:1", "/../x", RMI_ERROR_INVALID_ARGUMENTS },
    { "rmi://127.0.0.1:1", huge, RMI_ERROR_LIMIT },
  };

  registry = rmi_node_get_object (fixture->node, rmi_naming_get_uri (fixture->naming),
                                  RMI_NAMES_TYPE_REGISTRY, NULL, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) refused = try_provider (registry, cases[i].endpoint, cases[i].path);

      g_assert_error (refused, RMI_ERROR, (int) cases[i].code);
    }

  /* A wildcard becomes the address the registry sees. */
  g_assert_no_error (try_provider (registry, "rmi://:4711", "/x"));
  provider = rmi_names_registry_lookup (registry, "hostile", NULL, &error);
  g_assert_no_error (error);
  g_object_get (provider, "endpoints", &endpoints, NULL);
  g_assert_cmpstrv (endpoints, ((const char *[]) { "rmi://127.0.0.1:4711", NULL }));
}

static void
test_second_registry (Fixture      *fixture,
                      gconstpointer data)
{
  const char *argv[] = { g_getenv ("RMI_REGISTRY_PROGRAM"), "--no-user-socket", "--listen", fixture->uri, NULL };
  g_autoptr(GError) error = NULL;
  g_autoptr(GSubprocess) second = g_subprocess_newv (argv, G_SUBPROCESS_FLAGS_STDERR_PIPE, &error);
  g_autofree char *said = NULL;

  g_assert_true (g_subprocess_communicate_utf8 (second, NULL, NULL, NULL, &said, &error));
  g_assert_cmpint (g_subprocess_get_exit_status (second), ==, 2);
  g_assert_nonnull (strstr (said, "is there a registry already?"));

  /* The socket of a dead one is taken over. */
  end_process (fixture->registry, SIGKILL);
  g_clear_object (&fixture->registry);
  start_registry (fixture);
}

/* The first call after a lost connection may be the one that finds out. */
static GStrv
list_when_connected (RmiNaming *naming)
{
  g_autoptr(GError) error = NULL;
  GStrv names = rmi_naming_list (naming, NULL, NULL, &error);

  if (names == NULL)
    {
      g_clear_error (&error);
      names = rmi_naming_list (naming, NULL, NULL, &error);
    }
  g_assert_no_error (error);
  return names;
}

static void
test_registry_comes_back (Fixture      *fixture,
                          gconstpointer data)
{
  g_autoptr(RmiRegistryService) object = rmi_registry_service_new ();
  Waiter *waiter = waiter_new (fixture, "bound", "kept");
  g_autoptr(GError) error = NULL;
  g_auto(GStrv) names = NULL;

  assert_bind (fixture->naming, "kept", object);
  assert_bind (fixture->naming, "given-up", object);
  g_assert_true (rmi_naming_unbind (fixture->naming, "given-up", NULL, &error));
  waiter_run (waiter);

  end_process (fixture->registry, SIGKILL);
  g_clear_object (&fixture->registry);
  start_registry (fixture);
  names = list_when_connected (fixture->naming);
  waiter = waiter_new (fixture, "bound", "kept");
  if (names[0] == NULL)
    waiter_run (waiter);
  else
    waiter_free (waiter);
  g_strfreev (names);
  names = rmi_naming_list (fixture->naming, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstrv (names, ((const char *[]) { "kept", NULL }));
}

/* ---- asynchronous ---- */

static void
store_result_cb (GObject      *object,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  GAsyncResult **stored = user_data;

  *stored = g_object_ref (result);
}

static GAsyncResult *
wait_for (GAsyncResult **result)
{
  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return g_steal_pointer (result);
}

static void
test_async (Fixture      *fixture,
            gconstpointer data)
{
  g_autoptr(RmiRegistryService) object = rmi_registry_service_new ();
  g_autoptr(GSubprocess) provider = spawn_provider (fixture, "bind", "theirs");
  g_autoptr(GError) error = NULL;
  g_autoptr(GObject) found = NULL;
  g_autoptr(GAsyncResult) done = NULL;
  g_auto(GStrv) names = NULL;
  GAsyncResult *result = NULL;

  rmi_naming_bind_async (fixture->naming, "mine", G_OBJECT (object), NULL, store_result_cb,
                         &result);
  g_assert_null (result);
  g_assert_true (rmi_naming_bind_finish (fixture->naming, (done = wait_for (&result)), &error));
  g_clear_object (&done);

  rmi_naming_bind_async (fixture->naming, "theirs", G_OBJECT (object), NULL, store_result_cb,
                         &result);
  g_assert_false (rmi_naming_bind_finish (fixture->naming, (done = wait_for (&result)), &error));
  g_assert_error (error, RMI_NAMING_ERROR, RMI_NAMING_ERROR_TAKEN);
  g_clear_error (&error);
  g_clear_object (&done);

  rmi_naming_lookup_async (fixture->naming, "theirs", RMI_NAMES_TYPE_REGISTRY, NULL,
                           store_result_cb, &result);
  found = rmi_naming_lookup_finish (fixture->naming, (done = wait_for (&result)), &error);
  g_assert_no_error (error);
  g_assert_true (RMI_IS_STUB (found));
  g_clear_object (&done);

  rmi_naming_list_async (fixture->naming, NULL, NULL, store_result_cb, &result);
  names = rmi_naming_list_finish (fixture->naming, (done = wait_for (&result)), &error);
  g_assert_no_error (error);
  g_assert_cmpstrv (names, ((const char *[]) { "mine", "theirs", NULL }));
  g_clear_object (&done);

  rmi_naming_unbind_async (fixture->naming, "mine", NULL, store_result_cb, &result);
  g_assert_true (rmi_naming_unbind_finish (fixture->naming, (done = wait_for (&result)), &error));
  end_process (provider, SIGKILL);
}

int
main (int   argc,
      char *argv[])
{
  if (argc == 5 && g_str_equal (argv[1], "provider"))
    return run_provider (argv + 2);

  program = argv[0];
  g_test_init (&argc, &argv, NULL);
#define ADD(path, func) g_test_add ("/rmi/naming/" path, Fixture, NULL, set_up, func, tear_down)
  ADD ("an-object-of-another-process-is-found", test_another_process);
  ADD ("a-killed-owner-loses-its-names", test_killed_owner);
  ADD ("a-taken-name-is-refused", test_taken);
  ADD ("rebind-replaces-and-outlives-the-old-owners", test_rebind);
  ADD ("rebind-replaces-an-own-object", test_rebind_own);
  ADD ("unbind-is-for-owners", test_unbind);
  ADD ("list-is-sorted-and-by-prefix", test_list);
  ADD ("a-wrong-type-is-told", test_wrong_type);
  ADD ("invalid-names-are-refused", test_invalid_names);
  ADD ("hostile-providers-are-refused", test_hostile_providers);
  ADD ("a-second-registry-does-not-start", test_second_registry);
  ADD ("names-are-bound-again-when-the-registry-is-back", test_registry_comes_back);
  ADD ("asynchronous-calls-do-the-same", test_async);
  return g_test_run ();
}
