// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_INTAKE_INSIDE) && !defined(MD_INTAKE_COMPILATION)
#error "Include <md-intake.h>."
#endif

#include <md-base.h>
#include <md-identity.h>
#include "md-desk.h"

G_BEGIN_DECLS

#define MD_TYPE_INTAKE (md_intake_get_type ())
/* One application at the counter.
 *
 * Properties (read-only, notified): "step" i (MdIntakeStep), "wait" i (MdIntakeWait), "sentence" s
 * (what it waits for, for the large line), "busy" b, "can-advance" b, "can-go-back" b, "trouble"
 * MdTrouble or NULL, "form" MdForm, "data" MdFormData (NULL before a procedure is chosen), "person"
 * MdPerson (never NULL), "checks" GListModel of MdCheck, "warnings" GListModel of MdTrouble (goes
 * on, but look), "comparison" GListModel of MdComparison (step confirm: what the form says
 * otherwise than the card, each with its reason; empty when all is the same), "letter" GListModel
 * of MdCheck (step confirm: what the letter of delegation allows now that it is filed by or
 * changes, and what would be left of it; empty when there is none), "expiry" MdTrouble (the one of
 * them that says that card or certificate ends soon; NULL), "tries-text" i, "tries-auth" i
 * (MD_CARD_TRIES_UNKNOWN, _NONE), "last-try" b (one of them is 1: ask the resident first, then pass
 * its bit), "uncounted" b (the card does not tell one of them: the same), "tries-front" i,
 * "tries-back" i (as these, for what is printed on the card), "takes-number" b (the individual
 * number is asked for, and this clerk may handle it), "needs-text-pin" b, "pin-pad" b (the PINs are
 * typed at the reader's own keypad), "by-signature" b (the password of the signature certificate
 * stands in for the authentication PIN), "tries-sign" i (of it), "unfit-pad" b (the reader has a
 * keypad, and it has no letters), "receipt-number" s, "receipt-time" s (from the moment it is
 * reserved; for the slip only in step done), "can-suspend" b, "left-out" s (of an intake that was
 * suspended: labels of what has to be entered again, one a line; NULL or empty: nothing),
 * "unkept" MdTrouble (what was typed is not being kept for a crash, why, and what to do; NULL),
 * "replaces-number" s (of the returned application that this one takes up again, or NULL), "online"
 * b (delivered at once, or waits in the queue), "away" i (MdIntakeAway; unless NOT nothing of the
 * person may be on the screen, whatever it waits for, and nothing is: "data" is covered, "person"
 * empty), "away-left" u (seconds until what was read from the card is erased).
 *
 * Signal "pins-used": the card has taken all that was typed; nobody needs it any more, whatever
 * comes of the rest.
 *
 * The primary act of each step: procedure: md_intake_choose_async(); identify:
 * md_intake_acknowledge_notice(), then md_intake_identify_async(), then md_intake_advance();
 * content: md_intake_advance(); confirm: md_intake_submit_async(); done: md_intake_next_person().
 */
G_DECLARE_FINAL_TYPE (MdIntake, md_intake, MD, INTAKE, GObject)

MdIntakeStep md_intake_get_step (MdIntake *self);
MdIntakeWait md_intake_get_wait (MdIntake *self);
const char *md_intake_get_sentence (MdIntake *self);
gboolean md_intake_get_can_advance (MdIntake *self);
gboolean md_intake_get_can_go_back (MdIntake *self);
MdIntakeAway md_intake_get_away (MdIntake *self);
MdTrouble *md_intake_get_trouble (MdIntake *self);
MdForm *md_intake_get_form (MdIntake *self);
MdFormData *md_intake_get_data (MdIntake *self);
MdPerson *md_intake_get_person (MdIntake *self);
GListModel *md_intake_get_checks (MdIntake *self);
GListModel *md_intake_get_warnings (MdIntake *self);
const char *md_intake_get_receipt_number (MdIntake *self);
/* The UUID that was reserved for it, NULL before; nothing personal. Borrowed. */
const char *md_intake_get_id (MdIntake *self);

/* Reserves an intake of this procedure. Choosing the same one again keeps everything; another one
 * gives the number up and asks for the card again (its proof is bound to the procedure), but keeps
 * what was typed into common fields. */
void md_intake_choose_async (MdIntake *self, MdForm *form, GCancellable *cancellable,
                             GAsyncReadyCallback callback, gpointer user_data);
gboolean md_intake_choose_finish (MdIntake *self, GAsyncResult *result, GError **error);

/* The purpose of use was explained and agreed to; only then may the card be read or a number typed.
 */
void md_intake_acknowledge_notice (MdIntake *self);

/* The resident's PINs: 4 digits of 券面事項入力補助 and of 利用者証明用, or "by-signature" in its
 * place the password of 署名用, as it was typed. text_pin may be NULL when "needs-text-pin" is
 * FALSE; both are NULL when they are typed at the reader's keypad ("pin-pad"): then "sentence" says
 * which one it waits for. Each is presented once. CONFIRMED: the MD_IDENTIFY_CONFIRMS() of those
 * whose last try the resident wants, and MD_IDENTIFY_CONFIRMS_AGAIN() of those that are certain
 * although the card may have refused them before. Returns when the flow has ended; TRUE: wait is
 * NOTHING, the person is identified (perhaps deferred). */
void md_intake_identify_async (MdIntake *self, MdSecret *text_pin, MdSecret *key_pin,
                               guint confirmed, GCancellable *cancellable,
                               GAsyncReadyCallback callback, gpointer user_data);
gboolean md_intake_identify_finish (MdIntake *self, GAsyncResult *result, GError **error);

/* By the signature certificate (署名用電子証明書) and its password, where the procedure accepts it
 * ("jpki-sign" in the policy). A card that cannot do it says so in "trouble", and nothing was
 * typed; a card whose PINs do not work comes to it by itself where there is no other way. */
gboolean md_intake_get_can_use_signature (MdIntake *self);
/* FALSE: back to the PINs, where "by-signature" is left by choice. */
void md_intake_use_signature (MdIntake *self, gboolean by_signature);

/* Without a PIN, where the card has none or the resident cannot type it, and the procedure accepts
 * it ("card-face" in the policy): offered in MD_WAIT_PIN; a card without PINs comes to
 * MD_WAIT_FACE_ENTRY by itself. */
gboolean md_intake_get_can_use_face (MdIntake *self);
/* Where the trouble sends the clerk to another way of identification ("other-way"): a sentence that
 * names those offered now, or says that none is left. NULL otherwise. Transfer full. */
char *md_intake_dup_other_ways (MdIntake *self) G_GNUC_WARN_UNUSED_RESULT;
/* Back to the PINs, where they work. */
gboolean md_intake_get_can_use_pin (MdIntake *self);
void md_intake_use_face (MdIntake *self, gboolean by_face);

/* Opens the card's face with what is printed on the card: FRONT is 照合番号B
 * (md_reference_b_assemble()), BACK 照合番号A, the individual number; one of them may be NULL.
 * Presented once, with tries that are counted. TRUE: the face is genuine and can be compared
 * (MD_WAIT_FACE). MD_CARD_ERROR_PIN_LAST_TRY or _SENT_BEFORE unless its bit is among CONFIRMED,
 * nothing presented. */
void md_intake_open_face_async (MdIntake *self, MdSecret *front, MdSecret *back, guint confirmed,
                                GCancellable *cancellable, GAsyncReadyCallback callback,
                                gpointer user_data);
gboolean md_intake_open_face_finish (MdIntake *self, GAsyncResult *result, GError **error);

/* In MD_WAIT_FACE: the card's pictures (borrowed; gone with the answer, the card, the lock), and
 * its last day in words, or NULL (caller owns). */
MdPicture *md_intake_get_picture (MdIntake *self, MdCardImage which);
char *md_intake_dup_card_expiry (MdIntake *self) G_GNUC_WARN_UNUSED_RESULT;

/* What the clerk saw; it is recorded. TRUE: the person is identified. FALSE: "trouble" says what to
 * do. */
gboolean md_intake_answer_face (MdIntake *self, MdFaceAnswer answer);

/* For this person the keys on the screen, though the reader has some of its own. */
void md_intake_use_screen_keys (MdIntake *self);

/* identify -> content -> confirm. Validates on leaving content. FALSE: it stays, "wait" and
 * "trouble" or the findings say why. */
gboolean md_intake_advance (MdIntake *self);
/* One step back; nothing is lost. */
gboolean md_intake_go_back (MdIntake *self);

/* Seals, has the staff card sign (its PIN, 6 to 8 digits), hands the container to the service;
 * TRUE: step done, it survives anything from here. After RETRY the sealed container is kept and
 * handed in again as it is; staff_pin may then be NULL, and where it is typed at the reader's
 * keypad (md-staff-pin.h). */
void md_intake_submit_async (MdIntake *self, MdSecret *staff_pin, GCancellable *cancellable,
                             GAsyncReadyCallback callback, gpointer user_data);
gboolean md_intake_submit_finish (MdIntake *self, GAsyncResult *result, GError **error);

/* 中断: seals what was typed, and which papers were handed in, to the clerk's own card, hands it to
 * the service, and empties everything as md_intake_next_person(). It waits among
 * md_desk_get_drafts(). No PIN. FALSE: "trouble" says why, and nothing has changed. */
gboolean md_intake_get_can_suspend (MdIntake *self);
void md_intake_suspend_async (MdIntake *self, GCancellable *cancellable,
                              GAsyncReadyCallback callback, gpointer user_data);
gboolean md_intake_suspend_finish (MdIntake *self, GAsyncResult *result, GError **error);

/* 次の方へ: overwrites and empties everything and starts again at step procedure; before done it
 * gives the number up. */
void md_intake_next_person (MdIntake *self);
/* Whether nothing of a person is left in it (the self-test of next_person). */
gboolean md_intake_is_empty (MdIntake *self);
/* TRUE when something was left of what a card said as it was to be erased the last time: it had
 * been away for too long, or nobody worked. Said once of each time. */
gboolean md_intake_take_not_erased (MdIntake *self);

G_END_DECLS
