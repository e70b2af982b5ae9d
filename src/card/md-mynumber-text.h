// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_CARD_INSIDE) && !defined(MD_CARD_COMPILATION)
#error "include <md-card.h>, not this file"
#endif

#include "md-card-files.h"
#include "md-mynumber-card.h"

G_BEGIN_DECLS

// 券面事項入力補助 (the text application). What opens what on the real card:
//   number (EF 0001)      MD_CARD_PIN_TEXT or MD_CARD_PIN_TEXT_A
//   attributes (EF 0002)  MD_CARD_PIN_TEXT or MD_CARD_PIN_TEXT_B
//   integrity (EF 0003)   either of them (sources disagree about B; a card that does not let B
//                         read it answers PIN_NEEDED)
//   issuer (EF 0004)      nothing

// The individual number as it stands on the card: twelve digits, the check digit not yet checked
// (that is src/identity). (transfer full)
MdSecret *md_mynumber_card_read_number (MdMyNumberCard *self, GCancellable *cancellable,
                                        GError **error) G_GNUC_WARN_UNUSED_RESULT;

// 氏名, 住所, 生年月日, 性別. (transfer full)
MdCardAttributes *md_mynumber_card_read_attributes (MdMyNumberCard *self, GCancellable *cancellable,
                                                    GError **error) G_GNUC_WARN_UNUSED_RESULT;

// The card's own signed record of the two.
gboolean md_mynumber_card_read_integrity (MdMyNumberCard *self, MdCardIntegrity *out_record,
                                          GCancellable *cancellable,
                                          GError **error) G_GNUC_WARN_UNUSED_RESULT;

// Whether what was read fits that record. Its signature is src/identity's business
// (md-card-origin.h).
typedef enum
{
  MD_CARD_INTEGRITY_FITS,
  MD_CARD_INTEGRITY_DIFFERS,
} MdCardIntegrityCheck;

// Compares RECORD with the number read before by this object (if any) and ATTRIBUTES (nullable).
// Digests over the file with and without its filler, and over the attributes with and without the
// outer header, are both taken: sources know one card each.
MdCardIntegrityCheck
md_mynumber_card_compare_integrity (MdMyNumberCard *self, const MdCardIntegrity *record,
                                    const MdCardAttributes *attributes) G_GNUC_WARN_UNUSED_RESULT;

// Both in one. FALSE with ERROR only when the record could not be read.
gboolean md_mynumber_card_check_integrity (MdMyNumberCard *self, const MdCardAttributes *attributes,
                                           MdCardIntegrityCheck *out_check,
                                           GCancellable *cancellable,
                                           GError **error) G_GNUC_WARN_UNUSED_RESULT;

// The card-verifiable certificate of the key that signed the record; no PIN.
gboolean md_mynumber_card_read_text_issuer (MdMyNumberCard *self, MdCardIssuer *out_issuer,
                                            GCancellable *cancellable,
                                            GError **error) G_GNUC_WARN_UNUSED_RESULT;

// What this very card makes of CHALLENGE (any bytes) by a key of its own that needs no PIN and
// never leaves it (内部認証): RSA, so the same for the same challenge, and nothing that holds a
// copy of what can be read of the card can make it. One source alone tells of it (as of the whole
// of that key): a card that has no such key, or keeps it, says so (UNSUPPORTED, NO_DATA,
// PIN_NEEDED, PROTOCOL), and FAILED is one that cannot. Changes nothing on the card. (transfer
// full)
GBytes *md_mynumber_card_answer_challenge (MdMyNumberCard *self, const guint8 *challenge,
                                           gsize length, GCancellable *cancellable,
                                           GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
