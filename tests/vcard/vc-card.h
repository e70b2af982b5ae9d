// SPDX-License-Identifier: Apache-2.0
#pragma once

/* The virtual card: plays the card that lies in a directory. No sockets here, so tests can hold one
 * in their hand.
 *
 * DIR/card.ini       [card] profile=mynumber|piv|unknown, atr=HEX
 *                    [pins] OBJECT=VALUE; [tries] OBJECT=N (tries left, where a card does not start
 * with all of them) [quirks] see below DIR/state.ini      written by the card: tries left and
 * changed PINs; outlives power and process DIR/AP-EF.ef       contents of a transparent EF, filler
 * included: jpki-000A.ef text-0001.ef visual-0002.ef ... DIR/AP-EF.rec      record 1 of a record
 * EF: common-0001.rec DIR/isd-TAG.do     GET DATA object of the issuer security domain: isd-00F0.do
 * DIR/AP-EF.key      private key, PEM: jpki-0017.key
 * DIR/piv-TAG.do     PIV data object with its outer tag: piv-5FC105.do; DIR/piv-SLOT.key:
 * piv-9C.key A file that is not there makes the card answer 6A82, as a card without that EF does.
 *
 * Quirks: lock_sw=6983 (6984 otherwise), lock_empty (an empty VERIFY of a locked PIN answers
 * lock_sw instead of 63C0), eof_6282 (end of file is told by 6282), first_6f00 (the first command
 * after power-on fails), text_prefix (two bytes before the FF20 of TEXT 0002), verified_9000 (an
 * empty VERIFY after a right one answers 9000 instead of 63Cx), short_only (extended APDUs answer
 * 6700), sticky_warm_reset (a warm reset keeps verified PINs), reselect_clears (selecting the
 * current application again forgets verified PINs), sign_delay_ms=N (time that a signature takes),
 * ecdsa_plain (an ECDSA signature as r and s side by side instead of DER), jpki_only (no other
 * application, as in a phone).
 */

#include <glib.h>

G_BEGIN_DECLS

typedef struct _VcCard VcCard;

typedef enum
{
  VC_ERROR_DIRECTORY, /* the directory does not hold a card */
  VC_ERROR_SYNTAX,    /* a fault or a command that cannot be understood */
  VC_ERROR_SOCKET,    /* a socket cannot be made or used */
} VcError;

#define VC_ERROR (vc_error_quark ())
GQuark vc_error_quark (void);

/* Takes the card out of DIR; errors: VC_ERROR_DIRECTORY, and those of GFileError and GKeyFileError.
 */
VcCard *vc_card_new (const char *dir, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void vc_card_free (VcCard *card);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (VcCard, vc_card_free)

/* The directory as given. Borrowed. */
const char *vc_card_get_directory (VcCard *card);

/* Answer to reset. Borrowed. */
GBytes *vc_card_get_atr (VcCard *card);

/* Power lost or given: every application state is gone. */
void vc_card_power (VcCard *card);

/* Warm reset. */
void vc_card_reset (VcCard *card);

/* For tests that let thousands of things happen to one card: from here on its directory is left
 * alone, and restoring gives it back what was found there, and takes its power. */
void vc_card_keep_in_memory (VcCard *card);
void vc_card_restore (VcCard *card);

/* Tries left of a PIN that starts with MAX, by its name in card.ini: jpki-0018. */
guint vc_card_get_tries (VcCard *card, const char *object, guint max);
void vc_card_set_tries (VcCard *card, const char *object, guint tries);

/* How many PINs stand verified. */
guint vc_card_count_verified (VcCard *card);

/* One command APDU in, one response APDU (at least two bytes) out. OUT_DELAY_MS, if not NULL, tells
 * how long a real card would take. Caller owns the result. */
GBytes *vc_card_transmit (VcCard *card, const guint8 *apdu, gsize size,
                          guint *out_delay_ms) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
