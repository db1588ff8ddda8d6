/* tests/test-naming-memory.c: names without any other process
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "config.h"

#include "naming/rmi-name-private.h"
#include "naming/rmi-naming.h"
#include "naming/rmi-registry-service-private.h"
#include "rmi/rmi-error.h"

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

static void
test_names (void)
{
  g_autofree char *longest = g_strnfill (RMI_NAME_MAX_BYTES, 'x');
  g_autofree char *too_long = g_strnfill (RMI_NAME_MAX_BYTES + 1, 'x');
  const char *good[] = { "a", "shop/warehouse", "a.b-c_d/0", "...", "a/.b", longest, NULL };
  const char *bad[] = { "",    "/",   "/a", "a/",  "a//b", ".",   "..",     "a/../b",
                        "a/.", "a b", "ä",  "a\n", "a%",   "a#b", too_long, NULL };

  for (guint i = 0; good[i] != NULL; i++)
    g_assert_cmpstr (rmi_name_find_fault (good[i]), ==, NULL);
  for (guint i = 0; bad[i] != NULL; i++)
    g_assert_nonnull (rmi_name_find_fault (bad[i]));
}

static void
test_memory (void)
{
  g_autoptr(RmiNode) node = rmi_node_new ();
  g_autoptr(RmiRegistryService) object = rmi_registry_service_new ();
  g_autoptr(GError) error = NULL;
  g_autoptr(RmiNaming) naming = rmi_naming_open (node, "rmi-memory:", NULL, &error);
  g_autoptr(RmiNaming) again = rmi_naming_open (node, "rmi-memory:", NULL, &error);
  g_autoptr(GObject) found = NULL;
  g_auto(GStrv) endpoints = NULL;

  g_assert_no_error (error);
  assert_bind (naming, "a", object);
  found = rmi_naming_lookup (again, "a", RMI_NAMES_TYPE_REGISTRY, NULL, &error);
  g_assert_true (found == G_OBJECT (object));
  endpoints = rmi_node_list_endpoints (node);
  g_assert_cmpuint (g_strv_length (endpoints), ==, 0);
  g_assert_false (rmi_naming_bind (again, "a", G_OBJECT (object), NULL, &error));
  g_assert_error (error, RMI_NAMING_ERROR, RMI_NAMING_ERROR_TAKEN);
  g_clear_error (&error);
  g_assert_true (rmi_naming_unbind (again, "a", NULL, &error));
  assert_not_found (naming, "a");
}

static void
test_pages (void)
{
  const guint n_names = 2 * RMI_REGISTRY_PAGE_NAMES + 1;
  g_autoptr(RmiNode) node = rmi_node_new ();
  g_autoptr(RmiRegistryService) object = rmi_registry_service_new ();
  g_autoptr(GError) error = NULL;
  g_autoptr(RmiNaming) naming = rmi_naming_open (node, "rmi-memory:", NULL, &error);
  g_auto(GStrv) names = NULL;

  g_assert_no_error (error);
  for (guint i = 0; i < n_names; i++)
    {
      g_autofree char *name = g_strdup_printf ("n/%05u", i);

      assert_bind (naming, name, object);
    }
  names = rmi_naming_list (naming, "n/", NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_strv_length (names), ==, n_names);
  g_assert_cmpstr (names[n_names - 1], ==, "n/02000");
}

static void
test_unavailable (void)
{
  g_autoptr(RmiNode) node = rmi_node_new ();
  g_autoptr(GError) error = NULL;

  g_assert_null (rmi_naming_open (node, "rmi+unix://%2Fnowhere%2Fr.sock", NULL, &error));
  g_assert_error (error, RMI_NAMING_ERROR, RMI_NAMING_ERROR_UNAVAILABLE);
  g_clear_error (&error);
  g_assert_null (rmi_naming_open (node, "ftp://example.org", NULL, &error));
  g_assert_error (error, RMI_ERROR, RMI_ERROR_INVALID_ARGUMENTS);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/rmi/naming-memory/names-are-checked", test_names);
  g_test_add_func ("/rmi/naming-memory/names-are-local-objects", test_memory);
  g_test_add_func ("/rmi/naming-memory/long-lists-come-in-pages", test_pages);
  g_test_add_func ("/rmi/naming-memory/no-registry-is-unavailable", test_unavailable);
  return g_test_run ();
}
