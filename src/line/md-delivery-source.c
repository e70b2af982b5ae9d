// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "md-delivery-source.h"

G_DEFINE_INTERFACE (MdDeliverySource, md_delivery_source, G_TYPE_OBJECT)

static void
md_delivery_source_default_init (MdDeliverySourceInterface *iface)
{
}

MdDeliveryItem *
md_delivery_item_new (gint64 key, const char *intake, guint n, guint attempts, GBytes *payload)
{
  MdDeliveryItem *item = g_new0 (MdDeliveryItem, 1);

  item->key = key;
  item->intake = g_strdup (intake);
  item->n = n;
  item->attempts = attempts;
  item->payload = g_bytes_ref (payload);
  return item;
}

void
md_delivery_item_free (MdDeliveryItem *item)
{
  if (item == NULL)
    return;
  g_free (item->intake);
  g_clear_pointer (&item->payload, g_bytes_unref);
  g_free (item);
}

gboolean
md_delivery_source_claim (MdDeliverySource *self, const MdDeliveryWant *want,
                          MdDeliveryItem **out_item, GError **error)
{
  g_return_val_if_fail (MD_IS_DELIVERY_SOURCE (self), FALSE);

  return MD_DELIVERY_SOURCE_GET_IFACE (self)->claim (self, want, out_item, error);
}

gboolean
md_delivery_source_keep (MdDeliverySource *self, const MdDeliveryItem *item, GError **error)
{
  MdDeliverySourceInterface *iface = NULL;

  g_return_val_if_fail (MD_IS_DELIVERY_SOURCE (self), FALSE);

  iface = MD_DELIVERY_SOURCE_GET_IFACE (self);
  return iface->keep == NULL || iface->keep (self, item, error);
}

gint64
md_delivery_source_next_due (MdDeliverySource *self)
{
  g_return_val_if_fail (MD_IS_DELIVERY_SOURCE (self), -1);

  return MD_DELIVERY_SOURCE_GET_IFACE (self)->next_due (self);
}

gboolean
md_delivery_source_acknowledge (MdDeliverySource *self, const MdDeliveryItem *item, GBytes *receipt,
                                guint64 sequence, const char *time, GError **error)
{
  g_return_val_if_fail (MD_IS_DELIVERY_SOURCE (self), FALSE);

  return MD_DELIVERY_SOURCE_GET_IFACE (self)->acknowledge (self, item, receipt, sequence, time,
                                                           error);
}

gboolean
md_delivery_source_put_back (MdDeliverySource *self, const MdDeliveryItem *item, gint64 delay_ms,
                             gboolean counts, const char *reason, GError **error)
{
  g_return_val_if_fail (MD_IS_DELIVERY_SOURCE (self), FALSE);

  return MD_DELIVERY_SOURCE_GET_IFACE (self)->put_back (self, item, delay_ms, counts, reason,
                                                        error);
}

gboolean
md_delivery_source_quarantine (MdDeliverySource *self, const MdDeliveryItem *item, const char *code,
                               const char *reason, GError **error)
{
  g_return_val_if_fail (MD_IS_DELIVERY_SOURCE (self), FALSE);

  return MD_DELIVERY_SOURCE_GET_IFACE (self)->quarantine (self, item, code, reason, error);
}

gboolean
md_delivery_source_has_numbers (MdDeliverySource *self)
{
  return MD_DELIVERY_SOURCE_GET_IFACE (self)->describe_numbers != NULL;
}

gboolean
md_delivery_source_describe_numbers (MdDeliverySource *self, MdNumbersRequest *out, GError **error)
{
  g_return_val_if_fail (MD_IS_DELIVERY_SOURCE (self), FALSE);

  return MD_DELIVERY_SOURCE_GET_IFACE (self)->describe_numbers (self, out, error);
}

gboolean
md_delivery_source_take_numbers (MdDeliverySource *self, const MdNumbersAnswer *answer,
                                 gboolean *out_again, GError **error)
{
  g_return_val_if_fail (MD_IS_DELIVERY_SOURCE (self), FALSE);

  return MD_DELIVERY_SOURCE_GET_IFACE (self)->take_numbers (self, answer, out_again, error);
}
