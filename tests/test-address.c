/* tests/test-address.c: URIs of endpoints and references
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "config.h"

#include "rmi/rmi-address-internal.h"
#include "rmi/rmi-error.h"

static void
expect_uri (const char *uri,
            const char *canonical,
            const char *path)
{
  g_autoptr(RmiEndpoint) endpoint = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *read_path = NULL;
  g_autofree char *written = NULL;

  endpoint = rmi_endpoint_parse (uri, &read_path, &error);
  g_assert_no_error (error);
  written = rmi_endpoint_to_uri (endpoint);
  g_assert_cmpstr (written, ==, canonical);
  g_assert_cmpstr (read_path, ==, path);
}

static void
test_uris (void)
{
  expect_uri ("rmi://example.org", "rmi://example.org:7640", "/");
  expect_uri ("rmi://example.org/", "rmi://example.org:7640", "/");
  expect_uri ("rmi://example.org:80/shop/warehouse", "rmi://example.org:80", "/shop/warehouse");
  expect_uri ("rmi://127.0.0.1:0", "rmi://127.0.0.1:0", "/");
  expect_uri ("rmi://:7641", "rmi://:7641", "/");
  expect_uri ("rmi://[::1]", "rmi://[::1]:7640", "/");
  expect_uri ("rmi://[fe80::1]:9/~/abc", "rmi://[fe80::1]:9", "/~/abc");
  expect_uri ("rmis://example.org/a", "rmis://example.org:7640", "/a");
  expect_uri ("rmi+unix://%2Frun%2Fshop.sock/a", "rmi+unix://%2Frun%2Fshop.sock", "/a");
  expect_uri ("rmi+unix://%2Ftmp%2Fa%20b", "rmi+unix://%2Ftmp%2Fa%20b", "/");
  expect_uri ("rmi-memory:", "rmi-memory:", "/");
  expect_uri ("rmi-memory:/a", "rmi-memory:", "/a");
}

static void
test_bad_uris (void)
{
  static const char *const uris[] = {
    "", "rmi", "rmi:", "rmi:/", "http://example.org", "RMI://example.org", " rmi://example.org",
    "rmi://", "rmi:///a",
    "rmi://example.org:", "rmi://example.org:65536", "rmi://example.org:-1", "rmi://example.org:+1",
    "rmi://example.org:8x", "rmi://a:1:2", "rmi://user@example.org", "rmi://a b",
    "rmi://a%20b", "rmi://a?b",
    "rmi://a#b", "rmi://[::1", "rmi://[]", "rmi://[example.org]", "rmi://[::1]x", "rmi://[::1]7640",
    "rmi://a//", "rmi://a/b/", "rmi://a/..", "rmi://a/./b", "rmi://a/b?c", "rmi://a/b#c",
    "rmi://a/%41",
    "rmi+unix://", "rmi+unix:///run/shop.sock", "rmi+unix://run%2Fshop",
    "rmi+unix://%2", "rmi+unix://%2Fa%00b",
    "rmi-memory:x", "rmi-memory://x",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (uris); i++)
    {
      g_autoptr(RmiEndpoint) endpoint = NULL;
      g_autoptr(GError) error = NULL;
      char *path = NULL;

      endpoint = rmi_endpoint_parse (uris[i], &path, &error);
      if (endpoint != NULL)
        g_error ("\"%s\" was accepted", uris[i]);
      g_assert_error (error, RMI_ERROR, RMI_ERROR_INVALID_ARGUMENTS);
      g_assert_null (path);
    }
}

/* Neither a URI nor what an error quotes of it grows with what a peer sends. */
static void
test_long_uris (void)
{
  g_autofree char *path = g_strnfill (120, 'a');
  g_autofree char *socket = g_strdup_printf ("rmi+unix://%%2F%s", path);
  g_autofree char *many = g_strnfill (1000000, 'a');
  g_autofree char *host = g_strdup_printf ("rmi://%s", many);
  g_autoptr(GError) error = NULL;

  g_assert_null (rmi_endpoint_parse (socket, NULL, &error));
  g_assert_error (error, RMI_ERROR, RMI_ERROR_INVALID_ARGUMENTS);
  g_clear_error (&error);
  g_assert_null (rmi_endpoint_parse (host, NULL, &error));
  g_assert_error (error, RMI_ERROR, RMI_ERROR_INVALID_ARGUMENTS);
  g_assert_cmpuint (strlen (error->message), <, 400);
}

static void
test_connectable (void)
{
  g_autoptr(RmiEndpoint) tcp = rmi_endpoint_parse ("rmi://[::1]:80", NULL, NULL);
  g_autoptr(RmiEndpoint) local = rmi_endpoint_parse ("rmi+unix://%2Frun%2Fa", NULL, NULL);
  g_autoptr(GSocketConnectable) tcp_connectable = rmi_endpoint_get_connectable (tcp);
  g_autoptr(GSocketConnectable) local_connectable = rmi_endpoint_get_connectable (local);

  g_assert_true (G_IS_NETWORK_ADDRESS (tcp_connectable));
  g_assert_cmpstr (g_network_address_get_hostname (G_NETWORK_ADDRESS (tcp_connectable)), ==, "::1");
  g_assert_cmpuint (g_network_address_get_port (G_NETWORK_ADDRESS (tcp_connectable)), ==, 80);
  g_assert_cmpint (g_socket_address_get_family (G_SOCKET_ADDRESS (local_connectable)), ==,
                   G_SOCKET_FAMILY_UNIX);
}

static void
test_reference (void)
{
  static const char *const endpoints[] = { "rmi://example.org", "rmi+unix://%2Frun%2Fa", NULL };
  static const char *const canonical[] = {
    "rmi://example.org:7640", "rmi+unix://%2Frun%2Fa", NULL
  };
  static const char *const interfaces[] = { "org.example.A", "org.example.B", NULL };
  g_autoptr(RmiReference) reference = NULL;
  g_autoptr(RmiReference) copy = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *uri = NULL;

  reference = rmi_reference_new (endpoints, "/shop", interfaces, &error);
  g_assert_no_error (error);
  g_assert_cmpstrv (rmi_reference_get_endpoints (reference), canonical);
  g_assert_cmpstrv (rmi_reference_get_interfaces (reference), interfaces);
  g_assert_cmpstr (rmi_reference_get_path (reference), ==, "/shop");
  uri = rmi_reference_to_uri (reference);
  g_assert_cmpstr (uri, ==, "rmi://example.org:7640/shop");

  copy = g_boxed_copy (RMI_TYPE_REFERENCE, reference);
  g_clear_pointer (&reference, rmi_reference_unref);
  g_assert_cmpstr (rmi_reference_get_path (copy), ==, "/shop");
}

static void
test_reference_and_uri (void)
{
  static const char *const uris[] = {
    "rmi://example.org:1/a/b", "rmi+unix://%2Frun%2Fa/~/xyz", "rmis://[::1]:7640/",
    "rmi://h:7640/a.b-c~d_e",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (uris); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(RmiReference) reference = rmi_reference_new_for_uri (uris[i], &error);
      g_autofree char *uri = NULL;

      g_assert_no_error (error);
      uri = rmi_reference_to_uri (reference);
      g_assert_cmpstr (uri, ==, uris[i]);
      g_assert_cmpuint (g_strv_length ((char **) rmi_reference_get_interfaces (reference)), ==, 0);
    }
  g_assert_null (rmi_reference_new_for_uri ("/shop", NULL));
}

static void
test_bad_references (void)
{
  static const char *const good[] = { "rmi://a", NULL };
  static const struct
  {
    const char *endpoint, *path, *interface, *message;
  } cases[] = {
    { NULL, "/a", "org.example.A", "A reference needs an endpoint" },
    { "rmi://a/b", "/a", "org.example.A", "\"rmi://a/b\": an endpoint has no path" },
    { "rmi://a:x", "/a", "org.example.A", NULL },
    { "rmi://a", "a", "org.example.A", "\"a\" is no object path" },
    { "rmi://a", "/a/../b", "org.example.A", "\"/a/../b\" is no object path" },
    { "rmi://a", "", "org.example.A", "\"\" is no object path" },
    { "rmi://a", "/a", "Warehouse", "\"Warehouse\" is no name of an interface" },
    { "rmi://a", "/a", "org.example.A!", NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const char *endpoints[] = { cases[i].endpoint, NULL };
      const char *interfaces[] = { cases[i].interface, NULL };
      g_autoptr(GError) error = NULL;

      g_assert_null (rmi_reference_new (endpoints, cases[i].path, interfaces, &error));
      g_assert_error (error, RMI_ERROR, RMI_ERROR_INVALID_ARGUMENTS);
      if (cases[i].message != NULL)
        g_assert_cmpstr (error->message, ==, cases[i].message);
    }
  g_assert_null (rmi_reference_new (NULL, "/a", NULL, NULL));
  g_assert_null (rmi_reference_new (good, "//", NULL, NULL));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/rmi/address/uris-have-one-canonical-form", test_uris);
  g_test_add_func ("/rmi/address/bad-uris-are-refused", test_bad_uris);
  g_test_add_func ("/rmi/address/long-uris-are-refused-briefly", test_long_uris);
  g_test_add_func ("/rmi/address/endpoints-can-be-dialled", test_connectable);
  g_test_add_func ("/rmi/address/references-keep-their-parts", test_reference);
  g_test_add_func ("/rmi/address/references-go-through-uris", test_reference_and_uri);
  g_test_add_func ("/rmi/address/bad-references-are-refused", test_bad_references);
  return g_test_run ();
}
