// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <md-protocol.h>
#include <md-seal.h>
#include "admission.h"
#include "office.h"

G_BEGIN_DECLS

/* Letters of delegation (委任状): what was accepted is in the decision that approved it. */

/* Whether the letter that MANIFEST names (or none) was accepted in this office, or changed last, by
 * that very decision, and covers the procedure on the day on which the intake counts as filed. That
 * the decision holds still, the store finds out. Of whom it is, is sealed. Returns: (transfer full)
 * the problem, or NULL. */
MdProblem *letters_check_intake (const Office *office,
                                 const MdManifest *manifest) G_GNUC_WARN_UNUSED_RESULT;

/* Whether a decision says what a letter allows exactly when it approves one, or a change of one,
 * for no longer than POLICY lets it hold; and a change, nothing that may not be changed. Returns:
 * as above. */
MdProblem *letters_check_decision (const Office *office, MdPolicy *policy,
                                   const MdManifest *manifest,
                                   const MdDecision *decision) G_GNUC_WARN_UNUSED_RESULT;

/* What the accepted letter of the receipt number @number allows now, for a terminal that may cite
 * it: an answer to whoever is registered, so each is recorded, and nobody gets many
 * (LETTERS_AN_HOUR).
 * *@out_body: (transfer full). Returns: as above. */
#define LETTERS_AN_HOUR 30u
MdProblem *letters_tell (const Office *office, const Peer *peer, const char *number,
                         GBytes **out_body) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
