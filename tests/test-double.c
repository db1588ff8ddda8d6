/* tests/test-double.c: doubles survive their way through text
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "config.h"

#include <locale.h>
#include <math.h>
#include <stdlib.h>

#include "rmi/rmi-double-internal.h"

#define N_RANDOM 200000

static guint64
to_bits (double value)
{
  guint64 bits;

  memcpy (&bits, &value, sizeof bits);
  return bits;
}

static double
from_bits (guint64 bits)
{
  double value;

  memcpy (&value, &bits, sizeof value);
  return value;
}

static guint64
random_bits (void)
{
  return (guint64) g_test_rand_int () << 32 | (guint32) g_test_rand_int ();
}

static void
format (char   *text,
        double  value)
{
  guint length = rmi_double_format (text, value);

  g_assert_cmpuint (length, <, RMI_DOUBLE_CHARS);
  text[length] = '\0';
}

static gboolean
parse (const char *text,
       double     *value)
{
  const char *end = text + strlen (text);
  double read = 0;

  if (rmi_double_parse (text, end, &read) != end)
    return FALSE;
  *value = read;
  return TRUE;
}

static int
count_digits (const char *text)
{
  int n = 0;
  int n_zeros = 0;

  for (; *text != '\0' && *text != 'e'; text++)
    if (g_ascii_isdigit (*text) && (n > 0 || *text != '0'))
      {
        n++;
        n_zeros = *text == '0' ? n_zeros + 1 : 0;
      }
  return n - n_zeros;
}

static void
assert_round_trip (double value)
{
  char text[RMI_DOUBLE_CHARS];
  double back = 0;

  format (text, value);
  g_assert_cmphex (to_bits (g_ascii_strtod (text, NULL)), ==, to_bits (value));
  g_assert_true (parse (text, &back));
  g_assert_cmphex (to_bits (back), ==, to_bits (value));
}

/* No text of fewer digits may read back the same. */
static void
assert_shortest (double value)
{
  char text[RMI_DOUBLE_CHARS], shorter[64];
  int n;

  format (text, value);
  n = count_digits (text);
  if (n <= 1)
    return;
  g_ascii_formatd (shorter, sizeof shorter, n == 2 ? "%.0e" : "%.15e", value);
  if (n > 2 && n < 17)
    {
      g_autofree char *precision = g_strdup_printf ("%%.%de", n - 2);

      g_ascii_formatd (shorter, sizeof shorter, precision, value);
    }
  g_assert_true (g_ascii_strtod (shorter, NULL) != value);
}

static void
test_bit_patterns (void)
{
  for (int i = 0; i < N_RANDOM; i++)
    {
      double value = from_bits (random_bits ());

      if (!isfinite (value))
        continue;
      assert_round_trip (value);
      if (i % 8 == 0)
        assert_shortest (value);
    }
}

static void
test_powers_of_two (void)
{
  for (guint64 exponent = 0; exponent < 0x7ff; exponent++)
    {
      guint64 bits = exponent << 52;

      assert_round_trip (from_bits (bits));
      assert_round_trip (from_bits (bits + 1));
      if (bits > 0)
        assert_round_trip (from_bits (bits - 1));
      if (bits > 0)
        assert_shortest (from_bits (bits));
    }
}

/* None below 1e-6: those are written with an exponent. */
static void
test_short_decimals (void)
{
  for (int i = 0; i < N_RANDOM; i++)
    {
      g_autofree char *text = g_strdup_printf ("%s%d.%0*d1", i % 2 ? "-" : "", g_test_rand_int_range (1, 1000000),
                                               i % 8, g_test_rand_int_range (0, 10));
      char written[RMI_DOUBLE_CHARS];
      double value = 0;

      g_assert_true (parse (text, &value));
      g_assert_cmphex (to_bits (value), ==, to_bits (g_ascii_strtod (text, NULL)));
      format (written, value);
      g_assert_cmpstr (written, ==, text);
    }
}

static void
test_any_decimal (void)
{
  for (int i = 0; i < N_RANDOM; i++)
    {
      g_autofree char *text = g_strdup_printf ("%s%" G_GUINT64_FORMAT ".%" G_GUINT64_FORMAT "e%d", i % 2 ? "-" : "",
                                               random_bits () >> (i % 64), random_bits () >> (i / 64 % 64),
                                               g_test_rand_int_range (-360, 320));
      double expected = g_ascii_strtod (text, NULL);
      double value = 0;

      if (isinf (expected))
        {
          g_assert_false (parse (text, &value));
          continue;
        }
      g_assert_true (parse (text, &value));
      g_assert_cmphex (to_bits (value), ==, to_bits (expected));
    }
}

/* At the very end of its memory, and in front of what must not be read as a part of it. */
static void
test_end_of_number (void)
{
  static const char digits[] = "9182736455463728190123456789";
  static const char *const behind[] = { ",1", "]", "}9", " 7", ":", "/", ".", "..", "-1", "x" };

  for (int whole = 1; whole < 26; whole++)
    for (int fraction = 0; fraction < 26; fraction++)
      {
        g_autofree char *text = fraction == 0 ? g_strndup (digits, whole)
                                              : g_strdup_printf ("%.*s.%.*s", whole, digits, fraction, digits);
        gsize length = strlen (text);
        g_autofree char *exact = g_memdup2 (text, length);
        double expected = g_ascii_strtod (text, NULL);
        double value = 0;

        g_assert_true (rmi_double_parse (exact, exact + length, &value) == exact + length);
        g_assert_cmphex (to_bits (value), ==, to_bits (expected));
        for (guint i = 0; i < G_N_ELEMENTS (behind); i++)
          {
            g_autofree char *longer = g_strconcat (text, behind[i], "12345678", NULL);

            if (*behind[i] == '.')
              continue;
            g_assert_true (rmi_double_parse (longer, longer + strlen (longer), &value) == longer + length);
            g_assert_cmphex (to_bits (value), ==, to_bits (expected));
            g_assert_true (rmi_double_parse (longer, longer + length, &value) == longer + length);
          }
      }
}

static void
test_room (void)
{
  static const double values[] = {
    -1.7976931348623157e308, -2.2250738585072014e-308, -1.2345678901234567e-6, -123456789012345680000.0, -9999999.99999999,
    -9007199254740991.0, -0.0, -999999999999999900000.0,
  };

  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    {
      g_autofree char *exact = g_malloc (RMI_DOUBLE_CHARS);

      g_assert_cmpuint (rmi_double_format (exact, values[i]), <=, RMI_DOUBLE_CHARS);
    }
}

static void
test_known_texts (void)
{
  static const struct
  {
    double      value;
    const char *text;
  } known[] = {
    { 0.0, "0.0" }, { -0.0, "-0.0" }, { 5.0, "5.0" }, { -1.0, "-1.0" }, { 19.99, "19.99" }, { 0.1, "0.1" },
    { 0.1 + 0.2, "0.30000000000000004" }, { 100.25, "100.25" }, { 1e-7, "1e-7" }, { 1.5e-7, "1.5e-7" },
    { 0.000001, "0.000001" }, { 0.0000015, "0.0000015" }, { 1e20, "100000000000000000000.0" }, { 1e21, "1e21" },
    { 1e22, "1e22" }, { 1e23, "1e23" }, { 9007199254740993.0, "9007199254740992.0" }, { 123456789012345.67, "123456789012345.67" },
    { 5e-324, "5e-324" }, { 2.2250738585072014e-308, "2.2250738585072014e-308" },
    { 1.7976931348623157e308, "1.7976931348623157e308" }, { 9.5e-3, "0.0095" }, { 2e15, "2000000000000000.0" },
    { 9999999.99999999, "9999999.99999999" }, { 10000000.0, "10000000.0" }, { 10000000.5, "10000000.5" },
    { 99999999.0, "99999999.0" }, { 100000000.0, "100000000.0" }, { 1700000000.125, "1700000000.125" },
    { 9007199254740991.0, "9007199254740991.0" }, { 1e16, "10000000000000000.0" }, { 1e-8, "1e-8" }, { 0.00000123, "0.00000123" },
    { 0.12345678, "0.12345678" }, { 1.000000001, "1.000000001" },
  };
  char text[RMI_DOUBLE_CHARS];

  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    {
      format (text, known[i].value);
      g_assert_cmpstr (text, ==, known[i].text);
      assert_round_trip (known[i].value);
    }
}

static void
test_hard_roundings (void)
{
  static const char *const hard[] = {
    "9007199254740993", "9007199254740993.00000000000000000000000000000000000000000001", "9007199254740992.99999999999999999999",
    "2.2250738585072011e-308", "2.2250738585072012e-308", "2.4703282292062327e-324", "2.4703282292062328e-324",
    "1.7976931348623158e308", "6.631236846766476e-316", "0.000000000000000000000000000000000000000000000000000000001",
    "100000000000000000000000000000000000000000000000000000000000000000000e-68", "1e-400", "-1e-400", "0e999", "0.0e-999",
    "8.5e22", "1e23", "179769313486231580793e288", "0.1e-999999999999999999999", "1E+2", "4.9406564584124654e-324",
    "7.2057594037927933e16", "72057594037927945", "72057594037927936.5",
  };

  for (guint i = 0; i < G_N_ELEMENTS (hard); i++)
    {
      double value = 1;

      g_assert_true (parse (hard[i], &value));
      g_assert_cmphex (to_bits (value), ==, to_bits (g_ascii_strtod (hard[i], NULL)));
    }
}

static void
test_refuses (void)
{
  static const char *const bad[] = {
    "", "-", "+1", "1.", ".5", "01", "-01", "1e", "1e+", "1 ", " 1", "0x10", "inf", "nan", "1e999", "-1e999", "1.8e308",
    "1,5", "1e5.0", "--1", "1e99999999999999999999999",
  };
  double value = 42;

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_false (parse (bad[i], &value));
  g_assert_cmpfloat (value, ==, 42);
}

/* With a decimal comma: the build makes such a locale, and says where in LOCPATH. */
static void
test_locale (void)
{
  g_autofree char *saved = g_strdup (setlocale (LC_NUMERIC, NULL));
  char text[RMI_DOUBLE_CHARS];
  double value = 0;

  g_assert_nonnull (g_getenv ("LOCPATH"));
  g_assert_nonnull (setlocale (LC_NUMERIC, "de_DE.UTF-8"));
  g_assert_cmpstr (localeconv ()->decimal_point, ==, ",");
  format (text, 1.5);
  g_assert_cmpstr (text, ==, "1.5");
  g_assert_true (parse ("1.00000000000000011102230246251565404236316680908203125", &value));
  g_assert_cmpfloat (value, ==, 1.0);
  setlocale (LC_NUMERIC, saved);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/rmi/double/any-bit-pattern-round-trips", test_bit_patterns);
  g_test_add_func ("/rmi/double/powers-of-two-and-neighbours-round-trip", test_powers_of_two);
  g_test_add_func ("/rmi/double/short-decimals-are-written-as-they-were", test_short_decimals);
  g_test_add_func ("/rmi/double/any-decimal-is-read-like-strtod", test_any_decimal);
  g_test_add_func ("/rmi/double/a-number-ends-where-it-ends", test_end_of_number);
  g_test_add_func ("/rmi/double/takes-no-more-room-than-promised", test_room);
  g_test_add_func ("/rmi/double/known-values-have-known-texts", test_known_texts);
  g_test_add_func ("/rmi/double/hard-roundings-are-correct", test_hard_roundings);
  g_test_add_func ("/rmi/double/refuses-what-is-no-number-or-too-large", test_refuses);
  g_test_add_func ("/rmi/double/locale-does-not-matter", test_locale);

  return g_test_run ();
}
