/* examples/shop/order-file.c: orders.csv as objects
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "order-file.h"

#include "csv-table.h"

static const char *const columns[] = {
  "order", "customer", "email", "street", "postcode", "city", "country", "card", "expires",
  "shipping", "note", "lines", NULL,
};

/* "mug-blue:2 spoon:6" */
static GPtrArray *
parse_lines (const char  *text,
             GError     **error)
{
  g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func (g_object_unref);
  g_auto(GStrv) words = g_strsplit (text, " ", -1);

  for (guint i = 0; words[i] != NULL; i++)
    {
      g_auto(GStrv) parts = g_strsplit (words[i], ":", 2);
      const char *number = parts[0] != NULL && parts[1] != NULL ? parts[1] : "";
      guint64 quantity;

      if (!g_ascii_string_to_unsigned (number, 10, 1, G_MAXUINT, &quantity, error))
        {
          g_prefix_error (error, "“%s”: ", words[i]);
          return NULL;
        }
      g_ptr_array_add (lines, shop_line_new (parts[0], quantity));
    }
  return g_steal_pointer (&lines);
}

static ShopCustomer *
make_customer (CsvTable *table,
               guint     i)
{
  g_autoptr(ShopAddress) address = shop_address_new (csv_table_get (table, i, "street"),
                                                     csv_table_get (table, i, "postcode"),
                                                     csv_table_get (table, i, "city"),
                                                     csv_table_get (table, i, "country"));
  const char *email = csv_table_get (table, i, "email");

  return shop_customer_new (csv_table_get (table, i, "customer"), *email != '\0' ? email : NULL,
                            address);
}

static ShopOrder *
make_order (CsvTable  *table,
            guint      i,
            GError   **error)
{
  g_autoptr(GPtrArray) lines = parse_lines (csv_table_get (table, i, "lines"), error);
  g_autoptr(ShopCustomer) customer = make_customer (table, i);
  g_autoptr(ShopCard) card = shop_card_new (csv_table_get (table, i, "card"),
                                            csv_table_get (table, i, "expires"));
  gboolean is_express = g_str_equal (csv_table_get (table, i, "shipping"), "express");
  const char *note = csv_table_get (table, i, "note");

  if (lines == NULL)
    {
      g_prefix_error (error, "Order %s: ", csv_table_get (table, i, "order"));
      return NULL;
    }
  return shop_order_new (csv_table_get (table, i, "order"), customer, lines,
                         is_express ? SHOP_SHIPPING_EXPRESS : SHOP_SHIPPING_STANDARD,
                         card, *note != '\0' ? note : NULL);
}

GPtrArray *
order_file_load (const char  *filename,
                 GError     **error)
{
  g_autoptr(CsvTable) table = csv_table_load (filename, columns, error);
  g_autoptr(GPtrArray) orders = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; table != NULL && i < csv_table_get_length (table); i++)
    {
      ShopOrder *order = make_order (table, i, error);

      if (order == NULL)
        return NULL;
      g_ptr_array_add (orders, order);
    }
  return table != NULL ? g_steal_pointer (&orders) : NULL;
}
