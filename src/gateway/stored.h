// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <md-ledger.h>
#include <md-protocol.h>

G_BEGIN_DECLS

/* The ledger's word upon a put as the wire says it; @error is read of MD_LEDGER_PUT_FAILED alone,
 * and told to the log. Returns: (transfer full) the problem, or NULL when the item is stored. */
MdProblem *stored_problem (MdLedgerPut put, const GError *error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
