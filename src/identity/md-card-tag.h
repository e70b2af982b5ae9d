// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_IDENTITY_INSIDE) && !defined(MD_IDENTITY_COMPILATION)
#error "include <md-identity.h>, not this file"
#endif

#include "md-identity-proof.h"
#include <md-pcsc.h>

G_BEGIN_DECLS

// A card known again, without a PIN: HMAC-SHA-256 over its authentication certificate, or where it
// has none over its serial number, in hexadecimal. Under a key that is made for one intake and goes
// with it, so that the tag tells whether a card that was lifted is the same, and nothing else.

// (transfer full) 32 fresh bytes in the pages of a secret.
GBytes *md_card_tag_make_key (void) G_GNUC_WARN_UNUSED_RESULT;

// Of the card that gave PROOF, where the proof has what is needed; NULL: the card has to be asked.
// (transfer full)
char *md_card_tag_of_proof (GBytes *key, const MdIdentityProof *proof) G_GNUC_WARN_UNUSED_RESULT;

// Asks the card. NO_DATA: it has nothing to be known by. Blocks; any thread. MD_CARD_ERROR,
// G_IO_ERROR_CANCELLED. (transfer full)
char *md_card_tag_ask (GBytes *key, MdCardConnection *connection, GCancellable *cancellable,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;

// The same of the card that lies on READER now. Main thread.
void md_card_tag_ask_async (GBytes *key, MdPcsc *pcsc, MdCardReader *reader,
                            GCancellable *cancellable, GAsyncReadyCallback callback,
                            gpointer user_data);
char *md_card_tag_ask_finish (GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
