/* tests/workers/test-worker-names.c: what workers export gets names
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Against the real rmi-registry, on a socket of its own.
 */
#include "config.h"

#include <glib/gstdio.h>
#include <signal.h>

#include "visitors.h"

static GSubprocess *
start_registry (const char *uri)
{
  const char *argv[] = { g_getenv ("RMI_REGISTRY_PROGRAM"), "--no-user-socket", "--listen", uri, "--print-address", NULL };
  g_autoptr(GError) error = NULL;
  GSubprocess *registry = g_subprocess_newv (argv, G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error);
  char byte;

  g_assert_no_error (error);
  g_assert_cmpint (g_input_stream_read (g_subprocess_get_stdout_pipe (registry), &byte, 1, NULL, &error), ==, 1);
  return registry;
}

/* A registry, and a node that has names there. */
typedef struct
{
  char        *folder;
  char        *uri;
  GSubprocess *registry;
  RmiNode     *node;
  RmiNaming   *naming;
} Names;

static void
names_end_registry (Names *self)
{
  g_subprocess_send_signal (self->registry, SIGTERM);
  g_subprocess_wait (self->registry, NULL, NULL);
  g_clear_object (&self->registry);
}

static Names *
names_new (void)
{
  Names *self = g_new0 (Names, 1);
  g_autofree char *path = NULL;
  g_autofree char *escaped = NULL;
  g_autoptr(GError) error = NULL;

  self->folder = g_dir_make_tmp ("workers-XXXXXX", NULL);
  path = g_build_filename (self->folder, "registry.sock", NULL);
  escaped = g_uri_escape_string (path, NULL, FALSE);
  self->uri = g_strconcat ("rmi+unix://", escaped, NULL);
  self->registry = start_registry (self->uri);
  self->node = rmi_node_new ();
  self->naming = rmi_naming_open (self->node, self->uri, NULL, &error);
  g_assert_no_error (error);
  return self;
}

static void
names_free (Names *self)
{
  names_end_registry (self);
  g_object_unref (self->naming);
  g_object_unref (self->node);
  g_rmdir (self->folder);
  g_free (self->folder);
  g_free (self->uri);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Names, names_free)

static void
names_bind (Names   *self,
            Fixture *fixture)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(OfficeDesk) desk = rmi_node_get_object (self->node, fixture->uri, OFFICE_TYPE_DESK, NULL, &error);

  g_assert_no_error (error);
  g_assert_true (rmi_naming_bind (self->naming, "office/front", G_OBJECT (desk), NULL, &error));
  g_assert_no_error (error);
}

static void
test_name (Fixture       *fixture,
           gconstpointer  data)
{
  g_autoptr(Names) names = names_new ();
  g_autoptr(GPtrArray) nodes = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(GHashTable) threads = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr(GError) error = NULL;

  names_bind (names, fixture);
  for (guint i = 0; i < 4; i++)
    {
      RmiNode *node = rmi_node_new ();
      g_autoptr(RmiNaming) naming = rmi_naming_open (node, names->uri, NULL, &error);
      g_autoptr(OfficeDesk) found = rmi_naming_lookup (naming, "office/front", OFFICE_TYPE_DESK, NULL, &error);
      g_autofree char *thread = NULL;
      guint n_calls;

      g_assert_no_error (error);
      g_assert_true (office_desk_who (found, &thread, &n_calls, NULL, &error));
      g_hash_table_add (threads, g_steal_pointer (&thread));
      g_ptr_array_add (nodes, node);
    }
  g_assert_cmpuint (g_hash_table_size (threads), ==, 2);
  g_assert_true (rmi_naming_unbind (names->naming, "office/front", NULL, &error));
  g_assert_null (rmi_naming_lookup (names->naming, "office/front", OFFICE_TYPE_DESK, NULL, &error));
  g_assert_error (error, RMI_NAMING_ERROR, RMI_NAMING_ERROR_NOT_FOUND);
}

/* Nobody holds the stub any more. */
static void
test_name_comes_back (Fixture       *fixture,
                      gconstpointer  data)
{
  g_autoptr(Names) names = names_new ();
  g_autoptr(OfficeDesk) found = NULL;

  names_bind (names, fixture);
  names_end_registry (names);
  names->registry = start_registry (names->uri);
  while (found == NULL)
    {
      g_main_context_iteration (NULL, TRUE);
      found = rmi_naming_lookup (names->naming, "office/front", OFFICE_TYPE_DESK, NULL, NULL);
    }
}

static void
test_no_name (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr(Names) names = names_new ();
  g_autoptr(Client) client = client_new (fixture);
  g_autoptr(OfficeDesk) visitor = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_true (office_desk_leave (client->desk, OFFICE_DESK (client->self), NULL, &error));
  visitor = clerk_dup_visitor (fixture->clerk);
  g_assert_false (rmi_naming_bind (names->naming, "office/visitor", G_OBJECT (visitor), NULL, &error));
  g_assert_error (error, RMI_ERROR, RMI_ERROR_NOT_SUPPORTED);
  g_clear_object (&visitor);
  clerk_forget (fixture->clerk);
}

int
main (int    argc,
      char **argv)
{
  visitors_init (&argc, &argv);
  ADD ("names-lead-to-all-workers", 2, test_name);
  ADD ("names-are-bound-again", 2, test_name_comes_back);
  ADD ("what-only-one-can-reach-gets-no-name", 2, test_no_name);

  return g_test_run ();
}
