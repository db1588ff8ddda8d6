/* fuzz/fuzz-address.c: URIs of endpoints and objects
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What is accepted has one way of being written, which means the same.
 */
#include "config.h"
#include "fuzz/fuzz.h"

#include "rmi/rmi-address-internal.h"
#include "rmi/rmi-error.h"
#include "rmi/rmi-message-internal.h"

static void
check_reference (const char *uri)
{
  g_autoptr(RmiReference) reference = NULL;
  g_autoptr(RmiReference) again = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *written = NULL;
  g_autofree char *rewritten = NULL;

  reference = rmi_reference_new_for_uri (uri, &error);
  g_assert_true ((reference != NULL) == (error == NULL));
  if (reference == NULL)
    return;
  written = rmi_reference_to_uri (reference);
  again = rmi_reference_new_for_uri (written, &error);
  g_assert_no_error (error);
  rewritten = rmi_reference_to_uri (again);
  g_assert_cmpstr (written, ==, rewritten);
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  g_autofree char *uri = g_strndup ((const char *) data, size);
  g_autoptr(RmiEndpoint) endpoint = NULL;
  g_autoptr(RmiEndpoint) again = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *path = NULL;
  g_autofree char *written = NULL;
  g_autofree char *rewritten = NULL;

  check_reference (uri);
  endpoint = rmi_endpoint_parse (uri, &path, &error);
  g_assert_true ((endpoint != NULL) == (error == NULL));
  if (endpoint == NULL)
    {
      g_assert_true (error->domain == RMI_ERROR);
      return 0;
    }
  g_assert_true (rmi_path_is_valid (path));
  written = rmi_endpoint_to_uri (endpoint);
  again = rmi_endpoint_parse (written, NULL, &error);
  g_assert_no_error (error);
  rewritten = rmi_endpoint_to_uri (again);
  g_assert_cmpstr (written, ==, rewritten);
  return 0;
}
