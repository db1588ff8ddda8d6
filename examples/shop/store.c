/* examples/shop/store.c: the warehouse's shelves
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "store.h"

#include "booking.h"
#include "csv-table.h"

typedef struct
{
  char *sku;
  guint cents;
  guint count;                 /* what can be reserved */
} Product;

struct _Store
{
  GObject     parent_instance;
  GPtrArray  *catalogue;       /* of Product, owned */
  GHashTable *products;        /* sku → Product */
  guint       capacity;
  guint       open_reservations;
  guint       parcels;
};

enum
{
  PROP_CAPACITY = 1,
  PROP_OPEN_RESERVATIONS,
};

static void store_implement (ShopWarehouseInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (Store, store, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (SHOP_TYPE_WAREHOUSE, store_implement))

static void
product_free (Product *product)
{
  g_free (product->sku);
  g_free (product);
}

static void
change_stock (Store   *self,
              Product *product,
              int      change)
{
  product->count += change;
  shop_warehouse_emit_stock_changed (SHOP_WAREHOUSE (self), product->sku, product->count);
}

static void
change_open_reservations (Store *self,
                          int    change)
{
  self->open_reservations += change;
  g_object_notify (G_OBJECT (self), "open-reservations");
}

char *
store_send (Store        *self,
            ShopAddress  *address,
            ShopShipping  shipping)
{
  const char *service = shipping == SHOP_SHIPPING_EXPRESS ? "X" : "S";

  change_open_reservations (self, -1);
  return g_strdup_printf ("%s-%06u-%s", service, ++self->parcels,
                          shop_address_get_country (address));
}

void
store_put_back (Store *self,
                Goods *goods)
{
  GHashTableIter iter;
  gpointer product, count;

  change_open_reservations (self, -1);
  g_hash_table_iter_init (&iter, goods);
  while (g_hash_table_iter_next (&iter, &product, &count))
    change_stock (self, product, GPOINTER_TO_UINT (count));
}

/* Adds up @lines, if all of it is there. */
static Goods *
find_goods (Store      *self,
            GPtrArray  *lines,
            guint64    *amount,
            GError    **error)
{
  g_autoptr(GHashTable) goods = g_hash_table_new (NULL, NULL);

  *amount = 0;
  for (guint i = 0; i < lines->len; i++)
    {
      const char *sku = shop_line_get_sku (lines->pdata[i]);
      guint quantity = shop_line_get_quantity (lines->pdata[i]);
      Product *product = g_hash_table_lookup (self->products, sku);
      guint wanted = GPOINTER_TO_UINT (g_hash_table_lookup (goods, product));

      if (product == NULL)
        {
          g_set_error (error, SHOP_ERROR, SHOP_ERROR_NO_SUCH_PRODUCT,
                       "There is no product “%s”", sku);
          return NULL;
        }
      if (quantity > product->count - wanted)          /* the difference is never negative */
        {
          g_set_error (error, SHOP_ERROR, SHOP_ERROR_OUT_OF_STOCK,
                       "There are only %u of “%s”", product->count, sku);
          return NULL;
        }
      if (quantity > 0)
        g_hash_table_insert (goods, product, GUINT_TO_POINTER (wanted + quantity));
      *amount += (guint64) quantity * product->cents;
    }
  if (g_hash_table_size (goods) == 0)
    {
      g_set_error (error, SHOP_ERROR, SHOP_ERROR_INVALID_ORDER, "Nothing was ordered");
      return NULL;
    }
  return g_steal_pointer (&goods);
}

static gboolean
store_reserve (ShopWarehouse    *warehouse,
               GPtrArray        *lines,
               ShopReservation **reservation,
               guint64          *amount,
               GCancellable     *cancellable,
               GError          **error)
{
  Store *self = MY_STORE (warehouse);
  g_autoptr(GHashTable) goods = NULL;
  GHashTableIter iter;
  gpointer product, count;
  guint64 cents;

  goods = find_goods (self, lines, &cents, error);
  if (goods == NULL)
    return FALSE;

  change_open_reservations (self, 1);
  g_hash_table_iter_init (&iter, goods);
  while (g_hash_table_iter_next (&iter, &product, &count))
    change_stock (self, product, -GPOINTER_TO_INT (count));
  *reservation = SHOP_RESERVATION (booking_new (self, goods));
  *amount = cents;
  return TRUE;
}

static gboolean
store_stock (ShopWarehouse  *warehouse,
             const char     *sku,
             guint          *count,
             GCancellable   *cancellable,
             GError        **error)
{
  Product *product = g_hash_table_lookup (MY_STORE (warehouse)->products, sku);

  if (product == NULL)
    {
      g_set_error (error, SHOP_ERROR, SHOP_ERROR_NO_SUCH_PRODUCT, "There is no product “%s”", sku);
      return FALSE;
    }
  *count = product->count;
  return TRUE;
}

static GPtrArray *
store_list (ShopWarehouse  *warehouse,
            GCancellable   *cancellable,
            GError        **error)
{
  Store *self = MY_STORE (warehouse);
  GPtrArray *levels = g_ptr_array_new_with_free_func ((GDestroyNotify) shop_stock_level_free);

  for (guint i = 0; i < self->catalogue->len; i++)
    {
      Product *product = self->catalogue->pdata[i];

      g_ptr_array_add (levels, shop_stock_level_new (product->sku, product->count));
    }
  return levels;
}

static void
store_implement (ShopWarehouseInterface *iface)
{
  iface->reserve = store_reserve;
  iface->stock = store_stock;
  iface->list = store_list;
}

static void
store_finalize (GObject *object)
{
  Store *self = MY_STORE (object);

  g_hash_table_unref (self->products);
  g_ptr_array_unref (self->catalogue);

  G_OBJECT_CLASS (store_parent_class)->finalize (object);
}

static void
store_get_property (GObject    *object,
                    guint       property_id,
                    GValue     *value,
                    GParamSpec *pspec)
{
  Store *self = MY_STORE (object);

  switch (property_id)
    {
    case PROP_CAPACITY:
      g_value_set_uint (value, self->capacity);
      break;
    case PROP_OPEN_RESERVATIONS:
      g_value_set_uint (value, self->open_reservations);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
store_class_init (StoreClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = store_finalize;
  object_class->get_property = store_get_property;
  g_object_class_override_property (object_class, PROP_CAPACITY, "capacity");
  g_object_class_override_property (object_class, PROP_OPEN_RESERVATIONS, "open-reservations");
}

static void
store_init (Store *self)
{
  self->catalogue = g_ptr_array_new_with_free_func ((GDestroyNotify) product_free);
  self->products = g_hash_table_new (g_str_hash, g_str_equal);
}

Store *
store_new_for_file (const char  *filename,
                    GError     **error)
{
  static const char *const columns[] = { "sku", "cents", "count", NULL };
  g_autoptr(CsvTable) table = csv_table_load (filename, columns, error);
  g_autoptr(Store) self = g_object_new (MY_TYPE_STORE, NULL);

  for (guint i = 0; table != NULL && i < csv_table_get_length (table); i++)
    {
      Product *product = g_new0 (Product, 1);

      product->sku = g_strdup (csv_table_get (table, i, "sku"));
      g_ptr_array_add (self->catalogue, product);
      g_hash_table_insert (self->products, product->sku, product);
      if (!csv_table_get_number (table, i, "cents", &product->cents, error) ||
          !csv_table_get_number (table, i, "count", &product->count, error))
        return NULL;
      self->capacity += product->count;
    }
  return table != NULL ? g_steal_pointer (&self) : NULL;
}
