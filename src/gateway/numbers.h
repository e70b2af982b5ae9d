// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <md-protocol.h>
#include <md-seal.h>
#include "admission.h"
#include "office.h"

G_BEGIN_DECLS

/* Receipt numbers. The policy says which numbers a terminal may ever have (its serial, and a
 * range), the gateway gives it blocks of them; the store sees to it that none is given twice. */

/* Whether the receipt number of an intake begins with its terminal's serial under POLICY; what else
 * is to be known of it goes into ENTRY, for the store to judge. Returns: (transfer full) the
 * problem, or NULL. */
MdProblem *numbers_check_intake (MdPolicy *policy, const MdManifest *manifest,
                                 MdLedgerEntry *entry) G_GNUC_WARN_UNUSED_RESULT;

/* The answer to what a terminal says of its numbers (@body); without room only where nothing is to
 * be written for it. *@out_body: (transfer full). Returns: as above. */
MdProblem *numbers_tell (Office *office, const Peer *peer, GBytes *body,
                         GBytes **out_body) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
