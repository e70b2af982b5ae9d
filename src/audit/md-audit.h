// SPDX-License-Identifier: Apache-2.0
/* audit: the hash-chained log, checkpoints, search, verification.
 *
 * A record is appended inside the transaction of the change it tells of, so that neither exists
 * without the other. A flood of refusals becomes a few records and a number
 * (md_audit_gate_admit()). A record's hash covers a fixed, length-prefixed binary form and the hash
 * before (md_audit_record_hash()). */
#pragma once

#define MD_AUDIT_INSIDE
#include "md-audit-record.h"
#include "md-audit-log.h"
#include "md-audit-gate.h"
#undef MD_AUDIT_INSIDE
