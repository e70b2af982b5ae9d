// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <md-protocol.h>
#include "office.h"
#include "peer.h"

G_BEGIN_DECLS

/* Whether there is a policy in force and it serves @peer: it lists the terminal, and the key with
 * which the terminal has just proven itself, and its certificate has not ended since. Asked for
 * every request, so that a key taken out of the policy is of no use from the next request on.
 * Returns: (transfer full) the problem, or NULL.
 */
MdProblem *admit_peer (const Office *office, const Peer *peer) G_GNUC_WARN_UNUSED_RESULT;

/* Whether the item is stored already: then *@out_entry is what is known of it with the digest of
 * @body, so that the ledger can say whether it is the same, and nothing else needs to be checked
 * again; else *@out_entry is NULL. Returns: (transfer full) the problem (another terminal's item),
 * or NULL. */
MdProblem *admit_known (const Office *office, const Peer *peer, const MdTarget *target,
                        GBytes *body, MdLedgerEntry **out_entry) G_GNUC_WARN_UNUSED_RESULT;

/* Checks everything about a container or a decision that can be known without an opening key, and
 * fills @out_entry. Nothing is stored. Returns: (transfer full) the problem, or NULL when it may be
 * stored. */
MdProblem *admit_intake (const Office *office, const Peer *peer, const MdTarget *target,
                         GBytes *body, MdLedgerEntry **out_entry) G_GNUC_WARN_UNUSED_RESULT;
MdProblem *admit_decision (const Office *office, const Peer *peer, const MdTarget *target,
                           GBytes *body, MdLedgerEntry **out_entry) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
