/* fuzz/fuzz-description.c: descriptions of interfaces, as a person or a peer writes them
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The first byte: is the rest XML, or JSON as #rpc.introspect answers? What is accepted comes out as JSON that says the same.
 */
#include "config.h"
#include "fuzz/fuzz.h"

#include <string.h>

#include "rmi/rmi-description-internal.h"

static void
check_info (RmiInterfaceInfo *info)
{
  g_autoptr(RmiInterfaceInfo) again = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *json = rmi_interface_info_to_json (info);
  g_autofree char *json_again = NULL;

  again = rmi_interface_info_new_for_json (json, -1, &error);
  g_assert_no_error (error);
  json_again = rmi_interface_info_to_json (again);
  g_assert_cmpstr (json_again, ==, json);
}

static void
check_json (const char *text,
            gsize       size)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(RmiInterfaceInfo) info = rmi_interface_info_new_for_json (text, (gssize) size, &error);

  g_assert_true ((info != NULL) == (error == NULL));
  if (info != NULL)
    check_info (info);
}

static void
check_xml (const char *text,
           gsize       size)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(RmiDescription) description = NULL;

  /* It would read whatever file the input names. */
  if (g_strstr_len (text, (gssize) size, "import") != NULL)
    return;

  description = rmi_description_new_for_data (text, (gssize) size, "input.xml", &error);
  g_assert_true ((description != NULL) == (error == NULL));
  for (guint i = 0; description != NULL && i < description->interfaces->len; i++)
    check_info (description->interfaces->pdata[i]);
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  gboolean is_xml = fuzz_take_byte (&data, &size) % 2 == 0;
  g_autofree char *text = g_memdup2 (data, size);

  if (is_xml)
    check_xml (text != NULL ? text : "", size);
  else
    check_json (text != NULL ? text : "", size);
  return 0;
}
