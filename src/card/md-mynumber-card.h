// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_CARD_INSIDE) && !defined(MD_CARD_COMPILATION)
#error "include <md-card.h>, not this file"
#endif

#include "md-card-connection.h"
#include "md-card-pin.h"

G_BEGIN_DECLS

// The resident's card, recognised by its JPKI application and never by its ATR. Worker thread only;
// keeps the connection alive. All errors: MD_CARD_ERROR, G_IO_ERROR_CANCELLED. What it gives is in
// one header for each of its applications: md-mynumber-jpki.h, -text.h, -visual.h, -common.h.
#define MD_TYPE_MYNUMBER_CARD (md_mynumber_card_get_type ())
G_DECLARE_FINAL_TYPE (MdMyNumberCard, md_mynumber_card, MD, MYNUMBER_CARD, GObject)

typedef enum
{
  MD_CARD_VERIFY_DEFAULT = 0,
  MD_CARD_VERIFY_LAST_TRY
  = 1 << 0, // the person has confirmed: use the last try, or one that may be it
  MD_CARD_VERIFY_SENT_BEFORE
  = 1 << 1, // the same: send what this card, which cannot be told from others, may have refused
} MdCardVerifyFlags;

// Absorbs the first-command quirk, selects JPKI; UNKNOWN_CARD when the card has no such
// application. (transfer full)
MdMyNumberCard *md_mynumber_card_new (MdCardConnection *connection, GCancellable *cancellable,
                                      GError **error) G_GNUC_WARN_UNUSED_RESULT;

// That it was recognised on. (transfer none)
MdCardConnection *md_mynumber_card_get_connection (MdMyNumberCard *self);

// The applications that the card answers for, as words with commas between: JPKI, TEXT, VISUAL,
// JUKI, COMMON. Forgets every verified PIN. (transfer full)
char *md_mynumber_card_list_applications (MdMyNumberCard *self, GCancellable *cancellable,
                                          GError **error) G_GNUC_WARN_UNUSED_RESULT;

// Tries left, asked by an empty VERIFY: costs no try. OUT_TRIES: 0 = locked; MD_CARD_TRIES_UNKNOWN:
// the card does not tell. NO_DATA when the card has no such PIN.
gboolean md_mynumber_card_get_tries (MdMyNumberCard *self, MdCardPin pin, int *out_tries,
                                     GCancellable *cancellable,
                                     GError **error) G_GNUC_WARN_UNUSED_RESULT;

// Asks for the tries, and refuses as md_mynumber_card_verify() would because of them: PIN_BLOCKED,
// and without MD_CARD_VERIFY_LAST_TRY PIN_LAST_TRY and PIN_UNCOUNTED. OUT_TRIES may be NULL.
gboolean md_mynumber_card_may_verify (MdMyNumberCard *self, MdCardPin pin, MdCardVerifyFlags flags,
                                      int *out_tries, GCancellable *cancellable,
                                      GError **error) G_GNUC_WARN_UNUSED_RESULT;

// Finds out which card this is, where the connection has a memory: by the beginning of its
// authentication certificate; where none can be read, by its serial number in the common
// application or the card manager; and where it has neither, by its place on the reader, which
// tells nothing once the card was lifted. Done by md_mynumber_card_verify() if nobody did it
// before, and cheapest while the card is new: then the application is current. FALSE: the card
// could not be asked.
gboolean md_mynumber_card_recognise (MdMyNumberCard *self, GCancellable *cancellable,
                                     GError **error) G_GNUC_WARN_UNUSED_RESULT;

// Asks for the tries, then presents SECRET exactly once. Refuses before sending: PIN_FORMAT (not
// that PIN's alphabet or length), PIN_BLOCKED, PIN_LAST_TRY and PIN_UNCOUNTED (unless FLAGS),
// PIN_SAME: a SECRET that this card has refused before, as far as this object and the connection's
// memory know; digits that are printed on the card are no other than a PIN in this; and (unless
// FLAGS) PIN_SENT_BEFORE: one that it may have refused, since it cannot be told from a card that
// did. PIN_WRONG is the card's own word. All carry the tries left.
gboolean md_mynumber_card_verify (MdMyNumberCard *self, MdCardPin pin, const MdSecret *secret,
                                  MdCardVerifyFlags flags, GCancellable *cancellable,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;

// SECRET in place of the PIN that was accepted in this conversation (PIN_NEEDED: none was): one
// that its holder chooses, so AUTH, TEXT or SIGN, as md_card_pin_prepare() gives it. Sent exactly
// once. PIN_FORMAT: it cannot be that PIN, and was not sent. PROTOCOL: the card has refused it in
// so many words, and keeps the old one. Any other error may come from behind the command, FAILED
// where the answer says nothing about it: the card has one or the other.
gboolean md_mynumber_card_change (MdMyNumberCard *self, MdCardPin pin, const MdSecret *secret,
                                  GCancellable *cancellable,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
