/* examples/tutorial/server.c: an object that greets, under the name "hello"
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "hello.h"

G_DECLARE_FINAL_TYPE (Greeter, greeter, DEMO, GREETER, GObject)
struct _Greeter { GObject parent_instance; };

static char *
greeter_greet (HelloGreeter *self, const char *name, GCancellable *cancellable, GError **error)
{
  return g_strdup_printf ("Hello, %s!", name);
}

static void
greeter_implement (HelloGreeterInterface *iface)
{
  iface->greet = greeter_greet;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (Greeter, greeter, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (HELLO_TYPE_GREETER, greeter_implement))
static void greeter_class_init (GreeterClass *klass) {}
static void greeter_init (Greeter *self) {}

int
main (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr(GObject) greeter = g_object_new (greeter_get_type (), NULL);
  g_autoptr(RmiNode) node = rmi_node_new ();
  g_autofree char *uri = rmi_node_listen (node, NULL, NULL, &error);
  g_autoptr(RmiNaming) naming = uri ? rmi_naming_open (node, NULL, NULL, &error) : NULL;

  if (naming && rmi_naming_bind (naming, "hello", greeter, NULL, &error))
    g_main_loop_run (loop);
  g_printerr ("%s\n", error->message);
  return 1;
}
