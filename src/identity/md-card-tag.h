// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_IDENTITY_INSIDE) && !defined(MD_IDENTITY_COMPILATION)
#error "include <md-identity.h>, not this file"
#endif

#include "md-identity-proof.h"
#include <md-pcsc.h>

G_BEGIN_DECLS

// A card known again, without a PIN, by two things: HMAC-SHA-256 over its authentication
// certificate, or where it has none over its serial number, which anybody can read and copy; and
// the same over what the card makes of a challenge by a key that never leaves it, which no copy
// can make. Under a key that is made for one intake and goes with it, as the challenge is, so that
// the tag tells whether a card that was lifted is the same, and nothing else. A card that has no
// such key has only the first.

// (transfer full) 32 fresh bytes in the pages of a secret.
GBytes *md_card_tag_make_key (void) G_GNUC_WARN_UNUSED_RESULT;

// Of the card that gave PROOF, where the proof has what is needed; NULL: the card has to be asked.
// Without the second part, for which the card has to be asked in any case. (transfer full)
char *md_card_tag_of_proof (GBytes *key, const MdIdentityProof *proof) G_GNUC_WARN_UNUSED_RESULT;

// Whether TAG, the card's own, says more of the card that has given KNOWN (or NULL: of nobody yet)
// than that.
gboolean md_card_tag_completes (const char *tag, const char *known);

// Asks the card. KNOWN: what is known of the one that was lifted, of which the same is asked: it is
// that one if the tags are equal. NULL: everything that it can be known by; a challenge counts only
// where it is answered twice in the same way. NO_DATA: it has nothing to be known by. Blocks; any
// thread. MD_CARD_ERROR, G_IO_ERROR_CANCELLED. (transfer full)
char *md_card_tag_ask (GBytes *key, const char *known, MdCardConnection *connection,
                       GCancellable *cancellable, GError **error) G_GNUC_WARN_UNUSED_RESULT;

// The same of the card that lies on READER now. Main thread.
void md_card_tag_ask_async (GBytes *key, const char *known, MdPcsc *pcsc, MdCardReader *reader,
                            GCancellable *cancellable, GAsyncReadyCallback callback,
                            gpointer user_data);
char *md_card_tag_ask_finish (GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
