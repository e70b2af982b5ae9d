// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_CARD_INSIDE) && !defined(MD_CARD_COMPILATION)
#error "include <md-card.h>, not this file"
#endif

#include "md-card-types.h"
#include <gio/gio.h>

G_BEGIN_DECLS

// Every code is a decision for the caller; md-card-text.h has the words for it.
typedef enum
{
  MD_CARD_ERROR_NO_SERVICE,    // the card service (pcscd) does not run
  MD_CARD_ERROR_NOT_INSTALLED, // there is no card service on this machine
  MD_CARD_ERROR_SERVICE_LOST,  // it stopped, or was started anew, while it was being used
  MD_CARD_ERROR_NO_PERMISSION, // the card service refuses this user
  MD_CARD_ERROR_NO_READER,     // no such reader, or it was unplugged
  MD_CARD_ERROR_NO_CARD,       // the reader is empty
  MD_CARD_ERROR_REMOVED,       // the card left while we talked to it, or was swapped
  MD_CARD_ERROR_MUTE,          // something lies on the reader and does not answer
  MD_CARD_ERROR_BUSY,          // another program holds the card
  MD_CARD_ERROR_TIMEOUT,       // the card or the reader took too long
  MD_CARD_ERROR_UNKNOWN_CARD,  // a card, but not one of the expected kind
  MD_CARD_ERROR_WRONG_CARD,    // the other kind: a staff card here, a My Number card there
  MD_CARD_ERROR_PIN_WRONG,     // with the tries left
  MD_CARD_ERROR_PIN_SAME,      // refused to present: this card refused the same PIN before
  MD_CARD_ERROR_PIN_LAST_TRY,  // refused to present: one try left and not confirmed
  MD_CARD_ERROR_PIN_UNCOUNTED, // refused to present: the card does not tell the tries left, and not
                               // confirmed
  MD_CARD_ERROR_PIN_BLOCKED,   // no tries left
  MD_CARD_ERROR_PIN_FORMAT,    // refused to present: this cannot be that PIN
  MD_CARD_ERROR_PIN_NEEDED,    // the card asks for a PIN that was not given
  MD_CARD_ERROR_NO_DATA,       // the card has no such file, certificate or key
  MD_CARD_ERROR_PROTOCOL,      // the card answered what no card of this kind answers
  MD_CARD_ERROR_UNSUPPORTED,   // the card or the reader cannot do this
  MD_CARD_ERROR_PAD_CANCELLED, // cancel was pressed at the reader's keypad
  MD_CARD_ERROR_PAD_TIMEOUT,   // nobody entered the PIN at the reader's keypad
  MD_CARD_ERROR_PAD_FAILED,    // the reader's keypad does not do what it says; the card has no try
                               // less
  MD_CARD_ERROR_PAD_WAITING,   // given up here, but the reader still waits at its keypad, and sends
                               // what is typed there to the card
  MD_CARD_ERROR_STOPPED, // given up here while a PIN was on its way to the card; before that and
                         // after it, giving up is G_IO_ERROR_CANCELLED
  MD_CARD_ERROR_FAILED,  // the reader failed in another way
  MD_CARD_ERROR_NOT_REGISTERED,  // the office has not registered this reader for this terminal
  MD_CARD_ERROR_PIN_SENT_BEFORE, // refused to present: a card that this one cannot be told from has
                                 // refused the same PIN before, and not confirmed
} MdCardError;

// Which PIN an error is about.
typedef enum
{
  MD_CARD_PIN_NONE,
  MD_CARD_PIN_AUTH,   // 利用者証明用電子証明書: 4 digits, 3 tries
  MD_CARD_PIN_TEXT,   // 券面事項入力補助用: 4 digits, 3 tries
  MD_CARD_PIN_SIGN,   // 署名用電子証明書: 6 to 16 of A-Z and 0-9, 5 tries
  MD_CARD_PIN_TEXT_A, // 照合番号A of 券面事項入力補助: the individual number, 10 tries
  MD_CARD_PIN_TEXT_B, // 照合番号B of 券面事項入力補助: 14 digits (md-card-reference.h), 10 tries
  MD_CARD_PIN_FACE_A, // the same two of 券面事項確認, with tries of their own
  MD_CARD_PIN_FACE_B,
  MD_CARD_PIN_STAFF, // the officer's card
} MdCardPin;

// The GError domain of this module.
#define MD_CARD_ERROR (md_card_error_quark ())
GQuark md_card_error_quark (void);

// Sets an error of our domain with the standard sentence for CODE.
void md_card_error_set (GError **error, MdCardError code);

// The same about a PIN. TRIES is MD_CARD_TRIES_UNKNOWN where it means nothing.
void md_card_error_set_pin (GError **error, MdCardError code, MdCardPin pin, int tries);

// As above, with a technical detail for the help desk (never personal, never a PIN).
void md_card_error_set_detail (GError **error, MdCardError code, const char *detail_format, ...)
    G_GNUC_PRINTF (3, 4);

// Attaches the name of the program that probably holds the card to an error of code BUSY.
void md_card_error_set_holder (GError *error, const char *holder);

// PIN had gone out when *ERROR happened, and no answer tells what became of it: the card may have
// counted a wrong one. G_IO_ERROR_CANCELLED, which can say no such thing, becomes STOPPED; other
// errors of another domain are left as they are.
void md_card_error_set_unanswered (GError **error, MdCardPin pin);

// Whether that is so. FALSE of an error of any other domain.
gboolean md_card_error_is_unanswered (const GError *error);

// The tries left that travelled with the error, or MD_CARD_TRIES_UNKNOWN. This and the next three
// take errors of any domain.
int md_card_error_get_tries (const GError *error);

// The PIN the error is about.
MdCardPin md_card_error_get_pin (const GError *error);

// The technical detail that travelled with the error, or NULL (transfer none).
const char *md_card_error_get_detail (const GError *error);

// The program that probably holds the card, or NULL (transfer none).
const char *md_card_error_get_holder (const GError *error);

// A stable word for logs and --json: "removed", "pin-wrong", ...
const char *md_card_error_nick (MdCardError code);

G_END_DECLS
