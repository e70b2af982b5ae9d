// SPDX-License-Identifier: Apache-2.0
#pragma once

#ifndef MD_SEAL_COMPILATION
#error "Private to src/seal"
#endif

#include "md-decision.h"

/** decision00N.json, deterministic. MALFORMED when a field is missing or impossible. (transfer
 * full) */
GBytes *md_decision_encode (const MdDecision *self, GError **error);
