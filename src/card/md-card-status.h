// SPDX-License-Identifier: Apache-2.0
// Private to src/card: from status words to decisions, and the commands both cards share.
#pragma once

#ifndef MD_CARD_COMPILATION
#error "md-card-status.h is private to src/card"
#endif

#include "md-card-connection.h"
#include "md-card-error.h"

G_BEGIN_DECLS

// Sets the error that SW stands for where success was expected, of a command that does not present
// a PIN: no word of it is a judgement of one. PIN says which PIN the command needs.
void md_card_error_from_sw (GError **error, guint16 sw, MdCardPin pin);

// The same of VERIFY, which alone may say that a PIN is wrong or locked. That it needs a PIN is no
// answer of its own.
void md_card_error_from_verify (GError **error, guint16 sw, MdCardPin pin);

// Sends and demands 9000. (transfer full)
GBytes *md_card_send_expecting_ok (MdCardConnection *connection, const MdCommand *command,
                                   MdCardPin pin, GCancellable *cancellable,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;

// The same for what reads: 6282, the end of a file, is as good, more than was asked for is no
// answer, and a card that refuses to give a long answer is asked for a short one. (transfer full)
GBytes *md_card_send_reading (MdCardConnection *connection, const MdCommand *command, MdCardPin pin,
                              GCancellable *cancellable, GError **error) G_GNUC_WARN_UNUSED_RESULT;

// SELECT by DF name. OUT_SW gets the answer; FALSE only for a transport failure.
gboolean md_card_select_application (MdCardConnection *connection, const guint8 *aid, gsize length,
                                     guint16 *out_sw, GCancellable *cancellable,
                                     GError **error) G_GNUC_WARN_UNUSED_RESULT;

// SELECT of PIV, as SP 800-73 wants it. OUT_SW as above.
gboolean md_card_select_piv (MdCardConnection *connection, guint16 *out_sw,
                             GCancellable *cancellable, GError **error) G_GNUC_WARN_UNUSED_RESULT;

// Empty VERIFY of the current reference. OUT_TRIES: tries left, 0 when locked, VERIFIED where the
// card says that the PIN stands verified, MD_CARD_TRIES_UNKNOWN where it does not tell. VERIFIED is
// the maximum only after this conversation has seen the PIN accepted, else MD_CARD_TRIES_HIDDEN:
// somebody's entry before this conversation stands, and the count behind it.
#define MD_CARD_TRIES_HIDDEN (-100)
gboolean md_card_ask_tries (MdCardConnection *connection, MdCardPin pin, int verified,
                            int *out_tries, GCancellable *cancellable,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;

// A PIN on its way to a card.
typedef struct
{
  MdCardPin pin;
  const char *card;       // tells this card from others, for the connection's memory; NULL: none
  gboolean nameless;      // CARD may not tell it from all others
  gboolean again;         // confirmed: also where this card may have refused it before
  const MdSecret *secret; // as the person typed it
  const MdSecret *data;   // as it goes to the card
  int tries;              // that are left, as just asked; may be unknown
} MdPresentation;

// One VERIFY, sent at most once, and not at all where the memory knows that this card has refused
// the PIN before (PIN_SAME with the tries left), or may have (PIN_SENT_BEFORE, unless AGAIN).
gboolean md_card_present_pin (MdCardConnection *connection, const MdPresentation *presentation,
                              GCancellable *cancellable, GError **error) G_GNUC_WARN_UNUSED_RESULT;

// "reader#events": which card this is while it lies there. (transfer full)
char *md_card_name_by_place (MdCardConnection *connection);

// Whether a PIN with TRIES left may be presented; sets PIN_BLOCKED, or unless CONFIRMED
// PIN_LAST_TRY or PIN_UNCOUNTED.
gboolean md_card_may_present (MdCardPin pin, int tries, gboolean confirmed,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;

extern const guint8 md_card_aid_jpki[10];
extern const guint8 md_card_aid_text[10];
extern const guint8 md_card_aid_visual[10];
extern const guint8 md_card_aid_juki[10];
extern const guint8 md_card_aid_common[10];
extern const guint8 md_card_aid_manager[7];

G_END_DECLS
