// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_IDENTITY_INSIDE) && !defined(MD_IDENTITY_COMPILATION)
#error "include <md-identity.h>, not this file"
#endif

#include "md-card-origin.h"
#include "md-identify-request.h"
#include "md-identity-proof.h"
#include <md-pcsc.h>

G_BEGIN_DECLS

typedef enum
{
  MD_IDENTITY_STEP_RECOGNISE,
  MD_IDENTITY_STEP_TRIES,
  MD_IDENTITY_STEP_ATTRIBUTES,
  MD_IDENTITY_STEP_NUMBER,
  MD_IDENTITY_STEP_CERTIFICATE,
  MD_IDENTITY_STEP_PATH,
  MD_IDENTITY_STEP_SIGN,
  MD_IDENTITY_STEP_VERIFY,
  MD_IDENTITY_STEP_REVOCATION, // asked while the card signs; the card may be taken away before it
                               // ends
  MD_IDENTITY_STEP_PAD_TEXT,   // the reader's keypad waits for the PIN of the text application
  MD_IDENTITY_STEP_PAD_AUTH,   // the reader's keypad waits for the authentication PIN
  MD_IDENTITY_STEP_FACE,       // the card's face is read, and who signed it
} MdIdentityStep;

typedef enum
{
  MD_IDENTITY_STEP_STARTED,
  MD_IDENTITY_STEP_PASSED,
  MD_IDENTITY_STEP_DEFERRED,
  MD_IDENTITY_STEP_REFUSED, // a verdict that stops
  MD_IDENTITY_STEP_SKIPPED,
} MdIdentityStepState;

// What can be known before any PIN is typed.
typedef struct
{
  MdTokenKind token;
  char *label;
  int tries_auth; // 0: locked; MD_CARD_TRIES_UNKNOWN: the card does not tell; MD_CARD_TRIES_NONE:
                  // it has no such PIN
  int tries_text;
  int tries_sign;
  int tries_front; // of 照合番号B and A for the card's face; only where they were asked for
  int tries_back;
  gboolean has_auth_certificate;
  gboolean has_sign_certificate;
  gboolean has_pin_pad; // both PINs of four digits can be typed at the reader's keypad
} MdCardInspection;

// The way in which this card can identify its holder.
typedef enum
{
  MD_CARD_WAY_PIN,   // the PIN of the user-authentication certificate
  MD_CARD_WAY_FACE,  // what is printed on it: the photograph is compared with the person
                     // (MD_CARD_FLOW_FACE). Locked PINs, no certificate, 顔認証 cards
  MD_CARD_WAY_OTHER, // none: another document. A phone has no face
} MdCardWay;

MdCardWay md_card_inspection_get_way (const MdCardInspection *self);

// Whether a phone holds the keys. It proves that its holder knows a PIN and has a certificate, and
// gives nothing else: no name, no address, no individual number, no face.
gboolean md_card_inspection_is_phone (const MdCardInspection *self);

// Whether this looks like a 顔認証 card: every PIN locked, and no signature certificate. It was
// issued so; nobody typed anything wrong. (A child has no such certificate either, and may have
// locked the two PINs of four digits.)
gboolean md_card_inspection_is_face_card (const MdCardInspection *self);

void md_card_inspection_free (MdCardInspection *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MdCardInspection, md_card_inspection_free)

// The identification flow, once configured used for every resident. Main thread only, except the
// two sync calls.
//   signal "step" (MdIdentityStep step, MdIdentityStepState state), in the main context
#define MD_TYPE_IDENTIFIER (md_identifier_get_type ())
G_DECLARE_FINAL_TYPE (MdIdentifier, md_identifier, MD, IDENTIFIER, GObject)

// TRUST has the profile MD_TRUST_PROFILE_JPKI_AUTH. (transfer full)
MdIdentifier *md_identifier_new (MdTrust *trust, MdRevocation *revocation,
                                 MdClock *clock) G_GNUC_WARN_UNUSED_RESULT;

// From here on this one is asked, as when newer lists have come; what is under way keeps the one it
// began with.
void md_identifier_set_revocation (MdIdentifier *self, MdRevocation *revocation);

// TRUST has the profile MD_TRUST_PROFILE_JPKI_SIGN: requests by the signature certificate are
// judged by it. Without it every such certificate is of the wrong kind.
void md_identifier_set_signature_trust (MdIdentifier *self, MdTrust *trust);

// From here on the signature of the card's integrity record is followed up to one of AUTHORITIES:
// what none of them vouches for is MD_IDENTITY_BAD_DATA. NULL or empty, as at the start: only the
// record's digests are compared, since nothing here could tell whose signature it is.
void md_identifier_set_card_authorities (MdIdentifier *self, MdCardAuthorities *authorities);

// Recognises the card and asks for the tries left. EVENTS as in MdCardJob. MD_CARD_ERROR,
// G_IO_ERROR_CANCELLED.
void md_identifier_inspect_async (MdIdentifier *self, MdPcsc *pcsc, MdCardReader *reader,
                                  GCancellable *cancellable, GAsyncReadyCallback callback,
                                  gpointer user_data);
MdCardInspection *md_identifier_inspect_finish (MdIdentifier *self, GAsyncResult *result,
                                                GError **error) G_GNUC_WARN_UNUSED_RESULT;

// The same, and the tries left of what is printed on the card.
void md_identifier_inspect_printed_async (MdIdentifier *self, MdPcsc *pcsc, MdCardReader *reader,
                                          GCancellable *cancellable, GAsyncReadyCallback callback,
                                          gpointer user_data);

// The whole flow with the card that lies there now. A proof whatever the verdict; MD_CARD_ERROR
// when the card could not be asked to the end. Every request presents each PIN at most once; a PIN
// that this card has refused is not sent again. By the face, the proof awaits the clerk's answer
// (md-identity-face.h) unless the card itself did not pass.
void md_identifier_identify_async (MdIdentifier *self, MdPcsc *pcsc, MdCardReader *reader,
                                   const MdIdentifyRequest *request, GCancellable *cancellable,
                                   GAsyncReadyCallback callback, gpointer user_data);
MdIdentityProof *md_identifier_identify_finish (MdIdentifier *self, GAsyncResult *result,
                                                GError **error) G_GNUC_WARN_UNUSED_RESULT;

// The same two, blocking, on a connection the caller has (tools, tests; any thread). "step" is not
// emitted.

MdCardInspection *md_identifier_inspect (MdCardConnection *connection, GCancellable *cancellable,
                                         GError **error) G_GNUC_WARN_UNUSED_RESULT;
MdIdentityProof *md_identifier_identify (MdIdentifier *self, MdCardConnection *connection,
                                         const MdIdentifyRequest *request,
                                         GCancellable *cancellable,
                                         GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
