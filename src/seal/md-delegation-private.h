// SPDX-License-Identifier: Apache-2.0
#pragma once

#ifndef MD_SEAL_COMPILATION
#error "Private to src/seal"
#endif

#include "md-delegation.h"
#include "md-seal-record-private.h"

/* The member "delegation" of a decision. */

/** Whether everything is there and possible. */
gboolean md_delegation_is_right (const MdDelegation *self);
void md_delegation_write (JsonBuilder *builder, const MdDelegation *self);
/** NULL, and failure of @json, when it is not of the form. (transfer full) */
MdDelegation *md_delegation_read (MdSealJson *json);
