/* tests/classes/test-registration.c: what may be registered, and what of it is text
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "config.h"
#include "tests/classes/parcel.h"

#include <string.h>

#include <json-glib/json-glib.h>

#include "classes.h"
#include "rmi/rmi-class-entry.h"
#include "rmi/rmi-reader-internal.h"
#include "rmi/rmi-scanner-internal.h"
#include "rmi/rmi-writer-internal.h"

/* ---- a class of all that cannot be ---- */

G_DECLARE_DERIVABLE_TYPE (Odd, odd, TEST, ODD, GObject)

struct _OddClass
{
  GObjectClass parent_class;
};

G_DEFINE_TYPE (Odd, odd, G_TYPE_OBJECT)

static void
odd_get_property (GObject    *object,
                  guint       property_id,
                  GValue     *value,
                  GParamSpec *pspec)
{
}

static void
odd_set_property (GObject      *object,
                  guint         property_id,
                  const GValue *value,
                  GParamSpec   *pspec)
{
}

static void
odd_class_init (OddClass *klass)
{
  GParamSpec *pspecs[] = {
    NULL,
    g_param_spec_pointer ("pointer", NULL, NULL, G_PARAM_READWRITE),
    g_param_spec_gtype ("gtype", NULL, NULL, G_TYPE_NONE, G_PARAM_READWRITE),
    g_param_spec_boxed ("table", NULL, NULL, G_TYPE_HASH_TABLE, G_PARAM_READWRITE),
    g_param_spec_object ("object", NULL, NULL, G_TYPE_OBJECT, G_PARAM_READWRITE),
    g_param_spec_object ("file", NULL, NULL, G_TYPE_FILE, G_PARAM_READWRITE),
    g_param_spec_param ("param", NULL, NULL, G_TYPE_PARAM_INT, G_PARAM_READWRITE),
    g_param_spec_int ("read", NULL, NULL, 0, 1, 0, G_PARAM_READABLE),
    g_param_spec_int ("write", NULL, NULL, 0, 1, 0, G_PARAM_WRITABLE),
    g_param_spec_int ("good", NULL, NULL, 0, 1, 0, G_PARAM_READWRITE),
  };

  G_OBJECT_CLASS (klass)->get_property = odd_get_property;
  G_OBJECT_CLASS (klass)->set_property = odd_set_property;
  g_object_class_install_properties (G_OBJECT_CLASS (klass), G_N_ELEMENTS (pspecs), pspecs);
}

static void
odd_init (Odd *self)
{
}

/* Subclasses of it that cannot be made, or only so. */
static void
odd_implement_serializable (JsonSerializableIface *iface)
{
}

static void
odd_implement_initable (GInitableIface *iface)
{
}

typedef Odd OddSerial, OddInitable, OddAbstract;
typedef OddClass OddSerialClass, OddInitableClass, OddAbstractClass;

#define DEFINE_ODD(Name, name, code)                                     \
GType name ## _get_type (void);                                          \
static void name ## _class_init (Name ## Class *klass) {}                \
static void name ## _init (Name *self) {}                                \
code

DEFINE_ODD (OddSerial, odd_serial,
            G_DEFINE_TYPE_WITH_CODE (OddSerial, odd_serial, odd_get_type (),
                                     G_IMPLEMENT_INTERFACE (JSON_TYPE_SERIALIZABLE, odd_implement_serializable)))
DEFINE_ODD (OddInitable, odd_initable,
            G_DEFINE_TYPE_WITH_CODE (OddInitable, odd_initable, odd_get_type (),
                                     G_IMPLEMENT_INTERFACE (G_TYPE_INITABLE, odd_implement_initable)))
DEFINE_ODD (OddAbstract, odd_abstract, G_DEFINE_ABSTRACT_TYPE (OddAbstract, odd_abstract, odd_get_type ()))

/* ---- registering ---- */

static void
expect_refusal (GType       type,
                const char *property,
                const char *message)
{
  const char *const properties[] = { property, NULL };
  g_autoptr(GError) error = NULL;

  g_assert_false (rmi_class_register (type, "org.example.classes.Odd", property != NULL ? properties : NULL, &error));
  g_assert_error (error, RMI_ERROR, RMI_ERROR_TYPE_NOT_ALLOWED);
  g_assert_cmpstr (error->message, ==, message);
  g_assert_null (rmi_class_lookup (type));
}

static void
test_properties_that_cannot_travel (void)
{
  GType odd = odd_get_type ();

  expect_refusal (odd, "none", "Odd cannot travel by value: its property \"none\" does not exist");
  expect_refusal (odd, "pointer", "Odd cannot travel by value: its property \"pointer\" is a gpointer, which has no form on the wire");
  expect_refusal (odd, "gtype", "Odd cannot travel by value: its property \"gtype\" is a GType, which has no form on the wire");
  expect_refusal (odd, "table", "Odd cannot travel by value: its property \"table\" is a GHashTable, which has no form on the wire");
  expect_refusal (odd, "object", "Odd cannot travel by value: its property \"object\" is a GObject, which has no form on the wire; "
                  "register that class first");
  expect_refusal (odd, "file", "Odd cannot travel by value: its property \"file\" is a GFile, which has no form on the wire");
  expect_refusal (odd, "param", "Odd cannot travel by value: its property \"param\" is a GParamInt, which has no form on the wire");
  expect_refusal (odd, "read", "Odd cannot travel by value: its property \"read\" cannot be both read and written");
  expect_refusal (odd, "write", "Odd cannot travel by value: its property \"write\" cannot be both read and written");
}

static void
test_classes_that_cannot_travel (void)
{
  expect_refusal (odd_abstract_get_type (), "good", "OddAbstract cannot travel by value: it is abstract");
  expect_refusal (odd_initable_get_type (), "good", "OddInitable cannot travel by value: it is only an object once it is initialised");
  expect_refusal (G_TYPE_STRV, "good", "GStrv cannot travel by value: it is no GObject class");
  expect_refusal (odd_get_type (), NULL,
                  "Odd cannot travel by value: no properties are listed, and it is no JsonSerializable");
  expect_refusal (odd_serial_get_type (), NULL, "OddSerial cannot travel by value: its property \"object\" is an object, which only a "
                  "deserialize_property() of its own may make");
}

static void
test_names_have_one_owner (void)
{
  static const char *const twice[] = { "good", "good", NULL };
  static const char *const good[] = { "good", NULL };
  static const char *const none[] = { NULL };
  g_autoptr(GError) error = NULL;

  g_assert_false (rmi_class_register (odd_get_type (), "org.example.classes.Odd", twice, &error));
  g_assert_error (error, RMI_ERROR, RMI_ERROR_TYPE_NOT_ALLOWED);
  g_clear_error (&error);
  g_assert_false (rmi_class_register (odd_get_type (), "no name", good, &error));
  g_assert_error (error, RMI_ERROR, RMI_ERROR_TYPE_NOT_ALLOWED);
  g_clear_error (&error);

  g_assert_true (rmi_class_register (odd_serial_get_type (), "org.example.classes.Serial", good, &error));
  g_assert_true (rmi_class_register (odd_serial_get_type (), "org.example.classes.Serial", good, &error));
  g_assert_no_error (error);
  g_assert_false (rmi_class_register (odd_serial_get_type (), "org.example.classes.Serial", none, &error));
  g_assert_error (error, RMI_ERROR, RMI_ERROR_TYPE_NOT_ALLOWED);
  g_clear_error (&error);
  g_assert_false (rmi_class_register (odd_serial_get_type (), "org.example.classes.Second", good, &error));
  g_assert_error (error, RMI_ERROR, RMI_ERROR_TYPE_NOT_ALLOWED);
  g_clear_error (&error);
  g_assert_cmpstr (rmi_class_lookup (odd_serial_get_type ())->name, ==, "org.example.classes.Serial");
  g_assert_false (rmi_class_register (odd_get_type (), "org.example.classes.Serial", good, &error));
  g_assert_error (error, RMI_ERROR, RMI_ERROR_TYPE_NOT_ALLOWED);
}

/* ---- text ---- */

static RmiLimits limits;

static char *
write_one (gpointer object,
           GType    declared)
{
  g_autoptr(RmiWriter) writer = rmi_writer_new (&limits, NULL);
  g_autoptr(GError) error = NULL;
  RmiSlice text = RMI_SLICE_INIT;

  rmi_writer_add_instance (writer, object, declared, NULL);
  rmi_writer_finish (writer, &text, &error);
  g_assert_no_error (error);
  return g_strndup (text.data, text.length);
}

static gpointer
read_one (const char  *text,
          GType        declared,
          GError     **error)
{
  RmiSlice slice = { text, strlen (text) };
  RmiReader reader;
  g_autoptr(GObject) object = NULL;

  g_assert_true (rmi_scanner_check (slice, &limits, NULL, NULL, NULL));
  rmi_reader_init (&reader, slice, &limits, NULL, RMI_ERROR_INVALID_ARGUMENTS, "params");
  object = rmi_reader_get_instance (&reader, declared, NULL);
  return rmi_reader_finish (&reader, error) ? g_steal_pointer (&object) : NULL;
}

static void
test_text_of_properties (void)
{
  static const char *const words[] = { "x", NULL };
  g_autoptr(ClassesPlace) place = classes_place_new ("Lane", 1);
  g_autoptr(TestParcel) parcel = NULL;
  g_autoptr(TestParcel) back = NULL;
  g_autofree char *text = NULL;
  g_autofree char *again = NULL;
  g_autofree char *origin = NULL;
  g_autoptr(GError) error = NULL;

  test_parcel_rmi_register ();
  parcel = g_object_new (TEST_TYPE_PARCEL, "words", words, "place", place, "origin", "o", "marks", 3, NULL);
  text = write_one (parcel, TEST_TYPE_PARCEL);
  g_assert_cmpstr (text, ==,
    "{\"boolean\":true,\"char\":-1,\"uchar\":1,\"int\":0,\"uint\":7,\"long\":0,\"ulong\":0,\"int64\":0,\"uint64\":0,\"float\":0.0,"
    "\"double\":0.0,\"mode\":\"fast\",\"marks\":[\"fragile\",\"heavy\"],\"name\":\"unnamed\",\"words\":[\"x\"],\"bytes\":null,"
    "\"any\":null,\"place\":{\"street\":\"Lane\",\"number\":1},\"label\":null,\"inside\":null,\"depot\":null,\"origin\":\"o\"}");
  back = read_one (text, TEST_TYPE_PARCEL, &error);
  g_assert_no_error (error);
  again = write_one (back, TEST_TYPE_PARCEL);
  g_assert_cmpstr (again, ==, text);
  g_object_get (back, "origin", &origin, NULL);
  g_assert_cmpstr (origin, ==, "o");
}

static void
test_text_of_json_serializable (void)
{
  g_autoptr(TestSpot) spot = g_object_new (TEST_TYPE_SPOT, "at", g_variant_new ("(ii)", 1, 2), "note", "n", NULL);
  g_autoptr(TestSpot) back = NULL;
  g_autofree char *text = NULL;
  g_autofree char *again = NULL;
  g_autoptr(GError) error = NULL;

  test_spot_rmi_register ();
  text = write_one (spot, TEST_TYPE_SPOT);
  g_assert_cmpstr (text, ==, "{\"at\":\"1,2\",\"note\":\"n\"}");
  back = read_one (text, TEST_TYPE_SPOT, &error);
  g_assert_no_error (error);
  again = write_one (back, TEST_TYPE_SPOT);
  g_assert_cmpstr (again, ==, text);
}

/* A value that does not fit is found before the object it belongs to is made. */
static void
test_nothing_is_made_of_bad_values (void)
{
  static const char *const texts[] = {
    "{\"name\":\"x\",\"origin\":\"y\",\"uint\":1001}", "{\"uint\":1001,\"name\":\"x\"}", "{\"mode\":7}",
  };
  guint before = test_parcel_count ();

  test_parcel_rmi_register ();
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_null (read_one (texts[i], TEST_TYPE_PARCEL, &error));
      g_assert_error (error, RMI_ERROR, RMI_ERROR_INVALID_ARGUMENTS);
    }
  g_assert_cmpuint (test_parcel_count (), ==, before);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  rmi_limits_init_network (&limits);
  g_test_add_func ("/rmi/classes/properties-that-cannot-travel-are-refused", test_properties_that_cannot_travel);
  g_test_add_func ("/rmi/classes/that-cannot-be-made-are-refused", test_classes_that_cannot_travel);
  g_test_add_func ("/rmi/classes/names-have-one-owner", test_names_have_one_owner);
  g_test_add_func ("/rmi/classes/text-is-that-of-the-properties", test_text_of_properties);
  g_test_add_func ("/rmi/classes/text-is-that-of-json-serializable", test_text_of_json_serializable);
  g_test_add_func ("/rmi/classes/nothing-is-made-of-bad-values", test_nothing_is_made_of_bad_values);
  return g_test_run ();
}
