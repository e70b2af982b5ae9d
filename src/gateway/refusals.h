// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "admission.h"

G_BEGIN_DECLS

/* Writes a refusal into the audit chain, and keeps it where @peer has a name: @what is "PUT:intake"
 * and the like, @intake, @code and @digest as MdLedgerRefusal has them (nullable but for @code). */
void refusals_note (const Office *office, const Peer *peer, const char *what, const char *intake,
                    const char *code, const char *digest);

/* Prints what is kept in the store at @address, the latest first, one in a line: time of the last,
 * terminal, what was sent, why it was not taken, how often, intake, digest, and whether the item is
 * in the store; parted by tabs, "-" for nothing. */
gboolean refusals_print (const char *address, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
