// SPDX-License-Identifier: Apache-2.0
// 共通カード and the card manager: which card this is, who issued it, until when.
#include "md-mynumber-common.h"

#include "md-card-status.h"
#include "md-mynumber-private.h"

#include <string.h>

#define EF_CARD 0x0001
#define TAG_CARD 0x0045 // the card's own number, as GlobalPlatform has it
#define TAG_MUNICIPALITY 0x00f0
#define TAG_EXPIRY 0x00f2

gboolean
md_mynumber_card_read_common (MdMyNumberCard *self, MdCardCommon *out_common,
                              GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (MD_IS_MYNUMBER_CARD (self), FALSE);
  if (!_md_mynumber_select_file (self, MD_MYNUMBER_COMMON, EF_CARD, cancellable, error))
    return FALSE;
  g_autoptr (GBytes) record = _md_mynumber_read_record (self, cancellable, error);
  if (record == NULL)
    return FALSE;
  gsize length = 0;
  const guint8 *data = g_bytes_get_data (record, &length);
  return md_card_parse_common (data, length, out_common, error);
}

// GET DATA of the current application. (transfer full)
static GBytes *
get_object (MdMyNumberCard *self, guint16 tag, GCancellable *cancellable, GError **error)
{
  MdCommand get
      = { .ins = 0xca, .p1 = (guint8)(tag >> 8), .p2 = (guint8)(tag & 0xff), .expected = 256 };
  return md_card_send_reading (self->connection, &get, MD_CARD_PIN_NONE, cancellable, error);
}

// The same of an object that is exactly SIZE ASCII digits.
static gboolean
get_digits (MdMyNumberCard *self, guint16 tag, gsize size, char *out_digits,
            GCancellable *cancellable, GError **error)
{
  g_autoptr (GBytes) answer = get_object (self, tag, cancellable, error);
  if (answer == NULL)
    return FALSE;
  gsize length = 0;
  const char *data = g_bytes_get_data (answer, &length);
  g_autofree char *text = g_strndup (length > 0 ? data : "", length);
  if (!md_digits_is (text, size))
    {
      md_card_error_set_detail (error, MD_CARD_ERROR_PROTOCOL,
                                "object %04x is not %" G_GSIZE_FORMAT " digits", tag, size);
      return FALSE;
    }
  memcpy (out_digits, text, size + 1);
  return TRUE;
}

gboolean
md_mynumber_card_read_manager (MdMyNumberCard *self, MdCardCommon *out_common,
                               GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (MD_IS_MYNUMBER_CARD (self), FALSE);
  MdCardCommon common = { 0 };
  if (!_md_mynumber_select (self, MD_MYNUMBER_MANAGER, cancellable, error)
      || !get_digits (self, TAG_MUNICIPALITY, 5, common.municipality, cancellable, error)
      || !get_digits (self, TAG_EXPIRY, 8, common.expiry, cancellable, error))
    return FALSE;
  *out_common = common;
  return TRUE;
}

static char *
name_by (MdMyNumberCard *self, const char *kind, const guint8 *data, gsize length, GError **error)
{
  if (!_md_mynumber_is_blank (data, length))
    return md_card_memory_name (md_card_connection_get_memory (self->connection), kind, data,
                                length);
  md_card_error_set_detail (error, MD_CARD_ERROR_NO_DATA, "an empty %s", kind);
  return NULL;
}

char *
_md_mynumber_name_serial (MdMyNumberCard *self, GCancellable *cancellable, GError **error)
{
  MdCardCommon common = { 0 };
  if (!md_mynumber_card_read_common (self, &common, cancellable, error))
    return NULL;
  char *name
      = name_by (self, "serial", (const guint8 *)common.serial, strlen (common.serial), error);
  md_wipe (&common, sizeof common);
  return name;
}

char *
_md_mynumber_name_manager (MdMyNumberCard *self, GCancellable *cancellable, GError **error)
{
  if (!_md_mynumber_select (self, MD_MYNUMBER_MANAGER, cancellable, error))
    return NULL;
  g_autoptr (GBytes) number = get_object (self, TAG_CARD, cancellable, error);
  if (number == NULL)
    return NULL;
  gsize length = 0;
  const guint8 *data = g_bytes_get_data (number, &length);
  return name_by (self, "card number", data, length, error);
}

// DATE some months earlier; the last day of the month where that one has no such day.
static void
take_months (const MdDate *date, guint months, MdDate *out_date)
{
  guint month = date->year * 12u + date->month - 1u;
  month -= MIN (months, month);
  *out_date = (MdDate){ .year = (guint16)(month / 12),
                        .month = (guint8)(month % 12 + 1),
                        .day = date->day };
  while (out_date->day > 28 && !md_date_is_valid (out_date))
    out_date->day--;
}

MdCardExpiry
md_card_expiry_judge (const char *expiry, const MdDate *today, guint months)
{
  MdDate last;
  MdDate before;
  if (expiry == NULL || !md_date_parse_compact (expiry, &last, NULL))
    return MD_CARD_EXPIRY_UNKNOWN;
  if (md_date_compare (&last, today) < 0)
    return MD_CARD_EXPIRY_PAST;
  take_months (&last, months, &before);
  return md_date_compare (today, &before) > 0 ? MD_CARD_EXPIRY_SOON : MD_CARD_EXPIRY_FAR;
}
