// SPDX-License-Identifier: Apache-2.0
// 券面事項確認: what is printed on the card, signed.
#include "md-mynumber-visual.h"

#include "md-mynumber-private.h"

#define EF_FACE 0x0002
#define EF_ISSUER 0x0004

MdCardFace *
md_mynumber_card_read_face (MdMyNumberCard *self, GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (MD_IS_MYNUMBER_CARD (self), NULL);
  if (!_md_mynumber_select_file (self, MD_MYNUMBER_VISUAL, EF_FACE, cancellable, error))
    return NULL;
  g_autoptr (GBytes) file = _md_mynumber_read_measured (self, md_card_measure_face,
                                                        MD_CARD_PIN_FACE_B, cancellable, error);
  if (file == NULL)
    return NULL;
  gsize length = 0;
  const guint8 *data = g_bytes_get_data (file, &length);
  return md_card_parse_face (data, length, error);
}

gboolean
md_mynumber_card_read_face_issuer (MdMyNumberCard *self, MdCardIssuer *out_issuer,
                                   GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (MD_IS_MYNUMBER_CARD (self), FALSE);
  if (!_md_mynumber_select_file (self, MD_MYNUMBER_VISUAL, EF_ISSUER, cancellable, error))
    return FALSE;
  g_autoptr (GBytes) file = _md_mynumber_read_measured (self, md_card_measure_file,
                                                        MD_CARD_PIN_NONE, cancellable, error);
  if (file == NULL)
    return FALSE;
  gsize length = 0;
  const guint8 *data = g_bytes_get_data (file, &length);
  return md_card_parse_issuer (data, length, out_issuer, error);
}
