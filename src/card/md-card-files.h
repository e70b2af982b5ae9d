// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_CARD_INSIDE) && !defined(MD_CARD_COMPILATION)
#error "include <md-card.h>, not this file"
#endif

#include "md-card-error.h"
#include <md-base.h>

G_BEGIN_DECLS

// Pure functions from bytes to values: no I/O, no state, safe for any input (fuzzed by tests/fuzz).
// All fail with MD_CARD_ERROR_PROTOCOL, or NO_DATA where the file is empty.

// 氏名, 住所, 生年月日, 性別 as the card has them. Each is a secret: wiped when freed, never copied
// into a log.
#define MD_TYPE_CARD_ATTRIBUTES (md_card_attributes_get_type ())
typedef struct _MdCardAttributes MdCardAttributes;

typedef enum
{
  MD_CARD_SEX_UNKNOWN, // 0, and codes that no source explains
  MD_CARD_SEX_MALE,
  MD_CARD_SEX_FEMALE,
  MD_CARD_SEX_OTHER,          // 3
  MD_CARD_SEX_NOT_APPLICABLE, // 9
} MdCardSex;

// By the code of the text application and of the card face.
MdCardSex md_card_sex_from_code (char code);

GType md_card_attributes_get_type (void);
MdCardAttributes *md_card_attributes_ref (MdCardAttributes *self);
void md_card_attributes_unref (MdCardAttributes *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MdCardAttributes, md_card_attributes_unref)

// UTF-8, valid and without control characters (transfer none).
const char *md_card_attributes_get_name (const MdCardAttributes *self);
const char *md_card_attributes_get_address (const MdCardAttributes *self);
// YYYYMMDD, checked to be digits; "00" month or day occur where a register does not know (transfer
// none).
const char *md_card_attributes_get_birth (const MdCardAttributes *self);
MdCardSex md_card_attributes_get_sex (const MdCardAttributes *self);
// The code as the card has it (transfer none).
const char *md_card_attributes_get_sex_code (const MdCardAttributes *self);
// SHA-256 over DF22..DF25, as EF 0003 has it (d2 of the integrity record); 32 bytes (transfer
// none).
const guint8 *md_card_attributes_get_digest (const MdCardAttributes *self);
// Whether DIGEST (32 bytes) is that one, or the one over the whole FF20: one card was measured, and
// the specification is not public.
gboolean md_card_attributes_has_digest (const MdCardAttributes *self, const guint8 *digest);

// EF 0001 of the text application: 12 digits, not yet checked (that is src/identity). (transfer
// full)
MdSecret *md_card_parse_number (const guint8 *file, gsize length,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;

// EF 0002 of the text application; finds FF20 wherever it begins. (transfer full)
MdCardAttributes *md_card_parse_attributes (const guint8 *file, gsize length,
                                            GError **error) G_GNUC_WARN_UNUSED_RESULT;

// The same from values that were stored (evidence); its digest is zero. (transfer full)
MdCardAttributes *md_card_attributes_new (const char *name, const char *address, const char *birth,
                                          const char *sex) G_GNUC_WARN_UNUSED_RESULT;

// Where EF 0002 of the text application ends, from its first bytes; finds FF20 wherever it begins.
gboolean md_card_measure_attributes (const guint8 *head, gsize length,
                                     gsize *out_total) G_GNUC_WARN_UNUSED_RESULT;

// EF 0003 of the text application.
typedef struct
{
  guint8 number_digest[32];
  guint8 attributes_digest[32];
  guint8 signed_part[70]; // what the signature covers: the two digest TLVs
  guint8 signature[256];
} MdCardIntegrity;
gboolean md_card_parse_integrity (const guint8 *file, gsize length, MdCardIntegrity *out_integrity,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;

// A card-verifiable certificate (EF 0004 of the text and the visual application, and objects of the
// card manager): an authority's word that a key may sign what municipalities write into cards. No
// names in it, no dates.
typedef struct
{
  guint8 authority[16]; // key identifiers: seven digits that say whose, and what no source explains
  guint8 holder[16];
  guint8 signed_part[297]; // what the signature covers: both identifiers and the key
  guint8 exponent[3];      // of the certified RSA key
  guint8 modulus[256];
  guint8 signature[256];
} MdCardIssuer;

// With or without its outer 7F21: the file has it, GET DATA leaves it out.
gboolean md_card_parse_issuer (const guint8 *file, gsize length, MdCardIssuer *out_issuer,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;

// The DER certificate at the start of a padded file. (transfer full)
GBytes *md_card_parse_certificate (const guint8 *file, gsize length,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;

// Where a BER TLV of one-byte or two-byte tag says its file ends, from its first bytes: header plus
// value. FALSE when these are not the first bytes of a TLV that fits MD_CARD_FILE_MAX.
gboolean md_card_measure_file (const guint8 *head, gsize length,
                               gsize *out_total) G_GNUC_WARN_UNUSED_RESULT;

// EF 0006 of the JPKI application.
typedef enum
{
  MD_TOKEN_UNKNOWN,
  MD_TOKEN_CARD,     // JPKIAPICCTOKEN2
  MD_TOKEN_OLD_CARD, // JPKIAPICCTOKEN (住基カード)
  MD_TOKEN_ANDROID,  // JPKIAPGPSETOKEN
  MD_TOKEN_IPHONE,   // JPKIAPIOSTOKEN
} MdTokenKind;
MdTokenKind md_card_parse_token_label (const guint8 *file, gsize length, char **out_label);

// EF 0008 of the JPKI application.
gboolean md_card_parse_certificate_flags (const guint8 *file, gsize length,
                                          gboolean *out_sign_present, gboolean *out_auth_present);

// Record 1 of EF 0001 of the common application. Its serial number names one card of one person for
// good: it is for programs that issue and renew cards. This terminal needs to know until when the
// card is valid, and keeps no serial number: of a card without a certificate it is worked into
// digests under keys of this process (md-card-memory.h; md-card-tag.h of src/identity), and wiped.
typedef struct
{
  char serial[16];
  char municipality[6];
  char expiry[9]; // YYYYMMDD
} MdCardCommon;
gboolean md_card_parse_common (const guint8 *record, gsize length, MdCardCommon *out_common,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;

// The certificate inside a PIV data object (53 { 70 certificate, 71 info, FE }). (transfer full)
GBytes *md_card_parse_piv_certificate (const guint8 *object, gsize length,
                                       GError **error) G_GNUC_WARN_UNUSED_RESULT;

// The value of TAG (82) inside a PIV dynamic authentication template (7C). (transfer full)
GBytes *md_card_parse_piv_response (const guint8 *template, gsize length,
                                    GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
