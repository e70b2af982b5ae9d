// SPDX-License-Identifier: Apache-2.0
// 券面事項入力補助: the individual number, the four attributes, the record that binds them.
#include "md-mynumber-text.h"

#include "md-card-profile.h"
#include "md-card-status.h"
#include "md-mynumber-private.h"

#include <openssl/sha.h>
#include <string.h>

#define NUMBER_FILE_SIZE 17 // the TLV of 15 bytes and two of filler

static const MdMyNumberFile number_file
    = { MD_MYNUMBER_TEXT, 0x0001, MD_CARD_PIN_TEXT, md_card_measure_file, NUMBER_FILE_SIZE };
static const MdMyNumberFile attributes_file
    = { MD_MYNUMBER_TEXT, 0x0002, MD_CARD_PIN_TEXT, md_card_measure_attributes, 0 };
static const MdMyNumberFile integrity_file
    = { MD_MYNUMBER_TEXT, 0x0003, MD_CARD_PIN_TEXT, md_card_measure_file, 0 };

MdSecret *
md_mynumber_card_read_number (MdMyNumberCard *self, GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (MD_IS_MYNUMBER_CARD (self), NULL);
  g_autoptr (GBytes) file = _md_mynumber_read_file (self, &number_file, cancellable, error);
  if (file == NULL)
    return NULL;
  gsize length = 0;
  const guint8 *data = g_bytes_get_data (file, &length);
  g_autoptr (MdSecret) number = md_card_parse_number (data, length, error);
  if (number == NULL)
    return NULL;
  SHA256 (data, length, self->number_digest[0]);
  SHA256 (data, MIN (length, NUMBER_FILE_SIZE - 2), self->number_digest[1]);
  self->has_number_digest = TRUE;
  return g_steal_pointer (&number);
}

MdCardAttributes *
md_mynumber_card_read_attributes (MdMyNumberCard *self, GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (MD_IS_MYNUMBER_CARD (self), NULL);
  gsize length = 0;
  g_autoptr (GBytes) file = _md_mynumber_read_file (self, &attributes_file, cancellable, error);
  const guint8 *data = file != NULL ? g_bytes_get_data (file, &length) : NULL;
  return file != NULL ? md_card_parse_attributes (data, length, error) : NULL;
}

gboolean
md_mynumber_card_read_integrity (MdMyNumberCard *self, MdCardIntegrity *out_record,
                                 GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (MD_IS_MYNUMBER_CARD (self), FALSE);
  gsize length = 0;
  g_autoptr (GBytes) file = _md_mynumber_read_file (self, &integrity_file, cancellable, error);
  const guint8 *data = file != NULL ? g_bytes_get_data (file, &length) : NULL;
  return file != NULL && md_card_parse_integrity (data, length, out_record, error);
}

MdCardIntegrityCheck
md_mynumber_card_compare_integrity (MdMyNumberCard *self, const MdCardIntegrity *record,
                                    const MdCardAttributes *attributes)
{
  g_return_val_if_fail (MD_IS_MYNUMBER_CARD (self), MD_CARD_INTEGRITY_DIFFERS);
  gboolean number_fits = !self->has_number_digest
                         || memcmp (record->number_digest, self->number_digest[0], 32) == 0
                         || memcmp (record->number_digest, self->number_digest[1], 32) == 0;
  gboolean attributes_fit
      = attributes == NULL || md_card_attributes_has_digest (attributes, record->attributes_digest);
  return number_fits && attributes_fit ? MD_CARD_INTEGRITY_FITS : MD_CARD_INTEGRITY_DIFFERS;
}

gboolean
md_mynumber_card_check_integrity (MdMyNumberCard *self, const MdCardAttributes *attributes,
                                  MdCardIntegrityCheck *out_check, GCancellable *cancellable,
                                  GError **error)
{
  MdCardIntegrity record;
  if (!md_mynumber_card_read_integrity (self, &record, cancellable, error))
    return FALSE;
  *out_check = md_mynumber_card_compare_integrity (self, &record, attributes);
  return TRUE;
}

gboolean
md_mynumber_card_read_text_issuer (MdMyNumberCard *self, MdCardIssuer *out_issuer,
                                   GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (MD_IS_MYNUMBER_CARD (self), FALSE);
  return _md_mynumber_read_issuer (self, MD_MYNUMBER_TEXT, out_issuer, cancellable, error);
}

GBytes *
md_mynumber_card_answer_challenge (MdMyNumberCard *self, const guint8 *challenge, gsize length,
                                   GCancellable *cancellable, GError **error)
{
  static const MdMyNumberKey own = { 0x00, MD_CARD_PIN_NONE }; // the application's; no file
  guint8 digest[SHA256_DIGEST_LENGTH];
  const MdCardProfile *profile = md_card_profile_find ("rsa-2048");
  g_return_val_if_fail (MD_IS_MYNUMBER_CARD (self) && challenge != NULL, NULL);
  SHA256 (challenge, length, digest);
  if (!_md_mynumber_select (self, MD_MYNUMBER_TEXT, cancellable, error))
    return NULL;
  return _md_mynumber_compute (self, profile, &own, digest, cancellable, error);
}
