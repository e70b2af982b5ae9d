// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_CARD_INSIDE) && !defined(MD_CARD_COMPILATION)
#error "include <md-card.h>, not this file"
#endif

#include "md-card-face.h"
#include "md-mynumber-card.h"

G_BEGIN_DECLS

// 券面事項確認 (the visual application). It knows no PIN that a person remembers: it opens with
// what is printed on the card, so it is also the way of the 顔認証 card and of every locked PIN.
//   card face (EF 0002)   MD_CARD_PIN_FACE_B (the front of the card) or MD_CARD_PIN_FACE_A (its
//                         back)
//   issuer (EF 0004)      nothing

// Photograph, pictures of name and address, birth, sex, and their signature; and the expiry, for
// which nobody has signed. Nothing of it shows that this is the card it was written to: it can be
// copied. The picture of the security code that lies behind them is left unread where the card says
// where it begins. (transfer full)
MdCardFace *md_mynumber_card_read_face (MdMyNumberCard *self, GCancellable *cancellable,
                                        GError **error) G_GNUC_WARN_UNUSED_RESULT;

// The card-verifiable certificate of the key that signed it; nothing is asked for.
gboolean md_mynumber_card_read_face_issuer (MdMyNumberCard *self, MdCardIssuer *out_issuer,
                                            GCancellable *cancellable,
                                            GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
