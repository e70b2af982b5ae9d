// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_CARD_INSIDE) && !defined(MD_CARD_COMPILATION)
#error "include <md-card.h>, not this file"
#endif

#include "md-card-files.h"
#include "md-card-profile.h"
#include "md-mynumber-card.h"

G_BEGIN_DECLS

// 公的個人認証 (the JPKI application): two certificates with their keys.

// What holds the keys: a card, an Android phone, an iPhone; OUT_LABEL may be NULL.
gboolean md_mynumber_card_read_token (MdMyNumberCard *self, MdTokenKind *out_kind, char **out_label,
                                      GCancellable *cancellable,
                                      GError **error) G_GNUC_WARN_UNUSED_RESULT;

// EF 0008: which certificates the card says it has. NO_DATA on a card without this file.
gboolean md_mynumber_card_read_flags (MdMyNumberCard *self, gboolean *out_sign_present,
                                      gboolean *out_auth_present, GCancellable *cancellable,
                                      GError **error) G_GNUC_WARN_UNUSED_RESULT;

typedef enum
{
  MD_CARD_CERTIFICATE_AUTH,    // EF 000A, no PIN
  MD_CARD_CERTIFICATE_AUTH_CA, // EF 000B, no PIN
  MD_CARD_CERTIFICATE_SIGN,    // EF 0001, after MD_CARD_PIN_SIGN: it holds name and address
  MD_CARD_CERTIFICATE_SIGN_CA, // EF 0002, no PIN; on some cards after MD_CARD_PIN_SIGN: PIN_NEEDED
} MdCardCertificate;

// DER, in 2 SELECT (1 when the application is current) and ceil (length / 256) READ BINARY, or 2
// where card and reader offer extended length; one less for AUTH where its beginning was read to
// know the card again (md_mynumber_card_verify()). (transfer full)
GBytes *md_mynumber_card_read_certificate (MdMyNumberCard *self, MdCardCertificate which,
                                           GCancellable *cancellable,
                                           GError **error) G_GNUC_WARN_UNUSED_RESULT;

typedef enum
{
  MD_CARD_KEY_AUTH, // 利用者証明用, after MD_CARD_PIN_AUTH
  MD_CARD_KEY_SIGN, // 署名用, after MD_CARD_PIN_SIGN
} MdCardKey;

// A signature over DIGEST, which has PROFILE's size; the profile is that of the key's certificate
// (md-card-profile.h). RSA: PKCS#1 v1.5; ECDSA: DER. (transfer full)
GBytes *md_mynumber_card_sign (MdMyNumberCard *self, MdCardKey key, const MdCardProfile *profile,
                               const guint8 *digest, GCancellable *cancellable,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
