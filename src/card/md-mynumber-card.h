// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_CARD_INSIDE) && !defined(MD_CARD_COMPILATION)
#error "include <md-card.h>, not this file"
#endif

#include "md-card-connection.h"
#include "md-card-files.h"

G_BEGIN_DECLS

// The resident's card, recognised by its JPKI application and never by its ATR. Worker thread only;
// keeps the connection alive. All errors: MD_CARD_ERROR, G_IO_ERROR_CANCELLED.
#define MD_TYPE_MYNUMBER_CARD (md_mynumber_card_get_type ())
G_DECLARE_FINAL_TYPE (MdMyNumberCard, md_mynumber_card, MD, MYNUMBER_CARD, GObject)

typedef enum
{
  MD_CARD_VERIFY_DEFAULT = 0,
  MD_CARD_VERIFY_LAST_TRY = 1 << 0, // the person has confirmed: use the last try
} MdCardVerifyFlags;

// Absorbs the first-command quirk, selects JPKI; UNKNOWN_CARD when the card has no such
// application. (transfer full)
MdMyNumberCard *md_mynumber_card_new (MdCardConnection *connection, GCancellable *cancellable,
                                      GError **error) G_GNUC_WARN_UNUSED_RESULT;

MdCardConnection *md_mynumber_card_get_connection (MdMyNumberCard *self);

// The applications that the card answers for, as words with commas between: JPKI, TEXT, VISUAL,
// JUKI, COMMON. Forgets every verified PIN. (transfer full)
char *md_mynumber_card_list_applications (MdMyNumberCard *self, GCancellable *cancellable,
                                          GError **error) G_GNUC_WARN_UNUSED_RESULT;

// What holds the keys: a card, an Android phone, an iPhone; OUT_LABEL may be NULL.
gboolean md_mynumber_card_read_token (MdMyNumberCard *self, MdTokenKind *out_kind, char **out_label,
                                      GCancellable *cancellable,
                                      GError **error) G_GNUC_WARN_UNUSED_RESULT;

// Tries left, asked by an empty VERIFY: costs no try. 0 = locked; negative = failed, ERROR is set.
int md_mynumber_card_get_tries (MdMyNumberCard *self, MdCardPin pin, GCancellable *cancellable,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;

// Asks for the tries, then presents SECRET exactly once. Refuses before sending: PIN_FORMAT (not
// that PIN's alphabet or length), PIN_BLOCKED, PIN_LAST_TRY (unless FLAGS), and a SECRET that this
// object has already seen refused (PIN_WRONG). PIN_WRONG carries the tries left.
gboolean md_mynumber_card_verify (MdMyNumberCard *self, MdCardPin pin, const MdSecret *secret,
                                  MdCardVerifyFlags flags, GCancellable *cancellable,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;

// Could SECRET be such a PIN at all? Costs nothing.
gboolean md_mynumber_card_pin_is_plausible (MdCardPin pin, const MdSecret *secret);

// EF 0001 and 0002 of the text application, after MD_CARD_PIN_TEXT. (transfer full)
MdSecret *md_mynumber_card_read_number (MdMyNumberCard *self, GCancellable *cancellable,
                                        GError **error) G_GNUC_WARN_UNUSED_RESULT;
MdCardAttributes *md_mynumber_card_read_attributes (MdMyNumberCard *self, GCancellable *cancellable,
                                                    GError **error) G_GNUC_WARN_UNUSED_RESULT;

// Whether what was read fits the card's own record of it (EF 0003). Its signature needs the CV
// root, which is not public: not checked here.
typedef enum
{
  MD_CARD_INTEGRITY_FITS,
  MD_CARD_INTEGRITY_DIFFERS,
} MdCardIntegrityCheck;

// Reads EF 0003 and compares it with the number read before by this object (if any) and ATTRIBUTES
// (nullable). FALSE with ERROR only when the record could not be read.
gboolean md_mynumber_card_check_integrity (MdMyNumberCard *self, const MdCardAttributes *attributes,
                                           MdCardIntegrityCheck *out_check,
                                           GCancellable *cancellable,
                                           GError **error) G_GNUC_WARN_UNUSED_RESULT;

typedef enum
{
  MD_CARD_CERTIFICATE_AUTH,    // EF 000A, no PIN
  MD_CARD_CERTIFICATE_AUTH_CA, // EF 000B, no PIN
  MD_CARD_CERTIFICATE_SIGN,    // EF 0001, after MD_CARD_PIN_SIGN
  MD_CARD_CERTIFICATE_SIGN_CA, // EF 0002, no PIN
} MdCardCertificate;

// DER, in 2 SELECT (1 when the application is current) and ceil (length / 256) READ BINARY.
// (transfer full)
GBytes *md_mynumber_card_read_certificate (MdMyNumberCard *self, MdCardCertificate which,
                                           GCancellable *cancellable,
                                           GError **error) G_GNUC_WARN_UNUSED_RESULT;

// EF 0008: which certificates the card says it has.
gboolean md_mynumber_card_read_flags (MdMyNumberCard *self, gboolean *out_sign_present,
                                      gboolean *out_auth_present, GCancellable *cancellable,
                                      GError **error) G_GNUC_WARN_UNUSED_RESULT;

// PKCS#1 v1.5 signature with the user-authentication key over a SHA-256 digest, after
// MD_CARD_PIN_AUTH. (transfer full)
GBytes *md_mynumber_card_sign_auth (MdMyNumberCard *self, const guint8 digest[32],
                                    GCancellable *cancellable,
                                    GError **error) G_GNUC_WARN_UNUSED_RESULT;

// The same with the signature key, after MD_CARD_PIN_SIGN. (transfer full)
GBytes *md_mynumber_card_sign_document (MdMyNumberCard *self, const guint8 digest[32],
                                        GCancellable *cancellable,
                                        GError **error) G_GNUC_WARN_UNUSED_RESULT;

// Card serial, municipality and expiry from the common application; no PIN.
gboolean md_mynumber_card_read_common (MdMyNumberCard *self, MdCardCommon *out_common,
                                       GCancellable *cancellable,
                                       GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
