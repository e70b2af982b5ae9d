// SPDX-License-Identifier: Apache-2.0
// 券面事項確認: what is printed on the card, signed.
#include "md-mynumber-visual.h"

#include "md-mynumber-private.h"

static const MdMyNumberFile face
    = { MD_MYNUMBER_VISUAL, 0x0002, MD_CARD_PIN_FACE_B, md_card_measure_face, 0 };

MdCardFace *
md_mynumber_card_read_face (MdMyNumberCard *self, GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (MD_IS_MYNUMBER_CARD (self), NULL);
  gsize length = 0;
  g_autoptr (GBytes) file = _md_mynumber_read_file (self, &face, cancellable, error);
  const guint8 *data = file != NULL ? g_bytes_get_data (file, &length) : NULL;
  return file != NULL ? md_card_parse_face (data, length, error) : NULL;
}

gboolean
md_mynumber_card_read_face_issuer (MdMyNumberCard *self, MdCardIssuer *out_issuer,
                                   GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (MD_IS_MYNUMBER_CARD (self), FALSE);
  return _md_mynumber_read_issuer (self, MD_MYNUMBER_VISUAL, out_issuer, cancellable, error);
}
