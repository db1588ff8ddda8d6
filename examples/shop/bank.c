/* examples/shop/bank.c: takes money from cards
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Charging takes a moment, as it does in the world: so it is implemented asynchronously, and other
 * calls go on meanwhile.
 */
#include "bank.h"

#define NETWORK_MS    2            /* how long the card's issuer takes to answer */
#define LIMIT_CENTS   500000
#define STOLEN_CARD   "4000000000000002"
#define CARD_DIGITS   16

struct _Bank
{
  GObject     parent_instance;
  GHashTable *charges;             /* authorisation → cents */
  guint64     turnover;
  guint       authorisations;
};

enum
{
  PROP_TURNOVER = 1,
};

/* What charge_async() was asked for. */
typedef struct
{
  char    *number;                 /* without the spaces */
  guint64  amount;
} Request;

static void bank_implement (ShopPaymentInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (Bank, bank, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (SHOP_TYPE_PAYMENT, bank_implement))

static void
request_free (Request *request)
{
  g_free (request->number);
  g_free (request);
}

static gboolean
is_card_number (const char *number)
{
  guint sum = 0;

  if (strlen (number) != CARD_DIGITS || strspn (number, "0123456789") != CARD_DIGITS)
    return FALSE;
  for (guint i = 0; i < CARD_DIGITS; i++)          /* Luhn: every second digit counts twice */
    {
      guint digit = (number[i] - '0') * (i % 2 == 0 ? 2 : 1);

      sum += digit > 9 ? digit - 9 : digit;
    }
  return sum % 10 == 0;
}

static gboolean
check (const Request  *request,
       GError        **error)
{
  const char *reason;

  if (!is_card_number (request->number))
    reason = "this is no card number";
  else if (g_str_equal (request->number, STOLEN_CARD))
    reason = "it is reported stolen";
  else if (request->amount > LIMIT_CENTS)
    reason = "the amount is over its limit";
  else
    return TRUE;
  g_set_error (error, SHOP_ERROR, SHOP_ERROR_CARD_DECLINED, "The card was declined: %s", reason);
  return FALSE;
}

static void
change_turnover (Bank   *self,
                 gint64  change)
{
  self->turnover += change;
  g_object_notify (G_OBJECT (self), "turnover");
}

static ShopCharge *
take_money (Bank          *self,
            const Request *request)
{
  g_autofree char *authorisation = g_strdup_printf ("A-%06u", ++self->authorisations);
  const char *last_four = request->number + CARD_DIGITS - 4;
  ShopCharge *charge = shop_charge_new (authorisation, last_four, request->amount);

  change_turnover (self, request->amount);
  g_hash_table_insert (self->charges, g_steal_pointer (&authorisation),
                       g_memdup2 (&request->amount, sizeof request->amount));
  return charge;
}

static gboolean
answer_cb (gpointer user_data)
{
  GTask *task = user_data;
  Bank *self = g_task_get_source_object (task);
  const Request *request = g_task_get_task_data (task);
  GError *error = NULL;

  if (g_task_return_error_if_cancelled (task))
    return G_SOURCE_REMOVE;
  if (check (request, &error))
    g_task_return_pointer (task, take_money (self, request), g_object_unref);
  else
    g_task_return_error (task, error);
  return G_SOURCE_REMOVE;
}

static void
bank_charge_async (ShopPayment         *payment,
                   const ShopCard      *card,
                   guint64              amount,
                   GCancellable        *cancellable,
                   GAsyncReadyCallback  callback,
                   gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (payment, cancellable, callback, user_data);
  g_auto(GStrv) groups = g_strsplit (card->number, " ", -1);
  Request *request = g_new0 (Request, 1);

  request->number = g_strjoinv ("", groups);
  request->amount = amount;
  g_task_set_task_data (task, request, (GDestroyNotify) request_free);
  g_timeout_add_full (G_PRIORITY_DEFAULT, NETWORK_MS, answer_cb, g_steal_pointer (&task),
                      g_object_unref);
}

static ShopCharge *
bank_charge_finish (ShopPayment   *payment,
                    GAsyncResult  *result,
                    GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static gboolean
bank_refund (ShopPayment   *payment,
             const char    *authorisation,
             GCancellable  *cancellable,
             GError       **error)
{
  Bank *self = MY_BANK (payment);
  guint64 *amount = g_hash_table_lookup (self->charges, authorisation);

  if (amount == NULL)
    {
      g_set_error (error, SHOP_ERROR, SHOP_ERROR_NO_SUCH_CHARGE,
                   "Nothing was charged as “%s”", authorisation);
      return FALSE;
    }
  change_turnover (self, -*amount);
  g_hash_table_remove (self->charges, authorisation);
  return TRUE;
}

static void
bank_implement (ShopPaymentInterface *iface)
{
  iface->charge_async = bank_charge_async;
  iface->charge_finish = bank_charge_finish;
  iface->refund = bank_refund;
}

static void
bank_finalize (GObject *object)
{
  g_hash_table_unref (MY_BANK (object)->charges);

  G_OBJECT_CLASS (bank_parent_class)->finalize (object);
}

static void
bank_get_property (GObject    *object,
                   guint       property_id,
                   GValue     *value,
                   GParamSpec *pspec)
{
  switch (property_id)
    {
    case PROP_TURNOVER:
      g_value_set_uint64 (value, MY_BANK (object)->turnover);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
bank_class_init (BankClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = bank_finalize;
  object_class->get_property = bank_get_property;
  g_object_class_override_property (object_class, PROP_TURNOVER, "turnover");
}

static void
bank_init (Bank *self)
{
  self->charges = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}

Bank *
bank_new (void)
{
  return g_object_new (MY_TYPE_BANK, NULL);
}
